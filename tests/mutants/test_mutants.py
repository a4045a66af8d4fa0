"""What a person sees in a cell is what is booked, or it is said: altered workbooks, with LibreOffice as the one who sees."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.libreoffice import Office as LibreOffice
from tests.mutants.__main__ import run, shows
from tests.mutants.kinds import kinds

NUMBER = 200


def test_nothing_is_booked_otherwise_than_shown_without_a_word_and_no_honest_workbook_is_refused(
    libreoffice: LibreOffice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`python -m tests.mutants --long` tries 6,000."""
    tally = run(NUMBER, libreoffice, tmp_path)

    with capsys.disabled():
        print(f"\n{tally}")
    assert tally.tried == NUMBER
    assert (tally.silent, tally.refused) == ([], [])


def test_there_are_at_least_sixty_kinds() -> None:
    assert len({kind.name for kind in kinds() if not kind.honest}) >= 60


@pytest.mark.parametrize(
    ("seen", "value", "same"),
    [
        ("37,5", "37.5", True),
        ("37.50 điểm", "37.5", True),
        ("37 1/2", "37.5", True),
        (" 1/2", "0.5", True),
        ("3.75E+1", "37.5", True),
        ("38", "37.5", False),
        ("37.5 %", "37.5", False),
        ("-37.5", "37.5", False),
        ("37.5 1", "37.5", False),
        ("", "37.5", False),
        ("Đạt", "37.5", False),
    ],
)
def test_a_reader_understands_a_number(seen: str, value: str, same: bool) -> None:
    assert shows(seen, Decimal(value)) is same
