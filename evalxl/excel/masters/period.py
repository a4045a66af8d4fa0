"""Period masters: a month, quarter, half-year or year on ten sheets.

Like a week's master it is a picture of the ledger: values, no formulas, never read again. Equal views make equal bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from xlsxwriter.worksheet import Worksheet

from evalxl.domain.periods.rollups import PeriodView
from evalxl.excel.masters.office import trial_header
from evalxl.excel.masters.period_context import PeriodContext
from evalxl.excel.masters.sheet_kit import MasterWorkbook, footer
from evalxl.words import Lang

SHEETS = (
    *("overview", "results", "weeks", "bands", "proposals", "warnings"),
    *("difficulties", "positions", "later", "log"),
)


def draw_period(view: PeriodView, lang: Lang, stamp: Mapping[str, str], base: str, roots: Mapping[str, str]) -> bytes:
    """The master workbook of a period; the arguments are those of `masters.draw`."""
    from evalxl.excel.masters import period_lists as lists
    from evalxl.excel.masters.companion_workbook import Chapter
    from evalxl.excel.masters.period_difficulties import draw_difficulties
    from evalxl.excel.masters.period_overview import draw_overview
    from evalxl.excel.masters.staffing import draw_positions

    office = PeriodContext(view, lang, base, roots)
    book = MasterWorkbook()
    sheets: dict[str, Worksheet] = {name: book.sheet(office.sheet(name)) for name in SHEETS}
    lists.draw_results(book, sheets["results"], office, lists.draw_weeks(book, sheets["weeks"], office))
    counts = lists.draw_bands(book, sheets["bands"], office)
    lists.draw_proposals(book, sheets["proposals"], office)
    lists.draw_warnings(book, sheets["warnings"], office)
    draw_difficulties(book, sheets["difficulties"], office)
    draw_positions(book, sheets["positions"], Chapter(view, lang, base, roots, "staffing"), view.staffing)
    lists.draw_later(book, sheets["later"], office)
    lists.draw_log(book, sheets["log"], office)
    draw_overview(book, sheets["overview"], office, counts)
    seal, number = office.say("page.seal", head=view.head[:16]), office.say("page.number", page="&P", pages="&N")
    book.foot(footer(seal, number, office.say("note.basis")))
    book.head(trial_header(office))
    about: dict[str, Any] = {
        "evalxl.kind": "period",
        "evalxl.week": str(view.period),
        "evalxl.office": view.office_id,
        "evalxl.rulebook": view.rules.stamp,
        "evalxl.seal": view.head,
        **stamp,
    }
    recorded = view.recorded_at or datetime.combine(view.period.first, time())
    book.about(f"{office.title('overview')} - {view.shown(lang)}", view.office, recorded, about)
    return book.close()
