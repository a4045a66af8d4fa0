"""The workbook in which a leader enters the criteria of a period."""

from __future__ import annotations

from evalxl.forms.field import Each, Field, Type, Who
from evalxl.forms.fields import CRITERION, ENTERED, NOT_ENTERED, PERIOD_LINE, PERIOD_SUGGESTED, PERIOD_SUM
from evalxl.forms.kind import SIZES, Table, WorkbookKind
from evalxl.forms.shared_fields import ROW_HEAD, STAMP

E, P, L = Who.EVALXL, Who.PERSON, Who.LIVE
T = Type

_PERIOD: tuple[Field | Each, ...] = (
    Field("ev_period", T.TEXT, E),  # 2026-03
    Field("ev_period_shown", T.TEXT, E, optional=True),  # Tháng 3 năm 2026
    Field("ev_period_person", T.TEXT, E, "period_people"),
    Field("ev_period_name", T.TEXT, E, "period_people", optional=True),
    Field("ev_period_title", T.TEXT, E, "period_people", optional=True),
    Field("ev_period_unit", T.TEXT, E, "period_people", optional=True),
    Field("ev_period_weeks", T.WHOLE, E, "period_people", optional=True),  # weeks with an approved total
    Field("ev_period_mean", T.NUMBER, E, "period_people", optional=True),  # of the weekly totals
    Field("ev_period_quantity", T.NUMBER, E, "period_people"),  # in per cent, as the next two
    Field("ev_period_quality", T.NUMBER, E, "period_people"),
    Field("ev_period_timeliness", T.NUMBER, E, "period_people"),
    Field("ev_period_leads", T.TEXT, E, "period_people"),  # Có for who is rated by the criteria for leaders too
    Each(PERIOD_SUGGESTED, E, "period_people", bound=False, type=T.NUMBER, over="suggested"),
    Each(CRITERION, P, "period_people", bound=False, type=T.NUMBER, over="criteria"),
    Field("ev_period_task_points", T.NUMBER, L, "period_people", optional=True),
    Field("ev_period_total", T.NUMBER, L, "period_people", optional=True),
    Field("ev_period_note", T.NARRATIVE, P, "period_people"),  # potential and training: never scored
    Field("ev_period_decision", T.CHOICE, P, "period_people", choices="period_decision"),
    Field("ev_period_open_items", T.TEXT, L, "period_people", optional=True),  # what the row still needs
    # The same people, where criteria have lines, with the points of each.
    Field("ev_period_line_person", T.TEXT, E, "period_lines", where="lines"),
    Field("ev_period_line_name", T.TEXT, E, "period_lines", where="lines"),
    Each(PERIOD_LINE, P, "period_lines", over="lines"),
    Each(PERIOD_SUM, L, "period_lines", bound=False, type=T.TEXT, over="summed"),
)

# What a leader enters for a period: it has no week and no deadline. The columns of ratings by ratios are hidden where the rule book has none.
_NOT_OF_A_PERIOD = ("ev_book_week", "ev_book_week_shown", "ev_book_deadline", "ev_book_others")

_PERIOD_INPUT: tuple[Field | Each, ...] = (
    *(entry for entry in ROW_HEAD if entry.name not in _NOT_OF_A_PERIOD),
    *_PERIOD,
)

PERIOD_INPUT = WorkbookKind(
    name="period_input",
    order=60,
    declared=(*STAMP, *_PERIOD_INPUT),
    tables=(
        Table(
            "period_people",
            SIZES,
            key=("ev_period_person",),
            decision="ev_period_decision",
            decided_on=("ev_period_name",),
        ),
        Table(
            "period_lines",
            SIZES,
            key=("ev_period_line_person",),
            part_of="period_people",
            known_by=("ev_period_line_person", "ev_period_line_name"),
        ),
    ),
    lists={"period_decision": (NOT_ENTERED, ENTERED)},
    of="period",
    share="office",
    folder="periods",
    ending="tieu-chi",
    former="{when}_input_{code}.xlsx",
)
