"""The view of a week: everything that masters, exports, receipts and status show, from the ledger alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from evalxl.domain.analysis.task_statistics import positions
from evalxl.domain.evaluation.follow_ups import carried, with_states
from evalxl.domain.evaluation.review_requests import lines_of as appeals_of
from evalxl.domain.evaluation.week_view import Result, RunLine, UnitPoint, Warning, WeekView
from evalxl.domain.findings import Finding
from evalxl.domain.history.file_count import Count
from evalxl.domain.history.history import Event, History, WeekHistory
from evalxl.domain.names import code_key, shown_code, subject_of_unit
from evalxl.domain.organisation.authority import lacking_of_units
from evalxl.domain.organisation.authority import roster as roster_of
from evalxl.domain.organisation.org_chart import talk_with
from evalxl.domain.organisation.people import Member, Organisation, Roster
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.week import two_week_history as looking_back
from evalxl.domain.week import week_results as outcome
from evalxl.domain.week.awaited import with_delegates
from evalxl.domain.week.two_week_history import WeekFromRows
from evalxl.domain.week.unit_results import collectives, far_from_people
from evalxl.domain.weeks import Week, shown_moment
from evalxl.forms.binding import Layout
from evalxl.forms.kind import kind_named
from evalxl.forms.workbook import at_of
from evalxl.records.folders import is_register
from evalxl.records.settings import deadline
from evalxl.steps.booking.decision_context import DecisionContext
from evalxl.steps.booking.review_requests import unclear_appeals
from evalxl.steps.kinds.book_rows import pending
from evalxl.steps.office.capacity import left_out, not_offered
from evalxl.steps.office.layouts import layout_of
from evalxl.steps.office.office import Office
from evalxl.steps.office.past_weeks import past_of
from evalxl.steps.office.person_codes import codes_of
from evalxl.steps.refresh.register_values import difficulties_of
from evalxl.steps.refresh.without_room import without_room
from evalxl.words import say


@dataclass(frozen=True, slots=True)
class WeekSituation:
    """A week as it is in the ledger: its organisation and rules, its view, and the day of the view."""

    rules: RuleBook
    organisation: Organisation
    roster: Roster
    view: WeekView
    today: date


def week_view(
    office: Office,
    week: Week,
    today: date,
    extra: Sequence[Finding] = (),
    warnings: Sequence[Warning] | None = None,
) -> WeekSituation:
    """The view of a week.

    Args:
        today: Decides which delegations apply.
        extra: Findings of this run only, for files that could not be read now.
        warnings: The warnings of the two-week rule, if the run has already computed them.

    Raises:
        NotIssuedError: the ledger knows nothing of the week.
    """
    week_history = office.history.week(week)
    organisation = office.organisation_of(week)
    if organisation is None:
        raise office.not_issued(week)
    rules = office.rules_of(week)
    roster, slips = roster_of(organisation, week, rules)
    worked_out = office.rows_of(week, roster, rules)
    rows, unit_rows = worked_out.people, worked_out.units
    units = collectives(unit_rows, rows, organisation)
    context = decision_context_of(office, week, roster, organisation, rules, today)
    findings = [
        *extra,
        *outcome.file_findings(week_history),
        *_tasks_left_out(week_history),
        *outcome.off_roster(week_history, roster),
        *outcome.other_accounts(week_history, organisation),
        *pending(office, context),
        *unclear_appeals(office, week_history),
        *slips,
        *lacking_of_units(outcome.reporting(week_history, roster)),
        *left_out(office.folder, office.lang, (*roster.members, *outcome.reporting(week_history, roster))),
        *not_offered(
            office.folder, office.lang, office.settings.unit_reports, organisation.tasks_on(week.thursday), rules
        ),
        *far_from_people(units, rules),
    ]
    settings, last_day = office.settings_of(week), organisation.last_day(week)
    judged, past = WeekFromRows(week, rules, last_day, rows), past_of(office, office.history, week)
    if warnings is None:
        warnings = looking_back.warnings(judged, past, organisation, office.history.heard)
    findings += without_room(office, roster, organisation, (*rows, *unit_rows), warnings, today)
    # Overdue is computed as of the last run that recorded something, so that two masters of the same ledger are equal.
    as_of = week_history.last_at.astimezone(settings.zone).date() if week_history.last_at else today
    view = WeekView(
        week=week,
        office=settings.name,
        parent=settings.parent,
        unit="",
        unit_name="",
        rules=rules,
        units=outcome.units_with_people(organisation, rows),
        results=outcome.where_they_lie(week_history, rows),
        missing=with_delegates(
            outcome.missing(week_history, (*rows, *unit_rows)), (*rows, *unit_rows), organisation, week, today
        ),
        findings=_in_order(findings),
        warnings=with_states(office.history.follow_ups, warnings, week, as_of),
        positions=positions(rows, {entry.code: entry.name for entry in organisation.positions}, rules, last_day),
        trend=looking_back.trend(judged, past.weeks, office.points_of),
        log=tuple(_log(week_history.log)),
        people={post.code: post.name for post in organisation.posts} | {row.code: row.name for row in unit_rows},
        deadlines={
            step: deadline(settings, step, week, organisation) for step in ("self", "score", "approve", "close")
        },
        head=office.ledger.head_after(week_history.last_seq),
        closed=week_history.closed,
        recorded_at=week_history.last_at,
        letterhead=settings.letterhead,
        place=settings.place,
        unit_results=unit_rows,
        people_means={unit.row.unit: unit.people_mean for unit in units if unit.people_mean is not None},
        units_of={row.code: row.unit for row in (*rows, *unit_rows)},
        working=bool(roster.working_days),
        last_day=last_day,
        follow_ups=tuple(_carried(office.history, warnings, organisation, week, as_of)),
        difficulties=tuple(difficulties_of(office.history, week, organisation, (*rows, *unit_rows), as_of=week)),
        appeals=tuple(appeals_of(office.history.appeals, week, as_of, as_of=week)),
        office_id=office.id,
        trial=settings.trial,
        booked=tuple(row for book in week_history.books.values() for row in book.booked.values()),
    )
    return WeekSituation(rules, organisation, roster, view, today)


def _tasks_left_out(week_history: WeekHistory) -> Iterator[Finding]:
    """People and units with more open tasks than their form has rows."""
    for holder in week_history.holders():
        if holder.issue is not None and holder.issue.left_out:
            yield Finding("issue.too_many_tasks", code=holder.code, values={"count": holder.issue.left_out})


def _carried(
    history: History, warnings: Sequence[Warning], organisation: Organisation, week: Week, as_of: date
) -> Iterator[Warning]:
    """The open follow-ups of earlier weeks, with the people who have to talk now, because the person may have moved since."""
    for warning in carried(history.follow_ups, warnings, week, as_of):
        yield replace(warning, talk_with=talk_with(organisation, warning.code, week.thursday) or warning.talk_with)


def warnings_of(
    office: Office, week: Week, roster: Roster, organisation: Organisation, rules: RuleBook
) -> tuple[Warning, ...]:
    """The warnings of the two-week rule for a week, from the history as it is now."""
    rows = office.rows_of(week, roster, rules).people
    judged, past = WeekFromRows(week, rules, organisation.last_day(week), rows), past_of(office, office.history, week)
    return looking_back.warnings(judged, past, organisation, office.history.heard)


def of_unit(view: WeekView, unit: str, name: str, within: Iterable[str]) -> WeekView:
    """A unit's part of a view, with the units under it.

    Args:
        within: Codes of the unit and of every unit under it.
    """
    units = set(within)
    rows = tuple(row for row in view.results if row.unit in units)
    unit_rows = tuple(row for row in view.unit_results if row.unit in units)
    codes = {code_key(row.code) for row in (*rows, *unit_rows)}
    return replace(
        view,
        unit=unit,
        unit_name=name,
        units=tuple(entry for entry in view.units if entry[0] in units),
        results=rows,
        unit_results=unit_rows,
        missing=tuple(entry for entry in view.missing if code_key(entry.code) in codes),
        findings=tuple(finding for finding in view.findings if _concerns(finding, codes, units)),
        warnings=tuple(warning for warning in view.warnings if code_key(warning.code) in codes),
        follow_ups=tuple(warning for warning in view.follow_ups if code_key(warning.code) in codes),
        difficulties=tuple(line for line in view.difficulties if line.unit in units),
        appeals=tuple(line for line in view.appeals if code_key(line.subject) in codes),
        booked=tuple(row for row in view.booked if code_key(row.subject) in codes),
        positions=positions(rows, {line.position: line.name for line in view.positions}, view.rules, view.last_day),
        trend=tuple(_trend_of(view.trend, unit, units)),
    )


def _concerns(finding: Finding, codes: set[str], units: set[str]) -> bool:
    """Whether a finding concerns a person of the unit, or a stray file in the unit's folder. Findings of the register concern only the office."""
    if is_register(finding.file):
        return False
    if finding.code:
        return code_key(finding.code) in codes
    return any(folder in units for folder in finding.file.split("/")[:-1])


def _trend_of(trend: Sequence[UnitPoint], unit: str, within: set[str]) -> Iterator[UnitPoint]:
    """For each week: the mean of a unit with the units under it, then the means of each of these units and of the office."""
    for week in dict.fromkeys(point.week for point in trend):
        points = [point for point in trend if point.week == week and point.unit in within]
        counted = sum(point.counted for point in points)
        yield UnitPoint(unit, week, sum((point.total for point in points), Decimal(0)), counted)
        yield from (point for point in points if point.unit != unit)
        # The office's own line is shown with the unit's for comparison.
        yield from (point for point in trend if point.week == week and point.unit == "")


def decision_context_of(
    office: Office,
    week: Week,
    roster: Roster,
    organisation: Organisation,
    rules: RuleBook,
    today: date,
) -> DecisionContext:
    """Everything that is needed to decide on the week's rows."""
    layouts: dict[str, Layout] = {}
    for book in office.history.week(week).books.values():
        if book.issue is not None and book.issue.template not in layouts:
            layouts[book.issue.template] = layout_of(office, book.issue.template, kind_named(book.workbook))

    def members(of: Roster) -> dict[str, Member]:
        units = outcome.reporting(office.history.week(week), of)
        return {code_key(member.code): member for member in (*of.members, *units)}

    def then(digest: str) -> DecisionContext:
        was, before = office.roster_by(week, digest, rules.digest), office.organisation_by(digest).on(week.thursday)
        return DecisionContext(week, was, before, rules, today, layouts, members(was))

    return DecisionContext(week, roster, organisation, rules, today, layouts, members(roster), then)


_LEVELS = {"error": 0, "warning": 1, "repair": 2, "note": 3}


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda f: (_LEVELS[f.level], f.file, f.sheet, at_of(f.cell), f.kind, f.code)))


def _log(events: Sequence[Event]) -> Iterator[RunLine]:
    """What each run did, from its events: one line per run and kind of event, without names and scores."""
    runs: dict[tuple[str, str], dict[str, int]] = {}
    files: dict[tuple[str, str], Count] = {}
    for event in events:
        run = (event["at"], event.get("by", ""))
        counts = runs.setdefault(run, {})
        if event["kind"] == "counted":
            files[run] = Count.from_record(event)
            continue
        kind = f"received_{event['verdict']}" if event["kind"] == "received" else event["kind"]
        counts[kind] = counts.get(kind, 0) + 1
    for (at, by), counts in runs.items():
        when = datetime.fromisoformat(at)
        texts = []
        for lang in ("vi", "en"):
            said = [say(f"log.{kind}", lang, count=count) for kind, count in counts.items()]
            if (at, by) in files:
                said.append(say("log.counted", lang, **files[(at, by)].as_record()))
            did = "; ".join(said)
            texts.append(f"{shown_moment(when)} {by}: {did}")
        yield RunLine(texts[0], texts[1])


def row_of(view: WeekView, code: str) -> Result | None:
    return next((row for row in view.results if code_key(row.code) == code_key(code)), None)


def unit_row_of(view: WeekView, code: str) -> Result | None:
    """The row of a unit that is evaluated itself, by its code with or without the unit mark."""
    sought = code_key(subject_of_unit(shown_code(code)))
    return next((row for row in view.unit_results if code_key(row.code) == sought), None)


def known_row(office: Office, view: WeekView, code: str) -> Result | None:
    """The row of a person or unit. A former or present code of the person is found too, whichever the week uses."""
    found = row_of(view, code) or unit_row_of(view, code)
    if found is None:
        found = next((row for other in codes_of(office, code) if (row := row_of(view, other)) is not None), None)
    return found
