"""Makes the office of the week and has every program that is here save its workbooks: `python -m tests.samples.resaved FOLDER`.

What stands in the folder of the samples was made so once and stays: what a program wrote then is what has to be read ever after. A program that is added
is run on the workbooks of that week (`week.tar.xz`), and its files are added to `saved.tar.xz`.
"""

from __future__ import annotations

import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from evalxl.demo.type_into import fill
from evalxl.excel.returned.reading import read_workbook
from evalxl.forms.binding import bind
from evalxl.steps.office.office import Clock, Office
from evalxl.steps.periods.roll_up import roll_up_period
from tests.libreoffice import Office as LibreOffice
from tests.little_office import LittleOffice, make_little_office
from tests.people import type_into
from tests.programs import Node, save_by_gnumeric, save_by_openpyxl
from tests.samples.resaved import PERIOD, WEEK, WORKBOOKS

# Of the office: what the ledger cannot be read without.
KEPT = ("archive/*/*", "ledger/*", "ledger-head.txt", "office-id.txt", "office.toml", "organisation.xlsx")
# In which country LibreOffice was started, and to which it was switched while the workbook was open.
LIBREOFFICE = {
    "libreoffice-vi": ("vi-VN", ""),
    "libreoffice-en": ("en-US", ""),
    "libreoffice-de": ("de-DE", ""),
    "libreoffice-switched": ("en-US", "vi-VN"),
    "libreoffice-switched-from-de": ("de-DE", "en-US"),
}
NODE = {"sheetjs": "sheetjs", "sheetjs-plain": "sheetjs_plain", "exceljs": "exceljs"}
# Of the two smaller workbooks, those that change most when they save.
OF_THE_OFFICE = ("libreoffice-switched", "sheetjs-plain", "gnumeric")

TYPED: Mapping[str, Mapping[str, Any]] = {
    "form": {
        "ev_self_quality": Decimal("37.5"),
        "ev_self_progress": 36,
        "ev_self_conduct": Decimal("18.25"),
        "ev_conduct_note": "- Chấp hành tốt giờ làm việc.\n- Không vắng họp.",
        "ev_task_name": [None, "Tham mưu báo cáo tuần", "Rà soát văn bản"],
        "ev_task_important": [None, "Có", "Không"],
        "ev_task_assigned": [3, Decimal("2.5")],
        "ev_task_done": [3, Decimal("1.25")],
        "ev_task_due": [None, date(2025, 6, 12), date(2025, 6, 20)],
        "ev_task_finished": [date(2025, 6, 12), date(2025, 6, 13)],
        "ev_task_status": ["Hoàn thành", "Hoàn thành trễ hạn", "Đang thực hiện"],
        "ev_task_product": ["Báo cáo số 12", "Danh mục"],
        "ev_task_evidence": ["12-BC/VP", "0012"],
        "ev_plan_name": ["Kế hoạch quý III"],
        "ev_plan_due": [date(2025, 6, 20)],
        "ev_status": "Đã nộp",
    },
    "scoring": {
        "ev_score_quality": [None, Decimal("35.5")],
        "ev_score_progress": [None, 36],
        "ev_score_conduct": [None, Decimal("17.25")],
        "ev_score_breach": [None, "Có"],
        "ev_score_breach_note": [None, "Đi muộn ngày 10/6"],
        "ev_score_comment": [None, "- Hoàn thành tốt\n- Cần đúng giờ"],
        "ev_score_decision": [None, "Đã chấm"],
        "ev_check_status": ["Hoàn thành"],
        "ev_check_recognised": ["Có"],
        "ev_check_faults": [1],
        "ev_assign_person": ["V1-04"],
        "ev_assign_task": ["Chuẩn bị hội nghị quý"],
        "ev_assign_due": [date(2025, 6, 20)],
        "ev_assign_important": ["Có"],
    },
    "approval": {
        "ev_approve_decision": ["Phê duyệt có điều chỉnh"],
        "ev_approve_quality": [Decimal("34.5")],
        "ev_approve_progress": [36],
        "ev_approve_conduct": [Decimal("16.25")],
        "ev_approve_opinion": ["Theo kết quả chung"],
    },
    "register": {
        "ev_difficulty_passed_to": ["Trung tâm Công nghệ"],
        "ev_difficulty_answer": ["- Đang nâng cấp đường truyền"],
        "ev_difficulty_state": ["Đã chuyển"],
    },
    "period": {"ev_period_note": ["Có khả năng tham mưu độc lập"], "ev_period_decision": ["Đã ghi"]},
}


def week(folder: Path) -> LittleOffice:
    """The second week of a little office under the letter.

    V1-03's form went out with a task that the manager gave. V1-04 handed in and is to be scored by V1-02; P-02 was scored and is to be approved by
    C-01. P-02 tells the office of a difficulty. What leaders enter for the month has gone out.
    """
    office = make_little_office(folder)
    office.issue_at(datetime(2025, 6, 2, 8))
    office.hand_in("V1-03")
    office.consolidate_at(datetime(2025, 6, 6, 10))
    given = {"person": "V1-03", "task": "Chuẩn bị hội nghị", "due": date(2025, 6, 13), "important": "Có"}
    type_into(office.scoring("V1-02"), {f"ev_assign_{name}": value for name, value in given.items()})
    office.scored("V1-03")
    office.consolidate_at(datetime(2025, 6, 6, 11))
    office.approved("V1-03")
    office.consolidate_at(datetime(2025, 6, 6, 12))
    office.week = str(WEEK)
    office.issue_at(datetime(2025, 6, 9, 8))
    office.hand_in("V1-04", self_quality=36.5)
    office.hand_in("P-02", self_conduct=17.25, difficulties="Mạng nội bộ chậm vào đầu giờ sáng.")
    office.consolidate_at(datetime(2025, 6, 13, 10))
    office.scored("P-02", quality=35.5, conduct=16.5)
    office.consolidate_at(datetime(2025, 6, 13, 11))
    noon = Clock(datetime(2025, 6, 13, 12, tzinfo=Office.open(folder).settings.zone), "văn phòng")
    roll_up_period(Office.open(folder), PERIOD, noon)
    return office


def went_out(office: LittleOffice) -> dict[str, Path]:
    return {
        "form": office.form("V1-03"),
        "scoring": office.scoring("V1-02"),
        "approval": office.approval("C-01"),
        "register": office.share / office.week / "office" / f"{WEEK}_theo-doi.xlsx",
        "period": office.share / "periods" / f"{PERIOD}_V1-02_tieu-chi.xlsx",
    }


def one_by_one(workbook: str) -> Iterator[tuple[str, int, Any]]:
    """Name, row and value of everything that is typed."""
    for name, value in TYPED[workbook].items():
        for row, one in enumerate(value if isinstance(value, list) else [value]):
            if one is not None:
                yield name, row, one


def save_all(issued: Mapping[str, Path], to: Path) -> Iterator[Path]:
    """Have every program save every workbook."""
    filled = {name: to / f"{name}.filled.xlsx" for name in issued}
    for name, path in filled.items():
        path.write_bytes(fill(issued[name].read_bytes(), WORKBOOKS[name], dict(TYPED[name])))
    for program, (region, other) in LIBREOFFICE.items():
        yield from _by_libreoffice(program, region, other, issued, filled, to)
    with ExitStack() as stack:
        node = Node()
        stack.callback(node.close)
        for name, path in issued.items():
            layout, _ = bind(WORKBOOKS[name], read_workbook(path.read_bytes()).names)
            typing = [(layout[n][row].sheet, layout[n][row].cell, value) for n, row, value in one_by_one(name)]
            for program, asked in NODE.items():
                if is_kept(name, program):
                    node.save(asked, path, to / f"{name}.typed.{program}.xlsx", typing)
                    node.save(asked, filled[name], to / f"{name}.saved.{program}.xlsx")
                    yield from (to / f"{name}.{how}.{program}.xlsx" for how in ("typed", "saved"))
            if is_kept(name, "openpyxl"):
                save_by_openpyxl(path, to / f"{name}.typed.openpyxl.xlsx", TYPED[name])
                save_by_openpyxl(filled[name], to / f"{name}.saved.openpyxl.xlsx")
                yield from (to / f"{name}.{how}.openpyxl.xlsx" for how in ("typed", "saved"))
            save_by_gnumeric(filled[name], saved := to / f"{name}.saved.gnumeric.xlsx")
            yield saved


def is_kept(workbook: str, program: str) -> bool:
    return workbook not in ("register", "period") or program in OF_THE_OFFICE


def _by_libreoffice(
    program: str, region: str, other: str, issued: Mapping[str, Path], filled: Mapping[str, Path], to: Path
) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        libreoffice = LibreOffice(Path(folder), region=region)
        stack.callback(libreoffice.close)
        for name in issued:
            for how, path in (("typed", issued[name]), ("saved", filled[name])):
                if not is_kept(name, program):
                    continue
                with libreoffice.open(path) as document, ExitStack() as switched:
                    entries = [(n, row, _as_typed(one, region)) for n, row, one in one_by_one(name)]
                    refused = document.fill(entries) if how == "typed" else []
                    assert refused == [], refused
                    if other:
                        switched.enter_context(libreoffice.locale(other))
                    yield document.save_as(to / f"{name}.{how}.{program}.xlsx")


def _as_typed(value: Any, region: str) -> str:
    """A number as people of the country write it; a day in a way that all understand."""
    comma = isinstance(value, Decimal) and region != "en-US"
    return str(value).replace(".", ",") if comma else str(value)


def pack(to: Path, files: Mapping[str, Path]) -> None:
    with tarfile.open(to, "x:xz", preset=9) as package:
        for name, path in files.items():
            package.add(path, name, filter=_of_nobody)


def _of_nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = 0
    return entry


def main(to: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        office = week(Path(folder) / "office")
        kept = [path for part in KEPT for path in office.folder.rglob(part) if office.share not in path.parents]
        pack(to / "week.tar.xz", {str(path.relative_to(folder)): path for path in sorted(kept)})
        saved = sorted(save_all(went_out(office), Path(folder)), key=lambda path: (path.name.split(".")[0], path.name))
        pack(to / "saved.tar.xz", {path.name: path for path in saved})
    print(f"{len(saved)} files")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
