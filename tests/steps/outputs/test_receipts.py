"""Receipts as members of staff read them: a week in which everything happens to somebody, and the full text that each of them gets.

python -m tests.steps.outputs.test_receipts      writes the texts of tests/steps/outputs/receipts anew, to be read before they are kept
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from tests.little_office import LittleOffice, make_little_office
from tests.people import saved_at, says_saved_at

TEXTS = Path(__file__).parent / "receipts"
GOOD_ROW = {"quality": 36, "progress": 36, "conduct": 17, "decision": "Đã chấm"}
SECRET = "Nhận xét chỉ dành cho người quản lý"

# What happens to whom.
STORIES = {
    "V1-03": "submitted",
    "V1-04": "draft",
    "V1-05": "wrong-cells",
    "V1-06": "corrected",
    "V1-07": "valid-then-invalid",
    "V1-08": "two-versions",
    "V1-09": "macros",
    "V1-10": "locked-cell-changed",
    "V1-11": "late",
    "V1-12": "returned",
    "V1-13": "returned-and-handed-in-again",
    "V1-14": "scored",
    "V1-15": "newer-than-the-score",
    "V1-16": "approved",
    "V1-17": "returned-by-the-approver",
    "V1-18": "approval-void",
    "V1-19": "repaired-and-copied",
    "V1-20": "valid-then-draft",
    "V1-21": "after-scoring-without-a-form",
    "V1-22": "not-evaluated-any-more",
    "V1-23": "absent-with-a-form",
    "V1-24": "absent-with-a-draft",
    "V1-25": "returned-after-approval",
}
SCORED = [f"V1-{n}" for n in (14, 15, 16, 17, 18, 25)]


def _june(day: int, hour: int) -> datetime:
    return datetime(2025, 6, day, hour)


def week(folder: Path) -> LittleOffice:
    """The week, press by press."""
    office = make_little_office(folder / "office", officials=23 + 1)
    office.issue_at(_june(2, 8))

    def hand_in(code: str, day: int, hour: int, to: Path | None = None, **changed: object) -> Path:
        return saved_at(office.fill(code, to, **changed), _june(day, hour))

    for code in ("V1-03", "V1-07", "V1-12", "V1-13", *SCORED, "V1-20", "V1-22", "V1-23"):
        hand_in(code, 4, 9)
    hand_in("V1-04", 4, 9, status="Đang soạn")
    hand_in("V1-24", 4, 9, status="Đang soạn")
    hand_in("V1-05", 4, 9, self_quality=45, self_progress="38 điểm", self_conduct=None)
    hand_in("V1-06", 4, 9, self_quality="38/40")
    hand_in("V1-08", 4, 9)
    other = hand_in("V1-08", 4, 10, to=office.form("V1-08").with_name("bản cuối.xlsx"), self_quality=38)
    saved_at(says_saved_at(other, _june(4, 8)), _june(4, 10))  # its two times say opposite things
    with zipfile.ZipFile(hand_in("V1-09", 4, 9), "a") as package:
        package.writestr("xl/vbaProject.bin", b"macro")
    saved_at(office.form("V1-09"), _june(4, 9))
    path = hand_in("V1-10", 4, 9)
    book = openpyxl.load_workbook(path)
    sheet, cell = office.cell_of(path, "ev_person_name")
    book[sheet][cell] = "Tên khác"
    book.save(path)
    saved_at(path, _june(4, 9))
    path = hand_in("V1-19", 4, 9, self_quality="37,5", task_product=["Báo cáo số 12", None])
    shutil.copy(path, path.with_name("phiếu của tôi - bản sao.xlsx"))
    office.consolidate_at(_june(5, 10))

    hand_in("V1-06", 5, 11)
    hand_in("V1-07", 5, 11, self_quality=99)
    hand_in("V1-20", 5, 11, status="Đang soạn", self_quality=30)
    for code in ("V1-23", "V1-24"):
        office.organisation["absences"].append({"code": code, "kind": "Nghỉ ốm", "from": "2/6/2025", "to": "6/6/2025"})
    office.person("V1-22")["to"] = "2025-06-03"
    office.reorganise()
    rows: dict[str, dict[str, object]] = {code: {**GOOD_ROW, "comment": SECRET} for code in SCORED}
    rows |= {
        code: {"decision": "Trả lại", "comment": "Ghi rõ minh chứng của nhiệm vụ 02"} for code in ("V1-12", "V1-13")
    }
    rows["V1-21"] = {**GOOD_ROW, "explanation": SECRET}
    office.score("V1-02", rows)
    office.consolidate_at(_june(6, 10))

    hand_in("V1-13", 6, 11, self_quality=36)
    hand_in("V1-15", 6, 11, self_quality=36)
    hand_in("V1-21", 6, 11)
    approved: dict[str, dict[str, object]] = {code: {"decision": "Phê duyệt"} for code in ("V1-16", "V1-18", "V1-25")}
    approved["V1-17"] = {"decision": "Trả lại", "opinion": SECRET}
    office.approve("V1-01", approved)
    office.consolidate_at(_june(6, 15))

    hand_in("V1-11", 9, 8)
    office.score(
        "V1-02",
        {"V1-18": {"quality": 35}, "V1-25": {"decision": "Trả lại", "comment": "Bổ sung sản phẩm của nhiệm vụ 01"}},
    )
    office.consolidate_at(_june(9, 9))
    return office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    return week(tmp_path_factory.mktemp("receipts"))


@pytest.mark.parametrize("code", STORIES)
def test_a_receipt_reads_as_it_was_read_over(office: LittleOffice, code: str) -> None:
    assert office.receipt(code) == (TEXTS / f"{STORIES[code]}.txt").read_text(encoding="utf-8")


def test_no_receipt_says_what_a_manager_scored_or_wrote(office: LittleOffice) -> None:
    """Receipts lie where colleagues may come by: the reason of a return is all that a manager says in one."""
    for path in office.share.rglob("receipts/*.txt"):
        text = path.read_text(encoding="utf-8-sig")
        assert SECRET not in text
        assert "89" not in text  # the total that everybody was given


def test_who_sent_nothing_has_no_receipt(office: LittleOffice) -> None:
    assert not list(office.share.rglob(f"receipts/{office.week}_V1-26.txt"))


def test_a_receipt_of_a_closed_week_says_that_it_is_closed(office: LittleOffice, tmp_path: Path) -> None:
    twin = office.copy(tmp_path / "office")
    twin.say("close", twin.week, code=None)

    assert "Tuần này đã chốt" in twin.receipt("V1-03")
    assert "Tuần này đã chốt" not in twin.receipt("V1-16")


def main() -> None:
    """Write the texts as they are now."""
    with tempfile.TemporaryDirectory() as folder:
        made = week(Path(folder))
        for code, story in STORIES.items():
            (TEXTS / f"{story}.txt").write_text(made.receipt(code), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
