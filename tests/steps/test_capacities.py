"""More people than rows: workbooks with a row per person grow with the team, and whoever has no row is named."""

from __future__ import annotations

import shutil

import openpyxl

from evalxl.forms.fields import ROOMS, SIZES, size_for
from evalxl.records.package_files import shipped
from tests.little_office import LittleOffice, cells, person, read
from tests.people import type_into


def _team(office: LittleOffice, count: int) -> list[str]:
    """V1-02 scores so many officials."""
    codes = [f"V1-{number:02d}" for number in range(3, 3 + count)]
    known = {row["code"] for row in office.organisation["people"]}
    fresh = [person(code, f"Vũ Văn Nam {code}", "VU1", scorer="V1-02") for code in codes if code not in known]
    office.organisation["people"] += fresh
    office.reorganise()
    return codes


def test_the_smallest_capacity_that_has_room_is_taken() -> None:
    assert [size_for({"team": count}) for count in (0, 60, 61, 200, 201, 600, 900)] == [60, 60, 200, 200, 600, 600, 600]
    assert size_for({"team": 20, "checks": ROOMS["checks"][0] + 1}) == 200


def test_a_team_that_grows_gets_more_rows_and_keeps_what_was_typed(made: LittleOffice) -> None:
    codes = _team(made, 60)
    made.say("issue", made.week)
    made.hand_in(codes[0])
    made.consolidate()
    assert len(read(made.scoring("V1-02"), "ev_row_person")) == SIZES[0]
    made.score("V1-02", {codes[0]: {"quality": 36, "comment": "Đang xem"}, codes[1]: {"comment": "Hỏi lại"}})

    codes = _team(made, 63)
    assert "63" in made.say("check", code=1)
    made.say("issue", made.week, code=1)
    made.hand_in(codes[-1])
    made.consolidate()

    book = made.scoring("V1-02")
    opened = openpyxl.load_workbook(book)
    for name in ("ev_row_person", "ev_score_decision", "ev_row_open_items"):
        assert len(cells(opened, name)) == SIZES[1]
    assert len(cells(opened, "ev_check_task")) == ROOMS["checks"][1]
    assert made.people_in(book) == codes
    row = made.row(book, codes[0])
    assert (row["ev_score_quality"], row["ev_score_comment"]) == (36, "Đang xem")
    assert made.row(book, codes[1])["ev_score_comment"] == "Hỏi lại"
    assert [made.finding("book.many_people")[key] for key in ("code", "level")] == ["V1-02", "warning"]

    made.score("V1-02", {codes[-1]: {"quality": 36, "progress": 36, "conduct": 17, "decision": "Đã chấm"}})
    made.consolidate()
    assert made.result(codes[-1])["state"] == "scored"
    assert codes[-1] in made.people_in(made.approval("V1-01"))


def test_an_own_template_keeps_its_rows_and_whoever_has_none_is_named(made: LittleOffice) -> None:
    (made.folder / "templates").mkdir(exist_ok=True)
    shutil.copy(shipped("templates") / "scoring.xlsx", made.folder / "templates" / "scoring.xlsx")
    codes = _team(made, 62)
    left = ", ".join(codes[60:])

    assert left in made.say("check", code=1)
    assert left in made.say("issue", made.week, code=1)
    made.hand_in(codes[0])
    made.consolidate()

    assert len(made.people_in(made.scoring("V1-02"))) == SIZES[0]
    finding = made.finding("book.no_row")
    assert (finding["level"], finding["code"]) == ("error", "V1-02") and left in finding["message"]
    assert left in made.say("status", made.week, code=1)


def _own_template(office: LittleOffice, rows: dict[str, int]) -> None:
    """The office's own scoring template, with fewer rows for some columns: `ev_assign_` 5 of 120."""
    book = openpyxl.load_workbook(shipped("templates") / "scoring.xlsx")
    for name, place in book.defined_names.items():
        for beginning, count in rows.items():
            if name.startswith(beginning):
                first, _, last = place.attr_text.partition(":$")
                letters = last.partition("$")[0]
                place.attr_text = f"{first}:${letters}${int(first.rpartition('$')[2]) + count - 1}"
    (office.folder / "templates").mkdir(exist_ok=True)
    book.save(office.folder / "templates" / "scoring.xlsx")


def test_tasks_that_have_no_row_in_an_own_template_are_said_and_kept(handed_in: LittleOffice) -> None:
    office, given = handed_in, [f"Việc {number}" for number in range(8)]
    book = office.scoring("V1-02")
    type_into(book, {"ev_assign_person": ["V1-03"] * 8, "ev_assign_task": given})
    office.consolidate()

    _own_template(office, {"ev_assign_": 5, "ev_check_": 3})
    told = [row for row in office.consolidate()["findings"] if row["kind"] == "book.no_room"]

    assert [(row["level"], row["code"]) for row in told] == [("warning", "V1-02")] * 2
    assert ["Nhiệm vụ" in row["message"] and "3 dòng" in row["message"] for row in told] == [True, False]
    assert "5 dòng" in told[1]["message"] and "8 nhiệm vụ" in told[1]["message"]
    assert read(book, "ev_assign_task") == given[:5]
    assert len(read(book, "ev_check_task")) == 3

    (office.folder / "templates" / "scoring.xlsx").unlink()

    assert "book.no_room" not in {row["kind"] for row in office.consolidate()["findings"]}
    assert read(book, "ev_assign_task")[:9] == [*given, None]
