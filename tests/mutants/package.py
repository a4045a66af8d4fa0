"""A filled workbook taken apart, to be altered as other programs and people alter it."""

from __future__ import annotations

import io
import zipfile
from copy import deepcopy
from pathlib import Path
from typing import Any

from lxml import etree

from evalxl.excel.returned.reading import read_workbook, sheet_parts
from evalxl.forms.workbook import Range, address
from tests.excel.packages import MAIN, PACKAGE, RELATIONS

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios",
    "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations",
    "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches",
    "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip


def q(tag: str) -> str:
    return f"{{{MAIN}}}{tag}"


class Package:
    """The parts of a workbook; those that are altered are parsed once and written back by `packed`."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            self.parts = {entry.filename: package.read(entry) for entry in package.infolist()}
        self.names = read_workbook(data).names
        self._sheets = sheet_parts(self.parts)
        self._trees: dict[str, Any] = {}

    def packed(self) -> bytes:
        for name, tree in self._trees.items():
            self.parts[name] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            for name, text in self.parts.items():
                package.writestr(name, text)
        return out.getvalue()

    def tree(self, part: str) -> Any:
        if part not in self._trees:
            self._trees[part] = etree.fromstring(self.parts[part])
        return self._trees[part]

    # Places

    def place(self, name: str, row: int = 0) -> tuple[str, str]:
        """Sheet and address of a row of a name."""
        found: Range = self.names[name]
        return found.sheet, address((found.top + row, found.left))

    def sheet(self, title: str) -> Any:
        return self.tree(self._sheets[title])

    def part_of(self, title: str) -> str:
        return self._sheets[title]

    def cell(self, title: str, at: str) -> Any:
        """The element of a cell that the workbook has."""
        found = self.sheet(title).find(f".//{q('sheetData')}/{q('row')}/{q('c')}[@r='{at}']")
        assert found is not None, (title, at)
        return found

    def row(self, title: str, at: str) -> Any:
        return self.cell(title, at).getparent()

    def add(self, title: str, element: Any) -> Any:
        """Put an element into a sheet where the schema wants it."""
        sheet, rank = self.sheet(title), _ORDER.index(etree.QName(element).localname)
        for n, other in enumerate(sheet):
            if _ORDER.index(etree.QName(other).localname) > rank:
                sheet.insert(n, element)
                return element
        sheet.append(element)
        return element

    # What a cell holds

    def number(self, title: str, at: str, value: str) -> None:
        cell = self._emptied(title, at)
        etree.SubElement(cell, q("v")).text = value

    def text(self, title: str, at: str, value: str) -> None:
        cell = self._emptied(title, at)
        cell.set("t", "inlineStr")
        etree.SubElement(etree.SubElement(cell, q("is")), q("t")).text = value

    def formula(self, title: str, at: str, formula: str, value: str, **attributes: str) -> None:
        cell = self._emptied(title, at)
        made = etree.SubElement(cell, q("f"), attributes)
        made.text = formula
        etree.SubElement(cell, q("v")).text = value

    def _emptied(self, title: str, at: str) -> Any:
        cell = self.cell(title, at)
        cell.attrib.pop("t", None)
        for child in list(cell):
            cell.remove(child)
        return cell

    # How it looks

    def format(self, title: str, at: str, code: str, identity: int = 0) -> None:
        """Give a cell a number format: by its code, or by the identity of one that every program knows."""
        if not identity:
            identity = self._next_format()
            self.define_format(identity, code)
        self._look(title, at, numFmtId=str(identity), applyNumberFormat="1")

    def define_format(self, identity: int, code: str) -> None:
        styles = self.tree("xl/styles.xml")
        formats = styles.find(q("numFmts"))
        if formats is None:
            formats = etree.Element(q("numFmts"))
            styles.insert(0, formats)
        etree.SubElement(formats, q("numFmt"), numFmtId=str(identity), formatCode=code)
        formats.set("count", str(len(formats)))

    def _next_format(self) -> int:
        used = [int(one.get("numFmtId")) for one in self.tree("xl/styles.xml").iter(q("numFmt"))]
        return max((164, *(number + 1 for number in used)))

    def font(self, title: str, at: str, **changed: str) -> None:
        """Give a cell a font: `sz`, `name`, or `rgb` for the colour."""
        styles = self.tree("xl/styles.xml")
        fonts = styles.find(q("fonts"))
        made = deepcopy(fonts[int(self._style(title, at).get("fontId", "0"))])
        for key, value in changed.items():
            tag = "color" if key == "rgb" else key
            for old in made.findall(q(tag)):
                made.remove(old)
            etree.SubElement(made, q(tag), {"rgb" if key == "rgb" else "val": value})
        order = ("b", "i", "strike", "u", "vertAlign", "sz", "color", "name", "family", "charset", "scheme")
        made[:] = sorted(
            (one for one in made if key_of(one) != "scheme" or "name" not in changed),
            key=lambda one: order.index(key_of(one)),
        )
        fonts.append(made)
        fonts.set("count", str(len(fonts)))
        self._look(title, at, fontId=str(len(fonts) - 1), applyFont="1")

    def fill(self, title: str, at: str, rgb: str) -> None:
        fills = self.tree("xl/styles.xml").find(q("fills"))
        pattern = etree.SubElement(etree.SubElement(fills, q("fill")), q("patternFill"), patternType="solid")
        etree.SubElement(pattern, q("fgColor"), rgb=rgb)
        fills.set("count", str(len(fills)))
        self._look(title, at, fillId=str(len(fills) - 1), applyFill="1")

    def _style(self, title: str, at: str) -> Any:
        return self.tree("xl/styles.xml").find(q("cellXfs"))[int(self.cell(title, at).get("s", "0"))]

    def _look(self, title: str, at: str, **changed: str) -> None:
        looks = self.tree("xl/styles.xml").find(q("cellXfs"))
        made = deepcopy(self._style(title, at))
        made.attrib.update(changed)
        looks.append(made)
        looks.set("count", str(len(looks)))
        self.cell(title, at).set("s", str(len(looks) - 1))

    def conditional(self, title: str, at: str, code: str, formula: str = "TRUE", rgb: str = "") -> None:
        """A conditional format with a number format, or with a colour alone."""
        styles = self.tree("xl/styles.xml")
        formats = styles.find(q("dxfs"))
        made = etree.SubElement(formats, q("dxf"))
        if rgb:
            etree.SubElement(etree.SubElement(made, q("font")), q("color"), rgb=rgb)
        if code:
            etree.SubElement(made, q("numFmt"), numFmtId=str(self._next_format()), formatCode=code)
        formats.set("count", str(len(formats)))
        rule = etree.Element(q("conditionalFormatting"), sqref=at)
        etree.SubElement(
            etree.SubElement(rule, q("cfRule"), type="expression", dxfId=str(len(formats) - 1), priority="1"),
            q("formula"),
        ).text = formula
        self.add(title, rule)

    # What lies over it

    def drawing(self, title: str, anchor: str) -> None:
        """Lay a drawing over a sheet; `anchor` is what stands in the drawing's part."""
        part = self.part_of(title)
        relations = f"xl/worksheets/_rels/{part.rpartition('/')[2]}.rels"
        if relations not in self.parts:
            self.parts[relations] = f'<Relationships xmlns="{PACKAGE}"/>'.encode()
        tree = self.tree(relations)
        etree.SubElement(
            tree,
            f"{{{PACKAGE}}}Relationship",
            Id="rIdDraw",
            Type=f"{RELATIONS}/drawing",
            Target="../drawings/drawing77.xml",
        )
        self.parts["xl/drawings/drawing77.xml"] = (
            f'<xdr:wsDr xmlns:xdr="{DRAWING}/spreadsheetDrawing" xmlns:a="{DRAWING}/main">{anchor}</xdr:wsDr>'.encode()
        )
        types = self.tree("[Content_Types].xml")
        etree.SubElement(
            types,
            "{http://schemas.openxmlformats.org/package/2006/content-types}Override",
            PartName="/xl/drawings/drawing77.xml",
            ContentType="application/vnd.openxmlformats-officedocument.drawing+xml",
        )
        sheet = self.sheet(title)
        for old in sheet.findall(q("drawing")):
            sheet.remove(old)
        self.add(title, etree.Element(q("drawing"), {f"{{{RELATIONS}}}id": "rIdDraw"}))


def key_of(element: Any) -> str:
    return str(etree.QName(element).localname)


def give_format(path: Path, name: str, row: int, code: str) -> Path:
    """Somebody gives a cell of a workbook another number format."""
    package = Package(path.read_bytes())
    package.format(*package.place(name, row), code)
    path.write_bytes(package.packed())
    return path
