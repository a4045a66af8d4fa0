"""After a restore: what people typed since the backup is on the share, in workbooks that the restored ledger does not know. Nothing of it is lost."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from evalxl.records.archive import Archive, digest_of
from evalxl.steps.office.office import Office
from tests.little_office import LittleOffice, cells
from tests.people import type_into
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


def worked(office: LittleOffice) -> LittleOffice:
    """After the backup the week went its whole way: forms, scores, approvals, and a press of the button after each."""
    office.say("issue", office.week)
    office.hand_in("V1-03", "V1-04", "P-02")
    office.consolidate()
    office.scored("V1-03", "V1-04")
    office.scored("P-02", quality=30, comment="Cần nhanh hơn.", explanation="Chậm tiến độ so với kế hoạch.")
    office.consolidate()
    office.approved("V1-03")
    office.approved("P-02", decision="Phê duyệt có điều chỉnh", quality=32, opinion="Có việc đột xuất.")
    office.consolidate()
    return office


def goes_on(office: LittleOffice, usb: Path) -> LittleOffice:
    """What the operator is told to do after the restore."""
    said = office.say("restore", str(usb))
    commands = [line.split() for line in said.splitlines() if line.startswith("  evalxl ")]
    assert commands
    for _, *words in commands:
        office.say(*words, code=None)
    return office


_COLUMNS = ("state", "self_total", "scored_total", "approved_total", "counted_total", "counted_basis", "flags")


def results(office: LittleOffice) -> dict[str, tuple[str, ...]]:
    return {row["code"]: tuple(row[name] for name in _COLUMNS) for row in office.table("results")}


def test_a_week_that_went_its_whole_way_after_the_backup_stands_as_it_stood(made: LittleOffice, usb: Path) -> None:
    office = apart(made)
    office.say("backup", "--to", str(usb))
    worked(office)
    before, stood = on_share(office), results(office)

    goes_on(office, usb)

    assert results(office) == stood
    assert office.json("status", office.week)["beyond"] == []
    kept(office, {name: data for name, data in before.items() if "/forms/" in name})
    assert kinds(office) == set()
    office.say("verify")


def test_what_was_typed_and_not_read_before_the_disk_died_is_booked_too(made: LittleOffice, usb: Path) -> None:
    office = apart(made)
    office.say("backup", "--to", str(usb))
    office.say("issue", office.week)
    office.hand_in("V1-03", "P-02")
    office.consolidate()
    office.scored("V1-03", "P-02")
    office.consolidate()
    office.approved("V1-03", "P-02")
    before = on_share(office)

    goes_on(office, usb)

    assert {code: row[0] for code, row in results(office).items() if row[0] == "approved"} == {
        "V1-03": "approved",
        "P-02": "approved",
    }
    kept(office, before)
    office.say("verify")


def test_a_week_that_the_backup_knew_in_part_goes_on_too(handed_in: LittleOffice, usb: Path) -> None:
    office = apart(handed_in)
    office.say("backup", "--to", str(usb))
    office.scored("V1-03", "V1-04")
    office.consolidate()
    office.approved("V1-03")
    office.consolidate()
    office.hand_in("0012")
    stood = results(office)

    goes_on(office, usb)

    now = results(office)
    assert now.pop("0012")[0] == "submitted"
    stood.pop("0012")
    assert now == stood
    assert kinds(office) == set()
    office.say("verify")


def test_a_share_inside_the_office_folder_loses_nothing_either(made: LittleOffice, usb: Path) -> None:
    made.say("backup", "--to", str(usb))
    worked(made)
    stood = results(made)

    goes_on(made, usb)

    assert results(made) == stood
    made.say("verify")


def test_what_to_do_after_a_restore_is_said_everywhere(lost: LittleOffice, usb: Path) -> None:
    office = restored(lost, usb)
    says = f"evalxl issue {office.week}"

    assert says in office.say("status", office.week, code=2)
    assert says in office.say("consolidate", office.week, code=2)
    assert says in office.say("check", code=1)
    assert says in office.say("doctor", code=None)

    office.say("issue", office.week)
    office.consolidate()
    assert says not in office.say("check", code=None)
    assert says not in office.say("status", office.week, code=None)


def test_weeks_are_taken_in_again_one_after_the_other(made: LittleOffice, usb: Path) -> None:
    """What a manager gave and what was left open in one week stands in the next one's form."""
    office = apart(made)
    office.say("backup", "--to", str(usb))
    office.say("issue", office.week)
    office.hand_in("V1-03", "V1-04")
    office.consolidate()
    office.scored("V1-03", "V1-04")
    given = {"ev_assign_person": ["V1-03"], "ev_assign_task": ["Soạn kế hoạch quý III"]}
    type_into(office.scoring("V1-02"), given)
    office.consolidate()
    office.say("issue", "2025-W24")
    office.week = "2025-W24"
    office.hand_in("V1-03", task_name=[None, "Rà soát văn bản"])
    office.hand_in("V1-04")
    office.consolidate()
    stood = results(office)
    before = office.form("V1-03").read_bytes()

    goes_on(office, usb)

    assert results(office) == stood
    assert office.form("V1-03").read_bytes() == before
    office.say("verify")


def test_a_given_task_that_somebody_typed_over_is_not_taken_for_one_that_was_given_later(
    made: LittleOffice, usb: Path
) -> None:
    office = apart(made)
    office.say("backup", "--to", str(usb))
    office.say("issue", office.week)
    office.hand_in("V1-03")
    office.consolidate()
    office.scored("V1-03")
    type_into(office.scoring("V1-02"), {"ev_assign_person": ["V1-03"], "ev_assign_task": ["Soạn kế hoạch quý III"]})
    office.consolidate()
    office.say("issue", "2025-W24")
    office.week = "2025-W24"
    office.hand_in("V1-03")  # over the given task
    before = office.form("V1-03").read_bytes()
    path = office.form("V1-03")

    goes_on(office, usb)

    assert path.read_bytes() == before
    assert results(office)["V1-03"][0] == "not_submitted"


def test_a_task_that_was_given_after_the_form_went_out_is_named(made: LittleOffice, usb: Path) -> None:
    office = apart(made)
    office.say("backup", "--to", str(usb))
    office.say("issue", office.week)
    office.hand_in("V1-03")
    office.consolidate()
    office.say("issue", "2025-W24")
    office.week = "2025-W24"
    office.hand_in("V1-03")
    office.consolidate()
    office.week = "2025-W23"
    office.scored("V1-03")
    type_into(office.scoring("V1-02"), {"ev_assign_person": ["V1-03"], "ev_assign_task": ["Soạn kế hoạch quý III"]})
    office.consolidate()
    office.week = "2025-W24"
    stood = results(office)

    said = office.say("restore", str(usb))
    commands = [line.split()[1:] for line in said.splitlines() if line.startswith("  evalxl ")]
    told = "".join(office.say(*words, code=None) for words in commands)

    assert "Soạn kế hoạch quý III" in told
    assert results(office) == stood


def test_a_row_whose_scores_are_not_those_of_the_form_keeps_its_scores_and_is_decided_again(
    made: LittleOffice, usb: Path
) -> None:
    """The form that was scored lay in the archive that was lost; the person has saved another one since."""
    office = apart(made)
    office.say("backup", "--to", str(usb))
    office.say("issue", office.week)
    office.hand_in("V1-03", "V1-04")
    office.consolidate()
    office.scored("V1-03", "V1-04")
    office.consolidate()
    office.in_time(office.fill("V1-03", self_quality=34), 2)

    goes_on(office, usb)

    assert [results(office)[code][0] for code in ("V1-03", "V1-04")] == ["submitted", "scored"]
    assert office.finding("row.decide_again", "V1-03")["level"] == "warning"
    row = office.row(office.scoring("V1-02"), "V1-03")
    assert (row["ev_score_quality"], row["ev_score_decision"]) == (36, "Chưa chấm")

    office.scored("V1-03")
    office.consolidate()
    assert results(office)["V1-03"][0] == "scored"
    assert "row.decide_again" not in kinds(office)


def test_a_form_that_is_not_adopted_holds_up_nobodys_workbook(made: LittleOffice, usb: Path) -> None:
    office = apart(made)
    office.say("backup", "--to", str(usb))
    worked(office)
    altered(office.form("V1-03"), "ev_person_name", "Người Khác")
    goes_on(office, usb)

    assert [results(office)[code][0] for code in ("V1-03", "V1-04", "P-02")] == ["not_submitted", "scored", "approved"]
    assert office.finding("form.not_adopted", "V1-03")["level"] == "error"
    assert office.json("status", office.week)["beyond"] == []
    office.say("issue", office.week, code=1)
    events = office.events()
    office.say("issue", office.week, code=1)
    assert office.events() == events


def test_an_approval_of_scores_that_were_altered_in_the_file_is_not_booked(made: LittleOffice, usb: Path) -> None:
    office = apart(made)
    office.say("backup", "--to", str(usb))
    worked(office)
    path = office.approval("V1-01")
    codes = [code for code in office.people_in(path) if code]
    altered(path, "ev_row_score_quality", 40, codes.index("V1-03"))

    goes_on(office, usb)

    assert results(office)["V1-03"][0] == "scored"
    assert office.finding("row.decide_again", "V1-03")


def test_a_scoring_workbook_with_an_altered_label_is_not_adopted_and_stays(made: LittleOffice, usb: Path) -> None:
    office = apart(made)
    office.say("backup", "--to", str(usb))
    worked(office)
    path = office.scoring("V1-02")
    altered(path, "ev_book_owner_name", "Người Khác")
    before = path.read_bytes()

    goes_on(office, usb)

    assert path.read_bytes() == before
    assert path.with_name(f"{path.stem}_moi.xlsx").exists()
    assert results(office)["V1-03"][0] == "submitted"


def test_the_button_pressed_before_issue_writes_over_no_workbook(made: LittleOffice, usb: Path) -> None:
    office = apart(made)
    office.say("backup", "--to", str(usb))
    worked(office)
    stood, before = results(office), on_share(office)
    restored(office, usb)

    assert office.week in office.say("consolidate", office.week, code=2)
    assert on_share(office) == before
    office.say("issue", office.week)
    office.consolidate()

    assert results(office) == stood
