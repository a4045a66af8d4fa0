"""A row of the register is declared once: its open cells, what is read of them, its event, and what is read of that."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from evalxl.domain.history.events import AnsweredEvent, FollowedEvent, LedgerEvent, ReviewedEvent, event_from
from evalxl.domain.weeks import Week
from evalxl.forms import kinds
from evalxl.forms.fields import CHOICES, field
from evalxl.forms.rows import open_names
from evalxl.steps.booking.difficulties import DIFFICULTIES
from evalxl.steps.booking.follow_ups import TALKS
from evalxl.steps.booking.register_rows import RegisterTable
from evalxl.steps.booking.review_requests import REQUESTS

TABLES = [(TALKS, FollowedEvent), (DIFFICULTIES, AnsweredEvent), (REQUESTS, ReviewedEvent)]
of_each_table = pytest.mark.parametrize(("table", "event"), TABLES, ids=[table.name for table, _ in TABLES])


@of_each_table
def test_every_open_cell_of_a_row_is_a_field_of_its_entry_and_of_its_event(
    table: RegisterTable[Any], event: type[LedgerEvent]
) -> None:
    names = table.entry.names()

    assert sorted(open_names(kinds.FOLLOW_UP, table.name)) == sorted(table.prefix + name for name in names)
    assert set(names) <= event.model_fields.keys()


@of_each_table
def test_every_word_that_a_row_offers_has_a_meaning(table: RegisterTable[Any], event: type[LedgerEvent]) -> None:
    offered = {name: field(kinds.FOLLOW_UP, table.prefix + name).choices for name in table.entry.names()}

    for name, choices in offered.items():
        assert set(CHOICES[choices] if choices else ()) == set(table.words.get(name, ())), name


@of_each_table
def test_what_a_row_says_is_read_from_its_event_again(table: RegisterTable[Any], event: type[LedgerEvent]) -> None:
    def value(name: str) -> Any:
        if name in table.entry.days:
            return date(2025, 6, 12)
        return [*table.words[name].values()][-1] if name in table.words else "Đã trao đổi"

    known = {"subject": "V1-03", "second_week": "2025-W24", "key": "K", "appealed": "2025-W23", "source": {}}
    other = {name: said for name, said in known.items() if name in event.model_fields}
    for entry in (table.entry(), table.entry(**{name: value(name) for name in table.entry.names()})):
        written = event.model_validate(other | entry.said()).record()
        again = table.entry.booked(event_from(written).record(), Week(2025, 24), 7)

        assert again.says_as(entry) and (again.week, again.seq) == (Week(2025, 24), 7)
