"""Each update stands alone: what cannot be taken in is kept for a person, and its neighbours go on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.items import Page, Quarantined
from chalicelib.domain.polling_rows import Incident
from chalicelib.domain.posts import Disconnection, Ignored, Reading, Unreadable
from chalicelib.domain.team import TeamFile
from chalicelib.errors import NotFound, Transient
from chalicelib.services.ports import Inbound, Put
from tests.builders import NIGHT, PAGE_ID, a_post, minutes
from tests.unit.intake.town import Front


def front() -> Front:
    """Return a town whose platform knows two good questions."""
    town = Front()
    town.platform.will_mean("one", a_post())
    town.platform.will_mean(
        "two", a_post("And mine?", external_id="666_1", thread_id="666_1", contact_id="kim")
    )
    return town


def kept(town: Front) -> list[Quarantined]:
    return town.store.everything(Quarantined)


def test_an_unreadable_update_is_kept_and_its_neighbours_go_on() -> None:
    """Under its reason, with its path, for thirty days; counted."""
    town = front()
    town.platform.will_mean("odd", Reading(unreadable=(Unreadable("[1]", "no reader knows 'sparkle'"),)))
    town.delivered("one", "odd", "two")
    (row,) = kept(town)
    assert (row.why, row.path, row.platform, row.app) == (
        "no reader knows 'sparkle'",
        "[1]",
        "facebook",
        "acme-meta",
    )
    assert row.expires_at == town.clock.now() + timedelta(days=30)
    assert len(town.conversations) == 2
    assert town.meter.total("Quarantined") == 1
    assert town.meter.total("Posts") == 2


def test_a_bug_costs_one_update_not_its_neighbours() -> None:
    """Whatever is raised while one update is taken in names itself in quarantine."""
    town = front()
    town.platform.will_mean("bug", KeyError("surprise"))
    town.delivered("bug", "one", "two")
    assert [row.why for row in kept(town)] == ["KeyError: 'surprise'"]
    assert len(town.conversations) == 2


def test_an_account_of_another_app_is_kept_out() -> None:
    """An app cannot speak for an account that is not bound to it, however good its signature."""
    town = front()
    town.delivered("one", account="999")
    assert town.conversations == []
    assert "account 999 is not bound to app acme-meta" in kept(town)[0].why


def test_a_post_that_names_another_account_than_its_update_is_kept_out() -> None:
    """The reader's word on whose it is must be bound too."""
    town = front()
    town.platform.will_mean("sly", a_post(account="999"))
    town.delivered("sly")
    assert town.conversations == []
    assert "account 999 is not bound to app acme-meta" in kept(town)[0].why


def test_what_is_well_understood_and_needs_nothing_is_only_counted() -> None:
    """Neither stored nor quarantined."""
    town = front()
    town.platform.will_mean("seen", Reading(ignored=(Ignored("[0]", "read receipt"),)))
    town.delivered("seen")
    assert town.store.commits == []
    assert town.meter.total("Ignored") == 1


def test_a_signed_body_that_does_not_parse_is_kept_whole() -> None:
    """The answer was 200 already; a person can look at it and replay it."""
    town = front()
    town.intake.take_in(Inbound("facebook", "acme-meta", NIGHT, b"\xff\xfe{"))
    (row,) = kept(town)
    town.quarantine.replay(row.id)
    (replayed,) = town.inbound.messages
    assert isinstance(replayed, Inbound)
    assert replayed.body == b"\xff\xfe{"


def test_what_arrives_before_any_team_file_is_in_force_is_kept_whole() -> None:
    """NotFound on a queue is "done": a genuine delivery would be gone without a trace."""
    town = front()

    def nobody_pushed_one() -> TeamFile:
        raise NotFound("no team file has been activated: python -m infra team push")

    in_force, town.team.current = town.team.current, nobody_pushed_one  # type: ignore[method-assign]
    town.delivered("one", "two")
    (row,) = kept(town)
    assert (row.body.encode(), row.why[:12]) == (town.platform.body("one", "two"), "no team file")
    town.team.current = in_force  # type: ignore[method-assign]
    town.quarantine.replay(row.id)
    (again,) = (message for message in town.inbound.receive() if isinstance(message, Inbound))
    town.intake.take_in(again)
    assert len(town.conversations) == 2


def test_an_update_the_table_refused_for_the_moment_comes_back_alone() -> None:
    """Its neighbours are neither blocked nor repeated."""
    town = front()
    town.store.fails(Transient("throttled"))
    town.delivered("one", "two")
    assert len(town.conversations) == 1
    (message,) = town.inbound.messages
    assert isinstance(message, Inbound)
    assert [item["name"] for item in [json.loads(message.body)]] == ["one"]
    town.intake.take_in(message)
    assert len(town.conversations) == 2


def test_a_delivery_of_one_comes_back_as_it_is() -> None:
    """So that the queue counts its receipts and gives up on it in the end."""
    town = front()
    town.store.fails(Transient("throttled"))
    with pytest.raises(Transient):
        town.delivered("one")
    assert town.inbound.messages == []


def test_when_even_the_queue_fails_the_whole_message_comes_back() -> None:
    """Repeating the neighbours changes nothing: they are known."""
    town = front()
    town.store.fails(Transient("throttled"))
    town.inbound.fails(Transient("queue down"))
    message = town.message("one", "two")
    with pytest.raises(Transient):
        town.intake.take_in(message)
    town.intake.take_in(message)
    assert len(town.conversations) == 2


def test_a_quarantine_that_fails_for_the_moment_is_tried_again() -> None:
    """Nothing falls between two chairs."""
    town = front()
    town.platform.will_mean("odd", Reading(unreadable=(Unreadable("[0]", "odd"),)))
    town.store.fails(Transient("throttled"))
    with pytest.raises(Transient):
        town.delivered("odd")
    town.delivered("odd")
    assert len(kept(town)) == 1


def test_a_replayed_update_goes_through_the_front_door() -> None:
    """Once the reader has learned the word, replay takes it in, as received when it first was."""
    town = front()
    town.platform.will_mean("odd", Reading(unreadable=(Unreadable("[0]", "odd"),)))
    town.delivered("odd")
    (row,) = kept(town)
    town.platform.will_mean("odd", a_post())
    town.clock.advance(minutes(30))
    for _ in range(2):
        town.quarantine.replay(row.id)
    for message in town.inbound.receive():
        assert isinstance(message, Inbound)
        town.intake.take_in(message)
    assert town.conversation.started_at == NIGHT
    assert town.stored().received_at == NIGHT
    assert kept(town)[0].replayed_at == NIGHT + minutes(30)
    assert len(town.store.everything(Quarantined)) == 1


def test_the_same_update_is_kept_once() -> None:
    """A redelivery is the same row."""
    town = front()
    town.platform.will_mean("odd", Reading(unreadable=(Unreadable("[0]", "odd"),)))
    town.delivered("odd")
    town.delivered("odd")
    assert len(kept(town)) == 1


def test_a_large_body_is_kept_in_pieces_and_replayed_whole() -> None:
    """An item holds 400 KB; characters are never cut in two."""
    town = front()
    body = ("ä€🙂" * 80_000).encode()
    town.intake.take_in(Inbound("facebook", "acme-meta", NIGHT, body))
    rows = kept(town)
    assert len(rows) == 3
    assert all(len(row.body.encode()) <= 300_000 for row in rows)
    (listed,) = town.quarantine.list(NIGHT.date(), NIGHT.date())
    town.quarantine.replay(listed.id)
    (message,) = town.inbound.messages
    assert isinstance(message, Inbound)
    assert message.body == body


def test_quarantine_is_listed_by_day() -> None:
    """From the first to the last, both included."""
    town = front()
    town.intake.take_in(Inbound("facebook", "acme-meta", NIGHT, b"x"))
    town.intake.take_in(Inbound("facebook", "acme-meta", NIGHT + timedelta(days=2), b"y"))
    day = NIGHT.date()
    assert [row.body for row in town.quarantine.list(day, day + timedelta(days=2))] == ["x", "y"]
    assert [row.body for row in town.quarantine.list(day, day)] == ["x"]


@pytest.mark.parametrize("name", ["nonsense", "20270110-ffff", "99999999-a", ""])
def test_an_unknown_name_says_what_to_do(name: str) -> None:
    """An operator mistyped it."""
    with pytest.raises(NotFound):
        front().quarantine.replay(name)


def test_a_body_with_a_missing_piece_is_not_replayed_in_half() -> None:
    """Dying between two pieces leaves the first one, which lists it, unwritten."""
    town = front()
    town.intake.take_in(Inbound("facebook", "acme-meta", NIGHT, b"x"))
    (row,) = kept(town)
    town.store.commit(Put(replace(row, chunks=2)))
    with pytest.raises(NotFound):
        town.quarantine.replay(row.id)


def revoked(town: Front, account: str = PAGE_ID) -> None:
    """Let the platform tell that the account's owner took our access away, now."""
    lost = Disconnection("facebook", account, town.clock.now(), "revoke:1", "page the owner")
    town.platform.will_mean("revoked", Reading(disconnections=(lost,)))


def test_access_taken_away_pages_at_once_and_once() -> None:
    """It is understood, so nothing is quarantined; a redelivery is no second page."""
    town = front()
    revoked(town)
    town.delivered("revoked", "one")
    town.delivered("revoked")
    assert [page.person for page in town.store.everything(Page)] == ["ana"]
    assert (kept(town), len(town.conversations)) == ([], 1)
    (incident,) = town.store.everything(Incident)
    assert (incident.key, incident.words) == (
        f"token:facebook:{PAGE_ID}",
        "acme-fb: our access to facebook was taken away: connect the account again",
    )


def test_access_given_back_is_not_lost_by_a_late_redelivery() -> None:
    """What was connected again since is not broken."""
    town = front()
    revoked(town)
    town.delivered("revoked")
    town.clock.advance(minutes(30))
    town.incidents.closed(f"token:facebook:{PAGE_ID}")
    town.delivered("revoked")
    assert len(town.store.everything(Page)) == 1
    (incident,) = town.store.everything(Incident)
    assert incident.closed_at is not None


def test_access_to_an_account_that_is_not_ours_is_kept_for_a_person() -> None:
    """Nobody on call can mend it."""
    town = front()
    revoked(town, "999")
    town.delivered("revoked")
    assert (len(kept(town)), town.store.everything(Page)) == (1, [])
