"""Writes the organisation workbook, with lists to choose from, help in the cells and a guide sheet.

It is written once, when an office is made. Then office staff keep it by hand, and evalxl only reads it.
"""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from evalxl import words
from evalxl.domain.organisation.people import FIRST_DAY, LAST_DAY, Organisation
from evalxl.domain.rulebook import RuleBook
from evalxl.forms.organisation.columns import (
    REQUIRED_SHEETS,
    SHEETS,
    OrganisationColumn,
    choices,
    column_name,
    sheet_name,
)
from evalxl.words import Lang

# Cells below the last row that already have their format, lists and help.
_ROOM = 2_000
_GUIDE = (
    "intro",
    "required",
    "codes",
    "moves",
    "units",
    "recode",
    "authority",
    "absences",
    "days_off",
    "dates",
    "check",
)
_WIDTHS = {
    "code": 13,
    "name": 30,
    "unit": 11,
    "person": 15,
    "position": 15,
    "rank": 27,
    "absence": 24,
    "scope": 14,
    "day_kind": 16,
    "complexity": 17,
    "date": 13,
    "number": 12,
    "decimal": 12,
    "yes_no": 13,
    "codes": 13,
    "text": 24,
}
_WIDE = {
    ("tasks", "name"): 58,
    ("tasks", "product"): 34,
    ("days_off", "reason"): 44,
    ("units", "name"): 40,
    ("people", "title"): 32,
    ("people", "co_scorer"): 17,
    ("delegations", "basis"): 40,
    ("positions", "name"): 40,
    ("people", "other_posts"): 30,
    ("authorities", "decider"): 32,
}
_REFERS = {"unit": "units", "person": "people", "position": "positions"}
_LISTS = ("rank", "absence", "scope", "day_kind", "complexity", "yes_no")


def write_organisation(organisation: Organisation, lang: Lang, rules: RuleBook) -> bytes:
    """The organisation as a workbook.

    Args:
        organisation: What to write; may be empty.
        lang: The language of sheets, headers, lists and help.
        rules: Gives the kinds of absence and the levels of complexity.
    """
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": words.say("organisation_guide.title", lang), "author": "evalxl"})
        formats = {name: book.add_format(look) for name, look in _looks().items()}
        _write_guide(book, formats, lang)
        for sheet, columns in SHEETS.items():
            _write_sheet(book, formats, lang, rules, sheet, columns, _rows(organisation, sheet))
        _write_lists(book, rules, lang)
    return out.getvalue()


def _looks() -> dict[str, dict[str, Any]]:
    font = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
    header = font | {
        "bold": True,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
        "border": 1,
        "border_color": "#8EA9C8",
    }
    return {
        "required": header | {"bg_color": "#1F4E79", "font_color": "#FFFFFF"},
        "optional": header | {"bg_color": "#DDEBF7", "font_color": "#1F3864"},
        "text": font | {"num_format": "@"},
        "wrapped": font | {"num_format": "@", "text_wrap": True},
        "date": font | {"num_format": "dd/mm/yyyy", "align": "center"},
        "number": font | {"num_format": "0", "align": "center"},
        "stripe": {"bg_color": "#F3F8FC"},
        "title": font | {"bold": True, "font_size": 16, "font_color": "#1F4E79"},
        "line": font | {"text_wrap": True},
        "bullet": font | {"align": "right", "font_color": "#1F4E79"},
    }


def _write_guide(book: Any, formats: dict[str, Any], lang: Lang) -> None:
    sheet = book.add_worksheet(sheet_name("guide", lang))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 4)
    sheet.set_column(1, 1, 84)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, words.say("organisation_guide.title", lang), formats["title"])
    for number, key in enumerate(_GUIDE, 1):
        text = words.say(f"organisation_guide.{key}", lang)
        # Programs fit the height of a row only when somebody types in it.
        sheet.set_row(number, 17 * (1 + len(text) // 86) + 6)
        sheet.write_string(number, 0, "•", formats["bullet"])
        sheet.write_string(number, 1, text, formats["line"])
    _set_page(sheet, landscape=False)


def _write_sheet(
    book: Any,
    formats: dict[str, Any],
    lang: Lang,
    rules: RuleBook,
    name: str,
    columns: tuple[OrganisationColumn, ...],
    rows: list[Any],
) -> None:
    sheet = book.add_worksheet(sheet_name(name, lang))
    sheet.set_tab_color("#1F4E79" if name in REQUIRED_SHEETS else "#BDD7EE")
    sheet.set_row(0, 40)
    for place, column in enumerate(columns):
        look = (
            column.holds if column.holds in ("date", "number") else "wrapped" if (name, column.key) in _WIDE else "text"
        )
        sheet.set_column(place, place, _WIDE.get((name, column.key), _WIDTHS[column.holds]), formats[look])
        header = column_name(name, column.key, lang)
        sheet.write_string(
            0, place, header[:1].upper() + header[1:], formats["required" if column.required else "optional"]
        )
        for number, row in enumerate(rows, 1):
            _write_value(sheet, number, place, _shown(getattr(row, column.key), column, rules, lang), formats[look])
    last = max(_ROOM, len(rows) + 500)
    for place, column in enumerate(columns):
        if rule := _validation(name, column, rules, lang):
            sheet.data_validation(1, place, last, place, rule)
    striped = {"type": "formula", "criteria": '=AND($A2<>"",MOD(ROW(),2)=1)', "format": formats["stripe"]}
    sheet.conditional_format(1, 0, last, len(columns) - 1, striped)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    sheet.freeze_panes(1, 2 if columns[1].key == "name" else 1)
    sheet.repeat_rows(0)
    _set_page(sheet, landscape=True)


def _write_value(sheet: Any, row: int, column: int, value: Any, look: Any) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, look)
    elif isinstance(value, int):
        sheet.write_number(row, column, value, look)
    elif value:
        sheet.write_string(row, column, value, look)


def _shown(value: Any, column: OrganisationColumn, rules: RuleBook, lang: Lang) -> Any:
    """A value as the workbook shows it: codes of lists become words; open ends and zero counts become empty cells."""
    if value in (FIRST_DAY, LAST_DAY, 0):
        return None
    match column.holds:
        case "yes_no":
            return words.say("yes_no.yes", lang)
        case "rank":
            return words.say(f"rank.{value}", lang)
        case "scope":
            return words.say(f"delegation_scope.{value}", lang)
        case "day_kind":
            return words.say(f"day_kind.{value}", lang)
        case "absence":
            return rules.absence_kind(value).name(lang)
        case "complexity":
            return next((level.name(lang) for level in rules.complexity if level.code == value), value)
        case _:
            return value


def _rows(organisation: Organisation, sheet: str) -> list[Any]:
    return list(getattr(organisation, "posts" if sheet == "people" else sheet))


def _validation(name: str, column: OrganisationColumn, rules: RuleBook, lang: Lang) -> dict[str, Any]:
    """The list and the help of a column. An unknown code gets only a warning, so that the sheets can be filled in any order."""
    rule: dict[str, Any] = {}
    if column.holds in _LISTS:
        rule = {"validate": "list", "source": f"=ds_{column.holds}", "error_type": "stop"}
        rule["error_title"], rule["error_message"] = _error_text("list", lang)
    elif column.holds in _REFERS:
        rule = {"validate": "list", "source": f"=ds_{_REFERS[column.holds]}", "error_type": "warning"}
        rule["error_title"], rule["error_message"] = _error_text("code", lang)
    elif column.holds == "date":
        rule = {"validate": "date", "criteria": ">=", "value": date(1950, 1, 1), "error_type": "warning"}
        rule["error_title"], rule["error_message"] = _error_text("date", lang)
    if help_text := words.catalogue()[f"organisation_column.{name}.{column.key}"].get(f"help_{lang}"):
        header = column_name(name, column.key, lang)
        rule = rule or {"validate": "any"}
        rule |= {"input_title": (header[:1].upper() + header[1:])[:32], "input_message": help_text[:255]}
    return rule


def _error_text(what: str, lang: Lang) -> tuple[str, str]:
    return words.say("organisation_guide.not_in_list", lang), words.say(f"organisation_guide.wrong_{what}", lang)


def _write_lists(book: Any, rules: RuleBook, lang: Lang) -> None:
    """The lists to choose from, on a hidden sheet; codes come from the sheets themselves, however long these grow."""
    hidden = sheet_name("lists", lang)
    sheet = book.add_worksheet(hidden)
    for place, holds in enumerate(_LISTS):
        entries = choices(holds, rules, lang)
        for number, entry in enumerate(entries):
            sheet.write_string(number, place, entry)
        letter = xl_col_to_name(place)
        book.define_name(f"ds_{holds}", f"='{hidden}'!${letter}$1:${letter}${len(entries)}")
    for source in _REFERS.values():
        own = f"'{sheet_name(source, lang)}'!$A"
        book.define_name(f"ds_{source}", f"=OFFSET({own}$2,0,0,MAX(1,COUNTA({own}$2:$A${_ROOM * 5})),1)")
    sheet.hide()


def _set_page(sheet: Any, landscape: bool) -> None:
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    sheet.set_footer("&C&P/&N")
