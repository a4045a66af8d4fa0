"""A period whose common criteria have lines: the leader gives each line its points, and the common criteria are their sum."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalxl.domain.rulebook import BadRuleBookError, read_rulebook
from evalxl.records.package_files import shipped
from evalxl.records.rulebooks import NamedRuleBook, use_rulebook
from tests.little_office import cells, make_little_office, read
from tests.stories.test_period_inputs import MARCH, Desk

_SHIPPED = (shipped("rulebooks") / "nd-335-2025.toml").read_text(encoding="utf-8")
_LINES = """lines = [
  { code = "i", vi = "Phẩm chất chính trị, đạo đức", en = "Political and moral qualities", maximum = 10 },
  { code = "ii", vi = "Năng lực, trách nhiệm", en = "Competence, responsibility", maximum = 10 },
  { code = "iii", vi = "Đổi mới, sáng tạo", en = "Innovation", maximum = 10, allowed = [0, 5, 10] },
]
"""
WITH_LINES = (
    _SHIPPED.replace('id = "nd-335-2025"', 'id = "own-335"')
    .replace("per_delay = 0.25\n", f"per_delay = 0.25\n{_LINES}", 1)
    .encode()
)


def enter(office: Desk, owner: str, code: str, **typed: Any) -> None:
    """A leader types points of lines (`i`) and other cells of a person's row."""
    path = office.input(owner)
    book = openpyxl.load_workbook(path)
    at = [cell.value for cell in cells(book, "ev_period_person")].index(code)
    for name, value in typed.items():
        line = f"ev_period_points_period__{name}"
        cells(book, line if line in book.defined_names else f"ev_period_{name}")[at].value = value
    book.save(path)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A month under Decree 335 with common criteria in three lines: V1-02 enters for two people."""
    made = make_little_office(tmp_path_factory.mktemp("lines") / "office")
    use_rulebook(made.folder, NamedRuleBook(read_rulebook(WITH_LINES, "own.toml"), WITH_LINES, own=True))
    office = Desk(made.folder, "2026-W10")
    office.organisation = made.organisation
    office.issue_at(datetime(2026, 3, 2, 8))
    office.hand_in("V1-03", "V1-04")
    office.press()
    office.scored("V1-03", "V1-04")
    office.press()
    office.roll_up()
    enter(office, "V1-02", "V1-03", i=9, ii="8,5", iii=5, decision="Đã ghi")
    enter(
        office, "V1-02", "V1-04", i=9, iii=4, decision="Đã ghi"
    )  # one line is missing, and four points are not allowed
    office.roll_up()
    return office


def test_the_common_criteria_are_the_sum_of_their_lines(office: Desk) -> None:
    said = office.say("explain", MARCH, "V1-03", code=None)

    assert "Điểm tiêu chí chung: 22,5" in said
    assert "Điểm tiêu chí chung, dòng “Năng lực, trách nhiệm”: 8,5" in said
    assert "Tiêu chí!" in said


def test_a_line_that_is_missing_or_not_allowed_keeps_the_row_open(office: Desk) -> None:
    found = {(one["kind"], one["code"]): one for one in office.roll_up()["findings"]}

    missing, wrong = found["period_input.line_missing", "V1-04"], found["score.not_allowed", "V1-04"]
    assert (missing["sheet"], "Năng lực" in missing["message"]) == ("Tiêu chí", True)
    assert "0; 5; 10" in wrong["message"]
    assert "Điểm tiêu chí chung" not in office.say("explain", MARCH, "V1-04", code=None)

    enter(office, "V1-02", "V1-04", ii=8, iii=5, decision="Đã ghi")
    assert not {one["kind"] for one in office.roll_up()["findings"]} & {
        "period_input.line_missing",
        "score.not_allowed",
    }
    assert "Điểm tiêu chí chung: 22" in office.say("explain", MARCH, "V1-04", code=None)


def test_the_next_workbook_holds_the_lines_as_they_were_typed(office: Desk) -> None:
    at = read(office.input("V1-02"), "ev_period_line_person").index("V1-03")
    lines = [read(office.input("V1-02"), f"ev_period_points_period__{line}")[at] for line in ("i", "ii", "iii")]

    assert lines == [9, 8.5, 5]


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('en = "Innovation", maximum = 10', 'en = "Innovation", maximum = 11', "highest allowed"),
        ("common = 30", "common = 40", "come to 30"),
        ('code = "ii"', 'code = "i"', "one code"),
        ('en = "Innovation",', 'en = "Innovation", typed_by = "both",', "manager alone"),
    ],
)
def test_lines_of_a_period_that_make_no_sense_are_refused(right: str, wrong: str, says: str) -> None:
    text = WITH_LINES.decode()
    assert right in text

    with pytest.raises(BadRuleBookError, match=says):
        read_rulebook(text.replace(right, wrong, 1).encode(), "own.toml")


def test_a_rule_book_without_such_lines_has_none(tmp_path: Path) -> None:
    assert read_rulebook(_SHIPPED.encode(), "nd-335-2025.toml").period_lines == ()
