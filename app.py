"""Nightdesk's table of contents: every way in from outside, and nothing else.

What a message or a schedule does is decided in `chalicelib`; nothing heavy is imported before a handler runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Chalice, CloudWatchEvent, SQSEvent

if TYPE_CHECKING:
    from chalicelib.entry import Entry

app = Chalice(app_name="nightdesk")


@app.on_sqs_message(queue="inbound", name="intake", batch_size=10)
def intake(event: SQSEvent) -> dict[str, Any]:
    """Take deliveries in: posts, conversations, deadlines."""
    return entry().intake(event.to_dict())


@app.on_sqs_message(queue="wake", name="watch", batch_size=10)
def watch(event: SQSEvent) -> dict[str, Any]:
    """Advance the conversations whose next step is due."""
    return entry().watch(event.to_dict())


@app.on_sqs_message(queue="outbound", name="send", batch_size=1)
def send(event: SQSEvent) -> dict[str, Any]:
    """Deliver one page, message or reply: alone, so that its provider's time-out fits into the function's."""
    return entry().send(event.to_dict())


@app.schedule("rate(1 minute)", name="tick")
def tick(_event: CloudWatchEvent) -> None:
    """Wake what falls due within the next minute."""
    entry().tick()


@app.schedule("rate(5 minutes)", name="auditor")
def auditor(_event: CloudWatchEvent) -> None:
    """Check independently that nothing overdue went unfired."""
    entry().auditor()


def entry() -> Entry:
    """Return what the container of this process runs."""
    from chalicelib.wiring import container

    return container().entry
