"""What is written into scoring and approval workbooks: a row per person, with everything that was typed in it so far.

No typed cell is lost: what was booked stands as it was booked, what was refused is put back as it was typed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path, PurePath
from typing import Any

from evalxl.domain.evaluation.scoring import Scores, Task, shown
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.findings import Finding
from evalxl.domain.history.events import ReturnedEvent
from evalxl.domain.history.history import PersonWeek, WeekHistory
from evalxl.domain.names import code_key, same_words, shown_code, unit_of_subject
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.rulebook import Part, RuleBook, ScoreLine
from evalxl.domain.versions.returned_workbooks import Issue, ReturnedWorkbook
from evalxl.domain.week.decision_log import Change, changed_since_approval
from evalxl.domain.weeks import Week, shown_date, shown_moment
from evalxl.forms import kinds
from evalxl.forms.comparison.issued import stamped
from evalxl.forms.fields import ADJUST, APPROVE, NO, NOT_APPROVED, NOT_SCORED, NOT_SEEN, SCORED, SEEN, SHOWN_LINE, YES
from evalxl.forms.kind import WorkbookKind, kind_named, table_named
from evalxl.forms.rows import ALL, open_names, put_back, read_row_choice
from evalxl.forms.values import EMPTY, LinkTarget, Typed, decode
from evalxl.records.settings import Settings
from evalxl.steps.booking.decision_context import booked_values, prefilled_names
from evalxl.steps.issue.form_values import due_text, letterhead
from evalxl.words import Lang, as_read, in_language, say


def _book_head(
    settings: Settings, organisation: Organisation, week: Week, owner: str, step: str, lang: Lang
) -> dict[str, Any]:
    post = organisation.post_on(owner, week.thursday)
    return {
        **letterhead(
            "ev_book_", "ev_book_parent", "ev_book_office", "ev_book_contact", "ev_book_place_date", settings, lang
        ),
        "ev_book_owner": owner,
        "ev_book_owner_name": organisation.name_of(owner),
        "ev_book_owner_title": post.title if post else "",
        "ev_book_week": str(week),
        "ev_book_week_shown": week.shown(lang),
        "ev_book_deadline": due_text(settings, organisation, week, step, None),
    }


def _row_head(rows: Sequence[Result], table: str, lang: Lang) -> dict[str, Any]:
    """Who stands in each row. A unit that is evaluated itself says so where others have their title."""

    def title(row: Result) -> str:
        return say("book.collective", lang) if unit_of_subject(row.code) else row.title or say(f"rank.{row.rank}", lang)

    return {
        "ev_row_person": [shown_code(row.code) for row in rows],
        "ev_row_name": [row.name for row in rows],
        "ev_row_unit": [row.unit for row in rows],
        "ev_row_title": [title(row) for row in rows],
        **_collectives(table_named(table).collective, [row.code for row in rows]),
    }


def _collectives(name: str, codes: Sequence[str]) -> dict[str, Any]:
    """Which rows are those of units; nothing where none is, as in an office whose units do not report."""
    said = [YES if unit_of_subject(code) else None for code in codes]
    return {name: said} if any(said) else {}


def scoring_values(
    settings: Settings,
    rules: RuleBook,
    organisation: Organisation,
    week_history: WeekHistory,
    owner: str,
    rows: Sequence[Result],
    links: Mapping[str, Path],
    at: Path,
    rooms: Mapping[str, int],
    lang: Lang,
    refused: Sequence[Finding] = (),
) -> dict[str, Any]:
    """What a manager's scoring workbook says: a row per person, with what was typed in it so far.

    Args:
        rows: The manager's team, in the order shown.
        links: Each person's form.
        at: Where the workbook will lie, which links are relative to.
        rooms: How many rows there can be at most for tasks that are checked, and for those that are given.
        refused: What this run found in typed rows: whoever typed a row that was not booked reads why beside it.
    """
    book = week_history.books.get((kinds.SCORING.name, code_key(owner))) or ReturnedWorkbook(kinds.SCORING.name, owner)
    values: dict[str, Any] = {
        **_book_head(settings, organisation, week_history.week, owner, "score", lang),
        **_row_head(rows, "team", lang),
        **_scores("ev_row_self", rules, [row.self_scores for row in rows]),
        "ev_row_link": [link_to(links.get(row.code), at, say("book.open_form", lang)) for row in rows],
    }
    if rules.parts:
        values |= {name: _at_once(book, kinds.SCORING, name) for name in kinds.SCORING.at_once}
        values["ev_row_again"] = [_came_back(week_history.known(row.code)) for row in rows]
    values |= _line_values(rows, rules)
    for name in open_names(kinds.SCORING, "team", rules):
        values[name] = [_open_cell(book, week_history, "team", row.code, name, rules) for row in rows]
    values["ev_row_state"] = [
        _with_why(
            _standing(week_history.known(row.code), row, lang, _text_of(comment)),
            _refused_of(book, "team", row.code, refused),
            lang,
        )
        for row, comment in zip(rows, values["ev_score_comment"], strict=True)
    ]
    for name, of in prefilled_names(rules).items():
        # What the person gives stands there until the manager types: nobody copies it by hand.
        values[name] = [
            value if value is not None or book.typed(("team", row.code), name) else _given_by_person(row, of)
            for row, value in zip(rows, values[name], strict=True)
        ]
    values["ev_score_decision"] = [
        _decision(book, row.code, _score_decision(week_history, row.code, rules), rules) for row in rows
    ]
    values |= _check_values(book, week_history, rows, rules, rooms["checks"], lang)
    for name in open_names(kinds.SCORING, "assignments", rules):
        typed = {
            int(key): put_back(Typed.from_record(cells[name].value), kinds.SCORING, name, rules)
            for (table, key), cells in book.rows.items()
            if table == "assignments" and name in cells
        }
        if typed:
            values[name] = [typed.get(number) for number in range(min(max(typed) + 1, rooms["assignments"]))]
    return values


def _given_by_person(row: Result, of: Part | ScoreLine) -> Decimal | None:
    return row.self_lines.get(of.key) if isinstance(of, ScoreLine) else row.self_scores.part(of.code)


def _line_values(rows: Sequence[Result], rules: RuleBook) -> dict[str, Any]:
    """The sheet of lines: the same people, with the points that they gave; nothing where no lines stand in the workbook."""
    lines = [line for part in rules.parts for line in part.lines_of_manager]
    if not lines:
        return {}
    return {
        "ev_line_person": [shown_code(row.code) for row in rows],
        "ev_line_name": [row.name for row in rows],
        **{
            f"{SHOWN_LINE}{line.key}": [row.self_lines.get(line.key) for row in rows]
            for line in lines
            if line.of_person
        },
    }


def rows_needed(week_history: WeekHistory, owner: str, rows: Sequence[Result]) -> dict[str, int]:
    """How many rows a manager's scoring workbook would need for tasks that are checked, and for those that are given."""
    book = week_history.books.get((kinds.SCORING.name, code_key(owner)))
    typed = book.rows.items() if book is not None else ()
    given = (
        int(key) + 1
        for (table, key), cells in typed
        if table == "assignments" and not all(Typed.from_record(cell.value).blank for cell in cells.values())
    )
    return {"checks": sum(len(row.tasks) for row in rows), "assignments": max(given, default=0)}


def _check_values(
    book: ReturnedWorkbook, week_history: WeekHistory, rows: Sequence[Result], rules: RuleBook, most: int, lang: Lang
) -> dict[str, Any]:
    pairs = [(row, task) for row in rows for task in row.tasks][:most]
    values: dict[str, Any] = {
        "ev_check_person": [shown_code(row.code) for row, _ in pairs],
        **_collectives(table_named("checks").collective, [row.code for row, _ in pairs]),
        "ev_check_name": [row.name for row, _ in pairs],
        "ev_check_key": [task.key for _, task in pairs],
        "ev_check_task": [task.name for _, task in pairs],
        "ev_check_said": [_said(task, _form_of(week_history, row.code), lang) for row, task in pairs],
        "ev_check_product": [_joined(task.product, task.evidence) for _, task in pairs],
        "ev_check_cause": [task.cause for _, task in pairs],
    }
    for name in open_names(kinds.SCORING, "checks", rules):
        values[name] = [_check_cell(book, week_history, row.code, task, name, rules) for row, task in pairs]
    return values


def _check_cell(
    book: ReturnedWorkbook, week_history: WeekHistory, code: str, task: Task, name: str, rules: RuleBook
) -> Any:
    typed = book.typed(("checks", f"{code}/{task.key}"), name)
    if typed is not None:
        back = Typed.from_record(typed.value)
        return None if back.blank else put_back(back, kinds.SCORING, name, rules)
    check = week_history.person(code).checks.get(task.key)
    if check is None or check.task != task.name:
        return None
    value = getattr(check, name.removeprefix("ev_check_"))
    return value if value not in ("", None) else None


def approval_values(
    settings: Settings,
    rules: RuleBook,
    organisation: Organisation,
    week_history: WeekHistory,
    owner: str,
    rows: Sequence[Result],
    lang: Lang,
    refused: Sequence[Finding] = (),
) -> dict[str, Any]:
    """What an approver's workbook says: a row per person, with what was typed in it so far.

    Args:
        refused: What this run found in typed rows: whoever typed a row that was not booked reads why beside it.
    """
    book = week_history.books.get((kinds.APPROVAL.name, code_key(owner))) or ReturnedWorkbook(
        kinds.APPROVAL.name, owner
    )
    values: dict[str, Any] = {
        **_book_head(settings, organisation, week_history.week, owner, "approve", lang),
        **_row_head(rows, "approvals", lang),
        "ev_row_self_total": [row.self_scores.total for row in rows],
        **_scores("ev_row_score", rules, [row.scored for row in rows]),
        "ev_row_band": [
            rules.band_for(total).name(lang) if (total := row.scored.total) is not None else "" for row in rows
        ],
        "ev_row_comment": [
            _joined(
                say("book.breach_first", lang, text=row.breach_note) if row.breach else "", row.comment, row.explanation
            )
            for row in rows
        ],
        "ev_row_breach": [row.breach_note if row.breach else "" for row in rows],
        "ev_row_scorer": [organisation.name_of(row.scorer) if row.scorer else "" for row in rows],
        "ev_approve_all": _at_once(book, kinds.APPROVAL, "ev_approve_all"),
    }
    for name in open_names(kinds.APPROVAL, "approvals", rules):
        values[name] = [_open_cell(book, week_history, "approvals", row.code, name, rules) for row in rows]
    values["ev_approve_decision"] = [_approve_decision(book, week_history, owner, row.code, rules) for row in rows]
    values["ev_row_state"] = [
        _with_why(
            _before_approval(week_history, organisation, settings, owner, row, rules, lang, _text_of(opinion)),
            _refused_of(book, "approvals", row.code, refused),
            lang,
        )
        for row, opinion in zip(rows, values["ev_approve_opinion"], strict=True)
    ]
    return values


def _refused_of(book: ReturnedWorkbook, table: str, code: str, refused: Sequence[Finding]) -> list[Finding]:
    """Why a row of this very workbook was not booked; another one may have a row of the same person."""
    cells = book.rows.get((table, code), {})
    files = {cell.file for cell in cells.values()} | ({book.issue.path} if cells and book.issue is not None else set())
    return [
        finding
        for finding in refused
        if finding.level in ("error", "warning") and code_key(finding.code) == code_key(code) and finding.file in files
    ]


def _with_why(state: str, refused: Sequence[Finding], lang: Lang) -> str:
    why = " ".join(dict.fromkeys(f"{finding.message(lang)} {finding.remedy(lang)}".strip() for finding in refused))
    return say("book.not_booked", lang, state=state, why=why) if why else state


def _text_of(cell: Any) -> str:
    return cell.raw if isinstance(cell, Typed) else cell or ""


def _at_once(book: ReturnedWorkbook, kind: WorkbookKind, name: str) -> Any:
    """*Không* again after it was carried out; what is no word of its list stays, so that its owner sees what was refused."""
    typed = book.typed(ALL, name)
    back = Typed.from_record(typed.value) if typed is not None else EMPTY
    word, problem = read_row_choice(back, kind, name)
    return back if problem and not word else NO


def _came_back(person: PersonWeek | None) -> str | None:
    """Whether a row that was scored has to be looked at again: sent back by the approver, or with a form that came later."""
    if person is None or person.score is None:
        return None
    return YES if person.returned is not None or person.awaits_confirmation else None


def _approve_decision(book: ReturnedWorkbook, week_history: WeekHistory, owner: str, code: str, rules: RuleBook) -> Any:
    """The decision as typed; one that was taken on other scores than those shown now has to be taken again."""
    person = week_history.person(code)
    typed = book.typed(("approvals", code), "ev_approve_decision")
    if typed is not None and person.score is not None:
        issue = book.issues.get(typed.form_id)
        if issue is not None and issue.basis.get(person.code) == person.score.seq:
            return put_back(Typed.from_record(typed.value), kinds.APPROVAL, "ev_approve_decision", rules)
    if person.approval is not None and not person.approval.same_person and not _by_another(person, owner):
        return ADJUST if person.approval.adjusted else APPROVE
    return NOT_APPROVED


def _by_another(person: PersonWeek, owner: str) -> bool:
    """Whether somebody else approved in the own right, who was the approver then: the one who is now has to decide."""
    approval = person.approval
    return approval is not None and approval.in_own_right and code_key(approval.by_code) != code_key(owner)


def approval_basis(week_history: WeekHistory, rows: Sequence[Result]) -> dict[str, int]:
    """The score event that each row shows: what an approval of that copy binds to."""
    return {row.code: person.score.seq for row in rows if (person := week_history.person(row.code)).score is not None}


def versions_shown(week_history: WeekHistory, rows: Sequence[Result]) -> dict[str, str]:
    """The form that each row of a scoring workbook shows."""
    return {row.code: counted.sha256 for row in rows if (counted := week_history.person(row.code).counted) is not None}


def _scores(prefix: str, rules: RuleBook, column: Sequence[Scores]) -> dict[str, list[Decimal | None]]:
    return {
        **{f"{prefix}_{part}": [scores.part(part) for scores in column] for part in rules.codes},
        f"{prefix}_total": [scores.total for scores in column],
    }


def _open_cell(
    book: ReturnedWorkbook, week_history: WeekHistory, table: str, code: str, name: str, rules: RuleBook
) -> Any:
    """An open cell of a person's row: as typed, else as booked (by an earlier scorer), else empty."""
    typed = book.typed((table, code), name)
    if typed is not None:
        back = Typed.from_record(typed.value)
        return None if back.blank else put_back(back, kind_named(book.workbook), name, rules)
    value = booked_values(week_history.person(code), table).get(name)
    if name == "ev_score_breach" and not value:
        return NO
    return value if value not in ("", None) else None


def _decision(book: ReturnedWorkbook, code: str, otherwise: str, rules: RuleBook) -> Any:
    typed = book.typed(("team", code), "ev_score_decision")
    back = Typed.from_record(typed.value) if typed is not None else EMPTY
    if back.blank or (not rules.parts and back.raw in (NOT_SEEN, SEEN)):
        return back.raw or otherwise
    return put_back(back, kinds.SCORING, "ev_score_decision", rules)


def _score_decision(week_history: WeekHistory, code: str, rules: RuleBook) -> str:
    person = week_history.person(code)
    booked = person.score is not None and person.returned is None and not person.awaits_confirmation
    if not rules.parts:
        return SEEN if booked else NOT_SEEN
    return SCORED if booked else NOT_SCORED


def _standing(person: PersonWeek | None, row: Result, lang: Lang, beside: str = "") -> str:
    """The state in words, with why a row came back or what a manager should know.

    Args:
        beside: A text that stands in the row anyway, and is not said again.
    """
    text = say(f"state.{row.state}" if row.is_scored or row.state != "submitted" else "state.submitted_only", lang)
    if row.state == "absent":
        return text
    if person is None:
        return text
    if person.returned is not None:
        return _returned(person.returned, lang, beside)
    notes = [text]
    if person.awaits_confirmation:
        notes.append(say("book.awaits_confirmation", lang))
    if person.newer is not None:
        notes.append(say("book.newer_version", lang))
    if person.voided is not None:
        notes.append(say("book.voided", lang))
    if person.approval is not None and person.approval.adjusted:
        total = person.approval.scores.total
        adjusted = say("book.adjusted", lang, total=as_read(shown(total), lang) if total is not None else "")
        notes.append(_because(adjusted, person.approval.opinion, beside))
    return ". ".join(notes)


def _returned(returned: ReturnedEvent, lang: Lang, beside: str) -> str:
    return _because(say(f"book.returned_{returned.stage}", lang), returned.reason, beside)


def _because(text: str, reason: str, beside: str) -> str:
    return text if reason.strip() in ("", beside.strip()) else f"{text}: {reason}"


_MOST_OF_A_TEXT = 120  # of a text that changed: enough to recognise it; the whole of it stands beside


def _before_approval(
    week_history: WeekHistory,
    organisation: Organisation,
    settings: Settings,
    owner: str,
    row: Result,
    rules: RuleBook,
    lang: Lang,
    beside: str,
) -> str:
    """The state in words for who approves; where an earlier approval holds no more, what changed since, old and new."""
    person = week_history.known(row.code)
    void = person.voided if person is not None else None
    approval = void.approval if void is not None else person.approval if person is not None else None
    if person is None or approval is None or (void is None and not _by_another(person, owner)):
        return _standing(person, row, lang, beside)
    at, total = approval.written.astimezone(settings.zone), approval.scores.total
    changes = "; ".join(_change(change, organisation, lang) for change in changed_since_approval(person, rules))
    key = "approved_by_other" if void is None else f"voided_{void.event.kind}"
    told = say(
        f"book.{key}",
        lang,
        name=organisation.name_of(approval.by_code),
        at=shown_moment(at),
        total=as_read(shown(total), lang) if total is not None else "",
        changes=changes or say("changed.same", lang),
    )
    state = say(f"state.{row.state}", lang)
    if person.returned is not None:
        state = _returned(person.returned, lang, beside)
    return f"{state}. {told}"


def _change(change: Change, organisation: Organisation, lang: Lang) -> str:
    def text(value: str) -> str:
        if change.what == "@changed.scorer":
            return organisation.name_of(value)
        short = value if len(value) <= _MOST_OF_A_TEXT else f"{value[:_MOST_OF_A_TEXT]}…"
        return as_read(short, lang) or say("changed.nothing", lang)

    return say("changed.line", lang, what=in_language(change.what, lang), old=text(change.old), new=text(change.new))


def _form_of(week_history: WeekHistory, code: str) -> Issue | None:
    """The form, as it went out, that a person's row shows."""
    person = week_history.known(code)
    return person.issues.get(person.counted.form_id) if person is not None and person.counted is not None else None


def _said(task: Task, form: Issue | None, lang: Lang) -> str:
    """The person's word: state, importance and due date; of a task carried over also what the person changed of it, as it was before."""
    parts = [task.standing]
    if task.important:
        parts.append(say("book.important", lang))
    if task.due:
        parts.append(say("book.due_doubtful" if task.doubtful else "book.due", lang, day=shown_date(task.due)))
    return "; ".join((*parts, *(_changed_of(task, form, lang) if form and task.origin == "carried" else ())))


def _changed_of(task: Task, form: Issue, lang: Lang) -> Iterator[str]:
    row = int(task.key) - 1
    name, important, due = (
        decode(stamped(form.values, f"ev_task_{column}", row)) for column in ("name", "important", "due")
    )
    if not same_words(str(name or ""), task.name):
        yield say("book.was_named", lang, name=name)
    if due != task.due:
        yield say("book.was_due", lang, day=shown_date(due)) if due else say("book.was_without_due", lang)
    if (important == YES) != task.important:
        yield say("book.was_important" if important == YES else "book.was_unimportant", lang)


def _joined(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def link_to(target: Path | None, at: Path, text: str) -> Any:
    """A link from a workbook to a file, relative where both lie on one share, so that it works however the share is mounted."""
    if target is None:
        return ""
    try:
        relative = os.path.relpath(target, at.parent)
    except ValueError:  # another drive
        relative = str(target)
    return LinkTarget(text, PurePath(relative).as_posix())
