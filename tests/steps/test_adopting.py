"""After a restore: what people typed since the backup is on the share, in workbooks that the restored ledger does not know. Nothing of it is lost."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from evalxl.records.archive import Archive, digest_of
from evalxl.steps.office import Office
from tests.little_office import LittleOffice, cells
from tests.steps.test_folders_of_the_office import set_up


def on_share(office: LittleOffice) -> dict[str, bytes]:
    """Everything that people have filled or may have: forms, scoring and approval workbooks."""
    week = office.share / office.week
    found = [*week.rglob("forms/**/*.xlsx"), *week.rglob("scoring/*.xlsx"), *week.rglob("approval/*.xlsx")]
    return {path.relative_to(office.share).as_posix(): path.read_bytes() for path in found}


def restored(office: LittleOffice, usb: Path) -> LittleOffice:
    """The disk of the office folder dies; the share lives on, since it lies elsewhere."""
    share = office.share
    office.say("restore", str(usb))
    assert office.share == share
    return office


def apart(office: LittleOffice) -> LittleOffice:
    """With its share on another disk than the office folder."""
    share = office.folder.parent / "chung"
    set_up(office, shared_folder=share.as_posix())
    if (office.folder / "shared").exists():
        (office.folder / "shared").rename(share)
    share.mkdir(exist_ok=True)
    office.share = share
    return office


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    return tmp_path / "usb"


@pytest.fixture
def lost(made: LittleOffice, usb: Path) -> LittleOffice:
    """The week was issued after the backup, and V1-03, V1-04 and P-02 have filled their forms."""
    office = apart(made)
    office.say("backup", "--to", str(usb))
    office.say("issue", office.week)
    office.hand_in("V1-03", "V1-04", "P-02")
    return office


def states(office: LittleOffice) -> dict[str, str]:
    return {row["code"]: row["state"] for row in office.table("results")}


def kinds(office: LittleOffice) -> set[str]:
    return {row["kind"] for row in office.table("findings") if row["level"] in ("error", "warning")}


def kept(office: LittleOffice, before: dict[str, bytes]) -> None:
    """Every byte that lay on the share lies there still, or is in the archive."""
    archive = Archive(office.folder / "archive")
    for name, data in before.items():
        there = office.share / name
        assert (there.exists() and there.read_bytes() == data) or archive.find(digest_of(data)), name


def test_forms_that_were_filled_after_the_backup_are_read_like_any_other(lost: LittleOffice, usb: Path) -> None:
    before = on_share(lost)
    office = restored(lost, usb)

    said = office.say("issue", office.week)
    office.consolidate()

    assert {name: data for name, data in on_share(office).items() if "/forms/" in name} == before
    assert {code for code, state in states(office).items() if state == "submitted"} == {"V1-03", "V1-04", "P-02"}
    assert "12" in said  # all twelve forms were taken in again
    office.say("verify")


def test_the_ledger_says_that_a_form_was_taken_in_again_and_from_which_file(lost: LittleOffice, usb: Path) -> None:
    office = restored(lost, usb)
    office.say("issue", office.week)

    issued = [event for event in Office.open(office.folder).ledger.events if event["kind"] == "issued"]
    assert len(issued) == 12
    assert all(set(event["adopted"]) == {"file", "sha256"} for event in issued)


def test_a_form_that_nobody_had_touched_is_as_issued_again(lost: LittleOffice, usb: Path) -> None:
    office = restored(lost, usb)
    office.say("issue", office.week)
    office.consolidate()

    office.hand_in("0012")
    office.consolidate()

    assert office.result("0012")["state"] == "submitted"
    assert kinds(office) == set()


def test_what_was_received_before_issue_ran_again_is_looked_at_anew(handed_in: LittleOffice, usb: Path) -> None:
    """The ledger knew the week; a form was withdrawn and issued again after the backup."""
    office = apart(handed_in)
    office.say("backup", "--to", str(usb))
    office.say("withdraw", office.week, "0012")
    office.say("issue", office.week)
    filled = office.hand_in("0012")
    before = {filled.relative_to(office.share).as_posix(): filled.read_bytes()}
    office = restored(office, usb)
    office.consolidate()
    assert office.finding("form.unknown", "0012")["level"] == "error"

    office.say("issue", office.week)
    office.consolidate()

    kept(office, before)
    assert office.result("0012")["state"] == "submitted"
    assert "form.unknown" not in kinds(office)
    office.say("verify")


def altered(path: Path, name: str, value: object, row: int = 0) -> None:
    book = openpyxl.load_workbook(path)
    cells(book, name)[row].value = value
    book.save(path)


@pytest.mark.parametrize(
    ("name", "value"), [("ev_person_name", "Người Khác"), ("ev_deadline", "17:00 30/6/2025"), ("ev_task_key", "41")]
)
def test_a_form_with_an_altered_locked_cell_is_not_adopted_and_stays(
    lost: LittleOffice, usb: Path, name: str, value: object
) -> None:
    form = lost.form("V1-03")
    altered(form, name, value)
    before = on_share(lost)
    office = restored(lost, usb)

    said = office.say("issue", office.week, code=1)
    office.consolidate()

    assert form.read_bytes() == before[form.relative_to(office.share).as_posix()]
    assert form.name in said
    assert form.with_name(f"{form.stem}_moi.xlsx").exists()
    assert office.result("V1-03")["state"] != "submitted"
    kept(office, before)


def test_the_way_that_is_said_for_an_organisation_that_was_older_works(made: LittleOffice, usb: Path) -> None:
    office = apart(made)
    office.say("backup", "--to", str(usb))
    office.person("V1-03")["title"] = "Chuyên viên chính"
    office.reorganise()
    now = (office.folder / "organisation.xlsx").read_bytes()
    office.say("issue", office.week)
    office.hand_in("V1-03")
    office = restored(office, usb)
    office.say("issue", office.week, code=1)
    (office.folder / "organisation.xlsx").write_bytes(now)

    office.say("issue", office.week)
    office.consolidate()

    assert office.result("V1-03")["state"] == "submitted"
    office.say("verify")


def test_a_file_that_nobody_knows_is_not_written_over_by_issuing(made: LittleOffice) -> None:
    made.say("issue", made.week)
    form = made.form("V1-03")
    place = form.read_bytes()
    twin = made.copy(made.folder.parent / "twin")
    del twin
    made.say("withdraw", made.week, "V1-03")
    form.write_bytes(b"PK\x03\x04 no workbook at all" + place[:100])
    before = form.read_bytes()

    said = made.say("issue", made.week, code=1)

    assert form.read_bytes() == before
    assert form.with_name(f"{form.stem}_moi.xlsx").exists()
    assert form.name in said
