"""A town that acknowledges its customers: intake, the ladder and the sender of replies around one clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import Page, Reply
from chalicelib.domain.team import Acknowledgement, Offset
from chalicelib.domain.teamfile.acknowledgement import DEFAULT
from chalicelib.services.claims import Claims
from chalicelib.services.ports import Hand, Ref, Store, Wake
from chalicelib.services.reply_sender import ReplySender
from chalicelib.services.saving import Saving
from chalicelib.services.tick import Tick
from chalicelib.services.watch import Watch
from tests.builders import NIGHT, a_team, minutes
from tests.fakes import Crash, Fuse
from tests.unit.intake.desk_town import DeskTown

HALF = Acknowledgement(Offset(remaining=0.5), DEFAULT)
HALF_A_MINUTE = timedelta(seconds=30)
A_DAY = timedelta(days=1)
SAID = "We have seen this; a person will answer by 03:00 GMT. (This line is automatic.)"


class WaitingTown(DeskTown):
    """Everything that is due is done, minute by minute, as the tick and the queues would."""

    def __init__(
        self, settings: Acknowledgement | None = HALF, *, fuse: Fuse | None = None, **team: Any
    ) -> None:
        super().__init__(a_team(acknowledgement=settings, **team), fuse=fuse)
        self.claims = Claims(self.store, self.saving, self.team, self.clock)
        self.watch = Watch(self.store, self.saving, self.team, self.clock)
        self.tick = Tick(self.store, self.saving, self.clock, self.meter)
        self.redelivers = True
        self.crashes = 0

    @property
    def said(self) -> list[str]:
        """Return every line that reached the customer."""
        return [out.text for out in self.replier.taken]

    @property
    def acknowledgement(self) -> Reply:
        """Return the only reply that no person wrote."""
        (only,) = [reply for reply in self.store.everything(Reply) if reply.automatic]
        return only

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return len(self.store.everything(Page))

    def sends_through(self, store: Store) -> None:
        """Let replies be leased through another store, which something else is written to first."""
        self.sender = ReplySender(
            store=self.store,
            saving=Saving(store, self.queues, self.clock),
            books=self.books,
            clock=self.clock,
            meter=self.meter,
            repliers=lambda _: self.replier,
        )

    def advance_to(self, at: float) -> None:
        """Let time pass to so many minutes after NIGHT."""
        until = NIGHT + minutes(at)
        while self.clock.now() < until:
            self.clock.set(min(self._next_at(), until))
            self._dies(self.tick.run)
            self.settle()

    def _next_at(self) -> datetime:
        """Return the next half minute at which a row is due: in between nothing happens."""
        rows: list[Conversation | Reply] = [
            *self.store.everything(Conversation),
            *self.store.everything(Reply),
        ]
        dues = (row.next_due_at for row in rows if row.next_due_at is not None)
        soonest = min(dues, default=self.clock.now() + A_DAY)
        ahead = max(soonest - self.clock.now(), timedelta(0))
        return self.clock.now() + max(-(-ahead // HALF_A_MINUTE), 1) * HALF_A_MINUTE

    def settle(self) -> None:
        """Work the messages that are ready, and what they make ready."""
        while messages := [*self.wake.receive(), *self.outbound.receive()]:
            for message in messages:
                self._dies(lambda m=message: self._work(m), message)

    def _work(self, message: Any) -> None:
        match message:
            case Wake(ref, due_at):
                self.watch.wake(ref, due_at)
            case Hand(Ref("Reply", identity)):
                self.sender.deliver(identity)
            case _:
                return  # pages and cards are the pager's

    def _dies(self, act: Any, message: Any = None) -> None:
        try:
            act()
        except Crash:
            self.crashes += 1
            if message is not None and self.redelivers:
                queue = self.wake if isinstance(message, Wake) else self.outbound
                queue.send(message, delay=minutes(1))
