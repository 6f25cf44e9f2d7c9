"""Configuration without a deploy: versions are immutable, one is in force, and overrides are saved conditionally."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.conversation import State
from chalicelib.domain.items import ActiveConfig, ConfigVersion, OverrideBook, Page, TimelineRow
from chalicelib.domain.pager_rows import Notice
from chalicelib.domain.schedule import who
from chalicelib.domain.team import Override
from chalicelib.domain.teamfile import Faults
from chalicelib.errors import Conflict, Misconfigured, NotFound
from chalicelib.services.ports import Put, Queues, Write
from chalicelib.services.saving import Saving
from chalicelib.services.team_versions import TeamVersions
from tests.builders import a_conversation
from tests.fake_store import FakeStore
from tests.fakes import FakeClock, FakeQueue
from tests.unit.teamfile.documents import GB, SOUND

NOW = datetime(2027, 1, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BEN_IN_SLACK = SOUND.replace('phone = "+447700900002"\n', 'phone = "+447700900002"\nslack = "U02"\n')
SWAPPED = SOUND.replace('rotate = ["ana", "ben"]', 'rotate = ["ben", "ana"]')


class World:
    """A table in memory and what works on it."""

    def __init__(self) -> None:
        self.store, self.clock = FakeStore(), FakeClock(NOW)
        queues = Queues(*(FakeQueue(self.clock) for _ in range(4)))
        self.saving = Saving(self.store, queues, self.clock)
        self.versions = TeamVersions(self.store, self.saving, self.clock)

    def push(self, text: str, by: str = "lead") -> None:
        """Propose a file and activate it."""
        self.versions.activate(self.versions.propose(text, GB, by=by))


@pytest.fixture
def world() -> World:
    """Return a world in which the sound file is in force."""
    world = World()
    world.push(SOUND)
    return world


def test_before_the_first_push_there_is_no_team_file() -> None:
    with pytest.raises(NotFound, match="python -m infra team push"):
        World().versions.current()


def test_a_pushed_file_is_in_force_with_the_holidays_it_was_pushed_with(world: World) -> None:
    team = world.versions.current()
    assert who(team, "primary", NOW).person == "ana"
    assert team.holidays == GB
    assert team.version == world.versions.stored().id
    assert world.versions.stored().text == SOUND


def test_a_file_with_faults_is_shown_and_never_activated(world: World) -> None:
    before = world.versions.current().version
    proposal = world.versions.propose(SOUND.replace('every = "1 week"', 'every = "5 hours"'), GB, by="lead")
    assert [fault.path for fault in proposal.findings.faults] == ["schedules.primary.layers[0].every"]
    with pytest.raises(Faults):
        world.versions.activate(proposal)
    assert world.versions.current().version == before
    with pytest.raises(Misconfigured, match="not TOML"):
        world.versions.propose("brand = ", GB, by="lead")


def test_a_team_that_still_has_open_work_cannot_be_dropped(world: World) -> None:
    """Its conversations would be in no queue that anybody checks; an empty one may go."""
    world.push(SOUND + '\n[teams.sales]\nchannel = "#sales"\ntz = "Europe/London"\n')
    waiting = a_conversation(team="sales")
    world.store.commit(Put(waiting))
    dropped = world.versions.propose(SOUND, GB, by="lead")
    assert [(fault.path, fault.write) for fault in dropped.findings.faults] == [
        ("teams.sales", "keep the team until its queue is empty, then remove it")
    ]
    with pytest.raises(Faults, match=f"{waiting.id} still waits"):
        world.versions.activate(dropped)
    world.store.commit(Put(replace(waiting, state=State.CLOSED, deadline_at=None, rev=waiting.rev + 1)))
    world.push(SOUND)
    assert "sales" not in world.versions.current().teams


def test_a_proposal_says_whose_next_shift_moves_and_changes_nothing(world: World) -> None:
    committed = len(world.store.commits)
    proposal = world.versions.propose(SWAPPED, GB, by="lead")
    monday = datetime(2027, 1, 11, 9, tzinfo=UTC)
    moved = {move.person: (move.before, move.after) for move in proposal.moves}
    assert moved["ana"] == ((NOW, monday), (monday, monday + timedelta(days=7)))
    assert len(world.store.commits) == committed


def test_people_whose_next_shift_moved_are_told_on_slack_in_the_same_transaction(world: World) -> None:
    world.push(SWAPPED)
    (commit,) = (c for c in world.store.commits if any(isinstance(_item(w), Notice) for w in c))
    kinds = [type(_item(write)) for write in commit]
    assert kinds == [ConfigVersion, ActiveConfig, Notice, Page, Page]
    pages = [page for page in map(_item, commit) if isinstance(page, Page)]
    assert {(page.person, page.channel.value) for page in pages} == {("ana", "slack"), ("ben", "sms")}
    assert all(page.person in page.why and page.next_due_at == NOW for page in pages)


def _item(write: Write) -> object:
    return write.item if isinstance(write, Put) else None


def test_pushing_what_is_in_force_changes_nothing(world: World) -> None:
    proposal = world.versions.propose(SOUND, GB, by="ben")
    committed = len(world.store.commits)
    assert proposal.is_in_force
    world.versions.activate(proposal)
    assert len(world.store.commits) == committed


def test_a_version_that_comes_back_is_the_same_version_and_news_again(world: World) -> None:
    first = world.versions.current().version
    for text in (SWAPPED, SOUND, SWAPPED, SOUND):
        world.push(text)
        world.clock.advance(HOUR)
    assert world.versions.current().version == first
    assert len(world.store.everything(ConfigVersion)) == 2
    assert len(world.store.everything(Notice)) == 4


def test_other_holiday_dates_make_another_version(world: World) -> None:
    proposal = world.versions.propose(SOUND, {"GB": GB["GB"][:1]}, by="lead")
    assert not proposal.is_in_force


def test_running_clocks_can_read_the_version_they_started_with(world: World) -> None:
    kept = world.versions.current().version
    world.push(SWAPPED)
    assert who(world.versions.version(kept), "primary", NOW).person == "ana"
    assert who(world.versions.current(), "primary", NOW).person == "ben"
    with pytest.raises(NotFound, match="no version 'gone'"):
        world.versions.version("gone")


def test_another_container_sees_a_new_version_within_half_a_minute(world: World) -> None:
    other = TeamVersions(world.store, world.saving, world.clock)
    assert who(other.current(), "primary", NOW).person == "ana"
    world.push(SWAPPED)
    world.clock.advance(timedelta(seconds=30))
    assert who(other.current(), "primary", NOW).person == "ben"


def test_of_two_pushes_at_once_the_second_is_told_who_was_first(world: World) -> None:
    late = world.versions.propose(SWAPPED, GB, by="ana")
    world.push(SOUND.replace("Acme Air", "Acme"), by="ben")
    with pytest.raises(Conflict, match="ben activated") as raised:
        world.versions.activate(late)
    assert raised.value.holder == "ben"
    assert world.versions.current().brand == "Acme"


def take(who: str = "ben", start: datetime = NOW, hours: float = 4, **more: str) -> Override:
    """Return an override asked for at run time."""
    return Override("primary", start, start + hours * HOUR, who, by=who, **more)


def test_an_override_is_visible_at_once_and_knows_who_made_it(world: World) -> None:
    made = world.versions.add_override(take())
    other = TeamVersions(world.store, world.saving, world.clock)
    assert tuple(other.overrides("primary")) == (made,)
    duty = who(other.current(), "primary", NOW + HOUR, other.overrides("primary"))
    assert (duty.person, duty.reason) == ("ben", "override by ben")
    assert other.overrides("backup") == ()


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        (take("zoe"), NotFound, "no person 'zoe'"),
        (take(away="zoe"), NotFound, "no person 'zoe'"),
        (take(hours=0), Misconfigured, "ends after it begins"),
        (take(start=NOW - 9 * HOUR), Misconfigured, "over already"),
        (Override("nights", NOW, NOW + HOUR, "ben"), NotFound, "no schedule 'nights'"),
    ],
)
def test_an_override_that_makes_no_sense_is_refused(
    world: World, asked: Override, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        world.versions.add_override(asked)
    assert world.versions.overrides("primary") == ()


def test_two_full_overrides_of_one_moment_are_a_conflict_that_names_the_holder(world: World) -> None:
    world.versions.add_override(take("ben"))
    with pytest.raises(Conflict, match="ben already stands in") as raised:
        world.versions.add_override(take("lead", NOW + 3 * HOUR))
    assert raised.value.holder == "ben"
    world.versions.add_override(take("lead", NOW + 4 * HOUR))
    world.versions.add_override(take("lead", NOW + HOUR, away="ana"))
    assert len(world.versions.overrides("primary")) == 3


def test_of_two_overrides_saved_at_once_neither_is_lost(world: World) -> None:
    """The book's revision guards it: whoever loses reads again, and is checked against the winner's."""

    class Meddling(FakeClock):
        """Lets somebody else save in between, once."""

        def now(self) -> datetime:
            if not world.versions.overrides("primary"):
                book = OverrideBook(
                    "primary",
                    rows=(("x", "2027-01-06T00:00:00Z", "2027-01-06T01:00:00Z", "lead", "", "lead"),),
                )
                world.store.commit(Put(book))
            return NOW

    meddled = TeamVersions(world.store, world.saving, Meddling(NOW))
    meddled._active = NOW, world.versions.current().version  # noqa: SLF001  so that only add_override asks the time
    meddled.add_override(take("ben"))
    assert [o.who for o in world.versions.overrides("primary")] == ["lead", "ben"]


def test_an_override_can_be_ended_now_or_taken_back(world: World) -> None:
    running = world.versions.add_override(take("ben"))
    coming = world.versions.add_override(take("lead", NOW + 9 * HOUR))
    world.clock.advance(HOUR)
    assert world.versions.end_override("primary", running.id or "", by="ana").until_at == NOW + HOUR
    world.versions.end_override("primary", coming.id or "", by="ana")
    assert [(o.who, o.until_at) for o in world.versions.overrides("primary")] == [("ben", NOW + HOUR)]
    with pytest.raises(NotFound, match="no run-time override"):
        world.versions.end_override("primary", coming.id or "", by="ana")


def test_who_made_and_who_ended_an_override_stays_on_record(world: World) -> None:
    """Even where nothing is left of it: one taken back before it began leaves the book."""
    coming = world.versions.add_override(take("lead", NOW + 9 * HOUR))
    world.clock.advance(HOUR)
    world.versions.end_override("primary", coming.id or "", by="ana")
    told = [(row.at, row.by, row.words) for row in world.store.children(TimelineRow, "schedule:primary")]
    span = "lead stands in from 2027-01-05 21:00 to 2027-01-06 01:00 UTC"
    assert told == [
        (NOW, "lead", f"{span} (override {coming.id})"),
        (NOW + HOUR, "ana", f"override {coming.id} ends: {span}"),
    ]


def test_who_is_relieved_and_who_stands_in_hear_of_it_but_not_who_arranged_it(world: World) -> None:
    """The lead puts Ben in for Ana, whose shift it is: both get one quiet page, at once, in the schedule's time."""
    world.push(BEN_IN_SLACK)
    made = world.versions.add_override(replace(take("ben"), by="lead"))
    pages = world.store.everything(Page)
    words = "primary: ben stands in from Tue 05 Jan 12:00 to Tue 05 Jan 16:00 (by lead)"
    assert {(p.person, p.why, p.step) for p in pages} == {("ana", words, "moved"), ("ben", words, "moved")}
    assert all(p.due_at == NOW for p in pages)
    assert made.who == "ben"


def test_nobody_is_woken_by_a_text_to_hear_of_a_shift(world: World) -> None:
    """Ben has no Slack: his phone stays silent."""
    world.versions.add_override(replace(take("ben"), by="lead"))
    assert [p.person for p in world.store.everything(Page)] == ["ana"]


def test_who_takes_a_shift_is_not_told_what_they_did(world: World) -> None:
    world.versions.add_override(replace(take("ben"), by="ben"))
    assert [p.person for p in world.store.everything(Page)] == ["ana"]


def test_a_cover_for_somebody_absent_relieves_nobody_else(world: World) -> None:
    world.versions.add_override(replace(take("lead", away="ben"), by="lead"))
    assert world.store.everything(Page) == []


def test_overrides_of_long_ago_leave_the_book_but_not_the_story(world: World) -> None:
    world.versions.add_override(take("ben"))
    world.clock.advance(timedelta(days=370))
    later = world.versions.add_override(take("ben", world.clock.now()))
    assert [made.id for made in world.versions.overrides("primary")] == [later.id]
    story = world.store.children(TimelineRow, "schedule:primary")
    assert len(story) == 2
