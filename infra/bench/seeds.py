"""Fills the table with open conversations, as intake and the ladder would have left them, many at a time."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.escalation import advance, next_due_at
from chalicelib.domain.items import Card, Handover, StoredPost
from chalicelib.domain.team import TeamFile
from chalicelib.services.platform_port import Delivery
from chalicelib.store.codec import encode
from infra.bench.deliveries import QUESTION, Writer
from infra.bench.scene import BRAND, Scene
from infra.failures import CommandError

if TYPE_CHECKING:
    from chalicelib.wiring import Container

BATCH = 25
TRIES = 5


@dataclass
class Hands:
    """A clock that the bench moves: what is counted must not depend on how long it takes."""

    at: datetime

    def now(self) -> datetime:
        """Return the instant it shows."""
        return self.at

    def delay_until(self, at: datetime) -> timedelta:
        """Return what a queue would hold a message back."""
        return max(at - self.at, timedelta(0))


def taken_in(scene: Scene, box: Container, author: str) -> Conversation:
    """Let a customer comment now, and return the conversation that waits because of it, a model for many.

    It is itself put to rest: what is due is the copies' affair.
    """
    now = box.clock.now()
    writer = Writer(now=now.timestamp)
    name = writer.name()
    signed = writer.comment(name, author, QUESTION)
    with redirect_stdout(io.StringIO()):
        box.reception.receive(BRAND.platform, BRAND.app, Delivery("POST", signed.headers, {}, signed.body))
        box.entry.intake({"Records": scene.taken("inbound")})
    post = box.store.get(StoredPost, BRAND.platform, BRAND.id, name)
    found = post and box.store.get(Conversation, post.conversation_id or "")
    if not found:
        raise CommandError("A comment was not taken in")
    seed(scene, [at_rest(found)])
    return found


def moved(
    conversation: Conversation, name: str, by: timedelta, team: TeamFile, *, escalation: str | None = None
) -> Conversation:
    """Return the same case of somebody else, all of it later by so much; on another ladder, if one is named."""
    other = replace(
        conversation,
        id=name,
        contact_id=name,
        started_at=_later(conversation.started_at, by),
        promise_at=_later(conversation.promise_at, by),
        deadline_at=_later(conversation.deadline_at, by),
        escalation=escalation or conversation.escalation,
    )
    return replace(other, next_due_at=next_due_at(other, team))


def told(conversation: Conversation, team: TeamFile) -> Conversation:
    """Return the conversation after its first step: the channel has been told, the next step pages."""
    at = next_due_at(conversation, team)
    if at is None:
        raise CommandError("Nothing is due for a waiting conversation: the ladder has no steps")
    return advance(conversation, team, lambda _schedule: (), at).conversation


def at_rest(conversation: Conversation) -> Conversation:
    """Return the conversation with nothing left to do."""
    return replace(conversation, next_due_at=None)


def card_of(conversation: Conversation) -> Card:
    """Return the card that the first step showed."""
    channel, *_ = conversation.card_channels
    rev = conversation.rev
    return Card(
        conversation.id,
        channel,
        rev,
        rendered_rev=rev,
        ts="1.000100",
        slack_channel="C0",
        state=Handover.SENT,
    )


def seed(scene: Scene, rows: Iterable[object]) -> None:
    """Write rows as they are, in batches. Raises: CommandError when the table does not take them."""
    client, table = scene.swift_table, scene.stack.table
    for batch in _batches(rows):
        left: Any = {table: [{"PutRequest": {"Item": encode(row)}} for row in batch]}
        for _ in range(TRIES):
            left = client.batch_write_item(RequestItems=left)["UnprocessedItems"]
            if not left:
                break
        else:
            raise CommandError(f"The table did not take {len(left[table])} rows")


def _batches(rows: Iterable[object]) -> Iterator[list[object]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _later(at: datetime | None, by: timedelta) -> datetime | None:
    return None if at is None else at + by
