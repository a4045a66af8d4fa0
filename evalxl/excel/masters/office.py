"""The office as a master speaks of it: names, words, letterhead, the head of a sheet and its signatures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from xlsxwriter.worksheet import Worksheet

from evalxl.domain.evaluation.week_view import Result, State, WeekView
from evalxl.domain.rulebook import Band, Part, RuleBook
from evalxl.domain.week.figures import Rated
from evalxl.domain.week.week_results import state_key
from evalxl.domain.weeks import Week, spoken_moment
from evalxl.excel.looks.paper import LANDSCAPE, Rows, break_before_sign
from evalxl.excel.masters.measure import height_for, lines_of, stored_width, width_of_words
from evalxl.excel.masters.sheet_kit import (
    FAINT,
    LIST_SIZE,
    PALE,
    STRONG,
    TONES,
    TYPEFACE,
    Cell,
    Link,
    ListColumn,
    Look,
    Looks,
    Marked,
    MasterWorkbook,
    Tone,
    across,
    last_printed,
    printed,
)
from evalxl.forms.links import path_from
from evalxl.words import Lang, Level, catalogue, say

_USUAL = 20  # pixels of a row that says nothing of its height

_STATE_TONES: dict[State, Tone] = {
    "approved": "good",
    "seen": "good",
    "scored": "calm",
    "submitted": "calm",
    "not_submitted": "notice",
    "draft": "notice",
    "invalid": "alarm",
    "returned": "alarm",
    "absent": "faint",
}
LEVEL_TONES: dict[Level, Tone] = {"error": "alarm", "warning": "notice", "repair": "calm", "note": "faint"}


class MasterPage(Protocol):
    """What the head of every sheet says: of a week's view, and of a period's."""

    @property
    def office(self) -> str: ...
    @property
    def parent(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def unit_name(self) -> str: ...
    @property
    def trial(self) -> bool: ...
    @property
    def rules(self) -> RuleBook: ...
    @property
    def people(self) -> Mapping[str, str]: ...
    @property
    def letterhead(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def year(self) -> int: ...
    def shown(self, lang: Lang) -> str:
        """The week with its dates, or the period."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A view in a language, as seen from the folder in which the master lies (`base`); `roots` as for `path_from`."""

    view: MasterPage
    lang: Lang
    base: str
    roots: Mapping[str, str]

    def say(self, key: str, /, **values: object) -> str:
        return say(f"master.{key}", self.lang, **values)

    def sheet(self, name: str) -> str:
        return self.say(f"sheet.{name}")

    def title(self, name: str) -> str:
        return self.say(f"title.{name}")

    def column(
        self, key: str, width: float, look: Look = "text", group: str = "", span: int = 1, screen: bool = False
    ) -> ListColumn:
        """A column with a heading of the catalogue, wide enough that none of the heading's words is parted."""
        heading = self.say(f"head.{key}")
        return ListColumn(heading, max(width, width_of_words(heading, LIST_SIZE) / span), look, group, span, screen)

    def part_column(self, part: Part, width: float, look: Look, group: str = "", screen: bool = False) -> ListColumn:
        """A column of a part's scores."""
        heading = part.label("master.head.part", self.lang)
        return ListColumn(heading, max(width, width_of_words(heading, LIST_SIZE)), look, group, screen=screen)

    def person(self, code: str) -> str:
        """A person's name; the code itself of somebody the view does not name."""
        return self.view.people.get(code, code)

    def band(self, code: str) -> Cell:
        if not code:
            return None
        bands = self.bands
        place = [band.code for band in bands].index(code)
        return Marked(bands[place].name(self.lang), shade(PALE, place, len(bands)))

    @property
    def bands(self) -> tuple[Band, ...]:
        """The degrees of completion, the highest first."""
        return self.view.rules.bands

    def state(self, state: State) -> Marked:
        return Marked(say(state_key(state, self.view.rules), self.lang), TONES[_STATE_TONES[state]])

    def basis(self, result: Rated) -> str:
        if result.basis == "none" and result.state == "absent":
            return ""
        return say(f"basis.{result.basis}", self.lang)

    def link(self, path: str, place: str = "") -> Cell:
        way = path_from(self.base, path, self.roots)
        return Link(self.say("head.open"), way, place) if way else None

    def moment(self, moment: datetime | None) -> str:
        """A moment in a sentence: *17:05 ngày 10/6/2025*."""
        if moment is None:
            return self.say("status.never")
        return spoken_moment(moment, self.lang)

    def week(self, week: Week) -> str:
        return week.shown(self.lang)

    def term(self, key: str) -> str:
        """The word for a code that other rooms may add to; the code itself where there is none yet."""
        return self.say(key) if f"master.{key}" in catalogue() else key.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class MasterContext(Speaker):
    """A week's view."""

    view: WeekView

    def notes(self, result: Result) -> str:
        """What a reader of a row should know, in one line."""
        return "; ".join(self.each_note(result))

    def each_note(self, result: Result) -> list[str]:
        """What a reader of a row should know: the absence, the flags in words, why it was returned."""
        notes = []
        if result.absence:
            kinds = {kind.code: kind.name(self.lang) for kind in self.view.rules.absence}
            notes.append(self.say("flag.absence", kind=kinds.get(result.absence, result.absence)))
        # That a total is provisional stands in its basis already.
        notes += [say(f"flag.{flag}", self.lang) for flag in result.flags if flag != "provisional"]
        if result.state == "returned" and result.reason:
            notes.append(self.say("flag.returned", reason=result.reason))
        return notes


def shade(palette: Sequence[str], place: int, places: int) -> str:
    """The colour of a degree of completion: the highest has the first, the lowest the last."""
    if places <= 1:
        return palette[0]
    return palette[round(place * (len(palette) - 1) / (places - 1))]


def band_colours(office: Speaker) -> list[str]:
    count = len(office.bands)
    return [shade(STRONG, place, count) for place in range(count)]


def trial_header(office: Speaker) -> str:
    """The printed header of every page of an office that tries things out; empty in earnest."""
    return f'&C&"{TYPEFACE},Bold"&12{office.say("page.trial")}' if office.view.trial else ""


def letterhead(book: Looks, sheet: Worksheet, office: Speaker, last: int) -> int:
    """Who issues this, on the left, and the State or the Party, on the right; returns the row after it.

    A Party body puts an asterisk under its name; a State body's rule is drawn by underlining.
    """
    view = office.view
    above, body = (view.office, view.unit_name) if view.unit else (view.parent, view.office)
    left, right = last * 9 // 20, last - last * 9 // 20
    plain: Mapping[str, Any] = {}
    bold, italic, ruled = {"bold": True}, {"italic": True}, {"bold": True, "underline": 1}
    date = _place_date(office)
    rows: list[tuple[tuple[str, Mapping[str, Any]], tuple[str, Mapping[str, Any]]]]
    if view.letterhead == "party":
        rows = [
            ((above.upper(), plain), (office.say("letterhead.party"), ruled)),
            ((body.upper(), bold), (date, italic)),
            (("*", plain), ("", plain)),
        ]
    elif view.letterhead == "state":
        rows = [
            ((above.upper(), plain), (office.say("letterhead.state"), bold)),
            ((body.upper(), ruled), (office.say("letterhead.motto"), ruled)),
            (("", plain), (date, italic)),
        ]
    else:
        rows = [((above.upper(), plain), ("", plain)), ((body.upper(), bold), (date, italic))]
    for row, sides in enumerate(rows):
        sheet.set_row_pixels(row, 20)
        for (text, look), first, end in zip(sides, (0, right), (left, last), strict=True):
            across(book, sheet, row, first, end, text, **look, align="center", valign="vcenter", shrink=True)
    return len(rows)


def _place_date(office: Speaker) -> str:
    year = office.view.year
    if office.view.place:
        return office.say("letterhead.place_date", place=office.view.place, year=year)
    return office.say("letterhead.date", year=year)


def head_of_list(
    book: MasterWorkbook, sheet: Worksheet, office: Speaker, last: int, name: str, *notes: str, width: float = 0
) -> int:
    """A list's title, the week with its dates and whose list it is; then its notes. Returns the row after an empty one.

    Args:
        width: Of all columns together, where the list may be so narrow that a note takes several lines.
    """
    view = office.view
    below = f"{view.shown(office.lang)} - {view.unit_name or view.office}"
    row = _title(book, sheet, 0, last, office.title(name), below)
    return _notes(book, sheet, row, last, notes, width)


def head_of_report(
    book: MasterWorkbook, sheet: Worksheet, office: Speaker, last: int, name: str, *, enclosed: bool = False
) -> int:
    """The head of a sheet that is printed, signed and filed: with the letterhead above."""
    row = letterhead(book, sheet, office, last)
    row = _title(book, sheet, row, last, office.title(name), office.view.shown(office.lang))
    year = office.view.year
    return _notes(book, sheet, row, last, [office.say("letterhead.enclosed", year=year)] if enclosed else [])


def _title(book: MasterWorkbook, sheet: Worksheet, row: int, last: int, title: str, below: str) -> int:
    centred: dict[str, Any] = {"align": "center", "valign": "vcenter", "shrink": True}
    across(book, sheet, row, 0, last, title, bold=True, font_size=14, **centred)
    across(book, sheet, row + 1, 0, last, below, bold=True, font_size=12, **centred)
    sheet.set_row_pixels(row, 28)
    sheet.set_row_pixels(row + 1, 22)
    return row + 2


def _notes(book: MasterWorkbook, sheet: Worksheet, row: int, last: int, notes: Sequence[str], width: float = 0) -> int:
    look: dict[str, Any] = {"italic": True, "align": "center", "valign": "vcenter", "text_wrap": True}
    for note in notes:
        across(book, sheet, row, 0, last, note, **look)
        usual = 20 if len(note) < 150 else 38
        sheet.set_row_pixels(row, max(usual, height_for(lines_of(note, width))) if width else usual)
        row += 1
    sheet.set_row_pixels(row, 8)
    return row + 1


def remark(
    book: MasterWorkbook, sheet: Worksheet, row: int, text: str, columns: Iterable[ListColumn], size: int = LIST_SIZE
) -> int:
    """A line under a table, as wide as its printed columns and as high as it needs to be; returns the row after it."""
    page = printed(columns)
    look: dict[str, Any] = {"italic": True, "font_color": FAINT, "font_size": size, "text_wrap": True, "valign": "top"}
    across(book, sheet, row, 0, last_printed(page), text, **look)
    width = sum(stored_width(column.width) * column.span for column in page)
    sheet.set_row_pixels(row, height_for(lines_of(text, width, size=size), size))
    return row + 1


def keep_rows_with_signature(sheet: Worksheet, table: tuple[int, int, int], end: int, scale: int) -> None:
    """End a page by hand where otherwise nothing of the table would stand above those who sign it.

    Args:
        table: The first row of the heading that each page repeats, the first row of the table, and the row after the table, where the remarks and the place
            to sign begin.
        end: The row after the place to sign.
        scale: At which the sheet is printed, in per cent.
    """
    top, first, after = table

    def points(row: int) -> float:
        pixels = sheet.row_sizes.get(row, [_USUAL])[0]
        return float(pixels) * 0.75

    rows = Rows(
        heights=[(row, points(row)) for row in range(end)],
        titles=sum(points(row) for row in range(top, first)),
        first=first,
        sign=after,
    )
    if at := break_before_sign(rows, LANDSCAPE.rows(scale)):
        sheet.set_h_pagebreaks([at])


def signatures(book: MasterWorkbook, sheet: Worksheet, office: Speaker, row: int, last: int) -> int:
    """Who compiled the list and who answers for it, with room to sign; returns the row after the room."""
    head = office.say("sign.head" if office.view.unit else "sign.chief")
    left, right = last * 9 // 20, last - last * 9 // 20
    for first, end, text in ((0, left, office.say("sign.compiler")), (right, last, head)):
        across(book, sheet, row, first, end, text, bold=True, font_size=12, align="center")
        across(book, sheet, row + 1, first, end, office.say("sign.how"), italic=True, align="center")
    return row + 6
