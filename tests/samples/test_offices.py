"""Offices that earlier versions left behind: they open, and say what they said."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from evalxl.cli.main import main
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


def test_masters_of_an_earlier_version_are_made_again_and_change_no_figure(
    office: tuple[str, Path], tmp_path: Path
) -> None:
    name, folder = office
    with redirect_stdout(StringIO()):
        assert main(["--office", str(folder), "rebuild"], lambda: ASKED) in (0, 1)

    assert list((folder / "shared").rglob("*.xlsx"))
    assert _ordered(figures(folder, tmp_path / "now")) == _ordered(frozen(name))
