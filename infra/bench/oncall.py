"""How long it takes to say who is on call: a schedule of ten layers, instants from five years."""

from __future__ import annotations

import random
import time
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from chalicelib.domain.schedule import who
from chalicelib.domain.team import TeamFile
from chalicelib.domain.teamfile.read import read_with_faults
from infra.bench.figures import Section, measured

LAYERS = 10
START = datetime(2027, 1, 4, tzinfo=UTC)
HORIZON = timedelta(days=5 * 365)
PEOPLE = 8
US = 1_000_000.0
WINDOWS = ("daily 18:00-09:00", "weekdays 09:00-17:00", "sat sun", "fri 18:00 - mon 09:00")
ZONES = ("Europe/London",)


def measure(*, quick: bool) -> Section:
    """Time ``who``."""
    drawn = random.Random(20270104)  # noqa: S311 - instants to ask for, no secret
    instants = [START + drawn.random() * HORIZON for _ in range(200 if quick else 5000)]
    team = ten_layers()
    first = [_taken(lambda at=at: who(ten_layers(), "primary", at)) for at in instants[:20]]  # type: ignore[misc]
    asked = [_taken(lambda at=at: who(team, "primary", at)) for at in instants]  # type: ignore[misc]
    figures = (
        measured("who, ten layers, five years", asked, "µs", scale=US),
        measured("who, the team file read anew", first, "µs", scale=US),
    )
    return Section("oncall", "Who is on call", figures)


def _taken(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def ten_layers() -> TeamFile:
    """Return a team whose schedule has ten layers, most of them with windows, rotations of different lengths."""
    return read_with_faults(tomllib.loads(team_text()), version="bench", holidays={})[0]


def team_text() -> str:
    """Return the file."""
    people = "\n".join(
        f'[people.p{number}]\nphone = "+4477009000{number:02d}"\nreach = ["sms"]' for number in range(PEOPLE)
    )
    layers = "\n".join(_layer(number) for number in range(LAYERS))
    return f'{people}\n[schedules.primary]\ntz = "Europe/London"\nfallback = "p0"\n{layers}\n'


def _layer(number: int) -> str:
    rotate = ", ".join(f'"p{(number + turn) % PEOPLE}"' for turn in range(3))
    when = f'when = "{WINDOWS[number % len(WINDOWS)]}"\n' if number else ""
    until = f'until = "20{27 + number}-01-01"\n' if number % 4 == 3 else ""  # noqa: PLR2004 - every fourth ends
    return (
        f'[[schedules.primary.layers]]\nname = "layer{number}"\n{when}{until}rotate = [{rotate}]\n'
        f'every = "{1 + number % 3} week"\nstart = "2027-01-04 09:00"\n'
    )
