"""What is said of forms: every fault is made by somebody, everybody does what the finding says, and the form counts."""

from __future__ import annotations

import io
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from evalxl.words import level_of
from tests.advice.advice import (
    Act,
    Desk,
    Result,
    Row,
    at,
    cell_of,
    codes,
    filled_afresh,
    filled_afresh_where_it_was_moved,
    found,
    hostile,
    moved_away,
    office_of,
    opened_and_saved,
    put_right,
    retyped,
    row,
)
from tests.mutants.kinds import kinds as mutants
from tests.mutants.package import Package
from tests.people import GOOD_FORM, cells, type_into

FRESH = (moved_away, filled_afresh)


def typed(**changed: Any) -> Act:
    return lambda desk: desk.fill(**changed)


def edited(change: Any) -> Act:
    """A fault that a person makes in the filled form with a program."""

    def make(desk: Desk) -> None:
        desk.fill()
        desk.edit(change, 2)

    return make


def set_cell(name: str, value: Any, line: int = 0) -> Act:
    def change(book: Workbook) -> None:
        cell_of(book, name, line).value = value

    return edited(change)


def mutant(name: str, field: str) -> Act:
    """A fault of the table of altered workbooks."""
    kind = next(one for one in mutants() if one.name == name)

    def make(desk: Desk) -> None:
        desk.fill()
        package = Package(desk.filled)
        kind.alter(package, *package.place(field), Random(7))
        desk.lay(package.packed(), 2)

    return make


# Files in the place of a form


def instead(name: str, data: bytes | None = None, kind: str = "") -> Act:
    """Another file lies where the form belongs, under its own name."""

    def make(desk: Desk) -> None:
        if kind:
            hostile(kind)(desk)
        else:
            desk.fill()
            desk.lay(data or b"", 2)
        desk.held["other"] = desk.form.rename(desk.form.with_suffix(name))

    return make


def other_removed(desk: Desk) -> None:
    Path(desk.held["other"]).unlink()


def filled_and_other_removed(desk: Desk) -> None:
    filled_afresh(desk)
    other_removed(desk)


def saved_as_xlsx(desk: Desk) -> None:
    """*Lưu thành, ở định dạng .xlsx, rồi xóa tệp cũ.*"""
    put_right(desk)
    if "other" in desk.held:
        other_removed(desk)


def other_moved_out(desk: Desk) -> None:
    shutil.move(desk.held["other"], desk.elsewhere)


def awaited(result: Result) -> bool:
    """The file was none of a form's: the person's form is awaited as before."""
    return result["state"] == "not_submitted"


def a_note_beside(suffix: str, data: bytes) -> Act:
    """Something that is no form, left in the week's folder under a name of its own."""

    def make(desk: Desk) -> None:
        desk.held["other"] = desk.form.with_name(f"ghi chép {desk.code}{suffix}")
        desk.lay(data, 2, desk.held["other"])

    return make


def zipped(desk: Desk) -> None:
    desk.fill()
    desk.held["other"] = desk.form.with_suffix(".zip")
    with zipfile.ZipFile(desk.held["other"], "w") as package:
        package.write(desk.form, desk.form.name)
    desk.form.unlink()


def unpacked(desk: Desk) -> None:
    """*Giải nén, chép phiếu vào thư mục của tuần, rồi xóa tệp nén.*"""
    with zipfile.ZipFile(desk.held["other"]) as package:
        package.extractall(desk.form.parent)
    other_removed(desk)


def half_copied(desk: Desk) -> None:
    desk.fill()
    desk.lay(desk.filled[:-2000], 2)


def linked(desk: Desk) -> None:
    desk.fill()
    home = desk.elsewhere / desk.form.name
    desk.form.rename(home)
    desk.form.symlink_to(home)


def copied_in_place_of_the_link(desk: Desk) -> None:
    home = desk.form.resolve()
    desk.form.unlink()
    shutil.copy2(home, desk.form)


def badly_named(desk: Desk) -> None:
    desk.fill()
    os.rename(desk.form, os.fsencode(desk.form.parent) + b"/phieu\xff.xlsx")  # noqa: PTH104
    desk.held["called"] = "phieu[U+DCFF].xlsx"


def renamed(desk: Desk) -> None:
    os.rename(os.fsencode(desk.form.parent) + b"/phieu\xff.xlsx", os.fsencode(desk.form))  # noqa: PTH104


def too_deep(desk: Desk) -> None:
    desk.fill()
    folder = desk.form.parent / Path(*["sâu"] * 70)
    folder.mkdir(parents=True)
    desk.held["other"] = desk.form.rename(folder / "phiếu.xlsx")
    desk.held["called"] = "sâu"


def moved_back_and_folder_deleted(desk: Desk) -> None:
    """*Chuyển phiếu ra thư mục của tuần, xóa thư mục đó.*"""
    Path(desk.held["other"]).rename(desk.form)
    shutil.rmtree(desk.form.parent / "sâu")


def outside_the_week(desk: Desk) -> None:
    desk.fill()
    folder = desk.office.share / "nộp nhầm"
    folder.mkdir(exist_ok=True)
    desk.held["other"] = desk.form.rename(folder / desk.form.name)


def moved_into_the_week(desk: Desk) -> None:
    other = Path(desk.held["other"])
    other.rename(desk.office.share / desk.office.week / other.name)


# Cells


def formatted(name: str, code: str) -> Act:
    def change(book: Workbook) -> None:
        cell_of(book, name).number_format = code

    return edited(change)


def general_and_typed_again(name: str) -> Act:
    """*Đổi định dạng ô về Chung (General), gõ lại nội dung rồi lưu tệp.*"""

    def change(book: Workbook) -> None:
        cell_of(book, name).number_format = "General"
        cell_of(book, name).value = GOOD_FORM[name] if not isinstance(GOOD_FORM[name], list) else GOOD_FORM[name][0]

    return lambda desk: desk.edit(change, 5)


def merged(book: Workbook) -> None:
    column = cells(book, "ev_task_product")
    column[0].parent.merge_cells(f"{column[1].coordinate}:{column[2].coordinate}")


def unmerged(desk: Desk) -> None:
    def change(book: Workbook) -> None:
        column = cells(book, "ev_task_product")
        column[0].parent.unmerge_cells(f"{column[1].coordinate}:{column[2].coordinate}")
        column[1].value = GOOD_FORM["ev_task_product"][1]

    desk.edit(change, 5)


def written_outside(book: Workbook) -> None:
    book.worksheets[0]["K60"] = "Việc ghi nhầm chỗ"


def written_where_it_belongs(desk: Desk) -> None:
    def change(book: Workbook) -> None:
        cell_of(book, "ev_difficulties").value = book.worksheets[0]["K60"].value
        book.worksheets[0]["K60"].value = None

    desk.edit(change, 5)


def inserted(book: Workbook) -> None:
    book["Nhiệm vụ"].insert_rows(8)


def inserted_column(book: Workbook) -> None:
    book["Nhiệm vụ"].insert_cols(4)


def row_deleted_again(desk: Desk) -> None:
    desk.edit(lambda book: book["Nhiệm vụ"].delete_rows(8), 5)


def bent(book: Workbook) -> None:
    """A cell that a formula reads was dragged away, and the formula went along."""
    coefficient = cell_of(book, "ev_task_coefficient")
    beside = cell_of(book, "ev_task_complexity").coordinate
    assert beside in coefficient.value
    coefficient.value = coefficient.value.replace(beside, "F30")


def moved_score(book: Workbook) -> None:
    """A score was cut to the next cell, and its name went along."""
    cell = cell_of(book, "ev_self_quality")
    there = cell.parent[f"K{cell.row}"]
    there.value, cell.value = cell.value, None
    book.defined_names["ev_self_quality"].attr_text = f"'{cell.parent.title}'!${there.column_letter}${there.row}"


def names_led_to_a_copy(book: Workbook) -> None:
    """The whole form was copied a long way down, and the names lead to the copy, in which other scores may stand."""
    page = cell_of(book, "ev_self_quality").parent
    for cell in [cell for line in page.iter_rows() for cell in line if cell.value is not None]:
        page.cell(cell.row + 500, cell.column).value = cell.value
    for defined in book.defined_names.values():
        place = re.fullmatch(rf"'?{page.title}'?!\$([A-Z]+)\$(\d+)(?::\$([A-Z]+)\$(\d+))?", defined.attr_text or "")
        if place:
            end = f":${place[3]}${int(place[4]) + 500}" if place[3] else ""
            defined.attr_text = f"'{page.title}'!${place[1]}${int(place[2]) + 500}{end}"


def many_changed(book: Workbook) -> None:
    for cell in cells(book, "ev_task_key"):
        cell.value = f"{cell.value}x"


def put_as_it_was(name: str) -> Act:
    """*Trả ô này về đúng như cũ rồi lưu tệp.*"""

    def do(desk: Desk) -> None:
        issued = cell_of(openpyxl.load_workbook(io.BytesIO(desk.held["issued"])), name).value
        desk.edit(lambda book: setattr(cell_of(book, name), "value", issued), 5)

    return do


def cleared(desk: Desk) -> None:
    """*Xóa nội dung của ô này rồi lưu tệp.*"""

    def change(book: Workbook) -> None:
        for one in desk.office.table("findings"):
            if one["code"] == desk.code:
                book[one["sheet"]][one["cell"]].value = None

    desk.edit(change, 5)


# Two sheets, two files


def filled_on_a_copy(fill_both: bool) -> Act:
    """A copy of the form's sheet was filled; where `fill_both`, otherwise than the sheet itself."""

    def make(desk: Desk) -> None:
        desk.fill()
        book = openpyxl.load_workbook(desk.form)
        twin = book.copy_worksheet(book.worksheets[0])
        twin.title = f"{book.worksheets[0].title} (2)"
        for name in ("ev_self_quality", "ev_self_progress", "ev_self_conduct"):
            cell = cell_of(book, name)
            if fill_both:
                twin[cell.coordinate].value = 11
            else:
                cell.value = None
        if not fill_both:
            for name in GOOD_FORM:
                for cell in cells(book, name):
                    cell.value = "Đang soạn" if name == "ev_status" else None
        book.save(desk.form)
        at(desk.form, 2)

    return make


def copied_over_and_deleted(desk: Desk) -> None:
    """*Chép nội dung sang trang của phiếu, xóa trang kia rồi lưu tệp.*"""

    def change(book: Workbook) -> None:
        twin = book.worksheets[-1]
        for name in GOOD_FORM:
            for cell in cells(book, name):
                if cell.parent is book.worksheets[0]:
                    cell.value = twin[cell.coordinate].value
        for name in ("ev_task_name", "ev_task_status", "ev_task_product", "ev_task_evidence"):
            for cell, value in zip(cells(book, name), GOOD_FORM[name], strict=False):
                cell.value = value
        del book[twin.title]

    desk.edit(change, 5)


def the_other_scores(result: Result) -> bool:
    return result["self_quality"] == "11"


def second(desk: Desk, own: float, folder: float) -> Path:
    """A copy beside the form, in which another score stands."""
    path = desk.form.with_name(f"{desk.form.stem} (sửa lần 2).xlsx")
    type_into(desk.form, {"ev_self_quality": 30}, path)
    at(path, own)
    os.utime(path, (at(desk.form, 1).stat().st_mtime - 3600 + 3600 * folder,) * 2)
    desk.held["other"] = path
    return path


def in_conflict(desk: Desk) -> None:
    desk.fill()
    at(desk.form, 3)
    stands = desk.form.read_bytes()
    path = second(desk, 1, 5)
    desk.lay(stands, 3)
    os.utime(path, (desk.form.stat().st_mtime + 7200,) * 2)


def one_cell_again(path_of: Any, quality: int) -> Act:
    """*Mở bản đúng, gõ lại một ô rồi lưu.*"""

    def do(desk: Desk) -> None:
        path = path_of(desk)
        type_into(path, {"ev_self_quality": quality})
        at(path, 8)

    return do


def the_form(desk: Desk) -> Path:
    return desk.form


def the_other(desk: Desk) -> Path:
    return Path(desk.held["other"])


def counts(quality: int) -> Callable[[Result], bool]:
    return lambda result: (result["state"], result["self_quality"]) == ("submitted", str(quality))


SCORES = {
    "score.not_a_number": "a score of 11062 random letters",
    "score.has_unit": "",
    "score.is_fraction": "",
    "score.is_boolean": "",
    "score.is_error": "",
    "score.is_formula": "",
    "score.other_digits": "",
    "score.not_finite": "",
    "score.is_range": "",
    "score.ambiguous": "",
    "score.out_of_bounds": "conduct",
}
RIGHT_SCORES = {"self_quality": 37, "self_progress": 36, "self_conduct": 18}

BY_FRESH = (
    *("file.empty", "file.too_many_parts", "file.has_macros", "file.has_active_content", "file.has_external_links"),
    *("file.has_connections", "file.has_dde", "file.has_doctype", "file.twin_sheets", "file.twin_names"),
    *("file.unpacks_too_large", "file.too_many_cells", "file.other_calendar"),
    *("stamp.altered", "names.twin", "cell.formula_replaced", "cell.formula_changed"),
)
BY_SAVING_AGAIN = ("file.damaged", "file.odd_package", "file.bad_xml", "file.other_encoding", "file.twin_cells")
IN_THE_PROGRAM = (
    *("file.too_large", "file.unpacks_too_large", "file.too_many_cells", "file.text_too_long", "file.encrypted"),
    *("file.has_embedded_object", "file.other_calendar", "file.outside_grid"),
)


TABLE: list[Row] = [
    *(row(kind, hostile(kind), *FRESH) for kind in BY_FRESH),
    *(row(kind, hostile(kind), opened_and_saved, filled_afresh_where_it_was_moved) for kind in BY_SAVING_AGAIN),
    *(row(kind, hostile(kind), put_right) for kind in IN_THE_PROGRAM),
    row("file.cut_off", half_copied, put_right),
    row("file.not_downloaded", hostile("file.not_downloaded"), put_right),
    # Another kind of file
    row("file.is_opendocument", instead(".ods", kind="file.is_opendocument"), saved_as_xlsx),
    row("file.is_binary_workbook", instead(".xlsb", kind="file.is_binary_workbook"), saved_as_xlsx),
    row("file.old_format", instead(".xls", kind="file.old_format"), saved_as_xlsx),
    row("file.old_format", hostile("file.old_format"), saved_as_xlsx),
    row("file.macro_format", instead(".xlsm", kind="file.macro_format"), saved_as_xlsx),
    row("file.is_archive", zipped, unpacked),
    row("file.not_xlsx", hostile("file.not_xlsx"), put_right),
    row("file.not_xlsx", a_note_beside(".dat", b"\x01\x02khac"), other_moved_out, good=awaited),
    *(
        row(kind, instead(suffix, kind=kind), lambda desk: None, filled_and_other_removed)
        for kind, suffix in (
            ("file.is_web_page", ".htm"),
            ("file.is_text", ".csv"),
            ("file.is_document", ".pdf"),
            ("file.is_picture", ".png"),
        )
    ),
    row("file.is_document", a_note_beside(".pdf", b"%PDF-1.7 x"), other_moved_out, good=awaited),
    row("file.is_text", a_note_beside(".txt", b"ghi nho"), other_moved_out, good=awaited),
    row("file.not_ours", instead(".xlsx", kind="file.not_ours"), moved_away, filled_afresh),
    row("file.elsewhere", outside_the_week, moved_into_the_week),
    row("file.not_a_file", linked, copied_in_place_of_the_link),
    row("file.bad_name", badly_named, renamed),
    row("file.too_deep", too_deep, moved_back_and_folder_deleted),
    # Cells
    row("cell.cut", typed(conduct_note="Chấp hành tốt. " * 400), retyped(conduct_note="Chấp hành tốt.")),
    row("cell.locked_changed", set_cell("ev_person_title", "Vụ trưởng"), put_as_it_was("ev_person_title")),
    row("cell.locked_changed", set_cell("ev_person_name", "Người khác"), *FRESH),
    row("cell.more_changed cell.locked_changed", edited(many_changed), *FRESH),
    row("cell.locked_shown_otherwise", formatted("ev_person_name", ';;;"Người khác"'), *FRESH),
    row(
        "cell.shown_otherwise",
        formatted("ev_conduct_note", ';;;"Không có gì đặc biệt"'),
        general_and_typed_again("ev_conduct_note"),
    ),
    row("cell.covered", mutant("a text box over it", "ev_self_quality"), put_right),
    row("cell.hard_to_see", mutant("letters in the colour of the cell", "ev_self_quality"), put_right),
    row("cell.readers_differ", hostile("cell.readers_differ"), retyped(self_quality=37)),
    row("cell.formula_replaced", hostile("cell.formula_replaced"), cleared),
    row("cell.formula_changed", hostile("cell.formula_changed"), cleared),
    row("cell.formula_bent", edited(bent), *FRESH),
    row("cell.moved", edited(moved_score), *FRESH),
    row("form.cells_moved", edited(names_led_to_a_copy), *FRESH),
    row("cell.outside", edited(written_outside), written_where_it_belongs),
    row("cell.is_formula", set_cell("ev_difficulties", '="thiếu người"'), retyped(difficulties="thiếu người")),
    row("cell.is_error", set_cell("ev_task_product", "#REF!"), retyped(task_product=["Báo cáo số 12"])),
    row("cell.merged", edited(merged), unmerged),
    row("cell.under_merge", hostile("cell.under_merge"), put_right),
    row("choice.unknown", typed(task_status=["Xong xuôi"]), retyped(task_status=["Hoàn thành"])),
    row("date.unreadable", typed(task_due=["ngày mốt"]), retyped(task_due=["05/6/2025"])),
    row("date.far", typed(task_due=[date(2031, 8, 19)]), retyped(task_due=[date(2025, 6, 5)])),
    row("date.other_year", typed(task_due=[date(2024, 6, 5)]), retyped(task_due=[date(2025, 6, 5)])),
    row("date.swapped", typed(task_due=[date(2025, 5, 6)]), retyped(task_due=[date(2025, 6, 5)])),
    *(
        row("date.finished_after_due", typed(task_due=[date(2025, 6, 3)], task_finished=[date(2025, 6, 5)]), retyped(**do))
        for do in ({"task_status": ["Hoàn thành trễ hạn"]}, {"task_finished": [date(2025, 6, 3)]})
    ),
    *(
        row("date.finished_but_open", typed(task_status=["Đang thực hiện"], task_finished=[date(2025, 6, 4)]), retyped(**do))
        for do in ({"task_status": ["Hoàn thành"]}, {"task_finished": [""]})
    ),
    row("number.unreadable", typed(task_assigned=["dăm bảy"]), retyped(task_assigned=[6])),
    row("task.no_name", typed(task_name=["", "Rà soát"]), retyped(task_name=["Tham mưu báo cáo"])),
    row("task.no_product", typed(task_product=["", "Danh mục"]), retyped(task_product=["Báo cáo"])),
    row("task.no_evidence", typed(task_evidence=["", "05-CV"]), retyped(task_evidence=["12-BC/VP"])),
    row("task.code_unknown", typed(task_code=["ZZ-9"]), retyped(task_code=["BC"])),
    row("plan.no_name", typed(plan_due=[date(2025, 6, 12)]), retyped(plan_name=["Việc tuần sau"])),
    row("appeal.no_reason", typed(appeal="Có"), retyped(reply="Đề nghị xem lại điểm tiến độ")),
    # Scores
    *(row(kind, hostile(kind, name), retyped(**RIGHT_SCORES)) for kind, name in SCORES.items()),
    row("score.is_percent", hostile("score.is_percent"), *FRESH),
    row("score.is_date", hostile("score.is_date"), retyped(**RIGHT_SCORES)),
    row("score.is_date", hostile("score.is_date"), *FRESH),
    row("score.shown_otherwise", formatted("ev_self_quality", '"3"0.0'), general_and_typed_again("ev_self_quality")),
    # The form as such
    row("form.score_missing", typed(self_conduct=""), retyped(self_conduct=18)),
    row("form.no_task", typed(task_name=["", ""], task_status=["", ""], task_product=["", ""], task_evidence=["", ""]), retyped(task_name=["Việc đã làm"])),
    row("form.draft", typed(status="Đang soạn"), retyped(status="Đã nộp")),
    row("form.rows_inserted", edited(inserted), row_deleted_again),
    row("form.columns_inserted", edited(inserted_column), put_right),  # openpyxl leaves merged cells behind when it deletes a column
    row("form.rows_deleted", edited(lambda book: book["Nhiệm vụ"].delete_rows(9)), put_right),
    row("form.rows_deleted", edited(lambda book: book["Nhiệm vụ"].delete_rows(9)), *FRESH),
    row("form.columns_deleted", edited(lambda book: book["Nhiệm vụ"].delete_cols(1)), put_right),
    row("form.columns_deleted", edited(lambda book: book["Nhiệm vụ"].delete_cols(1)), *FRESH),
    row("form.twin_sheet", filled_on_a_copy(False), copied_over_and_deleted),
    row("form.twin_filled", filled_on_a_copy(True), copied_over_and_deleted, good=the_other_scores),
    # Several files of one form
    row("form.conflict", in_conflict, lambda desk: the_other(desk).unlink(), good=counts(37)),
    row("form.conflict", in_conflict, one_cell_again(the_other, 31), good=counts(31)),
]  # fmt: skip


# There is no result yet of which a review could be asked.
BESIDE = {"appeal.no_result"}


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Everybody's fault is made, told, and undone by what was told: where it did not go so."""
    office = office_of(tmp_path_factory.mktemp("advice") / "office", len(TABLE))
    wrong: list[str] = []
    office.say("issue", office.week)
    desks = [Desk(office, code) for code in codes(len(TABLE))]
    for desk, one in zip(desks, TABLE, strict=True):
        desk.held["issued"] = desk.form.read_bytes()
        one.make(desk)
    first = found(office, office.consolidate())
    for desk, one in zip(desks, TABLE, strict=True):
        if missed := set(one.kinds) - _told(first, desk):
            wrong.append(f"{desk.code}: {missed} was not made, but {_told(first, desk)}")
        one.do(desk)
    office.say("issue", office.week)
    for desk, one in zip(desks, TABLE, strict=True):
        if one.then is not None:
            one.then(desk)
    last, results = found(office, office.consolidate()), {one["code"]: one for one in office.table("results")}
    for desk, one in zip(desks, TABLE, strict=True):
        told = {kind for kind in _told(last, desk) if level_of(kind) in ("error", "warning")}
        if left := (set(one.kinds) & _told(last, desk)) | (told - BESIDE):
            wrong.append(f"{desk.code}: after {one.kinds} there is {left}")
        if not one.good(results[desk.code]):
            wrong.append(f"{desk.code}: after {one.kinds} there is {results[desk.code]['state']}")
    return wrong


def _told(by: dict[str, set[str]], desk: Desk) -> set[str]:
    """What is said of a person, and of files that are nobody's and that the person laid there."""
    names = [Path(desk.held.get("other", desk.form)).name, desk.form.name, desk.held.get("called", desk.form.name)]
    return {kind for key, kinds in by.items() if key == desk.code or key.endswith(tuple(names)) for kind in kinds}


def test_everybody_who_does_what_the_finding_says_is_rid_of_it(wrong: list[str]) -> None:
    assert not wrong, "\n".join(wrong)
