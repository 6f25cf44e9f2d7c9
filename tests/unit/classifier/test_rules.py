"""The readable judge: critical words always queue, doubt goes to a person, only the clearly harmless is let go."""

from __future__ import annotations

import pytest

from chalicelib.classifier.rules import RuleJudge
from chalicelib.domain.judgement import Band, Context, Judgement, PostKind, Priority
from chalicelib.domain.team import Rule

PLAIN = Context()


def judged(text: str | None, context: Context = PLAIN, *rules: Rule) -> Judgement:
    return RuleJudge(rules).classify(text, context)


@pytest.mark.parametrize(
    "text",
    ["", "   ", None, "@shop", "https://example.com/a", "👍👍👍", "😡", "...", "\u200b\u200b", "k"],
)
def test_what_cannot_be_read_goes_to_a_person_and_says_so(text: str | None) -> None:
    """Promise 1: doubt goes to a human."""
    judgement = judged(text)
    assert judgement.needs_response
    assert judgement.band is Band.QUEUE
    assert judgement.reasons[0].startswith("a person must look")


def test_a_post_of_only_media_says_that_it_is_only_media() -> None:
    """A photograph of a broken parcel needs eyes."""
    assert judged(None, Context(has_media=True)).reasons == ("a person must look: only media, no text",)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("¿Dónde está mi pedido? Ya son dos semanas", "es"),
        ("Je n'ai toujours pas reçu ma commande", "fr"),
        ("Ich warte seit drei Wochen auf mein Geld", "de"),
        ("注文した商品がまだ届きません", "ja"),
        ("أين طلبي؟ لم يصل بعد", "ar"),
        ("Где мой заказ?", "ru"),
    ],
)
def test_a_language_we_do_not_know_goes_to_a_person(text: str, language: str) -> None:
    """Whatever the post says, nobody is dropped for their language."""
    judgement = judged(text)
    assert (judgement.needs_response, judgement.language) == (True, language)


@pytest.mark.parametrize(
    "text",
    [
        "Your charger caught fire next to my bed",
        "My lawyer will be in touch",
        "I'm a journalist with the Evening Post, who do I call?",
        "someone changed my password and is spending my money",
        "we are stranded at the airport with no hotel",
        "your driver harassed my daughter",
        "my elderly mother was left alone in a wheelchair",
        "love the app!! btw I smell gas since your engineer left",
    ],
)
def test_critical_words_always_queue_as_urgent(text: str) -> None:
    """Safety, law, press, takeover, stranded, harassment, vulnerable: never below urgent."""
    judgement = judged(text)
    assert (judgement.needs_response, judgement.priority, judgement.band) == (
        True,
        Priority.URGENT,
        Band.QUEUE,
    )
    assert judgement.reasons[0].startswith("critical, ")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Thanks so much, lovely service today", PostKind.PRAISE),
        ("love it ❤️", PostKind.PRAISE),
        ("good morning", PostKind.CHATTER),
        ("lol", PostKind.CHATTER),
        ("Earn $900 a day from home, DM me to invest", PostKind.SPAM),
    ],
)
def test_the_clearly_harmless_is_let_go_with_its_reason(text: str, kind: PostKind) -> None:
    """Visible and reversible: the judgement says why nothing is owed."""
    judgement = judged(text)
    assert (judgement.needs_response, judgement.kind, judgement.band) == (False, kind, Band.CLOSED)
    assert judgement.reasons


@pytest.mark.parametrize(
    "text",
    [
        "Great, another 3 hour wait. Thanks a lot",
        "Love how you lost my bag",
        "Nice one, finally",
        "wow thanks for nothing",
    ],
)
def test_a_turn_in_praise_is_not_praise(text: str) -> None:
    """Sarcasm goes to a person."""
    assert judged(text).needs_response


def test_a_teams_rule_raises_and_never_lowers() -> None:
    """The rule for "invoice" says low; the words were urgent, and stay so."""
    low = Rule(match=("invoice",), priority="low", topics=("accounts",))
    judgement = judged("your invoice is fraudulent and I was hacked", PLAIN, low)
    assert judgement.priority is Priority.URGENT
    assert "accounts" in judgement.topics


def test_a_teams_rule_keeps_what_would_have_been_let_go() -> None:
    """A match makes thanks a post that owes an answer, and names the team's words."""
    judgement = judged(
        "Thanks for the tour of the plant", PLAIN, Rule(match=("The  Plant",), priority="high")
    )
    assert (judgement.needs_response, judgement.priority, judgement.band) == (True, Priority.HIGH, Band.QUEUE)
    assert judgement.reasons[0] == 'the team\'s rule: "The  Plant"'


def test_a_reply_in_an_open_conversation_stays_with_it() -> None:
    """A "thanks" inside a running conversation cannot be judged from its text."""
    assert judged("thanks", Context(in_open_conversation=True)).needs_response


@pytest.mark.parametrize(
    "context", [Context(repeat_contact=True), Context(verified=True), Context(followers=50_000)]
)
def test_repeat_contact_and_reach_raise_the_priority(context: Context) -> None:
    """Promise 5: nobody asks twice without being heard sooner."""
    assert judged("where is the menu", PLAIN).priority is Priority.NORMAL
    assert judged("where is the menu", context).priority is Priority.HIGH


def test_links_and_handles_carry_no_decision() -> None:
    """A brand's own handle must not make a complaint of a greeting."""
    assert judged("@worst_help good morning https://example.com/refund").kind is PostKind.CHATTER


def test_personal_data_is_reported_by_place_only() -> None:
    """The judgement can be stored and shown without the data."""
    judgement = judged("my order number 88213377 is late")
    assert judgement.contains_personal_data
    assert "88213377" not in repr(judgement)
