"""Pages of which an office has one for everybody: each is what drawing it alone would have made."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import MergedCell
from openxml_audit import OpenXmlValidator
from python_calamine import CalamineWorkbook

from evalxl.excel.masters.page_cache import PageDraft, _pattern
from evalxl.excel.masters.result_sheet import draw_result_sheet
from evalxl.excel.masters.sheet_kit import ListColumn, MasterWorkbook, across, body, footer, heading, set_widths
from evalxl.excel.masters.signed_page import lay_out
from tests.samples_of_weeks import week_of

WIDTHS = (5, 30, 12)
ABOUT = ("Phiếu & <kết quả>", "Ban Công tác", datetime(2025, 6, 3, 17, 30), {"evalxl.subject": "CN-0001", "none": ""})
HARD = (
    "100% & <xong>",
    "=1+1",
    "_x0041_",
    "dòng một\ndòng hai",
    "  cách  ",
    "@ai",
    '"ngoặc"',
    "%b %s %(x)s",
    "<r>a & b _x0041_</r>",
)


def written(book: Any, sheet: Any, words: tuple[str, ...], points: Decimal | None) -> bytes:
    """The same page, whatever it is written in."""
    set_widths(sheet, [ListColumn("", width) for width in WIDTHS])
    across(book, sheet, 0, 0, 2, words[0], bold=True, text_wrap=True)
    sheet.set_row_pixels(0, 20 + 3 * len(words[0]))
    sheet.set_row_pixels(1, 20)
    columns = [ListColumn("TT", 5, "count"), ListColumn("Việc", 30), ListColumn("Điểm", 12, "score")]
    at = heading(book, sheet, 1, columns)
    at = body(book, sheet, at, columns, [[number, word, points] for number, word in enumerate(words, 1)])
    lay_out(sheet, WIDTHS, at - 1, at, portrait=False)
    book.foot(footer("Mã: 50% & <a>", "&P/&N", "Sổ"))
    sheet.print_area(0, 0, at, 2)
    book.about(*ABOUT)
    made: bytes = book.close()
    return made


def drafted(words: tuple[str, ...], points: Decimal | None = Decimal("12.5")) -> bytes:
    draft = PageDraft("Phiếu")
    return written(draft, draft.sheet, words, points)


def drawn(words: tuple[str, ...], points: Decimal | None = Decimal("12.5")) -> bytes:
    book = MasterWorkbook()
    return written(book, book.sheet("Phiếu"), words, points)


def everything(data: bytes) -> dict[str, Any]:
    """All that a reader finds in a page: values, looks, heights, what is printed, what the file says of itself."""
    book = openpyxl.load_workbook(BytesIO(data))
    sheet = book.worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    footers = sheet.oddFooter
    return {
        "values": {cell.coordinate: (cell.value, cell.data_type) for cell in cells},
        "looks": {
            cell.coordinate: (
                *(repr(getattr(cell, name)) for name in ("font", "fill", "border", "alignment", "number_format")),
                cell.quotePrefix,
            )
            for cell in cells
            if not isinstance(cell, MergedCell)
        },
        "frames": {cell.coordinate: repr(cell.border) for cell in cells},
        "merged": sorted(map(str, sheet.merged_cells.ranges)),
        "heights": {row: (size.height, size.customHeight) for row, size in sheet.row_dimensions.items()},
        "widths": {name: size.width for name, size in sheet.column_dimensions.items()},
        "paper": [repr(one) for one in (sheet.page_setup, sheet.page_margins, sheet.print_options, sheet.row_breaks)],
        "area": sheet.print_area,
        "footer": [(part.text, part.font, part.size) for part in (footers.left, footers.center, footers.right)],
        "title": sheet.title,
        "about": repr(book.properties),
        "own": [(one.name, one.value) for one in book.custom_doc_props.props],
    }


@pytest.mark.parametrize("word", HARD)
@pytest.mark.parametrize("points", [Decimal("12.5"), Decimal("0.1") * 3, None])
def test_a_page_of_a_pattern_is_what_drawing_it_alone_would_have_made(word: str, points: Decimal | None) -> None:
    drafted(("một", "hai", "ba"))  # the pattern comes from another page
    words = (word, "hai", word)

    assert everything(drafted(words, points)) == everything(drawn(words, points))


@pytest.mark.parametrize("word", HARD)
def test_another_reader_finds_the_same_words_too(word: str) -> None:
    words = ("một", word, "ba")
    read = [
        CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
        for data in (drafted(words), drawn(words))
    ]

    assert read[0] == read[1]
    assert read[0][3][1] == word


def test_the_bytes_of_a_page_do_not_depend_on_which_pages_were_drawn_before() -> None:
    words = ("một", "=hai", "ba")
    _pattern.cache_clear()
    alone = drafted(words)
    _pattern.cache_clear()
    for before in (("x", "=y", "z"), ("một",), ("một", "hai", "=ba")):
        drafted(before)

    assert drafted(words) == alone


def test_pages_of_a_week_that_differ_in_words_alone_are_drawn_once() -> None:
    view = week_of(4, 2, 2)
    _pattern.cache_clear()
    for number, row in enumerate(view.results):
        draw_result_sheet(view, row, f"CODE{number}", 1, "vi", {})

    shapes = {(len(row.tasks), bool(row.breach), bool(row.explanation)) for row in view.results}
    assert _pattern.cache_info().misses <= 2 * len(shapes) < len(view.results)


def test_excel_has_nothing_to_repair_in_a_page(tmp_path: Path) -> None:
    view = week_of(4, 2, 2)
    path = tmp_path / "page.xlsx"
    for row in view.results[:3]:
        path.write_bytes(draw_result_sheet(view, row, "PP2T3MZD", 1, "vi", {"evalxl.kind": "master"}))
        verdict = OpenXmlValidator().validate(path)
        assert [str(error) for error in verdict.errors] == []
