"""More people than rows: workbooks with a row per person grow with the team, and whoever has no row is named."""

from __future__ import annotations

import shutil

import openpyxl

from evalxl.domain.rulebook import read_rulebook
from evalxl.forms import kinds
from evalxl.forms.kind import SIZES, capacity, size_for, table_named, template_name
from evalxl.records.package_files import shipped
from evalxl.records.rulebooks import NamedRuleBook, use_rulebook
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
    assert [size_for(kinds.SCORING, {"team": count}) for count in (0, 60, 61, 200, 201, 600, 900)] == [
        60,
        60,
        200,
        200,
        600,
        600,
        600,
    ]
    assert size_for(kinds.SCORING, {"team": 20, "checks": capacity("checks") + 1}) == 200


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
    assert len(cells(opened, "ev_check_task")) == table_named("checks").capacity(SIZES[1])
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


def _own_template(office: LittleOffice, rows: dict[str, int], name: str = "scoring.xlsx") -> None:
    """The office's own template, with fewer rows for some columns: `ev_assign_` 5 of 120."""
    book = openpyxl.load_workbook(shipped("templates") / name)
    for named, place in book.defined_names.items():
        for beginning, count in rows.items():
            if named.startswith(beginning) and ":" in place.attr_text:
                first, _, last = place.attr_text.partition(":$")
                letters = last.partition("$")[0]
                place.attr_text = f"{first}:${letters}${int(first.rpartition('$')[2]) + count - 1}"
    (office.folder / "templates").mkdir(exist_ok=True)
    book.save(office.folder / "templates" / name)


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
    exported = [row for row in office.table("findings") if row["kind"] == "book.no_room"]
    assert [row["message"] for row in exported] == [row["message"] for row in told]
    assert told[1]["message"] in office.say("status", office.week, code=1)

    (office.folder / "templates" / "scoring.xlsx").unlink()

    assert "book.no_room" not in {row["kind"] for row in office.consolidate()["findings"]}
    assert read(book, "ev_assign_task")[:9] == [*given, None]


def test_a_period_workbook_without_a_row_for_everybody_is_said_by_check_before_the_period_ends(
    made: LittleOffice,
) -> None:
    name = template_name(kinds.PERIOD_INPUT)
    _own_template(made, {"ev_period_": 2}, name)

    said = made.say("check", code=1)
    assert "Bảng đánh giá kỳ của LD-01 có 2 dòng, không đủ cho 3 người" in said and "VP-01" in said

    (made.folder / "templates" / name).unlink()
    assert "Bảng đánh giá kỳ" not in made.say("check")


def _catalogue(office: LittleOffice, count: int) -> list[str]:
    """So many task codes, of no position."""
    codes = [f"NV{number:04d}" for number in range(1, count + 1)]
    office.organisation["tasks"] = [{"code": code, "name": f"Việc {code}"} for code in codes]
    office.reorganise()
    return codes


def _said_of_codes(office: LittleOffice) -> list[str]:
    kinds = ("task.code_unknown", "form.codes_not_offered")
    return [row["kind"] for row in office.consolidate()["findings"] if row["kind"] in kinds]


def test_a_form_offers_every_code_of_a_long_catalogue(made: LittleOffice) -> None:
    codes = _catalogue(made, 300)

    made.say("issue", made.week)
    form = made.form("V1-03")
    assert [code for code in read(form, "ev_list_task_code") if code] == codes
    before = form.read_bytes()
    made.say("issue", made.week)
    assert form.read_bytes() == before

    made.hand_in("V1-03", task_code=[codes[-1]])
    made.hand_in("V1-04", task_code=["NV9999"])
    assert _said_of_codes(made) == ["task.code_unknown"]
    assert [made.result(code)["state"] for code in ("V1-03", "V1-04")] == ["submitted"] * 2


def test_codes_that_an_own_form_has_no_room_for_are_named_and_read_when_typed(made: LittleOffice) -> None:
    codes = _catalogue(made, 8)
    _own_template(made, {"ev_list_task_code": 5, "ev_list_complexity": 2, "ev_list_coefficient": 2}, "form.xlsx")
    left = ", ".join(codes[5:])

    assert left in made.say("check", code=1)
    assert left in made.say("issue", made.week, code=1)
    assert [code for code in read(made.form("V1-03"), "ev_list_task_code") if code] == codes[:5]
    made.hand_in("V1-03", task_code=[codes[7]])
    made.hand_in("V1-04", task_code=["NV9999"])

    assert _said_of_codes(made) == ["form.codes_not_offered", "task.code_unknown"]
    assert made.finding("task.code_unknown")["code"] == "V1-04"  # the list is full; the catalogue of the week tells
    assert made.finding("form.codes_not_offered")["file"] == "templates/form.xlsx"
    assert "còn lại" not in made.finding("form.levels_not_offered")["message"]
    assert made.result("V1-03")["state"] == "submitted"

    (made.folder / "templates" / "form.xlsx").unlink()
    assert left not in made.say("check")


def test_a_form_offers_every_level_of_a_rule_book_with_many(made: LittleOffice) -> None:
    book = (shipped("rulebooks") / "cv-8679-2025.toml").read_text(encoding="utf-8")
    levels = "".join(
        f'[[complexity]]\ncode = "m{number}"\nvi = "Mức {number}"\nen = "Level {number}"\ncoefficient = {number}\n\n'
        for number in range(1, 9)
    )
    text = book.replace('id = "cv-8679-2025"', 'id = "many-levels"').replace(
        "[[complexity]]", levels + "[[complexity]]", 1
    )
    data = text.encode()
    use_rulebook(made.folder, NamedRuleBook(read_rulebook(data, "many-levels.toml"), data, own=True))

    made.say("check")
    made.say("issue", made.week)
    offered = [level for level in read(made.form("V1-03"), "ev_list_complexity") if level]
    assert offered[:8] == [f"Mức {number}" for number in range(1, 9)] and len(offered) == 12
    made.hand_in("V1-03", task_complexity=[offered[-1]])
    made.consolidate()
    assert made.result("V1-03")["state"] == "submitted"


def test_tasks_that_a_form_has_no_row_for_are_named_until_the_week_ends(made: LittleOffice) -> None:
    made.organisation["tasks"] = [
        {"code": f"NV{number}", "name": f"Việc {number}", "position": "TH", "recurring": "Có"}
        for number in range(1, 44)
    ]
    made.person("V1-03")["position"] = "TH"
    made.reorganise()

    assert "3 nhiệm vụ" in made.say("issue", made.week, code=1)
    made.consolidate()

    finding = made.finding("issue.too_many_tasks")
    assert finding["code"] == "V1-03" and "3 nhiệm vụ" in finding["message"]
