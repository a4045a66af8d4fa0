"""The files that travel with evalxl are found from a clone. From a wheel: see tests/test_wheel.py."""

from __future__ import annotations

from pathlib import Path

from evalxl.records.package_files import shipped

CLONE = Path(__file__).resolve().parents[2]


def test_in_a_clone_templates_and_macros_are_the_folders_at_the_top() -> None:
    assert shipped("templates") == CLONE / "templates"
    assert shipped("macros") == CLONE / "macros"


def test_the_rules_of_the_official_letter_are_shipped() -> None:
    assert (shipped("rulebooks") / "cv-8679-2025.toml").is_file()
