"""The pages to sign: one per person and week, and one per unit that reports itself. A check code on each leads from the paper back to the ledger.

Each page is recorded as an event. So the reader of the paper can ask what the page said and whether that is still valid. A page with the same contents is the
same page: it has the same code and is no new event.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalxl.domain.errors import EvalxlError
from evalxl.domain.evaluation.scoring import shown
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.evaluation.work_items import REPORTED
from evalxl.domain.history.events import PageEvent
from evalxl.domain.history.history import PersonWeek
from evalxl.domain.names import unit_of_subject
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import Week
from evalxl.excel.drawing_pool import drawing_pool
from evalxl.forms.kind import MASTER
from evalxl.records import folders
from evalxl.records.publish import Published, publish_all
from evalxl.steps.office.office import Batch, Clock, Office
from evalxl.steps.office.places import place_of, take_former_away
from evalxl.steps.office.write_session import at_work
from evalxl.steps.views.explain import NoSuchCodeError
from evalxl.steps.views.week_view import WeekSituation, known_row, row_of, unit_row_of, week_view

if TYPE_CHECKING:
    from evalxl.excel.masters.result_sheet import SignedPage

_SECONDS_A_PAGE = 0.006


class NoSuchCheckCodeError(EvalxlError):
    """No page with this check code was ever made."""

    key = "slip.no_such_check_code"


class CheckCodeOrWeekError(EvalxlError):
    """Neither a check code nor a week was given to explain."""

    key = "slip.check_code_or_week"


@dataclass(frozen=True, slots=True)
class ResultSheet:
    """A page, and its path."""

    week: Week
    code: str
    check: str
    version: int
    file: Published


@dataclass(frozen=True, slots=True)
class Resolved:
    """The page of a check code as it was made, and the person's week as it is now."""

    check: str
    week: Week
    code: str
    version: int
    made_at: datetime
    made_by: str
    said: dict[str, Any]
    says_now: dict[str, Any]
    event: int
    rules: RuleBook

    @property
    def stands(self) -> bool:
        """Whether the page still agrees with the ledger."""
        return self.said == self.says_now


def result_sheet(office: Office, week: Week, code: str, clock: Clock) -> ResultSheet:
    """Make the page of one person or unit. A unit's code is `unit:VP` if a person also has the code `VP`.

    Raises:
        NotIssuedError, NoSuchCodeError: the ledger knows nothing of the week, or of the person or unit in it.
    """
    with at_work(office, clock):
        situation = week_view(office, week, clock.now.astimezone(office.settings.zone).date())
        row = known_row(office, situation.view, code)
        if row is None:
            raise NoSuchCodeError(code=code, week=week)
        return write_result_sheets(office, situation, [row], clock)[0]


def pages_due(results: Iterable[Result], unit_results: Iterable[Result]) -> tuple[Result, ...]:
    """The rows that get a page: everybody to be evaluated, and the units that have reported."""
    return (*results, *(row for row in unit_results if row.state in REPORTED))


def write_result_sheets(office: Office, seen: WeekSituation, rows: Iterable[Result], clock: Clock) -> list[ResultSheet]:
    """Write the pages of some people of a week. The caller must hold the lock."""
    rows = list(rows)
    batch = Batch(office, clock)
    book_pages(batch, seen.view.week, rows, seen.rules)
    batch.write(str(seen.view.week))
    return draw_pages(office, seen, rows)


def book_pages(batch: Batch, week: Week, rows: Iterable[Result], rules: RuleBook) -> None:
    """Record the pages that were not made before."""
    week_history = batch.office.history.week(week)
    for row in rows:
        said = contents(row, rules.stamp)
        check = check_code(said)
        if check not in week_history.person(row.code).pages:
            batch.add(PageEvent(subject=row.code, check=check, said=said), week)


def draw_pages(office: Office, seen: WeekSituation, rows: Iterable[Result]) -> list[ResultSheet]:
    """Write pages that are recorded."""
    from evalxl.excel.masters.result_sheet import draw_page  # XlsxWriter is slow to import

    week, pages = seen.view.week, list(_pages(office, seen, rows))
    paths = [_path(office, week, page.row) for page in pages]
    pool = office.drawing_pool or drawing_pool(office.settings.workers)
    common = (seen.view.without_rows, office.lang, MASTER)
    with closing(pool(draw_page, common, pages, _SECONDS_A_PAGE)) as drawn:
        published = publish_all(zip(paths, drawn, strict=True), office.keeper)
    take_former_away(office, paths)
    return [
        ResultSheet(week, page.row.code, page.check, page.version, file)
        for page, file in zip(pages, published, strict=True)
    ]


def _pages(office: Office, seen: WeekSituation, rows: Iterable[Result]) -> Iterator[SignedPage]:
    """The recorded pages of these people, each with the time when it was first made."""
    from evalxl.excel.masters.result_sheet import SignedPage

    week_history, ledger = office.history.week(seen.view.week), office.ledger
    for row in rows:
        check = check_code(contents(row, seen.rules.stamp))
        recorded = week_history.person(row.code).pages
        if check in recorded:
            seq = recorded[check]
            made_at = datetime.fromisoformat(ledger.events[seq - 1]["at"])
            yield SignedPage(row, check, list(recorded).index(check) + 1, ledger.head_after(seq), made_at)


def _path(office: Office, week: Week, row: Result) -> Path:
    where = (office.settings, office.folder, week, row.unit)
    unit = bool(unit_of_subject(row.code))
    path = folders.unit_result_sheet_path(*where) if unit else folders.result_sheet_path(*where, row.code)
    return place_of(office, week, path)


def contents(row: Result, rulebook: str) -> dict[str, Any]:
    """Everything on a page that a signature confirms."""
    stages = {"self": row.self_scores, "scored": row.scored, "approved": row.approved}
    said: dict[str, Any] = {
        "week": str(row.week),
        "code": row.code,
        "rulebook": rulebook,
        "unit": row.unit,
        "scorer": row.scorer,
        "approver": row.approver,
        "state": row.state,
        "basis": row.basis,
        "band": row.band,
        "total": shown(row.counted_total) if row.counted_total is not None else "",
        **{stage: scores.as_record() for stage, scores in stages.items()},
        **{name: getattr(row, name) for name in ("comment", "explanation", "opinion", "reply", "conduct_note")},
        **{name: getattr(row, name) for name in ("difficulties", "proposals", "breach", "breach_note")},
        "tasks": [
            [task.name, task.standing, task.product, task.evidence, str(task.due or ""), str(task.finished or "")]
            for task in row.tasks
        ],
    }
    return said


def check_code(said: dict[str, Any]) -> str:
    """Eight characters of the contents' SHA-256: capital letters and the digits 2 to 7, which are not mistaken for one another."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return base64.b32encode(hashlib.sha256(text).digest())[:8].decode()


def resolve(office: Office, check: str, today: date) -> Resolved:
    """The page of a check code.

    Raises:
        NoSuchCheckCodeError: no page has it.
    """
    asked = check.strip().upper().replace("-", "").replace(" ", "")
    event = office.ledger.page(asked)
    if event is None:
        raise NoSuchCheckCodeError(check=check)
    week = Week.parse(event["week"])
    situation = week_view(office, week, today)
    find = unit_row_of if unit_of_subject(event["subject"]) else row_of
    row = find(situation.view, event["subject"])
    person = office.history.week(week).known(event["subject"]) or PersonWeek(event["subject"])
    return Resolved(
        check=asked,
        week=week,
        code=event["subject"],
        version=list(person.pages).index(asked) + 1,
        made_at=datetime.fromisoformat(event["at"]),
        made_by=event.get("by", ""),
        said=dict(event["said"]),
        says_now=json.loads(json.dumps(contents(row, situation.rules.stamp))) if row is not None else {},
        event=event["seq"],
        rules=situation.rules,
    )
