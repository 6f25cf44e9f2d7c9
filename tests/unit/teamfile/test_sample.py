"""The share of closed posts that people check."""

from __future__ import annotations

import pytest

from chalicelib.domain.team import SAMPLE
from chalicelib.domain.teamfile.faults import Faults
from chalicelib.domain.teamfile.read import read_team


@pytest.mark.parametrize(("written", "read"), [({}, SAMPLE), ({"sample": 0}, 0), ({"sample": 0.5}, 0.5)])
def test_a_share_is_read_and_two_percent_goes_without_saying(written: dict[str, object], read: float) -> None:
    """Whole numbers are numbers too."""
    assert read_team(written, version="v1").sample == read


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("2%", "it is not a number"),
        (True, "it is not a number"),
        (2, "2 is no share"),
        (-0.1, "-0.1 is no share"),
    ],
)
def test_anything_else_is_a_fault_that_says_what_to_write(written: object, wrong: str) -> None:
    """With its key and an example."""
    with pytest.raises(Faults) as raised:
        read_team({"sample": written}, version="v1")
    (fault,) = raised.value.faults
    assert (fault.path, fault.wrong) == ("sample", wrong)
    assert "sample = 0.02" in fault.write
