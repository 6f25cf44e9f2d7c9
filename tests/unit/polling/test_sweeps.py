"""Reading platforms: what an answer shows becomes a delivery that the platform's own reader takes for its webhook's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.posts import Direction, Kind, Post
from chalicelib.errors import NotFound, Transient
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.registry import platform
from chalicelib.platforms.sweeping import STREAMS, PlatformSweeper, streams
from chalicelib.services.platform_port import Own
from chalicelib.services.reply_faults import TokenDead
from chalicelib.services.sweep_port import Found, Seen, Target
from tests.fakes import FakeSecrets

SINCE = datetime(2027, 1, 10, 1, 0, tzinfo=UTC)
NEW = "2027-01-10T01:30:00+0000"
OLD = "2027-01-10T00:30:00+0000"
ACCOUNT = "700"


@dataclass
class Api:
    """Plays the platform."""

    answers: list[Answered]
    calls: list[Call] = field(default_factory=list)

    def send(self, _base_url: str, call: Call, _token: str) -> Answered:
        self.calls.append(call)
        return self.answers.pop(0)


def swept(name: str, stream: str, *bodies: Any, threads: tuple[str, ...] = ()) -> tuple[list[Found], Api]:
    """Sweep to the end over these answers, and return what was found."""
    api = Api([one if isinstance(one, Answered) else Answered(200, one) for one in bodies])
    keys = FakeSecrets({f"accounts/{name}/{ACCOUNT}/token": "EAA", f"apps/{name}/acme/secret": "s"})
    sweeper = PlatformSweeper(name, secrets=keys, transport=api)
    target = Target(name, "acme", ACCOUNT, stream, threads)
    steps = list(sweeper.begin(target, SINCE))
    found: list[Found] = []
    while steps:
        seen: Seen = sweeper.take(target, steps.pop(0), SINCE)
        found += seen.found
        steps += seen.more
    assert api.answers == []
    return found, api


def read(name: str, found: Found) -> Post:
    """Read a found post with the platform's own reader."""
    spoken = platform(name)
    (update,) = spoken.updates(found.body)
    (post,) = spoken.read(
        update, Own(name, "acme", ids=frozenset({ACCOUNT})), SINCE + timedelta(hours=1)
    ).posts
    assert post.external_id == found.external_id
    assert post.created_at == found.at
    return post


def comment(number: int, at: str = NEW, **more: Any) -> dict[str, Any]:
    return {
        "id": f"9_{number}", "message": "Where is it?", "from": {"id": "55", "name": "Jo"}, "created_time": at, **more,
    }  # fmt: skip


def page(*items: Any, after: str | None = None) -> dict[str, Any]:
    paging = {"cursors": {"after": after}, "next": "https://next"} if after else {}
    return {"data": list(items), "paging": paging}


def root(comments: Any, **more: Any) -> dict[str, Any]:
    return {"id": f"{ACCOUNT}_9", "from": {"id": ACCOUNT}, "created_time": OLD, "comments": comments, **more}


def test_a_comment_found_by_looking_reads_like_one_that_was_told() -> None:
    """Same id, thread, parent, time and author: so the two are one."""
    found, _ = swept("facebook", "comments", page(root(page(comment(1)))))
    post = read("facebook", found[0])
    assert (post.kind, post.direction, post.thread_id, post.author_id) == (
        Kind.COMMENT,
        Direction.INBOUND,
        "9_1",
        "55",
    )
    assert post.opens_case


def test_an_answer_under_a_comment_keeps_the_thread_of_the_comment() -> None:
    """The brand's own stops a clock, so it is found too."""
    own = comment(2, parent={"id": "9_1"}) | {"from": {"id": ACCOUNT, "name": "Acme"}}
    found, _ = swept("facebook", "comments", page(root(page(own))))
    post = read("facebook", found[0])
    assert (post.direction, post.thread_id, post.stops_clock) == (Direction.SELF, "9_1", True)


def test_what_is_older_than_asked_for_is_not_found_and_ends_the_paging() -> None:
    """The next page holds nothing newer."""
    found, api = swept("facebook", "comments", page(root(page(comment(2), comment(1, OLD), after="c"))))
    assert [one.external_id for one in found] == ["9_2"]
    assert len(api.calls) == 1


def test_a_full_page_of_new_comments_is_followed_to_its_end() -> None:
    """With the cursor that the platform gave."""
    further = page(comment(1))
    found, api = swept("facebook", "comments", page(root(page(comment(2), after="c7"))), further)
    assert [one.external_id for one in found] == ["9_2", "9_1"]
    assert (api.calls[1].path, api.calls[1].params["after"]) == (f"{ACCOUNT}_9/comments", "c7")


def test_a_visitors_post_is_found_and_the_pages_own_is_not() -> None:
    """Only the visitor waits for somebody."""
    visitor = root(page(), created_time=NEW, message="Hello?") | {"from": {"id": "55", "name": "Jo"}}
    found, _ = swept("facebook", "comments", page(visitor, root(page(), created_time=NEW)))
    assert [read("facebook", one).kind for one in found] == [Kind.POST]


@pytest.mark.parametrize("name", ["facebook", "instagram"])
def test_direct_messages_are_found_with_who_spoke(name: str) -> None:
    """A customer's opens, the brand's own answers, both in one thread."""
    asked = {
        "id": "m_1",
        "message": "Help",
        "from": {"id": "55"},
        "to": {"data": [{"id": ACCOUNT}]},
        "created_time": NEW,
    }
    given = {
        "id": "m_2",
        "message": "Yes?",
        "from": {"id": ACCOUNT},
        "to": {"data": [{"id": "55"}]},
        "created_time": NEW,
    }
    found, _ = swept(
        name, "conversations", page({"id": "t_1", "updated_time": NEW, "messages": page(asked, given)})
    )
    first, second = (read(name, one) for one in found)
    assert (first.direction, second.direction) == (Direction.INBOUND, Direction.SELF)
    assert (
        (first.thread_id, first.contact_id)
        == (second.thread_id, second.contact_id)
        == (f"{ACCOUNT}:55", "55")
    )


def test_instagram_comments_and_the_answers_under_them_are_found() -> None:
    """An old comment may have a new answer."""
    answer = {"id": "2", "text": "Thanks", "timestamp": NEW, "from": {"id": "56", "username": "kim"}}
    top = {"id": "1", "text": "Hm", "timestamp": OLD, "from": {"id": "55"}, "replies": {"data": [answer]}}
    found, _ = swept("instagram", "comments", page({"id": "77", "timestamp": OLD, "comments": page(top)}))
    post = read("instagram", found[0])
    assert (post.external_id, post.thread_id, post.post_id, post.author_handle) == ("2", "1", "77", "kim")


def tweet(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": str(number), "text": "@acme hello?", "author_id": "55", "conversation_id": "40",
        "created_at": "2027-01-10T01:30:00.000Z", **more,
    }  # fmt: skip


def test_mentions_on_x_are_found_page_by_page() -> None:
    """With their author, from the list beside them."""
    users = {"users": [{"id": "55", "name": "Jo", "username": "jo"}]}
    first = {"data": [tweet(42)], "includes": users, "meta": {"next_token": "n1"}}
    found, api = swept("x", "mentions", first, {"data": [tweet(41)], "meta": {}})
    post = read("x", found[0])
    assert (post.kind, post.thread_id, post.author_handle) == (Kind.MENTION, "40", "jo")
    assert api.calls[1].params["pagination_token"] == "n1"
    assert api.calls[0].params["start_time"] == "2027-01-10T01:00:00Z"


def test_waiting_threads_on_x_are_searched_together() -> None:
    """A customer's second word in a thread triggers no webhook: only this finds it. One search takes 512 characters."""
    threads = tuple(str(1_000_000_000_000_000_000 + n) for n in range(20))
    second = tweet(43, in_reply_to_user_id="55", referenced_tweets=[{"type": "replied_to", "id": "40"}])
    found, api = swept("x", "threads", {"data": [second]}, {"meta": {}}, threads=threads)
    assert read("x", found[0]).kind is Kind.COMMENT
    assert len(api.calls) == 2
    assert all(len(call.params["query"]) <= 512 for call in api.calls)
    assert sum(call.params["query"].count("conversation_id:") for call in api.calls) == 20


def test_no_waiting_thread_costs_no_call() -> None:
    """X charges for what it shows."""
    assert swept("x", "threads")[1].calls == []


@pytest.mark.parametrize("name", sorted(STREAMS))
def test_each_platform_tells_a_dead_token_from_a_wait(name: str) -> None:
    """One pages a person, the other is waited for."""
    dead = Answered(401, {"error": {"code": 190, "error_subcode": 463, "message": "expired"}})
    with pytest.raises(TokenDead):
        swept(name, STREAMS[name][0], dead)
    slow = Answered(429, {"error": {"code": 4, "message": "slow"}}, {"Retry-After": "70"})
    with pytest.raises(Transient) as raised:
        swept(name, STREAMS[name][0], slow)
    assert raised.value.retry_after == timedelta(seconds=70)


def test_what_cannot_be_read_is_not_swept() -> None:
    """A signed source has no API to ask."""
    assert streams("generic") == ()
    with pytest.raises(NotFound):
        PlatformSweeper("generic", secrets=FakeSecrets(), transport=Api([]))
