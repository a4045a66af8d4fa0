"""A workbook beside a period's master: it speaks of one thing, with words of its own, and is drawn from the same view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from evalxl.excel.masters.measure import height_for, lines_of
from evalxl.excel.masters.office import head_of_list, trial_header
from evalxl.excel.masters.period_context import PeriodContext
from evalxl.excel.masters.sheet_kit import FAINT, ListColumn, MasterWorkbook, across, body, footer
from evalxl.words import as_read, catalogue, say


@dataclass(frozen=True, slots=True)
class Chapter(PeriodContext):
    """A period's view, spoken of in the words of a table of the catalogue."""

    table: str

    def say(self, key: str, /, **values: object) -> str:
        own = f"{self.table}.{key}"
        return say(own, self.lang, **values) if own in catalogue() else PeriodContext.say(self, key, **values)

    def number(self, value: Decimal | float | None, places: int = 2) -> str:
        """A number within a sentence."""
        return "-" if value is None else as_read(f"{value:.{places}f}", self.lang)

    def percent(self, share: Decimal | None) -> str:
        return "-" if share is None else self.number(share * 100, 0) + "%"


def remarks(book: MasterWorkbook, sheet: Worksheet, row: int, last: int, width: float, texts: Iterable[str]) -> int:
    """Lines below a table, each as high as it needs to be."""
    for text in texts:
        across(book, sheet, row, 0, last, text, italic=True, font_color=FAINT, text_wrap=True, valign="top")
        sheet.set_row_pixels(row, height_for(lines_of(text, width)))
        row += 1
    return row


def draw_method(book: MasterWorkbook, sheet: Worksheet, office: Chapter, lines: Iterable[tuple[str, str]]) -> int:
    """The sheet that says how everything is counted."""
    columns = [ListColumn("", 34), ListColumn("", 120)]
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 120)
    row = head_of_list(book, sheet, office, 1, "method")
    return body(book, sheet, row, columns, lines)


def finish(book: MasterWorkbook, office: Chapter, stamp: Mapping[str, str], sheets: Sequence[str], note: str) -> bytes:
    """Footer and properties; the stamp is that of evalxl's own outputs, which nothing is read from."""
    view = office.view
    number = office.say("page.number", page="&P", pages="&N")
    book.foot(footer(office.say("page.seal", head=view.head[:16]), number, note))
    book.head(trial_header(office))
    about = {
        "evalxl.kind": "period",
        "evalxl.week": str(view.period),
        "evalxl.subject": office.table,
        "evalxl.office": view.office_id,
        "evalxl.rulebook": view.rules.stamp,
        "evalxl.seal": view.head,
        **stamp,
    }
    recorded = view.recorded_at or datetime.combine(view.period.first, time())
    book.about(f"{office.title(sheets[0])} - {view.shown(office.lang)}", view.office, recorded, about)
    return book.close()
