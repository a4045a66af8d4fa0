"""What people see in a workbook is what is booked, through a whole week: results in the place of formulas, people shown under each other's names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from tests.little_office import LittleOffice
from tests.mutants.package import give_format
from tests.people import cells

Book = Any


def altered(path: Path, alter: Callable[[Book], None]) -> Path:
    """Somebody opens a workbook, alters it and saves it."""
    book = openpyxl.load_workbook(path)
    alter(book)
    book.save(path)
    return path


def put(book: Book, name: str, row: int, value: Any) -> None:
    """A value in the place of a formula."""
    cell = cells(book, name)[row]
    assert str(cell.value).startswith("=")
    cell.value = value


def notes(office: LittleOffice) -> list[tuple[str, str]]:
    """Sheet and cell of each note that formulas are gone."""
    found = [row for row in office.table("findings") if row["kind"] == "file.formulas_lost"]
    assert {row["level"] for row in found} <= {"note"}
    return [(row["file"].rpartition("/")[2].split("_")[1] + " " + row["sheet"], row["cell"]) for row in found]


def test_results_in_the_place_of_formulas_are_noted_at_every_step_and_a_wrong_one_refuses_its_workbook(
    issued: LittleOffice,
) -> None:
    office = issued

    def right(book: Book) -> None:
        put(book, "ev_self_total", 0, 91)
        put(book, "ev_self_band", 0, "Hoàn thành xuất sắc nhiệm vụ")
        put(book, "ev_open_items", 0, "Đã điền đủ.")

    altered(office.hand_in("V1-03"), right)
    altered(office.hand_in("V1-04"), lambda book: put(book, "ev_self_total", 0, 92))
    office.consolidate()

    assert notes(office) == [("V1-03 Phiếu", "D18")]
    assert {row["code"]: row["state"] for row in office.table("results")}["V1-03"] == "submitted"
    refused = office.finding("cell.formula_replaced", "V1-04")
    assert (refused["level"], refused["cell"], refused["found"]) == ("error", "D18", "92")
    assert "xóa nội dung của ô này" in office.receipt("V1-04")

    altered(office.form("V1-04"), lambda book: setattr(cells(book, "ev_self_total")[0], "value", None))
    office.scored("V1-03", quality=36, progress=36, conduct=17)
    altered(office.scoring("V1-02"), lambda book: put(book, "ev_row_score_total", 0, 89))
    office.consolidate()

    results = {row["code"]: row for row in office.table("results")}
    assert (results["V1-04"]["state"], results["V1-04"]["self_total"]) == ("submitted", "91")
    assert (results["V1-03"]["state"], results["V1-03"]["scored_total"]) == ("scored", "89")
    assert {place for place, _ in notes(office)} == {"V1-03 Phiếu", "V1-04 Phiếu", "V1-02 Chấm điểm"}

    office.approve(
        "V1-01", {"V1-03": {"decision": "Phê duyệt có điều chỉnh", "quality": 37.5, "opinion": "Có sáng kiến"}}
    )
    altered(office.approval("V1-01"), lambda book: put(book, "ev_approve_total", 0, "90,50"))
    office.consolidate()

    results = {row["code"]: row for row in office.table("results")}
    assert (results["V1-03"]["state"], results["V1-03"]["approved_total"]) == ("approved", "90.5")
    assert "V1-01 Phê duyệt" in {place for place, _ in notes(office)}


def in_words(value: Any) -> str:
    """A number format that shows something whatever stands in the cell."""
    shown = f'"{value}"'
    return f"{shown};{shown};{shown};{shown}"


def by_format(cell: Any, shown: Any) -> None:
    cell.number_format = in_words(shown)


def under_a_condition(cell: Any, shown: Any) -> None:
    look = DifferentialStyle(numFmt=NumberFormat(numFmtId=200 + cell.column, formatCode=in_words(shown)))
    rule = Rule(type="expression", formula=["TRUE"], dxf=look)
    cell.parent.conditional_formatting.add(cell.coordinate, rule)


@pytest.mark.parametrize("names", [("ev_row_name",), ("ev_row_person", "ev_row_name", "ev_row_self_total")])
@pytest.mark.parametrize("way", [by_format, under_a_condition])
def test_two_people_who_are_shown_under_each_others_names_are_not_scored_the_other_way_round(
    handed_in: LittleOffice, way: Callable[[Any, Any], None], names: tuple[str, ...]
) -> None:
    """The values of the cells are as they were issued; what the manager sees is not."""
    office = handed_in

    def swapped(book: Book) -> None:
        for name in names:
            first, second = cells(book, name)[:2]
            shown = second.value, first.value
            for cell, other in zip((first, second), shown, strict=True):
                way(cell, other)

    office.scored("V1-03", quality=40, progress=40, conduct=20)
    office.scored("V1-04", quality=20, progress=20, conduct=10)
    altered(office.scoring("V1-02"), swapped)

    office.consolidate()

    results = {row["code"]: row for row in office.table("results")}
    assert {results[code]["state"] for code in ("V1-03", "V1-04")} == {"submitted"}
    assert not results["V1-03"]["scored_total"] and not results["V1-04"]["scored_total"]
    told = office.finding("cell.locked_shown_otherwise")
    assert told["level"] == "error"
    assert told["file"].endswith("V1-02_cham-diem.xlsx")
    assert told["sheet"] == "Chấm điểm" and told["cell"]


@pytest.mark.parametrize(
    ("name", "held", "code"),
    [
        ("decision", "Đã chấm", ";;;"),
        ("decision", "Trả lại", ';;;"Đã chấm"'),
        ("quality", 36, "dd/mm/yyyy"),
        ("quality", 36, "0%"),
        ("quality", 6, '"3"0'),
    ],
)
def test_what_showed_something_else_is_typed_again_whichever_it_is(
    handed_in: LittleOffice, name: str, held: Any, code: str
) -> None:
    """What was shown and what was held are both new when they are typed in the workbook that goes out then."""
    office = handed_in
    typed = {"quality": 36, "decision": "Đã chấm"}
    office.scored("V1-03", **{**typed, name: held})
    give_format(office.scoring("V1-02"), f"ev_score_{name}", 0, code)
    office.consolidate()
    before = (office.result("V1-03")["state"], office.findings("V1-03"))
    office.score("V1-02", {"V1-03": {name: typed[name]}})
    office.consolidate()

    assert before[0] == "submitted" and len(before[1]) == 1
    assert (office.result("V1-03")["state"], office.findings("V1-03")) == ("scored", [])


def test_a_link_that_led_elsewhere_while_scores_were_typed_is_told_until_they_are_approved_as_they_are(
    handed_in: LittleOffice,
) -> None:
    office, book = handed_in, handed_in.scoring("V1-02")

    def elsewhere(opened: Book) -> None:
        cells(opened, "ev_row_link")[0].hyperlink.target = "file:///khac.xlsx"

    def told() -> bool:
        return "cell.link_elsewhere" in {row["kind"] for row in office.consolidate()["findings"]}

    altered(book, elsewhere)
    office.scored("V1-03")
    assert told()
    assert "khac" not in cells(openpyxl.load_workbook(book), "ev_row_link")[0].hyperlink.target  # it was drawn anew
    assert told()

    office.approved("V1-03")
    assert not told()


def test_what_an_approvers_workbook_looked_like_is_told_until_a_later_run_records_something(
    scored: LittleOffice,
) -> None:
    office, book = scored, scored.approval("V1-01")

    def told() -> bool:
        return "cell.hard_to_see" in {row["kind"] for row in office.consolidate()["findings"]}

    office.approved("V1-03")
    altered(book, lambda opened: setattr(cells(opened, "ev_row_name")[0], "font", Font(color="FFFFFF")))
    assert told() and told()
    assert cells(openpyxl.load_workbook(book), "ev_row_name")[0].font.color.rgb != "00FFFFFF"  # it was drawn anew

    office.hand_in("P-03")
    assert not told()


def test_formulas_in_small_letters_as_some_programs_write_them_are_the_same_formulas(issued: LittleOffice) -> None:
    def small(book: Book) -> None:
        formulas = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        assert len(formulas) > 20
        for cell in formulas:
            # What stands between quotation marks is a text, and stays as it is.
            parts = str(cell.value).split('"')
            cell.value = '"'.join(part if n % 2 else part.lower() for n, part in enumerate(parts))

    altered(issued.hand_in("V1-03"), small)
    issued.consolidate()

    assert [row for row in issued.table("findings") if row["kind"].startswith(("cell.", "names.", "file."))] == []
    assert issued.result("V1-03")["state"] == "submitted"
