"""Which tests are asked whether they notice a slip in a module: those that import it first, then stories of an office that pass through it.

The whole suite takes ten minutes, so each folder names the stories that follow its results. A mutant that survives them is read by a person.
"""

from __future__ import annotations

import re
from pathlib import Path

_STORIES = {
    "evalxl/domain/analysis": (
        "tests/domain/analysis",
        "tests/domain/periods/test_columnar_rows.py",
        "tests/stories/test_periods.py",
    ),
    "evalxl/domain/evaluation": (
        "tests/domain/evaluation",
        "tests/domain/week",
        "tests/steps/test_scoring.py",
        "tests/steps/test_weeks_in_a_row.py",
        "tests/steps/test_follow_ups.py",
        "tests/steps/test_difficulties.py",
    ),
    "evalxl/domain/history": (
        "tests/domain/history",
        "tests/domain/versions",
        "tests/steps/test_copies_of_workbooks.py",
        "tests/steps/test_approval.py",
        "tests/stories/test_counts.py",
        "tests/records/test_long_ledger.py",
    ),
    "evalxl/domain/organisation": (
        "tests/domain/organisation",
        "tests/domain/week",
        "tests/steps/test_in_force.py",
        "tests/steps/test_organisation_changes.py",
        "tests/steps/test_capacities.py",
    ),
    "evalxl/domain/periods": ("tests/domain/periods", "tests/domain/test_means.py", "tests/stories/test_periods.py"),
    "evalxl/domain/versions": (
        "tests/domain/versions",
        "tests/steps/test_copies_of_workbooks.py",
        "tests/steps/intake/test_weigh_versions.py",
        "tests/steps/test_approval_binds.py",
    ),
    "evalxl/domain/week": (
        "tests/domain/week",
        "tests/steps/test_weeks_in_a_row.py",
        "tests/steps/test_approval.py",
        "tests/steps/test_units_report.py",
        "tests/stories/test_counts.py",
    ),
    "evalxl/domain": ("tests/domain", "tests/stories/test_rule_books.py"),
    "evalxl/steps/booking": (
        "tests/steps/test_scoring.py",
        "tests/steps/test_approval.py",
        "tests/steps/test_booked.py",
    ),
    "evalxl/steps/booking/difficulties.py": ("tests/steps/test_difficulties.py", "tests/steps/test_units_report.py"),
    "evalxl/steps/booking/follow_ups.py": ("tests/steps/test_follow_ups.py",),
    "evalxl/steps/booking/period_inputs.py": ("tests/stories/test_period_inputs.py",),
    "evalxl/steps/booking/register_rows.py": ("tests/steps/test_follow_ups.py", "tests/steps/test_appeals.py"),
    "evalxl/steps/booking/review_requests.py": ("tests/steps/test_appeals.py",),
    "evalxl/steps/booking/held_cells.py": ("tests/steps/test_copies_of_workbooks.py",),
}


_MOST = 8


def tests_beside(module: str, tree: Path) -> list[str]:
    """The tests of domain/ that import a module, the one of its own name first; of a value that everybody imports, some."""
    named = re.compile(rf"^from {module.removesuffix('.py').replace('/', '.')} import", re.MULTILINE)
    found = [path for path in (tree / "tests/domain").rglob("test_*.py") if named.search(path.read_text("utf-8"))]
    own = f"test_{Path(module).stem}"
    nearest = sorted(found, key=lambda path: (path.stem != own, path))[:_MOST]
    return [path.relative_to(tree).as_posix() for path in nearest]


def tests_through(module: str, tree: Path) -> list[str]:
    """The stories that pass through a module."""
    stories = _STORIES.get(module) or _STORIES[Path(module).parent.as_posix()]
    return [one for one in stories if (tree / one).exists()]
