"""What was received is deleted when its time is over, by a decision with its grounds; hashes, results and proofs stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from evalxl.domain.history.retention import is_over
from evalxl.domain.weeks import Period, Week
from evalxl.steps.reports import archive_pack
from tests.little_office import LittleOffice

GROUNDS = "Quyết định số 12-QĐ/VP ngày 05/01/2031"
LATER = datetime(2031, 1, 6, 9)


def keep_for(office: LittleOffice, years: int) -> None:
    settings = office.folder / "office.toml"
    text = settings.read_text(encoding="utf-8").replace("archive_years = 0", f"archive_years = {years}")
    settings.write_text(text, encoding="utf-8")


def blobs(office: LittleOffice) -> set[str]:
    return {path.name for path in (office.folder / "archive").glob("*/*")}


@pytest.fixture(scope="module")
def _old(_approved: LittleOffice, tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    office = _approved.copy(tmp_path_factory.mktemp("old") / "office")
    office.say("close", "2025-W23")
    office.week = "2025-W24"
    office.say("issue", office.week)
    office.hand_in("V1-03")
    office.consolidate()
    office.week = "2025-W23"
    keep_for(office, 5)
    return office


@pytest.fixture
def old(_old: LittleOffice, tmp_path: Path) -> LittleOffice:
    """An office that keeps for five years, in January 2031: its first week is closed, the second was never closed."""
    office = _old.copy(tmp_path / "office")
    office.moment = LATER
    return office


def test_the_list_comes_first_and_changes_nothing(old: LittleOffice) -> None:
    before, ledger = blobs(old), sorted((old.folder / "ledger").iterdir())

    told = old.json("clean-archive")

    assert not told["deleted"] and told["files"] > 0
    assert [one["what"] for one in told["of"]] == ["2025-W23"] and told["left"] == ["2025-W24"]
    assert "--yes" in old.say("clean-archive")
    assert (blobs(old), sorted((old.folder / "ledger").iterdir())) == (before, ledger)


def test_without_grounds_or_without_a_time_nothing_is_deleted(old: LittleOffice) -> None:
    before = blobs(old)

    assert "--reason" in old.say("clean-archive", "--yes", code=2)
    keep_for(old, 5)
    settings = old.folder / "office.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("archive_years = 5", "archive_years = 0"), encoding="utf-8"
    )
    assert "archive_years" in old.say("clean-archive", "--reason", GROUNDS, "--yes", code=2)
    assert blobs(old) == before


def test_what_was_received_goes_and_everything_that_was_decided_stays(
    old: LittleOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_pack, "find_libreoffice", lambda: None)  # the PDFs are test_archive_pack's
    before = blobs(old)
    tables = [old.table(name, "2025-W23") for name in ("results", "tasks", "findings")]
    explained = old.json("explain", "2025-W23", "V1-03")["origins"]
    told = old.json("clean-archive", "--reason", GROUNDS, "--yes")

    assert told["deleted"] and len(before) - len(blobs(old)) == told["files"] > 0
    assert {name for name in before if name.endswith((".toml", ".json"))} <= blobs(old)
    assert old.json("verify")["deleted"] == told["files"]
    assert [old.table(name, "2025-W23") for name in ("results", "tasks", "findings")] == tables
    now = old.json("explain", "2025-W23", "V1-03")["origins"]
    assert now[:-1] == explained and now[-1]["value"] == GROUNDS
    assert GROUNDS in old.say("explain", "2025-W23", "V1-03")
    assert old.run("rebuild") == 0
    old.say("archive-pack", "2025-06", "--to", str(tmp_path / "pack"))
    assert old.run("verify") == 0


def test_what_is_gone_without_a_decision_is_still_found(old: LittleOffice) -> None:
    old.say("clean-archive", "--reason", GROUNDS, "--yes")
    template = max((old.folder / "archive").glob("*/*.xlsx"), key=lambda path: path.stat().st_size)
    template.unlink()

    assert old.run("verify") == 1


def test_a_second_time_there_is_nothing_left_to_delete(old: LittleOffice) -> None:
    old.say("clean-archive", "--reason", GROUNDS, "--yes")
    files = len(list((old.folder / "ledger").iterdir()))

    told = old.json("clean-archive", "--reason", GROUNDS, "--yes")

    assert not told["deleted"] and told["files"] == 0
    assert len(list((old.folder / "ledger").iterdir())) == files


def test_what_another_week_received_too_is_kept(approved: LittleOffice) -> None:
    """A file of last week that somebody laid into this week's folder has one copy in the archive."""
    same = approved.form("V1-03")
    data = same.read_bytes()
    approved.say("close", "2025-W23")
    approved.week = "2025-W24"
    approved.say("issue", approved.week)
    approved.form("V1-04").with_name("phiếu tuần trước.xlsx").write_bytes(data)
    approved.consolidate()
    keep_for(approved, 5)
    approved.moment = LATER
    approved.say("clean-archive", "--reason", GROUNDS, "--yes")

    assert any(path.read_bytes() == data for path in (approved.folder / "archive").glob("*/*"))
    assert approved.run("verify") == 0


@pytest.mark.parametrize(
    ("when", "year", "over"),
    [
        (lambda: Week.parse("2025-W23"), 2030, False),
        (lambda: Week.parse("2025-W23"), 2031, True),
        (lambda: Week.parse("2026-W01"), 2031, False),  # begins in December 2025, and belongs to 2026
        (lambda: Period.parse("2025-Q4"), 2031, True),
    ],
)
def test_a_time_is_over_when_so_many_whole_years_have_gone_by(
    when: Callable[[], Week | Period], year: int, over: bool
) -> None:
    day = datetime(year, 1, 1).date()

    assert is_over(when(), 5, day) is over
    assert not is_over(when(), 0, day)
