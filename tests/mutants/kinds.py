"""The kinds of alterations: each one way in which a cell shows something else than it holds, or a habit of people and programs that shows the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal

from lxml import etree

from tests.mutants.package import DRAWING, Package, q

Cells = Literal["score", "date", "choice", "identity", "locked score"]
Alter = Callable[[Package, str, str, Random], None]  # of a workbook: the cell at a sheet and an address


@dataclass(frozen=True)
class Kind:
    """One way to alter a cell.

    Attributes:
        cells: Which cells it is tried on.
        honest: Whether people and programs do it and mean nothing by it: then nothing may be refused for it.
        by_page: Whether it shows on a printed page alone, and not in what LibreOffice says of the cell.
        covered: Whether the cell cannot be read at all: then it has to be said, whatever LibreOffice says of the cell.
    """

    name: str
    cells: tuple[Cells, ...]
    alter: Alter
    honest: bool = False
    by_page: bool = False
    covered: bool = False


def _format(code: str) -> Alter:
    return lambda package, sheet, at, _: package.format(sheet, at, code)


def _known_format(identity: int) -> Alter:
    return lambda package, sheet, at, _: package.format(sheet, at, "", identity)


# Formats of a score that show other digits, another sign, a separator, a word, or nothing.
LYING_SCORES = (
    '"3"0.0', '"3"General', 'General"5"', '0.0"0"', '0.0" 1"', '0" 1/2"', ';;;', ';;;"x"', '"40"', '"40";"40";"40"', '"Đạt"', '[<50]"38.5";General',
    '[>100]0;"12"', '[=33]"3";[>0]"39"', '0.0,', '0,,', '0\\%', '0.0%', '0.0\\ "%"', '0.0"‰"', '000', '0000.0', '0\\.\\5', '0\\10.0', 'dd/mm/yyyy', 'd\\.m',
    'yyyy', 'h:mm', '[h]:mm:ss', 'ddd', '"-"0.0', '-0.0', '0.0*5', '"٣"0.0', '"３"0.0', '0.0"\u202e"', '"\u202e"0.0', '[$9]0.0', '0.0[$ 5]', '[DBNum1]0',
    '[$-D07041E]0.0', 'e', '0.0E+0"1"', '?"9"', '"1"#', '#.', '0"."0', '0.0_50', '#\\ ##0"5"', '0.0"₁"', '# ?/1"2"',
)  # fmt: skip
# Formats that show the number, though with more or fewer places, a unit or a colour.
HONEST_SCORES = (
    'General', '0.0', '0.00', '0.0##', '#,##0.0', '0.0_ ', '_(* 0.0_)', '_-* #,##0.0_-;\\-* #,##0.0_-;_-* "-"??_-;_-@_-', '[Red]0.0', '0.0;[Red]-0.0',
    '[$-42A]0.0', '[$-409]0.0', '0.0" điểm"', '"Điểm "0.0', '0.0\\ ', '# ??/??', '@', '0.0;0.0', '[Blue]0.0;[Red]\\-0.0', '0.0" đ"',
    '#,##0.00;[Red]-#,##0.00', '0.0000', 'General" điểm"',
)  # fmt: skip
ROUNDED_SCORES = ("0", "#", '0" điểm"', "#,##0", "# ?/2", "0E+00")
LYING_TEXTS = (';;;"Nguyễn Văn B"', ';;;', ';;;"Đã chấm"', '@"1"', '"x"@', ';;;"\u00a0"', '@@', ';;;@" "@', ';;;\\x')  # fmt: skip
HONEST_TEXTS = ("General", "@", "0", "General;General;General;@", "_-@_-", "[Blue]@")
LYING_DATES = ('"12/06/2025"', ';;;', 'd/m/"2026"', '"1"d/m/yyyy', 'd"0"/m/yyyy', '[<1]0;"13/06/2025"', 'd/m/y"9"', '0%', '0.00%', '0.0E+00')  # fmt: skip
HONEST_DATES = ('dd/mm/yyyy', 'd/m/yyyy', 'dd/mm', '[$-42A]dd/mm/yyyy', 'dd\\-mm\\-yyyy', 'yyyy\\-mm\\-dd', 'd/m/yy', '[$-1010000]d/m/yyyy;@')  # fmt: skip


def kinds() -> list[Kind]:
    return list(_kinds())


def _kinds() -> Iterator[Kind]:
    scores: tuple[Cells, ...] = ("score", "locked score")
    for code in LYING_SCORES:
        yield Kind(f"a score as {code!r}", scores, _format(code))
    for code in HONEST_SCORES:
        yield Kind(f"a score as {code!r}", scores, _format(code), honest=True)
    for code in ROUNDED_SCORES:
        yield Kind(f"a score rounded as {code!r}", scores, _format(code), honest=True)
    for identity in (9, 10, 12, 14, 17, 20, 46, 48):
        yield Kind(f"a score in the known format {identity}", ("score",), _known_format(identity))
    for identity in (0, 2, 4, 40):
        yield Kind(f"a score in the known format {identity}", ("score",), _known_format(identity), honest=True)
    for code in LYING_TEXTS:
        yield Kind(f"a text as {code!r}", ("identity", "choice"), _format(code))
    for code in HONEST_TEXTS:
        yield Kind(f"a text as {code!r}", ("identity", "choice"), _format(code), honest=True)
    for code in LYING_DATES:
        yield Kind(f"a date as {code!r}", ("date",), _format(code))
    for code in HONEST_DATES:
        yield Kind(f"a date as {code!r}", ("date",), _format(code), honest=True)
    yield Kind("one format defined twice", scores, _twice)
    yield Kind("a conditional format shows another number", scores, _conditional('"40"'), by_page=True)
    yield Kind("a conditional format shows no number", scores, _conditional(";;;"), by_page=True)
    yield Kind("a conditional format that does not apply", scores, _conditional('"40"', "FALSE"))
    yield Kind("a conditional format in colour", scores, _conditional("", rgb="FF0000FF"), honest=True)
    yield Kind("an array formula over it", ("score",), _array)
    yield Kind("an array formula elsewhere that covers it", ("score",), _array_elsewhere)
    yield Kind("a data table elsewhere that covers it", ("score",), _data_table)
    yield Kind("a formula", ("score",), lambda package, sheet, at, _: package.formula(sheet, at, "1+2", "33"))
    yield Kind("runs within runs", ("score",), _nested)
    yield Kind("a text with an override mark", ("score",), lambda p, s, at, _: p.text(s, at, "\u202e5,73"))
    yield Kind(
        "a text with isolate marks", ("score",), lambda p, s, at, _: p.text(s, at, "\u20675\u2069,\u20673\u2069")
    )
    yield Kind("a text with a comma", ("score",), lambda p, s, at, _: p.text(s, at, "17,5"), honest=True)
    yield Kind(
        "a text with zero-width marks", ("score",), lambda p, s, at, _: p.text(s, at, "\u200b17\u200e,5"), honest=True
    )
    yield Kind("a text box over it", scores, _box, covered=True)
    yield Kind("a picture over it", scores, _picture, covered=True)
    yield Kind("a row of height 0", scores, _row_height, covered=True)
    yield Kind("a column of width 0", scores, _column_width, covered=True)
    yield Kind("letters of 1 point", ("score", "identity"), lambda p, s, at, _: p.font(s, at, sz="1"), covered=True)
    yield Kind(
        "a symbol font", ("score", "identity"), lambda p, s, at, _: p.font(s, at, name="Wingdings"), covered=True
    )
    yield Kind("letters in the colour of the cell", ("score", "identity"), _white, covered=True)
    yield Kind(
        "a larger font", ("score", "identity"), lambda p, s, at, _: p.font(s, at, sz="14", name="Arial"), honest=True
    )
    yield Kind("red letters on yellow", ("score", "identity"), _red_on_yellow, honest=True)
    yield Kind("a part for drawings without any", ("score",), lambda p, s, at, _: p.drawing(s, ""), honest=True)
    yield Kind("a frozen pane and a zoom", ("score",), _zoom, honest=True)


def _twice(package: Package, sheet: str, at: str, _: Random) -> None:
    package.format(sheet, at, "0.0")
    identity = max(int(one.get("numFmtId")) for one in package.tree("xl/styles.xml").iter(q("numFmt")))
    package.define_format(identity, '"3"0.0')


def _conditional(code: str, formula: str = "TRUE", rgb: str = "") -> Alter:
    return lambda package, sheet, at, _: package.conditional(sheet, at, code, formula, rgb)


def _array(package: Package, sheet: str, at: str, _: Random) -> None:
    package.formula(sheet, at, "30+3", "33", t="array", ref=at)


def _array_elsewhere(package: Package, sheet: str, at: str, draw: Random) -> None:
    """The formula stands in another cell of the sheet that holds nothing; the score has a value without one."""
    home = _spare(package, sheet, at, draw)
    package.formula(sheet, home, "33+0", "33", t="array", ref=at)


def _data_table(package: Package, sheet: str, at: str, draw: Random) -> None:
    home = _spare(package, sheet, at, draw)
    cell = package.cell(sheet, home)
    for child in list(cell):
        cell.remove(child)
    cell.insert(0, etree.Element(q("f"), {"t": "dataTable", "ref": at, "r1": "A1", "dt2D": "0", "dtr": "0"}))


def _spare(package: Package, sheet: str, at: str, draw: Random) -> str:
    blank = [c.get("r") for c in package.sheet(sheet).iter(q("c")) if len(c) == 0 and c.get("r") != at]
    return str(draw.choice(blank))


def _nested(package: Package, sheet: str, at: str, _: Random) -> None:
    package.text(sheet, at, "")
    words = package.cell(sheet, at).find(q("is"))
    words.clear()
    outer = etree.SubElement(words, q("r"))
    etree.SubElement(outer, q("t")).text = "3"
    etree.SubElement(etree.SubElement(outer, q("r")), q("t")).text = "9"


def _where(at: str) -> tuple[int, int]:
    """Row and column from 0."""
    letters = at.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(at[len(letters) :]) - 1, column - 1


def _anchor(at: str, inner: str) -> str:
    row, column = _where(at)
    place = "<xdr:{0}><xdr:col>{1}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{2}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:{0}>"
    return f"<xdr:twoCellAnchor>{place.format('from', column, row)}{place.format('to', column + 1, row + 1)}{inner}<xdr:clientData/></xdr:twoCellAnchor>"


_FRAME = '<a:xfrm><a:off x="0" y="0"/><a:ext cx="600000" cy="200000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'


def _box(package: Package, sheet: str, at: str, _: Random) -> None:
    white = '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>'
    shape = (
        '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="Box"/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr>'
        f"<xdr:spPr>{_FRAME}{white}</xdr:spPr><xdr:txBody><a:bodyPr/><a:p><a:r><a:t>40</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    )
    package.drawing(sheet, _anchor(at, shape))


def _picture(package: Package, sheet: str, at: str, _: Random) -> None:
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    shape = (
        '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="Picture"/><xdr:cNvPicPr/></xdr:nvPicPr>'
        f'<xdr:blipFill><a:blip xmlns:r="{relations}" r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr>{_FRAME}</xdr:spPr></xdr:pic>'
    )
    package.drawing(sheet, _anchor(at, shape))
    package.parts["xl/media/image77.png"] = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8ffffff7f0009fb03fd05435ca00000000049454e44ae426082"
    )
    package.parts["xl/drawings/_rels/drawing77.xml.rels"] = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{relations}/image" Target="../media/image77.png"/></Relationships>'
    ).encode()
    types = package.tree("[Content_Types].xml")
    space = "{http://schemas.openxmlformats.org/package/2006/content-types}"
    if not any(one.get("Extension") == "png" for one in types):
        types.insert(0, etree.Element(f"{space}Default", Extension="png", ContentType="image/png"))


def _row_height(package: Package, sheet: str, at: str, _: Random) -> None:
    package.row(sheet, at).attrib.update({"ht": "0", "customHeight": "1"})


def _column_width(package: Package, sheet: str, at: str, _: Random) -> None:
    number = _where(at)[1] + 1
    columns = package.sheet(sheet).find(q("cols"))
    for column in list(columns):
        first, last = int(column.get("min")), int(column.get("max"))
        if first <= number <= last:
            spot = columns.index(column)
            columns.remove(column)
            pieces = [
                (first, number - 1, column.get("width")),
                (number, number, "0"),
                (number + 1, last, column.get("width")),
            ]
            for start, stop, width in reversed(pieces):
                if start <= stop:
                    made = etree.Element(
                        q("col"),
                        dict(column.attrib)
                        | {"min": str(start), "max": str(stop), "width": str(width), "customWidth": "1"},
                    )
                    columns.insert(spot, made)


def _white(package: Package, sheet: str, at: str, _: Random) -> None:
    package.font(sheet, at, rgb="FFFFFFFF")
    package.fill(sheet, at, "FFFFFFFF")


def _red_on_yellow(package: Package, sheet: str, at: str, _: Random) -> None:
    package.font(sheet, at, rgb="FFFF0000")
    package.fill(sheet, at, "FFFFFF00")


def _zoom(package: Package, sheet: str, at: str, _: Random) -> None:
    for view in package.sheet(sheet).iter(q("sheetView")):
        view.set("zoomScale", "85")


__all__ = ["DRAWING", "Kind", "kinds"]
