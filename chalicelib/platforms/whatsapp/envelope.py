"""WhatsApp's envelope: lists of messages, statuses and echoes inside ``entry[].changes[].value``.

Source: developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages. The account
is the phone number's id; changes without one (templates, reviews) are about nobody's customers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.platforms import packing
from chalicelib.platforms.base import UnreadableBody, Update
from chalicelib.platforms.meta.envelope import TEST_ACCOUNT, merge
from chalicelib.platforms.payload import as_id, as_items, as_map, dig, parse
from chalicelib.platforms.whatsapp.events import IGNORED

LISTS = ("messages", "message_echoes", "statuses")
_PEOPLE = ("from", "from_user_id", "recipient_id", "recipient_user_id")


def updates(body: bytes) -> list[Update]:
    """List the events of a payload in order. Raises: UnreadableBody."""
    payload = as_map(parse(body))
    entries = as_items(payload.get("entry"))
    if not entries:
        raise UnreadableBody("the body has no list of entries")
    head = {"object": payload.get("object")}
    return [update for n, entry in enumerate(entries) for update in _entry(head, f"entry[{n}]", entry)]


def split(body: bytes, *, at_most: int, max_bytes: int) -> list[bytes]:
    """Cut a body into payloads of at most so many events; see ``Platform.split``."""
    return packing.split(body, updates, merge, at_most=at_most, max_bytes=max_bytes)


def _entry(head: Mapping[str, Any], path: str, entry: object) -> Iterator[Update]:
    changes = as_items(dig(entry, "changes"))
    test = as_id(dig(entry, "id")) == TEST_ACCOUNT
    if test or not changes:
        whole = {**head, "entry": [entry]}
        yield Update(path, TEST_ACCOUNT if test else None, whole, about_nobody=test)
        return
    own = {key: value for key, value in as_map(entry).items() if key in {"id", "time"}}
    for i, change in enumerate(changes):
        for where, account_id, alone in _change(change):
            one = {**head, "entry": [{**own, "changes": [alone]}]}
            about_nobody = as_id(dig(alone, "field")) in IGNORED
            yield Update(f"{path}.changes[{i}]{where}", account_id, one, about_nobody)


def _change(change: object) -> Iterator[tuple[str, str | None, object]]:
    """Give each message, status or echo a change of its own, with only the contact it needs.

    Errors beside a message explain that message; alone they stay one event.
    """
    value = as_map(dig(change, "value"))
    account_id = as_id(dig(value, "metadata", "phone_number_id"))
    found = [(key, i, event) for key in LISTS for i, event in enumerate(as_items(value.get(key)))]
    if not found:
        yield "", account_id, change
    kept = {key: value[key] for key in ("messaging_product", "metadata") if key in value}
    people = _people(value)
    for key, i, event in found:
        alone = {**kept, "contacts": _contacts(people, event), key: [event]}
        yield f".value.{key}[{i}]", account_id, {"field": dig(change, "field"), "value": alone}


def _people(value: Mapping[str, Any]) -> dict[str | None, Any]:
    """Index the contacts of a change by each of their ids; under None the first there is."""
    contacts = as_items(value.get("contacts"))
    people: dict[str | None, Any] = {}
    for contact in contacts:
        for key in ("wa_id", "user_id"):
            people.setdefault(as_id(dig(contact, key)), contact)
    return people | ({None: contacts[0]} if contacts else {})


def _contacts(people: Mapping[str | None, Any], event: object) -> list[Any]:
    """Return the contact an event speaks of; where the numbers disagree, the first there is."""
    ids = [as_id(dig(event, key)) for key in _PEOPLE]
    named = next((one for one in ids if one in people and one is not None), None)
    return [people[named]] if named in people else []
