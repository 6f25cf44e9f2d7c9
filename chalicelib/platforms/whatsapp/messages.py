"""Readers of WhatsApp messages, of what staff typed in the Business app, and of what became of our sends.

People are known by phone number, by business-scoped user id (BSUID), or by both; the number may be missing.
Direction is decided by the list an event came in: published samples disagree about ``from`` and ``to``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.posts import Direction, Kind, Media, Op, Post, ProviderFault, Receipt
from chalicelib.platforms.payload import as_id, as_items, as_map, as_name, as_text, as_url, dig, need
from chalicelib.platforms.reading import Event, settled

_FILES = ("image", "video", "audio", "document", "sticker")
_WORDS = (
    ("text", "body"),
    ("button", "text"),
    ("interactive", "button_reply", "title"),
    ("interactive", "list_reply", "title"),
    ("interactive", "nfm_reply", "body"),
    ("order", "text"),
    ("location", "name"),
    ("location", "address"),
    *((kind, "caption") for kind in _FILES),
)
_MAX_FAULTS = 10


@dataclass(frozen=True, slots=True)
class Said:
    """One message and who said it to whom."""

    message: Mapping[str, object]
    id: str
    author: str
    contact: str
    aliases: tuple[str, ...]
    direction: Direction
    at: datetime
    source: str


def read_message(event: Event) -> Post:
    """Read a message; one we cannot show still means that somebody wrote to us."""
    said = _said(event)
    return settled(
        replace(
            _post(event, said),
            parent_id=as_id(dig(said.message, "context", "id")),
            text=_text(said.message),
            media=_media(said.message),
        )
    )


def read_edit(event: Event) -> Post:
    """Read an edit: it has an id of its own and names the message it changes."""
    said = _said(event)
    edited = as_map(dig(said.message, "edit", "message"))
    original = need(as_id(dig(said.message, "edit", "original_message_id")), "edit.original_message_id")
    post = replace(_post(event, said), external_id=original, op=Op.UPDATE, is_edited=True)
    return settled(replace(post, text=_text(edited), media=_media(edited)))


def read_revoke(event: Event) -> Post:
    """Read a message taken back."""
    said = _said(event)
    original = need(as_id(dig(said.message, "revoke", "original_message_id")), "revoke.original_message_id")
    return settled(replace(_post(event, said), external_id=original, op=Op.DELETE, is_deleted=True))


def read_reaction(event: Event) -> Post:
    """Read a reaction; one without an emoji takes an earlier one back."""
    said = _said(event)
    emoji = as_text(dig(said.message, "reaction", "emoji"))
    post = replace(_post(event, said), kind=Kind.REACTION, op=Op.CREATE if emoji else Op.DELETE)
    return settled(replace(post, parent_id=as_id(dig(said.message, "reaction", "message_id")), text=emoji))


def read_status(event: Event) -> Receipt:
    """Read what became of a message of ours; a 200 from the send call was only acceptance."""
    status = as_map(dig(event.body, "statuses", 0))
    sent = need(as_id(status.get("id")), "statuses.id")
    became = need(as_id(status.get("status")), "statuses.status")
    at, _source = event.when(status.get("timestamp"))
    recipient = as_id(status.get("recipient_id")) or as_id(status.get("recipient_user_id"))
    return Receipt(
        platform=event.platform,
        account=event.account,
        receipt_for=sent,
        status=became,
        at=at,
        dedupe_key=event.key("status", sent, became),
        recipient=recipient,
        correlation=as_id(status.get("biz_opaque_callback_data")),
        faults=tuple(_fault(error) for error in as_items(status.get("errors"))[:_MAX_FAULTS]),
    )


def _said(event: Event) -> Said:
    echo = as_map(dig(event.body, "message_echoes", 0))
    message = echo or as_map(dig(event.body, "messages", 0))
    at, source = event.when(message.get("timestamp"))
    contact, aliases = _person(event, message, "to" if echo else "from")
    own_number = as_id(dig(event.body, "metadata", "display_phone_number")) or event.account
    return Said(
        message=message,
        id=need(as_id(message.get("id")), "message id"),
        author=(as_id(message.get("from")) or own_number) if echo else contact,
        contact=contact,
        aliases=aliases,
        direction=Direction.SELF if echo else Direction.INBOUND,
        at=at,
        source=source,
    )


def _person(event: Event, message: Mapping[str, object], role: str) -> tuple[str, tuple[str, ...]]:
    """Return the customer's id, and the other ids the same person goes by."""
    listed = as_map(dig(event.body, "contacts", 0))
    known = [as_id(message.get(role)), as_id(message.get(f"{role}_user_id"))]
    if role == "from":
        known += [as_id(listed.get("user_id"))] if known[0] else [as_id(listed.get("wa_id"))]
        known += [as_id(listed.get("user_id"))]
    found = list(dict.fromkeys(person for person in known if person))
    return need(found[0] if found else None, role), tuple(found[1:])


def _post(event: Event, said: Said) -> Post:
    inbound = said.direction is Direction.INBOUND
    profile = dig(event.body, "contacts", 0, "profile") if inbound else None
    return Post(
        platform=event.platform,
        account=event.account,
        kind=Kind.DM,
        op=Op.CREATE,
        external_id=said.id,
        thread_id=f"{event.account}:{as_id(said.message.get('group_id')) or said.contact}",
        author_id=said.author,
        author_name=as_name(dig(profile, "name")),
        author_handle=as_name(dig(profile, "username")),
        created_at=said.at,
        created_at_source=said.source,
        direction=said.direction,
        dedupe_key=event.key("dm", said.id),
        contact_id=said.contact,
        aliases=said.aliases,
    )


def _text(message: Mapping[str, object]) -> str | None:
    found = (as_text(dig(message, *path)) for path in _WORDS)
    return next((text for text in found if text), None)


def _media(message: Mapping[str, object]) -> tuple[Media, ...]:
    return tuple(
        Media(
            type=kind,
            url=as_url(file.get("url")),
            id=as_id(file.get("id")),
            title=as_name(file.get("filename")),
            mime=as_name(file.get("mime_type")),
        )
        for kind in _FILES
        if (file := as_map(message.get(kind)))
    )


def _fault(error: object) -> ProviderFault:
    return ProviderFault(as_id(dig(error, "code")) or "", as_name(dig(error, "title")) or "")
