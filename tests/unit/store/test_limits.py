"""Sizes are counted as DynamoDB counts them: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.services.ports import Lost
from chalicelib.store.limits import MAX_ITEM_BYTES, TooLarge, check_item, size_of

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


def test_what_ends_in_logs_names_kinds_of_rows_and_not_whose_they_are() -> None:
    """A phone is part of a reply code's identity."""
    phone = "+447700900001"
    row = {"pk": {"S": f"R#{phone}"}, "sk": {"S": "C"}, "body": {"S": "x" * MAX_ITEM_BYTES}}
    with pytest.raises(TooLarge, match="a row of R would weigh") as large:
        check_item(row)
    assert phone not in f"{large.value} {Lost([('ReplyCode', (phone, 'C', '4'))])}"
