"""What an auditor relies on: verify, rebuild, explain, and that a week that was closed stays as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from evalxl.records.ledger import Ledger
from tests.little_office import EVALUATED, LittleOffice, make_little_office, tree


def _files(office: LittleOffice) -> list[Path]:
    return sorted((office.folder / "ledger").glob("*.jsonl"))


def _one_score_more(office: LittleOffice) -> str:
    """Somebody makes 36 of a 37 in the ledger, and nothing else."""
    for path in _files(office):
        data = path.read_bytes()
        if b'"kind":"scored"' in data:
            path.write_bytes(data.replace(b'"quality":"36"', b'"quality":"39"', 1))
            return path.name
    raise AssertionError


def _a_line_less(office: LittleOffice) -> str:
    path = next(path for path in _files(office) if path.read_bytes().count(b"\n") > 2)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:1], *lines[2:]]))
    return path.name


def _a_file_less(office: LittleOffice) -> str:
    path = _files(office)[2]
    path.unlink()
    return _files(office)[2].name


def _last_file_less(office: LittleOffice) -> str:
    _files(office)[-1].unlink()
    return "ledger-head.txt"


def _two_files_swapped(office: LittleOffice) -> str:
    first, second = _files(office)[1:3]
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)
    return first.name


def _a_form_altered(office: LittleOffice) -> str:
    path = next(path for path in sorted((office.folder / "archive").rglob("*.xlsx")))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    return path.name


def _a_form_deleted(office: LittleOffice) -> str:
    event = next(
        event
        for path in _files(office)
        for line in path.read_text(encoding="utf-8").splitlines()
        if (event := json.loads(line))["kind"] == "received"
    )
    next((office.folder / "archive").rglob(f"{event['sha256']}.*")).unlink()
    return str(event["sha256"])


@pytest.mark.parametrize(
    "alter",
    [_one_score_more, _a_line_less, _a_file_less, _last_file_less, _two_files_swapped, _a_form_altered, _a_form_deleted],
)  # fmt: skip
def test_verify_says_where_something_is_not_as_it_was_written(
    approved: LittleOffice, alter: Callable[[LittleOffice], str]
) -> None:
    where = alter(approved)
    altered = approved.json("verify", code=1)["altered"]

    assert any(where in one["file"] for one in altered), (where, altered)
    assert approved.say("verify", code=1).count("\n") >= 2


def test_nothing_is_written_onto_a_ledger_that_does_not_hold(approved: LittleOffice) -> None:
    _one_score_more(approved)
    before = tree(approved.folder)
    for command in (["consolidate", approved.week], ["issue", "2025-W24"], ["close", approved.week]):
        assert len(approved.say(*command, code=2).strip().splitlines()) == 1
    assert tree(approved.folder) == before


def test_verify_proves_an_office_that_nothing_happened_in(made: LittleOffice) -> None:
    assert made.json("verify", code=0)["events"] == 0


def test_a_cut_tail_is_found_although_the_office_deleted_the_head_that_it_keeps(approved: LittleOffice) -> None:
    """A form in the share bears the ledger's head of the day on which it was issued."""
    approved.say("issue", "2025-W24")
    for path in approved.share.rglob("*.xlsx"):
        if path.name != approved.form("V1-03", "2025-W24").name:
            path.unlink()
    for path in _files(approved)[-3:]:
        path.unlink()
    for path in approved.folder.glob("ledger-head*"):
        path.unlink()

    assert approved.form("V1-03", "2025-W24").name in approved.say("verify", code=1)


# rebuild


@pytest.fixture(scope="module")
def two_weeks(tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    """Week 23 with approvals, week 24 with forms; an organisation that changed between them, and a delegation."""
    office = make_little_office(tmp_path_factory.mktemp("two") / "office")
    office.say("issue", office.week)
    office.hand_in("V1-03", "V1-04")
    office.consolidate()
    office.scored("V1-03", "V1-04")
    office.consolidate()
    office.approved("V1-03")
    office.consolidate()
    office.say("close", office.week)
    office.organisation["delegations"].append(
        {"from person": "V1-01", "to person": "VP-01", "scope": "Phê duyệt", "from": "9/6/2025", "to": "20/6/2025"}
    )
    office.person("V1-04")["scorer"] = "V1-01"
    office.reorganise()
    office.say("issue", "2025-W24")
    office.week = "2025-W24"
    office.hand_in("V1-03", self_quality=30)
    office.hand_in("P-02", self_quality=45)
    office.consolidate()
    return office


def test_all_masters_come_back_as_they_were_from_ledger_and_archive_alone(two_weeks: LittleOffice) -> None:
    """Without the organisation workbook, which changed since; the masters of the week before too."""
    before = two_weeks.masters()
    receipts = {path: path.read_bytes() for path in two_weeks.share.rglob("receipts/*.txt")}
    kept = (two_weeks.folder / "organisation.xlsx").read_bytes()
    (two_weeks.folder / "organisation.xlsx").unlink()
    for path in [*two_weeks.share.rglob("*_tong-hop.xlsx"), *receipts]:
        path.unlink()
    two_weeks.say("rebuild")
    (two_weeks.folder / "organisation.xlsx").write_bytes(kept)

    assert two_weeks.masters() == before
    assert len(before) == 12
    assert {path: path.read_bytes() for path in two_weeks.share.rglob("receipts/*.txt")} == receipts


def test_a_correction_of_the_organisation_leaves_a_closed_week_as_it_was(two_weeks: LittleOffice) -> None:
    rows = {row["code"]: row for row in two_weeks.table("results", "2025-W23")}

    assert (rows["V1-03"]["state"], rows["V1-04"]["state"]) == ("approved", "scored")
    assert set(rows) == set(EVALUATED)
    assert two_weeks.say("verify")


def test_a_period_is_closed_and_opened_as_one(two_weeks: LittleOffice, tmp_path: Path) -> None:
    """Its weeks are frozen, the one that was closed before and those that are yet to be issued too."""
    office = two_weeks.copy(tmp_path / "office")
    before = office.table("results", "2025-06")
    office.say("close", "2025-06", "--yes")
    for command in (
        ["consolidate", "2025-W24"],
        ["issue", "2025-W24"],
        ["issue", "2025-W25"],
        ["consolidate", "2025-W23"],
    ):
        assert "reopen" in office.say(*command, code=2)
    office.say("close", "2025-06", "--yes", code=2)
    assert office.table("results", "2025-06") == before
    office.say("export", "2025-W24", "--to", str(tmp_path / "x"))
    office.say("explain", "2025-W24", "V1-03")
    office.say("verify")

    office.say("reopen", "2025-06", code=2)
    office.say("reopen", "2025-06", "--reason", "Kiểm tra lại")
    office.say("issue", "2025-W25")
    office.consolidate("2025-W24")
    office.say("reopen", "2025-06", "--reason", "Lại", code=2)


def test_a_month_whose_weeks_were_all_closed_by_themselves_can_be_closed(approved: LittleOffice) -> None:
    approved.say("close", approved.week)
    approved.say("close", "2025-06", "--yes")
    approved.say("close", "2025-06", "--yes", code=2)
    approved.say("issue", "2025-W24", code=2)
    approved.say("reopen", approved.week, "--reason", "Sửa một phiếu")
    approved.consolidate()
    approved.say("issue", "2025-W24", code=2)


def test_closing_changes_nobodys_state(approved: LittleOffice) -> None:
    approved.approved("V1-04", decision="Trả lại", opinion="Xem lại")
    approved.consolidate()
    before = approved.table("results")
    approved.say("close", approved.week)

    assert approved.table("results") == before
    assert [row["state"] for row in before if row["code"] in ("V1-03", "V1-04", "P-02")] == [
        "approved",
        "returned",
        "submitted",
    ]
    assert approved.json("status", approved.week)["closed"] is True


# Export of a period


def test_a_period_holds_means_and_says_how_many_weeks_stand_behind_them(two_weeks: LittleOffice) -> None:
    """A missing week is never a zero."""
    rows = {row["code"]: row for row in two_weeks.table("results", "2025-Q2")}
    weeks = two_weeks.table("weeks", "2025-Q2")
    one, other, nobody = rows["V1-03"], rows["V1-04"], rows["VP-02"]

    assert one["week"] == "2025-Q2"
    assert (one["self_quality"], one["self_total"]) == ("33.5", "87.5")
    assert one["counted_total"] == "89"  # the mean of the approved weekly totals
    assert "provisional" in one["flags"]
    assert (other["counted_total"], other["counted_basis"]) == ("89", "scored")
    assert (nobody["counted_total"], nobody["band"], nobody["counted_basis"]) == ("", "", "none")
    assert len(weeks) == 24
    assert {row["week"] for row in weeks} == {"2025-W23", "2025-W24"}
    assert set(two_weeks.table("results")[0]) <= set(one)


def test_the_tables_of_the_contract_have_its_columns(two_weeks: LittleOffice) -> None:
    columns = {
        name: ",".join(rows[0]) for name in ("results", "findings", "missing") if (rows := two_weeks.table(name))
    }

    assert columns["results"] == (
        "week,code,name,unit,title,rank,state,self_quality,self_progress,self_conduct,self_total,scored_quality,scored_progress,"
        "scored_conduct,scored_total,approved_quality,approved_progress,approved_conduct,approved_total,counted_total,counted_basis,band,flags"
    )
    assert columns["findings"] == "week,code,level,kind,file,sheet,cell,found,message,remedy"
    assert columns["missing"] == "week,code,step,reason,waits_for"
    folder = two_weeks.folder.parent / "export"
    assert (folder / "warnings.csv").read_text(encoding="utf-8-sig").splitlines()[0] == (
        "week,code,kind,first_week,second_week,evidence,talk_with,state"
    )
    assert {
        "results.csv",
        "tasks.csv",
        "findings.csv",
        "warnings.csv",
        "missing.csv",
        "units.csv",
        "datapackage.json",
    } <= {path.name for path in folder.iterdir()}


def test_text_that_a_program_would_take_for_a_formula_is_not_live_in_the_export(issued: LittleOffice) -> None:
    issued.hand_in("V1-03", task_name=["=1+1", "-2 báo cáo"], conduct_note="- Chấp hành tốt")
    issued.consolidate()

    names = [row["name"] for row in issued.table("tasks")]
    assert not any(name.startswith(("=", "-", "+", "@")) for name in names)


# Explain


def test_explain_tells_every_stage_of_a_row_that_went_back_and_forth(scored: LittleOffice) -> None:
    scored.approved("V1-03", decision="Trả lại", opinion="Xem lại tiến độ")
    scored.consolidate()
    said = scored.say("explain", scored.week, "V1-03")
    assert "Xem lại tiến độ" in said

    scored.score("V1-02", {"V1-03": {"progress": 34, "decision": "Đã chấm"}})
    scored.consolidate()
    scored.approved("V1-03", decision="Điều chỉnh", quality=35, opinion="Giảm một điểm")
    scored.consolidate()
    origins = {one["what"]: one for one in scored.json("explain", scored.week, "v1-03", code=0)["origins"]}

    assert [origins[what]["value"] for what in ("self_progress", "scored_progress", "approved_quality")] == [
        "36",
        "34",
        "35",
    ]
    for what, name, path in (
        ("self_quality", "ev_self_quality", scored.form("V1-03")),
        ("scored_progress", "ev_score_progress", scored.scoring("V1-02")),
        ("approved_quality", "ev_approve_quality", scored.approval("V1-01")),
    ):
        row = 0 if what == "self_quality" else scored.people_in(path).index("V1-03")
        assert (origins[what]["sheet"], origins[what]["cell"]) == scored.cell_of(path, name, row)
        assert origins[what]["file"].endswith(path.name)
    assert origins["counted"]["value"] == "86"
    assert origins["band"]["rule"].startswith("cv-8679-2025@")


def test_explain_writes_numbers_and_moments_as_its_reader_does(scored: LittleOffice) -> None:
    scored.approved("V1-03", decision="Điều chỉnh", quality=35.5, opinion="Giảm nửa điểm")
    scored.consolidate()
    said = scored.say("explain", scored.week, "V1-03")
    total = next(line for line in said.splitlines() if "Tổng điểm phê duyệt" in line)

    assert re.search(r": [\d,]+ · 35,5 \+ \d+ \+ \d+ · cv-8679-2025@", total)
    assert re.search(r" · \d\d:\d\d \d\d/\d{1,2}/\d{4}", said)
    assert not re.search(r"\d\.\d|2025-\d\d-\d\d[ T]", said)


def test_explain_says_why_somebody_has_no_score(issued: LittleOffice) -> None:
    issued.fill("V1-03", self_quality=45)
    issued.consolidate()

    assert "Không hợp lệ" in issued.say("explain", issued.week, "V1-03")
    assert "Chưa nộp" in issued.say("explain", issued.week, "V1-04")


@pytest.mark.parametrize("weeks_between", [0, 4])
def test_a_run_that_counted_other_files_than_the_ledger_knows_is_found_however_late_it_counted(
    handed_in: LittleOffice, weeks_between: int
) -> None:
    """Of a long history not all weeks are at hand while it is gone through: one that was counted after that is gone through again."""
    handed_in.consolidate()
    ledger = Ledger(handed_in.folder / "ledger", handed_in.folder / "ledger-head.txt")
    count = next(event for event in reversed(ledger.events) if event["kind"] == "counted")
    said = {name: value for name, value in count.items() if name not in ("seq", "prev", "label")}
    for number in range(weeks_between):
        closed = {"kind": "closed", "week": f"2025-W{40 + number}", "at": count["at"], "reason": "", "organisation": ""}
        ledger.append([closed], closed["week"])
    ledger.append([said], handed_in.week)
    handed_in.say("verify")

    ledger.append([said | {"accepted": count["accepted"] - 1, "waiting": count.get("waiting", 0) + 1}], handed_in.week)

    assert handed_in.week in handed_in.say("verify", code=1)
