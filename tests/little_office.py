"""A little office for tests: its organisation workbook is drawn by hand from the contract's table of sheets and columns.

    LĐ    Lãnh đạo Ban      LD-01 (head), LD-02; secretary TK-01
    VU1   Vụ Một            V1-01 director, in charge of it LD-02; deputy V1-02, who is entered as scorer of the officials; 0012 employee
    CUC   Cục Hai           C-01 director, in charge of it LD-01
    P1    Phòng Một in CUC  P-01 head; officials P-02, P-03
    VP    Văn phòng         VP-01 chief, in charge of it LD-01; VP-02 employee

So V1-03 and V1-04 are scored by V1-02 and approved by V1-01; P-02 and P-03 are scored by P-01 and approved by C-01; everybody else is
scored and approved by one person.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime, timedelta
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalxl.cli import shown_week  # noqa: F401  # what commands say of weeks
from evalxl.cli.main import main
from evalxl.cli.show import record
from evalxl.domain.weeks import Week
from evalxl.steps.consolidate import Consolidated, collect, consolidate
from evalxl.steps.issue.issue import IssuedForms, issue
from evalxl.steps.office.office import Clock, Office
from evalxl.steps.outputs.week_outputs import draw_week
from evalxl.steps.views.week_view import WeekSituation, week_view
from tests.people import OfficeAtWork, cells, kept_examiner, read, saved_at

Rows = list[dict[str, Any]]

SHEETS_VI = {
    "units": "Đơn vị",
    "people": "Cán bộ",
    "positions": "Vị trí việc làm",
    "tasks": "Danh mục nhiệm vụ",
    "absences": "Vắng mặt",
    "delegations": "Ủy quyền",
    "days_off": "Ngày nghỉ, làm bù",
}
SHEETS_EN = {
    "units": "Units",
    "people": "People",
    "positions": "Positions",
    "tasks": "Tasks",
    "absences": "Absences",
    "delegations": "Delegations",
    "days_off": "Days off",
}
# In no particular order, as people keep them.
HEADERS_VI = {
    "units": {
        "name": "Tên đơn vị", "code": "Mã đơn vị", "leader in charge": "Lãnh đạo phụ trách", "head": "Người đứng đầu", "parent": "Đơn vị cấp trên",
        "level": "Cấp", "to": "Đến ngày", "from": "Từ ngày",
    },
    "people": {
        "name": "Họ và tên", "rank": "Nhóm chức vụ", "unit": "Đơn vị", "code": "Mã cán bộ", "approver": "Người phê duyệt", "scorer": "Người đánh giá",
        "title": "Chức vụ", "position": "Vị trí việc làm", "other posts": "Kiêm nhiệm", "co-scorer": "Người phối hợp đánh giá", "category": "Đối tượng", "former code": "Mã cũ", "email": "Email", "account": "Tài khoản",
        "to": "Đến ngày", "from": "Từ ngày",
    },
    "positions": {"code": "Mã", "name": "Tên", "complexity": "Mức độ phức tạp", "posts": "Số người được giao"},
    "tasks": {
        "name": "Tên nhiệm vụ", "code": "Mã nhiệm vụ", "position": "Vị trí việc làm", "product": "Sản phẩm", "unit of measure": "Đơn vị tính",
        "complexity": "Mức độ phức tạp", "group": "Nhóm", "coefficient": "Hệ số quy đổi", "recurring": "Thường xuyên", "from": "Từ ngày",
    },
    "absences": {"kind": "Loại", "code": "Mã cán bộ", "from": "Từ ngày", "to": "Đến ngày"},
    "delegations": {
        "from person": "Người ủy quyền", "to person": "Người được ủy quyền", "scope": "Phạm vi", "basis": "Căn cứ", "from": "Từ ngày", "to": "Đến ngày",
    },
    "days_off": {"kind": "Loại", "date": "Ngày", "reason": "Lý do"},
}  # fmt: skip
HEADERS_EN = {sheet: {key: key for key in columns} for sheet, columns in HEADERS_VI.items()}


def person(code: str, name: str, unit: str, rank: str = "Công chức", **more: Any) -> dict[str, Any]:
    return {"code": code, "name": name, "unit": unit, "rank": rank, **more}


def little_organisation(officials: int = 2) -> dict[str, Rows]:
    """The rows of every sheet; `officials` is how many the deputy of VU1 scores."""
    return {
        "units": [
            {"code": "LĐ", "name": "Lãnh đạo Ban", "head": "LD-01"},
            {"code": "VU1", "name": "Vụ Một", "head": "V1-01", "leader in charge": "LD-02"},
            {"code": "CUC", "name": "Cục Hai", "head": "C-01", "leader in charge": "LD-01"},
            {"code": "P1", "name": "Phòng Một", "parent": "CUC", "head": "P-01"},
            {"code": "VP", "name": "Văn phòng", "head": "VP-01", "leader in charge": "LD-01"},
        ],
        "people": [
            person("LD-01", "Nguyễn Văn Ưu", "LĐ", "Lãnh đạo Ban", title="Trưởng Ban"),
            person("LD-02", "Phạm Thị Ý", "LĐ", "Lãnh đạo Ban", title="Phó Trưởng Ban"),
            person("TK-01", "Trần Quốc Ổn", "LĐ", "Thư ký", title="Thư ký Trưởng Ban"),
            person("V1-01", "Lê Đình Ẩn", "VU1", "Cấp trưởng đơn vị", title="Vụ trưởng"),
            person("V1-02", "Hoàng Thị Ngọc", "VU1", "Cấp phó đơn vị", title="Phó Vụ trưởng"),
            *(person(f"V1-{n:02d}", f"Vũ Văn {given}", "VU1", scorer="V1-02", title="Chuyên viên") for n, given in zip(range(3, 3 + officials), _GIVEN, strict=False)),
            person("0012", "Đặng Thị Đào", "VU1", "Người lao động", title="Nhân viên"),
            person("C-01", "Bùi Xuân Hậu", "CUC", "Cấp trưởng đơn vị", title="Cục trưởng"),
            person("P-01", "Đỗ Thị Lụa", "P1", "Trưởng phòng và tương đương", title="Trưởng phòng"),
            person("P-02", "Ngô Văn Nghĩa", "P1"),
            person("P-03", "Dương Thị Mỹ", "P1"),
            person("VP-01", "Lý Văn Phượng", "VP", "Cấp trưởng đơn vị", title="Chánh Văn phòng"),
            person("VP-02", "Hồ Thị Sửu", "VP", "Người lao động"),
        ],
        "positions": [{"code": "TH", "name": "Tổng hợp", "complexity": "Phức tạp", "posts": 4}],
        "tasks": [{"code": "BC", "name": "Báo cáo tuần", "position": "TH", "product": "Báo cáo", "unit of measure": "báo cáo", "complexity": "Trung bình"}],
        "absences": [],
        "delegations": [],
        "days_off": [],
    }  # fmt: skip


_GIVEN = [
    "An",
    "Ánh",
    "Ảnh",
    "Bách",
    "Bằng",
    "Bích",
    "Cường",
    "Cúc",
    "Dũng",
    "Dương",
    "Đạt",
    "Đông",
    "Giang",
    "Hà",
    "Hạnh",
    "Hiếu",
    "Hòa",
    "Hùng",
    "Khánh",
    "Kiên",
    "Lan",
    "Long",
    "Mai",
    "Minh",
    "Nam",
    "Nga",
    "Oanh",
    "Phong",
    "Quý",
    "Sơn",
]


def draw_organisation(path: Path, sheets: Mapping[str, Sequence[Mapping[str, Any]]], lang: str = "vi") -> Path:
    """Write an organisation workbook as office staff would keep it by hand."""
    names, headers = (SHEETS_EN, HEADERS_EN) if lang == "en" else (SHEETS_VI, HEADERS_VI)
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for key, rows in sheets.items():
        sheet = book.create_sheet(names[key])
        columns = [*headers[key].items(), ("note", "Ghi chú của Văn phòng")]
        sheet.append([header for _, header in columns])
        for row in rows:
            sheet.append([row.get(column) for column, _ in columns])
    book.save(path)
    return path


# Workbooks that were opened, by the hash of their bytes: opening one takes most of a test's time.
_open: dict[str, openpyxl.Workbook] = {}


def _hash(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def opened(path: Path) -> openpyxl.Workbook:
    """A workbook for looking into, and for nothing else."""
    if (name := _hash(path)) not in _open:
        if len(_open) > 32:
            _open.clear()
        _open[name] = openpyxl.load_workbook(path)
    return _open[name]


# Commands that neither draw nor look at what was drawn.
_DRAWS_NOT = {"export", "explain"}


class LittleOffice(OfficeAtWork):
    """The little office at work. `organisation` holds the rows of its workbook; `reorganise` writes them."""

    def __init__(self, folder: Path, week: str = "2025-W23", officials: int = 2) -> None:
        super().__init__(folder, week)
        self._undrawn: dict[Week, tuple[Office, WeekSituation]] = {}
        self.organisation = little_organisation(officials)

    def reorganise(self, lang: str = "vi") -> None:
        draw_organisation(self.folder / "organisation.xlsx", self.organisation, lang)

    def table(self, name: str, what: str | None = None) -> list[dict[str, str]]:
        """A table of the export, without what the command prints."""
        with redirect_stdout(StringIO()):
            return super().table(name, what)

    def person(self, code: str) -> dict[str, Any]:
        return next(row for row in self.organisation["people"] if row["code"] == code)

    def say(self, *words: str, code: int | None = 0) -> str:
        """Run a command, expect its exit code (None: any), give back what it printed on both streams."""
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            done = self.run(*words)
        said = out.getvalue() + err.getvalue()
        assert code is None or done == code, f"{words} ended with {done}: {said}"
        return said

    def json(self, *words: str, code: int | None = None) -> Any:
        """What a command says to programs."""
        out = StringIO()
        with redirect_stdout(out):
            done = self.run("--json", *words)
        assert code is None or done == code, out.getvalue()
        return json.loads(out.getvalue())

    def run(self, *words: str) -> int:
        if not set(words) & _DRAWS_NOT:
            self.draw()
        return super().run(*words)

    def consolidate(self, week: str | None = None) -> Any:
        """Press the button; it must not fail. Gives back what it says to programs.

        Most of a press is drawing masters, receipts and pages, and few tests look at them: they are drawn when somebody looks at the share.
        """
        office, meant = Office.open(self.folder), Week.parse(week or self.week)
        office.examiner = kept_examiner()
        done = collect(office, meant, Clock((self.moment or datetime.now()).astimezone(), "văn phòng"))
        situation = week_view(office, meant, done.today, done.findings, done.warnings)
        self._undrawn[meant] = (office, situation)
        return json.loads(json.dumps(record(Consolidated(done, situation.view, ()), "vi"), ensure_ascii=False))

    def draw(self) -> None:
        undrawn, self._undrawn = self._undrawn, {}
        for office, situation in undrawn.values():
            draw_week(office, situation, pages=False)

    def issue_at(self, moment: datetime, week: str | None = None) -> IssuedForms:
        """Issue at a moment of the test's choice, for what depends on the day."""
        office = Office.open(self.folder)
        return issue(
            office, Week.parse(week or self.week), Clock(moment.replace(tzinfo=office.settings.zone), "văn phòng")
        )

    def consolidate_at(self, moment: datetime, week: str | None = None) -> Consolidated:
        office = Office.open(self.folder)
        office.examiner = kept_examiner()
        clock = Clock(moment.replace(tzinfo=office.settings.zone), "văn phòng")
        return consolidate(office, Week.parse(week or self.week), clock)

    def in_time(self, path: Path, hours: int = 0) -> Path:
        """As if the file had been saved on the Thursday of its week."""
        thursday = Week.parse(self.week).thursday
        return saved_at(path, datetime(thursday.year, thursday.month, thursday.day, 9) + timedelta(hours=hours))

    def hand_in(self, *codes: str, to: Path | None = None, **changed: Any) -> Path:
        """People fill the good form, but for what is changed, on the Thursday of the week."""
        for code in codes:
            path = self.in_time(self.fill(code, to, **changed))
        return path

    def scored(self, *codes: str, quality: Any = 36, progress: Any = 36, conduct: Any = 17, **more: Any) -> None:
        """Each person's manager marks the row as scored, in the manager's own workbook. The total is in no need of a comment."""
        by_manager: dict[str, dict[str, dict[str, Any]]] = {}
        for code in codes:
            row = {"quality": quality, "progress": progress, "conduct": conduct, "decision": "Đã chấm", **more}
            by_manager.setdefault(SCORERS.get(code, "V1-02"), {})[code] = row
        for manager, rows in by_manager.items():
            self.score(manager, rows)

    def copy_of(self, path: Path) -> Path:
        """A copy of a workbook that somebody keeps at home."""
        return Path(shutil.copy(path, self.folder.parent / f"ở nhà {path.name}"))

    def score_in(self, home: Path, rows: Mapping[str, Mapping[str, Any]]) -> Path:
        """A manager types in a copy, and lays it down beside the workbook of the week."""
        self._rows(home, rows, "ev_score_")
        return Path(shutil.copy(home, self.places / self.week / home.name))

    def approved(self, *codes: str, **typed: Any) -> None:
        by_approver: dict[str, dict[str, dict[str, Any]]] = {}
        for code in codes:
            by_approver.setdefault(APPROVERS.get(code, "V1-01"), {})[code] = {"decision": "Phê duyệt", **typed}
        for approver, rows in by_approver.items():
            self.approve(approver, rows)

    def receipt(self, code: str) -> str:
        return next((self.share / self.week).rglob(f"receipts/{self.week}_{code}.txt")).read_text(encoding="utf-8-sig")

    def row(self, path: Path, code: str) -> dict[str, Any]:
        """What stands in a person's row of a scoring or approval workbook, by name."""
        book = opened(path)
        column = [cell.value for cell in cells(book, "ev_row_person")]
        at = column.index(code)
        found = {}
        for name in book.defined_names:
            if name.startswith(("ev_row_", "ev_score_", "ev_approve_")):
                values = cells(book, name)
                if len(values) == len(column):
                    found[name] = values[at].value
        return found

    def people_in(self, path: Path) -> list[str]:
        return [code for code in read(path, "ev_row_person") if code]

    def finding(self, kind: str, code: str | None = None) -> dict[str, str]:
        found = [row for row in self.table("findings") if row["kind"] == kind and (code is None or row["code"] == code)]
        assert found, (kind, [(row["kind"], row["code"]) for row in self.table("findings")])
        return found[0]

    def masters(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.folder.parent).as_posix(): path.read_bytes()
            for path in sorted(self.share.glob("*/*/*_tong-hop.xlsx"))
        }

    def cell_of(self, path: Path, name: str, row: int = 0) -> tuple[str, str]:
        """Sheet and address of a name's cell."""
        cell = cells(opened(path), name)[row]
        return cell.parent.title, cell.coordinate

    def lose_everything(self) -> list[str]:
        """The disk dies, and the only backup is of the day on which the office was set up; what lies on the share lives on. What to do now, as it is said."""
        early, usb = self.folder.with_name("sớm"), self.folder.with_name("usb")
        shutil.copytree(self.folder, early, ignore=shutil.ignore_patterns("ledger", "archive", "written", "shared"))
        (early / "ledger-head.txt").unlink()
        (early / "shared").mkdir()
        LittleOffice(early).say("backup", "--to", str(usb))
        said = self.say("restore", str(usb))
        printed = [line.strip().removeprefix("evalxl ") for line in said.splitlines() if line.startswith("  evalxl ")]
        return [command.partition(" --office ")[0] for command in printed]  # `say` names the office itself

    def copy(self, to: Path) -> LittleOffice:
        """The same office in another folder, as it stands now."""
        self.draw()
        shutil.copytree(self.folder, to)
        twin = LittleOffice(to, self.week)
        twin.organisation = json.loads(json.dumps(self.organisation))
        return twin


SCORERS = {"P-01": "C-01", "P-02": "P-01", "P-03": "P-01", "0012": "V1-01", "V1-02": "V1-01", "V1-01": "LD-02", "VP-02": "VP-01", "VP-01": "LD-01", "C-01": "LD-01", "TK-01": "LD-01"}  # fmt: skip
APPROVERS = {"P-02": "C-01", "P-03": "C-01"}
EVALUATED = ["TK-01", "V1-01", "V1-02", "V1-03", "V1-04", "0012", "C-01", "P-01", "P-02", "P-03", "VP-01", "VP-02"]


def make_little_office(folder: Path, officials: int = 2) -> LittleOffice:
    """An office folder as `init` makes it, with the little organisation."""
    with redirect_stdout(StringIO()):
        assert main(["init", str(folder)]) == 0
    office = LittleOffice(folder, officials=officials)
    office.reorganise()
    return office


# Fixtures: each state of the week is made once and copied.


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    return make_little_office(tmp_path_factory.mktemp("little") / "office")


@pytest.fixture(scope="session")
def _issued(_made: LittleOffice, tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    office = _made.copy(tmp_path_factory.mktemp("issued") / "office")
    office.say("issue", office.week)
    return office


@pytest.fixture(scope="session")
def _handed_in(_issued: LittleOffice, tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    office = _issued.copy(tmp_path_factory.mktemp("handed-in") / "office")
    office.hand_in("V1-03", "V1-04", "P-02")
    office.consolidate()
    return office


@pytest.fixture(scope="session")
def _scored(_handed_in: LittleOffice, tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    office = _handed_in.copy(tmp_path_factory.mktemp("scored") / "office")
    office.scored("V1-03", "V1-04")
    office.consolidate()
    return office


@pytest.fixture(scope="session")
def _approved(_scored: LittleOffice, tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    office = _scored.copy(tmp_path_factory.mktemp("approved") / "office")
    office.approved("V1-03")
    office.consolidate()
    return office


@pytest.fixture
def made(_made: LittleOffice, tmp_path: Path) -> LittleOffice:
    """The little office before anything was issued."""
    return _made.copy(tmp_path / "office")


@pytest.fixture
def issued(_issued: LittleOffice, tmp_path: Path) -> LittleOffice:
    """Week 2025-W23 is issued; nobody has filled anything."""
    return _issued.copy(tmp_path / "office")


@pytest.fixture
def handed_in(_handed_in: LittleOffice, tmp_path: Path) -> LittleOffice:
    """V1-03, V1-04 and P-02 have handed in good forms, and the button was pressed."""
    return _handed_in.copy(tmp_path / "office")


@pytest.fixture
def scored(_scored: LittleOffice, tmp_path: Path) -> LittleOffice:
    """V1-03 and V1-04 are scored; P-02 is not."""
    return _scored.copy(tmp_path / "office")


@pytest.fixture
def approved(_approved: LittleOffice, tmp_path: Path) -> LittleOffice:
    """V1-03 is approved; V1-04 is scored; P-02 is handed in."""
    return _approved.copy(tmp_path / "office")


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, so that a test can say that nothing was written."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
