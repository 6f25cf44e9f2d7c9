"""The one link of a page: ``/l/TOKEN`` is the door, ``/l/case/ID`` the conversation behind it.

Whatever goes wrong has words and says where to look; only a bug is logged with its traceback. Everything the page
needs is imported when somebody opens one: webhooks share this function.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import TYPE_CHECKING, ParamSpec

from chalice.app import Blueprint, Response

from chalicelib.errors import NightdeskError, NotFound, Rejected
from chalicelib.observability import HTTP_REFUSED
from chalicelib.web.http import ANY_TYPE, delivery_of
from chalicelib.wiring import container

if TYPE_CHECKING:
    from chalicelib.services.platform_port import Delivery
    from chalicelib.web.page_desk import LinkDesk
    from chalicelib.web.page_http import Sheet
    from chalicelib.web.page_view import Views

P = ParamSpec("P")

pages = Blueprint(__name__)

ELSEWHERE = "Look for the newest message on your phone, answer it with its code, or open Slack."


def speaks_page(view: Callable[P, Sheet]) -> Callable[P, Response]:
    """Let a route raise: each failure is counted or logged, and answered with a page that has words for it."""

    def count(family: str) -> None:
        container().meter.count(HTTP_REFUSED, family=family, route=view.__name__)

    def broke() -> None:
        container().log.exception("the linked page broke")

    worded = in_words(view, count, broke)

    @wraps(view)
    def spoken(*args: P.args, **kwargs: P.kwargs) -> Response:
        return _sent(worded(*args, **kwargs))

    return spoken


def in_words(
    view: Callable[P, Sheet], count: Callable[[str], None], broke: Callable[[], None]
) -> Callable[P, Sheet]:
    """Return the route with its failures as pages: told to ``count`` by family, or to ``broke`` if they are bugs."""

    @wraps(view)
    def worded(*args: P.args, **kwargs: P.kwargs) -> Sheet:
        try:
            return view(*args, **kwargs)
        except NightdeskError as error:
            count(type(error).__name__)
            return told(error)
        except Exception:  # noqa: BLE001 - the edge of the page: a person at night reads words, the log has the rest
            broke()
            return told(None)

    return worded


@pages.route("/l/{token}", methods=["GET"])
@speaks_page
def door(token: str) -> Sheet:
    """Show the button; fetching this address, as previews do, changes nothing."""
    return _desk().door(token, _cookies())


@pages.route("/l/{token}", methods=["POST"], content_types=ANY_TYPE)
@speaks_page
def enter(token: str) -> Sheet:
    """Use the link up, and lead to the conversation."""
    return _desk().enter(token, _cookies())


@pages.route("/l/case/{conversation_id}", methods=["GET"])
@speaks_page
def show(conversation_id: str) -> Sheet:
    """Show the conversation as it is now."""
    return _desk().show(conversation_id, _cookies(), _delivery().query.get("done", ""))


@pages.route("/l/case/{conversation_id}", methods=["POST"], content_types=ANY_TYPE)
@speaks_page
def act(conversation_id: str) -> Sheet:
    """Do what a form asks."""
    from chalicelib.web.page_http import form_of

    return _desk().act(conversation_id, _cookies(), form_of(_delivery()))


def told(error: NightdeskError | None) -> Sheet:
    """Return the page that an error means: what it is, and where to look instead."""
    from chalicelib.web.page_http import Sheet

    status, title, words = _words(error)
    return Sheet(_views().told(title, words), status)


def _words(error: NightdeskError | None) -> tuple[int, str, str]:
    match error:
        case NotFound():
            return 404, "This page is closed", f"{_sentence(error)} {ELSEWHERE}"
        case Rejected():
            return error.status, "That was not done", f"{_sentence(error)} Go back and open it once more."
        case None:
            return 500, "Something broke here", f"It is being looked at. {ELSEWHERE}"
    return 503, "Not just now", f"Too much is going on. Wait a moment and press again. {ELSEWHERE}"


def _sentence(error: NightdeskError) -> str:
    words = str(error)
    return f"{words[:1].upper()}{words[1:]}."


def _sent(sheet: Sheet) -> Response:
    from chalicelib.web.page_http import headers_of, response_of

    box = container()
    secure = not (box.settings.public_base_url or "").startswith("http://")
    return response_of(sheet, headers_of(_views().style_hash), secure=secure)


def _delivery() -> Delivery:
    return delivery_of(pages.current_request)


def _cookies() -> dict[str, str]:
    from chalicelib.web.page_http import cookies_of

    return cookies_of(_delivery())


@cache
def _views() -> Views:
    """Return what draws pages: loaded when somebody opens one, kept as long as the function lives."""
    from chalicelib.web.page_view import Views

    return Views()


def _desk() -> LinkDesk:
    from chalicelib.services.contacts import Contacts
    from chalicelib.services.reply_corrections import ReplyCorrections
    from chalicelib.web.page_acts import PageActs
    from chalicelib.web.page_desk import LinkDesk
    from chalicelib.web.page_replying import PageReplying

    box = container()
    acts = PageActs(
        claims=box.claims,
        replies=box.replies,
        doubts=ReplyCorrections(box.books),
        corrections=box.corrections,
        contacts=Contacts(box.store, box.books),
        follow_ups=box.follow_ups,
        hiding=box.hiding,
    )
    return LinkDesk(
        links=box.links,
        sessions=box.sessions,
        cases=box.cases,
        acts=acts,
        replying=PageReplying(box.answering, box.drafts),
        playbooks=box.playbooks,
        teams=box.teams,
        clock=box.clock,
        views=_views(),
        queues=box.corrections.queues,
    )
