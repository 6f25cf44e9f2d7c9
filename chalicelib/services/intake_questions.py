"""Takes in what customers say, edit and take back: one transaction a post, which is also the dedupe.

The brand's own words are ``intake_replies``'s. What a post needs is the judge's to say, what is then owed is the
ledger's.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.conversation import Conversation, conversation_id, is_withheld, withheld_contact
from chalicelib.domain.enrichment import is_wanted
from chalicelib.domain.items import Happened, StoredPost, ThreadLink, TimelineRow
from chalicelib.domain.judgement import Judgement
from chalicelib.domain.ledger import with_entry
from chalicelib.domain.posts import Op, Post
from chalicelib.domain.settling import customers
from chalicelib.domain.team import Account
from chalicelib.domain.versions import customer_entry, is_known, is_tombstone, merged
from chalicelib.services.asking import Ask
from chalicelib.services.bookkeeping import Books
from chalicelib.services.intake_lines import reply_lines
from chalicelib.services.intake_threads import Threads, contact_anchor, contact_links, question_links
from chalicelib.services.judging import Judging
from chalicelib.services.ports import Fetch, Store
from chalicelib.services.sampling import Drawn, Sampling

_LINES = {
    Op.CREATE: (Happened.POST, "wrote"),
    Op.UPDATE: (Happened.EDIT, "edited their post"),
    Op.DELETE: (Happened.DELETE, "took their post back"),
}


class Questions:
    """Takes in customers' posts."""

    def __init__(self, store: Store, books: Books, judging: Judging, ask: Ask) -> None:
        self._store = store
        self._books = books
        self._ask = ask
        self._judging = judging
        self._threads = Threads(store)
        self._sampling = Sampling(store, books.teams)

    def take(
        self, post: Post, stored: StoredPost | None, account: Account, received_at: datetime, now: datetime
    ) -> bool:
        """Store one event of a customer's post with everything that follows; False when it says nothing new.

        Raises: Lost, Transient.
        """
        found = self._conversation(post, stored, account)
        repeat = self._is_repeat(post, found, account)
        row = merged(stored, post, received_at, self._judgement(post, found, repeat=repeat))
        if is_known(row, stored):
            self._ask_about(row, found)
            return False
        name = found.id if found else _name(post, stored, account)
        row = replace(row, conversation_id=None if is_tombstone(row) else name, rev=_rev(stored))
        if is_tombstone(row):
            self._books.save({}, (), (row,), now)
            return True
        base = (
            replace(found, team=account.team, app=account.app) if found else _opened(row, post, account, name)
        )
        drawn = self._sampling.drawn(row, stored, base, now)
        after = _with_post(drawn.conversation, drawn.row, post, repeat=repeat)
        self._save(found, after, drawn, post, now)
        self._ask_about(drawn.row, after)
        return True

    def _ask_about(self, row: StoredPost, conversation: Conversation | None) -> None:
        if conversation is not None and is_wanted(row, conversation):
            self._ask(Fetch(row.platform, row.account, row.external_id))

    def _save(
        self, found: Conversation | None, after: Conversation, drawn: Drawn, post: Post, now: datetime
    ) -> None:
        row = drawn.row
        thread = self._threads.around_question(row, found)
        links = _links(found, row, post)
        given = thread.after(after)
        lines = reply_lines(thread.conversations, given, thread.replies.values())
        rows = (row, *drawn.labels, *links, *lines, _line(after, row, post, now))
        self._books.save(thread.conversations, given, rows, now)

    def _conversation(self, post: Post, stored: StoredPost | None, account: Account) -> Conversation | None:
        if stored is None and (post.op is Op.DELETE or post.restores):
            return None
        return self._store.get(Conversation, _name(post, stored, account))

    def _judgement(self, post: Post, found: Conversation | None, *, repeat: bool) -> Judgement | None:
        """Judge words; what opens no case (a button pressed) has none that ask for anything."""
        speaks = post.op is Op.UPDATE or (post.op is Op.CREATE and post.opens_case)
        if not speaks or post.restores:
            return None
        return self._judging.judge(post, found, repeat=repeat)

    def _is_repeat(self, post: Post, found: Conversation | None, account: Account) -> bool:
        """Tell whether this person has written in another conversation before this one began."""
        if found is not None and customers(found.entries):
            return found.repeat_contact
        if post.contact_id is None or post.op is Op.DELETE:
            return False
        own = _name(post, None, account)
        links = (
            link
            for contact in (post.contact_id, *post.aliases)
            for link in self._store.children(
                ThreadLink, post.platform, account.id, contact_anchor(contact), limit=2
            )
        )
        return any(link.conversation_id != own for link in links)


def _links(found: Conversation | None, row: StoredPost, post: Post) -> list[ThreadLink]:
    """Return the links to a new conversation, or to one whose contact we have only now been told."""
    contacts = [contact for contact in (post.contact_id, *post.aliases) if contact is not None]
    if found is None or not customers(found.entries):
        return question_links(row, contacts)
    if is_withheld(found.contact_id) and found.contact_name is None and found.contact_handle is None:
        return contact_links(row, contacts)
    return []


def _name(post: Post, stored: StoredPost | None, account: Account) -> str:
    if stored is not None and stored.conversation_id is not None:
        return stored.conversation_id
    contact = post.contact_id or withheld_contact(post.external_id)
    return conversation_id(post.platform, account.id, post.thread_id, contact)


def _opened(row: StoredPost, post: Post, account: Account, name: str) -> Conversation:
    """Return a conversation that nothing has been entered into yet."""
    return Conversation(
        id=name,
        platform=row.platform,
        account=account.id,
        account_name=account.name,
        app=account.app,
        team=account.team,
        thread_id=row.thread_id,
        contact_id=post.contact_id or withheld_contact(row.external_id),
        surface=post.surface,
        opened_at=row.created_at,
        post_id=row.post_id,
    )


def _with_post(base: Conversation, row: StoredPost, post: Post, *, repeat: bool) -> Conversation:
    told = replace(
        base,
        opened_at=min(base.opened_at, row.created_at),
        contact_name=base.contact_name or post.author_name,
        contact_handle=base.contact_handle or post.author_handle,
        permalink=base.permalink or row.permalink,
        repeat_contact=repeat,
    )
    return with_entry(told, customer_entry(row))


def _line(conversation: Conversation, row: StoredPost, post: Post, now: datetime) -> TimelineRow:
    happened, did = _LINES[post.op]
    who = conversation.contact_name or conversation.contact_handle or "The customer"
    return TimelineRow(
        conversation.id,
        min(post.created_at, now),
        happened,
        row.external_id,
        f"{who} {_deed(post) or did}.",
        by=row.author_id,
        facts=_facts(row),
    )


def _deed(post: Post) -> str | None:
    if post.restores:
        return "is shown again"
    if post.by_brand:
        return "was hidden by the brand"
    return "had written before Nightdesk came" if post.history and post.op is Op.CREATE else None


def _facts(row: StoredPost) -> tuple[tuple[str, str], ...]:
    """Return what was judged and why, without a word of the post itself."""
    judged = row.judgement
    if judged is None:
        return ()
    return (
        ("needs_answer", "yes" if judged.needs_response else "to check" if judged.owes else "no"),
        ("kind", judged.kind),
        ("priority", judged.priority),
        ("because", "; ".join(judged.reasons)),
        ("model", judged.model),
    )


def _rev(stored: StoredPost | None) -> int:
    return 1 if stored is None else stored.rev + 1
