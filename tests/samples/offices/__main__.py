"""Freezes a small office made by the version that runs: `python -m tests.samples.offices NAME letter|decree`.

A frozen office is never made again: what an earlier version wrote is what later versions have to open.
"""

from __future__ import annotations

import json
import sys
import tarfile
import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl

from evalxl.domain.weeks import Week
from tests.little_office import LittleOffice, make_little_office
from tests.people import cells, type_into
from tests.samples.offices import HERE, figures


def letter(folder: Path) -> LittleOffice:
    """Three weeks of June 2025 under the letter, with units that report: two closed, one of them opened again, the third in hand.

    In it: a return and what came after it, an adjustment, an absence, a delegation, a late form, a draft, an invalid form, two versions in
    one run, a version after scoring, a warning by the two-week rule, an entry from paper, a task given and carried over.
    """
    office = _made(folder, "unit_reports = false", "unit_reports = true")
    office.organisation["absences"] = [{"code": "VP-02", "kind": "Nghỉ phép", "from": "9/6/2025", "to": "13/6/2025"}]
    office.organisation["delegations"] = [
        {
            "from person": "P-01",
            "to person": "P-03",
            "scope": "Chấm điểm",
            "basis": "GUQ 12",
            "from": "10/6/2025",
            "to": "20/6/2025",
        }
    ]
    office.reorganise()
    for week in ("2025-W23", "2025-W24"):
        _begin(office, week)
        important = {
            "task_important": ["Có", "Có"],
            "task_status": ["Chưa hoàn thành", "Chưa hoàn thành"],
            "task_product": ["", ""],
            "task_evidence": ["", ""],
        }
        office.hand_in("V1-03", **important)
        office.hand_in("V1-04", "P-02", "0012")
        _report(office, "VU1")
        _press(office, 10)
        again = office.form("V1-04").with_name("phiếu của tôi (2).xlsx")
        office.in_time(office.fill("V1-04", self_quality=33), hours=2)
        office.in_time(type_into(office.form("V1-04"), {"ev_self_quality": 34}, again), hours=2)
        _press(office, 11)
        again.unlink()
        office.hand_in("P-03", self_quality=45)
        _press(office, 12)
        office.scored(
            "V1-03",
            quality=20,
            progress=18,
            conduct=10,
            breach="Có",
            breach_note="Đi muộn ngày 03/6",
            comment="Nhiều việc chậm",
            explanation="Chậm tiến độ",
        )
        office.scored("V1-04", "P-02")
        type_into(
            office.scoring("V1-02"),
            {
                "ev_assign_person": "V1-04",
                "ev_assign_task": "Chuẩn bị hội nghị",
                "ev_assign_due": date(2025, 6, 13),
                "ev_assign_important": "Có",
            },
        )
        office.score("V1-01", {"0012": {"decision": "Trả lại", "comment": "Thiếu minh chứng"}})
        _press(office, 13)
        saved = office.fill("0012", self_quality=30)
        office.in_time(office.fill("V1-04", self_quality=29), hours=8)
        office.in_time(saved, hours=30)
        office.approved("V1-03")
        office.approve(
            "V1-01",
            {
                "V1-04": {
                    "decision": "Phê duyệt có điều chỉnh",
                    "quality": 34,
                    "progress": 35,
                    "conduct": 17,
                    "opinion": "Theo kết quả chung",
                }
            },
        )
        office.approve("C-01", {"P-02": {"decision": "Phê duyệt", "by_paper": "DS-01"}})
        _press(office, 14)
        if week == "2025-W23":
            office.say("close", week, "--yes")
    office.moment = datetime(2025, 6, 14, 8)
    office.say("reopen", "2025-W23", "--reason", "Bổ sung phiếu nộp muộn")
    office.week = "2025-W23"
    office.fill("P-03", self_quality=31)
    office.consolidate_at(datetime(2025, 6, 14, 9))
    office.moment = datetime(2025, 6, 14, 10)
    for week in ("2025-W23", "2025-W24"):
        office.say("close", week, "--yes")
    _begin(office, "2025-W25")
    office.hand_in("V1-03", "P-02")
    office.in_time(office.fill("P-03", status="Đang soạn"))
    _press(office, 10)
    office.scored("V1-03")
    _press(office, 11)
    return office


def decree(folder: Path) -> LittleOffice:
    """Three weeks of March 2026 under Decree 335, and what a leader entered for the month, which is closed."""
    office = _made(folder, 'rulebook = "cv-8679-2025"', 'rulebook = "nd-335-2025"')
    for week in ("2026-W10", "2026-W11", "2026-W12"):
        _begin(office, week)
        office.hand_in("V1-03", "V1-04", "V1-02")
        _press(office, 10)
        office.scored("V1-03", "V1-04", "V1-02")
        _press(office, 11)
        if week != "2026-W12":
            office.approved("V1-03", "V1-04")
            _press(office, 12)
            office.say("close", week, "--yes")
    office.say("roll-up", "2026-03", code=None)
    path = office.share / "periods" / "2026-03_V1-02_tieu-chi.xlsx"
    book = openpyxl.load_workbook(path)
    for row, code in enumerate([cell.value for cell in cells(book, "ev_period_person")]):
        if code in ("V1-03", "V1-04"):
            for name, value in {"common": 27, "note": "Cần bồi dưỡng về pháp chế", "decision": "Đã ghi"}.items():
                cells(book, f"ev_period_{name}")[row].value = value
    book.save(path)
    office.moment = datetime(2026, 4, 1, 9)
    office.say("roll-up", "2026-03", code=None)
    office.say("close", "2026-03", "--yes")
    return office


def _made(folder: Path, before: str, after: str) -> LittleOffice:
    office = make_little_office(folder)
    settings = office.folder / "office.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    return office


def _begin(office: LittleOffice, week: str) -> None:
    office.week = week
    office.moment = datetime.combine(Week.parse(week).monday, datetime.min.time()) + timedelta(hours=8)
    office.issue_at(office.moment)


def _press(office: LittleOffice, hour: int) -> None:
    friday = Week.parse(office.week).monday + timedelta(days=4)
    office.moment = datetime.combine(friday, datetime.min.time()) + timedelta(hours=hour)
    office.consolidate_at(office.moment)


def _report(office: LittleOffice, unit: str) -> None:
    path = office.share / office.week / unit / "forms" / f"{office.week}_{unit}_tap-the.xlsx"
    typed = {
        "ev_self_quality": 35,
        "ev_self_progress": 35,
        "ev_self_conduct": 18,
        "ev_status": "Đã nộp",
        "ev_task_name": ["Kế hoạch quý III"],
    }
    office.in_time(
        type_into(
            path,
            typed
            | {"ev_task_status": ["Hoàn thành"], "ev_task_product": ["Kế hoạch"], "ev_task_evidence": ["12-KH/V1"]},
        )
    )


_DRAWN = ("lock", "_tong-hop.xlsx")  # made again from the ledger, and large


def _is_kept(parts: tuple[str, ...], last: str) -> bool:
    """The office folder, and of the share the last week, in which people are at work, and what leaders enter for periods."""
    return parts[0] != "shared" or len(parts) == 2 or parts[1] == last or parts[-1].endswith("_tieu-chi.xlsx")


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


SHAPES: dict[str, Callable[[Path], LittleOffice]] = {"letter": letter, "decree": decree}


def freeze(name: str, shape: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        office = SHAPES[shape](Path(folder) / "office").folder
        last = max(path.name for path in (office / "shared").glob("20*"))
        with tarfile.open(HERE / f"{name}.tar.xz", "x:xz") as package:
            for path in sorted(office.rglob("*")):
                if (
                    path.is_file()
                    and not path.name.endswith(_DRAWN)
                    and (_is_kept(path.relative_to(office).parts, last))
                ):
                    package.add(path, path.relative_to(office.parent), filter=_anonymous)
        told = figures(office, Path(folder) / "export")
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
    (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    freeze(*sys.argv[1:])
