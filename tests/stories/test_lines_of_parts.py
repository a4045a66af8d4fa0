"""An office whose rule book has parts with lines: every line has its own points, and the part is their sum."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalxl.records.package_files import shipped
from evalxl.steps.views.look_without_office import look_alone
from tests.libreoffice import Office as LibreOffice
from tests.little_office import LittleOffice, make_little_office, read
from tests.people import type_into
from tests.stories.test_rule_books import WORDS, row_of, under

COMMON = {
    "i1": 5,
    "i2": 4.5,
    "ii1": 2.5,
    "ii2": 2,
    "ii3": 2.5,
    "ii4": 2,
    "iii1": 1,
    "iii2": 1,
    "iii3": 2.5,
    "iii4": 2.5,
}
ORDER = {"hours": 4, "study": 1.5}
OWN = {
    "ev_self_quality": 27,
    "ev_self_progress": 26,
    **{f"ev_line_self_common__{line}": points for line, points in COMMON.items()},
    **{f"ev_line_self_discipline__{line}": points for line, points in ORDER.items()},
}


def hand_in(office: LittleOffice, code: str, **changed: Any) -> None:
    office.in_time(type_into(office.form(code), WORDS | OWN | changed))


@pytest.fixture(scope="module")
def lined(tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    """A week by lines, from the forms on."""
    office = under(make_little_office(tmp_path_factory.mktemp("lined") / "office"), "theo-dong.toml")
    office.say("issue", office.week)
    hand_in(office, "V1-03")
    hand_in(office, "V1-04", ev_line_self_common__i2=None)
    hand_in(office, "P-02", ev_line_self_discipline__hours=3)
    hand_in(office, "P-03", ev_line_self_common__i1="4,5")
    hand_in(office, "V1-02")
    office.consolidate()
    return office


def give(office: LittleOffice, manager: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """A manager types scores of parts (`quality`) and of lines (`common__i1`), and decides."""
    named = {
        code: {f"line_score_{name}" if "__" in name else f"score_{name}": value for name, value in row.items()}
        for code, row in rows.items()
    }
    office._rows(office.scoring(manager), named, "ev_")


TASKS = {"quality": 27, "progress": 26, "decision": "Đã chấm"}


@pytest.fixture(scope="module")
def scored(lined: LittleOffice, tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    """The same week after the managers scored, and the first approval."""
    office = lined.copy(tmp_path_factory.mktemp("scored") / "office")
    give(office, "V1-02", {"V1-03": {**TASKS, "common__i2": 4, "discipline__rules": 4}})
    give(
        office, "P-01", {"P-03": {**TASKS, "discipline__study": 2}}
    )  # `rules` is left empty, and `study` is the person's
    give(office, "V1-01", {"V1-02": {**TASKS, "common__iii1": 2, "discipline__rules": 3}})  # 2 is not allowed there
    office.consolidate()
    typed = {"decision": "Phê duyệt có điều chỉnh", "common": 24, "opinion": "Theo kết luận giao ban"}
    office.approve("V1-01", {"V1-03": typed})
    office.consolidate()
    return office


def test_the_self_score_of_a_part_is_the_sum_of_its_lines(lined: LittleOffice) -> None:
    row = row_of(lined, "V1-03")

    assert [row[f"self_{part}"] for part in ("quality", "common", "discipline", "total")] == ["27", "25.5", "5.5", "84"]
    assert row_of(lined, "P-03")["self_common"] == "25"  # a comma as people type it is repaired in a line too


def test_a_line_that_is_missing_is_named_with_its_cell_and_is_no_zero(lined: LittleOffice) -> None:
    missing, row = lined.finding("form.score_missing"), row_of(lined, "V1-04")

    assert (missing["code"], missing["cell"] != "", "Ý thức kỷ luật" in missing["message"]) == ("V1-04", True, True)
    assert (row["state"], row["self_common"], row["self_total"]) == ("invalid", "", "")


def test_points_that_a_line_does_not_allow_are_refused_and_the_allowed_ones_named(lined: LittleOffice) -> None:
    wrong = lined.finding("score.not_allowed")

    assert (wrong["code"], "0; 2; 4" in wrong["message"], "Giờ giấc" in wrong["message"]) == ("P-02", True, True)
    assert row_of(lined, "P-02")["state"] == "invalid"


def test_a_manager_finds_what_the_person_gave_and_changes_only_what_is_seen_differently(scored: LittleOffice) -> None:
    row = row_of(scored, "V1-03")

    assert [row[f"self_{part}"] for part in ("common", "discipline")] == ["25.5", "5.5"]
    assert [row[f"scored_{part}"] for part in ("common", "discipline", "total")] == ["25", "9.5", "87.5"]
    assert [row[f"approved_{part}"] for part in ("common", "discipline", "total")] == ["24", "9.5", "86.5"]


def test_a_line_of_the_manager_alone_makes_no_difference_from_the_self_score(scored: LittleOffice) -> None:
    # 9,5 against 5,5 would be four points apart anyway; without the manager's own line nothing is.
    assert row_of(scored, "V1-03")["state"] == "approved"


def test_a_row_waits_for_each_line_that_the_manager_has_to_give(scored: LittleOffice) -> None:
    missing, changed = scored.finding("score.missing"), scored.finding("score.line_of_person")

    assert (missing["code"], missing["sheet"], "Chấp hành nội quy" in missing["message"]) == ("P-03", "Tiêu chí", True)
    assert (changed["code"], changed["cell"] != missing["cell"], "1,5" in changed["message"]) == ("P-03", True, True)
    assert row_of(scored, "P-03")["scored_total"] == ""


def test_points_that_are_not_allowed_are_refused_in_the_managers_workbook_too(scored: LittleOffice) -> None:
    wrong = scored.finding("score.not_allowed", "V1-02")

    assert (wrong["sheet"], "0; 1; 2,5" in wrong["message"]) == ("Tiêu chí", True)
    assert row_of(scored, "V1-02")["scored_total"] == ""


def test_a_refreshed_workbook_holds_what_was_booked_and_what_was_refused(scored: LittleOffice) -> None:
    book = scored.scoring("V1-02")
    at = read(book, "ev_line_person").index("V1-03")

    assert [read(book, f"ev_line_score_common__{line}")[at] for line in ("i1", "i2")] == [5, 4]
    assert read(book, "ev_line_own_common__i2")[at] == 4.5
    waits = scored.scoring("P-01")
    at = read(waits, "ev_line_person").index("P-03")
    assert [read(waits, f"ev_line_score_discipline__{line}")[at] for line in ("hours", "rules", "study")] == [
        4,
        None,
        2,
    ]


def test_pressing_again_books_nothing_new(scored: LittleOffice, tmp_path: Path) -> None:
    office = scored.copy(tmp_path / "office")
    before = list((office.folder / "ledger").iterdir())

    office.consolidate()

    assert list((office.folder / "ledger").iterdir()) == before


@pytest.mark.libreoffice
def test_a_form_with_lines_adds_them_up_and_says_which_line_is_open(
    libreoffice: LibreOffice, lined: LittleOffice
) -> None:
    with libreoffice.open(lined.form("V1-01")) as form:
        lines = [(name, 0, str(points)) for name, points in OWN.items() if "_line_" in name]
        form.fill(lines[:3])
        fourth = form.text("ev_open_items")
        form.fill(lines[3:])

        assert form.text("ev_self_common") in ("25.5", "25,5")
        assert form.text("ev_self_discipline") in ("5.5", "5,5")
        assert not form.type_into("ev_self_common", 0, "30")
        assert f"ô {lined.cell_of(lined.form('V1-01'), 'ev_line_self_common__ii2')[1]} " in fourth
        assert "chất lượng" in form.text("ev_open_items")


@pytest.mark.libreoffice
def test_the_managers_program_adds_up_the_lines_and_says_what_is_missing(
    libreoffice: LibreOffice, lined: LittleOffice
) -> None:
    path = lined.scoring("V1-02")
    row = read(path, "ev_row_person").index("V1-03")

    with libreoffice.open(path) as book:
        before = book.text("ev_row_open_items", row)
        book.fill([("ev_score_quality", row, "27"), ("ev_score_progress", row, "26")])
        without = book.text("ev_row_open_items", row), book.text("ev_score_discipline", row)
        book.fill([("ev_line_score_discipline__rules", row, "4"), ("ev_line_score_common__i2", row, "4")])

        assert before == ""
        assert ("Nền nếp" in without[0], without[1]) == (True, "")
        assert [book.text(f"ev_score_{part}", row) for part in ("common", "discipline")] in (
            ["25", "9.5"],
            ["25", "9,5"],
        )
        assert book.text("ev_row_score_total", row) in ("87.50", "87,50")
        assert book.text("ev_row_difference", row) in ("-0.5", "-0,5")
        assert not book.type_into("ev_score_common", row, "30")


def test_every_line_leads_to_its_cell_in_the_form_and_in_the_managers_workbook(scored: LittleOffice) -> None:
    said = scored.say("explain", scored.week, "V1-03")

    for line in ("Tự chấm, dòng “Giờ giấc làm việc”: 4", "Điểm đánh giá, dòng “Chấp hành nội quy", "Tiêu chí!"):
        assert line in said


def test_the_masters_show_every_line_on_a_sheet_of_their_own(scored: LittleOffice) -> None:
    week = scored.share / scored.week
    unit = openpyxl.load_workbook(week / "VU1" / f"{scored.week}_VU1_tong-hop.xlsx")
    shown = [row for row in unit["Tiêu chí"].iter_rows(values_only=True) if row[0] == "V1-03"]
    rules = (*("Nền nếp", "Chấp hành nội quy, quy chế của cơ quan"), *(4, None, 4))

    assert unit.sheetnames[1:3] == ["Kết quả", "Tiêu chí"]
    assert len(shown) == 13 and rules in [row[3:8] for row in shown]


def test_the_export_has_a_row_for_each_person_and_line(scored: LittleOffice) -> None:
    rows = {(row["code"], row["line"]): row for row in scored.table("lines")}

    assert (rows["V1-03", "i2"]["self"], rows["V1-03", "i2"]["scored"], rows["V1-03", "i2"]["maximum"]) == (
        "4.5",
        "4",
        "5",
    )
    assert (rows["V1-03", "rules"]["self"], rows["V1-03", "rules"]["typed_by"]) == ("", "manager")
    assert ("V1-04", "i1") not in rows  # an invalid form is booked in no part


def test_a_period_of_such_weeks_has_the_means_of_the_parts(scored: LittleOffice, tmp_path: Path) -> None:
    office = scored.copy(tmp_path / "office")
    office.say("close", office.week, "--yes", code=None)
    office.say("roll-up", "2025-06", code=None)

    assert row_of(office, "V1-03", "2025-06")["approved_common"] == "24"


def test_check_names_an_own_template_without_the_lines_of_the_rule_book(lined: LittleOffice, tmp_path: Path) -> None:
    office = lined.copy(tmp_path / "office")
    office.say("templates", "build", "--rulebook", "vi-du-theo-dong", "--to", str(tmp_path / "made"))
    own = office.folder / "templates"
    own.mkdir(exist_ok=True)
    (own / "form.xlsx").write_bytes((tmp_path / "made" / "form.xlsx").read_bytes())
    (own / "scoring.xlsx").write_bytes((shipped("templates") / "scoring.xlsx").read_bytes())

    said = office.say("check", code=1)

    assert "templates/scoring.xlsx" in said
    assert ("ev_line_score_common__i1" in said, "templates/form.xlsx" in said) == (True, False)


def test_a_look_without_the_office_shows_the_scores_that_an_unknown_book_has_cells_for(
    lined: LittleOffice, scored: LittleOffice
) -> None:
    form, rows = look_alone((lined.form("V1-03"), scored.scoring("V1-02"))).files

    assert form.form is not None
    assert form.form["scores"] == {"quality": "27", "progress": "26", "common": "25.5", "discipline": "5.5"}
    assert [row["scores"]["discipline"] for row in rows.rows if row["subject"] == "V1-03"] == ["9.5"]
    assert "look.left_scores" in form.left_out


def test_a_line_that_is_scored_again_after_the_approval_is_told_from_what_to_what(
    scored: LittleOffice, tmp_path: Path
) -> None:
    """The sum stays as it was: what changed is in the lines alone."""
    office = scored.copy(tmp_path / "office")
    give(office, "V1-02", {"V1-03": {"common__i2": 5, "common__i1": 4}})
    office.consolidate()
    said = office.say("explain", office.week, "V1-03")
    path = office.approval("V1-01")
    standing = read(path, "ev_row_state")[read(path, "ev_row_person").index("V1-03")]

    for told in (said, standing):
        assert "Ý thức kỷ luật, kỷ cương trong thực thi công vụ: 4 → 5" in told
        assert "Phẩm chất chính trị, đạo đức, văn hóa thực thi công vụ: 5 → 4" in told
    assert row_of(office, "V1-03")["state"] == "scored"
