"""People correct the judge: what the clock does then, and what is kept of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.items import Happened, TimelineRow
from chalicelib.domain.judgement import PostKind, Priority
from chalicelib.domain.labels import Correction, Label
from chalicelib.domain.posts import Post
from chalicelib.domain.team import Policy, PolicyMatch, TeamFile
from chalicelib.errors import Conflict, NotFound
from chalicelib.services.corrections import Corrections
from tests.builders import CUSTOMER, NIGHT, a_team, minutes
from tests.unit.intake.desk_town import DeskTown
from tests.unit.intake.town import edited, judgement_of, minutes_after

QUEUES = ("money", "orders", "travel", "other")
PRAISE = "Lovely crew!"
ASKED = "5550001_1"


def a_graded_team() -> TeamFile:
    """Return a team that promises more to the urgent and less to what is asked about feathers or in praise."""
    return a_team(
        policies=(
            Policy(PolicyMatch(priority="urgent"), minutes(15), minutes(15), "default"),
            Policy(PolicyMatch(kind="complaint"), minutes(30), minutes(30), "default"),
            Policy(PolicyMatch(topic="delay_disruption"), minutes(20), minutes(20), "default"),
            Policy(PolicyMatch(), minutes(60), minutes(60), "default"),
        )
    )


class CorrectedTown(DeskTown):
    """People say what the judge got wrong."""

    def __init__(self, team: TeamFile | None = None) -> None:
        super().__init__(team or a_graded_team())
        self.judge_corrections = Corrections(self.store, self.books, self.team, QUEUES)

    def says(
        self,
        correction: Correction,
        *,
        at: float,
        by: str = "ben",
        post_id: str | None = None,
        queue: str | None = None,
    ) -> Conversation:
        """Let somebody correct the judge, ``at`` minutes after NIGHT."""
        now = NIGHT + minutes(at)
        self.clock.set(max(now, self.clock.now()))
        return self.judge_corrections.correct(
            self.id, correction, by=by, at=now, post_id=post_id, queue=queue
        )

    def praised(self) -> Post:
        """Let the customer write what the judge holds to need nothing."""
        self.needless(PRAISE)
        return self.asked(PRAISE)

    @property
    def labels(self) -> list[Label]:
        """Return every label."""
        return self.store.everything(Label)

    @property
    def label(self) -> Label:
        """Return the only label."""
        (only,) = self.labels
        return only

    @property
    def judged_lines(self) -> list[TimelineRow]:
        """Return what the timelines say of judgements."""
        return [row for row in self.store.everything(TimelineRow) if row.kind is Happened.JUDGED]


def due(conversation: Conversation) -> tuple[float | None, float | None]:
    return minutes_after(conversation.promise_at), minutes_after(conversation.deadline_at)


# --- the clock --------------------------------------------------------------------------------------------


def test_what_needed_an_answer_after_all_is_a_late_born_obligation() -> None:
    """The true promise stays for the reports; the grace counts from the click."""
    town = CorrectedTown()
    town.praised()
    found = town.says(Correction.NEEDED_ANSWER, at=120)
    assert (found.state, found.epoch, due(found)) == (State.WAITING, 1, (60, 130))
    judged = judgement_of(town, ASKED)
    assert (judged.model, judged.needs_response, judged.kind) == ("person:ben", True, PostKind.REQUEST)


def test_a_persons_yes_outlasts_an_edit() -> None:
    """The customer mends a typo; the judge still says nothing is needed; the person said otherwise."""
    town = CorrectedTown()
    town.needless("Lovely crew!!")
    post = town.praised()
    town.says(Correction.NEEDED_ANSWER, at=5)
    town.hears(edited(post, "Lovely crew!!", at=6))
    assert town.conversation.state is State.WAITING


def test_a_persons_no_is_of_the_words_it_was_said_of() -> None:
    """An edit that asks for something opens it again, owed from the edit on."""
    town = CorrectedTown()
    post = town.asked("So that happened")
    town.says(Correction.NEEDED_NO_ANSWER, at=10)
    assert town.conversation.state is State.NO_ANSWER_NEEDED
    town.hears(edited(post, "So that happened. Where is my refund?", at=100))
    assert (town.conversation.state, due(town.conversation)) == (State.WAITING, (60, 110))


def test_a_redelivery_does_not_undo_a_persons_no() -> None:
    """The judge would say again what it said before; nobody asks it."""
    town = CorrectedTown()
    post = town.asked("So that happened")
    town.says(Correction.NEEDED_NO_ANSWER, at=10)
    town.hears(replace(post, author_name=None))
    assert town.conversation.state is State.NO_ANSWER_NEEDED
    assert town.stored().owed_from is None


def test_what_was_urgent_is_due_sooner_but_never_before_a_grace() -> None:
    """A quarter of an hour from the post, at least half of that from the click."""
    town = CorrectedTown()
    town.asked()
    assert due(town.says(Correction.WAS_URGENT, at=3)) == (15, 15)
    late = CorrectedTown()
    late.asked()
    found = late.says(Correction.WAS_URGENT, at=30)
    assert due(found) == (15, 37.5)
    assert (found.priority, found.epoch) == (Priority.URGENT, 1)


def test_a_click_that_raises_never_puts_a_deadline_off() -> None:
    """Two minutes before the hour is over the grace would end after it: the hour stays."""
    town = CorrectedTown()
    town.asked()
    assert due(town.says(Correction.WAS_URGENT, at=58)) == (15, 60)


def test_what_an_import_found_can_be_owed_after_all() -> None:
    """An old post that only the first import told of owes nothing, until a person says so."""
    town = CorrectedTown()
    town.asked(history=True)
    assert town.conversation.state is State.CLOSED
    assert town.says(Correction.WAS_URGENT, at=20).state is State.WAITING


def test_no_complaint_has_the_time_of_a_request() -> None:
    """A person may lower: the deadline follows from the new target, with no grace on top."""
    town = CorrectedTown()
    town.judged("Where is my order?", kind=PostKind.COMPLAINT)
    town.asked()
    assert due(town.conversation) == (30, 30)
    found = town.says(Correction.NOT_A_COMPLAINT, at=29)
    assert (due(found), found.kind) == ((60, 60), PostKind.REQUEST)


def test_a_click_that_lowers_nothing_buys_no_time() -> None:
    """One minute before the deadline the queue is put right; the deadline stays."""
    town = CorrectedTown()
    town.asked()
    assert due(town.says(Correction.WRONG_QUEUE, at=59, queue="orders")) == (60, 60)


def test_another_queue_takes_the_wrong_topic_with_it() -> None:
    """A promise made to travellers does not hold for a parcel; the team's own topics stay."""
    town = CorrectedTown()
    topics = ("delay_disruption", "loyalty")
    town.judged("Where is my order?", queue="travel", topic="delay_disruption", topics=topics)
    town.asked()
    assert due(town.conversation) == (20, 20)
    found = town.says(Correction.WRONG_QUEUE, at=5, queue="orders")
    assert (due(found), found.topics) == ((60, 60), ("loyalty",))
    assert judgement_of(town, ASKED).queue == "orders"


def test_what_needed_no_answer_stops_its_clock() -> None:
    """And nothing waits any more."""
    town = CorrectedTown()
    town.asked()
    found = town.says(Correction.NEEDED_NO_ANSWER, at=10)
    assert (found.state, found.deadline_at, found.next_due_at) == (State.NO_ANSWER_NEEDED, None, None)


def test_what_waited_only_with_a_needless_post_goes_with_it() -> None:
    """Thanks were kept because the question before them was open; another question waits on."""
    town = CorrectedTown()
    town.judged("thanks!", kind=PostKind.CHATTER)
    town.asked()
    town.asked("thanks!", at=1, external_id="5550001_3")
    assert town.says(Correction.NEEDED_NO_ANSWER, at=10).state is State.NO_ANSWER_NEEDED
    two = CorrectedTown()
    two.asked()
    two.asked("And my refund?", at=1, external_id="5550001_3")
    left = two.says(Correction.NEEDED_NO_ANSWER, at=10)
    assert (left.state, left.owed_post_id) == (State.WAITING, "5550001_3")


def test_a_second_press_is_not_the_next_posts() -> None:
    """Pressed twice, the first post is meant twice; a minute later the second post is."""
    town = CorrectedTown()
    town.asked()
    town.asked("And my refund?", at=1, external_id="5550001_3")
    town.says(Correction.NEEDED_NO_ANSWER, at=10)
    assert town.says(Correction.NEEDED_NO_ANSWER, at=10.05).state is State.WAITING
    assert town.says(Correction.NEEDED_NO_ANSWER, at=11).state is State.NO_ANSWER_NEEDED


def test_an_answered_post_can_be_corrected_without_a_clock() -> None:
    """It was urgent, said afterwards: kept as a label, and nobody is paged."""
    town = CorrectedTown()
    town.asked()
    town.replied()
    found = town.says(Correction.WAS_URGENT, at=60)
    assert (found.state, found.deadline_at) == (State.ANSWERED, None)
    assert town.label.correction is Correction.WAS_URGENT


# --- once, and of what ------------------------------------------------------------------------------------


@pytest.mark.parametrize("correction", [Correction.WAS_URGENT, Correction.NEEDED_NO_ANSWER])
@pytest.mark.parametrize("again", [10.05, 40])
def test_the_same_correction_twice_is_one(correction: Correction, again: float) -> None:
    """The second changes no row, whoever says it."""
    town = CorrectedTown()
    town.asked()
    first = town.says(correction, at=10, post_id=ASKED)
    commits = len(town.store.commits)
    assert town.says(correction, at=again, post_id=ASKED) == first
    assert town.says(correction, at=again, post_id=ASKED, by="ana") == first
    assert len(town.store.commits) == commits
    assert len(town.judged_lines) == 1


def test_the_last_word_counts() -> None:
    """Ben says no, Ana says yes: it waits, and the label says so."""
    town = CorrectedTown()
    town.asked()
    town.says(Correction.NEEDED_NO_ANSWER, at=10, post_id=ASKED)
    found = town.says(Correction.NEEDED_ANSWER, at=20, by="ana", post_id=ASKED)
    assert (found.state, found.epoch) == (State.WAITING, 3)
    assert (town.label.by, town.label.verdict.needs_response) == ("ana", True)


@pytest.mark.parametrize(
    ("correction", "said"),
    [
        (Correction.NEEDED_ANSWER, "already held to need an answer"),
        (Correction.NOT_A_COMPLAINT, "never held for a complaint but for request"),
        (Correction.WRONG_QUEUE, "in other already"),
    ],
)
def test_what_the_judge_said_is_nothing_to_correct(correction: Correction, said: str) -> None:
    """Anybody who tries hears why."""
    town = CorrectedTown()
    town.asked()
    with pytest.raises(Conflict, match=said):
        town.says(correction, at=5, queue="other")
    assert town.labels == []


def test_a_wrong_queue_needs_the_right_one() -> None:
    """One that exists."""
    town = CorrectedTown()
    town.asked()
    with pytest.raises(Conflict, match="money, orders"):
        town.says(Correction.WRONG_QUEUE, at=5, queue="marketing")


def test_a_post_nobody_knows_cannot_be_corrected() -> None:
    """Neither a post nor a conversation."""
    town = CorrectedTown()
    town.asked()
    with pytest.raises(Conflict, match="no such post"):
        town.says(Correction.WAS_URGENT, at=5, post_id="elsewhere")
    with pytest.raises(NotFound):
        town.judge_corrections.correct("nobody", Correction.WAS_URGENT, by="ben", at=NIGHT)


# --- what is kept -----------------------------------------------------------------------------------------


def test_a_label_keeps_both_opinions_and_no_trace_of_the_customer() -> None:
    """Masked words, platform, surface, hour and language; what the judge said; what a person says."""
    town = CorrectedTown()
    words = "Jo Peters here, call me on +44 7700 900123 about my order"
    town.judged(words, kind=PostKind.COMPLAINT, p_needs_response=0.8123456, model="judge-7")
    town.asked(words, author_handle="jo_p")
    town.says(Correction.NOT_A_COMPLAINT, at=5)
    label = town.label
    assert (label.said.kind, label.said.model, label.said.likely) == (PostKind.COMPLAINT, "judge-7", 0.8123)
    assert (label.verdict.kind, label.verdict.needs_response) == (PostKind.REQUEST, None)
    assert (label.platform, label.surface, label.hour, label.language) == ("facebook", "public", 2, "en")
    assert (label.by, label.told_at, label.correction) == (
        "ben",
        NIGHT + minutes(5),
        Correction.NOT_A_COMPLAINT,
    )
    assert label.expires_at == NIGHT + minutes(5) + timedelta(days=730)
    assert label.text is not None
    assert "(phone)" in label.text
    for trace in (CUSTOMER, "900123", "jo_p", ASKED, town.id):
        assert trace not in repr(label)


def test_a_label_is_written_with_what_it_changes_or_not_at_all() -> None:
    """One transaction: conversation, post, line and label."""
    town = CorrectedTown()
    town.asked()
    town.says(Correction.WAS_URGENT, at=5)
    kinds = {type(getattr(write, "item", write)).__name__ for write in town.store.commits[-1]}
    assert kinds == {"Conversation", "StoredPost", "TimelineRow", "Label"}


def test_a_second_correction_of_a_post_adds_to_its_label() -> None:
    """One post is one example, whatever is said of it, and stays under the month it was first kept in."""
    town = CorrectedTown()
    town.asked()
    town.says(Correction.WAS_URGENT, at=5)
    town.says(Correction.WRONG_QUEUE, at=60 * 24 * 40, queue="money")
    assert (town.label.verdict.urgency, town.label.verdict.queue, town.label.month) == (2, "money", "2027-01")
    assert town.label.said.model == "fake-1"


def test_the_timeline_tells_who_corrected_what() -> None:
    """Readable by anybody later."""
    town = CorrectedTown()
    town.asked()
    town.says(Correction.WRONG_QUEUE, at=5, queue="money")
    (line,) = town.judged_lines
    assert line.words == "ben says this was given to the wrong queue. It belongs to money."
    assert ("was", "fake-1") in line.facts
