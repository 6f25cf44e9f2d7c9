"""Our outbound side and the stand-in speak the same API: an answer lands, is echoed as ours, and is found when lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.posts import Direction, Kind
from chalicelib.errors import NightdeskError, OutcomeUnknown
from chalicelib.platforms.base import Own
from chalicelib.platforms.http import Http
from chalicelib.platforms.registry import platform
from chalicelib.platforms.replying import PlatformReplier
from chalicelib.services.reply_port import Outgoing
from infra.standin.server import Standin
from tests.standin.conftest import PAGE, Deployed

OWN = Own("facebook", "acme-meta", ids=frozenset({PAGE.id}))


class Keys:
    """The secrets of the stand-in's brand."""

    def get(self, name: str) -> str:
        return PAGE.secret if name.startswith("apps/") else "page-token"

    anew = get


class Now:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def delay_until(self, at: datetime) -> timedelta:
        return max(at - self.now(), timedelta(0))


@pytest.fixture
def replier(standin: Standin) -> PlatformReplier:
    hosts = {"facebook": standin.graph_api_url}
    http = Http(timeout=(2, 1))
    return PlatformReplier("facebook", secrets=Keys(), clock=Now(), transport=http, hosts=hosts)


def comment(standin: Standin) -> Outgoing:
    line, _ = standin.meta.comment(PAGE, f"{PAGE.id}_77", "Jo", "Where is my bag?")
    return Outgoing(
        "acme-meta", PAGE.id, line.id, "55", line.id, "Here it is!", private=False, correlation="nd:c:r"
    )


def message() -> Outgoing:
    name = f"{PAGE.id}:7766"
    return Outgoing(
        "acme-meta",
        PAGE.id,
        name,
        "7766",
        "m_1",
        "On its way",
        private=True,
        correlation="nd:c:r",
        kind=Kind.DM,
    )


def test_a_public_answer_lands_and_its_delivery_reads_as_the_brands(
    standin: Standin, replier: PlatformReplier, deployed: Deployed
) -> None:
    sent = replier.reply(comment(standin))
    [update] = platform("facebook").updates(deployed.got[-1][2])
    [post] = platform("facebook").read(update, OWN, Now().now()).posts
    assert (post.external_id, post.direction, post.stops_clock) == (sent.external_id, Direction.SELF, True)


def test_a_direct_message_comes_back_with_our_token(replier: PlatformReplier, deployed: Deployed) -> None:
    sent = replier.reply(message())
    [update] = platform("facebook").updates(deployed.got[-1][2])
    [post] = platform("facebook").read(update, OWN, Now().now()).posts
    assert (post.external_id, post.correlation) == (sent.external_id, "nd:c:r")
    assert post.contact_id == "7766"


def test_an_answer_whose_answer_was_lost_is_found_and_need_not_be_sent_again(
    standin: Standin, replier: PlatformReplier
) -> None:
    outgoing, began = comment(standin), Now().now() - timedelta(minutes=1)
    assert replier.find(outgoing, began) is None
    standin.failures.ask(method="graph", how="timeout_after_write", times=1, seconds=3)
    with pytest.raises(OutcomeUnknown):
        replier.reply(outgoing)
    found = replier.find(outgoing, began)
    assert found is not None
    assert standin.world.line(found.external_id) is not None


def test_a_post_that_is_gone_is_refused_in_words(standin: Standin, replier: PlatformReplier) -> None:
    gone = replace(comment(standin), to_post_id="no-such-comment")
    with pytest.raises(NightdeskError, match="Object does not exist"):
        replier.reply(gone)
