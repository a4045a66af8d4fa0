"""The export: the contract's tables with a `datapackage.json` (Frictionless Data Package), for any other program.

The same values in every format: CSV, Parquet, SQLite, or one workbook. An export is whole or not at all: nothing stands at its place before everything is
made, and the `datapackage.json`, which names the hash of each table, comes last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from evalxl.domain.errors import EvalxlError
from evalxl.domain.evaluation.scoring import Scores
from evalxl.domain.evaluation.week_view import Result, WeekView
from evalxl.domain.names import visible
from evalxl.domain.periods.rollups import PeriodView
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.tables import TableSchema, Value
from evalxl.domain.typed_rows import Check
from evalxl.domain.weeks import Period, Week
from evalxl.records.ledger_heads import ledger_heads
from evalxl.records.publish import OURS_ALONE, Published, publish
from evalxl.steps.office.office import Office
from evalxl.steps.office.past_weeks import weeks_of
from evalxl.steps.periods.roll_up import history_of, signals_of
from evalxl.steps.periods.roll_up import seen as seen_period
from evalxl.steps.reports import table_schemas as schemas
from evalxl.steps.reports.anonymous import Pseudonyms, anonymous
from evalxl.steps.reports.datapackage import FILE, Origin, files_of_earlier, package
from evalxl.steps.reports.export_tables import criteria, difficulties, lines, statistics
from evalxl.steps.reports.export_tables import signals as signal_rows
from evalxl.steps.reports.table_files import About, Format, TableFiles, table_files
from evalxl.steps.reports.table_schemas import RulesOfTables
from evalxl.steps.views.week_view import week_view
from evalxl.words import Lang, say

Row = Mapping[str, Any]

_ORDER = (
    *("results", "tasks", "findings", "warnings", "missing", "units"),
    *("lines", "criteria", "weeks", "difficulties", "statistics", "signals"),
)
_AT_ONCE = 2000  # rows that are written together


@dataclass(frozen=True, slots=True)
class Exported:
    """Where the tables are.

    Attributes:
        rows: The number of rows of each table.
        files: What became of the file of each table; of one database or workbook the same for all.
    """

    folder: Path
    rows: Mapping[str, int]
    files: Mapping[str, Published]


class SignalsOfAWeekError(EvalxlError):
    """A single week has no signals, because they concern habits over many weeks."""

    key = "slip.signals_of_a_week"


def export(
    office: Office,
    what: Week | Period,
    folder: Path,
    today: date,
    signals: bool = False,
    kind: Format = "csv",
    pseudonyms: Pseudonyms | None = None,
) -> Exported:
    """Write the tables of a week, or of a period. The files of an earlier export in the folder that this one does not have are removed.

    Args:
        signals: Add the signals about how scores were given in a period, which are for leaders and the office alone.
        kind: The format.
        pseudonyms: Take people out of it, and use these instead of codes.

    Raises:
        NotIssuedError: the ledger knows nothing of it.
        SignalsOfAWeekError: signals of a single week are requested.
        AnalysisMissingError: Parquet is requested, and the extra `analysis` is not installed.
        BeyondAWorkbookError: a table does not fit into a sheet.
        CannotWriteError: the folder cannot be written.
    """
    if signals and isinstance(what, Week):
        raise SignalsOfAWeekError(week=what)
    tables = _Tables(table_files(kind, folder, _about(office, what, pseudonyms is not None)), pseudonyms)
    try:
        if isinstance(what, Week):
            books = _add_all_of_week(tables, office, what, today)
        else:
            books = _add_all_of_period(tables, office, what, today, signals)
        tables.files.finish()
        published = tables.files.publish()
    finally:
        tables.files.drop()
    order = [name for name in _ORDER if name in tables.schemas]
    files = {name: published[name].path for name in order}
    earlier = files_of_earlier(folder, files.values())
    rulebooks = {book.stamp: office.archive.get(book.digest) for book in books}
    heads = ledger_heads(office.ledger.folder, office.ledger.head)
    origin = Origin(
        str(what), office.settings.name, office.id, tuple(rulebooks.items()), heads, anonymous=pseudonyms is not None
    )
    data = package(origin, kind, [tables.schemas[name] for name in order], files, tables.files.digests())
    publish(folder / FILE, data, OURS_ALONE)
    for path in earlier:
        path.unlink(missing_ok=True)
    return Exported(folder, {name: tables.rows[name] for name in order}, {name: published[name] for name in order})


def _add_all_of_week(tables: _Tables, office: Office, week: Week, today: date) -> Sequence[RuleBook]:
    view = week_view(office, week, today).view
    rules = RulesOfTables.of(str(week), False, [view.rules])
    tables.add(schemas.results(rules), _results(view.results))
    _add_week(tables, view, rules, office.lang)
    tables.add(schemas.difficulties(rules), difficulties(week, view.difficulties))
    return [view.rules]


def _add_all_of_period(
    tables: _Tables, office: Office, period: Period, today: date, signals: bool
) -> Sequence[RuleBook]:
    weeks = weeks_of(office, office.history, period)
    # A closed period exports the weekly rows that its figures are based on, not the present state of the weeks.
    view, behind = seen_period(office, period)
    books = list({past.rules.stamp: past.rules for past in (*weeks, *behind)}.values())
    books.sort(key=lambda book: book.stamp == view.rules.stamp)  # the period's own last
    rules = RulesOfTables.of(str(period), True, books, linked=view.closed_at is None)
    for schema in (schemas.results(rules), schemas.weeks(rules)):
        tables.add(schema, ())  # the first tables of a workbook; their rows come last
    # One week after the other: because the views of a year of thousands of people do not fit into memory at once.
    for gone in weeks:
        _add_week(tables, week_view(office, gone.week, today, warnings=gone.warnings()).view, rules, office.lang)
    for past_week in behind:
        tables.add(schemas.weeks(rules), _results(past_week.plain()))
    tables.add(schemas.results(rules), _means(view))
    if view.ratings:
        tables.add(schemas.criteria(rules), criteria(view, history_of(office, period).period(period).counting()))
    tables.add(schemas.difficulties(rules), difficulties(period, view.difficulties))
    tables.add(schemas.statistics(rules), statistics(period, view.staffing))
    if signals:
        tables.add(schemas.signals(rules), signal_rows(period, signals_of(behind)))
    return books


def result_rows(office: Office, what: Week | Period, today: date) -> tuple[TableSchema, Iterator[Row]]:
    """The schema and the rows of the table `results`, as values.

    Raises:
        NotIssuedError: the ledger knows nothing of it.
    """
    if isinstance(what, Week):
        view = week_view(office, what, today).view
        return schemas.results(RulesOfTables.of(str(what), False, [view.rules])), _results(view.results)
    period, behind = seen_period(office, what)
    rules = RulesOfTables.of(str(what), True, [past.rules for past in behind])
    return schemas.results(rules), _means(period)


def _add_week(tables: _Tables, view: WeekView, rules: RulesOfTables, lang: Lang) -> None:
    tables.add(schemas.tasks(rules), _tasks(view))
    if view.rules.lines:
        tables.add(schemas.lines(rules), lines(view))
    tables.add(schemas.findings(rules), _findings(view, lang))
    tables.add(schemas.warnings(rules), _warnings(view))
    tables.add(schemas.missing(rules), _missing(view))
    tables.add(schemas.units(rules), _units(view))


def _about(office: Office, what: Week | Period, without_people: bool) -> About:
    """What one file of all tables is called and says of itself. It is one of evalxl's own, so nobody takes it for a returned workbook."""
    stem = f"{what}_so-lieu-an-danh" if without_people else f"{what}_so-lieu"
    first = what.monday if isinstance(what, Week) else what.first
    stamp = {
        "evalxl.kind": "master" if isinstance(what, Week) else "period",
        "evalxl.week": str(what),
        "evalxl.office": office.id,
        "evalxl.seal": office.ledger.head,
    }
    title = say("command.export_title", office.lang, what=what.shown(office.lang))
    return About(stem, title, office.settings.name, datetime.combine(first, time()), stamp)


class _Tables:
    """The tables written so far, each with its schema and the number of its rows."""

    def __init__(self, files: TableFiles, pseudonyms: Pseudonyms | None) -> None:
        self.files, self._pseudonyms = files, pseudonyms
        self.schemas: dict[str, TableSchema] = {}
        self.rows: Counter[str] = Counter()

    def add(self, schema: TableSchema, rows: Iterable[Row]) -> None:
        if schema.name not in self.schemas:
            self.schemas[schema.name] = schema
            self.files.add(schema, ())
        left: Iterator[Sequence[Value]]
        if self._pseudonyms is None:
            left = (tuple(schema.values(row)) for row in rows)
        else:
            left = anonymous(schema, rows, self._pseudonyms)
        while some := list(islice(left, _AT_ONCE)):
            self.files.add(schema, some)
            self.rows[schema.name] += len(some)


def _results(results: Iterable[Result]) -> Iterator[Row]:
    for row in results:
        yield {
            "week": row.week,
            "code": row.code,
            "name": row.name,
            "unit": row.unit,
            "title": row.title,
            "rank": row.rank,
            "state": row.state,
            **_stages(row),
            "counted_total": row.counted_total,
            "counted_basis": row.basis,
            "band": row.band,
            "flags": " ".join(row.flags),
        }


def _stages(row: Result) -> Row:
    stages: tuple[tuple[str, Scores], ...] = (
        ("self", row.self_scores),
        ("scored", row.scored),
        ("approved", row.approved),
    )
    parts = {f"{stage}_{part}": value for stage, scores in stages for part, value in scores.given.items()}
    return parts | {f"{stage}_total": scores.total for stage, scores in stages}


def _tasks(view: WeekView) -> Iterator[Row]:
    for row in view.results:
        for task in row.tasks:
            check = row.checks.get(task.key)
            check = check if check is not None and check.task == task.name else Check()
            yield {
                "week": row.week,
                "code": row.code,
                "key": task.key,
                "name": task.name,
                "task_code": task.code,
                "important": task.important,
                "unplanned": task.unplanned,
                "complexity": task.complexity,
                "coefficient": task.coefficient,
                "unit_of_measure": task.unit_of_measure,
                "assigned": task.assigned,
                "done": task.done,
                "due": task.due,
                "finished": task.finished,
                "status": task.standing,
                "product": task.product,
                "evidence": task.evidence,
                "cause": task.cause,
                "origin": task.origin,
                "checked_important": check.important,
                "checked_status": check.status,
                "recognised": check.recognised,
                "cause_accepted": check.cause_accepted,
                "faults": check.faults,
                "delays": check.delays,
            }


def _findings(view: WeekView, lang: Lang) -> Iterator[Row]:
    for finding in view.findings:
        yield {
            "week": view.week,
            "code": finding.code,
            "level": finding.level,
            "kind": finding.kind,
            "file": visible(finding.file),
            "sheet": finding.sheet,
            "cell": finding.cell,
            "found": finding.found,
            "message": finding.message(lang),
            "remedy": finding.remedy(lang),
        }


def _warnings(view: WeekView) -> Iterator[Row]:
    for warning in view.warnings:
        yield {
            "week": view.week,
            "code": warning.code,
            "kind": warning.kind,
            "first_week": warning.first_week,
            "second_week": warning.second_week,
            "evidence": "\n".join(warning.evidence),
            "talk_with": " ".join(warning.talk_with),
            "state": warning.state,
        }


def _missing(view: WeekView) -> Iterator[Row]:
    for entry in view.missing:
        reason = entry.reason.partition(".")[2]
        yield {
            "week": view.week,
            "code": entry.code,
            "step": entry.step,
            "reason": reason,
            "waits_for": entry.waits_for,
        }


def _units(view: WeekView) -> Iterator[Row]:
    for row in view.unit_results:
        yield {
            "week": view.week,
            "code": row.unit,
            "name": row.name,
            "state": row.state,
            **_stages(row),
            "counted_total": row.counted_total,
            "counted_basis": row.basis,
            "band": row.band,
            "flags": " ".join(row.flags),
            "people_mean": view.people_means.get(row.unit),
        }


def _means(view: PeriodView) -> Iterator[Row]:
    """One row per person: the means of the weekly figures, with the number of weeks included and missing.

    A missing week is not a zero. It is counted as missing and left out of the means.
    """
    for row in view.results:
        yield {
            "week": row.period,
            "code": row.code,
            "name": row.name,
            "unit": row.unit,
            "title": row.title,
            "rank": row.rank,
            "state": row.state,
            **row.means,
            "counted_total": row.counted_total,
            "counted_basis": row.basis,
            "band": row.band,
            "flags": " ".join(row.flags),
            "weeks_evaluated": row.evaluated,
            "weeks_awaiting": row.awaiting,
            "weeks_absent": row.absent,
            "weeks_missing": row.missing,
        }
