"""What a button does at once, and the words that its presser alone gets back.

Each act is one conditional write, made before Slack is answered; what is said about it goes through the queue,
since only three seconds are allowed and nothing runs once the answer is out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain.checks import asked_about
from chalicelib.domain.conversation import Closure, Conversation, State, Voice
from chalicelib.domain.labels import Correction
from chalicelib.domain.settling import is_machine
from chalicelib.errors import Conflict, NotFound

if TYPE_CHECKING:
    from chalicelib.web.means import Means
    from chalicelib.web.payloads import Press

Act = Callable[..., Conversation]
"""Takes a conversation's id, ``by`` and ``at``. Raises: Conflict naming the holder, NotFound, Transient."""

SAID = {
    "release": "Released: it is nobody's now, and escalation goes on.",
    "was_for_them": "Noted: the brand's reply was for them.",
    "was_not_for_them": "Noted: they still wait for an answer.",
    "resume": "The pause is over: its clock runs again.",
    "answer_needed": "Noted: it does need an answer, and its clock runs.",
    "hide": "It is being hidden. Its author still waits for an answer.",
    "no_answer_needed": "Noted: it needs no answer. That teaches the judge.",
    "human_typed": "Noted: a person typed that reply, so it counts.",
}
"""What to tell somebody whose press worked, where it does not depend on the conversation."""

GONE = "That conversation is closed or no longer there."


class Presses:
    """Acts on buttons that ask nothing first."""

    def __init__(self, means: Means) -> None:
        self._means = means
        claims, doubts = means.claims, means.doubts
        self._acts: Mapping[str, Act] = {
            "claim": claims.claim,
            "release": claims.release,
            "take_over": claims.take_over,
            "renew": claims.renew,
            "was_for_them": partial(doubts.answer_maybes, yes=True),
            "was_not_for_them": partial(doubts.answer_maybes, yes=False),
            "resume": self._resumed,
            "answer_needed": self._needed,
            "no_answer_needed": self._needless,
            "hide": means.hiding.hide,
            "human_typed": self._typed_by_a_human,
        }

    def knows(self, action: str) -> bool:
        """Tell whether a button is one of these."""
        return action in self._acts

    def act(self, press: Press, person: str) -> str:
        """Do it, and return what to tell whoever pressed. Raises: Transient."""
        try:
            now = self._acts[press.action](press.value, by=person, at=self._means.clock.now())
        except Conflict as taken:
            return lost(taken)
        except NotFound:
            return GONE
        return SAID.get(press.action) or won(now, person)

    def _resumed(self, conversation_id: str, *, by: str, at: datetime) -> Conversation:
        return self._means.replies.resume(conversation_id, by, at)

    def _needed(self, conversation_id: str, *, by: str, at: datetime) -> Conversation:
        """Take back whatever keeps it from being owed an answer: a person's closing, the judge's word, or both."""
        found = self._load(conversation_id)
        if found.closure is Closure.BY_PERSON:
            found = self._means.replies.reopen(conversation_id, by, at)
        if found.state is State.WAITING and not asked_about(found):
            return found
        return self._means.corrections.correct(conversation_id, Correction.NEEDED_ANSWER, by=by, at=at)

    def _needless(self, conversation_id: str, *, by: str, at: datetime) -> Conversation:
        return self._means.corrections.correct(conversation_id, Correction.NEEDED_NO_ANSWER, by=by, at=at)

    def _typed_by_a_human(self, conversation_id: str, *, by: str, at: datetime) -> Conversation:
        found = self._load(conversation_id)
        machines = (e for e in reversed(found.entries) if e.native and is_machine(e, found.entries))
        reply = next((e for e in machines if e.voice is not Voice.CUSTOMER), None)
        if reply is None:
            raise Conflict("no reply here is held for a machine's")
        return self._means.doubts.reverse_automatic(conversation_id, reply.id, by, at)

    def _load(self, conversation_id: str) -> Conversation:
        found = self._means.store.get(Conversation, conversation_id)
        if found is None:
            raise NotFound(f"there is no conversation {conversation_id}")
        return found


def lost(taken: Conflict) -> str:
    """Return what to tell somebody who was not first."""
    if taken.holder is None:
        return f"That did not work: {taken}."
    return f"{taken.holder} has it. Press *Take over* if you must have it instead."


def won(conversation: Conversation, person: str) -> str:
    """Return what to tell somebody who has it now."""
    claim = conversation.claim
    if claim is None or claim.owner != person:
        return "Done, but somebody else has it by now."
    until = f"<!date^{int(claim.until.timestamp())}^{{time}}|{claim.until:%H:%M} UTC>"
    return f"It is yours until {until}. Press *Reply*, or answer on the platform: claiming is not answering."
