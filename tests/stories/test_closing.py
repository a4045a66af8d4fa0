"""Closing and opening again: what is closed, what it leaves open, who has to say yes, and what becomes of a period."""

from __future__ import annotations

import sys
from datetime import datetime
from io import StringIO
from pathlib import Path

import openpyxl
import pytest

from evalxl.domain.weeks import Period
from evalxl.records import folders
from evalxl.records.settings import load_settings
from tests.little_office import LittleOffice, make_little_office, tree

WEEK, MONTH, QUARTER = "2025-W23", "2025-06", "2025-Q2"
IN_TIME = datetime.fromisoformat("2025-06-06T16:00:00+07:00")  # the Friday of the week
AFTER = datetime.fromisoformat("2025-07-15T08:00:00+07:00")


@pytest.fixture(scope="module")
def _two_weeks(tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    """Of June 2025 weeks 23 and 24 were issued, 25 and 26 never; V1-03 is approved, V1-04 scored, P-02 handed in, P-03 was sent back."""
    office = make_little_office(tmp_path_factory.mktemp("closing") / "office")
    office.moment = IN_TIME
    office.say("issue", WEEK)
    office.hand_in("V1-03", "V1-04", "P-02", "P-03")
    office.consolidate()
    office.scored("V1-03", "V1-04")
    office.score("P-01", {"P-03": {"decision": "Trả lại", "comment": "Thiếu minh chứng"}})
    office.consolidate()
    office.approved("V1-03")
    office.consolidate()
    office.moment = AFTER
    office.say("issue", "2025-W24")
    return office


@pytest.fixture
def two_weeks(_two_weeks: LittleOffice, tmp_path: Path) -> LittleOffice:
    office = _two_weeks.copy(tmp_path / "office")
    office.moment = AFTER
    return office


def texts(path: Path, sheet: str) -> str:
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    return "\n".join(str(cell) for row in rows for cell in row if cell is not None)


def period_master(office: LittleOffice, period: str) -> Path:
    settings = load_settings(office.folder)
    return folders.period_path(settings, office.folder, Period.parse(period))


# A week


def test_a_week_that_has_not_ended_is_closed_only_where_somebody_says_yes(two_weeks: LittleOffice) -> None:
    two_weeks.moment = IN_TIME
    before = tree(two_weeks.folder)

    said = two_weeks.say("close", WEEK, code=2)

    assert said.count("\n") == 1 and f"evalxl close {WEEK} --yes" in said and "08/6/2025" in said
    assert tree(two_weeks.folder) == before
    assert "Đã chốt" in two_weeks.say("close", WEEK, "--yes")


def test_the_command_that_the_refusal_names_closes_it(two_weeks: LittleOffice) -> None:
    for what, two_weeks.moment in ((WEEK, IN_TIME), (MONTH, AFTER)):
        said = two_weeks.say("close", what, code=2)
        words = said.rpartition("evalxl ")[2].partition(" --office ")[0].split()
        assert words == ["close", what, "--yes"]
        two_weeks.say(*words)


def test_the_sunday_of_a_week_is_still_that_week(two_weeks: LittleOffice) -> None:
    two_weeks.moment = datetime.fromisoformat("2025-06-08T23:59:00+07:00")
    two_weeks.say("close", WEEK, code=2)
    two_weeks.moment = datetime.fromisoformat("2025-06-09T00:01:00+07:00")
    two_weeks.say("close", WEEK)


def test_closing_a_week_names_it_and_whose_results_it_leaves_open(two_weeks: LittleOffice) -> None:
    said = two_weeks.say("close", WEEK)
    (line,) = [line for line in said.splitlines() if line.startswith(f"  {WEEK}: ")]

    assert "Tuần 23 (từ ngày 02/6/2025 đến ngày 08/6/2025)" in line
    assert "chưa nộp 8 (" in line and "TK-01" in line
    assert "trả lại 1 (P-03)" in line and "chờ chấm 1 (P-02)" in line and "chờ phê duyệt 1 (V1-04)" in line


def test_programs_are_told_the_same(two_weeks: LittleOffice) -> None:
    told = two_weeks.json("close", WEEK, code=0)

    left = told["left_open"][WEEK]
    assert (told["done"], told["what"], told["weeks"]) == ("closed", WEEK, [WEEK])
    assert (left["returned"], left["not_scored"], left["not_approved"]) == (["P-03"], ["P-02"], ["V1-04"])
    assert len(left["missing"]) == 8 and "V1-03" not in left["missing"]


def test_closing_changes_nobodys_state(two_weeks: LittleOffice) -> None:
    before = two_weeks.table("results", WEEK)
    two_weeks.say("close", WEEK)

    assert two_weeks.table("results", WEEK) == before


@pytest.mark.parametrize("command", ["issue", "consolidate"])
def test_a_closed_week_takes_nothing_and_says_how_to_open_it(two_weeks: LittleOffice, command: str) -> None:
    two_weeks.say("close", WEEK)
    before = tree(two_weeks.folder)

    said = two_weeks.say(command, WEEK, code=2)

    assert said.count("\n") == 1 and f"evalxl reopen {WEEK} --reason" in said
    assert tree(two_weeks.folder) == before


def test_what_only_reads_works_on_open_weeks(two_weeks: LittleOffice, tmp_path: Path) -> None:
    two_weeks.say("export", WEEK, "--to", str(tmp_path / "x"))
    two_weeks.say("roll-up", MONTH)
    two_weeks.say("verify")
    two_weeks.say("explain", WEEK, "V1-03")
    two_weeks.say("explain", MONTH, "V1-03")


# A terminal


class _Screen(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "code"), [("C\n", 0), ("c\n", 0), ("\n", 2), ("k\n", 2), ("", 2)])
def test_at_a_terminal_it_asks(two_weeks: LittleOffice, typed: str, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    two_weeks.moment = IN_TIME
    monkeypatch.setattr(sys, "stdin", _Screen(typed))
    monkeypatch.setattr(sys, "stderr", screen := _Screen())

    assert two_weeks.run("close", WEEK) == code
    assert "chưa kết thúc" in screen.getvalue() and "Gõ C" in screen.getvalue()
    assert two_weeks.json("status", WEEK)["closed"] is (code == 0)


def test_a_program_is_never_asked(two_weeks: LittleOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    two_weeks.moment = IN_TIME
    monkeypatch.setattr(sys, "stdin", _Screen("C\n"))

    error = two_weeks.json("close", WEEK, code=2)["error"]
    assert (error["kind"], "--yes" in error["message"]) == ("close_unended", True)


# A period


def test_a_period_with_gaps_is_closed_only_where_somebody_says_yes(two_weeks: LittleOffice) -> None:
    before = tree(two_weeks.folder)

    said = two_weeks.say("close", MONTH, code=2)

    assert said.count("\n") == 1 and len(said) < 400
    assert f"evalxl close {MONTH} --yes" in said and "2 tuần chưa phát phiếu" in said
    assert "20 lượt chưa nộp" in said and "1 lượt chờ phê duyệt" in said
    assert tree(two_weeks.folder) == before


def test_closing_a_period_names_every_week_closed_with_it_and_every_week_never_issued(two_weeks: LittleOffice) -> None:
    said = two_weeks.say("close", MONTH, "--yes")
    lines = {line.split(":")[0].strip(): line for line in said.splitlines() if line.startswith("  2025-W")}

    assert list(lines) == ["2025-W23", "2025-W24", "2025-W25", "2025-W26"]
    assert all(word in lines["2025-W24"] for word in ("Tuần 24", "chốt", "chưa nộp 12"))
    assert "chưa phát phiếu" in lines["2025-W25"] and "chưa phát phiếu" in lines["2025-W26"]
    assert two_weeks.json("roll-up", MONTH)["never_issued"] == ["2025-W25", "2025-W26"]


def test_a_week_never_issued_is_named_in_the_master_of_its_closed_period_and_in_its_log(
    two_weeks: LittleOffice,
) -> None:
    two_weeks.say("close", MONTH, "--yes")
    path = period_master(two_weeks, MONTH)

    assert "Tuần 25 (từ ngày 16/6/2025 đến ngày 22/6/2025)" in texts(path, "Tổng quan")
    log = texts(path, "Nhật ký")
    assert "Tuần chưa phát phiếu" in log and "2025-W26: Tuần 26" in log
    assert "2025-W25" in two_weeks.say("roll-up", MONTH)


def test_a_week_off_is_no_gap(two_weeks: LittleOffice) -> None:
    days = ["16", "17", "18", "19", "20", "23", "24", "25", "26", "27"]
    two_weeks.organisation["days_off"] = [{"date": f"2025-06-{day}", "kind": "Nghỉ bù"} for day in days]
    two_weeks.reorganise()

    assert "chưa phát phiếu" not in two_weeks.say("close", MONTH, code=2)


def test_a_week_never_issued_of_a_closed_period_says_to_open_the_period(two_weeks: LittleOffice) -> None:
    """Opening the week itself is of no use: nothing was ever issued for it."""
    two_weeks.say("close", MONTH, "--yes")
    for command in ("issue", "consolidate"):
        said = two_weeks.say(command, "2025-W25", code=2)
        assert f"evalxl reopen {MONTH} --reason" in said
    two_weeks.say("reopen", MONTH, "--reason", "phát bổ sung tuần 25")
    two_weeks.say("issue", "2025-W25")


def test_a_whole_period_is_closed_without_a_question(tmp_path: Path) -> None:
    office = make_little_office(tmp_path / "office")
    office.organisation["people"] = [row for row in office.organisation["people"] if row["code"] in ("LD-01", "TK-01")]
    office.organisation["units"] = office.organisation["units"][:1]
    office.reorganise()
    for week in ("2025-W23", "2025-W24", "2025-W25", "2025-W26"):
        office.week = week
        office.moment = datetime.fromisoformat("2025-07-15T08:00:00+07:00")
        office.say("issue", week)
        office.hand_in("TK-01")
        office.consolidate()
        office.scored("TK-01")
        office.consolidate()

    said = office.say("close", MONTH)
    assert "Không còn gì dở dang." in said and all(f"2025-W{n}" in said for n in (23, 24, 25, 26))


# Opening again


def test_opening_a_week_of_a_closed_month_makes_the_month_provisional_and_says_so(two_weeks: LittleOffice) -> None:
    two_weeks.say("close", MONTH, "--yes")
    before = two_weeks.json("roll-up", MONTH)
    said = two_weeks.say("reopen", WEEK, "--reason", "chấm nhầm")
    after = two_weeks.json("roll-up", MONTH)

    assert f"  {WEEK}: " in said and "tạm tính" in said and "Tháng 6 năm 2025" in said
    assert (before["reopened"], after["reopened"], after["provisional"]) == ([], [WEEK], True)
    figures = [{**row, "provisional": None} for row in after["results"]]
    assert figures == [{**row, "provisional": None} for row in before["results"]]  # the figures of the closing stay
    assert all(row["provisional"] for row in after["results"])
    assert all("provisional" in row["flags"].split() for row in two_weeks.table("results", MONTH))
    assert "TẠM TÍNH" in texts(period_master(two_weeks, MONTH), "Tổng quan")
    assert "tạm tính" in two_weeks.say("roll-up", MONTH)


def test_the_month_is_provisional_no_more_when_the_week_is_closed_again(two_weeks: LittleOffice) -> None:
    two_weeks.say("close", MONTH, "--yes")
    two_weeks.say("reopen", WEEK, "--reason", "chấm nhầm")
    two_weeks.approved("V1-04")
    two_weeks.consolidate()
    said = two_weeks.say("close", WEEK)

    assert "không còn là tạm tính" in said
    told = two_weeks.json("roll-up", MONTH)
    assert (told["closed"], told["reopened"], told["later"]) == (True, [], ["V1-04"])
    assert "đang được mở lại" not in texts(period_master(two_weeks, MONTH), "Tổng quan")


def test_opening_a_month_of_a_closed_quarter_names_its_weeks_and_the_quarter(two_weeks: LittleOffice) -> None:
    two_weeks.say("close", MONTH, "--yes")
    two_weeks.say("close", QUARTER, "--yes")
    told = two_weeks.json("reopen", MONTH, "--reason", "sai sót")

    assert (told["weeks"], told["provisional"]) == (["2025-W23", "2025-W24"], [QUARTER])


def test_masters_made_again_say_the_same_of_a_month_with_a_week_open_again(two_weeks: LittleOffice) -> None:
    two_weeks.say("close", MONTH, "--yes")
    two_weeks.say("reopen", WEEK, "--reason", "chấm nhầm")
    path = period_master(two_weeks, MONTH)
    before = path.read_bytes()
    path.unlink()
    two_weeks.say("rebuild")

    assert path.read_bytes() == before


# Nine months


def test_nine_months_are_a_period(two_weeks: LittleOffice) -> None:
    assert "9 tháng đầu năm 2025" in two_weeks.say("roll-up", "2025-9M")
    assert two_weeks.json("what-if", "2025-9M", "--rulebook", "nd-335-2025")["period"] == "2025-9M"
    assert "9 tháng đầu năm 2025" in two_weeks.say("close", "2025-9m", code=2)
