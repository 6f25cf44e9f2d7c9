"""Takes in the brand's own words: Nightdesk's own sends coming back, and replies typed in the platform's app.

Whom a native reply answers is ``whose_reply``'s to say, whether a machine typed it ``automatic``'s and the
ledger's. Nothing is sent here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.domain.automatic import is_listed
from chalicelib.domain.conversation import Conversation, conversation_id
from chalicelib.domain.enrichment import OWN
from chalicelib.domain.items import Reply, StoredPost, ThreadLink
from chalicelib.domain.ledger import entry_of
from chalicelib.domain.posts import PRIVATE_KINDS, Direction, Kind, Op, Post
from chalicelib.domain.settling import waited_before
from chalicelib.domain.team import Account
from chalicelib.domain.thread import told
from chalicelib.domain.versions import is_known, is_tombstone, merged
from chalicelib.domain.whose_reply import Verdict
from chalicelib.services.asking import Ask
from chalicelib.services.bookkeeping import Books
from chalicelib.services.intake_lines import reply_lines
from chalicelib.services.intake_threads import Threads, contact_anchor, reply_links
from chalicelib.services.ports import Fetch, Store
from chalicelib.services.reply_echo import confirmed, echoed_reply

ANSWERING = frozenset({Kind.COMMENT, Kind.DM, Kind.STORY_REPLY})
"""What the brand can say to somebody; anything else is its own post, which answers nobody."""

OTHERS = 10
"""In how many of a contact's other conversations a native direct message is offered as a possible reply."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reply changes: conversations as stored and as they become, and rows beside them.

    ``others`` are replies given after it, which may now mean something else.
    """

    before: dict[str, Conversation]
    after: list[Conversation]
    row: StoredPost
    rows: list[object] = field(default_factory=list)
    others: list[StoredPost] = field(default_factory=list)


class OwnWords:
    """Takes in the brand's own words."""

    def __init__(self, store: Store, books: Books, ask: Ask) -> None:
        self._store = store
        self._books = books
        self._ask = ask
        self._threads = Threads(store)

    def take(
        self, post: Post, stored: StoredPost | None, account: Account, received_at: datetime, now: datetime
    ) -> bool:
        """Store one event of the brand's own words with everything that follows; False when it says nothing new.

        Raises: Lost, Transient.
        """
        if stored is None and not _answers_somebody(post):
            if (
                OWN in post.needs_fetch and not post.fetched
            ):  # an answer, perhaps: only the platform can say to whom
                self._ask(Fetch(post.platform, account.id, post.external_id))
            return False
        row = merged(stored, post, received_at)
        row = replace(row, automatic=row.automatic or is_listed(account, post.text, post.app_id))
        if is_known(row, stored):
            return False
        row = replace(row, rev=1 if stored is None else stored.rev + 1)
        if is_tombstone(row) or row.create_unseen:  # an edit says nothing of when its reply was made
            self._books.save({}, (), (row,), now)
        else:
            self._save(self._outcome(post, row, account), now)
        return True

    def _save(self, outcome: Outcome, now: datetime) -> None:
        lines = reply_lines(outcome.before, outcome.after, (outcome.row, *outcome.others))
        self._books.save(outcome.before, outcome.after, (outcome.row, *outcome.rows, *lines), now)

    def _outcome(self, post: Post, row: StoredPost, account: Account) -> Outcome:
        found = self._private(post, row, account) if row.kind in PRIVATE_KINDS else self._public(row)
        reply = echoed_reply(self._store, post, found.before.values())
        return found if reply is None else self._own_echo(reply, row, found)

    def _own_echo(self, reply: Reply, row: StoredPost, found: Outcome) -> Outcome:
        """Settle a reply whose echo came before its send call returned, or instead of it."""
        conversation = found.before.get(reply.conversation_id) or self._books.load(reply.conversation_id)
        after, sent, own = confirmed(conversation, reply, row)
        return Outcome({conversation.id: conversation}, [after], own, [sent])

    def _public(self, row: StoredPost) -> Outcome:
        thread = self._threads.around_reply(row)
        after = thread.after()
        answered = [c.id for c in after if (e := entry_of(c, row.external_id)) and e.settles]
        named = replace(row, conversation_id=row.conversation_id or next(iter(answered), None))
        others = [other for other in thread.replies.values() if other.external_id != row.external_id]
        return Outcome(thread.conversations, after, named, list(reply_links(row)), others)

    def _private(self, post: Post, row: StoredPost, account: Account) -> Outcome:
        """Give a direct message to its own thread and to the comment the platform ties it to; ask the others."""
        talk = self._talk(post, row, account)
        if talk is None:
            return Outcome({}, [], row)
        tied = self._tied(row)
        before = {c.id: c for c in (talk[0], tied, *self._others(post, row)) if c is not None}
        known = before | {talk[1].id: talk[1]}
        answers = tuple(c.id for c in (talk[1], tied) if c is not None)
        own = row.external_id
        asked = (i for i, c in known.items() if i not in answers)
        waiting = tuple(i for i in asked if waited_before(known[i].entries, own, row.created_at))
        verdict = Verdict(answers, () if row.automatic else waiting)
        after = [told(c, row, verdict) for c in known.values()]
        return Outcome(before, after, replace(row, conversation_id=talk[1].id))

    def _talk(
        self, post: Post, row: StoredPost, account: Account
    ) -> tuple[Conversation | None, Conversation] | None:
        """Return the direct messages' conversation as stored and to build on: the brand may have spoken first."""
        name = row.conversation_id
        if name is None and post.contact_id is not None:
            name = conversation_id(row.platform, account.id, row.thread_id, post.contact_id)
        if name is None:
            return None
        found = self._store.get(Conversation, name)
        return found, found or _spoken_first(row, post, account, name)

    def _tied(self, row: StoredPost) -> Conversation | None:
        """Return the public conversation a private reply belongs to, if the platform says so."""
        parent = row.parent_id and self._store.get(StoredPost, row.platform, row.account, row.parent_id)
        if not parent or parent.kind in PRIVATE_KINDS or parent.direction is not Direction.INBOUND:
            return None
        return self._store.get(Conversation, parent.conversation_id) if parent.conversation_id else None

    def _others(self, post: Post, row: StoredPost) -> Iterable[Conversation]:
        """Load the contact's other conversations, which a native message may or may not be about."""
        anchor = contact_anchor(post.contact_id or "")
        links = self._store.children(ThreadLink, row.platform, row.account, anchor, limit=OTHERS)
        others = (self._store.get(Conversation, link.conversation_id) for link in links)
        return [c for c in others if c is not None and c.thread_id != row.thread_id]


def _answers_somebody(post: Post) -> bool:
    return post.stops_clock or (post.op is not Op.CREATE and post.kind in ANSWERING)


def _spoken_first(row: StoredPost, post: Post, account: Account, name: str) -> Conversation:
    return Conversation(
        id=name,
        platform=row.platform,
        account=account.id,
        account_name=account.name,
        app=account.app,
        team=account.team,
        thread_id=row.thread_id,
        contact_id=post.contact_id or "",
        surface=post.surface,
        opened_at=row.created_at,
    )
