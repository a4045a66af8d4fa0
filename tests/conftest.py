"""What all tests share: a real LibreOffice as the client, and a line that says which tests had to be left out."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.libreoffice import Office, missing

_LEFT_OUT = "left out without LibreOffice"


def _must_have_libreoffice() -> bool:
    """In continuous integration nothing is left out quietly."""
    asked = os.environ.get("EVALXL_REQUIRE_LIBREOFFICE") or os.environ.get("CI") or ""
    return asked.lower() in {"1", "true", "yes"}


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A running LibreOffice, one for the whole session."""
    if reason := missing():
        if _must_have_libreoffice():
            pytest.fail(f"{reason}, and here no test may be left out", pytrace=False)
        pytest.skip(f"{_LEFT_OUT}: {reason}")
    office = Office(tmp_path_factory.mktemp("libreoffice"))
    yield office
    office.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever uses LibreOffice is marked so: `pytest -m "not libreoffice"` runs the others."""
    for item in items:
        if "libreoffice" in getattr(item, "fixturenames", ()):
            item.add_marker("libreoffice")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which tests were left out for want of LibreOffice."""
    left_out = [
        report
        for report in terminalreporter.getreports("skipped")
        if report.when == "setup" and _LEFT_OUT in str(report.longrepr)
    ]
    if left_out:
        terminalreporter.write_line(f"{missing()}: {len(left_out)} tests were left out:")
        for report in left_out:
            terminalreporter.write_line(f"  {report.nodeid}")
