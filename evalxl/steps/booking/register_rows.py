"""The rows of the office's register: what was typed into a row in any week's copy, and the cell where the row is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from evalxl.domain.evaluation.row_requirements import Need
from evalxl.domain.history.events import LedgerEvent
from evalxl.domain.history.history import History, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.typed_rows import TypedRow
from evalxl.domain.versions.returned_workbooks import Issue, TypedCell
from evalxl.forms import kinds
from evalxl.forms.rows import RowReader, as_typed, booked_cells, place_in, put_back, row_keys
from evalxl.forms.values import UNREAD_WORDS, Typed
from evalxl.steps.booking.decision_context import BookingResult, DecisionContext, say_need

# A cell that cannot be read does not count as empty, although a form with such a cell would be booked.
_UNREAD = UNREAD_WORDS | {"date.unreadable"}


def register_reader(
    context: DecisionContext,
    week_history: WeekHistory,
    table: str,
    key: str,
    code: str,
    booked: TypedRow,
    cells: Mapping[str, TypedCell],
) -> RowReader:
    """A reader of one row. Its findings name the cell of the row in this week's register.

    Args:
        code: The person that the row concerns.
        booked: What is booked of the row.
        cells: The typed cells.
    """
    issue = week_history.book(kinds.FOLLOW_UP.name, "").issue
    keys = rows_shown(issue, table) if issue else []
    layout = context.layouts.get(issue.template, {}) if issue else {}
    before = booked_cells(booked, kinds.FOLLOW_UP)

    def cell(name: str) -> Typed:
        return Typed.from_record(cells[name].value) if name in cells else as_typed(before.get(name))

    def place(name: str) -> tuple[str, str, str]:
        if issue is not None and key in keys:
            return issue.path, *place_in(layout, name, keys.index(key))
        return (cells[name].file, cells[name].sheet, cells[name].cell) if name in cells else ("", "", "")

    return RowReader(kinds.FOLLOW_UP, code, context.rules, cell, place)


def decide_row(
    reader: RowReader, needs: Iterable[Need], left_open: tuple[str, str] | None, news: LedgerEvent | None
) -> BookingResult:
    """Judge a row of the register that was read.

    Args:
        needs: What the row still needs before it can be booked.
        left_open: The finding, and the cell to change, if the row says something in vain because of its state.
        news: What the row says, if it differs from what is booked.
    """
    for need in needs:
        say_need(reader, need)
    if left_open is not None and readable(reader):
        reader.note(*left_open)
    return BookingResult([news] if news is not None and readable(reader) else [], reader.findings)


def readable(reader: RowReader) -> bool:
    """Whether a row can be booked: nothing is missing, and everything typed can be read."""
    return not reader.refused and not {finding.kind for finding in reader.findings} & _UNREAD


def rows_shown(issue: Issue, table: str) -> list[str]:
    """The keys of the rows of an issued register."""
    return [code_key(key) for key in row_keys(issue.values, table)]


def source_of_row(cells: Mapping[str, TypedCell]) -> dict[str, Any]:
    """Where a booked row came from."""
    latest = max(cells.values(), key=lambda cell: cell.seq)
    places = {
        name: {"file": typed_cell.file, "sheet": typed_cell.sheet, "cell": typed_cell.cell}
        for name, typed_cell in sorted(cells.items())
    }
    return {"form_id": latest.form_id, "received": latest.seq, "cells": places}


def typed_keys(history: History, table: str) -> list[str]:
    """The keys of the rows of a table in which something was typed, in any week's register."""
    return [key for (of, key), cells in history.register.rows.items() if of == table and cells]


def open_cell(history: History, table: str, key: str, name: str, booked: TypedRow) -> Any:
    """The value of an open cell when the register is issued: as typed in any week's copy, else as booked. The cell of the state is never empty."""
    typed = history.register.typed((table, code_key(key)), name)
    back = Typed.from_record(typed.value) if typed else None
    if back is None or (back.blank and name.endswith("_state")):
        return booked_cells(booked, kinds.FOLLOW_UP)[name] or None
    return None if back.blank else put_back(back, kinds.FOLLOW_UP, name)
