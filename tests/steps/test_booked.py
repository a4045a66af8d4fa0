"""The sheet *Đã ghi nhận*: what was booked in somebody's name is what the ledger says, and it is all there."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from evalxl.steps.office.office import Office
from tests.little_office import LittleOffice, opened, read
from tests.people import cells, type_into

COLUMNS = ("event", "at", "week", "person", "name", "decision", "quality", "progress", "conduct", "total", "words", "source", "standing")  # fmt: skip


def sheet(path: Path) -> list[dict[str, Any]]:
    """The rows of the sheet, as openpyxl reads them."""
    columns = {name: read(path, f"ev_booked_{name}") for name in COLUMNS}
    rows = [{name: column[row] for name, column in columns.items()} for row in range(len(columns["event"]))]
    return [row for row in rows if any(value is not None for value in row.values())]


def booked(office: LittleOffice, owner: str, stage: str) -> list[dict[str, Any]]:
    """What the ledger holds in somebody's name, newest first; an approval that the scoring sheet records belongs to the scoring."""
    events = Office.open(office.folder).ledger.events
    made = [
        event
        for event in events
        if event["kind"] in ("scored", "returned", "approved")
        and owner in (event["by_code"], event.get("acts_for"))
        and event.get("stage", "approve" if event["kind"] == "approved" else "score") == stage
        and not event.get("same_person")
    ]
    return list(reversed(made))


def equal(rows: list[dict[str, Any]], events: list[dict[str, Any]]) -> None:
    """Number, person, scores, words and cells of every row are those of its event."""
    assert [row["event"] for row in rows] == [event["seq"] for event in events]
    for row, event in zip(rows, events, strict=True):
        assert row["person"] == event["subject"]
        scores = event.get("scores", {})
        for part in ("quality", "progress", "conduct"):
            assert row[part] == (float(scores[part]) if part in scores else None)
        assert row["total"] == (float(sum(Decimal(value) for value in scores.values())) if scores else None)
        for name in ("comment", "explanation", "breach_note", "opinion", "reason", "by_paper"):
            assert event.get(name, "") in f"{row['decision']}\n{row['words'] or ''}"
        for place in event["source"]["cells"].values():
            assert place["sheet"] in row["source"]
            assert place["cell"] in row["source"]
            assert place["file"].rpartition("/")[2] in row["source"]


@pytest.fixture
def week(handed_in: LittleOffice) -> LittleOffice:
    """A week in which everything happens that can be booked in a name."""
    handed_in.hand_in("V1-02", "P-03")
    handed_in.consolidate()
    handed_in.scored("V1-03", breach="Có", breach_note="03/6 đi muộn", comment="Đã nhắc")
    handed_in.scored("V1-04", "P-02", "P-03", "V1-02")
    handed_in.consolidate()
    handed_in.approved("V1-03", "V1-04")
    handed_in.approve("C-01", {"P-02": {"decision": "Điều chỉnh", "quality": 34.5, "opinion": "Xem lại"}})
    handed_in.approve("C-01", {"P-03": {"decision": "Trả lại", "opinion": "Chấm lại phần tiến độ"}})
    handed_in.consolidate()
    handed_in.score("V1-02", {"V1-03": {"quality": 35.5}})
    handed_in.score("V1-02", {"V1-04": {"decision": "Trả lại", "comment": "- Ghi rõ minh chứng"}})
    handed_in.consolidate()
    return handed_in


def test_the_sheet_of_each_manager_and_approver_equals_the_ledger(week: LittleOffice) -> None:
    for owner in ("V1-02", "P-01", "V1-01"):
        equal(sheet(week.scoring(owner)), booked(week, owner, "score"))
    for owner in ("V1-01", "C-01"):
        equal(sheet(week.approval(owner)), booked(week, owner, "approve"))
    assert [len(sheet(week.scoring(owner))) for owner in ("V1-02", "P-01", "V1-01")] == [4, 2, 1]


def test_each_row_says_whether_it_still_counts(week: LittleOffice) -> None:
    scored = {(row["person"], row["decision"]): row["standing"] for row in sheet(week.scoring("V1-02"))}
    events = {(e["kind"], e["subject"]): e["seq"] for e in Office.open(week.folder).ledger.events if "subject" in e}

    assert scored[("V1-03", "Đã chấm")] == f"Đã thay bằng ghi nhận số {events['scored', 'V1-03']}"
    assert scored[("V1-04", "Trả lại người báo cáo")] == "Đang chờ nộp hoặc chấm lại"
    assert "trả lại người báo cáo" in scored[("V1-04", "Đã chấm")]
    assert [row["standing"] for row in sheet(week.scoring("V1-02")) if row["quality"] == 35.5] == ["Đang có hiệu lực"]

    approved = {row["person"]: row["standing"] for row in sheet(week.approval("V1-01"))}
    assert approved["V1-03"] == f"Hết hiệu lực: người đánh giá đã chấm lại (số {events['scored', 'V1-03']})"
    assert approved["V1-04"] == f"Hết hiệu lực: phiếu đã được trả lại người báo cáo (số {events['returned', 'V1-04']})"
    assert [row["decision"] for row in sheet(week.scoring("V1-01"))] == ["Đã chấm, đồng thời phê duyệt"]


def test_the_sheet_says_how_to_object_and_until_when(week: LittleOffice) -> None:
    note = read(week.scoring("V1-02"), "ev_booked_note")[0]

    assert "nêu số ghi nhận" in note
    assert "17:00 10/6/2025" in note


def test_nothing_of_the_sheet_can_be_typed_over(week: LittleOffice) -> None:
    """The sheet is locked; who takes the lock away is found, and nothing of that workbook is booked."""
    path = week.scoring("V1-02")
    book = opened(path)
    assert all(cell.protection.locked for name in COLUMNS for cell in cells(book, f"ev_booked_{name}"))

    type_into(path, {"ev_booked_quality": [40]})
    week.score("V1-02", {"V1-03": {"quality": 30, "explanation": "Sửa"}})
    week.consolidate()
    assert week.result("V1-03")["scored_quality"] == "35.5"
    assert week.finding("cell.locked_changed")["sheet"] == "Đã ghi nhận"


def test_what_somebody_else_scored_in_the_open_folder_stands_in_the_managers_next_workbook(
    handed_in: LittleOffice,
) -> None:
    """Threat 5: Excel cannot tell who typed. The manager can, from the workbook of the next week."""
    copy = handed_in.scoring("V1-02").with_name("bản của đồng nghiệp.xlsx")
    shutil.copy(handed_in.scoring("V1-02"), copy)
    row = read(copy, "ev_row_person").index("V1-03")
    blank: list[Any] = [None] * row
    typed = {"quality": 33, "progress": 33, "conduct": 15, "decision": "Đã chấm"}
    type_into(copy, {f"ev_score_{name}": [*blank, value] for name, value in typed.items()})
    handed_in.consolidate()
    handed_in.say("issue", "2025-W24")
    handed_in.week = "2025-W24"
    handed_in.hand_in("V1-04")
    handed_in.consolidate()
    (found,) = sheet(handed_in.scoring("V1-02"))

    assert (found["person"], found["quality"], found["week"]) == (
        "V1-03",
        33,
        "Tuần 23 (từ ngày 02/6/2025 đến ngày 08/6/2025)",
    )
    assert "bản của đồng nghiệp.xlsx" in found["source"]


def test_what_a_delegate_did_stands_in_both_names(handed_in: LittleOffice) -> None:
    handed_in.organisation["delegations"].append(
        {"from person": "V1-02", "to person": "VP-01", "scope": "Chấm điểm", "from": "2/6/2025", "to": "30/6/2025"}
    )
    handed_in.reorganise()
    handed_in.consolidate()
    handed_in.score("VP-01", {"V1-03": {"quality": 36, "progress": 36, "conduct": 17, "decision": "Đã chấm"}})
    handed_in.consolidate()

    (giver,), (receiver,) = (sheet(handed_in.scoring(owner)) for owner in ("V1-02", "VP-01"))
    assert giver["event"] == receiver["event"]
    assert giver["decision"] == "Đã chấm\nDo Lý Văn Phượng (VP-01) thực hiện theo ủy quyền"
    assert receiver["decision"] == "Đã chấm\nTheo ủy quyền của Hoàng Thị Ngọc (V1-02)"


def test_a_workbook_that_went_out_before_there_was_such_a_sheet_is_still_read(handed_in: LittleOffice) -> None:
    """An office's own template, and last year's, need not have it."""
    import openpyxl

    own = handed_in.folder / "templates"
    own.mkdir(exist_ok=True)
    book = openpyxl.load_workbook(Path("templates") / "scoring.xlsx")
    for name in [name for name in book.defined_names if name.startswith("ev_booked_")]:
        del book.defined_names[name]
    del book["Đã ghi nhận"]
    book.save(own / "scoring.xlsx")
    handed_in.consolidate()
    assert "ev_booked_event" not in opened(handed_in.scoring("V1-02")).defined_names

    handed_in.scored("V1-03")
    handed_in.consolidate()
    assert handed_in.result("V1-03")["state"] == "scored"

    (own / "scoring.xlsx").unlink()
    handed_in.consolidate()
    equal(sheet(handed_in.scoring("V1-02")), booked(handed_in, "V1-02", "score"))
    assert [row for row in handed_in.table("findings") if row["level"] != "note"] == []


def test_pressing_the_button_again_adds_nothing(week: LittleOffice) -> None:
    assert json.loads(json.dumps(week.consolidate()))["events"] == 0
