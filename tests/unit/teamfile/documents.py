"""Team files as parsed TOML for tests: a small sound one, to be spoilt one key at a time."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.domain.teamfile import Fault, examine

NOW = datetime(2027, 1, 1, tzinfo=UTC)
GB = {"GB": (date(2027, 1, 1), date(2027, 3, 26), date(2027, 12, 25))}

SOUND = """
brand = "Acme Air"
[accounts.acme-fb]
platform = "facebook"
id = "1029384756"
app = "acme-meta"
team = "care"
[teams.care]
channel = "#social"
tz = "Europe/London"
quiet = "22:00-07:00"
[[policies]]
when = {priority = "urgent"}
first = "15m"
escalation = "default"
[[policies]]
first = "60m"
next = "30m"
escalation = "default"
[hours.office]
tz = "Europe/London"
open = ["weekdays 09:00-17:30"]
closed = ["holidays GB"]
[[escalation.default]]
at = "-33%"
page = ["primary"]
[[escalation.default]]
at = "+5m"
page = ["lead", "primary"]
repeat = "10m"
[people.ana]
phone = "+447700900001"
slack = "U01"
reach = ["slack", "sms", "sms +3m"]
[people.ben]
phone = "+447700900002"
[people.lead]
phone = "+447700900009"
reach = ["sms"]
[schedules.primary]
tz = "Europe/London"
fallback = "lead"
[[schedules.primary.layers]]
name = "days"
rotate = ["ana", "ben"]
every = "1 week"
start = "2027-01-04 09:00"
[[schedules.primary.layers]]
name = "holidays"
when = "holidays GB"
rotate = ["lead"]
"""


def sound() -> dict[str, Any]:
    """Return a fresh sound document."""
    return tomllib.loads(SOUND)


def faults_of(document: dict[str, Any], *, to_deploy: bool = False) -> tuple[Fault, ...]:
    """Return everything wrong with a document."""
    return examine(document, version="v", now=NOW, holidays=GB, to_deploy=to_deploy).faults


def warnings_of(document: dict[str, Any]) -> tuple[Fault, ...]:
    """Return everything doubtful about a document that has no fault."""
    found = examine(document, version="v", now=NOW, holidays=GB)
    assert found.faults == ()
    return found.warnings
