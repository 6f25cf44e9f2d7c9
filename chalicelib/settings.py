"""The only reader of the environment: what the stage told this function, checked whole before anything runs.

Secrets are not here; ``Secrets`` reads them when they are needed. Nothing here has a default that could send
one stage's work to another's.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from chalicelib.errors import Misconfigured

Choice = TypeVar("Choice", bound=StrEnum)


class ClockKind(StrEnum):
    """Whose time it is: the machine's, or a story's row in the table."""

    SYSTEM = "system"
    TABLE = "table"


class SmsProvider(StrEnum):
    """Who carries text messages."""

    SNS = "sns"
    END_USER_MESSAGING = "end_user_messaging"
    TWILIO = "twilio"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a function knows about its stage.

    The API addresses end in a slash, ready for a method's name; ``public_base_url`` and the prefix do not.
    """

    stage: str
    table: str
    inbound_queue_url: str
    wake_queue_url: str
    outbound_queue_url: str
    sweep_queue_url: str
    inbound_dead_letters_url: str
    wake_dead_letters_url: str
    outbound_dead_letters_url: str
    sweep_dead_letters_url: str
    secrets_prefix: str
    clock: ClockKind
    sms_provider: SmsProvider
    slack_api_url: str
    graph_api_url: str
    graph_instagram_api_url: str
    threads_api_url: str
    x_api_url: str
    public_base_url: str | None


def read_settings(variables: Mapping[str, str] | None = None) -> Settings:
    """Read the environment, or other variables. Raises: Misconfigured naming all at fault, and what to write."""
    reading = _Reading(os.environ if variables is None else variables)
    settings = Settings(
        stage=reading.text("STAGE"),
        table=reading.text("TABLE"),
        inbound_queue_url=reading.url("INBOUND_QUEUE_URL"),
        wake_queue_url=reading.url("WAKE_QUEUE_URL"),
        outbound_queue_url=reading.url("OUTBOUND_QUEUE_URL"),
        sweep_queue_url=reading.url("SWEEP_QUEUE_URL"),
        inbound_dead_letters_url=reading.url("INBOUND_DEAD_LETTERS_URL"),
        wake_dead_letters_url=reading.url("WAKE_DEAD_LETTERS_URL"),
        outbound_dead_letters_url=reading.url("OUTBOUND_DEAD_LETTERS_URL"),
        sweep_dead_letters_url=reading.url("SWEEP_DEAD_LETTERS_URL"),
        secrets_prefix=reading.path("SECRETS_PREFIX"),
        clock=reading.choice("CLOCK", ClockKind.SYSTEM),
        sms_provider=reading.choice("SMS_PROVIDER", SmsProvider.SNS),
        slack_api_url=reading.url("SLACK_API_URL").rstrip("/") + "/",
        graph_api_url=reading.url("GRAPH_API_URL").rstrip("/") + "/",
        graph_instagram_api_url=reading.url("GRAPH_INSTAGRAM_API_URL").rstrip("/") + "/",
        threads_api_url=reading.url("THREADS_API_URL").rstrip("/") + "/",
        x_api_url=reading.url("X_API_URL").rstrip("/") + "/",
        public_base_url=reading.optional_url("PUBLIC_BASE_URL"),
    )
    reading.finish()
    return settings


class _Reading:
    """Reads variable after variable and remembers every fault; a value at fault reads as empty until ``finish``."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._faults: list[str] = []

    def text(self, name: str) -> str:
        value = self._variables.get(name, "").strip()
        if not value:
            self._faults.append(f"{name} is not set: deploying with `make deploy` sets it")
        return value

    def url(self, name: str) -> str:
        value = self.text(name)
        return self._address(name, value) if value else ""

    def optional_url(self, name: str) -> str | None:
        value = self._variables.get(name, "").strip()
        return self._address(name, value).rstrip("/") or None

    def path(self, name: str) -> str:
        value = self.text(name)
        if value and not value.startswith("/"):
            self._faults.append(f"{name} is {value!r}: write a path such as /nightdesk/prod")
        return value.rstrip("/")

    def choice(self, name: str, default: Choice) -> Choice:
        value = self._variables.get(name, "").strip() or default
        allowed = type(default)
        if value in {one.value for one in allowed}:
            return allowed(value)
        self._faults.append(f"{name} is {value!r}: write one of {', '.join(allowed)}")
        return default

    def finish(self) -> None:
        """Raise Misconfigured with every fault, if there is one."""
        if self._faults:
            raise Misconfigured(
                "The environment is wrong:\n" + "\n".join(f"- {fault}" for fault in self._faults)
            )

    def _address(self, name: str, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.netloc):
            self._faults.append(
                f"{name} is {value!r}: write a whole address such as https://example.com/path"
            )
        return value
