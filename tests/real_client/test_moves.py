"""How many moves a manager's week takes: a real LibreOffice tabs through twelve people, every Tab and Enter is one move."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from evalxl.excel.stamping.stamp import Stencil
from evalxl.forms import kinds
from evalxl.forms.kind import template_name, used_rows
from evalxl.records.package_files import shipped
from tests.libreoffice import Document
from tests.libreoffice import Office as LibreOffice

PEOPLE = 12
MOST_MOVES = 60
SCORES = ("quality", "progress", "conduct")
TYPED = {"quality": "36", "progress": "35.5", "conduct": "17"}


def _twelve() -> dict[str, Any]:
    own = dict(zip(SCORES, (Decimal(37), Decimal(36), Decimal(18)), strict=True))
    return {
        "ev_row_person": [f"V1-{number:02d}" for number in range(PEOPLE)],
        "ev_row_name": [f"Vũ Văn {number}" for number in range(PEOPLE)],
        **{f"ev_row_self_{part}": [value] * PEOPLE for part, value in own.items()},
        "ev_row_self_total": [sum(own.values(), Decimal(0))] * PEOPLE,
        "ev_score_breach": ["Không"] * PEOPLE,
        "ev_score_decision": ["Chưa chấm"] * PEOPLE,
    }


@pytest.fixture
def book(libreoffice: LibreOffice, tmp_path: Path) -> Iterator[Document]:
    """A scoring workbook of twelve people, as it goes out."""
    template = (shipped("templates") / template_name(kinds.SCORING)).read_bytes()
    values = _twelve()
    path = tmp_path / "bảng.xlsx"
    path.write_bytes(Stencil(template, kinds.SCORING).stamp(values, {}, hidden=used_rows(kinds.SCORING, values)))
    with libreoffice.open(path) as document:
        yield document


class Hands:
    """Types and moves, and counts the moves."""

    def __init__(self, book: Document) -> None:
        self.book, self.moves = book, 0

    def type(self, text: str, then: str) -> None:
        self.book.press(*text, then)
        self.moves += 1

    def move(self, key: str) -> None:
        self.type("", key)

    def at(self, name: str, row: int = 0) -> bool:
        return self.book.cursor() == self.book.place(name, row)


def test_twelve_people_are_scored_one_by_one_in_four_moves_each(book: Document) -> None:
    hands = Hands(book)
    for row in range(PEOPLE):
        assert hands.at("ev_score_quality", row), "the sheet opens there, and Enter after a decision leads there"
        for part in SCORES:
            hands.type(TYPED[part], "TAB")
        assert hands.at("ev_score_decision", row), "the decision is the fourth stop"
        hands.type("Đã chấm", "RETURN")

    assert hands.moves == 4 * PEOPLE <= MOST_MOVES
    book.recalculate()
    assert book.column("ev_score_decision")[:PEOPLE] == ["Đã chấm"] * PEOPLE
    assert book.column("ev_row_score_total")[:PEOPLE] == [88.5] * PEOPLE
    assert book.text("ev_book_left") == f"Đã chấm {PEOPLE}/{PEOPLE}"


def test_one_cell_scores_all_of_them_and_one_takes_over_the_self_scores(book: Document) -> None:
    hands = Hands(book)
    for name in ("ev_score_all", "ev_take_self"):
        hands.move("SHIFT+TAB")
        assert hands.at(name)
    hands.type("Có", "TAB")
    hands.type("Có", "TAB")
    assert hands.at("ev_score_quality")
    # One score is another than the person's; what is typed stands.
    hands.type("35", "RETURN")
    book.recalculate()

    assert hands.moves == 5
    assert book.column("ev_row_score_total")[:PEOPLE] == [89.0] + [91.0] * (PEOPLE - 1)
    assert book.column("ev_row_open_items")[:2] == ["", "Còn thiếu: sản phẩm làm nên mức từ 90 điểm, hoặc nhận xét."]
    assert book.text("ev_book_left") == f"Đã chấm 1/{PEOPLE}"
