"""The program that a job may speak to, as the job sees it; here it is nobody, and every act does nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evalxl.steps.refresh.open_workbook import OpenWorkbook
from evalxl.words import Lang, say


@dataclass(frozen=True, slots=True)
class HandoverResult:
    """What became of the scoring workbooks that were open.

    Attributes:
        placed: Refreshed, with what was typed in them; not saved.
        again: Rows to be decided again, because the person has handed in another form meanwhile.
        left: Left as they are: the next run refreshes them when they are closed.
        kept: Gone wrong half-way: what was typed lies in the job's folder.
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
        """What whoever pressed the button has to know; empty where no workbook was open."""
        said = [
            say(f"caller.{name}", lang, count=count, folder=folder)
            for name, count in (
                ("placed", self.placed),
                ("again", self.again),
                ("left", self.left),
                ("kept", self.kept),
            )
            if count
        ]
        return " ".join(said)


class Caller:
    """Nobody: where no program can be spoken to, every act does nothing.

    Attributes:
        folder: Where it keeps what must not be lost: the job's own folder.
    """

    folder = Path()

    def open_books(self) -> Mapping[Path, str]:
        """The scoring workbooks that are open there, and which issue each is."""
        return {}

    def make_way(self, what: str) -> None:
        """Close the masters of a week or period that are open and would be in the way; they hold values only."""

    def report(self, text: str) -> None:
        """Say how far the job is."""

    def put_in_place(self, books: Sequence[OpenWorkbook]) -> HandoverResult:
        """Put refreshed scoring workbooks in the place of the open ones, with what was typed in those."""
        return HandoverResult(left=len(books))

    def come_back(self) -> None:
        """Open again what had to make way, where it was."""

    def go_to(self, path: Path, sheet: str, row: int) -> None:
        """Open a workbook and go to a sheet and row of it."""
