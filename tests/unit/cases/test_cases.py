"""A case is opened whole: what was said, by whom, what was before, how to answer, and what may be done now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.case import Act, CaseView, Speaker, Way
from chalicelib.domain.conversation import Closure, State
from chalicelib.domain.items import Happened, ThreadLink
from chalicelib.domain.judgement import PostKind, Priority
from chalicelib.domain.personal_data import mask
from chalicelib.domain.posts import Media, Op
from chalicelib.domain.team import Account
from chalicelib.errors import NotFound, OutcomeUnknown, Permanent
from chalicelib.platforms.terms import PlatformTerms
from chalicelib.services.cases import THREAD, Cases
from chalicelib.services.claims import Claims
from chalicelib.services.ports import Put
from chalicelib.services.reply_advice import ReplyAdvice
from tests.builders import (
    CUSTOMER,
    NIGHT,
    PAGE_ID,
    a_conversation,
    a_dm,
    a_page,
    a_post,
    a_reply_entry,
    a_stored_post,
    a_team,
    a_timeline_row,
    an_answered_conversation,
    an_entry,
    minutes,
)
from tests.unit.intake.desk_town import DeskTown

OTHER_PAGE = "5550009999"


class Office(DeskTown):
    """A town where cases are opened."""

    def __init__(self, **changes: Any) -> None:
        super().__init__(a_team(**changes))
        self.cases = Cases(self.store, self.team, mask, ReplyAdvice(self.store, PlatformTerms))
        self.claims = Claims(self.store, self.saving, self.team, self.clock)

    def open(self, *, after: float = 0) -> CaseView:
        """Open the only conversation, ``after`` minutes from now."""
        self.clock.advance(minutes(after))
        return self.cases.open(self.id, self.clock.now())

    def keep(self, *rows: object) -> None:
        """Put rows into the table."""
        self.store.commit(*(Put(row) for row in rows))


def way(view: CaseView, *, private: bool) -> Way:
    return next(each for each in view.ways if each.private is private)


# --- what was said --------------------------------------------------------------------------------------


def test_the_thread_tells_the_four_voices_apart_in_the_order_of_their_times() -> None:
    """A customer's words, the platform's own app, a machine, and ours through Nightdesk."""
    office = Office()
    office.asked("Where is my order?")
    office.replied("Thanks for writing!", at=0.1, external_id="5550001_2")
    office.replied("Which order is it?", at=5, external_id="5550001_3")
    office.asked("The blue one", at=6, external_id="5550001_4")
    office.answers("It leaves today.", at=8)
    office.sends()
    said = [(line.speaker, line.text) for line in office.open().thread]
    assert said == [
        (Speaker.CUSTOMER, "Where is my order?"),
        (Speaker.AUTOMATIC, "Thanks for writing!"),
        (Speaker.NATIVE, "Which order is it?"),
        (Speaker.CUSTOMER, "The blue one"),
        (Speaker.OURS, "It leaves today."),
    ]


def test_each_line_says_who_spoke_and_which_post_waits() -> None:
    office = Office()
    office.asked("Hello?")
    office.asked("Anybody there?", at=1, external_id="5550001_5")
    first, second = office.open().thread
    assert (first.who, first.waits, second.waits) == ("Jo Peters", True, False)
    office.answers("We are!", at=2)
    office.sends()
    assert office.open().thread[-1].by == "ana"


def test_nothing_in_a_case_holds_personal_data() -> None:
    """Posts, quotes of earlier conversations, notes, reasons, handles, and answers on their way."""
    office = Office()
    secret = "jo.peters@example.com"
    office.judged(f"Write to {secret}", reasons=(f"says {secret}",))
    office.asked(f"Write to {secret}", author_name=secret)
    office.asked(
        f"Or to {secret}", at=1, external_id="5550002_1", thread_id="t2", parent_id="t2", post_id="t2"
    )
    office.answers(f"We wrote to {secret}", at=2)
    office.keep(a_timeline_row(conversation_id=office.id, kind=Happened.NOTE, words=f"Asked {secret}"))
    office.replies.pause(
        office.id, "ana", f"wait for {secret}", until=NIGHT + minutes(90), at=NIGHT + minutes(2)
    )
    view = office.open()
    assert secret not in repr(view)
    assert "(email)" in repr(view)
    assert view.earlier
    assert view.underway


def test_a_post_its_author_deleted_is_told_without_its_words() -> None:
    office = Office()
    office.asked("I hate you")
    office.asked("Sorry. Where is my order?", at=1, external_id="5550001_5")
    office.hears(a_post(op=Op.DELETE, is_deleted=True, created_at=NIGHT + minutes(2)))
    first, _ = office.open().thread
    assert (first.text, first.gone) == (None, "deleted by its author")


def test_pictures_are_named_since_they_cannot_be_shown() -> None:
    office = Office()
    office.asked("Look", media=(Media("image", "https://cdn.example/1.jpg"),))
    assert office.open().thread[0].media == ("image",)


def test_a_long_thread_shows_its_newest_lines_and_the_one_that_waits() -> None:
    """However much was written since, the oldest unanswered post is what is owed."""
    office = Office()
    for number in range(THREAD + 3):
        office.asked(f"And {number}?", at=number, external_id=f"5550001_{100 + number}")
    view = office.open()
    assert len(view.thread) == THREAD
    assert view.more
    assert [line.text for line in view.thread if line.waits] == ["And 0?"]
    assert view.thread[-1].text == f"And {THREAD + 2}?"


def test_a_reply_nobody_knows_the_addressee_of_is_marked() -> None:
    office = Office()
    office.asked()
    office.asked("Mine too!", at=1, external_id="5550001_7", author_id="9", contact_id="9", author_name="Kim")
    office.replied("On it", at=20, parent_id="1029384756_5550001", tags=())
    view = office.cases.open(office.conversations[0].id, office.clock.now())
    assert [line.doubtful for line in view.thread] == [False, True]
    assert view.maybe_reply_at == NIGHT + minutes(20)
    assert {Act.WAS_FOR_THEM, Act.WAS_NOT_FOR_THEM} <= view.acts


# --- answers on their way -------------------------------------------------------------------------------


def test_an_answer_is_on_its_way_until_the_platform_has_it() -> None:
    office = Office()
    office.asked()
    office.answers("Found it!", at=5)
    view = office.open()
    assert [(u.by, u.text, u.words, u.failed) for u in view.underway] == [
        ("ana", "Found it!", "on its way", False)
    ]
    office.sends()
    assert office.open().underway == ()


def test_an_answer_whose_fate_stays_unknown_is_shown_and_holds_nobody_back() -> None:
    """Busy while its echo may come; after that a person looks, and may answer again."""
    office = Office()
    office.asked()
    office.answers("Found it!", at=5)
    office.replier.fails(OutcomeUnknown("no answer"))
    office.sends()
    assert [u.busy for u in office.open().underway] == [True]
    for _ in range(6):
        office.sends(after=0.5)
    (unknown,) = office.open().underway
    assert (unknown.busy, unknown.failed) == (False, False)
    assert unknown.words.startswith("nobody knows yet whether it arrived")


def test_an_answer_the_platform_refused_stays_visible_with_its_reason() -> None:
    office = Office()
    office.asked()
    office.answers("Found it!", at=5)
    office.replier.fails(Permanent("the token is dead"))
    office.sends()
    (failed,) = office.open().underway
    assert failed.failed
    assert failed.words == "not sent: the token is dead"


# --- what was before ------------------------------------------------------------------------------------


def an_earlier(**changes: Any) -> tuple[object, ...]:
    """Return the rows of an answered conversation of the same person an hour ago."""
    usual: dict[str, Any] = {
        "id": "earlier0000000000001",
        "thread_id": "old",
        "opened_at": NIGHT - minutes(60),
        "entries": (an_entry(id="old_1", at=NIGHT - minutes(60)),),
        "answered_at": NIGHT - minutes(50),
    }
    other = an_answered_conversation(**(usual | changes))
    post = a_stored_post(
        platform=other.platform,
        account=other.account,
        external_id="old_1",
        text="My bag is lost",
        conversation_id=other.id,
    )
    link = ThreadLink(other.platform, other.account, f"contact:{other.contact_id}", other.id, other.opened_at)
    return other, post, link


def test_the_persons_earlier_conversation_is_shown_with_how_it_ended() -> None:
    office = Office()
    office.keep(*an_earlier())
    office.asked()
    view = office.open()
    (earlier,) = view.earlier
    assert (earlier.quote, earlier.outcome) == ("My bag is lost", "answered after 10 min")
    assert view.repeat_contact
    assert "written before" in view.reasons[-1]


def test_the_same_id_on_another_page_of_the_brand_is_the_same_person() -> None:
    accounts = dict(a_team().accounts)
    accounts["acme-care"] = Account("acme-care", "facebook", OTHER_PAGE, "acme-meta", "care")
    office = Office(accounts=accounts)
    office.keep(*an_earlier(account=OTHER_PAGE, account_name="acme-care"))
    office.asked()
    assert [e.quote for e in office.open().earlier] == ["My bag is lost"]


def test_a_link_row_ties_a_person_together_across_platforms() -> None:
    """Such a row is written by a human action or a verified shared identifier; then all they wrote there shows."""
    office = Office()
    there: dict[str, Any] = {"platform": "x", "account": "77", "account_name": "acme-x", "contact_id": "x-jo"}
    office.keep(*an_earlier(**there))
    second = an_earlier(**there, id="earlier0000000000002", opened_at=NIGHT - minutes(30))
    office.keep(second[0], second[2])
    office.keep(ThreadLink("facebook", PAGE_ID, f"contact:{CUSTOMER}", "earlier0000000000001", NIGHT))
    office.asked()
    assert [e.platform for e in office.open().earlier] == ["x", "x"]


def test_people_are_never_taken_for_one_by_their_name() -> None:
    office = Office()
    office.keep(*an_earlier(contact_id="999", contact_name="Jo Peters"))
    office.asked(author_name="Jo Peters")
    assert office.open().earlier == ()


def test_the_notes_tell_what_happened_beside_what_was_said() -> None:
    office = Office()
    office.asked()
    office.claims.claim(office.id, by="ana", at=NIGHT + minutes(1))
    notes = office.open().notes
    assert [note.by for note in notes] == ["ana"]
    assert notes[0].words.startswith("ana claimed it until")


# --- why, by when ---------------------------------------------------------------------------------------


def test_it_says_what_was_promised_and_how_long_is_left_in_the_teams_zone() -> None:
    office = Office()
    office.judged("My bag is lost", kind=PostKind.COMPLAINT, priority=Priority.HIGH, reasons=("a loss",))
    office.asked("My bag is lost")
    view = office.open(after=42)
    assert view.tz == "Europe/London"
    assert view.minutes_left == 17
    assert view.why == (
        "A complaint post of Sun 02:00 on Facebook. We promise an answer within 1 h, by Sun 03:00."
    )
    assert (view.priority, view.reasons) == ("high", ("a loss",))
    assert office.open(after=30).minutes_left == -13


def test_without_a_clock_no_minutes_are_left() -> None:
    office = Office()
    office.needless("Nice!")
    office.asked("Nice!")
    view = office.open()
    assert (view.minutes_left, view.state) == (None, State.NO_ANSWER_NEEDED)


def test_it_says_who_was_asked_when_and_why_they() -> None:
    """Each person once, by their last page that went out on this clock; one that never left is not told."""
    office = Office()
    office.asked()
    epoch = office.conversation.epoch
    own: dict[str, Any] = {"conversation_id": office.id, "epoch": epoch, "next_due_at": None}
    office.keep(
        a_page(**own, sent_at=NIGHT + minutes(40), why="primary: nights, turn 0"),
        a_page(
            **own, step="2", due_at=NIGHT + minutes(60), sent_at=NIGHT + minutes(60), why="at the deadline"
        ),
        a_page(**own, step="2", person="ben", sent_at=NIGHT + minutes(61), why="backup: always, turn 0"),
        a_page(**own, step="3", person="lead", sent_at=None),
        a_page(**own | {"epoch": epoch + 1}, person="lead", sent_at=NIGHT),
    )
    view = office.open()
    assert [(asked.person, asked.at) for asked in view.asked] == [
        ("ana", NIGHT + minutes(60)),
        ("ben", NIGHT + minutes(61)),
    ]
    assert view.why_you("ana") == "at the deadline"
    assert view.why_you("lead") is None


# --- how to answer --------------------------------------------------------------------------------------


def test_a_public_post_is_answered_in_public_or_in_private_each_with_its_own_limit() -> None:
    office = Office()
    office.asked()
    view = office.open()
    assert [(w.private, w.most, w.is_open) for w in view.ways] == [(False, 8_000, True), (True, 2_000, True)]
    assert way(view, private=True).until_at == NIGHT + timedelta(days=7)
    assert way(view, private=False).until_at is None


def test_a_message_is_answered_in_private_alone() -> None:
    office = Office()
    office.hears(a_dm())
    view = office.open()
    assert [w.private for w in view.ways] == [True]
    assert view.ways[0].until_at == NIGHT + timedelta(hours=24)


def test_a_closed_window_says_so_and_what_is_left_to_do() -> None:
    office = Office()
    office.asked()
    private = way(office.open(after=8 * 24 * 60), private=True)
    assert not private.is_open
    assert private.until_at is None
    assert private.closed is not None
    assert "7 days" in private.closed


def test_where_nothing_can_be_sent_from_here_no_answer_is_offered() -> None:
    """A generic source takes no answers: it says to answer there."""
    account = Account("forum", "generic", "f1", "acme-forum", "care")
    office = Office(accounts={"forum": account})
    office.hears(a_post(platform="generic", account="f1"))
    view = office.open()
    assert not any(w.is_open for w in view.ways)
    assert "answer there" in (view.ways[0].closed or "")
    assert Act.REPLY not in view.acts


def test_a_withdrawn_post_cannot_be_answered() -> None:
    office = Office()
    office.asked()
    office.hears(a_post(op=Op.DELETE, is_deleted=True, created_at=NIGHT + minutes(2)))
    view = office.open()
    assert view.state is State.CLOSED
    assert Act.REPLY not in view.acts
    assert office.conversation.closure is Closure.WITHDRAWN


# --- what may be done -----------------------------------------------------------------------------------

ALWAYS = {Act.REPLY, Act.CLOSE, Act.PAUSE, Act.HAND_OVER, Act.FOLLOW_UP}


def test_what_nobody_has_may_be_claimed_by_anybody() -> None:
    office = Office()
    office.asked()
    view = office.open()
    assert view.acts == ALWAYS | {Act.CLAIM}
    assert view.acts_of("ben") == view.acts


def test_its_owner_may_keep_or_release_it_and_another_may_take_it_over() -> None:
    """Nobody answers over the head of whoever has it."""
    office = Office()
    office.asked()
    office.claims.claim(office.id, by="ana", at=office.clock.now())
    view = office.open()
    assert view.owner == "ana"
    assert view.acts_of("ana") == ALWAYS | {Act.RENEW, Act.RELEASE}
    assert view.acts_of("ben") == (ALWAYS - {Act.REPLY}) | {Act.TAKE_OVER}


def test_a_claim_that_ran_out_is_nobodys() -> None:
    office = Office()
    office.asked()
    office.claims.claim(office.id, by="ana", at=office.clock.now())
    view = office.open(after=31)
    assert (view.owner, view.claim_until) == (None, None)
    assert Act.CLAIM in view.acts_of("ben")


def test_a_claim_by_sms_cannot_be_kept_longer() -> None:
    office = Office()
    office.asked()
    office.claims.claim(office.id, by="ana", at=office.clock.now(), by_sms=True)
    assert Act.RENEW not in office.open().acts


def test_a_pause_can_be_ended_and_a_judgement_reversed() -> None:
    office = Office()
    office.asked()
    office.replies.pause(
        office.id, "ana", "awaits the carrier", until=NIGHT + minutes(90), at=office.clock.now()
    )
    view = office.open()
    assert view.acts == {Act.REPLY, Act.CLOSE, Act.PAUSE, Act.RESUME, Act.FOLLOW_UP}
    assert view.paused_until == NIGHT + minutes(90)
    needless = Office()
    needless.needless("Nice!")
    needless.asked("Nice!")
    assert needless.open().acts == {Act.REPLY, Act.ANSWER_NEEDED, Act.FOLLOW_UP}


def test_what_is_answered_can_only_be_answered_again() -> None:
    office = Office()
    office.asked()
    office.replied()
    assert office.open().acts == {Act.REPLY, Act.FOLLOW_UP}


def test_a_case_nobody_knows_is_not_found() -> None:
    with pytest.raises(NotFound):
        Office().cases.open("nowhere", NIGHT)


def test_entries_outlive_the_rows_of_their_posts() -> None:
    """A post's row may be gone; the case opens all the same."""
    office = Office()
    office.keep(a_conversation(entries=(an_entry(), a_reply_entry())))
    assert [line.text for line in office.open().thread] == [None, None]
    assert office.open().reasons == ()


def test_a_reply_that_was_taken_back_is_told_as_such() -> None:
    office = Office()
    office.asked()
    reply = office.replied("Oops")
    office.hears(replace(reply, op=Op.DELETE, is_deleted=True, created_at=NIGHT + minutes(9)))
    assert office.open().thread[-1].gone == "deleted"
