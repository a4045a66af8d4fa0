"""What leaders enter for a period: a row per person for the manager."""

from __future__ import annotations

from evalxl.forms import kinds
from evalxl.steps.booking.period_inputs import decide_period_inputs
from evalxl.steps.kinds.at_work import PeriodKindAtWork
from evalxl.steps.refresh.period_input_values import inputs_due

PERIOD_INPUT = PeriodKindAtWork(kinds.PERIOD_INPUT, due=inputs_due, book=decide_period_inputs)
