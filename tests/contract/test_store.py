"""One store contract, held by the fake and by DynamoDB alike; each test states one rule of the port."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.items import (
    ActiveConfig,
    Card,
    ClockRow,
    ConfigVersion,
    OverrideBook,
    Page,
    Quarantined,
    Reply,
    StoredPost,
    ThreadLink,
    TimelineRow,
    stamp,
)
from chalicelib.services.ports import SHARDS, Check, Due, Lost, Put, Ref, Remove, Store
from chalicelib.store.keys import LAYOUTS
from chalicelib.store.limits import TooLarge
from tests.builders import (
    NIGHT,
    a_card,
    a_conversation,
    a_page,
    a_quarantined,
    a_reply,
    a_stored_post,
    a_thread_link,
    a_timeline_row,
    an_answered_conversation,
    minutes,
)
from tests.unit.store.strategies import rows

ONE_OF_EACH = [
    a_stored_post(),
    a_conversation(),
    a_thread_link(),
    a_timeline_row(facts=(("step", "1"), ("empty", ""))),
    a_page(),
    a_card(),
    a_reply(text="50 % off #today 👋"),
    a_quarantined(),
    ConfigVersion("v1", 'brand = "Acme"', NIGHT, "ben", (("GB", ("2027-01-01", "2027-04-02")),)),
    ActiveConfig("v1", NIGHT, "ben"),
    OverrideBook("primary", rows=(("o1", stamp(NIGHT), stamp(NIGHT + minutes(60)), "ben", "", "ana"),)),
    ClockRow(NIGHT),
]


def every_due(store: Store, until: datetime) -> list[Due]:
    return sorted(
        chain.from_iterable(store.due(shard, until) for shard in range(SHARDS)), key=lambda due: due.at
    )


@pytest.mark.parametrize("row", ONE_OF_EACH, ids=lambda row: type(row).__name__)
def test_a_row_comes_back_as_it_was_written(store: Store, row: Page) -> None:
    store.commit(Put(row))
    assert store.get(type(row), *row.identity) == row


@pytest.mark.parametrize("kind", [layout.kind for layout in LAYOUTS], ids=lambda kind: kind.__name__)
@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_row_of_any_kind_is_taken_and_comes_back(store: Store, kind: Any, data: st.DataObject) -> None:
    """Whatever the letters, instants and numbers in it."""
    row = data.draw(rows(kind))
    if hasattr(row, "rev"):
        row = replace(row, rev=1)
    if store.get(kind, *row.identity) is None:
        store.commit(Put(row))
        assert store.get(kind, *row.identity) == row


def test_a_row_nobody_wrote_is_none(store: Store) -> None:
    assert store.get(Conversation, "nobody") is None
    assert store.get(ActiveConfig) is None


def test_a_commit_of_nothing_does_nothing(store: Store) -> None:
    store.commit()
    assert every_due(store, NIGHT + timedelta(days=1)) == []


def test_the_first_revision_must_not_exist_yet(store: Store) -> None:
    """It is the dedupe: the second delivery of a post loses, and the first one's row stays."""
    store.commit(Put(a_stored_post(text="first")))
    with pytest.raises(Lost) as lost:
        store.commit(Put(a_stored_post(text="second")))
    assert lost.value.rows == (("StoredPost", a_stored_post().identity),)
    kept = store.get(StoredPost, *a_stored_post().identity)
    assert kept is not None
    assert kept.text == "first"


def test_a_revision_replaces_only_the_one_before(store: Store) -> None:
    page = a_page()
    store.commit(Put(page))
    store.commit(Put(replace(page, rev=2, attempts=1)))
    for stale in (1, 2, 4):
        with pytest.raises(Lost):
            store.commit(Put(replace(page, rev=stale, attempts=9)))
    store.commit(Put(replace(page, rev=3, attempts=2)))
    assert store.get(Page, *page.identity) == replace(page, rev=3, attempts=2)


def test_a_later_revision_of_a_row_that_is_not_there_loses(store: Store) -> None:
    with pytest.raises(Lost):
        store.commit(Put(a_card(rev=2)))
    assert store.get(Card, *a_card().identity) is None


def test_of_two_who_claim_at_once_the_second_loses_even_with_the_same_words(store: Store) -> None:
    """Two workers who decide the same thing in the same microsecond must not both believe they were first."""
    store.commit(Put(a_page()))
    leased = a_page(rev=2, lease_until=NIGHT + minutes(1))
    for writes in ((Put(leased),), (Put(leased), Put(a_timeline_row()))):
        page = store.get(Page, *a_page().identity)
        assert page is not None
        again = replace(leased, rev=page.rev + 1)
        first = tuple(Put(again) if write.item == leased else write for write in writes)
        store.commit(*first)
        with pytest.raises(Lost):
            store.commit(*first)


def test_a_transaction_writes_all_or_nothing(store: Store) -> None:
    store.commit(Put(a_conversation()))
    with pytest.raises(Lost) as lost:
        store.commit(Put(a_page()), Put(a_conversation()), Put(a_timeline_row()))
    assert lost.value.rows == (("Conversation", a_conversation().identity),)
    assert store.get(Page, *a_page().identity) is None
    assert store.children(TimelineRow, a_conversation().id) == []


def test_every_lost_row_is_named(store: Store) -> None:
    store.commit(Put(a_conversation()), Put(a_page()), Put(a_card()))
    with pytest.raises(Lost) as lost:
        store.commit(Put(a_page()), Put(a_reply()), Put(a_card(rev=5)))
    assert set(lost.value.rows) == {("Page", a_page().identity), ("Card", a_card().identity)}


def test_a_check_holds_while_the_revision_is_the_one_read(store: Store) -> None:
    store.commit(Put(a_conversation()))
    name = a_conversation().identity
    store.commit(Put(a_page()), Check(Conversation, name, rev=1))
    assert store.get(Page, *a_page().identity) == a_page()


@pytest.mark.parametrize("rev", [0, 2])
def test_a_check_of_another_revision_loses_the_whole_commit(store: Store, rev: int) -> None:
    store.commit(Put(a_conversation()))
    name = a_conversation().identity
    with pytest.raises(Lost) as lost:
        store.commit(Put(a_page()), Check(Conversation, name, rev=rev))
    assert lost.value.rows == (("Conversation", name),)
    assert store.get(Page, *a_page().identity) is None


def test_a_check_of_a_row_that_is_not_there_loses(store: Store) -> None:
    with pytest.raises(Lost):
        store.commit(Put(a_page()), Check(Conversation, ("gone",), rev=1))


def test_a_lone_check_is_a_commit_too(store: Store) -> None:
    store.commit(Put(a_conversation()))
    store.commit(Check(Conversation, a_conversation().identity, rev=1))
    with pytest.raises(Lost):
        store.commit(Check(Conversation, a_conversation().identity, rev=2))


def test_a_removed_row_is_gone_from_the_table_and_the_indexes(store: Store) -> None:
    store.commit(Put(a_page()))
    store.commit(Remove(a_page()))
    assert store.get(Page, *a_page().identity) is None
    assert every_due(store, NIGHT + timedelta(days=1)) == []


def test_a_removal_of_another_revision_loses(store: Store) -> None:
    store.commit(Put(a_page()))
    with pytest.raises(Lost):
        store.commit(Remove(a_page(rev=2)), Put(a_card()))
    with pytest.raises(Lost):
        store.commit(Remove(a_reply()))
    assert store.get(Page, *a_page().identity) == a_page()


def test_rows_without_a_revision_may_be_written_again_and_removed(store: Store) -> None:
    for _ in range(2):
        store.commit(Put(a_thread_link()), Put(a_timeline_row()))
        store.commit(Put(a_quarantined(replayed_at=NIGHT)))
    store.commit(Remove(a_thread_link()))
    store.commit(Remove(a_thread_link()))
    kept = store.get(Quarantined, *a_quarantined().identity)
    assert kept is not None
    assert kept.replayed_at == NIGHT
    assert store.get(ThreadLink, *a_thread_link().identity) is None


def test_a_configuration_version_never_changes_its_text(store: Store) -> None:
    version = ConfigVersion("v1", "one", NIGHT, "ben")
    store.commit(Put(version))
    store.commit(Put(version))
    with pytest.raises(Lost) as lost:
        store.commit(Put(replace(version, text="two")))
    assert lost.value.rows == (("ConfigVersion", ("v1",)),)
    assert store.get(ConfigVersion, "v1") == version


def test_one_commit_cannot_name_a_row_twice(store: Store) -> None:
    with pytest.raises(ValueError, match="twice"):
        store.commit(Put(a_page()), Put(a_page()))


def test_a_hundred_rows_fit_one_commit_and_one_more_does_not(store: Store) -> None:
    rows = [Put(a_timeline_row(source_id=str(number))) for number in range(101)]
    with pytest.raises(TooLarge, match="101 rows"):
        store.commit(*rows)
    store.commit(*rows[:100])
    assert len(store.children(TimelineRow, a_timeline_row().conversation_id)) == 100


def test_a_row_above_400_kilobytes_is_refused(store: Store) -> None:
    with pytest.raises(TooLarge, match="the table takes 409600"):
        store.commit(Put(a_quarantined(body="x" * 410_000)))
    store.commit(Put(a_quarantined(body="x" * 409_000)))


def test_a_commit_above_4_megabytes_is_refused(store: Store) -> None:
    rows = [Put(a_quarantined(id=str(number), body="x" * 400_000)) for number in range(11)]
    with pytest.raises(TooLarge, match="in one commit"):
        store.commit(*rows)
    store.commit(*rows[:10])


def test_a_story_reads_oldest_first(store: Store) -> None:
    rows = [a_timeline_row(at=NIGHT + timedelta(microseconds=number * 999)) for number in range(5)]
    store.commit(*(Put(row) for row in reversed(rows)), Put(a_page()), Put(a_conversation()))
    store.commit(Put(a_timeline_row(conversation_id="another")))
    name = a_conversation().id
    assert store.children(TimelineRow, name) == rows
    assert store.children(TimelineRow, name, newest_first=True) == rows[::-1]
    assert store.children(TimelineRow, name, limit=2) == rows[:2]
    assert store.children(TimelineRow, name, limit=2, newest_first=True) == rows[:2:-1]
    assert store.children(Page, name) == [a_page()]


def test_pages_come_in_the_order_of_their_numbers_and_by_any_leading_part(store: Store) -> None:
    """Epoch 10 comes after epoch 9, and the pages of epoch 1 are not those of epoch 10."""
    pages = [a_page(epoch=epoch, step=step) for epoch in (1, 9, 10) for step in ("0", "1")]
    store.commit(*(Put(page) for page in reversed(pages)))
    name = a_page().conversation_id
    assert store.children(Page, name) == pages
    assert store.children(Page, name, "1") == pages[:2]
    assert store.children(Page, name, "10", "1") == [pages[5]]


def test_a_parent_must_name_a_whole_partition_and_more_than_one_row(store: Store) -> None:
    with pytest.raises(ValueError, match="lie under"):
        store.children(ThreadLink, "facebook")
    with pytest.raises(ValueError, match="lie under"):
        store.children(Card, "conversation", "#social")
    with pytest.raises(ValueError, match="is named by"):
        store.get(StoredPost, "facebook", "1")


def test_a_thread_names_its_conversations_and_no_other_threads(store: Store) -> None:
    """Ids may hold the key's own separator: a thread ``a`` and a thread ``a#b`` never mix."""
    links = [a_thread_link(anchor="a", conversation_id="1"), a_thread_link(anchor="a#b", conversation_id="2")]
    store.commit(*(Put(link) for link in links), Put(a_thread_link(anchor="a%23b", conversation_id="3")))
    platform, account = links[0].platform, links[0].account
    assert store.children(ThreadLink, platform, account, "a") == [links[0]]
    assert store.children(ThreadLink, platform, account, "a#b") == [links[1]]


def test_long_lists_are_read_to_their_end(store: Store) -> None:
    """DynamoDB answers a megabyte at a time."""
    rows = [a_quarantined(id=f"{number:02d}", body="x" * 200_000) for number in range(12)]
    for row in rows:
        store.commit(Put(row))
    assert store.children(Quarantined, "2027-01-10") == rows
    assert store.children(Quarantined, "2027-01-10", limit=11, newest_first=True) == rows[:0:-1]


def test_only_rows_with_something_to_do_are_due(store: Store) -> None:
    at = NIGHT + minutes(10)
    store.commit(Put(a_page(next_due_at=at)), Put(a_card(next_due_at=None)), Put(a_timeline_row()))
    assert every_due(store, at) == [Due(Ref("Page", a_page().identity), at)]
    assert every_due(store, at - timedelta(microseconds=1)) == []
    store.commit(Put(a_page(rev=2, next_due_at=None)))
    assert every_due(store, at + timedelta(days=1)) == []


def test_a_shard_is_walked_earliest_first_and_shards_share_the_work(store: Store) -> None:
    pages = [a_page(n=number, next_due_at=NIGHT + minutes(90 - number)) for number in range(64)]
    store.commit(*(Put(page) for page in pages))
    shards = [list(store.due(shard, NIGHT + minutes(90))) for shard in range(SHARDS)]
    for shard in shards:
        assert [due.at for due in shard] == sorted(due.at for due in shard)
    assert sorted(due.ref.identity for due in chain(*shards)) == sorted(page.identity for page in pages)
    assert all(shards)


def test_every_kind_of_due_row_is_named_by_its_identity(store: Store) -> None:
    rows: list[Conversation | Page | Card | Reply] = [
        a_conversation(next_due_at=NIGHT),
        a_page(person="zoë#1", next_due_at=NIGHT),
        a_card(next_due_at=NIGHT),
        a_reply(next_due_at=NIGHT),
    ]
    store.commit(*(Put(row) for row in rows))
    named = {due.ref for due in every_due(store, NIGHT)}
    assert named == {Ref(type(row).__name__, row.identity) for row in rows}


def test_open_work_is_what_a_team_has_waiting_by_deadline(store: Store) -> None:
    late, soon = (
        a_conversation(id="late", deadline_at=NIGHT + minutes(60)),
        a_conversation(id="soon", deadline_at=NIGHT + minutes(15)),
    )
    store.commit(Put(late), Put(soon), Put(a_conversation(id="other", team="sales")))
    store.commit(Put(an_answered_conversation(id="done", deadline_at=NIGHT)))
    assert list(store.open_work("care")) == [("soon", NIGHT + minutes(15)), ("late", NIGHT + minutes(60))]
    assert list(store.open_work("care", until=NIGHT + minutes(15))) == [("soon", NIGHT + minutes(15))]
    assert [name for name, _ in store.open_work("sales")] == ["other"]


def test_what_is_paused_stays_in_open_work_by_the_end_of_its_pause(store: Store) -> None:
    paused = a_conversation(
        id="paused", state=State.PAUSED, deadline_at=None, paused_until=NIGHT + minutes(30)
    )
    store.commit(Put(a_conversation(id="late", deadline_at=NIGHT + minutes(60))), Put(paused))
    assert list(store.open_work("care")) == [("paused", NIGHT + minutes(30)), ("late", NIGHT + minutes(60))]


@pytest.mark.parametrize("state", [state for state in State if state not in (State.WAITING, State.PAUSED)])
def test_a_conversation_leaves_open_work_when_it_no_longer_waits(store: Store, state: State) -> None:
    store.commit(Put(a_conversation()))
    store.commit(Put(a_conversation(rev=2, state=state)))
    assert list(store.open_work("care")) == []


def test_walking_an_index_costs_nothing_until_it_is_walked(store: Store) -> None:
    walk: Iterator[Due] = store.due(0, NIGHT)
    store.commit(Put(a_page(next_due_at=NIGHT)), Put(a_card(next_due_at=NIGHT)))
    everything = [*walk, *chain(*(store.due(shard, NIGHT) for shard in range(1, SHARDS)))]
    assert len(everything) == 2


def test_half_a_character_is_kept_as_a_replacement_and_blocks_nothing(store: Store) -> None:
    """JSON can smuggle in half a surrogate pair, which no UTF-8 can carry."""
    store.commit(Put(a_stored_post(text="hi \ud83d there")))
    kept = store.get(StoredPost, *a_stored_post().identity)
    assert kept is not None
    assert kept.text == "hi \ufffd there"


def test_an_expiry_is_kept_to_the_second_above(store: Store) -> None:
    store.commit(Put(a_quarantined(expires_at=NIGHT + timedelta(microseconds=1))))
    kept = store.get(Quarantined, *a_quarantined().identity)
    assert kept is not None
    assert kept.expires_at == NIGHT + timedelta(seconds=1)


def test_a_reply_keeps_the_empty_text_it_was_given(store: Store) -> None:
    store.commit(Put(a_reply(text="")))
    assert store.get(Reply, *a_reply().identity) == a_reply(text="")
