"""A team file with sensible defaults: Ana on call, Ben her backup, the lead the fallback."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.domain.team import (
    Account,
    Channel,
    Contact,
    Layer,
    Offset,
    Person,
    Policy,
    PolicyMatch,
    Schedule,
    Step,
    Team,
    TeamFile,
)

PAGE_ID = "1029384756"


def minutes(count: float) -> timedelta:
    """Return a duration."""
    return timedelta(minutes=count)


ANA = Person("ana", "+447700900001", "U01", reach=(Contact(Channel.SMS),))
BEN = Person("ben", "+447700900002", "U02", reach=(Contact(Channel.SLACK), Contact(Channel.SMS, minutes(3))))
LEAD = Person("lead", "+447700900009", "U09", reach=(Contact(Channel.SMS),))

LADDER = (
    Step(Offset(remaining=0.6), tell=("#social",)),
    Step(Offset(remaining=0.33), page=("primary",)),
    Step(Offset(delta=timedelta(0)), page=("primary", "backup")),
    Step(Offset(delta=minutes(5)), page=("lead", "primary"), repeat=minutes(10)),
)


def a_schedule(name: str = "primary", *people: str, **changes: Any) -> Schedule:
    """Return a schedule with one weekly rotation (Ana alone unless told) and the lead as fallback."""
    layer = Layer("days", people or ("ana",), "1 week", "2027-01-04 09:00")
    return replace(Schedule(name, "Europe/London", "lead", (layer,)), **changes)


def a_team(**changes: Any) -> TeamFile:
    """Return a whole team: 60 minutes to everything, tell, page, page both at the deadline, then the lead."""
    team = TeamFile(
        version="v1",
        brand="Acme Air",
        accounts={"acme-fb": Account("acme-fb", "facebook", PAGE_ID, "acme-meta", "care", "acmeair")},
        teams={"care": Team("care", "#social", "Europe/London")},
        policies=(Policy(PolicyMatch(), minutes(60), minutes(60), "default"),),
        escalation={"default": LADDER},
        people={person.name: person for person in (ANA, BEN, LEAD)},
        schedules={"primary": a_schedule(), "backup": a_schedule("backup", "ben")},
    )
    return replace(team, **changes)
