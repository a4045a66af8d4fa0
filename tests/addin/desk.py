"""A clerk's desk: the folder of this user, the office folder, a program that does as the test says, and the buttons in a running LibreOffice.

LibreOffice runs its own extension, and the very VBA project that Excel gets. What it cannot show, the ribbon, is stood in for by calling what the ribbon calls.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import openpyxl

from evalxl import __version__
from tests.libreoffice import Document, Office

FAKE = Path(__file__).with_name("fake_program.py")
Step = tuple[str, int, str, float]


class Desk:
    """What lies in the folder of one user, and what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.office = folder / "cơ quan"

    def clear(self) -> None:
        """As after the installing: the program is there, an office is chosen."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        self.office.mkdir(exist_ok=True)
        (self.office / "office.toml").write_text("", encoding="utf-8")
        self.put("exe.txt", f'"{sys.executable}" "{FAKE}"')
        self.put("version.txt", __version__)
        self.put("office.txt", str(self.office))

    def put(self, name: str, text: str) -> None:
        (self.home / name).write_bytes(text.encode("utf-16-le"))

    def text(self, name: str) -> str:
        return (self.home / name).read_bytes().decode("utf-16-le")

    def remove(self, name: str) -> None:
        (self.home / name).unlink()

    def agent_beats(self, at: datetime) -> None:
        self.put("agent.txt", f"{__version__}|4711|{at.isoformat(timespec='seconds')}")

    def play(self, *steps: Step, result: Mapping[str, object] | None = None) -> None:
        """What the program will do."""
        result = {"version": __version__} | dict(result or {})
        (self.home / "play.json").write_text(
            json.dumps({"steps": steps, "result": result}, default=str), encoding="utf-8"
        )

    @property
    def asked(self) -> dict[str, Any]:
        """What the program was asked, as it noted it."""
        return dict(json.loads((self.home / "asked.json").read_text(encoding="utf-8")))

    @property
    def was_asked(self) -> bool:
        return (self.home / "asked.json").exists()

    def jobs(self) -> list[Path]:
        return sorted((self.home / "jobs").glob("*"))

    def environment(self) -> dict[str, str]:
        return {"EVALXL_HOME": str(self.home), "EVALXL_OFFICE": "", "EVALXL_EXE": "", "EVALXL_LANG": ""}

    def a_workbook(self) -> Path:
        """Something that the clerk has open."""
        return master(self.home, "Danh sách.xlsx")


class Buttons:
    """The ribbon of evalxl.xlam."""

    def __init__(self, office: Office, document: Document) -> None:
        self.office = office
        self.document = document

    def press(self, button: str) -> None:
        """`Consolidate`, `Close`, …: what customUI14.xml names as the button's action."""
        self.document.click(f"EvalxlRibbon.On{button}")

    def answers(self, answer: str) -> None:
        """What a person would answer to the next question."""
        self.document.run("EvalxlAsk.Prepare", answer)

    def waits_no_longer_than(self, seconds: int) -> None:
        self.document.run("EvalxlRunner.WaitNoLongerThan", seconds)

    def said(self) -> str:
        """The line in the ribbon; the status bar shows the same."""
        return str(self.document.shown("EvalxlRibbon.GetSaid"))

    def is_busy(self) -> bool:
        return bool(self.document.run("EvalxlRunner.JobIsRunning"))

    def everything_said(self) -> Sequence[str]:
        """What is said until the job ends, each once."""
        said = [self.said()]
        until = time.monotonic() + 30
        while self.is_busy():
            assert time.monotonic() < until, said
            time.sleep(0.1)
            if self.said() != said[-1]:
                said.append(self.said())
        return said if said[-1] == self.said() else [*said, self.said()]

    def until(self, what: Callable[[], bool]) -> None:
        until = time.monotonic() + 15
        while not what():
            assert time.monotonic() < until, self.said()
            time.sleep(0.05)

    def opened(self) -> list[dict[str, Any]]:
        return self.office.opened()


class Menu:
    """The menu of evalxl.oxt. Where nobody sees LibreOffice, the week is named in the call instead of being picked."""

    def __init__(self, office: Office) -> None:
        self.office = office
        office.give_name(SERVICE, "")

    def choose(self, job: str, *given: str) -> None:
        """`consolidate`, `close`, …, as the menu calls them."""
        self.office.dispatch(f"service:{SERVICE}?{quote(' '.join([job, *given]))}")

    def said(self) -> str:
        return self.office.name_of(SERVICE)

    def says(self, sentence: str) -> None:
        """Wait until it says this."""
        until = time.monotonic() + 20
        while self.said() != sentence:
            assert time.monotonic() < until, self.said()
            time.sleep(0.05)

    def opened(self) -> list[dict[str, Any]]:
        return self.office.opened()


SERVICE = "org.evalxl.Addin"


def master(folder: Path, name: str = "Báo cáo tổng hợp.xlsx") -> Path:
    """A workbook like one that a job leaves: two sheets."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Tổng quan"
    book.create_sheet("Lỗi, lưu ý")
    path = folder / name
    book.save(path)
    return path
