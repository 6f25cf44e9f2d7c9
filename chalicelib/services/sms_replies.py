"""Acts on what people text back: claim, release, claim a digest's list. Nothing more, since senders can be spoofed.

Unknown numbers get no answer at all; a known one gets a few, and fewer while it makes no sense. Whoever received
the text has proven that the carrier sent it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import phone_talk
from chalicelib.domain.alert_words import known_as
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.escalation_recipients import lead_of
from chalicelib.domain.pager_rows import OptOut, PhoneTalk
from chalicelib.domain.reply_codes import CLAIM, DIGEST
from chalicelib.domain.sms_text import (
    Bare,
    ClaimCode,
    DigestCode,
    ReleaseCode,
    fitted,
    opt_keyword,
    parse_reply,
)
from chalicelib.domain.team import Person, TeamFile
from chalicelib.domain.wallclock import local
from chalicelib.errors import Conflict, NotFound
from chalicelib.services.claims import Claims
from chalicelib.services.codes import Codes
from chalicelib.services.notices import Notices, a_notice
from chalicelib.services.ports import Lost, Put, Store, TeamSource

Act = Callable[[list[str]], str]
"""Does something with the conversations a code stands for, and says what came of it."""

HELP = "Reply C and the number of the message to claim it, R and the number to give it back. Example: C47"
OPTED_OUT = "opted-out"


class SmsReplies:
    """Reads texts from phones of the team file."""

    def __init__(self, store: Store, teams: TeamSource, claims: Claims, notices: Notices) -> None:
        self._store = store
        self._teams = teams
        self._claims = claims
        self._notices = notices
        self._codes = Codes(store)

    def knows(self, phone: str) -> bool:
        """Tell whether a phone is somebody's of the team file."""
        return _person_of(self._teams.current(), phone) is not None

    def hear(self, phone: str, text: str, at: datetime) -> str | None:
        """Do what a text says and return the one segment to answer, or None for no answer. Raises: Transient."""
        team = self._teams.current()
        person = _person_of(team, phone)
        if person is None:
            return None
        keyword = opt_keyword(text)
        if keyword is not None:
            self._opt(team, person, phone, at, out=keyword == "opt_out")
            return None  # carriers answer these words themselves
        self._codes.retire(phone, at)
        answer = self._act(person, phone, text, at)
        return self._unless_tired(phone, answer, at)

    def _act(self, person: Person, phone: str, text: str, at: datetime) -> str | None:
        """Return what to answer, or None when the text makes no sense."""
        match parse_reply(text):
            case ClaimCode(number):
                return self._by_code(phone, CLAIM, number, lambda ids: self._claim(ids[0], person.name, at))
            case ReleaseCode(number):
                return self._by_code(phone, CLAIM, number, lambda ids: self._release(ids[0], person.name, at))
            case DigestCode(number):
                return self._by_code(phone, DIGEST, number, lambda ids: self._claim_all(ids, person.name, at))
            case Bare():
                return self._bare(phone, person.name, at)
            case None:
                return None

    def _by_code(self, phone: str, letter: str, number: int, act: Act) -> str:
        subject = self._codes.subject_of(phone, letter, number)
        found = list(self._codes.conversations_of(letter, subject)) if subject else []
        return act(found) if found else f"{letter}{number} means nothing on this phone. {HELP}"

    def _bare(self, phone: str, name: str, at: datetime) -> str:
        waiting = self._codes.open_conversations(phone)
        if len(waiting) == 1:
            return self._claim(waiting[0], name, at)
        return (
            f"{len(waiting)} posts wait that you were told of. {HELP}"
            if waiting
            else "Nothing waits for you."
        )

    def _claim(self, conversation_id: str, name: str, at: datetime) -> str:
        try:
            claimed = self._claims.claim(conversation_id, by=name, at=at, by_sms=True)
        except (Conflict, NotFound) as refused:
            return f"Not claimed: {refused}."
        return f"{_who(claimed)} is yours until {self._clock(claimed)}. Answer on {claimed.platform.capitalize()}: claiming is not answering."

    def _release(self, conversation_id: str, name: str, at: datetime) -> str:
        try:
            released = self._claims.release(conversation_id, by=name, at=at)
        except (Conflict, NotFound) as refused:
            return f"Not released: {refused}."
        return f"Released: {_who(released)}. Escalation goes on."

    def _claim_all(self, ids: Sequence[str], name: str, at: datetime) -> str:
        refused: Counter[str] = Counter()
        for conversation_id in ids:
            try:
                self._claims.claim(conversation_id, by=name, at=at, by_sms=True)
            except (Conflict, NotFound) as fault:
                refused[str(fault)] += 1
        done = len(ids) - refused.total()
        others = "".join(f" {count}: {why}." for why, count in refused.most_common(2))
        return f"{done} of {len(ids)} are yours.{others}"

    def _clock(self, conversation: Conversation) -> str:
        team = self._teams.current().teams.get(conversation.team)
        until = conversation.claim.until if conversation.claim else conversation.opened_at
        return f"{local(until, team.tz if team else 'UTC'):%H:%M}"

    def _unless_tired(self, phone: str, answer: str | None, at: datetime) -> str | None:
        """Return the answer, or help; and nothing to a phone that keeps making no sense, or has heard enough."""
        talk, willing = phone_talk.heard(
            self._store.get(PhoneTalk, phone), phone, at, sensible=answer is not None
        )
        self._keep(talk)
        return fitted(answer or f"Sorry, that was not understood. {HELP}") if willing else None

    def _opt(self, team: TeamFile, person: Person, phone: str, at: datetime, *, out: bool) -> None:
        known = self._store.get(OptOut, phone)
        is_out = known is not None and known.back_at is None
        if out and not is_out:
            row = OptOut(phone, at, "replied so", rev=(known.rev if known else 0) + 1)
            if not self._told_lead(team, person, at, row):
                self._keep(row)
        elif not out and known is not None and is_out:
            self._keep(replace(known, back_at=at, rev=known.rev + 1))

    def _told_lead(self, team: TeamFile, person: Person, at: datetime, row: OptOut) -> bool:
        """Tell the lead that a phone takes no texts any more: a page that is silently blocked wakes nobody.

        The word and the row are one write: whoever died between them would never tell. False where nobody leads.
        """
        lead = team.people.get(lead_of(team) or "")
        if lead is None:
            return False
        headline = f"{person.name}'s phone takes no more texts: its owner opted out"
        lines = (
            "They are paged on their other contacts, or whoever stands in is. To undo it they text START.",
        )
        name = f"{OPTED_OUT}:{person.name}:{at:%Y%m%dT%H%M%S}"
        notice = a_notice(name, at, headline, lines, urgent=False)
        return self._notices.tell(lead, notice, step=OPTED_OUT, why="you are the lead", along=(Put(row),))

    def _keep(self, row: OptOut | PhoneTalk) -> None:
        try:
            self._store.commit(Put(row))
        except Lost:  # two texts of one phone at the same time: one of them is not counted
            return


def _person_of(team: TeamFile, phone: str) -> Person | None:
    return next((p for p in team.people.values() if p.phone == phone), None)


def _who(conversation: Conversation) -> str:
    return known_as(conversation).replace("a customer", "The post")
