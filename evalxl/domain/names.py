"""Vietnamese names: how they sort, and how they become file names.

The order is that of a Vietnamese list: given name (the last word) first, then family name, then middle names; letters
in the order of the Vietnamese alphabet; tones ngang, huyền, hỏi, ngã, sắc, nặng break ties. Both styles of writing
the tone (Hòa, Hoà) are equal; Hoa is another name.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ALPHABET = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_LIKE_D = {ord("ð"): "đ", ord("ɖ"): "đ"}  # of Ð and Ɖ, which look just like Đ
_SHAPES = {"\u0306", "\u0302", "\u031b"}


def name_key(name: str) -> tuple[object, ...]:
    """A sort key for a full name."""
    words = [_word_key(word) for word in unicodedata.normalize("NFC", name).split()]
    if not words:
        return ()
    given, family, middle = words[-1], words[0] if len(words) > 1 else ((), ()), words[1:-1]
    letters = [given[0], family[0], *(word[0] for word in middle)]
    tones = [given[1], family[1], *(word[1] for word in middle)]
    # Letters of the given name decide, then its tones, then the family name's, and so on.
    return tuple(zip(letters, tones, strict=True))


@lru_cache(maxsize=8192)
def _word_key(word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    letters: list[int] = []
    tone = 0
    for mark in unicodedata.normalize("NFD", word.lower()):
        if mark in _TONES:
            tone = _TONES[mark]
        elif mark in _SHAPES and letters:
            shaped = unicodedata.normalize("NFC", _LETTERS.get(letters[-1], "") + mark)
            letters[-1] = _ALPHABET.get(shaped, letters[-1])
        else:
            letters.append(_ALPHABET.get(mark, 1000 + ord(mark)))
    return tuple(letters), (tone,)


_LETTERS = {place: letter for letter, place in _ALPHABET.items()}


def same_words(left: str, right: str) -> bool:
    """Whether two texts are the same words: NFC, letter case, blanks and the two tone styles apart."""
    return left == right or folded(left) == folded(right)


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """A text for comparing: one blank between words, no case, the tone after its word's letters, other languages' letters that look like Đ as Đ."""
    words = unicodedata.normalize("NFKC", text).casefold().translate(_LIKE_D).split()
    out = []
    for word in words:
        marks = unicodedata.normalize("NFD", word)
        tones = [mark for mark in marks if mark in _TONES]
        out.append("".join(mark for mark in marks if mark not in _TONES) + "".join(tones))
    return " ".join(out)


@lru_cache(maxsize=1024)
def bare(text: str) -> str:
    """A text without marks, case and the punctuation around it: `Đã nộp.` as `da nop`."""
    marks = unicodedata.normalize("NFD", folded(text).replace("đ", "d"))
    return "".join(mark for mark in marks if not unicodedata.combining(mark)).strip(_AROUND)


_AROUND = " .,;:!'\"\u2018\u2019\u201c\u201d()[]-\u2013\u2014"


def ascii_slug(text: str) -> str:
    """`Nguyễn Thị Đào` as `nguyen-thi-dao`: for file names that every system takes."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(mark for mark in plain if not unicodedata.combining(mark)).lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


@lru_cache(maxsize=1 << 16)
def code_key(code: str) -> str:
    """How codes are compared: NFC, without case, trimmed. Kept, since the same few thousand are compared again and again."""
    return unicodedata.normalize("NFC", code.strip()).casefold()


# Before the code of a unit whose own result is meant: no staff code has a colon, which Windows forbids in names.
_UNIT = "unit:"


def subject_of_unit(code: str) -> str:
    """Whose result it is where a unit is evaluated itself: `unit:VP`, which is never the person `VP`."""
    return f"{_UNIT}{code}"


def unit_of_subject(subject: str) -> str:
    """The code of the unit that is evaluated itself; empty for a person."""
    return subject[len(_UNIT) :] if subject.startswith(_UNIT) else ""


def shown_code(subject: str) -> str:
    """A code as the office knows it: without the mark of a unit's own result."""
    return unit_of_subject(subject) or subject


# Control characters, half characters, marks without width, and marks that turn the reading direction around.
_UNSEEN = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff"
_UNSEEN_MARK = re.compile(f"[{_UNSEEN}]")
_UNSEEN_IN_A_LINE = re.compile(f"[{_UNSEEN}\t\n\r]")


def visible(text: str) -> str:
    """A name on one line in which nothing is hidden: `phieu[U+202E]xslx.exe` is not read as `phieuexe.xlsx`."""
    return _UNSEEN_IN_A_LINE.sub(_named, text)


def visible_lines(text: str) -> str:
    """A text of several lines in which nothing is hidden, and which gives no command to a screen that shows it."""
    return _UNSEEN_MARK.sub(_named, text.replace("\r\n", "\n")).replace("\r", "[U+000D]")


def on_one_line(text: str) -> str:
    """What somebody typed, told within a sentence: it does not begin a line of its own, which would be read as ours."""
    return visible(" ".join(re.split(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]+", text)))


def _named(mark: re.Match[str]) -> str:
    return f"[U+{ord(mark[0]):04X}]"
