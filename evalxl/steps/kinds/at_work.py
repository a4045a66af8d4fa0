"""What the steps do with a kind of workbook: which workbooks go out, and how what was typed in them is booked."""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evalxl.domain.history.history import History, PeriodHistory, WeekHistory
from evalxl.domain.organisation.people import Organisation, Roster
from evalxl.domain.rulebook import RuleBook
from evalxl.forms.binding import Layout
from evalxl.forms.kind import IncompleteKindError, WorkbookKind, known_kinds, made_known
from evalxl.forms.rows import RowReader
from evalxl.forms.submissions import CellReader
from evalxl.steps.booking.decision_context import BookingResult, DecisionContext
from evalxl.steps.refresh.period_to_draw import PeriodToDraw
from evalxl.steps.refresh.week_to_draw import WeekToDraw, WorkbookToDraw

Due = Callable[[WeekToDraw], Iterable[WorkbookToDraw]]


@dataclass(frozen=True)
class KindAtWork:
    """A kind of workbook of a week, with what is done with it.

    Attributes:
        due: Its workbooks of a week as they should be now.
        book: What the rows of its workbooks decide, and what they still need, workbook by workbook. Each is asked for when those before are written.
        lost: Its workbooks as they should be now, for comparison with those that a lost ledger issued. `due` where nothing else is said.
        alone: What a row decides on its own, for who looks at a file without an office. None where no row can say so.
        after_warnings: Whether it shows the warnings of the two-week rule, and is adopted and booked after them.
    """

    kind: WorkbookKind
    due: Due
    book: Callable[[DecisionContext, History, WeekHistory], Iterable[BookingResult]]
    lost: Due | None = None
    alone: Callable[[RowReader, CellReader, int], dict[str, Any] | None] | None = None
    after_warnings: bool = False


@dataclass(frozen=True)
class PeriodKindAtWork:
    """A kind of workbook of a period, with what is done with it.

    Attributes:
        due: Its workbooks of a period as they should be now.
        book: What the rows of its workbooks say anew, and what they still need. It gets the roster of the period's last week, the organisation
            of the last week in the ledger, and by its hash the layout of each template last issued.
    """

    kind: WorkbookKind
    due: Callable[[PeriodToDraw], Iterable[WorkbookToDraw]]
    book: Callable[[PeriodHistory, Roster, Organisation, RuleBook, Mapping[str, Layout]], BookingResult]


_at_work: dict[str, KindAtWork | PeriodKindAtWork] = {}


def kinds_at_work() -> tuple[KindAtWork, ...]:
    """Every kind of workbook of a week that goes out anew, in order.

    Raises:
        IncompleteKindError: a kind has a record, and no module here says what is done with it.
    """
    return tuple(one for one in _found() if isinstance(one, KindAtWork))


def period_kinds_at_work() -> tuple[PeriodKindAtWork, ...]:
    """Every kind of workbook of a period, in order.

    Raises:
        IncompleteKindError: as `kinds_at_work`.
    """
    return tuple(one for one in _found() if isinstance(one, PeriodKindAtWork))


def _found() -> list[KindAtWork | PeriodKindAtWork]:
    if not _at_work:
        from evalxl.steps import kinds

        for module in pkgutil.iter_modules(kinds.__path__, f"{kinds.__name__}."):
            for found in vars(importlib.import_module(module.name)).values():
                if isinstance(found, KindAtWork | PeriodKindAtWork):
                    _at_work[found.kind.name] = found
    for kind in known_kinds():
        asked = KindAtWork if kind.of == "week" else PeriodKindAtWork
        if not kind.is_form and not isinstance(_at_work.get(kind.name), asked):
            raise IncompleteKindError(kind, "nothing says which workbooks go out and how they are booked")
    return sorted(_at_work.values(), key=lambda one: one.kind.order)


@contextlib.contextmanager
def at_work_with(kind: KindAtWork | PeriodKindAtWork) -> Iterator[None]:
    """A kind beside those of the package, for as long as it is needed."""
    kinds_at_work()
    with made_known(kind.kind):
        _at_work[kind.kind.name] = kind
        try:
            yield
        finally:
            del _at_work[kind.kind.name]


def due(now: WeekToDraw) -> Iterator[WorkbookToDraw]:
    """Every workbook of a week as it should be now, kind by kind."""
    for kind in kinds_at_work():
        yield from kind.due(now)
