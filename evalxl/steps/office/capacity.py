"""How many rows the workbooks with one row per person have, and which people get no row.

The standard templates come in three capacities. The smallest one that is large enough goes out. An office's own template has a fixed number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from evalxl.domain.findings import Finding
from evalxl.domain.names import code_key, shown_code
from evalxl.domain.organisation.people import CatalogueTask, Member
from evalxl.domain.rulebook import RuleBook
from evalxl.excel.returned.reading import read_workbook
from evalxl.excel.returned.xml_pass import Refused
from evalxl.forms import kinds
from evalxl.forms.binding import bind, rooms_of
from evalxl.forms.fields import fields_under
from evalxl.forms.kind import SIZES, WorkbookKind, known_kinds, size_for, template_name, used_rows
from evalxl.records import folders
from evalxl.words import Lang

_CODES, _LEVELS = "choices_task_code", "choices_complexity"
_NAMED = 20  # people that a finding names; the others are only counted


def own_template(folder: Path, lang: str, kind: WorkbookKind) -> Path | None:
    """The office's own template of a kind; None when the standard templates are used."""
    english = [template_name(kind, "en")] if lang == "en" else []
    files = (folder / folders.TEMPLATES / name for name in (*english, template_name(kind)))
    return next((file for file in files if file.is_file()), None)


def rooms(folder: Path, lang: str, kind: WorkbookKind, size: int) -> Mapping[str, int]:
    """The number of rows of each table with people: in the office's own template, else in the standard template for `size` people."""
    own = own_template(folder, lang, kind)
    if own is None:
        return {table.name: table.capacity(size) for table in kind.tables}
    return rooms_in(own.read_bytes(), kind)


def rooms_for(folder: Path, lang: str, kind: WorkbookKind, values: Mapping[str, Any]) -> Mapping[str, int]:
    """The number of rows of each table, for a workbook with these values."""
    return rooms(folder, lang, kind, size_for(kind, used_rows(kind, values)))


def most_rooms(folder: Path, lang: str, kind: WorkbookKind) -> Mapping[str, int]:
    """The largest number of rows that each table can have."""
    return rooms(folder, lang, kind, SIZES[-1])


def list_rooms(folder: Path, lang: str, kind: WorkbookKind, rules: RuleBook) -> Mapping[str, int]:
    """The largest number of entries that each list of a form can have, by the list's table; a list that an own template lacks is left out."""
    own = own_template(folder, lang, kind)
    if own is None:
        most = most_rooms(folder, lang, kind)
        return {_CODES: most[_CODES], _LEVELS: max(most[_LEVELS], len(rules.complexity))}
    rooms = rooms_in(own.read_bytes(), kind)
    return {table: rooms[table] for table in (_CODES, _LEVELS) if table in rooms}


def not_offered(
    folder: Path, lang: Lang, unit_reports: bool, tasks: Sequence[CatalogueTask], rules: RuleBook
) -> Iterator[Finding]:
    """Report task codes and levels of complexity that have no room in the lists of the forms.

    Args:
        unit_reports: Whether unit forms go out too.
        tasks: The catalogue of the week.
    """
    codes, levels = [task.code for task in tasks], [level.name(lang) for level in rules.complexity]
    for kind in (kinds.FORM, kinds.UNIT_FORM)[: 1 + unit_reports]:
        rooms, own = list_rooms(folder, lang, kind, rules), own_template(folder, lang, kind)
        for table, entries, told in (
            (_CODES, codes, "form.codes_not_offered"),
            (_LEVELS, levels, "form.levels_not_offered"),
        ):
            room = rooms.get(table, len(entries))
            if len(entries) > room:
                values = {"count": len(entries), "room": room, "left": some(entries[room:])}
                yield Finding(
                    told, file=folders.ORGANISATION if own is None else f"{folders.TEMPLATES}/{own.name}", values=values
                )


def lacking_scores(folder: Path, lang: Lang, rules: RuleBook) -> Iterator[Finding]:
    """Report own templates without cells for some parts or lines of the rule book: what is scored there could not be typed."""
    for kind in known_kinds():
        own = own_template(folder, lang, kind)
        if own is None:
            continue
        try:
            names = read_workbook(own.read_bytes()).names
        except (Refused, OSError):
            continue  # `templates check` says what is wrong with it
        asked = (entry for entry in fields_under(kind, rules) if entry.name not in kind.by_field)
        if lacking := [entry.name for entry in asked if entry.name not in names and not entry.optional]:
            file = f"{folders.TEMPLATES}/{own.name}"
            yield Finding("template.lacks_scores", file=file, values={"names": some(lacking), "rulebook": rules.id})


@lru_cache(maxsize=8)
def rooms_in(template: bytes, kind: WorkbookKind) -> Mapping[str, int]:
    """The number of rows of each table in a template, read from its bytes."""
    return rooms_of(kind, bind(kind, read_workbook(template).names)[0])


def left_out(folder: Path, lang: str, members: Iterable[Member]) -> Iterator[Finding]:
    """Report managers and approvers whose workbook has too few rows, with the people without a row. Report managers of very many people too.

    Args:
        folder: The office.
        members: Everybody to be evaluated, in the order of the rows.
    """
    present = [member for member in members if not member.absence]
    approved = [member for member in present if code_key(member.approver) != code_key(member.scorer)]
    teams = _by((member.scorer, member) for member in present)
    approvals = _by((member.approver, member) for member in approved)
    for kind, table, of in ((kinds.SCORING, "team", teams), (kinds.APPROVAL, "approvals", approvals)):
        if not any(len(people) > SIZES[0] for people in of.values()) and own_template(folder, lang, kind) is None:
            continue
        room = most_rooms(folder, lang, kind)[table]
        for code, people in of.items():
            values = {"count": len(people), "room": room, "book": f"@paper.sheet.{kind.name}"}
            if len(people) > room:
                yield Finding("book.no_row", code=code, values=values | {"people": named(people[room:])})
            elif kind is kinds.SCORING and len(people) > SIZES[0]:
                yield Finding(
                    "book.many_people",
                    code=code,
                    values=values | {"room": min(room, size_for(kind, {table: len(people)}))},
                )


def left_out_of_periods(folder: Path, lang: str, members: Iterable[Member]) -> Iterator[Finding]:
    """Report managers whose workbook for a period has too few rows. `members` as in `left_out`."""
    kind = kinds.PERIOD_INPUT
    teams = _by((member.scorer, member) for member in members)
    if not any(len(people) > SIZES[0] for people in teams.values()) and own_template(folder, lang, kind) is None:
        return
    room = most_rooms(folder, lang, kind)["period_people"]
    for code, people in teams.items():
        if len(people) > room:
            values = {"count": len(people), "room": room, "people": named(people[room:])}
            yield Finding("period_input.no_room", code=code, values=values)


def named(people: Sequence[Member]) -> str:
    """The codes of people who have no row; of very many, how many more there are."""
    return some([shown_code(member.code) for member in people])


def some(names: Sequence[str]) -> str:
    """The first names of a list; of very many, how many more there are."""
    more = f" (+{len(names) - _NAMED})" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _by(pairs: Iterable[tuple[str, Member]]) -> dict[str, list[Member]]:
    found: dict[str, list[Member]] = {}
    for code, member in pairs:
        if code:
            found.setdefault(code, []).append(member)
    return found
