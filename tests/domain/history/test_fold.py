"""What events add up to: who counts with which form, what a new decision ends, and what a closed week remembers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from evalxl.domain.history.cross_week_events import crosses_weeks
from evalxl.domain.history.events import EnteredEvent
from evalxl.domain.history.fold import fold, history_by_need
from evalxl.domain.history.history import History, PeriodHistory, PersonWeek, WeekHistory
from evalxl.domain.history.retention import is_over
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.week.assigned_tasks import rows_given
from evalxl.domain.week.decision_log import bookings, changed_since_approval
from evalxl.domain.weeks import Period, Week

WEEK = Week(2025, 23)


class Ledger:
    """Events of one week, numbered as they are written."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def write(self, kind: str, **said: Any) -> int:
        number = len(self.events) + 1
        at = f"2025-06-{number:02d}T09:00:00+07:00"
        self.events.append({"seq": number, "kind": kind, "at": at, "week": str(WEEK), **said})
        return number

    def form(self, verdict: str = "submitted", file: str = "phiếu.xlsx", sha: str = "", **more: Any) -> int:
        sha = sha or f"sha{len(self.events) + 1}"
        content = {"submitted": True, "scores": {"quality": more.pop("quality", "36")}, "tasks": [], "plan": []}
        given = {"workbook": "form", "subject": "V1-03", "content": content} | more
        return self.write("received", file=file, sha256=sha, verdict=verdict, **given)

    def scored(self, version: str = "", quality: str = "35", **more: Any) -> int:
        return self.write("scored", subject="V1-03", by_code="V1-02", scores={"quality": quality}, version=version, source={"received": len(self.events)}, **more)  # fmt: skip

    def approved(self, **more: Any) -> int:
        return self.write("approved", subject="V1-03", by_code="V1-01", scores={"quality": "35"}, score_seq=0, source={}, **more)  # fmt: skip

    def returned(self, stage: str = "score", **more: Any) -> int:
        return self.write("returned", subject="V1-03", by_code="V1-02", stage=stage, reason="Bổ sung", source={}, **more)  # fmt: skip

    @property
    def history(self) -> History:
        return fold(self.events)

    @property
    def week(self) -> WeekHistory:
        return self.history.week(WEEK)

    @property
    def person(self) -> PersonWeek:
        return self.week.person("V1-03")


def counted(office: Ledger) -> str:
    return office.person.counted.sha256 if office.person.counted else ""


def test_before_scoring_each_valid_version_counts_and_after_it_none_until_the_row_is_sent_back() -> None:
    office = Ledger()
    office.form(sha="a")
    office.form(sha="b")
    assert counted(office) == "b"
    office.scored("b")
    office.form(sha="c")
    assert counted(office) == "b"
    assert office.person.newer is not None and office.person.newer.sha256 == "c"
    office.returned()
    assert (counted(office), office.person.score) == ("c", None)
    office.form(sha="d")
    assert (counted(office), office.person.returned) == ("d", None)


def test_drafts_refused_and_superseded_files_replace_no_valid_version() -> None:
    office = Ledger()
    office.form(sha="a")
    for verdict in ("draft", "invalid", "refused", "superseded", "conflict"):
        office.form(verdict, sha=verdict)
        assert counted(office) == "a"
    assert office.person.newest is not None and office.person.newest.sha256 == "conflict"


def test_what_came_behind_or_was_refused_changes_nothing_of_the_state() -> None:
    office = Ledger()
    office.form("draft", sha="a")
    office.form("refused", sha="b")
    office.form("superseded", sha="c")
    office.form("invalid", sha="d", behind=True)
    office.form("duplicate", sha="a")
    office.form("waiting", sha="e")

    assert office.person.newest is not None and office.person.newest.sha256 == "a"
    assert [one.sha256 for one in office.person.versions] == ["a", "b", "c", "d"]


def test_a_form_that_comes_after_a_score_without_one_waits_to_be_confirmed() -> None:
    office = Ledger()
    office.scored()
    assert not office.person.awaits_confirmation
    office.form(sha="a")
    assert counted(office) == "a" and office.person.awaits_confirmation
    office.scored("a")
    assert not office.person.awaits_confirmation


def test_a_return_of_the_approvers_leaves_score_and_form_as_they_are() -> None:
    office = Ledger()
    office.form(sha="a")
    office.scored("a")
    office.form(sha="b")
    office.returned("approve")

    assert counted(office) == "a" and office.person.score is not None
    assert office.person.returned is not None and office.person.returned.stage == "approve"
    assert office.person.returned_seq == 0


def test_scoring_again_voids_the_approval_and_keeps_what_was_approved(rules: RuleBook) -> None:
    office = Ledger()
    office.form(sha="a")
    office.scored("a", breach_note="cũ", comment="Tốt")
    approval = office.approved()
    assert office.person.voided is None and office.person.approval is not None
    again = office.scored("a", quality="30", breach=True, breach_note="Vắng họp", comment="Tốt")

    person = office.person
    assert person.approval is None and person.voided is not None
    assert (person.voided.approval.seq, person.voided.event.kind, person.voided.event.seq) == (
        approval,
        "scored",
        again,
    )
    changed = {one.what: (one.old, one.new) for one in changed_since_approval(person, rules)}
    assert changed == {
        rules.parts[0].term: ("35", "30"),
        "@changed.total": ("35", "30"),
        "@changed.breach": ("", "Vắng họp"),
    }
    later = office.scored("a", quality="31")
    assert office.person.voided is not None and office.person.voided.event.seq == later
    office.approved()
    assert office.person.voided is None
    assert changed_since_approval(office.person, rules) == ()


def test_a_return_to_the_person_voids_the_approval_and_says_that_it_was_a_return() -> None:
    office = Ledger()
    office.form(sha="a")
    office.scored("a")
    office.approved()
    office.returned()

    assert office.person.voided is not None and office.person.voided.event.kind == "returned"
    office.returned("approve")
    assert office.person.voided is None  # the approver has seen it


def test_whatever_is_decided_after_the_week_was_closed_once_is_marked() -> None:
    for decide in (
        lambda office: office.form(sha="z"),
        lambda office: office.scored("a"),
        lambda office: office.approved(),
        lambda office: office.returned(),
    ):
        office = Ledger()
        office.form(sha="a")
        assert not office.person.corrected_later
        office.write("closed", reason="")
        assert office.week.closed and not office.person.corrected_later
        office.write("reopened", reason="Sửa điểm")
        decide(office)
        assert office.person.corrected_later
        assert (office.week.closed, office.week.closings) == (False, 1)


def test_what_is_not_said_in_an_event_was_not_so() -> None:
    office = Ledger()
    office.form(sha="a")
    office.scored("a")
    office.approved()
    person = office.person

    assert person.score is not None and person.approval is not None and person.counted is not None
    assert not any([person.score.repaired, person.score.breach, person.approval.repaired, person.approval.adjusted])
    assert not any([person.approval.same_person, person.counted.late, person.counted.unreadable, person.counted.aside])
    assert not any([person.corrected_later, person.counted.submission.appeal, office.week.closed])


def test_a_file_that_was_only_reported_is_forgotten_once_it_is_replaced_or_gone() -> None:
    office = Ledger()
    office.form("refused", file="lạ.xlsx")
    assert list(office.person.astray) == ["lạ.xlsx"]
    office.form("draft", file="khác.xlsx")
    assert list(office.person.astray) == ["lạ.xlsx"]
    office.form("invalid", file="hỏng.xlsx", unreadable=True)
    assert list(office.person.astray) == ["lạ.xlsx", "hỏng.xlsx"]
    office.write("gone", file="lạ.xlsx")
    office.form(file="hỏng.xlsx")
    assert office.person.astray == {}
    assert list(office.week.present) == ["khác.xlsx", "hỏng.xlsx"]


def test_a_moved_file_is_no_new_version() -> None:
    office = Ledger()
    office.form(sha="a")
    office.form(sha="a", file="mới.xlsx", moved_from="phiếu.xlsx")

    assert [one.file for one in office.person.versions] == ["mới.xlsx"]


def test_a_version_lies_where_it_was_saved_last_and_an_equal_file_beside_it_changes_nothing() -> None:
    office = Ledger()
    office.form(sha="a")
    office.form("same", sha="a2", same_as="a", file="bản sao.xlsx")
    assert [one.file for one in office.person.versions] == ["phiếu.xlsx"]
    office.form("same", sha="a3", same_as="a", file="lưu lại.xlsx", saved_again=True)
    assert [one.file for one in office.person.versions] == ["lưu lại.xlsx"]


def test_the_form_that_came_after_scoring_and_was_changed_back_is_no_newer_one() -> None:
    office = Ledger()
    office.form(sha="a")
    office.scored("a")
    office.form(sha="b")
    office.form("same", sha="a2", same_as="a")

    assert office.person.newer is None
    assert [one.verdict for one in office.person.versions] == ["submitted", "superseded"]


def test_each_week_is_the_same_folded_alone_and_with_all_others() -> None:
    office = Ledger()
    office.write("organisation", sha256="o")
    office.form(sha="a")
    office.scored("a")
    office.write("closed", reason="", period="2025-06", never_issued=["2025-W22"])
    office.write("assigned", by_code="V1-02", for_week="2025-W24", tasks=[])
    beyond = [event for event in office.events if crosses_weeks(event)]
    needed = history_by_need([WEEK], lambda _: office.events, beyond)

    assert [event["kind"] for event in beyond] == ["closed", "assigned"]
    assert needed.week(WEEK) == office.week
    assert needed.closed_periods == office.history.closed_periods
    assert needed.assigned == office.history.assigned
    assert needed.week(Week(2025, 30)).log == []
    assert needed.period(Period.parse("2025-06")).log == []
    assert office.week.first_seq == 1 and office.week.last_seq == 5
    assert needed.is_closed(WEEK) and needed.closed_with_period(WEEK)
    assert not needed.is_closed(Week(2025, 40))


def test_a_form_that_tells_of_a_difficulty_concerns_more_than_its_week() -> None:
    office = Ledger()
    quiet = {"submitted": True, "scores": {}, "tasks": [], "plan": []}
    told = quiet | {"difficulties": "Thiếu máy in"}

    def crosses(verdict: str, content: dict[str, Any]) -> bool:
        office.write("received", file="a", sha256="a", verdict=verdict, workbook="form", subject="V1-03", content=content)  # fmt: skip
        return crosses_weeks(office.events[-1])

    assert crosses("submitted", told)
    assert not crosses("submitted", quiet)
    assert not crosses("draft", told)
    assert len(office.history.difficulties) == 1


def test_the_register_that_was_taken_back_is_issued_no_more() -> None:
    office = Ledger()
    issue = {"workbook": "follow_up", "subject": "", "path": "sổ.xlsx", "sha256": "s", "template": "t", "rulebook": "r"}
    office.write("issued", form_id="a", values={}, **issue)
    office.write("issued", form_id="b", values={}, **issue)
    office.write("withdrawn", form_id="b")
    register = office.history.register

    assert list(register.issues) == ["a", "b"]
    assert register.issue is not None and register.issue.form_id == "a"


# What was decided, and what ended it.


def log(office: Ledger) -> list[tuple[str, str, int]]:
    """Each decision: what it was, what ended it, and by which event."""
    return [(one.what, one.ended_by, one.ended_seq) for one in bookings(office.week)]


def test_a_new_score_ends_the_score_the_approval_and_the_return_before_it() -> None:
    office = Ledger()
    office.form(sha="a")
    office.scored("a")
    office.approved()
    again = office.scored("a", quality="30")
    assert log(office) == [("scored", "scored", again), ("approved", "scored", again), ("scored", "", 0)]
    back = office.returned("approve")
    assert log(office)[2:] == [("scored", "returned_approve", back), ("returned", "", 0)]
    last = office.scored("a")
    assert log(office)[3:] == [("returned", "scored", last), ("scored", "", 0)]


def test_an_approval_ends_the_one_before_and_leaves_the_score() -> None:
    office = Ledger()
    office.scored()
    office.approved()
    again = office.approved()
    assert log(office) == [("scored", "", 0), ("approved", "approved", again), ("approved", "", 0)]
    back = office.returned()
    assert log(office)[0] == ("scored", "returned_score", back)
    assert log(office)[2] == ("approved", "returned_score", back)


def test_the_form_that_comes_after_a_return_to_the_person_ends_it_and_no_other_does() -> None:
    office = Ledger()
    office.form(sha="a")
    office.scored("a")
    office.returned()
    office.form("draft", sha="b")
    office.form(sha="a", file="mới.xlsx", moved_from="phiếu.xlsx")
    assert log(office)[1] == ("returned", "", 0)
    came = office.form(sha="c")
    assert log(office)[1] == ("returned", "received", came)

    office.scored("c")
    office.returned("approve")
    office.form(sha="d")
    assert log(office)[-1] == ("returned", "", 0)  # the manager has to score again


def test_a_decision_names_the_workbook_in_which_it_was_typed() -> None:
    office = Ledger()
    book = office.write("received", file="chấm.xlsx", sha256="x", verdict="read", workbook="scoring", subject="V1-02", typed=[], modified_by="ngoc.ht")  # fmt: skip
    office.scored(acts_for="V1-01")
    office.write("approved", subject="V1-03", by_code="V1-02", scores={}, score_seq=2, source={}, same_person=True)
    (one,) = bookings(office.week)

    assert (one.received, one.modified_by, one.both) == (book, "ngoc.ht", True)
    assert one.received_at is not None and one.received_at.day == book
    assert one.in_name_of("v1-02") and one.in_name_of("V1-01") and not one.in_name_of("V1-03")
    office.scored()
    assert bookings(office.week)[-1].received == 0  # the event before it is no workbook
    assert bookings(office.week)[-1].received_at is None


def test_what_is_past_its_years_is_counted_from_the_year_after_its_own() -> None:
    """A week belongs to the year of its Thursday, a period to that of its last day."""
    new_year = Week(2026, 53)  # to 3 January 2027

    assert not is_over(WEEK, 2, date(2027, 12, 31))
    assert is_over(WEEK, 2, date(2028, 1, 1))
    assert is_over(new_year, 1, date(2028, 1, 1)) and not is_over(new_year, 1, date(2027, 12, 31))
    assert not is_over(WEEK, 0, date(2099, 1, 1))  # kept for ever
    assert is_over(Period.parse("2025"), 2, date(2028, 1, 1)) and not is_over(Period.parse("2025"), 2, date(2027, 6, 1))


def test_a_task_that_was_carried_over_is_the_managers_only_where_a_manager_gave_it() -> None:
    event = {"subject": "V1-03", "workbook": "form", "given": [0, 1, 2], "origins": {"01": "given", "02": "carried", "03": "carried"}}  # fmt: skip
    event["values"] = {"ev_task_name": ["Đề án", "Báo cáo", "Rà soát"]}
    ever = {"v1-03": ["BÁO CÁO"], "v1-04": ["Rà soát"]}

    assert rows_given(event, lambda: ever) == [0, 1]
    assert rows_given(event | {"origins": {"01": "given"}}, dict) == [0, 1, 2]
    assert rows_given({"origins": {}}, dict) == []


def entered(seq: int, done: bool) -> EnteredEvent:
    return EnteredEvent(subject="", by_code="", seq=seq, done=done, source={})


def test_of_what_was_entered_for_a_period_the_last_counts_unless_it_was_taken_back() -> None:
    period = PeriodHistory(Period.parse("2025-06"))
    period.entries = {
        "01": [entered(1, True), entered(2, True)],
        "02": [entered(3, True), entered(4, False)],
        "03": [entered(5, False), entered(6, True)],
    }

    assert {key: entry.seq for key, entry in period.counting().items()} == {"01": 2, "03": 6}


def test_what_was_entered_before_criteria_had_codes_and_lines_of_their_own_counts_as_it_did() -> None:
    ledger, month = Ledger(), {"week": "", "period": "2025-06", "subject": "V1-03", "by_code": "V1-02", "source": {}}
    before = {"common": "27.5", "criteria": {"uniting": "95"}, "lines": {"period__i": "20", "period__ii": "7.5"}}
    ledger.write("entered", **month, done=True, **before)
    now = {"criteria": {"common": "27.5", "uniting": "95"}, "lines": {"common__i": "20", "common__ii": "7.5"}}
    ledger.write("entered", **month, done=True, **now)
    former, latter = ledger.history.periods["2025-06"].entries["v1-03"]

    assert former.criteria == {"common": Decimal("27.5"), "uniting": Decimal(95)}
    assert former.says_as(latter)
