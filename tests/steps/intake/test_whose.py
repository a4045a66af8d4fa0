"""By which names and places a file that says nothing of itself is known to be somebody's."""

from __future__ import annotations

import unicodedata

import pytest

from evalxl.domain.history.history import WeekHistory
from evalxl.domain.versions.returned_workbooks import Issue
from evalxl.domain.weeks import Week
from evalxl.steps.intake.whose import Places

PATHS = {
    "A1": "2025-W23/V1/forms/2025-W23_A1_an.xlsx",
    "A1_b": "2025-W23/V1/forms/2025-W23_A1_b_binh.xlsx",
    "A10": "2025-W23/V1/forms/2025-W23_A10_anh.xlsx",
    "LĐ1": "2025-W23/LĐ/forms/2025-W23_LĐ1_duc.xlsx",
}


@pytest.fixture
def places() -> Places:
    this = WeekHistory(Week.parse("2025-W23"))
    for seq, (code, path) in enumerate(PATHS.items(), start=1):
        this.person(code).issues[code] = Issue(seq, code, "form", code, path, "", "", "", {})
    book = Issue(9, "old", "scoring", "A1", "2025-W23/V1/scoring/2025-W23_A1.xlsx", "", "", "", {})
    this.book("scoring", "A1").issues["old"] = book
    return Places.of(this)


@pytest.mark.parametrize(
    ("file", "form_id"),
    [
        ("2025-W23/V1/forms/2025-W23_A1_an.pdf", "A1"),
        ("2025-W23/V1/forms/2025-w23_a1_AN.XLSX", "A1"),
        ("2025-W23/VP/2025-W23_A1_an (sửa lần 2).xlsx", "A1"),
        ("2025-W23/VP/2025-W23_A1_an.xlsx.zip", "A1"),
        ("2025-W23/V1/forms/2025-W23_A1_b_binh - Copy.xlsx", "A1_b"),
        ("2025-W23/V1/forms/2025-W23_A10_anh.xlsx", "A10"),
        (unicodedata.normalize("NFD", "2025-W23/LĐ/forms/2025-W23_LĐ1_duc.xls"), "LĐ1"),
        ("2025-W23/V1/scoring/2025-W23_A1.xlsx", "old"),
        ("2025-W23/V1/scoring/2025-W23_A1 (1).xlsx", "old"),
        ("2025-W23/V1/forms/2025-W23_A12_ai-do.xlsx", None),
        ("2025-W23/V1/forms/2025-W23_A1_khac.xlsx", None),
        ("2025-W23/V1/forms/2025-W22_A1_an.xlsx", None),
        ("2025-W23/V1/forms/phiếu của an.xlsx", None),
    ],
)
def test_a_file_is_known_by_its_place_or_by_how_its_name_begins(places: Places, file: str, form_id: str | None) -> None:
    issue = places.issue_at(file)

    assert (issue.form_id if issue else None) == form_id
