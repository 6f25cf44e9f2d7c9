"""What one update of Meta's envelope holds, and reading it with a platform's own table of ``changes``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.posts import Ignored, Reading
from chalicelib.platforms.base import Own, Update
from chalicelib.platforms.meta import messaging
from chalicelib.platforms.payload import as_id, as_instant, as_map, dig
from chalicelib.platforms.reading import Event, Handled, read_event, unreadable

Word = Callable[[str, Mapping[str, Any]], str]
WRAPPED = frozenset(
    {
        "messages",
        "message_echoes",
        "message_edit",
        "message_edits",
        "message_reactions",
        "message_deliveries",
        "message_reads",
        "messaging_account_linking",
        "messaging_handovers",
        "messaging_optins",
        "messaging_policy_enforcement",
        "messaging_postbacks",
        "messaging_referral",
        "messaging_referrals",
        "messaging_seen",
        "standby",
    }
)
"""Messaging fields that the dashboard, and some Instagram accounts, send inside ``changes``."""


@dataclass(frozen=True, slots=True)
class Tables:
    """How a platform names its ``changes``: ``word`` makes the key under which ``events`` holds the reader."""

    word: Word
    events: Mapping[str, Handled]
    ignored: Mapping[str, str]


def read_entry(platform: str, update: Update, own: Own, received_at: datetime, tables: Tables) -> Reading:
    """Read the one event of an update, whichever list it came in."""
    if update.about_nobody:
        return Reading(ignored=(Ignored(update.path, "App Dashboard test event: it is about nobody"),))
    entry = as_map(dig(update.payload, "entry", 0))
    if update.account_id is None or not entry:
        return unreadable(update.path, "an entry without an id")
    event = Event(
        platform=platform,
        account=update.account_id,
        path=update.path,
        body=entry,
        own=own,
        received_at=received_at,
        sent_at=as_instant(entry.get("time")),
    )
    return _read(event, entry, tables)


def _read(event: Event, entry: Mapping[str, Any], tables: Tables) -> Reading:
    for key in ("messaging", "standby"):
        if key in entry:
            return _read_messaging(replace(event, body=as_map(dig(entry, key, 0))))
    change = as_map(dig(entry, "changes", 0)) or entry
    field, value = as_id(change.get("field")), as_map(change.get("value"))
    if field is None or not value:
        return unreadable(event.path, "neither a message nor a change with a field and a value")
    if field in WRAPPED:
        return _read_messaging(replace(event, body=value))
    return read_event(replace(event, body=value), tables.word(field, value), tables.events, tables.ignored)


def _read_messaging(event: Event) -> Reading:
    return read_event(event, messaging.word_of(event.body), messaging.EVENTS, messaging.IGNORED)
