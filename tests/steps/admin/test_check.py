"""Checking an office: every slip of those who keep it, with its place."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalxl.excel.tables import TableDamagedError, TableEmptyError
from evalxl.records.office import OrganisationMissingError, OrganisationNotReadableError
from evalxl.records.rulebooks import NoSuchRuleBookError
from evalxl.records.settings import NotAnOfficeError
from evalxl.steps.admin.check import Checked, check, weeks_to_try, write_authorities
from evalxl.steps.admin.init import init
from evalxl.steps.admin.sample_organisation import sample_organisation

TODAY = date(2025, 6, 2)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    init(tmp_path, sample=True)
    return tmp_path


def change(office: Path, sheet: str, **cells: Any) -> None:
    """Type into the organisation workbook as the office staff do."""
    path = office / "organisation.xlsx"
    book = openpyxl.load_workbook(path)
    for address, value in cells.items():
        book[sheet][address] = value
    book.save(path)


def slips(checked: Checked) -> list[str]:
    return [f"{finding.file} {finding.brief()}" for finding in checked.findings]


def row_of(code: str) -> int:
    return 2 + [post.code for post in sample_organisation().posts].index(code)


def test_a_slip_is_told_with_file_sheet_and_cell(office: Path) -> None:
    row = row_of("VP-0007")
    change(office, "Cán bộ", **{f"C{row}": "VPP", f"E{row}": "Chuyên viên"})

    checked = check(office, TODAY)

    assert checked.organisation is None
    assert slips(checked) == [
        f"organisation.xlsx organisation.unknown_unit Cán bộ!C{row}",
        f"organisation.xlsx organisation.unknown_rank Cán bộ!E{row}",
    ]
    assert {finding.code for finding in checked.findings} == {"VP-0007"}


def test_a_person_whom_nobody_scores_or_approves_is_told_where_to_enter_it(office: Path) -> None:
    """The office is without its head and without a leader in charge; its chief alone entered a scorer."""
    change(office, "Đơn vị", D3=None, E3=None)
    row = row_of("VP-0002")

    told = slips(check(office, TODAY))

    assert f"organisation.xlsx organisation.no_scorer Cán bộ!H{row}" in told
    assert f"organisation.xlsx organisation.no_approver Cán bộ!J{row}" in told


def test_somebody_who_will_be_without_a_scorer_is_told_beforehand(office: Path) -> None:
    """The deputy who scores leaves at the end of July: the check in June already says whose scorer that is."""
    change(office, "Cán bộ", **{f"Q{row_of('VP-0003')}": date(2025, 7, 31)})

    told = slips(check(office, TODAY))

    assert f"organisation.xlsx organisation.authority_left Cán bộ!H{row_of('VP-0012')}" in told
    assert len(told) == len(set(told))


def test_past_weeks_are_not_asked_for(office: Path) -> None:
    """A new chief is the head of the office now; that he was not there last year is nobody's slip."""
    change(office, "Cán bộ", **{f"L{row_of('VP-0001')}": TODAY})

    assert slips(check(office, TODAY)) == []


def test_people_who_score_each_other_are_told(office: Path) -> None:
    change(office, "Cán bộ", **{f"H{row_of('VP-0001')}": "VP-0002", f"H{row_of('VP-0002')}": "VP-0001"})

    told = slips(check(office, TODAY))

    assert [slip for slip in told if "organisation.cycle Cán bộ!H" in slip]


def test_a_folder_for_a_unit_that_is_not_there_is_doubtful(office: Path) -> None:
    with (office / "office.toml").open("a", encoding="utf-8") as settings:
        settings.write("VP = 'rieng'\nVPP = 'khac'\n")

    assert slips(check(office, TODAY)) == ["office.toml organisation.unknown_unit_folder"]


def test_what_cannot_be_read_at_all_is_one_sentence(office: Path) -> None:
    workbook = office / "organisation.xlsx"

    for data, slip in ((b"", TableEmptyError), (b"PK\x03\x04 nonsense", TableDamagedError)):
        workbook.write_bytes(data)
        with pytest.raises(slip):
            check(office, TODAY)

    workbook.unlink()
    with pytest.raises(OrganisationMissingError):
        check(office, TODAY)

    workbook.mkdir()
    with pytest.raises(OrganisationNotReadableError, match="open in Excel"):
        check(office, TODAY)


def test_an_unknown_rule_book_is_one_sentence(office: Path) -> None:
    (office / "office.toml").write_text('rulebook = "khac"', encoding="utf-8")

    with pytest.raises(NoSuchRuleBookError, match="cv-8679-2025"):
        check(office, TODAY)


def test_a_folder_that_is_no_office_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotAnOfficeError):
        check(tmp_path, TODAY)


def test_the_weeks_that_are_tried_are_this_one_and_those_in_which_something_changes() -> None:
    weeks = weeks_to_try(sample_organisation(), TODAY)

    assert [str(week) for week in weeks] == ["2025-W23", "2025-W24", "2025-W25", "2025-W26"]


def test_a_workbook_shows_who_scores_and_approves_whom_and_why(office: Path, tmp_path: Path) -> None:
    to = tmp_path / "mới" / "ai chấm.xlsx"
    write_authorities(office, check(office, TODAY), to, TODAY)
    rows = {row[0]: row for row in openpyxl.load_workbook(to).active.iter_rows(min_row=4, values_only=True)}

    assert rows["VP-0001"][6:12] == (
        *("LĐ-0002", "Trần Biển Rộng", "Lãnh đạo phụ trách Văn phòng"),
        *("LĐ-0002", "Trần Biển Rộng", "Lãnh đạo phụ trách Văn phòng"),
    )
    assert rows["VP-0007"][6:9] == ("VP-0002", "Bùi Ngọn Đuốc", "Ghi trong ô của người này ở trang Cán bộ")
    assert rows["VP-0007"][9:12] == ("VP-0001", "Đặng Sông Lững Lờ", "Người đứng đầu Văn phòng")
    assert rows["LĐ-0001"][8] == "Không đánh giá: lãnh đạo, chưa ghi Người đánh giá"
    assert rows["VP-0007"][12:] == ("VP-0007 → VP-0002 → VP-0001", "Có phiếu")
    assert rows["LĐ-0001"][13] == "Không có phiếu: lãnh đạo không thuộc diện đánh giá tuần"
    given = openpyxl.load_workbook(to)["Ủy quyền"]
    assert [row[0] for row in given.iter_rows(min_row=4, values_only=True)] == [
        one.giver for one in sample_organisation().delegations if one.last >= TODAY
    ]


def test_where_units_report_the_workbook_shows_who_scores_and_approves_each_of_them(
    office: Path, tmp_path: Path
) -> None:
    to, settings = tmp_path / "ai chấm.xlsx", office / "office.toml"
    said = settings.read_text(encoding="utf-8")
    for answer in ("true", "false"):
        settings.write_text(re.sub("unit_reports = (true|false)", f"unit_reports = {answer}", said), encoding="utf-8")
        write_authorities(office, check(office, TODAY), to, TODAY)
        rows = list(openpyxl.load_workbook(to).active.iter_rows(min_row=4, values_only=True))
        units = {row[0]: row for row in rows if row[5] == "Tập thể"}
        assert bool(units) is (answer == "true")
        if units:
            assert units["VP"][1] == units["VP"][3] == "Văn phòng"
            assert (
                units["VP"][6:9] == units["VP"][9:12] == ("LĐ-0002", "Trần Biển Rộng", "Lãnh đạo phụ trách Văn phòng")
            )
            assert "LĐ" not in units  # the leaders' own unit reports to nobody


def test_it_is_said_when_the_days_off_run_out_and_what_the_head_of_the_pages_lacks(office: Path) -> None:
    assert check(office, date(2026, 12, 1)).notes == ()

    assert [note.kind for note in check(office, date(2027, 9, 4)).notes] == ["organisation.days_off_run_out"]
    settings = office / "office.toml"
    said = re.sub('place = ".*"', 'place = ""', settings.read_text(encoding="utf-8"), count=1)
    settings.write_text(said, encoding="utf-8")
    (found,) = check(office, TODAY).notes
    assert (found.kind, found.level, found.values["names"]) == ("organisation.head_missing", "note", "place")
