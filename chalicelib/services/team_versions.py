"""Configuration as immutable versions: proposed, shown, activated without a deploy; and overrides made meanwhile.

A version is the file's own text with the holiday dates resolved when it was proposed, so that it always reads
the same. One pointer says which is in force, moved by optimistic lock. It decides nothing about who is on call.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain.items import ActiveConfig, ConfigVersion, Happened, OverrideBook, TimelineRow
from chalicelib.domain.oncall_moves import Move, moves
from chalicelib.domain.oncall_overrides import (
    Entry,
    addable,
    entry_of,
    override_of,
    override_words,
    remembered,
)
from chalicelib.domain.team import Override, TeamFile
from chalicelib.domain.teamfile import Fault, Faults, Findings, examine
from chalicelib.domain.teamfile.read import read_with_faults
from chalicelib.errors import Conflict, Misconfigured, NotFound
from chalicelib.services.ports import Clock, Lost, Put, Store, Write
from chalicelib.services.saving import Saving
from chalicelib.services.schedule_news import of_moves, of_stand_in

FRESH = timedelta(seconds=30)
"""How old the version in force may be when it is read from memory."""
SCHEDULE = "schedule:"
"""How the name of a schedule's timeline begins: ``python -m infra timeline schedule:primary``."""
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """A version that could be activated: what is wrong with it, and whose next shift it moves."""

    version: ConfigVersion
    findings: Findings
    moves: tuple[Move, ...]
    replaces: ActiveConfig | None

    @property
    def is_in_force(self) -> bool:
        """Tell whether it says what the version in force says."""
        return self.replaces is not None and self.replaces.version == self.version.id


class TeamVersions:
    """The team file as the installation knows it; a ``TeamSource`` for everybody who only reads."""

    def __init__(self, store: Store, saving: Saving, clock: Clock) -> None:
        self._store = store
        self._saving = saving
        self._clock = clock
        self._read: dict[str, TeamFile] = {}
        self._active: tuple[datetime, str] | None = None

    def current(self) -> TeamFile:
        """Return the version in force, at most 30 s old. Raises: NotFound before the first activation."""
        now = self._clock.now()
        if self._active is None or not timedelta(0) <= now - self._active[0] < FRESH:
            self._active = now, self._in_force().version
        return self.version(self._active[1])

    def version(self, version: str) -> TeamFile:
        """Return one version, however old; it was valid once, so today's rules no longer refuse it."""
        if version not in self._read:
            self._read[version] = _team_of(self.stored(version))
        return self._read[version]

    def stored(self, version: str | None = None) -> ConfigVersion:
        """Return a version's row, or that in force. Raises: NotFound."""
        name = version or self._in_force().version
        row = self._store.get(ConfigVersion, name)
        if row is None:
            raise NotFound(f"there is no version {name!r} of the team file")
        return row

    def overrides(self, schedule: str) -> Sequence[Override]:
        """Return the run-time overrides of a schedule, read now."""
        return _overrides_in(self._book(schedule))

    def propose(self, text: str, holidays: Mapping[str, Sequence[date]], *, by: str) -> Proposal:
        """Say what a file would change, and change nothing. Raises: Misconfigured when it is no TOML."""
        now = self._clock.now()
        version = _version_of(text, holidays, now, by)
        active = self._store.get(ActiveConfig)
        before = TeamFile("", "") if active is None else self.version(active.version)
        names = dict.fromkeys((*before.schedules, *_document(text).get("schedules", {})))
        made = [override for name in names for override in self.overrides(name)]
        dates = _dates(version)
        findings = examine(
            _document(text), version=version.id, now=now, holidays=dates, overrides=made, to_deploy=True
        )
        findings = replace(findings, faults=(*findings.faults, *self._orphaned(before, _document(text))))
        moved = () if findings.faults or active is None else moves(before, findings.team, now, made)
        return Proposal(version, findings, moved, active)

    def activate(self, proposal: Proposal) -> None:
        """Put a proposal in force and tell those whose next shift moved, in one transaction.

        Raises: Faults, or Conflict when another version was activated since it was proposed.
        """
        if proposal.findings.faults:
            raise Faults(proposal.findings.faults)
        if proposal.is_in_force:
            return
        now, version, replaces = self._clock.now(), proposal.version, proposal.replaces
        active = ActiveConfig(version.id, now, version.by, 1 if replaces is None else replaces.rev + 1)
        try:
            news = of_moves(proposal.moves, proposal.findings.team, active)
            self._saving.commit(Put(version), Put(active), *news)
        except Lost as lost:
            holder = self._in_force()
            sentence = (
                f"{holder.by} activated {holder.version} meanwhile: look at the changes again and push again"
            )
            raise Conflict(sentence, holder=holder.by) from lost
        self._active = None

    def add_override(self, asked: Override) -> Override:
        """Save an override made at run time, visible at once. Raises: Misconfigured, NotFound, Conflict."""
        for _ in range(_TRIES):
            book = self._book(asked.schedule)
            now = self._clock.now()
            team, others = self.current(), _overrides_in(book)
            made = addable(asked, team, others, now)
            told = f"{override_words(made)} (override {made.id})"
            news = of_stand_in(made, team, others, now)
            if self._saved(book, (*book.rows, entry_of(made)), _noted(book, now, made.by, told), *news):
                return made
        raise Conflict(f"overrides of {asked.schedule} are being changed by others: try again")

    def end_override(self, schedule: str, override_id: str, *, by: str) -> Override:
        """End an override now, or take it back if it has not begun. Raises: NotFound, Conflict."""
        for _ in range(_TRIES):
            book, now = self._book(schedule), self._clock.now()
            ended = next((o for o in _overrides_in(book) if o.id == override_id), None)
            if ended is None:
                raise NotFound(f"{schedule} has no run-time override {override_id!r}")
            short = replace(ended, until_at=min(now, ended.until_at))
            kept = tuple(row for row in book.rows if row[0] != override_id)
            told = f"override {override_id} ends: {override_words(ended)}"
            rows = (*kept, entry_of(short)) if short.from_at < short.until_at else kept
            if self._saved(book, rows, _noted(book, now, by, told)):
                return short
        raise Conflict(f"overrides of {schedule} are being changed by others: try again")

    def _orphaned(self, before: TeamFile, after: Mapping[str, Any]) -> Iterator[Fault]:
        """Refuse to drop a team that still has open work: nobody would check its conversations any more."""
        for name in before.teams.keys() - after.get("teams", {}).keys():
            waiting = next(self._store.open_work(name), None)
            if waiting is not None:
                wrong = f"the team is gone from the file, but {waiting[0]} still waits in its queue"
                yield Fault(f"teams.{name}", wrong, "keep the team until its queue is empty, then remove it")

    def _book(self, schedule: str) -> OverrideBook:
        return self._store.get(OverrideBook, schedule) or OverrideBook(schedule, rev=0)

    def _saved(self, book: OverrideBook, rows: tuple[Entry, ...], note: TimelineRow, *news: Write) -> bool:
        """Save, with a note of who did it, on condition that nobody changed the book since it was read."""
        kept = remembered(rows, self._clock.now())
        try:
            self._saving.commit(Put(replace(book, rev=book.rev + 1, rows=kept)), Put(note), *news)
        except Lost:
            return False
        return True

    def _in_force(self) -> ActiveConfig:
        active = self._store.get(ActiveConfig)
        if active is None:
            raise NotFound("no team file has been activated: python -m infra team push")
        return active


def _noted(book: OverrideBook, at: datetime, by: str | None, told: str) -> TimelineRow:
    """Return the line that the schedule's own timeline keeps, whatever becomes of the override."""
    story = f"{SCHEDULE}{book.schedule}"
    return TimelineRow(story, at, Happened.NOTE, f"override|{book.rev + 1}", told, by=by)


def _overrides_in(book: OverrideBook) -> tuple[Override, ...]:
    return tuple(override_of(book.schedule, row) for row in book.rows)


def _document(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise Misconfigured(f"the team file is not TOML: {fault}") from fault


def _version_of(text: str, holidays: Mapping[str, Sequence[date]], at: datetime, by: str) -> ConfigVersion:
    """Return the row; its id follows from what it says, so that the same file is the same version."""
    dates = tuple(
        (name, tuple(day.isoformat() for day in sorted(days))) for name, days in sorted(holidays.items())
    )
    said = hashlib.sha256(json.dumps([text, dates]).encode()).hexdigest()
    return ConfigVersion(said[:12], text, at, by, dates)


def _team_of(row: ConfigVersion) -> TeamFile:
    return read_with_faults(_document(row.text), version=row.id, holidays=_dates(row))[0]


def _dates(row: ConfigVersion) -> dict[str, tuple[date, ...]]:
    return {name: tuple(map(date.fromisoformat, days)) for name, days in row.holidays}
