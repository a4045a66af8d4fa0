"""Which typed cells of a manager's workbook count. For each cell the value saved last counts.

A manager may continue in a copy at home while somebody types into the workbook on the share. A sync client may put older copies beside newer
ones. A copy never changes a booked cell if it was saved earlier, or if the order is unknown (contract, *Row workbooks*).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evalxl.domain.versions.cell_meaning import Meaning, meaning
from evalxl.domain.versions.returned_workbooks import DECISIONS, ReturnedWorkbook, RowKey, TypedCell, Why
from evalxl.domain.versions.save_order import Saved, comes_after, last_ones, later, opposite


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a row workbook that is new in a run.

    Attributes:
        typed: Its typed cells, each with table, row, name and value, as the ledger stores them.
        in_place: Whether it is where the workbook was issued to. A file saved there is the next version.
        seen: Whether the same bytes were read before.
    """

    saved: Saved
    form_id: str
    typed: Sequence[Mapping[str, Any]]
    in_place: bool = False
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Weighed:
    """Which cells of one copy count.

    Attributes:
        held: By the number of a typed cell: why it does not count.
        opposite: The numbers of the cells that count although the two times of the copy contradict each other.
    """

    held: Mapping[int, Why]
    opposite: tuple[int, ...]


def weigh(book: ReturnedWorkbook, copies: Sequence[Copy]) -> list[Weighed]:
    """Decide for each cell of the new copies of a run whether it counts.

    Args:
        book: What was typed so far. Its row keys are spelled as those of the copies.
    """
    held: list[dict[int, Why]] = [{} for _ in copies]
    strange: list[list[int]] = [[] for _ in copies]
    torn: set[RowKey] = set()
    for (key, name), places in _by_cell(copies).items():
        stands = book.typed(key, name)
        asking: list[tuple[int, int]] = []
        for number, place in places:
            copy, typed = copies[number], copies[number].typed[place]["value"]
            if name in DECISIONS and book.carried_out(key, copy.form_id, typed):
                continue
            why = _held_by(book, stands, copy, meaning(typed)) if stands is not None else None
            if why is None:
                asking.append((number, place))
            else:
                held[number][place] = why
        for number, place in asking:
            why = _held_among(copies, asking, number, place)
            if why is not None:
                held[number][place] = why
                torn |= {key} if why == "rivals" else set()
            elif stands is not None and _is_strange(copies[number], stands, _meaning_of(copies[number].typed[place])):
                strange[number].append(place)
    # A row is decided as a whole: cells on which two copies agree wait for the cells on which they differ.
    for number, copy in enumerate(copies):
        for place, one in enumerate(copy.typed):
            if (one["table"], one["row"]) in torn:
                held[number].setdefault(place, "rivals")
    return [Weighed(one, tuple(other)) for one, other in zip(held, strange, strict=True)]


def _by_cell(copies: Sequence[Copy]) -> dict[tuple[RowKey, str], list[tuple[int, int]]]:
    """By row and name: the copies in which the cell was typed, with its index among their typed cells."""
    found: dict[tuple[RowKey, str], list[tuple[int, int]]] = {}
    for number, copy in enumerate(copies):
        for place, one in enumerate(copy.typed):
            found.setdefault(((one["table"], one["row"]), one["name"]), []).append((number, place))
    return found


def _meaning_of(typed: Mapping[str, Any]) -> Meaning:
    return meaning(typed["value"])


def _is_strange(copy: Copy, stands: TypedCell, value: Meaning) -> bool:
    """Whether a cell that counts changes the earlier value although the two times of the copy contradict each other."""
    return value != meaning(stands.value) and stands.saved is not None and opposite(copy.saved, stands.saved)


def _held_by(book: ReturnedWorkbook, stands: TypedCell, copy: Copy, value: Meaning) -> Why | None:
    """Why a copy's cell does not replace the current one; None when it does."""
    assert stands.saved is not None
    in_place = copy.in_place or copy.saved.file == stands.saved.file
    if value != meaning(stands.value):
        if copy.seen and in_place:
            return "earlier"
        if (copy.form_id, value) in stands.before and _seq(book, stands.form_id) > _seq(book, copy.form_id):
            return "earlier"  # a later issue showed this value, and it was changed there
    if in_place:
        return "earlier" if later(stands.saved, copy.saved) else None
    if comes_after(copy.saved, stands.saved):
        return None
    return "earlier" if comes_after(stands.saved, copy.saved) else "unordered"


def _held_among(copies: Sequence[Copy], asking: Sequence[tuple[int, int]], number: int, place: int) -> Why | None:
    """Why a copy's cell does not count against the other copies of the same run; None when it does."""
    value = _meaning_of(copies[number].typed[place])
    others = [(one, at) for one, at in asking if _meaning_of(copies[one].typed[at]) != value]
    if not others:
        return None
    last = last_ones([copies[one].saved for one, _ in asking])
    latest = {_meaning_of(copies[asking[one][0]].typed[asking[one][1]]) for one in last}
    if len(latest) == 1:
        return None if value in latest else "earlier"
    return "rivals" if value in latest else "earlier"


def _seq(book: ReturnedWorkbook, form_id: str) -> int:
    issue = book.issues.get(form_id)
    return issue.seq if issue is not None else 0
