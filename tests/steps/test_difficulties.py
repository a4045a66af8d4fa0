"""Difficulties and proposals: what people tell the office stands in its register until it is answered, and the answer comes back to who raised it."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from evalxl.domain.weeks import Week
from evalxl.forms import kinds
from evalxl.forms.fields import Who
from tests.little_office import opened
from tests.people import cells
from tests.standard_parts import FIELDS
from tests.steps.test_follow_ups import Desk, desk

SLOW_NET = "Mạng nội bộ chậm vào đầu giờ sáng."
PRINTER = "Đề nghị trang bị thêm một máy in."


class Counter(Desk):
    """The office at the later sheets of its register."""

    def table_of(self, table: str, week: str | None = None) -> list[dict[str, Any]]:
        names = [entry.name for entry in FIELDS[kinds.FOLLOW_UP] if entry.table == table and entry.who is not Who.LIVE]
        columns = self.columns(self.register(week), kinds.FOLLOW_UP, names)
        rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True) if row[0]]
        return [{name.split("_", 2)[2]: value for name, value in row.items()} for row in rows]

    def type_row(self, table: str, at: int, week: str | None = None, **typed: Any) -> None:
        prefix = {"difficulties": "ev_difficulty_", "reviews": "ev_review_"}[table]
        columns = {f"{prefix}{name}": [*[None] * at, value] for name, value in typed.items()}
        self.type_in(self.register(week), kinds.FOLLOW_UP, columns)

    def week_of(self, week: str, **forms: dict[str, Any]) -> None:
        """A week in which people hand in good forms, each with something of their own, and the button is pressed on its Sunday."""
        self.week = week
        monday = Week.parse(week).monday
        self.issue_at(datetime(monday.year, monday.month, monday.day, 8))
        for code, more in forms.items():
            self.hand_in(code.replace("_", "-"), **more)
        self.press(Week.parse(week).sunday)

    def receipt_of(self, code: str) -> str:
        """A person's receipt, in the person's own folder or not."""
        path = next((self.share / self.week).rglob(f"receipts/**/{self.week}_{code}.txt"))
        return path.read_text(encoding="utf-8-sig")

    def sheet(self, name: str, week: str | None = None) -> list[list[Any]]:
        """The rows of a sheet of the office master."""
        book = opened(self.master(week=week))
        return [[cell.value for cell in row] for row in book[name].iter_rows()]


def counter(folder: Path) -> Counter:
    made = desk(folder)
    office = Counter(made.folder)
    office.organisation = made.organisation
    return office


@pytest.fixture(scope="module")
def _told(tmp_path_factory: pytest.TempPathFactory) -> Counter:
    office = counter(tmp_path_factory.mktemp("told") / "office")
    office.week_of(
        "2025-W23",
        V1_03={"difficulties": SLOW_NET},
        P_02={"proposals": PRINTER, "difficulties": "Không có."},
        V1_04={},
    )
    return office


@pytest.fixture
def told(_told: Counter, tmp_path: Path) -> Counter:
    shutil.copytree(_told.folder, tmp_path / "office")
    office = Counter(tmp_path / "office")
    office.organisation = _told.organisation
    return office


def test_what_units_tell_the_office_stands_in_its_register_and_that_there_is_nothing_does_not(told: Counter) -> None:
    rows = told.table_of("difficulties")

    assert [(row["unit"], row["person"], row["kind"], row["text"], row["state"]) for row in rows] == [
        ("Vụ Một", "V1-03", "Khó khăn, vướng mắc", SLOW_NET, "Mới"),
        ("Phòng Một", "P-02", "Kiến nghị, đề xuất", PRINTER, "Mới"),
    ]
    assert rows[0]["weeks"] == Week.parse("2025-W23").shown()


def test_the_answer_is_booked_shown_in_the_master_and_told_to_who_raised_it(told: Counter) -> None:
    told.type_row("difficulties", 0, state="Đã trả lời", answer="Đã nâng cấp đường truyền từ 09/6.")
    found = told.press()
    row = next(row for row in told.sheet("Khó khăn, kiến nghị") if SLOW_NET in row)

    assert [one.kind for one in found.findings if one.kind.startswith("difficulty.")] == []
    assert [(event["subject"], event["state"]) for event in told.log("answered")] == [("V1-03", "answered")]
    assert "Đã trả lời" in row
    assert "Đã nâng cấp đường truyền từ 09/6." in row
    assert "Đã nâng cấp đường truyền từ 09/6." in told.receipt("V1-03")
    assert "đường truyền" not in told.receipt("V1-04")

    events = told.events()
    told.press()

    assert told.events() == events


def test_the_state_stands_in_the_book_of_the_period_and_in_the_export(told: Counter) -> None:
    told.type_row("difficulties", 0, state="Đã trả lời", answer="Đã nâng cấp đường truyền từ 09/6.")
    told.press()
    told.say("roll-up", "2025-06")
    sheet = opened(told.share / "periods" / "2025-06_tong-hop.xlsx")["Khó khăn, kiến nghị"]
    rows = [[cell for cell in row if cell] for row in sheet.iter_rows(values_only=True)]
    exported = {row["code"]: (row["state"], row["answer"]) for row in told.table("difficulties", "2025-06")}
    w23 = Week.parse("2025-W23").shown()

    assert [2, "Phòng Một", told.person("P-02")["name"], "Kiến nghị, đề xuất", PRINTER, w23, "Mới", "P-02"] in rows
    assert next(row for row in rows if SLOW_NET in row)[-3:] == [
        *("Đã trả lời", "Đã nâng cấp đường truyền từ 09/6.", "V1-03")
    ]
    assert exported == {"V1-03": ("answered", "Đã nâng cấp đường truyền từ 09/6."), "P-02": ("new", "")}
    assert told.run("verify") == 0


def test_a_closed_period_keeps_the_state_that_it_had_then(told: Counter) -> None:
    told.say("close", "2025-06", "--yes")
    told.week_of("2025-W27", V1_03={})
    told.type_row("difficulties", 0, state="Đã trả lời", answer="Đã nâng cấp đường truyền")
    told.press()

    assert {row["state"] for row in told.table("difficulties", "2025-06")} == {"new"}


def test_passed_on_needs_to_whom_and_nothing_typed_is_lost(told: Counter) -> None:
    told.type_row("difficulties", 1, state="Đã chuyển", answer="Đang tổng hợp nhu cầu")
    found = told.press()

    assert [(one.kind, one.code) for one in found.findings if one.kind.startswith("difficulty.")] == [
        ("difficulty.passed_to_missing", "P-02")
    ]
    assert told.log("answered") == []
    assert told.table_of("difficulties")[1]["answer"] == "Đang tổng hợp nhu cầu"

    told.type_row("difficulties", 1, passed_to="Phòng Tài vụ")
    told.press()

    assert [(event["state"], event["passed_to"]) for event in told.log("answered")] == [("passed_on", "Phòng Tài vụ")]


def test_what_is_not_answered_is_carried_and_the_same_words_are_the_same_difficulty(told: Counter) -> None:
    told.type_row("difficulties", 0, state="Đã chuyển", passed_to="Trung tâm Công nghệ")
    told.press()
    told.week_of("2025-W24", V1_03={"difficulties": f"  {SLOW_NET.upper()} "}, P_02={})
    rows = told.table_of("difficulties")

    assert [(row["person"], row["state"]) for row in rows] == [("V1-03", "Đã chuyển"), ("P-02", "Mới")]
    assert rows[0]["weeks"].split("\n") == [Week.parse(week).shown() for week in ("2025-W23", "2025-W24")]
    assert rows[1]["weeks"] == Week.parse("2025-W23").shown()

    told.type_row("difficulties", 0, state="Đã trả lời", answer="Đã khắc phục")
    told.press()
    told.week_of("2025-W25", V1_03={})

    assert [row["person"] for row in told.table_of("difficulties")] == [
        "P-02"
    ]  # what is answered is carried no further


def test_a_form_that_says_so_no_more_takes_the_difficulty_back(told: Counter) -> None:
    told.hand_in("V1-03", difficulties="")
    told.press()

    assert [row["person"] for row in told.table_of("difficulties")] == ["P-02"]


def test_a_unit_and_a_person_of_one_code_tell_of_different_difficulties(told: Counter) -> None:
    from evalxl.domain.evaluation.difficulties import key_of
    from evalxl.domain.names import subject_of_unit

    assert key_of("VP", "difficulty", SLOW_NET) != key_of(subject_of_unit("VP"), "difficulty", SLOW_NET)
    assert key_of("VP", "difficulty", SLOW_NET) != key_of("VP", "proposal", SLOW_NET)
    assert key_of("VP", "difficulty", SLOW_NET) == key_of("vp", "difficulty", SLOW_NET.upper())


def test_a_register_of_an_own_template_without_the_later_sheets_goes_on_working(told: Counter) -> None:
    from io import BytesIO

    import openpyxl

    from evalxl.records.package_files import shipped

    own = openpyxl.load_workbook(shipped("templates") / "follow_up.xlsx")
    for title in ("Khó khăn, kiến nghị", "Xem xét lại"):
        del own[title]
    for name in [name for name in own.defined_names if name.startswith(("ev_difficulty_", "ev_review_"))]:
        del own.defined_names[name]
    saved = BytesIO()
    own.save(saved)
    (told.folder / "templates").mkdir(exist_ok=True)
    (told.folder / "templates" / "follow_up.xlsx").write_bytes(saved.getvalue())
    told.press()

    book = openpyxl.load_workbook(told.register())
    assert "Khó khăn, kiến nghị" not in book.sheetnames
    assert cells(book, "ev_book_week")[0].value == "2025-W23"
