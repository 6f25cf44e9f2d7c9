"""Message bodies: versioned JSON, one kind each; a delivery's body travels gzip + base64.

A reader must understand every version still in flight (queues hold 14 days), so a changed body gets a new
``v`` and the old reader stays. Nothing here sends.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.domain.items import stamp
from chalicelib.errors import Permanent
from chalicelib.services.ports import Fetch, Hand, Inbound, Message, Receipt, Ref, Sweep, Text, Wake, Whisper

VERSION = 1


class UnknownMessage(Permanent):
    """A body nobody here can read; it names what it claims to be."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, runbook="unknown-message")


def dumps(message: Message) -> str:
    """Return the body of a message."""
    kind, write = _WRITERS[type(message)]
    return json.dumps({"v": VERSION, "kind": kind, **write(message)}, separators=(",", ":"))


def loads(body: str) -> Message:
    """Read a body. Raises: UnknownMessage naming the version or kind, or saying what is wrong with the body."""
    try:
        fields = json.loads(body)
        name = (fields.get("v"), fields.get("kind"))
        read = _READERS.get(name)
    except (ValueError, AttributeError, TypeError) as fault:
        raise UnknownMessage(f"a message of {len(body)} characters is no JSON object: {fault}") from fault
    if read is None:
        raise UnknownMessage(
            f"no reader for message version {name[0]!r}, kind {name[1]!r}: deploy newer code"
        )
    try:
        return read(fields)
    except (KeyError, TypeError, ValueError, OSError, EOFError) as fault:
        raise UnknownMessage(f"the {name[1]} message cannot be read: {fault!r}") from fault


def _ref(ref: Ref) -> list[str]:
    return [ref.kind, *ref.identity]


def _to_ref(parts: list[str]) -> Ref:
    kind, *identity = parts
    return Ref(kind, tuple(identity))


def _write_inbound(message: Inbound) -> dict[str, Any]:
    return {
        "platform": message.platform,
        "app": message.app,
        "received_at": stamp(message.received_at),
        "body": base64.b64encode(gzip.compress(message.body, mtime=0)).decode(),
        **({"swept": True} if message.swept else {}),
        **({"history": True} if message.history else {}),
    }


def _read_inbound(fields: dict[str, Any]) -> Inbound:
    return Inbound(
        platform=fields["platform"],
        app=fields["app"],
        received_at=datetime.fromisoformat(fields["received_at"]),
        body=gzip.decompress(base64.b64decode(fields["body"], validate=True)),
        swept=fields.get("swept") is True,
        history=fields.get("history") is True,
    )


def _write_wake(message: Wake) -> dict[str, Any]:
    return {"ref": _ref(message.ref), "due_at": stamp(message.due_at)}


def _read_wake(fields: dict[str, Any]) -> Wake:
    return Wake(_to_ref(fields["ref"]), datetime.fromisoformat(fields["due_at"]))


def _write_hand(message: Hand) -> dict[str, Any]:
    return {"ref": _ref(message.ref)}


def _read_hand(fields: dict[str, Any]) -> Hand:
    return Hand(_to_ref(fields["ref"]))


def _write_whisper(message: Whisper) -> dict[str, Any]:
    return {"response_url": message.response_url, "text": message.text}


def _read_whisper(fields: dict[str, Any]) -> Whisper:
    return Whisper(fields["response_url"], fields["text"])


def _write_sweep(message: Sweep) -> dict[str, Any]:
    return {"platform": message.platform, "account": message.account, "stream": message.stream}


def _read_sweep(fields: dict[str, Any]) -> Sweep:
    return Sweep(fields["platform"], fields["account"], fields["stream"])


def _write_text(message: Text) -> dict[str, Any]:
    return {"id": message.id, "phone": message.phone, "text": message.text}


def _read_text(fields: dict[str, Any]) -> Text:
    return Text(fields["id"], fields["phone"], fields["text"])


def _write_receipt(message: Receipt) -> dict[str, Any]:
    return {"key": message.key, "fault": message.fault}


def _read_receipt(fields: dict[str, Any]) -> Receipt:
    return Receipt(fields["key"], fields["fault"])


def _write_fetch(message: Fetch) -> dict[str, Any]:
    return {"platform": message.platform, "account": message.account, "post_id": message.post_id}


def _read_fetch(fields: dict[str, Any]) -> Fetch:
    return Fetch(fields["platform"], fields["account"], fields["post_id"])


_WRITERS: dict[type, tuple[str, Callable[[Any], dict[str, Any]]]] = {
    Inbound: ("inbound", _write_inbound),
    Wake: ("wake", _write_wake),
    Hand: ("hand", _write_hand),
    Whisper: ("whisper", _write_whisper),
    Sweep: ("sweep", _write_sweep),
    Fetch: ("fetch", _write_fetch),
    Text: ("text", _write_text),
    Receipt: ("receipt", _write_receipt),
}

_READERS: dict[tuple[Any, Any], Callable[[dict[str, Any]], Message]] = {
    (1, "inbound"): _read_inbound,
    (1, "wake"): _read_wake,
    (1, "hand"): _read_hand,
    (1, "whisper"): _read_whisper,
    (1, "sweep"): _read_sweep,
    (1, "fetch"): _read_fetch,
    (1, "text"): _read_text,
    (1, "receipt"): _read_receipt,
}
