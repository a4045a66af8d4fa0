"""Tables for other programs: no field becomes a formula in a spreadsheet program, and what was typed can be had back exactly."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalxl.steps.reports.csv_escaping import as_typed, inert

LIVE = tuple("=+-@＝＋－＠")
awkward = st.text(st.sampled_from([*"=+-@＝＋－＠;|,\t\n\r\v\f\u2028\x85'\" a1", "é"]), max_size=12)


def begins(text: str, separator: str) -> list[str]:
    """The cells that a spreadsheet program with a list separator sees: quotes count at the beginning of a cell alone, as in Excel."""
    return [cell.strip(' \t\v\f\r\n"\x85\u2028') for row in csv.reader(StringIO(text, newline=""), delimiter=separator) for cell in row]  # fmt: skip


@given(st.lists(awkward, min_size=1, max_size=4))
def test_no_cell_begins_as_a_formula_whatever_the_list_separator(texts: list[str]) -> None:
    out = StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(inert(text) for text in texts)

    for separator in ",;\t|":
        assert [cell for cell in begins(out.getvalue(), separator) if cell.startswith(LIVE)] == [], separator


@given(awkward)
def test_what_was_typed_comes_back_exactly(text: str) -> None:
    assert as_typed(inert(text)) == text


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("=1+1", "'=1+1"),
        ("- Tham mưu báo cáo", "'- Tham mưu báo cáo"),
        ("'=1+1", "''=1+1"),
        ("xong;=1+1", "xong;'=1+1"),
        ("một\n- hai", "một\n'- hai"),
        ("12-BC/VP", "12-BC/VP"),
        ("a = b", "a = b"),
        ("2025-W23", "2025-W23"),
    ],
)
def test_only_what_would_be_a_formula_is_marked(typed: str, written: str) -> None:
    assert (inert(typed), as_typed(written)) == (written, typed)
