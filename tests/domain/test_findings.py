"""A finding says where, what, and what to do, in the reader's language; the ledger gives it back as it went in."""

from __future__ import annotations

import json

import pytest

from evalxl.domain.findings import Finding, as_record, from_record, worst

LACKING = Finding("organisation.no_scorer", code="01", sheet="Cán bộ", cell="H4", values={"name": "Lê An"})
LEFT = Finding(
    "organisation.authority_left",
    code="01",
    found="X1",
    values={"name": "Lê An", "role": "@authority.scorer", "other": "X1", "day": "05/6/2025"},
)


def test_a_finding_speaks_the_readers_language() -> None:
    assert LEFT.message().startswith("Người đánh giá của Lê An (mã 01) ghi là X1")
    assert LEFT.message("en").startswith("Scorer of Lê An (code 01) is X1")
    assert LEFT.remedy() == "Đề nghị sửa hoặc để trống ô Người đánh giá của người được đánh giá ở trang Cán bộ."
    assert (
        LEFT.remedy("en")
        == "Please correct or empty the cell Scorer of the person to be evaluated on the sheet People."
    )
    assert LEFT.level == "warning"


@pytest.mark.parametrize("typed", ["@", "@admin", "@term", "{code}", "{", "100%", "=1+1", "-"])
def test_whatever_a_person_typed_is_shown_as_typed(typed: str) -> None:
    finding = Finding("organisation.no_scorer", code="01", found=typed, values={"name": typed})

    assert finding.message() == f"Chưa xác định được người đánh giá của {typed} (mã 01)."


def test_a_place_is_added_to_what_is_known_already() -> None:
    placed = LACKING.at(file="organisation.xlsx", cell="H9")

    assert (placed.file, placed.sheet, placed.cell, placed.code) == ("organisation.xlsx", "Cán bộ", "H9", "01")
    assert LACKING.file == ""


def test_the_short_form_holds_no_name() -> None:
    assert LACKING.brief() == "organisation.no_scorer Cán bộ!H4"
    assert LEFT.brief() == "organisation.authority_left"
    assert Finding("organisation.cycle", cell="H4").brief() == "organisation.cycle H4"


@pytest.mark.parametrize("finding", [LACKING, LEFT, Finding("organisation.cycle")])
def test_a_finding_comes_back_from_the_ledger_as_it_went_in(finding: Finding) -> None:
    assert from_record(json.loads(json.dumps(as_record(finding)))) == finding


def test_the_worst_of_some_findings_decides() -> None:
    assert worst([]) is None
    assert worst([LEFT]) == "warning"
    assert worst([LEFT, LACKING, LEFT]) == "error"
