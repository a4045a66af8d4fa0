"""Nobody is left untold: whoever laid down something that cannot be read, or that is not this week's form, hears of it."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.little_office import LittleOffice
from tests.people import type_into

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
    handed_in.approval("LD-01").write_bytes(b"")
    handed_in.consolidate()
    found = {(row["kind"], row["code"]) for row in handed_in.table("findings")}

    assert {("file.encrypted", "V1-02"), ("file.empty", "LD-01")} <= found
    assert handed_in.result("V1-02")["flags"] == "unreadable"
    assert handed_in.result("V1-02")["state"] == "not_submitted"
    assert "những gì đồng chí nhập trong đó chưa được ghi nhận" in handed_in.receipt("V1-02")
    assert "những gì đồng chí nhập trong đó chưa được ghi nhận" in handed_in.receipt("LD-01")
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
