"""The shared scenarios in which nothing but claims happens, through ``oncall simulate``; the others are the pager's."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.__main__ import main
from tests.shared import needs_shared
from tests.shared_vectors.oncall_rows import Row, cases, of_kind

pytestmark = needs_shared

DEADLINE = datetime(2027, 1, 5, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OVERRULED = {
    "deadline_steps-011": "DESIGN 5: a claim always expires, after half the promise and at most 30 minutes",
    "deadline_steps-019": "DESIGN 5: a schedule always names exactly one person, so its fallback is paged too",
}


def rehearsable(row: Row) -> bool:
    """Tell whether claims are all that happens."""
    return all(event["event"] == "claim" for event in row["events"])


def at(minute: float) -> str:
    """Return an instant so many minutes from the deadline, as the command reads it."""
    return (DEADLINE + minute * MINUTE).isoformat()


def file_of(row: Row) -> str:
    """Return the row's policy as a team file: one contact each, primary and backup as the row has them."""
    post = row["post"]
    primary = [post.get("primary_before") or post.get("primary", "primary"), post.get("primary_after")]
    backup = post.get("backup", "backup")
    people = {name for name in (*primary, backup, "lead", "fallback") if name}
    lines = [f'[people."{name}"]\nphone = "+447700900001"' for name in sorted(people)]
    lines += [
        layer("primary", primary[0] if post.get("primary_on_call", "") is not None else "nobody"),
        layer("backup", backup),
    ]
    if primary[1]:
        start = (DEADLINE + post["handoff_min"] * MINUTE).strftime("%Y-%m-%d %H:%M")
        lines.insert(
            len(people) + 1, f'[[schedules.on-primary.layers]]\nrotate = ["{primary[1]}"]\nfrom = "{start}"'
        )
    return "\n".join([*lines, *map(step, row["policy"]["steps"])])


def layer(schedule: str, person: str) -> str:
    """Return a schedule on which one person is on call."""
    head = f'[schedules.on-{schedule}]\ntz = "UTC"\nfallback = "fallback"'
    return f'{head}\n[[schedules.on-{schedule}.layers]]\nrotate = ["{person}"]'


def step(words: dict[str, Any]) -> str:
    """Return one step of the ladder."""
    told = [f'"{to.partition(":")[2]}"' for to in words["notify"] if to.startswith("slack:")]
    paged = [
        f'"{to.replace("oncall:", "on-").replace("person:", "")}"'
        for to in words["notify"]
        if not to.startswith("slack:")
    ]
    lines = ["[[escalation.default]]", f'at = "{words["at"]}"']
    lines += [f"tell = [{', '.join(told)}]"] if told else []
    lines += [f"page = [{', '.join(paged)}]"] if paged else []
    return "\n".join([*lines, *([f'repeat = "{words["repeat"]}"'] if "repeat" in words else [])])


@cases([row for row in of_kind("proposed_scenario", "deadline_steps") if rehearsable(row)], OVERRULED)
def test_exactly_what_the_scenario_says_is_heard(
    row: Row, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "team.toml"
    file.write_text(file_of(row))
    claims = [
        word for event in row["events"] for word in ("--claim", f"{at(event['t_min'])} by {event['by']}")
    ]
    asked = ["--received", at(row["post"]["received_min"]), "--deadline", at(row["post"]["deadline_min"])]
    assert main(["oncall", "simulate", "--team", str(file), *asked, *claims, "--json"]) == 0
    heard = [
        (minutes(h["at"]), h["person"] or h["channel"], h["step"])
        for h in json.loads(capsys.readouterr().out)
    ]
    expected = [(page["t_min"], page["to"], page["step"]) for page in row["expect"]["pages"]]
    assert sorted(h for h in heard if h[0] <= row["expect"]["until_min"]) == sorted(expected)


def minutes(words: str) -> float:
    """Return minutes from the deadline."""
    return (datetime.fromisoformat(words) - DEADLINE) / MINUTE
