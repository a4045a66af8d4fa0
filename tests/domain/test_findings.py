"""A finding says where, what, and what to do, in the reader's language; the ledger gives it back as it went in."""

from __future__ import annotations

import json
from string import Formatter

import pytest

from evalxl import words
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


# Where colleagues can read it. What a sentence may speak of there: where it is, what a field is called, what the rules allow; and nothing that was typed.
PLACES = {
    "code",
    "file",
    "sheet",
    "cell",
    "cells",
    "lines",
    "label",
    "maximum",
    "step",
    "key",
    "week",
    "place",
    "count",
    "room",
    "rows",
    "limit",
}
PLACES |= {"name", "read", "other", "otherwise"}
# In these kinds a fact is a place, a word of the program, or what nobody typed.
ALSO = {
    "cell.hard_to_see": {"why"},
    "cell.merged": {"found"},
    "cell.moved": {"issued"},
    "file.sheet_renamed": {"found"},
    "file.twin_names": {"found"},
    "form.codes_not_offered": {"left"},  # codes of the office's catalogue
    "form.levels_not_offered": {"left"},
    "score.not_allowed": {"allowed"},  # by the rules
    "score.comment_missing": {"why"},
    "task.no_status": {"standing"},
}  # fmt: skip


def facts_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def findings_of_files() -> list[str]:
    """The kinds that may be said of a file, and so may stand in a receipt; of others it is not asked here."""
    rows = words.catalogue()
    others = (
        "organisation.",
        "template.",
        "collective.",
        "ledger.",
        "issue.",
        "book.",
        "person.",
        "approval.",
        "authority.",
        "assign.",
        "follow_up.",
    )
    others += ("difficulty.", "period_input.", "return.", "row.nobody", "row.decide_again")
    return sorted(kind for kind, row in rows.items() if "level" in row and not kind.startswith(others))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_where_colleagues_can_read_it_no_sentence_of_a_file_speaks_of_a_value(lang: words.Lang) -> None:
    """Not even by dots: each kind has a sentence of its own that says the same without."""
    told = {}
    for kind in findings_of_files():
        row = words.catalogue()[kind]
        facts = facts_of(row.get(f"open_{lang}", row[lang])) | facts_of(row.get(f"remedy_{lang}", ""))
        told[kind] = facts - PLACES - ALSO.get(kind, set())

    assert len(told) > 100
    assert {kind: facts for kind, facts in told.items() if facts} == {}


def test_what_a_finding_knows_is_not_said_where_colleagues_can_read_it() -> None:
    secret = "87,25"
    for kind in findings_of_files():
        row = words.catalogue()[kind]
        facts = set().union(*(facts_of(row.get(name, "")) for name in ("vi", "en", "remedy_vi", "remedy_en")))
        hidden = facts - PLACES - ALSO.get(kind, set()) | ({"cells"} if kind in ("row.kept", "row.rivals") else set())
        values = dict.fromkeys(hidden - {"found"}, secret) | dict.fromkeys(
            facts - hidden - {"code", "file", "sheet", "cell", "found"}, "x"
        )
        finding = Finding(
            kind,
            code="01",
            file="a.xlsx",
            sheet="S",
            cell="D8",
            found=secret if "found" in hidden else "x",
            values=values,
        )
        for lang in ("vi", "en"):
            assert secret not in finding.message(lang, shut=False) + finding.remedy(lang, shut=False), kind  # type: ignore[arg-type]
