"""What the queue and schedule functions do with what AWS hands them: each record alone, each error by its family.

The families decide (see ``errors``): NotFound and Conflict are done and logged; Transient stays on the queue
and comes back; Permanent goes to the dead-letter queue at once; a bug is retried, then dead-lettered by the
queue itself. One record never fails or repeats its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, Protocol

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from chalicelib.errors import Conflict, NotFound, Permanent, Transient
from chalicelib.services.ports import Message

Event = Mapping[str, Any]


class Log(Protocol):
    """What the entry points say: plain words and named facts."""

    def info(self, words: str, /, **facts: object) -> None:
        """Note something expected."""

    def warning(self, words: str, /, **facts: object) -> None:
        """Note something a person may want to know."""

    def exception(self, words: str, /, **facts: object) -> None:
        """Note a bug, masked; called while it is being handled."""


class Returns(Protocol):
    """What becomes of a message that is not done."""

    def bury(self, body: str, *, why: str) -> None:
        """Put a message that no retry can help on the dead-letter queue, whose alarm tells the lead."""

    def hold(self, receipt: str, delay: timedelta) -> None:
        """Have a message come back after ``delay`` instead of after the queue's long visibility. Raises: Transient."""


SHORTEST, LONGEST = timedelta(seconds=5), timedelta(minutes=5)
"""A failure that passes is tried again soon, then ever later."""


class Batch:
    """Works through one SQS batch and answers with the records to be delivered again."""

    def __init__(
        self,
        decode: Callable[[str], Message],
        work: Mapping[type, Callable[[Any], None]],
        returns: Returns,
        log: Log,
    ) -> None:
        self._decode = decode
        self._work = work
        self._returns = returns
        self._log = log

    def __call__(self, event: Event) -> dict[str, Any]:
        """Return ``{"batchItemFailures": [...]}``: exactly the records that are to come back."""
        processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
        answer = process_partial_response(
            event=dict(event), record_handler=self._one, processor=processor, context=None
        )
        return dict(answer)

    def _one(self, record: SQSRecord) -> None:
        try:
            message = self._decode(record.body)
            self._work_for(message)(message)
        except (NotFound, Conflict) as over:
            self._log.info("nothing left to do", why=str(over), message=record.message_id)
        except Permanent as hopeless:
            self._log.warning("dead-lettered", why=str(hopeless), runbook=hopeless.runbook)
            self._returns.bury(record.body, why=str(hopeless))
        except Transient as later:
            self._log.warning("will come back", why=str(later), message=record.message_id)
            with suppress(Transient):  # then it comes back when its visibility ends
                self._returns.hold(record.receipt_handle, backoff(tries(record), later.retry_after))
            raise
        except Exception:  # the edge of one record: without this nobody would ever see a bug's traceback
            self._log.exception("a bug: the message comes back", message=record.message_id)
            raise

    def _work_for(self, message: Message) -> Callable[[Any], None]:
        work = self._work.get(type(message))
        if work is None:
            raise Permanent(f"this queue carries no {type(message).__name__}", runbook="unknown-message")
        return work


def backoff(tries: int, retry_after: timedelta | None) -> timedelta:
    """Return how long a message waits that was tried ``tries`` times: doubling from 5 s, at most 5 minutes.

    The provider's own word on when, where it gave one, is kept up to the same bound.
    """
    doubled: timedelta = SHORTEST * 2 ** (tries - 1)
    return min(LONGEST, max(doubled, retry_after or SHORTEST))


def tries(record: SQSRecord) -> int:
    """Return how often a record was handed out, this time included."""
    return min(max(int(record.attributes.approximate_receive_count), 1), 10)


class Entry:
    """The functions behind the queues and the schedules."""

    def __init__(
        self,
        *,
        intake: Batch,
        watch: Batch,
        send: Batch,
        sweep: Batch,
        tick: Callable[[], object],
        auditor: Callable[[], object],
        poll: Callable[[], object],
    ) -> None:
        self.intake = intake
        self.watch = watch
        self.send = send
        self.sweep = sweep
        self.tick = tick
        self.auditor = auditor
        self.poll = poll
