"""Workbooks that nobody here made: each gets one answer, quickly, and none is taken for a form.

A folder of public test workbooks, named by EVALXL_CORPUS, is read where there is one; some honest foreign workbooks are made here in any case.
"""

from __future__ import annotations

import io
import os
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment

from tests.hostile.good import answer

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "corpus"
ENDINGS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".xltx", ".ods")
# What a workbook that is no form may be told: that it is none, or why it is not read at all.
MOST_SECONDS = 2.0


def corpus() -> list[Path]:
    named = os.environ.get("EVALXL_CORPUS")
    folder = Path(named) if named else BESIDE
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS) if folder.is_dir() else []


def test_public_workbooks_are_answered_quickly_and_none_is_a_form(capsys: pytest.CaptureFixture[str]) -> None:
    files = corpus()
    kinds: Counter[str] = Counter()
    slowest = (0.0, "")
    for path in files:
        began = time.process_time()
        seen = answer(path.read_bytes())
        slowest = max(slowest, (time.process_time() - began, path.name))
        assert (seen.verdict, len(seen.findings)) == ("refused", 1), path
        kinds[seen.findings[0].kind] += 1
    with capsys.disabled():
        print(
            f"\npublic workbooks: {len(files)} answered, the slowest in {slowest[0]:.2f} s ({slowest[1]}): {dict(kinds)}"
        )
        if not files:
            print("EVALXL_CORPUS names no folder of public workbooks: only those made here were read")

    assert slowest[0] < MOST_SECONDS


def made_by_openpyxl() -> Iterator[tuple[str, openpyxl.Workbook]]:
    for name in (
        "styles",
        "formulas",
        "remarks",
        "merges",
        "lists",
        "names",
        "far away",
        "hidden",
        "protected",
        "dates",
    ):
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.append(["Họ và tên", "Điểm", "Ngày"])
        sheet.append(["Nguyễn Văn A", 38.5, date(2025, 6, 5)])
        if name == "formulas":
            sheet["D2"] = '=SUM(B2:B9)&" điểm"'
        elif name == "remarks":
            sheet["B2"].comment = Comment("Xem lại", "Văn phòng")
        elif name == "merges":
            sheet.merge_cells("A5:C9")
        elif name == "lists":
            rule = openpyxl.worksheet.datavalidation.DataValidation(type="list", formula1='"Có,Không"')
            sheet.add_data_validation(rule)
            rule.add("D2:D9")
        elif name == "names":
            book.defined_names["ev_self_quality"] = openpyxl.workbook.defined_name.DefinedName(
                "ev_self_quality", attr_text="Sheet!$B$2"
            )
        elif name == "far away":
            sheet["XFD1048576"].font = openpyxl.styles.Font(bold=True)
        elif name == "hidden":
            book.create_sheet("evalxl").sheet_state = "veryHidden"
        elif name == "protected":
            sheet.protection.sheet = True
        yield name, book


def test_honest_workbooks_of_others_are_read_to_the_end_and_are_none_of_ours() -> None:
    for name, book in made_by_openpyxl():
        saved = io.BytesIO()
        book.save(saved)
        assert [one.kind for one in answer(saved.getvalue()).findings] == ["file.not_ours"], name


@pytest.mark.parametrize(
    "options", [{}, {"constant_memory": True}, {"use_zip64": True}, {"strings_to_numbers": True}], ids=str
)
def test_workbooks_of_another_program_are_read_however_it_writes_them(options: dict[str, bool]) -> None:
    saved = io.BytesIO()
    with xlsxwriter.Workbook(saved, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet("Phiếu")
        sheet.write_row(0, 0, ["Điểm", 38.5, True, "=1+1"])
        sheet.write_rich_string(1, 0, "in ", book.add_format({"bold": True}), "đậm", " nhạt")
        sheet.write_url(2, 0, "https://example.org/")
        sheet.write_comment(0, 0, "Ghi chú")
        sheet.add_table(4, 0, 8, 2)
        sheet.add_sparkline(0, 5, {"range": "B1:D1"})
        sheet.conditional_format(0, 0, 9, 9, {"type": "data_bar"})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Phiếu!$A$1:$D$1"})
        sheet.insert_chart(10, 0, chart)

    assert [one.kind for one in answer(saved.getvalue()).findings] == ["file.not_ours"]
