"""The words of windows, lengths, walls, durations, offsets and contacts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.oncall_words import (
    Misworded,
    read_contact,
    read_date,
    read_duration,
    read_every,
    read_offset,
    read_wall,
    read_window,
)
from chalicelib.domain.rotation import Every, Unit
from chalicelib.domain.team import Channel, Contact, Offset
from chalicelib.domain.windows import Part, is_open, open_stretches, split

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("weekdays 09:00-17:00", Part(frozenset(range(5)), start=9 * HOUR, end=17 * HOUR)),
        ("sat sun", Part(frozenset({5, 6}))),
        ("Sat, Sun", Part(frozenset({5, 6}))),
        ("weekends", Part(frozenset({5, 6}))),
        ("mon-thu", Part(frozenset(range(4)))),
        ("fri-mon", Part(frozenset({4, 5, 6, 0}))),
        ("daily 18:00-09:00", Part(frozenset(range(7)), start=18 * HOUR, end=33 * HOUR)),
        ("daily 9:00 - 9:00", Part(frozenset(range(7)), start=9 * HOUR, end=33 * HOUR)),
        ("daily 00:00-24:00", Part(frozenset(range(7)))),
        ("fri 18:00 - mon 09:00", Part(frozenset({4}), start=18 * HOUR, end=3 * DAY + 9 * HOUR)),
        ("mon 09:00-mon 17:00", Part(frozenset({0}), start=9 * HOUR, end=17 * HOUR)),
        ("mon 09:00 - mon 09:00", Part(frozenset({0}), start=9 * HOUR, end=7 * DAY + 9 * HOUR)),
        ("holidays GB", Part(holidays="GB")),
        ("holidays gb-eng 09:00-09:00", Part(holidays="GB-ENG", start=9 * HOUR, end=33 * HOUR)),
        (
            "2027-12-24 2027-12-31 12:00-18:00",
            Part(dates=frozenset({date(2027, 12, 24), date(2027, 12, 31)}), start=12 * HOUR, end=18 * HOUR),
        ),
    ],
)
def test_a_window_is_days_with_a_clock_range_a_span_holidays_or_dates(words: str, part: Part) -> None:
    assert read_window(words) == (part,)


def test_several_windows_are_joined_by_a_semicolon() -> None:
    assert read_window("sat; sun 09:00-12:00") == (*read_window("sat"), *read_window("sun 09:00-12:00"))


@pytest.mark.parametrize(
    "words",
    [
        "",
        "always",
        "mon tue 09:00",
        "09:00-17:00",
        "daily 9-17",
        "daily 09:60-17:00",
        "2027-13-01",
        "holidays",
        "holidays Great Britain",
        "fri-",
        "mon-funday",
        "daily 24:00-25:00",
        "daily ٠٩:00-17:00",
    ],
)
def test_words_that_are_no_window_are_refused(words: str) -> None:
    with pytest.raises(Misworded):
        read_window(words)


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("90s", 90),
        ("15m", 900),
        ("8h", 28800),
        ("2d", 172800),
        ("1w", 604800),
        ("1h30m", 5400),
        ("1h 30m", 5400),
        ("0s", 0),
    ],
)
def test_durations_have_a_unit(words: str, seconds: int) -> None:
    assert read_duration(words) == timedelta(seconds=seconds)


@pytest.mark.parametrize("words", ["", "15", "m", "-15m", "1.5h", "15 minutes", "1h30", "15m!"])
def test_words_that_are_no_duration_are_refused(words: str) -> None:
    with pytest.raises(Misworded, match="number and a unit"):
        read_duration(words)


@pytest.mark.parametrize(
    ("words", "offset"),
    [
        ("-60%", Offset(remaining=0.6)),
        ("-33%", Offset(remaining=0.33)),
        ("-12.5 %", Offset(remaining=0.125)),
        ("+50%", Offset(remaining=-0.5)),
        ("0", Offset(delta=timedelta(0))),
        ("+5m", Offset(delta=timedelta(minutes=5))),
        ("-1h30m", Offset(delta=-timedelta(minutes=90))),
    ],
)
def test_a_step_is_due_a_share_or_a_duration_from_the_deadline(words: str, offset: Offset) -> None:
    assert read_offset(words) == offset


@pytest.mark.parametrize("words", ["", "5m", "33%", "-5", "at once", "%", "--5m", "-5m%"])
def test_words_that_are_no_offset_are_refused(words: str) -> None:
    with pytest.raises(Misworded):
        read_offset(words)


@pytest.mark.parametrize(
    ("words", "every"),
    [
        ("1 week", Every(1, Unit.WEEK)),
        ("3 days", Every(3, Unit.DAY)),
        ("2 Months", Every(2, Unit.MONTH)),
        ("12hours", Every(12, Unit.HOUR)),
    ],
)
def test_a_turn_is_so_many_hours_days_weeks_or_months(words: str, every: Every) -> None:
    assert read_every(words) == every


@pytest.mark.parametrize("words", ["week", "0 days", "-1 week", "5 hours", "48 hours", "1 year", "1.5 weeks"])
def test_a_turn_of_another_length_is_refused(words: str) -> None:
    with pytest.raises(Misworded):
        read_every(words)


def test_contacts_may_wait() -> None:
    assert read_contact("sms +3m") == Contact(Channel.SMS, timedelta(minutes=3))
    assert read_contact("Slack") == Contact(Channel.SLACK)
    for words in ("email", "sms 3m", "sms +", "sms + soon"):
        with pytest.raises(Misworded):
            read_contact(words)


def test_walls_and_dates_are_read_without_an_offset() -> None:
    assert read_wall("2027-01-04 09:00") == read_wall("2027-01-04T09:00:00")
    assert read_wall("2027-01-04").hour == 0
    for words in ("2027-01-04 25:00", "tomorrow", "2027-01-04 09:00+00:00"):
        with pytest.raises(Misworded):
            read_wall(words)
    with pytest.raises(Misworded):
        read_date("24.12.2027")


def test_windows_that_touch_or_overlap_are_one_stretch() -> None:
    start = datetime(2027, 1, 4, tzinfo=UTC)
    window = read_window("mon tue 08:00-08:00; wed 06:00-10:00")
    assert open_stretches(window, "UTC", {}, start, start + 7 * DAY) == [
        (start + 8 * HOUR, start + 2 * DAY + 10 * HOUR)
    ]
    assert is_open(window, "UTC", {}, start + 30 * HOUR)
    assert not is_open(window, "UTC", {}, start + 2 * DAY + 10 * HOUR)


def test_a_stretch_is_split_where_marked_ones_begin_and_end() -> None:
    start = datetime(2027, 1, 4, tzinfo=UTC)
    h = [start + n * HOUR for n in range(10)]
    marked = [(h[0], h[2]), (h[4], h[5]), (h[8], h[9])]
    assert split((h[1], h[6]), marked) == [
        ((h[1], h[2]), True),
        ((h[2], h[4]), False),
        ((h[4], h[5]), True),
        ((h[5], h[6]), False),
    ]
    assert split((h[2], h[4]), marked) == [((h[2], h[4]), False)]
