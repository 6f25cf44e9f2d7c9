"""Sizes are counted as DynamoDB counts them: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.store.limits import size_of

SIZES: list[tuple[dict[str, Any], int]] = [
    ({"S": "zoë"}, 4),
    ({"N": "0"}, 1),
    ({"N": "12345"}, 4),
    ({"N": "-12345"}, 5),
    ({"N": "0.25"}, 2),
    ({"BOOL": False}, 1),
    ({"L": []}, 3),
    ({"L": [{"S": "a"}, {"S": "bc"}]}, 3 + 2 + 3),
    ({"M": {"k": {"S": "v"}}}, 3 + 1 + 2),
]


@pytest.mark.parametrize(("wire", "size"), SIZES, ids=str)
def test_a_value_weighs_what_dynamodb_says(wire: dict[str, Any], size: int) -> None:
    assert size_of({"name": wire}) == 4 + size
