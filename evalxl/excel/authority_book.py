"""Writes the workbook that shows who scores and approves whom, and why. The office checks it; nothing is read from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

import xlsxwriter

from evalxl.domain.organisation.authority_reasons import Judges, Reason
from evalxl.domain.organisation.people import FIRST_DAY, LAST_DAY, Delegation
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import Week, shown_date
from evalxl.words import Lang, say

_DELEGATIONS = {
    "giver": 13,
    "giver_name": 28,
    "receiver": 13,
    "receiver_name": 28,
    "scope": 16,
    "basis": 44,
    "first": 13,
    "last": 13,
}
_COLUMNS = {
    "code": 13, "name": 28, "unit": 11, "unit_name": 32, "title_column": 28, "rank": 24, "scorer": 13, "scorer_name": 28, "scorer_why": 44,
    "approver": 13, "approver_name": 28, "approver_why": 44, "chain": 40, "form": 34,
}  # fmt: skip


def write_authority(
    lines: Iterable[Judges],
    names: Mapping[str, str],
    week: Week,
    rules: RuleBook,
    lang: Lang,
    delegations: Sequence[Delegation] = (),
) -> bytes:
    """One row for each person in post on the week's Thursday, and for each unit that reports; and the delegations on a sheet of their own.

    Args:
        names: By staff code.
        delegations: Those of the week and later.
    """
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        font = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
        plain = book.add_format({**font, "text_wrap": True, "num_format": "@"})
        header = book.add_format(
            {**font, "bold": True, "text_wrap": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF"}
        )
        large = book.add_format({**font, "bold": True, "font_size": 14})

        def listed(named: str, title: str, columns: Mapping[str, int], rows: Iterable[Sequence[str]]) -> None:
            sheet = book.add_worksheet(say(f"authority_book.{named}", lang))
            sheet.write_string(0, 0, title, large)
            for place, (column, width) in enumerate(columns.items()):
                sheet.set_column(place, place, width)
                sheet.write_string(2, place, say(f"authority_book.{column}", lang), header)
            number = 2
            for number, texts in enumerate(rows, 3):
                for place, text in enumerate(texts):
                    sheet.write_string(number, place, text, plain)
            sheet.autofilter(2, 0, max(number, 3), len(columns) - 1)
            sheet.freeze_panes(3, 2)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(2)
            sheet.set_footer("&C&P/&N")

        title = say("authority_book.title", lang, week=week.shown(lang), day=shown_date(week.thursday))
        listed("sheet", title, _COLUMNS, (_row(line, names, rules, lang) for line in lines))
        title = say("authority_book.delegations_title", lang, day=shown_date(week.monday))
        listed("delegations", title, _DELEGATIONS, (_delegation(one, names, lang) for one in delegations))
    return out.getvalue()


def _row(line: Judges, names: Mapping[str, str], rules: RuleBook, lang: Lang) -> tuple[str, ...]:
    rank = say(f"rank.{line.rank}", lang) if line.rank else say("book.collective", lang)
    absent = rules.absence_kind(line.absence).name(lang) if line.absence else ""
    return (
        *(line.code, line.name, line.unit, line.unit_name, line.title, rank),
        *(line.score.code, names.get(line.score.code, ""), _why(line.score, names, lang)),
        *(line.approve.code, names.get(line.approve.code, ""), _why(line.approve, names, lang)),
        " → ".join(code for code in (line.code, line.score.code, line.approve.code) if code),
        _form(line, absent, lang),
    )


def _form(line: Judges, absent: str, lang: Lang) -> str:
    """Whether the person gets a form, and why not."""
    if line.not_evaluated:
        return say("authority_book.no_form", lang)
    return say("authority_book.absent", lang, kind=absent) if absent else say("authority_book.gets_form", lang)


def _delegation(one: Delegation, names: Mapping[str, str], lang: Lang) -> tuple[str, ...]:
    scope = say(f"authority_book.scope_{one.scope}", lang)
    days = ("" if day in (FIRST_DAY, LAST_DAY) else shown_date(day) for day in (one.first, one.last))
    return (one.giver, names.get(one.giver, ""), one.receiver, names.get(one.receiver, ""), scope, one.basis, *days)


def _why(reason: Reason, names: Mapping[str, str], lang: Lang) -> str:
    sentence = say(reason.key, lang, unit=reason.unit)
    if not reason.delegate:
        return sentence
    return f"{sentence}. {say('why.delegate', lang, name=names.get(reason.delegate, ''), code=reason.delegate)}"
