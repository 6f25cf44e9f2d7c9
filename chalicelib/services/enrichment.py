"""Asks platforms, in the background, for what their webhooks withheld of posts that wait: each post once, in few calls.

Ingestion never waits for it, and a failure costs a name, never a message: whatever may pass is tried again a few
times, ever later; what cannot pass is over. Answers about a person are kept a day. What an answer does to a post is
``intake_learning``'s; no platform is known by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.enrichment import OWN, Told, is_wanted, post_of
from chalicelib.domain.items import StoredPost
from chalicelib.domain.polling_rows import Fetching, Known
from chalicelib.domain.posts import PRIVATE_KINDS, Direction, Kind, Post
from chalicelib.domain.team import Account, TeamFile
from chalicelib.errors import NightdeskError, NotFound, Permanent, Transient
from chalicelib.services.enrich_port import Enricher, Heard, Question, Subject
from chalicelib.services.incidents import Incidents, token_key
from chalicelib.services.intake import own_of
from chalicelib.services.intake_posts import Posts
from chalicelib.services.platform_port import Platform
from chalicelib.services.polling import account_of
from chalicelib.services.ports import Clock, Fetch, Lost, Meter, Put, Store, TeamSource
from chalicelib.services.quota import Quota
from chalicelib.services.reply_faults import TokenDead, TokenMissing
from chalicelib.services.saving import Saving

LEASE = timedelta(seconds=150)
"""Longer than the function that asks may run."""

LATER = tuple(timedelta(minutes=wait) for wait in (1, 5, 15, 30, 60, 120, 120))
"""After how long a failure that may pass is tried again; after the last of these it is over."""

MOST = 3 * len(LATER)
"""After how many writes an errand is over: each try that ends makes two, one that dies of the answer a single one."""

REST = timedelta(minutes=5)
KEPT = timedelta(days=7)
FRESH = timedelta(days=1)
"""How long an answer about a person is good enough for their next post; names and followers change."""

ROUNDS = 3
"""How often what was learnt may lead to further questions: a post names its author, who has followers."""


@dataclass(slots=True)
class Learnt:
    """What is known so far: the subject as it grows, what was told, and the post itself if it was read anew."""

    subject: Subject
    row: StoredPost | None
    told: Told = field(default_factory=Told)
    post: Post | None = None
    asked: set[str] = field(default_factory=set)

    def add(self, heard: Heard, post: Post | None) -> None:
        """Note one answer; the first word on anything counts."""
        self.told = self.told | heard.told
        if post is None:
            return
        self.post = post
        before = self.subject
        self.subject = replace(
            before,
            lacks=(),
            author_id=before.author_id or post.author_id,
            handle=before.handle or post.author_handle,
            parent_id=before.parent_id or post.parent_id,
        )


class Enrichment:
    """Asks about posts."""

    def __init__(
        self,
        *,
        store: Store,
        saving: Saving,
        teams: TeamSource,
        clock: Clock,
        meter: Meter,
        posts: Posts,
        incidents: Incidents,
        enrichers: Callable[[str], Enricher],
        platforms: Callable[[str], Platform],
    ) -> None:
        self._store = store
        self._saving = saving
        self._teams = teams
        self._clock = clock
        self._meter = meter
        self._posts = posts
        self._incidents = incidents
        self._enrichers = enrichers
        self._platforms = platforms
        self._quota = Quota(store, clock)

    def fetch(self, asked: Fetch) -> None:
        """Ask about one post, if nobody else is at it or has been. Raises: NotFound for its account, Transient."""
        team = self._teams.current()
        account = account_of(team, asked)
        errand = self._leased(asked)
        if errand is None:
            return
        learnt = self._begun(asked, account)
        if learnt is None:
            self._over(errand, "nothing to ask")
        elif (until := self._quota.wait(account.platform, account.id)) is not None:
            self._again(errand, "the platform is given rest", until)
        else:
            self._ask(errand, learnt, account, team)

    def _ask(self, errand: Fetching, learnt: Learnt, account: Account, team: TeamFile) -> None:
        try:
            self._learn(learnt, account, team)
        except NightdeskError as fault:
            if learnt.post is not None:  # its words wait for nobody's followers
                self._apply(learnt, account)
            self._failed(errand, fault, account, team)
            return
        self._apply(learnt, account)
        if self._quota.mended(account.platform, account.id):
            self._incidents.closed(token_key(account))
        self._over(errand, "told")

    # --- what is asked ----------------------------------------------------------------------------------

    def _begun(self, asked: Fetch, account: Account) -> Learnt | None:
        """Return the post as far as it is known; None when nothing is to be learnt of it (any more)."""
        row = self._store.get(StoredPost, asked.platform, account.id, asked.post_id)
        subject = Subject(asked.platform, account.app, account.id, asked.post_id, Kind.POST)
        if row is None:
            return Learnt(replace(subject, ours=True, lacks=(OWN,)), None)
        talk = self._store.get(Conversation, row.conversation_id) if row.conversation_id else None
        if row.direction is not Direction.INBOUND or talk is None or not is_wanted(row, talk):
            return None
        known = replace(
            subject,
            kind=row.kind,
            private=row.kind in PRIVATE_KINDS,
            lacks=row.needs_fetch,
            author_id=row.author_id,
            handle=talk.contact_handle,
            parent_id=row.parent_id,
            root_id=row.post_id,
        )
        return Learnt(known, row)

    def _learn(self, learnt: Learnt, account: Account, team: TeamFile) -> None:
        """Ask until nothing is left to ask. Raises: Transient, Permanent, NotFound: of the post itself."""
        enricher = self._enrichers(account.platform)
        for _ in range(ROUNDS):
            left = [q for q in enricher.questions(learnt.subject) if q.step not in learnt.asked]
            if not left:
                return
            for question in left:
                learnt.asked.add(question.step)
                heard = self._answer(enricher, question, learnt.subject)
                post = self._read(heard.body, learnt.subject, account, team) if heard.body else None
                learnt.add(heard, post)

    def _answer(self, enricher: Enricher, question: Question, subject: Subject) -> Heard:
        """Return what is known already of a person or another post, else ask; that nothing is known is kept too."""
        if question.about is None:
            return self._called(enricher, question, subject)
        now = self._clock.now()
        known = self._store.get(Known, subject.platform, subject.account, question.about)
        if known is not None and now < known.at + FRESH:
            return Heard(known.told)
        try:
            heard = self._called(enricher, question, subject)
        except TokenDead:
            raise
        except (NotFound, Permanent):  # of this person nothing is told: that is an answer
            heard = Heard()
        gone = (now + FRESH).replace(microsecond=0)
        row = Known(subject.platform, subject.account, question.about, now, heard.told, expires_at=gone)
        self._store.commit(Put(row))
        return heard

    def _called(self, enricher: Enricher, question: Question, subject: Subject) -> Heard:
        self._quota.spend(subject.platform, subject.account)
        return enricher.ask(question, subject)

    def _read(self, body: bytes, subject: Subject, account: Account, team: TeamFile) -> Post | None:
        """Read the post as intake would have, had its webhook told all."""
        platform, now = self._platforms(account.platform), self._clock.now()
        own = own_of(team, account.platform, account.app)
        readings = (platform.read(update, own, now) for update in platform.updates(body))
        posts = (post for reading in readings for post in reading.posts)
        return next((post for post in posts if post.external_id == subject.post_id), None)

    # --- what becomes of it -----------------------------------------------------------------------------

    def _apply(self, learnt: Learnt, account: Account) -> None:
        """Have intake add what was told. Raises: Transient."""
        if learnt.post is None and (learnt.row is None or learnt.told == Told()):
            return
        post, told = learnt.post or post_of(learnt.row), learnt.told  # type: ignore[arg-type]
        whole = replace(
            post,
            fetched=True,
            author_name=post.author_name or told.name,
            author_handle=post.author_handle or told.handle,
            followers=told.followers if post.followers is None else post.followers,
            verified=post.verified or told.verified,
            permalink=post.permalink or told.permalink,
            parent_text=told.parent_text,
        )
        if self._posts.take(whole, account, self._clock.now()):
            self._meter.count("Enriched", platform=account.platform, account=account.name)

    def _failed(self, errand: Fetching, fault: NightdeskError, account: Account, team: TeamFile) -> None:
        now = self._clock.now()
        self._meter.count("EnrichmentsFailed", platform=account.platform, account=account.name)
        if isinstance(fault, Transient):
            until = now + (fault.retry_after or timedelta(0))
            if fault.retry_after is not None:
                self._quota.rest(account.platform, account.id, str(fault), until)
            self._again(errand, str(fault), until)
        elif isinstance(fault, TokenDead) and not isinstance(fault, TokenMissing):
            self._incidents.raised(token_key(account), f"{account.name}: {fault}", account, team)
            self._quota.rest(account.platform, account.id, str(fault), now + REST)
            self._again(errand, str(fault), now + REST)
        else:
            self._over(errand, str(fault))

    def _leased(self, asked: Fetch) -> Fetching | None:
        """Take the errand; None while somebody has it, it must wait, or it is over."""
        now = self._clock.now()
        found = self._store.get(Fetching, asked.platform, asked.account, asked.post_id)
        if found is not None and (found.next_due_at is None or found.next_due_at > now):
            return None
        fresh = found or Fetching(asked.platform, asked.account, asked.post_id, asked_at=now, rev=0)
        if fresh.rev >= MOST:
            self._over(fresh, "given up: whoever asks dies of it")
            return None
        gone = (now + KEPT).replace(microsecond=0)
        leased = replace(fresh, rev=fresh.rev + 1, next_due_at=now + LEASE, expires_at=gone)
        return leased if self._kept(leased) else None

    def _again(self, errand: Fetching, why: str, until: datetime) -> None:
        """Come back later, or give up when that was often enough."""
        if errand.tries >= len(LATER):
            self._over(errand, f"given up: {why}")
            return
        at = max(until, self._clock.now() + LATER[errand.tries])
        self._kept(replace(errand, rev=errand.rev + 1, tries=errand.tries + 1, next_due_at=at))

    def _over(self, errand: Fetching, outcome: str) -> None:
        self._kept(replace(errand, rev=errand.rev + 1, outcome=outcome, next_due_at=None))

    def _kept(self, errand: Fetching) -> bool:
        """Save an errand; False when another holds it now."""
        try:
            self._saving.commit(Put(errand))
        except Lost:
            return False
        return True
