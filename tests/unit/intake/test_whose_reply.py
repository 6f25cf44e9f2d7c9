"""Whom a native reply answers: the tagged, the parent's author, the only one waiting, else nobody surely."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.posts import Kind, Post
from tests.builders import NIGHT, PAGE_ID, a_post, minutes
from tests.unit.intake.test_native_replies import AWAY, team_with_automations
from tests.unit.intake.town import Town

TOP = "900_1"
"""Zoe's comment at the top of a thread under the brand's post 900; Max and Kim write under it."""

POST = f"{PAGE_ID}_900"


class Thread(Town):
    """Zoe asks at the top of a thread; others join in."""

    def person(self, who: str, number: int, *, at: float = 0, **changes: Any) -> Post:
        """Let somebody comment under Zoe's; Zoe's own is number 1."""
        top = number == 1
        return self.asked(
            f"{who} asks",
            at=at,
            external_id=f"900_{number}",
            thread_id=TOP,
            parent_id=POST if top else TOP,
            post_id=POST,
            contact_id=who,
            author_id=who,
            author_name=who.title(),
            author_handle=f"{who}.handle",
            **changes,
        )

    def answer(self, *, at: float = 10, parent: str | None = TOP, number: int = 90, **changes: Any) -> Post:
        """Let the brand write natively in the thread."""
        made = {"external_id": f"900_{number}", "thread_id": TOP, "parent_id": parent, "post_id": POST}
        return self.replied(at=at, **(made | changes))

    def of(self, who: str) -> Conversation:
        """Return one person's conversation."""
        return next(c for c in self.conversations if c.contact_id == who)

    def states(self) -> dict[str, State]:
        """Return who waits."""
        return {c.contact_id: c.state for c in self.conversations}


def test_the_tagged_customer_is_answered() -> None:
    """A tag outranks the parent."""
    town = Thread()
    town.person("zoe", 1)
    town.person("max", 2)
    town.answer(tags=("max",))
    assert town.states() == {"zoe": State.WAITING, "max": State.ANSWERED}


def test_a_mention_by_handle_is_a_tag() -> None:
    """With or without @, in any case."""
    town = Thread()
    town.person("zoe", 1)
    town.person("max", 2)
    town.answer(tags=("@Max.Handle",))
    assert town.states() == {"zoe": State.WAITING, "max": State.ANSWERED}


def test_the_author_of_a_nested_parent_is_answered() -> None:
    """Where platforms nest, the parent says it all."""
    town = Thread()
    town.person("zoe", 1)
    town.person("max", 2)
    town.answer(parent="900_2")
    assert town.states() == {"zoe": State.WAITING, "max": State.ANSWERED}


def test_the_top_comment_alone_is_answered_by_a_reply_under_it() -> None:
    """Nobody else waits, so its author is meant."""
    town = Thread()
    town.person("zoe", 1)
    town.answer()
    assert town.states() == {"zoe": State.ANSWERED}


def test_a_reply_under_the_top_comment_is_doubtful_while_others_wait() -> None:
    """Nobody's clock stops; each card asks."""
    town = Thread()
    town.person("zoe", 1)
    town.person("max", 2)
    town.answer()
    assert town.states() == {"zoe": State.WAITING, "max": State.WAITING}
    assert town.of("zoe").maybe_replies == town.of("max").maybe_replies == ("900_90",)
    assert town.timeline().count("The brand replied to somebody here: for them?") == 2


def test_the_only_one_who_waits_is_answered() -> None:
    """Max has been answered, so a reply under the top comment, whose author never waited, is Kim's."""
    town = Thread()
    town.needless("zoe asks")
    town.person("zoe", 1)
    town.person("max", 2)
    town.person("kim", 3, at=1)
    town.answer(parent="900_2", at=5, number=80)
    town.answer(at=10)
    assert town.of("kim").state is State.ANSWERED


def test_a_comment_under_a_visitors_post_finds_it() -> None:
    """The reply's thread is its own id; the link from the post leads to who waits."""
    town = Thread()
    visitor: dict[str, Any] = {"external_id": "800", "thread_id": "800", "parent_id": None, "post_id": "800"}
    town.asked(kind=Kind.POST, **visitor)
    town.replied(external_id="800_7", thread_id="800_7", parent_id="800", post_id="800")
    assert town.conversation.state is State.ANSWERED


def test_a_comment_under_a_visitors_post_is_doubtful_while_commenters_wait() -> None:
    """The post is the thread's root, and somebody else waits under it."""
    town = Thread()
    visitor: dict[str, Any] = {"external_id": "800", "thread_id": "800", "parent_id": None, "post_id": "800"}
    town.asked(kind=Kind.POST, **visitor)
    under: dict[str, Any] = {
        "external_id": "800_2",
        "thread_id": "800_2",
        "parent_id": "800",
        "post_id": "800",
    }
    town.asked(contact_id="max", author_id="max", **under)
    town.replied(external_id="800_7", thread_id="800_7", parent_id="800", post_id="800")
    assert {c.state for c in town.conversations} == {State.WAITING}
    assert {c.maybe_replies for c in town.conversations} == {("800_7",)}


def test_a_question_found_to_be_older_turns_a_reply_doubtful() -> None:
    """Zoe seemed the only one; then Max's earlier question comes in late, and nobody's clock stays stopped."""
    town = Thread()
    town.person("zoe", 1)
    town.answer(at=10)
    assert town.of("zoe").state is State.ANSWERED
    late = a_post(
        "Max asks",
        external_id="900_2",
        thread_id=TOP,
        parent_id=TOP,
        post_id=POST,
        contact_id="max",
        author_id="max",
        created_at=NIGHT + minutes(1),
    )
    town.hears(late, received_at=NIGHT + minutes(12))
    assert town.states() == {"zoe": State.WAITING, "max": State.WAITING}
    assert town.of("zoe").maybe_replies == ("900_90",)
    assert town.timeline().count("The brand replied to somebody here: for them?") == 2


def test_in_a_crowd_nobody_is_the_only_one_waiting() -> None:
    """More people write under a comment than are looked at: a plain reply is doubtful, a tag still tells."""
    town = Thread()
    for number in range(2, 26):
        town.needless(f"p{number} asks")
        town.person(f"p{number}", number)
    town.person("zoe", 1)
    town.answer(at=10)
    assert town.of("zoe").state is State.WAITING
    town.answer(at=11, number=91, tags=("zoe",))
    assert town.of("zoe").state is State.ANSWERED


def test_an_earlier_reply_that_comes_late_settles_a_later_ones_doubt() -> None:
    """Once Max is known to have been answered by name, the other reply can only have been for Zoe."""
    town = Thread()
    town.person("zoe", 1)
    town.person("max", 2)
    town.answer(at=10)
    town.answer(at=5, number=80, tags=("max",))
    assert town.states() == {"zoe": State.ANSWERED, "max": State.ANSWERED}
    assert town.of("zoe").maybe_replies == ()


def test_a_listed_automation_asks_nobody() -> None:
    """A machine's words are recorded where they went, and put to nobody as a question."""
    town = Thread(team_with_automations())
    town.person("zoe", 1)
    town.person("max", 2)
    town.answer(text=AWAY)
    assert {c.maybe_replies for c in town.conversations} == {()}
