"""A town with a pager: customers who post, people who are paged, a clock that only moves when told.

Every message that reaches a phone or Slack must be expected by the story; ``expect`` fails on any other.
Between two instants the town does what the stack does: ticks on the minute, queues with their true delays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.escalation import next_due_at
from chalicelib.domain.items import Page, TimelineRow
from chalicelib.domain.personal_data import mask
from chalicelib.domain.team import Step, TeamFile
from chalicelib.errors import Transient
from chalicelib.services.links import Links
from chalicelib.services.pager import Means, claims_of, send_of, tick_of, watch_of
from chalicelib.services.ports import Hand, Message, Put, Queues, Wake
from chalicelib.services.saving import Saving
from tests.builders import NIGHT, a_conversation, a_stored_post, a_team, an_entry
from tests.fakes import Crash, FakeQueue, Fuse, World

MINUTE = timedelta(minutes=1)
REDELIVERY = timedelta(seconds=60)


def mins(count: float) -> timedelta:
    """Return minutes."""
    return timedelta(minutes=count)


class Queue(FakeQueue):
    """A queue that can say when its next message is ready."""

    def next_at(self) -> datetime | None:
        return min((held.ready_at for held in self._waiting), default=None)


class Town:
    """Stories are told from here. Minutes count from NIGHT, Sunday 02:00 UTC."""

    def __init__(self, team: TeamFile | None = None, *, fuse: Fuse | None = None) -> None:
        self.world = World(team, fuse=fuse)
        self.clock, self.store = self.world.clock, self.world.store
        self.wake = Queue(self.clock, self.world.fuse, name="wake")
        self.outbound = Queue(self.clock, self.world.fuse, name="outbound")
        queues = Queues(self.world.inbound, self.wake, self.outbound, self.world.sweep)
        self.saving = Saving(self.store, queues, self.clock)
        self._tokens = count()
        self.start = self.clock.now()
        self.means = Means(
            store=self.store,
            saving=self.saving,
            teams=self.world.team,
            clock=self.clock,
            meter=self.world.meter,
            sms=self.world.sms,
            chat=self.world.chat,
            mask=mask,
            links=Links(self.store, base_url="https://nd.example/l/", tokens=self._token),
        )
        self.watch, self.tick = watch_of(self.means), tick_of(self.means)
        self.send, self.claims = send_of(self.means), claims_of(self.means)
        self._seen_sms = 0
        self._seen_chat: set[str] = set()
        self._posts = count(1)
        self.crashes = 0
        self.redelivers = True
        self.backwards = False

    def _token(self) -> str:
        return f"token{next(self._tokens):011d}"

    # --- what happens ---------------------------------------------------------------------------------

    def post(self, text: str = "Where is my order?", **changes: Any) -> str:
        """A customer posts now; intake has just taken it in. Returns the conversation's id."""
        number = next(self._posts)
        now, target = self.clock.now(), changes.pop("target", mins(60))
        post_id = f"5550001_{number}"
        conversation = a_conversation(
            id=f"conversation{number:04d}",
            contact_id=f"contact{number}",
            opened_at=now,
            entries=(an_entry(id=post_id, at=now, received_at=now),),
            owed_post_id=post_id,
            started_at=now,
            target=target,
            promise_at=now + target,
            deadline_at=now + target,
        )
        conversation = replace(conversation, **changes)
        team = self.world.team.current()
        conversation = replace(
            conversation, version=team.version, next_due_at=next_due_at(conversation, team)
        )
        stored = a_stored_post(external_id=post_id, text=text, conversation_id=conversation.id)
        self.store.commit(Put(stored))
        self.saving.commit(Put(conversation))
        return conversation.id

    def answer(self, conversation_id: str) -> None:
        """The brand answers now: the clock stops, as the ledger would stop it."""
        before = self.conversation(conversation_id)
        after = replace(
            before,
            rev=before.rev + 1,
            epoch=before.epoch + 1,
            state=State.ANSWERED,
            deadline_at=None,
            claim=None,
            fired=(),
            last_owner=before.claim.owner if before.claim else before.last_owner,
            answered_at=self.clock.now(),
            next_due_at=None,
        )
        self.saving.commit(Put(after))

    def conversation(self, conversation_id: str) -> Conversation:
        """Return the row as it is."""
        found = self.store.get(Conversation, conversation_id)
        assert found is not None
        return found

    def claim(self, conversation_id: str, by: str) -> Conversation:
        """Somebody presses Claim."""
        return self.claims.claim(conversation_id, by=by, at=self.clock.now())

    # --- time -----------------------------------------------------------------------------------------

    def advance_to(self, minutes: float) -> Town:
        """Let time pass up to an instant, with ticks, queues and everybody at work."""
        until = NIGHT + mins(minutes)
        while True:
            self.work()
            following = self._next_event()
            if following > until:
                break
            self.clock.set(following)
            if following.second == 0 and following.microsecond == 0:
                self._guarded(self.tick.run)
        self.clock.set(until)
        self.work()
        return self

    def _next_event(self) -> datetime:
        now = self.clock.now()
        minute = now.replace(second=0, microsecond=0) + MINUTE
        ready = (at for at in (self.wake.next_at(), self.outbound.next_at()) if at is not None)
        return min([minute, *(at for at in ready if at > now)])

    def work(self) -> None:
        """Work every message that is ready, and those that they cause."""
        for _ in range(10_000):
            ready = [*self.wake.receive(), *self.outbound.receive()]
            if not ready:
                return
            for message in reversed(ready) if self.backwards else ready:
                self.deliver(message)
        raise AssertionError("the queues never become quiet")

    def deliver(self, message: Message) -> None:
        """Work one message; one that fails comes back, as on the real queue."""
        try:
            if isinstance(message, Wake):
                self.watch.wake(message.ref, message.due_at)
            elif isinstance(message, Hand):
                self.send.deliver(message.ref)
        except Transient:
            self._again(message)
        except Crash:
            self.crashes += 1
            if self.redelivers:
                self._again(message)

    def _guarded(self, act: Any) -> None:
        try:
            act()
        except Crash:
            self.crashes += 1

    def _again(self, message: Message) -> None:
        queue = self.wake if isinstance(message, Wake) else self.outbound
        queue.send(message, delay=REDELIVERY)

    # --- what people see ------------------------------------------------------------------------------

    def heard(self) -> list[str]:
        """Return what reached people since the last look, as ``sms:ana`` or ``slack:ben`` or ``card:#social``."""
        texts = self.world.sms.sent[self._seen_sms :]
        self._seen_sms = len(self.world.sms.sent)
        shown = [s for s in self.world.chat.shown if f"{s.posted}" not in self._seen_chat]
        self._seen_chat.update(f"{s.posted}" for s in shown)
        return [self._name("sms", t.phone) for t in texts] + [
            self._name("slack", s.posted.channel) for s in shown
        ]

    def expect(self, *wanted: str) -> Town:
        """Demand exactly these messages since the last look, in any order; an unexpected one fails."""
        assert sorted(self.heard()) == sorted(wanted)
        return self

    def texts_to(self, person: str) -> list[str]:
        """Return every text a person has received."""
        phone = self.world.team.current().people[person].phone
        return [t.text for t in self.world.sms.sent if t.phone == phone]

    def pages(self, conversation_id: str) -> list[Page]:
        """Return a conversation's pages."""
        return list(self.store.children(Page, conversation_id))

    def story(self, conversation_id: str) -> list[str]:
        """Return the words of its timeline."""
        return [row.words for row in self.store.children(TimelineRow, conversation_id)]

    def _name(self, channel: str, address: str) -> str:
        if address.startswith("#"):
            return f"card:{address}"
        people = self.world.team.current().people.values()
        found = (p.name for p in people if address in (p.phone, p.slack))
        return f"{channel}:{next(found, address)}"


def ladder(*steps: Step) -> dict[str, tuple[Step, ...]]:
    """Return the default escalation with these steps."""
    return {"default": steps}


def a_town(*steps: Step, **changes: Any) -> Town:
    """Return a town whose default ladder is ``steps``, or the usual one."""
    if steps:
        changes["escalation"] = ladder(*steps)
    return Town(a_team(**changes))


def words_of(lines: Iterable[str], part: str) -> list[str]:
    """Return the lines that contain a part."""
    return [line for line in lines if part in line]
