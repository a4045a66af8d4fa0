"""What each table of an export looks like under the rule books of its weeks: columns, types, bounds, words, keys.

The bounds are those of the rule book: a program that checks the `datapackage.json` finds a score above its maximum, a band that there is not,
a person who stands twice in a week, and a task of somebody who is not in the results.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from evalxl.domain.evaluation.scoring import STATUSES
from evalxl.domain.evaluation.week_view import Basis, Degree, State, Step
from evalxl.domain.rulebook import RANKS, Part, RuleBook, parts_of_books
from evalxl.domain.tables import TableColumn, TableSchema
from evalxl.domain.typed_rows import FollowState
from evalxl.words import LEVELS

WEEK = r"\d{4}-W\d{2}"
FLAGS = (
    *("late", "repaired", "absent_note", "no_self", "same_person", "delegated", "adjusted", "newer_version"),
    *("corrected_later", "by_paper", "provisional", "unreadable", "conflict"),
)
_ZERO, _ONE = Decimal(0), Decimal(1)
_STAGES = ("self", "scored", "approved")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class RulesOfTables:
    """What the rule books behind an export say of its columns.

    Attributes:
        what: The week or the period, as the column `week` names it.
        period: Whether it is a period.
        bands: Codes of bands of the weeks.
        period_bands, period_maximum: Of the period itself.
        linked: Tasks and warnings name rows of the results. A closed period does not: its weekly rows are those of the closing, tasks are of today.
    """

    what: str
    period: bool
    parts: tuple[Part, ...]
    bands: tuple[str, ...]
    period_bands: tuple[str, ...] = ()
    period_maximum: Decimal = _ZERO
    linked: bool = True

    @classmethod
    def of(cls, what: str, period: bool, books: Sequence[RuleBook], linked: bool = True) -> RulesOfTables:
        last = books[-1]
        ratios = last.period.ratios
        # The mean of months under two books lies below the higher maximum.
        most = max((book.maximum for book in books), default=_ZERO)
        return cls(
            what,
            period,
            _highest(books),
            tuple(dict.fromkeys(band.code for book in books for band in book.bands)),
            tuple(band.code for band in last.period_bands),
            max(most, ratios.maximum if ratios else _ZERO),
            linked,
        )

    @property
    def maximum(self) -> Decimal:
        return sum((part.maximum for part in self.parts), _ZERO)

    @property
    def weekly(self) -> str:
        """The table in which a person's row of a week stands."""
        return "weeks" if self.period else "results"


def _highest(books: Iterable[RuleBook]) -> tuple[Part, ...]:
    """The parts of all books; where two books have one code with two maxima, the higher one."""
    books = tuple(books)
    most: dict[str, Part] = {}
    for book in books:
        for part in book.parts:
            if part.code not in most or part.maximum > most[part.code].maximum:
                most[part.code] = part
    return tuple(most[part.code] for part in parts_of_books(books))


def results(rules: RulesOfTables) -> TableSchema:
    """The contract's `results`: a row per person; of a period the means, with how many weeks are behind them."""
    if not rules.period:
        return _people("results", rules, _of_week(rules))
    counts = tuple(_count(name) for name in ("weeks_evaluated", "weeks_awaiting", "weeks_absent", "weeks_missing"))
    week = TableColumn("week", required=True, words=(rules.what,))
    return _people("results", rules, week, counts)


def weeks(rules: RulesOfTables) -> TableSchema:
    """The weekly rows behind a period's results."""
    return _people("weeks", rules, _of_week(rules))


def _people(name: str, rules: RulesOfTables, week: TableColumn, more: tuple[TableColumn, ...] = ()) -> TableSchema:
    head = (
        *(week, _text("code", required=True)),
        *(_text("name"), _text("unit"), _text("title"), TableColumn("rank", words=RANKS)),
        TableColumn("state", required=True, words=get_args(State)),
    )
    of_period = rules.period and name == "results"
    return TableSchema(name, (*head, *_points(rules.parts), *_counted(rules, of_period), *more), ("week", "code"))


def units(rules: RulesOfTables) -> TableSchema:
    """The units' own results, with the mean of their people beside them."""
    head = (
        *(_of_week(rules), _text("code", required=True), _text("name")),
        TableColumn("state", required=True, words=get_args(State)),
    )
    mean = TableColumn("people_mean", "points", minimum=_ZERO, maximum=rules.maximum)
    return TableSchema("units", (*head, *_points(rules.parts), *_counted(rules, False), mean), ("week", "code"))


def _points(parts: Sequence[Part]) -> Iterator[TableColumn]:
    """The columns of points: each part and the total at each stage; nothing under a rule book by which nobody scores."""
    total = sum((part.maximum for part in parts), _ZERO)
    for stage in _STAGES if parts else ():
        for part in parts:
            yield TableColumn(f"{stage}_{part.code}", "points", minimum=_ZERO, maximum=part.maximum)
        yield TableColumn(f"{stage}_total", "points", minimum=_ZERO, maximum=total)


def _counted(rules: RulesOfTables, of_period: bool) -> Iterator[TableColumn]:
    bands = rules.period_bands if of_period else rules.bands
    most = max(rules.period_maximum, rules.maximum) if of_period else rules.maximum
    yield TableColumn("counted_total", "points", minimum=_ZERO, maximum=most)
    yield TableColumn("counted_basis", required=True, words=get_args(Basis))
    yield TableColumn("band", words=bands)
    flag = "|".join(FLAGS)
    yield TableColumn("flags", pattern=f"({flag})( ({flag}))*")


def tasks(rules: RulesOfTables) -> TableSchema:
    """A row per task row."""
    columns = (
        *(
            _of_week(rules),
            _text("code", required=True),
            _text("key", required=True),
            _text("name"),
            _text("task_code"),
        ),
        *(TableColumn("important", "yes_no", required=True), TableColumn("unplanned", "yes_no", required=True)),
        *(_text("complexity"), TableColumn("coefficient", "number"), _text("unit_of_measure")),
        *(TableColumn("assigned", "number"), TableColumn("done", "number")),
        *(TableColumn("due", "date"), TableColumn("finished", "date"), TableColumn("status", words=STATUSES)),
        *map(_text, ("product", "evidence", "cause", "origin")),
        *map(_text, ("checked_important", "checked_status", "recognised", "cause_accepted")),
        *(_count("faults"), _count("delays")),
    )
    return TableSchema("tasks", columns, ("week", "code", "key"), rules.weekly if rules.linked else "")


def findings(rules: RulesOfTables) -> TableSchema:
    columns = (
        *(_of_week(rules), _text("code"), TableColumn("level", required=True, words=LEVELS)),
        *(_text("kind", required=True), *map(_text, ("file", "sheet", "cell", "found", "message", "remedy"))),
    )
    return TableSchema("findings", columns)


def warnings(rules: RulesOfTables) -> TableSchema:
    columns = (
        *(_of_week(rules), _text("code", required=True), TableColumn("kind", required=True, words=get_args(Degree))),
        *(TableColumn("first_week", required=True, pattern=WEEK), TableColumn("second_week", pattern=WEEK)),
        *(_text("evidence"), _text("talk_with"), TableColumn("state", required=True, words=get_args(FollowState))),
    )
    return TableSchema("warnings", columns, ("week", "code"), rules.weekly if rules.linked else "")


def missing(rules: RulesOfTables) -> TableSchema:
    columns = (
        *(_of_week(rules), _text("code", required=True), TableColumn("step", required=True, words=get_args(Step))),
        *(_text("reason", required=True), _text("waits_for")),
    )
    return TableSchema("missing", columns)


def difficulties(rules: RulesOfTables) -> TableSchema:
    """Difficulties and proposals, and what the office answered."""
    columns = (
        *(TableColumn("week", required=True, words=(rules.what,)), _text("key", required=True)),
        *(_text("code", required=True), _text("unit"), _text("kind", required=True), _text("text"), _text("said_in")),
        *map(_text, ("state", "passed_to", "answer", "answered_in")),
    )
    return TableSchema("difficulties", columns)


def lines(rules: RulesOfTables) -> TableSchema:
    """The points of each line of a part, where the rule book has lines."""
    columns = (
        *(_of_week(rules), _text("code", required=True), _text("part", required=True), _text("line", required=True)),
        *(_text("typed_by"), TableColumn("maximum", "points", minimum=_ZERO)),
        *(TableColumn(stage, "points", minimum=_ZERO, maximum=_HUNDRED) for stage in ("self", "scored")),
    )
    return TableSchema("lines", columns, ("week", "code", "part", "line"), rules.weekly if rules.linked else "")


def criteria(rules: RulesOfTables) -> TableSchema:
    """What was entered for a period: each criterion, and each of its lines."""
    columns = (
        *(TableColumn("week", required=True, words=(rules.what,)), _text("code", required=True)),
        *(_text("criterion", required=True), _text("line")),
        TableColumn("counts", required=True, words=("points", "share")),
        *(TableColumn(name, "points", minimum=_ZERO, maximum=_HUNDRED) for name in ("maximum", "entered")),
    )
    return TableSchema("criteria", columns, belongs_to="results")


def statistics(rules: RulesOfTables) -> TableSchema:
    """Task statistics of each job position."""
    shares = ("on_time_share", "product_share", "unplanned_share")
    columns = (
        *(TableColumn("week", required=True, words=(rules.what,)), *map(_text, ("position", "name", "complexity"))),
        *(_count("posts"), _positive("strength")),
        *map(_count, ("person_weeks", "absent_weeks", "missing_weeks", "task_rows", "works", "completed", "products")),
        *(
            TableColumn("volume", "number"),
            *map(_count, ("due_works", "on_time", "important_works", "unplanned_works")),
        ),
        *(TableColumn(share, "points", minimum=_ZERO, maximum=_ONE) for share in shares),
        *map(_number, ("volume_a_week", "works_a_week", "load_index", "load_index_of_works")),
        _text("top_tasks"),
    )
    return TableSchema("statistics", columns)


def signals(rules: RulesOfTables) -> TableSchema:
    """What leaders should look at in how scores were given."""
    columns = (
        *(TableColumn("week", required=True, words=(rules.what,)), *map(_text, ("kind", "code", "other"))),
        *map(_number, ("value", "office_value", "shrunken", "threshold")),
        *map(_count, ("based_on_people", "based_on_rows")),
    )
    return TableSchema("signals", columns)


def _of_week(rules: RulesOfTables) -> TableColumn:
    if rules.period:
        return TableColumn("week", required=True, pattern=WEEK)
    return TableColumn("week", required=True, words=(rules.what,))


def _text(name: str, required: bool = False) -> TableColumn:
    return TableColumn(name, required=required)


def _count(name: str) -> TableColumn:
    return TableColumn(name, "count", minimum=_ZERO)


def _number(name: str) -> TableColumn:
    return TableColumn(name, "number")


def _positive(name: str) -> TableColumn:
    return TableColumn(name, "number", minimum=_ZERO)
