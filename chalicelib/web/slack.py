"""Where Slack calls: presses of buttons, commands, and events. Everything is proven genuine before it is parsed.

What acts on a press or a command is imported when there is one: it knows the whole domain, and webhooks share this function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.app import Blueprint, Response

from chalicelib.web.http import ANY_TYPE, JSON, delivery_of, done, said, speaks_http
from chalicelib.wiring import container

if TYPE_CHECKING:
    from chalicelib.web.commands import Commands
    from chalicelib.web.desk_commands import DeskCommands
    from chalicelib.web.interactions import Interactions

slack = Blueprint(__name__)


@slack.route("/slack/interactions", methods=["POST"], content_types=ANY_TYPE)
@speaks_http
def interact() -> Response:
    """Act on a press or a form within Slack's three seconds; only a form is answered with more than nothing."""
    delivery = delivery_of(slack.current_request)
    container().slack_door.admit(delivery)
    answer = _interactions().act(delivery.body)
    return said(answer, content_type=JSON) if answer else done()


@slack.route("/slack/commands", methods=["POST"], content_types=ANY_TYPE)
@speaks_http
def command() -> Response:
    """Answer ``/oncall`` and ``/nightdesk`` within Slack's three seconds."""
    from chalicelib.web.commands import typed

    delivery, box = delivery_of(slack.current_request), container()
    box.slack_door.admit(delivery)
    commands = _desk_commands() if typed(delivery.body).command == "/nightdesk" else _commands()
    return said(commands.answer(delivery.body), content_type=JSON)


@slack.route("/slack/events", methods=["POST"], content_types=ANY_TYPE)
@speaks_http
def events() -> Response:
    """Repeat the challenge by which Slack checks this address; nothing else is subscribed to yet."""
    from chalicelib.web.interactions import challenge

    delivery = delivery_of(slack.current_request)
    container().slack_door.admit(delivery)
    return said(challenge(delivery))


def _commands() -> Commands:
    from chalicelib.web.commands import Commands

    box = container()
    return Commands(rota=box.teams, clock=box.clock)


def _desk_commands() -> DeskCommands:
    from chalicelib.domain.personal_data import mask
    from chalicelib.services.worklist import Worklist
    from chalicelib.web.desk_commands import DeskCommands

    box = container()
    lists = Worklist(box.store, box.teams, mask)
    return DeskCommands(lists=lists, dialogs=box.dialogs, teams=box.teams, clock=box.clock)


def _interactions() -> Interactions:
    from chalicelib.services.reply_corrections import ReplyCorrections
    from chalicelib.web.interactions import Interactions
    from chalicelib.web.means import Means

    box = container()
    means = Means(
        claims=box.claims,
        doubts=ReplyCorrections(box.books),
        replies=box.replies,
        corrections=box.corrections,
        follow_ups=box.follow_ups,
        answering=box.answering,
        drafts=box.drafts,
        cases=box.cases,
        playbooks=box.playbooks,
        dialogs=box.dialogs,
        store=box.store,
        teams=box.teams,
        clock=box.clock,
        outbound=box.queues.outbound,
        hiding=box.hiding,
    )
    return Interactions(means)
