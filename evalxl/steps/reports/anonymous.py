"""Takes people out of an export: names, titles, free text and file names go, codes become pseudonyms, and rows lose their order.

A pseudonym is the same everywhere in one export and another one in every other export, so nobody can be followed from one to the next; whoever
wants to follow people over weeks exports the period. Only columns that are listed here as harmless stay; a new column is empty until somebody lists it.

Units and ranks are left out where fewer than five people have them. That keeps a director from being the only one of the unit; it is no proof that
nobody can be recognised by somebody who knows the office well.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from evalxl.domain.names import code_key, subject_of_unit, unit_of_subject
from evalxl.domain.tables import TableSchema, Value

FEWEST = 5  # people who share a unit, a rank or a position: of fewer it is left out

# What says nothing of a person: weeks, states, words of a list. Numbers, dates and yes or no stay anyway.
_KEPT = frozenset(
    (
        *("week", "rank", "state", "counted_basis", "band", "flags", "level", "kind", "step", "reason", "typed_by"),
        *("first_week", "second_week", "said_in", "answered_in", "part", "line", "complexity", "status", "origin"),
        *("checked_important", "checked_status", "recognised", "cause_accepted"),
    )
)
# What is named by a code, and by the codes of what.
_CODES = {
    **dict.fromkeys(("code", "waits_for", "talk_with", "other"), "P"),
    "unit": "U",
    "position": "V",
    "task_code": "T",
}
_GROUPED = ("results", "weeks")


class Pseudonyms:
    """The pseudonyms of one export.

    Args:
        secret: Makes them; a new one that nobody knows where none is given.
    """

    def __init__(self, secret: bytes | None = None) -> None:
        self._secret = secret or secrets.token_bytes(32)
        self._known: dict[tuple[str, str], str] = {}

    def of(self, kind: str, code: str) -> str:
        if kind == "P" and (unit := unit_of_subject(code)):
            return subject_of_unit(self.of("U", unit))
        key = (kind, code_key(code))
        if key not in self._known:
            digest = hmac.digest(self._secret, "\0".join(key).encode(), hashlib.sha256)
            self._known[key] = kind + base64.b32encode(digest)[:10].decode().lower()
        return self._known[key]


def anonymous(
    schema: TableSchema, rows: Iterable[Mapping[str, Any]], pseudonyms: Pseudonyms
) -> Iterator[Sequence[Value]]:
    """The rows of a table without people, in an order that says nothing."""
    found = [dict(zip(schema.names, schema.values(row), strict=True)) for row in rows]
    if schema.name in _GROUPED:
        _leave_out_small_groups(found)
    if schema.name == "statistics":
        found = [row for row in found if (row["strength"] or 0) >= FEWEST]  # type: ignore[operator]
    plain = {column.name for column in schema.columns if column.type != "text"} | _KEPT
    if schema.name == "tasks":
        plain = plain | {"key"}
    ways = {name: _kind(schema, name) for name in schema.names if name not in plain}
    treated = [[_treated(value, name, ways, pseudonyms) for name, value in row.items()] for row in found]
    return iter(sorted(treated, key=lambda row: [str(value) for value in row]))


def _kind(schema: TableSchema, name: str) -> str:
    """Of what a column's codes are; empty for text that is left out."""
    if schema.name == "units" and name == "code":
        return "U"
    if name == "key":
        return "D"
    return _CODES.get(name, "")


def _treated(value: Value, name: str, ways: Mapping[str, str], pseudonyms: Pseudonyms) -> Value:
    if name not in ways or value is None:
        return value
    if not ways[name]:
        return None
    codes = str(value).split() if name == "talk_with" else [str(value)]
    return " ".join(sorted(pseudonyms.of(ways[name], code) for code in codes))


def _leave_out_small_groups(rows: Sequence[dict[str, Value]]) -> None:
    """Empty the ranks of a unit where one of them is held by few, and the unit where it has few people.

    All ranks of a unit go together: one empty rank among others would say who it is.
    """
    ranks = Counter((row["week"], row["unit"], row["rank"]) for row in rows)
    units = Counter((row["week"], row["unit"]) for row in rows)
    rare = {(week, unit) for (week, unit, _), count in ranks.items() if count < FEWEST}
    for row in rows:
        place = (row["week"], row["unit"])
        if place in rare:
            row["rank"] = None
        if units[place] < FEWEST:
            row["unit"] = None
