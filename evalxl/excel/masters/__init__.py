"""Master workbooks: one week on nine sheets, for the office or for one unit, one for lines of parts where there are any, and one for each kind of workbook that brings its own.

A master is a picture of the ledger at one moment: values, no formulas; nothing is ever read from it, and it can be drawn again at any
time. Equal views make equal bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from evalxl.domain.evaluation.week_view import WeekView
from evalxl.excel.masters.degrees import draw_degrees
from evalxl.excel.masters.lists import (
    draw_difficulties,
    draw_findings,
    draw_log,
    draw_missing,
    draw_positions,
    draw_warnings,
)
from evalxl.excel.masters.office import MasterContext, trial_header
from evalxl.excel.masters.overview import draw_overview
from evalxl.excel.masters.part_lines import draw_lines
from evalxl.excel.masters.results import draw_results
from evalxl.excel.masters.sheet_kit import MasterWorkbook, footer
from evalxl.forms.kind import known_kinds
from evalxl.words import Lang, say

SHEETS = (
    "overview",
    "results",
    "degrees",
    "warnings",
    "missing",
    "findings",
    "difficulties",
    "positions",
    "log",
)
LINES = "lines"  # beside the results, where the rule book has lines


def draw(
    view: WeekView,
    lang: Lang = "vi",
    stamp: Mapping[str, str] | None = None,
    base: str | None = None,
    roots: Mapping[str, str] | None = None,
) -> bytes:
    """The master workbook of a week.

    Args:
        view: What the week says; with a unit, the unit's part of it.
        lang: Whose language the sheets speak.
        stamp: Custom document properties, beyond those that the view itself gives.
        base: The folder in which the master will lie, written as the paths of the view's files are; where it is not given, the unit's
            within the week's folder, or `office`. Links to workbooks lead from there.
        roots: Folders of the shares by the mark that paths on them begin with, for links from one share to another; without it,
            such a file has no link.

    Returns:
        The bytes of an .xlsx file.
    """
    office = MasterContext(view, lang, base if base is not None else view.unit or "office", roots or {})
    book = MasterWorkbook()
    names = (*SHEETS[:2], LINES, *SHEETS[2:]) if view.rules.lines else SHEETS
    sheets = {name: book.sheet(office.sheet(name)) for name in names}
    overview, results, degrees, warnings, missing, findings, difficulties, positions, log = (
        sheets[name] for name in SHEETS
    )
    draw_results(book, results, office)
    if LINES in sheets:
        draw_lines(book, sheets[LINES], office)
    counts = draw_degrees(book, degrees, office)
    draw_warnings(book, warnings, office)
    draw_missing(book, missing, office)
    draw_findings(book, findings, office)
    draw_difficulties(book, difficulties, office)
    draw_positions(book, positions, office)
    draw_log(book, log, office)
    draw_overview(book, overview, office, counts)
    for kind in known_kinds():
        if kind.sheet is not None:
            kind.sheet(book, office)
    book.foot(
        footer(
            office.say("page.seal", head=view.head[:16]),
            office.say("page.number", page="&P", pages="&N"),
            office.say("note.basis"),
        )
    )
    book.head(trial_header(office))
    book.about(
        f"{say('master.title.overview', lang)} - {view.week.shown(lang)}",
        view.unit_name or view.office,
        # A moment of the ledger's, not of the clock: what is drawn of one ledger is equal whenever it is drawn.
        view.recorded_at or datetime.combine(view.week.monday, time()),
        {
            "evalxl.kind": "master",
            "evalxl.week": str(view.week),
            "evalxl.subject": view.unit or "office",
            "evalxl.office": view.office_id,
            "evalxl.rulebook": view.rules.stamp,
            "evalxl.seal": view.head,
            **(stamp or {}),
        },
    )
    return book.close()


def draw_master(office: tuple[Lang, Mapping[str, str]], part: tuple[WeekView, Mapping[str, str], str]) -> bytes:
    """One of a week's masters.

    Args:
        office: What all of them go by: the language, and the roots of the shares.
        part: What it shows, its own properties, and the folder in which it will lie.
    """
    lang, roots = office
    view, stamp, base = part
    return draw(view, lang, stamp, base, roots)
