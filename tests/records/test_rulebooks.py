"""Which rule book an id names."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalxl.domain.rulebook import BadRuleBookError
from evalxl.records.package_files import shipped
from evalxl.records.rulebooks import NoSuchRuleBookError, RuleBookTwiceError, find_rulebook, known_rulebooks

STANDARD = (shipped("rulebooks") / "cv-8679-2025.toml").read_bytes()


def own(office: Path, name: str, text: bytes) -> None:
    (office / "rulebooks").mkdir(exist_ok=True)
    (office / "rulebooks" / name).write_bytes(text)


def test_the_standard_rules_are_found_in_an_office_without_own_ones(tmp_path: Path) -> None:
    assert find_rulebook(tmp_path, "cv-8679-2025").id == "cv-8679-2025"


def test_an_own_rule_book_is_known_by_the_id_inside_and_goes_first(tmp_path: Path) -> None:
    own(tmp_path, "cua-ban.toml", b"\xef\xbb\xbf" + STANDARD.replace(b"step = 0.5", b"step = 1"))

    assert find_rulebook(tmp_path, "cv-8679-2025").step == 1


def test_an_unknown_id_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    own(tmp_path, "a.toml", STANDARD.replace(b'"cv-8679-2025"', b'"ban-2026"'))

    with pytest.raises(NoSuchRuleBookError) as slip:
        find_rulebook(tmp_path, "cv-8679")
    assert "ban-2026, cv-8679-2025" in slip.value.sentence("vi")
    assert set(known_rulebooks(tmp_path)) >= {"ban-2026", "cv-8679-2025"}


def test_two_own_files_with_one_id_are_told(tmp_path: Path) -> None:
    own(tmp_path, "a.toml", STANDARD)
    own(tmp_path, "b.toml", STANDARD)

    with pytest.raises(RuleBookTwiceError) as slip:
        find_rulebook(tmp_path, "cv-8679-2025")
    assert "a.toml" in slip.value.sentence("vi")


def test_a_broken_rule_book_stops_only_those_who_ask_for_it(tmp_path: Path) -> None:
    own(tmp_path, "moi.toml", b'id = "moi"\nstep = ')

    assert find_rulebook(tmp_path, "cv-8679-2025").id == "cv-8679-2025"
    with pytest.raises(BadRuleBookError):
        find_rulebook(tmp_path, "moi")
