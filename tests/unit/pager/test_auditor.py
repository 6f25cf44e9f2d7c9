"""The auditor finds what the pager lost, without trusting what the pager wrote down; and handoffs are greeted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.items import Handover, Page, Reply
from chalicelib.domain.pager_rows import Notice, OptOut, ShiftMark
from chalicelib.domain.team import Acknowledgement, Channel, Contact, Layer, Offset, Override, Step
from chalicelib.errors import Permanent
from chalicelib.services.pager import auditor_of
from chalicelib.services.ports import Put, Ref
from tests.builders import ANA, BEN, LEAD, NIGHT, a_schedule, minutes
from tests.unit.pager.town import Town, a_town, words_of

AT_ONCE = Step(Offset(remaining=1.0), page=("primary",))
PEOPLE = {p.name: p for p in (ANA, BEN, replace(LEAD, reach=(*LEAD.reach, Contact(Channel.SLACK))))}
LATER = Step(Offset(remaining=0.5), page=("primary",))


def audit(town: Town) -> Town:
    auditor_of(town.means).run()
    town.work()
    return town


def without_index(town: Town, case: str) -> None:
    """Break the row: nothing is due, says ``next_due_at``."""
    row = town.conversation(case)
    town.store.commit(Put(replace(row, next_due_at=None, rev=row.rev + 1)))


def test_a_step_that_never_fired_pages_the_lead_and_is_set_going() -> None:
    """The row fell out of the due index at 02:00; its step was due at 02:30."""
    town = a_town(LATER)
    case = town.post()
    without_index(town, case)
    town.advance_to(35).expect()
    audit(town).expect("sms:lead", "sms:ana")
    assert town.world.meter.total("OverdueUnfired") == 1
    assert words_of(town.story(case), "Auditor: something was due at 02:30 UTC and did not happen.")


def test_a_pause_whose_end_was_lost_ends_all_the_same() -> None:
    """It was paused until 02:20; its row fell out of the due index, and nobody would have asked again."""
    town = a_town(AT_ONCE)
    case = town.post()
    row = town.conversation(case)
    town.store.commit(
        Put(
            replace(
                row,
                state=State.PAUSED,
                paused_until=NIGHT + minutes(20),
                paused_by="ana",
                pause_reason="asked the hotel",
                deadline_at=None,
                next_due_at=None,
                rev=row.rev + 1,
            )
        )
    )
    town.advance_to(22)
    audit(town).expect()
    town.advance_to(24).expect()
    audit(town).expect("sms:ana")
    assert town.conversation(case).state is State.WAITING
    assert words_of(town.story(case), "Auditor: something was due at 02:20 UTC and did not happen.")
    assert town.world.meter.total("OverdueUnfired") == 1


def test_what_is_merely_a_little_late_is_left_to_the_tick() -> None:
    town = a_town(LATER)
    case = town.post()
    without_index(town, case)
    town.advance_to(32)
    audit(town).expect()
    assert town.world.meter.total("OverdueUnfired") == 0


def test_nothing_overdue_still_counts_zero_so_that_silence_is_noticed() -> None:
    town = a_town()
    audit(town)
    assert ("OverdueUnfired", ()) in town.world.meter.counts


def test_the_lead_is_paged_about_a_conversation_at_most_twice_an_hour() -> None:
    town = a_town(LATER)
    case = town.post()
    row = town.conversation(case)
    stuck = replace(row, version="v1", next_due_at=None, rev=row.rev + 1)
    town.store.commit(Put(stuck))
    pages = 0
    for at in range(35, 100, 5):
        town.clock.set(NIGHT + minutes(at))
        auditor_of(town.means).run()
        town.outbound.receive()  # nobody works the queues: the outage goes on
        town.wake.receive()
        pages = len({p.n for p in town.pages(case) if p.step == "audit"})
    assert pages == 3  # 02:35, 03:05, 03:35


def test_a_page_that_got_stuck_is_found_and_set_going() -> None:
    """Its lease ran out and the index forgot it."""
    town = a_town(AT_ONCE)
    case = town.post()
    town.watch.wake(Ref(Conversation.__name__, (case,)), NIGHT)
    page = town.pages(case)[0]
    lost = replace(page, state=Handover.SENDING, lease_until=NIGHT + minutes(1), next_due_at=None, rev=2)
    town.store.commit(Put(lost))
    town.outbound.receive()
    town.clock.set(NIGHT + minutes(10))
    audit(town)
    assert words_of(town.story(case), "the sms page to ana of 02:00 UTC is stuck")
    assert town.world.meter.total("StuckHandover") == 1


def test_a_gap_of_the_next_fortnight_is_told_once_a_day() -> None:
    """Nobody has Saturdays: the lead hears it quietly, unless it is less than a day away."""
    gappy = a_schedule(layers=(Layer("all", ("ana",), when="sun mon tue wed thu fri"),))
    town = a_town(schedules={"primary": gappy, "backup": a_schedule("backup", "ben")}, people=PEOPLE)
    audit(town)
    notices = town.store.everything(Notice)
    assert [n.headline for n in notices] == [
        "primary has nobody from Sat 16 Jan 00:00 to Sun 17 Jan 00:00: it is nobody's turn",
        "primary has nobody from Sat 23 Jan 00:00 to Sun 24 Jan 00:00: it is nobody's turn",
    ]
    town.expect("slack:lead", "slack:lead")
    audit(town).expect()
    town.clock.advance(timedelta(days=1))
    audit(town).expect("slack:lead", "slack:lead")


def test_a_gap_less_than_a_day_away_pages() -> None:
    gappy = a_schedule(layers=(Layer("all", ("ana",), when="mon tue wed thu fri sat"),))
    town = a_town(schedules={"primary": gappy}, people=PEOPLE)
    audit(town)
    assert town.heard()[0] == "sms:lead"


def test_a_person_no_contact_reaches_is_told_of() -> None:
    """Ana's only contact is a phone that opted out."""
    town = a_town(people=PEOPLE)
    town.store.commit(Put(OptOut("+447700900001", NIGHT, "replied so")))
    audit(town).expect("slack:lead")
    assert town.store.everything(Notice)[0].headline == "ana may be paged, but no contact reaches them"


def test_whoever_comes_on_call_hears_what_waits() -> None:
    """Monday 09:00 the week turns to Ben: one quiet message, with the open work in it."""
    two = a_schedule("primary", "ana", "ben")
    town = a_town(schedules={"primary": two})
    audit(town).expect()
    mark = town.store.get(ShiftMark, "primary")
    assert mark is not None
    assert mark.next_due_at == NIGHT + timedelta(days=1, hours=7)
    town.post(escalation=None)
    town.advance_to(31 * 60 - 1).expect()
    town.advance_to(31 * 60).expect("slack:ben")
    view = town.world.chat.shown[-1].view
    assert view.headline == "You are on call: primary until Mon 18 Jan 09:00, then ana"
    assert view.history[0] == "care: 1 waiting, 1 overdue."


def test_an_override_made_since_greets_the_stand_in() -> None:
    """Ben takes over at once; the auditor's next look tells him."""
    town = a_town()
    audit(town).expect()
    town.world.team.run_time_overrides.append(
        Override("primary", NIGHT, NIGHT + timedelta(hours=4), "ben", by="ben")
    )
    audit(town).expect("slack:ben")
    audit(town).expect()
    town.advance_to(4 * 60 + 1).expect("sms:ana")


def test_a_quiet_notice_that_slack_refuses_wakes_nobody() -> None:
    town = a_town()
    audit(town)
    town.world.chat.fails("U02", Permanent("no such member"))
    town.world.team.run_time_overrides.append(
        Override("primary", NIGHT, NIGHT + timedelta(hours=4), "ben", by="ben")
    )
    audit(town)
    town.advance_to(10).expect()
    assert [p.state for p in town.store.everything(Page)] == [Handover.FAILED]


def test_a_customer_who_was_not_acknowledged_wakes_nobody_but_the_watch() -> None:
    """It was turned on while they waited, or its wake was lost: that is set going, and no lead is paged for it."""
    town = a_town(LATER)
    case = town.post()
    team = town.world.team.current()
    settings = Acknowledgement(Offset(remaining=0.9), "A person answers by {deadline}.")
    town.world.team.activate(replace(team, acknowledgement=settings))
    town.advance_to(20).expect()
    auditor_of(town.means).run()
    for message in town.wake.receive():
        town.deliver(message)
    (reply,) = town.store.everything(Reply)
    assert (reply.conversation_id, reply.automatic, town.pages(case)) == (case, True, [])
    assert town.world.meter.total("OverdueUnfired") == 0
