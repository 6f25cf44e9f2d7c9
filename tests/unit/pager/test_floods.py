"""Floods: the first text leaves at once, the rest as one digest a minute, each post in exactly one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain import digest as flood
from chalicelib.domain.items import Card, Handover, Page
from chalicelib.domain.pager_rows import Digest, DigestMember, ReplyCode
from chalicelib.domain.team import Channel, Contact, Offset, Person, Step
from chalicelib.errors import Permanent, Transient
from chalicelib.services.ports import Put
from tests.builders import ANA, BEN, LEAD, NIGHT
from tests.unit.pager.town import Town, a_town, words_of

AT_ONCE = Step(Offset(remaining=1.0), page=("primary",))
SECOND = timedelta(seconds=1)


def flooded(town: Town, *seconds: int) -> list[str]:
    """Post at each of these seconds, with everybody at work in between."""
    cases = []
    for at in seconds:
        town.advance_to(at / 60)
        cases.append(town.post(f"Post {at}"))
    town.work()
    return cases


def test_the_first_page_of_a_flood_leaves_at_once() -> None:
    town = a_town(AT_ONCE)
    flooded(town, 0)
    town.expect("sms:ana")


def test_what_comes_within_the_gap_leaves_as_one_digest() -> None:
    """Posts at 0, 5, 10, 20 and 59 s: one text at once, one digest of four when the minute is over."""
    town = a_town(AT_ONCE)
    cases = flooded(town, 0, 5, 10, 20, 59)
    town.expect("sms:ana")
    town.advance_to(1).expect("sms:ana")
    text = town.texts_to("ana")[-1]
    assert text.startswith("Acme Air: 4 posts wait, first: answer by 03:00")
    assert "Reply B1 to claim all." in text
    town.advance_to(5).expect()
    assert [p.state for case in cases for p in town.pages(case)] == [Handover.SENT] * 5


def test_two_pages_a_gap_apart_are_two_texts_and_no_digest() -> None:
    town = a_town(AT_ONCE)
    flooded(town, 0, 120)
    town.expect("sms:ana", "sms:ana")
    assert not town.store.everything(Digest)


def test_a_hundred_posts_in_a_hundred_seconds_cost_three_texts() -> None:
    town = a_town(AT_ONCE)
    cases = flooded(town, *range(100))
    town.advance_to(3).expect("sms:ana", "sms:ana", "sms:ana")
    sizes = [len(town.store.children(DigestMember, *d.identity)) for d in town.store.everything(Digest)]
    assert sizes == [59, 40]  # the one made as the digest leaves is too late for it
    assert all(p.state is Handover.SENT for case in cases for p in town.pages(case))


def test_a_digest_of_one_is_an_ordinary_text_with_its_own_code_and_link() -> None:
    town = a_town(AT_ONCE)
    flooded(town, 0, 30)
    town.advance_to(1).expect("sms:ana", "sms:ana")
    assert "Reply C2 to claim. https://nd.example/l/" in town.texts_to("ana")[-1]


def test_a_member_claimed_meanwhile_is_not_in_the_digest() -> None:
    """Three gathered, one claimed, one answered before the minute is over: an ordinary text about the third."""
    town = a_town(AT_ONCE)
    cases = flooded(town, 0, 5, 10, 15)
    town.claim(cases[1], "ben")
    town.answer(cases[2])
    town.advance_to(1).expect("sms:ana", "sms:ana")
    assert "Post 15" in town.texts_to("ana")[-1]
    assert words_of(town.story(cases[1]), "not sent: ben has it")


def test_a_digest_nobody_needs_any_more_is_not_sent() -> None:
    town = a_town(AT_ONCE)
    cases = flooded(town, 0, 5)
    town.answer(cases[1])
    town.advance_to(3).expect("sms:ana")


def test_each_person_has_their_own_gate() -> None:
    town = a_town(Step(Offset(remaining=1.0), page=("primary", "lead")))
    flooded(town, 0, 5)
    town.expect("sms:ana", "sms:lead")
    town.advance_to(1).expect("sms:ana", "sms:lead")


def test_a_person_sees_three_direct_messages_a_minute_and_one_digest_of_the_rest() -> None:
    """The first leave at once; ten in a moment are four messages, and each post is in exactly one."""
    town = a_town(Step(Offset(remaining=1.0), page=("lou",)), people=_lou_on_slack())
    cases = [town.post() for _ in range(10)]
    town.advance_to(0).expect(*["slack:lou"] * 3)
    town.advance_to(1).expect("slack:lou")
    view = town.world.chat.shown[-1].view
    assert view.headline == "7 posts wait for you"
    assert view.quote.splitlines()[0] == "Jo Peters on Facebook: Waiting for an answer: 59 min left"
    assert {p.state for case in cases for p in town.pages(case)} == {Handover.SENT}


def _lou_on_slack() -> dict[str, Person]:
    lou = Person("lou", None, "U77", reach=(Contact(Channel.SLACK),))
    return {p.name: p for p in (ANA, BEN, LEAD, lou)}


def test_a_digest_that_fails_for_good_brings_the_fallback_for_each_member() -> None:
    town = a_town(AT_ONCE)
    cases = flooded(town, 0, 5, 10)
    town.world.sms.fails("+447700900001", Permanent("no such number"))
    town.advance_to(1).expect("sms:ana", "sms:lead")  # the lead's first at once, the second in a digest
    town.advance_to(2).expect("sms:lead")
    assert all(words_of(town.story(case), "lead is paged instead") for case in cases[1:])


def test_a_digest_that_times_out_is_never_repeated() -> None:
    town = a_town(AT_ONCE)
    cases = flooded(town, 0, 5, 10)
    town.world.sms.times_out("+447700900001", arrives=True)
    town.advance_to(10)
    assert len(town.texts_to("ana")) == 2
    assert {p.state for case in cases[1:] for p in town.pages(case) if p.person == "ana"} == {
        Handover.UNKNOWN
    }


def test_a_digest_that_definitely_failed_is_tried_again_without_what_was_claimed_since() -> None:
    town = a_town(AT_ONCE)
    cases = flooded(town, 0, 5, 10, 15)
    town.world.sms.fails("+447700900001", Transient("busy"))
    town.advance_to(1).expect("sms:ana")
    town.claim(cases[1], "ben")
    town.advance_to(2).expect("sms:ana")
    assert "2 posts wait" in town.texts_to("ana")[-1]


@pytest.mark.parametrize("posts", [31, 75])
def test_a_digest_larger_than_a_transaction_still_covers_every_post_once(posts: int) -> None:
    town = a_town(AT_ONCE)
    cases = flooded(town, *[0] * posts)
    town.advance_to(2).expect("sms:ana", "sms:ana")
    assert f"{posts - 1} posts wait" in town.texts_to("ana")[-1]
    members = town.store.everything(DigestMember)
    assert len({m.page_key for m in members}) == len(members) == posts - 1
    pages = [p for case in cases for p in town.store.children(Page, case)]
    assert {p.sent_at for p in pages} == {NIGHT, NIGHT + 60 * SECOND}


def test_a_digest_takes_a_hundred_and_the_next_leaves_a_gap_later() -> None:
    """250 posts at once: one text, then a hundred, a hundred and the rest, a minute apart; each post in one."""
    town = a_town(AT_ONCE)
    cases = flooded(town, *[0] * 250)
    town.expect("sms:ana")
    for minute, count in ((1, 100), (2, 100), (3, 49)):
        town.advance_to(minute).expect("sms:ana")
        assert f"{count} posts wait" in town.texts_to("ana")[-1]
    members = town.store.everything(DigestMember)
    assert len({m.page_key for m in members}) == len(members) == 249
    assert all(p.state is Handover.SENT for case in cases for p in town.pages(case))
    town.advance_to(5).expect()


def test_what_comes_while_full_digests_wait_joins_the_last_of_them() -> None:
    """101 at once, one as the first digest leaves, one after: all in the second."""
    town = a_town(AT_ONCE)
    flooded(town, *[0] * 102, 60, 90)
    town.advance_to(3).expect(*["sms:ana"] * 3)
    assert "3 posts wait" in town.texts_to("ana")[-1]


def test_a_member_whose_subject_is_gone_is_skipped_and_keeps_nobody_from_the_others() -> None:
    """A notice is deleted when it expires; the page about it may still be in a digest."""
    town = a_town(AT_ONCE)
    flooded(town, 0, 5)
    digest = town.store.everything(Digest)[0]
    lost = Page(
        "notice:gone", 0, "audit", 0, "ana", 0, Channel.SMS, NIGHT, "it was told", digest_id=digest.id
    )
    town.store.commit(Put(lost), Put(flood.member(lost, digest)))
    town.advance_to(1).expect("sms:ana", "sms:ana")
    assert town.pages("notice:gone")[0].state is Handover.SKIPPED
    assert words_of(town.story("notice:gone"), "not sent: there is no notice notice:gone")


TOLD = Step(Offset(remaining=1.0), tell=("#social",))


def test_a_channel_sees_three_new_messages_a_minute_and_one_summary_of_the_rest() -> None:
    """Ten posts at once: three messages, then one that names the other seven; nothing more."""
    town = a_town(TOLD)
    for _ in range(10):
        town.post()
    town.advance_to(0).expect(*["card:#social"] * 3)
    town.advance_to(1).expect("card:#social")
    view = town.world.chat.shown[-1].view
    assert view.headline == "7 more posts wait for an answer"
    assert view.quote.splitlines()[0] == "Jo Peters on Facebook, due Sun 03:00"
    town.advance_to(10).expect()
    assert not [c for c in town.store.everything(Card) if c.next_due_at or c.digest_id]


def test_a_summary_of_one_post_speaks_of_one() -> None:
    town = a_town(TOLD)
    for _ in range(4):
        town.post()
    town.advance_to(1).expect(*["card:#social"] * 4)
    view = town.world.chat.shown[-1].view
    assert (view.headline, view.handle) == ("1 more post waits for an answer", "1 customer")


def test_a_summarised_conversation_gets_its_own_message_when_it_moves() -> None:
    town = a_town(TOLD)
    cases = [town.post() for _ in range(5)]
    town.advance_to(1).expect(*["card:#social"] * 4)
    town.advance_to(3)
    town.claim(cases[4], "ana")
    town.advance_to(3).expect("card:#social")
    assert town.world.chat.shown[-1].view.headline == "ana has it"


def test_what_was_answered_before_the_summary_is_not_in_it() -> None:
    town = a_town(TOLD)
    cases = [town.post() for _ in range(5)]
    town.advance_to(0.5).expect(*["card:#social"] * 3)
    for case in cases[3:]:
        town.answer(case)
    town.advance_to(5).expect()
    assert not [c for c in town.store.everything(Card) if c.next_due_at or c.digest_id]


def test_a_summary_that_times_out_is_looked_for_before_it_is_posted_again() -> None:
    town = a_town(TOLD)
    for _ in range(5):
        town.post()
    town.advance_to(0.5).expect(*["card:#social"] * 3)
    town.world.chat.times_out("#social", arrives=True)
    town.advance_to(5).expect("card:#social")


def test_slow_arrivals_are_each_their_own_message() -> None:
    town = a_town(TOLD)
    flooded(town, 0, 61, 122, 183, 244)
    town.expect(*["card:#social"] * 5)


def test_a_carrier_that_hears_nothing_carries_no_codes() -> None:
    """SNS sends only: a text that asked for a reply would leave its reader believing they had claimed."""
    town = a_town(AT_ONCE)
    town.world.sms.hears = False
    flooded(town, 0, 5, 10)
    town.advance_to(1).expect("sms:ana", "sms:ana")
    assert not any("Reply" in text for text in town.texts_to("ana"))
    assert not town.store.everything(ReplyCode)
