"""What leaders enter for a period: it goes out with the roll-up, comes back with the next one, and nothing typed is lost."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalxl.cli import shown_period  # noqa: F401 - says how a roll-up is shown
from evalxl.cli.show import record
from evalxl.domain.weeks import Period, Week
from evalxl.records import folders
from evalxl.records.settings import load_settings
from evalxl.steps.consolidate import consolidate
from evalxl.steps.office.office import Clock, Office
from evalxl.steps.periods.roll_up import roll_up_period
from evalxl.steps.reports import archive_pack
from tests.examine_here import examine_here
from tests.libreoffice import Office as LibreOffice
from tests.little_office import LittleOffice, cells, make_little_office, read, tree
from tests.mutants.package import give_format
from tests.people import saved_at, saved_later, type_into
from tests.real_client.desk import exact, type_rows
from tests.steps.test_copies_of_workbooks import MONDAY, at

MARCH, JUNE = "2026-03", "2025-06"
NOTE = "Có khả năng tham mưu độc lập; cần bồi dưỡng về pháp chế"
SAID = {"note": NOTE, "decision": "Đã ghi"}
LED = {"unit_result": 100, "organising": 90, "uniting": 95}


class Desk(LittleOffice):
    """The little office under Decree 335."""

    def input(self, owner: str, period: str = MARCH) -> Path:
        return self.share / "periods" / f"{period}_{owner}_tieu-chi.xlsx"

    def enter(self, owner: str, rows: Mapping[str, Mapping[str, Any]], to: Path | None = None) -> Path:
        """A leader types into the rows of some people."""
        book = openpyxl.load_workbook(self.input(owner))
        people = [cell.value for cell in cells(book, "ev_period_person")]
        for code, typed in rows.items():
            for name, value in typed.items():
                cells(book, f"ev_period_{name}")[people.index(code)].value = value
        book.save(to or self.input(owner))
        return to or self.input(owner)

    def row_of(self, owner: str, code: str) -> dict[str, Any]:
        people = read(self.input(owner), "ev_period_person")
        names = ("weeks", "mean", "quantity", "leads", "common", "unit_result", "note", "decision")
        return {name: read(self.input(owner), f"ev_period_{name}")[people.index(code)] for name in names}

    def roll_up(self, period: str = MARCH) -> dict[str, Any]:
        """Roll up as the command does, without processes of its own for the few files of a test; what it says to programs."""
        office = Office.open(self.folder)
        office.examiner = examine_here
        return record(
            roll_up_period(office, Period.parse(period), Clock(datetime.now().astimezone(), "văn phòng")), "vi"
        )

    def said_in_signals(self, note: str, period: str = MARCH) -> list[tuple[Any, ...]]:
        """The rows of the office's restricted sheet that hold a note."""
        path = folders.signals_path(load_settings(self.folder), self.folder, Period.parse(period))
        sheet = openpyxl.load_workbook(path)["Tiềm năng, đào tạo"]
        return [row for row in sheet.iter_rows(values_only=True) if note in row]

    def press(self) -> None:
        office = Office.open(self.folder)
        office.examiner = examine_here
        friday = datetime(2026, 3, 6, 17, tzinfo=office.settings.zone)
        consolidate(office, Week.parse(self.week), Clock(friday, "văn phòng"))

    def rating(self, code: str, told: Mapping[str, Any]) -> tuple[Any, Any]:
        row = next(row for row in told["results"] if row["code"] == code)
        return row["mean"], row["band"]


def _desk(folder: Path) -> Desk:
    made = make_little_office(folder)
    settings = folder / "office.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('rulebook = "cv-8679-2025"', 'rulebook = "nd-335-2025"'), encoding="utf-8")
    assert load_settings(folder).rulebook == "nd-335-2025"
    office = Desk(made.folder, "2026-W10")
    office.organisation = made.organisation
    office.issue_at(datetime(2026, 3, 2, 8))
    office.hand_in("V1-03", "V1-04", "V1-02")
    office.press()
    office.scored("V1-03", "V1-04", "V1-02")
    office.press()
    office.approved("V1-03", "V1-04")
    office.press()
    return office


@pytest.fixture(scope="module")
def _decree(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """March 2026 under Decree 335, rolled up once: V1-03 and V1-04 are scored by V1-02, who is a leader and scored by V1-01."""
    office = _desk(tmp_path_factory.mktemp("decree") / "office")
    office.say("roll-up", MARCH)
    return office


@pytest.fixture
def decree(_decree: Desk, tmp_path: Path) -> Desk:
    shutil.copytree(_decree.folder, tmp_path / "office")
    office = Desk(tmp_path / "office", "2026-W10")
    office.organisation = deepcopy(_decree.organisation)
    return office


@pytest.fixture
def letter(approved: LittleOffice) -> Desk:
    """June 2025 under the letter, which rates by the mean of the weeks; V1-03 is approved."""
    office = Desk(approved.folder, approved.week)
    office.say("roll-up", JUNE)
    return office


def test_a_workbook_goes_out_to_everybody_who_scores_somebody_at_the_end_of_the_period(decree: Desk) -> None:
    owners = sorted(path.stem.split("_")[1] for path in (decree.share / "periods").glob("*_tieu-chi.xlsx"))
    row, leader = decree.row_of("V1-02", "V1-03"), decree.row_of("V1-01", "V1-02")

    assert owners == ["C-01", "LD-01", "LD-02", "P-01", "V1-01", "V1-02", "VP-01"]
    assert [code for code in read(decree.input("V1-02"), "ev_period_person") if code] == ["V1-03", "V1-04"]
    assert (row["weeks"], row["mean"], row["quantity"], row["leads"]) == (1, 89, 100, None)
    assert (row["decision"], row["common"], leader["leads"]) == ("Chưa ghi", None, "Có")


def test_without_common_criteria_the_total_is_not_there_and_never_zero(decree: Desk) -> None:
    told = decree.roll_up()

    assert told["ratings"]["V1-03"]["task_points"] == "70" and told["ratings"]["V1-03"]["total"] is None
    assert decree.rating("V1-03", told) == (None, "")
    assert decree.table("results", MARCH)[0]["counted_total"] == ""
    assert "chưa có" in decree.say("what-if", MARCH, "--rulebook", "nd-335-2025")


def test_what_a_leader_enters_makes_the_total(decree: Desk) -> None:
    decree.enter("V1-02", {"V1-03": {"common": 27.5, "note": NOTE, "decision": "Đã ghi"}})
    told = decree.roll_up()
    row = decree.row_of("V1-02", "V1-03")
    export = {row["code"]: row for row in decree.table("results", MARCH)}
    tried = {row["code"]: row for row in decree.json("what-if", MARCH, "--rulebook", "nd-335-2025")["people"]}

    assert told["findings"] == []
    assert decree.rating("V1-03", told) == ("97.5", "excellent")
    assert (export["V1-03"]["counted_total"], export["V1-04"]["counted_total"]) == ("97.5", "")
    assert (tried["V1-03"]["total"], tried["V1-03"]["other_bands"]) == ("97.5", ["excellent"])
    assert (tried["V1-04"]["total"], tried["V1-04"]["other_bands"]) == (None, ["good", "excellent"])
    assert (row["common"], row["note"], row["decision"]) == (27.5, NOTE, "Đã ghi")


def test_a_leader_is_rated_by_the_criteria_of_the_decree_too(decree: Desk) -> None:
    """The mean of six: three ratios of 100 per cent, and what the head entered."""
    decree.enter("V1-01", {"V1-02": {"common": 28, **LED, "decision": "Đã ghi"}})
    told = decree.roll_up()

    total = (Decimal(300) + 100 + 90 + 95) / 6 * 70 / 100 + 28
    assert Decimal(decree.rating("V1-02", told)[0]).quantize(Decimal("0.0001")) == total.quantize(Decimal("0.0001"))


def test_a_second_roll_up_adds_nothing(decree: Desk) -> None:
    decree.enter("V1-02", {"V1-03": {"common": 27.5, "decision": "Đã ghi"}})
    decree.roll_up()
    lying = {path: path.read_bytes() for path in (decree.share / "periods").rglob("*.xlsx")}
    events = decree.events()

    told = decree.roll_up()

    assert decree.events() == events and told["inputs"] == []
    assert {path: path.read_bytes() for path in (decree.share / "periods").rglob("*.xlsx")} == lying
    assert decree.run("verify") == 0


@pytest.mark.parametrize(
    ("typed", "kind", "name"),
    [
        ({"V1-03": {"decision": "Đã ghi"}}, "period_input.criterion_missing", "common"),
        ({"V1-03": {"common": 31, "decision": "Đã ghi"}}, "period_input.out_of_bounds", "common"),
        ({"V1-03": {"common": "khá", "decision": "Đã ghi"}}, "number.unreadable", "common"),
        ({"V1-03": {"common": 28, "decision": "Xong"}}, "choice.unknown", "decision"),
        ({"V1-03": {"common": 28}}, "period_input.left_open", "decision"),
    ],
)
def test_a_row_that_lacks_something_is_not_booked_and_its_finding_says_which_cell(
    decree: Desk, typed: dict[str, Any], kind: str, name: str
) -> None:
    decree.enter("V1-02", typed)
    at = next(cell.coordinate for cell in cells(openpyxl.load_workbook(decree.input("V1-02")), f"ev_period_{name}"))
    told = decree.roll_up()

    assert (kind, "V1-03", at) in [(one["kind"], one["code"], one["cell"]) for one in told["findings"]]
    assert decree.rating("V1-03", told) == (None, "")
    for field, value in typed["V1-03"].items():  # nothing typed must be typed again
        assert decree.row_of("V1-02", "V1-03")[field] == value


def test_a_leaders_row_needs_every_criterion(decree: Desk) -> None:
    decree.enter("V1-01", {"V1-02": {"common": 28, "organising": 90, "decision": "Đã ghi"}})
    told = decree.roll_up()

    missing = [one for one in told["findings"] if one["kind"] == "period_input.criterion_missing"]
    assert len(missing) == 2 and decree.rating("V1-02", told) == (None, "")


def test_zero_points_are_a_score_and_an_empty_cell_is_none(decree: Desk) -> None:
    decree.enter("V1-02", {"V1-03": {"common": 0, "decision": "Đã ghi"}})

    assert decree.rating("V1-03", decree.roll_up()) == ("70", "good")
    assert decree.row_of("V1-02", "V1-03")["common"] == 0


def test_a_row_that_is_taken_back_counts_no_more(decree: Desk) -> None:
    decree.enter("V1-02", {"V1-03": {"common": 28, "decision": "Đã ghi"}})
    decree.roll_up()
    decree.enter("V1-02", {"V1-03": {"decision": "Chưa ghi"}})
    told = decree.roll_up()

    assert decree.rating("V1-03", told) == (None, "")
    assert decree.row_of("V1-02", "V1-03")["common"] == 28


def test_a_changed_locked_cell_refuses_the_workbook_and_leaves_what_was_typed(decree: Desk) -> None:
    path = decree.enter("V1-02", {"V1-03": {"common": 28, "quantity": 120, "decision": "Đã ghi"}})
    lying = path.read_bytes()
    told = decree.roll_up()

    assert [one["kind"] for one in told["findings"]] == ["cell.locked_changed"]
    assert decree.rating("V1-03", told) == (None, "")
    assert path.read_bytes() == lying


def test_a_total_that_stands_there_as_a_value_is_noted_and_another_one_refuses_the_workbook(decree: Desk) -> None:
    values = {"common": 27.5, "task_points": 70, "total": "97,50", "decision": "Đã ghi"}
    decree.enter("V1-02", {"V1-03": values})
    told = decree.roll_up()

    assert [(one["kind"], one["level"]) for one in told["findings"]] == [("file.formulas_lost", "note")]
    assert decree.rating("V1-03", told) == ("97.5", "excellent")

    decree.enter("V1-02", {"V1-03": {"common": 28, "total": 97.5}})
    told = decree.roll_up()

    assert [one["kind"] for one in told["findings"]] == ["cell.formula_replaced"]
    assert decree.rating("V1-03", told) == ("97.5", "excellent")


def test_a_renamed_copy_and_a_copy_in_a_weeks_folder(decree: Desk) -> None:
    """A copy with another name is read as what it is; among the forms of a week it is told where it belongs."""
    decree.enter(
        "V1-02", {"V1-03": {"common": 28, "decision": "Đã ghi"}}, decree.share / "periods" / "bản của tôi.xlsx"
    )
    stray = decree.share / decree.week / "VU1" / "bảng kỳ.xlsx"
    shutil.copyfile(decree.input("V1-02"), stray)

    assert decree.rating("V1-03", decree.roll_up()) == ("98", "excellent")
    assert decree.consolidate()["findings"]
    assert "period_input.elsewhere" in decree.findings()


def test_an_earlier_copy_takes_nothing_back_of_what_was_entered(decree: Desk) -> None:
    """A sync client lays it beside the workbook, or over it, after the points were booked."""
    stale = decree.input("V1-02").with_name("bảng của tôi (máy cũ).xlsx")
    early = at(decree.enter("V1-02", {"V1-03": {"common": 21, "decision": "Đã ghi"}}, stale), 1, 1).read_bytes()
    stale.unlink()
    late = at(decree.enter("V1-02", {"V1-03": {"common": 27.5, "decision": "Đã ghi"}}), 2, 2).read_bytes()
    decree.roll_up()
    for path in (stale, decree.input("V1-02")):
        path.write_bytes(early)
        saved_at(path, MONDAY + timedelta(hours=1))
        told = decree.roll_up()
        (kept,) = told["findings"]

        assert decree.rating("V1-03", told) == ("97.5", "excellent")
        assert (kept["kind"], kept["level"], kept["code"]) == ("row.kept", "warning", "V1-03")
        assert "21 → 27,5" in kept["message"] and decree.input("V1-02").name in kept["remedy"]
        if path == stale:
            stale.unlink()
            assert decree.roll_up()["findings"] == []
    decree.input("V1-02").write_bytes(late)
    saved_at(decree.input("V1-02"), MONDAY + timedelta(hours=2))

    told = decree.roll_up()

    assert (decree.rating("V1-03", told), told["findings"]) == (("97.5", "excellent"), [])
    decree.say("verify")


def test_a_copy_from_before_a_row_was_taken_back_does_not_enter_it_again(decree: Desk) -> None:
    stale = decree.input("V1-02").with_name("trước khi rút.xlsx")
    at(decree.enter("V1-02", {"V1-03": {"common": 28, "decision": "Đã ghi"}}), 1, 1)
    shutil.copy2(decree.input("V1-02"), stale)
    kept, moment = stale.read_bytes(), stale.stat().st_mtime
    stale.unlink()
    decree.roll_up()
    at(decree.enter("V1-02", {"V1-03": {"decision": "Chưa ghi"}}), 2, 2)
    decree.roll_up()
    stale.write_bytes(kept)
    os.utime(stale, (moment, moment))

    assert decree.rating("V1-03", decree.roll_up()) == (None, "")
    assert decree.row_of("V1-02", "V1-03")["decision"] == "Chưa ghi"


def test_two_copies_of_which_nobody_can_tell_enter_nothing_until_one_is_removed(decree: Desk) -> None:
    copy = decree.input("V1-02").with_name("bảng kỳ (1).xlsx")
    at(decree.enter("V1-02", {"V1-03": {"common": 21, "decision": "Đã ghi"}}, copy), 1, 2)
    at(decree.enter("V1-02", {"V1-03": {"common": 28, "decision": "Đã ghi"}}), 2, 1)
    told = decree.roll_up()

    assert decree.rating("V1-03", told) == (None, "")
    assert {(one["kind"], one["code"], one["level"]) for one in told["findings"]} == {("row.rivals", "V1-03", "error")}
    assert decree.row_of("V1-02", "V1-03")["common"] == 28

    copy.unlink()
    assert decree.rating("V1-03", decree.roll_up()) == ("98", "excellent")


@pytest.mark.parametrize(
    ("name", "code", "kind", "shown"),
    [
        ("common", '"2"0.0', "cell.shown_otherwise", "27,5"),
        ("common", ";;;", "cell.shown_otherwise", ""),
        ("common", "0.0%", "number.unreadable", "750%"),
        ("decision", ';;;"Chưa ghi"', "cell.shown_otherwise", "Chưa ghi"),
    ],
)
def test_what_a_leader_typed_and_another_one_would_see_is_not_booked(
    decree: Desk, name: str, code: str, kind: str, shown: str
) -> None:
    typed = {"common": 7.5, "decision": "Đã ghi"}
    path = decree.enter("V1-02", {"V1-03": typed})
    give_format(path, f"ev_period_{name}", read(path, "ev_period_person").index("V1-03"), code)
    told = decree.roll_up()

    assert [(one["kind"], one["code"], one["found"]) for one in told["findings"]] == [(kind, "V1-03", shown)]
    assert decree.rating("V1-03", told) == (None, "")

    decree.enter("V1-02", {"V1-03": {name: typed[name]}})  # typed again, as the remedy says
    told = decree.roll_up()
    assert (decree.rating("V1-03", told), told["findings"]) == (("77.5", "good"), [])


@pytest.mark.parametrize(
    ("name", "code"),
    [("person", ';;;"V1-04"'), ("name", ';;;"Vũ Văn Ánh"'), ("mean", '"98"'), ("quantity", '0"0"'), ("mean", "0.0%")],
)
def test_a_locked_cell_that_shows_something_else_refuses_what_a_leader_entered(
    decree: Desk, name: str, code: str
) -> None:
    path = decree.enter("V1-02", {"V1-03": {"common": 28, "decision": "Đã ghi"}})
    give_format(path, f"ev_period_{name}", read(path, "ev_period_person").index("V1-03"), code)
    told = decree.roll_up()

    assert [one["kind"] for one in told["findings"]] == ["cell.locked_shown_otherwise"]
    assert decree.rating("V1-03", told) == (None, "")


def test_only_the_present_manager_enters_for_a_person(decree: Desk) -> None:
    """V1-03 gets another manager; what the earlier one types afterwards is not booked."""
    typed = decree.enter("V1-02", {"V1-03": {"common": 28, "decision": "Đã ghi"}}).read_bytes()
    decree.roll_up()
    decree.person("V1-03").update({"scorer": "V1-01", "from": "1/3/2026"})
    decree.reorganise()
    decree.consolidate()
    told = decree.roll_up()

    assert decree.rating("V1-03", told) == ("98", "excellent")  # what was booked stands
    assert decree.row_of("V1-01", "V1-03")["common"] == 28
    assert "V1-03" not in read(decree.input("V1-02"), "ev_period_person")

    late = decree.share / "periods" / "cũ.xlsx"
    late.write_bytes(typed)
    decree.enter("V1-01", {"V1-03": {"common": 25}})
    book = openpyxl.load_workbook(late)
    cells(book, "ev_period_common")[0].value = 12
    book.save(late)
    saved_later(late)
    told = decree.roll_up()

    assert decree.rating("V1-03", told) == ("95", "excellent")
    assert [one["kind"] for one in told["findings"]] == ["period_input.not_the_scorer"]

    late.unlink()  # as it says
    assert decree.roll_up()["findings"] == []


def stands_in(decree: Desk, giver: str, receiver: str, first: str = "30/3/2026", last: str = "31/3/2026") -> None:
    """A delegation for scoring, which the last week of the month learns of."""
    entry = {"from person": giver, "to person": receiver, "scope": "Chấm điểm", "from": first, "to": last}
    decree.organisation["delegations"].append(entry)
    decree.reorganise()
    decree.press()


def test_whoever_stands_in_on_the_periods_last_day_gets_the_rows_too(decree: Desk) -> None:
    stands_in(decree, "V1-02", "P-01")
    decree.roll_up()
    rows = {owner: {*read(decree.input(owner), "ev_period_person")} - {None} for owner in ("V1-02", "P-01")}

    assert rows == {"V1-02": {"V1-03", "V1-04"}, "P-01": {"V1-03", "V1-04", "P-02", "P-03"}}

    decree.enter("P-01", {"V1-03": {"common": 26, "decision": "Đã ghi"}})
    told = decree.roll_up()
    (origin,) = decree.json("explain", MARCH, "V1-03")["entries"]
    audit = [one for one in decree.json("verify", "--report", MARCH)["report"] if one["kind"] == "delegated"]

    assert told["findings"] == [] and decree.rating("V1-03", told) == ("96", "excellent")
    assert (origin["by"], decree.row_of("V1-02", "V1-03")["common"]) == ("P-01", 26)  # the manager sees it
    assert [(one["week"], one["code"], one["by"], one["words"]) for one in audit] == [(MARCH, "V1-03", "P-01", "V1-02")]

    decree.enter("V1-02", {"V1-03": {"common": 28}})  # the last word counts, whoever of the two has it
    assert decree.rating("V1-03", decree.roll_up()) == ("98", "excellent")
    assert decree.row_of("P-01", "V1-03")["common"] == 28
    events = decree.events()
    decree.roll_up()
    assert decree.events() == events


def test_a_delegation_that_is_over_before_the_periods_last_day_gives_nothing(decree: Desk) -> None:
    stands_in(decree, "V1-02", "P-01", "2/3/2026", "30/3/2026")
    stands_in(decree, "V1-01", "V1-02")  # V1-02 is scored by V1-01, and does not stand in for the own row
    decree.roll_up()

    assert {*read(decree.input("P-01"), "ev_period_person")} - {None} == {"P-02", "P-03"}
    assert "V1-02" not in read(decree.input("V1-02"), "ev_period_person")
    assert "V1-02" in read(decree.input("LD-02"), "ev_period_person")  # it goes to the authority above


def test_only_the_ledgers_organisation_says_who_stands_in(decree: Desk) -> None:
    """Written into the workbook of the organisation, a delegation is not known before the week has learned of it."""
    entry = {"from person": "V1-02", "to person": "P-01", "scope": "Chấm điểm", "from": "30/3/2026", "to": "31/3/2026"}
    decree.organisation["delegations"].append(entry)
    decree.reorganise()
    decree.roll_up()

    assert "V1-03" not in read(decree.input("P-01"), "ev_period_person")


def test_a_closed_period_keeps_its_totals_and_shows_what_was_entered_later(decree: Desk) -> None:
    decree.enter("V1-02", {"V1-03": {"common": 28, "decision": "Đã ghi"}})
    decree.roll_up()
    decree.say("close", MARCH, "--yes")
    before = decree.roll_up()["results"]
    path = decree.enter("V1-02", {"V1-03": {"common": 20}, "V1-04": {"common": 25, "decision": "Đã ghi"}})
    lying = path.read_bytes()
    told = decree.roll_up()

    assert told["closed"] and told["results"] == before
    assert told["later"] == ["V1-03", "V1-04"]
    assert path.read_bytes() == lying and told["inputs"] == []
    decree.say("reopen", MARCH, "--reason", "ghi bổ sung")
    assert decree.rating("V1-03", decree.roll_up()) == ("90", "excellent")


def test_a_leader_types_in_libreoffice_and_sees_the_total_that_is_booked(
    decree: Desk, libreoffice: LibreOffice
) -> None:
    """What the row still needs is said while typing; locked cells take nothing."""
    with libreoffice.open(decree.input("V1-01")) as sheet:
        row = sheet.column("ev_period_person").index("V1-02")
        type_rows(sheet, "ev_period_person", {"V1-02": {"common": "27.5", "decision": "Đã ghi"}}, "ev_period_")
        assert "khả năng tổ chức triển khai" in sheet.text("ev_period_open_items", row)
        assert sheet.value("ev_period_total", row) in (None, "")
        type_rows(sheet, "ev_period_person", {"V1-02": {**LED, "note": NOTE}}, "ev_period_")
        assert sheet.text("ev_period_open_items", row) == ""
        total = exact(sheet.value("ev_period_total", row))
        assert not sheet.type_into("ev_period_quantity", row, "120")
        sheet.save()
    told = decree.roll_up()

    assert total == Decimal("95.75") == Decimal(decree.rating("V1-02", told)[0])
    assert told["findings"] == []


def test_the_form_of_the_period_says_what_was_done_and_what_it_comes_to(decree: Desk) -> None:
    decree.enter("V1-01", {"V1-02": {"common": 28, **LED, "decision": "Đã ghi"}})
    told = decree.roll_up()
    forms = decree.share / "periods" / f"{MARCH}_forms"

    def said(code: str) -> list[str]:
        (sheet,) = openpyxl.load_workbook(forms / "VU1" / f"{MARCH}_{code}_phieu-danh-gia.xlsx").worksheets
        return [str(value) for row in sheet.iter_rows(values_only=True) for value in row if value is not None]

    assert told["forms"] == 1  # nothing else changed
    assert sorted(path.name for path in forms.iterdir()) == ["CUC", "LĐ", "P1", "VP", "VU1"]
    assert {
        "Tham mưu báo cáo tuần",
        "Tháng 3 năm 2026",
        "96,25",
        "Mức theo tổng điểm: Hoàn thành xuất sắc nhiệm vụ",
    } <= {*said("V1-02")}
    assert "Mức theo tổng điểm: chưa có" in said("V1-03") and "70,00" in said("V1-03")


def test_longer_periods_have_no_form(decree: Desk) -> None:
    decree.roll_up("2026")

    assert not (decree.share / "periods" / "2026_forms").exists()


def test_what_is_entered_for_a_month_is_not_taken_in_with_the_quarter(decree: Desk) -> None:
    """Both lie in one folder; each is read with its own period, and nothing is said of the other."""
    decree.roll_up("2026-Q1")
    decree.enter("V1-02", {"V1-03": {"common": 28, "decision": "Đã ghi"}})
    quarter, month = decree.roll_up("2026-Q1"), decree.roll_up()

    assert quarter["findings"] == [] and decree.rating("V1-03", quarter) == (None, "")
    assert decree.rating("V1-03", month) == ("98", "excellent")


def test_a_note_on_potential_is_read_by_the_office_alone(decree: Desk) -> None:
    """It stands in the office's restricted workbook and in nothing else that is drawn, printed or exported."""
    secret = "Nên đào tạo về quản trị công"
    decree.enter("V1-02", {"V1-03": {"common": 28, "note": secret, "decision": "Đã ghi"}})
    said = decree.say("roll-up", MARCH) + decree.say("explain", MARCH, "V1-03")
    said += decree.say("--json", "what-if", MARCH, "--rulebook", "nd-335-2025") + decree.say("--json", "roll-up", MARCH)
    decree.consolidate()
    decree.say("close", decree.week)
    decree.table("results", MARCH)
    settings = load_settings(decree.folder)
    signals = folders.signals_path(settings, decree.folder, Period.parse(MARCH))
    drawn = [
        path
        for root in (decree.share, decree.folder.parent / "export", signals.parent)
        for path in root.rglob("*")
        if path.is_file()
    ]

    assert secret not in said
    assert sorted(path.name for path in drawn if _holds(path, secret)) == [
        f"{MARCH}_V1-02_tieu-chi.xlsx",
        f"{MARCH}_signals.xlsx",
    ]
    assert [row[1] for row in decree.said_in_signals(secret)] == ["V1-03"]
    assert not signals.is_relative_to(decree.share)


def _holds(path: Path, text: str) -> bool:
    if path.suffix != ".xlsx":
        return text.encode() in path.read_bytes()
    with zipfile.ZipFile(path) as parts:
        return any(text.encode() in parts.read(name) for name in parts.namelist())


def test_under_the_letter_there_is_nothing_to_score_and_the_note_is_left(letter: Desk) -> None:
    before = letter.roll_up(JUNE)
    path = letter.input("V1-02", JUNE)
    people = read(path, "ev_period_person")
    type_into(path, {f"ev_period_{name}": [None] * people.index("V1-04") + [said] for name, said in SAID.items()})
    told = letter.roll_up(JUNE)
    book = openpyxl.load_workbook(path)
    total = cells(book, "ev_period_total")[0]

    assert told["results"] == before["results"] and told["findings"] == []
    assert told["ratings"] == {} and told["forms"] == 0
    assert total.parent.column_dimensions[total.column_letter].hidden
    assert "ev_period_common" not in book.defined_names
    assert read(path, "ev_period_note")[people.index("V1-04")] == NOTE
    assert len(letter.said_in_signals(NOTE, JUNE)) == 1


def test_what_a_leader_entered_is_explained_down_to_the_cell_and_the_note_is_not(decree: Desk) -> None:
    path = decree.enter("V1-02", {"V1-03": {"common": 27.5, "note": NOTE, "decision": "Đã ghi"}})
    people = read(path, "ev_period_person")
    at = cells(openpyxl.load_workbook(path), "ev_period_common")[people.index("V1-03")]
    decree.roll_up()
    (origin,) = decree.json("explain", MARCH, "V1-03", code=0)["entries"]
    event = next(one for one in Office.open(decree.folder).ledger.events if one["seq"] == origin["event"])

    assert (origin["what"], origin["value"], origin["by"]) == ("entered_common", "27.5", "V1-02")
    assert (origin["sheet"], origin["cell"]) == (at.parent.title, at.coordinate)
    assert origin["file"].endswith(path.name) and (event["kind"], event["subject"]) == ("entered", "V1-03")
    assert NOTE not in decree.say("explain", MARCH, "V1-03")

    decree.enter("V1-02", {"V1-03": {"decision": "Chưa ghi"}})
    decree.roll_up()

    assert [one["what"] for one in decree.json("explain", MARCH, "V1-03")["entries"]] == ["entry_taken_back"]


def test_what_was_entered_after_the_period_was_closed_is_told_to_the_auditor(decree: Desk) -> None:
    decree.enter("V1-02", {"V1-03": {"common": 27.5, "decision": "Đã ghi"}})
    decree.roll_up()
    decree.say("close", MARCH, "--yes")
    decree.enter("V1-02", {"V1-04": {"common": 28, "note": NOTE, "decision": "Đã ghi"}})
    decree.roll_up()
    report = decree.json("verify", "--report", "2026-Q1", code=0)["report"]
    later = [one for one in report if one["kind"] == "entered_later"]

    assert [(one["week"], one["code"], one["by"]) for one in later] == [(MARCH, "V1-04", "V1-02")]
    assert NOTE not in str(report)


def test_the_decrees_forms_and_what_was_entered_are_filed_and_the_notes_are_not(
    decree: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_pack, "find_libreoffice", lambda: None)  # the PDFs are test_archive_pack's
    secret = "Nên đào tạo về quản trị công"
    decree.enter("V1-02", {"V1-03": {"common": 27.5, "note": secret, "decision": "Đã ghi"}, "V1-04": {"common": 3}})
    decree.roll_up()
    decree.say("archive-pack", MARCH, "--to", str(tmp_path / "pack"))
    pack = tmp_path / "pack"
    listed = (pack / "contents.csv").read_text(encoding="utf-8-sig")
    filed = pack / "inputs" / f"{MARCH}_V1-02_tieu-chi.xlsx"
    people = read(filed, "ev_period_person")
    said = {name: read(filed, f"ev_period_{name}")[people.index("V1-03")] for name in ("common", "note", "decision")}

    assert {f"forms/VU1/{MARCH}_V1-03_phieu-danh-gia.xlsx", f"inputs/{filed.name}"} <= {
        *listed.replace(",", "\r\n").splitlines()
    }
    assert said == {"common": 27.5, "note": None, "decision": "Đã ghi"}
    assert read(filed, "ev_period_common")[people.index("V1-04")] is None  # typed, and not booked
    assert [path for path in pack.rglob("*") if path.is_file() and _holds(path, secret)] == []


def test_the_books_of_a_period_are_drawn_again_from_ledger_and_archive_alone(decree: Desk) -> None:
    decree.enter("V1-02", {"V1-03": {"common": 27.5, "note": NOTE, "decision": "Đã ghi"}})
    decree.roll_up()
    settings = load_settings(decree.folder)
    signals = folders.signals_path(settings, decree.folder, Period.parse(MARCH))
    made = [path for path in (decree.share / "periods").rglob("*.xlsx") if not path.name.endswith("_tieu-chi.xlsx")]
    lying = {path: path.read_bytes() for path in (*made, signals)}
    for path in (*lying, decree.folder / "organisation.xlsx"):
        path.unlink()
    decree.say("rebuild")

    assert {path: path.read_bytes() for path in lying} == lying
    assert {f"{MARCH}_tong-hop.xlsx", f"{MARCH}_statistics.xlsx", f"{MARCH}_V1-03_phieu-danh-gia.xlsx"} <= {
        path.name for path in lying
    }


def test_looking_at_a_workbook_of_a_period_says_what_would_be_booked_and_where_it_lies_wrongly(decree: Desk) -> None:
    def looked(path: Path, code: int) -> dict[str, Any]:
        before = tree(decree.folder)
        (one,) = decree.json("look", str(path), code=code)["files"]
        assert tree(decree.folder) == before
        return dict(one)

    def kinds(one: Mapping[str, Any]) -> list[str]:
        return [finding["kind"] for finding in one["findings"]]

    blank = looked(decree.input("V1-02"), 0)
    assert (blank["verdict"], blank["kind"], blank["week"], blank["code"]) == (
        "waiting",
        "period_input",
        MARCH,
        "V1-02",
    )

    decree.enter("V1-02", {"V1-03": {"common": 28, **SAID}, "V1-04": {"common": 31, **SAID}})
    told = looked(decree.input("V1-02"), 1)
    assert (told["verdict"], told["name"]) == ("read", "Hoàng Thị Ngọc")
    assert told["booked"] == [{"what": "entered", "code": "V1-03"}]
    assert kinds(told) == ["period_input.out_of_bounds"]
    assert "V1-02 Hoàng Thị Ngọc" in decree.say("look", str(decree.input("V1-02")), code=1)

    stray = decree.share / "2026-W10" / decree.input("V1-02").name
    decree.input("V1-02").rename(stray)
    assert (kinds(lost := looked(stray, 1)), lost["booked"]) == (["file.elsewhere", "period_input.out_of_bounds"], [])
    assert "thư mục periods" in lost["findings"][0]["remedy"]
    stray.rename(decree.input("V1-02"))

    decree.roll_up()
    assert looked(decree.input("V1-02"), 1)["known"] is True
    assert decree.row_of("V1-02", "V1-03")["common"] == 28


def test_after_a_restore_what_leaders_entered_is_booked_again(decree: Desk) -> None:
    decree.enter("V1-02", {"V1-03": {"common": 28, **SAID}})
    decree.roll_up()
    decree.enter("V1-02", {"V1-04": {"common": 27, **SAID}})
    decree.enter("V1-01", {"V1-02": {"common": 26, **LED, **SAID}})
    told = decree.lose_everything()

    assert told == ["issue 2026-W10", "consolidate 2026-W10", f"roll-up {MARCH}"]
    assert f"evalxl roll-up {MARCH}" in decree.say("check", code=1)
    assert f"evalxl roll-up {MARCH}" in decree.say("doctor", code=None)
    for words in told:
        decree.say(*words.split(), code=None)
    rolled = decree.roll_up()

    assert [decree.rating(code, rolled)[0] for code in ("V1-03", "V1-04", "V1-02")] == ["98", "97", "94.25"]
    assert rolled["findings"] == []
    assert decree.row_of("V1-02", "V1-03")["note"] == NOTE
    assert [path.name for path in (decree.share / "periods").glob("*V1-02*")] == [decree.input("V1-02").name]
    assert f"evalxl roll-up {MARCH}" not in decree.say("check", code=None)
    decree.say("verify")


def test_after_a_restore_the_workbook_of_one_period_waits_while_another_is_rolled_up(decree: Desk) -> None:
    decree.enter("V1-02", {"V1-03": {"common": 28, **SAID}})
    first, second, _ = decree.lose_everything()
    decree.say(*first.split())
    decree.say(*second.split(), code=None)

    assert decree.roll_up("2026-Q1")["findings"] == []
    assert decree.rating("V1-03", decree.roll_up())[0] == "98"
    decree.say("verify")


def test_after_a_restore_a_row_that_shows_another_name_is_entered_again(decree: Desk) -> None:
    decree.enter("V1-02", {"V1-03": {"common": 28, "name": "Người khác", **SAID}})
    for words in decree.lose_everything():
        decree.say(*words.split(), code=None)
    rolled = decree.roll_up()

    assert decree.rating("V1-03", rolled)[0] is None
    assert [one["kind"] for one in rolled["findings"]] == ["row.decide_again", "period_input.left_open"]
    assert (decree.row_of("V1-02", "V1-03")["common"], decree.row_of("V1-02", "V1-03")["decision"]) == (28, "Chưa ghi")


def test_a_leader_who_does_what_is_said_of_a_row_has_it_entered(decree: Desk) -> None:
    decree.enter("V1-02", {"V1-03": {"decision": "Đã ghi"}, "V1-04": {"common": 31, "decision": "Đã ghi"}})
    decree.enter("V1-01", {"V1-02": {"common": 26, "unit_result": 100, "decision": "Đã ghi"}, "0012": {"common": 20}})
    stray = decree.share / decree.week / "VU1" / decree.input("P-01").name
    decree.enter("P-01", {"P-02": {"common": 25, "decision": "Đã ghi"}}).rename(stray)
    said = {one["kind"]: one for one in decree.roll_up()["findings"]}
    decree.press()

    assert set(said) == {
        *("period_input.criterion_missing", "period_input.out_of_bounds"),
        *("period_input.left_open", "file.elsewhere"),
    }
    assert "period_input.elsewhere" in decree.findings()

    decree.enter("V1-02", {"V1-03": {"common": 28}, "V1-04": {"common": 30}})
    decree.enter("V1-01", {"V1-02": {"organising": 90, "uniting": 95}, "0012": {"decision": "Đã ghi"}})
    stray.rename(decree.input("P-01"))
    assert decree.roll_up()["findings"] == []
    decree.press()
    assert "period_input.elsewhere" not in decree.findings()
    assert {decree.row_of(owner, code)["decision"] for owner, code in (("V1-02", "V1-03"), ("V1-02", "V1-04"), ("V1-01", "V1-02"), ("V1-01", "0012"), ("P-01", "P-02"))} == {"Đã ghi"}  # fmt: skip
