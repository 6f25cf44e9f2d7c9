"""Where platforms deliver: one address per platform and app, because the secret is chosen before parsing."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib.web.http import ANY_TYPE, delivery_of, done, said, speaks_http
from chalicelib.wiring import container

hooks = Blueprint(__name__)


@hooks.route("/hooks/{platform}/{app}", methods=["GET"])
@speaks_http
def greet(platform: str, app: str) -> Response:
    """Answer the handshake by which a platform asks whether this address is ours."""
    answer = container().reception.challenge(platform, app, delivery_of(hooks.current_request))
    return said(answer.body, answer.status, answer.content_type)


@hooks.route("/hooks/{platform}/{app}", methods=["POST"], content_types=ANY_TYPE)
@speaks_http
def receive(platform: str, app: str) -> Response:
    """Accept a delivery: prove it genuine, queue it, answer at once."""
    container().reception.receive(platform, app, delivery_of(hooks.current_request))
    return done()
