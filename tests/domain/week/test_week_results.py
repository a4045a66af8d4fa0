"""A person's row of the week: its state, the total that counts, its flags, who is waited for, and what is said of the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from evalxl.domain.evaluation.week_view import Missing, Result
from evalxl.domain.findings import OUR_FAULT, Finding
from evalxl.domain.history.events import ApprovedEvent, ReceivedEvent, ReturnedEvent, ScoredEvent
from evalxl.domain.history.history import PersonWeek, Voided, WeekHistory
from evalxl.domain.names import subject_of_unit
from evalxl.domain.organisation.people import Member, Organisation, Post, Roster
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.typed_rows import Check
from evalxl.domain.versions.returned_workbooks import Issue
from evalxl.domain.week.week_results import (
    file_findings,
    missing,
    off_roster,
    other_accounts,
    reporting,
    result_of,
    state_key,
    where_they_lie,
)
from evalxl.domain.weeks import Week
from tests.domain.drawn import organisation
from tests.standard_parts import in_parts

WEEK, AT = Week(2025, 23), datetime(2025, 6, 6, tzinfo=UTC)
MEMBER = Member("V1-03", "Vũ Văn An", "VU1", "Vụ Một", "", "official", "", "", "V1-02", "", "V1-01")
OWN, SCORED, APPROVED = ({"quality": q, "progress": "30", "conduct": "15"} for q in ("37", "36", "35"))


def form(verdict: str = "submitted", seq: int = 1, file: str = "phiếu.xlsx", **more: Any) -> ReceivedEvent:
    content = {"submitted": True, "scores": OWN, "tasks": more.pop("tasks", []), "plan": []}
    given: dict[str, Any] = {"content": content, "workbook": "form", "subject": "V1-03", "form_id": "f"} | more
    return ReceivedEvent(seq=seq, at=AT.isoformat(), file=file, sha256=f"{file}{seq}", verdict=verdict, **given)


def scored(version: str = "phiếu.xlsx1", **more: Any) -> ScoredEvent:
    source = {"cells": {"decision": {"file": "chấm.xlsx"}}}
    parts = in_parts(*map(Decimal, SCORED.values()))
    return ScoredEvent(**_event(2, "V1-02") | {"source": source} | more, scores=parts, version=version)


def approved(**more: Any) -> ApprovedEvent:
    return ApprovedEvent(**_event(3, "V1-01") | more, scores=in_parts(*map(Decimal, APPROVED.values())), score_seq=2)


def sent_back(stage: Any = "score") -> ReturnedEvent:
    return ReturnedEvent(**_event(4, "V1-02"), stage=stage, reason="Bổ sung")


def _event(seq: int, by: str) -> dict[str, Any]:
    return {"seq": seq, "at": AT.isoformat(), "subject": "V1-03", "by_code": by, "source": {}}


def person(**more: Any) -> PersonWeek:
    return PersonWeek("V1-03", **more)


def row(rules: RuleBook, one: PersonWeek | None, member: Member = MEMBER, **more: Any) -> Result:
    return result_of(one, member, WEEK, rules, **more)


def waited_for(rules: RuleBook, one: PersonWeek, member: Member = MEMBER, **more: Any) -> list[tuple[str, str, str]]:
    """Step, reason and code of everybody who is waited for."""
    this = WeekHistory(WEEK, people={"v1-03": one})
    return [
        (m.step, m.reason.removeprefix("missing."), m.waits_for) for m in _missing(this, rules, one, member, **more)
    ]


def _missing(
    this: WeekHistory, rules: RuleBook, one: PersonWeek, member: Member = MEMBER, **more: Any
) -> tuple[Missing, ...]:
    return missing(this, [row(rules, one, member, **more)])


def lying(*files: ReceivedEvent, **people: PersonWeek) -> WeekHistory:
    return WeekHistory(WEEK, people=people or {"v1-03": person()}, present={one.file: one for one in files})


def test_the_approved_total_goes_before_the_managers_and_that_before_the_persons_own(rules: RuleBook) -> None:
    """What was handed in or sent back counts by the self score; scores of a draft never count."""
    states = [
        (person(counted=form()), "submitted", Decimal(82), "self"),
        (person(counted=form(), returned=sent_back()), "returned", Decimal(82), "self"),
        (person(counted=form(), score=scored()), "scored", Decimal(81), "scored"),
        (person(counted=form(), score=scored(), approval=approved()), "approved", Decimal(80), "approved"),
        (person(newest=form("draft")), "draft", None, "none"),
        (person(newest=form("invalid")), "invalid", None, "none"),
        (person(newest=form("refused")), "not_submitted", None, "none"),
        (None, "not_submitted", None, "none"),
    ]

    for one, state, total, basis in states:
        found = row(rules, one)
        assert (found.state, found.counted_total, found.basis) == (state, total, basis)
        assert bool(found.band) is (total is not None)
        assert ("provisional" in found.flags) is (basis in ("self", "scored"))


def test_somebody_away_who_handed_in_all_the_same_is_evaluated_with_a_note(rules: RuleBook) -> None:
    away = replace(MEMBER, absence="Nghỉ phép")

    assert row(rules, None, away).state == row(rules, person(newest=form("draft")), away).state == "absent"
    assert row(rules, None, away).flags == ()
    here = row(rules, person(counted=form()), away)
    assert (here.state, here.counted_total, here.flags) == ("submitted", Decimal(82), ("absent_note", "provisional"))


FLAGS: dict[str, PersonWeek] = {
    "late": person(counted=form(late=True)),
    "repaired": person(counted=form(findings=(Finding("choice.repaired", values={}),))),
    "no_self": person(score=scored(version="")),
    "delegated": person(counted=form(), score=scored(acts_for="V1-01")),
    "newer_version": person(counted=form(), score=scored(), versions=[form(), form(seq=5)]),
    "corrected_later": person(counted=form(), corrected_later=True),
    "unreadable": person(newest=form("invalid", unreadable=True)),
    "same_person": person(counted=form(), score=scored(), approval=approved(same_person=True)),
    "adjusted": person(counted=form(), score=scored(), approval=approved(adjusted=True)),
    "by_paper": person(counted=form(), score=scored(), approval=approved(by_paper="Số 12")),
}


@pytest.mark.parametrize("flag", FLAGS)
def test_what_is_particular_about_a_row_is_said_by_its_flag_and_no_other(rules: RuleBook, flag: str) -> None:
    assert set(row(rules, FLAGS[flag]).flags) - {"provisional"} == {flag}


def test_a_repair_of_the_managers_or_the_approvers_cell_is_flagged_too(rules: RuleBook) -> None:
    assert "repaired" in row(rules, person(counted=form(), score=scored(repaired=True))).flags
    assert "repaired" in row(rules, person(counted=form(), score=scored(), approval=approved(repaired=True))).flags
    assert "delegated" in row(rules, person(counted=form(), score=scored(), approval=approved(acts_for="LD"))).flags


def test_a_file_that_cannot_be_read_beside_a_form_that_counts_flags_nobody_unless_it_lies_astray(
    rules: RuleBook,
) -> None:
    broken = form("invalid", file="hỏng.xlsx", unreadable=True)

    assert "unreadable" not in row(rules, person(counted=form(), newest=broken)).flags
    assert "unreadable" in row(rules, person(counted=form(), astray={"hỏng.xlsx": broken})).flags
    assert "unreadable" not in row(rules, person(newest=form("invalid"))).flags


def test_each_step_waits_for_the_one_who_can_do_it(rules: RuleBook) -> None:
    issue = Issue(1, "f", "form", "V1-03", "phiếu.xlsx", "", "", "", {})
    gone_out = {"issues": {"f": issue}}

    assert waited_for(rules, person()) == [("self", "not_issued", "V1-03")]
    assert waited_for(rules, person(**gone_out)) == [("self", "not_submitted", "V1-03")]
    assert waited_for(rules, person(newest=form("draft"))) == [("self", "draft", "V1-03")]
    assert waited_for(rules, person(newest=form("invalid"))) == [("self", "invalid", "V1-03")]
    assert waited_for(rules, person(newest=form("invalid", unreadable=True))) == [("self", "unreadable", "V1-03")]
    assert waited_for(rules, person(counted=form())) == [("score", "not_scored", "V1-02")]
    assert waited_for(rules, person(counted=form(), score=scored())) == [("approve", "not_approved", "V1-01")]
    assert waited_for(rules, person(counted=form(), score=scored(), approval=approved())) == []
    assert waited_for(rules, person(counted=form(), score=scored(version=""))) == [("score", "confirmation", "V1-02")]
    assert waited_for(rules, person(score=scored(version=""))) == [("approve", "not_approved", "V1-01")]
    for stage, step in (("score", ("self", "returned_to_person", "V1-03")), ("approve", ("score", "returned_to_scorer", "V1-02"))):  # fmt: skip
        assert waited_for(rules, person(counted=form(), returned=sent_back(stage))) == [step]
    away = replace(MEMBER, absence="Nghỉ phép")
    assert waited_for(rules, person(), away) == []
    assert missing(WeekHistory(WEEK), [row(rules, None, away)]) == ()
    assert [one.reason for one in missing(WeekHistory(WEEK), [row(rules, None)])] == ["missing.not_issued"]


def test_a_form_of_another_week_is_said_where_this_weeks_is_awaited(rules: RuleBook) -> None:
    issue = Issue(1, "f", "form", "V1-03", "phiếu.xlsx", "", "", "", {})
    other = form("refused", findings=(Finding("form.other_week", values={}),))

    found = waited_for(rules, person(issues={"f": issue}, astray={"tuần trước.xlsx": other}))
    assert found == [("self", "other_week", "V1-03")]


def test_who_has_to_choose_between_two_forms_is_awaited_beside_the_step_that_goes_on(rules: RuleBook) -> None:
    """A scored row goes on to its approver; one that nobody scored waits for the choice alone."""
    conflict = ("self", "conflict", "V1-03")

    assert waited_for(rules, person(), conflict=True) == [conflict]
    assert waited_for(rules, person(newest=form("draft")), conflict=True) == [conflict]
    going_on = waited_for(rules, person(counted=form(), score=scored()), conflict=True)
    assert going_on == [conflict, ("approve", "not_approved", "V1-01")]
    assert waited_for(rules, person(counted=form())) == [("score", "not_scored", "V1-02")]


def test_a_managers_workbook_that_cannot_be_read_is_why_a_row_waits(rules: RuleBook) -> None:
    """Of the very step that it is for, and of its owner only."""
    submitted, done = person(counted=form()), person(counted=form(), score=scored())

    def waits(one: PersonWeek, workbook: str, owner: str, unreadable: bool = True) -> str:
        broken = form("refused", workbook=workbook, subject=owner, unreadable=unreadable)
        manager = PersonWeek(owner, astray={"hỏng.xlsx": broken})
        this = WeekHistory(WEEK, people={"v1-03": one, owner.lower(): manager})
        return _missing(this, rules, one)[0].reason.removeprefix("missing.")

    assert waits(submitted, "scoring", "V1-02") == "scoring_unreadable"
    assert waits(submitted, "approval", "V1-02") == waits(submitted, "scoring", "V1-01") == "not_scored"
    assert waits(submitted, "scoring", "V1-02", unreadable=False) == "not_scored"
    assert waits(done, "approval", "V1-01") == "approval_unreadable"
    assert waits(done, "scoring", "V1-01") == "not_approved"


def test_nobody_is_waited_for_where_a_file_was_not_read_by_our_fault(rules: RuleBook) -> None:
    fault = (Finding(OUR_FAULT, values={}),)
    mine = form("invalid", findings=fault)
    book = form("refused", workbook="scoring", subject="V1-02", findings=fault)
    submitted = person(counted=form())

    assert waited_for(rules, person(newest=mine)) == [("self", "form_not_read", "")]
    this = WeekHistory(WEEK, people={"v1-03": submitted}, present={"chấm.xlsx": book})
    assert [(one.reason, one.waits_for) for one in _missing(this, rules, submitted)] == [
        ("missing.scoring_not_read", "")
    ]
    scored_row = person(counted=form(), score=scored())
    this = WeekHistory(WEEK, people={"v1-03": scored_row}, present={"chấm.xlsx": book})
    assert [one.waits_for for one in _missing(this, rules, scored_row)] == ["V1-01"]


def test_a_week_without_scores_waits_to_be_looked_through_and_for_nothing_more(rules: RuleBook) -> None:
    tracked = rules.model_copy(update={"parts": ()})
    seen = person(counted=form(), score=scored())

    assert waited_for(tracked, person(counted=form())) == [("score", "not_seen", "V1-02")]
    assert (row(tracked, seen).state, waited_for(tracked, seen)) == ("seen", [])
    assert state_key("submitted", tracked) == "state.submitted_only"
    assert state_key("submitted", rules) == "state.submitted"
    assert state_key("returned", tracked) == "state.returned"


def kinds(this: WeekHistory) -> list[str]:
    return [one.kind for one in file_findings(this)]


def test_a_fault_is_told_until_a_new_file_comes_even_if_the_file_was_moved_away() -> None:
    fault = (Finding("score.missing", values={}),)
    refused = form("invalid", findings=fault)

    assert kinds(lying(refused, **{"v1-03": person(newest=refused)})) == ["score.missing"]
    assert kinds(lying(**{"v1-03": person(newest=refused)})) == ["score.missing"]
    assert kinds(lying(**{"v1-03": person(newest=form("draft", findings=fault))})) == []
    counts = form(findings=fault)
    assert kinds(lying(**{"v1-03": person(counted=counts, newest=form("invalid", 2))})) == ["score.missing"]


def test_nobody_has_to_choose_any_more_once_a_third_version_counts() -> None:
    rival = form("conflict", 2, findings=(Finding("form.conflict", values={}),))

    assert kinds(lying(rival, **{"v1-03": person(counted=form(seq=1))})) == ["form.conflict"]
    assert kinds(lying(rival, **{"v1-03": person(counted=form(seq=3))})) == []
    assert lying(rival, **{"v1-03": person(counted=form(seq=1))}).conflicts() == {"v1-03": [rival]}
    assert lying(rival, **{"v1-03": person(counted=form(seq=3))}).conflicts() == {}
    other = form("invalid", 2, findings=(Finding("score.missing", values={}),))
    assert kinds(lying(other, **{"v1-03": person(counted=form(seq=3))})) == ["score.missing"]


def test_a_version_that_another_one_replaced_is_named_while_both_lie_there() -> None:
    other = form("superseded", 1, "cũ.xlsx")
    replaces = form(seq=2, findings=(Finding("form.replaces", values={"other": "cũ.xlsx"}),))

    assert kinds(lying(replaces, other)) == ["form.replaces"]
    assert kinds(lying(replaces)) == []
    named = form(seq=2, findings=(Finding("file.duplicate", values={"other": "cũ.xlsx"}),))
    assert kinds(lying(named)) == ["file.duplicate"]


def test_the_office_hears_of_an_approval_that_no_longer_stands_and_of_what_came_after_scoring() -> None:
    void = Voided(approved(), scored(), scored(seq=7))
    again = person(counted=form(), score=scored(), voided=void)
    back = person(counted=form(), voided=replace(void, event=sent_back()))

    (found,) = file_findings(lying(**{"v1-03": again}))
    assert (found.kind, found.code, found.values["old"], found.values["new"]) == (
        "approval.voided",
        "V1-03",
        "80",
        "81",
    )
    (found,) = file_findings(lying(**{"v1-03": back}))
    assert (found.kind, found.values["new"]) == ("approval.voided_by_return", "-")
    newer = person(counted=form(), score=scored(), versions=[form(seq=5, file="mới.xlsx")])
    assert [(one.kind, one.file) for one in file_findings(lying(**{"v1-03": newer}))] == [
        ("form.newer_version", "mới.xlsx")
    ]
    assert kinds(lying(**{"v1-03": person(counted=form(), score=scored(version=""))})) == ["score.awaits_confirmation"]


def test_the_findings_of_a_units_form_are_the_units_and_no_persons() -> None:
    slip = form("invalid", workbook="unit_form", subject="VU1", findings=(Finding("score.missing", values={}),))

    assert [one.code for one in file_findings(lying(slip))] == [subject_of_unit("VU1")]
    of_another = form("refused", subject="V1-03", findings=(Finding("file.duplicate", code="V1-04", values={}),))
    assert [one.code for one in file_findings(lying(of_another))] == ["V1-04"]


def test_a_doubtful_date_is_told_until_the_manager_has_said_the_state_of_its_task(rules: RuleBook) -> None:
    values: Mapping[str, str] = {"otherwise": "@date.otherwise_checked", "key": "01"}
    tasks = [{"key": "01", "name": "Đề án"}, {"key": "02", "name": "Báo cáo"}]
    doubtful = form(tasks=tasks, findings=(Finding("date.far_away", values=values),))
    checks = {"01": Check("Đề án", status="Hoàn thành"), "02": Check("Báo cáo")}

    assert kinds(lying(doubtful, **{"v1-03": person(counted=doubtful)})) == ["date.far_away"]
    assert kinds(lying(doubtful, **{"v1-03": person(counted=doubtful, checks=checks)})) == []
    other = form(tasks=tasks, findings=(Finding("date.far_away", values={**values, "key": "02"}),))
    assert kinds(lying(other, **{"v1-03": person(counted=other, checks=checks)})) == ["date.far_away"]
    firm = form(tasks=tasks, findings=(Finding("date.far_away", values={**values, "otherwise": "khác"}),))
    assert kinds(lying(firm, **{"v1-03": person(counted=firm, checks=checks)})) == ["date.far_away"]


def test_who_handed_in_and_is_not_evaluated_any_more_is_not_dropped_unseen() -> None:
    this = lying(**{"v1-03": person(counted=form()), "v1-04": PersonWeek("V1-04"), "v1-05": PersonWeek("V1-05")})
    this.people["v1-05"].counted = form(file="năm.xlsx")

    found = [(one.kind, one.code, one.file) for one in off_roster(this, Roster(WEEK, (MEMBER,), ()))]

    assert found == [("person.not_on_roster", "V1-05", "năm.xlsx")]


def test_a_form_saved_by_another_account_than_the_offices_list_says_is_a_note() -> None:
    office: Organisation = organisation("VU1 | | V1-01", "V1-03 | Vũ Văn An | VU1 | official")
    posts: tuple[Post, ...] = tuple(replace(post, account="an.vv") for post in office.posts)
    known = replace(office, posts=posts)

    def noted(account: str, **more: Any) -> bool:
        return bool([*other_accounts(lying(form(modified_by=account, **more)), known)])

    assert noted("ngoc.ht")
    assert not noted("AN.VV")
    assert not noted("")  # a program that writes no account
    assert not noted("ngoc.ht", subject="V1-04")  # the office entered none
    assert not noted("ngoc.ht", workbook="unit_form")  # anybody in the unit may write it
    assert not [*other_accounts(lying(form(modified_by="ngoc.ht")), office)]


def test_a_row_leads_to_where_its_scoring_workbook_lies_now(rules: RuleBook) -> None:
    this = WeekHistory(WEEK)
    book = this.book("scoring", "V1-02")
    book.issues["a"] = Issue(1, "a", "scoring", "V1-02", "chấm.xlsx", "", "", "", {})
    before = (row(rules, person(counted=form(), score=scored())), row(rules, person(counted=form())))
    assert where_they_lie(this, before) == before
    book.issues["b"] = Issue(2, "b", "scoring", "V1-02", "quản lý/chấm.xlsx", "", "", "", {})

    assert [one.scoring for one in where_they_lie(this, before)] == ["quản lý/chấm.xlsx", ""]


def test_the_units_that_report_are_those_with_a_form_of_their_own() -> None:
    units = [replace(MEMBER, code=subject_of_unit(code), unit=code, head="V1-01") for code in ("VU1", "VP", "CUC")]
    this = WeekHistory(WEEK)
    this.unit("VU1").issues["f"] = Issue(1, "f", "unit_form", "VU1", "đơn vị.xlsx", "", "", "", {})
    this.unit("VP")

    assert reporting(this, Roster(WEEK, (MEMBER,), (), tuple(units))) == (units[0],)


def test_how_a_scoring_workbook_looked_is_told_until_all_its_scores_were_approved_on_a_new_one() -> None:
    """A picture lay over a cell of the copy that was read as event 5; the workbook went out again at its place."""
    looked = form(
        "read", 5, "chấm.xlsx", workbook="scoring", subject="V1-02", findings=(Finding("cell.covered", values={}),)
    )

    def told(approvals: tuple[int, ...], issued: int = 9, path: str = "chấm.xlsx") -> bool:
        this = WeekHistory(WEEK, read={"chấm.xlsx": looked})
        codes = [f"V1-{number:02d}" for number in range(3, 3 + len(approvals))]
        for code, seq in zip(codes, approvals, strict=True):
            one = this.person(code)
            one.score = scored()
            one.approval = approved(seq=seq) if seq else None
        values = {"ev_row_person": [*codes, "V1-09", None]}
        this.book("scoring", "V1-02").issues["b"] = Issue(issued, "b", "scoring", "V1-02", path, "", "", "", values)
        return "cell.covered" in kinds(this)

    assert not told((7, 8))
    assert told((7, 0)) and told((7, 4)) and told(())
    assert told((7, 8), issued=5) and told((7, 8), issued=4) and told((7, 8), path="khác.xlsx")
