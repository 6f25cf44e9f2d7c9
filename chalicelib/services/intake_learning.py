"""Adds to a customer's post what its platform told when asked: words, a name, reach; one transaction, written once.

Words that arrive are judged as they would have been; anything else may only raise a post. A withheld author who is
found is linked to the conversation, which keeps its name. Who asks, and when, is ``enrichment``'s.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.conversation import Conversation, State, is_withheld
from chalicelib.domain.enrichment import is_nameless, words_of
from chalicelib.domain.items import Happened, StoredPost, ThreadLink, TimelineRow
from chalicelib.domain.judgement import PRIORITY_ORDER, Judgement
from chalicelib.domain.ledger import entry_of, with_entry
from chalicelib.domain.posts import Post
from chalicelib.domain.versions import customer_entry, is_known, merged, removal
from chalicelib.services.bookkeeping import Books
from chalicelib.services.intake_lines import reply_lines
from chalicelib.services.intake_threads import Threads, contact_anchor, contact_links, question_links
from chalicelib.services.judging import Judging
from chalicelib.services.ports import Store
from chalicelib.services.sampling import Sampling


class Learning:
    """Takes in what was learnt of customers' posts."""

    def __init__(self, store: Store, books: Books, judging: Judging) -> None:
        self._store = store
        self._books = books
        self._judging = judging
        self._threads = Threads(store)
        self._sampling = Sampling(store, books.teams)

    def take(self, post: Post, stored: StoredPost, now: datetime) -> bool:
        """Add what was learnt, with everything that follows; False when it is nothing new. Raises: Lost, Transient."""
        found = self._store.get(Conversation, stored.conversation_id) if stored.conversation_id else None
        if found is None or removal(stored) is not None:
            return False
        past = self._past(post, found)
        repeat = found.repeat_contact or bool(past)
        row = merged(stored, post, now, self._judgement(post, stored, found, repeat=repeat))
        named = _named(found, row, post, repeat=repeat)
        lines = _lines(found, stored, row, post, now)
        if is_known(row, stored):
            return self._save_name(found, named, lines, now)
        drawn = self._sampling.drawn(replace(row, rev=stored.rev + 1), stored, named, now)
        row = drawn.row
        after = _raised(found, with_entry(drawn.conversation, customer_entry(row)), row, now)
        links = [*_links(found, stored, row, post), *_to_the_past(found, past)]
        self._save(found, after, (row, *drawn.labels, *links, *lines), now)
        return True

    def _save_name(
        self, found: Conversation, named: Conversation, lines: list[TimelineRow], now: datetime
    ) -> bool:
        """Save what was learnt of the person alone: the post is as it was."""
        if named != found:
            self._books.save({found.id: found}, (named,), lines, now)
        return named != found

    def _save(
        self, found: Conversation, after: Conversation, rows: tuple[object, ...], now: datetime
    ) -> None:
        row = next(row for row in rows if isinstance(row, StoredPost))
        thread = self._threads.around_question(row, found)
        given = thread.after(after)
        lines = reply_lines(thread.conversations, given, thread.replies.values())
        self._books.save(thread.conversations, given, (*rows, *lines), now, shown=(found.id,))

    def _judgement(
        self, post: Post, stored: StoredPost, found: Conversation, *, repeat: bool
    ) -> Judgement | None:
        if not post.opens_case:
            return None
        whole = replace(post, text=stored.text or post.text, media=stored.media or post.media)
        return self._judging.judge(whole, found, repeat=repeat)

    def _past(self, post: Post, found: Conversation) -> list[ThreadLink]:
        """Return links to what a person wrote elsewhere, whom only now we know to have written this."""
        if post.contact_id is None or not is_withheld(found.contact_id):
            return []
        anchor = contact_anchor(post.contact_id)
        links = self._store.children(ThreadLink, post.platform, found.account, anchor, limit=2)
        return [link for link in links if link.conversation_id != found.id]


def _named(found: Conversation, row: StoredPost, post: Post, *, repeat: bool) -> Conversation:
    return replace(
        found,
        opened_at=min(found.opened_at, row.created_at),
        contact_name=found.contact_name or post.author_name,
        contact_handle=found.contact_handle or post.author_handle,
        permalink=found.permalink or row.permalink,
        repeat_contact=repeat,
    )


def _raised(found: Conversation, after: Conversation, row: StoredPost, now: datetime) -> Conversation:
    """Let a raised priority be owed anew, as an obligation born late, which never puts a deadline off."""
    before, own = entry_of(found, row.external_id), entry_of(after, row.external_id)
    if before is None or own is None or not own.owes:
        return after
    if PRIORITY_ORDER.index(own.priority) <= PRIORITY_ORDER.index(before.priority):
        return after
    held = found.deadline_at if found.state is State.WAITING else None
    raised = replace(own, revived_at=now, held_to=held)
    return replace(after, entries=tuple(raised if e.id == own.id else e for e in after.entries))


def _links(found: Conversation, stored: StoredPost, row: StoredPost, post: Post) -> list[ThreadLink]:
    """Return the links to what we have only now been told it hangs under, and from who wrote it."""
    contacts = [post.contact_id] if post.contact_id and is_withheld(found.contact_id) else []
    if (row.parent_id, row.post_id) != (stored.parent_id, stored.post_id):
        return question_links(row, contacts)
    return contact_links(row, contacts)


def _to_the_past(found: Conversation, past: list[ThreadLink]) -> list[ThreadLink]:
    """Return links from the withheld contact, so that whoever reads this case finds the person's others."""
    return [replace(link, anchor=contact_anchor(found.contact_id)) for link in past]


def _lines(
    found: Conversation, stored: StoredPost, row: StoredPost, post: Post, now: datetime
) -> list[TimelineRow]:
    words = words_of(stored, row, post, named=not is_nameless(found))
    if words is None:
        return []
    judged = row.judgement
    facts = (("priority", judged.priority.value), ("because", "; ".join(judged.reasons))) if judged else ()
    return [TimelineRow(found.id, now, Happened.NOTE, f"asked:{row.external_id}", words, facts=facts)]
