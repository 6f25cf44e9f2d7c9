"""The ladder told as stories; any message that a story does not expect fails it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.conversation import State
from chalicelib.domain.items import Card, Handover, TimelineRow
from chalicelib.domain.team import Channel, Contact, Offset, Person, Step, Team
from chalicelib.errors import Permanent, Transient
from chalicelib.services.cards import card_writes
from chalicelib.services.ports import Hand, Put, Ref, Wake
from tests.builders import ANA, BEN, LEAD, NIGHT, a_schedule, a_team, minutes
from tests.unit.pager.town import Town, a_town, words_of

WITHOUT_SLACK = replace(BEN, slack=None, reach=(Contact(Channel.SMS),))
AT_ONCE = Step(Offset(remaining=1.0), page=("primary",))


def test_nobody_acts_so_the_ladder_climbs_and_never_stops() -> None:
    """Told at 60 % to go, paged at 33 %, both at the deadline, the lead five minutes later, then every ten."""
    town = a_town()
    town.post()
    town.advance_to(23.9).expect()
    town.advance_to(24).expect("card:#social")
    town.advance_to(40.1).expect()
    town.advance_to(40.2).expect("sms:ana")
    town.advance_to(60).expect("sms:ana", "slack:ben")
    town.advance_to(62.9).expect()
    town.advance_to(63).expect("sms:ben")
    town.advance_to(65).expect("sms:lead", "sms:ana")
    town.advance_to(74.9).expect()
    town.advance_to(75).expect("sms:lead", "sms:ana")
    town.advance_to(85).expect("sms:lead", "sms:ana")


def test_an_answer_stops_everything_even_what_was_about_to_leave() -> None:
    """Ben's delayed text is pending when the answer comes: it is skipped, and says why."""
    town = a_town()
    case = town.post()
    town.advance_to(61)
    town.expect("card:#social", "sms:ana", "sms:ana", "slack:ben")
    town.answer(case)
    town.advance_to(180).expect()
    assert words_of(town.story(case), "not sent: nobody is waiting any more")


def test_a_claim_silences_the_ladder_and_nudges_its_owner_at_the_deadline() -> None:
    """Claimed at 02:41 until 03:11: at 03:00 Ana alone is nudged, on her one contact."""
    town = a_town()
    case = town.post()
    town.advance_to(41).expect("card:#social", "sms:ana")
    town.claim(case, "ana")
    town.advance_to(59.9).expect()
    town.advance_to(60).expect("sms:ana")
    town.advance_to(70.9).expect()
    assert words_of(town.story(case), "collapsed, ana has it")


def test_a_claim_that_runs_out_pages_the_step_again_and_the_ex_owner() -> None:
    """Claimed by Ben at 02:41, silent until 03:11: the +5m step fires again, and Ben hears it too."""
    town = a_town()
    case = town.post()
    town.advance_to(41).expect("card:#social", "sms:ana")
    town.claim(case, "ben")
    town.advance_to(60).expect("slack:ben")
    town.advance_to(70.9).expect()
    town.advance_to(71).expect("sms:lead", "sms:ana", "slack:ben")
    town.advance_to(74).expect("sms:ben")
    town.advance_to(81).expect("sms:lead", "sms:ana")


def test_an_outage_ends_in_one_page_not_in_a_backlog() -> None:
    """Nothing ran from 02:20 to 03:02: the deadline step fires once, the earlier page step is collapsed into it."""
    town = a_town()
    case = town.post()
    town.advance_to(20).expect()
    town.clock.advance(minutes(42))
    town.tick.run()
    town.advance_to(62.1).expect("card:#social", "sms:ana", "slack:ben")
    assert words_of(town.story(case), "Step 2 of 4, 33 % of the time left: collapsed, one with step 3 of 4")


def test_a_wake_delivered_twice_early_or_for_nothing_changes_nothing() -> None:
    """Standard queues deliver at least once, in any order."""
    town = a_town()
    case = town.post()
    wake = Wake(Ref("Conversation", (case,)), town.clock.now())
    town.deliver(wake)
    assert town.conversation(case).rev == 1
    town.advance_to(41).expect("card:#social", "sms:ana")
    before = town.conversation(case)
    town.deliver(wake)
    town.deliver(Wake(Ref("Conversation", ("gone",)), town.clock.now()))
    town.advance_to(42).expect()
    assert town.conversation(case) == before


def test_a_page_delivered_twice_is_sent_once() -> None:
    town = a_town(AT_ONCE)
    case = town.post()
    town.advance_to(0)
    page = town.pages(case)[0]
    town.deliver(Hand(Ref("Page", page.identity)))
    town.expect("sms:ana")


def test_a_definite_failure_is_tried_three_times_then_the_next_contact_at_once() -> None:
    """Slack refuses Ben three times: his text does not wait for its three minutes."""
    town = a_town(Step(Offset(remaining=1.0), page=("ben",)))
    for _ in range(3):
        town.world.chat.fails("U02", Transient("busy"))
    case = town.post()
    town.advance_to(0.4).expect()
    town.advance_to(0.5).expect("sms:ben")
    town.advance_to(5).expect()
    assert [p.attempts for p in town.pages(case)] == [3, 1]


@pytest.mark.parametrize("arrives", [True, False])
def test_a_time_out_is_never_repeated_on_that_contact(arrives: bool) -> None:  # noqa: FBT001
    """Nobody knows whether Ben's Slack message arrived: his text leaves at once, the message is not repeated."""
    town = a_town(Step(Offset(remaining=1.0), page=("ben",)))
    town.world.chat.times_out("U02", arrives=arrives)
    case = town.post()
    town.advance_to(0).expect("sms:ben", *(["slack:ben"] if arrives else []))
    town.advance_to(10).expect()
    assert [p.state for p in town.pages(case)] == [Handover.UNKNOWN, Handover.SENT]


def test_a_number_that_cannot_be_reached_brings_the_fallback_and_tells_the_lead() -> None:
    """Ana has one contact and it is dead: Chi, the schedule's fallback, is paged at once; the lead is told."""
    chi = Person("chi", "+447700900003", "U03", reach=(Contact(ANA.reach[0].channel),))
    town = a_town(
        AT_ONCE,
        people={p.name: p for p in (ANA, BEN, LEAD, chi)},
        schedules={"primary": a_schedule(fallback="chi")},
    )
    town.world.sms.fails("+447700900001", Permanent("no such number"))
    case = town.post()
    town.advance_to(0).expect("sms:chi", "sms:lead")
    town.advance_to(30).expect()
    assert words_of(town.story(case), "ana could not be reached on any contact: chi is paged instead.")


def test_two_contacts_that_fail_together_still_bring_the_fallback_once() -> None:
    both = Person("ana", "+447700900001", "U01", reach=(BEN.reach[0], ANA.reach[0]))
    town = a_town(AT_ONCE, people={p.name: p for p in (both, BEN, LEAD)})
    town.world.sms.fails("+447700900001", Permanent("no such number"))
    town.world.chat.fails("U01", Permanent("no such member"))
    town.post()
    town.advance_to(0).expect("sms:lead")
    town.advance_to(30).expect()


def test_one_recipients_failure_never_delays_another() -> None:
    town = a_town(Step(Offset(remaining=1.0), page=("primary", "backup")))
    town.world.sms.fails("+447700900001", Permanent("no such number"))
    town.post()
    town.advance_to(0).expect("slack:ben", "sms:lead")


def test_the_same_person_through_two_schedules_is_paged_once() -> None:
    town = a_town(
        Step(Offset(remaining=1.0), page=("primary", "backup", "ana")),
        schedules={"primary": a_schedule(), "backup": a_schedule("backup", "ana")},
    )
    town.post()
    town.advance_to(1).expect("sms:ana")


def test_widening_spaces_out_the_repetitions_and_its_last_pause_lasts() -> None:
    step = Step(
        Offset(delta=timedelta(0)),
        page=("ana",),
        repeat=minutes(10),
        widen=(minutes(10), minutes(20), minutes(60)),
    )
    town = a_town(step)
    town.post()
    town.advance_to(60).expect("sms:ana")
    for at in (70, 90, 150, 210, 270):
        town.advance_to(at - 0.1).expect()
        town.advance_to(at).expect("sms:ana")


def test_a_conversation_that_becomes_urgent_climbs_the_urgent_ladder_from_its_first_step() -> None:
    """Ana was paged at 02:00 and 02:10, next at 03:10. Urgent at 02:25: Ben at once and ten minutes later.

    What fired on the ladder it left counts for nothing on this one; only the pages' numbers go on.
    """
    default = Step(Offset(remaining=1.0), page=("ana",), repeat=minutes(10), widen=(minutes(10), minutes(60)))
    ladders = {"default": (default,), "urgent": (replace(default, page=("ben",)),)}
    town = Town(a_team(escalation=ladders, people={p.name: p for p in (ANA, WITHOUT_SLACK, LEAD)}))
    case = town.post()
    town.advance_to(25).expect("sms:ana", "sms:ana")
    before = town.conversation(case)
    urgent = replace(before, escalation="urgent", rev=before.rev + 1, next_due_at=town.clock.now())
    town.saving.commit(Put(urgent))
    town.advance_to(25).expect("sms:ben")
    town.advance_to(34.9).expect()
    town.advance_to(35).expect("sms:ben")
    town.advance_to(94.9).expect()
    assert sorted((p.n, p.person) for p in town.pages(case)) == [
        (0, "ana"),
        (1, "ana"),
        (2, "ben"),
        (3, "ben"),
    ]
    assert town.conversation(case).epoch == before.epoch


def test_a_card_is_one_message_edited_in_place() -> None:
    """Told, claimed, answered: Slack shows one message, and it tells the truth each time."""
    town = a_town()
    case = town.post()
    town.advance_to(25)
    assert [s.view.headline for s in town.world.chat.shown] == ["Waiting for an answer: 36 min left"]
    town.claim(case, "ana")
    town.advance_to(25.1)
    assert [s.view.headline for s in town.world.chat.shown] == ["ana has it"]
    town.answer(case)
    town.saving.commit(*card_writes(town.store, town.conversation(case), town.clock.now()))
    town.advance_to(25.2)
    assert [(s.view.headline, s.view.tone) for s in town.world.chat.shown] == [("Answered", "answered")]


def test_after_a_time_out_the_card_is_looked_for_before_it_is_posted_again() -> None:
    town = a_town()
    case = town.post()
    town.world.chat.times_out("#social", arrives=True)
    town.advance_to(26).expect("card:#social")
    card = town.store.get(Card, case, "#social")
    assert card is not None
    assert (card.state, card.next_due_at, len(town.world.chat.shown)) == (Handover.SENT, None, 1)


def test_a_card_that_never_arrived_is_posted_after_all() -> None:
    town = a_town()
    town.post()
    town.world.chat.times_out("#social", arrives=False)
    town.advance_to(26).expect("card:#social")


def test_a_card_somebody_deleted_is_posted_anew() -> None:
    town = a_town()
    case = town.post()
    town.advance_to(25).expect("card:#social")
    town.world.chat.delete(town.world.chat.shown[0].posted)
    town.claim(case, "ana")
    town.advance_to(26)
    assert [s.view.headline for s in town.world.chat.shown] == ["ana has it"]


def test_a_channel_that_takes_no_messages_is_an_incident_the_lead_hears_of_once() -> None:
    """The card fails for good; the lead is texted, and the ladder goes on regardless."""
    town = a_town()
    for _ in range(2):
        town.post()
        town.world.chat.fails("#social", Permanent("channel_is_archived"))
    town.advance_to(30).expect("sms:lead")
    assert "Slack does not take messages for #social" in town.texts_to("lead")[0]
    town.advance_to(41.5).expect("sms:ana", "sms:ana", "card:#social", "card:#social")


def test_slack_asking_to_wait_is_obeyed() -> None:
    town = a_town()
    town.world.chat.fails("#social", Transient("slow down", retry_after=timedelta(seconds=45)))
    town.post()
    town.advance_to(24.7).expect()
    town.advance_to(24.8).expect("card:#social")


def test_quiet_hours_hold_back_a_tell_and_never_a_page() -> None:
    """At 02:24 the channel sleeps until 07:00; Ana is woken at 02:40 all the same."""
    town = a_town(teams={"care": Team("care", "#social", "Europe/London", quiet="22:00-07:00")})
    town.post()
    town.advance_to(50).expect("sms:ana")
    town = a_town(
        Step(Offset(remaining=0.6), tell=("#social",)),
        teams={"care": Team("care", "#social", "Europe/London", quiet="22:00-02:30")},
    )
    town.post()
    town.advance_to(29.9).expect()
    town.advance_to(30).expect("card:#social")


def test_what_was_answered_in_the_quiet_is_not_told_in_the_morning() -> None:
    town = a_town(teams={"care": Team("care", "#social", "Europe/London", quiet="22:00-03:30")})
    case = town.post()
    town.advance_to(30).expect()
    town.answer(case)
    town.advance_to(120).expect()


def test_the_end_of_a_pause_starts_the_clock_again() -> None:
    """Paused until 03:30: owed again then, with ten minutes' grace, so the ladder is at its end at once."""
    town = a_town()
    case = town.post(
        state=State.PAUSED,
        paused_until=NIGHT + minutes(90),
        pause_reason="waiting for the depot",
        deadline_at=None,
    )
    town.advance_to(89.9).expect()
    town.advance_to(90)
    assert town.conversation(case).state is State.WAITING
    town.expect("card:#social", "sms:ana")
    town.advance_to(100).expect("sms:ana", "slack:ben")


def test_a_running_clock_keeps_the_ladder_it_started_with_and_pages_todays_people() -> None:
    """A new version drops the ladder and changes Ana's phone: the promise climbs on, to the new number."""
    town = a_town()
    town.post()
    moved = Person("ana", "+447700900777", "U01", reach=ANA.reach)
    town.world.team.activate(
        a_team(version="v2", escalation={"default": ()}, people={p.name: p for p in (moved, BEN, LEAD)})
    )
    town.advance_to(41)
    assert [t.phone for t in town.world.sms.sent] == ["+447700900777"]


def test_a_clock_whose_configuration_is_gone_climbs_todays_ladder() -> None:
    """Nothing is ignored for want of a row."""
    town = a_town()
    case = town.post()
    row = town.conversation(case)
    town.store.commit(Put(replace(row, version="v0", rev=row.rev + 1)))
    town.advance_to(41).expect("card:#social", "sms:ana")


def test_every_message_has_its_line_with_due_sent_and_reason() -> None:
    town = a_town(AT_ONCE)
    case = town.post()
    town.advance_to(0)
    rows = [r for r in town.store.children(TimelineRow, case) if r.kind == "page"]
    facts = dict(rows[0].facts)
    assert facts["due"] == facts["sent"] == "2027-01-10T02:00:00.000000Z"
    assert facts["reason"] == "step 1 of 1, 100 % of the time left; primary: days, turn 1"
