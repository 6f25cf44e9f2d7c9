"""Opens a form where a button asks for something first: within the three seconds that Slack gives a press.

Whoever cannot be shown one is told why, and what to do. What comes back is ``submissions``'.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from chalicelib.domain.conversation import Conversation
from chalicelib.errors import Conflict, NightdeskError, NotFound, OutcomeUnknown
from chalicelib.services.dialog_port import Dialog, TooLate
from chalicelib.web.dialogs import (
    close_dialog,
    correct_dialog,
    follow_up_dialog,
    hand_over_dialog,
    pause_dialog,
)
from chalicelib.web.presses import GONE
from chalicelib.web.reply_dialog import KIND as REPLY

if TYPE_CHECKING:
    from chalicelib.web.means import Means
    from chalicelib.web.payloads import Press
    from chalicelib.web.replying import Replying

Memory = Mapping[str, str]


class Openings:
    """Shows the forms behind buttons."""

    def __init__(self, means: Means, replying: Replying) -> None:
        self._means = means
        self._replying = replying
        self._forms: Mapping[str, Callable[[Conversation, str, Memory], Dialog]] = {
            "close": lambda found, _, memory: close_dialog(found, memory),
            "pause": lambda found, _, memory: pause_dialog(found, means.clock.now(), memory),
            "hand_over": self._hand_over,
            "correct": lambda found, _, memory: correct_dialog(found, means.corrections.queues, memory),
            "follow_up": lambda found, _, memory: follow_up_dialog(found, means.clock.now(), memory),
            REPLY: replying.form,
        }

    def knows(self, action: str) -> bool:
        """Tell whether a button opens a form."""
        return action in self._forms

    def act(self, press: Press, person: str) -> str | None:
        """Open the form; return what to tell whoever pressed where that did not work."""
        try:
            dialog = self._form(press, person)
        except NotFound:
            return GONE
        except NightdeskError as fault:
            return f"The form did not open: {fault}. Press again in a moment."
        words = self._opened(dialog, press)
        if words is None and press.action == REPLY:
            self._replying.began(press.value, person)
        return words

    def _form(self, press: Press, person: str) -> Dialog:
        found = self._means.store.get(Conversation, press.value)
        if found is None:
            raise NotFound(f"there is no conversation {press.value}")
        return self._forms[press.action](found, person, self._memory(press))

    def _opened(self, dialog: Dialog, press: Press) -> str | None:
        """Show the form; return why it may not be there."""
        try:
            self._means.dialogs.open(dialog, trigger=press.trigger)
        except TooLate as late:
            return f"{late}. Press again."
        except Conflict:  # the same press again: its form is open
            return None
        except OutcomeUnknown:
            return "Slack did not say whether the form opened. If you do not see it, press again."
        except NightdeskError as fault:
            return f"The form did not open: {fault}. Press again in a moment."
        return None

    def _memory(self, press: Press) -> Memory:
        """Return what the form brings back: one press is one form, and one form's answer is given once."""
        return {
            "conversation": press.value,
            "whisper": press.response_url,
            "key": hashlib.sha256(press.trigger.encode()).hexdigest()[:16],
        }

    def _hand_over(self, found: Conversation, _person: str, memory: Memory) -> Dialog:
        owner = found.claim.owner if found.claim else None
        people = sorted(name for name in self._means.teams.current().people if name != owner)
        return hand_over_dialog(found, people, memory)
