"""X, Threads and WhatsApp on the deployed stack: heard by signed delivery, paged, answered once, and looked after."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.items import Handover, Happened, Reply, TimelineRow
from chalicelib.domain.polling_rows import Cursor
from chalicelib.platforms.tokens import Kept, read_kept
from chalicelib.platforms.x.health import SUBSCRIBED
from infra.__main__ import main
from infra.standin.meta import Brand
from infra.standin.platforms import DEFAULTS, Platforms
from infra.standin.world import Line
from tests.e2e.harness.town import TEAM, Town

X, THREADS, WHATSAPP = (DEFAULTS[name] for name in ("x", "threads", "whatsapp"))
ACCOUNTS = "".join(
    f'[accounts.acme-{brand.platform}]\nplatform = "{brand.platform}"\nid = "{brand.id}"\napp = "{brand.app}"\n'
    f'team = "care"\nhandle = "{brand.name}"\n'
    + ('template = "followup/en_GB"\n' if brand is WHATSAPP else "")
    for brand in (X, THREADS, WHATSAPP)
)
BEYOND = re.sub(r"\[accounts\..*?(?=\[teams)", ACCOUNTS, TEAM, flags=re.DOTALL)
WORDS = "Where is my order?"
ANSWER = "It is on its way!"


@dataclass
class Place:
    """One platform of the stand-in: its brand, and how a customer speaks there."""

    brand: Brand
    speaks: Callable[[Platforms], tuple[Line, int]]
    publishes: str
    """The call that makes an answer public, as `/_fail` names it."""


PLACES = {
    "x": Place(X, lambda p: p.x.events.mention("Jo", WORDS), "x/tweets"),
    "threads": Place(THREADS, lambda p: p.threads.reply("Jo", WORDS), "threads/threads_publish"),
    "whatsapp": Place(
        WHATSAPP, lambda p: p.whatsapp.message("447700900555", "Jo", WORDS), "whatsapp/messages"
    ),
}


@pytest.fixture
def beyond(town: Town) -> Iterator[Town]:
    """A town whose brand is on X, Threads and WhatsApp, its tokens stored, the platforms' world empty."""
    standin = town.standin
    before = standin.platforms
    standin.platforms = fresh(before, town)
    stored(town)
    standin.world.lines.clear()
    town.begin(team=BEYOND)
    yield town
    standin.world.lines.clear()
    standin.platforms = before


def fresh(before: Platforms, town: Town) -> Platforms:
    """Return the platforms as they were on the first day."""
    return Platforms(
        town.standin.world,
        town.standin.failures,
        before.post,
        before.misfortune,
        deployed=lambda: town.driver.stack.api_url,
        now=lambda: town.driver.now.timestamp(),  # noqa: PLW0108 - the driver's present moves
    )


def stored(town: Town, **others: str) -> None:
    """Store what each app and account is known by; X's token lives long, unless told otherwise."""
    played = town.standin.platforms
    x_token = Kept(played.x.token, played.x.refresh, town.when("Wed 00:00")).secret
    values = {
        **{f"apps/{b.platform}/{b.app}/secret": b.secret for b in (X, THREADS, WHATSAPP)},
        f"accounts/x/{X.id}/token": x_token,
        f"accounts/threads/{THREADS.id}/token": played.threads.token,
        f"accounts/whatsapp/{WHATSAPP.id}/token": played.whatsapp.token,
        f"apps/x/{X.app}/bearer_token": played.x.bearer,
        f"apps/x/{X.app}/client_id": "client",
        **others,
    }
    put = town.driver.stack.client("ssm").put_parameter
    for name, value in values.items():
        put(
            Name=f"/nightdesk/{town.driver.stack.stage}/{name}",
            Value=value,
            Type="SecureString",
            Overwrite=True,
        )


def secret(town: Town, name: str) -> str:
    """Return a secret as it is stored now."""
    full = f"/nightdesk/{town.driver.stack.stage}/{name}"
    found = town.driver.stack.client("ssm").get_parameter(Name=full, WithDecryption=True)
    return str(found["Parameter"]["Value"])


def speaks(town: Town, place: Place, at: str = "Sun 02:00") -> Line:
    """Let a customer speak, and Nightdesk be told."""
    town.advance_to(at)
    line, status = place.speaks(town.standin.platforms)
    assert status == 200
    town.driver.settle()
    return line


def answers(town: Town, line: Line, brand: Brand, text: str = ANSWER) -> Reply:
    """Let Dev answer from the command line."""
    conversation = town.conversation(line.id, brand)
    words = ("reply", conversation.id, text, "--by", "dev", "--anyway", "--stage", town.driver.stack.stage)
    assert main(words) == 0
    town.driver.settle()
    return list(town.box.store.children(Reply, conversation.id))[-1]


def said(town: Town) -> list[str]:
    """Return what Nightdesk has said on any platform."""
    return [line.text for line in town.standin.world.lines if line.by == "nightdesk"]


def poll(town: Town, at: str) -> None:
    """Let the schedule run, and wait until all it asked for is done."""
    town.advance_to(at)
    town.driver.stack.invoke("poll")
    town.driver.settle()


@pytest.mark.parametrize("name", PLACES)
def test_a_post_is_heard_paged_and_answered_and_its_clock_stops(beyond: Town, name: str) -> None:
    """A signed delivery at two at night; Dev is woken at 02:40 and answers; nobody else is."""
    town, place = beyond, PLACES[name]
    line = speaks(town, place)
    assert town.conversation(line.id, place.brand).deadline_at == town.when("Sun 03:00")
    town.advance_to("Sun 02:41")
    town.expect("card:#social", "sms:dev")
    reply = answers(town, line, place.brand)
    assert (reply.state, said(town)) == (Handover.SENT, [ANSWER])
    found = town.conversation(line.id, place.brand)
    assert (found.state, found.answered_by) == (State.ANSWERED, "dev")
    town.advance_to("Sun 04:00")
    town.expect()


@pytest.mark.parametrize("name", PLACES)
def test_an_answer_whose_outcome_was_lost_is_found_and_not_sent_twice(beyond: Town, name: str) -> None:
    """The platform took it and never said so. X and Threads show it to who looks; WhatsApp tells by a status."""
    town, place = beyond, PLACES[name]
    line = speaks(town, place)
    played = town.standin.platforms
    played.x.echoes = played.threads.echoes = False
    town.standin.failures.ask(place.publishes, "timeout_after_write", seconds=12)
    answers(town, line, place.brand)
    town.advance_to("Sun 02:05")
    found = town.conversation(line.id, place.brand)
    (reply,) = town.box.store.children(Reply, found.id)
    assert (reply.state, found.state) == (Handover.SENT, State.ANSWERED)
    assert said(town) == [ANSWER]


def test_who_did_not_summon_us_is_answered_on_x_and_that_counts(beyond: Town) -> None:
    """X refuses; the timeline says where to answer; the answer typed there stops the clock."""
    town, events = beyond, beyond.standin.platforms.x.events
    town.advance_to("Sun 02:00")
    post = events.said("", X.name, "We fly to Oslo now!", "brand")
    line, _ = events.reply("Jo", "And where is my bag?", post)
    town.driver.settle()
    reply = answers(town, line, X)
    assert (reply.state, said(town)) == (Handover.FAILED, [])
    rows = town.box.store.children(TimelineRow, town.conversation(line.id, X).id)
    assert "open on X" in " ".join(row.words for row in rows if row.kind is Happened.NOTE)
    assert town.conversation(line.id, X).state is State.WAITING
    town.driver.set_time(town.when("Sun 02:10"))
    events.native_reply("At the desk in Oslo.", line)
    town.driver.settle()
    assert town.conversation(line.id, X).state is State.ANSWERED


def test_a_message_that_failed_after_all_restarts_the_clock_and_pages(beyond: Town) -> None:
    """WhatsApp accepted it at 02:05 and told at 02:45 that it never arrived: the deadline is the first one's, kindly."""
    town, whatsapp = beyond, beyond.standin.platforms.whatsapp
    line = speaks(town, PLACES["whatsapp"])
    town.advance_to("Sun 02:05")
    answers(town, line, WHATSAPP)
    assert town.conversation(line.id, WHATSAPP).state is State.ANSWERED
    town.advance_to("Sun 02:45")
    town.expect()
    sent = next(line for line in town.standin.world.lines if line.by == "nightdesk")
    whatsapp.status(sent, "failed", code=131026)
    town.driver.settle()
    found = town.conversation(line.id, WHATSAPP)
    assert (found.state, found.promise_at) == (State.WAITING, town.when("Sun 03:00"))
    town.advance_to("Sun 02:56")
    assert (town.received() - town.accounted)["sms:dev"] == 1
    town.accounted = town.received()


def test_a_day_later_an_answer_goes_out_in_the_template(beyond: Town) -> None:
    """The stand-in takes free text for 24 hours, as WhatsApp does."""
    town = beyond
    line = speaks(town, PLACES["whatsapp"])
    town.driver.set_time(town.when("Mon 02:30"))
    reply = answers(town, line, WHATSAPP)
    assert (reply.state, said(town)) == (Handover.SENT, [f"[followup] {ANSWER}"])
    town.accounted = town.received()  # whatever the day before owed to whom is no part of this story


def test_an_hours_outage_on_x_ends_with_every_mention_in_the_queue_once_in_deadline_order(
    beyond: Town,
) -> None:
    """Fifty mentions that no webhook told of, ten a page."""
    town, events = beyond, beyond.standin.platforms.x.events
    poll(town, "Sun 00:00")
    missed = [
        events.stands(f"c{n}", WORDS, at=town.when(f"Sun 00:{n + 5:02d}").timestamp()).id for n in range(50)
    ]
    town.driver.set_time(town.when("Sun 00:58"))
    for _ in range(2):
        town.driver.stack.invoke("poll")
        town.driver.settle()
    waiting = [town.box.store.get(Conversation, name) for name, _ in town.box.store.open_work("care")]
    assert [c.owed_post_id for c in waiting if c] == missed
    assert [c.deadline_at for c in waiting if c] == [town.when(f"Sun 01:{n + 5:02d}") for n in range(50)]
    cursor = town.box.store.get(Cursor, "x", X.id, "mentions")
    assert cursor is not None
    assert cursor.found == 50
    town.accounted = town.received()


def test_a_second_word_in_a_thread_that_no_webhook_tells_of_is_found(beyond: Town) -> None:
    """A customer who answers themselves is heard by looking at the threads in which somebody waits."""
    town, events = beyond, beyond.standin.platforms.x.events
    line = speaks(town, PLACES["x"], "Sun 02:00")
    poll(town, "Sun 02:00")
    second = events.stands("Jo", "Hello? Anybody?", at=town.when("Sun 02:03").timestamp(), to=line)
    poll(town, "Sun 02:10")
    assert town.conversation(second.id, X).id == town.conversation(line.id, X).id
    town.accounted = town.received()


def test_x_throttling_is_waited_out_by_its_own_clock(beyond: Town) -> None:
    """The answer goes out once, when X takes it again."""
    town = beyond
    line = speaks(town, PLACES["x"])
    town.standin.failures.ask("x/tweets", "429", seconds=60)
    assert answers(town, line, X).state is Handover.PENDING
    town.advance_to("Sun 02:02")
    assert (town.conversation(line.id, X).state, said(town)) == (State.ANSWERED, [ANSWER])


def test_a_dead_token_pages(beyond: Town) -> None:
    """Neither the token nor its refresh token works any more: whoever is on call hears of it, once."""
    town, x = beyond, beyond.standin.platforms.x
    poll(town, "Sun 00:00")
    x.token = x.refresh = "taken-away-1"
    poll(town, "Sun 00:05")
    assert [text for phone, text in town.driver.texts() if "token" in text]
    town.expect("sms:dev")


def test_access_to_x_is_set_up_and_its_token_renewed_by_itself(beyond: Town) -> None:
    """The webhook is registered, and answers X's challenge; each event is subscribed; a new pair is kept, and used."""
    town, x = beyond, beyond.standin.platforms.x
    soon = Kept(x.token, x.refresh, town.when("Sun 00:30")).secret
    stored(town, **{f"accounts/x/{X.id}/token": soon})
    poll(town, "Sun 00:00")
    assert [(hook["url"], hook["valid"]) for hook in x.webhooks] == [
        (f"{town.driver.stack.api_url}/hooks/x/{X.app}", True)
    ]
    assert [one["event_type"] for one in x.subscriptions] == list(SUBSCRIBED)
    expected = Kept("x-token-2", "x-refresh-2", town.when("Sun 02:00"))
    assert read_kept(secret(town, f"accounts/x/{X.id}/token")) == expected
    x.webhooks[0]["valid"] = False
    poll(town, "Sun 01:20")
    assert (x.webhooks[0]["valid"], len(x.replays)) == (True, 1)
    assert x.token == "x-token-3"
    line = speaks(town, PLACES["x"])
    assert answers(town, line, X).state is Handover.SENT


def test_an_answer_typed_in_threads_is_asked_about_and_stops_its_clock(beyond: Town) -> None:
    """The webhook tells that the brand published, not whom it answered: two wait, and one is answered."""
    town, threads = beyond, beyond.standin.platforms.threads
    answered = speaks(town, PLACES["threads"])
    waits, _ = threads.reply("Mia", "And where is mine?")
    town.driver.settle()
    town.advance_to("Sun 02:05")
    said, status = threads.native(answered, "It goes out today.")
    assert status == 200
    town.driver.settle()
    stored_answer = town.stored(said.id, THREADS)
    assert stored_answer is not None
    assert (stored_answer.text, stored_answer.parent_id) == ("It goes out today.", answered.id)
    assert town.conversation(answered.id, THREADS).state is State.ANSWERED
    assert town.conversation(waits.id, THREADS).state is State.WAITING


def test_a_threads_token_is_renewed_weeks_before_it_dies(beyond: Town) -> None:
    """And the container that is not ready yet is asked for again, without a second answer."""
    town, threads = beyond, beyond.standin.platforms.threads
    threads.ends = town.when("Wed 00:00").timestamp()
    poll(town, "Sun 00:00")
    kept = read_kept(secret(town, f"accounts/threads/{THREADS.id}/token"))
    assert kept is not None
    assert (kept.token, threads.token) == ("TH-token+", "TH-token+")
    threads.slow = 1
    line = speaks(town, PLACES["threads"])
    assert answers(town, line, THREADS).state is Handover.PENDING
    town.advance_to("Sun 02:02")
    assert said(town) == [ANSWER]
    town.accounted = town.received()


def test_the_doctor_shows_a_numbers_health_and_its_templates(
    beyond: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """And that a number in bad standing needs somebody, who is paged."""
    town, whatsapp = beyond, beyond.standin.platforms.whatsapp
    whatsapp.subscribed = False
    poll(town, "Sun 00:00")
    assert whatsapp.subscribed
    main(("doctor", "--stage", town.driver.stack.stage))
    shown = capsys.readouterr().out
    assert "quality GREEN" in shown
    assert "templates: 1 approved: followup/en_GB" in shown
    whatsapp.quality = "RED"
    poll(town, "Sun 03:05")
    town.expect("sms:dev")
    assert main(("doctor", "--stage", town.driver.stack.stage)) == 1
    assert "quality is RED" in capsys.readouterr().out
