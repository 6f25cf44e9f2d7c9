"""Advice where the answer would go: by the platform's own counting, windows and what was sent today."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.advice import OFTEN, Advice, Concern
from chalicelib.domain.items import Reply
from chalicelib.domain.reply_rows import ReplyUse
from chalicelib.errors import NotFound
from chalicelib.platforms.terms import PlatformTerms
from chalicelib.services.ports import Put
from chalicelib.services.reply_advice import ReplyAdvice
from tests.builders import NIGHT, a_dm, minutes
from tests.unit.intake.desk_town import DeskTown
from tests.unit.intake.town import deleted


def advised(town: DeskTown, text: str, *, at: float = 5, private: bool | None = None) -> Advice:
    """Ask for advice, ``at`` minutes after NIGHT."""
    advice = ReplyAdvice(town.store, PlatformTerms)
    return advice.of(town.id, text, private=private, at=NIGHT + minutes(at))


def concerns(advice: Advice) -> list[Concern]:
    return [finding.concern for finding in (*advice.faults, *advice.warnings)]


def test_the_platforms_own_limit_counts() -> None:
    """A comment on Facebook may have 8,000 characters, a message 2,000."""
    town = DeskTown()
    town.asked()
    room = advised(town, "Hello").room
    assert room is not None
    assert (room.length, room.most, room.left) == (5, 8_000, 7_995)
    assert concerns(advised(town, "x" * 2_001)) == []
    assert concerns(advised(town, "x" * 2_001, private=True)) == [Concern.TOO_LONG]


def test_a_closed_window_is_a_fault_in_private_and_none_in_public() -> None:
    """Seven days after a comment, Facebook takes no private reply to it."""
    town = DeskTown()
    town.asked()
    week = 7 * 24 * 60
    assert concerns(advised(town, "Hello", at=week - 1, private=True)) == []
    assert concerns(advised(town, "Hello", at=week + 1, private=True)) == [Concern.WINDOW_CLOSED]
    assert concerns(advised(town, "Hello", at=week + 1)) == []


def test_a_direct_message_is_answered_in_private_unless_told() -> None:
    """So a booking number may be asked for there."""
    town = DeskTown()
    town.hears(a_dm())
    assert concerns(advised(town, "Please send us your booking number")) == []


def test_a_post_taken_back_leaves_nothing_to_answer() -> None:
    """A fault, before anybody types more."""
    town = DeskTown()
    town.hears(deleted(town.asked(), at=2))
    assert concerns(advised(town, "Hello")) == [Concern.NOT_HERE]


def test_an_unknown_conversation_is_not_found() -> None:
    """As everywhere."""
    town = DeskTown()
    with pytest.raises(NotFound):
        ReplyAdvice(town.store, PlatformTerms).of("nowhere", "Hello", at=NIGHT)


def test_words_sent_often_today_are_a_warning_until_midnight() -> None:
    """Counted when they are saved, whoever types them, with any spaces."""
    town = DeskTown()
    for n in range(OFTEN):
        town.asked(at=n, external_id=f"q{n}", contact_id=f"c{n}", author_id=f"c{n}")
    for n, conversation in enumerate(town.conversations):
        town.replies.reply(conversation.id, f"We are   on it{'!' * n}", "ana", NIGHT + minutes(10 + n))
    assert concerns(advised(town, "we are on it.", at=20)) == [Concern.REPEATED]
    assert concerns(advised(town, "We are on that.", at=20)) == []
    assert concerns(advised(town, "we are on it.", at=22 * 60)) == []


def test_an_answer_saved_twice_under_one_key_counts_once() -> None:
    """A form sent twice is one answer."""
    town = DeskTown()
    town.asked()
    for _ in range(3):
        town.replies.reply(town.id, "On it", "ana", NIGHT + minutes(5), key="form-1")
    assert [use.times for use in town.store.everything(ReplyUse)] == [1]


def test_a_count_that_another_changed_meanwhile_is_counted_on() -> None:
    """Two agents using one phrase at once: both answers stand, and both count."""
    town = DeskTown()
    town.asked()
    town.asked(external_id="q2", contact_id="c2", author_id="c2", at=1)
    one, other = [c.id for c in town.conversations]
    town.replies.reply(one, "On it", "ana", NIGHT + minutes(5))
    before = town.store.everything(ReplyUse)[0]
    again = Put(replace(before, times=before.times + 1, rev=before.rev + 1))
    town.interrupt_next_commit(lambda: town.store.commit(again))
    town.replies.reply(other, "On it", "ben", NIGHT + minutes(6))
    assert [use.times for use in town.store.everything(ReplyUse)] == [3]
    assert len(town.store.everything(Reply)) == 2


def test_a_private_answer_to_a_public_post_is_saved_as_one() -> None:
    """Whoever chose private is not answered for in public."""
    town = DeskTown()
    town.asked()
    reply = town.replies.reply(town.id, "On it", "ana", NIGHT + minutes(5), private=True)
    assert reply.private
    town.sends(after=5)
    assert [out.private for out in town.replier.taken] == [True]
