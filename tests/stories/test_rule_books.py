"""Offices under rule books of their own: other parts than the standard three, and none at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evalxl.domain.rulebook import RuleBook, read_rulebook
from evalxl.records.rulebooks import NamedRuleBook, use_rulebook
from tests.libreoffice import Office as LibreOffice
from tests.little_office import LittleOffice, make_little_office, read
from tests.people import GOOD_FORM, type_into

SAMPLES = Path(__file__).parent.parent / "samples" / "rulebooks"
FOUR = {"quality": 36, "progress": 35, "discipline": 9, "cooperation": 8.5}
WORDS = {name: value for name, value in GOOD_FORM.items() if not name.startswith("ev_self_")}


def book(name: str) -> RuleBook:
    path = SAMPLES / name
    return read_rulebook(path.read_bytes(), path.name)


def under(office: LittleOffice, name: str) -> LittleOffice:
    text = (SAMPLES / name).read_bytes()
    use_rulebook(office.folder, NamedRuleBook(read_rulebook(text, name), text, own=True))
    return office


def hand_in(office: LittleOffice, code: str, **scores: float) -> None:
    typed = WORDS | {f"ev_self_{part}": score for part, score in scores.items()}
    office.in_time(type_into(office.form(code), typed))


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    """A week in four parts, from the forms to the approval."""
    office = under(make_little_office(tmp_path_factory.mktemp("four") / "office"), "bon-phan.toml")
    office.say("issue", office.week)
    hand_in(office, "V1-03", **FOUR)
    hand_in(office, "V1-04", quality=36, progress=35, discipline=9)  # one part is missing
    hand_in(office, "P-02", **FOUR | {"discipline": 11})  # more than there is
    office.consolidate()
    office.score("V1-02", {"V1-03": {**FOUR, "discipline": 8, "decision": "Đã chấm"}})
    office.consolidate()
    typed = {"decision": "Phê duyệt có điều chỉnh", "cooperation": 7.5, "opinion": "Theo kết luận giao ban"}
    office.approve("V1-01", {"V1-03": typed})
    office.consolidate()
    return office


def row_of(office: LittleOffice, code: str, what: str | None = None) -> dict[str, str]:
    return next(row for row in office.table("results", what) if row["code"] == code)


def test_a_week_in_four_parts_goes_from_the_form_to_the_approval(four: LittleOffice) -> None:
    row = row_of(four, "V1-03")

    assert [row[f"self_{part}"] for part in (*FOUR, "total")] == ["36", "35", "9", "8.5", "88.5"]
    assert [row[f"scored_{part}"] for part in (*FOUR, "total")] == ["36", "35", "8", "8.5", "87.5"]
    assert [row[f"approved_{part}"] for part in (*FOUR, "total")] == ["36", "35", "8", "7.5", "86.5"]
    assert (row["state"], row["counted_total"], row["band"]) == ("approved", "86.5", "good")


def test_the_columns_of_the_export_are_the_parts_of_the_rule_book(four: LittleOffice) -> None:
    columns = list(row_of(four, "V1-03"))

    assert [name for name in columns if name.startswith("self_")] == [f"self_{part}" for part in (*FOUR, "total")]
    assert not {"self_conduct", "scored_conduct", "approved_conduct"} & {*columns}


def test_a_part_that_is_missing_or_has_too_many_points_is_named_by_the_rule_book(four: LittleOffice) -> None:
    missing, too_many = four.finding("form.score_missing"), four.finding("score.out_of_bounds")

    assert (missing["code"], "Phối hợp" in missing["message"]) == ("V1-04", True)
    assert (too_many["code"], "Kỷ luật" in too_many["message"], "10" in too_many["message"]) == ("P-02", True, True)
    assert [row_of(four, code)["state"] for code in ("V1-04", "P-02")] == ["invalid", "invalid"]


def test_every_number_of_a_part_leads_to_its_cell(four: LittleOffice) -> None:
    said = four.say("explain", four.week, "V1-03")

    for line in ("Tự chấm, Kỷ luật: 9", "Điểm đánh giá, Kỷ luật: 8", "Điểm phê duyệt, Phối hợp: 7,5"):
        assert line in said
    assert "36 + 35 + 8 + 7,5" in said


def test_weeks_under_two_rule_books_stand_side_by_side_in_one_period(four: LittleOffice, tmp_path: Path) -> None:
    office = four.copy(tmp_path / "office")
    text = (office.folder / "office.toml").read_text(encoding="utf-8")
    (office.folder / "office.toml").write_text(text.replace("vi-du-bon-phan", "cv-8679-2025"), encoding="utf-8")
    office.week = "2025-W24"
    office.say("issue", office.week)
    office.hand_in("V1-03")
    office.consolidate()
    office.scored("V1-03")
    office.consolidate()
    office.approved("V1-03")
    office.consolidate()

    office.say("roll-up", "2025-06", code=None)
    month = row_of(office, "V1-03", "2025-06")
    weeks = [row for row in office.table("weeks", "2025-06") if row["code"] == "V1-03"]

    assert [(row["approved_discipline"], row["approved_conduct"]) for row in weeks] == [("8", ""), ("", "17")]
    assert (month["approved_discipline"], month["approved_conduct"], month["approved_quality"]) == ("8", "17", "36")
    assert month["counted_total"] == "87.75"  # of 86,5 and 89


def test_a_week_that_is_issued_stays_under_its_rule_book(four: LittleOffice, tmp_path: Path) -> None:
    office = four.copy(tmp_path / "office")
    text = (office.folder / "office.toml").read_text(encoding="utf-8")
    (office.folder / "office.toml").write_text(text.replace("vi-du-bon-phan", "cv-8679-2025"), encoding="utf-8")

    office.consolidate()

    assert row_of(office, "V1-03")["approved_total"] == "86.5"
    assert "ev_score_discipline" in office.row(office.scoring("V1-02"), "V1-03")


@pytest.fixture(scope="module")
def tracking(tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    """A week that only follows the tasks."""
    office = under(make_little_office(tmp_path_factory.mktemp("tracking") / "office"), "theo-doi.toml")
    office.say("issue", office.week)
    for code in ("V1-03", "V1-04", "P-02"):
        hand_in(office, code)
    office.consolidate()
    breach: dict[str, Any] = {"breach": "Có", "breach_note": "Đi muộn 05/6", "comment": "Đã nhắc"}
    office.score("V1-02", {"V1-03": {"decision": "Đã xem"}, "V1-04": {**breach, "decision": "Đã xem"}})
    office.score("P-01", {"P-02": {"decision": "Trả lại", "comment": "Bổ sung sản phẩm"}})
    office.consolidate()
    return office


def test_in_a_week_without_parts_nobody_scores_and_nobody_approves(tracking: LittleOffice) -> None:
    rows = {row["code"]: row for row in tracking.table("results")}

    assert [rows[code]["state"] for code in ("V1-03", "V1-04", "P-02")] == ["seen", "seen", "returned"]
    assert not [name for name in rows["V1-03"] if name.startswith(("self_", "scored_", "approved_"))]
    assert not list((tracking.share / tracking.week).rglob("*phe-duyet*"))
    assert "approve" not in {row["step"] for row in tracking.table("missing")}
    assert [task["name"] for task in tracking.table("tasks") if task["code"] == "V1-03"] == GOOD_FORM["ev_task_name"]


def test_the_workbooks_of_a_week_without_parts_have_no_cells_of_scores(tracking: LittleOffice) -> None:
    shown = tracking.row(tracking.scoring("V1-02"), "V1-04")

    assert not [name for name in shown if name.endswith(("_total", "_difference", "_explanation", "_quality"))]
    assert (shown["ev_score_decision"], shown["ev_row_state"]) == ("Đã xem", "Đã xem")
    assert read(tracking.form("V1-03"), "ev_open_items") != []


def test_status_speaks_of_who_was_looked_through_in_such_a_week(tracking: LittleOffice) -> None:
    said = tracking.say("status", tracking.week, code=None)

    assert "đã xem 2" in said
    assert "phê duyệt" not in said


def test_a_month_of_such_weeks_has_no_means_and_nobody_is_missing_who_handed_in(tracking: LittleOffice) -> None:
    tracking.say("roll-up", "2025-06", code=None)
    month = row_of(tracking, "V1-03", "2025-06")

    assert (month["counted_total"], month["band"], month["weeks_missing"]) == ("", "", "0")


@pytest.mark.libreoffice
def test_a_form_in_four_parts_adds_up_in_the_persons_own_program(libreoffice: LibreOffice, tmp_path: Path) -> None:
    office = under(make_little_office(tmp_path / "office"), "bon-phan.toml")
    office.say("issue", office.week)

    with libreoffice.open(office.form("V1-03")) as form:
        form.fill([(f"ev_self_{part}", 0, str(score)) for part, score in list(FOUR.items())[:3]])
        incomplete = form.text("ev_self_total")
        form.fill([("ev_self_cooperation", 0, "8.5")])

        assert incomplete == ""
        assert form.text("ev_self_total") in ("88.50", "88,50")
        assert form.text("ev_self_band").endswith("Hoàn thành tốt nhiệm vụ")
