"""One cell of a manager's workbook scores every row that has all its scores, and one takes the self scores into the empty cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evalxl.cli.main import main
from tests.little_office import LittleOffice, make_little_office, read
from tests.people import type_into

ALL, SELF = "ev_score_all", "ev_take_self"
# Everybody's self scores are 37, 36, 18; V1-09 has handed in nothing.
TYPED: dict[str, dict[str, Any]] = {
    "V1-03": {"quality": 35, "progress": 35, "conduct": 17},
    "V1-04": {"quality": 30, "progress": 35, "conduct": 17},  # too far from the self score, without a reason
    "V1-05": {"quality": 33},
    "V1-06": {"decision": "Trả lại", "comment": "Bổ sung minh chứng"},
    "V1-07": {"decision": "để xem", "quality": 35, "progress": 35, "conduct": 17},
    "V1-08": {"quality": 36, "progress": 35, "conduct": 17, "breach": "Có"},
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    """A team whose manager has typed scores, and decided nothing but two rows."""
    office = make_little_office(tmp_path_factory.mktemp("at-once") / "office", officials=7)
    office.say("issue", office.week)
    office.hand_in(*TYPED)
    office.consolidate()
    office.score("V1-02", TYPED)
    return office


def _once(filled: LittleOffice, tmp_path_factory: pytest.TempPathFactory, **said: str) -> LittleOffice:
    office = filled.copy(tmp_path_factory.mktemp("said") / "office")
    type_into(office.scoring("V1-02"), {f"ev_{name}": value for name, value in said.items()})
    office.consolidate()
    return office


@pytest.fixture(scope="module")
def all_scored(filled: LittleOffice, tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    return _once(filled, tmp_path_factory, score_all="Có")


@pytest.fixture(scope="module")
def taken_over(filled: LittleOffice, tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    return _once(filled, tmp_path_factory, score_all="Có", take_self="Có")


def _states(office: LittleOffice) -> dict[str, tuple[str, str]]:
    return {row["code"]: (row["state"], row["scored_total"]) for row in office.table("results")}


def test_rows_with_all_scores_are_booked_as_if_each_had_been_decided(all_scored: LittleOffice) -> None:
    states = _states(all_scored)

    assert states["V1-03"] == ("scored", "87")
    assert states["V1-05"] == states["V1-07"] == ("submitted", "")
    assert states["V1-06"] == ("returned", "")
    assert all_scored.row(all_scored.scoring("V1-02"), "V1-03")["ev_score_decision"] == "Đã chấm"
    assert read(all_scored.scoring("V1-02"), ALL) == ["Không"]


def test_a_row_that_lacks_something_is_not_booked_and_says_which_cell(all_scored: LittleOffice) -> None:
    book = all_scored.scoring("V1-02")
    row = read(book, "ev_row_person").index("V1-04")

    assert _states(all_scored)["V1-04"] == ("submitted", "")
    found = all_scored.finding("score.explanation_missing", "V1-04")
    assert found["cell"] == all_scored.cell_of(book, "ev_score_explanation", row)[1]
    assert all_scored.finding("score.breach_note_missing", "V1-08")


def test_it_is_explained_by_which_cell_a_row_was_decided(all_scored: LittleOffice, taken_over: LittleOffice) -> None:
    def told(office: LittleOffice, code: str) -> dict[str, tuple[str, str]]:
        origins = office.json("explain", office.week, code)["origins"]
        return {one["what"]: (one["through"], one["cell"]) for one in origins}

    book = all_scored.scoring("V1-02")
    decided, mixed = told(all_scored, "V1-03"), told(taken_over, "V1-05")
    row = read(book, "ev_row_person").index("V1-05")

    assert decided["decided"] == (ALL, all_scored.cell_of(book, ALL)[1])
    assert decided["scored_quality"][0] == ""
    assert mixed["scored_quality"] == ("", all_scored.cell_of(book, "ev_score_quality", row)[1])
    assert mixed["scored_progress"] == (SELF, all_scored.cell_of(book, SELF)[1])
    assert "theo ô Đã chấm các dòng đủ điểm" in all_scored.say("explain", all_scored.week, "V1-03")


def test_empty_cells_take_the_self_score_and_what_was_typed_stays(taken_over: LittleOffice) -> None:
    states = _states(taken_over)
    book = taken_over.scoring("V1-02")
    sent_back, nobody, mixed = (taken_over.row(book, code) for code in ("V1-06", "V1-09", "V1-05"))

    assert states["V1-05"] == ("scored", "87")
    assert states["V1-03"] == ("scored", "87")
    assert (states["V1-06"], sent_back["ev_score_quality"]) == (("returned", ""), None)
    assert (states["V1-09"], nobody["ev_score_quality"]) == (("not_submitted", ""), None)
    assert [mixed[f"ev_score_{part}"] for part in ("quality", "progress", "conduct")] == [33, 36, 18]
    assert read(book, SELF) == ["Không"]


def test_a_row_that_the_approver_sent_back_is_decided_by_itself(
    all_scored: LittleOffice, tmp_path_factory: pytest.TempPathFactory
) -> None:
    office = all_scored.copy(tmp_path_factory.mktemp("back") / "office")
    office.approved("V1-03", decision="Trả lại", opinion="Xem lại tiến độ")
    office.consolidate()
    book = office.scoring("V1-02")

    assert office.row(book, "V1-03")["ev_row_again"] == "Có"
    type_into(book, {ALL: "Có"})
    office.consolidate()
    assert _states(office)["V1-03"][0] == "returned"
    office.score("V1-02", {"V1-03": {"decision": "Đã chấm", "progress": 34}})
    office.consolidate()
    assert _states(office)["V1-03"] == ("scored", "86")


def test_another_word_in_such_a_cell_decides_nothing_and_is_told(
    filled: LittleOffice, tmp_path_factory: pytest.TempPathFactory
) -> None:
    office = _once(filled, tmp_path_factory, score_all="x")

    assert _states(office)["V1-03"] == ("submitted", "")
    assert office.finding("choice.unknown", "V1-02")["cell"] == office.cell_of(office.scoring("V1-02"), ALL)[1]
    assert read(office.scoring("V1-02"), ALL) == ["x"]


def test_a_file_alone_says_the_same_without_an_office(
    filled: LittleOffice,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EVALXL_OFFICE", raising=False)
    at_home = type_into(filled.scoring("V1-02"), {ALL: "Có", SELF: "Có"}, tmp_path / "bảng.xlsx")
    main(["--json", "look", str(at_home)])

    (alone,) = json.loads(capsys.readouterr().out)["files"]
    totals = {one["code"]: one["scores"]["total"] for one in alone["booked"] if one["what"] == "scored"}
    assert totals == {"V1-03": "87", "V1-05": "87"}
