"""Crafted files that may show one score to one reader and another score to the other: nothing of them is booked."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalxl.excel.returned.examine import examine
from evalxl.excel.returned.guard import open_package
from evalxl.excel.returned.reading import read_workbook
from evalxl.excel.returned.second_reader import disagreements
from evalxl.forms import kinds
from evalxl.forms.binding import bind
from evalxl.forms.fields import Who
from tests.excel.packages import packed
from tests.excel.returned.test_examine import FILLED, books, filled
from tests.standard_parts import FIELDS

FORM = open_package(filled())
SHEET = "xl/worksheets/sheet1.xml"
SCORES = {"ev_self_quality": "37", "ev_self_progress": "36", "ev_self_conduct": "18"}
OTHER = 'xmlns:x="urn:other"'
COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

# What stands in the place of `<c r="D13" s="36"><v>37</v></c>`.
CRAFTED = {
    "value of another namespace before": '<c r="{r}" s="{s}"><x:v ' + OTHER + ">1</x:v><v>{v}</v></c>",
    "value of another namespace after": '<c r="{r}" s="{s}"><v>{v}</v><x:v ' + OTHER + ">1</x:v></c>",
    "value in an extension": '<c r="{r}" s="{s}"><v>{v}</v><extLst><ext><v>1</v></ext></extLst></c>',
    "only in an extension": '<c r="{r}" s="{s}"><extLst><ext><v>{v}</v></ext></extLst></c>',
    "two values": '<c r="{r}" s="{s}"><v>1</v><v>{v}</v></c>',
    "value in two pieces": '<c r="{r}" s="{s}"><v>{v}<!-- 1 --></v></c>',
    "piece hidden by a comment": '<c r="{r}" s="{s}"><v>1<!-- -->{v}</v></c>',
    "piece hidden by an instruction": '<c r="{r}" s="{s}"><v>1<?x y?>{v}</v></c>',
    "character data": '<c r="{r}" s="{s}"><v><![CDATA[{v}]]></v></c>',
    "character data and text": '<c r="{r}" s="{s}"><v>1<![CDATA[{v}]]></v></c>',
    "characters by number": '<c r="{r}" s="{s}"><v>&#x31;{v}</v></c>',
    "an element inside the value": '<c r="{r}" s="{s}"><v>1<b/>{v}</v></c>',
    "blanks around": '<c r="{r}" s="{s}"><v> {v} </v></c>',
    "blank inside": '<c r="{r}" s="{s}"><v>1 {v}</v></c>',
    "digits of another script": '<c r="{r}" s="{s}"><v>\uff11\uff10</v></c>',
    "hexadecimal": '<c r="{r}" s="{s}"><v>0x0A</v></c>',
    "grouped": '<c r="{r}" s="{s}"><v>1_0</v></c>',
    "infinite": '<c r="{r}" s="{s}"><v>1e999</v></c>',
    "not a number": '<c r="{r}" s="{s}"><v>NaN</v></c>',
    "plus sign": '<c r="{r}" s="{s}"><v>+{v}</v></c>',
    "exponent": '<c r="{r}" s="{s}"><v>{v}E0</v></c>',
    "sixteen digits": '<c r="{r}" s="{s}"><v>{v}.00000000000001</v></c>',
    "inline text beside the value": '<c r="{r}" s="{s}" t="inlineStr"><is><t>1</t></is><v>{v}</v></c>',
    "inline text of a number": '<c r="{r}" s="{s}"><is><t>1</t></is><v>{v}</v></c>',
    "inline text without its kind": '<c r="{r}" s="{s}"><is><t>{v}</t></is></c>',
    "inline text in pieces": '<c r="{r}" s="{s}" t="inlineStr"><is><r><t>1</t></r><r><t>{v}</t></r></is></c>',
    "inline text with its reading": '<c r="{r}" s="{s}" t="inlineStr"><is><t>{v}</t><rPh sb="0" eb="1"><t>1</t></rPh></is></c>',
    "text of a formula, without one": '<c r="{r}" s="{s}" t="str"><v>{v}</v></c>',
    "formula with another value": '<c r="{r}" s="{s}"><f>1+1</f><v>{v}</v></c>',
    "formula of another namespace": '<c r="{r}" s="{s}"><x:f ' + OTHER + ">1+1</x:f><v>{v}</v></c>",
    "shared text out of range": '<c r="{r}" s="{s}" t="s"><v>9999</v></c>',
    "kind that nobody knows": '<c r="{r}" s="{s}" t="q"><v>{v}</v></c>',
    "date as a date": '<c r="{r}" s="{s}" t="d"><v>2025-06-05</v></c>',
    "error": '<c r="{r}" s="{s}" t="e"><v>#N/A</v></c>',
    "yes or no": '<c r="{r}" s="{s}" t="b"><v>1</v></c>',
    "place in small letters": '<c r="{small}" s="{s}"><v>{v}</v></c>',
    "place with signs": '<c r="$E${row}" s="{s}"><v>{v}</v></c>',
    "no place": '<c s="{s}"><v>{v}</v></c>',
    "twice": '<c r="{r}" s="{s}"><v>{v}</v></c><c r="{r}" s="{s}"><v>1</v></c>',
    "place of another row": '<c r="E1" s="{s}"><v>{v}</v></c>',
    "cell in a cell": '<c r="{r}" s="{s}"><v>{v}</v><c r="F{row}"><v>1</v></c></c>',
    "choice of two": '<mc:AlternateContent xmlns:mc="'
    + COMPATIBLE
    + '"><mc:Choice Requires="x"><c r="{r}" s="{s}"><v>1</v></c></mc:Choice><mc:Fallback><c r="{r}" s="{s}"><v>{v}</v></c></mc:Fallback>'
    "</mc:AlternateContent>",
    "cell of another namespace": '<x:c r="{r}" s="{s}" ' + OTHER + "><v>{v}</v></x:c>",
    "cell under another prefix": '<m:c xmlns:m="' + MAIN + '" r="{r}" s="{s}"><m:v>{v}</m:v></m:c>',
    "default namespace taken away": '<c xmlns="" r="{r}" s="{s}"><v>{v}</v></c>',
}


def crafted(cell: str, instead: str) -> bytes:
    text = FORM[SHEET].decode()
    found = re.search(rf'<c r="{cell}" s="(\d+)"><v>([^<]*)</v></c>', text)
    assert found
    row = cell.lstrip("E")
    new = instead.format(r=cell, s=found[1], v=found[2], small=cell.lower(), row=row)
    return packed({**FORM, SHEET: text.replace(found[0], new).encode()})


def verdict_of(how: str, name: str) -> str:
    cell = {"ev_self_quality": "D13", "ev_self_progress": "D14", "ev_self_conduct": "D17"}[name]
    seen = examine(crafted(cell, CRAFTED[how]), books())
    if seen.verdict == "submitted":
        assert seen.content is not None
        assert seen.content["scores"][name.removeprefix("ev_self_")] == SCORES[name], (how, seen.content["scores"])
    return seen.verdict


@pytest.mark.parametrize("how", CRAFTED)
def test_of_a_crafted_cell_nothing_is_booked_that_not_everybody_reads(how: str) -> None:
    assert {verdict_of(how, name) for name in SCORES} in ({"submitted"}, {"invalid"}, {"refused"})


def test_where_the_two_readers_differ_the_form_is_refused_and_both_readings_are_shown() -> None:
    seen = examine(crafted("D13", CRAFTED["character data"]), books())

    assert (seen.verdict, [finding.brief() for finding in seen.findings]) == (
        "invalid",
        ["cell.readers_differ Phiếu!D13"],
    )
    assert "“37” và “" in seen.findings[0].message() and "gõ lại ô này" in seen.findings[0].remedy()


def test_at_least_sixty_crafted_files_are_not_accepted() -> None:
    verdicts = Counter(verdict_of(how, name) for how in CRAFTED for name in SCORES)
    print(f"two readers: {dict(verdicts)}")
    assert verdicts["invalid"] + verdicts["refused"] >= 60


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40)
POINTS = st.decimals(0, 40, places=2)


@settings(max_examples=150, deadline=None)
@given(WORDS, st.lists(st.one_of(WORDS, POINTS), min_size=1, max_size=5), POINTS)
def test_what_an_honest_person_typed_both_readers_read_alike(
    note: str, names: list[str | Decimal], points: Decimal
) -> None:
    data = filled({**FILLED, "ev_conduct_note": note, "ev_task_product": names, "ev_self_quality": points})
    book = read_workbook(data)
    layout, _ = bind(kinds.FORM, book.names)
    places = [place for entry in FIELDS[kinds.FORM] if entry.who is Who.PERSON for place in layout[entry.name]]
    assert disagreements(data, book, places) == []
