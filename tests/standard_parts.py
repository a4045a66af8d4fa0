"""The three parts of the standard rule book, for tests whose office goes by it."""

from __future__ import annotations

from decimal import Decimal

from evalxl.domain.evaluation.scoring import Scores
from evalxl.domain.rulebook import read_rulebook
from evalxl.forms.fields import fields_under
from evalxl.forms.kind import known_kinds
from evalxl.records.package_files import shipped

STANDARD = read_rulebook((shipped("rulebooks") / "cv-8679-2025.toml").read_bytes(), "cv-8679-2025.toml")
PARTS = STANDARD.codes
FIELDS = {kind: fields_under(kind, STANDARD) for kind in known_kinds()}


def in_parts(quality: Decimal | None = None, progress: Decimal | None = None, conduct: Decimal | None = None) -> Scores:
    """Scores in the three parts."""
    return Scores(PARTS, (quality, progress, conduct))
