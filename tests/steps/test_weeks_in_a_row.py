"""Several weeks: what one hands on to the next, the two-week rule, Tết, masters that somebody has open, units that report."""

from __future__ import annotations

import gc
import json
import os
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalxl.domain.evaluation.week_view import WeekView
from evalxl.domain.history.lazy_weeks import WeeksByNeed
from evalxl.domain.periods.columnar_rows import unpacked
from evalxl.domain.week.two_week_history import WeekFromRows
from evalxl.domain.weeks import Period, Week
from evalxl.records import folders, long_ledger
from evalxl.records.ledger import Ledger
from evalxl.records.long_ledger import LongLedger
from evalxl.steps.consolidate import consolidate
from evalxl.steps.issue.issue import issue
from evalxl.steps.office import office as office_at_work
from evalxl.steps.office.office import Clock, Office
from evalxl.steps.office.past_weeks import past_of
from evalxl.steps.office.week_summary import is_open
from evalxl.steps.periods.roll_up import draw_roll_up, seen, view_of
from evalxl.steps.reports import export as export_step
from evalxl.steps.views.week_view import WeekSituation, week_view
from tests.little_office import LittleOffice, make_little_office, read
from tests.people import type_into

MONDAY = date(2025, 6, 30)
BREACH = {"breach": "Có", "breach_note": "03/6 vắng họp không báo, Nội quy Điều 5", "comment": "Đã nhắc"}
OPEN_TASKS = {
    "task_name": ["Đề án A", "Báo cáo B", "Việc thường"],
    "task_important": ["Có", "Có", None],
    "task_status": ["Chưa hoàn thành", "Chưa hoàn thành", "Hoàn thành"],
    "task_product": [None, None, "x"],
    "task_evidence": [None, None, "x"],
}


@pytest.fixture(scope="module")
def two_weeks(tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    """In both weeks: V1-03 many open important tasks and a breach; V1-04 the tasks alone; P-02 one open task; P-03 is absent in between."""
    office = make_little_office(tmp_path_factory.mktemp("row") / "office")
    office.organisation["absences"].append({"code": "P-03", "kind": "Nghỉ phép", "from": "9/6/2025", "to": "13/6/2025"})
    office.reorganise()
    for week, codes in (("2025-W23", "V1-03 V1-04 P-02 P-03"), ("2025-W24", "V1-03 V1-04 P-02"), ("2025-W25", "P-03")):
        office.week = week
        office.say("issue", week)
        for code in codes.split():
            locked = week != "2025-W23"  # the open tasks were carried over: their names stand there already
            names = {"task_name": [None, None, "Việc thường"], "task_important": [None] * 3} if locked else {}
            open_tasks = {**OPEN_TASKS, **names}
            if code == "P-02":
                open_tasks["task_status"] = ["Chưa hoàn thành", "Hoàn thành", "Hoàn thành"]
                open_tasks["task_product"] = open_tasks["task_evidence"] = [None, "x", "x"]
                if locked:
                    open_tasks["task_name"] = [None, "Việc khác", "Việc thường"]
            office.hand_in(code, **open_tasks)
        office.consolidate()
        for code in codes.split():
            office.scored(code, **(BREACH if code in ("V1-03", "P-03") else {}))
        office.consolidate()
    return office


def test_two_weeks_of_open_important_tasks_and_a_breach_are_to_be_talked_about(two_weeks: LittleOffice) -> None:
    """With the head of the unit; evidence names both weeks."""
    warnings = {row["code"]: row for row in two_weeks.table("warnings", "2025-W24")}
    one = warnings["V1-03"]

    assert (one["kind"], one["first_week"], one["second_week"], one["talk_with"]) == (
        "warning",
        "2025-W23",
        "2025-W24",
        "V1-01",
    )
    assert "Đề án A" in one["evidence"]
    assert "Nội quy Điều 5" in one["evidence"]
    assert warnings["V1-04"]["kind"] == "watch"
    assert "P-02" not in warnings  # one alone is never many


def test_a_week_of_excused_absence_is_skipped(two_weeks: LittleOffice) -> None:
    warnings = {row["code"]: row for row in two_weeks.table("warnings", "2025-W25")}

    assert (warnings["P-03"]["kind"], warnings["P-03"]["first_week"], warnings["P-03"]["second_week"]) == (
        "warning",
        "2025-W23",
        "2025-W25",
    )
    assert two_weeks.table("warnings", "2025-W23")[0]["kind"] == "watch"


def test_what_the_manager_checked_goes_before_the_persons_word(handed_in: LittleOffice) -> None:
    """The person says completed; the manager says it is not, and the task goes on into the next week."""
    path = handed_in.scoring("V1-02")
    people, keys = read(path, "ev_check_person"), read(path, "ev_check_key")
    at = list(zip(people, keys, strict=True)).index(("V1-03", "01"))
    type_into(path, {"ev_check_status": [*[None] * at, "Chưa hoàn thành"], "ev_check_important": [*[None] * at, "Có"]})
    handed_in.consolidate()
    handed_in.say("issue", "2025-W24")
    form = handed_in.form("V1-03", "2025-W24")

    assert read(form, "ev_task_name")[:2] == ["Tham mưu báo cáo tuần", None]
    assert read(form, "ev_task_important")[0] == "Có"


# Tết


@pytest.fixture(scope="module")
def tet(tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    """Week 08 of 2026 has no working day; the Saturday after it is worked instead of Monday 16 February."""
    office = make_little_office(tmp_path_factory.mktemp("tet") / "office")
    office.organisation["days_off"] += [
        *({"date": f"2026-02-{day}", "kind": "Nghỉ lễ, Tết", "reason": "Tết Bính Ngọ"} for day in range(16, 21)),
        {"date": date(2026, 2, 13), "kind": "Nghỉ bù"},
    ]
    office.reorganise()
    office.week = "2026-W07"
    office.say("issue", office.week)
    office.hand_in("V1-03", task_status=["Hoàn thành", "Đang thực hiện"])
    office.consolidate()
    type_into(office.scoring("V1-02"), {"ev_assign_person": ["V1-03"], "ev_assign_task": ["Việc sau Tết"]})
    office.consolidate()
    return office


def test_a_week_off_issues_nothing_and_the_weeks_around_it_do(tet: LittleOffice) -> None:
    assert "tuần nghỉ" in tet.say("issue", "2026-W08")
    assert not (tet.share / "2026-W08").exists()
    assert "2026-W08" not in {path.name.partition("_")[2][:8] for path in (tet.folder / "ledger").iterdir()}
    tet.say("issue", "2026-W09")
    assert len(list((tet.share / "2026-W09").rglob("forms/*.xlsx"))) == 12


def test_open_and_given_tasks_go_over_the_week_off(tet: LittleOffice) -> None:
    tet.say("issue", "2026-W09")

    assert [name for name in read(tet.form("V1-03", "2026-W09"), "ev_task_name") if name] == [
        "Việc sau Tết",
        "Rà soát văn bản",
    ]


def test_deadlines_on_days_off_move_to_the_next_working_day(tet: LittleOffice) -> None:
    """The Friday of week 07 and all of week 08 are off: everything is due on Monday of week 09 or later."""
    assert "23/02/2026" in read(tet.form("V1-03", "2026-W07"), "ev_deadline")[0]
    assert "23/02/2026" in tet.say("status", "2026-W07")


def test_a_day_worked_instead_makes_a_week_of_it(made: LittleOffice) -> None:
    made.organisation["days_off"] += [
        *({"date": f"2026-02-{day}", "kind": "Nghỉ lễ, Tết"} for day in range(16, 21)),
        {"date": "21/2/2026", "kind": "Làm bù", "reason": "Bù thứ Hai"},
    ]
    made.reorganise()

    assert len(made.json("issue", "2026-W08", code=0)["written"]) == 12


# Masters that are open; workbooks that were deleted


def test_a_master_that_is_open_waits_beside_it_and_is_published_next_time(handed_in: LittleOffice) -> None:
    master = handed_in.master()
    before = master.read_bytes()
    owner = master.with_name(f"~${master.name}")
    owner.write_bytes(b"\x03Lan" + bytes(51))
    handed_in.scored("V1-03")
    said = handed_in.json("consolidate", handed_in.week)
    waiting = master.with_name(f"{master.stem} (chờ ghi).xlsx")

    assert master.read_bytes() == before
    assert waiting.exists()
    one = next(one for one in said["masters"] if one["state"] == "waiting")
    assert one["holder"] == "Lan"

    owner.unlink()
    handed_in.say("consolidate", handed_in.week, code=None)
    assert master.read_bytes() != before
    assert not waiting.exists()


def test_a_scoring_workbook_that_was_deleted_comes_back_with_everything_typed_in_it(handed_in: LittleOffice) -> None:
    handed_in.score("V1-02", {"V1-03": {"quality": 36, "comment": "đang viết"}})
    handed_in.consolidate()
    path = handed_in.scoring("V1-02")
    before = path.read_bytes()
    path.unlink()
    handed_in.consolidate()

    assert path.read_bytes() == before


def test_the_master_shows_who_is_missing_and_what_is_wrong(handed_in: LittleOffice) -> None:
    handed_in.fill("P-03", self_quality=45)
    handed_in.consolidate()
    book = openpyxl.load_workbook(handed_in.master())
    texts = {
        sheet.title: " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
        for sheet in book
    }

    assert list(texts)[:9] == [
        "Tổng quan", "Kết quả", "Mức độ hoàn thành", "Cảnh báo", "Chưa hoàn tất", "Lỗi, lưu ý", "Khó khăn, kiến nghị", "Thống kê nhiệm vụ", "Nhật ký",
    ]  # fmt: skip
    assert "Dương Thị Mỹ" in texts["Chưa hoàn tất"]
    assert "phải từ 0 đến mức tối đa 40" in texts["Lỗi, lưu ý"]
    assert "không phải hình thức kỷ luật" in texts["Cảnh báo"]
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


# The button at any time


def test_the_button_may_be_pressed_before_anything_came_back(issued: LittleOffice) -> None:
    said = issued.consolidate()

    assert said["files"] == {"waiting": 12}
    assert {row["state"] for row in issued.table("results")} == {"not_submitted"}
    assert issued.table("findings") == []
    assert len(issued.table("missing")) == 12
    events = issued.events()
    issued.consolidate()
    assert issued.events() == events


# Units that report


def test_units_report_too_where_the_office_asks_for_it(made: LittleOffice) -> None:
    path = made.folder / "office.toml"
    path.write_text("unit_reports = true\n", encoding="utf-8")
    made.say("issue", made.week)
    forms = made.share / made.week / "VU1" / "forms"
    form = forms / f"{made.week}_VU1_tap-the.xlsx"
    first = form.read_bytes()
    form.unlink()
    made.say("issue", made.week)
    assert form.read_bytes() == first

    type_into(
        form,
        {
            "ev_self_quality": 35, "ev_self_progress": "35,5", "ev_self_conduct": 18, "ev_status": "Đã nộp",
            "ev_task_name": ["Việc chung"], "ev_task_status": ["Đang thực hiện"],
        },
    )  # fmt: skip
    type_into(
        made.share / made.week / "VP" / "forms" / f"{made.week}_VP_tap-the.xlsx",
        {"ev_self_quality": 45, "ev_status": "Đã nộp"},
    )
    made.consolidate()
    units = {row["code"]: row for row in made.table("units")}

    assert (units["VU1"]["state"], units["VU1"]["self_total"]) == ("submitted", "88.5")
    assert units["VP"]["state"] == "invalid"
    assert {row["state"] for row in made.table("results")} == {"not_submitted"}
    assert made.finding("score.out_of_bounds")["file"].endswith("VP_tap-the.xlsx")


def test_the_briefing_counts_what_it_says(tmp_path: Path) -> None:
    office = make_little_office(tmp_path / "office")
    office.organisation["absences"].append({"code": "VP-02", "kind": "Nghỉ ốm", "from": "2/6/2025", "to": "6/6/2025"})
    office.reorganise()
    office.issue_at(datetime(2025, 6, 2, 8))
    office.hand_in("V1-03", "V1-04", "0012")
    office.fill("P-02")
    office.fill("P-03", self_quality=45)
    office.consolidate_at(datetime(2025, 6, 9, 8))
    office.scored("V1-03", "0012")
    office.consolidate_at(datetime(2025, 6, 9, 9))
    said = office.json("status", office.week)

    assert said["states"] == {"approved": 1, "scored": 1, "submitted": 2, "invalid": 1, "absent": 1, "not_submitted": 6}
    for words in (
        "11 người phải đánh giá",
        "4 người đã nộp phiếu",
        "1 phiếu nộp muộn",
        "7 người chưa nộp",
        "1 người vắng mặt",
        "1 người đã được phê duyệt",
    ):
        assert words in said["briefing"], (words, said["briefing"])
    assert said["briefing"] in office.say("status", office.week, code=1)


# A history too long to be read whole for every run.


def test_a_long_ledger_shows_every_week_as_a_short_one_does(
    two_weeks: LittleOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an index that is made, and with one that is there: warnings over weeks of absence, trends, follow-ups, links."""
    day = date(2025, 6, 30)

    def shown() -> list[object]:
        office = Office.open(two_weeks.folder)
        weeks = [week_view(office, week, day).view for week in sorted(office.history.weeks)]
        return [type(office.ledger), *weeks, *period_of(office)]

    kind, *short = shown()
    every_ledger_is_long(tmp_path, monkeypatch)

    first, second = shown(), shown()

    assert kind is Ledger
    assert first == second == [LongLedger, *short]


def period_of(office: Office) -> list[object]:
    """Everything that a month goes by and says."""
    view, weeks = seen(office, Period.parse("2025-06"))
    rolled = draw_roll_up(office, view.period)
    rows = [(one.week, one.last_seq, one.last_at, one.plain(), one.rows(), [*one.by_who_scored()]) for one in weeks]
    return [
        view,
        *(book.path.read_bytes() for book in (rolled.master, *rolled.beside)),
        view_of(office, view.period),
        [one[:3] for one in rows],
        *(list(each) for one in rows for each in one[4:]),
    ]


def test_weeks_gone_by_are_read_from_what_is_kept_of_them_until_something_is_added(
    two_weeks: LittleOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A correction in an early week, weeks later, is in the next roll-up; and what is kept may be deleted at any time."""
    long = two_weeks.copy(tmp_path / "office")
    every_ledger_is_long(tmp_path, monkeypatch)
    period_of(Office.open(long.folder))
    read: list[str] = []
    real = Path.read_bytes
    with monkeypatch.context() as watched:
        watched.setattr(Path, "read_bytes", lambda path: read.append(path.name) or real(path))
        period_of(Office.open(long.folder))
    ledger = [name for name in read if name.endswith(".jsonl")]

    assert not any("2025-W23" in name for name in ledger)  # of the later ones, what concerns more than their week
    long.week = "2025-W23"
    long.hand_in("P-01")
    long.consolidate()
    told = [period_of(Office.open(long.folder))]
    [index] = tmp_path.glob("*.sqlite")
    assert index.stat().st_mode & 0o077 == 0 or os.name == "nt"
    index.unlink()
    told.append(period_of(Office.open(long.folder)))
    monkeypatch.setattr(long_ledger, "LONG", 2**40)
    told.append(period_of(Office.open(long.folder)))

    assert told[0] == told[1] == told[2]
    assert any(row.code == "P-01" and row.state == "submitted" for row in told[0][6])


def test_rebuilding_goes_by_the_ledger_alone_whatever_somebody_made_of_what_is_kept_beside_it(
    two_weeks: LittleOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = two_weeks.copy(tmp_path / "office")
    every_ledger_is_long(tmp_path, monkeypatch)
    long.say("roll-up", "2025-06")
    truth = period_of(Office.open(long.folder))
    [index] = tmp_path.glob("*.sqlite")
    with closing(sqlite3.connect(index)) as base, base:
        for week, told in base.execute("select week, told from kept where what = 'wide'").fetchall():
            columns = json.loads(zlib.decompress(told))
            columns["state"] = ["absent" for _ in unpacked(columns["code"])]
            altered = zlib.compress(json.dumps(columns).encode())
            base.execute("update kept set told = ? where week = ? and what = 'wide'", (altered, week))

    assert period_of(Office.open(long.folder)) != truth
    long.say("rebuild")
    master = folders.period_path(Office.open(long.folder).settings, long.folder, Period.parse("2025-06"))
    assert master.read_bytes() == truth[1]
    assert period_of(Office.open(long.folder)) == truth


def test_an_office_with_a_long_ledger_goes_on_as_with_a_short_one(
    two_weeks: LittleOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offices = [two_weeks.copy(tmp_path / name / "office") for name in ("short", "long")]
    told = []
    for office in offices:
        office.week = "2025-W26"
        office.say("issue", "2025-W26")
        office.hand_in("P-03", **OPEN_TASKS)
        office.consolidate()
        office.scored("P-03", **BREACH)
        office.consolidate()
        told.append([office.table(name, "2025-W26") for name in ("results", "warnings", "missing", "tasks")])
        office.say("verify")
        every_ledger_is_long(tmp_path, monkeypatch)

    assert told[0] == told[1]
    assert list(tmp_path.glob("*.sqlite"))


def test_looking_back_a_week_says_the_same_as_the_ledger_tells_it_and_as_it_is_kept(
    two_weeks: LittleOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = two_weeks.copy(tmp_path / "office")
    every_ledger_is_long(tmp_path, monkeypatch)
    office = Office.open(long.folder)
    past = past_of(office, office.history, Week.parse("2025-W26"))

    assert [str(week) for week in past.weeks] == ["2025-W25", "2025-W24", "2025-W23"]
    for week in past.weeks:
        told, kept = office.judged(office.history.week(week)), past.one(week)
        assert told is not None
        assert isinstance(kept, WeekFromRows)
        codes = [*told.members, "V1-03", "v1-03", "nobody"]
        assert {code: kept.row(code) for code in codes} == {code: told.row(code) for code in codes}
        assert (kept.row("v1-03") is None, kept.row("nobody") is None) == (False, True)
        assert (kept.week, kept.rules, kept.last_day) == (told.week, told.rules, told.last_day)


def test_of_a_long_ledger_each_earlier_week_is_gone_through_once_for_everybody(
    two_weeks: LittleOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P-03 was last there in week 25, V1-03 in week 24; both have open tasks, and of others nothing was ever heard."""
    long = two_weeks.copy(tmp_path / "office")
    every_ledger_is_long(tmp_path, monkeypatch)
    long.week = "2025-W26"
    week = Week.parse(long.week)

    issuing, made = opened(long)
    issue(issuing, week, Clock(datetime(2025, 6, 23, 8, tzinfo=UTC)))
    issued = dict(made)
    long.hand_in("P-03", appeal="Có", reply="Đề nghị xem lại", **{**OPEN_TASKS, "task_name": [None] * 3})
    long.hand_in("V1-03", appeal="Có", reply="Đề nghị xem lại", **{**OPEN_TASKS, "task_name": [None] * 3})
    counts = []
    for hour in (12, 13):
        consolidating, made = opened(long)
        consolidate(consolidating, week, Clock(datetime(2025, 6, 27, hour, tzinfo=UTC)))
        counts.append({one.number: count for one, count in made.items()})

    assert issued == {Week.parse("2025-W25"): 1, Week.parse("2025-W24"): 1}
    assert sorted(asked.week.number for asked in consolidating.history.appeals.values()) == [24, 25]
    # The first run keeps what is asked of many weeks: whether they are closed, the evidence of the two-week rule. What was booked last week is shown each time.
    assert counts == [{26: 1, 25: 3, 24: 2, 23: 2}, {26: 1, 25: 1}]


def test_which_weeks_are_open_is_known_without_going_through_them_again(
    two_weeks: LittleOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = two_weeks.copy(tmp_path / "office")
    long.say("close", "2025-W23")
    short = Office.open(long.folder)
    every_ledger_is_long(tmp_path, monkeypatch)
    told = []
    for _ in range(2):
        office, made = opened(long)
        told.append(([is_open(office, week) for week in office.history.weeks], sum(made.values())))

    assert [is_open(short, week) for week in sorted(short.history.weeks)] == [False, True, True]
    assert told == [([False, True, True], 3), ([False, True, True], 0)]


@pytest.fixture
def only_new_objects(two_weeks: LittleOffice) -> Iterator[None]:
    """Looking through all objects is quick where those of the tests before are left out."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("only_new_objects")
def test_a_period_is_exported_with_the_view_of_one_week_at_hand_and_the_same_from_a_long_ledger(
    two_weeks: LittleOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_hand: list[int] = []

    def counted(*asked: Any, **more: Any) -> WeekSituation:
        gc.collect()
        at_hand.append(sum(isinstance(one, WeekView) for one in gc.get_objects()))
        return week_view(*asked, **more)

    monkeypatch.setattr(export_step, "week_view", counted)
    told = []
    for name in ("short", "long", "again"):
        done = export_step.export(Office.open(two_weeks.folder), Period.parse("2025-06"), tmp_path / name, MONDAY, True)
        told.append((done.rows, {path.name: path.read_bytes() for path in sorted((tmp_path / name).iterdir())}))
        every_ledger_is_long(tmp_path, monkeypatch)

    assert at_hand == [0] * 9
    assert told[0] == told[1] == told[2]
    tables = {name: data.count(b"\r\n") - 1 for name, data in told[0][1].items() if name.endswith(".csv")}
    assert tables == {f"{name}.csv": count for name, count in told[0][0].items()}
    weekly = [two_weeks.table("warnings", f"2025-W{number}") for number in (23, 24, 25)]
    assert two_weeks.table("warnings", "2025-06") == [row for rows in weekly for row in rows]


def every_ledger_is_long(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, with an index in that folder."""
    monkeypatch.setattr(long_ledger, "LONG", 1)
    monkeypatch.setattr(office_at_work, "cache_folder", lambda: caches)


def opened(little: LittleOffice) -> tuple[Office, Counter[Week]]:
    """An office, and how often each week of its long ledger is made."""
    office, made = Office.open(little.folder), Counter[Week]()
    weeks = office.history.weeks
    assert isinstance(weeks, WeeksByNeed)
    real = weeks._make
    weeks._make = lambda week: made.update([week]) or real(week)
    return office, made
