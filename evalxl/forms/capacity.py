"""For how many people the templates with a row per person have rows: three capacities, of which the smallest that has room goes out."""

from __future__ import annotations

from collections.abc import Mapping

from evalxl.forms.field import Kind

# The capacities of a workbook with a row per person: for how many people its template has rows.
SIZES = (60, 200, 600)
# The tables that have more rows where there are more people, with their rows at each capacity.
ROOMS: dict[str, tuple[int, int, int]] = {
    "team": SIZES,
    "approvals": SIZES,
    "period_people": SIZES,
    "checks": (800, 2000, 4800),
    "assignments": (120, 300, 600),
    "booked_scores": (160, 400, 1200),
    "booked_approvals": (160, 400, 1200),
}
SIZED_KINDS = (Kind.SCORING, Kind.APPROVAL, Kind.PERIOD_INPUT)


def template_name(kind: Kind, lang: str = "vi", size: int = SIZES[0]) -> str:
    """What the file of a template is called: `scoring.xlsx`, `scoring-200.en.xlsx`."""
    larger = "" if size == SIZES[0] else f"-{size}"
    return f"{kind.value}{larger}{'.en' if lang == 'en' else ''}.xlsx"


def size_for(counts: Mapping[str, int]) -> int:
    """The smallest capacity that has room for so many rows of each table; the largest where none has."""
    fits = (
        size
        for place, size in enumerate(SIZES)
        if all(count <= ROOMS[table][place] for table, count in counts.items() if table in ROOMS)
    )
    return next(fits, SIZES[-1])
