"""Offices that earlier versions left behind: they open, and say what they said."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from evalxl.cli.main import main
from evalxl.domain.history.events import event_from
from tests.samples.offices import ASKED, NAMES, figures, frozen, unpack


@pytest.fixture(params=NAMES)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    name = str(request.param)
    return name, unpack(name, tmp_path)


def _ordered(told: dict[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)


def test_an_office_of_an_earlier_version_says_what_it_said(office: tuple[str, Path], tmp_path: Path) -> None:
    name, folder = office

    assert _ordered(figures(folder, tmp_path / "now")) == _ordered(frozen(name))


def test_every_event_of_an_earlier_version_is_declared(office: tuple[str, Path]) -> None:
    ledger = office[1] / "ledger"
    records = [json.loads(line) for file in ledger.glob("*.jsonl") for line in file.read_text("utf-8").splitlines()]
    of_the_run = ("seq", "prev", "at", "by", "format", "label")

    assert len(records) > 50
    for record in records:
        said = {name: value for name, value in record.items() if name not in of_the_run}
        assert event_from(record).record() == said


def test_masters_of_an_earlier_version_are_made_again_and_change_no_figure(
    office: tuple[str, Path], tmp_path: Path
) -> None:
    name, folder = office
    with redirect_stdout(StringIO()):
        assert main(["--office", str(folder), "rebuild"], lambda: ASKED) in (0, 1)

    assert list((folder / "shared").rglob("*.xlsx"))
    assert _ordered(figures(folder, tmp_path / "now")) == _ordered(frozen(name))
