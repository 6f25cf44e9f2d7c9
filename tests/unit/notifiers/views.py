"""Alert views to render, with sensible defaults, and a strategy that makes the strangest ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from chalicelib.domain.alert import AlertView, Earlier, Past, Tone

NIGHT = datetime(2027, 1, 10, 2, 0, tzinfo=UTC)


def a_view(**changes: Any) -> AlertView:
    """Return an alert about a waiting comment, due in an hour."""
    view = AlertView(
        conversation_id="0123456789abcdef0123",
        brand="Acme Air",
        platform="facebook",
        handle="Jo Peters",
        quote="Where is my order?",
        tone=Tone.AMBER,
        headline="Answer within 40 minutes",
        why="comment on Facebook, 60 min promise, step 2, nights turn 2",
        tz="Europe/London",
        received_at=NIGHT,
        now=NIGHT + timedelta(minutes=20),
        deadline_at=NIGHT + timedelta(minutes=60),
        actions=("claim",),
    )
    return replace(view, **changes)


anything = st.text(st.characters(), max_size=60) | st.sampled_from(
    [
        "<!channel>",
        "<!here|x>",
        "<@U01>",
        "@channel",
        "&" * 50,
        "\ud800",
        "*_~`",
        ">\n>",
        "🧨" * 40,
        "\u202e\x00",
        "<https://x|y>",
    ]
)
"""Any text at all, lone surrogates and Slack's own marks included."""

long_text = st.builds(lambda part, times: part * times, anything, st.sampled_from([1, 1, 100, 2000]))
instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
earlier = st.builds(Earlier, at=instants, platform=anything, quote=long_text, outcome=long_text)

any_view = st.builds(
    AlertView,
    conversation_id=st.just("0123456789abcdef0123"),
    brand=long_text,
    platform=long_text,
    handle=long_text,
    quote=long_text,
    tone=st.sampled_from(Tone),
    headline=long_text,
    why=long_text,
    tz=st.sampled_from(["Europe/London", "Asia/Kolkata", "America/Sao_Paulo"]),
    received_at=instants,
    now=instants,
    deadline_at=st.none() | instants,
    owner=st.none() | long_text,
    claim_until=st.none() | instants,
    permalink=st.none() | long_text | anything.map("https://x.example/".__add__),
    priority=anything,
    needs=long_text,
    maybe_reply_at=st.none() | instants,
    mention=st.none() | anything | st.just("U01"),
    earlier=st.lists(earlier, max_size=6).map(tuple),
    history=st.lists(long_text, max_size=12).map(tuple),
    past=st.lists(st.builds(Past, instants, long_text), max_size=12).map(tuple),
    why_said=st.lists(long_text | instants, max_size=5).map(tuple),
    more=st.lists(st.sampled_from(["release", "hand_over", "correct", "nonsense"]), max_size=6).map(tuple),
    reasons=st.lists(long_text, max_size=6).map(tuple),
    repeat_contact=st.booleans(),
    trouble=st.none() | long_text,
    actions=st.lists(
        st.sampled_from(["claim", "take_over", "release", "reply", "new_thing"]), max_size=6
    ).map(tuple),
)
