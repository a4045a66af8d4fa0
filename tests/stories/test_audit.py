"""What an auditor asks of a period, and gets with the number of each event."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.little_office import LittleOffice, opened
from tests.steps.test_appeals import REASON, _closed  # noqa: F401 - a fixture
from tests.steps.test_difficulties import SLOW_NET, Counter


@pytest.fixture
def reviewed(_closed: Counter, tmp_path: Path) -> Counter:  # noqa: F811
    """In week 24 V1-03 asks for a review of week 23 and V1-04 tells a difficulty; the office answers both."""
    shutil.copytree(_closed.folder, tmp_path / "office")
    office = Counter(tmp_path / "office", "2025-W24")
    office.organisation = _closed.organisation
    office.hand_in("V1-03", reply=REASON, appeal="Có")
    office.hand_in("V1-04", difficulties=SLOW_NET)
    office.press(date(2025, 6, 13))
    said = {"decided_by": "Vụ trưởng Vụ Một", "outcome": "Giữ nguyên kết quả", "answer": "Đã đối chiếu phiếu trình"}
    office.type_row("reviews", 0, state="Đã trả lời", **said)
    office.type_row("difficulties", 0, state="Đã trả lời", answer="Đã nâng cấp đường truyền")
    office.press(date(2025, 6, 16))
    return office


def entries(office: LittleOffice, kind: str) -> list[dict[str, str]]:
    return [entry for entry in office.json("verify", "--report", "2025-06", code=0)["report"] if entry["kind"] == kind]


def test_a_quiet_period_has_nothing_for_the_auditor_but_the_proof(approved: LittleOffice) -> None:
    said = approved.say("verify", "--report", "2025-06")

    assert said.startswith("Nguyên vẹn") and "Trả lại: 0" in said and "Mở lại sau khi chốt: 0" in said


def test_returns_adjustments_paper_and_reopenings_are_listed_with_who_when_why_and_the_event(
    approved: LittleOffice,
) -> None:
    office = approved
    office.score("V1-02", {"V1-04": {"decision": "Trả lại", "comment": "Bổ sung minh chứng"}})
    office.consolidate()
    office.say("close", office.week)
    office.say("reopen", office.week, "--reason", "bổ sung hồ sơ")

    (returned,) = entries(office, "returned")
    assert (returned["code"], returned["words"]) == ("V1-04", "Bổ sung minh chứng")
    (reopened,) = entries(office, "reopened")
    assert reopened["words"] == "bổ sung hồ sơ" and reopened["event"]
    said = office.say("verify", "--report", "2025-06")
    assert "Mở lại sau khi chốt: 1" in said and "bổ sung hồ sơ" in said


def test_a_correction_after_the_week_was_closed_is_listed(approved: LittleOffice) -> None:
    approved.say("close", approved.week)
    approved.say("reopen", approved.week, "--reason", "chấm nhầm")
    approved.scored("V1-03", quality=30, explanation="Xem lại sản phẩm", comment="Đã xem lại")
    approved.consolidate()

    assert [entry["code"] for entry in entries(approved, "corrected")] == ["V1-03"]


def test_of_an_altered_ledger_there_is_no_report(approved: LittleOffice) -> None:
    path = sorted((approved.folder / "ledger").glob("*.jsonl"))[0]
    path.write_bytes(path.read_bytes().replace(b"2025-W23", b"2025-W24", 1))
    told = approved.json("verify", "--report", "2025-06", code=1)

    assert told["altered"] and told["report"] == []


def test_a_period_that_the_ledger_does_not_know_is_one_sentence(approved: LittleOffice) -> None:
    assert approved.say("verify", "--report", "2024", code=2).count("\n") == 1


def test_reviews_asked_for_and_decided_and_what_was_answered_are_listed(reviewed: Counter) -> None:
    (asked,) = entries(reviewed, "review_asked")
    (kept,) = entries(reviewed, "review_kept")
    (answered,) = entries(reviewed, "answered")

    assert (asked["week"], asked["code"], asked["words"]) == ("2025-W23", "V1-03", REASON)
    assert (kept["week"], kept["by"], kept["words"]) == ("2025-W23", "Vụ trưởng Vụ Một", "Đã đối chiếu phiếu trình")
    assert (answered["code"], answered["words"]) == ("V1-04", "Đã nâng cấp đường truyền")
    assert asked["event"] < kept["event"] and entries(reviewed, "review_corrected") == []
    assert "Xem xét lại: giữ nguyên kết quả: 1" in reviewed.say("verify", "--report", "2025-06")


def test_an_answer_and_a_review_are_explained_down_to_the_cell_of_the_register(reviewed: Counter) -> None:
    told = {one["what"]: one for one in reviewed.json("explain", "2025-W24", "V1-04", code=0)["origins"]}
    answer, said = told["difficulty_answered"], told["told_difficulty"]
    review = {one["what"]: one for one in reviewed.json("explain", "2025-W23", "V1-03", code=0)["origins"]}

    assert said["value"] == SLOW_NET and said["file"].endswith(".xlsx") and said["event"]
    assert answer["file"].endswith("_theo-doi.xlsx") and answer["value"] == "Đã nâng cấp đường truyền"
    assert opened(reviewed.register("2025-W24"))[answer["sheet"]][answer["cell"]].value == answer["value"]
    assert review["review_asked"]["value"] == REASON
    assert (review["review_kept"]["by"], bool(review["review_kept"]["cell"])) == ("Vụ trưởng Vụ Một", True)
    assert "Xem xét lại: giữ nguyên kết quả" in reviewed.say("explain", "2025-W24", "V1-03")
