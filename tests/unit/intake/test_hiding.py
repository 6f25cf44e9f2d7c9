"""Hiding what shows personal data in public: the wish is saved, the platform is asked, and nobody is answered by it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.conversation import State
from chalicelib.domain.hiding import Hiding, warning
from chalicelib.domain.items import Handover
from chalicelib.domain.personal_data import mask
from chalicelib.domain.posts import Kind
from chalicelib.errors import Conflict, NotFound, OutcomeUnknown, Permanent, Transient
from chalicelib.platforms.hiding import PlatformHider
from chalicelib.platforms.http import Answered
from chalicelib.services.alerts import Alerts
from chalicelib.services.hiding import WAITS
from chalicelib.services.ports import Hand
from tests.builders import NIGHT, a_dm, a_stored_post, minutes
from tests.platforms.test_answering import Api, Keys
from tests.unit.intake.desk_town import DeskTown
from tests.unit.intake.town import deleted

WORDS = "Where is my parcel? Call +44 7700 900123"
ASKED = "5550001_1"


def exposed_town() -> DeskTown:
    town = DeskTown()
    town.asked(WORDS)
    return town


def wished(town: DeskTown, *, by: str = "ana") -> Hiding:
    """Let somebody wish to hide the post that is shown, a minute after it came."""
    town.clock.set(max(NIGHT + minutes(1), town.clock.now()))
    town.hidings.hide(town.id, by=by, at=town.clock.now())
    return wish(town)


def wish(town: DeskTown) -> Hiding:
    (only,) = town.store.everything(Hiding)
    return only


def test_an_alert_says_what_everybody_can_read_and_offers_to_hide_it() -> None:
    """The kind of data, never the data."""
    town = exposed_town()
    view = Alerts(town.store, mask).card(town.conversation, town.team.current(), town.clock.now())
    assert view.exposed == "Everybody can read a phone number here: ask them to delete it, or hide it."
    assert view.more[0] == "hide"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": "Where is my parcel?"}, None),
        ({"kind": Kind.DM}, None),
        ({"hidden_by": "ana"}, None),
        ({"platform": "x"}, "Everybody can read a phone number here: ask them to delete it."),
    ],
)
def test_what_is_private_or_harmless_is_no_matter(changes: dict[str, object], said: str | None) -> None:
    """And where a platform cannot hide, the customer must delete."""
    row = a_stored_post(**({"text": WORDS} | changes))
    assert warning(row) == said


def test_a_wish_is_saved_before_the_platform_is_asked_and_answers_nobody() -> None:
    """The row goes to the sender; the customer's clock runs on."""
    town = exposed_town()
    found = wished(town)
    assert (found.state, found.by, town.hider.hidden) == (Handover.PENDING, "ana", [])
    assert [m.ref.kind for m in town.outbound.messages if isinstance(m, Hand)] == ["Hiding"]
    town.hidings.deliver(found.identity)
    assert (wish(town).state, wish(town).next_due_at, town.hider.hidden) == (Handover.SENT, None, [ASKED])
    assert town.conversation.state is State.WAITING
    assert "It is hidden from the public." in town.timeline()


def test_the_platforms_own_news_of_the_hiding_closes_nothing() -> None:
    """A brand that hides a complaint closes it; one that we hid for its data waits for its answer."""
    town = exposed_town()
    wished(town)
    post = town.asked("Hello?", at=2, external_id="5550001_3")
    town.hears(deleted(post, at=3, external_id=ASKED, by_brand=True))
    assert (town.conversation.state, town.conversation.owed_post_id) == (State.WAITING, ASKED)


def test_the_same_wish_twice_hides_once() -> None:
    """Two people press; a message comes twice."""
    town = exposed_town()
    first = wished(town)
    assert wished(town, by="ben") == first
    town.hidings.deliver(first.identity)
    town.hidings.deliver(first.identity)
    assert town.hider.hidden == [ASKED]


@pytest.mark.parametrize("fault", [Transient("busy"), OutcomeUnknown("perhaps")])
def test_what_may_pass_is_asked_again_later(fault: Exception) -> None:
    """Hiding twice harms nobody, so an unknown outcome is simply asked again."""
    town = exposed_town()
    town.hider.script = [fault]
    town.hidings.deliver(wished(town).identity)
    assert wish(town).next_due_at == town.clock.now() + WAITS[0]
    town.hidings.deliver(wish(town).identity)
    assert town.hider.hidden == []
    town.clock.set(town.clock.now() + WAITS[0])
    town.hidings.deliver(wish(town).identity)
    assert (town.hider.hidden, wish(town).state) == ([ASKED], Handover.SENT)


def test_a_platform_that_never_says_is_left_to_people() -> None:
    """After the last wait it has failed, says so, and may be wished again."""
    town = exposed_town()
    town.hider.script = [Transient("busy, says +44 7700 900123")] * 7
    wished(town)
    for _ in range(7):
        town.hidings.deliver(wish(town).identity)
        town.clock.set(town.clock.now() + timedelta(hours=1))
    assert wish(town).state is Handover.FAILED
    assert "900123" not in " ".join(town.timeline()) + str(wish(town).outcome)
    assert wished(town).state is Handover.PENDING


def test_what_could_not_be_hidden_is_warned_of_and_offered_again() -> None:
    """Everybody still reads it: a card that had gone quiet about it would be a lie."""
    town = exposed_town()
    town.hider.script = [Permanent("no permission")]
    before = town.conversation.rev
    town.hidings.deliver(wished(town).identity)
    view = Alerts(town.store, mask).card(town.conversation, town.team.current(), town.clock.now())
    assert view.exposed is not None
    assert view.more[0] == "hide"
    assert town.conversation.rev > before
    assert wished(town, by="ben").state is Handover.PENDING


def test_a_refusal_is_told_and_a_post_that_is_gone_is_as_good_as_hidden() -> None:
    """Each ends the wish."""
    for fault, state in [(Permanent("no permission"), Handover.FAILED), (NotFound("gone"), Handover.SENT)]:
        town = exposed_town()
        town.hider.script = [fault]
        town.hidings.deliver(wished(town).identity)
        assert (wish(town).state, wish(town).next_due_at) == (state, None)


def test_a_direct_message_cannot_be_hidden() -> None:
    """Nobody else reads it."""
    town = DeskTown()
    town.hears(a_dm(WORDS))
    with pytest.raises(Conflict, match="does not let us hide"):
        town.hidings.hide(town.id, by="ana", at=NIGHT)


@pytest.mark.parametrize(
    ("platform", "said"), [("facebook", {"is_hidden": True}), ("instagram", {"hide": True})]
)
def test_each_platform_is_asked_in_its_own_words(platform: str, said: dict[str, bool]) -> None:
    """With the account's token and the app's proof."""
    api = Api([Answered(200, {"success": True})])
    PlatformHider(platform, secrets=Keys(), transport=api).hide(app="acme", account="700", post_id="9_1")
    ((_, call, token),) = api.calls
    assert (call.method, call.path, call.json, token) == ("POST", "9_1", said, "EAA-token")
    assert "appsecret_proof" in call.params


def test_a_refusal_of_metas_is_raised_and_other_platforms_cannot() -> None:
    """Its words stay with the error; nothing is repeated."""
    no = Answered(403, {"error": {"code": 200, "message": "no permission"}})
    with pytest.raises(Permanent):
        PlatformHider("facebook", secrets=Keys(), transport=Api([no])).hide(app="a", account="7", post_id="9")
    with pytest.raises(Permanent, match="x does not let us"):
        PlatformHider("x", secrets=Keys(), transport=Api([])).hide(app="a", account="7", post_id="9")
