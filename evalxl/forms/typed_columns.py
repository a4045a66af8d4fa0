"""The open columns of a row that people type. They follow from the declaration of the row (`domain/typed_rows`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from evalxl.domain.typed_rows import TypedRow
from evalxl.forms.field import Field, Type, Who

# By the type of a row's field: the type of its cell, and the list of its words.
_CELLS: Mapping[str, tuple[Type, str]] = {
    "str": (Type.NARRATIVE, ""),
    "bool": (Type.CHOICE, "no_yes"),
    "int | None": (Type.WHOLE, ""),
    "Decimal | None": (Type.NUMBER, ""),
    "date | None": (Type.DATE, ""),
}


def typed_columns(
    row: type[TypedRow], table: str, shown: tuple[str, ...] = (), optional: bool = False, **otherwise: dict[str, Any]
) -> tuple[Field, ...]:
    """An open column for each field of a row.

    Args:
        shown: The fields that nobody types: the row shows them in locked columns.
        optional: Whether an own template may leave them out.
        otherwise: By field: what of the column does not follow from the type. A field with words of its own names their list as `choices`.
    """
    columns = []
    for one in fields(row):
        if one.name not in shown:
            more = otherwise.get(one.name, {})
            cell, words = (Type.CHOICE, "") if "choices" in more else _CELLS[str(one.type)]
            declared = {"type": cell, "choices": words, "optional": optional, **more}
            columns.append(Field(f"{row.prefix}{one.name}", who=Who.PERSON, table=table, **declared))
    return tuple(columns)
