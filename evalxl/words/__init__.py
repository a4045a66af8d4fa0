"""What evalxl says, in Vietnamese (the first language) and English (the second).

Every sentence is a row of a TOML file beside this module: a key with `vi` and `en`, and for a kind of
finding also its `level` and what to do (`remedy_vi`, `remedy_en`). Code holds keys, never sentences.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Lang = Literal["vi", "en"]
Level = Literal["error", "warning", "repair", "note"]

_NUMBER = re.compile(r"-?[0-9]+\.[0-9]+")

LEVELS: tuple[Level, ...] = ("error", "warning", "repair", "note")


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """All rows of all catalogue files, by dotted key (`score.out_of_bounds`)."""
    rows: dict[str, dict[str, str]] = {}
    for part in sorted(files(__package__).iterdir(), key=lambda entry: entry.name):
        if part.name.endswith(".toml"):
            _flatten("", tomllib.loads(part.read_text(encoding="utf-8")), rows)
    return rows


def _flatten(prefix: str, table: dict[str, Any], rows: dict[str, dict[str, str]]) -> None:
    if "vi" in table:
        if prefix in rows:
            raise ValueError(f"the catalogue has two rows named {prefix}")
        rows[prefix] = table
        return
    for key, inner in table.items():
        _flatten(f"{prefix}.{key}" if prefix else key, inner, rows)


def say(key: str, lang: Lang = "vi", /, **values: object) -> str:
    """The sentence of a key in a language, its places filled.

    Raises:
        KeyError: the catalogue has no such key (a programmer's slip).
    """
    row = catalogue()[key]
    return row[lang].format_map(values) if values else row[lang]


def addressed(letterhead: str, lang: Lang = "vi") -> str:
    """How a person is addressed: *đồng chí* under the letterhead of a Party body alone (`party`)."""
    return say("term.you_party" if letterhead == "party" else "term.you", lang)


_TONGUE = "\x1f"  # no file of Excel can hold it, so nobody can type it


def two_tongues(vi: str, en: str) -> str:
    """A text that is no row of the catalogue (a name from a rule book), as a value that `in_language` says in the reader's language."""
    return _TONGUE.join(("@", vi, en))


def in_language(value: str, lang: Lang) -> str | None:
    """What a value that stands for a text says: a key of the catalogue (`@term.quality`) or a name in two languages; None for any other text."""
    if value[:1] != "@":
        return None
    if value[1:2] == _TONGUE:
        return value.split(_TONGUE)[1 if lang == "vi" else 2]
    return say(value[1:], lang) if value[1:] in catalogue() else None


def say_openly(key: str, lang: Lang = "vi", /, **values: object) -> str:
    """The sentence of a finding where colleagues can read it: its own one without values, where the row has one."""
    row = catalogue()[key]
    return row.get(f"open_{lang}", row[lang]).format_map(values)


def as_read(text: str, lang: Lang = "vi") -> str:
    """A number as the reader writes it: with a decimal comma in Vietnamese; any other text as it is."""
    return text.replace(".", ",") if lang == "vi" and _NUMBER.fullmatch(text) else text


def remedy(kind: str, lang: Lang = "vi", /, **values: object) -> str:
    """What to do about a finding of a kind; empty where nothing has to be done."""
    return catalogue()[kind].get(f"remedy_{lang}", "").format_map(values)


def level_of(kind: str) -> Level:
    """How serious a kind of finding is."""
    level = catalogue()[kind]["level"]
    assert level in LEVELS, kind
    return level
