"""A town whose platform is looked at: posts stand there, webhooks may or may not tell of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.items import Page, StoredPost
from chalicelib.domain.pager_rows import Notice
from chalicelib.domain.polling_rows import Cursor
from chalicelib.domain.posts import Post, Reading
from chalicelib.services.hearing import Hearing
from chalicelib.services.polling import Polling, Sources
from chalicelib.services.ports import Inbound, Sweep
from chalicelib.services.silence import Silence
from chalicelib.services.sweep_port import Found, Seen, Target
from tests.builders import NIGHT, PAGE_ID, a_post, minutes
from tests.unit.intake.town import Front

COMMENTS = Sweep("facebook", PAGE_ID, "comments")


class FakeSweeper:
    """A platform that can be read, three posts a page, newest first; ``fails`` scripts the next steps."""

    def __init__(self) -> None:
        self.shown: list[Post] = []
        self.script: list[Exception | None] = []
        self.steps: list[tuple[str, datetime]] = []
        self.targets: list[Target] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def begin(self, target: Target, since: datetime) -> tuple[str, ...]:  # noqa: ARG002 - the port's
        self.targets.append(target)
        return ("0",)

    def take(self, target: Target, step: str, since: datetime) -> Seen:  # noqa: ARG002 - the port's
        self.meanwhile()
        self.steps.append((step, since))
        fault = self.script.pop(0) if self.script else None
        if fault is not None:
            raise fault
        newest = sorted(self.shown, key=lambda post: post.created_at, reverse=True)
        first = int(step)
        page = [post for post in newest[first : first + 3] if post.created_at >= since]
        more = (str(first + 3),) if len(page) == 3 and newest[first + 3 :] else ()
        return Seen(tuple(map(_found, page)), more)


class PollTown(Front):
    """A town that looks for itself."""

    def __init__(self) -> None:
        super().__init__()
        self.sweeper = FakeSweeper()
        self.hearing = Hearing(self.store, self.meter)
        self.silence = Silence(self.hearing, self.incidents, self.team, self.clock)
        self.polling = Polling(
            store=self.store,
            teams=self.team,
            clock=self.clock,
            meter=self.meter,
            inbound=self.inbound,
            sources=Sources(lambda _: self.sweeper, lambda _: ("comments",)),
            incidents=self.incidents,
        )

    def says(self, number: int, *, at: float) -> Post:
        """Let a customer comment, ``at`` minutes after NIGHT; nobody tells us."""
        name = f"5550001_{number}"
        post = a_post(
            external_id=name, created_at=NIGHT + minutes(at), thread_id=name, contact_id=f"c{number}"
        )
        self.sweeper.shown.append(post)
        self.platform.will_mean(name, Reading(posts=(post,)))
        return post

    def told(self, number: int, *, at: float) -> Post:
        """Let a customer comment, and the webhook tell us."""
        post = self.says(number, at=at)
        self.clock.set(max(self.clock.now(), post.created_at))
        self.delivered(post.external_id)
        return post

    def sweeps(self, *, at: float | None = None) -> Cursor:
        """Sweep the page's comments, take in what was found, and return the cursor."""
        if at is not None:
            self.clock.set(NIGHT + minutes(at))
        self.polling.sweep(COMMENTS)
        for message in self.inbound.receive():
            assert isinstance(message, Inbound)
            self.intake.take_in(message)
        return self.cursor

    @property
    def cursor(self) -> Cursor:
        """Return the only cursor."""
        (only,) = self.store.everything(Cursor)
        return only

    @property
    def known(self) -> list[str]:
        """Return the ids of the posts the table holds."""
        return sorted(post.external_id.partition("_")[2] for post in self.store.everything(StoredPost))

    @property
    def notices(self) -> list[str]:
        """Return what people were told."""
        return [notice.headline for notice in self.store.everything(Notice)]

    @property
    def paged(self) -> list[str]:
        """Return who was paged, sorted."""
        return sorted(page.person for page in self.store.everything(Page))

    def heard_in_weeks_past(self, count: int, *, weeks: tuple[int, ...], at: datetime) -> None:
        """Let webhooks have told of so many posts in this hour of those weeks."""
        for week in weeks:
            then = at - timedelta(weeks=week)
            for number in range(count):
                minute = then + timedelta(seconds=60 * number % 3600)
                self.heard(f"{week}_{number}", minute)

    def heard(self, name: str, at: datetime, *, swept: bool = False) -> None:
        """Let a new post have been noted."""
        account = self.team.current().accounts["acme-fb"]
        inbound = Inbound("facebook", "acme-meta", at, b"", swept=swept)
        self.hearing.note(replace(a_post(), external_id=name), account, inbound)


def _found(post: Post) -> Found:
    body = json.dumps([{"account": PAGE_ID, "name": post.external_id}]).encode()
    return Found(post.external_id, post.created_at, body)
