"""A night told by text messages, on the deployed stack: claimed, refused, released, blocked, lost, delivered twice.

The stage is deployed again with Twilio for these stories, then with End User Messaging, and at last as it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from chalicelib.domain.conversation import State
from chalicelib.domain.items import Happened
from chalicelib.domain.polling_rows import Incident
from infra.local import Emulator, LocalStack, deployed_into
from infra.standin import sms_voice_api, twilio_api
from infra.standin.server import Standin
from tests.e2e.conftest import parameters, stop_schedules
from tests.e2e.harness.town import TEAM, Town

TWILIO = {
    "SmsProvider": "twilio",
    "SmsSender": twilio_api.NUMBER,
    "TwilioAccountSid": twilio_api.ACCOUNT,
}


@pytest.fixture(scope="module", autouse=True)
def by_twilio(emulator: Emulator, stack: LocalStack, standin: Standin) -> Iterator[None]:
    """The same stage, its texts carried by Twilio."""
    deployed_into(emulator, stack.stage, parameters(standin, TwilioApiUrl=standin.twilio_api_url, **TWILIO))
    stop_schedules(stack)
    yield
    deployed_into(emulator, stack.stage, parameters(standin))
    stop_schedules(stack)


def test_a_text_at_three_is_answered_with_its_code_and_the_customer_with_an_answer(town: Town) -> None:
    """Claimed on the phone, confirmed there once, announced in Slack; the native answer stops everything."""
    town.begin()
    complaint = town.post("My flight was cancelled, where is my refund?", at="Sun 02:20")
    town.advance_to("Sun 03:01").expect("card:#social", "sms:dev")
    (words,) = town.texts_to("dev")
    assert "Reply C1 to claim" in words
    town.text("c1", by="dev", at="Sun 03:02")
    town.expect("sms:dev")
    assert "Jo is yours until" in town.texts_to("dev")[-1]
    claim = town.conversation(complaint).claim
    assert claim is not None
    assert claim.owner == "dev"
    assert "dev" in town.card().text
    town.reply_natively(complaint, "So sorry! Your refund is on its way.", at="Sun 03:10")
    town.advance_to("Sun 06:00").expect()
    assert town.conversation(complaint).state is State.ANSWERED


def test_the_loser_hears_who_holds_it_and_a_claim_can_be_given_back(town: Town) -> None:
    """Ana has it; Dev hears so, once; when she gives it back the ladder goes on at once."""
    town.begin()
    post = town.post("I was charged twice, refund please", at="Sun 02:00")
    town.advance_to("Sun 02:41").expect("card:#social", "sms:dev")
    assert town.press("claim", by="ana") == 200
    town.expect("whisper:ana")
    town.text("C1", by="dev", at="Sun 02:42")
    town.expect("sms:dev")
    assert town.texts_to("dev")[-1] == "Not claimed: ana has it already."
    assert town.press("release", by="ana") == 200
    town.expect("whisper:ana", "sms:dev")
    town.text("ok", by="dev", at="Sun 02:44")
    town.expect("sms:dev")
    assert (claim := town.conversation(post).claim) is not None
    assert claim.owner == "dev"
    town.text("R1", by="dev", at="Sun 02:45")
    assert "Released: Jo. Escalation goes on." in town.texts_to("dev")
    assert town.conversation(post).claim is None
    town.accounted = town.received()
    town.reply_natively(post, "Refunded, sorry!", at="Sun 02:46")


def test_a_webhook_delivered_four_times_claims_once_and_is_answered_once(town: Town) -> None:
    """Twilio may repeat itself, at the same time too: the text's own id is the dedupe."""
    town.begin()
    post = town.post("Where is my order?", at="Sun 02:00")
    town.advance_to("Sun 02:41").expect("card:#social", "sms:dev")
    town.text("C1", by="dev", at="Sun 02:42", times=4)
    town.expect("sms:dev")
    assert len([words for words in town.told(post, Happened.CLAIM) if "by SMS" in words]) == 1
    town.reply_natively(post, "Out for delivery!", at="Sun 02:50")


def test_a_digests_code_claims_its_whole_list_and_no_other(town: Town) -> None:
    """Four posts in one minute cost two texts: one alone, three by one code, of which Ana has one."""
    town.begin()
    posts = [town.post(f"Where is order {n}?", by=f"Jo{n}", at="Sun 02:00", wait=False) for n in range(4)]
    town.driver.settle()
    town.advance_to("Sun 02:42")
    assert Counter(town.received())["sms:dev"] == 2
    (alone, digest) = town.texts_to("dev")
    assert "Reply C1 to claim" in alone
    assert "3 posts wait" in digest
    assert "Reply B1 to claim all" in digest
    in_digest = [post for post in posts if any("digest" in words for words in town.told(post, Happened.PAGE))]
    town.box.claims.claim(town.conversation(in_digest[0]).id, by="ana", at=town.driver.now)
    town.driver.settle()
    town.text("B1", by="dev", at="Sun 02:43")
    assert town.texts_to("dev")[-1] == "2 of 3 are yours. 1: ana has it already."
    owners = [claim.owner if (claim := town.conversation(post).claim) else None for post in in_digest]
    assert owners == ["ana", "dev", "dev"]
    for post in posts:
        town.reply_natively(post, "Out for delivery!", at="Sun 02:44")
    town.accounted = town.received()


def test_nonsense_is_answered_five_times_and_then_left(town: Town) -> None:
    """Another machine may be answering ours."""
    town.begin()
    for _ in range(7):
        town.text("I am driving and will reply later", by="dev", at="Sun 02:00")
    town.expect(*["sms:dev"] * 5)
    assert town.texts_to("dev")[-1].startswith("Sorry, that was not understood.")


def test_a_stranger_hears_nothing_and_changes_nothing(town: Town) -> None:
    """Nor does a forger, whose request is refused before it is read."""
    town.begin()
    post = town.post("Where is my order?", at="Sun 02:00")
    town.advance_to("Sun 02:41").expect("card:#social", "sms:dev")
    town.text("C1", by="+15550000000", at="Sun 02:42")
    town.expect()
    form = b"From=%2B447700900004&Body=C1&MessageSid=SM1"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": "Zm9yZ2Vk"}
    assert town.standin._deliver("/sms/twilio", form, headers) == 403  # noqa: SLF001  (a forger's hands)
    town.driver.settle()
    assert town.conversation(post).claim is None
    town.reply_natively(post, "Out for delivery!", at="Sun 02:50")


def test_stop_moves_a_person_to_whoever_stands_in_and_tells_the_lead(town: Town) -> None:
    """A page that is silently blocked is the worst failure: the next goes elsewhere at once. START undoes it."""
    town.begin()
    town.text("STOP", by="dev", at="Sun 01:00")
    town.expect("sms:lead")
    assert "dev's phone takes no more texts" in town.texts_to("lead")[-1]
    post = town.post("Where is my order?", at="Sun 02:00")
    town.advance_to("Sun 02:41").expect("card:#social", "sms:lead")
    town.reply_natively(post, "Out for delivery!", at="Sun 02:42")
    town.text("start", by="dev", at="Sun 02:43")
    town.expect()
    other = town.post("Where is my bag?", by="Kim", at="Sun 04:00")
    town.advance_to("Sun 04:41").expect("card:#social", "sms:dev")
    town.reply_natively(other, "Found it!", at="Sun 04:42")


@pytest.mark.parametrize("how", ["21610", "timeout_after_write"])
def test_what_twilio_will_not_or_may_have_carried_goes_to_whoever_stands_in(town: Town, how: str) -> None:
    """Opted out there, or silence after the write: never a second try on the same phone."""
    town.begin()
    post = town.post("Where is my order?", at="Sun 02:00")
    town.standin.failures.ask("twilio", how, seconds=7)
    town.advance_to("Sun 02:41")
    arrived = ["sms:dev"] if how == "timeout_after_write" else []
    town.expect("card:#social", "sms:lead", *arrived)
    town.reply_natively(post, "Out for delivery!", at="Sun 02:42")


def test_a_dead_token_pages_on_slack_and_is_an_incident_until_a_text_is_taken_again(town: Town) -> None:
    """Nobody's phone can ring, so what still works must say so; the ladder's own pages go on beside it."""
    town.begin(team=TEAM.replace('reach = ["sms"]', 'reach = ["sms", "slack +1m"]'))
    post = town.post("Where is my order?", at="Sun 02:00")
    town.standin.failures.ask("twilio", "revoked", times=4)
    town.advance_to("Sun 02:42")
    told = town.received()
    town.accounted = told
    assert told["slack:dev"] == 2, told
    assert "sms:dev" not in told
    words = [said.text for said in town.standin.world.said if "No texts can be sent" in said.text]
    assert "20003" in words[0]
    town.standin.failures.forget("twilio")
    town.advance_to("Sun 03:01").expect("sms:dev", "slack:dev", "slack:ben")
    found = town.box.store.get(Incident, "sms")
    assert found is not None
    assert found.closed_at is not None
    town.reply_natively(post, "Out for delivery!", at="Sun 03:02")


def test_a_busy_twilio_is_asked_again_when_it_said(town: Town) -> None:
    """429 with Retry-After is a definite no, so the same phone may be tried again, and then rings once."""
    town.begin()
    post = town.post("Where is my order?", at="Sun 02:00")
    town.standin.failures.ask("twilio", "429", seconds=20)
    town.advance_to("Sun 02:40").expect("card:#social")
    town.advance_to("Sun 02:41").expect("sms:dev")
    town.reply_natively(post, "Out for delivery!", at="Sun 02:42")


def test_receipts_annotate_and_speed_the_fallback_up(town: Town) -> None:
    """Undelivered: whoever stands in is paged at once. Delivered, said twice: one line. Signed by the real library."""
    town.begin()
    post = town.post("Where is my order?", at="Sun 02:00")
    town.advance_to("Sun 02:41").expect("card:#social", "sms:dev")
    assert town.standin.twilio.report("sent") == 200
    assert town.standin.twilio.report("undelivered", error=30003) == 200
    town.driver.settle()
    town.advance_to("Sun 02:42").expect("sms:lead")
    assert any("error 30003" in words for words in town.told(post, Happened.PAGE))
    for _ in range(2):
        assert town.standin.twilio.report("delivered") == 200
    town.driver.settle()
    assert [w for w in town.told(post, Happened.PAGE) if "delivered." in w] == ["sms to lead: delivered."]
    town.reply_natively(post, "Out for delivery!", at="Sun 02:43")


class TestByEndUserMessaging:
    """The recommended carrier: the same port, texts and receipts by its topic."""

    @pytest.fixture(scope="class", autouse=True)
    @staticmethod
    def by_aws(emulator: Emulator, stack: LocalStack, standin: Standin) -> None:
        """The same stage once more, its texts carried by End User Messaging."""
        chosen = {
            "SmsProvider": "end_user_messaging",
            "SmsSender": sms_voice_api.SENDER,
            "SmsConfigurationSet": sms_voice_api.CONFIGURATION_SET,
            "SmsVoiceApiUrl": standin.sms_voice_api_url,
        }
        again = deployed_into(emulator, stack.stage, parameters(standin, **chosen))
        stop_schedules(stack)
        topic = again.outputs["SmsTopicArn"]
        standin.voice.connect(lambda body: stack.client("sns").publish(TopicArn=topic, Message=body))

    def test_a_text_is_claimed_by_its_code_however_often_the_topic_tells(self, town: Town) -> None:
        """SNS delivers at least once; the text's own id is the dedupe."""
        town.begin()
        post = town.post("Where is my order?", at="Sun 02:00")
        town.advance_to("Sun 02:41").expect("card:#social", "sms:dev")
        town.text("C1", by="dev", at="Sun 02:42", times=3)
        town.expect("sms:dev")
        assert (claim := town.conversation(post).claim) is not None
        assert claim.owner == "dev"
        assert town.standin.voice.report("TEXT_QUEUED") == 200
        town.driver.settle()
        town.reply_natively(post, "Out for delivery!", at="Sun 02:50")

    def test_its_receipts_speed_the_fallback_up(self, town: Town) -> None:
        """What the text was about came back as its context."""
        town.begin()
        post = town.post("Where is my order?", at="Sun 02:00")
        town.advance_to("Sun 02:41").expect("card:#social", "sms:dev")
        town.standin.voice.report("TEXT_CARRIER_UNREACHABLE")
        town.driver.settle()
        town.advance_to("Sun 02:42").expect("sms:lead")
        town.reply_natively(post, "Out for delivery!", at="Sun 02:43")

    def test_an_opted_out_phone_is_not_asked_twice(self, town: Town) -> None:
        """A definite no: whoever stands in, at once."""
        town.begin()
        post = town.post("Where is my order?", at="Sun 02:00")
        town.standin.failures.ask("sms_voice", "opted_out")
        town.advance_to("Sun 02:41").expect("card:#social", "sms:lead")
        town.reply_natively(post, "Out for delivery!", at="Sun 02:42")
