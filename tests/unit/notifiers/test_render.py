"""What an alert looks like in Slack, and that nothing a customer writes can break it or speak for us."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from chalicelib.domain.alert import AlertView, Earlier, Past, Tone
from chalicelib.notifiers.slack import render
from infra.standin.blocks import faults, summons, texts
from tests.unit.notifiers.views import NIGHT, a_view, any_view

OURS = ("<!date^", "<@U", "<https://", "<http://")


def message(view: AlertView) -> dict[str, Any]:
    return render.message(view, "key")


def body_texts(view: AlertView) -> str:
    return "\n".join(texts(message(view)))


@settings(max_examples=150, deadline=None)
@given(any_view)
def test_any_words_of_anybody_make_a_message_that_slack_accepts(view: AlertView) -> None:
    """Every documented limit holds, by the vendor's own models, whatever the unicode."""
    assert faults(message(view)) == []
    assert faults(render.plain_message(view, "key")) == []
    json.dumps(message(view), ensure_ascii=False).encode()


@settings(max_examples=150, deadline=None)
@given(any_view)
def test_no_words_of_anybody_become_a_mention_a_broadcast_or_markup_of_ours(view: AlertView) -> None:
    """Only dates, the paged person and web links are markup, and only we make them."""
    assert summons(message(view)) == []
    for text in texts(message(view)):
        starts = [text[i:] for i, character in enumerate(text) if character == "<"]
        assert all(start.startswith(OURS) for start in starts)
        mentioned = [start for start in starts if start.startswith("<@")]
        assert all(start.startswith(f"<@{view.mention}>") for start in mentioned)


def test_a_customers_mark_up_arrives_as_the_characters_they_typed() -> None:
    """``& < >`` are escaped, so ``<!channel>`` wakes nobody."""
    shown = body_texts(a_view(quote="<!channel> R&D <https://evil.example|our bank>"))
    assert "&lt;!channel&gt; R&amp;D &lt;https://evil.example|our bank&gt;" in shown


@pytest.mark.parametrize("word", ["@channel", "@here", "@everyone", "@CHANNEL", "\uff20here"])
def test_a_broadcast_typed_as_plain_text_is_broken_by_an_invisible_character(word: str) -> None:
    shown = body_texts(a_view(quote=f"hey {word} look"))
    assert word not in shown
    assert f"{word[0]}\u200b{word[1:]}" in shown


def test_a_quote_of_many_lines_stays_a_quote_on_every_line() -> None:
    """A line without its mark would read as ours."""
    section = message(a_view(quote="one\n\ntwo\r\nthree"))["attachments"][0]["blocks"][0]
    assert section["text"]["text"] == ">one\n>two\n>three"


def test_text_that_fits_exactly_is_not_cut_and_one_more_character_is() -> None:
    whole = message(a_view(quote="x" * (render.SECTION - 1)))["attachments"][0]["blocks"][0]["text"]["text"]
    cut = message(a_view(quote="x" * render.SECTION))["attachments"][0]["blocks"][0]["text"]["text"]
    assert whole == ">" + "x" * (render.SECTION - 1)
    assert cut == ">" + "x" * (render.SECTION - 2) + "…"


def test_an_entity_is_never_cut_in_half() -> None:
    text = message(a_view(quote="&" * 5000))["attachments"][0]["blocks"][0]["text"]["text"]
    assert text.removeprefix(">").removesuffix("…").replace("&amp;", "") == ""


@pytest.mark.parametrize(
    ("tone", "colour", "sign"),
    [
        (Tone.AMBER, "#e8a317", ":large_orange_circle:"),
        (Tone.RED, "#d7263d", ":red_circle:"),
        (Tone.ANSWERED, "#2e9e5b", ":white_check_mark:"),
        (Tone.QUIET, "#8a8f98", ":white_circle:"),
    ],
)
def test_a_tone_is_a_colour_and_a_sign(tone: Tone, colour: str, sign: str) -> None:
    """Colour never speaks alone."""
    shown = message(a_view(tone=tone))
    assert shown["attachments"][0]["color"] == colour
    assert shown["blocks"][0]["text"]["text"].startswith(sign)


def test_every_reader_sees_the_deadline_in_their_own_zone_with_the_schedules_as_fallback() -> None:
    due = NIGHT + timedelta(minutes=60)
    token = f"<!date^{int(due.timestamp())}^{{date_short_pretty}} {{time}} ({{ago}})|Sun 03:00 GMT>"
    assert token in body_texts(a_view(deadline_at=due))


def test_the_notification_says_what_whose_and_by_when_in_plain_words() -> None:
    """Phones show ``text`` alone, where tokens for dates are not understood."""
    assert render.notice(a_view()) == (
        "Answer within 40 minutes: Jo Peters on Facebook, due Sun 03:00 GMT “Where is my order?”"
    )


def test_the_paged_person_is_mentioned_so_that_their_phone_rings() -> None:
    shown = message(a_view(mention="U01ANA"))
    assert shown["text"].startswith("<@U01ANA> ")
    assert "<@U01ANA>" in shown["blocks"][0]["text"]["text"]


@pytest.mark.parametrize("mention", ["!channel", "U01> <!channel", "subteam^S1", ""])
def test_only_a_member_id_can_be_mentioned(mention: str) -> None:
    assert "<" not in message(a_view(mention=mention))["text"]


def test_buttons_carry_the_conversation_and_nothing_else() -> None:
    """Slack keeps what a button carries, so it must not be about the customer."""
    actions = message(a_view(actions=("claim", "take_over")))["attachments"][0]["blocks"][-1]["elements"]
    assert [(b["action_id"], b["value"], b["text"]["text"]) for b in actions] == [
        ("claim", "0123456789abcdef0123", "Claim"),
        ("take_over", "0123456789abcdef0123", "Take over"),
    ]


def test_an_alert_says_why_and_who_has_it_and_what_came_before() -> None:
    view = a_view(
        owner="ben",
        claim_until=NIGHT + timedelta(minutes=30),
        earlier=(Earlier(NIGHT - timedelta(days=3), "instagram", "Still no bag", "answered in 12 min"),),
        past=(Past(NIGHT + timedelta(minutes=20), "paged ana by SMS"),),
        reasons=('needs an answer, most of all for "order"',),
        repeat_contact=True,
        trouble="ben's answer did not arrive: the token is dead.",
    )
    shown = body_texts(view)
    for words in (view.why, "ben until", "Still no bag", "answered in 12 min", ">: paged ana by SMS"):
        assert words in shown
    for words in (
        '*Normal priority:* needs an answer, most of all for "order"',
        "*Again:* they have written before",
    ):
        assert words in shown
    assert ":warning: ben's answer did not arrive: the token is dead." in shown


def test_why_is_told_in_each_readers_own_time() -> None:
    """The team's zone is only for clients that cannot show the reader's."""
    view = a_view(why_said=("A request post of ", NIGHT, " on Facebook."))
    stamp = int(NIGHT.timestamp())
    assert f"A request post of <!date^{stamp}^" in body_texts(view)
    assert "|Sun 02:00 GMT> on Facebook." in body_texts(view)


def test_what_is_chosen_less_often_stands_behind_more() -> None:
    """A menu of Slack's holds five lines; each says what it does and to which conversation."""
    actions = message(
        a_view(more=("release", "hand_over", "human_typed", "follow_up", "correct", "nonsense"))
    )
    [menu] = [e for e in actions["attachments"][0]["blocks"][-1]["elements"] if e["type"] == "overflow"]
    assert [option["value"].partition(":")[0] for option in menu["options"]] == [
        "release",
        "hand_over",
        "human_typed",
        "follow_up",
        "correct",
    ]
    assert menu["options"][0]["value"] == "release:0123456789abcdef0123"


def test_a_reply_of_unclear_aim_is_asked_about() -> None:
    assert "was it for them?" in body_texts(a_view(maybe_reply_at=NIGHT))


def test_a_post_without_words_says_so_instead_of_showing_an_empty_quote() -> None:
    assert "_(no text)_" in body_texts(a_view(quote=" \n "))


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "https://x.example/a b",
        "https://x.example/|<!channel>",
        "https://x.example/" + "y" * 2000,
        "",
    ],
    ids=["script", "space", "markup", "too long", "none"],
)
def test_an_address_that_markup_cannot_hold_is_shown_as_words(address: str) -> None:
    assert "<https" not in body_texts(a_view(permalink=address))
    assert "javascript" not in body_texts(a_view(permalink=address))


def test_what_is_about_no_customer_shows_its_lines_and_no_customer() -> None:
    """A failing channel is announced by the same means as a customer's post."""
    view = a_view(handle="", quote="SMS fails. Check it.", history=("SMS fails.", "Check it."), actions=())
    shown = message(view)
    assert shown["attachments"][0]["blocks"][0]["text"]["text"] == "SMS fails.\nCheck it."
    assert "From" not in body_texts(view)


def test_what_is_answered_needs_nothing_any_more() -> None:
    assert "*Needs*" in body_texts(a_view(tone=Tone.RED))
    assert "*Needs*" not in body_texts(a_view(tone=Tone.ANSWERED))
