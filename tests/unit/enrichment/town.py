"""A town whose platform can be asked about posts: what it will tell is said first, what it was asked is counted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.enrichment import Told
from chalicelib.domain.items import Page
from chalicelib.domain.pager_rows import Notice
from chalicelib.domain.polling_rows import Fetching
from chalicelib.domain.posts import Post
from chalicelib.domain.team import Policy, PolicyMatch
from chalicelib.services.asking import Ask, Asking
from chalicelib.services.enrich_port import Heard, Question, Subject
from chalicelib.services.enrichment import Enrichment
from chalicelib.services.ports import SHARDS, Fetch
from tests.builders import PAGE_ID, a_judgement, a_post, a_team, minutes
from tests.fakes import Fuse
from tests.unit.intake.town import Front

DOUBT = a_judgement(confidence=0.0, reasons=("a person must look: no text",), model="rules-1")
POST = "5550001_1"
URGENT = Policy(PolicyMatch(priority="urgent"), minutes(15), minutes(15), "default")


class FakeEnricher:
    """A platform that tells what it was told to: of the post first, then of its author; ``script`` makes it fail."""

    def __init__(self) -> None:
        self.post: Post | None = None
        self.around = Told()
        self.people: dict[str, Told | Exception] = {}
        self.script: list[Exception] = []
        self.asked: list[str] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def questions(self, subject: Subject) -> tuple[Question, ...]:
        if subject.lacks:
            return (Question(f"post {subject.post_id}"),)
        who = subject.author_id or subject.handle
        return (Question(f"person {who}", f"person:{who}"),) if who else ()

    def ask(self, question: Question, subject: Subject) -> Heard:
        self.asked.append(question.step)
        self.meanwhile()
        if self.script:
            raise self.script.pop(0)
        if question.about is None:
            body = json.dumps([{"account": PAGE_ID, "name": f"whole {subject.post_id}"}]).encode()
            return Heard(self.around, body if self.post else None)
        told = self.people.get(question.about.removeprefix("person:"), Told())
        if isinstance(told, Exception):
            raise told
        return Heard(told)


class AskTown(Front):
    """A town whose intake asks, and whose background answers."""

    def __init__(self, *, fuse: Fuse | None = None) -> None:
        super().__init__(a_team(policies=(URGENT, *a_team().policies)), fuse=fuse)
        self.judge.by_text[None] = DOUBT
        self.enricher = FakeEnricher()
        self.enrichment = Enrichment(
            store=self.store,
            saving=self.saving,
            teams=self.team,
            clock=self.clock,
            meter=self.meter,
            posts=self.posts,
            incidents=self.incidents,
            enrichers=lambda _: self.enricher,
            platforms=lambda _: self.platform,
        )

    def asking(self) -> Ask:
        return Asking(self.sweep, ("facebook",))

    def bare(self, *, number: int = 1, **changes: Any) -> Post:
        """Let somebody mention the brand, of which the webhook tells nothing but that it was."""
        nothing = {
            "text": None,
            "author_id": None,
            "author_name": None,
            "contact_id": None,
            "permalink": None,
        }
        name = f"5550001_{number}"
        post = a_post(external_id=name, thread_id=name, needs_fetch=("text", "author"), **(nothing | changes))
        self.hears(post)
        return post

    def will_tell(self, post: Post, **known: Any) -> Post:
        """Let the platform tell the whole post when asked."""
        whole = replace(post, **({"needs_fetch": ()} | known))
        self.enricher.post = whole
        self.platform.will_mean(f"whole {post.external_id}", whole)
        return whole

    def works(self, *, at: datetime | None = None) -> int:
        """Let the background do all that waits for it now; returns how much that was."""
        if at is not None:
            self.clock.set(at)
        done = 0
        for message in self.sweep.receive():
            assert isinstance(message, Fetch)
            self.enrichment.fetch(message)
            done += 1
        return done

    def ticks(self, *, at: datetime) -> None:
        """Let the tick wake what is due, and the background do it."""
        self.clock.set(at)
        for shard in range(SHARDS):
            for due in self.store.due(shard, at):
                if due.ref.kind == Fetching.__name__:
                    self.enrichment.fetch(Fetch(*due.ref.identity))

    def talk(self, number: int = 1) -> Conversation:
        """Return the conversation of a numbered post."""
        found = self.store.get(Conversation, self.stored(f"5550001_{number}").conversation_id or "")
        assert found is not None
        return found

    @property
    def errand(self) -> Fetching:
        """Return the only errand."""
        (only,) = self.store.everything(Fetching)
        return only

    @property
    def paged(self) -> list[str]:
        """Return who was paged, sorted."""
        return sorted(page.person for page in self.store.everything(Page))

    @property
    def notices(self) -> list[str]:
        """Return what people were told."""
        return [notice.headline for notice in self.store.everything(Notice)]
