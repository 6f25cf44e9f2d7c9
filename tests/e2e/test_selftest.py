"""The weekly post of our own, on the deployed stack: it ends as a text to the lead, and is closed by itself."""

from __future__ import annotations

from chalicelib.domain.conversation import Closure, Conversation
from chalicelib.domain.items import StoredPost
from chalicelib.domain.pager_rows import SelfTestMark
from tests.e2e.harness.town import LADDER, TEAM, Town

OURS = """
[accounts.selftest]
platform = "facebook"
id = "selftest"
app = "acme-meta"
team = "care"
[teams.care]
"""
PROMISE = """
[[policies]]
when = { account = "selftest" }
first = "10m"
next = "10m"
escalation = "selftest"
[[policies]]
first = "60m"
"""
STEP = '[[escalation.selftest]]\nat = "-100%"\npage = ["lead"]'


def test_every_tuesday_at_ten_a_post_of_our_own_becomes_a_text(town: Town) -> None:
    """By the inbound queue, judged, stored, watched, paged; the next look closes it and notes that it passed."""
    team = TEAM.replace("\n[teams.care]\n", OURS).replace('\n[[policies]]\nfirst = "60m"\n', PROMISE)
    town.begin("Tue 09:55", ladder=(*LADDER, STEP), team=team)
    town.driver.audit()
    town.expect()
    town.advance_to("Tue 10:01")
    town.driver.audit()
    town.advance_to("Tue 10:02").expect("sms:lead")
    town.driver.audit()
    mark = town.box.store.get(SelfTestMark)
    assert mark is not None
    assert mark.ended_at is not None
    post = town.box.store.get(StoredPost, "facebook", "selftest", mark.post_id)
    assert post is not None
    assert post.conversation_id is not None
    case = town.box.store.get(Conversation, post.conversation_id)
    assert case is not None
    assert case.closure is Closure.BY_PERSON
    town.advance_to("Tue 17:59").expect()
