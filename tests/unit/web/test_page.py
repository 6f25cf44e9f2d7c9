"""The linked page: a door that previews cannot open, one person's way in, and forms that act once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.case import Note
from chalicelib.domain.conversation import Closure, State
from chalicelib.domain.items import Reply
from chalicelib.domain.judgement import PostKind
from chalicelib.domain.link_rows import LinkSession
from chalicelib.domain.posts import Op
from chalicelib.errors import NotFound, Permanent, Rejected
from chalicelib.services.links import LENGTH, fresh_token
from chalicelib.services.playbooks import Helper, Suggestion, Wording
from chalicelib.services.ports import Lost, Put
from chalicelib.services.sessions import LIFE
from chalicelib.web.page_http import DOOR
from chalicelib.web.page_view import noted
from tests.builders import NIGHT, a_post, minutes, utc
from tests.unit.cases.test_cases import an_earlier
from tests.unit.web.page_town import Browser, PageTown


def a_town(text: str = "Where is my order?") -> PageTown:
    town = PageTown()
    town.asked(text)
    return town


# --- the door -------------------------------------------------------------------------------------------


def test_previews_use_nothing_up_and_learn_nothing() -> None:
    """Carriers and phones fetch a link before its owner does: each finds a button, and no word of the case."""
    town = a_town("My card was stolen in Paris")
    token = town.link()
    for _ in range(5):
        seen = Browser(town).fetch(token)
        assert seen.status == 200
        assert "Paris" not in seen.html
        assert "Jo Peters" not in seen.html
        assert town.id not in seen.html
    assert "My card was stolen" in Browser(town).enter(token).text


def test_the_door_is_one_form_with_one_button() -> None:
    town = a_town()
    browser = Browser(town)
    browser.fetch(town.link())
    (form,) = browser.page.forms
    assert form.buttons == ["Open it"]


def test_a_link_lets_one_browser_in_and_no_second() -> None:
    town = a_town()
    token = town.link()
    assert "Where is my order?" in Browser(town).enter(token).text
    thief = Browser(town)
    with pytest.raises(NotFound, match="used already"):
        thief.fetch(token)
    with pytest.raises(NotFound, match="used already"):
        thief.press_door(token)


def test_a_press_whose_answer_was_lost_may_be_repeated_by_the_same_browser() -> None:
    """In a tunnel the answer never arrives: whoever was given the door's page presses again, and is let in."""
    town = a_town()
    token, browser = town.link(), Browser(town)
    browser.fetch(token)
    lost = dict(browser.jar)
    browser.press_door(token)
    browser.jar = lost
    assert "Where is my order?" in browser.press_door(token).text
    assert len(town.store.everything(LinkSession)) == 1


def test_whoever_never_got_the_answer_may_also_tap_the_text_again() -> None:
    """Nobody at night knows that only the button may be pressed twice."""
    town = a_town()
    token, browser = town.link(), Browser(town)
    browser.fetch(token)
    lost = dict(browser.jar)
    browser.press_door(token)
    browser.jar = lost
    browser.fetch(token)
    assert "Where is my order?" in browser.follow().text


def test_two_presses_at_once_let_the_browser_in_once() -> None:
    town = a_town()
    token, browser = town.link(), Browser(town)
    browser.fetch(token)
    town.store.fails(Lost([("LinkTicket", ("x",))]))
    with pytest.raises(NotFound):
        browser.press_door(token)
    assert "Where is my order?" in browser.press_door(token).text


def test_who_opens_the_used_link_again_in_the_same_browser_finds_the_conversation() -> None:
    town = a_town()
    token, browser = town.link(), Browser(town)
    browser.enter(token)
    assert browser.fetch(token).location == f"case/{town.id}"
    assert "Where is my order?" in browser.follow().text


def test_the_door_is_remembered_as_long_as_what_lies_behind_it_may_last() -> None:
    """A browser forgets a cookie on time: the text tapped again an hour later must still lead back."""
    town = a_town()
    first, browser = town.link(), Browser(town)
    for token in (first, town.link()):
        cookie = browser.fetch(token).cookie
        assert cookie is not None
        assert (cookie.name, cookie.seconds) == (DOOR, 24 * 60 * 60)
    assert len(set(browser.jar)) == 1


def test_a_link_to_what_is_answered_opens_nothing() -> None:
    town = a_town()
    token = town.link()
    town.replied()
    with pytest.raises(NotFound, match="nobody waits"):
        Browser(town).fetch(token)


def test_an_expired_link_and_one_nobody_made_open_nothing() -> None:
    town = a_town()
    token = town.link()
    town.clock.advance(timedelta(hours=24))
    for name in (token, "neverissued00000", ""):
        with pytest.raises(NotFound, match="expired"):
            Browser(town).fetch(name)


def test_a_token_is_sixteen_plain_letters_and_digits() -> None:
    """An underscore would cost the link its place in a text, and phones end links before a hyphen."""
    tokens = {fresh_token() for _ in range(500)}
    assert len(tokens) == 500
    assert all(re.fullmatch(r"[A-Za-z0-9]{16}", token) for token in tokens)
    assert LENGTH == 16


# --- whose page it is -----------------------------------------------------------------------------------


def test_the_session_is_a_hash_in_the_table_and_a_secret_in_the_browser() -> None:
    town = a_town()
    browser = town.browser()
    (session,) = town.store.everything(LinkSession)
    secrets = set(browser.jar.values())
    assert (session.person, session.conversation_id) == ("ana", town.id)
    assert not any(secret in repr(session) for secret in secrets)
    assert not any(secret in browser.sheet.html for secret in secrets)


def test_without_its_cookie_the_page_shows_nothing() -> None:
    town = a_town()
    town.browser()
    with pytest.raises(NotFound):
        town.desk.show(town.id, {})
    with pytest.raises(NotFound):
        town.desk.show(town.id, {f"nightdesk-{town.id}": "made up"})


def test_a_session_ends_two_hours_after_the_last_form() -> None:
    town = a_town()
    browser = town.browser()
    town.clock.advance(LIFE - minutes(1))
    browser.look().press("claim")
    town.clock.advance(LIFE - minutes(1))
    browser.look()
    town.clock.advance(minutes(2))
    with pytest.raises(NotFound, match="no longer open"):
        browser.look()


def test_the_cookie_lasts_as_long_as_the_session_it_opens() -> None:
    """Each form that is taken gives it anew."""
    town = a_town()
    browser = town.browser()
    sheet = town.desk.act(town.id, browser.jar, browser.form("claim"))
    assert sheet.cookie is not None
    assert (sheet.cookie.seconds, browser.jar[sheet.cookie.name]) == (7200, sheet.cookie.value)


def test_who_has_left_the_team_file_sees_and_does_nothing() -> None:
    town = a_town()
    browser = town.browser()
    form = browser.form("claim")
    people = {name: person for name, person in town.team.current().people.items() if name != "ana"}
    town.team.activate(PageTown(people=people, version="v2").team.current())
    with pytest.raises(NotFound):
        browser.look()
    with pytest.raises(NotFound):
        browser.send(form)
    assert town.owner is None


def test_two_links_can_be_open_in_one_browser() -> None:
    town = a_town()
    town.asked("And mine?", external_id="c9", contact_id="9", author_id="9", author_name="Kim")
    first, second = (c.id for c in town.conversations)
    browser = Browser(town)
    browser.enter(town.link(conversation=first))
    browser.enter(town.link(conversation=second))
    assert {town.desk.show(each, browser.jar).status for each in (first, second)} == {200}


# --- forms ----------------------------------------------------------------------------------------------


def test_a_form_without_the_pages_own_token_is_refused_and_changes_nothing() -> None:
    """Another site can make a browser send a form, and cannot know what ours carries."""
    town = a_town()
    browser = town.browser()
    form = browser.form("claim")
    for csrf in ("", "guess", "é"):
        with pytest.raises(Rejected) as refused:
            browser.send(form | {"csrf": csrf})
        assert refused.value.status == 403
    del form["csrf"]
    with pytest.raises(Rejected):
        browser.send(form)
    assert town.owner is None


def test_another_sessions_form_token_does_not_serve() -> None:
    town = a_town()
    ana, ben = town.browser("ana"), town.browser("ben")
    with pytest.raises(Rejected):
        ben.send(ana.form("claim"))
    assert town.owner is None


def test_another_conversations_id_in_the_form_or_the_address_does_nothing() -> None:
    """The session names the conversation; what else a form says is not listened to."""
    town = a_town()
    browser = town.browser()
    town.asked("And mine?", external_id="c9", contact_id="9", author_id="9")
    other = next(c.id for c in town.conversations if c.id != town.id and c.contact_id == "9")
    browser.press("claim", conversation=other, conversation_id=other)
    assert town.cases.open(other, town.clock.now()).owner is None
    for jar in ({}, {f"nightdesk-{other}": browser.jar[f"nightdesk-{town.id}"]}):
        browser.jar |= jar
        with pytest.raises(NotFound):
            browser.send(browser.form("release"), conversation=other)
    assert town.cases.open(other, town.clock.now()).owner is None


def test_a_form_without_a_key_is_not_whole() -> None:
    town = a_town()
    browser = town.browser()
    for key in ("", "x", "<script>"):
        with pytest.raises(Rejected, match="not whole"):
            browser.send(browser.form("claim") | {"key": key})


def test_a_form_sent_twice_acts_once_and_says_the_same() -> None:
    """Ana's late second Take over must not take it back from Ben, who took it over meanwhile."""
    town = a_town()
    ana, ben = town.browser("ana"), town.browser("ben")
    ben.press("claim")
    form = ana.look().form("take_over")
    said = ana.send(form).text
    ben.look().press("take_over")
    assert town.owner == "ben"
    assert "It is yours until" in said
    assert "It is yours until" in ana.send(form).text
    assert town.owner == "ben"


def test_a_form_whose_end_nobody_knows_says_so_and_shows_how_it_stands() -> None:
    town = a_town()
    browser = town.browser()
    form = browser.form("claim")
    (session,) = town.store.everything(LinkSession)
    town.sessions.take(session, f"{form['key']}.claim", town.clock.now())
    assert "We cannot tell whether that worked" in browser.send(form).text
    assert "claim" in browser.acts


def test_a_button_nobody_knows_changes_nothing() -> None:
    town = a_town()
    browser = town.browser()
    said = browser.send(browser.form("claim") | {"act": "drop_table"}).text
    assert "not known here" in said
    assert town.owner is None


def test_nothing_typed_reaches_a_header() -> None:
    """A broken line there would be a header of a stranger's, or an answer no gateway passes on."""
    town = a_town()
    browser = town.browser()
    fields = browser.form("claim") | {"act": "claim\r\nSet-Cookie: a=b\u2028"}
    sheet = town.desk.act(town.id, browser.jar, fields)
    assert re.fullmatch(r"[\w?=.-]+", sheet.location or "")


# --- what may be done -----------------------------------------------------------------------------------


def test_a_claim_says_until_when_and_that_it_is_no_answer() -> None:
    town = a_town()
    browser = town.browser()
    said = browser.press("claim").text
    assert "It is yours until 02:30" in said
    assert "Claiming is not answering" in said
    assert town.owner == "ana"


def test_who_comes_second_hears_who_has_it_and_what_to_press() -> None:
    town = a_town()
    ana, ben = town.browser("ana"), town.browser("ben")
    form = ben.form("claim")
    ana.press("claim")
    said = ben.send(form).text
    assert "ana has it already" in said
    assert "Press Take over" in said
    assert "take_over" in ben.acts
    assert town.owner == "ana"


def test_releasing_and_keeping_are_its_owners() -> None:
    town = a_town()
    browser = town.browser()
    browser.press("claim")
    town.clock.advance(minutes(10))
    assert "until 02:40" in browser.look().press("renew").text
    assert "nobody's now" in browser.press("release").text
    assert town.owner is None


def test_handing_over_gives_it_to_a_person_of_the_team_file() -> None:
    town = a_town()
    browser = town.browser()
    assert "It is ben's now" in browser.press("hand_over", to="ben").text
    assert town.owner == "ben"
    assert "nobody in the team file" in browser.press("hand_over", to="mallory").text
    assert "choose whom" in browser.press("hand_over", to="").text
    assert town.owner == "ben"


def test_closing_needs_a_reason_and_keeps_it() -> None:
    town = a_town()
    browser = town.browser()
    assert "give a reason" in browser.press("close", reason="other").text
    said = browser.press("close", reason="elsewhere", more="she rang").text
    assert "Answered elsewhere: by phone, by e-mail, in person: she rang" in said
    assert (town.conversation.state, town.conversation.closure) == (State.CLOSED, Closure.BY_PERSON)
    assert "answer_needed" in browser.acts


def test_what_was_closed_can_be_opened_again() -> None:
    town = a_town()
    browser = town.browser()
    browser.press("close", reason="duplicate")
    assert "its clock runs" in browser.press("answer_needed").text
    assert town.conversation.state is State.WAITING


def test_closing_as_needless_also_teaches_the_judge() -> None:
    town = a_town()
    town.browser().press("close", reason="needless")
    judgement = town.stored().judgement
    assert judgement is not None
    assert not judgement.needs_response
    assert judgement.model == "person:ana"


def test_a_pause_needs_a_reason_and_an_end_and_can_be_ended() -> None:
    town = a_town()
    browser = town.browser()
    assert "reason" in browser.press("pause", minutes="60").text
    assert "for how long" in browser.press("pause", minutes="99", reason="the carrier").text
    assert "Paused until 04:00" in browser.press("pause", minutes="120", reason="the carrier").text
    assert town.conversation.state is State.PAUSED
    assert "the clock runs again" in browser.press("resume").text
    assert town.case.state is State.WAITING


def test_a_judgement_is_corrected_in_one_form() -> None:
    town = PageTown()
    town.judged("My bag is lost!", kind=PostKind.COMPLAINT)
    town.asked("My bag is lost!")
    browser = town.browser()
    assert "choose what is true" in browser.press("correct", correction="").text
    assert "kept to teach" in browser.press("correct", correction="was_urgent").text
    assert town.conversation.priority == "urgent"
    assert "name the right queue" in browser.press("correct", correction="wrong_queue", queue="").text


def test_a_doubtful_reply_is_settled_by_yes_or_no() -> None:
    town = a_town()
    town.asked("Mine too", at=1, external_id="c9", contact_id="9", author_id="9")
    town.replied("On it", at=20, parent_id=a_post().thread_id, tags=())
    first = next(c.id for c in town.conversations if c.contact_id != "9")
    browser = Browser(town).enter(town.link(conversation=first))
    assert "Was that for" in browser.text
    said = browser.send(browser.form("was_for_them"), conversation=first).text
    assert "for them" in said
    assert town.cases.open(first, town.clock.now()).state is State.ANSWERED


def test_a_follow_up_is_asked_for_shown_and_cancelled() -> None:
    town = a_town()
    browser = town.browser()
    assert "give a reason" in browser.press("follow_up", days="2", reason="").text
    assert "choose when" in browser.press("follow_up", days="0", reason="bag?").text
    said = browser.press("follow_up", days="2", reason="is the bag there?").text
    assert "back in the queue on Tue 02:00" in said
    assert "ana looks again Tue 02:00: is the bag there?" in said
    assert [plan.by for plan in town.case.planned] == ["ana"]
    assert "Cancelled" in browser.press("no_follow_up").text
    assert town.case.planned == ()


def test_what_everybody_can_read_is_warned_of_and_hidden_with_one_press() -> None:
    """The answer is still owed."""
    town = a_town("Write to jo.peters@example.com, where is my order?")
    browser = town.browser()
    assert "Everybody can read an e-mail address here" in browser.text
    assert "still waits for an answer" in browser.press("hide").text
    assert town.stored().hidden_by == "ana"
    assert "hide" not in browser.look().acts
    assert town.case.state is State.WAITING


def test_a_persons_word_ties_and_unties_people_across_platforms() -> None:
    """The other conversation's number, pasted in whatever words around it."""
    town, there = a_town(), "a" * 20
    browser = town.browser()
    assert "paste the number" in browser.press("same_person", other="Jo Peters").text
    assert "no such conversation" in browser.press("same_person", other=there).text
    on_x = {"platform": "x", "account": "77", "account_name": "acme-x", "contact_id": "x-jo"}
    for row in an_earlier(**on_x, id=there):
        town.store.commit(Put(row))
    assert "My bag is lost" not in browser.look().text
    said = browser.look().press("same_person", other=f"Conversation {there}.").text
    assert "Noted: one person" in said
    assert "My bag is lost" in said
    assert "Noted: two people" in browser.press("not_same_person").text
    assert "My bag is lost" not in browser.look().text


# --- answering ------------------------------------------------------------------------------------------


def test_an_answer_is_saved_sent_once_and_shown_when_the_platform_has_it() -> None:
    town = a_town()
    browser = town.browser()
    browser.press("claim")
    form = browser.form("reply") | {"text": "It leaves today, Jo."}
    said = browser.send(form).text
    assert "Your answer is on its way" in said
    assert "reply" not in browser.acts
    browser.send(form)
    town.sends()
    assert [taken.text for taken in town.replier.taken] == ["It leaves today, Jo."]
    assert "Answered by ana" in browser.look().text
    assert len(town.store.everything(Reply)) == 1


@pytest.mark.parametrize(("way", "private"), [("public", False), ("private", True)])
def test_the_way_chosen_is_the_way_it_goes(way: str, *, private: bool) -> None:
    town = a_town()
    town.browser().press("reply", text="Hello Jo", way=way)
    town.sends()
    assert [taken.private for taken in town.replier.taken] == [private]


def test_what_there_is_to_say_about_an_answer_is_said_before_it_is_sent() -> None:
    """Asking in public for personal data: the words stay, the warning stands above them, a second press sends."""
    town = a_town()
    browser = town.browser()
    browser.press("reply", text="Please tell us your booking number and e-mail address", way="public")
    assert browser.sheet.status == 200
    assert "Send it all the same" in browser.text
    assert "Please tell us your booking number" in browser.sheet.html
    assert town.store.everything(Reply) == []
    browser.press("reply", text="Please tell us your booking number and e-mail address", way="public")
    assert "on its way" in browser.text
    assert len(town.store.everything(Reply)) == 1


def test_what_the_platform_would_refuse_is_never_sent_and_never_lost() -> None:
    town = a_town()
    browser = town.browser()
    words = "so sorry " * 1000
    for _ in range(2):
        browser.press("reply", text=words, way="public")
        assert "8000 are allowed" in browser.text
    assert words.strip() in browser.sheet.html
    assert town.store.everything(Reply) == []


def test_over_somebody_elses_head_nobody_answers() -> None:
    town = a_town()
    ana, ben = town.browser("ana"), town.browser("ben")
    form = ben.form("reply") | {"text": "Mine", "way": "public"}
    ana.press("claim")
    said = ben.send(form)
    assert "ana has it until 02:30" in said.text
    assert town.store.everything(Reply) == []
    assert "Mine" in said.sheet.html


def test_who_wrote_while_another_answered_reads_that_answer_first() -> None:
    town = a_town()
    ana, ben = town.browser("ana"), town.browser("ben")
    form = ben.form("reply") | {"text": "On it", "way": "public"}
    ana.press("reply", text="We found it", way="public")
    town.sends()
    said = ben.send(form)
    assert "ana answered it" in said.text
    assert "We found it" in said.text
    assert len(town.replier.taken) == 1


def test_an_answer_that_did_not_arrive_is_shown_with_its_words_and_why() -> None:
    town = a_town()
    browser = town.browser()
    browser.press("reply", text="We found it", way="public")
    town.replier.fails(Permanent("the token is dead"))
    town.sends()
    text = browser.look().text
    assert "not sent: the token is dead" in text
    assert "We found it" in text
    assert "reply" in browser.acts


LOST_BAG = Suggestion(
    "lost-bag",
    "A bag is lost",
    "about baggage",
    check=("Ask the airport.",),
    say=(Wording("We are looking for it, Jo."), Wording("Which tag number has it?", private=True)),
    involve=(Helper("ben", "primary", "it is a wedding dress"),),
    private="before the tag number is asked for",
)


def test_a_playbook_says_what_to_check_whom_to_involve_and_what_to_say() -> None:
    town = a_town()
    town.playbooks.suggestions = (LOST_BAG,)
    text = town.browser().text
    for words in (
        "A bag is lost",
        "Ask the airport.",
        "Involve ben (it is a wedding dress)",
        "Which tag number",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("chosen", "typed", "expected", "way"),
    [
        ("lost-bag:0", "", "We are looking for it, Jo.", "public"),
        ("lost-bag:1", "", "Which tag number has it?", "private"),
        ("lost-bag:0", "Hello!", "Hello!\n\nWe are looking for it, Jo.", "public"),
    ],
)
def test_a_wording_begins_an_answer_and_sends_nothing(
    chosen: str, typed: str, expected: str, way: str
) -> None:
    """What was typed already stays; a wording for private talk goes the private way."""
    town = a_town()
    town.playbooks.suggestions = (LOST_BAG,)
    browser = town.browser()
    browser.send(browser.form("reply") | {"text": typed, "way": "public", "wording": chosen})
    assert expected in browser.sheet.html
    assert browser.form("reply")["way"] == way
    assert town.store.everything(Reply) == []
    browser.press("reply", text=expected)
    town.sends()
    assert [(taken.text, taken.private) for taken in town.replier.taken] == [(expected, way == "private")]


def test_a_wording_nobody_knows_sends_nothing() -> None:
    town = a_town()
    browser = town.browser()
    browser.send(browser.form("reply") | {"text": "Hello", "wording": "gone:7"})
    assert browser.sheet.status == 200
    assert town.store.everything(Reply) == []


def test_enter_in_the_form_sends_and_never_picks_a_wording() -> None:
    """The first button of a form is the one that Enter presses."""
    town = a_town()
    town.playbooks.suggestions = (LOST_BAG,)
    form = next(f for f in town.browser().page.forms if f.fields.get("act") == "reply")
    assert form.buttons[0] == "Send"


# --- the page itself ------------------------------------------------------------------------------------

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}</textarea>\"'><svg/onload=alert(3)>"


@pytest.mark.parametrize(
    "hurt",
    [
        lambda town: town.asked(ATTACK),
        lambda town: town.asked("Hi", author_name=ATTACK, author_handle=ATTACK),
        lambda town: town.asked("Hi", permalink='https://x.example/"onmouseover="alert(1)'),
    ],
    ids=["words", "name", "address"],
)
def test_whatever_a_customer_writes_is_words(hurt: Callable[[PageTown], object]) -> None:
    """Tags, attributes, template code: none of it is anything but text."""
    town = PageTown()
    hurt(town)
    browser = town.browser()
    browser.press("reply", text=ATTACK * 100, way="public")
    page = browser.page
    assert not {"script", "img", "svg"} & set(page.tags)
    assert "<script>alert" not in browser.sheet.html
    assert "onmouseover" not in page.attributes
    assert "{{7*7}}" in page.text or ATTACK not in str(hurt)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example/x", ""])
def test_only_addresses_of_the_web_become_links(address: str) -> None:
    town = PageTown()
    town.asked("Hi", permalink=address)
    assert address not in town.browser().page.addresses or address == ""


def test_nothing_on_the_page_comes_from_elsewhere() -> None:
    town = a_town()
    page = town.browser().page
    assert not {"script", "img", "link", "iframe", "object"} & set(page.tags)
    elsewhere = [a for a in page.addresses if "://" in a]
    assert elsewhere == ["https://facebook.example/5550001_1"]


def test_the_page_shows_the_case_in_the_teams_own_time() -> None:
    town = PageTown()
    town.judged("My bag is lost", kind=PostKind.COMPLAINT, reasons=("a loss",))
    town.asked("My bag is lost")
    town.clock.advance(minutes(42))
    text = town.browser().text
    for words in ("Answer by 03:00, 17 min left", "You are ana", "complaint", "a loss", "Europe/London"):
        assert words in text


def test_the_timelines_clocks_are_told_in_the_teams_time_across_midnight() -> None:
    """Rows say UTC; half asleep nobody counts hours, nor days."""
    view = PageTown()
    view.asked()
    case = replace(view.case, tz="America/New_York")
    late = Note(utc("2027-01-10 23:50"), "ana claimed it until 00:20 UTC.", "ana")
    assert noted(late, case) == "ana claimed it until 19:20."
    early = Note(utc("2027-07-10 02:10"), "ana keeps it until 02:40 UTC, since 25:99 UTC is none.")
    assert noted(early, case) == "ana keeps it until 22:40, since 25:99 UTC is none."


def test_personal_data_is_masked_on_the_page_too() -> None:
    town = a_town("Write to jo.peters@example.com about card 4111 1111 1111 1111")
    html = town.browser().sheet.html
    assert "jo.peters" not in html
    assert "4111" not in html
    assert "(email)" in html


def test_while_an_answer_is_on_its_way_the_page_looks_again_by_itself() -> None:
    """And never while somebody types: there is nothing to type into then."""
    town = a_town()
    browser = town.browser()
    assert "http-equiv" not in browser.sheet.html
    browser.press("reply", text="We found it", way="public")
    assert '<meta http-equiv="refresh"' in browser.sheet.html
    assert "textarea" not in browser.page.tags
    town.sends()
    assert "http-equiv" not in browser.look().sheet.html


def test_a_post_taken_back_leaves_a_page_that_says_so_and_no_form_to_answer() -> None:
    town = a_town()
    browser = town.browser()
    town.hears(a_post(op=Op.DELETE, is_deleted=True, created_at=NIGHT + minutes(3)))
    browser.look()
    assert "deleted by its author" in browser.text
    assert "reply" not in browser.acts


def test_rows_of_sessions_expire() -> None:
    town = a_town()
    town.browser()
    (session,) = town.store.everything(LinkSession)
    assert session.expires_at is not None
    assert session.expires_at > session.until
