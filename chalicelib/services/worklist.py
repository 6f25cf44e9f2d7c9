"""Open work as a person asks for it: theirs, everybody's by deadline, or one customer's.

There is no index of owners or of names, and nothing here scans: the most pressing open work is read and looked
through, and an exact id is looked up. Whoever shows a list says how far it looked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice

from chalicelib.domain.alert_words import handle_of
from chalicelib.domain.claims import holder
from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.items import ThreadLink
from chalicelib.services.history import History, Mask
from chalicelib.services.intake_threads import contact_anchor
from chalicelib.services.ports import Store, TeamSource

MOST_READ = 100
"""How many open conversations are looked through, the most pressing: a second's worth of reads."""

MOST_SHOWN = 10
QUOTE = 90


@dataclass(frozen=True, slots=True)
class Item:
    """One conversation in a list. Words are masked of personal data; ``at`` is its deadline or its pause's end."""

    conversation_id: str
    handle: str
    platform: str
    state: State
    priority: str
    quote: str
    at: datetime | None = None
    owner: str | None = None
    permalink: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A list: what is shown, and how many there were of it; ``looked_at``: how many were, where there was more."""

    items: tuple[Item, ...]
    count: int
    looked_at: int | None = None


class Worklist:
    """Reads lists of conversations."""

    def __init__(self, store: Store, teams: TeamSource, mask: Mask, *, most_read: int = MOST_READ) -> None:
        self._store = store
        self._teams = teams
        self._mask = mask
        self._most = most_read
        self._history = History(store, mask)

    def mine(self, person: str, now: datetime) -> Found:
        """Return what a person has, or paused themselves."""
        return self._open_work(lambda c: person in (holder(c, now), c.paused_by), now)

    def queue(self, now: datetime) -> Found:
        """Return everybody's open work, the most pressing first."""
        return self._open_work(lambda _: True, now)

    def find(self, words: str, now: datetime) -> Found:
        """Return the conversations of a customer: by a part of their name among open work, and by exact id anywhere."""
        named = self._open_work(lambda c: _is_called(c, words), now)
        known = {item.conversation_id for item in named.items}
        others = [c for c in self._by_id(words) if c.id not in known]
        newest = sorted(others, key=lambda c: c.opened_at, reverse=True)
        shown = tuple(self._item(c, now) for c in newest[: MOST_SHOWN - len(named.items)])
        return Found((*named.items, *shown), named.count + len(others), named.looked_at)

    def _open_work(self, wanted: Callable[[Conversation], bool], now: datetime) -> Found:
        read = list(islice(self._by_deadline(), self._most + 1))
        loaded = (self._store.get(Conversation, name) for _, name in read[: self._most])
        found = [c for c in loaded if c is not None and wanted(c)]
        items = tuple(self._item(c, now) for c in found[:MOST_SHOWN])
        return Found(items, len(found), self._most if len(read) > self._most else None)

    def _by_deadline(self) -> Iterator[tuple[datetime, str]]:
        queues = (
            ((at, name) for name, at in self._store.open_work(team)) for team in self._teams.current().teams
        )
        return merge(*queues)

    def _by_id(self, words: str) -> list[Conversation]:
        """Return the conversation of this id, or those of the contact of this id on any of our accounts."""
        one = self._store.get(Conversation, words)
        if one is not None:
            return [one]
        anchor = contact_anchor(words.removeprefix("@"))
        accounts = {(a.platform, a.id) for a in self._teams.current().accounts.values()}
        links = (link for key in sorted(accounts) for link in self._store.children(ThreadLink, *key, anchor))
        found = (self._store.get(Conversation, link.conversation_id) for link in links)
        return [conversation for conversation in found if conversation is not None]

    def _item(self, conversation: Conversation, now: datetime) -> Item:
        return Item(
            conversation_id=conversation.id,
            handle=self._mask(handle_of(conversation)),
            platform=conversation.platform,
            state=conversation.state,
            priority=conversation.priority,
            quote=self._history.quote(conversation)[:QUOTE],
            at=conversation.deadline_at or conversation.paused_until,
            owner=holder(conversation, now),
            permalink=conversation.permalink,
        )


def _is_called(conversation: Conversation, words: str) -> bool:
    """Tell whether a customer's name or handle holds these words, whatever their case."""
    sought = words.removeprefix("@").casefold()
    names = (conversation.contact_name, conversation.contact_handle, conversation.contact_id)
    return any(sought in name.casefold() for name in names if name)
