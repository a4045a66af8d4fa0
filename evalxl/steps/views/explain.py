"""Where each number of a person came from: file, sheet, cell, event and rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from evalxl.domain.errors import EvalxlError
from evalxl.domain.evaluation.scoring import Scores, shown
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.history.history import History, PersonWeek, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.periods.period_results import Mark, PeriodResult
from evalxl.domain.periods.rollups import PeriodView
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.week.decision_log import changed_since_approval
from evalxl.domain.weeks import Period, Week
from evalxl.forms.fields import OWN_LINE
from evalxl.steps.office.office import Office
from evalxl.steps.periods.roll_up import history_of, view_of
from evalxl.steps.views.explain_versions import rows_kept, versions_told
from evalxl.steps.views.provenance import Origin, account_of, entered, told_and_asked
from evalxl.steps.views.week_view import known_row, week_view


class NoSuchCodeError(EvalxlError):
    """Nobody with this staff code is to be evaluated in the week."""

    key = "slip.no_such_code"


@dataclass(frozen=True, slots=True)
class Explained:
    """A person's week with the origin of everything in it, and every version that came."""

    row: Result
    rules: RuleBook
    origins: tuple[Origin, ...]
    head: str


def explain(office: Office, week: Week, code: str, today: date) -> Explained:
    """Where each number of a person came from; or of a unit itself, whose code is `unit:VP` where a person has the code `VP` too.

    Raises:
        NotIssuedError, NoSuchCodeError: the ledger knows nothing of the week, or of the person in it.
    """
    situation = week_view(office, week, today)
    row = known_row(office, situation.view, code)
    if row is None:
        raise NoSuchCodeError(code=code, week=week)
    person = office.history.week(week).known(row.code) or PersonWeek(row.code)
    events = office.ledger.events
    week_history = office.history.week(week)
    origins = (
        *_origins(person, row, situation.rules, events),
        *versions_told(office, week_history, person),
        *rows_kept(week_history, person),
        *told_and_asked(office.history, week, person, events),
        *_cleaned(office.history, week),
    )
    return Explained(row, situation.rules, origins, office.ledger.head)


def _origins(person: PersonWeek, row: Result, rules: RuleBook, events: Any) -> Iterator[Origin]:
    for issue in person.issues.values():
        yield Origin("explain.issued", issue.form_id[:8], issue.path, event=issue.seq, at=events[issue.seq - 1]["at"])
    for version in person.versions:
        yield Origin(
            f"explain.received_{version.verdict}",
            "",
            version.file,
            sha256=version.sha256,
            event=version.seq,
            at=version.at,
            account=version.modified_by,
        )
    if person.counted is not None:
        counted = person.counted
        cells: Mapping[str, Any] = events[counted.seq - 1].get("cells", {})
        read = Origin(
            "", "", counted.file, sha256=counted.sha256, event=counted.seq, by=row.code, account=counted.modified_by
        )
        yield from _typed("self", rules, row.self_scores, row.self_lines, _own_places(cells), read)
        yield from _total("explain.self_total", row.self_scores, rules)
    if person.score is not None:
        score = person.score
        typed = Origin(
            "",
            "",
            event=score.seq,
            by=score.by_code,
            at=score.at,
            account=account_of(score.source, events),
        )
        yield from _typed("scored", rules, row.scored, row.scored_lines, score.source["cells"], typed)
        yield from _total("explain.scored_total", row.scored, rules)
        yield from _said_once(score.source["cells"], typed)
        for change in changed_since_approval(person, rules):
            yield replace(typed, what="explain.changed", value=change.new, term=change.what, former=change.old)
    if person.approval is not None:
        approval = person.approval
        typed = Origin(
            "",
            "",
            event=approval.seq,
            by=approval.by_code,
            at=approval.at,
            account=account_of(approval.source, events),
        )
        yield from _typed("approved", rules, row.approved, {}, approval.source["cells"], typed)
        yield from _total("explain.approved_total", row.approved, rules)
        yield from _said_once(approval.source["cells"], typed)
    if person.returned is not None:
        yield Origin(
            "explain.returned",
            person.returned.reason,
            event=person.returned.seq,
            by=person.returned.by_code,
            at=person.returned.at,
        )
    if row.counted_total is not None:
        yield Origin("explain.counted", shown(row.counted_total), rule=f"basis.{row.basis}")
        yield Origin("explain.band", row.band, rule=rules.stamp)


def _said_once(cells: Mapping[str, Any], typed: Origin) -> Iterator[Origin]:
    """The decision, where one cell decided all rows that were left."""
    place = cells.get("decision", {})
    if through := place.get("through", ""):
        origin = replace(typed, file=place["file"], sheet=place["sheet"], cell=place["cell"], through=through)
        yield replace(origin, what="explain.decided")


def _cleaned(history: History, week: Week) -> Iterator[Origin]:
    """By which decision the files of a week were deleted: their hashes and cells stand in the ledger, their bytes nowhere."""
    if (cleaned := history.cleaned.get(str(week))) is not None:
        yield Origin("explain.cleaned", cleaned.reason, event=cleaned.seq, by=cleaned.by, at=cleaned.at.isoformat())


def _typed(
    stage: str,
    rules: RuleBook,
    scores: Scores,
    lines: Mapping[str, Decimal],
    places: Mapping[str, Mapping[str, str]],
    origin: Origin,
) -> Iterator[Origin]:
    """The origin of each part's score and of each line of the part.

    Args:
        places: By the code of a part and the key of a line: file, sheet and cell.
        origin: What all of them have in common.
    """

    def at(key: str) -> Origin:
        place = places.get(key, {})
        return replace(
            origin,
            file=place.get("file", origin.file),
            sheet=place.get("sheet", ""),
            cell=place.get("cell", ""),
            through=place.get("through", ""),
        )

    for part in rules.parts:
        value = scores.part(part.code)
        if value is not None:
            yield replace(at(part.code), what=f"explain.{stage}_{part.code}", value=shown(value), part=part)
        for line in part.lines:
            if (given := lines.get(line.key)) is not None:
                yield replace(at(line.key), what=f"explain.{stage}_line", value=shown(given), line=line)


def _own_places(cells: Mapping[str, Sequence[str]]) -> dict[str, dict[str, str]]:
    """Where the person's own scores stand in the form: the names of cells by the code of a part or the key of a line."""
    return {
        name.removeprefix(OWN_LINE).removeprefix("ev_self_"): {"sheet": sheet, "cell": cell}
        for name, (sheet, cell) in cells.items()
    }


def _total(what: str, scores: Scores, rules: RuleBook) -> Iterator[Origin]:
    total = scores.total
    if total is not None:
        yield Origin(what, shown(total), rule=rules.stamp, terms=tuple(scores.as_record().values()))


@dataclass(frozen=True, slots=True)
class WeekBehind:
    """One week behind a period's mean.

    Attributes:
        event: The event that the week's total comes from; 0 where the week has none.
        file: The workbook in which it was typed.
    """

    mark: Mark
    event: int
    file: str


@dataclass(frozen=True, slots=True)
class ExplainedPeriod:
    """A person's period, with the weeks that its mean is made of; `explain WEEK CODE` goes on from each of them.

    Attributes:
        entries: Where the points come from that leaders entered for the period.
    """

    row: PeriodResult
    view: PeriodView
    weeks: tuple[WeekBehind, ...]
    entries: tuple[Origin, ...] = ()


def explain_period(office: Office, period: Period, code: str) -> ExplainedPeriod:
    """Where a person's mean of a period came from.

    Raises:
        NotIssuedError, NoSuchCodeError: the ledger knows nothing of the period, or of the person in it.
    """
    view = view_of(office, period)
    row = next((row for row in view.results if code_key(row.code) == code_key(code)), None)
    if row is None:
        raise NoSuchCodeError(code=code, week=period)
    history = history_of(office, period)
    weeks = tuple(_behind(history.week(mark.week), row.code, mark) for mark in row.marks)
    booked = history.period(period).entries.get(code_key(row.code), ())
    return ExplainedPeriod(row, view, weeks, tuple(entered(booked, office.ledger.events, view.rules)))


def _behind(week_history: WeekHistory, code: str, mark: Mark) -> WeekBehind:
    person = week_history.people.get(code_key(code)) or PersonWeek(code)
    if mark.basis == "approved" and person.approval is not None:
        return WeekBehind(mark, person.approval.seq, _typed_in(person.approval.source))
    if mark.basis == "scored" and person.score is not None:
        return WeekBehind(mark, person.score.seq, _typed_in(person.score.source))
    if mark.basis == "self" and person.counted is not None:
        return WeekBehind(mark, person.counted.seq, person.counted.file)
    return WeekBehind(mark, 0, "")


def _typed_in(source: Mapping[str, Any]) -> str:
    return next((str(place["file"]) for place in source.get("cells", {}).values() if place.get("file")), "")
