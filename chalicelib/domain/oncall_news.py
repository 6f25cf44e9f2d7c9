"""The word to everybody whose next shift a new configuration moves: one notice, one quiet page each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from chalicelib.domain.items import Page
from chalicelib.domain.oncall_moves import Move, Span
from chalicelib.domain.pager_rows import Notice
from chalicelib.domain.pages import on_contact, quiet_contact
from chalicelib.domain.team import Channel, TeamFile
from chalicelib.domain.wallclock import zone

MOVED = "moved"
KEPT = timedelta(days=7)


def news_of(moves: Sequence[Move], team: TeamFile, version: str, now: datetime) -> list[Notice | Page]:
    """Return the rows that tell people, on Slack alone: a change of plans wakes nobody."""
    told = [
        page
        for name in dict.fromkeys(move.person for move in moves)
        for page in _word(name, moves, team, version, now)
    ]
    if not told:
        return []
    lines = tuple(move_words(move, team) for move in moves)
    headline = "The on-call schedule changed"
    notice = Notice(notice_id(version), now, headline, lines, urgent=False, expires_at=now + KEPT)
    return [notice, *told]


def notice_id(version: str) -> str:
    """Return the notice's id: one for each version."""
    return f"notice:team:{version}"


def move_words(move: Move, team: TeamFile) -> str:
    """Return one move in words, in the schedule's local time."""
    schedule = team.schedules.get(move.schedule)
    tz = "UTC" if schedule is None else schedule.tz
    was, becomes = (_span_words(span, tz) for span in (move.before, move.after))
    return f"{move.schedule}: {move.person}'s next shift moves: it was {was}, now {becomes}"


def _word(name: str, moves: Sequence[Move], team: TeamFile, version: str, now: datetime) -> Iterator[Page]:
    person = team.people.get(name)
    found = None if person is None else quiet_contact(person)
    if found is not None and found[1].channel is Channel.SLACK:
        index, contact = found
        why = "; ".join(move_words(move, team) for move in moves if move.person == name)
        page = Page(notice_id(version), 0, MOVED, 0, name, index, Channel.SLACK, now, why)
        yield on_contact(page, index, contact)


def _span_words(span: Span | None, tz: str) -> str:
    if span is None:
        return "none in 90 days"
    start, end = (at.astimezone(zone(tz)) for at in span)
    return f"{start:%a %d %b %H:%M} to {end:%a %d %b %H:%M}"
