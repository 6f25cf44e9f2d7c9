"""What people type in Slack: ``/oncall`` asks who is on call, ``/oncall take 4h`` stands in.

The answer goes out with the response itself, within Slack's three seconds; an override is saved before that.
Who is on call, and which override may be added, the domain decides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Protocol
from urllib.parse import parse_qs

from chalicelib.domain.oncall_words import read_duration
from chalicelib.domain.schedule import Shift, schedule_of, shift_at
from chalicelib.domain.team import Override, TeamFile
from chalicelib.errors import Conflict, Misconfigured, NotFound
from chalicelib.services.ports import Clock, TeamSource
from chalicelib.web.people import person_of, stranger

LONGEST = timedelta(days=14)
"""Longer cover is planned, and belongs into the team file where everybody sees it coming."""
USAGE = (
    "`/oncall` says who is on call; `/oncall SCHEDULE` says it of one schedule.\n"
    "`/oncall take 4h` puts you on call from now on; `/oncall take 1h30m SCHEDULE` on that schedule.\n"
    "`/oncall end ID` ends what was taken."
)


class Rota(TeamSource, Protocol):
    """The configuration in force, and who may stand in for whom. Each change raises: Misconfigured, NotFound, Conflict."""

    def add_override(self, asked: Override) -> Override:
        """Save an override, visible at once."""
        ...

    def end_override(self, schedule: str, override_id: str, *, by: str) -> Override:
        """End it now."""
        ...


@dataclass(frozen=True, slots=True)
class Typed:
    """One command by one Slack user: its name with its slash, and the words after it."""

    words: tuple[str, ...]
    user: str
    command: str = ""


class Commands:
    """Answers ``/oncall``."""

    def __init__(self, *, rota: Rota, clock: Clock) -> None:
        self._rota = rota
        self._clock = clock

    def answer(self, body: bytes) -> str:
        """Do what was typed and return Slack's answer: a message of JSON. Raises: Transient."""
        asked, team = typed(body), self._rota.current()
        person = person_of(team, asked.user)
        if person is None:
            return alone(escape(stranger(team, asked.user), quote=False))
        try:
            return self._done(asked.words, team, person)
        except (Conflict, Misconfigured, NotFound) as wrong:
            return alone(escape(f"{_sentence(str(wrong))} Nothing changed.", quote=False))

    def _done(self, words: Sequence[str], team: TeamFile, person: str) -> str:
        match words:
            case ():
                return alone(self._duties(team, tuple(team.schedules)))
            case ("take", length, *schedule) if len(schedule) <= 1:
                return aloud(self._taken(team, person, length, *schedule))
            case ("end", override_id):
                return aloud(self._ended(team, person, override_id))
            case (schedule,) if schedule in team.schedules:
                return alone(self._duties(team, (schedule,)))
        return alone(USAGE)

    def _duties(self, team: TeamFile, names: Sequence[str]) -> str:
        now = self._clock.now()
        found = (shift_at(team, name, now, self._rota.overrides(name)) for name in names)
        return "\n".join(map(duty_words, found)) or "The team file has no schedule."

    def _taken(self, team: TeamFile, person: str, length: str, schedule: str | None = None) -> str:
        name = schedule_of(team, schedule or next(iter(team.schedules), "")).name
        now = self._clock.now().replace(microsecond=0)
        made = self._rota.add_override(
            Override(name, now, now + _length_of(length), person, by=person),
        )
        until = _local(made.until_at)
        return f"{person} is on call for {name} until {until}. To end it: `/oncall end {made.id}`"

    def _ended(self, team: TeamFile, person: str, override_id: str) -> str:
        for name in team.schedules:
            if any(made.id == override_id for made in self._rota.overrides(name)):
                ended = self._rota.end_override(name, override_id, by=person)
                return f"{person} ended it: {ended.who} no longer stands in.\n{self._duties(team, (name,))}"
        raise NotFound(f"there is no override {override_id!r}")


def typed(body: bytes) -> Typed:
    """Return who typed what; a body that is no form is nobody's.

    Source: https://docs.slack.dev/interactivity/implementing-slash-commands.
    """
    try:
        form: Mapping[str, Sequence[str]] = parse_qs(body.decode())
    except ValueError:
        form = {}
    words, user, command = (form.get(name, ("",))[0] for name in ("text", "user_id", "command"))
    return Typed(tuple(words.split()), user, command)


def duty_words(shift: Shift) -> str:
    """Return who is on call for one schedule, why, until when, and who follows."""
    return f"*{shift.schedule}*: {shift.person} ({shift.reason}){''.join(_rest(shift))}"


def _rest(shift: Shift) -> Iterator[str]:
    if shift.until_at is not None:
        yield f" until {_local(shift.until_at)}"
    if shift.next is not None:
        yield f", then {shift.next}"


def _length_of(words: str) -> timedelta:
    """Read a duration, long enough to be meant and short enough to be typed. Raises: Misconfigured."""
    if re.fullmatch(r"(?:\d{1,5}[smhdw])+", words.lower()) is None:
        raise Misconfigured(f"{words!r} is not a duration: write a number and a unit, such as 4h or 1h30m")
    length = read_duration(words)
    if not timedelta(minutes=1) <= length <= LONGEST:
        raise Misconfigured(
            f"take between one minute and {LONGEST.days} days; longer cover goes into the team file"
        )
    return length


def _local(at: datetime) -> str:
    """Return an instant as Slack shows it to each reader in their own time zone."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at:%Y-%m-%d %H:%M} UTC>"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def alone(text: str) -> str:
    """Return an answer that only the one who asked sees."""
    return _message(text, "ephemeral")


def aloud(text: str) -> str:
    """Return an answer that the channel sees: whose duty changed is everybody's business."""
    return _message(text, "in_channel")


def _message(text: str, audience: str) -> str:
    return json.dumps({"response_type": audience, "text": text})
