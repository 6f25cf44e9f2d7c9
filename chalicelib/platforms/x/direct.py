"""Direct messages, which the X Activity API and the Account Activity API describe alike."""

from __future__ import annotations

from chalicelib.domain.posts import Direction, Kind, Media, Op, Post
from chalicelib.platforms.payload import as_id, as_map, as_name, as_text, as_url, dig, need
from chalicelib.platforms.reading import Event, settled
from chalicelib.platforms.x.people import in_map, pair


def read_direct(event: Event, message: object, users: object) -> Post:
    """Read one ``message_create``; the thread is the pair of people, whoever wrote."""
    created = as_map(dig(message, "message_create"))
    external = need(as_id(dig(message, "id")), "direct message id")
    sender = need(as_id(created.get("sender_id")), "sender_id")
    recipient = need(as_id(dig(created, "target", "recipient_id")), "target.recipient_id")
    at, source = event.when(dig(message, "created_timestamp"))
    person = in_map(users, sender)
    app_id = as_id(created.get("source_app_id"))
    ours = event.is_ours(sender)
    return settled(
        Post(
            platform="x",
            account=event.account,
            kind=Kind.DM,
            op=Op.CREATE,
            external_id=external,
            thread_id=pair(sender, recipient),
            author_id=sender,
            author_name=person.name,
            author_handle=person.handle,
            text=as_text(dig(created, "message_data", "text")),
            media=_media(dig(created, "message_data", "attachment", "media")),
            created_at=at,
            created_at_source=source,
            direction=_direction(event, app_id) if ours else Direction.INBOUND,
            dedupe_key=f"x:dm:{external}",
            contact_id=recipient if ours else sender,
            followers=person.followers,
            verified=person.verified,
            app_id=app_id,
        )
    )


def _direction(event: Event, app_id: str | None) -> Direction:
    return Direction.OUTBOUND if app_id in event.own.app_ids else Direction.SELF


def _media(attached: object) -> tuple[Media, ...]:
    if not as_map(attached):
        return ()
    kind = {"photo": "image", "animated_gif": "image"}
    word = as_name(dig(attached, "type")) or "file"
    url = as_url(dig(attached, "media_url_https"))
    return (Media(kind.get(word, word), url, as_id(dig(attached, "id_str"))),)
