"""The only reader of the environment: what the stage told this function, checked whole before anything runs.

Secrets are not here; ``Secrets`` reads them when they are needed. Nothing here has a default that could send
one stage's work to another's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
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


class SecondOpinion(StrEnum):
    """Whom to ask about what our own judge doubts or cannot read."""

    NONE = "none"
    COMPREHEND = "comprehend"
    BEDROCK = "bedrock"


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
    sms_sender: str
    sms_configuration_set: str | None
    twilio_account_sid: str
    twilio_api_url: str
    sms_voice_api_url: str | None
    second_opinion: SecondOpinion
    bedrock_model: str


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
        sms_sender=reading.optional("SMS_SENDER"),
        sms_configuration_set=reading.optional("SMS_CONFIGURATION_SET") or None,
        twilio_account_sid=reading.optional("TWILIO_ACCOUNT_SID"),
        twilio_api_url=reading.url("TWILIO_API_URL").rstrip("/") + "/",
        sms_voice_api_url=reading.optional_url("SMS_VOICE_API_URL"),
        second_opinion=reading.choice("SECOND_OPINION", SecondOpinion.NONE),
        bedrock_model=reading.optional("BEDROCK_MODEL"),
    )
    reading.blame(sms_faults(reading.variables))
    if settings.second_opinion is SecondOpinion.BEDROCK and not settings.bedrock_model:
        reading.blame(["BEDROCK_MODEL is not set: write the id of a model your account may use"])
    reading.finish()
    return settings


_AWS_SENDER = re.compile(r"(phone|pool)-[A-Za-z0-9]+")
_ACCOUNT_SID = re.compile(r"AC[0-9a-f]{32}")
_TWILIO_SENDER = re.compile(r"\+[1-9][0-9]{6,14}|MG[0-9a-f]{32}|[0-9]{3,8}|[A-Za-z0-9 ]{1,11}")


def sms_faults(variables: Mapping[str, str]) -> list[str]:
    """Return what the chosen provider of texts lacks, or is given wrongly; each sentence begins with the variable."""
    needed: dict[str, tuple[tuple[str, re.Pattern[str], str], ...]] = {
        SmsProvider.END_USER_MESSAGING: (
            (
                "SMS_SENDER",
                _AWS_SENDER,
                "the id of your number (phone-...) or pool (pool-...) in End User Messaging",
            ),
        ),
        SmsProvider.TWILIO: (
            ("SMS_SENDER", _TWILIO_SENDER, "your Twilio number (+44...) or messaging service (MG...)"),
            ("TWILIO_ACCOUNT_SID", _ACCOUNT_SID, "the account's SID: AC and 32 digits and letters a to f"),
        ),
    }
    given = [
        (name, variables.get(name, "").strip(), shape, what)
        for name, shape, what in needed.get(variables.get("SMS_PROVIDER", "").strip(), ())
    ]
    return [
        f"{name} is {value!r}: write {what}" if value else f"{name} is not set: write {what}"
        for name, value, shape, what in given
        if not shape.fullmatch(value)
    ]


class _Reading:
    """Reads variable after variable and remembers every fault; a value at fault reads as empty until ``finish``."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self._faults: list[str] = []

    def text(self, name: str) -> str:
        value = self.variables.get(name, "").strip()
        if not value:
            self._faults.append(f"{name} is not set: deploying with `make deploy` sets it")
        return value

    def url(self, name: str) -> str:
        value = self.text(name)
        return self._address(name, value) if value else ""

    def optional_url(self, name: str) -> str | None:
        value = self.variables.get(name, "").strip()
        return self._address(name, value).rstrip("/") or None

    def path(self, name: str) -> str:
        value = self.text(name)
        if value and not value.startswith("/"):
            self._faults.append(f"{name} is {value!r}: write a path such as /nightdesk/prod")
        return value.rstrip("/")

    def choice(self, name: str, default: Choice) -> Choice:
        value = self.variables.get(name, "").strip() or default
        allowed = type(default)
        if value in {one.value for one in allowed}:
            return allowed(value)
        self._faults.append(f"{name} is {value!r}: write one of {', '.join(allowed)}")
        return default

    def optional(self, name: str) -> str:
        return self.variables.get(name, "").strip()

    def blame(self, faults: Sequence[str]) -> None:
        self._faults.extend(faults)

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
