"""Heads swap, retire and succeed; leaders in charge, units, codes change: the week before stays with whoever it was then, as stories."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from evalxl.domain.weeks import Week
from evalxl.steps.office.office import Office
from evalxl.steps.views.week_view import week_view
from tests.little_office import LittleOffice, read

GOOD: dict[str, Any] = {"quality": 36, "progress": 36, "conduct": 17, "decision": "Đã chấm"}
NEXT = "2025-W24"


def unit(office: LittleOffice, code: str) -> dict[str, Any]:
    return next(row for row in office.organisation["units"] if row["code"] == code)


def said_of(office: LittleOffice, *words: str) -> list[dict[str, str]]:
    return [one for one in office.json(*words)["findings"] if one["kind"].startswith("organisation.former_")]


def names(office: LittleOffice, week: str) -> dict[str, str]:
    """What the masters of a week call the units."""
    return dict(week_view(Office.open(office.folder), Week.parse(week), date(2025, 6, 10)).view.units)


def serious(office: LittleOffice) -> list[str]:
    return [row["kind"] for row in office.table("findings") if row["level"] in ("error", "warning")]


def test_two_heads_swap_on_monday_and_what_each_saved_for_last_week_counts(handed_in: LittleOffice) -> None:
    """P-01 heads P1 and VP-01 the office; their people's rows are dated, the heads only overwritten (case 19)."""
    handed_in.hand_in("VP-02")
    handed_in.consolidate()
    handed_in.score("P-01", {"P-02": GOOD})
    handed_in.score("VP-01", {"VP-02": GOOD})
    for code, there in (("P-01", "VP"), ("VP-01", "P1")):
        row = handed_in.person(code)
        handed_in.organisation["people"].append({**row, "unit": there, "from": "9/6/2025"})
        row["to"] = "8/6/2025"
    unit(handed_in, "P1")["head"], unit(handed_in, "VP")["head"] = "VP-01", "P-01"
    handed_in.reorganise()
    said = handed_in.consolidate()

    assert [handed_in.result(code)["scored_total"] for code in ("P-02", "VP-02")] == ["89", "89"]
    assert serious(handed_in) == []
    assert len([one for one in said["findings"] if one["kind"] == "organisation.former_stays"]) == 2

    handed_in.say("issue", NEXT)
    handed_in.consolidate(NEXT)
    waits = {row["code"]: row["waits_for"] for row in handed_in.table("missing", NEXT)}
    assert {"P-02", "VP-02"} <= set(waits)
    handed_in.week = NEXT
    handed_in.hand_in("P-02", "VP-02")
    handed_in.consolidate(NEXT)
    waits = {row["code"]: row["waits_for"] for row in handed_in.table("missing", NEXT)}
    assert (waits["P-02"], waits["VP-02"]) == ("VP-01", "P-01")


def test_check_and_the_run_say_what_stays_at_the_cell_that_was_overwritten(handed_in: LittleOffice) -> None:
    unit(handed_in, "VU1")["head"] = "V1-02"
    handed_in.reorganise()
    (checked,) = said_of(handed_in, "check")
    (run,) = said_of(handed_in, "consolidate", handed_in.week)

    assert (checked["level"], checked["file"], checked["sheet"], checked["found"]) == (
        "note",
        "organisation.xlsx",
        "Đơn vị",
        "V1-02",
    )
    assert checked["cell"] == "D3"
    assert checked["message"] == run["message"]
    assert "V1-01" in checked["message"] and "05/6/2025" in checked["message"]
    assert checked["message"] in handed_in.say("check", code=None)
    assert checked["message"] in handed_in.say("consolidate", handed_in.week, code=None)


def test_the_remedy_done_word_for_word_makes_the_new_head_that_of_the_week(handed_in: LittleOffice) -> None:
    unit(handed_in, "VU1").update({"head": "V1-02", "from": "5/6/2025"})
    handed_in.reorganise()
    handed_in.consolidate()

    assert said_of(handed_in, "check") == []
    assert "0012" in handed_in.people_in(handed_in.scoring("V1-02"))


def test_a_head_retires_and_the_deputy_succeeds(handed_in: LittleOffice) -> None:
    """V1-01's row is deleted, V1-02 becomes director and head, all on Monday and without a date."""
    handed_in.hand_in("0012")
    handed_in.consolidate()
    handed_in.score("V1-01", {"0012": GOOD})
    handed_in.organisation["people"].remove(handed_in.person("V1-01"))
    handed_in.person("V1-02").update({"rank": "Cấp trưởng đơn vị", "title": "Vụ trưởng"})
    unit(handed_in, "VU1")["head"] = "V1-02"
    handed_in.reorganise()
    handed_in.consolidate()

    assert (handed_in.result("0012")["state"], handed_in.result("0012")["flags"]) == ("approved", "same_person")
    assert handed_in.result("V1-01")["state"] == "not_submitted"
    assert handed_in.result("V1-02")["title"] == "Phó Vụ trưởng"
    assert serious(handed_in) == []

    handed_in.say("issue", NEXT)
    handed_in.consolidate(NEXT)
    assert "V1-01" not in {row["code"] for row in handed_in.table("results", NEXT)}
    assert handed_in.json("explain", NEXT, "V1-02")["code"] == "V1-02"


def test_the_leader_in_charge_changes(handed_in: LittleOffice) -> None:
    handed_in.hand_in("V1-01")
    handed_in.consolidate()
    handed_in.score("LD-02", {"V1-01": GOOD})
    unit(handed_in, "VU1")["leader in charge"] = "LD-01"
    handed_in.reorganise()
    handed_in.consolidate()

    assert handed_in.result("V1-01")["state"] == "approved"
    assert "V1-01" not in handed_in.people_in(handed_in.scoring("LD-01"))


def test_a_new_head_of_the_thursday_is_entered_late_and_what_the_former_one_saved_counts(
    handed_in: LittleOffice,
) -> None:
    """The order was signed late; V1-01 had saved scores that nobody had taken in yet."""
    handed_in.hand_in("0012")
    handed_in.consolidate()
    handed_in.score("V1-01", {"0012": GOOD})
    unit(handed_in, "VU1").update({"head": "V1-02", "from": "2/6/2025"})
    handed_in.reorganise()
    handed_in.consolidate()

    assert handed_in.result("0012")["scored_total"] == "89"
    assert "authority.not_scorer" not in handed_in.findings("0012")
    again = handed_in.events()
    handed_in.consolidate()
    assert handed_in.events() == again

    handed_in.score("V1-02", {"0012": {"quality": 35}})
    handed_in.consolidate()
    assert handed_in.result("0012")["scored_total"] == "88"


def test_a_unit_is_renamed_and_last_week_keeps_the_name(handed_in: LittleOffice) -> None:
    unit(handed_in, "VU1")["name"] = "Vụ Địa phương"
    handed_in.reorganise()
    handed_in.consolidate()
    handed_in.say("issue", NEXT)
    handed_in.consolidate(NEXT)

    assert handed_in.result("V1-03")["unit"] == "VU1"
    assert [names(handed_in, week)["VU1"] for week in (handed_in.week, NEXT)] == ["Vụ Một", "Vụ Địa phương"]


def test_a_unit_with_dated_names_has_the_one_of_the_thursday(made: LittleOffice) -> None:
    row = unit(made, "VU1")
    made.organisation["units"].append({**row, "name": "Vụ Địa phương", "head": "V1-02", "from": "9/6/2025"})
    row["to"] = "8/6/2025"
    made.reorganise()
    made.say("check")
    for week in (made.week, NEXT):
        made.say("issue", week)
        made.consolidate(week)

    assert [names(made, week)["VU1"] for week in (made.week, NEXT)] == ["Vụ Một", "Vụ Địa phương"]


def test_two_units_are_merged_on_monday(handed_in: LittleOffice) -> None:
    """The office is merged into VU1: its row is deleted, its people's units are overwritten."""
    handed_in.hand_in("VP-02")
    handed_in.consolidate()
    handed_in.score("VP-01", {"VP-02": GOOD})
    handed_in.organisation["units"].remove(unit(handed_in, "VP"))
    for code in ("VP-01", "VP-02"):
        handed_in.person(code)["unit"] = "VU1"
    handed_in.reorganise()
    handed_in.consolidate()

    assert [handed_in.result("VP-02")[name] for name in ("unit", "scored_total")] == ["VP", "89"]
    handed_in.say("issue", NEXT)
    handed_in.consolidate(NEXT)
    assert {row["code"]: row["unit"] for row in handed_in.table("results", NEXT)}["VP-02"] == "VU1"


def test_a_unit_is_split_on_monday(handed_in: LittleOffice) -> None:
    """VU1 gives V1-03 to a new unit under V1-02, with dates."""
    handed_in.organisation["units"].append(
        {"code": "VU9", "name": "Vụ Chín", "head": "V1-02", "leader in charge": "LD-01", "from": "9/6/2025"}
    )
    for code in ("V1-02", "V1-03"):
        row = handed_in.person(code)
        handed_in.organisation["people"].append({**row, "unit": "VU9", "scorer": None, "from": "9/6/2025"})
        row["to"] = "8/6/2025"
    handed_in.scored("V1-03")
    handed_in.reorganise()
    handed_in.consolidate()
    handed_in.say("issue", NEXT)
    handed_in.consolidate(NEXT)

    assert [handed_in.result("V1-03")[name] for name in ("unit", "scored_total")] == ["VU1", "89"]
    assert {row["code"]: row["unit"] for row in handed_in.table("results", NEXT)}["V1-03"] == "VU9"
    assert serious(handed_in) == []


# Delegations


def delegate(office: LittleOffice, giver: str, receiver: str, scope: str | None = None, **more: Any) -> None:
    row = {
        "from person": giver,
        "to person": receiver,
        "scope": scope,
        "basis": "QĐ 12",
        "from": "2/6/2025",
        "to": "31/12/2030",
    }
    office.organisation["delegations"].append({**row, **more})
    office.reorganise()


def waits(office: LittleOffice) -> dict[str, str]:
    return {row["code"]: row["waits_for"] for row in office.table("missing")}


def test_the_delegate_is_awaited_while_the_delegation_is_in_force(handed_in: LittleOffice) -> None:
    delegate(handed_in, "V1-02", "VP-01", "Chấm điểm")
    handed_in.consolidate()

    assert (waits(handed_in)["V1-03"], waits(handed_in)["P-02"]) == ("VP-01", "P-01")
    assert "Lý Văn Phượng" in handed_in.say("status", handed_in.week, code=None)
    handed_in.organisation["delegations"][0]["to"] = "20/6/2025"
    handed_in.reorganise()
    handed_in.consolidate()
    assert waits(handed_in)["V1-03"] == "V1-02"


def test_the_delegates_workbook_says_for_whom_and_until_when(handed_in: LittleOffice) -> None:
    delegate(handed_in, "V1-02", "VP-01", "Chấm điểm", to="20/6/2025")
    handed_in.hand_in("VP-02")
    handed_in.consolidate()
    path = handed_in.scoring("VP-01")

    assert (
        "theo ủy quyền của Hoàng Thị Ngọc (V1-02) từ ngày 02/6/2025 đến ngày 20/6/2025 (QĐ 12)"
        in read(path, "ev_book_owner_title")[0]
    )
    assert "Theo ủy quyền của Hoàng Thị Ngọc" in handed_in.row(path, "V1-03")["ev_row_state"]
    assert "ủy quyền" not in handed_in.row(path, "VP-02")["ev_row_state"]
    assert "ủy quyền" not in (read(handed_in.scoring("V1-02"), "ev_book_owner_title")[0] or "")


def test_the_form_names_the_delegate_beside_the_scorer(made: LittleOffice) -> None:
    delegate(made, "V1-02", "VP-01", "Chấm điểm", to="20/6/2025")
    made.say("issue", made.week)

    said = read(made.form("V1-03"), "ev_scorer_name")[0]
    assert said == "Hoàng Thị Ngọc; theo ủy quyền từ ngày 02/6/2025 đến ngày 20/6/2025: Lý Văn Phượng"
    assert read(made.form("V1-03"), "ev_approver_name") == ["Lê Đình Ẩn"]


def test_a_delegation_after_the_issue_is_on_blank_forms_and_in_the_receipts_of_filled_ones(
    issued: LittleOffice,
) -> None:
    issued.hand_in("V1-03")
    issued.consolidate()
    filled = issued.form("V1-03").read_bytes()
    assert "Hoàng Thị Ngọc chấm điểm" in issued.receipt("V1-03")
    delegate(issued, "V1-02", "VP-01", "Chấm điểm")

    issued.say("issue", issued.week)
    issued.consolidate()

    assert "theo ủy quyền" in read(issued.form("V1-04"), "ev_scorer_name")[0]
    assert issued.form("V1-03").read_bytes() == filled
    assert "Lý Văn Phượng (theo ủy quyền của Hoàng Thị Ngọc) chấm điểm" in issued.receipt("V1-03")
    blank = issued.form("V1-04").read_bytes()
    issued.say("issue", issued.week)
    assert issued.form("V1-04").read_bytes() == blank
    issued.hand_in("V1-04")
    issued.consolidate()
    assert issued.result("V1-04")["state"] == "submitted"


def test_the_receipt_of_a_scored_person_names_the_delegate_who_approves(scored: LittleOffice) -> None:
    delegate(scored, "V1-01", "LD-02", "Phê duyệt")
    scored.consolidate()

    assert "(theo ủy quyền của Lê Đình Ẩn) phê duyệt trước" in scored.receipt("V1-03")


def test_the_next_authority_is_awaited_for_the_delegates_own_row_and_is_called_no_delegate(
    handed_in: LittleOffice,
) -> None:
    """V1-01 delegates to V1-02, whose own row goes to LD-02, the leader in charge."""
    delegate(handed_in, "V1-01", "V1-02")
    handed_in.hand_in("V1-02")
    handed_in.consolidate()
    path = handed_in.scoring("LD-02")

    assert waits(handed_in)["V1-02"] == "LD-02"
    assert "Thay Lê Đình Ẩn" in handed_in.row(path, "V1-02")["ev_row_state"]
    assert "theo ủy quyền" not in (read(path, "ev_book_owner_title")[0] or "")
    receipt = handed_in.receipt("V1-02")
    assert "(thay Lê Đình Ẩn," in receipt and "theo ủy quyền" not in receipt
    handed_in.score("LD-02", {"V1-02": GOOD})
    handed_in.consolidate()
    assert (handed_in.result("V1-02")["state"], handed_in.result("V1-02")["flags"]) == ("approved", "same_person")
    assert serious(handed_in) == []


# The office itself


def settings(office: LittleOffice, name: str, more: str = "") -> None:
    text = re.sub(r"^name = .*$", f'name = "{name}"', (office.folder / "office.toml").read_text("utf-8"), flags=re.M)
    (office.folder / "office.toml").write_text(text + more, "utf-8")


def office_name(office: LittleOffice, week: str) -> str:
    """What the pages of a week are printed under."""
    return week_view(Office.open(office.folder), Week.parse(week), date(2025, 6, 10)).view.office


def test_the_office_is_renamed_and_old_pages_keep_the_old_name(made: LittleOffice) -> None:
    settings(made, "Ban Cũ")
    made.say("issue", made.week)
    settings(made, "Ban Mới")
    made.hand_in("V1-03")
    made.consolidate()
    made.say("issue", NEXT)
    made.consolidate(NEXT)

    assert [office_name(made, week) for week in (made.week, NEXT)] == ["Ban Cũ", "Ban Mới"]
    assert [read(made.form("V1-03", week), "ev_office_name")[0] for week in (made.week, NEXT)] == ["BAN CŨ", "BAN MỚI"]
    assert read(made.scoring("V1-02"), "ev_book_office")[0] == "BAN CŨ"


def test_a_letterhead_with_its_first_day_is_printed_from_the_week_of_that_day_on(made: LittleOffice) -> None:
    settings(made, "Ban Cũ", '\n[[letterhead]]\nfrom = 2025-06-09\nname = "Ban Mới"\nkind = "state"\n')
    for week in (made.week, NEXT):
        made.say("issue", week)
        made.consolidate(week)

    assert [office_name(made, week) for week in (made.week, NEXT)] == ["Ban Cũ", "Ban Mới"]
    made.say("roll-up", "2025-06")
    made.say("rebuild", code=None)
    assert [office_name(made, week) for week in (made.week, NEXT)] == ["Ban Cũ", "Ban Mới"]


# Codes


def recoded(office: LittleOffice, old: str, new: str) -> None:
    """The office writes the new code over the old one, and the old one as former code."""
    for rows in office.organisation.values():
        for row in rows:
            row.update({name: new for name, value in row.items() if value == old})
    office.person(new)["former code"] = old
    office.reorganise()


def test_a_code_changes_and_everything_over_weeks_follows_the_person(handed_in: LittleOffice) -> None:
    handed_in.hand_in("V1-03", task_status=["Chưa hoàn thành", "Hoàn thành"])
    handed_in.consolidate()
    handed_in.scored("V1-03")
    handed_in.consolidate()
    handed_in.approved("V1-03")
    recoded(handed_in, "V1-03", "CB-77")
    assert handed_in.say("check")
    handed_in.consolidate()

    # The week keeps the code of its forms, and what the approver saved for it.
    assert handed_in.result("V1-03")["state"] == "approved"
    assert "CB-77" not in {row["code"] for row in handed_in.table("results")}
    assert "person.not_on_roster" not in handed_in.findings()

    handed_in.say("issue", NEXT)
    assert read(handed_in.form("CB-77", NEXT), "ev_task_name")[0] == "Tham mưu báo cáo tuần"
    handed_in.week = NEXT
    handed_in.hand_in("CB-77")
    handed_in.consolidate()
    handed_in.score("V1-02", {"CB-77": {**GOOD, "quality": 34}})
    handed_in.consolidate()
    handed_in.approve("V1-01", {"CB-77": {"decision": "Phê duyệt"}})
    handed_in.consolidate()
    (month,) = [row for row in handed_in.table("results", "2025-06") if row["code"] in ("V1-03", "CB-77")]
    assert (month["code"], month["counted_total"], month["weeks_evaluated"]) == ("CB-77", "88", "2")
    for week, named, known in (
        ("2025-W23", "CB-77", "V1-03"),
        ("2025-W23", "v1-03", "V1-03"),
        (NEXT, "V1-03", "CB-77"),
    ):
        assert handed_in.json("explain", week, named, code=0)["code"] == known


def test_the_two_week_rule_follows_the_person_over_a_new_code(made: LittleOffice) -> None:
    bad = {
        "task_name": ["Đề án A", "Báo cáo B"],
        "task_important": ["Có", "Có"],
        "task_status": ["Chưa hoàn thành"] * 2,
        "task_product": [""] * 2,
        "task_evidence": [""] * 2,
    }
    breach = {"breach": "Có", "breach_note": "03/6 vắng họp không báo, Nội quy Điều 5", "comment": "Đã nhắc"}
    made.say("issue", made.week)
    made.hand_in("V1-03", **bad)
    made.consolidate()
    made.score("V1-02", {"V1-03": {**GOOD, **breach}})
    made.consolidate()
    recoded(made, "V1-03", "CB-77")
    made.say("issue", NEXT)
    made.week = NEXT
    made.hand_in("CB-77", **{**bad, "task_name": [None, None], "task_important": [None, None]})
    made.consolidate()
    made.score("V1-02", {"CB-77": {**GOOD, **breach}})
    made.consolidate()

    (warning,) = made.table("warnings")
    assert [warning[name] for name in ("code", "kind", "first_week", "second_week")] == [
        "CB-77",
        "warning",
        "2025-W23",
        NEXT,
    ]


# The catalogue of tasks


def test_a_recurring_task_stands_in_every_form_of_its_position_from_its_first_day(made: LittleOffice) -> None:
    made.person("V1-03")["position"] = made.person("P-02")["position"] = "TH"
    made.organisation["tasks"] += [
        {
            "code": "GB",
            "name": "Giao ban tuần",
            "position": "TH",
            "recurring": "Có",
            "group": "Thường xuyên",
            "coefficient": 1.5,
        },
        {"code": "KT", "name": "Kiểm tra hồ sơ", "position": "TH", "recurring": "x", "from": "9/6/2025"},
    ]
    made.reorganise()
    made.say("check")
    made.say("issue", made.week)

    def tasks(code: str, week: str) -> list[str]:
        return [name for name in read(made.form(code, week), "ev_task_name") if name]

    assert tasks("V1-03", made.week) == tasks("P-02", made.week) == ["Giao ban tuần"]
    assert tasks("V1-04", made.week) == []
    made.hand_in(
        "V1-03", task_name=[None, "Soạn báo cáo"], task_status=["", "Hoàn thành"], task_product=["", "Báo cáo"]
    )
    made.consolidate()
    made.say("issue", NEXT)
    assert tasks("V1-03", NEXT) == ["Giao ban tuần", "Kiểm tra hồ sơ"]
