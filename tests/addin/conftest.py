"""The desk of a clerk, with the buttons in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evalxl.addin.build import XLAM
from evalxl.records.shipped import shipped
from tests.addin.desk import Buttons, Desk
from tests.conftest import require
from tests.libreoffice import Office, missing


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
