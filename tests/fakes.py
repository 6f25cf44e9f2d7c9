"""The world in memory: every port of the services, faithful enough that a lie in a test would show.

Nothing here sleeps or reads a real clock. ``World`` builds one of everything around one clock and one fuse.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chalicelib.domain.judgement import Context, Judgement, PostKind, Priority
from chalicelib.domain.team import Override, TeamFile
from chalicelib.errors import Misconfigured, NotFound
from chalicelib.queues.messages import dumps, loads
from chalicelib.queues.sqs import check_sizes, delay_seconds
from chalicelib.services.ports import Held, Message, Queues
from tests.builders import NIGHT, a_team
from tests.crash import Crash, Fuse
from tests.fake_senders import FakeChat, FakeSms, Shown, Text
from tests.fake_store import FakeStore

__all__ = [
    "Crash",
    "FakeChat",
    "FakeClock",
    "FakeJudge",
    "FakeMeter",
    "FakeQueue",
    "FakeSecrets",
    "FakeSms",
    "FakeStore",
    "FixedTeam",
    "Fuse",
    "Shown",
    "Text",
    "World",
]


class FakeClock:
    """A clock that moves when told. Delays are true unless ``stepping``: then zero, as on a story's table clock."""

    def __init__(self, now: datetime = NIGHT, *, stepping: bool = False) -> None:
        self._now = now
        self._stepping = stepping

    def now(self) -> datetime:
        return self._now

    def delay_until(self, at: datetime) -> timedelta:
        return timedelta(0) if self._stepping else max(at - self._now, timedelta(0))

    def advance(self, by: timedelta) -> datetime:
        """Move on, and return the new instant."""
        self._now += by
        return self._now

    def set(self, now: datetime) -> None:
        """Jump to an instant."""
        self._now = now.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class _Waiting:
    message: Message
    ready_at: datetime


class FakeQueue:
    """One queue. ``sent`` is all that was ever sent, with its delay; ``receive`` takes what is ready now."""

    def __init__(self, clock: FakeClock, fuse: Fuse | None = None, *, name: str = "queue") -> None:
        self._clock = clock
        self._fuse = fuse or Fuse()
        self._name = name
        self._waiting: list[_Waiting] = []
        self._failures: list[Exception] = []
        self.sent: list[tuple[Message, timedelta]] = []

    def fails(self, error: Exception) -> None:
        """Let the next send raise, having sent nothing."""
        self._failures.append(error)

    def send(self, *messages: Message, delay: timedelta = timedelta(0)) -> None:
        self.send_each(*(Held(message, delay) for message in messages))

    def send_each(self, *held: Held) -> None:
        if self._failures:
            raise self._failures.pop(0)
        bodies = [dumps(each.message) for each in held]
        check_sizes(bodies)
        for body, each in zip(bodies, held, strict=True):
            self._take(loads(body), timedelta(seconds=delay_seconds(each.delay)))

    def _take(self, message: Message, delay: timedelta) -> None:
        self._fuse.effect(f"{self._name}.send {type(message).__name__}")
        self.sent.append((message, delay))
        self._waiting.append(_Waiting(message, self._clock.now() + delay))

    def receive(self) -> list[Message]:
        """Take every message that is ready; to redeliver one, send it again."""
        ready = [held for held in self._waiting if held.ready_at <= self._clock.now()]
        self._waiting = [held for held in self._waiting if held not in ready]
        return [held.message for held in ready]

    @property
    def messages(self) -> list[Message]:
        """Return all that was ever sent."""
        return [message for message, _ in self.sent]


class FakeSecrets:
    """Secrets by name; an unknown one names the parameter to create."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self.values = dict(values or {})

    def get(self, name: str) -> str:
        if name not in self.values:
            raise Misconfigured(f"the secret /nightdesk/test/{name} is missing: create that parameter")
        return self.values[name]

    def anew(self, name: str) -> str:
        return self.get(name)

    def put(self, name: str, value: str) -> None:
        self.values[name] = value


class FakeMeter:
    """Counts by (name, dimensions); ``total`` sums a name over its dimensions."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        self.counts[name, tuple(sorted(dimensions.items()))] += value  # type: ignore[assignment]

    def total(self, name: str) -> float:
        """Return the sum of a metric over all its dimensions."""
        return sum(value for (counted, _), value in self.counts.items() if counted == name)


class FixedTeam:
    """A team source whose first version is in force until ``activate``; old versions stay readable."""

    def __init__(self, team: TeamFile, *, overrides: Sequence[Override] = ()) -> None:
        self._current = team
        self._versions = {team.version: team}
        self.run_time_overrides = list(overrides)

    def activate(self, team: TeamFile) -> None:
        """Put another version in force; running clocks keep theirs."""
        self._current = team
        self._versions[team.version] = team

    def current(self) -> TeamFile:
        return self._current

    def version(self, version: str) -> TeamFile:
        if version not in self._versions:
            raise NotFound(f"no team file version {version}")
        return self._versions[version]

    def overrides(self, schedule: str) -> Sequence[Override]:
        return tuple(one for one in self.run_time_overrides if one.schedule == schedule)


NEEDS_AN_ANSWER = Judgement(
    needs_response=True,
    kind=PostKind.REQUEST,
    priority=Priority.NORMAL,
    topics=(),
    language="en",
    contains_personal_data=False,
    confidence=0.9,
    reasons=("the fake judge says so",),
    model="fake-1",
)


class FakeJudge:
    """Gives one judgement to all, or the one set for a text, or what ``decide`` says by all that is known."""

    def __init__(self, judgement: Judgement = NEEDS_AN_ANSWER) -> None:
        self.judgement = judgement
        self.by_text: dict[str | None, Judgement] = {}
        self.decide: Callable[[str | None, Context], Judgement] | None = None

    def classify(self, text: str | None, context: Context) -> Judgement:
        if self.decide is not None:
            return self.decide(text, context)
        return self.by_text.get(text, self.judgement)


class World:
    """One of everything, around one clock and one fuse."""

    def __init__(
        self, team: TeamFile | None = None, *, now: datetime = NIGHT, fuse: Fuse | None = None
    ) -> None:
        self.fuse = fuse or Fuse()
        self.clock = FakeClock(now)
        self.store = FakeStore(self.fuse)
        self.inbound = FakeQueue(self.clock, self.fuse, name="inbound")
        self.wake = FakeQueue(self.clock, self.fuse, name="wake")
        self.outbound = FakeQueue(self.clock, self.fuse, name="outbound")
        self.sweep = FakeQueue(self.clock, self.fuse, name="sweep")
        self.queues = Queues(self.inbound, self.wake, self.outbound, self.sweep)
        self.sms = FakeSms(self.fuse)
        self.chat = FakeChat(self.fuse)
        self.secrets = FakeSecrets()
        self.meter = FakeMeter()
        self.judge = FakeJudge()
        self.team = FixedTeam(team or a_team())
