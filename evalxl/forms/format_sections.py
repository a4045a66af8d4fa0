"""Parses a number format into sections with their conditions, digit placeholders and literal text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

LONGEST = 255  # characters; Excel takes no more
GENERAL = "General"
_HARMLESS = re.compile(r"black|white|red|green|blue|yellow|magenta|cyan|colou?r ?\d+|eng|natnum0", re.I)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_ELAPSED = re.compile(r"h+|m+|s+", re.I)
_CURRENCY = re.compile(r"\$([^-]*)(?:-([0-9A-Fa-f]+)(?:,.*)?)?", re.S)
_RUN = re.compile(r"(.)\1*", re.I | re.S)
HALF_DAY = re.compile(r"AM/PM|A/P", re.I)
_SYSTEM_DATE = (0xF800, 0xF400)  # the system's long date and time

# German *Standard* and date formats in which letters were mistaken for literal text or for other codes.
_GERMAN_GENERAL = 's"tan"d\\ard'
_GERMAN_DATE = re.compile(r'(?=.*"[^"]*T)(?=.*"[^"]*J)(?:"[TJ./ -]+"|[m./ -])+(?:h+:mm(?::ss)?)?')
_GERMAN_LETTERS = str.maketrans("TJ", "dy", '"')

# A piece of a section: what it is, and its characters. Kinds: `own` words; `0`, `#`, `?`; `.`, `,`, `%`, `/`; `E`; `general`; `@`; `date`; `blank`;
# `fill`, a sign that fills the cell; `other`, what gives other digits or years.
Piece = tuple[str, str]


@dataclass(slots=True)
class Section:
    pieces: list[Piece] = field(default_factory=list)
    condition: tuple[str, Decimal] | None = None

    def has(self, *kinds: str) -> bool:
        return any(kind in kinds for kind, _ in self.pieces)

    @property
    def own(self) -> str:
        """The section's own words."""
        return "".join(text for kind, text in self.pieces if kind in ("own", "fill"))


@lru_cache(maxsize=1024)
def as_meant(code: str) -> str:
    """The intended format of a workbook saved by a LibreOffice whose language was switched from German while it was open.

    LibreOffice then mistakes the German letters of a format for literal text and other codes: *Standard* (General) becomes `s"tan"d\\ard`, and
    `TT.MM.JJJJ` becomes `"TT."mm".JJJJ"` (tried in LibreOffice 7.4).
    """
    if code == _GERMAN_GENERAL:
        return GENERAL
    return code.translate(_GERMAN_LETTERS) if len(code) <= LONGEST and _GERMAN_DATE.fullmatch(code) else code


@lru_cache(maxsize=1024)
def sections_of(code: str) -> tuple[Section, ...]:
    sections = [Section()]
    at, code = 0, code[: LONGEST + 1]
    while at < len(code):
        if code[at] == ";":
            sections.append(Section())
            at += 1
        else:
            at = _take(sections[-1], code, at)
    for section in sections:
        _settle(section)
    if len(sections) == 1 and not sections[0].pieces and not sections[0].condition:
        sections[0].pieces.append(("general", GENERAL))  # as an empty format
    return tuple(sections)


def _take(section: Section, code: str, at: int) -> int:
    """Read the next piece of a section; returns the position of the piece after it."""
    mark, pieces = code[at], section.pieces
    if mark == '"':
        end = code.find('"', at + 1)
        end = len(code) if end < 0 else end
        if end > at + 1:
            pieces.append(("own", code[at + 1 : end]))
        return end + 1
    if mark in "\\_*":
        kind = {"\\": "own", "_": "blank", "*": "fill"}[mark]
        if at + 1 < len(code):
            pieces.append((kind, code[at + 1]))
        return at + 2
    if mark == "[":
        end = code.find("]", at)
        if end < 0:
            pieces.append(("other", code[at:]))
            return len(code)
        _take_bracket(section, code[at + 1 : end])
        return end + 1
    if code[at : at + 7].casefold() == "general":
        pieces.append(("general", GENERAL))
        return at + 7
    if mark in "Ee" and code[at + 1 : at + 2] in ("+", "-"):
        pieces.append(("E", mark))
        return at + 2
    if half := HALF_DAY.match(code, at):
        pieces.append(("date", half[0]))
        return half.end()
    if mark in "0#?.,%/@":
        pieces.append((mark, mark))
        return at + 1
    if mark.casefold() in "dmyhsegba":
        run = _RUN.match(code, at)
        assert run is not None
        # Era years, Buddhist years and East Asian weekdays: they show another year or sign than the date's.
        pieces.append(("date" if mark.casefold() in "dmyhs" else "other", run[0]))
        return run.end()
    pieces.append(("digit" if mark in "123456789" else "own", mark))
    return at + 1


def _take_bracket(section: Section, content: str) -> None:
    if condition := _CONDITION.fullmatch(content.strip()):
        section.condition = (condition[1], Decimal(condition[2]))
    elif _ELAPSED.fullmatch(content):
        section.pieces.append(("date", content))
    elif money := _CURRENCY.fullmatch(content):
        if money[1]:
            section.pieces.append(("own", money[1]))
        if money[2]:
            _take_locale(section, money[2].upper())
    elif not _HARMLESS.fullmatch(content.strip()):
        section.pieces.append(("other", content))


def _take_locale(section: Section, locale: str) -> None:
    """Read a locale's number: the last four digits name the language, those before the calendar, the first ones the numerals."""
    number = int(locale[-8:], 16)
    if number in _SYSTEM_DATE:
        section.pieces.append(("date", "\0"))
        return
    digits, calendar = number >> 24, (number >> 16) & 0x7F
    if digits not in (0, 1) or calendar not in (0, 1, 2, 9, 10, 11, 12):
        section.pieces.append(("other", locale))


def _settle(section: Section) -> None:
    """Resolve pieces that depend on their neighbours: a slash makes a fraction only between digit placeholders. Digits after it are its denominator."""
    pieces = section.pieces
    if section.has("date") or not section.has("0", "#", "?"):
        section.pieces = [("own", text) if kind in ("/", "E", "digit") else (kind, text) for kind, text in pieces]
        if section.has("date"):
            section.pieces = [("own", t) if k in (",",) else (k, t) for k, t in section.pieces]
        return
    for at, (kind, _) in enumerate(pieces):
        if kind == "/" and not (at and pieces[at - 1][0] in "0#?" and at + 1 < len(pieces)):
            pieces[at] = ("own", "/")
        elif kind == "/":
            behind = at + 1
            while behind < len(pieces) and pieces[behind][0] in ("digit", "0"):
                pieces[behind] = ("?", pieces[behind][1])
                behind += 1
    section.pieces = [("own", text) if kind == "digit" else (kind, text) for kind, text in pieces]
