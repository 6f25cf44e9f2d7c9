"""What is typed in Slack is answered with the response: `/oncall` asks, `/oncall take 4h` stands in."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from chalicelib.domain.items import TimelineRow
from chalicelib.domain.schedule import who
from chalicelib.domain.team import Override
from chalicelib.errors import Transient
from chalicelib.services.ports import Queues
from chalicelib.services.saving import Saving
from chalicelib.services.team_versions import TeamVersions
from chalicelib.web.commands import USAGE, Commands, typed
from tests.fake_store import FakeStore
from tests.fakes import FakeClock, FakeQueue
from tests.unit.teamfile.documents import GB, SOUND

NOW = datetime(2027, 1, 5, 12, tzinfo=UTC)
LINKED = SOUND.replace("[people.ben]\n", '[people.ben]\nslack = "U02"\n')
HOUR = timedelta(hours=1)


class Slack:
    """An installation whose team file is in force, and people who type; Ana is on call, Ben is U02."""

    def __init__(self) -> None:
        self.store, self.clock = FakeStore(), FakeClock(NOW)
        saving = Saving(self.store, Queues(*(FakeQueue(self.clock) for _ in range(4))), self.clock)
        self.versions = TeamVersions(self.store, saving, self.clock)
        self.versions.activate(self.versions.propose(LINKED, GB, by="lead"))
        self.ids = {person.name: person.slack or "" for person in self.versions.current().people.values()}
        self.door = Commands(rota=self.versions, clock=self.clock)

    def types(self, user: str, text: str) -> tuple[str, str]:
        """Type, and return who sees the answer and what it says."""
        answer = json.loads(self.door.answer(form(user, text)))
        return answer["response_type"], answer["text"]

    def on_call(self, at: datetime) -> str:
        return who(self.versions.current(), "primary", at, self.versions.overrides("primary")).person


def form(user: str, text: str) -> bytes:
    return urlencode(
        {"command": "/oncall", "text": text, "user_id": user, "response_url": "https://x"}
    ).encode()


@pytest.fixture
def slack() -> Slack:
    return Slack()


def test_oncall_says_who_is_on_call_why_until_when_and_who_follows(slack: Slack) -> None:
    audience, told = slack.types(slack.ids["ana"], "")
    assert audience == "ephemeral"
    line = next(line for line in told.splitlines() if line.startswith("*primary*"))
    monday = int(datetime(2027, 1, 11, 9, tzinfo=UTC).timestamp())
    assert line.startswith("*primary*: ana (")
    assert f"until <!date^{monday}^" in line
    assert line.endswith(", then ben")


def test_every_schedule_is_answered_or_the_one_that_is_named(slack: Slack) -> None:
    _, told = slack.types(slack.ids["ana"], "")
    assert len(told.splitlines()) == len(slack.versions.current().schedules)
    _, one = slack.types(slack.ids["ana"], "primary")
    assert one == next(line for line in told.splitlines() if line.startswith("*primary*"))


def test_taking_over_for_some_hours_is_saved_and_seen_by_the_channel(slack: Slack) -> None:
    audience, told = slack.types(slack.ids["ben"], "take 4h")
    assert (audience, told.startswith("ben is on call for primary until <!date^")) == ("in_channel", True)
    assert [slack.on_call(NOW + n * HOUR) for n in (0, 3.99, 4)] == ["ben", "ben", "ana"]
    assert "ben (override by ben)" in slack.types(slack.ids["ana"], "")[1]


def test_a_schedule_can_be_named_and_hours_and_minutes_joined(slack: Slack) -> None:
    slack.types(slack.ids["ben"], "take 1h30m primary")
    (made,) = slack.versions.overrides("primary")
    assert (made.until_at - made.from_at, made.by) == (1.5 * HOUR, "ben")


def test_what_was_taken_can_be_given_back_and_both_stay_on_record(slack: Slack) -> None:
    slack.types(slack.ids["ben"], "take 4h")
    (made,) = slack.versions.overrides("primary")
    slack.clock.advance(HOUR)
    audience, told = slack.types(slack.ids["ana"], f"end {made.id}")
    assert (audience, "*primary*: ana" in told) == ("in_channel", True)
    assert slack.on_call(NOW + HOUR) == "ana"
    assert [row.by for row in slack.store.children(TimelineRow, "schedule:primary")] == ["ben", "ana"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("take soon", "not a duration"),
        ("take -4h", "not a duration"),
        ("take 0h", "between one minute and 14 days"),
        ("take 99999w", "between one minute and 14 days"),
        ("take 4h nights", "no schedule 'nights'"),
        ("take <!channel>", "'&lt;!channel&gt;'"),
        ("end 123", "no override '123'"),
    ],
)
def test_what_makes_no_sense_is_told_to_the_one_who_typed_it_and_changes_nothing(
    slack: Slack, text: str, words: str
) -> None:
    audience, told = slack.types(slack.ids["ben"], text)
    assert audience == "ephemeral"
    assert words in told
    assert told.endswith("Nothing changed.")
    assert slack.versions.overrides("primary") == ()


def test_two_who_take_the_same_hours_are_not_both_on_call_and_the_second_hears_who_was_first(
    slack: Slack,
) -> None:
    slack.types(slack.ids["ben"], "take 4h")
    audience, told = slack.types(slack.ids["ana"], "take 1h")
    assert (audience, told.startswith("Ben already stands in on primary")) == ("ephemeral", True)
    assert [made.who for made in slack.versions.overrides("primary")] == ["ben"]


@pytest.mark.parametrize("text", ["help", "take", "take 4h primary now", "end", "what is this"])
def test_anything_else_is_answered_with_how_it_is_used(slack: Slack, text: str) -> None:
    assert slack.types(slack.ids["ben"], text) == ("ephemeral", USAGE)


@pytest.mark.parametrize("text", ["", "take 4h"])
def test_somebody_the_team_file_does_not_know_is_told_whom_to_ask_and_changes_nothing(
    slack: Slack, text: str
) -> None:
    audience, told = slack.types("U77STRANGER", text)
    assert audience == "ephemeral"
    assert "Ask lead" in told
    assert 'slack = "U77STRANGER"' in told
    assert slack.versions.overrides("primary") == ()


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"ssl_check=1", b"{}"])
def test_a_body_that_is_no_command_is_nobodys(body: bytes) -> None:
    """Nobody has no Slack id: a person of the team file who has none is not taken for them."""
    assert typed(body).user == ""
    assert "does not know you" in json.loads(Slack().door.answer(body))["text"]


def test_a_table_that_is_busy_is_told_to_slack_and_not_hidden() -> None:
    """The person sees Slack's error and types again."""

    class Busy(TeamVersions):
        def add_override(self, asked: Override) -> Override:  # noqa: ARG002
            raise Transient("throttled")

    slack = Slack()
    saving = Saving(slack.store, Queues(*(FakeQueue(slack.clock) for _ in range(4))), slack.clock)
    door = Commands(rota=Busy(slack.store, saving, slack.clock), clock=slack.clock)
    with pytest.raises(Transient):
        door.answer(form(slack.ids["ben"], "take 4h"))
