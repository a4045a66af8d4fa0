"""The workbooks beside a period's master: values, own outputs, and words that accuse nobody."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from evalxl.domain.analysis.scoring_signals import KINDS
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.organisation.people import CatalogueTask, Organisation, Position
from evalxl.domain.periods.rollups import PeriodView, roll_up
from evalxl.domain.periods.steady_performers import steady_people
from evalxl.domain.periods.weekly_table import weekly_table
from evalxl.domain.weeks import Period
from evalxl.excel.masters.signals import draw_signals
from evalxl.excel.masters.staffing import TOP, draw_staffing
from evalxl.excel.stamping.peek_stamp import peek_stamp
from evalxl.words import Lang, say
from tests.domain.analysis.at_hand import fairness_of, propose, staffing_over
from tests.domain.offices_that_score import OF_PEOPLE, office
from tests.samples_of_weeks import rules

RULES = rules()
YEAR = Period.parse("2025")
OFFICE = Organisation(
    units=(),
    posts=(),
    positions=(Position("TH", "Tổng hợp", "complex", 40),),
    tasks=(CatalogueTask("NV-01", "Báo cáo", "TH"),),
)


def everything() -> list[Result]:
    """One office with every habit planted somewhere."""
    of_scorers = [kind for kind in KINDS if kind not in OF_PEOPLE]
    habits = {f"S{n + 20:02d}": kind for n, kind in enumerate(of_scorers)}
    habits |= {f"T1{n}P00": kind for n, kind in enumerate(OF_PEOPLE)}
    rows = office(8, teams=20 + len(of_scorers), weeks=10, **habits)
    return [
        replace(row, position="TH", tasks=tuple(replace(task, code=f"NV-{row.week.number}") for task in row.tasks))
        for row in rows
    ]


def view_of(rows: list[Result]) -> PeriodView:
    weeks = sorted({row.week for row in rows})
    return PeriodView(
        period=YEAR,
        office="Ban Công tác Minh Họa",
        parent="",
        rules=RULES,
        units=(),
        weeks=tuple(weeks),
        off=(),
        results=roll_up(weekly_table(rows), YEAR, RULES),
        proposals=(),
        warnings=(),
        difficulties=(),
        staffing=staffing_over(rows, RULES, OFFICE),
        people={row.code: row.name for row in rows},
        head="0" * 64,
        closed_at=None,
        recorded_at=None,
    )


@pytest.fixture(scope="module")
def rows() -> list[Result]:
    return everything()


def texts(book: bytes) -> list[str]:
    sheets = openpyxl.load_workbook(BytesIO(book))
    return [
        str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    ]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_signal_stands_with_its_caution_and_what_to_look_at(rows: list[Result], lang: Lang) -> None:
    view = view_of(rows)
    found = fairness_of(rows, RULES)
    book = draw_signals(view, found, steady_people(view.results, RULES), lang, {})
    said = texts(book)

    assert {signal.kind for signal in found.signals} == set(KINDS)
    assert say("fairness.note.no_finding", lang) in said
    for kind in KINDS:
        assert {say(f"fairness.{kind}.{part}", lang) for part in ("name", "caution", "look", "method")} <= set(said)
    assert not [text for text in said if "{" in text or text.startswith("=")]
    assert peek_stamp(book).get("kind") == "period"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_statistics_say_how_they_are_counted(rows: list[Result], lang: Lang) -> None:
    view = view_of(rows)
    book = draw_staffing(view, view.staffing, propose(rows, RULES, OFFICE), lang, {})
    said = texts(book)

    assert say("staffing.method.effort_says", lang) in said
    assert say("staffing.note.rest", lang, count=10 - TOP) in said
    assert not [text for text in said if "{" in text or text.startswith("=")]
    assert peek_stamp(book).get("kind") == "period"


def test_equal_views_make_equal_bytes(rows: list[Result]) -> None:
    view = view_of(rows)
    one, two = (draw_signals(view, fairness_of(given, RULES), (), "vi", {}) for given in (rows, rows[::-1]))

    assert one == two


def test_an_office_without_signals_and_work_says_so() -> None:
    quiet = office(1, teams=2, weeks=1)
    view = view_of([replace(row, tasks=()) for row in quiet])

    assert say("fairness.none.signals") in texts(draw_signals(view, fairness_of(quiet, RULES), (), "vi", {}))
    assert say("staffing.none.codes") in texts(draw_staffing(view, view.staffing, propose([], RULES, OFFICE), "vi", {}))
