"""Nightdesk's table of contents: every way in from outside, and nothing else.

What a request, a message or a schedule does is decided in `chalicelib`; nothing heavy is imported before a
handler runs. Queues and schedules stand here because Chalice runs those of a blueprint without this module.
"""

from __future__ import annotations

from typing import Any

from chalice.app import Chalice, CloudWatchEvent, SQSEvent

from chalicelib.observability import Masked
from chalicelib.web.hooks import hooks
from chalicelib.web.page import pages
from chalicelib.web.slack import slack
from chalicelib.web.sms import sms
from chalicelib.wiring import container

app = Chalice(app_name="nightdesk")
app.log.addFilter(Masked())
app.register_blueprint(hooks)
app.register_blueprint(slack)
app.register_blueprint(pages)
app.register_blueprint(sms)


@app.on_sqs_message(queue="inbound", name="intake", batch_size=5)
def intake(event: SQSEvent) -> dict[str, Any]:
    """Take deliveries in: posts, conversations, deadlines. Five of fifty updates each fit into its time-out."""
    return container().entry.intake(event.to_dict())


@app.on_sqs_message(queue="wake", name="watch", batch_size=10)
def watch(event: SQSEvent) -> dict[str, Any]:
    """Advance the conversations whose next step is due."""
    return container().entry.watch(event.to_dict())


@app.on_sqs_message(queue="outbound", name="send", batch_size=1)
def send(event: SQSEvent) -> dict[str, Any]:
    """Deliver one page, message or reply: alone, so that its provider's time-out fits into the function's."""
    return container().entry.send(event.to_dict())


@app.schedule("rate(1 minute)", name="tick")
def tick(_event: CloudWatchEvent) -> None:
    """Wake what falls due within the next minute."""
    container().entry.tick()


@app.schedule("rate(5 minutes)", name="auditor")
def auditor(_event: CloudWatchEvent) -> None:
    """Check independently that nothing overdue went unfired."""
    container().entry.auditor()


@app.schedule("rate(5 minutes)", name="poll")
def poll(_event: CloudWatchEvent) -> None:
    """Ask for a sweep of every account, and notice webhooks that fell silent."""
    container().entry.poll()


@app.on_sqs_message(queue="sweep", name="sweep", batch_size=1)
def sweep(event: SQSEvent) -> dict[str, Any]:
    """Compare one stream of one account with what the table holds: alone, so that its calls fit into the time."""
    return container().entry.sweep(event.to_dict())
