"""What evalxl says is said in both languages, with the same facts, in correct Vietnamese."""

from __future__ import annotations

import re
import unicodedata
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest
import typer

from evalxl import words
from evalxl.cli.program import app
from evalxl.words import catalogue, level_of, remedy, say

PACKAGE = Path(str(files("evalxl")))
ROWS = sorted(catalogue().items())
FINDINGS = [(key, row) for key, row in ROWS if "level" in row]
WRITTEN = sorted(path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".toml", ".md", ".bas", ".txt", ".xml"})

# Two pairs of sentences: what is wrong, and what to do about it.
PAIRS = [(key, row, "vi", "en") for key, row in ROWS] + [
    (key, row, "remedy_vi", "remedy_en") for key, row in ROWS if {"remedy_vi", "remedy_en"} & set(row)
]


def places(sentence: str, lang: str) -> set[str]:
    """The places `{…}` of a sentence; `{known_vi}` and `{known_en}` are one place, filled in the sentence's language."""
    names = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
    return {name.removesuffix(f"_{lang}") for name in names}


@pytest.mark.parametrize(("key", "row", "vi", "en"), PAIRS, ids=[f"{key}-{vi}" for key, _, vi, _ in PAIRS])
def test_every_sentence_is_there_in_both_languages_with_the_same_places(
    key: str, row: dict[str, str], vi: str, en: str
) -> None:
    assert bool(row[vi].strip()) is bool(row[en].strip())
    assert places(row[vi], "vi") - {"you"} == places(row[en], "en") - {"you"}  # English has one word for it


@pytest.mark.parametrize(("key", "row"), FINDINGS, ids=[key for key, _ in FINDINGS])
def test_every_finding_has_a_level_and_says_what_to_do(key: str, row: dict[str, str]) -> None:
    assert level_of(key) in words.LEVELS
    if row["level"] in ("error", "warning"):
        assert row.get("remedy_vi")
        assert row.get("remedy_en")
    assert set(row) <= {"level", "vi", "en", "open_vi", "open_en", "remedy_vi", "remedy_en"}


@pytest.mark.parametrize(("key", "row"), ROWS, ids=[key for key, _ in ROWS])
def test_what_is_written_is_text_in_one_unicode_form(key: str, row: dict[str, str]) -> None:
    for sentence in row.values():
        assert isinstance(sentence, str)
        assert unicodedata.is_normalized("NFC", sentence)
        assert "\u00a0" not in sentence
        assert "\t" not in sentence


@pytest.mark.parametrize("path", WRITTEN, ids=[str(path.relative_to(PACKAGE)) for path in WRITTEN])
def test_every_file_of_the_package_is_in_one_unicode_form(path: Path) -> None:
    assert unicodedata.is_normalized("NFC", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", WRITTEN, ids=[str(path.relative_to(PACKAGE)) for path in WRITTEN])
def test_nothing_is_ever_called_by_the_name_of_a_disciplinary_case(path: Path) -> None:
    """Those words mean a disciplinary case (hình thức kỷ luật); the weekly evaluation never is one."""
    text = re.sub(r"[\s_]+", " ", unicodedata.normalize("NFC", path.read_text(encoding="utf-8"))).casefold()

    assert "vi phạm kỷ luật" not in text
    assert "vi phạm kỉ luật" not in text


def test_english_holds_no_vietnamese_but_for_the_words_of_cells() -> None:
    """A quick eye on rows whose two languages were mixed up: English begins with no Vietnamese letter."""
    for key, row in ROWS:
        assert not re.match(r"[Đđ]", row["en"]), key


def test_a_sentence_is_said_in_the_asked_language_vietnamese_first() -> None:
    assert (
        say("term.week_shown", number=23, first="02/6/2025", last="08/6/2025")
        == "Tuần 23 (từ ngày 02/6/2025 đến ngày 08/6/2025)"
    )
    assert say("state.approved") == "Đã phê duyệt"
    assert say("state.approved", "en") == "Approved"
    assert remedy("organisation.cycle").startswith("Đề nghị")
    assert remedy("state.approved") == ""


def test_a_key_that_is_not_there_is_a_programmers_slip() -> None:
    with pytest.raises(KeyError):
        say("state.unheard_of")


def test_commands_in_messages_can_be_typed_as_they_are_printed() -> None:
    """A week is printed to be read (*Tuần 51 (từ ngày …)*), and typed by its name (2026-W51)."""
    typed = re.compile(r"evalxl ([a-z][a-z-]*)((?: (?:--)?[\w{}-]+)*)")
    commands = set(typer.main.get_group(app).commands)
    wrong = [
        (key, lang, found[0])
        for key, row in catalogue().items()
        for lang in ("vi", "en", "remedy_vi", "remedy_en")
        for found in typed.finditer(row.get(lang, ""))
        if found[1] in commands and "{week}" in found[2]
    ]

    assert wrong == []
    assert {"reopen", "issue", "close"} <= commands


def test_only_a_party_body_says_comrade() -> None:
    assert words.addressed("party") == "đồng chí"
    assert {words.addressed(kind) for kind in ("state", "none")} == {"ông (bà)"}
    assert [
        key for key, row in words.catalogue().items() if "đồng chí" in row["vi"] and key.partition(".")[0] != "remind"
    ] == [
        "term.you_party",
    ]
