"""What all tests share: real programs as the clients, and a line that says which tests had to be left out."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.browser import Browser, missing_chromium
from tests.libreoffice import Office, missing
from tests.people import let_workers_go
from tests.programs import Node, missing_gnumeric, missing_node
from tests.xlwings_on_libreoffice.desk import XlwingsDesk

_LEFT_OUT = "left out"

# No test fails by the clock: a machine may be busy. Continuous integration has Hypothesis' own profile, which says the same.
if not os.environ.get("CI"):
    settings.register_profile("office", deadline=None)
    settings.load_profile("office")


def _must_have_all() -> bool:
    """In continuous integration nothing is left out quietly."""
    asked = os.environ.get("EVALXL_REQUIRE_LIBREOFFICE") or os.environ.get("CI") or ""
    return asked.lower() in {"1", "true", "yes"}


def require(reason: str) -> None:
    """Leave the test out where a program is missing, or fail where none may be."""
    if reason and _must_have_all():
        pytest.fail(f"{reason}, and here no test may be left out", pytrace=False)
    if reason:
        pytest.skip(f"{_LEFT_OUT}: {reason}")


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A running LibreOffice, one for the whole session."""
    require(missing())
    office = Office(tmp_path_factory.mktemp("libreoffice"))
    yield office
    office.close()


@pytest.fixture(scope="session")
def xlwings_desk(libreoffice: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[XlwingsDesk]:
    """xlwings on a LibreOffice of its own, one for the whole session."""
    desk = XlwingsDesk(tmp_path_factory.mktemp("xlwings"))
    yield desk
    desk.close()


@pytest.fixture(scope="session")
def gnumeric() -> None:
    """Gnumeric is there."""
    require(missing_gnumeric())


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    """A running Node with SheetJS and ExcelJS, one for the whole session."""
    require(missing_node())
    running = Node()
    yield running
    running.close()


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A running Chromium, one for the whole session."""
    require(missing_chromium())
    running = Browser(tmp_path_factory.mktemp("browser"))
    yield running
    running.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever uses LibreOffice is marked so: `pytest -m "not libreoffice"` runs the others."""
    for item in items:
        if {"libreoffice", "trusting_libreoffice", "extended_libreoffice", "screen"} & set(
            getattr(item, "fixturenames", ())
        ):
            item.add_marker("libreoffice")


def pytest_unconfigure() -> None:
    let_workers_go()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which tests were left out for want of a program."""
    left_out: dict[str, list[str]] = {}
    for report in terminalreporter.getreports("skipped"):
        said = str(report.longrepr)
        if f"{_LEFT_OUT}: " in said:
            left_out.setdefault(said.partition(f"{_LEFT_OUT}: ")[2].rstrip("')"), []).append(report.nodeid)
    for reason, tests in left_out.items():
        terminalreporter.write_line(f"{reason}: {len(tests)} tests were left out:")
        for test in tests:
            terminalreporter.write_line(f"  {test}")
