"""Once a week one post of our own travels the whole path, and must end as a text message on a phone.

It goes in by the inbound queue like any verified delivery, is judged, stored, watched and paged by the ladder
that the team file gives its account; when its text has left, it is closed. A test that does not pass pages the
lead by a notice. Without an account called ``selftest`` in the team file there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.escalation_recipients import lead_of
from chalicelib.domain.items import Handover, Page, StoredPost
from chalicelib.domain.pager_rows import SelfTestMark
from chalicelib.domain.team import Account, Channel, TeamFile
from chalicelib.domain.wallclock import local
from chalicelib.errors import Conflict, NotFound
from chalicelib.services.notices import Notices, a_notice
from chalicelib.services.ports import Clock, Inbound, Lost, Meter, Put, Queue, Store, TeamSource
from chalicelib.services.saving import Saving

ACCOUNT = "selftest"
WEEKDAY, HOUR = 1, 10
"""Tuesday at ten, on the clock of the account's team: when people are up, and no holiday's eve."""

APART = timedelta(days=6)
PATIENCE = timedelta(minutes=30)
PASSED = "SelfTestPassed"
FAILED = "SelfTestFailed"
NIGHTDESK = "nightdesk"

Body = Callable[[Account, str, datetime], bytes]
"""The body by which the account's platform would tell us of a comment with this id."""

Close = Callable[[str, str, str, datetime], object]
"""Closes a conversation: its id, by whom, why, when."""


class SelfTest:
    """Starts the weekly test, and says how it ended; run with the auditor."""

    def __init__(
        self,
        *,
        store: Store,
        saving: Saving,
        inbound: Queue,
        teams: TeamSource,
        clock: Clock,
        meter: Meter,
        body: Body,
        close: Close,
    ) -> None:
        self._store = store
        self._saving = saving
        self._inbound = inbound
        self._teams = teams
        self._clock = clock
        self._meter = meter
        self._body = body
        self._close = close
        self._notices = Notices(saving)

    def run(self) -> None:
        """Start a test if one is due, or look how the last one went. Raises: Transient."""
        now, team = self._clock.now(), self._teams.current()
        account, mark = team.accounts.get(ACCOUNT), self._store.get(SelfTestMark)
        if account is None:
            return
        if mark is not None and mark.ended_at is None:
            self._look(mark, account, team, now)
        elif _is_due(mark, account, team, now):
            self._start(mark, account, now)

    def _start(self, mark: SelfTestMark | None, account: Account, now: datetime) -> None:
        """Note that a test is under way, then send it; if we die between the two, it is one that fails."""
        post_id = f"{account.id}_{now:%Y%m%d%H%M%S}"
        rev = 1 if mark is None else mark.rev + 1
        try:
            self._saving.commit(Put(SelfTestMark(post_id, now, rev=rev)))
        except Lost:  # another auditor was faster
            return
        self._inbound.send(Inbound(account.platform, account.app, now, self._body(account, post_id, now)))

    def _look(self, mark: SelfTestMark, account: Account, team: TeamFile, now: datetime) -> None:
        post = self._store.get(StoredPost, account.platform, account.id, mark.post_id)
        conversation_id = post.conversation_id if post else None
        if conversation_id is not None and self._text_has_left(conversation_id):
            self._meter.count(PASSED)
            self._tidy(conversation_id, now)
            self._save(replace(mark, ended_at=now, passed=True, rev=mark.rev + 1))
        elif now > mark.started_at + PATIENCE:
            self._fail(mark, team, now, "was never taken in" if post is None else "never became a text")

    def _text_has_left(self, conversation_id: str) -> bool:
        pages = self._store.children(Page, conversation_id)
        return any(p.channel is Channel.SMS and p.state is Handover.SENT for p in pages)

    def _tidy(self, conversation_id: str, now: datetime) -> None:
        """Close the conversation, so that it pages nobody twice."""
        row = self._store.get(Conversation, conversation_id)
        if row is None:
            return
        try:
            self._close(conversation_id, NIGHTDESK, "the weekly self-test has passed", now)
        except (Conflict, NotFound):  # somebody answered or closed it already
            return

    def _fail(self, mark: SelfTestMark, team: TeamFile, now: datetime, words: str) -> None:
        self._meter.count(FAILED)
        ended = replace(mark, ended_at=now, passed=False, rev=mark.rev + 1)
        lead = team.people.get(lead_of(team) or "")
        if lead is None:
            return self._save(ended)
        headline = f"The weekly self-test failed: its post {words} within 30 minutes"
        notice = a_notice(f"selftest:{mark.post_id}", now, headline, urgent=True)
        self._notices.tell(
            lead, notice, step=ACCOUNT, why="real posts may be lost the same way", along=(Put(ended),)
        )
        return None

    def _save(self, mark: SelfTestMark) -> None:
        try:
            self._saving.commit(Put(mark))
        except Lost:
            return


def _is_due(mark: SelfTestMark | None, account: Account, team: TeamFile, now: datetime) -> bool:
    own = team.teams.get(account.team)
    wall = local(now, own.tz if own else "UTC")
    at_its_hour = wall.weekday() == WEEKDAY and wall.hour == HOUR
    return at_its_hour and (mark is None or now >= mark.started_at + APART)
