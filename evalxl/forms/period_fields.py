"""The fields of what a leader enters for a period: one workbook for each leader who scores somebody."""

from __future__ import annotations

from evalxl.forms.field import Field, Type, Who

E, P, L = Who.EVALXL, Who.PERSON, Who.LIVE
T = Type

PERIOD: tuple[Field, ...] = (
    Field("ev_period", T.TEXT, E),  # 2026-03
    Field("ev_period_shown", T.TEXT, E),  # Tháng 3 năm 2026
    Field("ev_period_person", T.TEXT, E, "period_people"),
    Field("ev_period_name", T.TEXT, E, "period_people"),
    Field("ev_period_title", T.TEXT, E, "period_people"),
    Field("ev_period_unit", T.TEXT, E, "period_people"),
    Field("ev_period_weeks", T.WHOLE, E, "period_people"),  # weeks with an approved total
    Field("ev_period_mean", T.NUMBER, E, "period_people"),  # of the weekly totals
    Field("ev_period_quantity", T.NUMBER, E, "period_people"),  # in per cent, as the next two
    Field("ev_period_quality", T.NUMBER, E, "period_people"),
    Field("ev_period_timeliness", T.NUMBER, E, "period_people"),
    Field("ev_period_leads", T.TEXT, E, "period_people"),  # Có for who is rated by the criteria for leaders too
    Field("ev_period_unit_result", T.NUMBER, P, "period_people"),
    Field("ev_period_organising", T.NUMBER, P, "period_people"),
    Field("ev_period_uniting", T.NUMBER, P, "period_people"),
    Field("ev_period_task_points", T.NUMBER, L, "period_people"),
    Field("ev_period_common", T.NUMBER, P, "period_people"),
    Field("ev_period_total", T.NUMBER, L, "period_people"),
    Field("ev_period_note", T.NARRATIVE, P, "period_people"),  # potential and training: never scored
    Field("ev_period_decision", T.CHOICE, P, "period_people", choices="period_decision"),
    Field("ev_period_open_items", T.TEXT, L, "period_people"),  # what the row still needs
)
