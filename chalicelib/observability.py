"""What Nightdesk says about itself: the names of its metrics and log keys, and the two ways to say them.

Never a person's words, name, handle or number: ids alone. Powertools is imported when something is first said,
so importing the names costs nothing. Metrics ride in log lines (CloudWatch's embedded metric format), each
written at once: counting makes no call, and a crash loses no count.
"""

from __future__ import annotations

import logging
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

NAMESPACE: Final = "Nightdesk"

# Metrics. An alarm of infra/template.json watches those marked with a bell; renaming one silences it.
TICK_HEARTBEAT: Final = "TickHeartbeat"  # bell
OVERDUE_UNFIRED: Final = "OverdueUnfired"  # bell
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
        """Note a bug, with its traceback; call it while the exception is being handled."""
        self._logger.error(words, exc_info=sys.exc_info(), extra=_safe(facts))


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
    return {
        f"{key}_" if key in _TAKEN else key: "(withheld)" if key in WITHHELD else fact
        for key, fact in facts.items()
    }
