"""The world outside as this stage has it: table, queues, clock, secrets, senders; and what is built right on them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.settings import ClockKind, Settings

if TYPE_CHECKING:
    from chalicelib.notifiers.slack.client import SlackSender
    from chalicelib.notifiers.slack.dialogs import SlackDialogs
    from chalicelib.notifiers.slack.signature import SlackDoor
    from chalicelib.observability import EmfMeter, JsonLog
    from chalicelib.services.bookkeeping import Books
    from chalicelib.services.ports import Clock, Queues, SmsSender, Store, Vault
    from chalicelib.services.saving import Saving
    from chalicelib.services.team_versions import TeamVersions


class World:
    """Adapters by the name of what they do, each built once, when first asked for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

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
            sweep=SqsQueue(self.settings.sweep_queue_url),
        )

    @cached_property
    def clock(self) -> Clock:
        from chalicelib.store.clock import SystemClock, TableClock

        return SystemClock() if self.settings.clock is ClockKind.SYSTEM else TableClock(self.store)

    @cached_property
    def secrets(self) -> Vault:
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
    def dialogs(self) -> SlackDialogs:
        from chalicelib.notifiers.slack.dialogs import SlackDialogs
        from chalicelib.services.rotation import current

        token = "slack/bot_token"  # noqa: S105 - the parameter's name
        return SlackDialogs(token=lambda: current(self.secrets, token), api_url=self.settings.slack_api_url)

    @cached_property
    def sms(self) -> SmsSender:
        from chalicelib.wiring.carriers import carrier

        return carrier(self.settings, self.secrets)

    @cached_property
    def slack_door(self) -> SlackDoor:
        from chalicelib.notifiers.slack.signature import SlackDoor

        return SlackDoor(self.secrets, self.clock)

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
