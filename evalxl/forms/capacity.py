"""The capacities of templates: the smallest of three that has room for the people, or for a form's list of task codes, is issued."""

from __future__ import annotations

from collections.abc import Mapping

from evalxl.forms.field import Kind

# The capacities of a workbook with a row per person: for how many people its template has rows.
SIZES = (60, 200, 600)
# The tables whose number of rows grows with the capacity, with their rows at each capacity.
ROOMS: dict[str, tuple[int, int, int]] = {
    "team": SIZES,
    "lines": SIZES,
    "approvals": SIZES,
    "period_people": SIZES,
    "checks": (800, 2000, 4800),
    "assignments": (120, 300, 600),
    "booked_scores": (160, 400, 1200),
    "booked_approvals": (160, 400, 1200),
    # The lists of a form. The larger forms are built when an office needs one. Levels: more rows under a rule book with more levels.
    "choices_task_code": (200, 1000, 5000),
    "choices_complexity": (10, 10, 10),
}
SIZED_KINDS = (Kind.SCORING, Kind.APPROVAL, Kind.PERIOD_INPUT)


def template_name(kind: Kind, lang: str = "vi", size: int = SIZES[0]) -> str:
    """The file name of a template: `scoring.xlsx`, `scoring-200.en.xlsx`."""
    larger = "" if size == SIZES[0] else f"-{size}"
    return f"{kind.value}{larger}{'.en' if lang == 'en' else ''}.xlsx"


def size_for(counts: Mapping[str, int]) -> int:
    """The smallest capacity with room for these numbers of rows per table; the largest if none has room."""
    fits = (
        size
        for place, size in enumerate(SIZES)
        if all(count <= ROOMS[table][place] for table, count in counts.items() if table in ROOMS)
    )
    return next(fits, SIZES[-1])
