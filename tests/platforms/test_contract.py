"""The contract every platform inherits: a new one is held to all of this by being in the registry."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.posts import Reading
from chalicelib.errors import Rejected
from chalicelib.platforms import registry
from chalicelib.platforms.base import AppSecrets, Delivery, Own, Platform, UnreadableBody
from chalicelib.platforms.examining import EXAMINED
from chalicelib.platforms.reading import Outcome
from chalicelib.platforms.records import as_records
from tests.platforms.twins import NOW, Handshake, Sample, Twin, samples, twin

NAMES = sorted(registry.PLATFORMS)
SAMPLES = [sample for name in NAMES for sample in samples(name)]
SECRETS = AppSecrets(secrets=("current-secret", "previous-secret"), verify_token="token")
DOCS = Path(__file__).parents[2] / "docs" / "platforms"


@pytest.fixture(params=NAMES)
def platform(request: pytest.FixtureRequest) -> Platform:
    return registry.platform(request.param)


@pytest.fixture
def speaker(platform: Platform) -> Twin:
    return twin(platform.name)


def genuine(speaker: Twin, secret: str = "current-secret") -> Delivery:
    return speaker.sign(speaker.many(1), secret, NOW)


def refusal(platform: Platform, delivery: Delivery) -> int:
    with pytest.raises(Rejected) as refused:
        platform.verify(delivery, SECRETS, NOW)
    return refused.value.status


def read_all(platform: Platform, body: bytes, own: Own, seconds_later: int = 0) -> Reading:
    received_at = NOW + timedelta(seconds=seconds_later)
    readings = [platform.read(update, own, received_at) for update in platform.updates(body)]
    return Reading(
        posts=tuple(post for r in readings for post in r.posts),
        ignored=tuple(left for r in readings for left in r.ignored),
        unreadable=tuple(puzzle for r in readings for puzzle in r.unreadable),
        receipts=tuple(receipt for r in readings for receipt in r.receipts),
        disconnections=tuple(lost for r in readings for lost in r.disconnections),
    )


def test_a_platform_answers_to_the_name_it_is_registered_under(platform: Platform, speaker: Twin) -> None:
    assert platform.name == speaker.name
    assert registry.platform(speaker.name) is platform


class TestProof:
    def test_a_genuine_delivery_is_accepted(self, platform: Platform, speaker: Twin) -> None:
        platform.verify(genuine(speaker), SECRETS, NOW)

    def test_accents_and_emoji_are_hashed_as_received(self, platform: Platform, speaker: Twin) -> None:
        for body in (
            b'{"t":"\\u00e4\\/\\ud83d\\ude20"}',
            '{"t":"ä/😠"}'.encode(),
            b"\xff\xfe not even utf-8",
        ):
            platform.verify(speaker.sign(body, "current-secret", NOW), SECRETS, NOW)

    def test_the_previous_secret_still_works_while_rotating(self, platform: Platform, speaker: Twin) -> None:
        platform.verify(genuine(speaker, "previous-secret"), SECRETS, NOW)

    def test_any_other_secret_is_wrong(self, platform: Platform, speaker: Twin) -> None:
        assert refusal(platform, genuine(speaker, "somebody-elses-secret")) == 403

    def test_one_changed_byte_is_wrong(self, platform: Platform, speaker: Twin) -> None:
        delivery = genuine(speaker)
        assert refusal(platform, replace(delivery, body=delivery.body + b" ")) == 403

    def test_no_signature_is_no_proof(self, platform: Platform, speaker: Twin) -> None:
        assert refusal(platform, replace(genuine(speaker), headers={})) == 401

    def test_header_names_have_no_case(self, platform: Platform, speaker: Twin) -> None:
        delivery = genuine(speaker)
        for change in (str.upper, str.lower, str.title):
            headers = {change(key): value for key, value in delivery.headers.items()}
            platform.verify(replace(delivery, headers=headers), SECRETS, NOW)

    @pytest.mark.parametrize(
        "value", ["", "é", "sha256=é" + "a" * 63, "sha256=", "\ud800", "v1,", "=" * 5000]
    )
    def test_a_mad_header_is_wrong_and_never_a_crash(
        self, platform: Platform, speaker: Twin, value: str
    ) -> None:
        delivery = genuine(speaker)
        headers = {**delivery.headers, speaker.header: value}
        assert refusal(platform, replace(delivery, headers=headers)) in {401, 403}

    def test_an_app_without_secrets_accepts_nothing(self, platform: Platform, speaker: Twin) -> None:
        for secrets in ((), ("",)):
            with pytest.raises(Rejected):
                platform.verify(speaker.sign(b"{}", "", NOW), AppSecrets(secrets=secrets), NOW)

    def test_a_stale_delivery_is_refused_where_time_is_signed(
        self, platform: Platform, speaker: Twin
    ) -> None:
        for age in (timedelta(minutes=6), timedelta(minutes=-6)):
            delivery = speaker.sign(speaker.many(1), "current-secret", NOW - age)
            if speaker.signs_time:
                assert refusal(platform, delivery) == 403
            else:
                platform.verify(delivery, SECRETS, NOW)

    def test_api_gateways_base64_is_undone_and_nothing_else(self, platform: Platform, speaker: Twin) -> None:
        delivery = genuine(speaker)
        event = {"httpMethod": "POST", "headers": dict(delivery.headers), "isBase64Encoded": True}
        wrapped = Delivery.from_event(event | {"body": base64.b64encode(delivery.body).decode()})
        platform.verify(wrapped, SECRETS, NOW)
        assert wrapped.body == delivery.body


class TestHandshake:
    @pytest.mark.parametrize(
        ("name", "asked"), [(name, asked) for name in NAMES for asked in twin(name).handshakes()]
    )
    def test_only_who_knows_the_token_is_answered(self, name: str, asked: Handshake) -> None:
        secrets = AppSecrets(secrets=(asked.held,) if asked.held else (), verify_token=asked.held or None)
        delivery = Delivery("GET", query=asked.query)
        if isinstance(asked.answer, int):
            with pytest.raises(Rejected) as refused:
                registry.platform(name).handshake(delivery, secrets)
            assert refused.value.status == asked.answer
        else:
            answer = registry.platform(name).handshake(delivery, secrets)
            assert (answer.status, answer.body) == (200, asked.answer)
            assert answer.content_type == asked.content_type


class TestReading:
    @pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: f"{s.platform}-{s.name}")
    def test_each_fixture_says_what_its_sentence_says(self, sample: Sample) -> None:
        reading = read_all(registry.platform(sample.platform), sample.body, sample.ours())
        found: list[Outcome] = [*reading.posts, *reading.receipts, *reading.disconnections]
        assert len(found) == len(sample.records), sample.says
        for record, fields, expected in zip(found, as_records(reading), sample.records, strict=True):
            assert shown(record, fields, expected) == expected, sample.says
        assert [left.path for left in reading.ignored] == list(sample.ignored)
        assert [puzzle.path for puzzle in reading.unreadable] == list(sample.unreadable)

    @pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: f"{s.platform}-{s.name}")
    def test_a_redelivery_yields_equal_keys(self, sample: Sample) -> None:
        platform = registry.platform(sample.platform)
        first = read_all(platform, sample.body, sample.ours())
        again = read_all(platform, sample.body, sample.ours(), seconds_later=3600)
        assert [post.dedupe_key for post in first.posts] == [post.dedupe_key for post in again.posts]

    @pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: f"{s.platform}-{s.name}")
    def test_an_update_alone_is_a_payload_that_reads_the_same(self, sample: Sample) -> None:
        """Quarantine replays a single update as if it were a delivery."""
        platform, own = registry.platform(sample.platform), sample.ours()
        for update in platform.updates(sample.body):
            alone = read_all(platform, json.dumps(update.payload).encode(), own)
            assert alone.posts == platform.read(update, own, NOW).posts

    @pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: f"{s.platform}-{s.name}")
    def test_every_record_keeps_the_promises_of_its_type(self, sample: Sample) -> None:
        for post in read_all(registry.platform(sample.platform), sample.body, sample.ours()).posts:
            assert post.platform == sample.platform
            assert post.external_id
            assert post.thread_id
            assert post.created_at.tzinfo is UTC
            assert post.dedupe_key.startswith(f"{sample.platform}:")
            assert not (post.opens_case and post.stops_clock)
            assert post.op == "create" or not (post.opens_case or post.stops_clock)
            assert post.op == "delete" or not post.is_deleted
            assert post.direction == "inbound" or not post.opens_case

    def test_different_events_of_one_delivery_have_different_keys(
        self, platform: Platform, speaker: Twin
    ) -> None:
        posts = read_all(platform, speaker.many(60), mine(speaker)).posts
        assert len({post.dedupe_key for post in posts}) == len(posts) >= 1

    def test_an_unknown_event_is_quarantined_alone(self, platform: Platform, speaker: Twin) -> None:
        reading = read_all(platform, speaker.unknown(), mine(speaker))
        assert (len(reading.unreadable), reading.posts, reading.ignored) == (1, (), ())

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"not json",
            b"[]",
            b"{}",
            b"null",
            b"7",
            b"[" * 100_000,
            b'{"a":' + b"9" * 9000 + b"}",
            b"\xff",
        ],
    )
    def test_a_signed_body_that_is_no_payload_is_named_unreadable(
        self, platform: Platform, body: bytes
    ) -> None:
        with pytest.raises(UnreadableBody):
            platform.updates(body)

    def test_an_app_has_no_say_about_accounts_of_another(self, platform: Platform, speaker: Twin) -> None:
        updates = platform.updates(speaker.many(1))
        other = Own(platform.name, "other-app", ids=frozenset({"not-this-account"}))
        assert [update.is_foreign(mine(speaker)) for update in updates] == [False]
        assert [update.is_foreign(other) for update in updates] == [True]


class TestSplitting:
    def test_a_small_delivery_is_left_untouched(self, platform: Platform, speaker: Twin) -> None:
        body = speaker.many(1)
        assert platform.split(body) == [body]

    def test_a_thousand_updates_become_payloads_of_fifty_that_say_the_same(
        self, platform: Platform, speaker: Twin
    ) -> None:
        body, own = speaker.many(1000), mine(speaker)
        whole = read_all(platform, body, own).posts
        chunks = platform.split(body)
        assert all(len(platform.updates(chunk)) <= 50 for chunk in chunks)
        assert tuple(post for chunk in chunks for post in read_all(platform, chunk, own).posts) == whole

    def test_the_largest_delivery_is_cut_well_within_the_time_to_answer(
        self, platform: Platform, speaker: Twin
    ) -> None:
        """Platforms wait five seconds; whatever grows with the square of the updates shows here."""
        body = speaker.many(1000)
        began = time.process_time()
        platform.split(body)
        assert time.process_time() - began < 1

    def test_no_part_outgrows_the_limit_unless_it_is_one_event(
        self, platform: Platform, speaker: Twin
    ) -> None:
        for chunk in platform.split(speaker.many(200), max_bytes=2_000):
            assert len(chunk) <= 2_500 or len(platform.updates(chunk)) == 1

    def test_what_cannot_be_read_is_not_cut(self, platform: Platform) -> None:
        body = b"{" * 2000
        assert platform.split(body) == [body]


def test_the_docs_page_lists_every_handled_event(platform: Platform) -> None:
    page = (DOCS / f"{platform.name}.md").read_text("utf-8")
    words = import_module(f"chalicelib.platforms.{platform.name}.events").WORDS
    assert [word for word in sorted(words) if f"`{word}`" not in page] == []


@pytest.mark.parametrize("name", EXAMINED)
def test_the_docs_page_lists_every_permission_and_field_that_is_checked(name: str) -> None:
    """One list each: what a person sets up, what `connect` subscribes to, what is looked at every night."""
    page = (DOCS / f"{name}.md").read_text("utf-8")
    health = import_module(f"chalicelib.platforms.{name}.health")
    wanted = [word for what in ("SCOPES", "FIELDS", "SUBSCRIBED") for word in getattr(health, what, ())]
    assert [word for word in wanted if f"`{word}`" not in page] == []
    assert wanted


def mine(speaker: Twin) -> Own:
    return Own(speaker.name, "app", ids=frozenset({speaker.account}))


def shown(record: Outcome, fields: Mapping[str, Any], expected: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields a fixture names: as printed, else as they are kept inside."""
    found = {name: fields[name] if name in fields else getattr(record, name) for name in expected}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}
