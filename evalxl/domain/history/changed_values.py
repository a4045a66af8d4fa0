"""The differences between a workbook that is issued again and its earlier issue.

A scoring workbook is issued again with each form that comes back. Most of its rows stay the same, so the ledger stores only the changes.
An unchanged column is left out. Of a changed column only the part between the equal beginning and the equal end is stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Values = Mapping[str, Any]


def changes_since(before: Values, now: Values) -> dict[str, Any]:
    """The changes from `before` to `now`, so that `with_changes(before, …)` gives `now`.

    Both are values as the ledger stores them: by name a value, or a list for a column.

    Returns:
        By name: `{"is": value}`; `{"gone": true}`; or for two lists `{"from": first row, "drop": rows of before, "put": values}`.
    """
    found: dict[str, Any] = {name: {"gone": True} for name in before if name not in now}
    for name, value in now.items():
        if name not in before:
            found[name] = {"is": value}
        elif value != before[name]:
            both = isinstance(value, list) and isinstance(before[name], list)
            found[name] = _between(before[name], value) if both else {"is": value}
    return found


def with_changes(before: Values, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an issue, from the values `before` of the earlier issue and the changes."""
    now = {name: value for name, value in before.items() if "gone" not in changes.get(name, ())}
    for name, change in changes.items():
        if "is" in change:
            now[name] = change["is"]
        elif "put" in change:
            column, first = before[name], change["from"]
            now[name] = [*column[:first], *change["put"], *column[first + change["drop"] :]]
    return now


def _between(before: Sequence[Any], now: Sequence[Any]) -> dict[str, Any]:
    shorter = min(len(before), len(now))
    first = next((row for row in range(shorter) if before[row] != now[row]), shorter)
    last = next((row for row in range(shorter - first) if before[-1 - row] != now[-1 - row]), shorter - first)
    return {"from": first, "drop": len(before) - first - last, "put": list(now[first : len(now) - last])}
