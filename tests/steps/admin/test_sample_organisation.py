"""The sample organisation: modelled on the letter, plainly invented."""

from __future__ import annotations

import unicodedata
from datetime import date
from importlib.resources import files

from evalxl.domain.names import code_key
from evalxl.domain.organisation.authority import roster
from evalxl.domain.rulebook import RANKS, read_rulebook
from evalxl.domain.weeks import Week
from evalxl.steps.admin.sample_organisation import sample_organisation

RULES = read_rulebook((files("evalxl") / "rulebooks" / "cv-8679-2025.toml").read_bytes(), "cv-8679-2025.toml")
SAMPLE = sample_organisation()


def test_about_sixty_people_are_evaluated_in_six_units_and_their_divisions() -> None:
    members = roster(SAMPLE, Week(2025, 23), RULES)[0].members

    assert 58 <= len(members) <= 64
    assert sum(not unit.parent for unit in SAMPLE.units) == 6
    assert any(unit.parent for unit in SAMPLE.units)


def test_every_rank_occurs() -> None:
    assert {post.rank for post in SAMPLE.posts} == set(RANKS)


def test_everybody_is_scored_and_approved_in_every_week_of_two_years() -> None:
    for number in range(1, 104):
        people, findings = roster(SAMPLE, Week(2025, 1).after(number), RULES)
        assert findings == []
        assert all(member.scorer and member.approver for member in people.members)


def test_a_deputy_in_charge_is_approved_by_the_leader_in_charge() -> None:
    member = roster(SAMPLE, Week(2025, 23), RULES)[0].member("ĐT-0001")

    assert member is not None
    assert (member.rank, member.approver) == ("deputy_director", "LĐ-0003")


def test_somebody_joins_leaves_and_moves() -> None:
    def units(week: Week) -> dict[str, str]:
        return {member.code: member.unit for member in roster(SAMPLE, week, RULES)[0].members}

    assert "ĐT-0008" not in units(Week(2025, 23))
    assert "ĐT-0008" in units(Week(2025, 24))
    assert "VP-0014" not in units(Week(2025, 25))
    assert (units(Week(2025, 24))["CB-0009"], units(Week(2025, 25))["CB-0009"]) == ("CB", "TH")


def test_the_week_of_tet_2026_is_off() -> None:
    assert SAMPLE.working_days(Week(2026, 8)) == ()
    assert len(SAMPLE.working_days(Week(2026, 7))) == len(SAMPLE.working_days(Week(2026, 9))) == 5
    assert SAMPLE.is_working_day(date(2026, 1, 10))


def test_names_hold_every_vietnamese_letter_with_every_tone() -> None:
    text = unicodedata.normalize("NFC", " ".join(post.name for post in SAMPLE.posts)).lower()
    vowels = {
        unicodedata.normalize("NFC", letter + tone)
        for letter in "aăâeêioôơuưy"
        for tone in ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    }

    assert vowels | set("bcdđghklmnpqrstvx") <= set(text)


def test_no_two_people_share_a_name_or_a_code() -> None:
    by_code = {post.code: post.name for post in SAMPLE.posts}

    assert len(set(by_code.values())) == len(by_code) == len({code_key(code) for code in by_code})


def test_every_position_has_tasks_or_leads() -> None:
    positions = {position.code for position in SAMPLE.positions}

    assert {post.position for post in SAMPLE.posts} == positions
    assert {task.position for task in SAMPLE.tasks} | {"QL-BAN"} == positions
