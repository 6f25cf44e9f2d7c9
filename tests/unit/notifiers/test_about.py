"""What a text is about travels in characters that nobody spells anew."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.notifiers.sms.about import read, written


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_a_key_comes_back_as_it_went_out(key: str) -> None:
    """Percent signs, bars, any script."""
    about = written(key)
    assert read(about) == key
    assert quote(about) == about
    assert re.fullmatch(r"[A-Za-z0-9_-]*", about)


@pytest.mark.parametrize("strange", ["!", "a", "a b", "_w", "Zm9v\n", "é"])
def test_what_we_never_wrote_is_nothing(strange: str) -> None:
    assert read(strange) is None
