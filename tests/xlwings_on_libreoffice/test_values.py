"""What goes into cells and comes out, and what an address says: without any LibreOffice."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.xlwings_on_libreoffice.edges import edge, joined
from tests.xlwings_on_libreoffice.values import (
    Area,
    CellError,
    Moment,
    area_of,
    column_of,
    into_cell,
    letters,
    moment_of,
    out_of_cell,
    quoted,
)


@given(st.datetimes(min_value=dt.datetime(1900, 3, 1), max_value=dt.datetime(9999, 12, 31)))
def test_a_moment_comes_back_to_the_millisecond(moment: dt.datetime) -> None:
    gone = into_cell(moment)

    assert isinstance(gone, Moment)
    assert abs(moment_of(gone.serial) - moment) <= dt.timedelta(milliseconds=1)


@given(st.dates(min_value=dt.date(1900, 3, 1)))
def test_a_day_comes_back_as_that_day(day: dt.date) -> None:
    assert moment_of(into_cell(day).serial) == dt.datetime(day.year, day.month, day.day)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (float("nan"), ""),
        (pd.NA, ""),
        (pd.NaT, ""),
        (np.float64(37.5), 37.5),
        (np.int64(3), 3.0),
        (np.bool_(True), True),
        (Decimal("37.5"), 37.5),
        (True, True),
        ("0012", "0012"),
        (pd.Timestamp("2025-06-04"), Moment(45812.0, False)),
    ],
)
def test_what_scripts_write_goes_into_a_cell(value: Any, cell: Any) -> None:
    assert into_cell(value) == cell
    assert type(into_cell(value)) is type(cell)


def test_what_no_cell_can_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        into_cell(object())


def test_what_stands_in_a_cell_is_given_as_asked() -> None:
    noon = dt.datetime(2025, 6, 4, 12)

    def day(year: int, month: int, day: int, **_: Any) -> dt.date:
        return dt.date(year, month, day)

    assert out_of_cell("", dt.datetime, "-", None, False) == "-"
    assert out_of_cell(noon, dt.datetime, None, None, False) == noon
    assert out_of_cell(noon, day, None, None, False) == dt.date(2025, 6, 4)
    assert out_of_cell(3.0, dt.datetime, None, int, False) == 3
    assert out_of_cell(True, dt.datetime, None, int, False) is True
    assert out_of_cell(CellError("#N/A"), dt.datetime, None, None, True) == "#N/A"
    assert out_of_cell(CellError("#N/A"), dt.datetime, None, None, False) is None


@given(st.integers(1, 16384))
def test_a_column_is_its_letters(column: int) -> None:
    assert column_of(letters(column)) == column


@given(st.integers(1, 9000), st.integers(1, 900), st.integers(1, 50), st.integers(1, 50), st.booleans(), st.booleans())
def test_an_address_says_its_area(row: int, column: int, rows: int, columns: int, hard: bool, firm: bool) -> None:
    area = Area(row, column, rows, columns)

    assert area_of(area.address(hard, firm), 1048576, 16384) == area


def test_whole_columns_and_rows_are_areas_and_names_are_none() -> None:
    assert area_of("$B:C", 1000, 50) == Area(1, 2, 1000, 2)
    assert area_of("3:2", 1000, 50) == Area(2, 1, 2, 50)
    assert area_of("ev_score_quality", 1000, 50) is None
    assert area_of("A1:B2:C3", 1000, 50) is None


def test_a_sheet_is_quoted_where_excel_quotes_it() -> None:
    assert [quoted(name) for name in ("Sheet1", "Tuần 23", "It's", "A1", "a-b")] == [
        "Sheet1",
        "'Tuần 23'",
        "'It''s'",
        "'A1'",
        "'a-b'",
    ]


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.data())
def test_the_next_edge_is_where_a_walk_over_the_cells_ends(filled: list[bool], data: st.DataObject) -> None:
    here = data.draw(st.integers(1, len(filled)))
    spans = [(at, at) for at, there in enumerate(filled, 1) if there and at >= here]

    at = here
    if here < len(filled) and filled[here - 1] and filled[here]:
        while at < len(filled) and filled[at]:
            at += 1
    else:
        at += 1
        while at < len(filled) and not filled[at - 1]:
            at += 1
        at = min(at, len(filled))
    assert edge(joined(spans), here, len(filled)) == at
