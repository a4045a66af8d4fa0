"""An office of version 0.1 goes on with this version in the middle of a week: old names, old templates, a manager with the workbook open."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from tests.little_office import LittleOffice
from tests.people import read, type_into
from tests.samples.offices import unpack

WEEK = "2025-W25"
OLD = {"scoring": "VU1/scoring/2025-W25_V1-02.xlsx", "approval": "approval/2025-W25_V1-01.xlsx"}
NEW = {"scoring": "VU1/scoring/2025-W25_V1-02_cham-diem.xlsx", "approval": "approval/2025-W25_V1-01_phe-duyet.xlsx"}


class Upgraded(LittleOffice):
    """The open week of the frozen office."""

    def press(self, hours: int = 1) -> str:
        """One press of the button; what it said."""
        assert self.moment is not None
        self.moment += timedelta(hours=hours)
        said = StringIO()
        with redirect_stdout(said):
            assert self.run("consolidate", self.week) in (0, 1)
        return said.getvalue()

    def at(self, place: str) -> Path:
        return self.share / self.week / place

    def state(self, code: str) -> str:
        return next(row["state"] for row in self.table("results") if row["code"] == code)

    def names(self) -> list[str]:
        """The names of all workbooks that lie in the open week."""
        return sorted(path.name for path in self.at("").rglob("*.xlsx") if not path.name.startswith("~$"))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Upgraded]:
    one = Upgraded(unpack("0.1-letter", tmp_path), WEEK)
    one.moment = datetime(2025, 6, 20, 12)
    yield one


def test_the_first_press_gives_every_workbook_its_own_name_and_takes_the_old_one_away(office: Upgraded) -> None:
    before = [path for path in office.at("").rglob("*.xlsx") if "forms" not in path.parts]
    assert len(before) == 11

    office.press()

    assert [path for path in before if path.exists()] == []
    assert [name for name, times in Counter(office.names()).items() if times > 1] == []
    assert {office.at(name).is_file() for name in NEW.values()} == {True}
    assert office.at("office/2025-W25_theo-doi.xlsx").is_file()
    assert office.run("verify") == 0
    names = office.names()
    office.press()
    assert office.names() == names


def test_what_a_manager_typed_under_the_old_name_counts_and_stands_in_the_successor(office: Upgraded) -> None:
    old, new = office.at("P1/scoring/2025-W25_P-01.xlsx"), office.at("P1/scoring/2025-W25_P-01_cham-diem.xlsx")
    rows = {"P-02": {"quality": 33, "progress": 33, "conduct": 17, "decision": "Đã chấm"}}
    office._rows(old, rows, "ev_score_")

    office.press()

    assert office.state("P-02") == "scored"
    assert not old.exists()
    assert office.row(new, "P-02")["ev_score_quality"] == 33


def test_a_workbook_that_is_open_keeps_its_name_until_it_is_closed(office: Upgraded) -> None:
    old, new = office.at(OLD["scoring"]), office.at(NEW["scoring"])
    owner = old.with_name(f"~${old.name}")
    owner.write_bytes(b"\x03Lan" + bytes(51))
    bytes_before = old.read_bytes()

    office.press()

    assert old.read_bytes() == bytes_before and not new.exists()
    typed = {"V1-03": {"comment": "Ghi khi đang mở", "decision": "Đã chấm"}}
    office._rows(old, typed, "ev_score_")
    office.press()
    assert not new.exists()
    owner.unlink()
    office.press()
    assert not old.exists()
    assert office.row(new, "V1-03")["ev_score_comment"] == "Ghi khi đang mở"


def test_an_old_copy_that_is_saved_after_its_successor_went_out_is_read_and_put_away(office: Upgraded) -> None:
    old = office.at(OLD["scoring"])
    kept = office.folder.parent / "at home.xlsx"
    shutil.copyfile(old, kept)
    office.press()
    shutil.copyfile(kept, old)
    column = read(old, "ev_row_person")
    assert "V1-03" in column
    office._rows(old, {"V1-03": {"comment": "Ghi ở nhà", "decision": "Đã chấm"}}, "ev_score_")

    office.press()

    assert office.row(office.at(NEW["scoring"]), "V1-03")["ev_score_comment"] == "Ghi ở nhà"
    office.press()
    assert not old.exists()


def test_masters_of_the_open_week_are_put_away_and_those_of_closed_weeks_keep_their_names(office: Upgraded) -> None:
    office.press()
    closed = office.share / "2025-W24" / "office"
    for path in (office.master(), office.master("VU1")):
        shutil.copyfile(path, path.with_name("master.xlsx"))
    closed.mkdir(parents=True)
    shutil.copyfile(office.master(), closed / "master.xlsx")
    before = (closed / "master.xlsx").read_bytes()
    archived = sorted((office.folder / "archive").rglob("*.xlsx"))

    office.press()
    with redirect_stdout(StringIO()):
        assert office.run("rebuild") in (0, 1)

    assert not list(office.at("").rglob("master.xlsx"))
    assert len(sorted((office.folder / "archive").rglob("*.xlsx"))) > len(archived)
    assert [path.name for path in closed.glob("*.xlsx")] == ["master.xlsx"]
    assert (closed / "master.xlsx").read_bytes() != before  # the closed week's own
    assert office.run("verify") == 0


def test_a_form_of_the_old_version_that_comes_back_counts(office: Upgraded) -> None:
    path = office.form("0012")
    office.in_time(office.fill("0012"), hours=8)

    office.press()

    assert office.state("0012") == "submitted"
    assert read(path, "ev_status") == ["Đã nộp"]


def test_what_somebody_laid_down_under_an_old_master_s_name_stays(office: Upgraded) -> None:
    office.press()
    theirs = office.master().with_name("master.xlsx")
    shutil.copyfile(office.form("V1-03"), theirs)
    type_into(theirs, {"ev_self_quality": 11})

    office.press()

    assert theirs.is_file()


def test_a_closed_months_workbooks_keep_their_names_until_it_is_opened_again(tmp_path: Path) -> None:
    office = Upgraded(unpack("0.1-decree", tmp_path), "2026-W12")
    office.moment = datetime(2026, 4, 2, 9)
    periods = office.share / "periods"
    before = sorted(path.name for path in periods.glob("*_input_*.xlsx"))
    results = office.table("results", "2026-03")
    office.say("roll-up", "2026-03")

    assert sorted(path.name for path in periods.glob("*_input_*.xlsx")) == before != []
    shutil.copyfile(periods / "2026-03_tong-hop.xlsx", periods / "2026-03.xlsx")
    office.moment += timedelta(hours=1)
    office.say("reopen", "2026-03", "--reason", "Bổ sung")
    office.say("roll-up", "2026-03")

    names = sorted(path.name for path in periods.glob("*.xlsx"))
    assert names == sorted(
        [
            *(f"2026-03_{name.removesuffix('.xlsx').rpartition('_')[2]}_tieu-chi.xlsx" for name in before),
            "2026-03_statistics.xlsx",
            "2026-03_tong-hop.xlsx",
        ]
    )
    assert office.table("results", "2026-03") == results
