"""What is settled is drawn by others, or here where the machine has one processor, and it is the same."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest

from evalxl.demo.drawers import Outcome, drawers
from evalxl.domain.weeks import Week
from evalxl.steps.close import close
from evalxl.steps.office.office import Clock, Office
from tests.little_office import LittleOffice, make_little_office, tree

WEEK, TODAY = Week.parse("2025-W23"), date(2025, 6, 12)


def closed_and_drawn(folder: Path, workers: int) -> Mapping[Week, Outcome]:
    with drawers(folder, workers) as drawing:
        office = Office.open(folder)
        close(office, WEEK, Clock(datetime(2100, 6, 12, 9, tzinfo=office.settings.zone), "ict"), drawn=False)
        drawing.draw_week(WEEK, TODAY)
        return drawing.finish()


def drawn_in(folder: Path) -> dict[str, bytes]:
    return {
        name: data
        for name, data in tree(folder / "shared").items()
        if "/results/" in name or name.endswith("_tong-hop.xlsx")
    }


def test_a_closed_week_is_drawn_alike_here_and_elsewhere(approved: LittleOffice, tmp_path: Path) -> None:
    other = shutil.copytree(approved.folder, tmp_path / "other")

    here, elsewhere = closed_and_drawn(approved.folder, 1), closed_and_drawn(other, 2)

    assert here == elsewhere
    assert here[WEEK].states["approved"] == 1
    assert len(drawn_in(approved.folder)) > 12
    assert drawn_in(approved.folder) == drawn_in(other)


@pytest.mark.parametrize("workers", [1, 2])
def test_an_office_that_took_the_place_of_another_is_read_anew(
    approved: LittleOffice, tmp_path: Path, workers: int
) -> None:
    issued = make_little_office(tmp_path / "issued")
    issued.say("issue", issued.week)
    before = closed_and_drawn(approved.folder, workers)
    shutil.rmtree(approved.folder)
    issued.folder.rename(approved.folder)

    now = closed_and_drawn(approved.folder, workers)

    assert before[WEEK].states != now[WEEK].states
    assert set(now[WEEK].states) <= {"not_submitted", "absent"}
