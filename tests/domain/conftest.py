"""The standard rule book, read as the office reads it."""

from __future__ import annotations

from importlib.resources import files

import pytest

from evalxl.domain.rulebook import RuleBook, read_rulebook

STANDARD = files("evalxl") / "rulebooks" / "cv-8679-2025.toml"


@pytest.fixture(scope="session")
def rules() -> RuleBook:
    return read_rulebook(STANDARD.read_bytes(), "cv-8679-2025.toml")
