"""Asks the judge what a post needs, with what only the table knows.

The judge sits behind a port. What people say of its answers is ``corrections``'s.
"""

from __future__ import annotations

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.judgement import Context, Judgement
from chalicelib.domain.posts import Op, Post
from chalicelib.domain.settling import counting, unanswered
from chalicelib.services.ports import Judge


class Judging:
    """Judges posts."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def judge(self, post: Post, conversation: Conversation | None, *, repeat: bool) -> Judgement:
        """Judge one version of a post. ``repeat``: this person has written about something else before."""
        context = Context(
            platform=post.platform,
            surface=post.surface,
            in_open_conversation=_is_open(conversation, post),
            after_our_reply=_is_answered(conversation, post),
            repeat_contact=repeat,
            has_media=bool(post.media),
            followers=post.followers,
            verified=post.verified,
        )
        return self._judge.classify(post.text, context)


def _is_open(conversation: Conversation | None, post: Post) -> bool:
    """Tell whether the customer waits already; a post whose words come later does not keep itself waiting."""
    if conversation is None or conversation.state is not State.WAITING:
        return False
    return post.op is not Op.CREATE or any(e.id != post.external_id for e in unanswered(conversation.entries))


def _is_answered(conversation: Conversation | None, post: Post) -> bool:
    """Tell whether the brand spoke last; for a post that is judged anew, whether it had spoken before it."""
    if conversation is None:
        return False
    if post.fetched:
        return any(reply.at < post.created_at for reply in counting(conversation.entries))
    return conversation.state is State.ANSWERED
