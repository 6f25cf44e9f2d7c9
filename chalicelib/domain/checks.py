"""Which post people are asked about: whether it needs an answer at all.

Two questions look alike: of a post the judge was in doubt about, whose clock runs meanwhile; and of one it closed,
shown by chance so that its misses are counted, for which nobody is paged. Nothing here asks or decides.
"""

from __future__ import annotations

from chalicelib.domain.conversation import Conversation, Entry, State
from chalicelib.domain.settling import customers, is_living

QUESTION = "Please check: does this need an answer?"


def asked_about(conversation: Conversation) -> Entry | None:
    """Return the post in question: the one whose clock runs, or the last one where nothing is owed."""
    living = [post for post in customers(conversation.entries) if is_living(post)]
    match conversation.state:
        case State.WAITING:
            posts = [post for post in living if post.id == conversation.owed_post_id]
        case State.NO_ANSWER_NEEDED:
            posts = living[-1:]
        case State.ANSWERED | State.PAUSED | State.CLOSED:
            return None
    return next((post for post in posts if post.check), None)


def is_news(conversation: Conversation) -> bool:
    """Tell whether a channel that has not been told of it should be: somebody waits, or people are asked."""
    return conversation.state is State.WAITING or asked_about(conversation) is not None
