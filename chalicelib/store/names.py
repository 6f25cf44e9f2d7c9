"""Attribute names shorter than their fields', where a row is written often enough for its bytes to cost.

DynamoDB bills a write per started kilobyte, names included: these keep a conversation with a few entries in
one. A short name, once used, is never given to another field. Index attributes and ``rev`` keep their names.
"""

from __future__ import annotations

from chalicelib.domain.conversation import Claim, Conversation, Entry, Fired
from chalicelib.domain.items import StoredPost
from chalicelib.domain.judgement import Judgement

SHORT: dict[type, dict[str, str]] = {
    Conversation: {
        "platform": "pf",
        "account": "ac",
        "account_name": "an",
        "app": "ap",
        "team": "te",
        "thread_id": "th",
        "contact_id": "co",
        "contact_name": "cn",
        "contact_handle": "ch",
        "surface": "su",
        "opened_at": "oa",
        "epoch": "ep",
        "state": "st",
        "version": "ve",
        "post_id": "po",
        "permalink": "li",
        "kind": "ki",
        "priority": "pr",
        "topics": "to",
        "entries": "en",
        "maybe_replies": "mr",
        "escalation": "es",
        "hours": "ho",
        "target": "ta",
        "owed_post_id": "ow",
        "started_at": "sa",
        "promise_at": "pa",
        "window_until": "wu",
        "claim": "cl",
        "last_owner": "lo",
        "fired": "fi",
        "answered_at": "aa",
        "answered_by": "ab",
        "card_channels": "cc",
        "repeat_contact": "rc",
        "sending": "se",
    },
    Entry: {
        "id": "i",
        "at": "a",
        "received_at": "r",
        "voice": "v",
        "owes": "o",
        "parent_id": "p",
        "born_at": "b",
        "settles": "s",
        "kind": "k",
        "priority": "y",
        "topics": "t",
        "by": "u",
        "native": "n",
        "decided_by": "d",
        "owed_from": "f",
        "revived_at": "w",
        "gone_at": "g",
        "gone": "x",
        "waived": "z",
        "check": "c",
        "again_at": "q",
    },
    Fired: {"step": "s", "n": "n", "at": "a", "collapsed": "c"},
    Claim: {"owner": "o", "at": "a", "until": "u", "renewals": "r", "by_sms": "m", "nudged": "n"},
    StoredPost: {
        "kind": "ki",
        "direction": "di",
        "thread_id": "th",
        "conversation_id": "cv",
        "created_at": "ca",
        "received_at": "ra",
        "parent_id": "pa",
        "post_id": "po",
        "author_id": "au",
        "text": "tx",
        "owed_from": "of",
        "tags": "tg",
        "permalink": "li",
        "judgement": "ju",
        "label_month": "lm",
        "sampled": "sm",
    },
    Judgement: {
        "needs_response": "nr",
        "kind": "ki",
        "priority": "pr",
        "topics": "to",
        "language": "la",
        "contains_personal_data": "pd",
        "confidence": "cf",
        "reasons": "re",
        "model": "mo",
    },
}


def written_as(kind: type, field: str) -> str:
    """Return the attribute that holds a field."""
    return SHORT.get(kind, {}).get(field, field)
