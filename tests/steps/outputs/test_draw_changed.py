"""A press of the button draws what changed, and what stands is what would be drawn anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from evalxl.domain.weeks import Week
from evalxl.records.publish import Published
from evalxl.steps.consolidate import consolidate
from evalxl.steps.office.office import Clock, Office
from evalxl.steps.reports.verify import rebuild
from evalxl.steps.views.week_view import week_view
from tests.examine_here import examine_here
from tests.little_office import LittleOffice, opened, tree

WEEK = Week(2025, 23)
CLOCK = Clock(datetime.now(UTC) + timedelta(minutes=1), "ict")


class Draughtsman:
    """A drawing pool that knows which workbooks it drew."""

    def __init__(self) -> None:
        self.drawn: list[Any] = []

    def __call__(
        self, draw: Callable[[Any, Any], bytes], common: Any, pieces: Iterable[Any], seconds: float
    ) -> Generator[bytes, None, None]:
        for piece in pieces:
            self.drawn.append(piece)
            yield draw(common, piece)


def press(little: LittleOffice) -> tuple[tuple[Published, ...], int]:
    """One press by a new process: what became of the masters, and how many outputs were drawn (masters, overview page, own results)."""
    office = Office.open(little.folder)
    office.examiner, office.drawing_pool = examine_here, (pool := Draughtsman())
    pressed = consolidate(office, WEEK, CLOCK)
    return pressed.masters, len(pool.drawn)


@pytest.fixture
def pressed(scored: LittleOffice) -> LittleOffice:
    _set(scored, "personal_folders", "true")
    press(scored)
    return scored


def test_a_press_draws_nothing_when_nothing_came_and_all_is_as_a_rebuild_draws_it(pressed: LittleOffice) -> None:
    masters, drawn = press(pressed)
    before = tree(pressed.share)

    office = Office.open(pressed.folder)
    rebuild(office, CLOCK)

    assert (drawn, {master.state for master in masters}) == (0, {"unchanged"}) and len(masters) > 3
    assert tree(pressed.share) == before


def test_what_somebody_altered_or_took_away_is_drawn_again_and_what_was_typed_is_archived(
    pressed: LittleOffice,
) -> None:
    (office_master, unit_master, *_), _ = press(pressed)
    sound = office_master.path.read_bytes()
    book = opened(office_master.path)
    book.worksheets[1]["B20"] = "ghi thêm"
    book.save(office_master.path)
    altered = office_master.path.read_bytes()
    unit_master.path.unlink()

    masters, drawn = press(pressed)

    assert drawn == 2
    assert [master.state for master in masters[:3]] == ["written", "written", "unchanged"]
    assert office_master.path.read_bytes() == sound != altered
    assert altered in {path.read_bytes() for path in Office.open(pressed.folder).archive.blobs()}


def test_what_a_setting_changes_is_drawn_again(pressed: LittleOffice) -> None:
    _set(pressed, "place", '"Cần Thơ"')

    masters, _ = press(pressed)

    assert {master.state for master in masters} == {"written"}


def test_without_the_notes_of_what_was_written_everything_is_drawn_again_and_is_the_same(pressed: LittleOffice) -> None:
    before = tree(pressed.share)
    for path in _notes(pressed.folder):
        path.unlink()

    masters, drawn = press(pressed)

    assert drawn > len(masters) and tree(pressed.share) == before


def test_what_masters_are_drawn_from_is_told_whole_and_in_the_same_order_by_every_process(scored: LittleOffice) -> None:
    """A set has another order in each process, and a table of pandas or numpy leaves out what is in its middle."""
    situation = week_view(Office.open(scored.folder), WEEK, CLOCK.now.date())

    assert _kinds_within(situation.view) <= {
        *("str", "int", "float", "bool", "NoneType", "Decimal", "date", "datetime", "time", "ZoneInfo", "timezone"),
        *("tuple", "list", "dict", "mappingproxy"),
    }


def _kinds_within(value: object) -> set[str]:
    """The names of the plain types of which a value is made."""
    match value:
        case BaseModel():
            inner = [getattr(value, name) for name in type(value).model_fields]
        case _ if is_dataclass(value) and not isinstance(value, type):
            inner = [getattr(value, field.name) for field in fields(value) if field.repr]
        case Mapping():
            inner = [*value, *value.values()]
        case tuple() | list():
            inner = [*value]
        case _:
            return {type(value).__name__}
    own = set() if is_dataclass(value) or isinstance(value, (BaseModel, tuple)) else {type(value).__name__}
    return own.union(*map(_kinds_within, inner))


def _set(little: LittleOffice, setting: str, value: str) -> None:
    path = little.folder / "office.toml"
    text = re.sub(rf"(?m)^{setting} *=.*\n", "", path.read_text(encoding="utf-8"))
    path.write_text(f"{setting} = {value}\n{text}", encoding="utf-8")


def _notes(folder: Path) -> list[Path]:
    found = [path for path in folder.rglob("2025-W23.txt") if path.parent.name == "written"]
    assert found
    return found
