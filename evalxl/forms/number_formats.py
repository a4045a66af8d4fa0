"""Shows a value by its number format, and tells whether a person who looks at the cell sees the stored value.

A format has up to four sections: for positive numbers, negative numbers, zero and text, or with their own conditions. Each holds digit placeholders
and literal text. Literal text that does not change the value is harmless. Literal digits, signs and separators, literal text instead of the stored text,
other calendars and an empty section show another value. (ECMA-376 part 1, 18.8.31; tried in Excel's own documents and in LibreOffice.)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import takewhile
from typing import Literal

from evalxl.forms.format_sections import GENERAL, HALF_DAY, Piece, Section, sections_of

Sort = Literal["general", "text", "date", "percent"]


# The formats that a file names by number. Some, such as 14 for dates, depend on the system's country.
BUILT_IN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "d/m/yyyy", 15: "d/m/yyyy", 16: "d/m", 17: "m/yyyy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "d/m/yyyy h:mm",
    37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@",
}  # fmt: skip
# Dates of the East Asian versions; the system decides which signs they show.
BUILT_IN |= dict.fromkeys((*range(27, 37), *range(50, 59)), "d/m/yyyy")

_EPOCH = datetime.combine(date(1899, 12, 30), time())
_LAST_DAY = 2_958_466
_SIGNS = "-+\u2212\u2010\u2011\u2012\u2013\u2014\u00b1\u00ac~"
_POINTS = ".,\u066b\u066c\u00b7"
_DASHES = ("-", "\u2013", "\u2014")  # zero in accounting formats
_IN_THREES = re.compile(r"\d{1,3}(?:\s\d{3})+(?:,\d+)?")
# Words that are numbers or multiply one by a thousand; "năm" means a year too.
_NUMBER_WORD = re.compile(
    r"\b(?:một|hai|ba|bốn|sáu|bảy|tám|chín|mười|mươi|chục|trăm|nghìn|ngàn|triệu|tỷ|rưỡi"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million|half)\b",
    re.I,
)
_WHITE = re.compile(r"\[\s*(?:white|colou?r ?2)\s*\]", re.I)
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
}


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """What a person sees.

    Attributes:
        text: The shown text, as far as it does not depend on the system; empty if nothing is seen.
        lies: Whether it shows another value than the stored one.
        rounded: Whether it is the value with fewer decimals.
        sort: The purpose of the section that applies.
    """

    text: str
    lies: bool = False
    rounded: bool = False
    sort: Sort = "general"


def spelling(code: str) -> str:
    """A format in normalised spelling: equal for two formats that programs only write differently."""
    return repr(_spelt(code))


@lru_cache(maxsize=1024)
def _spelt(code: str) -> tuple[object, ...]:
    sections = sections_of(code)
    if len(sections) > 1 and sections[-1].pieces == [("@", "@")]:
        sections = sections[:-1]
    spelled: list[object] = []
    for section in sections:
        pieces: list[Piece] = []
        for kind, text in section.pieces:
            if kind == "own" and pieces and pieces[-1][0] == "own":
                pieces[-1] = ("own", pieces[-1][1] + text)
            elif kind == "date":
                pieces.append((kind, text.casefold()))
            else:
                pieces.append((kind, text))
        spelled.append((section.condition, tuple(pieces)))
    return tuple(spelled)


@lru_cache(maxsize=1024)
def is_plain(code: str) -> bool:
    """Whether a format always shows the value: no literal text or signs, nothing left out, no conditions."""
    sections = sections_of(code)
    if len(sections) > 1 and sections[-1].pieces == [("@", "@")]:
        sections = sections[:-1]
    if len(sections) != 1 or sections[0].condition:
        return False
    pieces = sections[0].pieces
    kinds = [kind for kind, _ in pieces]
    if kinds in (["general"], ["@"]):
        return True
    if any(kind not in ("0", "#", ".", ",") for kind in kinds):
        return False
    return "0" in kinds and kinds[-1] != "," and kinds.count(".") <= 1 and not _scaled(pieces)


@lru_cache(maxsize=1024)
def is_white(code: str) -> bool:
    """Whether a format writes in white by itself."""
    return _WHITE.search(code) is not None


@lru_cache(maxsize=1024)
def sort_of(code: str) -> Sort:
    """The purpose of a format, before any value is known."""
    sections = sections_of(code)
    if any(section.has("date") for section in sections):
        return "date"
    if any(section.has("%") for section in sections):
        return "percent"
    return "text" if all(section.has("@") for section in sections) else "general"


@lru_cache(maxsize=4096)
def shown_words(code: str, words: str) -> ShownNumber:
    """What a person sees of a text in a cell."""
    if not words:
        return ShownNumber("", sort=sort_of(code))
    sections = sections_of(code)
    section = sections[3] if len(sections) > 3 else sections[-1] if sections[-1].has("@") else None
    if section is None:
        return ShownNumber(words, sort=sort_of(code))
    text = "".join(words if kind == "@" else _bare(kind, content) for kind, content in section.pieces)
    times = sum(kind == "@" for kind, _ in section.pieces)
    own = any(mark.isalnum() or unicodedata.category(mark) in ("No", "Nl", "Cf") for mark in section.own)
    lies = times != 1 or own or section.has("other")
    if _is_number(words):
        lies = lies or any(mark in _SIGNS or mark in _POINTS or mark in "%‰()/" for mark in section.own)
    return ShownNumber(text, lies, sort=sort_of(code))


def _is_number(words: str) -> bool:
    return not words.strip(" 0123456789.,+-") and any(mark.isdigit() for mark in words)


@lru_cache(maxsize=4096)
def shown_number(code: str, value: Decimal) -> ShownNumber:
    """What a person sees of a number in a cell."""
    sections = sections_of(code)
    section, size = _section_for(sections, value)
    if section is None:
        return ShownNumber("", lies=True)
    if section.has("date"):
        return _as_date(section, value)
    if section.has("general", "@"):
        return _with_general(section, value, size)
    if not value and section.own.strip() in _DASHES and not section.has("0"):
        return ShownNumber(section.own.strip())
    if not section.has("0", "#", "?"):
        return ShownNumber("".join(_bare(kind, content) for kind, content in section.pieces).strip(), lies=True)
    return _as_number(section, value, size)


def _section_for(sections: Sequence[Section], value: Decimal) -> tuple[Section | None, Decimal]:
    """The section for a number, and the number without a sign if the section writes the sign itself."""
    numbers = list(sections[:3])
    if len(sections) > 1 and len(sections) < 4 and sections[-1].has("@"):
        numbers.pop()
    if any(section.condition for section in numbers):
        for at, section in enumerate(numbers):
            if section.condition:
                sign, bound = section.condition
                if _COMPARE[sign](value, bound):
                    return section, value
            elif at == len(numbers) - 1 or (value > 0 if at == 0 else value < 0):
                return section, value
        return None, value
    if len(numbers) == 1 or value > 0 or (value == 0 and len(numbers) == 2):
        return numbers[0], value
    return (numbers[1], abs(value)) if value < 0 else (numbers[2], value)


def _with_general(section: Section, value: Decimal, size: Decimal) -> ShownNumber:
    number = plain_number(size)
    text, at = "", -1
    for kind, content in section.pieces:
        if kind in ("general", "@") and at < 0:
            at = len(text)
            text += number
        else:
            text += _bare(kind, content)
    lies = section.has("other") or _own_words_lie(text[:at], text[at + len(number) :], value, size)
    sort: Sort = "percent" if section.has("%") else "text" if section.has("@") else "general"
    return ShownNumber(text.strip(), lies, sort=sort)


def _as_number(section: Section, value: Decimal, size: Decimal) -> ShownNumber:
    pieces = section.pieces
    percent = sum(kind == "%" for kind, _ in pieces)
    sort: Sort = "percent" if percent else "general"
    if section.has("/"):
        return _as_fraction(section, value, sort)
    if section.has("E"):
        return _as_power(section, value)
    if sum(kind == "." for kind, _ in pieces) > 1:
        return ShownNumber("", lies=True, sort=sort)
    point = next((at for at, (kind, _) in enumerate(pieces) if kind == "."), len(pieces))
    whole = [at for at, (kind, _) in enumerate(pieces) if kind in "0#?" and at < point]
    parts = [at for at, (kind, _) in enumerate(pieces) if kind in "0#?" and at > point]
    grouped, thousands = _commas(pieces)
    stands_for = size * 100**percent / 1000**thousands
    rounded = abs(stands_for).quantize(Decimal(1).scaleb(-len(parts)), ROUND_HALF_UP)
    digits, _, places = f"{rounded:f}".partition(".")
    digits = digits.lstrip("0")
    put = _put_whole(pieces, whole, digits, grouped) | _put_parts(pieces, parts, places)
    text, own = "", []
    if stands_for < 0:
        text, own = "-", [False]
    for at, (kind, content) in enumerate(pieces):
        mine = put.get(at, "," if at == point and kind == "." else "")
        more = mine or _bare(kind, content)
        text += more
        own += [not mine and kind != "%"] * len(more)
    if not any(mark.isdigit() and not is_own for mark, is_own in zip(text, own, strict=True)):
        return ShownNumber(text.strip(), lies=True, sort=sort)
    seen = Decimal(int("0" + digits)) + (Decimal(f"0.{places}") if places else 0)
    seen = seen / 100**percent * (-1 if stands_for < 0 else 1)
    half = Decimal(1).scaleb(-len(parts)) / 2 / 100**percent
    digits_at = [at for at, (mark, is_own) in enumerate(zip(text, own, strict=True)) if not is_own and mark.isdigit()]
    first, last = digits_at[0], digits_at[-1]
    marks = list(zip(text, own, strict=True))
    before, behind = ("".join(mark for mark, is_own in some if is_own) for some in (marks[:first], marks[last + 1 :]))
    lies = (
        section.has("other")
        or (any(own[first:last]) and not _IN_THREES.fullmatch(text[first : last + 1]))
        or abs(seen - size) > half
        or _own_words_lie(before, behind, value, size)
    )
    return ShownNumber(" ".join(text.split()), lies, not lies and seen != size, sort)


def _as_fraction(section: Section, value: Decimal, sort: Sort) -> ShownNumber:
    """A number as a fraction: the same value in another notation, or the nearest one that the denominator allows."""
    behind = section.pieces[next(at for at, (kind, _) in enumerate(section.pieces) if kind == "/") + 1 :]
    places = "".join(text for _, text in takewhile(lambda piece: piece[0] in "0#?", behind))
    size = Fraction(abs(value))
    if places.isascii() and places.isdigit() and int(places):
        seen = Fraction(int(size * int(places) + Fraction(1, 2)), int(places))
    else:
        seen = size.limit_denominator(10 ** max(1, min(len(places), 5)) - 1)
    lies = section.has("other") or _foreign(section.own)
    if seen == size or lies:
        return ShownNumber(plain_number(value), lies, sort=sort)
    whole, rest = divmod(seen, 1)
    text = f"{'-' if value < 0 else ''}{whole} {rest if rest else ''}".strip()
    return ShownNumber(text, rounded=True, sort=sort)


def _as_power(section: Section, value: Decimal) -> ShownNumber:
    """A number as digits and a power of ten."""
    kinds = [kind for kind, _ in section.pieces]
    mantissa = kinds[: kinds.index("E")]
    places = sum(kind in "0#?" for kind in mantissa[mantissa.index(".") :]) if "." in mantissa else 0
    unit = Decimal(1).scaleb(value.adjusted() - places) if value else Decimal(1)
    seen = (value / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit
    lies = section.has("other") or _foreign(section.own)
    return ShownNumber(plain_number(seen), lies, not lies and seen != value)


def _put_whole(pieces: Sequence[Piece], places: Sequence[int], digits: str, grouped: bool) -> dict[int, str]:
    """Put the digits before the point into their placeholders. The first placeholder takes all further digits."""
    put: dict[int, str] = {}
    left = digits
    done = 0
    for number, at in enumerate(reversed(places)):
        if number == len(places) - 1:
            mine = left or {"0": "0", "?": " "}.get(pieces[at][0], "")
            left = ""
        else:
            mine, left = (left[-1:] or {"0": "0", "?": " "}.get(pieces[at][0], "")), left[:-1]
        marks = ""
        for mark in reversed(mine):
            if grouped and done and done % 3 == 0 and mark.isdigit():
                marks = "." + marks
            marks = mark + marks
            done += mark.isdigit()
        put[at] = marks
    return put


def _put_parts(pieces: Sequence[Piece], places: Sequence[int], digits: str) -> dict[int, str]:
    """Put the digits after the point into their placeholders. Zeros at the end are left out if the format says so."""
    put: dict[int, str] = {}
    kept = len(digits.rstrip("0"))
    for number, at in enumerate(places):
        kind = pieces[at][0]
        put[at] = digits[number] if number < kept or kind == "0" else " " if kind == "?" else ""
    return put


def _commas(pieces: Sequence[Piece]) -> tuple[bool, int]:
    """Whether thousands are separated, and how often the number is divided by a thousand: once for each comma after the last placeholder."""
    point = next((at for at, (kind, _) in enumerate(pieces) if kind == "."), len(pieces))
    places = [at for at, (kind, _) in enumerate(pieces) if kind in "0#?"]
    whole = [at for at in places if at < point]
    commas = [at for at, (kind, _) in enumerate(pieces) if kind == ","]
    last_whole, last = max(whole, default=-1), max(places, default=-1)
    scaling = [at for at in commas if last_whole < at < point or at > last]
    return any(at < last_whole for at in commas), len(scaling)


def _scaled(pieces: Sequence[Piece]) -> bool:
    return _commas(pieces)[1] > 0


def _own_words_lie(before: str, behind: str, value: Decimal, size: Decimal) -> bool:
    """Whether literal text around a number changes it: digits, a sign before it, a separator next to it, a per cent sign after it."""
    if _foreign(before) or _foreign(behind) or (before != "" and before[-1] in _POINTS):
        return True
    front, back = "".join(before.split()), "".join(behind.split())
    minus = any(mark in _SIGNS and mark != "+" for mark in (front[:1], front[-1:]) if mark)
    minus = minus or front.endswith("(") or back[:1] in ("-", "\u2212")
    return minus if size >= 0 and value >= 0 else value < 0 and size > 0 and not minus


def _foreign(words: str) -> bool:
    """Whether a text contains digits of any script, per cent signs or direction marks, which change the value that is read."""
    if any(mark in "%‰‱٪∞×" or unicodedata.category(mark) in ("Cf", "Mn", "Me") or _numeric(mark) for mark in words):
        return True
    return _NUMBER_WORD.search(words) is not None


def _numeric(mark: str) -> bool:
    return unicodedata.numeric(mark, None) is not None


def _as_date(section: Section, value: Decimal) -> ShownNumber:
    codes = [(at, text[:1].casefold()) for at, (kind, text) in enumerate(section.pieces) if kind == "date"]
    of_days = {code for at, code in codes if code in "dy\0" or (code == "m" and not _are_minutes(section, at))}
    lies = section.has("other") or any(_numeric(mark) for mark in section.own)
    if not {"d", "m", "y"} <= of_days and "\0" not in of_days:
        lies = lies or any(mark.isalpha() for mark in section.own)  # literal text instead of a day, a month or a year
    if not of_days and value >= 1:
        lies = True  # a time of day without its day
    if not 0 <= value < _LAST_DAY:
        return ShownNumber("", lies=True, sort="date")
    moment = _EPOCH + timedelta(days=float(value)) + timedelta(milliseconds=1)
    text = "".join(_in_date(section, at, moment) for at in range(len(section.pieces)))
    if "\0" in text:  # names of days or months, or the system's date format
        text = f"{moment.day}/{moment.month}/{moment.year}"
    return ShownNumber(text.strip(), lies, sort="date")


def _in_date(section: Section, at: int, moment: datetime) -> str:
    kind, content = section.pieces[at]
    if kind != "date":
        return _bare(kind, content) if kind not in ("0", ".", ",") else ""
    code = content.casefold()
    if code.startswith("d"):
        return {1: f"{moment.day}", 2: f"{moment.day:02d}"}.get(len(code), "\0")
    if code.startswith("y"):
        return f"{moment.year % 100:02d}" if len(code) < 3 else f"{moment.year:04d}"
    if code.startswith("m") and not _are_minutes(section, at):
        return {1: f"{moment.month}", 2: f"{moment.month:02d}"}.get(len(code), "\0")
    if code.startswith("h"):
        half = any(kind == "date" and HALF_DAY.fullmatch(text) for kind, text in section.pieces)
        hour = (moment.hour % 12 or 12) if half else moment.hour
        return f"{hour:02d}" if len(code) > 1 else f"{hour}"
    if code.startswith("m"):
        return f"{moment.minute:02d}" if len(code) > 1 else f"{moment.minute}"
    if code.startswith("s"):
        return f"{moment.second:02d}" if len(code) > 1 else f"{moment.second}"
    if code.startswith("a"):
        return "AM" if moment.hour < 12 else "PM"
    return "\0"


def _are_minutes(section: Section, at: int) -> bool:
    """Whether an `m` means minutes: after hours or before seconds."""
    codes = [(place, text[0].casefold()) for place, (kind, text) in enumerate(section.pieces) if kind == "date"]
    here = [place for place, _ in codes].index(at)
    return (here > 0 and codes[here - 1][1] == "h") or (here + 1 < len(codes) and codes[here + 1][1] == "s")


def plain_number(value: Decimal) -> str:
    """A number as written in Việt Nam: with a decimal comma, without zeros at the end."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",") if text not in ("-0", "") else "0"


def _bare(kind: str, content: str) -> str:
    """The text of a piece that is not a digit placeholder."""
    if kind == "blank":
        return " "
    return content if kind in ("own", "fill", "%", "/") else ""
