"""What managers type: when a row is booked, what it still needs, returns, checks of tasks, tasks for next week."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from tests.little_office import LittleOffice, make_little_office, opened, read
from tests.people import cells, saved_at, says_saved_at, type_into

# What each row lacks. Everybody's self scores are 37, 36, 18 (91); the finding's kind, and the cell that it names.
LACKING: dict[str, tuple[dict[str, Any], str, str]] = {
    "V1-03": ({"quality": 31, "comment": "Chưa đủ"}, "score.explanation_missing", "explanation"),
    "V1-04": ({"quality": 31, "explanation": "Phải sửa hai lần"}, "score.comment_missing", "comment"),
    "V1-05": ({"quality": 32, "progress": 32, "conduct": 13}, "", ""),
    "V1-06": ({"quality": 38, "progress": 36, "conduct": 16}, "score.comment_missing", "comment"),
    "V1-07": ({"quality": 38, "progress": 36, "conduct": 15.5}, "", ""),
    "V1-08": ({"breach": "Có", "comment": "Đi muộn"}, "score.breach_note_missing", "breach_note"),
    "V1-09": ({"breach": "Có", "breach_note": "03/6 đi muộn"}, "score.comment_missing", "comment"),
    "V1-10": ({"breach": "Có", "breach_note": "03/6 đi muộn", "comment": "Đã nhắc"}, "", ""),
    "V1-11": ({"conduct": None}, "score.missing", "conduct"),
    "V1-12": ({"quality": 45}, "score.out_of_bounds", "quality"),
    "V1-13": ({"quality": "38 điểm"}, "score.has_unit", "quality"),
    "V1-14": ({"quality": "36,5"}, "", ""),
    "V1-15": ({"quality": 18, "progress": 18, "conduct": 13, "explanation": "Sản phẩm hỏng"}, "score.comment_missing", "comment"),
    "V1-16": ({"decision": "chấm rồi"}, "choice.unknown", "decision"),
    "V1-17": ({"decision": "Trả lại"}, "return.reason_missing", "comment"),
    "V1-18": ({"decision": "  đã chấm "}, "", ""),
}  # fmt: skip
GOOD_ROW = {"quality": 36, "progress": 36, "conduct": 17, "decision": "Đã chấm"}


@dataclass(frozen=True)
class Week:
    office: LittleOffice
    rows: dict[str, dict[str, str]]
    findings: list[dict[str, str]]


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Week:
    office = make_little_office(tmp_path_factory.mktemp("needs") / "office", officials=18)
    office.say("issue", office.week)
    office.hand_in(*LACKING)
    office.consolidate()
    office.score("V1-02", {code: {**GOOD_ROW, **typed} for code, (typed, *_) in LACKING.items()})
    office.consolidate()
    return Week(office, {row["code"]: row for row in office.table("results")}, office.table("findings"))


@pytest.mark.parametrize("code", LACKING)
def test_a_row_is_booked_when_it_has_what_the_rule_book_asks_for(week: Week, code: str) -> None:
    """A reason where a part is more than 5 apart (5 is not); a comment below 50, from 90, for a breach or such a difference."""
    _, kind, name = LACKING[code]
    found = [row for row in week.findings if row["code"] == code and row["level"] in ("error", "warning")]

    assert week.rows[code]["state"] == ("submitted" if kind else "scored")
    assert [row["kind"] for row in found] == ([kind] if kind else [])
    if kind:
        column = read(week.office.scoring("V1-02"), "ev_row_person")
        place = week.office.cell_of(week.office.scoring("V1-02"), f"ev_score_{name}", column.index(code))
        assert (found[0]["sheet"], found[0]["cell"]) == place
        assert found[0]["file"].endswith(f"scoring/{week.office.week}_V1-02_cham-diem.xlsx")
        assert week.rows[code]["scored_total"] == ""


def test_everything_typed_is_put_back_as_typed(week: Week) -> None:
    """Booked or not: the manager finds each cell as it was left, the wrong ones too.

    A score that was repaired is there as the number that it was read as, so that the totals beside it count.
    """
    path = week.office.scoring("V1-02")
    column = read(path, "ev_row_person")
    for name in ("quality", "progress", "conduct", "breach_note", "comment", "explanation"):
        now = read(path, f"ev_score_{name}")
        for code, (typed, *_) in LACKING.items():
            expected = {**GOOD_ROW, **typed}.get(name)
            if expected == "36,5":
                expected = 36.5
            assert now[column.index(code)] == expected, (code, name)
    decisions = read(path, "ev_score_decision")
    assert decisions[column.index("V1-16")] == "chấm rồi"
    assert decisions[column.index("V1-17")] == "Trả lại"


def test_a_repaired_score_of_the_manager_is_flagged(week: Week) -> None:
    assert week.rows["V1-14"]["scored_quality"] == "36.5"
    assert week.rows["V1-14"]["flags"].split() == ["repaired", "provisional"]


def test_the_button_ends_with_one_where_rows_lack_something(week: Week) -> None:
    week.office.say("consolidate", week.office.week, code=1)


def test_a_scored_row_counts_provisionally(scored: LittleOffice) -> None:
    row = scored.result("V1-03")

    assert (row["state"], row["scored_total"], row["counted_total"], row["counted_basis"], row["band"]) == (
        "scored",
        "89",
        "89",
        "scored",
        "good",
    )
    assert (row["approved_total"], row["flags"]) == ("", "provisional")
    assert {"code": "V1-03", "step": "approve"}.items() <= next(
        m for m in scored.table("missing") if m["code"] == "V1-03"
    ).items()


def test_a_row_is_not_booked_while_the_decision_says_not_scored(handed_in: LittleOffice) -> None:
    handed_in.score("V1-02", {"V1-03": {"quality": 36, "progress": 36}})
    handed_in.consolidate()

    assert handed_in.result("V1-03")["state"] == "submitted"
    assert handed_in.table("findings") == []
    assert handed_in.row(handed_in.scoring("V1-02"), "V1-03")["ev_score_quality"] == 36


def test_a_row_is_completed_in_the_next_press(handed_in: LittleOffice) -> None:
    handed_in.score("V1-02", {"V1-03": {**GOOD_ROW, "quality": 31, "comment": "Chưa đủ"}})
    handed_in.consolidate()
    handed_in.score("V1-02", {"V1-03": {"explanation": "Phải sửa hai lần"}})
    handed_in.consolidate()

    assert handed_in.result("V1-03")["state"] == "scored"
    assert handed_in.findings() == []


def test_scoring_without_a_form_needs_a_reason(handed_in: LittleOffice) -> None:
    handed_in.score("P-01", {"P-03": GOOD_ROW})
    handed_in.consolidate()

    assert handed_in.result("P-03")["state"] == "not_submitted"
    assert handed_in.finding("score.reason_without_self_missing", "P-03")["level"] == "error"

    handed_in.score("P-01", {"P-03": {"explanation": "Đi công tác không có mạng"}})
    handed_in.consolidate()
    row = handed_in.result("P-03")

    assert (row["state"], row["counted_total"], row["counted_basis"], row["self_total"]) == (
        "scored",
        "89",
        "scored",
        "",
    )
    assert row["flags"].split() == ["no_self", "provisional"]


@pytest.fixture
def scored_without(handed_in: LittleOffice) -> LittleOffice:
    """P-03 was scored without a form, and then a form came."""
    handed_in.score("P-01", {"P-03": {**GOOD_ROW, "explanation": "Đi công tác không có mạng"}})
    handed_in.consolidate()
    handed_in.hand_in("P-03")
    handed_in.consolidate()
    return handed_in


def test_a_form_that_comes_after_scoring_without_one_is_shown_to_the_manager(scored_without: LittleOffice) -> None:
    shown = scored_without.row(scored_without.scoring("P-01"), "P-03")

    assert shown["ev_row_self_total"] == 91
    assert shown["ev_score_quality"] == 36
    assert shown["ev_score_decision"] == "Chưa chấm"
    assert scored_without.result("P-03")["state"] == "scored"
    assert {"step": "score", "reason": "confirmation"}.items() <= next(
        m for m in scored_without.table("missing") if m["code"] == "P-03"
    ).items()


def test_approval_waits_until_the_manager_confirmed(scored_without: LittleOffice) -> None:
    scored_without.approve("C-01", {"P-03": {"decision": "Phê duyệt"}})
    scored_without.consolidate()
    assert scored_without.result("P-03")["state"] == "scored"
    assert scored_without.finding("approval.waits_for_scorer", "P-03")

    scored_without.score("P-01", {"P-03": {"decision": "Đã chấm", "quality": 36.5}})
    scored_without.consolidate()
    assert scored_without.result("P-03")["scored_quality"] == "36.5"
    assert "no_self" not in scored_without.result("P-03")["flags"]

    scored_without.approve("C-01", {"P-03": {"decision": "Phê duyệt"}})
    scored_without.consolidate()
    assert scored_without.result("P-03")["state"] == "approved"
    assert "approval.waits_for_scorer" not in scored_without.findings("P-03")


def test_a_manager_who_has_the_workbook_open_does_not_confirm_by_saving_it(handed_in: LittleOffice) -> None:
    """The row still says *Đã chấm* in the open copy, which has not shown the form yet."""
    handed_in.score("P-01", {"P-03": {**GOOD_ROW, "explanation": "Không có mạng"}})
    path = handed_in.scoring("P-01")
    path.with_name(f"~${path.name}").write_bytes(b"\x03Lan")
    handed_in.consolidate()
    handed_in.hand_in("P-03")
    handed_in.consolidate()
    handed_in.score("P-01", {"P-02": {"comment": "Đang xem"}})
    handed_in.consolidate()

    assert {"step": "score", "reason": "confirmation"}.items() <= next(
        m for m in handed_in.table("missing") if m["code"] == "P-03"
    ).items()


def test_a_return_reopens_the_form_and_tells_the_reason(handed_in: LittleOffice) -> None:
    handed_in.score("V1-02", {"V1-03": {"decision": "Trả lại", "comment": "Ghi rõ minh chứng dòng 02"}})
    handed_in.consolidate()
    row = handed_in.result("V1-03")

    assert (row["state"], row["scored_total"]) == ("returned", "")
    assert "Ghi rõ minh chứng dòng 02" in handed_in.receipt("V1-03")
    assert handed_in.row(handed_in.scoring("V1-02"), "V1-03")["ev_score_decision"] == "Chưa chấm"
    assert handed_in.findings("V1-03") == []
    assert {"step": "self"}.items() <= next(m for m in handed_in.table("missing") if m["code"] == "V1-03").items()

    handed_in.hand_in("V1-03", self_quality=33)
    handed_in.consolidate()
    assert handed_in.result("V1-03")["state"] == "submitted"
    assert handed_in.result("V1-03")["self_quality"] == "33"

    handed_in.scored("V1-03", quality=33)
    handed_in.consolidate()
    assert handed_in.result("V1-03")["state"] == "scored"


def test_a_scored_row_may_still_be_returned(scored: LittleOffice) -> None:
    scored.score("V1-02", {"V1-03": {"decision": "Trả lại", "comment": "Chấm nhầm phiếu"}})
    scored.consolidate()
    row = scored.result("V1-03")

    assert (row["state"], row["scored_total"], row["counted_total"], row["counted_basis"]) == (
        "returned",
        "",
        "91",
        "self",
    )


def test_a_return_is_carried_out_once_even_if_the_workbook_stays_open(handed_in: LittleOffice) -> None:
    """The manager goes on in the open copy, which still says *Trả lại*, after the person has answered."""
    handed_in.score("V1-02", {"V1-03": {"decision": "Trả lại", "comment": "Ghi rõ minh chứng"}})
    path = handed_in.scoring("V1-02")
    path.with_name(f"~${path.name}").write_bytes(b"\x03Lan")
    handed_in.consolidate()
    handed_in.hand_in("V1-03", self_quality=33)
    handed_in.consolidate()
    handed_in.score("V1-02", {"V1-04": GOOD_ROW})
    handed_in.consolidate()

    assert handed_in.result("V1-04")["state"] == "scored"
    assert handed_in.result("V1-03")["state"] == "submitted"
    assert handed_in.result("V1-03")["self_quality"] == "33"


def test_a_return_without_a_form_is_a_finding(handed_in: LittleOffice) -> None:
    handed_in.score("P-01", {"P-03": {"decision": "Trả lại", "comment": "Nộp phiếu đi"}})
    handed_in.consolidate()

    assert handed_in.result("P-03")["state"] == "not_submitted"
    assert handed_in.finding("return.nothing_to_return", "P-03")


def test_where_manager_and_approver_are_one_the_one_sheet_records_both(handed_in: LittleOffice) -> None:
    handed_in.hand_in("V1-02", "0012")
    handed_in.consolidate()
    handed_in.scored("V1-02", "0012")
    handed_in.consolidate()
    row = handed_in.result("V1-02")

    assert (row["state"], row["scored_total"], row["approved_total"], row["counted_basis"]) == (
        "approved",
        "89",
        "89",
        "approved",
    )
    assert row["flags"] == "same_person"
    assert handed_in.result("0012")["state"] == "approved"
    assert handed_in.table("findings") == []
    assert set(handed_in.people_in(handed_in.approval("V1-01"))) == {"V1-03", "V1-04"}
    assert not handed_in.approval("LD-01").exists()


def test_what_the_manager_says_of_a_task_is_in_the_table_of_tasks(handed_in: LittleOffice) -> None:
    path = handed_in.scoring("V1-02")
    rows = [(p, k) for p, k in zip(read(path, "ev_check_person"), read(path, "ev_check_key"), strict=True) if p]
    at = rows.index(("V1-03", "02"))
    blank: list[Any] = [None] * at
    type_into(
        path,
        {
            "ev_check_important": [*blank, "Có"],
            "ev_check_status": [*blank, "Chưa hoàn thành"],
            "ev_check_recognised": [*blank, "Không"],
            "ev_check_cause_accepted": [*blank, "Không"],
            "ev_check_faults": [*blank, 2],
            "ev_check_delays": [*blank, 0],
        },
    )
    handed_in.consolidate()
    told = handed_in.events()
    handed_in.consolidate()
    tasks = {(row["code"], row["key"]): row for row in handed_in.table("tasks")}
    checked, other = tasks[("V1-03", "02")], tasks[("V1-03", "01")]

    assert checked["status"] == "Hoàn thành"
    assert (checked["checked_important"], checked["checked_status"]) == ("Có", "Chưa hoàn thành")
    assert (checked["recognised"], checked["cause_accepted"], checked["faults"], checked["delays"]) == (
        "Không",
        "Không",
        "2",
        "0",
    )
    assert handed_in.events() == told  # a zero is booked once
    assert [
        other[name]
        for name in ("checked_important", "checked_status", "recognised", "cause_accepted", "faults", "delays")
    ] == [""] * 6
    assert read(path, "ev_check_status")[at] == "Chưa hoàn thành"
    assert handed_in.table("findings") == []


def test_the_workbook_is_refreshed_with_newly_submitted_people_and_loses_nothing(handed_in: LittleOffice) -> None:
    handed_in.score("P-01", {"P-02": {"quality": 36, "comment": "đang viết dở"}})
    handed_in.hand_in("P-03")
    handed_in.consolidate()
    half, new = (handed_in.row(handed_in.scoring("P-01"), code) for code in ("P-02", "P-03"))

    assert (half["ev_score_quality"], half["ev_score_comment"], half["ev_score_decision"]) == (
        36,
        "đang viết dở",
        "Chưa chấm",
    )
    assert new["ev_row_self_total"] == 91


def test_a_copy_of_the_workbook_loses_nothing_and_the_latest_of_each_cell_wins(handed_in: LittleOffice) -> None:
    """The manager works at home on a copy, while the share's is typed into and refreshed."""
    path = handed_in.scoring("V1-02")
    home = path.with_name("bản ở nhà.xlsx")
    shutil.copy(path, home)
    handed_in.score("V1-02", {"V1-03": {"quality": 35, "comment": "ở cơ quan"}, "V1-04": {"quality": 34}})
    says_saved_at(path, datetime(2025, 6, 6, 9))
    saved_at(path, datetime(2025, 6, 6, 9))
    handed_in.consolidate()
    column = read(home, "ev_row_person")
    v3, v4 = column.index("V1-03"), column.index("V1-04")
    typed = {"ev_score_quality": {v3: 33}, "ev_score_progress": {v3: 36, v4: 35}}
    type_into(home, {name: [by.get(row) for row in range(len(column))] for name, by in typed.items()})
    handed_in.consolidate()
    one, two = (handed_in.row(path, code) for code in ("V1-03", "V1-04"))

    assert (one["ev_score_quality"], one["ev_score_progress"], one["ev_score_comment"]) == (33, 36, "ở cơ quan")
    assert (two["ev_score_quality"], two["ev_score_progress"]) == (34, 35)


def test_renaming_a_copy_does_not_bring_its_old_cells_back(handed_in: LittleOffice) -> None:
    path = handed_in.scoring("V1-02")
    home = path.with_name("bản ở nhà.xlsx")
    shutil.copy(path, home)
    type_into(home, {"ev_score_quality": [33] * 2})
    handed_in.consolidate()
    handed_in.score("V1-02", {"V1-03": {"quality": 35}})
    handed_in.consolidate()
    home.rename(home.with_name("bản cũ.xlsx"))
    handed_in.consolidate()

    assert handed_in.row(path, "V1-03")["ev_score_quality"] == 35


def test_a_workbook_that_is_open_is_read_and_not_refreshed(handed_in: LittleOffice) -> None:
    path = handed_in.scoring("P-01")
    handed_in.score("P-01", {"P-02": GOOD_ROW})
    owner = path.with_name(f"~${path.name}")
    owner.write_bytes(b"\x03Lan" + bytes(50))
    handed_in.hand_in("P-03")
    before = path.read_bytes()
    said = handed_in.consolidate()

    assert path.read_bytes() == before
    assert handed_in.result("P-02")["state"] == "scored"
    assert [one["level"] for one in said["findings"] if one["kind"] == "book.open_now"] == ["note"]

    owner.unlink()
    handed_in.consolidate()
    assert handed_in.row(path, "P-03")["ev_row_self_total"] == 91
    assert handed_in.row(path, "P-02")["ev_score_decision"] == "Đã chấm"


def test_scores_by_somebody_who_is_not_the_scorer_are_refused(handed_in: LittleOffice) -> None:
    """The scorer was changed from Monday on after the workbook went out; the old one scores in a copy of it all the same, when that is known."""
    home = handed_in.copy_of(handed_in.scoring("V1-02"))
    handed_in.person("V1-03").update({"scorer": "V1-01", "from": "2/6/2025"})
    handed_in.reorganise()
    handed_in.consolidate()
    row = {"quality": 36, "progress": 36, "conduct": 17, "decision": "Đã chấm"}
    handed_in.score_in(home, {"V1-03": row, "V1-04": row})
    handed_in.consolidate()

    assert handed_in.result("V1-04")["state"] == "scored"
    assert handed_in.result("V1-03")["state"] == "submitted"
    assert handed_in.finding("authority.not_scorer", "V1-03")["level"] == "error"
    assert "V1-03" not in handed_in.people_in(handed_in.scoring("V1-02"))
    assert "V1-03" in handed_in.people_in(handed_in.scoring("V1-01"))


def test_what_the_old_scorer_booked_stays_and_the_new_one_may_change_it(scored: LittleOffice) -> None:
    """The new scorer's sheet shows the row as booked; a changed score there is a new score, and it is booked without choosing anew."""
    scored.person("V1-03").update({"scorer": "VP-01", "from": "2/6/2025"})
    scored.reorganise()
    scored.consolidate()
    row = scored.row(scored.scoring("VP-01"), "V1-03")

    assert scored.result("V1-03")["state"] == "scored"
    assert (row["ev_score_quality"], row["ev_score_decision"]) == (36, "Đã chấm")
    assert scored.table("findings") == []

    scored.score("VP-01", {"V1-03": {"quality": 38.5}})
    scored.consolidate()

    assert scored.result("V1-03")["scored_quality"] == "36"  # 91.5 needs a comment
    assert scored.finding("score.comment_missing", "V1-03")

    scored.score("VP-01", {"V1-03": {"comment": "Rất tốt"}})
    scored.consolidate()

    assert scored.result("V1-03")["scored_quality"] == "38.5"


def test_a_manager_may_change_a_booked_score(scored: LittleOffice) -> None:
    scored.score("V1-02", {"V1-03": {"quality": 35}})
    scored.consolidate()

    assert scored.result("V1-03")["scored_quality"] == "35"
    assert scored.result("V1-03")["state"] == "scored"


def test_nobody_scores_himself_not_even_by_delegation(handed_in: LittleOffice) -> None:
    """V1-01 delegates to V1-02, whose own row goes to the next authority above, the leader in charge."""
    handed_in.organisation["delegations"].append(
        {"from person": "V1-01", "to person": "V1-02", "from": "1/6/2025", "to": "31/12/2030"}
    )
    handed_in.reorganise()
    handed_in.consolidate()
    mine = handed_in.people_in(handed_in.scoring("V1-02"))

    assert "V1-02" not in mine
    assert {"0012", "V1-03", "V1-04"} <= set(mine)
    assert "V1-02" in handed_in.people_in(handed_in.scoring("LD-02"))


def test_a_person_entered_as_own_scorer_goes_one_step_up(made: LittleOffice) -> None:
    made.person("V1-02")["scorer"] = "V1-02"
    made.reorganise()
    made.say("issue", made.week)
    made.consolidate()

    assert "V1-02" not in made.people_in(made.scoring("V1-02"))
    assert "V1-02" in made.people_in(made.scoring("V1-01"))


def test_typing_below_the_last_person_is_a_finding(handed_in: LittleOffice) -> None:
    path = handed_in.scoring("P-01")
    people = len(handed_in.people_in(path))
    type_into(path, {"ev_score_comment": [None] * (people + 1) + ["lạc dòng"]})
    handed_in.consolidate()

    assert handed_in.finding("row.nobody")["found"] == "lạc dòng"


def test_changed_locked_cells_of_a_scoring_workbook_refuse_it_as_a_whole(handed_in: LittleOffice) -> None:
    handed_in.scored("V1-03")
    path = handed_in.scoring("V1-02")
    at = read(path, "ev_row_person").index("V1-03")
    type_into(path, {"ev_row_self_quality": [None] * at + [20]})
    handed_in.consolidate()

    assert handed_in.result("V1-03")["state"] == "submitted"
    assert handed_in.result("V1-03")["self_quality"] == "37"
    assert handed_in.finding("cell.locked_changed")["level"] == "error"


# Tasks for next week


def _assign(office: LittleOffice, manager: str, *tasks: tuple[Any, ...]) -> None:
    columns = list(zip(*tasks, strict=True))
    names = ("person", "task", "code", "due", "important")
    type_into(
        office.scoring(manager),
        {f"ev_assign_{name}": list(column) for name, column in zip(names, columns, strict=False)},
    )


def test_given_tasks_stand_locked_and_marked_in_next_weeks_form(handed_in: LittleOffice) -> None:
    _assign(handed_in, "V1-02", ("V1-03", "Soạn kế hoạch quý III", "BC", date(2025, 6, 12), "Có"))
    handed_in.consolidate()
    handed_in.say("issue", "2025-W24")
    form = handed_in.form("V1-03", "2025-W24")

    assert read(form, "ev_task_name")[0] == "Soạn kế hoạch quý III"
    assert read(form, "ev_task_code")[0] == "BC"
    assert read(form, "ev_task_important")[0] == "Có"
    assert read(form, "ev_task_due")[0] == datetime(2025, 6, 12)
    assert handed_in.form("V1-04", "2025-W24")
    assert read(handed_in.form("V1-04", "2025-W24"), "ev_task_name")[0] is None
    book = opened(form)
    for name in ("ev_task_name", "ev_task_important", "ev_task_due"):
        given, own = cells(book, name)[0], cells(book, name)[5]
        assert given.protection.locked
        assert not own.protection.locked
    assert not cells(book, "ev_task_status")[0].protection.locked
    assert cells(book, "ev_task_name")[0].fill.fgColor.rgb != cells(book, "ev_task_name")[5].fill.fgColor.rgb

    handed_in.week = "2025-W24"
    handed_in.hand_in("V1-03", task_name=["Việc khác", "Rà soát văn bản"])
    handed_in.consolidate()
    assert handed_in.result("V1-03")["state"] == "invalid"
    assert handed_in.finding("cell.locked_changed", "V1-03")


def test_a_given_task_that_is_filled_in_is_in_the_table_of_tasks_as_given(handed_in: LittleOffice) -> None:
    _assign(handed_in, "V1-02", ("V1-03", "Soạn kế hoạch quý III", None, None, "Có"))
    handed_in.consolidate()
    handed_in.say("issue", "2025-W24")
    handed_in.week = "2025-W24"
    handed_in.hand_in("V1-03", task_name=[None, "Rà soát văn bản"])
    handed_in.consolidate()
    tasks = [row for row in handed_in.table("tasks") if row["code"] == "V1-03"]

    assert next((row["name"], row["origin"], row["important"]) for row in tasks) == (
        "Soạn kế hoạch quý III",
        "given",
        "true",
    )


def test_open_tasks_and_the_plan_of_last_week_are_in_the_next_form(handed_in: LittleOffice) -> None:
    handed_in.hand_in(
        "V1-03",
        task_name=["Xong rồi", "Còn dở", "Chưa làm", "Trễ"],
        task_status=["Hoàn thành", "Đang thực hiện", "Chưa hoàn thành", "Hoàn thành trễ hạn"],
        task_important=["Có", "Có", None, None],
        task_due=[None, date(2025, 6, 13), None, None],
        task_product=["a", None, None, "b"],
        task_evidence=["a", None, None, "b"],
        plan_name=["Dự kiến một"],
        plan_due=[date(2025, 6, 11)],
    )
    handed_in.consolidate()
    handed_in.say("issue", "2025-W24")
    form = handed_in.form("V1-03", "2025-W24")

    assert [name for name in read(form, "ev_task_name") if name] == ["Còn dở", "Chưa làm", "Dự kiến một"]
    assert read(form, "ev_task_important")[:2] == ["Có", "Không"]
    assert read(form, "ev_task_due")[:3] == [datetime(2025, 6, 13), None, datetime(2025, 6, 11)]
    assert [value for value in read(form, "ev_task_status")[:3] if value] == []


def test_newly_given_tasks_reach_only_forms_that_nobody_has_touched(handed_in: LittleOffice) -> None:
    handed_in.say("issue", "2025-W24")
    type_into(handed_in.form("V1-04", "2025-W24"), {"ev_task_name": ["Tự ghi"]})
    touched = handed_in.form("V1-04", "2025-W24").read_bytes()
    _assign(
        handed_in,
        "V1-02",
        ("V1-03", "Việc mới giao", None, None, None),
        ("V1-04", "Việc cho người đã điền", None, None, None),
    )
    handed_in.consolidate()
    other = handed_in.form("P-02", "2025-W24").read_bytes()
    said = handed_in.json("issue", "2025-W24")

    assert [path.rpartition("/")[2] for path in said["renewed"]] == [handed_in.form("V1-03", "2025-W24").name]
    assert read(handed_in.form("V1-03", "2025-W24"), "ev_task_name")[0] == "Việc mới giao"
    assert handed_in.form("V1-04", "2025-W24").read_bytes() == touched
    assert handed_in.form("P-02", "2025-W24").read_bytes() == other


def test_a_given_task_that_came_too_late_for_a_form_stands_in_the_next_one(handed_in: LittleOffice) -> None:
    """Nothing that a manager gave is lost, though the person had begun the week's form already."""
    handed_in.say("issue", "2025-W24")
    handed_in.week = "2025-W24"
    handed_in.hand_in("V1-03")
    handed_in.consolidate()
    handed_in.week = "2025-W23"
    _assign(handed_in, "V1-02", ("V1-03", "Việc giao muộn", None, None, None))
    handed_in.consolidate()
    handed_in.say("issue", "2025-W24")
    handed_in.say("issue", "2025-W25")

    assert "Việc giao muộn" in read(handed_in.form("V1-03", "2025-W25"), "ev_task_name")


def test_a_task_given_to_nobody_and_a_row_without_a_task_are_findings(handed_in: LittleOffice) -> None:
    _assign(handed_in, "V1-02", (None, "Việc chưa ghi người", None, None, None), ("V1-03", None, None, None, None))
    handed_in.consolidate()

    assert handed_in.finding("assign.no_person")["level"] == handed_in.finding("assign.no_task")["level"]
    assert read(handed_in.scoring("V1-02"), "ev_assign_task")[0] == "Việc chưa ghi người"


def test_a_task_given_to_somebody_outside_the_team_is_a_finding(handed_in: LittleOffice) -> None:
    _assign(handed_in, "V1-02", ("P-02", "Việc của người khác", None, None, None))
    handed_in.consolidate()
    handed_in.say("issue", "2025-W24")

    assert handed_in.finding("assign.not_in_team")["level"] == "warning"
    assert read(handed_in.form("P-02", "2025-W24"), "ev_task_name")[0] is None
    assert read(handed_in.scoring("V1-02"), "ev_assign_task")[0] == "Việc của người khác"


def test_what_is_chosen_stands_for_words(handed_in: LittleOffice) -> None:
    """The kind of a breach with its day, the product that earned the score: booked, shown to the approver, kept in the manager's workbook."""
    path = handed_in.scoring("V1-02")
    at = read(path, "ev_row_person").index("V1-03")
    chosen: dict[str, Any] = {
        "ev_score_quality": 37,
        "ev_score_progress": 36,
        "ev_score_conduct": 18,
        "ev_score_breach": "Có",
        "ev_score_breach_kind": "Đi muộn",
        "ev_score_breach_day": date(2025, 6, 3),
        "ev_score_comment": "Đã nhắc",
        "ev_score_earned_by": "Tờ trình số 12",
        "ev_score_decision": "Đã chấm",
    }
    type_into(path, {name: [*[None] * at, value] for name, value in chosen.items()})
    handed_in.consolidate()

    assert handed_in.result("V1-03")["scored_total"] == "91"
    handed_in.draw()
    assert handed_in.row(handed_in.approval("V1-01"), "V1-03")["ev_row_breach"] == "Đi muộn (03/6/2025)"
    assert "Tờ trình số 12" in handed_in.row(handed_in.approval("V1-01"), "V1-03")["ev_row_comment"]
    assert read(path, "ev_score_breach_kind")[at] == "Đi muộn"
    assert read(path, "ev_score_earned_by")[at] == "Tờ trình số 12"


def test_a_score_outside_the_range_of_the_guide_asks_for_a_reason_and_is_booked(handed_in: LittleOffice) -> None:
    """All tasks of the form are done with a product and in time, or not: the guide's line for them says which points they mean."""
    handed_in.scored("V1-03", quality=33, progress=33)
    handed_in.scored("V1-04", quality=33, progress=33, explanation="Nhiệm vụ khó hoặc đột xuất")
    handed_in.consolidate()

    asked = [(row["code"], row["level"]) for row in handed_in.table("findings") if row["kind"] == "score.outside_guide"]
    assert set(asked) == {("V1-03", "note")}
    assert handed_in.result("V1-03")["state"] == handed_in.result("V1-04")["state"] == "scored"
