"""Answering a customer from Slack: the form, what is said before it is sent, and that it is on its way.

An answer is shown as sent only on the card, once the platform has confirmed it. Rules are ``answering``'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from chalicelib.domain.advice import Concern, Finding
from chalicelib.domain.conversation import Conversation
from chalicelib.errors import Conflict
from chalicelib.services.answering import Caution, Draft
from chalicelib.web.answers import pointed_out, shown
from chalicelib.web.dialogs import told
from chalicelib.web.reply_dialog import PRIVATE, PUBLIC, WORDING, Typed, reply_dialog, wording_of

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.case import CaseView
    from chalicelib.services.dialog_port import Dialog
    from chalicelib.services.playbooks import Wording
    from chalicelib.web.means import Means
    from chalicelib.web.payloads import Press, Submission, View

_OF_THE_WAY = frozenset({Concern.WINDOW_CLOSED, Concern.NOT_HERE})


class Replying:
    """The reply form's life."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def form(self, found: Conversation, person: str, memory: Mapping[str, str]) -> Dialog:
        """Return the form to open, which already says who else is at it. Raises: NotFound."""
        case = self._means.cases.open(found.id, self._means.clock.now())
        company = self._means.answering.company(found.id, person, case.now, seen=case.last_answer)
        return self._form(case, memory, company, Typed())

    def chosen(self, press: Press) -> None:
        """Put the wording that somebody chose into their open form. Raises: NotFound, Transient, Permanent."""
        view = press.view
        if view is None or press.action != WORDING:
            return
        case = self._means.cases.open(view.memory["conversation"], self._means.clock.now())
        wording = wording_of(self._means.playbooks.suggest(case), press.value)
        if wording is not None:
            renewed = _with(wording, view)
            self._means.dialogs.renew(self._form(case, view.memory, (), renewed), view_id=view.id)

    def began(self, conversation_id: str, person: str) -> None:
        """Note that somebody types."""
        self._means.drafts.begin(conversation_id, person, self._means.clock.now())

    def given_up(self, conversation_id: str, person: str) -> None:
        """Note that somebody closed their form."""
        self._means.drafts.end(conversation_id, person)

    def sent(self, submission: Submission, person: str) -> str:
        """Send what was typed, or say what there is to say first; returns Slack's answer. Raises: NotFound, Transient."""
        now, view = self._means.clock.now(), submission.view
        typed = Typed(view.answers.get("text", ""), view.answers.get("way", view.memory.get("way", "")))
        try:
            outcome = self._means.answering.send(_draft(submission, person, typed), now)
        except Conflict as other:
            said = str(other)
            again = Caution("conflict", (f"{said[:1].upper()}{said[1:]}.",))
            return self._again(submission, (again,), typed, now)
        if outcome.faults:
            return _faults(submission, outcome.faults)
        if outcome.reply is None:
            return self._again(submission, outcome.cautions, typed, now)
        return shown(self._means.dialogs, on_its_way(person))

    def _again(self, submission: Submission, cautions: Sequence[Caution], typed: Typed, now: datetime) -> str:
        case = self._means.cases.open(submission.view.memory["conversation"], now)
        return shown(self._means.dialogs, self._form(case, submission.view.memory, cautions, typed))

    def _form(
        self, case: CaseView, memory: Mapping[str, str], cautions: Sequence[Caution], typed: Typed
    ) -> Dialog:
        told_of = {"seen": case.last_answer, "sure": ",".join(caution.name for caution in cautions)}
        suggestions = self._means.playbooks.suggest(case)
        return reply_dialog(
            case, {**memory, **told_of}, suggestions=suggestions, cautions=cautions, typed=typed
        )


def on_its_way(person: str) -> Dialog:
    """Say that an answer was taken, and where to see that it arrived."""
    return told(
        "Reply",
        f"Your answer is on its way, {person}. The card says so once the platform has it; "
        "should it not arrive, the card says that, and the clock runs on.",
    )


def _with(wording: Wording, view: View) -> Typed:
    """Return a form's contents with a wording in place of its text: under a new name, or Slack keeps the old."""
    way = view.answers.get("way", view.memory.get("way", ""))
    if wording.private is not None:
        way = PRIVATE if wording.private else PUBLIC
    _, _, fresh = view.blocks.get("text", "text.0").rpartition(".")
    return Typed(wording.text, way, int(fresh) + 1)


def _draft(submission: Submission, person: str, typed: Typed) -> Draft:
    memory = submission.view.memory
    return Draft(
        conversation_id=memory["conversation"],
        text=typed.text,
        by=person,
        key=memory["key"],
        seen=memory["seen"],
        private=typed.way == PRIVATE,
        sure=frozenset(filter(None, memory.get("sure", "").split(","))),
    )


def _faults(submission: Submission, faults: Sequence[Finding]) -> str:
    """Point at what cannot be sent: the text, or the way it was to go."""
    of_the_way = all(fault.concern in _OF_THE_WAY for fault in faults)
    return pointed_out(submission.view, "way" if of_the_way else "text", " ".join(f.words for f in faults))
