"""Access to each platform: what a check asks, what it renews, and what it leaves to a person."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.errors import OutcomeUnknown, Transient
from chalicelib.platforms.examining import PlatformExaminer
from chalicelib.platforms.facebook import health as facebook
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.instagram import health as instagram
from chalicelib.platforms.threads import health as threads
from chalicelib.platforms.tokens import Kept, read_kept
from chalicelib.platforms.whatsapp import health as whatsapp
from chalicelib.platforms.x import health as x
from chalicelib.services.reply_faults import TokenDead
from chalicelib.services.sweep_port import Checkup
from tests.fakes import FakeClock, FakeSecrets

NOW = datetime(2027, 1, 10, 3, 0, tzinfo=UTC)
ADDRESS = "https://desk.example/hooks/x/acme"


@dataclass
class Stage:
    """A platform that answers as told, one after the other; ``happened`` is calls and writes, in order."""

    platform: str
    answers: list[Answered | Exception]
    token: str = "EAA"
    app: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[Call, str]] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)
    refuses: list[Exception] = field(default_factory=list)

    def __post_init__(self) -> None:
        stage = self

        class Secrets(FakeSecrets):
            def put(self, name: str, value: str) -> None:
                if stage.refuses:
                    raise stage.refuses.pop(0)
                super().put(name, value)
                stage.happened.append(f"kept {value.splitlines()[0]}")

        named = {f"apps/{self.platform}/acme/{name}": value for name, value in self.app.items()}
        account = {f"accounts/{self.platform}/700/token": self.token}
        self.secrets = Secrets({f"apps/{self.platform}/acme/secret": "s", **named, **account})

    def send(self, _base: str, call: Call, token: str) -> Answered:
        """Answer one call."""
        self.calls.append((call, token))
        self.happened.append(f"{call.method} {call.path}")
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def checked(self) -> Checkup:
        """Check the account; every answer must have been asked for."""
        examiner = PlatformExaminer(
            self.platform,
            secrets=self.secrets,
            clock=FakeClock(NOW),
            transport=self,
            base_url="https://desk.example",
        )
        found = examiner.check("acme", "700")
        assert self.answers == []
        return found

    @property
    def kept(self) -> Kept | None:
        """What is stored now."""
        return read_kept(self.secrets.get(f"accounts/{self.platform}/700/token"))


def good(body: object) -> Answered:
    return Answered(200, body)


def debug(scopes: Iterable[str], **more: object) -> Answered:
    data = {"is_valid": True, "expires_at": 0, "scopes": list(scopes), "app_id": "77", **more}
    return good({"data": data})


def apps(**fields: Iterable[str]) -> Answered:
    """List subscribed apps; a name a7 is the app 7."""
    listed = [{"id": name[1:], "subscribed_fields": list(told)} for name, told in fields.items()]
    return good({"data": listed})


class TestFacebook:
    def test_a_sound_page_costs_two_questions(self) -> None:
        """A token that never ends says 0."""
        stage = Stage("facebook", [debug(facebook.SCOPES), apps(a77=facebook.FIELDS)])
        assert stage.checked() == Checkup()
        assert [call.path for call, _ in stage.calls] == ["debug_token", "700/subscribed_apps"]

    def test_what_another_app_is_told_of_is_no_help_to_us(self) -> None:
        """The brand's CRM is subscribed to everything; our own app lost the comments."""
        ours = [*facebook.FIELDS[1:], "message_reads"]
        listed = apps(a5=facebook.FIELDS, a77=ours)
        stage = Stage("facebook", [debug(facebook.SCOPES), listed, good({"success": True})])
        assert stage.checked().mended == ("subscribed the webhook anew to feed",)
        asked = stage.calls[-1][0]
        assert asked.method == "POST"
        assert set(asked.params["subscribed_fields"].split(",")) == {*facebook.FIELDS, "message_reads"}

    def test_where_nobody_says_which_app_is_ours_only_a_list_of_one_is_believed(self) -> None:
        debugged = debug(facebook.SCOPES, app_id=None)
        assert Stage("facebook", [debugged, apps(a5=facebook.FIELDS)]).checked() == Checkup()
        two = Stage("facebook", [debugged, apps(a5=facebook.FIELDS, a6=["feed"]), good({"success": True})])
        assert two.checked().mended

    def test_a_token_tells_its_end_and_what_it_lacks(self) -> None:
        """The earlier of its own end and that of its access to data."""
        ends = {"expires_at": 1_900_000_000, "data_access_expires_at": 1_800_000_000}
        stage = Stage("facebook", [debug(facebook.SCOPES[1:], **ends), apps(a77=facebook.FIELDS)])
        found = stage.checked()
        assert found.expires_at is not None
        assert found.expires_at.timestamp() == 1_800_000_000
        assert found.troubles == ("the token lacks the permissions pages_manage_metadata",)

    def test_an_invalid_token_is_a_dead_one(self) -> None:
        """Said with a 200."""
        stage = Stage("facebook", [debug([], is_valid=False, error={"message": "the password was changed"})])
        with pytest.raises(TokenDead, match="password"):
            stage.checked()

    def test_a_subscription_that_cannot_be_renewed_is_a_persons_business(self) -> None:
        refusal = Answered(403, {"error": {"code": 200, "message": "no"}})
        stage = Stage("facebook", [debug(facebook.SCOPES), apps(a77=[]), refusal])
        assert "subscribing failed" in stage.checked().troubles[0]


class TestInstagram:
    def test_with_its_own_login_the_account_is_subscribed_and_the_token_renewed(self) -> None:
        """Its token tells nothing of its life until it is renewed."""
        fresh = good({"access_token": "IGnew", "token_type": "bearer", "expires_in": 5_184_000})
        listed = good({"data": [{"subscribed_fields": list(instagram.FIELDS)}]})
        stage = Stage("instagram", [good({"user_id": "700"}), fresh, listed], token="IGold")
        assert stage.checked().expires_at == NOW + timedelta(days=60)
        assert stage.kept == Kept("IGnew", expires_at=NOW + timedelta(days=60))
        assert stage.calls[1][0].path == "/refresh_access_token"

    def test_a_token_known_to_live_long_is_left_alone(self) -> None:
        listed = good({"data": [{"subscribed_fields": list(instagram.FIELDS)}]})
        secret = Kept("IGold", expires_at=NOW + timedelta(days=40)).secret
        stage = Stage("instagram", [good({"user_id": "700"}), listed], token=secret)
        assert stage.checked().expires_at == NOW + timedelta(days=40)

    def test_with_facebook_login_the_linked_page_is_subscribed(self) -> None:
        stage = Stage("instagram", [debug([]), good({"id": "800"}), apps(a77=["feed", "messages"])])
        assert stage.checked() == Checkup()
        assert stage.calls[-1][0].path == "800/subscribed_apps"

    def test_a_page_that_this_token_may_not_see_is_a_note(self) -> None:
        """A system user's token is nobody's page."""
        refusal = Answered(400, {"error": {"code": 100, "message": "no such edge"}})
        found = Stage("instagram", [debug([]), good({"id": "1"}), refusal]).checked()
        assert (found.troubles, len(found.notes)) == ((), 1)


class TestThreads:
    def test_a_token_that_ends_within_a_month_is_renewed_and_kept(self) -> None:
        ends = int((NOW + timedelta(days=29)).timestamp())
        fresh = good({"access_token": "THnew", "token_type": "bearer", "expires_in": 5_184_000})
        stage = Stage("threads", [debug(threads.SCOPES, expires_at=ends), fresh], token="THold")
        assert stage.checked().mended == ("renewed the token until 2027-03-11",)
        assert stage.kept == Kept("THnew", expires_at=NOW + timedelta(days=60))
        assert stage.calls[-1][0].params["grant_type"] == "th_refresh_token"

    def test_a_token_with_weeks_to_live_is_left_alone(self) -> None:
        ends = NOW + timedelta(days=31)
        stage = Stage("threads", [debug(threads.SCOPES, expires_at=int(ends.timestamp()))])
        assert stage.checked() == Checkup(ends)

    def test_one_that_cannot_be_renewed_keeps_its_end_which_is_announced(self) -> None:
        ends = NOW + timedelta(days=3)
        refusal = Answered(400, {"error": {"code": 100, "message": "too young"}})
        stage = Stage("threads", [debug(threads.SCOPES, expires_at=int(ends.timestamp())), refusal])
        found = stage.checked()
        assert (found.expires_at, found.troubles, len(found.notes)) == (ends, (), 1)

    def test_missing_permissions_are_named(self) -> None:
        ends = int((NOW + timedelta(days=50)).timestamp())
        found = Stage("threads", [debug(threads.SCOPES[1:], expires_at=ends)]).checked()
        assert found.troubles == ("the token lacks the permissions threads_basic",)


def number(quality: str = "GREEN", **entities: dict[str, Any]) -> Answered:
    waba = {"entity_type": "WABA", "id": "900", "can_send_message": "AVAILABLE"}
    listed = [{"entity_type": name, "id": "1", **said} for name, said in entities.items()]
    health = {"can_send_message": "AVAILABLE", "entities": [*listed, waba]}
    return good({"verified_name": "Acme", "quality_rating": quality, "health_status": health, "id": "700"})


OURS = good({"data": [{"whatsapp_business_api_data": {"id": "77", "name": "Nightdesk"}}]})
NONE = good({"data": []})


class TestWhatsApp:
    def test_a_sound_number_is_described_with_its_templates(self) -> None:
        templates = [
            {"name": "followup", "language": "en", "status": "APPROVED"},
            {"name": "promo", "language": "en", "status": "REJECTED"},
        ]
        stage = Stage("whatsapp", [debug(whatsapp.SCOPES), number(), OURS, good({"data": templates})])
        assert stage.checked() == Checkup(
            notes=("quality GREEN", "templates: 1 approved, 1 rejected: followup/en")
        )

    def test_a_number_in_bad_standing_is_trouble_in_metas_words(self) -> None:
        errors = [{"error_code": 141010, "error_description": "The display name was refused"}]
        blocked = number("RED", PHONE_NUMBER={"can_send_message": "BLOCKED", "errors": errors})
        found = Stage("whatsapp", [debug(whatsapp.SCOPES), blocked, OURS, NONE]).checked()
        assert "quality is RED" in found.troubles[0]
        assert found.troubles[1] == "messages are blocked by the number: The display name was refused"

    def test_an_app_that_is_not_subscribed_is_subscribed(self) -> None:
        """Another app of the brand is no help."""
        others = good({"data": [{"whatsapp_business_api_data": {"id": "5"}}]})
        answers = [debug(whatsapp.SCOPES), number(), others, good({"success": True}), NONE]
        stage = Stage("whatsapp", [*answers])
        assert stage.checked().mended == ("subscribed the webhook anew",)
        assert (stage.calls[3][0].method, stage.calls[3][0].path) == ("POST", "900/subscribed_apps")

    def test_templates_that_may_not_be_listed_are_a_note(self) -> None:
        refusal = Answered(400, {"error": {"code": 200, "message": "no"}})
        found = Stage("whatsapp", [debug(whatsapp.SCOPES), number(), OURS, refusal]).checked()
        assert (found.troubles, "cannot be listed" in found.notes[-1]) == ((), True)

    def test_a_number_without_its_account_is_a_note(self) -> None:
        found = Stage("whatsapp", [debug(whatsapp.SCOPES), good({"id": "700"})]).checked()
        assert (found.troubles, len(found.notes)) == ((), 2)


HOOK = good({"data": [{"id": "h1", "url": ADDRESS, "valid": True}]})
KEYS = {"bearer_token": "bearer", "client_id": "client", "client_secret": "secret"}
LONG = Kept("old", "refresh-1", NOW + timedelta(minutes=100)).secret
SHORT = Kept("old", "refresh-1", NOW + timedelta(minutes=40)).secret
PAIR = good({"token_type": "bearer", "expires_in": 7200, "access_token": "new", "refresh_token": "refresh-2"})


def told(*events: str, user: str = "700", hook: str = "h1") -> Answered:
    listed = [{"event_type": e, "filter": {"user_id": user}, "webhook_id": hook} for e in events]
    return good({"data": listed})


class TestX:
    def test_a_sound_account_costs_two_questions_of_the_apps_bearer(self) -> None:
        stage = Stage("x", [HOOK, told(*x.SUBSCRIBED)], token=LONG, app=KEYS)
        assert stage.checked() == Checkup(again_at=NOW + timedelta(minutes=55))
        assert [token for _, token in stage.calls] == ["bearer", "bearer"]

    def test_an_invalid_webhook_is_validated_anew(self) -> None:
        dead = good({"data": [{"id": "h1", "url": ADDRESS, "valid": False}]})
        answers = [dead, good({"data": {"valid": True}}), good({"data": {}}), told(*x.SUBSCRIBED)]
        stage = Stage("x", [*answers], token=LONG, app=KEYS)
        found = stage.checked()
        assert found.mended == ("had X validate the webhook anew", "had X tell the last day again")
        assert stage.happened[1:3] == ["PUT 2/webhooks/h1", "POST 2/webhooks/replay"]
        asked = stage.calls[2][0].json
        assert asked == {"webhook_id": "h1", "from_date": "202701090400", "to_date": "202701100259"}

    def test_a_replay_that_x_refuses_is_a_note(self) -> None:
        """The webhook is valid again; what it missed in public the sweeps find."""
        dead = good({"data": [{"id": "h1", "url": ADDRESS, "valid": False}]})
        answers = [dead, good({"data": {"valid": True}}), Answered(403, {}), told(*x.SUBSCRIBED)]
        found = Stage("x", [*answers], token=LONG, app=KEYS).checked()
        assert (found.troubles, len(found.notes)) == ((), 1)

    def test_one_that_stays_invalid_is_trouble(self) -> None:
        dead = good({"data": [{"id": "h1", "url": ADDRESS, "valid": False}]})
        for refused in (Answered(400, {"detail": "CRC failed"}), good({"data": {"valid": False}})):
            found = Stage("x", [dead, refused, told(*x.SUBSCRIBED)], token=LONG, app=KEYS).checked()
            assert "invalid" in found.troubles[0]
            assert "challenge" in found.troubles[0]

    def test_a_webhook_that_is_gone_is_registered_and_subscribed(self) -> None:
        """Another app's webhook is not ours."""
        others = good({"data": [{"id": "h9", "url": "https://other.example/hooks/x/acme", "valid": True}]})
        answers = [others, Answered(201, {"data": {"id": "h1"}}), HOOK, told(*x.SUBSCRIBED[1:])]
        stage = Stage("x", [*answers, Answered(201, {})], token=LONG, app=KEYS)
        registered = "registered the webhook"
        assert stage.checked().mended == (registered, f"subscribed the webhook to {x.SUBSCRIBED[0]}")
        assert stage.calls[1][0].json == {"url": ADDRESS}

    def test_each_missing_event_is_subscribed_for_this_account_and_webhook(self) -> None:
        """What another account, or another webhook, is told of does not count."""
        lists = (
            told(*x.SUBSCRIBED[2:]).body,
            told(x.SUBSCRIBED[0], user="1").body,
            told(x.SUBSCRIBED[1], hook="h2").body,
        )
        everything = good({"data": [one for body in lists for one in body["data"]]})  # type: ignore[index]
        refusal = Answered(403, {"detail": "no consent"})
        stage = Stage("x", [HOOK, everything, Answered(201, {}), refusal], token=LONG, app=KEYS)
        found = stage.checked()
        assert found.mended == (f"subscribed the webhook to {x.SUBSCRIBED[0]}",)
        assert x.SUBSCRIBED[1] in found.troubles[0]
        said = stage.calls[2][0].json or {}
        assert (said["filter"], said["webhook_id"]) == ({"user_id": "700"}, "h1")

    def test_private_events_are_subscribed_by_the_account_itself_which_may_refuse(self) -> None:
        """A brand may keep its messages to itself: that wakes nobody."""
        lacking = told(*(event for event in x.SUBSCRIBED if not event.startswith("dm.")))
        answers = [HOOK, lacking, Answered(201, {}), Answered(403, {"detail": "no dm.read"})]
        stage = Stage("x", [*answers], token=LONG, app=KEYS)
        found = stage.checked()
        assert (found.mended, found.troubles) == (("subscribed the webhook to dm.received",), ())
        assert "dm.sent" in found.notes[0]
        assert [token for _, token in stage.calls[2:]] == ["old", "old"]

    def test_every_page_of_subscriptions_is_read(self) -> None:
        """An app of many accounts has many."""
        first = told(*x.SUBSCRIBED[:5]).body | {"meta": {"next_token": "n"}}  # type: ignore[operator]
        stage = Stage("x", [HOOK, good(first), told(*x.SUBSCRIBED[5:])], token=LONG, app=KEYS)
        assert stage.checked().mended == ()
        assert stage.calls[2][0].params == {"pagination_token": "n"}

    def test_without_a_bearer_token_the_webhook_is_a_note(self) -> None:
        found = Stage("x", [], token=LONG).checked()
        assert (found.troubles, "bearer_token" in found.notes[0]) == ((), True)

    def test_a_token_is_renewed_before_it_ends_and_kept_before_it_is_used(self) -> None:
        """That it can be kept is proven before the refresh token is spent."""
        stage = Stage("x", [PAIR, HOOK, told(*x.SUBSCRIBED)], token=SHORT, app=KEYS)
        found = stage.checked()
        assert (found.mended, found.again_at) == (("renewed the token",), NOW + timedelta(minutes=75))
        assert stage.happened[:3] == ["kept old", "POST 2/oauth2/token", "kept new"]
        assert stage.kept == Kept("new", "refresh-2", NOW + timedelta(hours=2))
        call, proof = stage.calls[0]
        assert dict(call.form or {}) == {
            "grant_type": "refresh_token",
            "refresh_token": "refresh-1",
            "client_id": "client",
        }
        assert (call.scheme, base64.b64decode(proof)) == ("Basic", b"client:secret")

    def test_a_token_nobody_knows_the_end_of_is_renewed(self) -> None:
        """It was typed in by hand; a public client shows no secret."""
        stage = Stage("x", [PAIR], token="old\nrefresh=refresh-1", app={"client_id": "client"})
        stage.checked()
        assert (stage.calls[0][1], stage.kept and stage.kept.refresh) == ("", "refresh-2")

    def test_a_store_that_is_away_spends_no_refresh_token(self) -> None:
        stage = Stage("x", [], token=SHORT, app=KEYS, refuses=[Transient("away")] * 3)
        with pytest.raises(Transient):
            stage.checked()
        assert stage.calls == []

    def test_a_store_that_stutters_after_the_answer_is_asked_again(self) -> None:
        """The new pair is in our hands alone."""
        stage = Stage("x", [PAIR], token=SHORT, app={"client_id": "client"})
        stage.refuses = []
        send = stage.send

        def stutter(base: str, call: Call, token: str) -> Answered:
            stage.refuses = [Transient("away"), Transient("away")]
            return send(base, call, token)

        stage.send = stutter  # type: ignore[assignment, method-assign]
        stage.checked()
        assert stage.kept == Kept("new", "refresh-2", NOW + timedelta(hours=2))

    @pytest.mark.parametrize("status", [400, 401, 403])
    def test_a_refresh_token_x_takes_no_more_is_a_dead_token(self, status: int) -> None:
        refusal = Answered(status, {"error": "invalid_request", "error_description": "token was invalid"})
        with pytest.raises(TokenDead, match="connect the account again"):
            Stage("x", [refusal], token=SHORT, app=KEYS).checked()

    @pytest.mark.parametrize("answer", [Answered(503, {}), Answered(429, {}), Transient("no route")])
    def test_what_passes_is_tried_again_with_the_same_token(self, answer: Answered | Exception) -> None:
        stage = Stage("x", [answer], token=SHORT, app=KEYS)
        with pytest.raises(Transient) as raised:
            stage.checked()
        assert not isinstance(raised.value, OutcomeUnknown)
        assert stage.kept == read_kept(SHORT)

    @pytest.mark.parametrize(("token", "keys"), [("old", KEYS), (SHORT, {})])
    def test_what_renewing_lacks_is_said(self, token: str, keys: dict[str, str]) -> None:
        answers = [HOOK, told(*x.SUBSCRIBED)] if keys else []
        found = Stage("x", [*answers], token=token, app=keys).checked()
        assert "refresh token" in found.troubles[0] or "client_id" in found.troubles[0]


def test_a_secret_reads_as_it_was_written() -> None:
    kept = Kept("a-token==", "r=1", NOW)
    assert read_kept(kept.secret) == kept
    assert read_kept("alone") == Kept("alone")
    assert read_kept(" \n") is None
    assert "a-token" not in repr(kept)
