"""How many lines a text takes, and how high its row must be."""

from __future__ import annotations

import pytest

from evalxl.excel.looks.text import TALLEST, height, height_of, lines, width_of_words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("một hai", 1),
        ("một hai ba bốn", 2),
        ("abcdefghijklmnopqr", 2),
        ("WWWWWWWWWWWW", 3),
        ("iiiiiiiiiiiiiii", 1),
        ("một\nhai\nba", 3),
    ],
)
def test_lines_break_between_words(text: str, count: int) -> None:
    assert lines(text, 10, 11) == count


def test_larger_bolder_and_indented_text_takes_more_lines() -> None:
    text = "Hoàn thành tốt nhiệm vụ được giao trong tuần, sản phẩm đạt yêu cầu"

    plain = lines(text, 30, 10)

    assert lines(text, 30, 14) > plain
    assert lines(text, 30, 11.8) <= lines(text, 30, 11.8, bold=True)
    assert lines(text, 12, 10, indent=3) > lines(text, 12, 10)


def test_a_row_of_three_lines_has_one_to_spare_and_none_is_taller_than_excel_takes() -> None:
    assert height(2, 10) == pytest.approx(2 * 11.9 + 3)
    assert height(3, 10) == pytest.approx(4 * 11.9 + 3)
    assert height_of("một dòng rất dài " * 400, 20, 10) == TALLEST


def test_a_column_as_wide_as_its_longest_word_parts_none() -> None:
    width = width_of_words("Chất lượng nghiêm", 11)

    assert lines("nghiêm", width, 11, bold=True) == 1
    assert lines("nghiêm", width - 1, 11, bold=True) == 2
