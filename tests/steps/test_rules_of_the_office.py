"""An office with a rule book of its own: its maxima hold in forms and in checks, and a week stays under the rules it was issued with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evalxl.records.package_files import shipped
from tests.little_office import LittleOffice, make_little_office, opened
from tests.people import cells


def own_rules(office: LittleOffice, name: str = "bo-2025", **maxima: int) -> None:
    """Put a changed copy of the standard rule book into the office's folder, and choose it."""
    text = (shipped("rulebooks") / "cv-8679-2025.toml").read_text(encoding="utf-8").replace("cv-8679-2025", name)
    for part, maximum in maxima.items():
        text = re.sub(rf'(code = "{part}"\n.*\n.*\nmaximum = )\d+', rf"\g<1>{maximum}", text)
    text = text.replace("comment_from = 90", "comment_from = 101").replace(
        "difference_above = 5", "difference_above = 20"
    )
    (office.folder / "rulebooks" / f"{name}.toml").write_text(text, encoding="utf-8")
    choose(office, name)


def choose(office: LittleOffice, name: str) -> None:
    path = office.folder / "office.toml"
    text = re.sub(r'(?m)^rulebook = ".*"', f'rulebook = "{name}"', path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    """Quality at most 50, progress at most 30. Week 23 was issued under these rules, week 24 under the standard ones."""
    office = make_little_office(tmp_path_factory.mktemp("rules") / "office")
    own_rules(office, quality=50, progress=30)
    office.say("check")
    office.say("issue", office.week)
    choose(office, "cv-8679-2025")
    office.say("issue", "2025-W24")
    office.hand_in("V1-03", self_quality=48, self_progress=28)
    office.hand_in("V1-04", self_quality=48, self_progress=36)
    office.consolidate()
    office.scored("V1-03", quality=50, progress=30, conduct=18)
    office.consolidate()
    return office


def test_forms_are_checked_by_the_rules_they_were_issued_with(office: LittleOffice) -> None:
    """The office has chosen other rules since."""
    assert office.result("V1-03")["state"] == "scored"
    assert office.result("V1-03")["self_total"] == "94"
    assert office.result("V1-03")["scored_total"] == "98"
    assert office.result("V1-04")["state"] == "invalid"
    found = office.finding("score.out_of_bounds", "V1-04")
    assert "30" in found["message"]
    assert found["cell"] == office.cell_of(office.form("V1-04"), "ev_self_progress")[1]


def test_no_reason_is_asked_for_below_the_offices_own_limits(office: LittleOffice) -> None:
    assert [row for row in office.table("findings") if row["code"] == "V1-03" and row["level"] == "error"] == []


@pytest.mark.parametrize(("week", "maximum"), [("2025-W23", "50"), ("2025-W24", "40")])
def test_the_form_itself_asks_for_the_weeks_maximum(office: LittleOffice, week: str, maximum: str) -> None:
    book = opened(office.form("P-02", week))
    (cell,) = cells(book, "ev_self_quality")
    bounds = [
        rule
        for rule in cell.parent.data_validations.dataValidation
        if cell.coordinate in rule.sqref and rule.type in ("decimal", "custom")
    ]

    assert bounds
    assert any(maximum in f"{rule.formula1} {rule.formula2} {rule.error}" for rule in bounds)


def test_the_rule_book_is_stamped_into_every_workbook(office: LittleOffice) -> None:
    stamps = [
        {prop.name: prop.value for prop in opened(path).custom_doc_props.props}["evalxl.rulebook"]
        for path in (office.form("P-02"), office.scoring("V1-02"), office.form("P-02", "2025-W24"))
    ]

    assert [stamp.partition("@")[0] for stamp in stamps] == ["bo-2025", "bo-2025", "cv-8679-2025"]


def test_a_changed_file_of_the_rule_book_does_not_change_a_week_that_was_issued(tmp_path: Path) -> None:
    office = make_little_office(tmp_path / "office")
    own_rules(office, quality=50, progress=30)
    office.say("issue", office.week)
    own_rules(office, quality=45, progress=35)
    office.hand_in("V1-03", self_quality=48, self_progress=28)
    office.consolidate()
    (office.folder / "rulebooks" / "bo-2025.toml").unlink()
    office.consolidate()

    assert office.result("V1-03")["self_total"] == "94"


def test_a_rule_book_that_is_not_there_is_said_so(made: LittleOffice) -> None:
    choose(made, "khong-co")
    for command in (["check"], ["issue", made.week]):
        said = made.say(*command, code=2)
        assert "khong-co" in said
        assert "cv-8679-2025" in said
        assert len(said.strip().splitlines()) == 1


def test_a_rule_book_with_a_slip_is_said_with_its_file(made: LittleOffice) -> None:
    own_rules(made, quality=50)
    path = made.folder / "rulebooks" / "bo-2025.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("step = 0.5", "step = 0"), encoding="utf-8")
    said = made.say("issue", made.week, code=2)

    assert "bo-2025.toml" in said
    assert len(said.strip().splitlines()) == 1
    assert not list((made.folder / "ledger").iterdir())
