"""The composition root: the one place that names concrete classes and says which of them work together.

Everything is built when first asked for and kept for the life of the process, so that a function pays only for
what it uses: the webhook never loads Slack's client, the tick never loads a judge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from chalicelib.settings import ClockKind, Settings, read_settings

if TYPE_CHECKING:
    from chalicelib.entry import Batch, Entry, Returns
    from chalicelib.notifiers.slack.client import SlackSender
    from chalicelib.notifiers.slack.signature import SlackDoor
    from chalicelib.observability import EmfMeter, JsonLog
    from chalicelib.platforms.replying import PlatformReplier
    from chalicelib.services.auditor import Auditor
    from chalicelib.services.bookkeeping import Books
    from chalicelib.services.claims import Claims
    from chalicelib.services.health import Health
    from chalicelib.services.hearing import Hearing
    from chalicelib.services.incidents import Incidents
    from chalicelib.services.intake import Intake
    from chalicelib.services.judging import Judging
    from chalicelib.services.polling import Polling
    from chalicelib.services.ports import Clock, Queues, Secrets, SmsSender, Store, Sweep
    from chalicelib.services.quarantine import Quarantine
    from chalicelib.services.reception import Reception
    from chalicelib.services.replies import Replies
    from chalicelib.services.reply_sender import ReplySender
    from chalicelib.services.saving import Saving
    from chalicelib.services.send import Send
    from chalicelib.services.team_versions import TeamVersions
    from chalicelib.services.tick import Tick
    from chalicelib.services.watch import Watch


@cache
def container() -> Container:
    """Return this process' container. Raises: Misconfigured naming every setting at fault."""
    return Container(read_settings())


class Container:
    """Services by name, each built once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    # --- the world -------------------------------------------------------------------------------------

    @cached_property
    def store(self) -> Store:
        from chalicelib.store.dynamo import DynamoStore

        return DynamoStore(self.settings.table)

    @cached_property
    def queues(self) -> Queues:
        from chalicelib.queues.sqs import SqsQueue
        from chalicelib.services.ports import Queues

        return Queues(
            inbound=SqsQueue(self.settings.inbound_queue_url),
            wake=SqsQueue(self.settings.wake_queue_url),
            outbound=SqsQueue(self.settings.outbound_queue_url),
        )

    @cached_property
    def clock(self) -> Clock:
        from chalicelib.store.clock import SystemClock, TableClock

        return SystemClock() if self.settings.clock is ClockKind.SYSTEM else TableClock(self.store)

    @cached_property
    def secrets(self) -> Secrets:
        from chalicelib.secrets.ssm import SsmSecrets

        return SsmSecrets(self.settings.secrets_prefix)

    @cached_property
    def meter(self) -> EmfMeter:
        from chalicelib.observability import EmfMeter, service_name

        return EmfMeter(service_name(self.settings.stage))

    @cached_property
    def log(self) -> JsonLog:
        from chalicelib.observability import JsonLog, service_name

        return JsonLog(service_name(self.settings.stage))

    @cached_property
    def chat(self) -> SlackSender:
        from chalicelib.notifiers.slack.client import SlackSender
        from chalicelib.services.rotation import current

        token = "slack/bot_token"  # noqa: S105 - the parameter's name
        return SlackSender(token=lambda: current(self.secrets, token), api_url=self.settings.slack_api_url)

    @cached_property
    def sms(self) -> SmsSender:
        from chalicelib.notifiers.sms.sns import SnsSmsSender

        return SnsSmsSender()

    @cached_property
    def slack_door(self) -> SlackDoor:
        from chalicelib.notifiers.slack.signature import SlackDoor

        return SlackDoor(self.secrets, self.clock)

    # --- shared by use cases -----------------------------------------------------------------------------

    @cached_property
    def saving(self) -> Saving:
        from chalicelib.services.saving import Saving

        return Saving(self.store, self.queues, self.clock)

    @cached_property
    def teams(self) -> TeamVersions:
        from chalicelib.services.team_versions import TeamVersions

        return TeamVersions(self.store, self.saving, self.clock)

    @cached_property
    def books(self) -> Books:
        from chalicelib.services.bookkeeping import Books

        return Books(self.store, self.saving, self.teams)

    # --- use cases -----------------------------------------------------------------------------------------

    @cached_property
    def reception(self) -> Reception:
        from chalicelib.platforms.registry import platform
        from chalicelib.services.reception import Reception

        return Reception(platform, self.secrets, self.queues.inbound, self.clock, self.meter)

    @cached_property
    def quarantine(self) -> Quarantine:
        from chalicelib.services.quarantine import Quarantine

        return Quarantine(self.store, self.queues.inbound, self.meter, self.clock)

    @cached_property
    def judging(self) -> Judging:
        from chalicelib.classifier.rules import RuleJudge
        from chalicelib.services.judging import Judging
        from chalicelib.services.team_judge import TeamJudge

        return Judging(TeamJudge(self.teams, RuleJudge), self.store, self.books)

    @cached_property
    def hearing(self) -> Hearing:
        from chalicelib.services.hearing import Hearing

        return Hearing(self.store, self.meter)

    @cached_property
    def intake(self) -> Intake:
        from chalicelib.platforms.registry import platform
        from chalicelib.services.intake import Intake
        from chalicelib.services.intake_posts import Posts

        posts = Posts(self.store, self.books, self.judging, self.clock)
        return Intake(
            platforms=platform,
            teams=self.teams,
            posts=posts,
            quarantine=self.quarantine,
            hearing=self.hearing,
            inbound=self.queues.inbound,
            meter=self.meter,
        )

    @cached_property
    def claims(self) -> Claims:
        from chalicelib.services.claims import Claims

        return Claims(self.store, self.saving, self.teams, self.clock)

    @cached_property
    def replies(self) -> Replies:
        from chalicelib.services.replies import Replies

        return Replies(self.store, self.books)

    @cached_property
    def tick(self) -> Tick:
        from chalicelib.services.tick import Tick

        return Tick(self.store, self.saving, self.clock, self.meter)

    @cached_property
    def watch(self) -> Watch:
        from chalicelib.services.watch import Watch

        return Watch(self.store, self.saving, self.teams, self.clock)

    @cached_property
    def send(self) -> Send:
        from chalicelib.domain.personal_data import mask
        from chalicelib.services.pager import Means, send_of

        means = Means(
            store=self.store,
            saving=self.saving,
            teams=self.teams,
            clock=self.clock,
            meter=self.meter,
            sms=self.sms,
            chat=self.chat,
            mask=mask,
            others={"Reply": self.reply_sender.deliver},
        )
        return send_of(means)

    @cached_property
    def reply_sender(self) -> ReplySender:
        from chalicelib.services.reply_sender import ReplySender

        return ReplySender(
            store=self.store,
            saving=self.saving,
            books=self.books,
            clock=self.clock,
            meter=self.meter,
            repliers=self._replier,
        )

    def _replier(self, platform: str) -> PlatformReplier:
        from chalicelib.platforms.replying import PlatformReplier

        return PlatformReplier(platform, clock=self.clock, **self.reach)

    @cached_property
    def reach(self) -> dict[str, Any]:
        """What calling a platform takes, the addresses of the APIs among it: the real ones, or stand-ins'."""
        from chalicelib.platforms.http import Http

        graph = self.settings.graph_api_url
        own = {"instagram_login": self.settings.graph_instagram_api_url, "x": self.settings.x_api_url}
        hosts = dict.fromkeys(("facebook", "instagram", "whatsapp"), graph) | own
        return {"secrets": self.secrets, "transport": Http(), "hosts": hosts}

    @cached_property
    def incidents(self) -> Incidents:
        from chalicelib.services.incidents import Incidents
        from chalicelib.services.notices import Notices

        return Incidents(self.store, Notices(self.saving), self.teams, self.clock)

    @property
    def _looking(self) -> dict[str, Any]:
        """What looking for ourselves takes."""
        own = {"store": self.store, "teams": self.teams, "clock": self.clock, "meter": self.meter}
        return {"incidents": self.incidents, **own}

    @cached_property
    def polling(self) -> Polling:
        from chalicelib.platforms.sweeping import PlatformSweeper, streams
        from chalicelib.services.polling import Polling, Sources

        sources = Sources(lambda name: PlatformSweeper(name, **self.reach), streams)
        return Polling(inbound=self.queues.inbound, sources=sources, **self._looking)

    @cached_property
    def health(self) -> Health:
        from chalicelib.platforms.examining import EXAMINED, PlatformExaminer
        from chalicelib.services.health import Health
        from chalicelib.services.notices import Notices

        told = Notices(self.saving)
        return Health(
            examiner=lambda name: PlatformExaminer(name, **self.reach),
            examined=EXAMINED,
            notices=told,
            **self._looking,
        )

    def poll(self) -> None:
        """Ask for every sweep and check first: what silence is told by comes second."""
        from chalicelib.queues.sqs import SqsQueue
        from chalicelib.services.silence import Silence

        asked = (*self.polling.sweeps(), *self.health.checks())
        SqsQueue(self.settings.sweep_queue_url).send(*asked)
        Silence(self.hearing, self.incidents, self.teams, self.clock).run()

    def look(self, asked: Sweep) -> None:
        """Check an account's health, or sweep one of its streams."""
        from chalicelib.services.health import HEALTH

        (self.health.check if asked.stream == HEALTH else self.polling.sweep)(asked)

    @cached_property
    def auditor(self) -> Auditor:
        from chalicelib.services.auditor import Auditor

        return Auditor(self.store, self.saving, self.teams, self.clock, self.meter)

    # --- the functions ---------------------------------------------------------------------------------

    @cached_property
    def entry(self) -> Entry:
        from chalicelib.entry import Entry
        from chalicelib.queues.returns import SqsReturns
        from chalicelib.services.ports import Hand, Inbound, Sweep, Wake, Whisper

        stage = self.settings
        return Entry(
            intake=self._batch(
                {Inbound: lambda m: self.intake.take_in(m)},  # noqa: PLW0108 - built only where it runs
                SqsReturns(stage.inbound_queue_url, stage.inbound_dead_letters_url),
            ),
            watch=self._batch(
                {Wake: lambda m: self.watch.wake(m.ref, m.due_at)},
                SqsReturns(stage.wake_queue_url, stage.wake_dead_letters_url),
            ),
            send=self._batch(
                {
                    Hand: lambda m: self.send.deliver(m.ref),
                    Whisper: lambda m: self.chat.whisper(response_url=m.response_url, text=m.text),
                },
                SqsReturns(stage.outbound_queue_url, stage.outbound_dead_letters_url),
            ),
            sweep=self._batch(
                {Sweep: self.look},
                SqsReturns(stage.sweep_queue_url, stage.sweep_dead_letters_url),
            ),
            tick=lambda: self.tick.run(),  # noqa: PLW0108 - built only where it runs
            auditor=lambda: self.auditor.run(),  # noqa: PLW0108
            poll=self.poll,
        )

    def _batch(self, work: Mapping[type, Callable[[Any], None]], returns: Returns) -> Batch:
        from chalicelib.entry import Batch
        from chalicelib.queues.messages import loads

        return Batch(loads, work, returns, self.log)
