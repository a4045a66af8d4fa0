"""The live cells of the workbooks and Python agree: LibreOffice calculates, Python computes, equal to the last digit.

The draws are seeded, so a disagreement comes back with its number. What is drawn is what people type into the cells: blanks, words in another
letter case, lines of blanks, unknown words, due dates round the week's Sunday. A score typed as text is left out: the form says that it is
missing, and the reader repairs it and says so.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from evalxl.domain.evaluation.row_requirements import ScoreRow, needs_of_score
from evalxl.domain.evaluation.scoring import Scores
from evalxl.domain.evaluation.submissions import Submission
from evalxl.domain.evaluation.suggestions import suggested
from evalxl.domain.rulebook import RuleBook, read_rulebook
from evalxl.domain.weeks import Week
from evalxl.excel.stamping.stamp import Stencil
from evalxl.excel.templates import build
from evalxl.forms import kinds
from evalxl.forms.fields import CHOICES, SUBMITTED, YES
from evalxl.forms.kind import capacity
from evalxl.forms.submissions import Begun, read_submission
from evalxl.forms.values import clean_text, serial
from evalxl.forms.workbook import Cell, Workbook
from evalxl.records.package_files import shipped
from tests.libreoffice import CellValue, Document
from tests.libreoffice import Office as LibreOffice
from tests.real_client.desk import exact
from tests.standard_parts import PARTS

SUNDAY = Week(2025, 23).sunday
TASKS = capacity("tasks")
FILLINGS = 64
STEPS_AWAY = ("-6", "-5.5", "-5", "-0.1", "0", "0", "3", "5", "5.01", "6")
Column = list[CellValue]


@pytest.fixture(scope="module")
def rules() -> RuleBook:
    """The standard rules, but with coefficients that differ, and thirds that end in no decimal."""
    text = (shipped("rulebooks") / "cv-8679-2025.toml").read_text(encoding="utf-8")
    coefficients = iter(("1.0", "1.25", "1.5", "2.15"))
    changed = re.sub(r"(?m)^coefficient = 1\.0$", lambda _: f"coefficient = {next(coefficients)}", text)
    book = read_rulebook(changed.encode(), "drawn")
    assert [str(level.coefficient) for level in book.complexity] == ["1.0", "1.25", "1.5", "2.15"]
    return book


@pytest.fixture(scope="module")
def stencil(rules: RuleBook) -> Stencil:
    return Stencil(build(kinds.FORM, rules), kinds.FORM)


@pytest.fixture(scope="module")
def form(
    libreoffice: LibreOffice, rules: RuleBook, stencil: Stencil, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Document]:
    values = {
        "ev_last_day": SUNDAY,
        "ev_list_complexity": [level.vi for level in rules.complexity],
        "ev_list_coefficient": [level.coefficient for level in rules.complexity],
    }
    path = tmp_path_factory.mktemp("formulas") / "form.xlsx"
    path.write_bytes(stencil.stamp(values, {}))
    with libreoffice.open(path) as document:
        yield document


def drawn_form(draw: random.Random, rules: RuleBook) -> dict[str, Column]:
    """What a person may leave in a form's cells."""
    rows = draw.choice((0, 1, 3, 7, 12, TASKS))
    words = [*CHOICES["task_status"], None, "hoàn thành", "HOÀN THÀNH TRỄ HẠN", "xong rồi"]
    levels = [level.vi for level in rules.complexity]

    def column(*choices: Any) -> Column:
        return [draw.choice(choices) if row < rows else None for row in range(TASKS)]

    def score(maximum: Decimal) -> Column:
        whole = int(maximum)
        kinds = [
            None,
            0,
            whole,
            draw.randrange(whole + 1),
            draw.randrange(2 * whole + 1) / 2,
            draw.randrange(100 * whole + 1) / 100,
        ]
        return [draw.choice(kinds[1:] if draw.random() < 0.8 else kinds)]

    return {
        **{f"ev_self_{part}": score(rules.part(part).maximum) for part in PARTS},
        "ev_task_name": column("Việc", "- gạch đầu dòng", "Việc", None, "   ", "\n"),
        "ev_task_status": column(*words, *words[:2]),
        "ev_task_product": column("Báo cáo", None, " ", "12"),
        "ev_task_complexity": column(*levels, *levels, None, levels[2].lower(), "khác"),
        "ev_task_due": [
            draw.choice((None, serial(SUNDAY) + draw.randint(-9, 9))) if row < rows else None for row in range(TASKS)
        ],
        "ev_task_important": column("Có", "Không", None),
        "ev_status": [draw.choice((SUBMITTED, "Đang soạn"))],
    }


def as_python_reads(stencil: Stencil, filling: Mapping[str, Column], rules: RuleBook) -> Submission:
    """The filling as the reader takes it from a returned file."""
    sheets = dict(stencil.book.sheets)
    for name, column in filling.items():
        for place, value in zip(stencil.layout[name], column, strict=True):
            sheet = sheets[place.sheet]
            cells = {at: cell for at, cell in sheet.cells.items() if at != place.at}
            if value is not None:
                cells[place.at] = Cell("text", value) if isinstance(value, str) else Cell("number", repr(value))
            sheets[place.sheet] = replace(sheet, cells=cells)
    book: Workbook = replace(stencil.book, sheets=sheets)
    submission, _ = read_submission(book, stencil.layout, rules, Begun())
    return submission


def test_totals_bands_and_suggestions_of_a_form(form: Document, stencil: Stencil, rules: RuleBook) -> None:
    totals = suggestions = 0
    for number in range(FILLINGS):
        filling = drawn_form(random.Random(number), rules)
        form.paste(filling)
        total, quality, progress, band, missing = form.values(
            (f"ev_{name}", 0)
            for name in ("self_total", "suggested_quality", "suggested_progress", "self_band", "open_items")
        )
        submission = as_python_reads(stencil, filling, rules)

        assert exact(total) == _plain(submission.scores.total), number
        assert (exact(quality), exact(progress)) == tuple(
            map(_plain, suggested(submission.tasks, rules, SUNDAY).values())
        ), number
        computed = submission.scores.total
        assert str(band).partition(": ")[2] == (rules.band_for(computed).vi if computed is not None else ""), number
        left = sum(submission.scores.part(part) is None for part in PARTS) + (not submission.tasks)
        assert (f"Còn {left} ô" in str(missing)) == bool(left), number
        totals += computed is not None
        suggestions += quality not in (None, "", 0)
    assert FILLINGS / 3 < totals < FILLINGS, "the draws should have both"
    assert FILLINGS / 3 < suggestions < FILLINGS, "the draws should have both"


@pytest.mark.parametrize("total", ["49.99", "50", "74.99", "75", "89.99", "90", "100", "0"])
def test_a_total_on_the_line_is_in_the_higher_band_on_the_form_too(form: Document, rules: RuleBook, total: str) -> None:
    left = Decimal(total)
    for part in PARTS:
        taken = min(left, rules.part(part).maximum)
        form.paste({f"ev_self_{part}": [float(taken)]})
        left -= taken

    assert exact(form.value("ev_self_total")) == _plain(Decimal(total))
    assert form.text("ev_self_band").partition(": ")[2] == rules.band_for(Decimal(total)).vi


@pytest.mark.parametrize(
    "scores", [("0.1", "0.2", "0"), ("29.9", "29.7", "15.4"), ("33.33", "33.33", "8.34"), ("37.1", "36.2", "16.7")]
)
def test_tenths_that_binary_numbers_do_not_have_do_not_move_a_total(
    form: Document, rules: RuleBook, scores: tuple[str, str, str]
) -> None:
    form.paste({f"ev_self_{part}": [float(score)] for part, score in zip(PARTS, scores, strict=True)})
    total = sum(map(Decimal, scores), Decimal(0))

    assert exact(form.value("ev_self_total")) == _plain(total)
    assert form.text("ev_self_band").partition(": ")[2] == rules.band_for(total).vi


def test_totals_differences_and_open_items_of_a_scoring_workbook(
    libreoffice: LibreOffice, rules: RuleBook, tmp_path: Path
) -> None:
    """Every row of the sheet is another person's, in three fillings."""
    team = capacity("team")
    stencil = Stencil(build(kinds.SCORING, rules), kinds.SCORING)
    path = tmp_path / "scoring.xlsx"
    # A form is booked with all three scores or not at all.
    own = [Scores() if row % 5 == 0 else _drawn_scores(random.Random(row), rules) for row in range(team)]
    self_values = {f"ev_row_self_{part}": [scores.part(part) for scores in own] for part in PARTS}
    path.write_bytes(stencil.stamp({"ev_row_person": [f"P-{row:02d}" for row in range(team)], **self_values}, {}))
    with libreoffice.open(path) as book:
        for seed in range(3):
            draw = random.Random(seed)
            given = [_drawn_scores(draw, rules, near=one) for one in own]
            words = {
                name: [draw.choice(("", "lời", " ")) for _ in own] for name in ("breach_note", "comment", "explanation")
            }
            breach = [draw.choice(("", "Không", YES)) for _ in own]
            scored = [draw.random() < 0.8 for _ in own]
            book.paste(
                {
                    **{f"ev_score_{part}": [_number(scores.part(part)) for scores in given] for part in PARTS},
                    **{f"ev_score_{name}": list(column) for name, column in words.items()},
                    "ev_score_breach": list(breach),
                    "ev_score_decision": ["Đã chấm" if yes else "Chưa chấm" for yes in scored],
                }
            )
            totals, apart, open_items = (
                book.column(f"ev_row_{name}") for name in ("score_total", "difference", "open_items")
            )

            assert [exact(value) for value in totals] == [_plain(scores.total) for scores in given]
            booked = sum(yes and not str(said) for yes, said in zip(scored, open_items, strict=False))
            assert book.text("ev_book_left").startswith(f"Đã chấm {booked}/{team}")
            for row, (scores, mine) in enumerate(zip(given, own, strict=True)):
                assert exact(apart[row]) == _largest(scores, mine), (seed, row)
                typed = ScoreRow(
                    breach=breach[row] == YES,
                    **{name: clean_text(words[name][row]) for name in ("breach_note", "comment", "explanation")},
                    scores=scores,
                )
                needs = list(needs_of_score(typed, mine if mine.complete else None, rules))
                begun = scored[row] or any(scores.part(part) is not None for part in PARTS)
                assert bool("Còn thiếu" in str(open_items[row])) == bool(begun and needs), (
                    seed,
                    row,
                    needs,
                    open_items[row],
                )


def _drawn_scores(draw: random.Random, rules: RuleBook, near: Scores | None = None) -> Scores:
    """Scores in steps of a half; near to others where those are given, so that five points apart is met often, and some blank."""
    drawn: dict[str, Decimal | None] = {}
    gone = near is not None and draw.random() < 0.3
    for part in PARTS:
        maximum = rules.part(part).maximum
        value = Decimal(draw.randrange(int(maximum * 2) + 1)) / 2
        other = near.part(part) if near else None
        if other is not None:
            value = min(max(other + Decimal(draw.choice(STEPS_AWAY)), Decimal(0)), maximum)
        drawn[part] = None if gone and draw.random() < 0.5 else value
    return Scores.of(drawn)


def _largest(given: Scores, own: Scores) -> Decimal | None:
    """The largest of the differences, in either direction; of two as large, the one upwards."""
    pairs = [(given.part(part), own.part(part)) for part in PARTS]
    apart = [mine - theirs for mine, theirs in pairs if mine is not None and theirs is not None]
    return _plain(max(apart, key=lambda value: (abs(value), value))) if apart else None


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _plain(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.normalize()
