"""Issued workbooks with drawn contents, equal whenever they are made: what long runs re-save, alter and move.

Their texts are those that people and offices write, awkward ones among them; what is typed into them is what a careful person would type, so that
nothing is to be found in them but what a program or a forger did.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import Any

from evalxl.excel.returned.examine import WeekBooks
from evalxl.excel.returned.reading import read_workbook
from evalxl.excel.stamping.stamp import Stencil
from evalxl.forms import kinds
from evalxl.forms.binding import stamp_values
from evalxl.forms.comparison.issued import Issued, Template
from evalxl.forms.kind import WorkbookKind, used_rows
from evalxl.forms.values import LinkTarget, encode
from evalxl.records.package_files import shipped
from tests.standard_parts import FIELDS

WEEK = "2025-W24"
MONDAY = date(2025, 6, 9)

_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Đỗ", "Đặng", "Bùi", "Ngô", "Vũ", "Ỷ")
_GIVEN = ("An", "Ánh", "Hòa", "Hoà", "Thủy", "Thuỷ", "Đông", "Ơn", "Quỳnh", "Ưng", "Yến", "Nghĩa")
_TASKS = (
    "Tham mưu báo cáo tuần",
    "- Soạn tờ trình về công tác cán bộ",
    "+ Họp giao ban",
    "Rà soát văn bản (đợt 2)",
    "Chuẩn bị hội nghị\n- phòng họp\n- tài liệu",
    "Việc & <thẻ> \"trích\" 'dẫn'",
    "=Tổng hợp số liệu",
    "@ban hành quy chế",
    "5S nơi làm việc",
    "12/6 họp tổ",
    "0012",
    "TRUE",
    "Kế hoạch   quý III",
    "Điểm A1: trả lời đơn thư…",
)
_PRODUCTS = ("Báo cáo số 12-BC/VP", "Tờ trình", "1.5", "Danh mục\n2 trang", "http://noi-bo/van-ban/12", "-")


@dataclass(frozen=True)
class Drawn:
    """One workbook as it went out.

    Attributes:
        data: Its bytes.
        event: The event of its issue.
        fill: What a careful person types into it, by name: a value, or a list down the column (None leaves a cell).
    """

    kind: WorkbookKind
    data: bytes
    event: dict[str, Any]
    values: dict[str, Any]
    fill: dict[str, Any]

    @property
    def issued(self) -> Issued:
        return Issued(template(self.kind), self.values, frozenset(self.event["given"]))


@cache
def stencil(kind: WorkbookKind) -> Stencil:
    return Stencil((shipped("templates") / f"{kind.name}.xlsx").read_bytes(), kind)


@cache
def template(kind: WorkbookKind) -> Template:
    return Template.of(kind, read_workbook((shipped("templates") / f"{kind.name}.xlsx").read_bytes(), blanks=True))


def drawn(kind: WorkbookKind, seed: int) -> Drawn:
    """One of many workbooks of a kind."""
    draw = random.Random(f"{kind.name} {seed}")
    subject = f"V{seed % 9}-{seed:03d}"
    values, fill, given = {
        kinds.FORM: _form,
        kinds.UNIT_FORM: _form,
        kinds.SCORING: _scoring,
        kinds.APPROVAL: _approval,
        kinds.FOLLOW_UP: _register,
        kinds.PERIOD_INPUT: _period,
    }[kind](draw, subject)
    names = {entry.name for entry in FIELDS[kind]}
    values = {name: value for name, value in values.items() if name in names}
    event: dict[str, Any] = {
        "workbook": kind.name,
        "form_id": sha256(f"{kind.name} {seed}".encode()).hexdigest()[:32],
        "week": WEEK,
        "subject": subject,
        "template": sha256(kind.name.encode()).hexdigest(),
        "rulebook": "cv-8679-2025@drawn",
        "rules": sha256(b"rules").hexdigest(),
        "seal": sha256(f"seal {seed}".encode()).hexdigest(),
        "values": {name: encode(value) for name, value in values.items()},
        "given": given,
        "origins": {f"{row + 1:02d}": "given" for row in given},
        "basis": dict.fromkeys(values.get("ev_row_person", ()), 1),
    }
    stamp = stamp_values(event)
    stamped = values | {f"ev_stamp_{name}": value for name, value in stamp.items()}
    properties = {f"evalxl.{name}": value for name, value in stamp.items()}
    data = stencil(kind).stamp(stamped, properties, given, used_rows(kind, values))
    return Drawn(kind, data, event, stamped, fill)


def books_of(workbooks: Iterable[Drawn]) -> WeekBooks:
    """What a worker has to know to examine these workbooks."""
    events = [one.event for one in workbooks]
    rules = (shipped("rulebooks") / "cv-8679-2025.toml").read_bytes()
    templates = {
        sha256(kind.name.encode()).hexdigest(): (shipped("templates") / f"{kind.name}.xlsx").read_bytes()
        for kind in FIELDS
    }
    return WeekBooks(WEEK, {event["form_id"]: event for event in events}, templates, {events[0]["rules"]: rules})


def _name(draw: random.Random) -> str:
    return f"{draw.choice(_FAMILY)} {draw.choice(('Văn', 'Thị', 'Minh'))} {draw.choice(_GIVEN)}"


def _day(draw: random.Random) -> date:
    return MONDAY + timedelta(days=draw.randrange(14))


def _half(draw: random.Random, most: int) -> Decimal:
    return Decimal(draw.randrange(2 * most + 1)) / 2


def _form(draw: random.Random, subject: str) -> tuple[dict[str, Any], dict[str, Any], list[int]]:
    given = draw.randrange(4)
    own = draw.randrange(1, 8)
    values: dict[str, Any] = {
        "ev_unit_code": subject[:2],
        "ev_unit_name": "Vụ Tổ chức - Cán bộ",
        "ev_week": WEEK,
        "ev_week_shown": "Tuần 24 (từ ngày 09/6/2025 đến ngày 15/6/2025)",
        "ev_deadline": "17:00 13/6/2025",
        "ev_last_day": MONDAY + timedelta(days=4),
        "ev_head_nation": draw.choice(("", "ĐẢNG CỘNG SẢN VIỆT NAM")),
        "ev_place_date": "Hà Nội, ngày ..... tháng ..... năm ........",
        "ev_person_code": subject,
        "ev_person_name": _name(draw),
        "ev_person_title": "Chuyên viên",
        "ev_person_other_posts": draw.choice(("", "Phó Bí thư chi đoàn")),
        "ev_scorer_name": _name(draw),
        "ev_approver_name": _name(draw),
        "ev_list_task_code": [f"{number:03d}" for number in range(draw.randrange(1, 30))],
        "ev_list_complexity": ["Đơn giản", "Trung bình", "Phức tạp", "Rất phức tạp"],
        "ev_list_coefficient": [Decimal(1), Decimal("1.25"), Decimal("1.1"), Decimal("1.7")],
    }
    if given:
        values["ev_task_name"] = [draw.choice(_TASKS) for _ in range(given)]
        values["ev_task_important"] = [draw.choice(("Có", "Không")) for _ in range(given)]
        values["ev_task_due"] = [draw.choice((None, _day(draw))) for _ in range(given)]
    rows = given + own
    fill: dict[str, Any] = {
        "ev_self_quality": _half(draw, 40),
        "ev_self_progress": _half(draw, 40),
        "ev_self_conduct": _half(draw, 20),
        "ev_conduct_note": "- Chấp hành tốt giờ làm việc.\n- Không vắng họp.",
        "ev_difficulties": draw.choice((None, "- Thiếu người\n- Thiếu máy")),
        "ev_task_name": [None] * given + [draw.choice(_TASKS[:6]) for _ in range(own)],
        "ev_task_complexity": [draw.choice((None, "Trung bình", "Phức tạp")) for _ in range(rows)],
        "ev_task_assigned": [Decimal(draw.randrange(1, 9)) for _ in range(rows)],
        "ev_task_done": [Decimal(draw.randrange(9)) / 4 for _ in range(rows)],
        "ev_task_finished": [draw.choice((None, _day(draw))) for _ in range(rows)],
        "ev_task_status": [draw.choice(("Hoàn thành", "Hoàn thành trễ hạn", "Đang thực hiện")) for _ in range(rows)],
        "ev_task_product": [draw.choice(_PRODUCTS[:2]) for _ in range(rows)],
        "ev_task_evidence": [draw.choice(_PRODUCTS[3:5]) for _ in range(rows)],
        "ev_plan_name": [draw.choice(_TASKS[:4])],
        "ev_plan_due": [_day(draw)],
        "ev_status": "Đã nộp",
    }
    dues = [*values.get("ev_task_due", []), *[None] * own]
    for row, (status, due, day) in enumerate(zip(fill["ev_task_status"], dues, fill["ev_task_finished"], strict=True)):
        late = due is not None and day is not None and day > due
        if status == "Đang thực hiện" or (late and status == "Hoàn thành"):
            fill["ev_task_finished"][row] = None
    return values, fill, list(range(given))


def _head(draw: random.Random, subject: str) -> dict[str, Any]:
    return {
        "ev_book_owner": subject,
        "ev_book_owner_name": _name(draw),
        "ev_book_owner_title": "Vụ trưởng",
        "ev_book_week": WEEK,
        "ev_book_week_shown": "Tuần 24 (từ ngày 09/6/2025 đến ngày 15/6/2025)",
        "ev_book_deadline": "12:00 16/6/2025",
        "ev_book_others": [LinkTarget("Bảng phê duyệt", "../approval/2025-W24_V1-01_phe-duyet.xlsx")],
    }


def _scoring(draw: random.Random, subject: str) -> tuple[dict[str, Any], dict[str, Any], list[int]]:
    team = draw.randrange(2, 16)
    people = [f"{subject}-{number}" for number in range(team)]
    parts = [[_half(draw, most) for _ in people] for most in (40, 40, 20)]
    checks = [(person, f"{key:02d}") for person in people for key in range(1, draw.randrange(2, 5))]
    values = {
        **_head(draw, subject),
        "ev_row_person": people,
        "ev_row_name": [_name(draw) for _ in people],
        "ev_row_unit": ["Vụ Một" for _ in people],
        "ev_row_title": ["Chuyên viên" for _ in people],
        "ev_row_state": ["Đã nộp, chờ chấm" for _ in people],
        "ev_row_self_quality": parts[0],
        "ev_row_self_progress": parts[1],
        "ev_row_self_conduct": parts[2],
        "ev_row_self_total": [sum(row, Decimal(0)) for row in zip(*parts, strict=True)],
        "ev_row_link": [LinkTarget("Mở phiếu", f"../forms/2025-W24_{person}_a.xlsx") for person in people],
        "ev_score_decision": ["Chưa chấm" for _ in people],
        "ev_score_breach": ["Không" for _ in people],
        "ev_check_person": [person for person, _ in checks],
        "ev_check_key": [key for _, key in checks],
        "ev_check_name": [_name(draw) for _ in checks],
        "ev_check_task": [draw.choice(_TASKS) for _ in checks],
        "ev_check_said": ["Hoàn thành; quan trọng; hạn 13/6/2025" for _ in checks],
        "ev_check_product": [draw.choice(_PRODUCTS) for _ in checks],
    }
    fill = {
        "ev_score_quality": [_half(draw, 40) for _ in people],
        "ev_score_progress": [_half(draw, 40) for _ in people],
        "ev_score_conduct": [_half(draw, 20) for _ in people],
        "ev_score_comment": [draw.choice((None, "- Tốt", "Cần cố gắng\nhơn")) for _ in people],
        "ev_score_decision": ["Đã chấm" for _ in people],
        "ev_check_recognised": [draw.choice((None, "Có", "Không")) for _ in checks],
        "ev_check_faults": [Decimal(draw.randrange(3)) for _ in checks],
        "ev_assign_person": [people[0]],
        "ev_assign_task": ["Chuẩn bị hội nghị"],
        "ev_assign_due": [_day(draw)],
    }
    return values, fill, []


def _approval(draw: random.Random, subject: str) -> tuple[dict[str, Any], dict[str, Any], list[int]]:
    people = [f"{subject}-{number}" for number in range(draw.randrange(2, 40))]
    parts = [[_half(draw, most) for _ in people] for most in (40, 40, 20)]
    values = {
        **_head(draw, subject),
        "ev_row_person": people,
        "ev_row_name": [_name(draw) for _ in people],
        "ev_row_unit": ["Vụ Một" for _ in people],
        "ev_row_state": ["Đã chấm, chờ phê duyệt" for _ in people],
        "ev_row_self_total": [Decimal(draw.randrange(400)) / 4 for _ in people],
        "ev_row_score_quality": parts[0],
        "ev_row_score_progress": parts[1],
        "ev_row_score_conduct": parts[2],
        "ev_row_score_total": [sum(row, Decimal(0)) for row in zip(*parts, strict=True)],
        "ev_row_comment": [draw.choice(_TASKS) for _ in people],
        "ev_approve_decision": ["Chưa phê duyệt" for _ in people],
        "ev_approve_all": "Không",
    }
    fill = {
        "ev_approve_decision": [draw.choice(("Phê duyệt", "Trả lại")) for _ in people],
        "ev_approve_opinion": [f"Ý kiến {number}" for number, _ in enumerate(people)],
    }
    return values, fill, []


def _register(draw: random.Random, subject: str) -> tuple[dict[str, Any], dict[str, Any], list[int]]:
    people = [f"{subject}-{number}" for number in range(draw.randrange(2, 8))]
    values: dict[str, Any] = {
        "ev_book_week": WEEK,
        "ev_book_week_shown": "Tuần 24 (từ ngày 09/6/2025 đến ngày 15/6/2025)",
        "ev_follow_person": people,
        "ev_follow_name": [_name(draw) for _ in people],
        "ev_follow_unit": ["Vụ Một" for _ in people],
        "ev_follow_kind": ["Cần trao đổi" for _ in people],
        "ev_follow_first_week": ["2025-W23" for _ in people],
        "ev_follow_second_week": [WEEK for _ in people],
        "ev_follow_evidence": [draw.choice(_TASKS) for _ in people],
        "ev_follow_talk_with": ["Đại diện Văn phòng\nLê Đình Ẩn" for _ in people],
        "ev_follow_state": ["Mới" for _ in people],
        "ev_difficulty_key": [f"D{number:09d}" for number, _ in enumerate(people)],
        "ev_difficulty_unit": ["Vụ Một" for _ in people],
        "ev_difficulty_person": people,
        "ev_difficulty_name": [_name(draw) for _ in people],
        "ev_difficulty_kind": ["Khó khăn, vướng mắc" for _ in people],
        "ev_difficulty_text": [draw.choice(_TASKS) for _ in people],
        "ev_difficulty_state": ["Mới" for _ in people],
    }
    fill = {
        "ev_follow_talk_date": [_day(draw) for _ in people],
        "ev_follow_took_part": ["Đại diện Văn phòng, Vụ trưởng, cán bộ" for _ in people],
        "ev_follow_measures": [draw.choice(("- Báo cáo hằng ngày", "Đôn đốc\nhằng tuần")) for _ in people],
        "ev_follow_deadline": [_day(draw) for _ in people],
        "ev_follow_state": ["Đã trao đổi" for _ in people],
        "ev_difficulty_answer": ["- Đã nâng cấp đường truyền" for _ in people],
        "ev_difficulty_state": ["Đã trả lời" for _ in people],
    }
    return values, fill, []


def _period(draw: random.Random, subject: str) -> tuple[dict[str, Any], dict[str, Any], list[int]]:
    people = [f"{subject}-{number}" for number in range(draw.randrange(2, 16))]
    values: dict[str, Any] = {
        "ev_book_owner": subject,
        "ev_book_owner_name": _name(draw),
        "ev_period": "2025-06",
        "ev_period_shown": "Tháng 6 năm 2025",
        "ev_period_person": people,
        "ev_period_name": [_name(draw) for _ in people],
        "ev_period_title": ["Chuyên viên" for _ in people],
        "ev_period_unit": ["Vụ Một" for _ in people],
        "ev_period_weeks": [Decimal(4) for _ in people],
        "ev_period_mean": [Decimal(draw.randrange(200, 400)) / 4 for _ in people],
        "ev_period_decision": ["Chưa ghi" for _ in people],
    }
    fill = {
        "ev_period_common": [_half(draw, 30) for _ in people],
        "ev_period_note": [draw.choice((None, "- Có khả năng tham mưu")) for _ in people],
        "ev_period_decision": ["Đã ghi" for _ in people],
    }
    return values, fill, []
