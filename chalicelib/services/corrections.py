"""People correct the judge in one click: the clock runs by what they say, and their word is kept as a label.

One transaction holds the conversation, the post, the timeline's line and the label. The last word counts; saying
the same again changes nothing. What the clock then does is ``ledger``'s. Rules: docs/judging.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.conversation import Conversation, Entry, State
from chalicelib.domain.corrections import QUIET, Word, corrected, objection, with_word, words_of
from chalicelib.domain.items import Happened, StoredPost, TimelineRow
from chalicelib.domain.judgement import Band, Judgement
from chalicelib.domain.labels import Correction, Label, safe_text
from chalicelib.domain.ledger import entry_of, with_entry
from chalicelib.domain.settling import customers, is_living
from chalicelib.domain.versions import customer_entry, was_judged_by_person
from chalicelib.errors import Conflict
from chalicelib.services.bookkeeping import Books, Change
from chalicelib.services.labelling import Labelling
from chalicelib.services.ports import Store, TeamSource

TWICE = timedelta(seconds=10)
"""A correction that names no post, repeated within this, is a second press on the same one: never the next post's."""

_FACT = "correction"


@dataclass(frozen=True, slots=True)
class Subject:
    """The post a correction is about: as its conversation, the table and its label hold it."""

    entry: Entry
    row: StoredPost
    judgement: Judgement
    label: Label | None


class Corrections:
    """Corrections of judgements. ``queues`` are the desks a topic may belong to, the right one's choices."""

    def __init__(self, store: Store, books: Books, teams: TeamSource, queues: Sequence[str]) -> None:
        self.queues = tuple(queues)
        self._store = store
        self._books = books
        self._labels = Labelling(store, teams)

    def correct(
        self,
        conversation_id: str,
        correction: Correction,
        *,
        by: str,
        at: datetime,
        post_id: str | None = None,
        queue: str | None = None,
    ) -> Conversation:
        """Say how the judge was wrong, or right, about a post; ``queue`` is the right one where it was wrong.

        ``post_id`` is the post the person saw; left out, the one that is shown: a sample in question, the post
        whose clock runs, else the customer's latest. A deadline that this brings forward keeps the grace of an
        obligation born late; one that it puts back follows from the new target alone.
        Raises: Conflict when there is no such post or nothing to correct, NotFound, Transient.
        """
        word = Word(correction, by, self._known(queue) if correction is Correction.WRONG_QUEUE else None)
        return self._books.change(conversation_id, lambda found: self._change(found, word, at, post_id), at)

    def _known(self, queue: str | None) -> str:
        if queue not in self.queues:
            raise Conflict(f"name the right queue: one of {', '.join(self.queues)}")
        return queue

    def _change(self, found: Conversation, word: Word, at: datetime, post_id: str | None) -> Change:
        if post_id is None and self._said_just_now(found, word, at):
            return Change(found)
        subject = self._subject(found, word, post_id)
        judgement = corrected(subject.judgement, word)
        before = subject.label or self._labels.begun(subject.row, subject.judgement, found, at)
        verdict = with_word(before.verdict, word, judgement)
        if subject.label is not None and verdict == subject.label.verdict:
            return Change(found)
        _demand_sense(subject, word)
        known = replace(before, verdict=verdict, text=before.text or safe_text(subject.row))
        label = _told(known, word, at, rev=before.rev + (subject.label is not None))
        row = _overruled(subject.row, judgement, label)
        others = self._companions(found, subject.entry, word)
        after = self._clocked(found, row, at)
        for other in others:
            after = with_entry(after, customer_entry(other))
        return Change(after, (row, *others, label, _line(found, word, subject, at)))

    # --- which post -----------------------------------------------------------------------------------

    def _subject(self, found: Conversation, word: Word, post_id: str | None) -> Subject:
        """Return the post that is meant: of those shown the first, or the first held to need none. Raises: Conflict."""
        first = None
        for entry in _shown(found, post_id):
            subject = self._judged(found, entry)
            first = first or subject
            if word.correction is not Correction.NEEDED_ANSWER and first is not None:
                break
            if subject is not None and not subject.judgement.needs_response:
                return subject
        if first is None:
            raise Conflict("there is no such post of the customer that was judged")
        return first

    def _judged(self, found: Conversation, entry: Entry) -> Subject | None:
        row = self._store.get(StoredPost, found.platform, found.account, entry.id)
        if row is None or row.judgement is None:
            return None
        return Subject(entry, row, row.judgement, self._labels.of(row))

    def _said_just_now(self, found: Conversation, word: Word, at: datetime) -> bool:
        lines = self._store.children(TimelineRow, found.id, limit=4, newest_first=True)
        last = next((line for line in lines if line.by == word.by and line.kind is Happened.JUDGED), None)
        if last is None or at - last.at > TWICE:
            return False
        return (_FACT, word.correction.value) in last.facts

    # --- what changes ---------------------------------------------------------------------------------

    def _clocked(self, found: Conversation, row: StoredPost, at: datetime) -> Conversation:
        """Return the conversation with the post as corrected; what this makes more pressing is born late."""
        plain = with_entry(found, customer_entry(row))
        own, former = entry_of(plain, row.external_id), entry_of(found, row.external_id)
        if own is None or not own.owes:
            return plain
        owed = former is not None and former.owes
        if owed and not self._hurries(found, plain, at):
            return plain
        born = replace(own, revived_at=at, held_to=found.deadline_at if owed else None)
        entries = tuple(born if e.id == own.id else e for e in plain.entries)
        return replace(plain, entries=entries)

    def _hurries(self, found: Conversation, plain: Conversation, at: datetime) -> bool:
        """Tell whether the deadline comes forward by this."""
        due_at = self._books.settled(plain, at).deadline_at
        return found.deadline_at is not None and due_at is not None and due_at < found.deadline_at

    def _companions(self, found: Conversation, entry: Entry, word: Word) -> tuple[StoredPost, ...]:
        """Return, as needing none either, the posts that owe an answer only because this one waited."""
        if word.correction is not Correction.NEEDED_NO_ANSWER:
            return ()
        posts = (e for e in customers(found.entries) if e.id != entry.id and is_living(e))
        waiting = (self._judged(found, e) for e in posts if e.owes and e.kind in QUIET)
        kept = (s for s in waiting if s is not None and not was_judged_by_person(s.row))
        return tuple(_overruled(s.row, corrected(s.judgement, word), None) for s in kept)


def _shown(found: Conversation, post_id: str | None) -> Iterator[Entry]:
    """Yield the posts that may be meant, the likeliest first."""
    living = [e for e in reversed(customers(found.entries)) if is_living(e)]
    if post_id is not None:
        yield from (e for e in living if e.id == post_id)
        return
    first = found.owed_post_id if found.state is State.WAITING else None
    yield from (e for e in living if e.id == first)
    yield from (e for e in living if e.id != first)


def _demand_sense(subject: Subject, word: Word) -> None:
    """Refuse to correct what the judge said already. Raises: Conflict."""
    asked = subject.label is not None or subject.judgement.band is Band.REVIEW
    why = objection(subject.judgement, word, asked=asked)
    if why is not None:
        raise Conflict(why)


def _overruled(row: StoredPost, judgement: Judgement, label: Label | None) -> StoredPost:
    """Return the post as a person judges it; one that they say needs an answer owes it, however old it is."""
    return replace(
        row,
        judgement=judgement,
        owed_from=(row.owed_from or row.created_at) if judgement.owes else None,
        history=row.history and not judgement.needs_response,
        label_month=label.month if label else row.label_month,
        sampled=row.sampled if label is None else label.is_open,
        rev=row.rev + 1,
    )


def _told(label: Label, word: Word, at: datetime, *, rev: int) -> Label:
    told = replace(label, correction=word.correction, by=word.by, told_at=at, rev=rev)
    return told if told.is_open else replace(told, conversation_id=None, post_id=None)


def _line(found: Conversation, word: Word, subject: Subject, at: datetime) -> TimelineRow:
    was = subject.judgement
    facts = (("was", was.model), ("was_kind", was.kind.value), (_FACT, word.correction.value))
    source = f"{subject.entry.id}|{word.correction}|{word.by}"
    return TimelineRow(found.id, at, Happened.JUDGED, source, words_of(word), by=word.by, facts=facts)
