"""Where Twilio calls: texts that people sent, and what became of ours. Proven genuine, queued, answered at once.

What a text asks for is done behind the queue, which also sends the answer: what Twilio gets here is an empty one.
"""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib.web.http import ANY_TYPE, delivery_of, said, speaks_http
from chalicelib.wiring import container

sms = Blueprint(__name__)

NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
XML = "text/xml; charset=utf-8"


@sms.route("/sms/twilio", methods=["POST"], content_types=ANY_TYPE)
@speaks_http
def twilio() -> Response:
    """Take a text or a receipt in."""
    box = container()
    told = box.twilio_door.admit(delivery_of(sms.current_request))
    if told is not None:
        box.queues.outbound.send(told)
    return said(NOTHING_TO_SAY, content_type=XML)
