"""What a typed cell says, whichever program wrote it."""

from __future__ import annotations

import pytest

from evalxl.domain.versions.cell_meaning import meaning


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["text", "Đạt", "text", False], ["text", "Đạt", "general", False]),
        (["text", "Đạt", "general", False], ["text", "Đa\u0323t ", "general", False]),
        (["text", "một\r\nhai", "text", False], ["text", "một\nhai", "text", False]),
        (["number", "37.5", "general", False], ["number", "3.75000000000000E1", "general", False]),
        (["number", "0.3333333333333333", "general", False], ["number", "0.333333333333333", "general", False]),
        (["number", "37.5", "general", False, "38"], ["number", "37.5", "general", False]),
        (["number", "45828", "date", False], ["number", "45828", "general", False]),
        (["number", "36526", "date", False], ["number", "36526", "general", False]),  # the first day of 2000
        (["number", "45828", "date", False], ["date", "2025-06-20T00:00:00", "date", False]),
        (["boolean", "1", "general", False], ["boolean", "TRUE", "general", False]),
        (["text", "", "text", False], ["text", " \n", "general", False]),
    ],
)  # fmt: skip
def test_what_programs_write_otherwise_says_the_same(one: list[object], other: list[object]) -> None:
    assert meaning(one) == meaning(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["text", "Đạt", "text", False], ["text", "Chưa đạt", "text", False]),
        (["number", "37.5", "general", False], ["text", "37.5", "general", False]),
        (["number", "8", "general", False], ["number", "8", "date", False]),
        (["number", "36525", "general", False], ["number", "36525", "date", False]),
        (["number", "0.5", "percent", False], ["number", "0.5", "general", False]),
        (["number", "7.5", "general", False], ["number", "7.5", "other", False, "37,5"]),
        (["number", "7.5", "other", False, "37,5"], ["number", "7.5", "other", False, "38,5"]),
        (["number", "36", "general", False], ["number", "=36", "general", True]),
        (["date", "2025-06-20T08:30:00", "date", False], ["date", "2025-06-20T00:00:00", "date", False]),
        (["text", "", "text", False], ["number", "0", "general", False]),
    ],
)  # fmt: skip
def test_another_value_is_another_value(one: list[object], other: list[object]) -> None:
    assert meaning(one) != meaning(other)


@pytest.mark.parametrize("raw", ["", "x", "nan", "1e999", "12:30"])
@pytest.mark.parametrize("kind", ["text", "number", "date", "boolean", "error"])
def test_nothing_in_a_ledger_is_too_odd_to_be_compared(kind: str, raw: str) -> None:
    value = [kind, raw, "general", False]

    assert meaning(value) == meaning(list(value))
