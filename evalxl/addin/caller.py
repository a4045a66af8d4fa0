"""The interface to the program in which a button was pressed. The base class stands for no program and does nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evalxl.steps.refresh.open_workbook import OpenWorkbook
from evalxl.words import Lang, say


@dataclass(frozen=True, slots=True)
class HandoverResult:
    """The numbers of open scoring workbooks and rows by outcome.

    Attributes:
        placed: Workbooks refreshed together with their typed values; not saved.
        again: Rows to be decided again, because the person has handed in another form meanwhile.
        left: Workbooks left unchanged; the next run refreshes them when they are closed.
        kept: Workbooks whose handover failed half-way; the typed values are in the job's folder.
    """

    placed: int = 0
    again: int = 0
    left: int = 0
    kept: int = 0

    def __add__(self, other: HandoverResult) -> HandoverResult:
        return HandoverResult(
            self.placed + other.placed, self.again + other.again, self.left + other.left, self.kept + other.kept
        )

    def sentences(self, lang: Lang, folder: Path) -> str:
        """The message for the person who pressed the button; empty if no workbook was open."""
        sentences = [
            say(f"caller.{name}", lang, count=count, folder=folder)
            for name, count in (
                ("placed", self.placed),
                ("again", self.again),
                ("left", self.left),
                ("kept", self.kept),
            )
            if count
        ]
        return " ".join(sentences)


class Caller:
    """No program: every method does nothing.

    Attributes:
        folder: The job's own folder, for values that must not be lost.
    """

    folder = Path()

    def open_books(self) -> Mapping[Path, str]:
        """The scoring workbooks open in the program, each with its issue."""
        return {}

    def make_way(self, what: str) -> None:
        """Close open masters of a week or period that would be in the way. They hold only values."""

    def report(self, text: str) -> None:
        """Show the progress of the job."""

    def put_in_place(self, books: Sequence[OpenWorkbook]) -> HandoverResult:
        """Replace open scoring workbooks by refreshed ones, and put their typed values into these."""
        return HandoverResult(left=len(books))

    def come_back(self) -> None:
        """Open closed masters again at their former position."""

    def go_to(self, path: Path, sheet: str, row: int) -> None:
        """Open a workbook and go to a sheet and row of it."""
