"""Reads the values that people type into cells.

A score is read from its raw text only, by a strict grammar. Harmless dirt is repaired with a note. A value that could be read in two ways is a
finding, never a guess. A formula's cached value is never used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from evalxl.domain.evaluation.scoring import shown
from evalxl.domain.names import bare, folded
from evalxl.domain.rulebook import Criterion, Part, RuleBook, ScoreLine
from evalxl.domain.weeks import parse_date, shown_date
from evalxl.forms.fields import CHOICES, NO, SYNONYMS, YES
from evalxl.forms.number_formats import plain_number
from evalxl.forms.workbook import Cell, Format
from evalxl.words import two_tongues

MAX_TEXT = 5000  # characters kept of one narrative
_LONG = 32  # characters of a number that nobody writes

_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?|[+-]?\.\d+([eE][+-]?\d+)?", re.ASCII)
_WRITTEN_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_TYPED_SCORE = re.compile(r"-?\d{1,3}([.,]\d{1,2})?", re.ASCII)
_TYPED_QUANTITY = re.compile(r"\d{1,9}([.,]\d{1,2})?", re.ASCII)
_WITH_UNIT = re.compile(r"\s*-?[\d.,]+\s*(điểm|đ|d|diem|points?|pts?)\.?\s*", re.I)
_TWO_WAYS = re.compile(r"-?\d+(?:[.,]\d+)*[.,]\d{3,}|-?\d+(?:[.,]\d+){2,}", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?\s*(nan|inf(inity)?)|[+-]?1\.#(ind|qnan|inf)\w*", re.I)
_RANGE = re.compile(r"\s*[\d.,]+\s*(-|\u2013|\u2014|~|÷|đến|hoặc|to|or)\s*[\d.,]+\s*", re.I)
_FRACTION = re.compile(r"\s*-?[\d.,]+\s*/\s*[\d.,]+\s*")
_OTHER_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_EPOCH = date(1899, 12, 30)
_SMALLEST = Decimal("1e-9")
# Marks that show the following text in another order. Left-to-right and zero-width marks, which pasting leaves, are harmless.
_TURNS = re.compile("[\u202d\u202e\u2066-\u2069]")
_LAST_DAY = 2_958_466  # the day after 31/12/9999, where spreadsheets end
_UNSEEN = dict.fromkeys(
    [code for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"]
    + [ord(mark) for mark in "\u200b\u200c\u200d\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\ufffe\uffff"]
    + [0x061C, 0x200E, 0x200F, *range(0x2066, 0x206A)]  # the other marks that turn the reading direction around
)


@dataclass(frozen=True, slots=True)
class Typed:
    """One typed cell as the ledger stores it: enough to read it again and to put it back as typed.

    Attributes:
        seen: The text that the cell's format shows, if it differs from the value's own text.
    """

    kind: str
    raw: str
    format: Format = "general"
    formula: bool = False
    seen: str = ""

    def as_record(self) -> list[Any]:
        return [self.kind, self.raw, self.format, self.formula, *([self.seen] if self.seen else [])]

    @classmethod
    def from_record(cls, record: list[Any]) -> Typed:
        return cls(record[0], record[1], record[2], record[3], *record[4:5])

    @property
    def blank(self) -> bool:
        return not self.raw or (not self.formula and not clean_text(self.raw))

    @property
    def as_seen(self) -> str:
        """What the person sees in the cell: a date or percentage as such, not the stored number."""
        if self.seen or self.format == "other":
            return self.seen
        if self.kind == "boolean" and not self.formula:
            return "TRUE" if self.raw.strip().upper() in ("1", "TRUE") else "FALSE"
        value = exact(self.raw) if self.kind == "number" and not self.formula else None
        if value is None or self.format not in ("date", "percent"):
            return self.raw
        if self.format == "percent":
            return f"{shown(value * 100)}%"
        return f"{_EPOCH + timedelta(days=int(value)):%d/%m/%Y}" if 61 <= value < _LAST_DAY else self.raw

    @property
    def goes_out_as_number(self) -> bool:
        """Whether the cell is put back as a number. A formula is put back as its text, which calculates nothing."""
        if self.formula or self.format == "other":
            return False
        return self.kind == "number" and bool(_WRITTEN_NUMBER.fullmatch(self.raw.strip()))

    @property
    def goes_out_as(self) -> str:
        """The text written when the cell is put back. A refused cell is put back as the text that was seen, so that anything typed there is new."""
        return (self.seen or self.raw) if self.format == "other" else self.raw

    @property
    def stored(self) -> str:
        """The stored value, for messages to a person who saw another one."""
        value = exact(self.raw) if self.kind == "number" else None
        return plain_number(value) if value is not None else self.raw


EMPTY = Typed("text", "")


def typed(cell: Cell | None, format: Format = "general") -> Typed:
    """A cell as a typed value; `EMPTY` if it is empty."""
    if cell is None:
        return EMPTY
    if cell.formula is not None and not _is_literal(cell):
        return Typed(cell.kind, "=" + cell.formula, format, True)
    return Typed(cell.kind, cell.raw, format)


def _is_literal(cell: Cell) -> bool:
    # LibreOffice writes a typed TRUE as the formula TRUE().
    return cell.formula in ("TRUE()", "FALSE()")


# Findings that name the stored value beside the seen one.
# Findings for text that is not a word of the list; booking must not treat such a cell as empty.
UNREAD_WORDS = frozenset(("choice.unknown", "cell.shown_otherwise"))
SEEN_AND_STORED = ("score.shown_otherwise", "score.shown_rounded", "number.shown_rounded", "cell.shown_otherwise")


@dataclass(frozen=True, slots=True)
class Problem:
    """The problem of one typed cell: the finding's kind, and whether the value was repaired instead of refused."""

    kind: str
    repaired: str = ""


def clean_text(raw: str) -> str:
    """A text without programs' dirt: NFC, one kind of blank and line end, no control or invisible characters."""
    if raw.isprintable():  # most texts: no line ends, no unusual blanks, no invisible characters
        text = unicodedata.normalize("NFC", raw).strip()
    else:
        text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " "))
        text = _OTHER_LINE_ENDS.sub("\n", text).translate(_UNSEEN).strip()
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"


def day_shown(number: Decimal) -> str:
    """The day of a date number, as people write it; empty for a number that is not a day."""
    return shown_date(_EPOCH + timedelta(days=int(number))) if 61 <= number < _LAST_DAY else ""


def exact(raw: str) -> Decimal | None:
    """A number as written by a program, to the 15 digits that spreadsheets keep; None if it is not a finite number."""
    return (_known_number if len(raw) < _LONG else _number_of)(raw)


def _number_of(raw: str) -> Decimal | None:
    if not _NUMBER.fullmatch(raw.strip()):
        return None
    value = float(raw)
    if value != value or abs(value) > 1e12:
        return None
    return Decimal(shown(Decimal(f"{value:.15g}"))) + 0


_known_number = lru_cache(maxsize=2048)(_number_of)  # scores, days and counts are the same in most forms


def read_score(cell: Typed, part: Part | ScoreLine, rules: RuleBook) -> tuple[Decimal | None, Problem | None]:
    """A score of a part or of one of its lines from what was typed.

    Returns:
        The score, or None with a problem (None and no problem for an empty cell). A repaired or off-step score has a note.
    """
    if cell.blank:
        return None, None
    if cell.formula:
        return None, Problem("score.is_formula")
    if cell.kind == "boolean":
        return None, Problem("score.is_boolean")
    if cell.kind in ("error", "date"):
        return None, Problem("score.is_error" if cell.kind == "error" else "score.is_date")
    note: Problem | None = None
    if cell.kind == "number":
        if cell.format == "date":
            return None, Problem("score.is_date")
        if cell.format == "percent":
            return None, Problem("score.is_percent")
    if cell.format == "other":
        return None, Problem("score.shown_otherwise")
    if cell.kind == "number":
        value = exact(cell.raw)
        if value and abs(value) < _SMALLEST:
            return None, Problem("score.ambiguous")  # one program shows 0, another 1E-300
    else:
        if _TURNS.search(cell.raw):
            return None, Problem("score.ambiguous")
        text = clean_text(cell.raw)
        if not _TYPED_SCORE.fullmatch(text):
            return None, Problem(_why_not_a_score(text))
        value = Decimal(text.replace(",", ".")) + 0  # a typed -0 is 0
    if value is None:
        return None, Problem(_why_not_a_number(cell.raw))
    if not 0 <= value <= part.maximum:
        return None, Problem("score.out_of_bounds")
    allowed = part.allowed if isinstance(part, ScoreLine) else ()
    if allowed and value not in allowed:
        return None, Problem("score.not_allowed")
    if cell.kind == "text":
        note = Problem("score.repaired", shown(value))
    elif cell.seen:
        note = Problem("score.shown_rounded")
    elif value % rules.step and not allowed:
        note = Problem("score.off_step")
    return value, note


def score_facts(part: Part | ScoreLine | Criterion, rules: RuleBook) -> dict[str, str]:
    """What findings about a typed score say of its part, line or criterion."""
    allowed = () if isinstance(part, Part) else part.allowed
    facts = {"label": part.term, "maximum": shown(part.maximum), "step": shown(rules.step)}
    values = "; ".join(map(shown, allowed))
    return {**facts, "allowed": two_tongues(values.replace(".", ","), values)} if allowed else facts


def _why_not_a_number(raw: str) -> str:
    """Why the number of a cell is invalid: it is NaN, or so large that programs show nothing."""
    endless = _NUMBER.fullmatch(raw.strip()) or _NOT_FINITE.fullmatch(raw.strip())
    return "score.not_finite" if endless else "score.not_a_number"


def _why_not_a_score(text: str) -> str:
    if any(unicodedata.category(mark) in ("Nd", "No") and not mark.isascii() for mark in text):
        return "score.other_digits"
    if _WITH_UNIT.fullmatch(text):
        return "score.has_unit"
    if _FRACTION.fullmatch(text):
        return "score.is_fraction"
    if "%" in text:
        return "score.is_percent"
    if parse_date(text):
        return "score.is_date"
    if _NOT_FINITE.fullmatch(text):
        return "score.not_finite"
    if _RANGE.fullmatch(text):
        return "score.is_range"
    return "score.ambiguous" if _TWO_WAYS.fullmatch(text) else "score.not_a_number"


def read_quantity(cell: Typed, whole: bool = False) -> tuple[Decimal | None, Problem | None]:
    """A quantity of zero or more; a decimal comma typed as text is repaired."""
    if cell.blank:
        return None, None
    if cell.formula:
        return None, Problem("cell.is_formula")
    if cell.format == "other":
        return None, Problem("cell.shown_otherwise")
    value: Decimal | None = None
    repaired = ""
    if cell.kind == "number" and cell.format not in ("date", "percent"):
        value = exact(cell.raw)
    elif (
        cell.kind == "text" and not _TURNS.search(cell.raw) and _TYPED_QUANTITY.fullmatch(text := clean_text(cell.raw))
    ):
        value = Decimal(text.replace(",", "."))
        repaired = shown(value)
    if value is None or value < 0 or (whole and value != value.to_integral_value()):
        return None, Problem("number.unreadable")
    if repaired:
        return value, Problem("number.repaired", repaired)
    return value, Problem("number.shown_rounded") if cell.seen else None


def read_date(cell: Typed) -> tuple[date | None, Problem | None]:
    """A date: a date cell, or text `d/m/yyyy` or `yyyy-mm-dd`, which is repaired."""
    if cell.blank:
        return None, None
    if cell.formula:
        return None, Problem("cell.is_formula")
    if cell.format in ("other", "percent"):
        return None, Problem("cell.shown_otherwise")
    if cell.kind == "number":
        value = exact(cell.raw)
        if value is not None and 36526 <= value < 73051:  # the years 2000 to 2099
            return _EPOCH + timedelta(days=int(value)), None
        return None, Problem("date.unreadable")
    if _TURNS.search(cell.raw):
        return None, Problem("date.unreadable")
    day = parse_date(clean_text(cell.raw)[:10] if cell.kind == "date" else clean_text(cell.raw))
    if day is None or not 2000 <= day.year < 2100:
        return None, Problem("date.unreadable")
    return day, None if cell.kind == "date" else Problem("date.repaired", shown_date(day))


# How people tick a cell of *Có / Không*. An unticked box means no in a form; in a manager's check it means nothing.
_TICKED = dict.fromkeys(("x", "\u00d7", "\u2713", "\u2714", "\u2611", "\u221a", "true", "1"), YES)
_NOT_TICKED = dict.fromkeys(("false", "0"), NO)
TICKS: Mapping[str, Mapping[str, str]] = {"": {}, "form": _TICKED | _NOT_TICKED, "check": _TICKED}


def read_choice(cell: Typed, words: tuple[str, ...], ticks: str = "") -> tuple[str, Problem | None]:
    """The word of a list that was meant; empty for none.

    Blanks and tone style make no difference. Another letter case, missing marks and punctuation around the word are repaired if exactly one word
    of the list fits.

    Args:
        words: The list.
        ticks: Which signs mean *Có* and *Không* (`TICKS`): those of a form, of a manager's check, or none.
    """
    if cell.blank:
        return "", None
    if cell.formula:
        return "", Problem("cell.is_formula")
    if cell.format == "other":
        return "", Problem("cell.shown_otherwise")
    text = clean_text(cell.raw)
    folded_text = folded(text)
    for word in words:
        if folded_text == folded(word):
            return word, None if _same_case(text, word) else Problem("choice.repaired", word)
    others = {synonym: word for synonym, word in SYNONYMS.items() if word in words}
    for synonym, word in others.items():
        if folded_text == folded(synonym):
            return word, None
    meant = TICKS[ticks].get(_sign(cell), "")
    near = {meant} if meant in words else set[str]()
    if not near and cell.kind == "text":
        near = {
            word for spelled, word in (*zip(words, words, strict=True), *others.items()) if bare(spelled) == bare(text)
        }
    if len(near) != 1:
        return "", Problem("choice.unknown")
    word = near.pop()
    return word, Problem("choice.repaired", word)


def _same_case(text: str, word: str) -> bool:
    return [mark.isupper() for mark in text if mark.isalpha()] == [mark.isupper() for mark in word if mark.isalpha()]


def _sign(cell: Typed) -> str:
    """The sign typed in a ticked cell."""
    if cell.kind == "number":
        value = exact(cell.raw) if cell.format in ("general", "text") else None
        return "" if value is None else shown(value)
    return cell.as_seen.lower() if cell.kind == "boolean" else bare(clean_text(cell.raw))


def read_list(cell: Typed, choices: str, ticks: str = "") -> tuple[str, Problem | None]:
    """As `read_choice`, for a list of `fields.CHOICES`."""
    return read_choice(cell, CHOICES[choices], ticks)


def read_text(cell: Typed) -> tuple[str, Problem | None]:
    """A typed text, cleaned. A number in a text cell is read as its digits."""
    if cell.formula:
        return "", Problem("cell.is_formula")
    if cell.format == "other":
        return "", Problem("cell.shown_otherwise")
    if cell.kind == "error":
        return "", Problem("cell.is_error")
    if cell.kind == "number":
        value = exact(cell.raw)
        return (shown(value) if value is not None else cell.raw), None
    text = clean_text(cell.raw)
    return text, Problem("cell.cut") if len(text) == MAX_TEXT and text[-1] == "…" and len(cell.raw) > MAX_TEXT else None


def serial(day: date) -> int:
    """A date as the number that spreadsheets keep."""
    return (day - _EPOCH).days


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """A linked text. The target is a file relative to the workbook, optionally with `#` and a place in it."""

    text: str
    target: str


def encode(value: Any) -> Any:
    """A stamped value for the ledger's JSON: exact numbers and dates as marked text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Typed):
        return value.as_record()
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, (Decimal, int)):
        return {"n": str(value) if isinstance(value, int) else shown(value)}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, LinkTarget):
        return {"text": value.text, "target": value.target}
    return value


def decode(value: Any) -> Any:
    """The value that `encode` wrote."""
    if isinstance(value, list):
        if len(value) in (4, 5) and isinstance(value[0], str) and isinstance(value[3], bool):
            return Typed.from_record(value)
        return [decode(item) for item in value]
    if isinstance(value, dict):
        if "n" in value:
            return Decimal(value["n"])
        return date.fromisoformat(value["d"]) if "d" in value else LinkTarget(value["text"], value["target"])
    return value


def decode_values(values: dict[str, Any]) -> dict[str, Any]:
    """All stamped values of an issue."""
    return {name: decode(value) for name, value in values.items()}
