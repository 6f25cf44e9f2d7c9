"""What the judge is told beside the text, and what comes of it."""

from __future__ import annotations

import pytest

from chalicelib.classifier.rules import RuleJudge
from chalicelib.classifier.trained import TrainedJudge
from chalicelib.domain.conversation import State
from chalicelib.domain.judgement import PRIORITY_ORDER, Band, Context, Judgement, Priority
from chalicelib.domain.posts import Media, Surface
from chalicelib.services.intake_posts import Posts
from chalicelib.services.judging import Judging
from chalicelib.services.ports import Judge
from tests.builders import a_dm, a_judgement, a_team
from tests.unit.intake.town import Town, judgement_of

ELSEWHERE = {"external_id": "666_1", "thread_id": "666_1", "parent_id": None, "post_id": "666"}


class Listening:
    """A judge that remembers what it was told."""

    def __init__(self) -> None:
        self.contexts: list[Context] = []

    def classify(self, text: str | None, context: Context) -> Judgement:  # noqa: ARG002 - the port's name
        self.contexts.append(context)
        return a_judgement()


def town_of(judge: Judge, *, sample: float = 0.0) -> Town:
    town = Town(a_team(sample=sample))
    town.judging = Judging(judge)
    town.posts = Posts(town.store, town.books, town.judging, town.clock)
    return town


def test_the_judge_hears_whether_the_person_wrote_before_and_whether_they_wait() -> None:
    """First words, a follow-up while waiting, and a new matter of somebody known."""
    judge = Listening()
    town = town_of(judge)
    town.asked()
    town.asked("Hello?", at=5, external_id="5550001_3")
    town.replied(at=20)
    town.asked("Another thing", at=30, **ELSEWHERE)
    heard = [(context.repeat_contact, context.in_open_conversation) for context in judge.contexts]
    assert heard == [(False, False), (False, True), (True, False)]


def test_the_judge_hears_where_it_was_said_and_what_came_with_it() -> None:
    """A picture without words is not nothing."""
    judge = Listening()
    town_of(judge).hears(a_dm(None, media=(Media("image"),)))
    (context,) = judge.contexts
    assert (context.platform, context.surface, context.has_media) == ("facebook", Surface.PRIVATE, True)


def test_a_repeat_contact_is_one_step_more_pressing() -> None:
    """Promise 5, with the judge that ships: the same words, from somebody who wrote before."""
    town = town_of(RuleJudge())
    town.asked("Where is my order?")
    town.asked("Where is my order?", at=30, **ELSEWHERE)
    first, again = judgement_of(town, "5550001_1"), judgement_of(town, "666_1")
    steps = PRIORITY_ORDER.index(again.priority) - PRIORITY_ORDER.index(first.priority)
    assert steps == 1


def test_a_follow_up_stays_with_its_open_conversation_whatever_the_judge_says() -> None:
    """A word of thanks while one waits closes nothing and opens nothing."""
    town = Town()
    town.needless("thanks in advance")
    town.asked()
    town.asked("thanks in advance", at=2, external_id="5550001_3")
    found = town.conversation
    assert (found.state, found.owed_post_id, len(found.entries)) == (State.WAITING, "5550001_1", 2)


@pytest.mark.parametrize(
    "words",
    [
        "Gdzie jest moja paczka? Czekam już trzy tygodnie i nikt nie odpowiada.",
        "??",
        "k",
        "\u200b\u200b",
        "https://example.com/x @acme 🎉🎉",
        "",
    ],
)
def test_what_cannot_be_judged_waits_for_a_person(words: str) -> None:
    """Another language, too short, or nothing left without links, handles and emoji: in the queue, not in doubt."""
    town = town_of(TrainedJudge())
    town.asked(words)
    judged = judgement_of(town, "5550001_1")
    assert (town.conversation.state, judged.band) == (State.WAITING, Band.QUEUE)


def test_a_reply_inside_an_open_conversation_stays_with_it_and_is_never_drawn() -> None:
    """With every closed post in the sample: a word of thanks while one waits is neither closed nor asked about."""
    town = town_of(TrainedJudge(), sample=1.0)
    town.asked("Where is my order? It is three days late.")
    town.asked("thank you so much", at=3, external_id="5550001_3")
    assert town.conversation.state is State.WAITING
    assert town.stored("5550001_3").sampled is False
    assert town.conversation.card_channels == ()


@pytest.mark.parametrize(
    "words",
    [
        "Lovely flight, thanks, shame about the smoke in the cabin and the fire",
        "haha great job, somebody hacked my account and is spending my money",
        "thanks guys, my lawyer will be in touch",
    ],
)
def test_a_critical_rule_always_queues(words: str) -> None:
    """However kind the rest of the words are."""
    town = town_of(TrainedJudge(), sample=1.0)
    town.asked(words)
    assert (town.conversation.state, town.conversation.priority) == (State.WAITING, Priority.URGENT)
