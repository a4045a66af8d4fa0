"""What an auditor asks of a period, and gets with the number of each event."""

from __future__ import annotations

from tests.little_office import LittleOffice


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
