"""The pages of docs/ that the program prints: commands, events, findings, names of cells, what the buttons say.

python -m tests.docs          writes them
pytest tests/test_docs.py     asks whether they are what the program prints now
"""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer.main

from evalxl import words
from evalxl.cli.program import app
from evalxl.domain.evaluation.scoring import Scores
from evalxl.domain.history.events import KINDS, LedgerEvent
from evalxl.domain.tables import TableSchema
from evalxl.domain.typed_rows import TypedRow
from evalxl.domain.weeks import Week
from evalxl.forms.fields import CHOICES, Field, Who, fields_under
from evalxl.forms.kind import known_kinds, table_named
from evalxl.steps.reports import table_schemas as schemas
from evalxl.steps.reports.table_schemas import RulesOfTables
from tests.standard_parts import STANDARD

DOCS = Path(__file__).parents[1] / "docs"
PRINTED = "<!-- Printed by `python -m tests.docs`; changes belong into the program. -->"


def commands() -> str:
    """Every command with its help."""
    return "\n".join(_commands()) + "\n"


def _commands() -> Iterator[str]:
    group = typer.main.get_command(app)
    yield f"{PRINTED}\n\n# Commands\n"
    yield "`evalxl [--office DIR] [--lang vi|en] [--json] COMMAND`; the three options stand before or after the command.\n"
    yield from _of_group(group, "evalxl")


def _of_group(group: Any, name: str) -> Iterator[str]:
    for word in group.commands:
        command = group.commands[word]
        if hasattr(command, "commands"):
            if command.invoke_without_command:
                yield from _of_command(command, word, f"{name} {word}")
            yield from _of_group(command, f"{name} {word}")
            continue
        yield from _of_command(command, word, f"{name} {word}")


def _of_command(command: Any, word: str, name: str) -> Iterator[str]:
    pieces = command.collect_usage_pieces(command.make_context(word, [], resilient_parsing=True))
    usage = " ".join(piece for piece in pieces if "COMMAND" not in piece and piece != "[ARGS]...")
    yield f"## {name}\n"
    yield f"`{name} {usage}`\n"
    yield f"{inspect.cleandoc(command.help or '')}\n"
    for parameter in command.params:
        text = getattr(parameter, "help", None)
        if text and parameter.name != "help":
            shown = getattr(parameter, "metavar", None) or (parameter.name or "")
            names = ", ".join(parameter.opts) if parameter.param_type_name == "option" else shown.strip("[]")
            yield f"- `{names}`: {text}"
    yield ""


def findings() -> str:
    """Every kind of finding, with what it says and what to do."""
    return "\n".join(_findings()) + "\n"


def _findings() -> Iterator[str]:
    yield f"{PRINTED}\n\n# Findings\n"
    yield "What evalxl says about a workbook, a row or the organisation. Words in braces are filled in.\n"
    for level in words.LEVELS:
        rows = [(kind, row) for kind, row in sorted(words.catalogue().items()) if row.get("level") == level]
        yield f"## {words.say(f'level.{level}')} · {words.say(f'level.{level}', 'en')}\n"
        yield "| kind | tiếng Việt | English |"
        yield "|---|---|---|"
        for kind, row in rows:
            vi = " ".join(part for part in (row["vi"], row.get("remedy_vi", "")) if part)
            en = " ".join(part for part in (row["en"], row.get("remedy_en", "")) if part)
            yield f"| `{kind}` | {_cell(vi)} | {_cell(en)} |"
        yield ""


def messages() -> str:
    """What the buttons say, what it means, and what to do; for office staff, so in their language first."""
    return "\n".join(_messages()) + "\n"


TOLD, GROUP = "told.", "told_group."
# What is filled in most sentences, as it looks on an ordinary day; anything else is three dots.
_WEEK = Week.parse("2025-W23")
_FILLED = {"percent": "40", "seconds": "60"}


def _messages() -> Iterator[str]:
    rows = words.catalogue()
    yield f"{PRINTED}\n\n# Thông báo của các nút · What the buttons say\n"
    yield (
        "Trang này giải thích từng câu hiện ở thanh trạng thái hoặc trong hộp thông báo khi bấm nút; chỗ … là nơi chương trình ghi tên tệp, số lượng. "
        "Lỗi trong tệp của từng người: xem [findings.md](findings.md). Cách làm cả tuần: xem [huong-dan-van-phong.md](huong-dan-van-phong.md).\n"
    )
    for lang, told, means, what in (
        ("vi", "Thông báo", "Nghĩa là", "Cần làm"),
        ("en", "It says", "It means", "What to do"),
    ):
        for key in rows:
            if not key.startswith(GROUP):
                continue
            yield f"## {rows[key][lang]}\n\n| {told} | {means} | {what} |\n|---|---|---|"
            for row in rows:
                if row.startswith(f"{TOLD}{key.removeprefix(GROUP)}."):
                    said = rows[row.split(".", 2)[2]][lang]
                    cells = (_filled(said, lang), rows[row][lang], rows[row][f"remedy_{lang}"])
                    yield f"| {' | '.join(_cell(cell) for cell in cells)} |"
            yield ""


def _filled(sentence: str, lang: str) -> str:
    shown = _WEEK.shown("vi" if lang == "vi" else "en")
    return sentence.format_map(defaultdict(lambda: "…", _FILLED, week=shown, what=shown))


def names() -> str:
    """Every defined name of the workbooks that go out, for offices that make templates of their own."""
    return "\n".join(_names()) + "\n"


_WHO = {Who.EVALXL: "evalxl writes it, locked", Who.PERSON: "typed", Who.LIVE: "locked formula"}


def _names() -> Iterator[str]:
    yield f"{PRINTED}\n\n# Names of cells\n"
    yield (
        "Every cell that evalxl writes or reads has a workbook-wide name, one contiguous range: one cell, or one column with one cell a row. "
        "An own template puts the names wherever it likes; `evalxl templates check FILE` says what it lacks. Names marked * may be left out.\n"
    )
    yield (
        "The cells of scores are named after the parts of the rule book, here the standard one's: a part CODE has `ev_self_CODE`, `ev_suggested_CODE` "
        "where something suggests it, `ev_row_self_CODE`, `ev_score_CODE`, `ev_row_score_CODE`, `ev_approve_CODE`, `ev_booked_CODE`. A rule book without "
        "parts has none of these, and no cells of totals, bands and differences.\n"
    )
    for kind in known_kinds():
        yield f"## {kind.name}\n"
        yield "| name | cells | who | what |"
        yield "|---|---|---|---|"
        for field in fields_under(kind, STANDARD):
            yield f"| `{field.name}`{'*' if field.optional else ''} | {_cells(field)} | {_WHO[field.who]} | {_holds(field)} |"
        yield ""


def _cells(field: Field) -> str:
    if not field.table:
        return "one"
    rows = table_named(field.table).rows
    return f"{rows if isinstance(rows, int) else ', '.join(map(str, dict.fromkeys(rows)))} rows of {field.table}"


def _holds(field: Field) -> str:
    if field.part:
        return f"score of {field.part}"
    if field.choices:
        listed = " / ".join(CHOICES.get(field.choices, ()))
        return listed or f"a word of the list {field.choices}"
    return field.type.value


def events() -> str:
    """Every kind of event in the ledger, with its fields."""
    return "\n".join(_events()) + "\n"


def _events() -> Iterator[str]:
    yield f"{PRINTED}\n\n# Events of the ledger\n"
    yield (
        "A line of a ledger file is one event, a JSON object. Each kind is declared once, in `evalxl/domain/history/events.py`. "
        "A field that is not always there is left out while it is empty.\n"
    )
    yield "## every event\n"
    yield from _fields_of(LedgerEvent, LedgerEvent.model_fields)
    for name, kind in KINDS.items():
        yield f"## {name}\n"
        own = [name for name in kind.model_fields if name not in LedgerEvent.model_fields and name != "kind"]
        typed = kind.names() if issubclass(kind, TypedRow) else ()
        yield from _fields_of(kind, sorted(own, key=lambda name: name in typed))


def _fields_of(kind: type[LedgerEvent], names: Iterable[str]) -> Iterator[str]:
    yield f"{inspect.cleandoc(kind.__doc__ or '').partition('Attributes:')[0].strip()}\n"
    told = _attributes(kind)
    yield "| field | JSON | always there | what |"
    yield "|---|---|---|---|"
    for name in names:
        field = kind.model_fields[name]
        always = "yes" if field.is_required() or name in ("seq", "prev", "at", "by") else ""
        yield f"| `{name}` | {_cell(_json_of(field.annotation))} | {always} | {_cell(told.get(name, ''))} |"
    yield ""


def _attributes(kind: type[Any]) -> dict[str, str]:
    """What the docstrings of a class and its parents say about each attribute."""
    told: dict[str, str] = {}
    for one in reversed(kind.__mro__):
        _, _, lines = inspect.cleandoc(one.__doc__ or "").partition("Attributes:\n")
        for names, text in re.findall(r"^ +([a-z_0-9, ]+): (.+)$", lines, re.MULTILINE):
            told |= dict.fromkeys(names.split(", "), text)
    return told


_JSON = {
    str: "text",
    Decimal: "text",
    date: "text",
    int: "number",
    bool: "true",
    dict: "object",
    Scores: "object",
    list: "list",
    tuple: "list",
}


def _json_of(annotation: Any) -> str:
    if annotation in _JSON:
        return _JSON[annotation]
    if get_origin(annotation) is Literal:
        return " / ".join(word for word in get_args(annotation) if word)
    inner = [one for one in get_args(annotation) if one is not type(None)]
    of = get_origin(annotation)
    return _JSON[of] if of in (dict, list, tuple) else _json_of(inner[0])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def tables() -> str:
    """Every table of the export, with its columns under the standard rule book."""
    return "\n".join(_tables()) + "\n"


def _tables() -> Iterator[str]:
    yield f"{PRINTED}\n\n# Tables of the export\n"
    yield (
        "`evalxl export WEEK|PERIOD --to DIR` writes these tables, as CSV, Parquet, one SQLite database or one workbook: the same values in each. The columns of points are those of "
        "the rule book's parts, here those of letter 8679. `datapackage.json` beside them says types, bounds, keys, and where the tables come from; a program that knows "
        "[Frictionless Data Packages](https://specs.frictionlessdata.io) checks them by it. In CSV text that a spreadsheet program would take for a formula has an apostrophe "
        "in front, and the `datapackage.json` says how to undo it.\n"
    )
    for what, period in (("2025-W23", False), ("2025-06", True)):
        rules = RulesOfTables.of(what, period, [STANDARD])
        yield f"## Of a {'period' if period else 'week'}\n"
        for schema in (
            *((schemas.results, schemas.weeks) if period else (schemas.results, schemas.tasks, schemas.findings)),
            *(
                ()
                if period
                else (schemas.warnings, schemas.missing, schemas.units, schemas.lines, schemas.difficulties)
            ),
            *((schemas.criteria, schemas.statistics, schemas.signals) if period else ()),
        ):
            yield from _of_table(schema(rules))
        if period:
            yield "The other tables are those of its weeks.\n"


def _of_table(schema: TableSchema) -> Iterator[str]:
    yield f"### {schema.name}\n"
    if schema.key:
        yield f"One row for each {', '.join(f'`{name}`' for name in schema.key)}.\n"
    if schema.belongs_to:
        yield f"`week`, `code` stand in `{schema.belongs_to}`.\n"
    yield "| column | type | values |"
    yield "|---|---|---|"
    for column in schema.columns:
        bounds = [str(bound) for bound in (column.minimum, column.maximum) if bound is not None]
        words = ", ".join(f"`{word}`" for word in column.words)
        said = words or (f"`{column.pattern}`".replace("|", "\\|") if column.pattern else "")
        said = said or (f"from {bounds[0]}" + (f" to {bounds[1]}" if len(bounds) > 1 else "") if bounds else "")
        yield f"| `{column.name}`{' *' if column.required else ''} | {column.type} | {said} |"
    yield "\n\\* never empty\n" if any(column.required for column in schema.columns) else ""


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "events.md": events,
    "findings.md": findings,
    "names.md": names,
    "tables.md": tables,
    "thong-bao-nut-bam.md": messages,
}


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
