"""A town with people at work in it: they answer, close, pause and correct, and a platform takes their replies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.conversation import Claim
from chalicelib.domain.items import Reply
from chalicelib.domain.posts import Kind, Receipt
from chalicelib.domain.team import TeamFile
from chalicelib.services.bookkeeping import Books, Change
from chalicelib.services.hiding import Hidings
from chalicelib.services.replies import Replies
from chalicelib.services.reply_corrections import ReplyCorrections
from chalicelib.services.reply_port import Outgoing, Sent
from chalicelib.services.reply_sender import ReplySender
from chalicelib.services.saving import Saving
from tests.builders import CUSTOMER, NIGHT, THREAD, a_reply_post, minutes
from tests.fakes import Fuse
from tests.unit.intake.stores import Interrupted
from tests.unit.intake.town import Front


class FakeReplier:
    """A platform that takes replies. ``fails`` scripts the next hand-over; ``arrives`` says if it did anyway.

    It is ``blind`` unless told: like most platforms it cannot be asked whether a reply stands there.
    """

    def __init__(self, fuse: Fuse) -> None:
        self._fuse = fuse
        self._script: list[tuple[Exception, bool]] = []
        self.taken: list[Outgoing] = []
        self.looks: list[tuple[str, datetime]] = []
        self.blind = True
        self.while_looking: Callable[[], object] = lambda: None
        self.meanwhile: Callable[[], object] = lambda: None

    def fails(self, error: Exception, *, arrives: bool = False) -> None:
        """Let the next hand-over raise."""
        self._script.append((error, arrives))

    def reply(self, outgoing: Outgoing) -> Sent:
        self._fuse.effect("replier.reply")
        error, arrives = self._script.pop(0) if self._script else (None, True)
        if arrives:
            self.taken.append(outgoing)
            self.meanwhile()
        if error is not None:
            raise error
        return Sent(f"own_{len(self.taken)}")

    def find(self, outgoing: Outgoing, since: datetime) -> Sent | None:
        self.looks.append((outgoing.text, since))
        self.while_looking()
        if self.blind:
            return None
        return Sent("own_1") if outgoing in self.taken else None


class FakeHider:
    """A platform that hides; ``script`` holds what the next calls raise."""

    def __init__(self) -> None:
        self.script: list[Exception] = []
        self.hidden: list[str] = []

    def hide(self, *, app: str, account: str, post_id: str) -> None:  # noqa: ARG002 - the port's names
        if self.script:
            raise self.script.pop(0)
        self.hidden.append(post_id)


class DeskTown(Front):
    """People act; ``sent`` hands over what is due."""

    def __init__(
        self, team: TeamFile | None = None, *, now: datetime = NIGHT, fuse: Fuse | None = None
    ) -> None:
        super().__init__(team, now=now, fuse=fuse)
        self.replier = FakeReplier(self.fuse)
        self.replies = Replies(self.store, self.books)
        self.corrections = ReplyCorrections(self.books)
        self.hider = FakeHider()
        self.hidings = Hidings(
            store=self.store,
            saving=self.saving,
            books=self.books,
            clock=self.clock,
            hiders=lambda _: self.hider,
        )
        self.sender = ReplySender(
            store=self.store,
            saving=self.saving,
            books=self.books,
            clock=self.clock,
            meter=self.meter,
            repliers=lambda _: self.replier,
        )

    @property
    def id(self) -> str:
        """Return the public conversation's id, or else the only one's."""
        return next((c.id for c in self.conversations if c.thread_id == THREAD), self.conversations[0].id)

    @property
    def reply(self) -> Reply:
        """Return the only reply."""
        (only,) = self.store.everything(Reply)
        return only

    def claimed(self, by: str, *, at: float) -> None:
        """Let somebody have it."""
        claim = Claim(by, NIGHT + minutes(at), NIGHT + minutes(at + 30))
        self.books.change(self.id, lambda found: Change(replace(found, claim=claim)), claim.at)

    def doubtful(self) -> None:
        """Let a customer ask in public, and the brand write them a direct message that nothing ties to it."""
        self.asked()
        private = {"kind": Kind.DM, "thread_id": f"dm:{CUSTOMER}", "parent_id": None, "post_id": None}
        self.hears(a_reply_post(external_id="m_2", contact_id=CUSTOMER, **private))

    def answers(self, text: str = "Found it!", *, by: str = "ana", at: float = 5) -> Reply:
        """Let somebody answer through Nightdesk, ``at`` minutes after NIGHT."""
        when = NIGHT + minutes(at)
        if when > self.clock.now():
            self.clock.set(when)
        return self.replies.reply(self.id, text, by, when)

    def sends(self, *, after: float = 0) -> None:
        """Move on, and hand over whatever reply is due: twice, since messages come twice."""
        self.clock.advance(minutes(after))
        for reply in self.store.everything(Reply):
            self.sender.deliver(reply.identity)
            self.sender.deliver(reply.identity)

    def news(self, receipt: Receipt) -> None:
        """Let the platform tell what became of a reply."""
        account = self.team.current().accounts["acme-fb"]
        self.posts.take_receipt(receipt, account, receipt.at)

    def interrupt_next_commit(self, meanwhile: Callable[[], object]) -> None:
        """Let something else be written just before the next commit."""
        store = Interrupted(self.store, meanwhile)
        self.books = Books(store, Saving(store, self.queues, self.clock), self.team)
        self.replies = Replies(self.store, self.books)
