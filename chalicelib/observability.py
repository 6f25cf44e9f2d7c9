"""What Nightdesk says about itself: the names of its metrics and log keys, and the two ways to say them.

Never a person's words, name, handle or number: ids alone; what an error says is masked, since a provider may have
put a customer's words into it. Powertools is imported when something is first said,
so importing the names costs nothing. Metrics ride in log lines (CloudWatch's embedded metric format), each
written at once: counting makes no call, and a crash loses no count.
"""

from __future__ import annotations

import logging
import sys
import traceback
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

NAMESPACE: Final = "Nightdesk"

# Metrics. An alarm of infra/template.json watches those marked with a bell; renaming one silences it.
TICK_HEARTBEAT: Final = "TickHeartbeat"  # bell
OVERDUE_UNFIRED: Final = "OverdueUnfired"  # bell
SWEEP_BUDGET_SPENT: Final = "SweepBudgetSpent"  # bell
HTTP_REFUSED: Final = "HttpRefused"
DELIVERIES: Final = "Deliveries"
QUARANTINED: Final = "Quarantined"
POSTS: Final = "Posts"
DUPLICATES: Final = "Duplicates"
JUDGED: Final = "Judged"
WOKEN: Final = "Woken"
PAGES: Final = "Pages"
CLAIMS: Final = "Claims"
ANSWERED: Final = "Answered"

# Keys of log lines.
CONVERSATION: Final = "conversation"
POST: Final = "post"
PAGE: Final = "page"
PLATFORM: Final = "platform"
APP: Final = "app"
ACCOUNT: Final = "account"
WHY: Final = "why"

WITHHELD: Final = frozenset(
    {"author", "body", "email", "handle", "name", "phone", "quote", "secret", "text", "token", "words"}
)
"""Keys that speak of a person or a secret: whatever is said under them is not written."""


def service_name(stage: str) -> str:
    """Return what logs and metrics of a stage carry as ``service``; the alarms look for exactly this."""
    return f"nightdesk-{stage}"


class Masked(logging.Filter):
    """Masks the tracebacks that a logger not ours is about to write."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line pass, without personal data."""
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = _masked("".join(traceback.format_exception(record.exc_info[1]))).rstrip()
        return True


class JsonLog:
    """Writes JSON lines: plain words and named facts."""

    def __init__(self, service: str) -> None:
        self._service = service

    @cached_property
    def _logger(self) -> Logger:
        from aws_lambda_powertools import Logger

        return Logger(service=self._service)

    def info(self, words: str, /, **facts: object) -> None:
        """Note something expected."""
        self._logger.info(words, extra=_safe(facts))

    def warning(self, words: str, /, **facts: object) -> None:
        """Note something a person may want to know."""
        self._logger.warning(words, extra=_safe(facts))

    def exception(self, words: str, /, **facts: object) -> None:
        """Note a bug, with its masked traceback; call it while the exception is being handled."""
        trace = _masked("".join(traceback.format_exception(sys.exception() or RuntimeError(words))))
        self._logger.error(words, extra=_safe(facts) | {"exception": trace})


class EmfMeter:
    """A ``Meter``: each count is one line, summed by CloudWatch per service and per given dimensions."""

    def __init__(self, service: str) -> None:
        self._service = service

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import (
            AmazonCloudWatchEMFProvider,
        )

        metrics = AmazonCloudWatchEMFProvider(
            namespace=NAMESPACE, default_dimensions={"service": self._service}
        )
        if dimensions:
            metrics.add_dimensions(**dimensions)
        metrics.add_metric(name, "Count", value)
        metrics.flush_metrics()


_TAKEN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


def _safe(facts: dict[str, object]) -> dict[str, object]:
    """Return facts fit for a line: a key that logging keeps for itself gets an underscore."""
    return {f"{key}_" if key in _TAKEN else key: _said(key, fact) for key, fact in facts.items()}


def _said(key: str, fact: object) -> object:
    if key in WITHHELD:
        return "(withheld)"
    return _masked(str(fact)) if key == WHY else fact


def _masked(words: str) -> str:
    """Return words without personal data; masking is imported only where something goes wrong."""
    from chalicelib.domain.personal_data import mask

    return mask(words)
