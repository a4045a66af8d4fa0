"""What WPS, Google Sheets, Numbers and others do by habit when they save, imitated in the file's own XML: the same is read, and nothing but notes is
said. LibreOffice, Gnumeric, openpyxl, SheetJS and ExcelJS are asked themselves, in `tests/real_client`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from itertools import combinations
from xml.sax.saxutils import escape, unescape

import pytest

from evalxl.excel.returned.examine import Examined, examine
from evalxl.excel.returned.guard import open_package
from evalxl.excel.stamping.stamp import Stencil
from evalxl.forms import kinds
from evalxl.forms.kind import WorkbookKind
from tests.drawn_workbooks import books_of, drawn
from tests.excel.packages import MAIN, RELATIONS, packed

KINDS = (kinds.FORM, kinds.UNIT_FORM, kinds.SCORING, kinds.APPROVAL)
BOOKS = books_of([drawn(kind, seed) for kind in KINDS for seed in range(3)])
Parts = dict[str, bytes]
Habit = Callable[[Parts], None]

WORKBOOK, STYLES, STRINGS = "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"
_TEXT = re.compile(r'<c ([^>]*?) t="inlineStr"><is><t(?: xml:space="preserve")?>([^<]*)</t></is></c>')


@cache
def filled(kind: WorkbookKind, seed: int = 0) -> Parts:
    """The parts of a workbook that somebody filled."""
    one = drawn(kind, seed)
    return dict(open_package(Stencil(one.data, kind).stamp(one.fill, {})))


def sheets(parts: Parts, change: Callable[[str], str]) -> None:
    for name in parts:
        if name.startswith("xl/worksheets/sheet"):
            parts[name] = change(parts[name].decode()).encode()


def part(parts: Parts, name: str, change: Callable[[str], str]) -> None:
    parts[name] = change(parts[name].decode()).encode()


def all_texts_shared(parts: Parts) -> None:
    """WPS and Excel keep each text once, in a list."""
    texts: list[str] = []

    def shared(match: re.Match[str]) -> str:
        texts.append(unescape(match[2]))
        return f'<c {match[1]} t="s"><v>{len(texts) - 1}</v></c>'

    sheets(parts, lambda text: _TEXT.sub(shared, text))
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    parts[STRINGS] = f'<sst xmlns="{MAIN}" count="1" uniqueCount="1">{items}</sst>'.encode()
    relation = f'<Relationship Id="rId98" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    part(parts, "xl/_rels/workbook.xml.rels", lambda text: text.replace("</Relationships>", relation))


def texts_in_runs(parts: Parts) -> None:
    """Google and WPS write a text that was restyled in pieces."""

    def runs(match: re.Match[str]) -> str:
        text = unescape(match[2])
        pieces = "".join(
            f'<r><rPr><b/></rPr><t xml:space="preserve">{escape(piece)}</t></r>'
            for piece in (text[:3], text[3:])
            if piece
        )
        return f'<c {match[1]} t="inlineStr"><is>{pieces}</is></c>'

    sheets(parts, lambda text: _TEXT.sub(runs, text))


def marks_apart(parts: Parts) -> None:
    """Programs of macOS write the marks of Vietnamese letters apart from them, in texts and in the names of sheets."""
    for name in (WORKBOOK, STRINGS, *(name for name in parts if name.startswith("xl/worksheets/"))):
        if name in parts:
            # Words in formulas, which Numbers takes over letter by letter, stay.
            pieces = re.split(r"(<f\b.*?</f>|<formula\d>.*?</formula\d>)", parts[name].decode(), flags=re.S)
            parts[name] = "".join(
                piece if number % 2 else unicodedata.normalize("NFD", piece) for number, piece in enumerate(pieces)
            ).encode()


def line_ends_of_windows(parts: Parts) -> None:
    sheets(parts, lambda text: _TEXT.sub(lambda match: match[0].replace("\n", "_x000D_\n"), text))


def no_properties(parts: Parts) -> None:
    """Google, SheetJS and others drop the properties, the custom ones among them."""
    for name in ("docProps/custom.xml", "docProps/app.xml"):
        parts.pop(name, None)
    part(parts, "_rels/.rels", lambda text: re.sub(r"<Relationship [^>]*(custom|app)\.xml[^>]*/>", "", text))


def no_rules(parts: Parts) -> None:
    sheets(parts, lambda text: re.sub(r"<dataValidations.*?</dataValidations>", "", text, flags=re.S))


def fewer_rules(parts: Parts) -> None:
    sheets(parts, lambda text: re.sub(r"<dataValidation .*?</dataValidation>", "", text, count=1, flags=re.S))


def no_protection(parts: Parts) -> None:
    sheets(parts, lambda text: re.sub(r"<sheetProtection[^>]*/>", "", text))
    part(parts, WORKBOOK, lambda text: re.sub(r"<workbookProtection[^>]*/>", "", text))


def other_protection(parts: Parts) -> None:
    sheets(parts, lambda text: re.sub(r"<sheetProtection[^>]*/>", '<sheetProtection sheet="1" password="CC1A"/>', text))


def attributes_in_another_order(parts: Parts) -> None:
    def turned(match: re.Match[str]) -> str:
        return f"<c {' '.join(reversed(match[1].split()))}{match[2]}>"

    sheets(parts, lambda text: re.sub(r"<c ([^>]*?)(/?)>", turned, text))


def prefixes(parts: Parts) -> None:
    """Every element under a prefix."""

    def prefixed(text: str) -> str:
        text = re.sub(r"<(/?)([A-Za-z][\w]*)(?=[\s/>])", r"<\1x:\2", text)
        return text.replace(" xmlns=", " xmlns:x=", 1)

    sheets(parts, prefixed)


def wrong_dimension(parts: Parts) -> None:
    """WPS says that the sheet ends with A1."""
    sheets(parts, lambda text: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1"', text))
    sheets(
        parts,
        lambda text: text if "<dimension" in text else text.replace("<sheetData>", '<dimension ref="A1"/><sheetData>'),
    )


def dates_of_the_program(parts: Parts) -> None:
    """Every date takes the program's own way of showing one."""
    part(parts, STYLES, lambda text: re.sub(r'formatCode="[^"]*(?:dd|yy)[^"]*"', 'formatCode="m/d/yyyy"', text))


def dates_written_out(parts: Parts) -> None:
    """A strict workbook writes a date out."""
    days = {str(number): f"2025-06-{number - 45808:02d}" for number in range(45809, 45839)}
    sheets(
        parts,
        lambda text: re.sub(
            r"<c ([^>]*?)><v>(458[0-3]\d)</v>",
            lambda match: f'<c {match[1]} t="d"><v>{days[match[2]]}T00:00:00</v>' if match[2] in days else match[0],
            text,
        ),
    )


def numbers_otherwise(parts: Parts) -> None:
    sheets(parts, lambda text: re.sub(r"><v>(\d+)\.5</v>", r"><v>\1.50000000000000E0</v>", text))
    sheets(parts, lambda text: re.sub(r"(<c [^>]*s=\"\d+\")><v>(\d+)</v>", r"\1><v>\2.0</v>", text))


def results_remembered(parts: Parts) -> None:
    """0 remembered for every formula, as programs do that do not calculate."""
    sheets(parts, lambda text: re.sub(r"(<f[^>]*>[^<]*</f>)(?:<v/>|<v></v>)?", r"\1<v>0</v>", text))


def places_left_out(parts: Parts) -> None:
    """Rows that say where they are only once, and rows with more said of them."""
    sheets(
        parts,
        lambda text: re.sub(r'<row r="(\d+)"', r'<row r="\1" spans="1:26" x14ac:dyDescent="0.25" thickBot="1"', text),
    )
    sheets(parts, lambda text: text.replace("<worksheet ", '<worksheet xmlns:x14ac="http://x/ac" ', 1))


def everything_shown(parts: Parts) -> None:
    part(parts, WORKBOOK, lambda text: text.replace('state="veryHidden"', 'state="visible"'))


def names_of_programs(parts: Parts) -> None:
    """A filter's name, names of other programs, names without quotes around a sheet, in another order."""

    def more(text: str) -> str:
        body = re.search(r"<definedNames>(.*?)</definedNames>", text, re.S)
        assert body
        own = re.findall(r"<definedName .*?</definedName>", body[1], re.S)
        theirs = [
            '<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">Phiếu!$A$1:$E$9</definedName>',
            '<definedName name="_WPS_x">#REF!</definedName>',
            '<definedName name="Z_1234_.wvu.Rows" hidden="1">Phiếu!$3:$4</definedName>',
        ]
        names = [re.sub(r"'(\w+)'!", r"\1!", name) for name in reversed(own)]
        return text.replace(body[0], f"<definedNames>{''.join(theirs + names)}</definedNames>")

    part(parts, WORKBOOK, more)


def no_names(parts: Parts) -> None:
    part(parts, WORKBOOK, lambda text: re.sub(r"<definedNames>.*?</definedNames>", "", text, flags=re.S))


def a_summary_before_it(parts: Parts) -> None:
    """Numbers puts a sheet before all others that says what it exported."""
    path = "xl/worksheets/sheet99.xml"
    parts[path] = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="3"><c r="B3" t="inlineStr">'
        b"<is><t>This document was exported from Numbers.</t></is></c></row></sheetData></worksheet>"
    )
    part(parts, "xl/_rels/workbook.xml.rels", lambda text: text.replace("</Relationships>", '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet99.xml"/></Relationships>'))  # fmt: skip
    part(parts, WORKBOOK, lambda text: re.sub(r"<sheets>", '<sheets><sheet name="Export Summary" sheetId="99" r:id="rId99"/>', text))  # fmt: skip
    part(
        parts, WORKBOOK, lambda text: re.sub(r'localSheetId="(\d+)"', lambda m: f'localSheetId="{int(m[1]) + 1}"', text)
    )


HABITS: tuple[Habit, ...] = (
    all_texts_shared,
    texts_in_runs,
    marks_apart,
    line_ends_of_windows,
    no_properties,
    no_rules,
    fewer_rules,
    no_protection,
    other_protection,
    attributes_in_another_order,
    wrong_dimension,
    dates_of_the_program,
    dates_written_out,
    numbers_otherwise,
    results_remembered,
    places_left_out,
    everything_shown,
    names_of_programs,
    no_names,
    a_summary_before_it,
    prefixes,
)
PROGRAMS: dict[str, tuple[Habit, ...]] = {
    "WPS": (names_of_programs, all_texts_shared, wrong_dimension, other_protection, fewer_rules, results_remembered, places_left_out),
    "Google Sheets": (all_texts_shared, no_properties, dates_of_the_program, no_protection, numbers_otherwise, everything_shown),
    "Numbers": (marks_apart, all_texts_shared, no_properties, no_rules, no_protection, everything_shown, a_summary_before_it, dates_of_the_program),
    "a strict program": (dates_written_out, attributes_in_another_order, prefixes),
}  # fmt: skip


def resaved(kind: WorkbookKind, *habits: Habit, seed: int = 0) -> Examined:
    parts = dict(filled(kind, seed))
    for habit in habits:
        habit(parts)
    return examine(packed(parts), BOOKS)


def spoken(seen: Examined) -> tuple[object, ...]:
    typed = [{**one, "value": str(one["value"][1]).removesuffix(".0")} for one in seen.typed]
    return seen.verdict, seen.content, [(one["row"], one["name"], one["sheet"], one["cell"]) for one in typed]


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.__name__)
@pytest.mark.parametrize("kind", KINDS)
def test_a_habit_alters_nothing_and_alarms_nobody(kind: WorkbookKind, habit: Habit) -> None:
    before = resaved(kind)
    parts = dict(filled(kind))
    habit(parts)

    seen = examine(packed(parts), BOOKS)

    assert parts != filled(kind) or habit in (dates_written_out, dates_of_the_program)
    assert {finding.level for finding in seen.findings} <= {"note"}, [finding.brief() for finding in seen.findings]
    assert spoken(seen) == spoken(before)


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("kind", KINDS)
def test_all_habits_of_a_program_together_alarm_nobody(kind: WorkbookKind, program: str) -> None:
    for seed in range(3):
        before, seen = resaved(kind, seed=seed), resaved(kind, *PROGRAMS[program], seed=seed)

        assert {finding.level for finding in seen.findings} <= {"note"}, [finding.brief() for finding in seen.findings]
        assert spoken(seen) == spoken(before)


def test_any_two_habits_of_one_form_alarm_nobody() -> None:
    before = resaved(kinds.FORM)
    pairs = [pair for pair in combinations(HABITS[:-1], 2) if no_names not in pair or names_of_programs not in pair]

    for pair in pairs:
        seen = resaved(kinds.FORM, *pair)
        assert {finding.level for finding in seen.findings} <= {"note"}, [habit.__name__ for habit in pair]
        assert spoken(seen) == spoken(before), [habit.__name__ for habit in pair]
    assert len(pairs) > 180
