"""Sample weeks: believable `WeekView` values, as large as a test asks for, equal whenever they are made."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import evalxl
from evalxl.domain.evaluation.scoring import Scores
from evalxl.domain.evaluation.week_view import (
    Basis,
    Missing,
    PositionLine,
    Result,
    RunLine,
    State,
    UnitPoint,
    Warning,
    WeekView,
)
from evalxl.domain.findings import Finding
from evalxl.domain.rulebook import RuleBook, read_rulebook
from evalxl.domain.weeks import Week
from tests.standard_parts import in_parts

WEEK = Week(2025, 23)
AFTER_A_TRIP = datetime(2025, 6, 11, 17)  # somebody's own deadline

UNITS = (
    ("LDB", "Lãnh đạo Ban, thư ký, trợ lý"),
    ("VP", "Văn phòng"),
    ("TH", "Vụ Tổng hợp"),
    ("CB", "Vụ Tổ chức - Cán bộ"),
    ("DN", "Vụ Cơ sở đảng, đảng viên"),
    ("CN", "Cục Chuyển đổi số và Bảo vệ thông tin nội bộ"),
)

_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô")
_MIDDLE = ("Văn", "Thị", "Minh", "Thị Hồng", "Đức", "Ngọc", "Quỳnh", "Hữu")
_GIVEN = (
    "Ánh",
    "Bảo",
    "Cẩm",
    "Dũng",
    "Đào",
    "Hòa",
    "Khuê",
    "Lượng",
    "Mỹ",
    "Nghĩa",
    "Phượng",
    "Quý",
    "Sương",
    "Uyên",
    "Ỷ",
)
_TITLES = (
    ("director", "Vụ trưởng"),
    ("deputy_director", "Phó Vụ trưởng"),
    ("division_head", "Trưởng phòng"),
    ("official", "Chuyên viên chính"),
    ("official", "Chuyên viên"),
    ("employee", "Nhân viên văn thư - lưu trữ"),
)
_STATES: tuple[State, ...] = (
    "approved",
    "approved",
    "approved",
    "scored",
    "approved",
    "submitted",
    "approved",
    "not_submitted",
    "approved",
    "absent",
    "approved",
    "returned",
    "approved",
    "draft",
    "approved",
    "invalid",
)


def rules() -> RuleBook:
    """The rule book that is shipped."""
    path = Path(evalxl.__file__).parent / "rulebooks" / "cv-8679-2025.toml"
    return read_rulebook(path.read_bytes(), path.name)


def scores(quality: str, progress: str, conduct: str) -> Scores:
    return in_parts(Decimal(quality), Decimal(progress), Decimal(conduct))


def person(place: int, state: State, units: tuple[tuple[str, str], ...] = UNITS) -> Result:
    """The result of the person at a place of the list, with the scores that belong to the state."""
    unit, unit_name = units[place % len(units)]
    rank, title = _TITLES[min(place // len(units), 3) if place < 4 * len(units) else 3 + place % 3]
    # Numbers that jump about without a generator: the same everywhere.
    jump = place * 37 % 23
    own = scores(str(Decimal(40) - Decimal(jump) / 2), str(40 - jump * 7 % 13), str(20 - jump % 6))
    given = scores(str(Decimal(39) - Decimal(jump) / 2), str(39 - jump * 7 % 13), str(20 - jump % 6))
    result = Result(
        week=WEEK,
        code=f"{unit}-{place:04d}",
        name=f"{_FAMILY[place % 10]} {_MIDDLE[place * 3 % 8]} {_GIVEN[place * 7 % 15]}",
        unit=unit,
        unit_name=unit_name,
        title=title,
        rank=rank,
        position="",
        scorer="VP-0001",
        approver="TH-0002",
        state=state,
        form=f"{unit}/forms/2025-W23_{unit}-{place:04d}_ten.xlsx",
    )
    if state == "absent":
        return replace(result, absence="leave", form="")
    if state in ("not_submitted", "draft", "invalid"):
        return result
    if state == "submitted":
        return _counted(replace(result, self_scores=own), own, "self")
    if state == "returned":
        return _counted(replace(result, self_scores=own, reason="Chưa nêu minh chứng của nhiệm vụ 03."), own, "self")
    result = replace(result, self_scores=own, scored=given, scoring=f"{unit}/scoring/2025-W23_VP-0001.xlsx")
    if state == "scored":
        return _counted(result, given, "scored")
    return _counted(replace(result, approved=given), given, "approved")


def _counted(result: Result, counted: Scores, basis: Basis) -> Result:
    total = counted.total
    assert total is not None
    flags = () if basis == "approved" else ("provisional",)
    if total > 92:
        flags = ("late", "adjusted", *flags)
    return replace(result, counted_total=total, band=rules().band_for(total).code, basis=basis, flags=flags)


def week_of(people: int = 60, units: int = 6, weeks: int = 8, state: State | None = None) -> WeekView:
    """A week of an office: so many people in so many units, with means of so many weeks."""
    taken = tuple(
        (f"{code}{n // 6 or ''}", name if n < 6 else f"{name} {n // 6 + 1}")
        for n in range(units)
        for code, name in [UNITS[n % 6]]
    )
    if units == 1:
        taken = (UNITS[1],)
    results = tuple(
        sorted(
            (person(n, state or _STATES[n % len(_STATES)], taken) for n in range(people)),
            key=lambda result: [code for code, _ in taken].index(result.unit),
        )
    )
    trend = []
    for back in range(weeks):
        week = WEEK.after(-back)
        for n, (code, _) in enumerate(taken):
            counted = 0 if (n + back) % 11 == 10 else 10
            trend.append(UnitPoint(code, week, (Decimal("71.25") + (n * 31 + back * 17) % 23) * counted, counted))
        trend.append(UnitPoint("", week, (Decimal("84.5") - back * 13 % 5) * 10 * units, 10 * units))
    return WeekView(
        week=WEEK,
        office="Ban Tổ chức Cán bộ Trung ương",
        parent="Ban Chấp hành Trung ương",
        unit="",
        unit_name="",
        rules=rules(),
        units=taken,
        results=results,
        missing=_missing(results),
        findings=(),
        warnings=_warnings(results),
        positions=_positions(),
        trend=tuple(trend),
        log=(
            RunLine(
                "Đọc 58 tệp: 51 phiếu được ghi nhận, 2 tệp có lỗi, 1 bản trùng.", "58 files read: 51 forms accepted."
            ),
            RunLine("Cập nhật 6 bảng chấm điểm, 4 bảng phê duyệt.", "6 scoring and 4 approval workbooks refreshed."),
        ),
        people={result.code: result.name for result in results},
        deadlines={
            "self": datetime(2025, 6, 6, 17),
            "score": datetime(2025, 6, 9, 12),
            "approve": datetime(2025, 6, 9, 17),
        },
        head="9f2c7be1d04a88e3551c6a7f0b9d2e4411aa0c5d7e8f90123456789abcdef012",
        closed=False,
        recorded_at=datetime(2025, 6, 9, 11, 5),
        place="Hà Nội",
    )


def empty_week() -> WeekView:
    """A week in which nothing came back yet, the first one of the office."""
    view = week_of(state="not_submitted", weeks=0)
    return replace(view, recorded_at=None, head="", log=(), warnings=(), positions=(), trend=())


def unit_part(view: WeekView, unit: str) -> WeekView:
    """The unit's part of an office's week."""
    codes = {result.code for result in view.results if result.unit == unit}
    return replace(
        view,
        unit=unit,
        unit_name=dict(view.units)[unit],
        units=tuple(entry for entry in view.units if entry[0] == unit),
        results=tuple(result for result in view.results if result.code in codes),
        missing=tuple(each for each in view.missing if each.code in codes),
        findings=tuple(each for each in view.findings if each.code in codes),
        warnings=tuple(each for each in view.warnings if each.code in codes),
        trend=tuple(point for point in view.trend if point.unit in (unit, "")),
    )


def with_findings(view: WeekView, findings: tuple[Finding, ...]) -> WeekView:
    return replace(view, findings=findings, units_of={result.code: result.unit for result in view.results})


def _missing(results: tuple[Result, ...]) -> tuple[Missing, ...]:
    steps = {"not_submitted": "self", "draft": "self", "invalid": "self", "submitted": "score", "scored": "approve"}
    return tuple(
        Missing(
            result.code,
            steps[result.state],  # type: ignore[arg-type]
            f"state.{result.state}",
            result.code if steps[result.state] == "self" else result.scorer,
            AFTER_A_TRIP if result.state == "draft" else None,
        )
        for result in results
        if result.state in steps
    )


def _warnings(results: tuple[Result, ...]) -> tuple[Warning, ...]:
    evidence = (
        "Tuần 22: 2 nhiệm vụ quan trọng chưa hoàn thành (rà soát hồ sơ nhân sự; tham mưu quy chế làm việc), theo người đánh giá.",
        "Tuần 23: 3 nhiệm vụ quan trọng chưa hoàn thành; đi làm muộn ngày 03/6 và 05/6/2025 (Nội quy cơ quan, Điều 5).",
    )
    return tuple(
        Warning(
            code=result.code,
            kind="warning" if n % 2 else "watch",
            first_week=WEEK.after(-2) if n == 1 else WEEK.after(-1),
            second_week=WEEK,
            evidence=evidence[: 1 + n % 2],
            talk_with=(results[0].code,) if n % 2 else (),
            skipped=(WEEK.after(-1),) if n == 1 else (),
        )
        for n, result in enumerate(results[7::17])
    )


def _positions() -> tuple[PositionLine, ...]:
    return tuple(
        PositionLine(
            code, name, people, 4 * people, 3 * people, Decimal("3.5") * people, 3 * people, 2 * people, people, 1
        )
        for code, name, people in (
            ("VT01", "Chuyên viên tổng hợp", 9),
            ("VT02", "Chuyên viên về tổ chức bộ máy", 12),
            ("VT03", "Văn thư, lưu trữ", 4),
            ("", "", 2),
        )
    )
