"""A reply goes to who scores and who approves next; a request for review has its own state and deadline until it is answered, and a late one is not lost."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from evalxl.domain.weeks import Week
from evalxl.steps.close import close
from evalxl.steps.consolidate import consolidate
from evalxl.steps.issue.issue import issue
from evalxl.steps.office.office import Clock, Office
from tests.steps.test_difficulties import Counter, counter

REASON = "Đề án A đã trình đúng hạn, có phiếu trình số 15."
W23 = Week.parse("2025-W23").shown()


@pytest.fixture(scope="module")
def _closed(tmp_path_factory: pytest.TempPathFactory) -> Counter:
    """Week 2025-W23 is closed on its Tuesday after: V1-03 is approved, V1-04 scored; week 2025-W24 is issued."""
    office = counter(tmp_path_factory.mktemp("closed") / "office")
    toml = office.folder / "office.toml"
    text = toml.read_text(encoding="utf-8").replace("personal_folders = false", "personal_folders = true")
    toml.write_text(text, encoding="utf-8")
    office.week_of("2025-W23", V1_03={}, V1_04={})
    office.scored("V1-03", "V1-04", comment="Hoàn thành đúng hạn")
    office.press(date(2025, 6, 9))
    office.approved("V1-03", opinion="Đồng ý")
    office.press(date(2025, 6, 10))
    opened_ = Office.open(office.folder)
    now = datetime(2025, 6, 10, 17, 30, tzinfo=opened_.settings.zone)
    close(opened_, Week.parse("2025-W23"), Clock(now, "văn phòng"))
    office.week = "2025-W24"
    office.issue_at(datetime(2025, 6, 9, 8))
    return office


@pytest.fixture
def closed(_closed: Counter, tmp_path: Path) -> Counter:
    shutil.copytree(_closed.folder, tmp_path / "office")
    office = Counter(tmp_path / "office", "2025-W24")
    office.organisation = _closed.organisation
    return office


def test_a_reply_stands_before_who_scores_and_who_approves_with_the_week_it_speaks_of(closed: Counter) -> None:
    closed.hand_in("V1-03", reply="Đồng ý với nhận xét.")
    closed.hand_in("V1-04")
    closed.press(date(2025, 6, 13))
    said = f"Ý kiến về kết quả {W23}: Đồng ý với nhận xét."

    assert closed.row(closed.scoring("V1-02"), "V1-03")["ev_row_reply"] == said
    assert not closed.row(closed.scoring("V1-02"), "V1-04")["ev_row_reply"]

    closed.scored("V1-03", "V1-04")
    closed.press()

    assert closed.row(closed.approval("V1-01"), "V1-03")["ev_row_reply"] == said
    assert closed.people_in(closed.approval("V1-01"))[0] == "V1-03"  # who replies stands on top of the list to sign


def test_a_request_for_review_is_received_decided_and_answered_and_carried_until_then(closed: Counter) -> None:
    closed.hand_in("V1-03", reply=REASON, appeal="Có")
    found = closed.press(date(2025, 6, 13))
    (row,) = closed.table_of("reviews")
    (event,) = closed.log("appealed")

    assert [one.kind for one in found.findings if one.kind.startswith("appeal.")] == []
    assert (event["subject"], event["appealed"], event["deadline"]) == ("V1-03", "2025-W23", "2025-06-20")
    assert "late" not in event
    assert (row["person"], row["week"], row["reason"], row["deadline"]) == ("V1-03", "2025-W23", REASON, "20/6/2025")
    assert (row["state"], row["standing"]) == ("Đã nhận", "")
    assert row["result"] == f"{W23}: Điểm phê duyệt 89"
    assert "trả lời trước khi hết ngày 20/6/2025" in closed.receipt_of("V1-03")
    missing = next(row for row in closed.sheet("Chưa hoàn tất") if "Xem xét lại" in row)
    assert "Văn phòng" in missing

    closed.type_row("reviews", 0, state="Đã trả lời", answer="Đã đối chiếu phiếu trình")
    found = closed.press()

    assert sorted(one.kind for one in found.findings if one.kind.startswith("appeal.")) == [
        "appeal.decided_by_missing",
        "appeal.outcome_missing",
    ]
    assert closed.log("reviewed") == []

    closed.week_of("2025-W25", V1_03={})
    (row,) = closed.table_of("reviews")

    assert row["answer"] == "Đã đối chiếu phiếu trình"  # nothing typed must be typed again
    assert row["standing"] == f"Quá hạn trả lời\nChuyển từ {Week.parse('2025-W24').shown()}"

    closed.type_row("reviews", 0, decided_by="Vụ trưởng Vụ Một", outcome="Giữ nguyên kết quả")
    closed.press()

    assert [(event["state"], event["outcome"]) for event in closed.log("reviewed")] == [("answered", "kept")]
    assert not any("Xem xét lại" in row for row in closed.sheet("Chưa hoàn tất"))

    closed.week_of("2025-W26", V1_03={})

    assert not closed.register().exists() or closed.table_of("reviews") == []


def test_a_request_after_the_last_day_is_noted_as_late_and_not_lost(closed: Counter) -> None:
    closed.week_of("2025-W25", V1_03={"reply": REASON, "appeal": "Có", "appeal_week": "2025-W23"})
    (event,) = closed.log("appealed")

    # Closed on Tuesday 10/6, five working days are over on Tuesday 17/6; the form was saved on Thursday 19/6.
    assert (event["appealed"], event["late"]) == ("2025-W23", True)
    assert closed.table_of("reviews")[0]["standing"] == "Đề nghị sau thời hạn"


def test_a_week_without_a_result_is_told_and_the_last_one_with_a_result_is_taken(closed: Counter) -> None:
    closed.hand_in("V1-03", reply=REASON, appeal="Có", appeal_week="2025-W20")
    closed.hand_in("P-02", reply=REASON, appeal="Có")
    found = closed.press(date(2025, 6, 13))

    assert {(one.kind, one.code) for one in found.findings if one.kind.startswith("appeal.")} == {
        ("appeal.week_unknown", "V1-03"),
        ("appeal.no_result", "P-02"),
    }
    assert [event["appealed"] for event in closed.log("appealed")] == ["2025-W23"]


def test_a_request_without_a_reason_is_received_all_the_same(closed: Counter) -> None:
    closed.hand_in("V1-03", appeal="Có")
    found = closed.press(date(2025, 6, 13))

    assert [one.kind for one in found.findings if one.kind.startswith("appeal.")] == ["appeal.no_reason"]
    assert len(closed.log("appealed")) == 1


def test_who_takes_the_request_back_stands_in_the_register_no_more(closed: Counter) -> None:
    closed.hand_in("V1-03", reply=REASON, appeal="Có")
    closed.press(date(2025, 6, 12))
    closed.hand_in("V1-03", appeal="Không", reply="")
    closed.press(date(2025, 6, 13))
    closed.press(date(2025, 6, 13))

    assert [event.get("withdrawn", False) for event in closed.log("appealed")] == [False, True]  # and once only
    assert closed.table_of("reviews") == []


def test_each_person_sees_the_own_results_of_closed_weeks_in_the_own_folder_alone(closed: Counter) -> None:
    own = closed.share / "2025-W23" / "VU1" / "receipts" / "V1-03" / "2025-W23_V1-03_ket-qua.xlsx"
    said = "\n".join(str(cell.value) for row in opened_rows(own) for cell in row if cell.value is not None)

    assert "Tổng điểm: 89,00" in said
    assert "Hoàn thành đúng hạn" in said
    assert "Ý kiến phê duyệt: Đồng ý" in said
    assert "V1-04" not in said

    closed.hand_in("V1-03", reply=REASON, appeal="Có")
    closed.press(date(2025, 6, 13))
    closed.type_row("reviews", 0, state="Đang xem xét", decided_by="Vụ trưởng Vụ Một")
    found = closed.press(date(2025, 6, 13))
    now = closed.share / "2025-W24" / "VU1" / "receipts" / "V1-03" / "2025-W24_V1-03_ket-qua.xlsx"
    said = "\n".join(str(cell.value) for row in opened_rows(now) for cell in row if cell.value is not None)

    assert "đang xem xét; hạn trả lời 20/6/2025" in said
    assert W23 in said
    assert Week.parse("2025-W24").shown() not in said.replace(REASON, "")  # neither approved nor closed yet
    assert not any("ket-qua" in str(one.file) for one in found.findings)  # our own output has no verdict

    before = now.stat().st_mtime_ns
    closed.press(date(2025, 6, 13))

    assert now.stat().st_mtime_ns == before


def test_without_personal_folders_nobodys_results_are_written(closed: Counter) -> None:
    toml = closed.folder / "office.toml"
    text = toml.read_text(encoding="utf-8").replace("personal_folders = true", "personal_folders = false")
    toml.write_text(text, encoding="utf-8")
    office = Office.open(closed.folder)
    issue(office, Week.parse("2025-W25"), Clock(datetime(2025, 6, 16, 8, tzinfo=office.settings.zone), "văn phòng"))
    consolidate(
        office, Week.parse("2025-W25"), Clock(datetime(2025, 6, 16, 9, tzinfo=office.settings.zone), "văn phòng")
    )

    assert not list((closed.share / "2025-W25").rglob("*ket-qua*"))


def opened_rows(path: Path) -> list[tuple[object, ...]]:
    import openpyxl

    return list(openpyxl.load_workbook(path).worksheets[0].iter_rows())
