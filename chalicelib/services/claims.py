"""Who has a conversation: claim, release, take over, renew, hand to somebody else.

Each is one conditional write; the first wins and the second hears who was first. It announces itself: a line
in the timeline, the card edited. It renders and sends nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.domain import claims
from chalicelib.domain.conversation import Claim, Conversation
from chalicelib.domain.escalation import Advance, assign, next_due_at, relinquish
from chalicelib.domain.items import Happened, TimelineRow
from chalicelib.errors import Conflict
from chalicelib.services.desk import Case, Desk
from chalicelib.services.ports import Clock, Store, TeamSource
from chalicelib.services.saving import Saving


class AlreadyClaimed(Conflict):
    """Somebody else has it; ``holder`` says who."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"{holder} has it already", holder=holder)


class Claims:
    """Every change of ownership. ``by`` and ``to`` are people of the team file."""

    def __init__(self, store: Store, saving: Saving, teams: TeamSource, clock: Clock) -> None:
        self._desk = Desk(store, saving, teams)
        self._teams = teams
        self._clock = clock

    def claim(self, conversation_id: str, *, by: str, at: datetime, by_sms: bool = False) -> Conversation:
        """Claim a waiting conversation; the first wins. Claiming what one has already changes nothing.

        By SMS once per running clock, since a sender can be spoofed.
        Raises: AlreadyClaimed (carrying the holder), Conflict, NotFound, Transient.
        """
        return self._desk.change(conversation_id, at, lambda case: _claim(case, by, at, by_sms=by_sms))

    def take_over(self, conversation_id: str, *, by: str, at: datetime) -> Conversation:
        """Take it from whoever has it, explicitly. Raises: Conflict when nothing is waiting, NotFound, Transient."""
        return self._desk.change(conversation_id, at, lambda case: _take_over(case, by, at))

    def release(self, conversation_id: str, *, by: str, at: datetime) -> Conversation:
        """Give it back: the ladder goes on at once. Raises: Conflict carrying the holder, NotFound, Transient."""

        def decide(case: Case) -> Advance:
            _own(case, by, at)
            result = relinquish(case.conversation, case.team, self._teams.overrides, at)
            row = _row(case, at, Happened.RELEASE, by, f"{by} gave it back.")
            return replace(result, timeline=(row, *result.timeline))

        return self._desk.change(conversation_id, at, decide)

    def renew(self, conversation_id: str, *, by: str, at: datetime) -> Conversation:
        """Prolong one's own claim, twice at most. Raises: Conflict, NotFound, Transient."""
        return self._desk.change(conversation_id, at, lambda case: _renew(case, by, at))

    def reassign(self, conversation_id: str, *, to: str, by: str, at: datetime) -> Conversation:
        """Give it to somebody, who is paged at once and whose claim begins now; who has it already keeps it.

        Raises: Conflict when nothing is waiting or nobody is called that, NotFound, Transient.
        """
        return self._desk.change(conversation_id, at, lambda case: _reassign(case, to, by, at))


def _claim(case: Case, by: str, at: datetime, *, by_sms: bool) -> Advance:
    conversation = _waiting(case)
    holder = claims.holder(conversation, at)
    if holder == by:
        return Advance(conversation)
    if holder is not None:
        raise AlreadyClaimed(holder)
    if by_sms and claims.sms_claim_is_used(conversation):
        raise Conflict("it was claimed by SMS once already: open the link to claim it")
    return _owned(
        case, by, at, Happened.CLAIM, f"{by} claimed it{' by SMS' if by_sms else ''}", by_sms=by_sms
    )


def _take_over(case: Case, by: str, at: datetime) -> Advance:
    conversation = _waiting(case)
    holder = claims.holder(conversation, at)
    if holder == by:
        return Advance(conversation)
    if holder is None:
        return _owned(case, by, at, Happened.CLAIM, f"{by} claimed it")
    return _owned(case, by, at, Happened.TAKE_OVER, f"{by} took it over from {holder}")


def _reassign(case: Case, to: str, by: str, at: datetime) -> Advance:
    _waiting(case)
    if to not in case.team.people:
        raise Conflict(f"nobody in the team file is called {to}")
    if claims.holder(case.conversation, at) == to:
        return Advance(case.conversation)
    owned = _owned(case, to, at, Happened.TAKE_OVER, f"{by} gave it to {to}")
    paged = assign(owned.conversation, case.team, by=by, now=at)
    return owned.and_then(paged)


def _renew(case: Case, by: str, at: datetime) -> Advance:
    claim = _own(case, by, at)
    if claim.by_sms:
        raise Conflict("a claim made by SMS cannot be prolonged: open the link and claim it there")
    if not claims.can_renew(claim):
        raise Conflict(f"it was prolonged {claims.RENEWALS} times already: answer it, or release it")
    conversation = claims.renewed(case.conversation, claim, at=at)
    return _settled(
        case, conversation, _row(case, at, Happened.CLAIM, by, f"{by} keeps it {_until(conversation)}.")
    )


def _waiting(case: Case) -> Conversation:
    if not claims.is_claimable(case.conversation):
        raise Conflict(f"nobody is waiting: it is {case.conversation.state.replace('_', ' ')}")
    return case.conversation


def _own(case: Case, by: str, at: datetime) -> Claim:
    claim, holder = case.conversation.claim, claims.holder(case.conversation, at)
    if claim is None or holder is None:
        raise Conflict("nobody has it")
    if holder != by:
        raise Conflict(f"{holder} has it, not {by}", holder=holder)
    return claim


def _owned(
    case: Case, owner: str, at: datetime, kind: Happened, words: str, *, by_sms: bool = False
) -> Advance:
    """Give it to ``owner``; a claim by SMS is shown in Slack even where nobody had told the channel yet."""
    conversation = claims.claimed(case.conversation, by=owner, at=at, by_sms=by_sms)
    team = case.team.teams.get(conversation.team)
    if by_sms and team is not None and team.channel not in conversation.card_channels:
        conversation = replace(conversation, card_channels=(*conversation.card_channels, team.channel))
    return _settled(case, conversation, _row(case, at, kind, owner, f"{words} {_until(conversation)}."))


def _settled(case: Case, conversation: Conversation, row: TimelineRow) -> Advance:
    due_at = next_due_at(conversation, case.team)
    return Advance(replace(conversation, next_due_at=due_at), timeline=(row,))


def _until(conversation: Conversation) -> str:
    return f"until {conversation.claim.until:%H:%M} UTC" if conversation.claim else ""


def _row(case: Case, at: datetime, kind: Happened, by: str, words: str) -> TimelineRow:
    source = f"{case.conversation.rev + 1}|{by}"
    return TimelineRow(case.conversation.id, at.astimezone(UTC), kind, source, words, by=by)
