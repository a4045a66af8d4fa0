"""Workbooks of which only the results of their formulas are left: LibreOffice works them out, and what evalxl works out is the same."""

from __future__ import annotations

import io
import random
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalxl.excel.returned.examine import examine
from evalxl.forms import kinds
from evalxl.forms.fields import Who
from evalxl.forms.kind import WorkbookKind
from tests.drawn_workbooks import books_of, drawn, template
from tests.libreoffice import Office as LibreOffice
from tests.real_client.desk import entries
from tests.standard_parts import FIELDS

# Beside what a careful person types: decisions half taken, which other formulas speak of.
MORE: Mapping[WorkbookKind, Mapping[str, tuple[Any, ...]]] = {
    kinds.FORM: {"ev_self_quality": (40.1, 41, None)},
    kinds.UNIT_FORM: {"ev_self_progress": (33.25, None)},
    kinds.SCORING: {
        "ev_score_quality": (40, 7.5, 41, None, None),
        "ev_score_breach": ("Có", "Không", None),
        "ev_score_breach_note": ("Đi muộn", "không có", None),
        "ev_score_explanation": ("Có sáng kiến", None),
        "ev_score_decision": ("Trả lại", "Chưa chấm", "Đã chấm"),
    },
    kinds.APPROVAL: {
        "ev_approve_decision": ("Phê duyệt có điều chỉnh", "Trả lại", "Phê duyệt", "Chưa phê duyệt"),
        "ev_approve_quality": (38.5, 40, None),
        "ev_approve_conduct": (20, 21, 0.5, None),
        "ev_approve_opinion": ("Có sáng kiến", None, None),
        "ev_approve_all": ("Có", "Không"),
    },
}


def typed(kind: WorkbookKind, seed: int) -> dict[str, Any]:
    """What is typed into a drawn workbook; some of it otherwise than a careful person would."""
    draw, fill = random.Random(f"{kind.name} {seed}"), dict(drawn(kind, seed).fill)
    rows = {entry.name: entry.table for entry in FIELDS[kind]}
    for name, choices in MORE[kind].items() if seed else ():
        count = len(next(value for value in fill.values() if isinstance(value, list)))
        fill[name] = [draw.choice(choices) for _ in range(count)] if rows[name] else draw.choice(choices)
    return fill


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("kind", MORE)
def test_a_workbook_of_which_only_results_are_left_is_read_with_one_note_a_sheet(
    libreoffice: LibreOffice, kind: WorkbookKind, seed: int, tmp_path: Path
) -> None:
    """As programs leave it that cannot calculate and take over what was remembered, pandas and its kind."""
    one, books = drawn(kind, seed), books_of([drawn(kind, seed)])
    (tmp_path / "issued.xlsx").write_bytes(one.data)
    with libreoffice.open(tmp_path / "issued.xlsx") as document:
        document.fill(entries(typed(kind, seed)))
        document.save_as(tmp_path / "saved.xlsx")
    saved = (tmp_path / "saved.xlsx").read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = openpyxl.load_workbook(io.BytesIO(saved), data_only=True)
    results.save(left := io.BytesIO())

    whole, seen = examine(saved, books), examine(left.getvalue(), books)

    assert (seen.verdict, seen.content, seen.typed, seen.cells) == (
        whole.verdict,
        whole.content,
        whole.typed,
        whole.cells,
    )
    lost = [finding for finding in seen.findings if finding.kind == "file.formulas_lost"]
    assert [finding.sheet for finding in lost] == list(template(kind).calculated)
    errors = [[finding for finding in one.findings if finding.level != "note"] for one in (seen, whole)]
    assert errors[0] == errors[1]


def test_values_pasted_over_the_formulas_are_read_and_a_value_of_before_the_last_change_refuses(
    libreoffice: LibreOffice, tmp_path: Path
) -> None:
    """The manager unprotects the sheet, inserts a line above the table and pastes the totals as values; then a score is changed."""
    one, books = drawn(kinds.SCORING, 0), books_of([drawn(kinds.SCORING, 0)])
    sheet = template(kinds.SCORING).layout["ev_row_score_total"][0].sheet
    live = [entry.name for entry in FIELDS[kinds.SCORING] if entry.who is Who.LIVE]
    (tmp_path / "issued.xlsx").write_bytes(one.data)
    with libreoffice.open(tmp_path / "issued.xlsx") as document:
        document.fill(entries(one.fill))
        document.unprotect(sheet)
        document.insert_rows(sheet, 6)
        for name in live:
            for row in range(len(one.values["ev_row_person"]) if name.startswith("ev_row_") else 1):
                document.overwrite(name, row, document.value(name, row) or "")
        document.save_as(tmp_path / "pasted.xlsx")
        document.fill([("ev_score_quality", 0, "0" if one.fill["ev_score_quality"][0] else "1")])
        total = document.place("ev_row_score_total", 0)
        document.save_as(tmp_path / "changed.xlsx")

    pasted, changed = (examine((tmp_path / name).read_bytes(), books) for name in ("pasted.xlsx", "changed.xlsx"))

    assert (pasted.verdict, changed.verdict) == ("read", "invalid")
    assert "file.formulas_lost" in {finding.kind for finding in pasted.findings}
    assert ("cell.formula_replaced", *total) in {(one.kind, one.sheet, one.cell) for one in changed.findings}
