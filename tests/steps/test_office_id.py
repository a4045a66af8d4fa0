"""Every office has an id of its own, and every workbook that it issues bears it."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from evalxl.excel.stamping.peek_stamp import peek_stamp
from evalxl.records.identity import FILE, read_id
from evalxl.steps.office.office import Office
from tests.little_office import LittleOffice, make_little_office
from tests.people import read
from tests.samples.offices import unpack


@pytest.fixture
def neighbour(tmp_path: Path) -> LittleOffice:
    """Another office, which has issued the same week to people of the same codes."""
    office = make_little_office(tmp_path / "neighbour")
    office.say("issue", office.week)
    return office


def test_a_new_office_has_an_id_and_every_workbook_bears_it_twice(scored: LittleOffice) -> None:
    office_id = read_id(scored.folder)
    books = [scored.form("V1-03"), scored.scoring("V1-02"), scored.approval("V1-01")]

    assert len(office_id) == 16
    assert [read(path, "ev_stamp_office") for path in books] == [[office_id]] * 3
    assert {peek_stamp(path.read_bytes())["office"] for path in (*books, scored.master())} == {office_id}
    sheet = openpyxl.load_workbook(books[0])["evalxl"]
    assert sheet.sheet_state == "veryHidden"


def test_a_restored_office_is_the_same_office(scored: LittleOffice, tmp_path: Path) -> None:
    before = read_id(scored.folder)
    scored.say("backup", "--to", str(tmp_path / "backup"))
    shutil.rmtree(scored.folder)
    scored.say("restore", str(tmp_path / "backup"))

    assert read_id(scored.folder) == before


def test_an_id_that_was_lost_is_found_again_in_the_ledger(scored: LittleOffice) -> None:
    before = read_id(scored.folder)
    (scored.folder / FILE).unlink()

    assert Office.open(scored.folder).id == before
    scored.consolidate()
    assert read_id(scored.folder) == before


def test_an_office_of_an_earlier_version_gets_the_same_id_from_every_copy_of_its_ledger(tmp_path: Path) -> None:
    ids = set()
    for name in ("one", "two"):
        folder = unpack("0.1-letter", tmp_path / name)
        assert read_id(folder) == ""
        ids.add(Office.open(folder).id)
    decree = unpack("0.1-decree", tmp_path)

    assert len(ids) == 1
    assert Office.open(decree).id not in ids


def test_a_form_of_another_office_is_told_for_what_it_is_and_is_no_matter_for_verify(
    issued: LittleOffice, neighbour: LittleOffice
) -> None:
    theirs = neighbour.fill("V1-03")
    shutil.copyfile(theirs, issued.form("V1-04").with_name("của cơ quan bên.xlsx"))
    issued.consolidate()

    assert issued.finding("form.other_office")["file"].endswith("của cơ quan bên.xlsx")
    assert issued.result("V1-03")["state"] == "not_submitted"
    assert issued.run("verify") == 0
