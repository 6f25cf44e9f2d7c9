"""What a follow-up changes when its time has come: the conversation is owed a look again, born now.

Whatever was answered, closed or judged to need nothing waits again by its last post, on a promise of its own that
starts now: the customer asked nothing, so nothing is late. What waits anyway goes on.
Whoever asked for it is told first, as the last owner is. Nothing here stores or pages.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.pages import OWNER
from chalicelib.domain.settling import customers, is_living


def can_be_followed(conversation: Conversation) -> bool:
    """Tell whether there is anything left to look at: a post of the customer's that still stands."""
    return any(is_living(post) for post in customers(conversation.entries))


def followed_up(conversation: Conversation, by: str, now: datetime) -> Conversation:
    """Return the conversation back in its queue, with ``by`` as who hears of it first; not yet recounted."""
    greeted = tuple(f for f in conversation.fired if f.step != OWNER)
    asked = replace(conversation, last_owner=by, fired=greeted)
    if conversation.state is State.WAITING:
        return asked
    last = [post for post in customers(conversation.entries) if is_living(post)][-1]
    again = replace(last, owes=True, waived=False, history=False, again_at=now)
    entries = tuple(again if entry.id == last.id else entry for entry in conversation.entries)
    return replace(asked, entries=entries)


def is_follow_up(conversation: Conversation) -> bool:
    """Tell whether the running clock is a follow-up's: the customer has asked nothing new."""
    owed = (e for e in conversation.entries if e.id == conversation.owed_post_id)
    return any(e.again_at is not None and e.again_at == e.born_at for e in owed)
