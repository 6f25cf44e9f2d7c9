"""Every page to a person carries a link that opens their page: in a text the end of it, in Slack a line of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.pager_rows import LinkTicket
from chalicelib.domain.sms_text import SEGMENT, render_digest, render_sms, septets
from chalicelib.notifiers.slack.render import message
from chalicelib.services.links import fresh_token
from tests.builders import BEN
from tests.unit.notifiers.views import a_view
from tests.unit.pager.town import a_town

GATEWAY = "https://abcdefghij.execute-api.ap-southeast-2.amazonaws.com/api/l/"
"""An address as API Gateway makes them, in the region with the longest name but one."""


def test_a_page_in_slack_carries_a_link_and_no_code() -> None:
    """The link is the person's own, as in a text; a code is for texting back."""
    town = a_town()
    town.post()
    town.advance_to(60)
    (shown,) = [one for one in town.world.chat.shown if one.posted.channel == BEN.slack]
    assert shown.view.link is not None
    assert shown.view.code is None
    tickets = {ticket.person for ticket in town.store.everything(LinkTicket)}
    assert tickets == {"ana", "ben"}


def test_in_slack_the_link_is_a_line_of_its_own_and_a_card_for_all_has_none() -> None:
    link = f"{GATEWAY}{fresh_token()}"
    said = str(message(a_view(link=link), "key"))
    assert f"<{link}|Open it as a page>, once, for you alone" in said
    assert "Open it as a page" not in str(message(a_view(link=None), "key"))


@given(
    brand=st.text(min_size=1, max_size=60),
    handle=st.text(min_size=1, max_size=60),
    quote=st.text(max_size=300),
    code=st.none() | st.integers(1, 9999),
    left=st.integers(-9999, 9999),
    count=st.integers(2, 99),
)
def test_with_the_gateways_own_long_address_deadline_code_and_link_still_fit(
    *, brand: str, handle: str, quote: str, code: int | None, left: int, count: int
) -> None:
    """An installation without a domain of its own pays with the quote, never with what one must act on."""
    view = a_view(brand=brand, handle=handle, quote=quote, code=code, link=f"{GATEWAY}{'a' * 16}")
    view = replace(view, deadline_at=view.now + timedelta(minutes=left))
    text = render_sms(view)
    assert septets(text) <= SEGMENT
    assert view.link is not None
    assert text.endswith(view.link)
    assert code is None or f"Reply C{code} to claim." in text
    assert " by " in text or "was due" in text
    assert septets(render_digest(view, count=count)) <= SEGMENT
