"""Months, quarters, half-years and years, told as an office lives them."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from evalxl.records.package_files import shipped
from tests.little_office import LittleOffice, make_little_office, tree


@pytest.fixture(scope="module")
def after_two_weeks(tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    """June 2025 as far as its second week: V1-03 and V1-04 scored and approved in the first, V1-03 scored in the second."""
    office = make_little_office(tmp_path_factory.mktemp("period") / "office")
    for week, codes in (("2025-W23", "V1-03 V1-04"), ("2025-W24", "V1-03")):
        office.week = week
        office.say("issue", week)
        for code in codes.split():
            office.hand_in(code)
        office.consolidate()
        for code in codes.split():
            office.scored(code)
        office.consolidate()
    return office


def sheet_of(path: Path, name: str) -> list[list[object]]:
    return [list(row) for row in openpyxl.load_workbook(path)[name].iter_rows(values_only=True)]


def test_a_month_is_rolled_up_into_one_workbook(after_two_weeks: LittleOffice) -> None:
    office = after_two_weeks
    said = office.say("roll-up", "2025-06")
    path = office.folder / "shared" / "periods" / "2025-06_tong-hop.xlsx"
    book = openpyxl.load_workbook(path)

    assert "Tháng 6 năm 2025" in said and str(path) in said
    assert book.sheetnames == [
        *("Tổng quan", "Kết quả", "Từng tuần", "Dự kiến xếp loại", "Đề nghị xuất sắc", "Cảnh báo"),
        *("Khó khăn, kiến nghị", "Thống kê nhiệm vụ", "Phát sinh sau khi chốt", "Nhật ký"),
    ]
    assert not any(
        str(value).startswith("=") for sheet in book for row in sheet.iter_rows(values_only=True) for value in row
    )


def test_task_statistics_and_signals_lie_beside_the_master_and_are_never_taken_for_forms(
    after_two_weeks: LittleOffice,
) -> None:
    office = after_two_weeks
    told = office.json("roll-up", "2025-06", code=0)
    periods = office.folder / "shared" / "periods"
    books = [Path(book["file"]) for book in told["beside"]]

    assert books == [periods / "2025-06_statistics.xlsx", office.folder / "periods" / "2025-06_signals.xlsx"]
    assert openpyxl.load_workbook(books[0]).sheetnames[0] == "Vị trí việc làm"
    assert openpyxl.load_workbook(books[1]).sheetnames[0] == "Dấu hiệu cần lưu ý"
    assert not list((office.folder / "shared").rglob("*signals*"))

    before = office.json("status", office.week)
    dropped = office.folder / "shared" / office.week
    for book in books:
        (dropped / book.name).write_bytes(book.read_bytes())
    office.consolidate()
    assert office.json("status", office.week)["findings"] == before["findings"]
    for book in books:
        (dropped / book.name).unlink()


@pytest.mark.parametrize(
    ("period", "name"),
    [("2025-Q2", "Quý II năm 2025"), ("2025-H1", "6 tháng đầu năm 2025"), ("2025", "Năm 2025")],
)
def test_longer_periods_are_rolled_up_by_the_same_command(
    after_two_weeks: LittleOffice, period: str, name: str
) -> None:
    assert name in after_two_weeks.say("roll-up", period)


def test_the_roll_up_and_the_export_say_the_same(after_two_weeks: LittleOffice) -> None:
    told = {row["code"]: row for row in after_two_weeks.json("roll-up", "2025-06", code=0)["results"]}
    table = {row["code"]: row for row in after_two_weeks.table("results", "2025-06")}

    assert set(told) == set(table)
    for code, row in told.items():
        assert (row["mean"] or "", row["basis"], row["band"]) == (
            table[code]["counted_total"],
            table[code]["counted_basis"],
            table[code]["band"],
        )
    assert (told["V1-03"]["awaiting"], told["V1-03"]["evaluated"], told["V1-04"]["missing"]) == (2, 0, 1)


def test_a_period_of_which_nothing_was_issued_is_one_sentence(after_two_weeks: LittleOffice) -> None:
    said = after_two_weeks.say("roll-up", "2024-06", code=2)

    assert said.count("\n") == 1 and "2024" in said


def test_a_closed_period_keeps_its_figures_and_shows_what_came_later(tmp_path: Path) -> None:
    """The month is closed; then the week is opened again by itself and a score is corrected."""
    office = make_little_office(tmp_path / "office")
    office.say("issue", office.week)
    office.hand_in("V1-03")
    office.consolidate()
    office.scored("V1-03")
    office.consolidate()
    office.say("close", "2025-06", "--yes")
    before = office.json("roll-up", "2025-06")["results"]
    weeks = office.table("weeks", "2025-06")
    tried = office.json("what-if", "2025-06", "--rulebook", "cv-8679-2025")
    office.say("reopen", office.week, "--reason", "chấm nhầm")
    office.scored("V1-03", quality=20, explanation="Xem lại sản phẩm", comment="Đã xem lại")
    office.consolidate()
    after = office.json("roll-up", "2025-06")

    assert after["closed"] and after["later"] == ["V1-03"]
    # The week is open again, so the month is provisional; its figures stay.
    figures = [[{**row, "provisional": None} for row in rows] for rows in (after["results"], before)]
    assert figures[0] == figures[1] and after["reopened"] == [office.week]
    # What stands behind the figures and beside them goes by the closing too; the week itself goes by what it is now.
    assert office.table("weeks", "2025-06") == weeks != office.table("results", office.week)
    assert office.json("what-if", "2025-06", "--rulebook", "cv-8679-2025") == tried
    path = office.folder / "shared" / "periods" / "2025-06_tong-hop.xlsx"
    assert any("V1-03" in row for row in sheet_of(path, "Phát sinh sau khi chốt"))


# Other rules


def test_other_rules_are_tried_and_the_ledger_is_not_touched(after_two_weeks: LittleOffice) -> None:
    office = after_two_weeks
    before = tree(office.folder)
    said = office.say("what-if", "2025-06", "--rulebook", "nd-335-2025")
    told = {row["code"]: row for row in office.json("what-if", "2025-06", "--rulebook", "nd-335-2025")["people"]}

    assert tree(office.folder) == before
    assert "Nghị định 335/2025/NĐ-CP" in said and "không ghi gì vào sổ" in said
    assert told["V1-03"]["task_points"] is not None and told["V1-03"]["other_mean"] is None
    assert told["V1-01"]["task_points"] is None


def test_under_an_offices_own_rule_book_other_bands_are_seen_for_certain(after_two_weeks: LittleOffice) -> None:
    office = after_two_weeks
    strict = (shipped("rulebooks") / "cv-8679-2025.toml").read_text(encoding="utf-8")
    strict = strict.replace('id = "cv-8679-2025"', 'id = "strict"').replace("at_least = 75\n", "at_least = 89.5\n")
    (office.folder / "rulebooks").mkdir(exist_ok=True)
    (office.folder / "rulebooks" / "strict.toml").write_text(strict, encoding="utf-8")
    told = office.json("what-if", "2025-06", "--rulebook", "strict")

    changed = {row["code"]: (row["band"], row["other_bands"]) for row in told["people"] if row["changed"]}
    assert changed["V1-03"] == ("good", ["completed"])
    assert office.say("what-if", "2025-06", "--rulebook", "strict").count("→") == len(changed)


def test_rules_that_nobody_knows_are_one_sentence_with_those_that_are_known(after_two_weeks: LittleOffice) -> None:
    said = after_two_weeks.say("what-if", "2025-06", "--rulebook", "nd-335", code=2)

    assert said.count("\n") == 1 and "cv-8679-2025, nd-335-2025" in said


# Explaining


def test_a_mean_is_followed_down_to_its_weeks_their_events_and_files(after_two_weeks: LittleOffice) -> None:
    office = after_two_weeks
    said = office.say("explain", "2025-06", "V1-03")
    told = office.json("explain", "2025-06", "V1-03", code=0)
    events = {row["week"]: row["event"] for row in told["weeks"]}

    assert "Tuần 23" in said and "Tuần 24" in said and "Điểm bình quân của kỳ" in said
    assert list(events) == ["2025-W23", "2025-W24"] and all(events.values())
    assert all(row["file"].endswith(".xlsx") for row in told["weeks"])
    for week, event in events.items():
        shown = office.say("explain", week, "V1-03")
        assert f"số ghi nhận {event}" in shown


def test_somebody_who_is_not_in_the_period_is_one_sentence(after_two_weeks: LittleOffice) -> None:
    assert after_two_weeks.say("explain", "2025-06", "ZZ-99", code=2).count("\n") == 1
