"""The words and codes allowed in cells of the organisation workbook."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evalxl import words
from evalxl.domain.names import code_key, folded
from evalxl.domain.rulebook import RANKS, RuleBook
from evalxl.forms.kind import known_kinds
from evalxl.forms.organisation.columns import DAY_KINDS, SCOPES

# Folders of the share that do not belong to a unit, beside those of the kinds of workbooks, and names that Windows reserves for devices.
_RESERVED = {"office", "periods"}
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]|^[.~]|\.$')
_LONGEST_CODE = 64


def vocabulary(rules: RuleBook) -> dict[str, dict[str, str]]:
    """For each list, the code of each word: the code itself and its names in both languages."""

    def said(prefix: str, codes: Sequence[str]) -> dict[str, str]:
        pairs = (
            (name, code)
            for code in codes
            for name in (code, *(words.say(f"{prefix}.{code}", lang) for lang in ("vi", "en")))
        )
        return {folded(name): code for name, code in pairs}

    lists = {
        "rank": said("rank", RANKS),
        "scope": said("delegation_scope", SCOPES),
        "day_kind": said("day_kind", DAY_KINDS),
        "absence": {folded(name): kind.code for kind in rules.absence for name in (kind.code, kind.vi, kind.en)},
        "complexity": {
            folded(name): level.code for level in rules.complexity for name in (level.code, level.vi, level.en)
        },
        "yes_no": {folded(name): "yes" for name in ("Có", "yes", "x", "true", "1")}
        | {folded(name): "no" for name in ("Không", "no", "false", "0")},
    }
    # Public employees (viên chức) are evaluated like officials.
    lists["rank"][folded("Viên chức")] = "official"
    lists["day_kind"] |= {folded(name): "holiday" for name in ("Nghỉ lễ", "Nghỉ Tết", "Lễ, Tết", "Tết")}
    return lists


def wrong_code(code: str) -> str:
    """Why a code cannot be a name of folders and files: the kind of finding; empty if it can."""
    if code_key(code) in _RESERVED | {kind.folder_of_all for kind in known_kinds() if kind.folder_of_all}:
        return "organisation.reserved_code"
    if _FORBIDDEN.search(code) or _DEVICES.fullmatch(code):
        return "organisation.forbidden_code"
    return "organisation.long_code" if len(code.encode()) > _LONGEST_CODE else ""
