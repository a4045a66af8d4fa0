"""Nobody is left untold: whoever laid down something that cannot be read, or that is not this week's form, hears of it."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from tests.little_office import LittleOffice, make_little_office, read
from tests.people import cells, type_into

ENCRYPTED = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(1000)


def _zipped(path: Path) -> None:
    with zipfile.ZipFile(path.with_suffix(".zip"), "w") as package:
        package.write(path, path.name)
    path.unlink()


def _properties_lost(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "dán từ phiếu"
    book.save(path)


SPOILED: dict[str, tuple[str, Callable[[Path], object]]] = {
    "V1-03": ("file.encrypted", lambda path: path.write_bytes(ENCRYPTED)),
    "V1-04": ("file.empty", lambda path: path.write_bytes(b"")),
    "P-02": ("file.cut_off", lambda path: path.write_bytes(path.read_bytes()[:-2000])),
    "P-03": ("file.empty", lambda path: path.write_bytes(b"")),  # the very bytes of somebody else's
    "0012": ("file.not_ours", _properties_lost),
    "VP-02": ("file.is_archive", _zipped),
    "TK-01": ("file.is_document", lambda path: path.rename(path.with_suffix(".pdf")).write_bytes(b"%PDF-1.7 x")),
}


@pytest.fixture(scope="module")
def spoiled(_issued: LittleOffice, tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    """Seven people whose file lies where their form was issued, and cannot be read."""
    office = _issued.copy(tmp_path_factory.mktemp("spoiled") / "office")
    for code, (_, spoil) in SPOILED.items():
        spoil(office.form(code))
    office.consolidate()
    return office


def test_a_file_that_cannot_be_read_is_told_to_whom_the_form_of_its_place_was_issued(spoiled: LittleOffice) -> None:
    found = {row["code"]: row["kind"] for row in spoiled.table("findings") if row["kind"].startswith("file.")}

    assert found == {code: kind for code, (kind, _) in SPOILED.items()}
    for code in SPOILED:
        receipt = spoiled.receipt(code)
        assert ("Không đọc được" in receipt and "Cần sửa" in receipt) or "Lưu ý" in receipt, code
        assert "không đọc được nên chưa ghi nhận gì" in receipt, code
        assert len(set(lines := [line for line in receipt.splitlines() if line])) == len(lines), code


def test_nothing_is_booked_by_the_place_of_a_file(spoiled: LittleOffice) -> None:
    for code in SPOILED:
        row = spoiled.result(code)
        assert (row["state"], row["flags"], row["self_total"], row["counted_total"]) == (
            "invalid",
            "unreadable",
            "",
            "",
        )
    reasons = {row["code"]: row["reason"] for row in spoiled.table("missing")}
    assert {reasons[code] for code in SPOILED} == {"unreadable"}
    assert reasons["V1-02"] == "not_submitted"


def test_a_file_that_is_called_after_a_form_is_that_persons_wherever_it_lies(issued: LittleOffice) -> None:
    form = issued.form("V1-03")
    (issued.share / issued.week / "VP" / f"{form.stem} (sửa lần 2).xlsx").write_bytes(ENCRYPTED)
    issued.consolidate()

    assert issued.finding("file.encrypted")["code"] == "V1-03"
    assert "(sửa lần 2).xlsx không đọc được" in issued.receipt("V1-03")


def test_a_valid_form_beside_goes_on_counting_and_the_flag_goes_with_the_file(handed_in: LittleOffice) -> None:
    scan = handed_in.form("V1-03").with_suffix(".pdf")
    scan.write_bytes(b"%PDF-1.7 in")
    handed_in.consolidate()
    row = handed_in.result("V1-03")

    assert (row["state"], row["self_quality"], row["flags"]) == ("submitted", "37", "provisional unreadable")
    assert "không đọc được" in handed_in.receipt("V1-03")

    scan.unlink()
    handed_in.consolidate()

    assert handed_in.result("V1-03")["flags"] == "provisional"
    assert handed_in.form("V1-03").suffix == ".xlsx" and "file.is_document" not in handed_in.findings()


def test_a_file_that_cannot_be_read_stays_somebodys_under_another_name(issued: LittleOffice) -> None:
    form = issued.form("V1-03")
    form.write_bytes(ENCRYPTED)
    issued.consolidate()
    form.rename(form.with_name("bản của tôi.xlsx"))
    issued.consolidate()

    assert issued.finding("file.encrypted")["code"] == "V1-03"
    assert issued.result("V1-03")["flags"] == "unreadable"


def test_the_owner_of_a_scoring_or_approval_workbook_that_cannot_be_read_is_told(handed_in: LittleOffice) -> None:
    """A leader of the board has no form, and gets a receipt all the same."""
    handed_in.scoring("V1-02").write_bytes(ENCRYPTED)
    handed_in.scoring("LD-01").write_bytes(b"")
    handed_in.consolidate()
    found = {(row["kind"], row["code"]) for row in handed_in.table("findings")}

    assert {("file.encrypted", "V1-02"), ("file.empty", "LD-01")} <= found
    assert handed_in.result("V1-02")["flags"] == "unreadable"
    assert handed_in.result("V1-02")["state"] == "not_submitted"
    assert "những gì ông (bà) nhập trong đó chưa được ghi nhận" in handed_in.receipt("V1-02")
    assert "những gì ông (bà) nhập trong đó chưa được ghi nhận" in handed_in.receipt("LD-01")
    waiting = next(row for row in handed_in.table("missing") if row["code"] == "V1-03")
    assert (waiting["step"], waiting["reason"]) == ("score", "scoring_unreadable")


def test_a_form_of_another_week_leaves_this_weeks_awaited_and_says_how_to_carry_over(issued: LittleOffice) -> None:
    issued.say("issue", "2025-W24")
    form = issued.form("V1-03")
    issued.hand_in("V1-03")
    type_into(issued.form("V1-03", "2025-W24"), {"ev_self_quality": 40, "ev_status": "Đã nộp"}, form)
    issued.consolidate()
    row, receipt = issued.result("V1-03"), issued.receipt("V1-03")

    assert (row["state"], row["flags"], row["self_total"]) == ("not_submitted", "", "")
    assert issued.finding("form.other_week")["code"] == "V1-03"
    assert next(one["reason"] for one in issued.table("missing") if one["code"] == "V1-03") == "other_week"
    assert "chép từng phần" in receipt and "Phiếu của tuần này chưa nhận được" in receipt
    assert "hai bản khác nhau" not in receipt


def test_a_unit_whose_form_cannot_be_read_is_told(made: LittleOffice) -> None:
    settings = made.folder / "office.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("unit_reports = false", "unit_reports = true"), encoding="utf-8")
    made.say("issue", made.week)
    form = next(made.share.rglob(f"{made.week}_VU1_tap-the.xlsx"))
    form.write_bytes(b"")
    made.consolidate()
    found = made.finding("file.empty")
    receipt = next(made.share.rglob(f"receipts/{made.week}_VU1_tap-the.txt")).read_text(encoding="utf-8-sig")

    assert found["code"] in ("VU1", "unit:VU1")
    assert "không đọc được" in receipt
    assert next(row for row in made.table("units") if row["code"] == "VU1")["flags"] == "unreadable"


def test_a_file_of_nobody_stays_nobodys(issued: LittleOffice) -> None:
    (issued.share / issued.week / "VU1" / "ghi chép.pdf").write_bytes(b"%PDF-1.7")
    before = issued.table("results")
    shutil.copy(issued.form("V1-03"), issued.share / issued.week / "VU1" / "bản dự phòng.xlsx")
    issued.consolidate()

    assert issued.table("results") == before
    assert issued.finding("file.is_document")["code"] == ""


# Elsewhere on the share, and in the inbox


def test_a_workbook_of_the_week_outside_its_folder_is_told_of_and_read_once_it_is_moved_there(
    issued: LittleOffice,
) -> None:
    issued.hand_in("V1-03")
    stray = issued.share / "nộp nhầm" / "phiếu của tôi.xlsx"
    stray.parent.mkdir()
    issued.form("V1-03").rename(stray)
    other = issued.share / "2025-W22" / "VU1" / issued.hand_in("V1-04").name
    other.parent.mkdir(parents=True)
    issued.form("V1-04").rename(other)
    issued.consolidate()
    found = {row["code"]: row for row in issued.table("findings") if row["kind"] == "file.elsewhere"}

    assert set(found) == {"V1-03", "V1-04"}
    assert all(row["level"] == "warning" and "2025-W23" in row["remedy"] for row in found.values())
    assert issued.result("V1-03")["state"] == "not_submitted"
    assert "phiếu của tôi.xlsx" in issued.receipt("V1-03")

    stray.rename(issued.share / issued.week / stray.name)
    other.rename(issued.share / issued.week / other.name)
    issued.consolidate()

    assert {issued.result(code)["state"] for code in found} == {"submitted"}
    assert "file.elsewhere" not in issued.findings()
    assert issued.say("verify")


def test_copies_that_somebody_keeps_elsewhere_and_other_peoples_files_are_nobodys_matter(
    handed_in: LittleOffice,
) -> None:
    before = handed_in.table("findings")
    kept = handed_in.share / "lưu trữ"
    kept.mkdir()
    shutil.copy(handed_in.form("V1-03"), kept / "bản lưu.xlsx")
    shutil.copy(handed_in.form("P-03"), kept / "phiếu trống.xlsx")
    shutil.copy(next(handed_in.share.rglob("office/*.xlsx")), kept / "tổng hợp.xlsx")
    _properties_lost(kept / "việc khác.xlsx")
    (kept / "hỏng.xlsx").write_bytes(b"PK")
    events = handed_in.events()
    handed_in.consolidate()

    assert handed_in.events() == events
    assert handed_in.table("findings") == before


def test_what_came_by_mail_lies_in_the_inbox_and_is_read_like_the_share(issued: LittleOffice) -> None:
    issued.say("issue", "2025-W24")
    inbox = issued.folder / "inbox"
    inbox.mkdir(exist_ok=True)
    issued.hand_in("V1-03", to=inbox / "thư của anh An (1).xlsx")
    later = type_into(
        issued.form("V1-03", "2025-W24"), {"ev_self_quality": 40, "ev_status": "Đã nộp"}, inbox / "tuần sau.xlsx"
    )
    issued.consolidate()

    assert issued.result("V1-03")["state"] == "submitted"
    assert "form.other_week" not in issued.findings()
    assert issued.consolidate()["files"].get("refused", 0) == 0

    type_into(later, {"ev_self_progress": 40, "ev_self_conduct": 20, "ev_task_name": ["Việc"]})
    issued.consolidate("2025-W24")

    assert next(r for r in issued.table("results", "2025-W24") if r["code"] == "V1-03")["state"] == "submitted"
    assert "{inbox}/tuần sau.xlsx" in issued.say("explain", "2025-W24", "V1-03")


def test_a_file_in_the_inbox_that_cannot_be_read_is_told_by_its_name(issued: LittleOffice) -> None:
    inbox = issued.folder / "inbox"
    inbox.mkdir(exist_ok=True)
    (inbox / f"{issued.form('V1-03').stem}.xlsx").write_bytes(ENCRYPTED)
    (inbox / "2025-W22_V1-04_vu-van-anh.xlsx").write_bytes(ENCRYPTED)
    issued.consolidate()

    assert [row["code"] for row in issued.table("findings") if row["kind"] == "file.encrypted"] == ["V1-03"]
    assert "không đọc được" in issued.receipt("V1-03")


# Another office's


def test_a_form_of_another_office_is_told_so_and_is_no_matter_for_verify(
    issued: LittleOffice, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = make_little_office(tmp_path_factory.mktemp("other") / "office")
    other.say("issue", "2025-W23")
    other.say("issue", "2025-W24")
    issued.say("issue", "2025-W24")
    foreign = other.hand_in("V1-03").with_name("2025-W24.xlsx")
    type_into(other.form("V1-03", "2025-W24"), {"ev_self_quality": 40, "ev_status": "Đã nộp"}, foreign)
    shutil.copy(foreign, issued.form("V1-03", "2025-W24"))
    shutil.copy(foreign, issued.share / issued.week / "VU1" / "từ sở bạn.xlsx")
    issued.consolidate()
    issued.consolidate("2025-W24")

    found = issued.finding("form.other_office")
    assert (found["level"], found["code"]) == ("error", "")
    assert issued.result("V1-03")["state"] == "not_submitted"
    [told] = [row for row in issued.table("findings", "2025-W24") if row["kind"] == "form.other_office"]
    assert told["code"] == "V1-03"
    receipt = next(issued.share.rglob("receipts/2025-W24_V1-03.txt")).read_text(encoding="utf-8-sig")
    assert "là của cơ quan khác" in receipt
    issued.say("verify", code=0)


# What the advice comes to: moving a spoiled form away and issuing again


def test_a_form_with_a_changed_label_is_moved_away_and_comes_again_with_what_was_typed(issued: LittleOffice) -> None:
    form = issued.hand_in("V1-03", self_quality="37,5", self_conduct=45, task_due=["2025-06-06", None])
    book = openpyxl.load_workbook(form)
    sheet = book[issued.cell_of(form, "ev_person_code")[0]]
    named = {cell.coordinate for name in ("ev_person_title", "ev_person_name") for cell in cells(book, name)}
    words = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    label = next(cell for cell in words if "TUẦN" in cell.value and cell.coordinate not in named)
    label.value = "PHIẾU CỦA TÔI"
    book.save(form)
    issued.consolidate()
    assert issued.result("V1-03")["state"] == "invalid"

    form.rename(issued.folder.parent / "hỏng.xlsx")
    issued.say("issue", issued.week)
    events = issued.events()
    issued.say("issue", issued.week)

    assert issued.events() == events
    assert read(form, "ev_self_quality") == ["37,5"] and read(form, "ev_self_conduct") == [45]
    assert read(form, "ev_task_name")[:2] == ["Tham mưu báo cáo tuần", "Rà soát văn bản"]
    assert read(form, "ev_status") == ["Đang soạn"]

    issued.consolidate()
    assert issued.result("V1-03")["state"] == "invalid"
    assert "Cần sửa" in issued.receipt("V1-03")

    issued.in_time(type_into(form, {"ev_status": "Đã nộp", "ev_self_conduct": 18}))
    issued.consolidate()
    row = issued.result("V1-03")
    assert (row["state"], row["self_quality"], row["self_conduct"]) == ("submitted", "37.5", "18")
    assert "Cần sửa" not in issued.receipt("V1-03")
    assert "!" in issued.say("explain", issued.week, "V1-03")


def test_a_form_that_cannot_be_read_comes_again_with_its_last_readable_version(issued: LittleOffice) -> None:
    form = issued.hand_in("V1-03", status="Đang soạn")
    issued.consolidate()
    form.write_bytes(ENCRYPTED)
    issued.consolidate()
    form.unlink()
    issued.say("issue", issued.week)

    assert read(form, "ev_self_quality") == [37]
    assert read(form, "ev_task_product")[:2] == ["Báo cáo số 12", "Danh mục"]


def test_a_form_that_was_filled_and_taken_away_is_written_again_and_one_that_was_renamed_is_not(
    handed_in: LittleOffice,
) -> None:
    gone, renamed = handed_in.form("V1-03"), handed_in.form("V1-04")
    gone.unlink()
    renamed.rename(renamed.with_name("phiếu của tôi.xlsx"))
    handed_in.consolidate()
    handed_in.say("issue", handed_in.week)

    assert read(gone, "ev_self_quality") == [37]
    assert not renamed.exists()

    handed_in.consolidate()
    assert handed_in.result("V1-03")["state"] == "submitted"
    assert handed_in.result("V1-03")["flags"] == "provisional"


def test_nothing_is_kept_of_a_form_whose_rows_cannot_be_told_apart(issued: LittleOffice) -> None:
    form = issued.hand_in("V1-03")
    type_into(form, {"ev_task_key": ["03", "03"]})
    issued.consolidate()
    form.unlink()
    issued.say("issue", issued.week)

    assert read(form, "ev_self_quality") == [None]


def test_a_scoring_workbook_that_cannot_be_read_is_moved_away_and_comes_again_with_what_was_typed(
    handed_in: LittleOffice,
) -> None:
    book = handed_in.scoring("V1-02")
    handed_in.score("V1-02", {"V1-03": {"quality": 31.5, "comment": "đang xem"}})
    handed_in.consolidate()
    book.write_bytes(ENCRYPTED)
    handed_in.consolidate()
    book.rename(handed_in.folder.parent / "hỏng.xlsx")
    handed_in.consolidate()

    assert handed_in.row(book, "V1-03")["ev_score_quality"] == 31.5
    assert "file.encrypted" not in handed_in.findings()


def test_a_score_in_a_cell_that_has_become_a_percentage_is_typed_again_in_the_fresh_form(issued: LittleOffice) -> None:
    form = issued.hand_in("V1-03")
    book = openpyxl.load_workbook(form)
    [cell] = cells(book, "ev_self_quality")
    cell.value, cell.number_format = 0.38, "0%"
    book.save(form)
    issued.consolidate()
    assert "Tạo phiếu tuần" in issued.finding("score.is_percent")["remedy"]

    form.rename(issued.folder.parent / "cũ.xlsx")
    issued.say("issue", issued.week)
    issued.in_time(type_into(form, {"ev_self_quality": 38, "ev_status": "Đã nộp"}))
    issued.consolidate()

    assert (issued.result("V1-03")["state"], issued.result("V1-03")["self_total"]) == ("submitted", "92")


# Receipts


def test_a_receipt_that_colleagues_can_open_names_cells_and_no_value(issued: LittleOffice) -> None:
    typed = {"self_quality": 87.25, "self_progress": "31 điểm", "self_conduct": "13,5"}
    issued.hand_in(
        "V1-03", **typed, difficulties="chuyện riêng", task_due=["ngày mốt", None], task_status=["Xong xuôi"]
    )
    issued.consolidate()
    said = " ".join(row["message"] for row in issued.table("findings") if row["code"] == "V1-03")
    receipt = issued.receipt("V1-03")

    for value in ("87", "31 điểm", "13,5", "ngày mốt", "Xong xuôi", "chuyện riêng"):
        assert value not in receipt
    assert "87,25" in said and "31 điểm" in said and "ngày mốt" in said
    for name in ("ev_self_quality", "ev_self_progress", "ev_self_conduct"):
        assert issued.cell_of(issued.form("V1-03"), name)[1] in receipt


def test_no_receipt_that_colleagues_can_open_tells_a_value_of_any_finding(issued: LittleOffice) -> None:
    """What is shown otherwise than stored, odd dates, words that were repaired: all that is told of forms, of two weeks and of a manager's copy."""
    held: dict[str, tuple[str, ...]] = {
        "V1-03": ("score.shown_otherwise", "choice.repaired", "date.far"),
        "V1-04": ("score.shown_rounded", "date.finished_after_due", "date.finished_but_open", "plan.no_name"),
        "P-02": ("cell.locked_shown_otherwise",),
        "P-03": ("date.other_year", "date.swapped", "task.code_unknown", "cell.outside"),
        "0012": ("date.unreadable", "number.unreadable", "score.off_step", "appeal.no_reason"),
    }
    issued.hand_in("V1-03", task_due=[date(2031, 8, 19), None], task_status=["hoàn thành", None])
    _dressed(issued, "V1-03", ev_self_quality='"31"0.0')
    issued.hand_in(
        *("V1-04",),
        self_quality=36.66,
        task_due=[date(2025, 6, 3), date(2025, 6, 6)],
        task_finished=[date(2025, 6, 5), date(2025, 6, 4)],
        task_status=["Hoàn thành", "Chưa hoàn thành"],
        plan_due=[date(2025, 6, 12)],
    )
    _dressed(issued, "V1-04", ev_self_quality="0")
    issued.hand_in("P-02")
    _dressed(issued, "P-02", ev_person_name=';;;"Ngô Văn Khác"')
    issued.hand_in("P-03", task_due=[date(2024, 6, 5), date(2025, 4, 6)], task_code=["ZZ-77"])
    type_beside(issued.form("P-03"), "ghi ngoài ô riêng")
    issued.hand_in("0012", self_quality=36.3, task_due=["hôm kia"], task_assigned=["dăm bảy"], appeal="Có")
    issued.in_time(issued.form("0012"))
    issued.consolidate()
    found = {(row["code"], row["kind"]): row for row in issued.table("findings")}

    for code, kinds in held.items():
        for kind in kinds:
            cell = found[(code, kind)]["cell"]
            assert (f"{cell}:" in issued.receipt(code)) or (f"{cell} " in issued.receipt(code)), (code, kind)
    receipts = "".join(path.read_text(encoding="utf-8-sig") for path in issued.share.rglob("receipts/*.txt"))
    typed = (
        "19/8",
        "2031",
        "36,66",
        "37",
        "03/6",
        "04/6",
        "2024",
        "06/4",
        "ZZ-77",
        "Khác",
        "riêng",
        "36,3",
        "hôm kia",
        "dăm bảy",
        "“",
        "…",
    )
    assert [
        one for one in typed if one in receipts.replace("2025-W23", "").replace(issued.form("V1-03").name, "")
    ] == []


def _dressed(office: LittleOffice, code: str, **formats: str) -> None:
    """Somebody's program gives cells other number formats; the form is as it was."""
    form = office.form(code)
    book = openpyxl.load_workbook(form)
    for sheet in book:
        sheet.protection.sheet = True
    for name, number_format in formats.items():
        cells(book, name)[0].number_format = number_format
    book.save(form)
    office.in_time(form)


def type_beside(form: Path, text: str) -> None:
    book = openpyxl.load_workbook(form)
    book.worksheets[0]["K60"] = text
    book.save(form)


def test_in_a_folder_of_the_persons_own_a_receipt_says_what_was_typed(made: LittleOffice) -> None:
    settings = made.folder / "office.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("personal_folders = false", "personal_folders = true"), encoding="utf-8")
    made.say("issue", made.week)
    made.hand_in("V1-03", self_quality=87.25)
    made.consolidate()

    receipt = next(made.share.rglob(f"receipts/V1-03/{made.week}_V1-03.txt"))
    assert "87,25" in receipt.read_text(encoding="utf-8-sig")


def test_after_the_deadline_nobody_is_asked_to_save_before_it_though_nothing_new_came(made: LittleOffice) -> None:
    made.issue_at(datetime(2025, 6, 2, 8))
    made.hand_in("V1-03", status="Đang soạn")
    made.consolidate_at(datetime(2025, 6, 5, 10))
    assert "trước 17:00" in made.receipt("V1-03")

    made.consolidate_at(datetime(2025, 6, 9, 9))
    assert "17:00" not in made.receipt("V1-03") and "Đã quá hạn nộp" in made.receipt("V1-03")
