"""Which file counts: versions, copies, renamed and misplaced files, drafts, files that are not the week's."""

from __future__ import annotations

import re
import shutil
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from tests.little_office import LittleOffice, tree
from tests.people import cells, saved_at, says_saved_at, type_into


def test_the_latest_version_before_scoring_counts(handed_in: LittleOffice) -> None:
    handed_in.in_time(handed_in.fill("V1-03", self_quality=30), hours=1)
    handed_in.consolidate()
    row = handed_in.result("V1-03")

    assert (row["state"], row["self_quality"], row["counted_total"]) == ("submitted", "30", "84")
    assert row["flags"] == "provisional"
    assert "Bản được tính: bản số 2" in handed_in.receipt("V1-03")


def test_a_version_after_scoring_is_kept_and_flagged_and_does_not_count(scored: LittleOffice) -> None:
    scored.in_time(scored.fill("V1-03", self_quality=30), hours=1)
    scored.consolidate()
    row = scored.result("V1-03")

    assert (row["state"], row["self_quality"], row["scored_total"], row["counted_total"]) == (
        "scored",
        "37",
        "89",
        "89",
    )
    assert row["flags"].split() == ["newer_version", "provisional"]
    assert scored.finding("form.newer_version", "V1-03")["level"] in ("warning", "note")
    assert "nộp sau khi chấm" in scored.receipt("V1-03").lower()
    assert "nộp sau khi chấm" in scored.row(scored.scoring("V1-02"), "V1-03")["ev_row_state"]


def test_after_a_return_the_version_that_came_after_scoring_counts(scored: LittleOffice) -> None:
    """The state is *Trả lại* as after every return; the manager may score the new version at once."""
    scored.in_time(scored.fill("V1-03", self_quality=30), hours=1)
    scored.consolidate()
    scored.score("V1-02", {"V1-03": {"decision": "Trả lại", "comment": "Chấm lại theo bản mới"}})
    scored.consolidate()
    row = scored.result("V1-03")

    assert (row["state"], row["self_quality"], row["scored_total"]) == ("returned", "30", "")
    assert "newer_version" not in row["flags"]

    scored.scored("V1-03", quality=31)
    scored.consolidate()

    assert scored.result("V1-03")["state"] == "scored"
    assert scored.result("V1-03")["self_quality"] == "30"
    assert scored.result("V1-03")["flags"] == "provisional"


THURSDAY = datetime(2025, 6, 5, 9)


def at(path: Path, own: float | None, folder: float) -> Path:
    """A file by the hours after nine of the Thursday that it says itself, and that the folder says of it."""
    says_saved_at(path, THURSDAY + timedelta(hours=own) if own is not None else None)
    return saved_at(path, THURSDAY + timedelta(hours=folder))


def test_of_two_versions_in_one_run_the_later_counts_and_both_are_named(issued: LittleOffice) -> None:
    first = issued.hand_in("V1-03")
    second = type_into(first, {"ev_self_quality": 30}, first.with_name("phiếu (sửa lần 2).xlsx"))
    at(second, 2, 2)
    at(first, 1, 1)
    issued.consolidate()
    row, found = issued.result("V1-03"), issued.finding("form.earlier_version", "V1-03")

    assert (row["state"], row["self_quality"], row["flags"]) == ("submitted", "30", "provisional")
    assert {one["level"] for one in issued.table("findings")} == {"note"}
    assert first.name in found["file"]
    assert second.name in found["message"]
    assert issued.cell_of(first, "ev_self_quality")[1] in found["message"]
    for name in (first.name, second.name, issued.cell_of(first, "ev_self_quality")[1]):
        assert name in issued.receipt("V1-03")
    assert not re.search(r"(?<!:)\b37\b", issued.receipt("V1-03")), "a score, and no minute of an hour"
    told = {one["what"]: one for one in issued.json("explain", issued.week, "V1-03")["origins"]}
    assert told["version_counts"]["file"].endswith(second.name)
    assert told["version_superseded"]["file"].endswith(first.name)
    assert issued.cell_of(first, "ev_self_quality")[1] in told["version_superseded"]["value"]


@pytest.mark.parametrize("press_between", [True, False])
@pytest.mark.parametrize("later_first", [True, False])
def test_a_later_version_counts_whichever_was_seen_first(
    issued: LittleOffice, press_between: bool, later_first: bool
) -> None:
    blank = issued.form("V1-03").read_bytes()
    later = at(issued.hand_in("V1-03", self_quality=30), 2, 2)
    earlier = later.with_name("2025-W23_V1-03 (1).xlsx")
    bytes_of = {"later": later.read_bytes()}
    later.write_bytes(blank)
    at(issued.hand_in("V1-03", to=earlier, self_quality=31), 1, 1)
    bytes_of["earlier"] = earlier.read_bytes()
    earlier.unlink()
    for which in ("later", "earlier") if later_first else ("earlier", "later"):
        path = later if which == "later" else earlier
        path.write_bytes(bytes_of[which])
        saved_at(path, THURSDAY + timedelta(hours=2 if which == "later" else 1))
        if press_between:
            issued.consolidate()
    issued.consolidate()
    row = issued.result("V1-03")

    assert (row["state"], row["self_quality"], row["flags"]) == ("submitted", "30", "provisional")
    assert later.name in issued.receipt("V1-03")
    assert earlier.name in issued.receipt("V1-03")
    assert {one["level"] for one in issued.table("findings")} <= {"note"}


def test_two_versions_of_which_nobody_can_tell_are_both_left_until_one_is_removed(issued: LittleOffice) -> None:
    first = issued.hand_in("V1-03")
    second = first.with_name("phiếu của tôi (2).xlsx")
    at(type_into(first, {"ev_self_quality": 30}, second), 1, 2)
    at(first, 2, 1)
    issued.consolidate()
    row, cell = issued.result("V1-03"), issued.cell_of(first, "ev_self_quality")[1]

    assert (row["state"], row["counted_total"], row["counted_basis"]) == ("not_submitted", "", "none")
    assert row["flags"] == "conflict"
    assert cell in issued.receipt("V1-03")
    assert first.name in issued.receipt("V1-03")
    assert second.name in issued.receipt("V1-03")
    assert issued.finding("form.conflict", "V1-03")["level"] == "error"
    assert [(m["step"], m["reason"]) for m in issued.table("missing") if m["code"] == "V1-03"] == [("self", "conflict")]

    issued.consolidate()
    assert issued.result("V1-03")["state"] == "not_submitted"

    first.unlink()
    issued.consolidate()
    row = issued.result("V1-03")

    assert (row["state"], row["self_quality"], row["flags"]) == ("submitted", "30", "provisional")
    assert "form.conflict" not in issued.findings()


def test_two_versions_of_which_nobody_can_tell_leave_the_one_that_counted_before(handed_in: LittleOffice) -> None:
    at(first := handed_in.form("V1-03"), 0, 0)
    handed_in.consolidate()
    at(handed_in.fill("V1-03", self_quality=30), 2, 1)
    at(type_into(first, {"ev_self_quality": 31}, first.with_name("b.xlsx")), 1, 2)
    handed_in.consolidate()
    row = handed_in.result("V1-03")

    assert (row["state"], row["self_quality"], row["flags"]) == ("submitted", "37", "provisional conflict")
    assert handed_in.finding("form.conflict", "V1-03")
    missing = [(m["step"], m["reason"]) for m in handed_in.table("missing") if m["code"] == "V1-03"]
    assert missing == [("self", "conflict"), ("score", "not_scored")]
    assert "bản số 1 vẫn được tính" in handed_in.receipt("V1-03")

    at(handed_in.fill("V1-03", self_quality=32), 1, 3)  # saved again: that is the one, whatever clock wrote it
    handed_in.consolidate()

    assert (handed_in.result("V1-03")["self_quality"], handed_in.result("V1-03")["flags"]) == ("32", "provisional")
    assert "form.conflict" not in handed_in.findings()


def test_a_sync_clients_copy_never_counts_by_itself(handed_in: LittleOffice) -> None:
    """OneDrive lays the state of another machine beside the form; nobody but the person knows which is right."""
    form = handed_in.form("V1-03")
    copy = type_into(form, {"ev_self_quality": 20}, form.with_name(f"{form.stem}-DESKTOP-AB12CD3.xlsx"))
    saved_at(copy, THURSDAY + timedelta(hours=5))
    handed_in.consolidate()
    row = handed_in.result("V1-03")

    assert (row["self_quality"], row["flags"]) == ("37", "provisional conflict")
    assert copy.name in handed_in.receipt("V1-03")

    copy.unlink()
    handed_in.consolidate()
    assert handed_in.result("V1-03")["flags"] == "provisional"
    assert "form.conflict" not in handed_in.findings()


def test_saving_again_without_a_change_is_no_version_at_any_time(approved: LittleOffice) -> None:
    before, receipt = approved.table("results"), approved.receipt("V1-03")
    form = type_into(approved.form("V1-03"), {})
    approved.consolidate()

    assert approved.table("results") == before
    assert approved.receipt("V1-03") == receipt
    assert approved.findings("V1-03") == ["form.unchanged"]

    shutil.copy(form, copy := form.with_name("bản sao.xlsx"))
    type_into(copy, {})
    says_saved_at(copy, THURSDAY)
    approved.consolidate()

    assert approved.table("results") == before
    assert approved.receipt("V1-03") == receipt
    assert set(approved.findings("V1-03")) == {"form.unchanged"}
    approved.say("verify")


def test_a_form_is_the_next_version_where_it_lies_even_if_a_program_wrote_local_time(issued: LittleOffice) -> None:
    """WPS writes nine o'clock of Hà Nội as if it were UTC; Excel, an hour later, writes the truth."""
    form = at(issued.hand_in("V1-03"), 7, 0)
    issued.consolidate()
    at(issued.fill("V1-03", self_quality=30), 1, 1)
    issued.consolidate()
    found = issued.finding("form.times_opposite", "V1-03")

    assert issued.result("V1-03")["self_quality"] == "30"
    assert found["level"] == "warning"
    assert issued.cell_of(form, "ev_self_quality")[1] in found["message"]
    assert issued.cell_of(form, "ev_self_quality")[1] in issued.receipt("V1-03")


@pytest.mark.parametrize("own", [None, -105])
def test_a_program_that_leaves_the_own_time_as_it_was_goes_by_the_files(issued: LittleOffice, own: int | None) -> None:
    """SheetJS, ExcelJS and Gnumeric; the own time is then no later than the one that the form was issued with."""
    form = at(issued.hand_in("V1-03"), own, 1)
    at(type_into(form, {"ev_self_quality": 30}, form.with_name("b.xlsx")), own, 2)
    issued.consolidate()
    assert issued.result("V1-03")["self_quality"] == "30"

    at(issued.hand_in("V1-03", self_quality=31), own, 3)
    issued.consolidate()
    assert issued.result("V1-03")["self_quality"] == "31"
    assert {one["level"] for one in issued.table("findings")} <= {"note"}


def test_identical_copies_are_one_version(handed_in: LittleOffice) -> None:
    before = handed_in.table("results")
    form = handed_in.form("V1-03")
    shutil.copy(form, handed_in.share / handed_in.week / "VP" / "forms" / "bản sao.xlsx")
    shutil.copy(form, handed_in.share / handed_in.week / "bản sao 2.xlsx")
    said = handed_in.consolidate()

    assert handed_in.table("results") == before
    assert said["files"]["duplicate"] == 2
    assert {row["level"] for row in handed_in.table("findings")} <= {"note"}


def test_a_renamed_file_in_another_units_folder_is_found(issued: LittleOffice) -> None:
    form = issued.hand_in("V1-03")
    form.rename(issued.share / issued.week / "VP" / "forms" / "tệp không tên.xlsx")
    issued.consolidate()

    assert issued.result("V1-03")["state"] == "submitted"
    assert issued.result("V1-03")["unit"] == "VU1"
    assert (issued.share / issued.week / "VU1" / "receipts" / f"{issued.week}_V1-03.txt").exists()


def test_moving_a_file_after_scoring_makes_no_new_version(scored: LittleOffice) -> None:
    """Its bytes were there at the run before."""
    before = scored.table("results")
    form = scored.form("V1-03")
    form.rename(form.with_name("đã đổi tên.xlsx"))
    scored.consolidate()

    assert scored.table("results") == before
    assert scored.say("status", scored.week, code=None)
    assert "form.newer_version" not in scored.findings()
    assert "Bản được tính: bản số 1" in scored.receipt("V1-03")


def test_a_form_of_another_week_is_refused_and_sent_to_its_folder(issued: LittleOffice) -> None:
    issued.say("issue", "2025-W24")
    before = issued.table("results")
    stray = issued.share / issued.week / "VU1" / "forms" / "nhầm tuần.xlsx"
    type_into(issued.form("V1-03", "2025-W24"), {"ev_status": "Đã nộp", "ev_self_quality": 40}, stray)
    issued.consolidate()
    found = issued.finding("form.other_week")

    assert issued.table("results") == before
    assert found["level"] in ("error", "warning")
    assert "2025-W24" in found["message"] + found["remedy"]
    assert found["file"].endswith("nhầm tuần.xlsx")


def test_own_outputs_get_no_verdict(handed_in: LittleOffice) -> None:
    before = handed_in.consolidate()["files"]
    master = handed_in.master()
    shutil.copy(master, handed_in.share / handed_in.week / "VU1" / "forms" / "tổng hợp.xlsx")

    assert handed_in.consolidate()["files"] == before
    assert handed_in.table("findings") == []


def test_a_draft_is_never_a_fault(issued: LittleOffice) -> None:
    issued.in_time(issued.fill("V1-03", self_quality=45, status="Đang soạn"))
    issued.consolidate()
    row = issued.result("V1-03")

    assert (row["state"], row["self_quality"], row["counted_total"], row["counted_basis"], row["band"]) == (
        "draft",
        "",
        "",
        "none",
        "",
    )
    assert {found["level"] for found in issued.table("findings")} <= {"note"}
    assert next(m for m in issued.table("missing") if m["code"] == "V1-03")["reason"] == "draft"
    assert "Đang soạn" in issued.receipt("V1-03")
    issued.say("consolidate", issued.week, code=0)


def test_a_draft_never_replaces_a_submitted_version(handed_in: LittleOffice) -> None:
    handed_in.in_time(handed_in.fill("V1-03", self_quality=20, status="Đang soạn"), hours=1)
    handed_in.consolidate()

    assert handed_in.result("V1-03")["state"] == "submitted"
    assert handed_in.result("V1-03")["self_quality"] == "37"


def test_an_invalid_file_never_replaces_a_valid_one(handed_in: LittleOffice) -> None:
    handed_in.in_time(handed_in.fill("V1-03", self_quality=45), hours=1)
    handed_in.consolidate()

    assert handed_in.result("V1-03")["state"] == "submitted"
    assert handed_in.result("V1-03")["self_quality"] == "37"
    assert handed_in.finding("score.out_of_bounds", "V1-03")["level"] == "error"


def test_the_newest_file_decides_between_invalid_and_draft(issued: LittleOffice) -> None:
    issued.fill("V1-03", self_quality=45)
    issued.fill("V1-04", status="Đang soạn")
    issued.consolidate()
    issued.fill("V1-03", status="Đang soạn")
    issued.fill("V1-04", self_quality=45)
    issued.consolidate()

    assert issued.result("V1-03")["state"] == "draft"
    assert issued.result("V1-04")["state"] == "invalid"


def test_a_file_set_back_to_an_older_state_changes_nothing_until_a_cell_is_typed_again(issued: LittleOffice) -> None:
    form = issued.hand_in("V1-03", self_quality=35)
    older = form.read_bytes()
    issued.consolidate()
    issued.hand_in("V1-03", self_quality=30)
    issued.consolidate()
    assert issued.result("V1-03")["self_quality"] == "30"

    form.write_bytes(older)
    issued.consolidate()

    assert (issued.result("V1-03")["self_quality"], issued.result("V1-03")["flags"]) == ("30", "provisional")
    assert issued.finding("form.older_state", "V1-03")["level"] == "warning"
    assert form.name in issued.receipt("V1-03")

    issued.hand_in("V1-03", self_quality=35)  # as the finding says: type one cell again and save
    saved_at(form, datetime.now())
    says_saved_at(form, datetime.now(UTC) + timedelta(minutes=1))
    issued.consolidate()

    assert issued.result("V1-03")["self_quality"] == "35"
    assert "form.older_state" not in issued.findings()


def test_a_file_set_back_to_the_scored_bytes_is_no_newer_version(scored: LittleOffice) -> None:
    form = scored.form("V1-03")
    older = form.read_bytes()
    scored.fill("V1-03", self_quality=30)
    scored.consolidate()
    form.write_bytes(older)
    scored.consolidate()

    assert "newer_version" not in scored.result("V1-03")["flags"]


def test_a_form_that_was_removed_after_it_was_read_still_counts(handed_in: LittleOffice) -> None:
    """Nothing is lost: its bytes are in the archive."""
    handed_in.form("V1-03").unlink()
    handed_in.consolidate()

    assert handed_in.result("V1-03")["state"] == "submitted"
    assert handed_in.result("V1-03")["self_quality"] == "37"


def test_a_form_counts_by_its_stamp_whatever_it_shows(issued: LittleOffice) -> None:
    """V1-03's form that was made to look like V1-04's is an invalid form of V1-03's; V1-04 is not touched by it."""
    issued.hand_in("V1-03", person_code="V1-04")
    issued.consolidate()

    assert issued.result("V1-03")["state"] == "invalid"
    assert issued.result("V1-04")["state"] == "not_submitted"
    assert (
        issued.finding("cell.locked_changed", "V1-03")["cell"]
        == issued.cell_of(issued.form("V1-03"), "ev_person_code")[1]
    )


def test_a_form_that_may_not_be_read_further_is_an_invalid_form_of_the_person_it_was_issued_to(
    issued: LittleOffice,
) -> None:
    """Somebody put macros into it: its stamp still says whose form it is."""
    path = issued.hand_in("V1-03")
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/vbaProject.bin", b"macros")
    issued.consolidate()

    assert issued.result("V1-03")["state"] == "invalid"
    assert issued.finding("file.has_macros", "V1-03")["level"] == "error"
    assert "macro" in issued.receipt("V1-03")


def test_files_that_are_not_ours_change_nobody(handed_in: LittleOffice) -> None:
    before = handed_in.table("results")
    folder = handed_in.share / handed_in.week / "VU1" / "forms"
    (folder / "ghi chú.txt").write_text("hẹn họp", encoding="utf-8")
    (folder / "trống.xlsx").write_bytes(b"")
    (folder / "hỏng.xlsx").write_bytes(b"PK\x03\x04 cut short")
    (folder / "cũ.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    (folder / "mật khẩu.xlsx").write_bytes(
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    )
    openpyxl.Workbook().save(folder / "bảng khác.xlsx")
    (folder / "~$đang mở.xlsx").write_bytes(b"\x04Lan ")
    handed_in.consolidate()
    found = {row["file"].rpartition("/")[2]: row for row in handed_in.table("findings")}

    assert handed_in.table("results") == before
    assert set(found) == {"ghi chú.txt", "trống.xlsx", "hỏng.xlsx", "cũ.xls", "mật khẩu.xlsx", "bảng khác.xlsx"}
    assert {row["level"] for row in found.values()} <= {"error", "warning"}
    assert "Tệp có mật khẩu" in found["mật khẩu.xlsx"]["message"]
    assert all(row["remedy"] for row in found.values())
    handed_in.say("consolidate", handed_in.week, code=1)


def test_each_file_gets_exactly_one_verdict(handed_in: LittleOffice) -> None:
    week = handed_in.share / handed_in.week
    shutil.copy(handed_in.form("V1-03"), week / "copy.xlsx")
    (week / "notes.txt").write_text("x", encoding="utf-8")
    files = handed_in.consolidate()["files"]
    ours = [
        p
        for p in week.rglob("*")
        if p.is_file() and not p.name.endswith(("_tong-hop.xlsx", "_tong-quan.html")) and p.parent.name != "receipts"
    ]

    assert sum(files.values()) == len(ours)


def test_late_needs_both_the_deadline_passed_and_the_files_own_time_after_it(made: LittleOffice) -> None:
    """The deadline is Friday 6 June 17:00."""
    made.issue_at(datetime(2025, 6, 2, 8))
    saved_at(made.fill("V1-03"), datetime(2025, 6, 6, 9))  # in time, seen on Monday
    saved_at(made.fill("V1-04"), datetime(2025, 6, 6, 23))  # too late, seen on Monday
    made.consolidate_at(datetime(2025, 6, 9, 8))
    saved_at(made.fill("P-02"), datetime(2025, 6, 12, 9))  # a clock that is wrong, seen later
    made.consolidate_at(datetime(2025, 6, 9, 9))

    assert made.result("V1-03")["flags"] == "provisional"
    assert made.result("V1-04")["flags"] == "late provisional"
    assert made.result("P-02")["flags"] == "late provisional"


def test_a_file_first_seen_before_the_deadline_is_not_late_whatever_its_own_time(made: LittleOffice) -> None:
    made.issue_at(datetime(2025, 6, 2, 8))
    saved_at(made.fill("V1-03"), datetime(2025, 6, 9, 9))
    made.consolidate_at(datetime(2025, 6, 6, 16))

    assert made.result("V1-03")["flags"] == "provisional"


def test_a_business_trip_moves_the_persons_deadline(made: LittleOffice) -> None:
    """Đi công tác to Friday: the form is due on the next working day after it, Monday."""
    made.organisation["absences"].append({"code": "V1-03", "kind": "Đi công tác", "from": "4/6/2025", "to": "6/6/2025"})
    made.reorganise()
    made.issue_at(datetime(2025, 6, 2, 8))
    saved_at(made.fill("V1-03"), datetime(2025, 6, 9, 9))
    saved_at(made.fill("V1-04"), datetime(2025, 6, 9, 9))
    made.consolidate_at(datetime(2025, 6, 9, 10))

    assert made.result("V1-03")["flags"] == "provisional"
    assert made.result("V1-04")["flags"] == "late provisional"


@pytest.mark.parametrize(("day", "late"), [(10, False), (12, True)])
def test_what_comes_back_within_a_working_day_of_a_return_is_not_late(made: LittleOffice, day: int, late: bool) -> None:
    made.issue_at(datetime(2025, 6, 2, 8))
    saved_at(made.fill("V1-03"), datetime(2025, 6, 6, 9))
    made.consolidate_at(datetime(2025, 6, 6, 16))
    made.score("V1-02", {"V1-03": {"decision": "Trả lại", "comment": "Thiếu minh chứng"}})
    made.consolidate_at(datetime(2025, 6, 9, 10))
    saved_at(made.fill("V1-03", self_quality=33), datetime(2025, 6, day, 9))
    made.consolidate_at(datetime(2025, 6, day, 10))

    assert made.result("V1-03")["self_quality"] == "33"
    assert ("late" in made.result("V1-03")["flags"].split()) is late


def test_a_second_press_changes_nothing_at_all(approved: LittleOffice) -> None:
    approved.fill("P-03", self_quality=45)
    approved.fill("P-01", status="Đang soạn")
    shutil.copy(approved.form("V1-03"), approved.share / approved.week / "copy.xlsx")
    (approved.share / approved.week / "x.txt").write_text("x", encoding="utf-8")
    approved.consolidate()
    events, before = approved.events(), tree(approved.folder)
    approved.consolidate()

    assert approved.events() == events
    assert tree(approved.folder) == before


def test_cells_of_a_form_that_was_not_issued_here_are_refused(issued: LittleOffice) -> None:
    form = issued.hand_in("V1-03")
    book = openpyxl.load_workbook(form)
    cells(book, "ev_stamp_form_id")[0].value = "0" * 32
    for prop in list(book.custom_doc_props.props):
        if prop.name == "evalxl.form_id":
            prop.value = "0" * 32
    book.save(form)
    issued.consolidate()

    assert issued.result("V1-03")["state"] in ("invalid", "not_submitted")
    assert issued.finding("form.unknown")["level"] == "error"
