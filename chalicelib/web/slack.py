"""Where Slack calls: presses of buttons, and events. Everything is proven genuine before it is parsed."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib.services.reply_corrections import ReplyCorrections
from chalicelib.web.http import ANY_TYPE, delivery_of, done, said, speaks_http
from chalicelib.web.interactions import Interactions, challenge
from chalicelib.wiring import container

slack = Blueprint(__name__)


@slack.route("/slack/interactions", methods=["POST"], content_types=ANY_TYPE)
@speaks_http
def interact() -> Response:
    """Act on a press within Slack's three seconds, and answer with nothing."""
    delivery = delivery_of(slack.current_request)
    container().slack_door.admit(delivery)
    _interactions().act(delivery.body)
    return done()


@slack.route("/slack/events", methods=["POST"], content_types=ANY_TYPE)
@speaks_http
def events() -> Response:
    """Repeat the challenge by which Slack checks this address; nothing else is subscribed to yet."""
    delivery = delivery_of(slack.current_request)
    container().slack_door.admit(delivery)
    return said(challenge(delivery))


def _interactions() -> Interactions:
    box = container()
    return Interactions(
        claims=box.claims,
        doubts=ReplyCorrections(box.books),
        teams=box.teams,
        clock=box.clock,
        outbound=box.queues.outbound,
    )
