"""Writes the workbook that shows who scores and approves whom, and why. The office checks it; nothing is read from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO

import xlsxwriter

from evalxl.domain.organisation.authority_reasons import Judges, Reason
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import Week, shown_date
from evalxl.words import Lang, say

_COLUMNS = {
    "code": 13, "name": 28, "unit": 11, "unit_name": 32, "title_column": 28, "rank": 24, "scorer": 13, "scorer_name": 28, "scorer_why": 44,
    "approver": 13, "approver_name": 28, "approver_why": 44, "note": 40,
}  # fmt: skip


def write_authority(
    lines: Iterable[Judges], names: Mapping[str, str], week: Week, rules: RuleBook, lang: Lang
) -> bytes:
    """One row for each person in post on the week's Thursday, and for each unit that reports.

    Args:
        names: By staff code.
    """
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        font = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
        plain = book.add_format({**font, "text_wrap": True, "num_format": "@"})
        header = book.add_format(
            {**font, "bold": True, "text_wrap": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF"}
        )
        sheet = book.add_worksheet(say("authority_book.sheet", lang))
        title = say("authority_book.title", lang, week=week.shown(lang), day=shown_date(week.thursday))
        sheet.write_string(0, 0, title, book.add_format({**font, "bold": True, "font_size": 14}))
        for place, (column, width) in enumerate(_COLUMNS.items()):
            sheet.set_column(place, place, width)
            sheet.write_string(2, place, say(f"authority_book.{column}", lang), header)
        number = 2
        for number, line in enumerate(lines, 3):
            for place, text in enumerate(_row(line, names, rules, lang)):
                sheet.write_string(number, place, text, plain)
        sheet.autofilter(2, 0, max(number, 3), len(_COLUMNS) - 1)
        sheet.freeze_panes(3, 2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
        sheet.set_footer("&C&P/&N")
    return out.getvalue()


def _row(line: Judges, names: Mapping[str, str], rules: RuleBook, lang: Lang) -> tuple[str, ...]:
    rank = say(f"rank.{line.rank}", lang) if line.rank else say("book.collective", lang)
    absent = rules.absence_kind(line.absence).name(lang) if line.absence else ""
    return (
        *(line.code, line.name, line.unit, line.unit_name, line.title, rank),
        *(line.score.code, names.get(line.score.code, ""), _why(line.score, names, lang)),
        *(line.approve.code, names.get(line.approve.code, ""), _why(line.approve, names, lang)),
        say("authority_book.absent", lang, kind=absent) if absent else "",
    )


def _why(reason: Reason, names: Mapping[str, str], lang: Lang) -> str:
    sentence = say(reason.key, lang, unit=reason.unit)
    if not reason.delegate:
        return sentence
    return f"{sentence}. {say('why.delegate', lang, name=names.get(reason.delegate, ''), code=reason.delegate)}"
