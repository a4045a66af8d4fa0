"""An office whose rule book has parts with lines: every line has its own points, and the part is their sum."""

from __future__ import annotations

from typing import Any

import pytest

from tests.libreoffice import Office as LibreOffice
from tests.little_office import LittleOffice, make_little_office
from tests.people import type_into
from tests.stories.test_rule_books import WORDS, row_of, under

COMMON = {
    "i1": 5,
    "i2": 4.5,
    "ii1": 2.5,
    "ii2": 2,
    "ii3": 2.5,
    "ii4": 2,
    "iii1": 1,
    "iii2": 1,
    "iii3": 2.5,
    "iii4": 2.5,
}
ORDER = {"hours": 4, "study": 1.5}
OWN = {
    "ev_self_quality": 27,
    "ev_self_progress": 26,
    **{f"ev_line_self_common__{line}": points for line, points in COMMON.items()},
    **{f"ev_line_self_discipline__{line}": points for line, points in ORDER.items()},
}


def hand_in(office: LittleOffice, code: str, **changed: Any) -> None:
    office.in_time(type_into(office.form(code), WORDS | OWN | changed))


@pytest.fixture(scope="module")
def lined(tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    """A week by lines, from the forms on."""
    office = under(make_little_office(tmp_path_factory.mktemp("lined") / "office"), "theo-dong.toml")
    office.say("issue", office.week)
    hand_in(office, "V1-03")
    hand_in(office, "V1-04", ev_line_self_common__i2=None)
    hand_in(office, "P-02", ev_line_self_discipline__hours=3)
    hand_in(office, "P-03", ev_line_self_common__i1="4,5")
    office.consolidate()
    return office


def test_the_self_score_of_a_part_is_the_sum_of_its_lines(lined: LittleOffice) -> None:
    row = row_of(lined, "V1-03")

    assert [row[f"self_{part}"] for part in ("quality", "common", "discipline", "total")] == ["27", "25.5", "5.5", "84"]
    assert row_of(lined, "P-03")["self_common"] == "25"  # a comma as people type it is repaired in a line too


def test_a_line_that_is_missing_is_named_with_its_cell_and_is_no_zero(lined: LittleOffice) -> None:
    missing, row = lined.finding("form.score_missing"), row_of(lined, "V1-04")

    assert (missing["code"], missing["cell"] != "", "Ý thức kỷ luật" in missing["message"]) == ("V1-04", True, True)
    assert (row["state"], row["self_common"], row["self_total"]) == ("invalid", "", "")


def test_points_that_a_line_does_not_allow_are_refused_and_the_allowed_ones_named(lined: LittleOffice) -> None:
    wrong = lined.finding("score.not_allowed")

    assert (wrong["code"], "0; 2; 4" in wrong["message"], "Giờ giấc" in wrong["message"]) == ("P-02", True, True)
    assert row_of(lined, "P-02")["state"] == "invalid"


@pytest.mark.libreoffice
def test_a_form_with_lines_adds_them_up_and_says_which_line_is_open(
    libreoffice: LibreOffice, lined: LittleOffice
) -> None:
    with libreoffice.open(lined.form("V1-02")) as form:
        lines = [(name, 0, str(points)) for name, points in OWN.items() if "_line_" in name]
        form.fill(lines[:3])
        fourth = form.text("ev_open_items")
        form.fill(lines[3:])

        assert form.text("ev_self_common") in ("25.5", "25,5")
        assert form.text("ev_self_discipline") in ("5.5", "5,5")
        assert not form.type_into("ev_self_common", 0, "30")
        assert f"ô {lined.cell_of(lined.form('V1-02'), 'ev_line_self_common__ii2')[1]} " in fourth
        assert "chất lượng" in form.text("ev_open_items")
