"""Refreshing the managers' and approvers' workbooks: newly submitted people appear, and no typed cell is lost.

What was typed is in the ledger before a workbook is drawn again. A workbook that somebody has open, or that changed after it was read, is left
alone until the next run. The exception is a scoring workbook that is open in the program in which the button was pressed. It is issued, and handed over
to replace the open one there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from evalxl.domain.findings import Finding
from evalxl.domain.history.history import Event, IssuedAndReturned
from evalxl.domain.versions.cell_meaning import meaning
from evalxl.domain.versions.returned_workbooks import DECISIONS, Issue, ReturnedWorkbook
from evalxl.domain.weeks import Week
from evalxl.forms import kinds
from evalxl.records import folders
from evalxl.records.archive import digest_of
from evalxl.records.arrivals import bytes_of
from evalxl.records.publish import is_open, publish_all, remove, sweep
from evalxl.steps.booking.held_cells import waits_for_a_word
from evalxl.steps.issue.drafts import beside_taken
from evalxl.steps.issue.issuing import SECONDS_A_BOOK, Outgoing, rooms_of_issued, same_content
from evalxl.steps.issue.unknown_workbooks import forms_to_come
from evalxl.steps.office.office import Batch, Office
from evalxl.steps.refresh.open_workbook import OpenWorkbook
from evalxl.steps.refresh.open_workbook_handover import Saved, in_hand, issue_here, saved_in
from evalxl.steps.refresh.week_to_draw import WorkbookToDraw


@dataclass(slots=True)
class Refreshed:
    """The redrawn workbooks, those that replace an open one, and those left for the next run."""

    written: list[Path] = field(default_factory=list)
    in_hand: list[OpenWorkbook] = field(default_factory=list)
    busy: list[Finding] = field(default_factory=list)


def refresh(
    batch: Batch,
    outgoing: Outgoing,
    history: IssuedAndReturned,
    all_due: Iterable[WorkbookToDraw],
    read: Mapping[str, str],
    open_books: Mapping[Path, str] = MappingProxyType({}),
) -> Refreshed:
    """Redraw workbooks whose content has changed, or that were issued to another place.

    Args:
        history: The issued and returned workbooks of the week or period so far.
        read: By file: the hash of the bytes that this run has read. A file that changed since is not overwritten.
        open_books: The scoring workbooks that are open in the program in which the button was pressed, each with its issue.
    """
    office, done = batch.office, Refreshed()
    rooms_then = partial(rooms_of_issued, office, kinds.SCORING)
    files: list[tuple[Path, bytes]] = []
    letters: list[tuple[Event, Path, Issue | None, Saved | None]] = []
    superseded: list[Path] = []
    for due in all_due:
        last = history.book(due.kind.name, due.owner).issue
        path, moved_from = due.path, None
        sweep(path.parent, office.keeper)  # also when nothing is written this time
        here, saved = None, None
        if last is not None:
            if office.on_same_share(last.path, due.path):
                path, moved_from = _place(office, history, due, last, read, open_books)
            elif (old := office.absolute(last.path)).exists():
                moved_from = old
        if last is None and path.exists():
            # A lost ledger may have issued this file, and its typed values exist nowhere else. It stays, and the new workbook goes beside it.
            if isinstance(outgoing.week, Week) and forms_to_come(office, outgoing.week):
                continue
            taken, path = path, beside_taken(path)
            values = {"fresh": path.name}
            done.busy.append(Finding(f"{due.kind.told}.place_taken", due.owner, office.relative(taken), values=values))
        if last is not None and moved_from is None and (former := _left_behind(office, history, path, last, read)):
            superseded.append(former)
        same = last is not None and same_content(
            last, due.values, outgoing.template_of(due.kind, due.values), **due.more
        )
        if moved_from is not None and last is not None:
            # The office has set a separate share for it, so it must not stay where colleagues can open it. Or it has another name now.
            if is_open(moved_from) or not _as_read(office, moved_from, last, read):
                done.busy.append(Finding(f"{due.kind.told}.open_now", code=due.owner, file=office.relative(moved_from)))
                continue
            superseded.append(moved_from)
        elif same and last is not None and path.exists() and not _older(office, history, path, last, read):
            continue
        if moved_from is None and last is not None and path.exists():
            here = issue_here(history.book(due.kind.name, due.owner), path, open_books)
            saved = saved_in(office, history, path, here, read.get(office.relative(path))) if here is not None else None
            if here is None and is_open(path):
                done.busy.append(Finding(f"{due.kind.told}.open_now", code=due.owner, file=office.relative(path)))
                continue
            if saved is None and (here is not None or not _as_read(office, path, last, read)):
                done.busy.append(
                    Finding(f"{due.kind.told}.changed_meanwhile", code=due.owner, file=office.relative(path))
                )
                continue
            if office.relative(path) in history.present:
                continue  # it was refused, and its typed values exist nowhere else: it stays until the owner has corrected it
            if waits_for_a_word(history, history.book(due.kind.name, due.owner), office.relative(path)):
                continue
        event = office.event_of(last) if same and last and not moved_from else None
        again = outgoing.again(event) if event is not None else None
        if event is None or again is None:
            name, head = office.relative(path), office.ledger.head
            letter = outgoing.letter(due.kind, due.owner, name, due.values, head, **due.more)
            letters.append((letter, path, here, saved))
        elif here is not None and saved is not None:
            done.in_hand.append(in_hand(path, here, saved, event, again, office.keeper, rooms_then))
        else:
            files.append((path, again))
    issued = outgoing.issue_all(batch, (letter for letter, *_ in letters), SECONDS_A_BOOK)
    for (_, path, here, saved), (event, data) in zip(letters, issued, strict=True):
        if here is not None and saved is not None:
            done.in_hand.append(in_hand(path, here, saved, event, data, office.keeper, rooms_then))
        else:
            files.append((path, data))
    batch.write(str(outgoing.week))
    done.written += [
        published.path for published in publish_all(files, office.keeper, leave=True) if published.state != "left"
    ]
    for path in superseded:
        remove(path, office.keeper)
    return done


def _place(
    office: Office,
    history: IssuedAndReturned,
    due: WorkbookToDraw,
    last: Issue,
    read: Mapping[str, str],
    open_books: Mapping[Path, str],
) -> tuple[Path, Path | None]:
    """The path of a workbook that stays on its share, and the file that it replaces there if an earlier version used another name.
    A file that is open, was refused, or was saved since this run read it, keeps its name until the next run.
    """
    there = office.absolute(last.path)
    named = there.with_name(due.path.name)
    if folders.former_path(named) != there:
        return there, None
    if not there.exists():
        return named, None
    here = issue_here(history.book(due.kind.name, due.owner), there, open_books)
    if here is not None or is_open(there) or last.path in history.present or not _as_read(office, there, last, read):
        return there, None
    return named, there


def _left_behind(
    office: Office, history: IssuedAndReturned, path: Path, last: Issue, read: Mapping[str, str]
) -> Path | None:
    """The file beside a workbook with the name of an earlier version, if everything in it was taken in before the workbook was issued.

    An interrupted run left it there, or somebody had it open while the workbook replaced it, and saved it later.
    """
    former = folders.former_path(path)
    if former is None or not path.exists() or not former.is_file() or is_open(former):
        return None
    name = office.relative(former)
    received, digest = history.read.get(name), read.get(name)
    if digest is None or digest_of(bytes_of(former)) != digest:
        return None
    book = history.book(last.workbook, last.subject)
    if any(issue.sha256 == digest for issue in book.issues.values()):
        return former
    if received is None or received.sha256 != digest or received.seq > last.seq or received.findings:
        return None
    typed = office.ledger.events[received.seq - 1].get("typed", ())
    return former if all(_is_taken(book, one, received.seq) for one in typed) else None


def _is_taken(book: ReturnedWorkbook, one: Mapping[str, Any], seq: int) -> bool:
    """Whether a copy's cell value counts, was carried out, or was overwritten since."""
    cell = book.typed((one["table"], one["row"]), one["name"])
    if cell is None:
        return one["name"] in DECISIONS
    return cell.seq > seq or meaning(cell.value) == meaning(one["value"])


def _older(office: Office, history: IssuedAndReturned, path: Path, last: Issue, read: Mapping[str, str]) -> bool:
    """Whether an earlier issue is at the place of the last one, because an interrupted run recorded the last one and did not write it."""
    name = office.relative(path)
    digest, received = read.get(name), history.read.get(name)
    earlier = history.book(last.workbook, last.subject).issues.values()
    if digest is None or digest == last.sha256:
        return False
    if any(digest == issue.sha256 for issue in earlier):
        return True
    known = received is not None and received.sha256 == digest and received.form_id != last.form_id
    return known and received is not None and any(received.form_id == issue.form_id for issue in earlier)


def _as_read(office: Office, path: Path, last: Issue, read: Mapping[str, str]) -> bool:
    now = digest_of(bytes_of(path))
    return now in (last.sha256, read.get(office.relative(path)))
