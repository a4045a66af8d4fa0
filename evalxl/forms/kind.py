"""What a kind of workbook is: one record, and the registry in which a kind is found by the name in its stamp.

The records of the package lie in `evalxl.forms.kinds`, one module each, and are found by listing that folder. All that is asked of a kind here and
in higher rooms is asked of its record, so a new kind is a new record and no change elsewhere.
"""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from evalxl.forms.field import Each, Field

if TYPE_CHECKING:  # the running Excel asks for kinds without pydantic
    from evalxl.domain.rulebook import RuleBook
    from evalxl.words import Lang

# The capacities of a workbook with a row per person: for how many people its template has rows.
SIZES = (60, 200, 600)

# Makes the standard template of a kind under a rule book, in a language and for a number of people.
Builder: TypeAlias = Callable[["WorkbookKind", "RuleBook", "Lang", int], bytes]

# Draws a sheet of a week's master; it gets the master's workbook and context (`excel/masters`).
Sheet: TypeAlias = Callable[[Any, Any], None]

# Workbooks that evalxl draws and never reads: the names in their stamps. They have no record.
MASTER, PERIOD = "master", "period"
OWN_OUTPUTS = (MASTER, PERIOD)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a kind of workbook: its columns are the fields with its name.

    Attributes:
        rows: The rows over which the names run; of a table that grows with the people, at each of `SIZES`.
        key: The locked columns by which a row is known: a staff code, and a task, a week. None: the row's number is its key.
        collective: The issued values that mark the rows of units. Only the issue has them: a row shows the unit's code, and a person may have the same.
        part_of: The table whose rows these are a part of, on a sheet of their own: what is typed here is decided with the row there.
        counted: The columns whose longest tells how many rows are used; the key where none is named.
        hides: Whether the rows below the used ones are hidden.
        spare: Empty rows that are shown below the used ones. A hidden row of such a table may be filled too; in the others it is nobody's.
        known_by: For a workbook of a lost ledger: the columns by which a row is found again, where more than its key is.
        decision: The column in which the row is decided.
        decided_on: The locked columns that must be as shown now for a decision of a lost ledger to stay valid.
        scores_decided_on: The beginning of the names of scores for which the same holds.
        left_alone: The column that marks rows which no cell for all rows speaks of: each of them is decided by itself.
        must_be_there: Whether a row that would not be shown now loses its decision.
    """

    name: str
    rows: int | tuple[int, int, int]
    key: tuple[str, ...] = ()
    collective: str = ""
    part_of: str = ""
    counted: tuple[str, ...] = ()
    hides: bool = True
    spare: int = 0
    known_by: tuple[str, ...] = ()
    decision: str = ""
    decided_on: tuple[str, ...] = ()
    scores_decided_on: str = ""
    left_alone: str = ""
    must_be_there: bool = True

    def capacity(self, size: int = SIZES[0]) -> int:
        """Its rows in a template of a size."""
        return self.rows if isinstance(self.rows, int) else self.rows[SIZES.index(size)]

    @property
    def grows(self) -> bool:
        """Whether its rows grow with the people, so that an own template may have any number of them."""
        return not isinstance(self.rows, int)

    @property
    def counted_by(self) -> tuple[str, ...]:
        return self.counted or self.key[:1]


@dataclass(frozen=True, eq=False)
class WorkbookKind:
    """A kind of workbook that goes out and comes back.

    Attributes:
        name: As in the stamp (`evalxl.kind`) and in the ledger's events.
        order: Its place among the kinds.
        declared: Its fields; `Each` stands for a field of each part of the rule book.
        tables: Its tables.
        lists: The words of its own lists, by name: first the one that an untouched cell holds.
        of: Whether it belongs to a week or to a period.
        is_form: Whether one person or unit reports in it, so that of several versions one counts as a whole. In all others each cell counts by itself.
        of_unit: Whether its subject is a unit.
        first_of_parts: The beginning of the names that tell which parts a template has; empty for a kind without scores.
        told: The beginning of findings about a workbook that cannot be written.
        named_by: The field that names whose it is.
        over_weeks: Whether the workbooks of all weeks are one, because a row goes on from week to week.
        step: What is decided in it about each person.
        decides_all: The cell that chooses the first decision for every undecided row: of an approver's workbook that was issued on some basis, of a
            manager's in which every score stands.
        takes_over: The cell that takes the person's score into every score cell that is empty.
        booked_in: The table that shows what is booked in the owner's name.
        share: The share that it lies on.
        folder: Its folder there, with `{when}` for the week or period and `{unit}` for the unit.
        ending: How its file name ends. Excel opens one workbook per name, so no two kinds have the same ending. A person's form ends with the name.
        former: Its file name in version 0.1, with `{when}`, `{code}` and, for both of them, `{head}`.
        template: What makes its standard template: a function, or the module of `excel/templates` that has it as `build`; the one with the kind's name
            where nothing is said.
        sheet: Draws what was booked in it into a week's master, on a sheet of its own. None where the sheets of every master show it.
    """

    name: str
    order: int
    declared: tuple[Field | Each, ...]
    tables: tuple[Table, ...] = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    of: Literal["week", "period"] = "week"
    is_form: bool = False
    of_unit: bool = False
    first_of_parts: str = ""
    told: str = "book"
    named_by: str = "ev_book_owner_name"
    over_weeks: bool = False
    step: Literal["", "score", "approve"] = ""
    decides_all: str = ""
    takes_over: str = ""
    booked_in: str = ""
    share: Literal["unit", "management", "office"] = "management"
    folder: str = "{when}"
    ending: str = ""
    former: str = ""
    template: str | Builder = ""
    sheet: Sheet | None = None

    @cached_property
    def by_table(self) -> Mapping[str, Table]:
        """Its tables by name."""
        return {table.name: table for table in self.tables}

    @cached_property
    def by_field(self) -> Mapping[str, Field]:
        """The fields that it has under every rule book, by name."""
        return {entry.name: entry for entry in self.declared if isinstance(entry, Field)}

    @property
    def folder_of_all(self) -> str:
        """The folder in which its workbooks of all units lie together; empty where each unit has one. No unit may be called so."""
        first = next((part for part in self.folder.split("/") if part != "{when}"), "")
        return "" if first.startswith("{") else first

    @property
    def at_once(self) -> tuple[str, ...]:
        """The cells that speak for all rows."""
        return tuple(filter(None, (self.decides_all, self.takes_over)))

    @property
    def sized(self) -> bool:
        """Whether the package has a standard template for each of `SIZES`: a row is a person's."""
        return any(table.grows and table.key for table in self.tables)

    def rows_of(self, entry: Field, size: int = SIZES[0]) -> int:
        """How many cells a field has in a template of a size."""
        return self.by_table[entry.table].capacity(size) if entry.table else 1

    def __repr__(self) -> str:
        return f"<kind {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        """In another process a kind of the package is found by its name; any other is made known there."""
        if _registry.get(self.name) is self and self.name in _packaged:
            return kind_named, (self.name,)
        return _made_known, tuple(getattr(self, entry.name) for entry in fields(self))


class Lists(Mapping[str, tuple[str, ...]]):
    """The words of every list by its name: those that several kinds have, and each kind's own."""

    def __init__(self, shared: Mapping[str, tuple[str, ...]]) -> None:
        self._shared = dict(shared)

    def __getitem__(self, name: str) -> tuple[str, ...]:
        _load()
        return self._shared[name] if name in self._shared else _lists[name]

    def __iter__(self) -> Iterator[str]:
        _load()
        return iter((*self._shared, *_lists))

    def __len__(self) -> int:
        return len(tuple(iter(self)))


_registry: dict[str, WorkbookKind] = {}
_tables: dict[str, Table] = {}
_lists: dict[str, tuple[str, ...]] = {}
_packaged: set[str] = set()


def known_kinds() -> tuple[WorkbookKind, ...]:
    """Every kind, in order."""
    _load()
    return tuple(sorted(_registry.values(), key=lambda kind: kind.order))


def kind_named(name: str) -> WorkbookKind:
    """The kind with a name.

    Raises:
        LookupError: there is none. `is_kind` asks before, where the name comes from outside.
    """
    _load()
    if name not in _registry:
        raise LookupError(f"no kind of workbook is named {name!r}; known: {', '.join(sorted(_registry))}")
    return _registry[name]


def is_form(name: str) -> bool:
    """Whether a name is that of a kind in which one person or unit reports."""
    return is_kind(name) and kind_named(name).is_form


def is_kind(name: str) -> bool:
    """Whether workbooks of a kind with this name go out and come back."""
    _load()
    return name in _registry


@contextlib.contextmanager
def made_known(kind: WorkbookKind) -> Iterator[WorkbookKind]:
    """A kind beside those of the package, for as long as it is needed."""
    _load()
    _add(kind)
    try:
        yield kind
    finally:
        del _registry[kind.name]
        _tables.clear()
        _lists.clear()
        for other in _registry.values():
            _tables.update(other.by_table)
            _lists.update(other.lists)


def kinds_beside() -> tuple[WorkbookKind, ...]:
    """The kinds that are not of the package. Another process has to be told of them."""
    return tuple(kind for kind in known_kinds() if kind.name not in _packaged)


def table_named(name: str) -> Table:
    """A table of any kind. A name means the same table in all kinds that have it.

    Raises:
        LookupError: no kind has such a table.
    """
    _load()
    if name not in _tables:
        raise LookupError(f"no kind of workbook has a table {name!r}")
    return _tables[name]


def capacity(table: str) -> int:
    """The rows of a table, of one that grows at the smallest size."""
    return table_named(table).capacity()


def size_for(kind: WorkbookKind, counts: Mapping[str, int]) -> int:
    """The smallest capacity with room for these numbers of rows per table; the largest if none has room."""
    growing = [(kind.by_table[table], count) for table, count in counts.items() if kind.by_table[table].grows]
    fits = (size for size in SIZES if all(count <= table.capacity(size) for table, count in growing))
    return next(fits, SIZES[-1])


def template_name(kind: WorkbookKind, lang: str = "vi", size: int = SIZES[0]) -> str:
    """The file name of a template: `scoring.xlsx`, `scoring-200.en.xlsx`."""
    larger = "" if size == SIZES[0] else f"-{size}"
    return f"{kind.name}{larger}{'.en' if lang == 'en' else ''}.xlsx"


def used_rows(kind: WorkbookKind, values: Mapping[str, Any]) -> dict[str, int]:
    """The number of rows of each table that a workbook with these values shows. The rows below are hidden and unused."""
    return _lengths(kind, values, hides=True)


def list_lengths(kind: WorkbookKind, values: Mapping[str, Any]) -> dict[str, int]:
    """The number of entries in each list that a workbook with these values offers, by the list's table."""
    return _lengths(kind, values, hides=False)


def _lengths(kind: WorkbookKind, values: Mapping[str, Any], hides: bool) -> dict[str, int]:
    return {
        table.name: max(len(values.get(name, ())) for name in table.counted_by) + table.spare
        for table in kind.tables
        if table.counted_by and table.hides is hides
    }


def _load() -> None:
    """Make the kinds of the package known."""
    if _packaged:
        return
    kinds = importlib.import_module(
        "evalxl.forms.kinds"
    )  # it is found, not known: its records are built of what stands here

    workbook_kinds = [
        kind
        for module in pkgutil.iter_modules(kinds.__path__, f"{kinds.__name__}.")
        for kind in vars(importlib.import_module(module.name)).values()
        if isinstance(kind, WorkbookKind)
    ]
    for kind in workbook_kinds:
        if _registry.get(kind.name) is not kind:
            _add(kind)
        _packaged.add(kind.name)


def _add(kind: WorkbookKind) -> None:
    """Enter a kind that says all that is asked of it.

    Raises:
        IncompleteKindError: something in the record is missing, or contradicts another kind.
    """
    for other in _registry.values():
        alike = [name for name in ("name", "order", "ending") if getattr(kind, name) == getattr(other, name) != ""]
        if alike:
            raise IncompleteKindError(kind, f"its {alike[0]} is that of {other.name}")
        for name, table in kind.by_table.items():
            if other.by_table.get(name, table) != table:
                raise IncompleteKindError(kind, f"its table {name} is another one in {other.name}")
        for name, words in kind.lists.items():
            if other.lists.get(name, words) != words:
                raise IncompleteKindError(kind, f"its list {name} is another one in {other.name}")
    tables = {entry.table for entry in kind.declared if entry.table}
    if missing := sorted(tables - set(kind.by_table)):
        raise IncompleteKindError(kind, f"no rows are given for {', '.join(missing)}")
    columns = {entry.name for entry in kind.declared if isinstance(entry, Field) and entry.table}
    for table in kind.tables:
        named = {*table.key, *table.counted, *table.known_by, *table.decided_on, *filter(None, (table.decision,))}
        if missing := sorted(named - columns):
            raise IncompleteKindError(kind, f"its table {table.name} names what is no column: {', '.join(missing)}")
    _registry[kind.name] = kind
    _tables.update(kind.by_table)
    _lists.update(kind.lists)


class IncompleteKindError(Exception):
    """A slip in the record of a kind: found when the kind is entered, not when a workbook needs what is missing."""

    def __init__(self, kind: WorkbookKind, slip: str) -> None:
        super().__init__(f"kind {kind.name}: {slip}")


def _made_known(*parts: Any) -> WorkbookKind:
    kind = WorkbookKind(*parts)
    if not is_kind(kind.name):
        _add(kind)
    return _registry[kind.name]
