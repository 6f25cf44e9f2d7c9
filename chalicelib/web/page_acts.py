"""What a form of the linked page does, and what it says about it. Answers to customers are ``page_replying``'s.

Each act is one conditional write; whoever is refused hears who was first and what to press.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.case import Act
from chalicelib.domain.checks import asked_about
from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.labels import Correction
from chalicelib.domain.link_rows import TakenForm
from chalicelib.domain.wallclock import local
from chalicelib.errors import Conflict, NightdeskError, NotFound, Transient
from chalicelib.web.dialogs import MISJUDGED, REASONS

if TYPE_CHECKING:
    from chalicelib.services.claims import Claims
    from chalicelib.services.contacts import Contacts
    from chalicelib.services.corrections import Corrections
    from chalicelib.services.follow_ups import FollowUps
    from chalicelib.services.hiding import Hidings
    from chalicelib.services.replies import Replies
    from chalicelib.services.reply_corrections import ReplyCorrections

PAUSES = {
    "30": "30 minutes",
    "60": "1 hour",
    "120": "2 hours",
    "480": "8 hours",
    "1440": "1 day",
}
"""For how long a conversation may be paused, in minutes."""

LATER = {"1": "tomorrow", "2": "in 2 days", "7": "in a week", "30": "in 30 days"}
"""When somebody may want to look again, in days."""

LONGEST = 300
"""How long a reason may be, in characters."""

WEEK = timedelta(days=7)
CORRECT = "correct"
SAME, NOT_SAME = "same_person", "not_same_person"
NO_FOLLOW_UP = "no_follow_up"
_ID = re.compile(r"\b[0-9a-f]{20}\b")
GONE = "That conversation is no longer there."


@dataclass(frozen=True, slots=True)
class Asked:
    """A form sent by a person about a conversation, at an instant; ``tz`` is where times are told."""

    conversation_id: str
    by: str
    at: datetime
    tz: str
    form: Mapping[str, str]

    def field(self, name: str) -> str:
        """Return a field's words, on one line and not too long; empty where there is none."""
        return " ".join(self.form.get(name, "").split())[:LONGEST]


class PageActs:
    """Acts on forms."""

    def __init__(
        self,
        *,
        claims: Claims,
        replies: Replies,
        doubts: ReplyCorrections,
        corrections: Corrections,
        contacts: Contacts,
        follow_ups: FollowUps,
        hiding: Hidings,
    ) -> None:
        self._claims = claims
        self._replies = replies
        self._doubts = doubts
        self._corrections = corrections
        self._contacts = contacts
        self._follow_ups = follow_ups
        self._hiding = hiding
        self._acts: Mapping[str, Callable[[Asked], str]] = {
            Act.CLAIM: lambda asked: self._owned(asked, claims.claim),
            Act.RENEW: lambda asked: self._owned(asked, claims.renew),
            Act.TAKE_OVER: lambda asked: self._owned(asked, claims.take_over),
            Act.RELEASE: self._release,
            Act.HAND_OVER: self._hand_over,
            Act.CLOSE: self._close,
            Act.PAUSE: self._pause,
            Act.RESUME: self._resume,
            Act.ANSWER_NEEDED: self._needed,
            Act.NO_ANSWER_NEEDED: self._needless,
            Act.WAS_FOR_THEM: lambda asked: self._told_doubts(asked, yes=True),
            Act.WAS_NOT_FOR_THEM: lambda asked: self._told_doubts(asked, yes=False),
            CORRECT: self._correct,
            Act.FOLLOW_UP: self._follow_up,
            NO_FOLLOW_UP: self._no_follow_up,
            Act.HIDE: self._hide,
            SAME: self._same,
            NOT_SAME: self._not_same,
        }

    def act(self, name: str, asked: Asked, key: str) -> TakenForm:
        """Do what a form asks; return it with what to say, whether or not it worked."""
        try:
            return TakenForm(key, self._act(name)(asked))
        except NightdeskError as fault:
            return TakenForm(key, refused(fault), worked=False)

    def _act(self, name: str) -> Callable[[Asked], str]:
        found = self._acts.get(name)
        if found is None:
            raise Conflict("this button is not known here: use the ones below")
        return found

    # --- whose it is ------------------------------------------------------------------------------------

    def _owned(self, asked: Asked, act: Callable[..., Conversation]) -> str:
        claim = act(asked.conversation_id, by=asked.by, at=asked.at).claim
        if claim is None or claim.owner != asked.by:
            return "Done, but somebody else has it by now."
        return (
            f"It is yours until {_clock(claim.until, asked)}. Claiming is not answering: write to them below."
        )

    def _release(self, asked: Asked) -> str:
        self._claims.release(asked.conversation_id, by=asked.by, at=asked.at)
        return "Released: it is nobody's now, and others are being asked."

    def _hand_over(self, asked: Asked) -> str:
        to = asked.field("to")
        if not to:
            raise Conflict("choose whom to give it to")
        self._claims.reassign(asked.conversation_id, to=to, by=asked.by, at=asked.at)
        return f"It is {to}'s now, and they are being told."

    # --- what is owed -----------------------------------------------------------------------------------

    def _close(self, asked: Asked) -> str:
        reason, more = asked.field("reason"), asked.field("more")
        known = REASONS.get(reason, "").partition(" (")[0] if reason != "other" else ""
        words = ": ".join(part for part in (known, more) if part)
        if reason in MISJUDGED:  # while its clock still says which post was shown
            with suppress(Conflict):  # the judge said so too
                self._corrections.correct(
                    asked.conversation_id, Correction.NEEDED_NO_ANSWER, by=asked.by, at=asked.at
                )
        self._replies.close(asked.conversation_id, asked.by, words, asked.at)
        return f"Closed: {words}. Should they write again, it opens by itself."

    def _pause(self, asked: Asked) -> str:
        minutes = asked.field("minutes")
        if minutes not in PAUSES:
            raise Conflict("choose for how long to pause it")
        until = asked.at + timedelta(minutes=int(minutes))
        self._replies.pause(asked.conversation_id, asked.by, asked.field("reason"), until=until, at=asked.at)
        return f"Paused until {_clock(until, asked)}; then it is owed an answer again."

    def _resume(self, asked: Asked) -> str:
        self._replies.resume(asked.conversation_id, asked.by, asked.at)
        return "The pause is over: the clock runs again."

    def _follow_up(self, asked: Asked) -> str:
        days = asked.field("days")
        if days not in LATER:
            raise Conflict("choose when to look again")
        due_at = asked.at + timedelta(days=int(days))
        self._follow_ups.ask(
            asked.conversation_id, asked.by, asked.field("reason"), due_at=due_at, at=asked.at
        )
        return f"It is back in the queue on {_clock(due_at, asked)}, and you hear of it first."

    def _no_follow_up(self, asked: Asked) -> str:
        of = asked.field("of")
        self._follow_ups.cancel(asked.conversation_id, of=of, by=asked.by, at=asked.at)
        return "Cancelled: nobody will be reminded."

    def _hide(self, asked: Asked) -> str:
        self._hiding.hide(asked.conversation_id, by=asked.by, at=asked.at)
        return "It is being hidden. Its author still waits for an answer."

    # --- what was wrong ---------------------------------------------------------------------------------

    def _needed(self, asked: Asked) -> str:
        """Take back whatever keeps it from being owed an answer: a person's closing, the judge's word, or both."""
        try:
            found = self._replies.reopen(asked.conversation_id, asked.by, asked.at)
        except Conflict:
            found = None
        if found is None or found.state is not State.WAITING or asked_about(found):
            self._corrections.correct(
                asked.conversation_id, Correction.NEEDED_ANSWER, by=asked.by, at=asked.at
            )
        return "Noted: it does need an answer, and its clock runs."

    def _needless(self, asked: Asked) -> str:
        said = Correction.NEEDED_NO_ANSWER
        self._corrections.correct(asked.conversation_id, said, by=asked.by, at=asked.at)
        return "Noted: it needs no answer. That teaches the judge."

    def _told_doubts(self, asked: Asked, *, yes: bool) -> str:
        self._doubts.answer_maybes(asked.conversation_id, by=asked.by, at=asked.at, yes=yes)
        return "Noted: the brand's reply was for them." if yes else "Noted: they still wait for an answer."

    def _correct(self, asked: Asked) -> str:
        try:
            said = Correction(asked.field("correction"))
        except ValueError:
            raise Conflict("choose what is true") from None
        queue = asked.field("queue") or None
        self._corrections.correct(asked.conversation_id, said, by=asked.by, at=asked.at, queue=queue)
        return "Noted, and kept to teach the judge."

    # --- who it is --------------------------------------------------------------------------------------

    def _same(self, asked: Asked) -> str:
        self._contacts.tie(asked.conversation_id, _other(asked), by=asked.by, at=asked.at)
        return "Noted: one person. What they wrote there stands below as well."

    def _not_same(self, asked: Asked) -> str:
        self._contacts.untie(asked.conversation_id, _other(asked), by=asked.by, at=asked.at)
        return "Noted: two people."


def _other(asked: Asked) -> str:
    """Return the other conversation's number, wherever in the pasted words it stands. Raises: Conflict."""
    found = _ID.search(asked.field("other"))
    if found is None:
        raise Conflict("paste the number at the end of the other conversation's page")
    return found[0]


def refused(fault: NightdeskError) -> str:
    """Return what to tell somebody whose act did not work: who has it, and what to press."""
    match fault:
        case Conflict(holder=str(holder)) if holder:
            return f"Nothing changed: {fault}. Press Take over if you must have it instead of {holder}."
        case NotFound():
            return GONE
        case Transient():
            return "That did not work just now: press it once more."
    return f"Nothing changed: {fault}."


def _clock(at: datetime, asked: Asked) -> str:
    wall, today = local(at, asked.tz), local(asked.at, asked.tz)
    if wall.date() == today.date():
        return f"{wall:%H:%M}"
    return f"{wall:%a %H:%M}" if wall - today < WEEK else f"{wall:%d %b %H:%M}"
