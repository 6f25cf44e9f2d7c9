"""Direct messages as Messenger and Instagram send them, in ``messaging`` and ``standby`` alike.

Source: developers.facebook.com/docs/messenger-platform/reference/webhook-events and
docs/instagram-platform/webhooks/examples. Events are told apart by which key exists, never by ``object``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.posts import Direction, Kind, Media, Op, Post
from chalicelib.platforms.meta.attachments import media_of
from chalicelib.platforms.payload import as_id, as_items, as_map, as_text, dig, need
from chalicelib.platforms.reading import Event, Handled, settled

_DOCS = "https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/"


@dataclass(frozen=True, slots=True)
class Talk:
    """Who talks with whom: ``contact`` is whichever party is not the brand."""

    sender: str
    contact: str
    direction: Direction
    at: datetime
    source: str

    def thread(self, event: Event) -> str:
        """Return the thread: one per account and person, whoever speaks."""
        return f"{event.account}:{self.contact}"


def read_message(event: Event) -> Post:
    """Read a message, an echo of the brand's own, or the news that one was unsent."""
    message = as_map(event.body.get("message"))
    mid = need(as_id(message.get("mid")), "message.mid")
    post = replace(
        _base(event, _talk(event, message), mid, "dm", mid),
        kind=_kind(message),
        parent_id=as_id(dig(message, "reply_to", "mid")) or as_id(dig(message, "reply_to", "story", "id")),
        text=as_text(message.get("text")),
        media=media_of(message.get("attachments")) + _story(message),
        app_id=as_id(message.get("app_id")),
        correlation=as_id(message.get("metadata")),
    )
    return settled(_unsent(event, post) if message.get("is_deleted") is True else post)


def read_edit(event: Event) -> Post:
    """Read an edit: the same ``mid``, new words, the old deadline."""
    edit = as_map(event.body.get("message_edit"))
    mid = need(as_id(edit.get("mid")), "message_edit.mid")
    talk = _talk(event, edit)
    number = as_id(edit.get("num_edit")) or _millis(talk)
    post = _base(event, talk, mid, "dm", mid, "edit", number)
    return settled(replace(post, op=Op.UPDATE, is_edited=True, text=as_text(edit.get("text"))))


def read_reaction(event: Event) -> Post:
    """Read a reaction; ``mid`` is the message reacted to."""
    reaction = as_map(event.body.get("reaction"))
    mid = need(as_id(reaction.get("mid")), "reaction.mid")
    talk = _talk(event, reaction)
    action = as_id(reaction.get("action")) or "react"
    own_id = ":".join((mid, talk.sender, action, _millis(talk)))
    post = _base(event, talk, own_id, "reaction", own_id)
    return settled(
        replace(
            post,
            kind=Kind.REACTION,
            op=Op.DELETE if action == "unreact" else Op.CREATE,
            parent_id=mid,
            text=as_text(reaction.get("emoji")) or as_text(reaction.get("reaction")),
        )
    )


def read_postback(event: Event) -> Post:
    """Read a press on a button. It is shown, but a menu choice alone asks nobody for an answer.

    The published form has no ``mid`` and, in standby, no ``payload``: then the key is derived.
    """
    postback = as_map(event.body.get("postback"))
    talk = _talk(event, postback)
    mid = as_id(postback.get("mid"))
    derived = f"{talk.contact}:{_millis(talk)}"
    choice = as_id(postback.get("payload")) or as_id(postback.get("title")) or ""
    parts = (mid,) if mid else (derived, choice)
    post = _base(event, talk, mid or f"postback:{derived}", "postback", *parts)
    return replace(settled(replace(post, text=as_text(postback.get("title")))), opens_case=False)


EVENTS: Mapping[str, Handled] = {
    "message": Handled(read_message, _DOCS + "messages"),
    "message_edit": Handled(read_edit, _DOCS + "message-edits"),
    "reaction": Handled(read_reaction, _DOCS + "message-reactions"),
    "postback": Handled(read_postback, _DOCS + "messaging_postbacks"),
}

IGNORED: Mapping[str, str] = {
    "read": "read receipt",
    "delivery": "delivery receipt",
    "referral": "a person opened the conversation from a link or an ad, without a word yet",
    "optin": "a person opted in to notifications",
    "account_linking": "account linking",
    "pass_thread_control": "another app handed the thread over",
    "take_thread_control": "another app took the thread",
    "request_thread_control": "another app asks for the thread",
    "app_roles": "the app's role on the Page changed",
    "policy_enforcement": "policy notice to the Page: see Page Quality in the Meta console",
    "message_context": "context of an order or an ad",
    "messaging_feedback": "answers to a feedback form",
    "response_feedback": "thumbs up or down for a bot's answer",
    "game_play": "a game was played",
    "typing": "typing indicator",
    **dict.fromkeys(
        ("account_update", "checkout_update", "order", "payment", "pre_checkout"),
        "the shop's business: that belongs to the shop",
    ),
    **dict.fromkeys(("optout", "in_thread_lead_form_submit"), "a choice or a form: that belongs to the CRM"),
}


def word_of(body: Mapping[str, object]) -> str | None:
    """Tell which event it is: the first key we know, else any other, so that quarantine can name it."""
    known = (word for word in (*EVENTS, *IGNORED) if body.get(word) is not None)
    envelope = ("sender", "recipient", "timestamp", "is_self")
    return next(known, next((str(key) for key in body if key not in envelope), None))


def _talk(event: Event, said: Mapping[str, object]) -> Talk:
    sender = need(as_id(dig(event.body, "sender", "id")), "sender.id")
    ours = event.is_ours(sender)
    contact = need(as_id(dig(event.body, "recipient", "id")), "recipient.id") if ours else sender
    at, source = event.when(event.body.get("timestamp"))
    brand = ours or said.get("is_echo") is True
    return Talk(sender, contact, _sent_by(event, said) if brand else Direction.INBOUND, at, source)


def _sent_by(event: Event, said: Mapping[str, object]) -> Direction:
    """Tell our own send from one by any other means, by the sending app's id.

    Where no app id of ours is known, ``metadata`` decides: our sends carry a token in it, native inboxes none.
    """
    if event.own.app_ids:
        ours = as_id(said.get("app_id")) in event.own.app_ids
    else:
        ours = as_id(said.get("metadata")) is not None
    return Direction.OUTBOUND if ours else Direction.SELF


def _base(event: Event, talk: Talk, external_id: str, *key: str) -> Post:
    return Post(
        platform=event.platform,
        account=event.account,
        kind=Kind.DM,
        op=Op.CREATE,
        external_id=external_id,
        thread_id=talk.thread(event),
        created_at=talk.at,
        created_at_source=talk.source,
        direction=talk.direction,
        dedupe_key=event.key(*key),
        author_id=talk.sender,
        contact_id=talk.contact,
    )


def _kind(message: Mapping[str, object]) -> Kind:
    if dig(message, "reply_to", "story") is not None:
        return Kind.STORY_REPLY
    attached = (dig(item, "type") for item in as_items(message.get("attachments")))
    return Kind.STORY_MENTION if "story_mention" in attached else Kind.DM


def _story(message: Mapping[str, object]) -> tuple[Media, ...]:
    url = as_text(dig(message, "reply_to", "story", "url"))
    return (Media("story", url),) if url else ()


def _unsent(event: Event, post: Post) -> Post:
    key = event.key("dm", post.external_id, "delete")
    return replace(post, op=Op.DELETE, kind=Kind.DM, is_deleted=True, text=None, media=(), dedupe_key=key)


def _millis(talk: Talk) -> str:
    return str(round(talk.at.timestamp() * 1000))
