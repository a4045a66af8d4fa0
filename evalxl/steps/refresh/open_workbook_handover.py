"""What is needed to replace an open scoring workbook by its refreshed version without losing typed values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from evalxl.domain.history.history import IssuedAndReturned
from evalxl.domain.names import code_key
from evalxl.domain.versions.returned_workbooks import Issue, ReturnedWorkbook
from evalxl.forms import kinds
from evalxl.forms.comparison.issued import stamped
from evalxl.forms.fields import GIVEN_LINE, Field, ScoredIn, Who, fields_for
from evalxl.forms.rows import row_keys
from evalxl.forms.values import Typed, decode_values
from evalxl.records.publish import Keeper
from evalxl.steps.office.office import Office
from evalxl.steps.refresh.open_workbook import OpenWorkbook, Said, as_number, said

Saved = Mapping[str, Mapping[str, Said]]


def issue_here(book: ReturnedWorkbook, path: Path, open_books: Mapping[Path, str]) -> Issue | None:
    """The issue of a scoring workbook that is open in the program in which the button was pressed, found by its file.

    A share may have several names (a drive letter, the server's name), so the files themselves are compared.
    """
    if book.workbook != kinds.SCORING.name:
        return None
    for other, form_id in open_books.items():
        try:
            if other == path or other.samefile(path):
                return book.issues.get(form_id)
        except OSError:
            continue
    return None


def saved_in(office: Office, history: IssuedAndReturned, path: Path, shown: Issue, digest: str | None) -> Saved | None:
    """By name and row: the values in the file on the share that were not issued with it.

    Args:
        shown: The issue that is open.
        digest: The hash of the file as this run read it.

    Returns:
        None if unknown: the file could not be read, or another issue is there.
    """
    if digest == shown.sha256:
        return {}
    received = history.read.get(office.relative(path))
    if received is None or received.sha256 != digest or received.form_id != shown.form_id:
        return None
    event = office.ledger.events[received.seq - 1]
    typed: dict[str, dict[str, Said]] = {}
    records: Sequence[Mapping[str, Any]] = event.get("typed", ())
    for one in records:
        typed.setdefault(one["name"], {})[code_key(one["row"])] = _of_typed(Typed.from_record(one["value"]))
    return typed


def in_hand(
    path: Path,
    shown: Issue,
    typed: Saved,
    event: Mapping[str, Any],
    data: bytes,
    keeper: Keeper,
    rooms: Callable[[str], Mapping[str, int]],
) -> OpenWorkbook:
    """A workbook that was just issued, with what is needed to replace the open one.

    Args:
        shown: The issue that is open.
        typed: The values saved in it.
        event: The new issue's event.
        data: The new workbook.
        keeper: The keeper of the office.
        rooms: Gives the number of rows of each table in a template, by its hash.
    """
    before_room, after_room = rooms(shown.template), rooms(event["template"])
    old, new = decode_values(dict(shown.values)), decode_values(dict(event["values"]))
    saved: dict[str, list[Said]] = {}
    after: dict[str, list[Said]] = {}
    rows: dict[str, list[int | None]] = {}
    for entry in _open_columns(new):
        table = entry.table
        keys, new_keys = _keys(old, table, before_room[table]), _keys(new, table, after_room[table])
        at = {key: row for row, key in enumerate(new_keys)}
        count = range(before_room[table])
        saved[entry.name] = [_held(old, entry.name, row) for row in count]
        for key, value in typed.get(entry.name, {}).items():
            if key in keys:
                saved[entry.name][keys.index(key)] = value
        after[entry.name] = [_held(new, entry.name, row) for row in range(after_room[table])]
        rows[entry.name] = [at.get(keys[row]) if row < len(keys) else None for row in count]
    before, now = ({code_key(code): form for code, form in one.items()} for one in (shown.versions, event["versions"]))
    other = frozenset(row for row, code in enumerate(_keys(old, "team", 0)) if before.get(code) != now.get(code))
    return OpenWorkbook(path, data, shown.form_id, event["form_id"], saved, after, rows, keeper, other)


def _open_columns(values: Mapping[str, Any]) -> Iterator[Field]:
    """The columns that are typed into; a part's score stands beside the person's own."""
    own = "ev_row_self_"
    parts = (name.removeprefix(own) for name in values if name.startswith(own) and name != f"{own}total")
    lines = (name.removeprefix(GIVEN_LINE) for name in values if name.startswith(GIVEN_LINE))
    scored = ScoredIn(tuple(parts), lines=tuple(lines))
    return (entry for entry in fields_for(kinds.SCORING, scored) if entry.who is Who.PERSON and entry.table)


def _keys(values: Mapping[str, Any], table: str, room: int) -> list[str]:
    """The key of each row. A row of given tasks is identified by its number alone."""
    if table == "assignments":
        return [str(row) for row in range(room)]
    return [code_key(key) for key in row_keys(values, table)]


def _held(values: Mapping[str, Any], name: str, row: int) -> Said:
    value = stamped(values, name, row)
    return _of_typed(value) if isinstance(value, Typed) else said(value)


def _of_typed(value: Typed) -> Said:
    return as_number(value.raw) if value.kind in ("number", "boolean") and not value.formula else said(value.raw)
