"""The last touch on every sheet: paper, protection, where the cursor stands; and the very hidden sheet."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from evalxl.domain.rulebook import RuleBook
from evalxl.excel.templates.parts import DATE, GIVEN, LOCKED, PLAIN, TEXT, PrintedPage, add_page, split
from evalxl.forms.fields import STYLE_GIVEN, STYLE_GIVEN_DATE
from evalxl.forms.kind import SIZES, WorkbookKind
from evalxl.forms.shared_fields import STAMP
from evalxl.words import Lang

HIDDEN_SHEET = "evalxl"

SALT = hashlib.sha256(b"evalxl").digest()[:16]
SPINS = 100_000


def protect(sheet: Worksheet, password: str | None = None, look_around: bool = False, filters: bool = False) -> None:
    """Protect a sheet against slips: nothing but the open cells can be changed, row heights apart.

    Args:
        password: Written as a salted SHA-512 hash; None leaves the protection without one, since it proves nothing anyway.
        look_around: Locked cells can be selected, where people have to follow links and read long comments in them; Tab visits
            the open cells only in either case.
        filters: The filter arrows can be used.
    """
    guard = sheet.protection
    guard.sheet = guard.objects = guard.scenarios = True
    guard.formatRows = False
    guard.selectLockedCells = not look_around
    guard.autoFilter = not filters
    if password:
        guard.algorithmName, guard.spinCount = "SHA-512", SPINS
        guard.saltValue = base64.b64encode(SALT).decode()
        guard.hashValue = base64.b64encode(password_hash(password, SALT, SPINS)).decode()


def password_hash(password: str, salt: bytes, spins: int) -> bytes:
    """The hash of ECMA-376 part 1, 18.2.29: SHA-512 over salt and password, then over itself and a counter."""
    digest = hashlib.sha512(salt + password.encode("utf-16-le")).digest()
    for turn in range(spins):
        digest = hashlib.sha512(digest + turn.to_bytes(4, "little")).digest()
    return digest


def paper(page: PrintedPage, landscape: bool, tall: int, area: str = "", titles: str = "") -> None:
    """A4, as wide as one page and at most so many pages tall (0: as many as it takes), page number and file name at the foot."""
    sheet = page.sheet
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, tall
    margins = sheet.page_margins
    margins.left, margins.right = (12 / 25.4, 12 / 25.4) if landscape else (22 / 25.4, 15 / 25.4)
    margins.top, margins.bottom = 14 / 25.4, 15 / 25.4
    margins.header = margins.footer = 7 / 25.4
    sheet.print_options.horizontalCentered = True
    if area:
        sheet.print_area = area
    if titles:
        sheet.print_title_rows = titles
    # The file's name says week and code.
    foot: Any = sheet.oddFooter
    foot.left.text, foot.right.text = "&F", page.say("common.page")
    for part in (foot.left, foot.right):
        part.size, part.font = 9, "Times New Roman,Regular"


def print_shown(page: PrintedPage, first: str, last: str, rows: int, count: str) -> None:
    """A print area that ends with the last row that is shown; `count` names how many of the table's rows are.

    LibreOffice keeps such an area when it saves, but prints the whole sheet. The area of the full table stands in the formula by itself:
    programs that look for a plain range in a print area (ExcelJS) find it, and do not fail to open the workbook.
    """
    title = quote_sheetname(page.sheet.title)
    column, row = split(last)
    ends = f"{title}!${column}${row}:${column}${row + rows - 1}"
    corner, top = split(first)
    start = f"{title}!${corner}${top}"
    page.sheet.defined_names["_xlnm.Print_Area"] = DefinedName(
        "_xlnm.Print_Area",
        attr_text=f"IF({count}>={rows},{start}:${column}${row + rows - 1},{start}:INDEX({ends},{count}))",
    )


def open_at(page: PrintedPage, cell: str, freeze: str = "", zoom: int = 100) -> None:
    """Where the cursor stands when the sheet is opened."""
    if freeze:
        page.sheet.freeze_panes = freeze
    page.sheet.sheet_view.zoomScale = zoom
    for selection in page.sheet.sheet_view.selection:
        selection.activeCell = selection.sqref = cell


def hidden_page(book: Workbook, kind: WorkbookKind, rules: RuleBook, lang: Lang, size: int = SIZES[0]) -> PrintedPage:
    """The very hidden sheet: the stamp, the lists that are issued with the workbook, and helpers of the formulas."""
    page = add_page(book, HIDDEN_SHEET, kind, rules, lang, size)
    page.sheet.sheet_state = "veryHidden"
    for row, entry in zip(
        (*range(1, len(STAMP)), 14), STAMP, strict=True
    ):  # the rows between hold what stood there before
        page.put(f"A{row}", entry.name)
        page.cell(entry.name, f"B{row}", LOCKED.but(shows=TEXT))
    if kind.is_form:
        page.put("A8", "ev_last_day")
        page.cell("ev_last_day", "B8", LOCKED.but(shows=DATE))
        page.put("B9", None, GIVEN.but(size=11))
        page.bind(STYLE_GIVEN, "B9")
        page.put("B10", None, GIVEN.but(size=11, shows=DATE, across="center"))
        page.bind(STYLE_GIVEN_DATE, "B10")
        for letter, name in zip("DEFG", ("task_code", "complexity", "coefficient", "week"), strict=True):
            page.column(f"ev_list_{name}", f"{letter}1", PLAIN.but(shows="General" if name == "coefficient" else TEXT))
    page.widths(120, 200, 20, 120, 120, 60, 60)
    return page


def helper(page: PrintedPage, row: int, name: str, formula: str) -> None:
    """A formula on the very hidden sheet that others refer to by its name."""
    page.put(f"A{row}", name)
    page.put(f"B{row}", formula, LOCKED)
    page.bind(name, f"B{row}")


def list_source(page: PrintedPage, name: str, values: str) -> None:
    """A name for the filled part of a list, so that its drop-down ends with the last entry.

    A list with empty cells in it would let any word in.
    """
    place = page.book.defined_names[values].attr_text
    first = place.partition(":")[0]
    page.book.defined_names[name] = DefinedName(
        name, attr_text=f'{first}:INDEX({place},MAX(1,SUMPRODUCT(({place}<>"")*1)))'
    )
