"""Asking platforms about posts: which calls are made, and that the answers read as the platform's own webhook would.

Answers are played at the transport, in the shapes of the platforms' documentation; nothing here is on a network.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.enrichment import Told
from chalicelib.domain.posts import Direction, Kind, Post
from chalicelib.errors import NightdeskError, NotFound, Permanent, Transient
from chalicelib.platforms.enriching import PlatformEnricher
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.registry import ENRICHED, platform
from chalicelib.services.enrich_port import Heard, Subject
from chalicelib.services.platform_port import Own
from chalicelib.services.reply_faults import TokenDead
from tests.builders import NIGHT
from tests.fakes import FakeSecrets

ACCOUNT = "700"
AT = "2027-01-10T01:30:00+0000"


class Api:
    """Plays a platform: gives these answers in turn, and keeps what was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = [one if isinstance(one, Answered) else Answered(200, one) for one in answers]
        self.calls: list[Call] = []

    def send(self, _base_url: str, call: Call, _token: str) -> Answered:
        self.calls.append(call)
        return self.answers.pop(0)


def asked(about: Subject, *answers: Any) -> tuple[list[Heard], Api]:
    """Ask all that is worth asking of this subject, and return what was heard."""
    api = Api(*answers)
    name = about.platform
    keys = FakeSecrets({f"accounts/{name}/{ACCOUNT}/token": "EAA", f"apps/{name}/acme/secret": "s"})
    enricher = PlatformEnricher(name, secrets=keys, transport=api)
    heard = [enricher.ask(question, about) for question in enricher.questions(about)]
    assert api.answers == []
    return heard, api


def subject(name: str, post_id: str = "c1", kind: Kind = Kind.COMMENT, **known: Any) -> Subject:
    return replace(Subject(name, "acme", ACCOUNT, post_id, kind), **known)


def read(name: str, heard: Heard) -> Post:
    """Read an answer's post with the platform's own reader."""
    assert heard.body is not None
    (update,) = platform(name).updates(heard.body)
    own = Own(name, "acme", ids=frozenset({ACCOUNT}), handles=frozenset({"acme"}))
    (post,) = platform(name).read(update, own, NIGHT).posts
    return post


# --- facebook ---------------------------------------------------------------------------------------------


def test_a_facebook_comment_without_an_author_gets_one() -> None:
    """With its parent's words, in one call; the thread is the one its webhook named."""
    about = subject("facebook", "70_1", lacks=("author",), parent_id="70", root_id="70")
    answer = {
        "id": "70_1",
        "message": "Where is it?",
        "from": {"id": "9", "name": "Jo Peters"},
        "created_time": AT,
        "permalink_url": "https://www.facebook.com/70/posts/1",
        "parent": {"id": "70_0", "message": "Is anybody there?"},
    }
    (heard,), api = asked(about, answer)
    post = read("facebook", heard)
    assert (post.external_id, post.author_id, post.author_name, post.text) == (
        "70_1",
        "9",
        "Jo Peters",
        "Where is it?",
    )
    assert (post.kind, post.direction, post.needs_fetch) == (Kind.COMMENT, Direction.INBOUND, ())
    assert heard.told.parent_text == "Is anybody there?"
    assert (api.calls[0].path, api.calls[0].publishes) == ("70_1", False)


def test_a_facebook_mention_is_read_where_it_stands() -> None:
    """A post of somebody else's, or a comment under one."""
    for post_id, root in (("80", "80"), ("80_1", "80")):
        about = subject("facebook", post_id, Kind.MENTION, lacks=("author",), root_id=root)
        answer = {"id": post_id, "message": "Hey Acme", "from": {"id": "9", "name": "Jo"}, "created_time": AT}
        (heard,), _ = asked(about, answer)
        post = read("facebook", heard)
        assert (post.kind, post.external_id, post.text) == (Kind.MENTION, post_id, "Hey Acme")


def test_what_a_facebook_comment_answers_is_known_for_the_whole_thread() -> None:
    """The Page's own post: asked once, and its answer kept under its name."""
    about = subject("facebook", "70_1", parent_id="70", root_id="70", author_id="9")
    api = Api({"id": "70", "message": "Our summer sale"})
    keys = FakeSecrets({f"accounts/facebook/{ACCOUNT}/token": "EAA", "apps/facebook/acme/secret": "s"})
    enricher = PlatformEnricher("facebook", secrets=keys, transport=api)
    (question,) = enricher.questions(about)
    assert question.about == "post:70"
    assert enricher.ask(question, about).told == Told(parent_text="Our summer sale")


def test_whoever_writes_by_messenger_has_a_name() -> None:
    """The webhook tells a number."""
    about = subject("facebook", "m_1", Kind.DM, private=True, author_id="psid")
    (heard,), api = asked(about, {"first_name": "Jo", "last_name": "Peters", "id": "psid"})
    assert (heard.told.name, api.calls[0].path) == ("Jo Peters", "psid")


# --- instagram --------------------------------------------------------------------------------------------


def test_an_instagram_mention_in_a_comment_gets_its_words() -> None:
    """By way of the account that is mentioned: the comment is another's."""
    about = subject("instagram", "180", Kind.MENTION, lacks=("text", "author", "permalink"), root_id="170")
    found = {
        "id": "180",
        "text": "@acme where is it?",
        "username": "jo",
        "timestamp": AT,
        "media": {"id": "170", "permalink": "https://www.instagram.com/p/x/", "caption": "My day"},
    }
    (heard,), api = asked(about, {"id": ACCOUNT, "mentioned_comment": found})
    post = read("instagram", heard)
    assert (post.external_id, post.text, post.author_handle) == ("180", "@acme where is it?", "jo")
    assert heard.told == Told(permalink="https://www.instagram.com/p/x/", parent_text="My day")
    assert api.calls[0].path == ACCOUNT
    assert api.calls[0].params["fields"].startswith("mentioned_comment.comment_id(180){id,text,")


def test_an_instagram_mention_in_a_caption_gets_its_words() -> None:
    """The media is the post."""
    about = subject("instagram", "170", Kind.MENTION, lacks=("text", "author", "permalink"), root_id="170")
    found = {
        "id": "170",
        "caption": "With acme",
        "username": "jo",
        "timestamp": AT,
        "permalink": "https://x.example/",
    }
    (heard,), api = asked(about, {"mentioned_media": found})
    assert (read("instagram", heard).text, heard.told.permalink) == ("With acme", "https://x.example/")
    assert api.calls[0].params["fields"].startswith("mentioned_media.media_id(170){")


def test_an_instagram_comment_gets_its_link_and_its_author_s_reach() -> None:
    """Both are kept: the link is its media's, the followers are the person's, whatever they write next."""
    about = subject(
        "instagram", "180", lacks=("permalink", "timestamp"), root_id="170", author_id="9", handle="Jo.T"
    )
    heard, api = asked(
        about,
        {"id": "170", "permalink": "https://x.example/p", "caption": "Our summer"},
        {"business_discovery": {"username": "Jo.T", "name": "Jo", "followers_count": 120_000}},
    )
    assert heard[0].told == Told(permalink="https://x.example/p", parent_text="Our summer")
    assert heard[1].told == Told(name="Jo", handle="Jo.T", followers=120_000)
    assert "business_discovery.username(Jo.T){" in api.calls[1].params["fields"]


def test_a_handle_that_is_none_is_not_written_into_a_question() -> None:
    """Fields are a language: what is no handle stays out of it."""
    about = subject("instagram", "180", root_id="170", author_id="9", handle="jo){id},x(")
    assert asked(about)[0] == []


def test_whoever_writes_by_instagram_has_a_name_and_readers() -> None:
    """Only of who wrote first: Instagram asks for that much consent."""
    about = subject("instagram", "m_1", Kind.DM, private=True, author_id="igsid")
    answer = {"name": "Jo", "username": "jo", "follower_count": 7, "is_verified_user": True, "id": "igsid"}
    assert asked(about, answer)[0][0].told == Told(name="Jo", handle="jo", followers=7, verified=True)


# --- threads ----------------------------------------------------------------------------------------------


def test_what_the_brand_published_on_threads_names_whom_it_answers() -> None:
    """The webhook says only that it published: asked, it stops a clock."""
    about = subject("threads", "42", Kind.POST, ours=True, lacks=("replied_to",))
    answer = {
        "id": "42",
        "text": "We are on it",
        "username": "acme",
        "timestamp": AT,
        "is_reply_owned_by_me": True,
        "root_post": {"id": "40"},
        "replied_to": {"id": "41"},
    }
    (heard,), api = asked(about, answer)
    post = read("threads", heard)
    assert (post.parent_id, post.thread_id, post.stops_clock) == ("41", "40", True)
    assert (post.direction, post.text, post.needs_fetch) == (Direction.SELF, "We are on it", ())
    assert "replied_to" in api.calls[0].params["fields"]


def test_what_the_brand_published_on_threads_may_answer_nobody() -> None:
    """Then it is a post, and nothing more is asked of it."""
    about = subject("threads", "42", Kind.POST, ours=True, lacks=("replied_to",))
    (heard,), _ = asked(about, {"id": "42", "text": "Hello", "username": "acme", "timestamp": AT})
    assert (read("threads", heard).kind, read("threads", heard).stops_clock) == (Kind.POST, False)


def test_an_author_on_threads_has_readers() -> None:
    """Asked by handle, since the API gives no ids; and what was answered, in its own words."""
    about = subject("threads", "43", lacks=("author_id",), handle="jo", parent_id="40")
    heard, api = asked(
        about,
        {"username": "jo", "name": "Jo", "follower_count": 5_000, "is_verified": True},
        {"id": "40", "text": "Our summer"},
    )
    assert [one.told for one in heard] == [
        Told(name="Jo", followers=5_000, verified=True),
        Told(parent_text="Our summer"),
    ]
    assert [call.path for call in api.calls] == ["profile_lookup", "40"]


# --- x ----------------------------------------------------------------------------------------------------


def tweet(**more: Any) -> dict[str, Any]:
    data = {"id": "55", "text": "Where is it?", "author_id": "9", "created_at": "2027-01-10T01:30:00.000Z"}
    user = {"id": "9", "name": "Jo", "username": "jo", "public_metrics": {"followers_count": 120_000}}
    return {"data": data | {"conversation_id": "50"} | more, "includes": {"users": [user]}}


def test_an_x_reply_without_its_author_gets_one() -> None:
    """And the thread it stands in, and what it answers: one call."""
    about = subject("x", "55", lacks=("author_handle",), parent_id="50", author_id="9")
    answer = tweet(referenced_tweets=[{"type": "replied_to", "id": "50"}])
    answer["includes"]["tweets"] = [{"id": "50", "text": "Our summer"}]
    (heard,), api = asked(about, answer)
    post = read("x", heard)
    assert (post.author_handle, post.author_name, post.followers) == ("jo", "Jo", 120_000)
    assert (post.thread_id, post.parent_id, heard.told.parent_text) == ("50", "50", "Our summer")
    assert api.calls[0].path == "2/tweets/55"


def test_an_x_event_that_tells_all_costs_nothing() -> None:
    """A read is five thousandths of a dollar."""
    assert asked(subject("x", "55", author_id="9", handle="jo"))[0] == []


@pytest.mark.parametrize(
    ("kind", "vouched"), [("business", True), ("government", True), ("blue", False), (None, True)]
)
def test_a_mark_that_anybody_can_buy_verifies_nobody(kind: str | None, *, vouched: bool) -> None:
    """X sells one kind of its marks."""
    about = subject("x", "d1", Kind.DM, private=True, author_id="9")
    user = {
        "id": "9",
        "name": "Jo",
        "username": "jo",
        "verified": True,
        **({"verified_type": kind} if kind else {}),
    }
    (heard,), _ = asked(about, {"data": user})
    assert heard.told.verified is vouched


def test_an_x_post_that_is_gone_is_told_with_a_200() -> None:
    """Deleted, protected or suspended: a list of errors in place of data."""
    with pytest.raises(NotFound):
        asked(subject("x", "55", lacks=("author",)), {"errors": [{"title": "Not Found Error"}]})


# --- all --------------------------------------------------------------------------------------------------


def lacking(name: str) -> Subject:
    """Return a subject about which each platform is asked one thing of the post itself."""
    return subject(name, "42", ours=name == "threads", lacks=("text", "author", "replied_to"), root_id="40")


META = {
    "dead": Answered(401, {"error": {"code": 190, "error_subcode": 463, "message": "expired"}}),
    "throttled": Answered(429, {"error": {"code": 4, "message": "slow"}}, {"Retry-After": "60"}),
    "gone": Answered(400, {"error": {"code": 100, "error_subcode": 33, "message": "gone"}}),
    "refused": Answered(403, {"error": {"code": 10, "message": "no permission"}}),
    "broken": Answered(503, {}),
}
X = {
    "dead": Answered(401, {"title": "Unauthorized"}),
    "throttled": Answered(429, {"title": "Too Many Requests"}, {"Retry-After": "60"}),
    "gone": Answered(404, {"title": "Not Found"}),
    "refused": Answered(403, {"title": "Forbidden"}),
    "broken": Answered(503, {}),
}
FAMILIES = {
    "dead": TokenDead,
    "throttled": Transient,
    "gone": NotFound,
    "refused": Permanent,
    "broken": Transient,
}


@pytest.mark.parametrize("how", FAMILIES)
@pytest.mark.parametrize("name", ENRICHED)
def test_every_failure_belongs_to_its_family(name: str, how: str) -> None:
    """Who asks needs to know only that much; a wait that was named is kept."""
    answer = (X if name == "x" else META)[how]
    with pytest.raises(FAMILIES[how]) as fault:
        asked(lacking(name), answer)
    if how == "throttled":
        assert fault.value.retry_after is not None  # type: ignore[attr-defined]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("id", "data", "from", "media", "timestamp", "created_time", "parent", "text")),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@pytest.mark.parametrize("name", ENRICHED)
@given(body=JSON)
def test_whatever_a_platform_answers_is_told_or_a_failure_we_foresee(name: str, body: Any) -> None:
    """Nothing it says breaks us, and what we make of it our own reader reads."""
    try:
        (heard,), _ = asked(lacking(name), body)
    except NightdeskError:
        return
    if heard.body is not None:
        for update in platform(name).updates(heard.body):
            platform(name).read(update, Own(name, "acme", ids=frozenset({ACCOUNT})), NIGHT)


def test_a_platform_that_tells_nothing_more_is_not_asked() -> None:
    """WhatsApp's webhook tells all it ever does."""
    with pytest.raises(NotFound, match="whatsapp has nothing to tell"):
        PlatformEnricher("whatsapp", secrets=FakeSecrets(), transport=Api())
