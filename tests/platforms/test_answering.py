"""Answering: what is called, in which window, how long it may be, and what each refusal means for a person."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.posts import Kind
from chalicelib.errors import Misconfigured, NightdeskError, NotFound, OutcomeUnknown, Permanent, Transient
from chalicelib.platforms import registry
from chalicelib.platforms.calling import HOSTS
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.replying import PlatformReplier
from chalicelib.platforms.terms import PlatformTerms
from chalicelib.platforms.x.reply import weighted_length
from chalicelib.services.reply_faults import AnswerElsewhere, TokenDead, WindowClosed
from chalicelib.services.reply_port import Outgoing, Sent

NOW = datetime(2026, 12, 14, 16, 0, tzinfo=UTC)
PUBLIC = Outgoing("acme", "700", "9_1", "55", "9_1", "On its way", private=False, correlation="nd:c:r")
DIRECT = replace(PUBLIC, private=True, to_post_id="m_1", kind=Kind.DM)


@dataclass
class Api:
    """Plays the platform: gives the answers it was told to, and remembers the calls."""

    answers: list[Answered]
    calls: list[tuple[str, Call, str]] = field(default_factory=list)

    def send(self, base_url: str, call: Call, token: str) -> Answered:
        self.calls.append((base_url, call, token))
        return self.answers.pop(0)


@dataclass
class Keys:
    """Secrets in memory."""

    token: str | None = "EAA-token"
    renewed: str | None = None

    def get(self, name: str) -> str:
        if name.startswith("apps/"):
            return "app-secret\nprevious-secret"
        if self.token is None:
            raise Misconfigured(f"create {name}")
        return self.token

    def anew(self, name: str) -> str:
        return self.renewed or self.get(name)


class Still:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW

    def delay_until(self, at: datetime) -> timedelta:
        return max(at - NOW, timedelta(0))


def replier(
    platform: str, *answers: Answered, token: str | None = "EAA-token", renewed: str | None = None
) -> tuple[PlatformReplier, Api]:
    api, keys = Api(list(answers)), Keys(token, renewed)
    return PlatformReplier(platform, secrets=keys, clock=Still(), transport=api), api


def good(body: Mapping[str, Any]) -> Answered:
    return Answered(200, dict(body))


def refusal(platform: str, answered: Answered, outgoing: Outgoing = PUBLIC) -> NightdeskError:
    with pytest.raises(NightdeskError) as raised:
        replier(platform, answered)[0].reply(outgoing)
    return raised.value


def graph(
    code: int, sub: int | None = None, status: int = 400, *, headers: Mapping[str, str] | None = None
) -> Answered:
    error = {"message": "Meta's own words", "code": code, "error_subcode": sub}
    return Answered(status, {"error": error}, headers or {})


class TestWhatIsCalled:
    def test_a_comment_is_answered_under_the_comment(self) -> None:
        facebook, api = replier("facebook", good({"id": "9_2"}))
        assert facebook.reply(PUBLIC) == Sent("9_2")
        [(base, call, token)] = api.calls
        assert (base + call.path, token) == ("https://graph.facebook.com/v26.0/9_1/comments", "EAA-token")
        assert call.json == {"message": "On its way"}

    def test_every_graph_call_proves_the_app_with_the_current_secret(self) -> None:
        facebook, api = replier("facebook", good({"id": "9_2"}))
        facebook.reply(PUBLIC)
        proof = hmac.new(b"app-secret", b"EAA-token", hashlib.sha256).hexdigest()
        assert api.calls[0][1].params["appsecret_proof"] == proof

    def test_messenger_carries_our_token_so_that_the_echo_is_known(self) -> None:
        facebook, api = replier("facebook", good({"recipient_id": "55", "message_id": "m_2"}))
        assert facebook.reply(replace(DIRECT, last_inbound_at=NOW - timedelta(hours=23))) == Sent("m_2")
        assert api.calls[0][1].json == {
            "recipient": {"id": "55"},
            "messaging_type": "RESPONSE",
            "message": {"text": "On its way", "metadata": "nd:c:r"},
        }

    def test_after_a_day_a_person_may_still_answer_as_human_agent(self) -> None:
        facebook, api = replier("facebook", good({"message_id": "m_2"}))
        facebook.reply(replace(DIRECT, last_inbound_at=NOW - timedelta(days=6)))
        said = api.calls[0][1].json or {}
        assert (said["messaging_type"], said["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")

    def test_a_private_reply_goes_to_the_comment(self) -> None:
        facebook, api = replier("facebook", good({"message_id": "m_2"}))
        facebook.reply(replace(PUBLIC, private=True, kind=Kind.COMMENT, asked_at=NOW - timedelta(days=6)))
        assert (api.calls[0][1].json or {})["recipient"] == {"comment_id": "9_1"}

    def test_instagram_comments_mentions_and_messages_have_their_own_edges(self) -> None:
        mention = replace(PUBLIC, kind=Kind.MENTION, post_id="77", to_post_id="88")
        instagram, api = replier(
            "instagram",
            good({"id": "1"}),
            good({"id": "2"}),
            good({"id": "3"}),
            good({"message_id": "4"}),
        )
        caption = replace(mention, to_post_id="77")
        names = [instagram.reply(one).external_id for one in (PUBLIC, mention, caption, DIRECT)]
        paths = [call.path for _, call, _ in api.calls]
        assert (names, paths) == (
            ["1", "2", "3", "4"],
            ["9_1/replies", "700/mentions", "700/mentions", "700/messages"],
        )
        assert api.calls[1][1].params["comment_id"] == "88"
        assert "comment_id" not in api.calls[2][1].params

    def test_a_token_of_instagram_login_goes_to_instagrams_host(self) -> None:
        instagram, api = replier("instagram", good({"id": "1"}), token="IGAA-token")
        instagram.reply(PUBLIC)
        assert api.calls[0][0] == HOSTS["instagram_login"]

    def test_threads_makes_a_container_and_then_publishes_it(self) -> None:
        threads, api = replier("threads", good({"id": "container"}), good({"id": "7200"}))
        assert threads.reply(PUBLIC) == Sent("7200")
        first, second = (call for _, call, _ in api.calls)
        assert (first.path, first.publishes) == ("700/threads", False)
        assert first.params["reply_to_id"] == "9_1"
        assert (second.path, second.publishes) == ("700/threads_publish", True)
        assert second.params["creation_id"] == "container"

    @pytest.mark.parametrize(
        ("contact", "address"), [("34600111222", {"to": "34600111222"}), ("ES.908", {"recipient": "ES.908"})]
    )
    def test_whatsapp_writes_to_a_number_or_to_who_hides_it(
        self, contact: str, address: dict[str, str]
    ) -> None:
        whatsapp, api = replier("whatsapp", good({"messages": [{"id": "wamid.1"}]}))
        assert whatsapp.reply(replace(DIRECT, contact_id=contact, last_inbound_at=NOW)) == Sent("wamid.1")
        said = dict(api.calls[0][1].json or {})
        assert address.items() <= said.items()
        assert said["biz_opaque_callback_data"] == "nd:c:r"

    def test_x_replies_to_the_post_and_proves_nothing_to_meta(self) -> None:
        x, api = replier("x", good({"data": {"id": "9003"}}), good({"data": {"dm_event_id": "9101"}}))
        assert [x.reply(PUBLIC), x.reply(DIRECT)] == [Sent("9003"), Sent("9101")]
        public, direct = (call for _, call, _ in api.calls)
        assert public.json == {"text": "On its way", "reply": {"in_reply_to_tweet_id": "9_1"}}
        assert direct.path == "2/dm_conversations/with/55/messages"
        assert "appsecret_proof" not in public.params


class TestATokenThatWasRenewed:
    def test_a_token_refused_is_read_anew_and_the_call_made_with_its_successor(self) -> None:
        """Another function renewed it; what we remember is up to five minutes old."""
        answers = Answered(401, {}), good({"data": {"id": "9"}})
        x, api = replier("x", *answers, renewed="new-token\nrefresh=r")
        assert x.reply(PUBLIC) == Sent("9")
        assert [token for _, _, token in api.calls] == ["EAA-token", "new-token"]

    def test_one_that_is_still_the_same_is_dead_after_one_call(self) -> None:
        x, api = replier("x", Answered(401, {}))
        with pytest.raises(TokenDead):
            x.reply(PUBLIC)
        assert len(api.calls) == 1


class TestWindows:
    @pytest.mark.parametrize("platform", ["facebook", "instagram"])
    def test_a_week_after_the_last_message_the_window_is_closed(self, platform: str) -> None:
        last = NOW - timedelta(days=7, seconds=1)
        with pytest.raises(WindowClosed) as closed:
            replier(platform)[0].reply(replace(DIRECT, last_inbound_at=last))
        assert closed.value.closed_at == last + timedelta(days=7)

    def test_an_automation_may_not_speak_after_a_day(self) -> None:
        late = replace(DIRECT, last_inbound_at=NOW - timedelta(hours=25), by_person=False)
        with pytest.raises(WindowClosed, match="only a person"):
            replier("facebook")[0].reply(late)

    def test_a_private_reply_comes_within_a_week_of_the_comment(self) -> None:
        late = replace(PUBLIC, private=True, kind=Kind.COMMENT, asked_at=NOW - timedelta(days=8))
        with pytest.raises(WindowClosed, match="answer in public"):
            replier("facebook")[0].reply(late)

    def test_whatsapp_takes_only_templates_after_a_day(self) -> None:
        with pytest.raises(WindowClosed, match="template"):
            replier("whatsapp")[0].reply(
                replace(DIRECT, last_inbound_at=NOW - timedelta(hours=24, seconds=1))
            )

    def test_threads_has_no_private_answers(self) -> None:
        with pytest.raises(Permanent, match="in public"):
            replier("threads")[0].reply(DIRECT)

    def test_a_generic_source_is_answered_where_it_is(self) -> None:
        with pytest.raises(AnswerElsewhere) as elsewhere:
            replier("generic")[0].reply(replace(PUBLIC, permalink="https://forum.example/t/1"))
        assert elsewhere.value.url == "https://forum.example/t/1"


class TestTemplates:
    """A day after the customer's last message WhatsApp takes an approved template, and nothing else."""

    LATE = replace(DIRECT, last_inbound_at=NOW - timedelta(hours=25), text="It is\n\ton  its way")

    def sent(self, outgoing: Outgoing, template: str | None = "followup/en_GB") -> Mapping[str, Any]:
        api = Api([good({"messages": [{"id": "wamid.9"}]})])
        whatsapp = PlatformReplier(
            "whatsapp", secrets=Keys(), clock=Still(), transport=api, templates=lambda *_: template
        )
        assert whatsapp.reply(outgoing) == Sent("wamid.9")
        return api.calls[0][1].json or {}

    def test_the_accounts_template_carries_the_words_in_its_one_variable(self) -> None:
        """Which takes no line breaks."""
        said = self.sent(self.LATE)
        assert said["type"] == "template"
        assert said["template"] == {
            "name": "followup",
            "language": {"code": "en_GB"},
            "components": [
                {"type": "body", "parameters": [{"type": "text", "text": "It is on its way"}]},
            ],
        }
        assert said["biz_opaque_callback_data"] == "nd:c:r"
        assert "text" not in said

    def test_within_the_day_the_words_go_as_they_are(self) -> None:
        said = self.sent(replace(self.LATE, last_inbound_at=NOW - timedelta(hours=23)))
        assert (said["type"], said["text"]["body"]) == ("text", self.LATE.text)

    def test_without_one_the_answer_is_refused_with_what_to_do(self) -> None:
        with pytest.raises(WindowClosed, match="team file"):
            self.sent(self.LATE, None)

    def test_an_automatic_answer_never_uses_it(self) -> None:
        with pytest.raises(WindowClosed):
            self.sent(replace(self.LATE, by_person=False))

    def test_words_too_long_for_it_are_refused_before_whatsapp_does(self) -> None:
        self.sent(replace(self.LATE, text="x" * 900))
        with pytest.raises(Permanent, match="900"):
            self.sent(replace(self.LATE, text="x" * 901))

    @pytest.mark.parametrize("template", [None, "followup/en_GB"])
    def test_advice_beforehand_knows_it_too(self, template: str | None) -> None:
        refusal = PlatformTerms("whatsapp", lambda *_: template).refusal(self.LATE, NOW)
        assert (refusal is None) == (template is not None)


class TestLengths:
    @pytest.mark.parametrize(
        ("platform", "outgoing", "most"),
        [
            ("facebook", PUBLIC, 8000),
            ("facebook", DIRECT, 2000),
            ("instagram", PUBLIC, 2200),
            ("instagram", DIRECT, 1000),
            ("threads", PUBLIC, 500),
            ("whatsapp", DIRECT, 4096),
            ("x", PUBLIC, 280),
        ],
    )
    def test_a_text_too_long_is_refused_before_it_is_sent(
        self, platform: str, outgoing: Outgoing, most: int
    ) -> None:
        fitting, api = replier(platform, *[good({"id": "1", "message_id": "1", "data": {"id": "1"}})] * 2)
        with pytest.raises(Permanent, match=f"{most + 1} .* takes {most}: shorten"):
            fitting.reply(replace(outgoing, text="a" * (most + 1)))
        assert api.calls == []

    def test_instagram_messages_are_measured_in_bytes(self) -> None:
        with pytest.raises(Permanent, match="1002 bytes"):
            replier("instagram")[0].reply(replace(DIRECT, text="é" * 501))

    @pytest.mark.parametrize(
        ("text", "length"),
        [
            ("hello", 5),
            ("né", 2),
            ("日本", 4),
            ("😠", 2),
            ("see https://example.com/a/very/long/one?x=1", 27),
        ],
    )
    def test_x_counts_links_as_23_and_other_scripts_double(self, text: str, length: int) -> None:
        assert weighted_length(text) == length


FAULTS: list[tuple[str, Answered, type[NightdeskError], str]] = [
    ("facebook", graph(190, 463, 401), TokenDead, "expired"),
    ("facebook", graph(190, 460, 401), TokenDead, "changed the password"),
    ("facebook", graph(190, 458, 401), TokenDead, "removed our app"),
    ("facebook", graph(190, 492, 401), TokenDead, "role on the Page"),
    ("facebook", graph(190, None, 401), TokenDead, "connect the account again"),
    ("facebook", graph(102, None, 401), TokenDead, "connect the account again"),
    ("facebook", graph(10, 2018278, 403), WindowClosed, "24 hours"),
    ("instagram", graph(10, 2534022, 403), WindowClosed, "24 hours"),
    ("facebook", graph(10, None, 403), Permanent, "lacks a permission"),
    ("facebook", graph(200, None, 403), Permanent, "lacks a permission"),
    ("facebook", graph(299, None, 403), Permanent, "lacks a permission"),
    ("facebook", graph(4, None, 400), Transient, "slow down"),
    ("facebook", graph(80001, None, 400), Transient, "slow down"),
    ("facebook", graph(613, None, 400), Transient, "slow down"),
    ("whatsapp", graph(130429, None, 429), Transient, "slow down"),
    ("whatsapp", graph(131056, None, 400), Transient, "slow down"),
    ("facebook", graph(2, None, 400), Transient, "temporary"),
    ("facebook", graph(2, None, 500), OutcomeUnknown, "nobody knows"),
    ("facebook", Answered(502, {}), OutcomeUnknown, "nobody knows"),
    ("facebook", graph(100, 33), NotFound, "gone"),
    ("facebook", graph(100), Permanent, "Meta's own words"),
    ("facebook", graph(368), Permanent, "Page Quality"),
    ("facebook", graph(551), Permanent, "cannot receive"),
    ("facebook", graph(10900), Permanent, "one private reply"),
    ("whatsapp", graph(131026), Permanent, "cannot receive"),
    ("whatsapp", graph(131047), WindowClosed, "template"),
    ("whatsapp", graph(131031), Permanent, "locked"),
    ("whatsapp", graph(131042), Permanent, "billing"),
    ("whatsapp", graph(131045), Permanent, "not registered"),
    ("facebook", good({}), OutcomeUnknown, "without saying"),
    ("x", Answered(401, {}), TokenDead, "connect the account again"),
    ("x", Answered(402, {"title": "credits"}), AnswerElsewhere, "open on X"),
    ("x", Answered(403, {"detail": "not summoned"}), AnswerElsewhere, "not summoned"),
    ("x", Answered(404, {}), NotFound, "gone"),
    ("x", Answered(400, {"detail": "too long"}), Permanent, "too long"),
    ("x", Answered(503, {}), OutcomeUnknown, "nobody knows"),
    ("x", good({"errors": [{"detail": "duplicate content"}]}), Permanent, "duplicate content"),
    ("x", good({}), OutcomeUnknown, "without saying"),
]


class TestRefusals:
    @pytest.mark.parametrize(
        ("platform", "answered", "family", "words"),
        FAULTS,
        ids=[f"{platform}-{answered.status}-{words}" for platform, answered, _, words in FAULTS],
    )
    def test_each_refusal_says_what_a_person_can_do(
        self, platform: str, answered: Answered, family: type[NightdeskError], words: str
    ) -> None:
        outgoing = replace(DIRECT, last_inbound_at=NOW) if platform == "whatsapp" else PUBLIC
        fault = refusal(platform, answered, outgoing)
        assert type(fault) is family
        assert words in str(fault)

    def test_metas_waiting_time_is_in_minutes(self) -> None:
        usage = '{"700": [{"type": "pages", "estimated_time_to_regain_access": 12}]}'
        fault = refusal("facebook", graph(80001, headers={"X-Business-Use-Case-Usage": usage}))
        assert isinstance(fault, Transient)
        assert fault.retry_after == timedelta(minutes=12)

    @pytest.mark.parametrize("usage", ["", "not json", "[]", '{"700": [{}]}', '{"700": 5}'])
    def test_a_strange_usage_header_is_no_crash(self, usage: str) -> None:
        fault = refusal("facebook", graph(4, headers={"x-business-use-case-usage": usage}))
        assert isinstance(fault, Transient)
        assert fault.retry_after is None

    def test_xs_waiting_time_is_until_the_reset(self) -> None:
        headers = {"x-rate-limit-reset": "1797264060", "date": "Mon, 14 Dec 2026 16:00:00 GMT"}
        fault = refusal("x", Answered(429, {}, headers))
        assert isinstance(fault, Transient)
        assert fault.retry_after == timedelta(minutes=1)

    def test_the_open_on_x_branch_names_the_post(self) -> None:
        fault = refusal("x", Answered(403, {"detail": "not summoned"}))
        assert isinstance(fault, AnswerElsewhere)
        assert fault.url == "https://x.com/i/web/status/9_1"

    def test_a_broken_first_step_on_threads_published_nothing(self) -> None:
        fault = refusal("threads", Answered(500, {}))
        assert type(fault) is Transient

    def test_a_broken_second_step_may_have_published(self) -> None:
        threads, _api = replier("threads", good({"id": "container"}), Answered(500, {}))
        with pytest.raises(OutcomeUnknown):
            threads.reply(PUBLIC)

    def test_an_account_without_a_token_names_the_parameter(self) -> None:
        with pytest.raises(TokenDead, match="accounts/facebook/700/token"):
            replier("facebook", token=None)[0].reply(PUBLIC)


def shows(platform: str, *items: Mapping[str, Any], private: bool = False) -> Answered:
    listed = {"data": [dict(item) for item in items]}
    wrapped = private and platform in {"facebook", "instagram"}
    return good({"data": [{"messages": listed}]} if wrapped else listed)


ITEMS: Mapping[str, Mapping[str, Any]] = {
    "facebook": {
        "id": "9_2",
        "message": "On  its way",
        "from": {"id": "700"},
        "created_time": "2026-12-14T16:00:01+0000",
    },
    "instagram": {
        "id": "9_2",
        "text": "On its way",
        "from": {"id": "700"},
        "timestamp": "2026-12-14T16:00:01+0000",
    },
    "threads": {
        "id": "9_2",
        "text": "On its way",
        "replied_to": {"id": "9_1"},
        "timestamp": "2026-12-14T16:00:01+0000",
    },
    "x": {"id": "9_2", "text": "On its way", "author_id": "700", "created_at": "2026-12-14T16:00:01.000Z"},
}


class TestAnUnknownOutcome:
    @pytest.mark.parametrize("platform", sorted(ITEMS))
    def test_is_settled_by_looking_where_the_answer_would_stand(self, platform: str) -> None:
        looking, api = replier(platform, shows(platform, ITEMS[platform]))
        found = looking.find(PUBLIC, NOW)
        assert found == Sent("9_2", NOW + timedelta(seconds=1))
        assert api.calls[0][1].method == "GET"

    @pytest.mark.parametrize("platform", sorted(ITEMS))
    def test_other_words_or_older_ones_are_not_it(self, platform: str) -> None:
        item = ITEMS[platform]
        other = {key: "Something else" if value == "On its way" else value for key, value in item.items()}
        other = {
            key: "Something else" if key in {"text", "message"} else value for key, value in other.items()
        }
        assert replier(platform, shows(platform, other))[0].find(PUBLIC, NOW) is None
        assert replier(platform, shows(platform, item))[0].find(PUBLIC, NOW + timedelta(minutes=1)) is None

    @pytest.mark.parametrize("platform", ["facebook", "instagram", "x"])
    def test_somebody_elses_same_words_are_not_it(self, platform: str) -> None:
        theirs = {**ITEMS[platform], "from": {"id": "1"}, "author_id": "1"}
        assert replier(platform, shows(platform, theirs))[0].find(PUBLIC, NOW) is None

    def test_direct_messages_are_looked_up_with_the_person(self) -> None:
        facebook, api = replier("facebook", shows("facebook", ITEMS["facebook"], private=True))
        assert facebook.find(DIRECT, NOW) == Sent("9_2", NOW + timedelta(seconds=1))
        assert api.calls[0][1].params["user_id"] == "55"

    def test_where_nothing_is_shown_nothing_is_asked(self) -> None:
        whatsapp, api = replier("whatsapp")
        assert whatsapp.find(DIRECT, NOW) is None
        assert api.calls == []


@pytest.mark.parametrize("platform", sorted(registry.PLATFORMS))
@pytest.mark.parametrize(
    "body", [None, [], {}, 7, "x", {"error": 5}, {"error": {"code": []}}, {"data": 5}, {"errors": 1}]
)
@pytest.mark.parametrize("status", [200, 204, 400, 403, 404, 418, 429, 500])
def test_no_answer_of_a_platform_is_an_exception_we_do_not_know(
    platform: str, body: object, status: int
) -> None:
    for outgoing in (PUBLIC, DIRECT):
        talking = replier(platform, *[Answered(status, body)] * 3)[0]
        with pytest.raises(NightdeskError, match=r"\w"):
            talking.reply(outgoing)
