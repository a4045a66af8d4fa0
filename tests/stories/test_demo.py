"""The story of `evalxl demo`: an office that an outsider can look at, two weeks old, with everything in it that happens in an office."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalxl.cli.main import main
from evalxl.demo.cast import COPIES, cast_of, troubles_of
from evalxl.demo.run import periods_of
from evalxl.domain.organisation.authority import roster
from evalxl.domain.weeks import Week
from evalxl.records.rulebooks import find_rulebook
from evalxl.steps.admin.sample_organisation import sample_organisation

CLOSED, OPEN = "2025-W23", "2025-W24"


@dataclass
class Demo:
    """A demo that was run, and what it printed."""

    folder: Path
    printed: str
    exports: Path

    @property
    def office(self) -> Path:
        return self.folder / "office"

    def run(self, *words: str) -> int:
        return said(*words, "--office", str(self.office))[0]

    def table(self, name: str, week: str) -> list[dict[str, str]]:
        to = self.exports / week
        if not to.is_dir():
            assert self.run("export", week, "--to", str(to)) == 0
        with (to / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def column(self, name: str, week: str, column: str) -> Counter[str]:
        return Counter(row[column] for row in self.table(name, week))

    def flags(self, week: str) -> Counter[str]:
        return Counter(flag for row in self.table("results", week) for flag in row["flags"].split())

    def events(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self._events() if event["kind"] == kind]

    def _events(self) -> Iterator[dict[str, Any]]:
        for path in sorted((self.office / "ledger").glob("*.jsonl")):
            yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def said(*words: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(list(words))
    return code, out.getvalue(), err.getvalue()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    at = tmp_path_factory.mktemp("demo")
    code, printed, slips = said("demo", str(at / "thử nghiệm"), "--weeks", "2")
    assert (code, slips) == (0, "")
    return Demo(at / "thử nghiệm", printed, at / "exports")


def test_what_was_drawn_while_the_office_went_on_is_what_the_ledger_says(demo: Demo) -> None:
    def drawn() -> dict[str, str]:
        results = [path for folder in ("results", "receipts") for path in demo.office.rglob(f"{CLOSED}/*/{folder}/*")]
        masters = [*demo.office.rglob("*_tong-hop.xlsx"), *demo.office.rglob("periods/2025-06*.xlsx")]
        return {str(path): sha256(path.read_bytes()).hexdigest() for path in (*results, *masters)}

    before = drawn()
    assert len(before) > 130

    assert demo.run("rebuild") == 0

    assert drawn() == before


def test_it_says_what_was_made_and_where_to_look(demo: Demo) -> None:
    paths = [line.partition(": ")[2] for line in demo.printed.splitlines() if ".xlsx" in line or ".txt" in line]

    assert "Ban Công tác Minh Họa" in demo.printed
    assert "Tuần 23 (từ ngày 02/6/2025 đến ngày 08/6/2025) · đã chốt" in demo.printed
    assert "Tuần 24 (từ ngày 09/6/2025 đến ngày 15/6/2025) · đang làm" in demo.printed
    assert len(paths) == 10
    assert [path for path in paths if not Path(path).is_file()] == []


def test_the_month_is_rolled_up_and_everybody_has_a_page_of_the_closed_week(demo: Demo) -> None:
    shared = demo.office / "shared"

    names = {path.name for path in (shared / "periods").glob("*.xlsx")}
    to_enter = {name for name in names if name.endswith("_tieu-chi.xlsx")}

    assert names - to_enter == {"2025-06_tong-hop.xlsx", "2025-06_statistics.xlsx"}
    assert to_enter
    signed = [*demo.column("results", CLOSED, "code"), *demo.column("units", CLOSED, "code")]
    assert len(list((shared / CLOSED).glob("*/results/*.xlsx"))) == len(signed)


@pytest.mark.parametrize(
    ("weeks", "periods"),
    [
        (3, ["2025-06"]),
        (8, ["2025-06", "2025-Q2", "2025-07", "2025-Q3"]),
    ],
)
def test_more_weeks_are_rolled_up_into_longer_periods(weeks: int, periods: list[str]) -> None:
    played = [Week.parse("2025-W23").after(number) for number in range(weeks)]

    assert [str(period) for period in periods_of(played)] == periods


def test_the_closed_week_was_finished_and_its_masters_are_there(demo: Demo) -> None:
    week = demo.office / "shared" / CLOSED

    states = demo.column("results", CLOSED, "state")

    assert set(states) == {"approved", "absent", "not_submitted"}
    assert states["not_submitted"] == 1
    assert states["approved"] > 50
    assert (
        openpyxl.load_workbook(week / "office" / f"{CLOSED}_tong-hop.xlsx", read_only=True).sheetnames[0] == "Tổng quan"
    )
    assert {path.parent.name for path in week.glob("*/*_tong-hop.xlsx")} >= {"VP", "TH", "CB", "ĐT", "CN", "CN-DL"}
    assert demo.run("consolidate", CLOSED) == 2


def test_in_the_open_week_somebody_stands_at_every_step(demo: Demo) -> None:
    states = demo.column("results", OPEN, "state")

    assert set(states) == {
        *("not_submitted", "absent", "draft", "submitted", "invalid", "scored", "returned", "approved"),
    }
    assert {row["step"] for row in demo.table("missing", OPEN)} == {"self", "score", "approve"}
    assert demo.run("consolidate", OPEN) == 1


def test_what_happens_in_an_office_happens_in_it(demo: Demo) -> None:
    assert set(demo.flags(CLOSED)) >= {
        "late",
        "repaired",
        "same_person",
        "adjusted",
        "by_paper",
        "no_self",
        "newer_version",
    }
    assert set(demo.flags(OPEN)) >= {
        "late",
        "repaired",
        "same_person",
        "adjusted",
        "by_paper",
        "delegated",
        "provisional",
    }
    assert {event["stage"] for event in demo.events("returned") if event["week"] == CLOSED} == {"score", "approve"}
    assert {event["stage"] for event in demo.events("returned") if event["week"] == OPEN} == {"score", "approve"}
    assert all(event["reason"] for event in demo.events("returned"))


def test_files_are_spoiled_in_every_way_that_people_spoil_them(demo: Demo) -> None:
    kinds = set(demo.column("findings", OPEN, "kind"))

    assert kinds >= {"file.encrypted", "file.old_format", "file.duplicate", "score.out_of_bounds", "form.draft"}
    assert demo.column("findings", OPEN, "level")["error"] == 3


def test_scores_fall_into_all_bands_and_most_into_the_good_one(demo: Demo) -> None:
    bands = demo.column("results", CLOSED, "band")
    del bands[""]

    assert set(bands) == {"excellent", "good", "completed", "not_completed"}
    assert bands.most_common(1)[0][0] == "good"


def test_one_person_is_to_be_talked_with_and_others_are_watched(demo: Demo) -> None:
    warnings = demo.table("warnings", OPEN)
    talk = [row for row in warnings if row["kind"] == "warning"]

    assert Counter(row["kind"] for row in warnings)["watch"] >= 2
    assert [(row["first_week"], row["second_week"]) for row in talk] == [(CLOSED, OPEN)]
    assert talk[0]["evidence"].count("chưa hoàn thành") >= 4
    assert talk[0]["evidence"].count("người đánh giá ghi:") == 2


def test_the_office_has_planned_the_talk(demo: Demo) -> None:
    """The register lies there, with the talk in it; the table of warnings shows its state."""
    (event,) = demo.events("followed")

    assert (event["state"], event["week"]) == ("planned", OPEN)
    assert [row["state"] for row in demo.table("warnings", OPEN) if row["kind"] == "warning"] == ["planned"]
    assert (demo.office / "shared" / OPEN / "office" / f"{OPEN}_theo-doi.xlsx").is_file()


def test_the_forms_of_the_second_week_begin_with_what_was_planned_given_and_left_open(demo: Demo) -> None:
    tasks = demo.table("tasks", OPEN)

    assert {row["origin"] for row in tasks} == {"", "plan", "given", "carried"}
    assert {row["checked_status"] for row in tasks} > {""}
    assert {row["recognised"] for row in tasks} >= {"Có", ""}
    assert len({row["name"] for row in tasks}) > 60


def test_people_do_the_work_of_their_own_position(demo: Demo) -> None:
    positions = {post.code: post.position for post in sample_organisation().posts if post.code != "CB-0009"}
    catalogue = {task.code: task.position for task in sample_organisation().tasks}

    strangers = [
        row["name"]
        for row in demo.table("tasks", CLOSED)
        if row["task_code"] and row["code"] in positions and catalogue[row["task_code"]] != positions[row["code"]]
    ]

    assert strangers == []


def test_the_clock_of_the_demo_goes_forward_and_weeks_are_closed_in_time(demo: Demo) -> None:
    moments = [datetime.fromisoformat(event["at"]) for event in demo._events()]

    assert moments == sorted(moments)
    assert [event["at"][:10] for event in demo.events("closed")] == ["2025-06-10"]
    late = [event for event in demo.events("received") if event.get("late")]
    assert late
    assert all(date.fromisoformat(event["mtime"][:10]).weekday() == 0 for event in late)


def test_the_units_report_too_and_one_far_below_its_people_is_pointed_out(demo: Demo) -> None:
    for week in (CLOSED, OPEN):
        units = {row["code"]: row for row in demo.table("units", week)}
        apart = [row["code"] for row in demo.table("findings", week) if row["kind"] == "collective.far_below"]

        assert set(units) == {unit.code for unit in sample_organisation().units} - {"LĐ"}
        assert apart == ["unit:ĐT"]
        assert all(row["people_mean"] for row in units.values())
    assert {row["state"] for row in demo.table("units", CLOSED)} == {"approved"}


def test_one_manager_leaves_the_self_scores_as_they_are_and_the_others_think_for_themselves(demo: Demo) -> None:
    scorers = {event["subject"]: event["by_code"] for event in demo.events("scored") if event["week"] == CLOSED}
    same: dict[bool, list[bool]] = {True: [], False: []}
    for row in demo.table("results", CLOSED):
        if row["self_total"] and row["scored_total"]:
            parts = [(row[f"self_{part}"], row[f"scored_{part}"]) for part in ("quality", "progress", "conduct")]
            same[scorers[row["code"]] == COPIES].append(all(own == given for own, given in parts))

    assert sum(same[True]) > 0.7 * len(same[True])
    assert sum(same[False]) < 0.3 * len(same[False])


def test_people_ask_for_a_review_and_the_office_answers_what_they_told(demo: Demo) -> None:
    assert {event["week"] for event in demo.events("appealed")} == {OPEN}
    states: dict[str, list[str]] = {}
    for event in demo.events("answered"):
        states.setdefault(event["key"], []).append(event["state"])

    assert {tuple(each) for each in states.values()} == {("answered",), ("passed_on",), ("passed_on", "answered")}


def test_managers_entered_something_for_the_month_and_the_second_roll_up_shows_it(demo: Demo) -> None:
    entered = demo.events("entered")
    book = openpyxl.load_workbook(demo.office / "periods" / "2025-06_signals.xlsx")
    said = {str(cell) for row in book["Tiềm năng, đào tạo"].iter_rows(values_only=True) for cell in row}

    assert entered
    assert {event["note"] for event in entered} <= said


def test_its_ledger_and_archive_prove_unaltered(demo: Demo) -> None:
    assert demo.run("verify") == 0
    assert demo.run("check") == 0


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> list[Demo]:
    """A demo in English, for programs, of one week; and another one in the same folder, in which somebody had left a file."""
    at, made = tmp_path_factory.mktemp("english"), []
    for turn in ("first", "second"):
        code, printed, _ = said("demo", str(at / "demo"), "--weeks", "1", "--lang", "en", "--json")
        assert code == 0
        office = Demo(at / "demo", printed, at / turn)
        assert not (office.office / "left-over.txt").exists()
        (office.office / "left-over.txt").write_text("x", encoding="utf-8")
        office.table("results", CLOSED)
        made.append(office)
    return made


def test_a_second_demo_replaces_the_first_and_is_its_equal(twice: list[Demo]) -> None:
    one, two = ([demo.table(name, CLOSED) for name in ("results", "tasks", "missing", "warnings")] for demo in twice)

    assert one == two and one[0]


@pytest.mark.parametrize("what", ["report.txt", "office.toml", "office/office.toml"])
def test_a_folder_that_the_demo_has_not_made_is_left_alone(tmp_path: Path, what: str) -> None:
    (tmp_path / "other" / what).parent.mkdir(parents=True)
    (tmp_path / "other" / what).write_text("", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))

    code, printed, slip = said("demo", str(tmp_path / "other"))

    assert (code, printed) == (2, "")
    assert "không phải do evalxl demo tạo ra" in slip
    assert sorted(tmp_path.rglob("*")) == before


def test_an_empty_folder_is_taken_and_a_file_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")

    code, _, slip = said("--lang", "en", "demo", str(tmp_path / "file"))

    assert code == 2
    assert slip.count("\n") == 1


def test_in_english_and_for_programs(twice: list[Demo]) -> None:
    told = json.loads(twice[1].printed)

    assert [(week["week"], week["closed"]) for week in told["weeks"]] == [(CLOSED, False)]
    assert Path(told["look"]["master"]).is_file()
    assert 'language = "en"' in (twice[1].office / "office.toml").read_text(encoding="utf-8")


def test_in_a_year_every_week_has_its_troubles_and_nobody_plays_two_parts() -> None:
    organisation, rules = sample_organisation(), find_rulebook(Path(), "cv-8679-2025")
    rosters = [roster(organisation, Week(2025, 23).after(number), rules)[0] for number in range(52)]
    rosters = [people for people in rosters if people.working_days]
    troubles = troubles_of(rosters)

    assert len(rosters) == 51  # the week of Tết has no working day
    assert all(troubles[number] for number in (0, 1, -2, -1))
    for people, trouble in zip(rosters, troubles, strict=True):
        cast = cast_of(people, trouble, stays_open=True, quiet=False)
        played = [getattr(cast, name) for name in cast.__dataclass_fields__ if not name.startswith("idle")]
        assert len({*played, *trouble}) == len(played) + len(trouble)
        assert all(played)
        assert len(cast.idle_scorers) == 2
        assert cast.idle_approver
