"""Decides which cells of new copies of managers' workbooks count, and records that in their events.

The rule is in `domain/versions/cell_order`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from evalxl.domain.findings import Finding
from evalxl.domain.history.events import GoneEvent
from evalxl.domain.history.history import IssuedAndReturned
from evalxl.domain.names import code_key
from evalxl.domain.versions.cell_meaning import Meaning, meaning
from evalxl.domain.versions.cell_order import Copy, Weighed, weigh
from evalxl.domain.versions.returned_workbooks import Held, ReturnedWorkbook, RowKey
from evalxl.domain.weeks import Period, Week
from evalxl.forms.kind import kind_named
from evalxl.steps.intake.replacements import add_again
from evalxl.steps.office.new_files import NewFile, add_received
from evalxl.steps.office.office import Batch, Office

MOST_CELLS = 10  # named in one sentence


def typed_so_far(office: Office, history: IssuedAndReturned, workbook: str, owner: str) -> ReturnedWorkbook:
    """What was typed into an owner's workbook so far. The registers of all weeks are one workbook."""
    return office.history.register if kind_named(workbook).over_weeks else history.book(workbook, owner)


def record_copies(batch: Batch, when: Week | Period, history: IssuedAndReturned, came: Sequence[NewFile]) -> None:
    """Record the new copies of managers' workbooks, and for each cell whether it counts."""
    known = {event["sha256"] for event in history.log if event.get("verdict") == "read"} if came else set()
    by_book: dict[tuple[str, str], list[NewFile]] = {}
    for new_file in came:
        assert new_file.examined is not None
        by_book.setdefault((new_file.examined.workbook, code_key(new_file.examined.subject)), []).append(new_file)
    for (workbook, owner), copies in by_book.items():
        book, place = typed_so_far(batch.office, history, workbook, owner), history.book(workbook, owner).issue
        weigheds = weigh(book, [_copy(new_file, workbook, place.path if place else "", known) for new_file in copies])
        for new_file, weighed in zip(copies, weigheds, strict=True):
            assert new_file.examined is not None
            typed = [
                {**cell, "held": weighed.held[number]} if number in weighed.held else cell
                for number, cell in enumerate(new_file.examined.typed)
            ]
            findings = (*_opposite(new_file, weighed), *new_file.examined.findings)
            add_received(batch, when, new_file, "read", findings=findings, typed=typed)


def _copy(new_file: NewFile, workbook: str, place: str, known: set[str]) -> Copy:
    assert new_file.examined is not None
    spelled = code_key if kind_named(workbook).over_weeks else str
    typed = [{**cell, "row": spelled(cell["row"])} for cell in new_file.examined.typed]
    return Copy(
        new_file.saved, new_file.examined.form_id, typed, in_place=new_file.file == place, seen=new_file.sha256 in known
    )


def _opposite(new_file: NewFile, weighed: Weighed) -> Iterator[Finding]:
    assert new_file.examined is not None
    cells = [
        f"{new_file.examined.typed[number]['sheet']}!{new_file.examined.typed[number]['cell']}"
        for number in weighed.opposite
    ]
    if cells:
        more = f" (+{len(cells) - MOST_CELLS})" if len(cells) > MOST_CELLS else ""
        said = ", ".join(cells[:MOST_CELLS]) + more
        yield Finding("row.times_opposite", code=new_file.examined.subject, values={"cells": said})


# Cells that were held back


def held_in_files(
    history: IssuedAndReturned, book: ReturnedWorkbook, digests: Mapping[str, str] | None = None
) -> Iterator[tuple[str, Held]]:
    """The held cells of copies that are still in the folder unchanged, each with its file.

    Args:
        digests: By file: the hash of its present bytes. Without it, the ledger's record decides.
    """
    for file, cells in book.held.items():
        received = history.read.get(file)
        if received is None or received.seq != cells[0].cell.seq:
            continue
        if digests is None or digests.get(file) == received.sha256:
            yield from ((file, held) for held in cells)


def is_still_open(typed: ReturnedWorkbook, held: Held, key: RowKey) -> bool:
    """Whether a held cell differs from what is booked, and nobody has typed in that cell since."""
    stands = typed.typed(key, held.name)
    if stands is None:
        return True
    if held.why == "rivals":  # none of them counted in their run, so whatever counts was typed in a later one
        since = stands.seq > held.cell.seq
    else:
        since = stands.at is not None and held.cell.at is not None and stands.at > held.cell.at
    return meaning(stands.value) != meaning(held.cell.value) and not since


def forget_copies(batch: Batch, when: Week | Period, history: IssuedAndReturned, lying: Iterable[str]) -> None:
    """Record that copies with held cells are no longer in the folder."""
    there = set(lying)
    held = {file for book in history.books.values() for file in book.held}
    for file in sorted(held - there):
        if (received := history.read.get(file)) is not None:
            batch.add(GoneEvent(file=file, sha256=received.sha256), when)


def settle_copies(batch: Batch, when: Week | Period, history: IssuedAndReturned, digests: Mapping[str, str]) -> None:
    """Let the last of several contradicting copies count, once the others were removed."""
    for book in list(history.books.values()):
        typed = typed_so_far(batch.office, history, book.workbook, book.owner)
        rivals: dict[RowKey, dict[str, set[Meaning]]] = {}
        waiting: dict[str, set[RowKey]] = {}
        for file, held in held_in_files(history, book, digests):
            if held.why == "rivals" and is_still_open(typed, held, key_so_far(book, held.key)):
                rivals.setdefault(held.key, {}).setdefault(held.name, set()).add(meaning(held.cell.value))
                waiting.setdefault(file, set()).add(held.key)
        agreed = {key for key, names in rivals.items() if all(len(values) == 1 for values in names.values())}
        for file, rows in sorted(waiting.items()):
            if rows & agreed:
                _say_again(batch, when, history, file, rows & agreed)


def key_so_far(book: ReturnedWorkbook, key: RowKey) -> RowKey:
    """The key of a row in `typed_so_far`."""
    return (key[0], code_key(key[1])) if kind_named(book.workbook).over_weeks else key


def _say_again(batch: Batch, when: Week | Period, history: IssuedAndReturned, file: str, counting: set[RowKey]) -> None:
    """Record that some rows of a copy count now. The other rows stay as they were."""
    seq = history.read[file].seq
    event = next(one for one in reversed(history.log) if one["seq"] == seq)
    typed: list[dict[str, Any]] = []
    for one in event["typed"]:
        cell = {name: value for name, value in one.items() if name != "held"}
        if (one["table"], one["row"]) not in counting or one.get("held") != "rivals":
            cell["held"] = one.get("held", "taken")
        typed.append(cell)
    add_again(batch, when, event, typed=typed)
