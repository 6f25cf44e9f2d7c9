"""Puts the pager together from ports: the one place that knows which of its parts needs which.

``wiring`` gives it the real table, queues and senders, tests give it fakes; nothing here is concrete.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain.items import Card, Page
from chalicelib.domain.pager_rows import Digest, HeardText, ShiftMark
from chalicelib.services.alerts import Alerts, Mask
from chalicelib.services.auditor import Auditor
from chalicelib.services.card_sender import CardSender
from chalicelib.services.claims import Claims
from chalicelib.services.desk import Desk
from chalicelib.services.digest_sender import DigestSender
from chalicelib.services.handoff import Handoff
from chalicelib.services.links import Links
from chalicelib.services.notices import Notices
from chalicelib.services.page_outcomes import PageOutcomes
from chalicelib.services.page_sender import PageSender
from chalicelib.services.ports import ChatSender, Clock, Meter, SmsSender, Store, TeamSource
from chalicelib.services.receipts import Receipts
from chalicelib.services.saving import Saving
from chalicelib.services.send import Deliver, Send
from chalicelib.services.sms_replies import SmsReplies
from chalicelib.services.subjects import Subjects
from chalicelib.services.summary_sender import SummarySender
from chalicelib.services.texts import Texts
from chalicelib.services.tick import Tick
from chalicelib.services.watch import Watch


@dataclass(frozen=True, slots=True)
class Means:
    """What the pager works with. ``others`` are senders of rows that are not the pager's, by kind (``Reply``)."""

    store: Store
    saving: Saving
    teams: TeamSource
    clock: Clock
    meter: Meter
    sms: SmsSender
    chat: ChatSender
    mask: Mask
    links: Links | None = None
    others: Mapping[str, Deliver] = field(default_factory=dict)


def claims_of(means: Means) -> Claims:
    """Return who may have what."""
    return Claims(means.store, means.saving, means.teams, means.clock)


def watch_of(means: Means) -> Watch:
    """Return what advances conversations."""
    return Watch(means.store, means.saving, means.teams, means.clock)


def tick_of(means: Means) -> Tick:
    """Return what wakes due rows every minute."""
    return Tick(means.store, means.saving, means.clock, means.meter)


def auditor_of(means: Means) -> Auditor:
    """Return what checks all the others."""
    return Auditor(means.store, means.saving, means.teams, means.clock, means.meter)


def sms_replies_of(means: Means) -> SmsReplies:
    """Return what acts on the texts people send back."""
    return SmsReplies(means.store, means.teams, claims_of(means), Notices(means.saving))


def texts_of(means: Means) -> Texts:
    """Return what hears texts, has them acted on and answers them."""
    return Texts(
        store=means.store,
        saving=means.saving,
        clock=means.clock,
        meter=means.meter,
        replies=sms_replies_of(means),
        sms=means.sms,
    )


def receipts_of(means: Means) -> Receipts:
    """Return what reads carriers' receipts."""
    return Receipts(means.store, means.saving, _outcomes_of(means))


def _outcomes_of(means: Means) -> PageOutcomes:
    desk = Desk(means.store, means.saving, means.teams)
    return PageOutcomes(means.store, means.saving, desk, means.clock, means.meter)


def send_of(means: Means) -> Send:
    """Return what delivers pages, cards, digests and whatever else was given a sender."""
    desk, alerts = Desk(means.store, means.saving, means.teams), Alerts(means.store, means.mask)
    outcomes = _outcomes_of(means)
    subjects = Subjects(means.store, desk, alerts)
    pages = PageSender(
        store=means.store,
        saving=means.saving,
        clock=means.clock,
        subjects=subjects,
        outcomes=outcomes,
        sms=means.sms,
        chat=means.chat,
        links=means.links,
    )
    digests = DigestSender(
        store=means.store,
        saving=means.saving,
        clock=means.clock,
        desk=desk,
        subjects=subjects,
        outcomes=outcomes,
        pages=pages,
        sms=means.sms,
        chat=means.chat,
    )
    cards = CardSender(
        store=means.store,
        saving=means.saving,
        clock=means.clock,
        meter=means.meter,
        desk=desk,
        alerts=alerts,
        chat=means.chat,
    )
    summaries = SummarySender(
        store=means.store, saving=means.saving, clock=means.clock, desk=desk, chat=means.chat
    )
    own: dict[str, Deliver] = {
        Page.__name__: pages.deliver,
        Digest.__name__: _by_channel(digests, summaries),
        Card.__name__: cards.deliver,
    }
    return Send({**own, **_beside_pages(means), **means.others})


def _beside_pages(means: Means) -> dict[str, Deliver]:
    """Return what works the pager's other rows: texts that were heard, shifts that begin."""
    return {
        HeardText.__name__: texts_of(means).deliver,
        ShiftMark.__name__: Handoff(means.store, means.saving, means.teams, means.clock).deliver,
    }


def _by_channel(digests: DigestSender, summaries: SummarySender) -> Deliver:
    """Return what sends a digest: one message to a person, or one summary in a Slack channel."""

    def deliver(identity: tuple[str, ...]) -> None:
        (summaries if identity[0].startswith("#") else digests).deliver(identity)

    return deliver
