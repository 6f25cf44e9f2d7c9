"""The whole of intake around one fake world: say what people did, and read what stands.

Platforms are not under test here: a scripted one carries normalised posts as they are.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import StoredPost, TimelineRow
from chalicelib.domain.judgement import Judgement, PostKind, Priority
from chalicelib.domain.posts import Op, Post, Reading
from chalicelib.domain.team import TeamFile
from chalicelib.errors import Rejected
from chalicelib.services.asking import Ask, nobody
from chalicelib.services.bookkeeping import Books
from chalicelib.services.hearing import Hearing
from chalicelib.services.incidents import Incidents
from chalicelib.services.intake import Intake
from chalicelib.services.intake_posts import Posts
from chalicelib.services.judging import Judging
from chalicelib.services.notices import Notices
from chalicelib.services.platform_port import Answer, AppSecrets, Delivery, Own, UnreadableBody, Update
from chalicelib.services.ports import Inbound
from chalicelib.services.quarantine import Quarantine
from chalicelib.services.saving import Saving
from tests.builders import NIGHT, PAGE_ID, a_judgement, a_post, a_reply_post
from tests.fakes import Fuse, World

NEEDLESS = a_judgement(needs_response=False, kind=PostKind.CHATTER, priority=Priority.LOW, model="rules-1")
"""What the judge says of a post that asks for nothing."""

SOON = timedelta(seconds=2)


class Town(World):
    """A world with intake in it. ``now`` is what the clock says unless a step says ``received_at``."""

    def __init__(
        self, team: TeamFile | None = None, *, now: datetime = NIGHT, fuse: Fuse | None = None
    ) -> None:
        super().__init__(team, now=now, fuse=fuse)
        self.saving = Saving(self.store, self.queues, self.clock)
        self.books = Books(self.store, self.saving, self.team)
        self.judging = Judging(self.judge)
        self.posts = Posts(self.store, self.books, self.judging, self.clock, self.asking())
        self.quarantine = Quarantine(self.store, self.inbound, self.meter, self.clock)

    def asking(self) -> Ask:
        """Return who has platforms asked: nobody, unless a town says otherwise."""
        return nobody

    def judged(self, text: str, **changes: Any) -> None:
        """Let the judge say this of a text."""
        self.judge.by_text[text] = a_judgement(**changes)

    def needless(self, text: str) -> None:
        """Let the judge say that a text needs no answer."""
        self.judge.by_text[text] = NEEDLESS

    def hears(self, post: Post, *, received_at: datetime | None = None) -> bool:
        """Take in one post, received two seconds after it was made unless told."""
        at = received_at or post.created_at + SOON
        if at > self.clock.now():
            self.clock.set(at)
        account = next(a for a in self.team.current().accounts.values() if a.id == post.account)
        return self.posts.take(post, account, at)

    def asked(self, text: str = "Where is my order?", *, at: float = 0, **changes: Any) -> Post:
        """Let the customer write, ``at`` minutes after NIGHT."""
        post = a_post(text, **({"created_at": NIGHT + timedelta(minutes=at)} | changes))
        self.hears(post)
        return post

    def replied(self, text: str = "We are on it.", *, at: float = 5, **changes: Any) -> Post:
        """Let the brand reply natively, ``at`` minutes after NIGHT."""
        post = a_reply_post(text, **({"created_at": NIGHT + timedelta(minutes=at)} | changes))
        self.hears(post)
        return post

    @property
    def conversations(self) -> list[Conversation]:
        """Return every conversation."""
        return self.store.everything(Conversation)

    @property
    def conversation(self) -> Conversation:
        """Return the only conversation."""
        (only,) = self.conversations
        return only

    def stored(self, external_id: str = "5550001_1") -> StoredPost:
        """Return one stored post."""
        row = self.store.get(StoredPost, "facebook", PAGE_ID, external_id)
        assert row is not None
        return row

    def timeline(self) -> list[str]:
        """Return what the timelines say, in order."""
        return [row.words for row in self.store.everything(TimelineRow)]


def judgement_of(town: Town, external_id: str) -> Judgement:
    """Return the judgement stored with a post."""
    judged = town.stored(external_id).judgement
    assert judged is not None
    return judged


def minutes_after(at: datetime | None) -> float | None:
    """Return an instant as minutes after NIGHT."""
    return None if at is None else (at - NIGHT) / timedelta(minutes=1)


def edited(post: Post, text: str, *, at: float) -> Post:
    """Return an edit of a post, ``at`` minutes after NIGHT."""
    made = NIGHT + timedelta(minutes=at)
    return replace(post, op=Op.UPDATE, text=text, created_at=made, is_edited=True, opens_case=False)


def deleted(post: Post, *, at: float, **changes: Any) -> Post:
    """Return the removal of a post, ``at`` minutes after NIGHT."""
    made = NIGHT + timedelta(minutes=at)
    gone = replace(post, op=Op.DELETE, text=None, created_at=made, is_deleted=True, opens_case=False)
    return replace(gone, **changes)


def restored(post: Post, *, at: float) -> Post:
    """Return the showing again of a hidden post."""
    made = NIGHT + timedelta(minutes=at)
    return replace(post, op=Op.UPDATE, text=None, created_at=made, restores=True, opens_case=False)


class ScriptedPlatform:
    """A platform whose payloads name posts of its ``book``; its signature is the word ``genuine``."""

    name = "facebook"

    def __init__(self) -> None:
        self.book: dict[str, Reading | Exception] = {}

    def will_mean(self, name: str, what: Post | Reading | Exception) -> None:
        """Let an update of this name mean a post, a whole reading, or a bug."""
        self.book[name] = Reading(posts=(what,)) if isinstance(what, Post) else what

    def body(self, *names: str, account: str = PAGE_ID) -> bytes:
        """Return a body with these updates."""
        return json.dumps([{"account": account, "name": name} for name in names]).encode()

    def handshake(self, delivery: Delivery, secrets: AppSecrets) -> Answer:
        return Answer(200, f"{secrets.verify_token}:{delivery.query.get('challenge')}")

    def verify(self, delivery: Delivery, secrets: AppSecrets, now: datetime) -> None:  # noqa: ARG002 - the port's
        if delivery.header("signature") not in secrets.secrets:
            raise Rejected("wrong signature")

    def split(self, body: bytes, *, at_most: int = 2, max_bytes: int = 0) -> list[bytes]:  # noqa: ARG002
        items = json.loads(body)
        return [json.dumps(items[i : i + at_most]).encode() for i in range(0, len(items), at_most)]

    def updates(self, body: bytes) -> list[Update]:
        try:
            found = json.loads(body)
        except ValueError as fault:
            raise UnreadableBody("no JSON") from fault
        items = found if isinstance(found, list) else [found]
        return [Update(f"[{n}]", item["account"], item) for n, item in enumerate(items)]

    def read(self, update: Update, own: Own, received_at: datetime) -> Reading:  # noqa: ARG002 - the port's
        meaning = self.book[update.payload["name"]]
        if isinstance(meaning, Exception):
            raise meaning
        return meaning


class Front(Town):
    """A town with its intake behind a queue, and a scripted platform before it."""

    def __init__(
        self, team: TeamFile | None = None, *, now: datetime = NIGHT, fuse: Fuse | None = None
    ) -> None:
        super().__init__(team, now=now, fuse=fuse)
        self.platform = ScriptedPlatform()
        self.incidents = Incidents(self.store, Notices(self.saving), self.team, self.clock)
        self.intake = Intake(
            platforms=lambda _: self.platform,
            teams=self.team,
            posts=self.posts,
            quarantine=self.quarantine,
            hearing=Hearing(self.store, self.meter),
            incidents=self.incidents,
            inbound=self.inbound,
            meter=self.meter,
        )

    def delivered(self, *names: str, account: str = PAGE_ID) -> None:
        """Take in one delivery with these updates."""
        self.intake.take_in(self.message(*names, account=account))

    def message(self, *names: str, account: str = PAGE_ID) -> Inbound:
        """Return the queued message of one delivery."""
        return Inbound("facebook", "acme-meta", self.clock.now(), self.platform.body(*names, account=account))
