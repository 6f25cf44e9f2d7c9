"""How long the question "who is on call" takes: ten layers, instants spread over five years."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from time import perf_counter

from chalicelib.domain.schedule import who
from chalicelib.domain.team import Layer, Schedule, TeamFile

LAYERS, YEARS, QUESTIONS = 10, 5, 4000
WINDOWS = (
    "daily 18:00-09:00",
    "weekdays 09:00-17:00",
    "fri 18:00 - mon 09:00",
    "sat sun",
    "daily 22:00-02:30",
)


def who_microseconds(start: datetime = datetime(2027, 1, 1, tzinfo=UTC)) -> float:
    """Return the mean time of one question, in microseconds, on a file that was read before."""
    team, instants = a_deep_schedule(), spread(start)
    who(team, "primary", start)
    began = perf_counter()
    for at in instants:
        who(team, "primary", at)
    return (perf_counter() - began) / len(instants) * 1e6


def a_deep_schedule() -> TeamFile:
    """Return a schedule whose every layer turns and has a window."""
    layers = tuple(
        Layer(
            f"layer {n}", ("ana", "ben", "nobody"), f"{n % 3 + 1} weeks", "2026-01-05 09:00", WINDOWS[n % 5]
        )
        for n in range(LAYERS)
    )
    return TeamFile(
        "bench", "Acme", schedules={"primary": Schedule("primary", "Europe/London", "lead", layers)}
    )


def spread(start: datetime) -> list[datetime]:
    """Return instants all over the horizon, the same ones each time."""
    chance = random.Random(1)  # noqa: S311  a benchmark keeps no secret
    return [start + timedelta(minutes=chance.randrange(YEARS * 365 * 1440)) for _ in range(QUESTIONS)]
