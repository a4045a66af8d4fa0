"""A week in a real LibreOffice: people fill their forms, managers score, approvers approve, and the masters say what they typed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from evalxl.domain.evaluation.scoring import DOING, DONE, DONE_LATE, Task
from evalxl.domain.evaluation.suggestions import suggested
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import Week
from evalxl.forms import kinds
from evalxl.forms.fields import Who
from evalxl.records.rulebooks import find_rulebook
from tests.libreoffice import Document
from tests.libreoffice import Office as LibreOffice
from tests.little_office import LittleOffice
from tests.people import GOOD_FORM
from tests.real_client.desk import entries, exact, fill, master_row, type_rows
from tests.standard_parts import FIELDS

RULES: RuleBook = find_rulebook(Path(), "cv-8679-2025")
SUNDAY = Week(2025, 23).sunday

FILLED = {
    **GOOD_FORM,
    "ev_self_quality": "37.5",
    "ev_self_progress": "36",
    "ev_self_conduct": "18.25",
    "ev_conduct_note": "- Chấp hành tốt giờ làm việc.",
    "ev_difficulties": "+ Thiếu máy in & giấy <A4>; \"khó\" 'khăn' 😀",
    "ev_task_name": ["Tham mưu báo cáo tuần", "=1+1", "@ Rà soát văn bản"],
    "ev_task_status": ["Hoàn thành", "Hoàn thành trễ hạn", "Đang thực hiện"],
    "ev_task_due": ["2025-06-05", "2025-06-06", "2025-06-20"],
    "ev_task_product": ["Báo cáo số 12", "", "Dự thảo"],
    "ev_task_evidence": ["12-BC/VP", "05-CV/VP", None],
}


def test_a_person_fills_a_form_and_its_live_cells_say_what_python_says(
    libreoffice: LibreOffice, issued: LittleOffice
) -> None:
    path = issued.form("V1-03")
    tasks = [
        Task("01", "Tham mưu", due=Week(2025, 23).thursday, status=DONE, product="Báo cáo"),
        Task("02", "Rà soát", due=SUNDAY, status=DONE_LATE),
        Task("03", "Dự thảo", due=SUNDAY.replace(day=20), status=DOING),
    ]
    quality, progress = suggested(tasks, RULES, SUNDAY).values()

    with libreoffice.open(path) as form:
        assert form.text("ev_open_items") == "Còn 4 ô bắt buộc; trước hết ô D13 (điểm chất lượng) chưa điền."
        assert (exact(form.value("ev_self_total")), band_shown(form)) == (None, "")

        form.fill([("ev_self_quality", 0, "37.5"), ("ev_self_progress", 0, "36")])
        assert form.text("ev_open_items").startswith("Còn 2 ô bắt buộc; trước hết ")
        assert exact(form.value("ev_self_total")) is None

        assert form.fill(entries(FILLED)) == []
        total = Decimal("91.75")
        assert exact(form.value("ev_self_total")) == total
        assert band_shown(form) == RULES.band_for(total).vi
        assert exact(form.value("ev_suggested_quality")) == quality == 20
        assert exact(form.value("ev_suggested_progress")) == progress == 20
        assert form.text("ev_open_items") == "Đã điền đủ."
        form.save()
    issued.in_time(path)
    issued.consolidate()

    row = issued.result("V1-03")
    assert [row[name] for name in ("state", "self_total", "band", "flags")] == [
        "submitted",
        "91.75",
        "excellent",
        "provisional",
    ]
    assert [task["name"].lstrip("'") for task in issued.table("tasks") if task["code"] == "V1-03"] == [
        "Tham mưu báo cáo tuần",
        "=1+1",
        "@ Rà soát văn bản",
    ]
    assert "cell.is_formula" not in issued.findings()
    assert "score.off_step" in issued.findings("V1-03")


def band_shown(form: Document) -> str:
    """The band without the label before it."""
    return form.text("ev_self_band").partition(": ")[2]


def test_locked_cells_refuse_what_is_typed(libreoffice: LibreOffice, handed_in: LittleOffice) -> None:
    for kind, path in ((kinds.FORM, handed_in.form("V1-03")), (kinds.SCORING, handed_in.scoring("V1-02"))):
        with libreoffice.open(path, read_only=False) as document:
            seen = {sheet for sheet, visible in document.sheets().items() if visible}
            assert all(document.is_protected(sheet) for sheet in document.sheets())
            locked = [
                (entry.name, row)
                for entry in FIELDS[kind]
                if entry.who is not Who.PERSON and document.place(entry.name)[0] in seen
                for row in {0, kind.rows_of(entry) - 1}
            ]
            before = document.values(locked)

            assert len(document.fill([(name, row, "9") for name, row in locked])) == len(locked)
            assert document.values(locked) == before


def test_keys_meet_the_validation_of_a_score_and_of_a_list(libreoffice: LibreOffice, issued: LittleOffice) -> None:
    with libreoffice.open(issued.form("V1-03")) as form:
        for typed in ("99", "40.5", "-1", "abc", "37 điểm"):
            assert not form.key("ev_self_quality", 0, typed), typed
        assert form.key("ev_self_quality", 0, "40")
        assert not form.key("ev_self_conduct", 0, "21")
        assert not form.key("ev_status", 0, "Xong")
        assert form.key("ev_status", 0, "Đã nộp")
        assert form.key("ev_conduct_note", 0, "- Đi làm đúng giờ")
        assert not form.key("ev_self_total", 0, "100")

        assert form.value("ev_self_quality") == 40
        assert form.value("ev_status") == "Đã nộp"
        assert form.value("ev_conduct_note") == "- Đi làm đúng giờ"


MOST_MOVES = 55  # of the keys that go from cell to cell, for a form with five tasks


def test_a_form_with_five_tasks_is_filled_in_few_moves_from_cell_to_cell(
    libreoffice: LibreOffice, issued: LittleOffice
) -> None:
    """Tab along a row, Enter to the next one; only open cells are visited, and all that is needed lies side by side."""
    of_a_task = ("name", "due", "status", "finished", "product", "evidence")
    required = ("ev_self_quality", "ev_self_progress", "ev_conduct_note", "ev_self_conduct", "ev_status")
    moves: list[str] = []

    with libreoffice.open(issued.form("V1-03")) as form:

        def move(*keys: str) -> None:
            form.press(*keys)
            moves.extend(keys)

        def at(name: str, row: int = 0) -> bool:
            return form.cursor() == form.place(name, row)

        assert at(required[0])
        form.go_to("ev_task_name")
        moves.append("CTRL+PAGEDOWN")
        for row in range(5):
            for name in of_a_task:
                assert at(f"ev_task_{name}", row)
                form.press("x")
                move("RETURN" if name == of_a_task[-1] else "TAB")
        form.go_to(required[0])
        moves.append("CTRL+PAGEUP")
        for name in required:
            assert at(name)
            move("TAB")

    assert len(moves) <= MOST_MOVES


def test_a_week_from_the_form_to_the_masters(libreoffice: LibreOffice, issued: LittleOffice) -> None:
    """V1-03 and V1-04 are scored by V1-02 and approved by V1-01; P-02 by P-01 and C-01."""
    office = issued
    for code, quality in (("V1-03", "37.5"), ("V1-04", "39"), ("P-02", "20")):
        office.in_time(fill(libreoffice, office.form(code), {**FILLED, "ev_self_quality": quality}))
    office.consolidate()

    with libreoffice.open(office.scoring("V1-02")) as book:
        assert book.text("ev_book_left").startswith("Đã chấm 0/2")
        first = book.column("ev_row_person").index("V1-04")
        type_rows(book, "ev_row_person", {"V1-04": {"quality": "30", "progress": "36", "conduct": "18"}}, "ev_score_")
        assert exact(book.value("ev_row_score_total", first)) == 84
        assert exact(book.value("ev_row_difference", first)) == -9
        assert "chênh lệch" in book.text("ev_row_open_items", first)
        rows = {
            "V1-04": {"explanation": "Sản phẩm phải sửa hai lần", "comment": "Cần rà soát kỹ", "decision": "Đã chấm"},
            "V1-03": {"quality": "36", "progress": "36", "conduct": "17.5", "decision": "Đã chấm"},
        }
        type_rows(book, "ev_row_person", rows, "ev_score_")
        assert book.text("ev_row_open_items", first) == ""
        assert book.text("ev_book_left").startswith("Đã chấm 2/2")
        people, keys = book.column("ev_check_person"), book.column("ev_check_key")
        check = list(zip(people, keys, strict=True)).index(("V1-03", "02"))
        assert book.fill([("ev_check_recognised", check, "Có"), ("ev_check_important", check, "Có")]) == []
        given = {"person": "V1-03", "task": "Chuẩn bị hội nghị", "due": "2025-06-13", "important": "Có"}
        assert book.fill([(f"ev_assign_{name}", 0, value) for name, value in given.items()]) == []
        book.save()
    with libreoffice.open(office.scoring("P-01")) as book:
        type_rows(
            book, "ev_row_person", {"P-02": {"decision": "Trả lại", "comment": "Chưa có minh chứng"}}, "ev_score_"
        )
        book.save()
    office.consolidate()

    with libreoffice.open(office.approval("V1-01")) as book:
        assert sorted(code for code in book.column("ev_row_person") if code) == ["V1-03", "V1-04"]
        adjusted = {"decision": "Phê duyệt có điều chỉnh", "quality": "37", "opinion": "Có sáng kiến"}
        type_rows(book, "ev_row_person", {"V1-03": adjusted}, "ev_approve_")
        assert book.type_into("ev_approve_all", 0, "Có")
        assert not book.type_into("ev_row_score_total", 0, "100")
        book.save()
    done = office.consolidate()

    # What people left out of their tasks is said, and a score outside its line of the guide; nothing else is.
    assert {finding["kind"] for finding in done["findings"]} == {
        *("task.no_product", "score.off_step", "score.outside_guide")
    }
    assert "Trạng thái: Đã phê duyệt" in office.receipt("V1-03")
    assert "Chưa có minh chứng" in office.receipt("P-02")
    results = {row["code"]: row for row in office.table("results")}
    expected = {
        "V1-03": ["approved", "91.75", "89.5", "90.5", "90.5", "approved", "excellent", "adjusted"],
        "V1-04": ["approved", "93.25", "84", "84", "84", "approved", "good", ""],
        "P-02": ["returned", "74.25", "", "", "74.25", "self", "completed", "provisional"],
    }
    names = ("state", "self_total", "scored_total", "approved_total", "counted_total", "counted_basis", "band")
    for code, row in expected.items():
        assert [results[code][name] for name in names] == row[:7], code
        assert row[7] in results[code]["flags"]
    for master in (
        office.master(),
        office.master("VU1"),
    ):
        shown = master_row(master, "Kết quả", "V1-03")
        assert (shown["Tổng tự chấm"], shown["Điểm đánh giá/Tổng"], shown["Điểm phê duyệt/Tổng"]) == (
            91.75,
            89.5,
            90.5,
        )
        assert shown["Kết quả tuần/Mức độ hoàn thành nhiệm vụ"] == "Hoàn thành xuất sắc nhiệm vụ"
    _given_task_is_locked(libreoffice, office)


def _given_task_is_locked(libreoffice: LibreOffice, office: LittleOffice) -> None:
    office.week = "2025-W24"
    office.say("issue", office.week)
    with libreoffice.open(office.form("V1-03")) as form:
        assert form.value("ev_task_name", 0) == "Chuẩn bị hội nghị"
        assert form.text("ev_task_due", 0) == "13/06/2025"
        for name in ("ev_task_name", "ev_task_important", "ev_task_due"):
            assert not form.type_into(name, 0, "Việc khác")
        assert form.type_into("ev_task_status", 0, "Hoàn thành")
        assert form.type_into("ev_task_name", 5, "Việc của tôi")


def test_a_form_that_went_through_another_format_is_read_like_any_other(
    libreoffice: LibreOffice, issued: LittleOffice, tmp_path: Path
) -> None:
    """Somebody saves as .ods, another opens that and saves as .xlsx again; the copy lies under another name."""
    path = issued.form("V1-03")
    with libreoffice.open(path) as form:
        form.fill(entries(FILLED))
        form.save_as(tmp_path / "phieu.ods")
    with libreoffice.open(tmp_path / "phieu.ods") as form:
        form.save_as(path.with_name("Phiếu của An (1).xlsx"))
    issued.in_time(path.with_name("Phiếu của An (1).xlsx"))

    issued.consolidate()

    assert issued.result("V1-03")["self_total"] == "91.75"
    assert {row["level"] for row in issued.table("findings") if row["code"] == "V1-03"} <= {"warning", "note"}
    assert not [kind for kind in issued.findings("V1-03") if kind.startswith(("cell.", "file.", "names."))]


@pytest.mark.parametrize(
    ("suffix", "kind", "sentence"),
    [
        ("ods", "file.is_opendocument", "Tệp thực ra ở định dạng OpenDocument (.ods), không phải .xlsx."),
        ("xls", "file.old_format", "Tệp ở định dạng Excel cũ (.xls), dù tên có thể là .xlsx."),
    ],
)
def test_a_form_in_another_format_gets_its_sentence(
    libreoffice: LibreOffice, issued: LittleOffice, suffix: str, kind: str, sentence: str
) -> None:
    path = issued.form("V1-03").with_suffix(f".{suffix}")
    with libreoffice.open(issued.form("V1-03")) as form:
        form.fill(entries(FILLED))
        form.save_as(path)

    issued.consolidate()

    finding = issued.finding(kind)
    assert (finding["message"], finding["level"]) == (sentence, "error")
    assert finding["file"].endswith(path.name)
    assert ".xlsx" in finding["remedy"]
    assert issued.result("V1-03")["state"] == "invalid"


def test_a_decimal_comma_under_vietnamese_settings_is_a_number_and_under_others_is_repaired(
    libreoffice: LibreOffice, issued: LittleOffice
) -> None:
    comma = {**FILLED, "ev_self_quality": "37,5"} | {"ev_self_conduct": "18", "ev_task_due": None}
    with libreoffice.locale("vi-VN"):
        issued.in_time(fill(libreoffice, issued.form("V1-03"), comma))
    issued.in_time(fill(libreoffice, issued.form("V1-04"), comma))

    issued.consolidate()

    assert [issued.result(code)["self_total"] for code in ("V1-03", "V1-04")] == ["91.5", "91.5"]
    assert "score.repaired" not in issued.findings("V1-03")
    assert "score.repaired" in issued.findings("V1-04")
