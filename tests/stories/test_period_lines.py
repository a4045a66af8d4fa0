"""A period rated by criteria of the office's own: a share of leaders, points of everybody, of leaders and of all others, lines, suggestions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalxl.domain.rulebook import BadRuleBookError, read_rulebook
from evalxl.records.package_files import shipped
from evalxl.records.rulebooks import NamedRuleBook, use_rulebook
from tests.libreoffice import Office as LibreOffice
from tests.little_office import cells, make_little_office, read
from tests.real_client.desk import exact, type_rows
from tests.stories.test_period_inputs import MARCH, Desk

OWN = (Path(__file__).parents[1] / "samples" / "rulebooks" / "tieu-chi-ky.toml").read_bytes()
_LINES = ("ideas", "digital", "hard")


def enter(office: Desk, owner: str, code: str, **typed: Any) -> None:
    """A leader types lines (`ideas`), criteria (`duty`) and other cells of a person's row."""
    path = office.input(owner)
    book = openpyxl.load_workbook(path)
    at = [cell.value for cell in cells(book, "ev_period_person")].index(code)
    for name, value in typed.items():
        cells(book, f"ev_period_points_initiative__{name}" if name in _LINES else f"ev_period_{name}")[at].value = value
    book.save(path)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """March under the office's own criteria. V1-02, a leader, enters for two people, and is rated by V1-01."""
    made = make_little_office(tmp_path_factory.mktemp("criteria") / "office")
    use_rulebook(made.folder, NamedRuleBook(read_rulebook(OWN, "own.toml"), OWN, own=True))
    office = Desk(made.folder, "2026-W10")
    office.organisation = made.organisation
    office.issue_at(datetime(2026, 3, 2, 8))
    office.hand_in("V1-02", "V1-03", "V1-04")
    office.press()
    office.scored("V1-02", "V1-03", "V1-04")
    office.press()
    office.roll_up()
    enter(office, "V1-02", "V1-03", duty=22, ideas=4, digital="2,5", hard=5, together=9.5, decision="Đã ghi")
    # One line is missing, two points are not allowed, and the last criterion is not asked of the person.
    enter(office, "V1-02", "V1-04", duty=20, ideas=4, digital=2, together=9, leading=7, decision="Đã ghi")
    office.roll_up()
    return office


def test_a_criterion_is_the_sum_of_its_lines_and_explained_down_to_each_cell(office: Desk) -> None:
    said = office.say("explain", MARCH, "V1-03", code=None)

    assert "Tiêu chí của kỳ, Đổi mới, sáng tạo: 11,5" in said
    assert "Đổi mới, sáng tạo, dòng “Ứng dụng chuyển đổi số”: 2,5" in said and "Tiêu chí!" in said
    assert "Tiêu chí của kỳ, Phối hợp với đồng nghiệp: 9,5" in said


def test_a_line_that_is_missing_or_not_allowed_keeps_the_row_open(office: Desk) -> None:
    found = {(one["kind"], one["code"]): one for one in office.roll_up()["findings"]}

    missing, wrong = found["period_input.line_missing", "V1-04"], found["score.not_allowed", "V1-04"]
    assert (missing["sheet"], "Nhận việc khó" in missing["message"]) == ("Tiêu chí", True)
    assert "0; 2,5; 5" in wrong["message"]
    assert found["period_input.no_leader", "V1-04"]["sheet"] == "Đánh giá kỳ"
    assert "Tiêu chí của kỳ" not in office.say("explain", MARCH, "V1-04", code=None)

    enter(office, "V1-02", "V1-04", digital=5, hard=3, leading=None)
    assert not [one for one in office.roll_up()["findings"] if one["code"] == "V1-04"]
    assert "Đổi mới, sáng tạo: 12" in office.say("explain", MARCH, "V1-04", code=None)


def test_the_next_workbook_holds_the_lines_as_they_were_typed_and_what_the_weeks_suggest(office: Desk) -> None:
    path = office.input("V1-02")
    at = read(path, "ev_period_line_person").index("V1-03")

    assert [read(path, f"ev_period_points_initiative__{line}")[at] for line in _LINES] == [4, 2.5, 5]
    shown = [read(path, f"ev_period_{name}")[at] for name in ("mean", "suggested_duty", "suggested_together")]
    assert shown == [89, 22.5, 8.5]  # 89 of 100 are 22.25 of 25, and 17 of 20 are 8.5 of 10, to the step


def test_a_leader_types_the_offices_own_criteria_in_libreoffice_and_sees_the_total_that_is_booked(
    office: Desk, libreoffice: LibreOffice, tmp_path: Path
) -> None:
    with libreoffice.open(office.input("V1-01")) as sheet:
        row = sheet.column("ev_period_person").index("V1-02")
        first = {"duty": "23.5", "leading": "9", "decision": "Đã ghi"}
        type_rows(sheet, "ev_period_person", {"V1-02": first}, "ev_period_")
        lines = {"ideas": "4", "digital": "5", "hard": "4.5"}
        type_rows(sheet, "ev_period_line_person", {"V1-02": lines}, "ev_period_points_initiative__")
        assert "Điều hành theo kế hoạch" in sheet.text("ev_period_open_items", row)
        assert sheet.value("ev_period_total", row) in (None, "")
        type_rows(sheet, "ev_period_person", {"V1-02": {"planning": "50"}}, "ev_period_")
        assert sheet.text("ev_period_open_items", row) == ""
        assert exact(sheet.value("ev_period_initiative", row)) == Decimal("13.5")
        assert not sheet.type_into("ev_period_initiative", row, "15")
        total, tasks = (exact(sheet.value(f"ev_period_{name}", row)) for name in ("total", "task_points"))
        sheet.save()
    told = office.roll_up()
    rating = told["ratings"]["V1-02"]
    office.say("export", MARCH, "--to", str(tmp_path))
    table = {
        name: [line for line in (tmp_path / f"{name}.csv").read_text("utf-8-sig").splitlines() if ",V1-02," in line]
        for name in ("results", "criteria")
    }
    master = openpyxl.load_workbook(told["master"]["file"])["Kết quả"]
    (shown,) = [row for row in master.iter_rows(values_only=True) if "V1-02" in row]

    assert total == tasks + 46 and str(total).rstrip("0").rstrip(".") in table["results"][0]
    assert len(table["criteria"]) == 7 and table["criteria"][0] == f"{MARCH},V1-02,planning,,share,100,50"
    assert f"{MARCH},V1-02,initiative,digital,points,5,5" in table["criteria"]
    assert Decimal(office.rating("V1-02", told)[0]) == total
    assert rating["criteria"] == {"planning": "50"}
    assert {name: rating[name] for name in ("duty", "initiative", "leading")} == {
        "duty": "23.5",
        "initiative": "13.5",
        "leading": "9",
    }
    assert {23.5, 13.5, 9, float(total)} <= set(shown)


def test_the_form_of_the_period_shows_the_lines_of_a_criterion_beside_their_sum(office: Desk) -> None:
    form = office.share / "periods" / f"{MARCH}_forms" / "VU1" / f"{MARCH}_V1-03_phieu-danh-gia.xlsx"
    (sheet,) = openpyxl.load_workbook(form).worksheets
    rows = [[value for value in row if value is not None] for row in sheet.iter_rows(values_only=True)]

    assert ["C", "Đổi mới, sáng tạo", 15, "11,50"] in [row[:4] for row in rows]
    assert ["– Ứng dụng chuyển đổi số", 5, "2,50"] in rows
    assert ["TỔNG ĐIỂM", 100] in [row[:2] for row in rows] and "A + B + C + D" in [row[-1] for row in rows if row]


_POINTS = 'counts = "points"\nmaximum = 25'


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('en = "Digital working", maximum = 5', 'en = "Digital working", maximum = 6', "highest allowed"),
        ("maximum = 15\n", "maximum = 25\n", "come to 15"),
        ('code = "hard"', 'code = "ideas"', "one code"),
        ('en = "New ideas and solutions",', 'en = "New ideas and solutions", typed_by = "both",', "manager alone"),
        ('code = "duty"', 'code = "mean"', "names something else"),
        ('code = "duty"', 'code = "planning"', "one code"),
        ('asked = "leaders"\n', "", "for leaders and to 60 for others"),
        ("allowed = [50, 100]", "allowed = [50, 90]", "highest allowed value"),
        ("allowed = [50, 100]", "maximum = 50", "its maximum is 100"),
        ('suggested_by = "weeks.conduct"', 'suggested_by = "weeks.manners"', "manners, which is no part"),
        ('suggested_by = "weeks"\n', 'suggested_by = "mood"\n', "suggested_by"),
        ("tasks = 50", "tasks = 30", "starts above 80"),
    ],
)
def test_criteria_of_a_period_that_make_no_sense_are_refused(right: str, wrong: str, says: str) -> None:
    text = OWN.decode()
    assert right in text

    with pytest.raises(BadRuleBookError, match=says):
        read_rulebook(text.replace(right, wrong, 1).encode(), "own.toml")


def test_a_rule_book_of_before_says_the_same_in_its_own_words() -> None:
    """`common = 30` and criteria that are only named: points of everybody, and shares of leaders."""
    now = (shipped("rulebooks") / "nd-335-2025.toml").read_text(encoding="utf-8")
    start, end = (
        now.index('[[period.ratios.criteria]]\ncode = "common"'),
        now.index("# Civil servants in leading posts"),
    )
    before = (now[:start] + now[end:]).replace("[period.ratios]\n", "[period.ratios]\ncommon = 30\n", 1)
    new, old = (read_rulebook(text.encode(), "nd-335-2025.toml").period.ratios for text in (now, before))

    assert new is not None and old == new
    assert [(row.code, row.counts, row.asked, row.maximum) for row in new.criteria] == [
        ("common", "points", "everybody", 30),
        ("unit_result", "share", "leaders", 100),
        ("organising", "share", "leaders", 100),
        ("uniting", "share", "leaders", 100),
    ]
    assert new.lines == ()
