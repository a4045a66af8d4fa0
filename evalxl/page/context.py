"""What every section of the overview page goes by: the view, the language, numbers and moments as people write them, links."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from urllib.parse import quote

from evalxl.domain.evaluation.week_view import Result, WeekView
from evalxl.domain.names import visible
from evalxl.domain.week.figures import MeansOfWeeks, means_of_weeks
from evalxl.domain.weeks import shown_date
from evalxl.forms.links import path_from
from evalxl.words import Lang, catalogue, say

WEEKS = 8  # of the trend and of the table of means


@dataclass(frozen=True)
class PageContext:
    """A week's view in a language.

    Attributes:
        base: The folder in which the page lies, written as the paths of the view's files are.
        roots: Folders of the shares by the mark with which paths on them begin.
        master: The file name of the office master.
    """

    view: WeekView
    lang: Lang
    base: str
    roots: Mapping[str, str]
    master: str

    @cached_property
    def people(self) -> Mapping[str, Result]:
        """The rows of people and units, by code."""
        return {row.code: row for row in (*self.view.results, *self.view.unit_results)}

    def say(self, key: str, /, **values: object) -> str:
        return say(f"page.{key}", self.lang, **values)

    def master_says(self, key: str, /, **values: object) -> str:
        """A sentence that the master says too."""
        return say(f"master.{key}", self.lang, **values)

    def term(self, key: str) -> str:
        """The master's word for a code; the code itself where there is none."""
        return self.master_says(key) if f"master.{key}" in catalogue() else key.rpartition(".")[2]

    def person(self, code: str) -> str:
        """A person's name; the code of somebody whom the view does not name."""
        return self.view.people.get(code, code)

    def number(self, value: Decimal | int, places: int | None = None) -> str:
        """A number as people write it: `62,5`; a mean with its places; a count with a point from 1.000 on."""
        if isinstance(value, int):
            return f"{value:,}".replace(",", ".") if self.lang == "vi" else f"{value:,}"
        text = f"{value:.{places}f}" if places is not None else f"{value.normalize():f}"
        return text.replace(".", ",") if self.lang == "vi" else text

    @cached_property
    def means(self) -> MeansOfWeeks:
        """The means of the last weeks, for the sentence, the trend and the table."""
        return means_of_weeks(self.view, WEEKS)

    def is_past(self, moment: datetime) -> bool:
        """Whether a moment had passed when the ledger last learned something of the week."""
        return self.view.recorded_at is not None and self.view.recorded_at > moment

    def address(self, path: str) -> str:
        """The address of a file for a link; empty where the way to it is not known."""
        way = path_from(self.base, path, self.roots)
        if not way or visible(path) != path:
            return ""
        if way.startswith("//"):  # a share's network name
            return f"file:{quote(way)}"
        if way[1:2] == ":":
            return f"file:///{quote(way, safe='/:')}"
        return f"file://{quote(way)}" if way.startswith("/") else quote(way)

    def full_path(self, path: str) -> str:
        """The path of a file on this office's machines, as Excel's *Open* and the file manager take it."""
        mark = next((mark for mark in sorted(self.roots, reverse=True) if mark and path.startswith(mark)), "")
        if mark not in self.roots or visible(path) != path:
            return ""
        whole = posixpath.join(self.roots[mark], path.removeprefix(mark))
        on_windows = whole.startswith("//") or whole[1:2] == ":"
        return whole.replace("/", "\\") if on_windows else whole


def day(when: date) -> str:
    """A day without its year: `02/6`."""
    return shown_date(when).rpartition("/")[0]
