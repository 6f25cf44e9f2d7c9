"""What people are told when the on-call schedule changes: notices and quiet pages, saved along with the change.

It decides nothing about who is on call, and saves nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from chalicelib.domain.items import ActiveConfig
from chalicelib.domain.oncall_moves import Move, move_words
from chalicelib.domain.oncall_overrides import relieved, stand_in_words
from chalicelib.domain.pager_rows import Notice
from chalicelib.domain.pages import quiet_contact
from chalicelib.domain.team import Channel, Override, Person, TeamFile
from chalicelib.services.notices import a_notice, pages_about
from chalicelib.services.ports import Put, Write

MOVED = "moved"
CHANGED = "The on-call schedule changed"


def of_moves(found: Sequence[Move], team: TeamFile, active: ActiveConfig) -> list[Write]:
    """Return the rows that tell everybody whose next shift a new version moves, in a quiet page each."""
    lines = [move_words(move, team) for move in found]
    name = f"team:{active.version}:{active.rev}"  # a version that comes back is news again
    why = {
        person: "; ".join(move_words(move, team) for move in found if move.person == person)
        for person in dict.fromkeys(move.person for move in found)
    }
    return _told(a_notice(name, active.at, CHANGED, lines, urgent=False), team, why)


def of_stand_in(made: Override, team: TeamFile, others: Sequence[Override], now: datetime) -> list[Write]:
    """Return the rows that tell those whom an override relieves, and who stands in; its maker knows already.

    In Slack alone: nobody is woken by a text to hear that they may sleep.
    """
    words = stand_in_words(made, team)
    concerned = dict.fromkeys((*relieved(made, team, others), made.who))
    why = {person: words for person in concerned if person != made.by and _has_slack(person, team)}
    name = f"override:{made.schedule}:{made.id}:{now:%Y%m%d%H%M%S}"  # made again after it was taken back: news again
    return _told(a_notice(name, now, CHANGED, [words], urgent=False), team, why)


def _has_slack(name: str, team: TeamFile) -> bool:
    found = quiet_contact(team.people[name]) if name in team.people else None
    return found is not None and found[1].channel is Channel.SLACK


def _told(notice: Notice, team: TeamFile, why: dict[str, str]) -> list[Write]:
    people: Iterable[Person] = (team.people[name] for name in why if name in team.people)
    pages = [page for one in people for page in pages_about(one, notice, step=MOVED, why=why[one.name])]
    return [Put(notice), *map(Put, pages)] if pages else []
