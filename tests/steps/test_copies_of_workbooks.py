"""Copies of managers' workbooks: what was saved last counts, an earlier copy changes nothing, and whoever presses the button when."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.little_office import LittleOffice
from tests.people import cells, saved_at, says_saved_at, type_into

MONDAY = datetime(2099, 6, 8, 9)  # after everything that the fixtures saved
JUNE = (datetime(2025, 6, 1) - MONDAY) / timedelta(hours=1)  # what every workbook says when it goes out
ROW = {"progress": 36, "conduct": 17, "decision": "Đã chấm"}


def at(path: Path, own: float | None, folder: float) -> Path:
    """A file by the hours after nine of a Monday that it says itself, and that the folder says of it."""
    says_saved_at(path, MONDAY + timedelta(hours=own) if own is not None else None)
    return saved_at(path, MONDAY + timedelta(hours=folder))


def scored_copy(office: LittleOffice, name: str, hours: float, folder: float | None = None, **typed: Any) -> Path:
    """V1-02 scores V1-03 in a copy of the workbook as it lies there now."""
    path = office.scoring("V1-02")
    lay = path.read_bytes()
    office.score("V1-02", {"V1-03": {**ROW, **typed}})
    copy = path.with_name(name)
    copy.write_bytes(path.read_bytes())
    path.write_bytes(lay)
    return at(copy, hours, hours if folder is None else folder)


def scored_in_place(office: LittleOffice, hours: float, folder: float | None = None, **typed: Any) -> Path:
    office.score("V1-02", {"V1-03": {**ROW, **typed}})
    return at(office.scoring("V1-02"), hours, hours if folder is None else folder)


def quality(office: LittleOffice) -> str:
    return office.result("V1-03")["scored_quality"]


def test_an_earlier_copy_changes_no_score_and_the_office_hears_both_values(handed_in: LittleOffice) -> None:
    stale = scored_copy(handed_in, "từ máy cũ.xlsx", 1, quality=33)
    away = stale.read_bytes()
    stale.unlink()
    scored_in_place(handed_in, 2, quality=35)
    handed_in.consolidate()
    stale.write_bytes(away)
    saved_at(stale, MONDAY + timedelta(hours=1))
    handed_in.consolidate()
    found = handed_in.finding("row.kept", "V1-03")

    assert quality(handed_in) == "35"
    assert found["level"] == "warning"
    assert f"{found['cell']}: 33 → 35" in found["message"]
    assert handed_in.scoring("V1-02").name in found["remedy"]
    assert "33" not in handed_in.receipt("V1-03")
    assert handed_in.row(handed_in.scoring("V1-02"), "V1-03")["ev_score_quality"] == 35
    told = {one["what"]: one for one in handed_in.json("explain", handed_in.week, "V1-03")["origins"]}
    assert (told["row_kept"]["value"], told["row_not_taken"]["value"]) == ("35", "33")
    assert told["row_not_taken"]["file"].endswith(stale.name)
    assert told["row_kept"]["event"] > 0

    scored_in_place(handed_in, 3, quality=33)  # as the remedy says
    handed_in.consolidate()
    assert quality(handed_in) == "33"
    assert "row.kept" not in handed_in.findings()


def test_the_message_ends_where_the_copy_is_removed(handed_in: LittleOffice) -> None:
    scored_in_place(handed_in, 2, quality=35)
    handed_in.consolidate()
    copy = scored_copy(handed_in, "bản sao.xlsx", 1, quality=33)
    handed_in.consolidate()
    assert handed_in.finding("row.kept", "V1-03")

    copy.unlink()
    handed_in.consolidate()
    assert "row.kept" not in handed_in.findings()
    assert quality(handed_in) == "35"
    handed_in.say("verify")


def test_a_later_correction_in_a_copy_at_home_counts(scored: LittleOffice) -> None:
    """The workbook on the share has gone out again since; the manager goes on in the one before."""
    home = scored.folder.parent / "ở nhà.xlsx"
    shutil.copy(scored.scoring("V1-02"), home)
    scored.approved("V1-04")
    scored.consolidate()
    scored_in_place(scored, 1, quality=34)
    scored.consolidate()
    type_row(home, "V1-04", quality=33)
    at(home, 3, 3)
    shutil.copy2(home, scored.scoring("V1-02").with_name("nộp từ nhà.xlsx"))
    scored.consolidate()

    assert scored.result("V1-04")["scored_quality"] == "33"
    assert quality(scored) == "34"


def type_row(path: Path, code: str, **typed: Any) -> None:
    book = openpyxl.load_workbook(path)
    people = [cell.value for cell in cells(book, "ev_row_person")]
    for name, value in typed.items():
        cells(book, f"ev_score_{name}")[people.index(code)].value = value
    book.save(path)


def test_two_copies_of_which_nobody_can_tell_book_nothing_until_one_is_removed(handed_in: LittleOffice) -> None:
    copy = scored_copy(handed_in, "bảng chấm (1).xlsx", 1, 2, quality=33)
    scored_in_place(handed_in, 2, 1, quality=35)
    handed_in.consolidate()

    assert handed_in.result("V1-03")["state"] == "submitted"
    assert handed_in.finding("row.rivals", "V1-03")["level"] == "error"
    assert "score.missing" not in handed_in.findings()
    # What was typed is not taken out of the manager's workbook.
    assert handed_in.row(handed_in.scoring("V1-02"), "V1-03")["ev_score_quality"] == 35

    copy.unlink()
    handed_in.consolidate()
    assert quality(handed_in) == "35"
    assert "row.rivals" not in handed_in.findings()


def test_of_two_copies_of_which_nobody_can_tell_the_one_on_the_share_that_is_saved_again_counts(
    handed_in: LittleOffice,
) -> None:
    scored_copy(handed_in, "bảng chấm (1).xlsx", 1, 2, quality=33)
    scored_in_place(handed_in, 2, 1, quality=35)
    handed_in.consolidate()
    scored_in_place(handed_in, 3, 3, quality=35, comment="Đạt")
    handed_in.moment = datetime.now() + timedelta(seconds=2)  # the ledger keeps whole seconds
    handed_in.consolidate()

    assert quality(handed_in) == "35"
    assert "row.rivals" not in handed_in.findings()
    handed_in.consolidate()
    assert quality(handed_in) == "35"


def test_an_earlier_copy_takes_no_approval_back(scored: LittleOffice) -> None:
    path = scored.approval("V1-01")
    lay = path.read_bytes()
    scored.approve("V1-01", {"V1-03": {"decision": "Trả lại", "opinion": "Xem lại"}})
    stale = path.with_name("cũ.xlsx")
    stale.write_bytes(path.read_bytes())
    at(stale, 1, 1)
    away = stale.read_bytes()
    stale.unlink()
    path.write_bytes(lay)
    scored.approve("V1-01", {"V1-03": {"decision": "Phê duyệt"}})
    at(path, 2, 2)
    scored.consolidate()
    assert scored.result("V1-03")["state"] == "approved"

    stale.write_bytes(away)
    saved_at(stale, MONDAY + timedelta(hours=1))
    scored.consolidate()

    assert scored.result("V1-03")["state"] == "approved"
    assert scored.finding("row.kept", "V1-03")


@pytest.mark.parametrize("own", [None, JUNE])
def test_a_program_that_leaves_the_own_time_goes_by_the_files(handed_in: LittleOffice, own: float | None) -> None:
    scored_in_place(handed_in, 2, quality=35)
    at(handed_in.scoring("V1-02"), own, 2)
    handed_in.consolidate()
    copy = scored_copy(handed_in, "bản sao.xlsx", 1, quality=33)
    at(copy, own, 1)
    handed_in.consolidate()
    assert quality(handed_in) == "35"

    copy.unlink()
    at(scored_copy(handed_in, "bản sao 2.xlsx", 3, quality=34), own, 3)
    handed_in.consolidate()
    assert quality(handed_in) == "34"


def test_a_week_is_the_same_whichever_press_saw_what_first(handed_in: LittleOffice) -> None:
    """Corrections of a form, then of scores. The button is pressed after each or once for all, and they are found in this order or the other way round.

    A form that is seen after the manager has scored does not count; so what is seen before that is the same in each.
    """
    days = handed_in.folder.parent / "days"
    days.mkdir()
    form, book = handed_in.form("V1-03"), handed_in.scoring("V1-02")
    files: list[tuple[Path, Path]] = []

    def put(name: str, target: Path, hours: float) -> None:
        kept = days / name
        shutil.copy(target, kept)
        files.append((at(kept, hours, hours), target))

    type_into(form, {"ev_self_quality": 35}, second := form.with_name("phiếu (sửa lần 2).xlsx"))
    put("a", second, 1)
    second.unlink()
    type_into(form, {"ev_self_quality": 36}, third := form.with_name("phiếu - Copy.xlsx"))
    put("b", third, 2)
    third.unlink()
    for hours, value in ((3.0, 36), (4.0, 34), (5.0, 33)):
        name = f"bảng {value}.xlsx"
        copy = scored_copy(handed_in, name, hours, quality=value)
        put(name, copy, hours)
        copy.unlink()
    told = set()
    for number, (order, every) in enumerate([(1, True), (-1, True), (1, False), (-1, False)]):
        office = handed_in.copy(days / str(number) / "office")
        for part in (files[:2], files[2:]):
            for source, target in part[::order]:
                shutil.copy2(source, office.folder / target.relative_to(handed_in.folder))
                if every:
                    office.consolidate()
            office.consolidate()
        row = office.result("V1-03")
        told.add((row["state"], row["self_quality"], row["scored_quality"], row["scored_total"]))
        assert book.name == office.scoring("V1-02").name

    assert told == {("scored", "36", "33", "86")}
