"""The desk of a clerk, with the buttons in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evalxl.addin.build import OXT, XLAM
from evalxl.records.package_files import shipped
from tests.addin.desk import Buttons, Desk, Menu
from tests.conftest import require
from tests.libreoffice import Office, missing
from tests.little_office import _handed_in, _issued, _made, handed_in  # noqa: F401
from tests.screen import Screen, missing_screen

NO_ANSWER = 4  # seconds


@pytest.fixture(scope="package")
def one_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="package")
def trusting_libreoffice(one_desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A LibreOffice of its own that runs macros and knows this desk."""
    require(missing())
    office = Office(tmp_path_factory.mktemp("macros"), macros=True, environment=one_desk.environment())
    yield office
    office.close()


@pytest.fixture
def desk(one_desk: Desk) -> Desk:
    one_desk.clear()
    return one_desk


@pytest.fixture
def buttons(desk: Desk, trusting_libreoffice: Office) -> Iterator[Buttons]:
    """The add-in as it is shipped, just loaded."""
    with trusting_libreoffice.open(shipped("macros") / XLAM, read_only=True) as document:
        yield Buttons(trusting_libreoffice, document)
        trusting_libreoffice.close_opened()


@pytest.fixture(scope="package")
def extended_libreoffice(one_desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A LibreOffice into which the extension was installed, as `unopkg add` does; nobody sees it."""
    require(missing())
    surroundings = one_desk.environment() | {"EVALXL_LANG": "vi", "EVALXL_NO_ANSWER": str(NO_ANSWER)}
    folder = tmp_path_factory.mktemp("extension")
    office = Office(folder, environment=surroundings, extensions=[shipped("macros") / OXT])
    yield office
    office.close()


@pytest.fixture
def menu(desk: Desk, extended_libreoffice: Office) -> Iterator[Menu]:
    """A clerk with a workbook open."""
    with extended_libreoffice.open(desk.a_workbook()):
        yield Menu(extended_libreoffice)
        extended_libreoffice.close_opened()


@pytest.fixture
def screen() -> Iterator[Screen]:
    require(missing())
    require(missing_screen())
    with Screen() as screen:
        yield screen


@pytest.fixture
def seen_libreoffice(desk: Desk, screen: Screen, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The same with a window on a screen, in Vietnamese."""
    office = Office(
        tmp_path_factory.mktemp("seen"),
        environment=desk.environment() | {"EVALXL_LANG": "vi"},
        extensions=[shipped("macros") / OXT],
        screen=screen.name,
    )
    yield office
    office.close()
