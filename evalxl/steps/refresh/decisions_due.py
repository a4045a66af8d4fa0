"""The scoring and approval workbooks of a week as they should be now: whose rows each has, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from evalxl.domain.evaluation.row_requirements import far_apart
from evalxl.domain.evaluation.scoring import shown
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.history.history import WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.week.approval_order import exceptions_first
from evalxl.forms import kinds
from evalxl.forms.kind import WorkbookKind
from evalxl.forms.rows import row_keys
from evalxl.forms.values import LinkTarget
from evalxl.steps.office.capacity import most_rooms, rooms_for
from evalxl.steps.office.office import Office
from evalxl.steps.refresh.decision_sheet_values import booked_values
from evalxl.steps.refresh.delegated_rows import said_of_delegations
from evalxl.steps.refresh.task_view_values import task_view_values
from evalxl.steps.refresh.week_to_draw import WeekToDraw, WorkbookToDraw
from evalxl.steps.refresh.workbook_values import (
    approval_basis,
    approval_values,
    link_to,
    scoring_values,
    versions_shown,
)
from evalxl.words import Lang, as_read, say


def scoring_due(now: WeekToDraw) -> Iterator[WorkbookToDraw]:
    """The scoring workbooks of a week as they should be now."""
    office, kind = now.office, kinds.SCORING
    links = {row.code: office.absolute(row.form) for row in now.rows if row.form}
    most = most_rooms(office.folder, office.lang, kind)
    for owner, team in now.teams[kind].items():
        path, rows = now.at[(kind, owner)], [now.by_code[member.code] for member in team][: most["team"]]
        values = scoring_values(
            now.settings,
            now.rules,
            now.organisation,
            now.this,
            owner,
            rows,
            links,
            path,
            most,
            office.lang,
            now.refused,
        )
        _add_what_both_have(values, now, kind, owner, rows)
        yield WorkbookToDraw(kind, owner, path, values, {"versions": versions_shown(now.this, rows)})


def approval_due(now: WeekToDraw) -> Iterator[WorkbookToDraw]:
    """The approval workbooks of a week as they should be now."""
    office, kind = now.office, kinds.APPROVAL
    links = {row.code: office.absolute(row.form) for row in now.rows if row.form}
    most = most_rooms(office.folder, office.lang, kind)
    for owner, team in now.teams[kind].items():
        rows = [now.by_code[member.code] for member in team][: most["approvals"]]
        rows = _as_begun(now.this, owner, exceptions_first(rows, now.this, now.rules, now.said))
        values = approval_values(
            now.settings, now.rules, now.organisation, now.this, owner, rows, office.lang, now.refused
        )
        _add_what_both_have(values, now, kind, owner, rows)
        values["ev_row_link"] = [
            link_to(links.get(row.code), now.at[(kind, owner)], say("book.open_form", office.lang)) for row in rows
        ]
        values["ev_row_state"] = [
            ". ".join(filter(None, ("; ".join(exceptions(row, now, office.lang)), state)))
            for row, state in zip(rows, values["ev_row_state"], strict=True)
        ]
        values |= task_view_values(now.this, rows, most.get("task_views", 0), office.lang)
        yield WorkbookToDraw(kind, owner, now.at[(kind, owner)], values, {"basis": approval_basis(now.this, rows)})


def exceptions(row: Result, now: WeekToDraw, lang: Lang) -> Iterator[str]:
    """What an approver looks at first in a row, in words: the reasons for its place in the list."""
    total, reasons = row.scored.total, now.rules.reasons
    if total is not None and total < reasons.comment_below:
        yield say("book.exception_low", lang, points=as_read(shown(reasons.comment_below), lang))
    if total is not None and total >= reasons.comment_from:
        yield say("book.exception_high", lang, points=as_read(shown(reasons.comment_from), lang))
    if row.self_scores.total is not None and (part := far_apart(row.scored, row.self_scores, now.rules)):
        given, own = row.scored.part(part.code), row.self_scores.part(part.code)
        if given is not None and own is not None:
            yield say("book.exception_apart", lang, points=as_read(shown(abs(given - own)), lang))
    if row.breach:
        yield say("book.exception_breach", lang)
    if row.code in now.said:
        yield say("book.exception_reply", lang)


def _add_what_both_have(
    values: dict[str, Any], now: WeekToDraw, kind: WorkbookKind, owner: str, rows: Sequence[Result]
) -> None:
    """Add delegations, links, people's replies, and what is booked in the owner's name."""
    office, step = now.office, kind.step
    assert step, kind
    rooms = rooms_for(office.folder, office.lang, kind, values)
    values |= said_of_delegations(values, now.organisation, now.week, owner, rows, step, now.today, office.lang)
    values["ev_book_others"] = _others(now.at, kind, owner, office)
    values["ev_row_reply"] = [now.said.get(row.code) for row in rows]
    values |= booked_values(
        office.settings, now.rules, now.organisation, now.week, now.made, kind, owner, rooms, office.lang
    )


def _as_begun(week_history: WeekHistory, owner: str, rows: list[Result]) -> list[Result]:
    """The rows in the order that the approver already sees, once the approver has begun to decide. So no row moves, and a cell that
    a finding names stays the same in the refreshed workbook. New rows come last.
    """
    book = week_history.book(kinds.APPROVAL.name, owner)
    if book.issue is None or not book.rows:
        return rows
    places = {code_key(key): place for place, key in enumerate(row_keys(book.issue.values, "approvals"))}
    return sorted(rows, key=lambda row: places.get(code_key(row.code), len(places)))


def _others(
    at: Mapping[tuple[WorkbookKind, str], Path], kind: WorkbookKind, owner: str, office: Office
) -> list[LinkTarget]:
    """Links to the owner's other workbooks of the week."""
    return [
        link_to(path, at[(kind, owner)], say(f"book.link_{other.name}", office.lang))
        for (other, who), path in at.items()
        if who == owner and other is not kind
    ]
