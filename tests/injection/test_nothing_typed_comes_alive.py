"""Nothing that a person types becomes a formula, a link or markup in anything that evalxl writes, and everybody reads what was typed.

Every payload goes through every text field of a form, a unit's form, a scoring and an approval workbook, the register, what is entered for a period, and
the organisation; then everything that was written in two weeks is read again: the next forms with carried and given tasks, refreshed workbooks, masters,
the books of the month, receipts, tables, the screen.
"""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest

from evalxl.demo.type_into import fill
from evalxl.excel.masters import draw
from evalxl.excel.returned.notation import unescape
from evalxl.forms import kinds
from evalxl.forms.kind import WorkbookKind
from evalxl.records.package_files import shipped
from evalxl.steps.office.office import Office
from evalxl.steps.reports.csv_escaping import as_typed
from tests.injection.payloads import EVERY, LONG, PAYLOADS, means
from tests.libreoffice import Office as LibreOffice
from tests.little_office import LittleOffice, person
from tests.little_office import read as read_raw
from tests.samples_of_weeks import week_of

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PARTS_OF_A_SCREEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_SMUGGLED = re.compile("[\x00-\x08\x0b-\x1f\ufffe\ud800-\udfff]")  # what XML cannot hold
_LIVE = tuple("=+-@＝＋－＠")
MONTH = "2025-06"
MOST_REVIEWS = 55  # a register has room for sixty
CODES = [f"N-{n:02d}" for n in range(len(EVERY))]


def typed_into(path: Path, kind: WorkbookKind, values: Mapping[str, Any]) -> None:
    """Type, and smuggle what cannot be typed into the file the way that spreadsheet programs write it."""
    marks: dict[str, str] = {}

    def hidden(value: Any) -> Any:
        if isinstance(value, list):
            return [hidden(one) for one in value]
        if not isinstance(value, str):
            return value
        return _SMUGGLED.sub(lambda found: marks.setdefault(found[0], chr(0xE100 + len(marks))), value)

    data = fill(path.read_bytes(), kind, {name: hidden(value) for name, value in values.items()})
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            text = old.read(info)
            for mark, stand_in in marks.items():
                text = text.replace(stand_in.encode(), f"_x{ord(mark):04X}_".encode())
            new.writestr(info, text)
    path.write_bytes(out.getvalue())


def read(path: Path, name: str) -> list[Any]:
    """What stands in a name's cells; `_x005F_` is the sign with which Office writes that no escape follows, which openpyxl does not know."""
    return [unescape(value) if isinstance(value, str) else value for value in read_raw(path, name)]


def as_openpyxl_has_it(text: Any) -> Any:
    """Among shared strings openpyxl takes every `x005F_` away, also one that was typed."""
    return text.replace("x005F_", "") if isinstance(text, str) else text


def turned(by: int) -> list[str]:
    """Every payload, beginning at another one: so that no two fields of a person hold the same."""
    return [*EVERY[by:], *EVERY[:by]]


@dataclass(frozen=True)
class Weeks:
    office: LittleOffice
    screens: tuple[str, ...]

    @property
    def workbooks(self) -> list[Path]:
        return sorted([*self.office.share.rglob("*.xlsx"), self.signals])

    @property
    def signals(self) -> Path:
        """Beside the share: the office alone reads it."""
        return self.office.folder / "periods" / f"{MONTH}_signals.xlsx"

    @property
    def master(self) -> Path:
        return self.office.master()

    @property
    def register(self) -> Path:
        return self.office.share / self.office.week / "office" / f"{self.office.week}_theo-doi.xlsx"

    @property
    def entered(self) -> Path:
        return self.office.share / "periods" / f"{MONTH}_V1-02_tieu-chi.xlsx"


@pytest.fixture(scope="module")
def weeks(_made: LittleOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weeks]:
    """Two weeks of an office in which everybody types payloads."""
    office = _made.copy(tmp_path_factory.mktemp("injection") / "office")
    (office.folder / "office.toml").write_text(_settings(), encoding="utf-8")
    rows = office.organisation
    for n, code in enumerate(CODES):
        rows["people"].append(
            person(code, _cell(EVERY[n]), f"U{n:02d}", scorer="V1-02", approver="V1-01", title=_cell(turned(1)[n]), position=f"T{n:02d}", **{"other posts": _cell(turned(2)[n])})
        )  # fmt: skip
        rows["units"].append({"code": f"U{n:02d}", "name": _cell(turned(3)[n]), "parent": "VU1"})
        rows["positions"].append({"code": f"T{n:02d}", "name": _cell(turned(4)[n])})
        rows["tasks"].append({"code": f"B{n:02d}", "name": _cell(turned(5)[n]), "product": _cell(EVERY[n])})
    _as_text(office)
    screens = [office.say("issue", office.week, code=None)]
    for n, code in enumerate(CODES):
        typed_into(office.form(code), kinds.FORM, _form(n))
    for unit, n in (("VU1", 0), ("CUC", 20)):
        form = next(office.share.rglob(f"*_{unit}_tap-the.xlsx"))
        typed_into(form, kinds.UNIT_FORM, _form(n))
    screens.append(office.say("consolidate", office.week, code=None))
    for by in range(2):
        people = read(office.scoring("V1-02"), "ev_row_person")
        typed_into(office.scoring("V1-02"), kinds.SCORING, _scoring(people, by))
        screens.append(office.say("consolidate", office.week, code=None))
    people = read(office.approval("V1-01"), "ev_row_person")
    typed_into(office.approval("V1-01"), kinds.APPROVAL, _approval(people))
    screens += [
        office.say("--json", "consolidate", office.week, code=None),
        office.say("status", office.week, code=None),
    ]
    written = Weeks(office, ())
    typed_into(written.register, kinds.FOLLOW_UP, _register(written.register))
    screens += [office.say("consolidate", office.week, code=None), office.say("roll-up", MONTH, code=None)]
    people = read(written.entered, "ev_period_person")
    typed_into(written.entered, kinds.PERIOD_INPUT, _entered(people))
    screens += [office.say("roll-up", MONTH, code=None), office.say("verify", "--report", MONTH)]
    screens += [office.say("explain", office.week, code) for code in CODES[::6]]
    screens += [office.say("--json", "explain", office.week, code) for code in CODES[::20]]
    office.say("issue", "2025-W24", code=None)
    office.table("results")
    yield Weeks(office, tuple(screens))


def _settings() -> str:
    said = {
        "name": "=1+1 <b>&",
        "parent": '=HYPERLINK("http://x.example","a")',
        "contact": "@SUM(1)",
        "place": "+cmd|'/C calc'!A0",
    }
    return "\n".join(
        [*(f"{name} = {json.dumps(text)}" for name, text in said.items()), "unit_reports = true", "workers = 1"]
    )


def _cell(text: str) -> str:
    """As openpyxl can write it; the marks that it refuses come by way of forms."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe]", "", text) or "x"


def _as_text(office: LittleOffice) -> None:
    """The organisation workbook with every text as a text: openpyxl would make formulas of some."""
    office.reorganise()
    path = office.folder / "organisation.xlsx"
    book = openpyxl.load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.data_type = "s"
    book.save(path)


def _form(n: int) -> dict[str, Any]:
    return {
        "ev_self_quality": 37,
        "ev_self_progress": 36,
        "ev_self_conduct": 18,
        **{f"ev_{name}": turned(by)[n] for by, name in enumerate(("conduct_note", "difficulties", "proposals", "reply"))},
        **{f"ev_task_{name}": turned(n + by)[:40] for by, name in enumerate(("name", "code", "unit", "product", "evidence", "cause"))},
        "ev_task_status": ["Đang thực hiện"] * 3 + ["Hoàn thành"] * 37,
        "ev_plan_name": turned(n + 9)[:10],
        "ev_plan_code": turned(n + 5)[:10],
        "ev_status": "Đã nộp",
        **({"ev_appeal": "Có", "ev_appeal_week": "2025-W23"} if n >= len(EVERY) - MOST_REVIEWS else {}),
    }  # fmt: skip


def _register(path: Path) -> dict[str, Any]:
    """The office answers difficulties and requests for review, row by row with another payload."""
    told = sum(key is not None for key in read(path, "ev_difficulty_key"))
    asked = sum(key is not None for key in read(path, "ev_review_person"))
    assert told > 2 * len(EVERY) - 20 and asked > MOST_REVIEWS - 10, (told, asked)
    return {
        "ev_difficulty_passed_to": [turned(3)[n % len(EVERY)] for n in range(told)],
        "ev_difficulty_answer": [turned(5)[n % len(EVERY)] for n in range(told)],
        "ev_difficulty_state": ["Đã trả lời" if n % 3 else "Đã chuyển" for n in range(told)],
        "ev_review_decided_by": [turned(7)[n % len(EVERY)] for n in range(asked)],
        "ev_review_outcome": [EVERY[0] if n == 0 else "Giữ nguyên kết quả" for n in range(asked)],
        "ev_review_answer": [turned(11)[n % len(EVERY)] for n in range(asked)],
        "ev_review_state": ["Đã trả lời"] * asked,
    }


def _entered(people: list[str]) -> dict[str, Any]:
    rows = [CODES.index(code) if code in CODES else None for code in people]
    return {
        "ev_period_note": [None if n is None else turned(13)[n] for n in rows],
        "ev_period_decision": [None if n is None else "Đã ghi" for n in rows],
    }


def _scoring(people: list[str], by: int) -> dict[str, Any]:
    rows = [CODES.index(code) if code in CODES else None for code in people]

    def column(turn: int) -> list[str | None]:
        return [None if n is None else turned(turn)[n] for n in rows]

    values: dict[str, Any] = {
        "ev_score_quality": [30 if n is not None else None for n in rows],
        "ev_score_progress": [36 if n is not None else None for n in rows],
        "ev_score_conduct": [17 if n is not None else None for n in rows],
        "ev_score_breach": ["Có" if n is not None else None for n in rows],
        "ev_score_breach_note": column(1),
        "ev_score_comment": column(by),
        "ev_score_explanation": column(2),
        "ev_score_decision": [None if n is None else "Đã chấm" if by or n % 2 else "Trả lại" for n in rows],
    }
    if by:
        values |= {
            "ev_assign_person": CODES,
            "ev_assign_task": [f"{text}{' ' * (n > 0)}" for n, text in enumerate(turned(7))],
            "ev_assign_code": turned(8),
        }
    return values


def _approval(people: list[str]) -> dict[str, Any]:
    rows = [CODES.index(code) if code in CODES else None for code in people]
    return {
        "ev_approve_decision": [None if n is None else ("Trả lại", "Phê duyệt", "Phê duyệt có điều chỉnh")[n % 3] for n in rows],
        "ev_approve_quality": [31 if n is not None and n % 3 == 2 else None for n in rows],
        "ev_approve_opinion": [None if n is None else EVERY[n] for n in rows],
        "ev_approve_by_paper": [None if n is None else turned(1)[n] for n in rows],
    }  # fmt: skip


# What is asked of everything that was written


def formulas(path: Path) -> set[str]:
    found = set()
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                root = ElementTree.fromstring(package.read(name))  # whole, whatever was typed
                if "/worksheets/" in name and name.endswith(".xml"):
                    found |= {element.text or "" for element in root.iter(f"{_MAIN}f")}
    return found


def hyperlinks(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as package:
        parts = [ElementTree.fromstring(package.read(name)) for name in package.namelist() if name.endswith(".rels")]
    relations = [one.attrib for part in parts for one in part]
    return [
        one["Target"] for one in relations if one["Type"].endswith("/hyperlink") or one.get("TargetMode") == "External"
    ]


def test_the_list_is_long_enough_and_was_booked(weeks: Weeks) -> None:
    states = {row["code"]: row["state"] for row in weeks.office.table("results") if row["code"] in CODES}

    assert len(EVERY) >= 40
    assert [
        row["kind"] for row in weeks.office.table("findings") if row["kind"] in ("cell.readers_differ", "file.bad_xml")
    ] == []
    assert set(states.values()) <= {"scored", "approved", "submitted", "returned"}
    assert len(states) == len(CODES)
    print(f"{len(EVERY)} payloads, {len(weeks.workbooks)} workbooks read again")


def test_no_workbook_has_a_formula_or_a_link_that_a_person_typed(weeks: Weeks) -> None:
    kinds = ("form", "unit_form", "scoring", "approval", "follow_up", "period_input")
    ours = {
        kind: set[str]().union(
            *(formulas(path) for path in shipped("templates").glob(f"{kind}*.xlsx") if ".en" not in path.name)
        )
        for kind in kinds
    }
    seen = 0
    for path in weeks.workbooks:
        kind = next((kind for kind in ("scoring", "approval") if kind in path.parts), "form")
        kind = "unit_form" if "tap-the" in path.name else "follow_up" if path.name.endswith("_theo-doi.xlsx") else kind
        kind = "period_input" if path == weeks.entered or path.name.endswith("_tieu-chi.xlsx") else kind
        drawn = path.name.endswith("_tong-hop.xlsx") or (path.parent.name == "periods" and kind != "period_input")
        assert formulas(path) <= (set() if drawn else ours[kind]), path.name
        links = hyperlinks(path)
        assert [link for link in links if not re.fullmatch(r"[^:@]*\.xlsx", link)] == [], path.name
        seen += len(links)
    assert seen > 100  # our own: from rows to forms


def test_openpyxl_reads_every_text_as_a_text_and_as_it_was_typed(weeks: Weeks) -> None:
    office = weeks.office
    for n in range(0, len(CODES), 7):
        path = office.form(CODES[n], "2025-W24")
        carried = [means(text) for text in turned(n)[:3] if means(text)]
        names = read(path, "ev_task_name")
        assert set(carried) <= {name for name in names if name}, CODES[n]
        assert means(turned(7)[n]) in names or not means(turned(7)[n])
    comments = dict(
        zip(
            read(office.scoring("V1-02"), "ev_row_person"),
            read(office.scoring("V1-02"), "ev_score_comment"),
            strict=True,
        )
    )
    approvals = dict(
        zip(read(office.approval("V1-01"), "ev_row_person"), read(office.approval("V1-01"), "ev_row_name"), strict=True)
    )

    for n, code in enumerate(CODES):
        if turned(1)[n] in PAYLOADS and code in comments:
            assert comments[code] == turned(1)[n], code  # typed cells are put back as typed
        if code in approvals:
            assert " ".join(str(approvals[code]).split()) == " ".join(means(_cell(EVERY[n])).split()), code


def test_masters_show_difficulties_as_typed_and_keep_them_texts_when_the_cell_is_edited(weeks: Weeks) -> None:
    book = openpyxl.load_workbook(weeks.office.master())
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    shown = {as_openpyxl_has_it(cell.value) for cell in cells}
    quoted = [cell for cell in cells if cell.value.lstrip().startswith(_LIVE)]

    assert {as_openpyxl_has_it(means(text)) for text in EVERY if means(text)} - shown == set()
    assert quoted and [cell.value for cell in quoted if not cell.quotePrefix] == []
    assert [cell.value for cell in cells if _PARTS_OF_A_SCREEN.search(cell.value)] == []


def test_cells_of_issued_workbooks_stay_texts_when_they_are_edited(weeks: Weeks) -> None:
    found = {}
    for path in (weeks.office.scoring("V1-02"), weeks.office.approval("V1-01"), weeks.office.form("N-00", "2025-W24")):
        for sheet in openpyxl.load_workbook(path):
            for row in sheet.iter_rows():
                for cell in row:
                    live = str(cell.value).startswith(_LIVE) and not cell.protection.locked
                    if live and cell.data_type == "s" and cell.number_format != "@" and not cell.quotePrefix:
                        found[f"{path.name} {sheet.title}!{cell.coordinate}"] = cell.value
    assert found == {}


def test_the_screen_shows_what_was_typed_and_obeys_none_of_it(weeks: Weeks) -> None:
    assert [text for text in weeks.screens if _PARTS_OF_A_SCREEN.search(text)] == []


def test_receipts_are_plain_lines_in_which_no_line_of_others_begins(weeks: Weeks) -> None:
    receipts = [
        path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        for path in weeks.office.share.rglob("receipts/*.txt")
    ]

    assert len(receipts) >= len(CODES)
    assert [text for text in receipts if _PARTS_OF_A_SCREEN.search(text)] == []
    assert [line for text in receipts for line in text.split("\n") if line.startswith(("- b", "+ c"))] == []


def test_no_field_of_the_tables_is_a_formula_and_programs_get_back_what_was_typed(weeks: Weeks) -> None:
    folder = weeks.office.folder.parent / "export"
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            fields = [field for row in csv.reader(file) for field in row]
        assert [field for field in fields if field.lstrip().startswith(_LIVE)] == [], path.name
        assert [field for field in fields if _PARTS_OF_A_SCREEN.search(field)] == [], path.name
    names = {as_typed(row["name"]) for row in weeks.office.table("tasks")}

    assert {means(text) for text in EVERY if means(text)} - names == set()
    assert "apostrophe" in json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["description"]


def booked(weeks: Weeks, kind: str) -> list[Mapping[str, Any]]:
    return [event for event in Office.open(weeks.office.folder).ledger.events if event["kind"] == kind]


def test_what_the_office_answers_is_booked_and_read_as_it_was_typed(weeks: Weeks) -> None:
    answered, reviewed = booked(weeks, "answered"), booked(weeks, "reviewed")
    answers, decided = {one["answer"] for one in answered if "answer" in one}, {one["answer"] for one in reviewed}
    register = {name: {*read(weeks.register, name)} for name in ("ev_difficulty_answer", "ev_review_answer")}
    table = {as_typed(row["answer"]) for row in weeks.office.table("difficulties")}

    typed = {means(text) for text in EVERY if means(text)}
    assert answers == {one["passed_to"] for one in answered if "passed_to" in one} == typed
    assert len(decided) > MOST_REVIEWS - 12 and decided | {one["decided_by"] for one in reviewed} <= typed
    assert {as_openpyxl_has_it(text) for text in answers} - texts_of(weeks.master) == set()
    assert {text for text in PAYLOADS if text in answers} <= register["ev_difficulty_answer"]
    assert {text for text in PAYLOADS if text in decided} <= register["ev_review_answer"]
    assert answers <= table


def test_what_is_entered_for_a_period_is_read_as_it_was_typed_by_the_office_alone(weeks: Weeks) -> None:
    notes = {event["note"] for event in booked(weeks, "entered")}

    assert len(notes) > MOST_REVIEWS - 5 and notes <= {means(text) for text in EVERY}
    assert {as_openpyxl_has_it(text) for text in notes} - texts_of(weeks.signals) == set()
    assert {text for text in PAYLOADS if text in notes} <= {*read(weeks.entered, "ev_period_note")}


def texts_of(path: Path) -> set[Any]:
    book = openpyxl.load_workbook(path)
    return {as_openpyxl_has_it(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}


def test_a_text_that_is_too_long_is_cut_visibly(issued: LittleOffice) -> None:
    typed_into(issued.form("V1-03"), kinds.FORM, {**_form(0), "ev_difficulties": LONG[:32_000]})
    issued.consolidate()
    book = openpyxl.load_workbook(issued.master())
    (said,) = [
        row[4].value for row in book["Khó khăn, kiến nghị"].iter_rows() if str(row[4].value).startswith("=1+1 d")
    ]

    assert issued.finding("cell.cut", "V1-03")["cell"]
    assert (len(said), said[-1]) == (5000, "…")
    assert "5.000" in issued.receipt("V1-03")


def test_every_payload_in_the_letterhead_of_a_master_stays_text(tmp_path: Path) -> None:
    week = week_of(people=2, units=1, weeks=1)
    for n in range(0, len(EVERY), 3):
        path = tmp_path / "master.xlsx"
        said = {name: turned(n)[by] for by, name in enumerate(("office", "parent", "place"))}
        path.write_bytes(draw(replace(week, letterhead="state", **said)))
        assert formulas(path) == set()
        assert hyperlinks(path) == [link for link in hyperlinks(path) if link.endswith(".xlsx")]


def test_libreoffice_sees_no_formula_and_no_link_either(weeks: Weeks, libreoffice: LibreOffice, tmp_path: Path) -> None:
    office = weeks.office
    master = office.master()
    for path in (master, office.scoring("V1-02"), office.approval("V1-01"), office.form("N-00", "2025-W24")):
        again = tmp_path / f"{path.parent.name}.xlsx"
        libreoffice.convert(path, again)
        before, after = (openpyxl.load_workbook(one) for one in (path, again))
        count = [
            sum(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
            for book in (before, after)
        ]
        assert count[0] == count[1], path.name
        assert [link for link in hyperlinks(again) if "x.example" in link or link.startswith(("http", "mailto"))] == []
    texts = {
        as_openpyxl_has_it(cell.value)
        for sheet in openpyxl.load_workbook(tmp_path / "office.xlsx")
        for row in sheet.iter_rows()
        for cell in row
    }
    assert {as_openpyxl_has_it(means(text)) for text in PAYLOADS} - texts == set()


def test_a_table_opened_in_libreoffice_has_no_formula(weeks: Weeks, libreoffice: LibreOffice, tmp_path: Path) -> None:
    """The same texts in a plain CSV become formulas there, some of which ask the network."""
    weeks.office.table("results")
    with (tmp_path / "plain.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([text] for text in PAYLOADS)
    tables = [weeks.office.folder.parent / "export" / f"{name}.csv" for name in ("tasks", "results", "findings")]
    alive = {}
    for path in (tmp_path / "plain.csv", *tables):
        libreoffice.convert(path, tmp_path / f"{path.stem}.xlsx")
        sheet = openpyxl.load_workbook(tmp_path / f"{path.stem}.xlsx").worksheets[0]
        alive[path.stem] = sum(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)

    assert alive.pop("plain") >= 3
    assert alive == {"tasks": 0, "results": 0, "findings": 0}
