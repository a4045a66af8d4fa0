"""What a number format shows of a value: formats of honest programs and people show it, and whoever makes one show something else is found."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalxl.forms.format_sections import as_meant
from evalxl.forms.number_formats import is_plain, plain_number, shown_number, shown_words, sort_of, spelling

ACCOUNTING = '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)'
# As LibreOffice in three languages, Gnumeric, SheetJS, ExcelJS, WPS and people write formats of scores.
HONEST = (
    "General", "0", "0.0", "0.00", "000", "0.##", "0.??", "#,##0.00", "#,##0", "@", "0.0;@", "[Red]0.0", "[>=0]0.0;[Red]-0.0", "0.0_)", '0.0" điểm"',
    '0.0\\ "đ"', '"Điểm: "0.0', "[$-42A]0.0", "# ?/?", "# ??/??", "0.00E+00", "+0.0;-0.0;0.0", "\\+General;\\-General;0", "General;-General", "#\\ ##0.0",
    ACCOUNTING, "#,##0.00\\ [$₫-42A];[Red]\\-#,##0.00\\ [$₫-42A]", "_-* #,##0.0_-;\\-* #,##0.0_-;_-* \"-\"_-;_-@_-", "[Black]General", "[Color10]0.0",
)  # fmt: skip
scores = st.integers(0, 80).map(lambda halves: Decimal(halves) / 2)


@given(st.sampled_from(HONEST), scores)
def test_an_honest_format_shows_every_score_as_it_is_or_rounded(code: str, score: Decimal) -> None:
    shown = shown_number(code, score)

    assert not shown.lies
    assert (
        shown.rounded
        or code.startswith(("#\\ ", "# ", "_", "0.00E"))
        or plain_number(score).split(",")[0] in shown.text
    )


@pytest.mark.parametrize(
    ("code", "stored", "seen"),
    [
        ('"3"0.0', "7.5", "37,5"),
        (";;;", "38", ""),
        (';;;"x"', "38", ""),
        ('[<20]"38.5"', "12", "38.5"),
        ("0.0,", "38.5", "0,0"),
        ("0\\%", "38", "38%"),
        ('"40"', "12", "40"),
        ("40", "12", "412"),
        ("-0.0", "7.5", "-7,5"),
        ('0","0', "38", "3,8"),
        ('0.0"5"', "7", "7,05"),
        ("0 0", "38", "3 8"),
        ("*30", "8", "38"),
        ("[$3-409]0", "8", "38"),
        ("0.0;-0.0;;@", "0", ""),
        ('[=7.5]"37.5";0.0', "7.5", "37.5"),
        ('"mười "0', "8", "mười 8"),
        ('0" nghìn"', "8", "8 nghìn"),
        ("\\,0", "8", ",8"),
        ("(0)", "8", "(8)"),
        ('"３"0', "8", "３8"),
        ("0.0.0", "8", ""),
    ],
)
def test_a_format_of_somebodys_own_that_gives_another_number_is_found(code: str, stored: str, seen: str) -> None:
    shown = shown_number(code, Decimal(stored))

    assert (shown.lies, shown.text, is_plain(code)) == (True, seen, False)


@pytest.mark.parametrize("code", ["[DBNum1]0", "[$-1E000000]0", "[NatNum1]0", "[$-D000000]0.0"])
def test_digits_of_another_script_are_other_digits(code: str) -> None:
    assert shown_number(code, Decimal(8)).lies


@pytest.mark.parametrize(
    ("code", "stored", "seen"),
    [
        ("0", "37.5", "38"),
        ("000", "37.5", "038"),
        ("0.0", "37.25", "37,3"),
        ("#,##0", "37.5", "38"),
        ("0E+0", "37.5", "40"),
        ("# ?/2", "91.25", "91 1/2"),
        ("# ?/2", "91.2", "91"),
        ("# ?/?", "33.33", "33 1/3"),
        ("# ??/10", "37.25", "37 3/10"),
        ("# ?/12", "3.3", "3 1/3"),
    ],
)
def test_a_number_with_fewer_places_is_rounded_and_no_lie(code: str, stored: str, seen: str) -> None:
    shown = shown_number(code, Decimal(stored))

    assert (shown.lies, shown.rounded, shown.text) == (False, True, seen)


@pytest.mark.parametrize(
    ("code", "stored", "seen"), [("0%", "0.95", "95%"), ("0.0%", "0.955", "95,5%"), ("0%", "0.5", "50%")]
)
def test_a_percentage_is_shown_as_one(code: str, stored: str, seen: str) -> None:
    shown = shown_number(code, Decimal(stored))

    assert (shown.lies, shown.text, shown.sort) == (False, seen, "percent")


# Dates: 45820 is 12 June 2025


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("dd/mm/yyyy", "12/06/2025"),
        ("d/m/yy", "12/6/25"),
        ("m/d/yyyy", "6/12/2025"),
        ("yyyy\\-mm\\-dd", "2025-06-12"),
        ("[$-42A]dd mmmm yyyy;@", "12/6/2025"),
        ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "12/6/2025"),
        ('"ngày" d "tháng" m "năm" yyyy', "ngày 12 tháng 6 năm 2025"),
        ("dd/mm/yyyy hh:mm", "12/06/2025 00:00"),
        ("d/m", "12/6"),
        ("General", "45820"),
    ],
)
def test_a_date_is_shown_as_people_write_it(code: str, seen: str) -> None:
    shown = shown_number(code, Decimal(45820))

    assert (shown.lies, shown.text) == (False, seen)


@pytest.mark.parametrize(
    "code",
    ['dd/mm/"2024"', "[$-411]ge.m.d", "bbbb", "[$-1070000]d/m/yyyy", "[$-D07041E]d/m/yyyy", '"11"/mm/yyyy', "hh:mm", ";;;", '[<50000]"12/5/2025"', '"hôm nay"', 'd" Jan "yyyy'],
)  # fmt: skip
def test_a_format_that_gives_another_day_is_found(code: str) -> None:
    assert shown_number(code, Decimal(45820)).lies


# Words


@pytest.mark.parametrize(
    "code", ["@", "General", "0.0", "dd/mm/yyyy", "@* ", "_-@_-", "General;General;General;@", "0.0;@", ACCOUNTING]
)
def test_words_are_shown_as_they_are(code: str) -> None:
    shown = shown_words(code, "Hoàng Rực Rỡ")

    assert (shown.lies, shown.text.strip()) == (False, "Hoàng Rực Rỡ")


@pytest.mark.parametrize(
    "code", [";;;", ';;;"Huỳnh Hải Âu"', '0;0;0;"Đã chấm"', '"không "@', "@@", '@" (quyền)"', '"3"@']
)
def test_a_format_that_puts_other_words_in_their_place_is_found(code: str) -> None:
    assert shown_words(code, "Hoàng Rực Rỡ").lies


@pytest.mark.parametrize("code", ['"3"@', '@".5"', '"-"@', '@"%"', "@@"])
def test_words_that_are_a_number_are_no_other_number(code: str) -> None:
    assert shown_words(code, "7,5").lies


@pytest.mark.parametrize(
    ("one", "other"),
    [('"Mã: "@', "\\M\\ã\\:\\ @"), ("General", "GENERAL"), ("0.0;@", "0.0"), ("DD/MM/YYYY", "dd/mm/yyyy"), ("[$-409]0.0", "0.0"), ("[Red]0", "0")],
)  # fmt: skip
def test_what_only_programs_write_differently_is_spelt_alike(one: str, other: str) -> None:
    assert spelling(one) == spelling(other)
    assert spelling('"Mã: "@') != spelling('"Tên: "@')


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ('s"tan"d\\ard', "General"),
        ('"TT."mm".JJJJ"', "dd.mm.yyyy"),
        ('"JJJJ-"mm"-TT"', "yyyy-mm-dd"),
        ('"TT."mm".JJJJ "hh:mm', "dd.mm.yyyy hh:mm"),
        ("dd/mm/yyyy", "dd/mm/yyyy"),
        ('"Tháng "mm', '"Tháng "mm'),
        ('"TT 12/06/2025"', '"TT 12/06/2025"'),
        ('"Standard"', '"Standard"'),
        ('"TT.MM.JJJJ"', '"TT.MM.JJJJ"'),
    ],
)
def test_a_format_that_libreoffice_wrote_in_german_words_is_read_as_it_was_meant(code: str, meant: str) -> None:
    assert as_meant(code) == meant


@given(
    st.text(st.sampled_from('0#?.,;"\\_*[]@%/E+-()dmyhseGnral<>=$ 1a:'), max_size=20),
    st.decimals(-10, 50_000, places=2),
    st.text(max_size=5),
)
def test_no_format_is_too_odd_to_be_asked(code: str, value: Decimal, words: str) -> None:
    shown = shown_number(code, value)

    assert shown.lies or shown.text or not code
    assert (
        shown_words(code, words).text == words or shown_words(code, words).text != "" or shown_words(code, words).lies
    )
    assert sort_of(code) in ("general", "text", "date", "percent")
    assert not (is_plain(code) and shown.lies)
