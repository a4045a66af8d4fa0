"""What people type into cells: a strict grammar, harmless dirt repaired and said so, and nothing guessed."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evalxl.domain.names import bare
from evalxl.domain.weeks import shown_date
from evalxl.forms.fields import CHOICES, SYNONYMS
from evalxl.forms.values import (
    EMPTY,
    MAX_TEXT,
    LinkTarget,
    Problem,
    Typed,
    clean_text,
    decode,
    encode,
    exact,
    read_choice,
    read_date,
    read_list,
    read_quantity,
    read_score,
    read_text,
    serial,
    typed,
)
from evalxl.forms.workbook import Cell
from evalxl.records.rulebooks import find_rulebook
from tests.standard_parts import PARTS

RULES = find_rulebook(Path(), "cv-8679-2025")
QUALITY = RULES.part("quality")  # 0 to 40, in steps of a half

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
scores = st.integers(0, 4000).map(lambda hundredths: Decimal(hundredths) / 100)


def score(raw: str, kind: Any = "text", **more: Any) -> tuple[Decimal | None, str]:
    value, problem = read_score(Typed(kind, raw, **more), QUALITY, RULES)
    return value, problem.kind if problem else ""


# Scores


@pytest.mark.parametrize(
    ("raw", "value", "note"),
    [
        ("37.5", "37.5", ""),
        ("37", "37", ""),
        ("0", "0", ""),
        ("-0", "0", ""),
        ("40", "40", ""),
        ("4E1", "40", ""),
        ("3.75E+1", "37.5", ""),
        ("37.500000000000007", "37.5", ""),
        ("37.299999999999997", "37.3", "score.off_step"),
        ("0.1", "0.1", "score.off_step"),
        (".5", "0.5", ""),
        ("37.", "37", ""),
    ],
)
def test_a_number_that_a_program_wrote_is_the_score(raw: str, value: str, note: str) -> None:
    assert score(raw, "number") == (Decimal(value), note)
    assert str(score(raw, "number")[0]) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("37,5", "37.5"),
        ("37.5", "37.5"),
        (" 37,5\u00a0\n", "37.5"),
        ("40", "40"),
        ("007", "7"),
        ("-0", "0"),
        ("\u200b37,5", "37.5"),
    ],
)
def test_a_score_typed_as_text_is_repaired_and_said_so(raw: str, value: str) -> None:
    assert read_score(Typed("text", raw), QUALITY, RULES) == (Decimal(value), Problem("score.repaired", value))


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("38 điểm", "score.has_unit"),
        ("38đ", "score.has_unit"),
        ("38 points", "score.has_unit"),
        ("38/40", "score.is_fraction"),
        ("95%", "score.is_percent"),
        ("3/5/2025", "score.is_date"),
        ("2025-05-03", "score.is_date"),
        ("３８", "score.other_digits"),
        ("٣٨", "score.other_digits"),
        ("3 7", "score.not_a_number"),
        ("37, 5", "score.not_a_number"),
        ("1.000", "score.ambiguous"),
        ("37,555", "score.ambiguous"),
        ("37,5,0", "score.ambiguous"),
        ("37.5.0", "score.ambiguous"),
        ("1e1", "score.not_a_number"),
        ("0x1F", "score.not_a_number"),
        ("1_0", "score.not_a_number"),
        ("+38", "score.not_a_number"),
        ("--38", "score.not_a_number"),
        ("38-40", "score.is_range"),
        ("ba mươi tám", "score.not_a_number"),
        ("NaN", "score.not_finite"),
        ("inf", "score.not_finite"),
        ("=38", "score.not_a_number"),
        (",5", "score.not_a_number"),
        ("45", "score.out_of_bounds"),
        ("-1", "score.out_of_bounds"),
        ("40,01", "score.out_of_bounds"),
    ],
)
def test_what_could_be_read_in_two_ways_is_a_finding(raw: str, why: str) -> None:
    assert score(raw) == (None, why)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (Typed("number", "45"), "score.out_of_bounds"),
        (Typed("number", "-0.5"), "score.out_of_bounds"),
        (Typed("number", "45813", "date"), "score.is_date"),
        (Typed("number", "38", "date"), "score.is_date"),
        (Typed("number", "0.95", "percent"), "score.is_percent"),
        (Typed("number", "1e999"), "score.not_finite"),
        (Typed("number", "NaN"), "score.not_finite"),
        (Typed("number", "1_0"), "score.not_a_number"),
        (Typed("number", "0x10"), "score.not_a_number"),
        (Typed("number", "٣٨"), "score.not_a_number"),
        (Typed("number", "38", "general", True), "score.is_formula"),
        (Typed("text", "", "general", True), ""),
        (Typed("boolean", "1"), "score.is_boolean"),
        (Typed("error", "#N/A"), "score.is_error"),
        (Typed("date", "2025-06-05"), "score.is_date"),
    ],
)
def test_a_cell_of_another_sort_is_no_score(cell: Typed, why: str) -> None:
    value, problem = read_score(cell, QUALITY, RULES)

    assert value is None
    assert (problem.kind if problem else "") == why


@given(scores)
def test_every_score_in_bounds_is_taken_exactly_however_it_is_written(value: Decimal) -> None:
    off_step = "" if value % RULES.step == 0 else "score.off_step"

    assert score(repr(float(value)), "number") == (value, off_step)
    assert score(f"{value:f}") == (value, "score.repaired")
    assert score(f"{value:f}".replace(".", ",")) == (value, "score.repaired")


@given(st.decimals(-999, 999, places=2), st.sampled_from(PARTS))
def test_a_score_is_never_out_of_its_bounds(value: Decimal, part: str) -> None:
    rule = RULES.part(part)
    for cell in (Typed("number", repr(float(value))), Typed("text", f"{value:f}")):
        found, problem = read_score(cell, rule, RULES)
        if 0 <= value <= rule.maximum:
            assert found == value
        else:
            assert (found, problem) == (None, Problem("score.out_of_bounds"))


@given(any_text)
def test_any_text_is_a_score_by_the_grammar_or_a_finding(raw: str) -> None:
    value, why = score(raw)
    plain = clean_text(raw)

    if not plain:
        assert (value, why) == (None, "")
    elif re.fullmatch(r"-?[0-9]{1,3}([.,][0-9]{1,2})?", plain) and 0 <= Decimal(plain.replace(",", ".")) <= 40:
        assert (value, why) == (Decimal(plain.replace(",", ".")), "score.repaired")
    else:
        assert value is None and why.startswith("score.")


@given(st.from_regex(r"[-+]?[0-9]{0,4}[.,]?[0-9]{0,3}([eE][-+]?[0-9]{1,4})?", fullmatch=True) | any_text)
def test_no_raw_number_of_a_file_can_break_the_reader(raw: str) -> None:
    value, why = score(raw, "number")

    assert value is None or (0 <= value <= 40 and why in ("", "score.off_step"))
    assert value is not None or why or not clean_text(raw)


@given(any_text, st.sampled_from(["number", "text", "boolean", "error"]))
def test_the_remembered_result_of_a_formula_is_never_a_score(cached: str, kind: Any) -> None:
    cell = typed(Cell(kind, cached, "30+7"))

    assert read_score(cell, QUALITY, RULES) == (None, Problem("score.is_formula"))


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        (Typed("number", "0.95", "percent"), "95%"),
        (Typed("number", "45785", "date"), "08/05/2025"),
        (Typed("number", "45785.5", "date"), "08/05/2025"),
        (Typed("number", "1e20", "date"), "1e20"),
        (Typed("number", "38"), "38"),
        (Typed("boolean", "1"), "TRUE"),
        (Typed("boolean", "0"), "FALSE"),
        (Typed("text", "38 điểm"), "38 điểm"),
        (Typed("number", "=A1", "date", True), "=A1"),
    ],
)
def test_a_person_is_told_what_the_cell_shows(cell: Typed, seen: str) -> None:
    assert cell.as_seen == seen


def test_an_empty_cell_is_no_score_and_no_finding() -> None:
    for cell in (EMPTY, Typed("text", " \u00a0\n"), Typed("number", ""), typed(None)):
        assert read_score(cell, QUALITY, RULES) == (None, None)


# Numbers


@given(st.integers(-(10**14), 10**14), st.integers(0, 6))
def test_fifteen_digits_are_kept_exactly(digits: int, places: int) -> None:
    value = Decimal(digits).scaleb(-places)
    assume(abs(value) < 10**12)

    assert exact(repr(float(value))) == value


@pytest.mark.parametrize("raw", ["", "abc", "1,5", "1e13", "-1e400", "1.2.3", "Infinity", "0b1", "1 0"])
def test_what_is_no_finite_number_is_none(raw: str) -> None:
    assert exact(raw) is None


@pytest.mark.parametrize(
    ("cell", "value", "problem"),
    [
        (EMPTY, None, None),
        (Typed("number", "2.5"), "2.5", None),
        (Typed("text", "2,5"), "2.5", Problem("number.repaired", "2.5")),
        (Typed("number", "-1"), None, Problem("number.unreadable")),
        (Typed("number", "0.5", "percent"), None, Problem("number.unreadable")),
        (Typed("number", "45813", "date"), None, Problem("number.unreadable")),
        (Typed("text", "3 cái"), None, Problem("number.unreadable")),
        (Typed("text", "1.000.000"), None, Problem("number.unreadable")),
        (Typed("number", "3", "general", True), None, Problem("cell.is_formula")),
        (Typed("boolean", "1"), None, Problem("number.unreadable")),
    ],
)
def test_a_quantity_is_zero_or_more(cell: Typed, value: str | None, problem: Problem | None) -> None:
    assert read_quantity(cell) == (None if value is None else Decimal(value), problem)


def test_a_count_is_whole() -> None:
    assert read_quantity(Typed("number", "2"), whole=True) == (Decimal(2), None)
    assert read_quantity(Typed("number", "2.5"), whole=True) == (None, Problem("number.unreadable"))


# Dates


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_day_is_the_same_day_however_it_is_written(day: date) -> None:
    assert read_date(Typed("number", str(serial(day)), "date")) == (day, None)
    assert read_date(Typed("number", f"{serial(day)}.75", "date")) == (day, None)
    assert read_date(Typed("date", f"{day.isoformat()}T08:30:00")) == (day, None)
    for text in (f"{day.day}/{day.month}/{day.year}", f"{day:%d/%m/%Y}", f" {day.isoformat()}\u00a0"):
        assert read_date(Typed("text", text)) == (day, Problem("date.repaired", shown_date(day)))


@pytest.mark.parametrize(
    "cell",
    [
        Typed("text", "31/2/2025"),
        Typed("text", "6/2025"),
        Typed("text", "5/6/25"),
        Typed("text", "thứ Sáu"),
        Typed("text", "5.6.2025"),
        Typed("text", "1/1/1999"),
        Typed("number", "7"),
        Typed("number", "2025"),
        Typed("number", "-1"),
        Typed("number", "1e9"),
        Typed("boolean", "1"),
        Typed("error", "#N/A"),
    ],
)
def test_a_day_that_is_not_plain_is_a_finding(cell: Typed) -> None:
    assert read_date(cell) == (None, Problem("date.unreadable"))


@given(any_text)
def test_any_text_is_a_day_or_a_finding(raw: str) -> None:
    day, problem = read_date(Typed("text", raw))

    assert day is None or 2000 <= day.year < 2100
    assert (problem is None) == (day is None and not clean_text(raw))


# Words


@pytest.mark.parametrize("name", CHOICES)
def test_the_words_of_a_list_are_understood_in_any_tone_style_and_spelling(name: str) -> None:
    for word in CHOICES[name]:
        for said in (
            word,
            f"  {word} \n",
            unicodedata.normalize("NFD", word),
            word.replace(" ", "\u00a0"),
            word.replace(" ", "  "),
        ):
            assert read_list(Typed("text", said), name) == (word, None), said


@pytest.mark.parametrize(
    ("said", "words", "meant"),
    [
        ("Duyệt", "approve_decision", "Phê duyệt"),
        ("điều chỉnh", "approve_decision", "Phê duyệt có điều chỉnh"),
        ("yes", "yes_no", "Có"),
        ("NO", "no_yes", "Không"),
        ("Hòan thành", "task_status", "Hoàn thành"),
    ],
)
def test_other_words_for_the_same_are_understood(said: str, words: str, meant: str) -> None:
    assert read_list(Typed("text", said), words) == (meant, None)


@pytest.mark.parametrize("name", CHOICES)
def test_case_marks_and_punctuation_of_a_word_are_repaired_and_said(name: str) -> None:
    for word in CHOICES[name]:
        for said in (word.upper(), word.lower(), bare(word), bare(word).upper(), f"{word}.", f"“{word}”"):
            assert read_list(Typed("text", said), name) == (word, Problem("choice.repaired", word)), said


@pytest.mark.parametrize("name", [*CHOICES])
@given(said=any_text)
def test_nothing_but_a_word_of_the_list_is_taken_for_one(name: str, said: str) -> None:
    word, problem = read_list(Typed("text", said), name)

    assert word in ("", *CHOICES[name])
    if word and problem:
        spellings = (word, *(synonym for synonym, meant in SYNONYMS.items() if meant == word))
        assert problem == Problem("choice.repaired", word) and bare(clean_text(said)) in map(bare, spellings)
    assert (not word) == (problem == Problem("choice.unknown") or not clean_text(said))


TICKED = [Typed("text", "x"), Typed("text", "X"), Typed("text", "✓"), Typed("text", "True"), Typed("number", "1"), Typed("boolean", "1")]  # fmt: skip
UNTICKED = [Typed("text", "FALSE"), Typed("number", "0"), Typed("boolean", "0")]


@pytest.mark.parametrize("cell", TICKED)
def test_a_tick_is_a_yes_in_the_persons_cells_and_in_the_managers_checks_and_nowhere_else(cell: Typed) -> None:
    yes = ("Có", Problem("choice.repaired", "Có"))

    assert read_list(cell, "yes_no", "form") == read_list(cell, "no_yes", "form") == yes
    assert read_list(cell, "yes_no", "check") == yes
    assert read_list(cell, "no_yes") == ("", Problem("choice.unknown"))
    assert read_list(cell, "form_status", "form") == ("", Problem("choice.unknown"))


@pytest.mark.parametrize("cell", UNTICKED)
def test_a_box_left_empty_is_a_no_of_the_person_but_nothing_that_a_manager_said(cell: Typed) -> None:
    assert read_list(cell, "yes_no", "form") == ("Không", Problem("choice.repaired", "Không"))
    assert read_list(cell, "yes_no", "check") == ("", Problem("choice.unknown"))


@pytest.mark.parametrize("said", ["Duyệt", "x", "Hoàn", "Hoàn thành trễ", "0", "Có/Không"])
def test_a_word_of_no_list_is_a_finding(said: str) -> None:
    assert read_list(Typed("text", said), "task_status") == ("", Problem("choice.unknown"))


def test_a_word_that_a_formula_shows_is_not_taken() -> None:
    assert read_list(typed(Cell("text", "Có", 'IF(1,"Có","")')), "yes_no") == ("", Problem("cell.is_formula"))
    assert read_choice(EMPTY, ("Có",)) == ("", None)


def test_a_truth_that_libreoffice_writes_as_a_formula_is_a_value() -> None:
    assert typed(Cell("boolean", "1", "TRUE()")) == Typed("boolean", "1")
    assert typed(Cell("boolean", "1", "TRUE()+0")).formula


@given(any_text)
def test_a_text_is_cleaned_once_and_for_all(raw: str) -> None:
    once = clean_text(raw)

    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once) or len(raw) > MAX_TEXT
    assert not any(unicodedata.category(mark) == "Cc" and mark not in "\n\t" and ord(mark) < 32 for mark in once)
    assert read_text(Typed("text", raw)) == (once, None)


@pytest.mark.parametrize(
    ("cell", "text", "problem"),
    [
        (Typed("text", "- Tham mưu\r\n- Rà soát "), "- Tham mưu\n- Rà soát", None),
        (Typed("text", "=1+1"), "=1+1", None),
        (Typed("number", "12"), "12", None),
        (Typed("number", "12.50"), "12.5", None),
        (Typed("number", "1e20"), "1e20", None),
        (Typed("text", "=A1", "text", True), "", Problem("cell.is_formula")),
        (Typed("error", "#NAME?"), "", Problem("cell.is_error")),
        (Typed("text", "x" * (MAX_TEXT + 5)), "x" * (MAX_TEXT - 1) + "…", Problem("cell.cut")),
    ],
)
def test_words_are_kept_as_typed(cell: Typed, text: str, problem: Problem | None) -> None:
    assert read_text(cell) == (text, problem)


# What the ledger keeps

kept = st.one_of(
    any_text,
    st.integers(-(10**9), 10**9).map(Decimal),
    st.decimals(-(10**6), 10**6, places=3),
    st.dates(),
    st.builds(LinkTarget, any_text, any_text),
    st.builds(
        Typed,
        st.sampled_from(["number", "text", "error"]),
        any_text,
        st.sampled_from(["general", "date"]),
        st.booleans(),
    ),
    st.none(),
)


@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c"]),
        kept | st.lists(kept.filter(lambda value: not isinstance(value, bool)), max_size=5),
    )
)
def test_stamped_values_come_back_from_the_ledger_as_they_were(values: dict[str, Any]) -> None:
    written = json.dumps({name: encode(value) for name, value in values.items()}, ensure_ascii=False)

    assert {name: decode(value) for name, value in json.loads(written).items()} == values


def test_a_typed_cell_comes_back_from_the_ledger() -> None:
    cell = Typed("number", "37.5", "date", True)

    assert Typed.from_record(json.loads(json.dumps(cell.as_record()))) == cell
    assert [Typed("text", " ").blank, Typed("text", "").blank, Typed("text", "=A1", "text", True).blank] == [
        True,
        True,
        False,
    ]
