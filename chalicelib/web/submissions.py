"""What a form does when it is sent: closing, pausing, handing over, correcting; replies are ``replying``'s.

Sending the same form twice is sending it once. Whoever sent it hears what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chalicelib.domain.labels import Correction
from chalicelib.errors import Conflict, NotFound
from chalicelib.services.ports import Whisper
from chalicelib.web.answers import CLOSE, pointed_out, shown
from chalicelib.web.dialogs import MISJUDGED, REASONS, warned
from chalicelib.web.presses import GONE

if TYPE_CHECKING:
    from chalicelib.web.means import Means
    from chalicelib.web.payloads import Submission, View
    from chalicelib.web.replying import Replying

Act = Callable[["View", str, datetime], str]
"""Does what a form asks and returns what to tell; ``_Unclear`` points at a field."""


class _Unclear(Exception):
    """One field of the form does not do: which, and why."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class Submissions:
    """Acts on forms."""

    def __init__(self, means: Means, replying: Replying) -> None:
        self._means = means
        self._replying = replying
        self._acts: Mapping[str, Act] = {
            "close": self._close,
            "pause": self._pause,
            "hand_over": self._hand_over,
            "correct": self._correct,
            "follow_up": self._follow_up,
        }

    def act(self, submission: Submission, person: str) -> str:
        """Do what was asked and return Slack's answer. Raises: Transient."""
        try:
            return self._answer(submission, person)
        except _Unclear as fault:
            return pointed_out(submission.view, fault.field, str(fault))
        except Conflict as fault:
            return self._warned(f"That did not work: {fault}. Nothing changed.")
        except NotFound:
            return self._warned(GONE)

    def _answer(self, submission: Submission, person: str) -> str:
        view = submission.view
        if view.kind == "reply":
            return self._replying.sent(submission, person)
        act = self._acts.get(view.kind)
        if act is not None:
            self._whisper(view, act(view, person, self._means.clock.now()))
        return CLOSE

    def _close(self, view: View, person: str, now: datetime) -> str:
        reason, more = view.answers.get("reason", ""), view.answers.get("more", "").strip()
        if reason == "other" and not more:
            raise _Unclear("more", "Say why in a few words.")
        known = REASONS.get(reason, "").partition(" (")[0] if reason != "other" else ""
        words = ": ".join(filter(None, (known, more)))
        conversation_id = view.memory["conversation"]
        if reason in MISJUDGED:  # while its clock still says which post was shown
            with suppress(Conflict):  # the judge said so too
                self._means.corrections.correct(
                    conversation_id, Correction.NEEDED_NO_ANSWER, by=person, at=now
                )
        self._means.replies.close(conversation_id, person, words, now)
        return f"Closed: {words}. Should they write again, it opens by itself."

    def _pause(self, view: View, person: str, now: datetime) -> str:
        until = datetime.fromtimestamp(int(view.answers.get("until", "0")), UTC)
        if until <= now:
            raise _Unclear("until", "Choose a time that is still to come.")
        reason = view.answers.get("reason", "")
        self._means.replies.pause(view.memory["conversation"], person, reason, until=until, at=now)
        return f"Paused until {_moment(until)}: {reason}."

    def _hand_over(self, view: View, person: str, now: datetime) -> str:
        to = view.answers.get("to", "")
        self._means.claims.reassign(view.memory["conversation"], to=to, by=person, at=now)
        return f"It is {to}'s now, and they are being told."

    def _correct(self, view: View, person: str, now: datetime) -> str:
        said, queue = Correction(view.answers.get("correction", "")), view.answers.get("queue")
        if said is Correction.WRONG_QUEUE and not queue:
            raise _Unclear("queue", "Choose the right queue.")
        self._means.corrections.correct(view.memory["conversation"], said, by=person, at=now, queue=queue)
        return "Noted, and kept to teach the judge."

    def _follow_up(self, view: View, person: str, now: datetime) -> str:
        conversation_id, reason = view.memory["conversation"], view.answers.get("reason", "")
        due_at = datetime.fromtimestamp(int(view.answers.get("due", "0")), UTC)
        if due_at <= now:
            raise _Unclear("due", "Choose a time that is still to come.")
        wishes = self._means.follow_ups.pending(conversation_id)
        if (person, due_at, reason) not in {(wish.by, wish.due_at, wish.reason) for wish in wishes}:
            self._means.follow_ups.ask(conversation_id, person, reason, due_at=due_at, at=now)
        return f"It comes back on {_moment(due_at)}: {reason}."

    def _whisper(self, view: View, words: str) -> None:
        address = view.memory.get("whisper")
        if address:
            self._means.outbound.send(Whisper(address, words))

    def _warned(self, words: str) -> str:
        return shown(self._means.dialogs, warned("Not done", words))


def _moment(at: datetime) -> str:
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at:%a %H:%M} UTC>"
