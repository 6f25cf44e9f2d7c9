"""How late pages are on the deployed stack, on the machine's own clock: a hundred due in one minute.

Each pages another person, so that no gate holds any back. The instant that counts is when the hand-over to SMS was
confirmed, as the page's row tells it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import Page
from chalicelib.domain.team import TeamFile
from infra.bench.figures import Figure, Section, measured, quantile
from infra.bench.scene import TEAM, Scene, activate, schedules
from infra.bench.seeds import card_of, moved, seed, taken_in, told
from infra.failures import CommandError

MINUTE = timedelta(minutes=1)
BEGIN = timedelta(seconds=95)
"""Time enough for two ticks before the first row is due."""

PATIENCE = timedelta(minutes=4)

_NOTE = (
    "SQS holds messages back for whole seconds, rounded up so that nothing is early: half a second of the lateness on "
    "average. The emulator looks for held messages once a second, and runs every function on this machine."
)


def measure(scene: Scene, *, quick: bool) -> Section:
    """Let pages fall due, and see when each was handed over. Raises: CommandError when one never was."""
    count = 10 if quick else 100
    box = scene.container()
    activate(box, team_of(count))
    waiting = taken_in(scene, box, "lateness")
    team = box.teams.current()
    shown = told(waiting, team)
    begin = datetime.now(UTC) + BEGIN
    dues = [begin + MINUTE * number / count for number in range(count)]
    cases = [_case(shown, number, at, team) for number, at in enumerate(dues)]
    seed(scene, cases)
    seed(scene, map(card_of, cases))
    schedules(scene.stack, run=True)
    late = list(_handed_over(scene, cases, dues))
    schedules(scene.stack, run=False)
    figures = (
        Figure(f"pages of {count} due in one minute", len(late)),
        Figure("lateness, median", quantile(late, 0.5), "s"),
        Figure("lateness, 99th percentile", quantile(late, 0.99), "s"),
        Figure("lateness, most", max(late), "s"),
        Figure("lateness, least", min(late), "s"),
        measured("lateness", late, "s"),
    )
    return Section("lateness", "Lateness of pages on the deployed stack", figures[:-1], _NOTE)


def team_of(count: int) -> str:
    """Return the team file with so many more people, each paged by a ladder of their own."""
    return TEAM + "\n".join(_one(number) for number in range(count))


def _one(number: int) -> str:
    return f"""
[[escalation.ladder{number}]]
at = "-60%"
tell = ["#social"]
[[escalation.ladder{number}]]
at = "-33%"
page = ["person{number}"]
[people.person{number}]
phone = "+4477008{number:05d}"
reach = ["sms"]
"""


def _case(shown: Conversation, number: int, at: datetime, team: TeamFile) -> Conversation:
    """Return a conversation whose next step pages its own person at ``at``."""
    if shown.next_due_at is None:
        raise CommandError("Nothing is due for a conversation that was told of")
    by = at - shown.next_due_at
    return moved(shown, f"late{number}", by, team, escalation=f"ladder{number}")


def _handed_over(scene: Scene, cases: list[Conversation], dues: list[datetime]) -> Iterator[float]:
    """Yield by how many seconds each page was late, as soon as it was sent."""
    store = scene.container().store
    for case, due_at in zip(cases, dues, strict=True):
        while not (sent := [page.sent_at for page in store.children(Page, case.id) if page.sent_at]):
            if datetime.now(UTC) > dues[-1] + PATIENCE:
                raise CommandError(
                    f"The page due at {due_at:%H:%M:%S} was not sent by {datetime.now(UTC):%H:%M:%S}"
                )
            time.sleep(1)
        yield (sent[0] - due_at).total_seconds()
