"""The follow-up register: whom the office talks with under the two-week rule, what came of it, and that nothing typed in it is lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalxl.demo.type_into import fill
from evalxl.domain.weeks import Week
from evalxl.excel.returned.reading import read_workbook
from evalxl.forms import kinds
from evalxl.forms.binding import bind
from evalxl.forms.fields import Who
from evalxl.forms.kind import WorkbookKind
from evalxl.forms.values import serial
from evalxl.steps.consolidate import consolidate
from evalxl.steps.office.office import Clock, Office
from tests.examine_here import examine_here
from tests.little_office import LittleOffice, make_little_office
from tests.mutants.package import give_format
from tests.people import GOOD_FORM, saved_at, type_into
from tests.standard_parts import FIELDS
from tests.steps.test_copies_of_workbooks import MONDAY, at

BREACH = {"breach": "Có", "breach_note": "Vắng họp không báo, Nội quy Điều 5", "comment": "Đã nhắc"}
OPEN_TASKS = {
    "task_name": ["Đề án A", "Báo cáo B"],
    "task_important": ["Có", "Có"],
    "task_status": ["Chưa hoàn thành", "Chưa hoàn thành"],
    "task_product": [None, None],
    "task_evidence": [None, None],
}
TALKED = {
    "talk_date": date(2025, 6, 17),
    "took_part": "Đại diện Văn phòng, Vụ trưởng, cán bộ",
    "causes": "Chưa chủ động phối hợp",
    "measures": "Báo cáo tiến độ hằng ngày",
    "deadline": date(2025, 6, 27),
    "state": "Đã trao đổi",
}
OPEN = [entry.name for entry in FIELDS[kinds.FOLLOW_UP] if entry.table == "follow_ups" and entry.who is Who.PERSON]
DONE = {**TALKED, "outcome": "Đã hoàn thành hai việc còn nợ", "state": "Đã xong"}


class Desk(LittleOffice):
    """The office at its register. The button is pressed on the Tuesday after the week, unless another day is said."""

    def register(self, week: str | None = None) -> Path:
        return self.share / (week or self.week) / "office" / f"{week or self.week}_theo-doi.xlsx"

    def rows(self, week: str | None = None) -> dict[str, dict[str, Any]]:
        """The rows of a week's register, by person, in their order; the last of several of one person."""
        event = next(
            event
            for event in reversed(self.log("issued"))
            if (event["workbook"], event["week"]) == ("follow_up", week or self.week)
        )
        names = [
            entry.name for entry in FIELDS[kinds.FOLLOW_UP] if entry.table == "follow_ups" and entry.who is not Who.LIVE
        ]
        columns = self.columns(self.register(week), kinds.FOLLOW_UP, names)
        rows = [
            {name.removeprefix("ev_follow_"): value for name, value in zip(names, row, strict=True)}
            for row in zip(*columns, strict=True)
            if row[0]
        ]
        office = Office.open(self.folder)
        issue = office.history.week(Week.parse(event["week"])).issues()[event["form_id"]]
        assert len(rows) == len(office.event_of(issue)["values"]["ev_follow_person"])
        return {row["person"]: row for row in rows}

    def columns(self, path: Path, kind: WorkbookKind, names: Sequence[str]) -> list[list[str]]:
        """What stands in the cells of some names; dates as spreadsheets keep them."""
        book = read_workbook(path.read_bytes())
        layout, _ = bind(kind, book.names)
        places = [layout[name] for name in names]
        cells = [[book.cell(place.sheet, place.at) for place in column] for column in places]
        return [[cell.raw if cell else "" for cell in column] for column in cells]

    def type_in(self, path: Path, kind: WorkbookKind, typed: dict[str, Any], to: Path | None = None) -> Path:
        (to or path).write_bytes(fill(path.read_bytes(), kind, typed))
        return to or path

    def fill(self, code: str, to: Path | None = None, **changed: Any) -> Path:
        typed = {**GOOD_FORM, **{f"ev_{name}": value for name, value in changed.items()}}
        return self.type_in(self.form(code), kinds.FORM, typed, to)

    def score(self, manager: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
        (people,) = self.columns(self.scoring(manager), kinds.SCORING, ["ev_row_person"])
        names = {name for typed in rows.values() for name in typed}
        columns = {f"ev_score_{name}": [rows.get(code, {}).get(name) for code in people] for name in names}
        self.type_in(self.scoring(manager), kinds.SCORING, columns)

    def write(self, code: str, to: Path | None = None, **typed: Any) -> None:
        """The office types into a person's row."""
        at = list(self.rows()).index(code)
        columns = {f"ev_follow_{name}": [*[None] * at, value] for name, value in typed.items()}
        self.type_in(self.register(), kinds.FOLLOW_UP, columns, to)

    def press(self, day: date | None = None, week: str | None = None) -> Any:
        after = Week.parse(week or self.week).after().monday
        moment = day or after + timedelta(days=1)
        office = Office.open(self.folder)
        office.examiner = examine_here
        now = datetime(moment.year, moment.month, moment.day, 17, tzinfo=office.settings.zone)
        return consolidate(office, Week.parse(week or self.week), Clock(now, "văn phòng"))

    def bad_week(self, week: str, *codes: str, breach: Sequence[str] | None = None, carried: bool = True) -> None:
        """People do not complete two important tasks; those in `breach` (all) also kept rules badly."""
        self.week = week
        monday = Week.parse(week).monday
        self.issue_at(datetime(monday.year, monday.month, monday.day, 8))
        names = {"task_name": [None, None], "task_important": [None, None]} if carried else {}
        self.hand_in(*codes, **{**OPEN_TASKS, **names})
        self.press(Week.parse(week).sunday)
        for code in codes:
            self.scored(code, **(BREACH if breach is None or code in breach else {}))
        self.press()

    def good_week(self, week: str, *codes: str) -> None:
        self.week = week
        monday = Week.parse(week).monday
        self.issue_at(datetime(monday.year, monday.month, monday.day, 8))
        self.hand_in(*codes, task_name=[None, None])
        self.press()

    def log(self, kind: str) -> list[dict[str, Any]]:
        lines = [
            line for path in sorted((self.folder / "ledger").glob("*.jsonl")) for line in path.open(encoding="utf-8")
        ]
        return [event for event in map(json.loads, lines) if event["kind"] == kind]

    def kinds(self, found: Any) -> list[tuple[str, str]]:
        return [(one.kind, one.cell) for one in found.findings if one.kind.startswith("follow_up.")]


def desk(folder: Path) -> Desk:
    made = make_little_office(folder)
    office = Desk(made.folder)
    office.organisation = made.organisation
    return office


@pytest.fixture(scope="module")
def _warned(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """V1-03 is to be talked with after 2025-W24; V1-04 is watched, for open tasks without a breach."""
    office = desk(tmp_path_factory.mktemp("warned") / "office")
    office.bad_week("2025-W23", "V1-03", "V1-04", breach=["V1-03"], carried=False)
    office.bad_week("2025-W24", "V1-03", "V1-04", breach=["V1-03"])
    return office


@pytest.fixture
def warned(_warned: Desk, tmp_path: Path) -> Desk:
    shutil.copytree(_warned.folder, tmp_path / "office")
    office = Desk(tmp_path / "office", "2025-W24")
    office.organisation = _warned.organisation
    return office


def test_a_register_is_made_in_the_week_in_which_there_is_somebody_to_talk_with(warned: Desk) -> None:
    rows = warned.rows()

    assert not warned.register("2025-W23").exists()  # somebody was watched then, and nobody has to talk over that
    assert list(rows) == ["V1-03", "V1-04"]
    assert (rows["V1-03"]["kind"], rows["V1-04"]["kind"]) == ("Cần trao đổi", "Cần theo dõi")
    assert (rows["V1-03"]["first_week"], rows["V1-03"]["second_week"]) == ("2025-W23", "2025-W24")
    assert "Đề án A" in rows["V1-03"]["evidence"]
    assert "Nội quy Điều 5" in rows["V1-03"]["evidence"]
    assert rows["V1-03"]["talk_with"].startswith("Đại diện Văn phòng\n")
    assert rows["V1-03"]["state"] == "Mới"
    assert [(event["subject"], event["degree"]) for event in warned.log("warned")] == [("V1-03", "warning")]


def test_a_second_press_adds_nothing(warned: Desk) -> None:
    before, events = warned.register().read_bytes(), warned.events()

    warned.press()

    assert (warned.register().read_bytes(), warned.events()) == (before, events)


def test_what_the_office_writes_is_booked_and_stays_in_the_register(warned: Desk) -> None:
    warned.write("V1-03", **TALKED)
    found = warned.press()
    row, events = warned.rows()["V1-03"], warned.log("followed")

    assert warned.kinds(found) == []
    assert {name: row[name] for name in TALKED} == {
        name: str(serial(value)) if isinstance(value, date) else value for name, value in TALKED.items()
    }
    assert len(events) == 1
    assert (events[0]["subject"], events[0]["state"], events[0]["deadline"]) == ("V1-03", "talked", "2025-06-27")
    assert events[0]["source"]["cells"]["ev_follow_state"]["file"] == "2025-W24/office/2025-W24_theo-doi.xlsx"
    assert warned.table("warnings")[0] | {"evidence": ""} == {
        "week": "2025-W24", "code": "V1-03", "kind": "warning", "first_week": "2025-W23", "second_week": "2025-W24",
        "evidence": "", "talk_with": "V1-01", "state": "talked",
    }  # fmt: skip


def test_a_register_of_which_only_the_results_of_formulas_are_left_is_read_with_a_note(warned: Desk) -> None:
    warned.write("V1-03", **TALKED)
    type_into(warned.register(), {"ev_book_left": f"Đã xong 0/{len(warned.rows())}"})
    found = warned.press()

    assert [(one.kind, one.sheet) for one in found.findings if one.file.endswith("theo-doi.xlsx")] == [
        ("file.formulas_lost", "Trao đổi")
    ]
    assert [event["state"] for event in warned.log("followed")] == ["talked"]


def test_a_row_that_lacks_something_is_not_booked_and_its_finding_says_which_cell(warned: Desk) -> None:
    warned.write("V1-03", state="Đã trao đổi", outcome="Tiến bộ")
    found = warned.press()
    row = list(warned.rows()).index("V1-03")
    layout, _ = bind(kinds.FOLLOW_UP, read_workbook(warned.register().read_bytes()).names)

    assert sorted(warned.kinds(found)) == [
        (f"follow_up.{name}_missing", layout[f"ev_follow_{name}"][row].cell)
        for name in ("deadline", "measures", "talk_date", "took_part")
    ]
    assert {one.file for one in found.findings if "follow_up." in one.kind} == {
        "2025-W24/office/2025-W24_theo-doi.xlsx"
    }
    assert warned.log("followed") == []
    assert warned.rows()["V1-03"]["outcome"] == "Tiến bộ"  # nothing typed must be typed again


def test_a_deadline_is_a_date(warned: Desk) -> None:
    warned.write("V1-03", **{**TALKED, "deadline": "cuối tháng"})
    found = warned.press()

    assert ("date.unreadable", "V1-03") in [(one.kind, one.code) for one in found.findings]
    assert warned.log("followed") == []

    warned.write("V1-03", deadline="27/6/2025")
    warned.press()

    assert [event["deadline"] for event in warned.log("followed")] == ["2025-06-27"]


def test_an_open_follow_up_is_carried_until_it_is_done(warned: Desk) -> None:
    """The watch, over which nobody wrote anything, is not."""
    warned.write("V1-03", **TALKED)
    warned.press()
    warned.good_week("2025-W25", "V1-03", "V1-04")
    row = warned.rows()["V1-03"]

    assert "V1-04" not in warned.rows()
    assert row["measures"] == TALKED["measures"]
    assert row["standing"] == "Chuyển từ Tuần 24 (từ ngày 09/6/2025 đến ngày 15/6/2025)"
    assert [(one["code"], one["kind"]) for one in warned.table("warnings")] == [
        ("V1-03", "watch")
    ]  # of weeks 24 and 25

    warned.write("V1-03", outcome=DONE["outcome"], state="Đã xong")
    warned.press()

    assert warned.rows()["V1-03"]["state"] == "Đã xong"  # it can still be corrected in this week
    assert [event["state"] for event in warned.log("followed")] == ["talked", "done"]

    warned.good_week("2025-W26", "V1-03", "V1-04")

    assert not warned.register().exists()


def test_what_was_typed_and_not_booked_is_carried_too(warned: Desk) -> None:
    warned.write("V1-03", state="Đã xong", causes="Chưa rõ")
    warned.press()
    warned.good_week("2025-W25", "V1-03")
    found = warned.press()

    assert (warned.rows()["V1-03"]["state"], warned.rows()["V1-03"]["causes"]) == ("Đã xong", "Chưa rõ")
    assert {one.file for one in found.findings if one.kind == "follow_up.outcome_missing"} == {
        "2025-W25/office/2025-W25_theo-doi.xlsx"
    }


def test_a_watch_is_carried_once_the_office_writes_something_about_it(warned: Desk) -> None:
    warned.write("V1-04", causes="Mới nhận việc")
    warned.press()
    warned.good_week("2025-W25", "V1-03", "V1-04")

    assert warned.rows()["V1-04"]["causes"] == "Mới nhận việc"

    warned.write("V1-04", outcome="Đã nắm việc", state="Đã xong")  # nobody had to talk over it
    warned.press()

    assert warned.log("followed")[-1]["state"] == "done"


def test_overdue_follow_ups_stand_on_top(warned: Desk) -> None:
    warned.write("V1-04", **TALKED)
    warned.press()
    warned.good_week("2025-W25", "V1-03", "V1-04")
    assert list(warned.rows()) == ["V1-03", "V1-04"]
    warned.press(date(2025, 6, 27))
    assert list(warned.rows()) == ["V1-03", "V1-04"]  # on its last day it is not overdue

    warned.press(date(2025, 6, 28))

    assert list(warned.rows()) == ["V1-04", "V1-03"]
    assert warned.rows()["V1-04"]["standing"].startswith("Quá hạn 27/6/2025\n")


def test_the_master_shows_open_follow_ups_with_state_and_deadline_overdue_ones_first(warned: Desk) -> None:
    warned.write("V1-04", **TALKED)
    warned.press()
    warned.good_week("2025-W25", "V1-03", "V1-04")
    warned.press(date(2025, 6, 28))
    book = openpyxl.load_workbook(warned.master())
    rows = [[cell.value for cell in row] for row in book["Cảnh báo"].iter_rows()]
    (code,) = {column for row in rows for column, words in enumerate(row) if words == "Mã cán bộ"}
    people = [row for row in rows if row[code] in ("V1-03", "V1-04")]

    assert [(row[code], row[1]) for row in people] == [
        ("V1-04", "Cần theo dõi"),
        ("V1-03", "Cần trao đổi"),
        ("V1-03", "Cần theo dõi"),  # of weeks 24 and 25, this one
    ]
    assert "Quá hạn" in str(people[0])
    assert datetime(2025, 6, 27) in people[0]
    assert "Mới\n(chuyển từ tuần trước)" in people[1]
    assert "quá hạn" in warned.say("status", warned.week, code=None)


def test_a_warning_that_falls_away_leaves_the_register_unless_the_office_wrote_something(warned: Desk) -> None:
    corrected = {"breach": "Không", "breach_note": "", "comment": ""}
    warned.scored("V1-03", **corrected)
    warned.press()

    assert warned.rows()["V1-03"]["kind"] == "Cần theo dõi"  # the tasks are still open
    warned.good_week("2025-W25", "V1-03", "V1-04")
    assert not warned.register().exists()

    warned.week = "2025-W24"
    warned.scored("V1-03", **BREACH)
    warned.press(date(2025, 6, 18))
    warned.write("V1-03", **TALKED)
    warned.press(date(2025, 6, 18))
    warned.scored("V1-03", **corrected)
    warned.press(date(2025, 6, 18))

    assert warned.rows()["V1-03"]["measures"] == TALKED["measures"]
    warned.press(date(2025, 6, 24), "2025-W25")
    assert warned.rows("2025-W25")["V1-03"]["measures"] == TALKED["measures"]


def test_a_follow_up_goes_with_the_person_to_another_unit(warned: Desk) -> None:
    """The head of the unit where the person is now talks with the person."""
    warned.person("V1-03")["to"] = "15/6/2025"
    warned.organisation["people"].append({**warned.person("V1-03"), "unit": "P1", "from": "16/6/2025", "to": None})
    warned.reorganise()
    warned.good_week("2025-W25", "V1-03")
    row = warned.rows()["V1-03"]

    assert row["unit"] == "Phòng Một"
    assert row["talk_with"] == "Đại diện Văn phòng\nĐỗ Thị Lụa"


def test_two_copies_of_the_register_are_both_read(warned: Desk) -> None:
    """Somebody worked on a copy at home while the share's was refreshed: only what was typed in it counts, and nothing is lost."""
    home = warned.folder / "bản ở nhà.xlsx"
    warned.write("V1-03", to=home, causes="Viết ở nhà")
    warned.write("V1-03", talk_date=date(2025, 6, 17), state="Đã hẹn trao đổi")
    warned.press()
    home.rename(warned.register().with_name("bản ở nhà.xlsx"))
    warned.press()

    assert (warned.rows()["V1-03"]["causes"], warned.rows()["V1-03"]["state"]) == ("Viết ở nhà", "Đã hẹn trao đổi")


def test_an_earlier_copy_of_the_register_takes_nothing_back(warned: Desk) -> None:
    """A sync client lays it beside the register, or over it, after the talk was booked."""
    stale = warned.register().with_name("theo dõi (máy cũ).xlsx")
    warned.write("V1-03", to=stale, state="Đã hẹn trao đổi", talk_date=date(2025, 6, 16), causes="Chưa rõ")
    early = at(stale, 1, 1).read_bytes()
    stale.unlink()
    warned.write("V1-03", **TALKED)
    late = at(warned.register(), 2, 2).read_bytes()
    warned.press()
    for path in (stale, warned.register()):
        path.write_bytes(early)
        saved_at(path, MONDAY + timedelta(hours=1))
        found = warned.press()
        kept = [one for one in found.findings if one.kind == "row.kept"]

        assert [event["state"] for event in warned.log("followed")] == ["talked"]
        assert [(one.code, one.level) for one in kept] == [("V1-03", "warning")]
        assert "16/06/2025 → 17/06/2025" in kept[0].message()
        assert warned.register().name in kept[0].remedy()
        if path == stale:
            stale.unlink()
            assert "row.kept" not in [one.kind for one in warned.press().findings]
    warned.register().write_bytes(late)
    saved_at(warned.register(), MONDAY + timedelta(hours=2))
    warned.press()

    assert [event["state"] for event in warned.log("followed")] == ["talked"]
    assert warned.rows()["V1-03"]["causes"] == TALKED["causes"]
    warned.say("verify")


def test_an_earlier_weeks_register_that_is_saved_again_takes_nothing_back(warned: Desk) -> None:
    """What was open in it stands in the next week's register, where the office went on."""
    warned.write("V1-03", state="Đã hẹn trao đổi", talk_date=date(2025, 6, 16))
    warned.press()
    earlier = warned.register()
    warned.good_week("2025-W25", "V1-03")
    warned.write("V1-03", **TALKED)
    warned.press()
    type_into(earlier, {"ev_follow_state": [*[None] * list(warned.rows("2025-W24")).index("V1-03"), "Đã hẹn trao đổi"]})
    warned.press(week="2025-W24")
    warned.press()

    assert [event["state"] for event in warned.log("followed")] == ["planned", "talked"]
    assert warned.rows()["V1-03"]["state"] == "Đã trao đổi"
    assert warned.rows()["V1-03"]["talk_date"] == str(serial(TALKED["talk_date"]))


def test_two_copies_of_the_register_of_which_nobody_can_tell_book_nothing_until_one_is_removed(warned: Desk) -> None:
    copy = warned.register().with_name("theo dõi (1).xlsx")
    warned.write("V1-03", to=copy, **{**TALKED, "measures": "Báo cáo hằng tuần"})
    warned.write("V1-03", **TALKED)
    at(copy, 1, 2), at(warned.register(), 2, 1)
    found = warned.press()

    assert warned.log("followed") == []
    rivals = [one for one in found.findings if one.kind == "row.rivals"]
    assert {(one.code, one.level, Path(one.file).name) for one in rivals} == {
        ("V1-03", "error", copy.name),
        ("V1-03", "error", warned.register().name),
    }
    assert warned.rows()["V1-03"]["measures"] == TALKED["measures"]  # nothing typed is taken out

    copy.unlink()
    warned.press()

    assert [(event["state"], event["measures"]) for event in warned.log("followed")] == [("talked", TALKED["measures"])]


@pytest.mark.parametrize(
    ("name", "code", "shown"),
    [
        ("talk_date", '"16/06/2025"', "16/06/2025"),
        ("deadline", 'd/m/"2026"', "27/6/2026"),
        ("deadline", "0%", "4583500%"),
        ("deadline", '"2"0', "245835"),
        ("state", ';;;"Đã xong"', "Đã xong"),
        ("state", ";;;", ""),
    ],
)
def test_a_cell_of_the_register_that_shows_something_else_is_not_booked(
    warned: Desk, name: str, code: str, shown: str
) -> None:
    warned.write("V1-03", **TALKED)
    give_format(warned.register(), f"ev_follow_{name}", list(warned.rows()).index("V1-03"), code)
    found = warned.press()
    told = [one for one in found.findings if one.kind == "cell.shown_otherwise"]

    assert [(one.code, one.found) for one in told] == [("V1-03", shown)]
    assert warned.log("followed") == []

    warned.write("V1-03", **{name: TALKED[name]})  # typed again, as the remedy says
    warned.press()
    assert [event["state"] for event in warned.log("followed")] == ["talked"]


@pytest.mark.parametrize("name", ["person", "name", "kind", "second_week", "evidence"])
def test_a_locked_cell_of_the_register_that_shows_something_else_refuses_it(warned: Desk, name: str) -> None:
    warned.write("V1-03", **TALKED)
    give_format(warned.register(), f"ev_follow_{name}", list(warned.rows()).index("V1-03"), ';;;"Cần theo dõi"')
    found = warned.press()

    assert [one.found for one in found.findings if one.kind == "cell.locked_shown_otherwise"] == ["Cần theo dõi"]
    assert warned.log("followed") == []


def test_a_changed_locked_cell_refuses_the_register(warned: Desk) -> None:
    at = list(warned.rows()).index("V1-03")
    type_into(warned.register(), {"ev_follow_kind": [*[None] * at, "Cần theo dõi"]})
    found = warned.press()

    assert "cell.locked_changed" in [one.kind for one in found.findings]
    assert warned.log("followed") == []


def test_the_register_lies_where_only_the_office_reads(tmp_path: Path) -> None:
    office = desk(tmp_path / "office")
    (office.folder / "office.toml").write_text('office_folder = "van-phong"\n', encoding="utf-8")
    (office.folder / "van-phong").mkdir()
    office.bad_week("2025-W23", "V1-03", carried=False)
    office.bad_week("2025-W24", "V1-03")
    private = office.folder / "van-phong" / "2025-W24" / "office" / "2025-W24_theo-doi.xlsx"

    assert private.exists()
    assert not list(office.share.rglob("*_theo-doi.xlsx"))
    office.type_in(private, kinds.FOLLOW_UP, {"ev_follow_state": ["Đã xong"]})
    office.press()

    unit = openpyxl.load_workbook(office.master("VU1", "2025-W24"))
    texts = " ".join(str(cell.value) for sheet in unit for row in sheet.iter_rows() for cell in row if cell.value)
    assert "follow_up.outcome_missing" in office.findings("V1-03")
    assert "kết quả thực hiện" not in texts


def test_the_rule_and_the_register_go_over_the_year_end_a_week_off_and_a_move(tmp_path: Path) -> None:
    """The last week of 2026 and the second of 2027, in another unit; the week between has no working day."""
    office = desk(tmp_path / "office")
    person = office.person("V1-03")
    office.organisation["people"].append({**person, "unit": "P1", "from": "4/1/2027"})
    person["to"] = "3/1/2027"
    days = ("4/1/2027", "5/1/2027", "6/1/2027", "7/1/2027", "8/1/2027")
    office.organisation["days_off"] += [{"date": day, "kind": "Nghỉ lễ, Tết"} for day in days]
    office.reorganise()
    office.bad_week("2026-W53", "V1-03", carried=False)
    office.bad_week("2027-W02", "V1-03")
    row = office.rows()["V1-03"]

    assert (row["first_week"], row["second_week"], row["kind"]) == ("2026-W53", "2027-W02", "Cần trao đổi")
    assert "Tuần 1 (từ ngày 04/01/2027 đến ngày 10/01/2027): không tính (tuần nghỉ)." in row["evidence"].replace(
        ":\n– ", ": "
    )
    assert (row["unit"], row["talk_with"]) == ("Phòng Một", "Đại diện Văn phòng\nĐỗ Thị Lụa")

    office.good_week("2027-W03", "V1-03")

    assert office.rows()["V1-03"]["second_week"] == "2027-W02"


def test_after_a_restore_what_the_office_wrote_of_a_talk_is_booked_again(warned: Desk) -> None:
    """What was booked, and what was typed and not read yet; and the register goes on in its place."""
    warned.write("V1-03", **TALKED)
    warned.press()
    warned.write("V1-04", causes="Chờ ý kiến đơn vị khác")
    before = warned.columns(warned.register(), kinds.FOLLOW_UP, OPEN)
    warnings = warned.table("warnings")

    for words in (told := warned.lose_everything()):
        warned.say(*words.split(), code=None)

    assert told == [f"{do} {week}" for week in ("2025-W23", "2025-W24") for do in ("issue", "consolidate")]
    assert warned.columns(warned.register(), kinds.FOLLOW_UP, OPEN) == before
    assert [(one["subject"], one["state"]) for one in warned.log("followed")] == [("V1-03", "talked"), ("V1-04", "new")]
    assert warned.table("warnings") == warnings
    assert [path.name for path in warned.register().parent.glob("*theo-doi*")] == [warned.register().name]
    assert {one["kind"] for one in warned.table("findings") if one["level"] == "error"} == set()
    assert "evalxl issue" not in warned.say("check", code=None)
    warned.say("verify")


def test_after_a_restore_a_row_of_the_register_that_shows_another_name_is_decided_again(warned: Desk) -> None:
    """Whoever swaps two names in the file does not swap what was agreed with them."""
    warned.write("V1-03", **TALKED)
    at = list(warned.rows()).index("V1-03")
    type_into(warned.register(), {"ev_follow_name": [*[None] * at, "Người khác"]})

    for words in warned.lose_everything():
        warned.say(*words.split(), code=None)

    assert [one["state"] for one in warned.log("followed")] == ["new"]  # what was written is kept, and decides nothing
    assert warned.finding("row.decide_again")["code"] == "V1-03"
    assert (warned.rows()["V1-03"]["measures"], warned.rows()["V1-03"]["state"]) == (TALKED["measures"], "Mới")

    warned.write("V1-03", state="Đã trao đổi")
    warned.say("consolidate", warned.week, code=None)
    assert [one["state"] for one in warned.log("followed")] == ["new", "talked"]
    assert "row.decide_again" not in warned.findings()
