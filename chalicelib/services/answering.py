"""Answers typed into a form: what to say before one is sent, and sending it exactly as it was agreed to.

Whoever answers is told of everybody else who does: who holds it, who is writing, who answered since they looked.
What they were told they may overrule by sending again; what the platform would refuse they may not. An answer is
saved and sent by ``replies``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain.advice import Advice, Finding
from chalicelib.domain.answers_seen import unseen_answers
from chalicelib.domain.claims import holder
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import Reply
from chalicelib.errors import Conflict, NotFound
from chalicelib.services.claims import Claims
from chalicelib.services.drafts import Drafts
from chalicelib.services.ports import Store
from chalicelib.services.replies import Replies

HELD = "held"


class Advisor(Protocol):
    """What there is to say about a text as an answer."""

    def of(self, conversation_id: str, text: str, *, private: bool | None = None, at: datetime) -> Advice:
        """Return the faults and warnings of a text here and now. Raises: NotFound."""
        ...


@dataclass(frozen=True, slots=True)
class Draft:
    """One answer somebody wants to send. ``key`` is their form's own: the same key is the same answer.

    ``seen`` is the last answer they have read (``answers_seen``); ``sure`` names the cautions they were shown and sent it all the same.
    """

    conversation_id: str
    text: str
    by: str
    key: str
    seen: str
    private: bool | None = None
    sure: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing to think about before sending: ``name`` tells it from others, ``said`` is a sentence in pieces."""

    name: str
    said: tuple[str | datetime, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a draft: sent, or first to be mended (``faults``), or thought about (``cautions``)."""

    reply: Reply | None = None
    faults: tuple[Finding, ...] = ()
    cautions: tuple[Caution, ...] = ()


class Answering:
    """Takes answers from forms."""

    def __init__(
        self, store: Store, replies: Replies, claims: Claims, advisor: Advisor, drafts: Drafts
    ) -> None:
        self._store = store
        self._replies = replies
        self._claims = claims
        self._advisor = advisor
        self._drafts = drafts

    def company(self, conversation_id: str, by: str, at: datetime, *, seen: str) -> tuple[Caution, ...]:
        """Say who else is at it: who has it, who is writing, who answered since. Raises: NotFound."""
        found = self._load(conversation_id)
        return (*_held(found, by, at), *self._writing(found, by, at), *_answered(found, by, seen))

    def send(self, draft: Draft, at: datetime) -> Outcome:
        """Send an answer, unless there is something to say first that the person has not been told.

        Raises: Conflict carrying the holder when another answer is on its way, NotFound, Transient.
        """
        known = self._replies.known(draft.conversation_id, draft.key)
        if known is not None:
            return Outcome(reply=_same(known, draft))
        advice = self._advisor.of(draft.conversation_id, draft.text, private=draft.private, at=at)
        if advice.faults:
            return Outcome(faults=advice.faults)
        cautions = (*_of(advice), *self.company(draft.conversation_id, draft.by, at, seen=draft.seen))
        if not {caution.name for caution in cautions} <= draft.sure:
            return Outcome(cautions=cautions)
        return Outcome(reply=self._sent(draft, cautions, at))

    def _sent(self, draft: Draft, cautions: tuple[Caution, ...], at: datetime) -> Reply:
        if any(caution.name.startswith(HELD) for caution in cautions):
            self._claims.take_over(draft.conversation_id, by=draft.by, at=at)
        reply = self._replies.reply(
            draft.conversation_id,
            draft.text,
            draft.by,
            at,
            key=draft.key,
            private=draft.private,
            seen=draft.seen,
        )
        if reply.text != draft.text:
            raise Conflict(
                "the first version of this answer is on its way already: open a new form to add to it"
            )
        self._drafts.end(draft.conversation_id, draft.by)
        return reply

    def _writing(self, conversation: Conversation, by: str, at: datetime) -> Iterator[Caution]:
        for other in self._drafts.others(conversation.id, by, at):
            said = (f"{other.person} has been writing an answer since ", other.at, ".")
            yield Caution(f"writing:{other.person}", said)

    def _load(self, conversation_id: str) -> Conversation:
        found = self._store.get(Conversation, conversation_id)
        if found is None:
            raise NotFound(f"there is no conversation {conversation_id}")
        return found


def _same(reply: Reply, draft: Draft) -> Reply:
    """Return the answer saved under the draft's key. Raises: Conflict when it says something else."""
    if reply.text != draft.text:
        raise Conflict("a first version of this answer is on its way already: open a new form to add to it")
    return reply


def _of(advice: Advice) -> Iterator[Caution]:
    for warning in advice.warnings:
        yield Caution(warning.concern.value, (warning.words,))


def _held(conversation: Conversation, by: str, at: datetime) -> Iterator[Caution]:
    owner, claim = holder(conversation, at), conversation.claim
    if claim is not None and owner not in (None, by):
        said = (f"{owner} has it until ", claim.until, ". Sending your answer takes it over.")
        yield Caution(f"{HELD}:{owner}", said)


def _answered(conversation: Conversation, by: str, seen: str) -> Iterator[Caution]:
    """Yield the answers that came since the person looked, their own apart."""
    for entry in unseen_answers(conversation, seen, by):
        who = entry.by or "Somebody, in the platform's own app,"
        yield Caution(f"answered:{entry.id}", (f"{who} answered it at ", entry.at, "."))
