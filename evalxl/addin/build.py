"""Builds the two add-ins from text: evalxl.xlam for Excel, evalxl.oxt for LibreOffice.

The same sources give the same bytes on every machine and every day, so an office can check an add-in by its SHA-256.
VBA's source has one code page without Vietnamese letters. So the catalogue's sentences are written as ASCII
(`\\u1ED5`) and decoded when they are shown.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from evalxl import __version__
from evalxl.domain.errors import EvalxlError
from evalxl.records.package_files import shipped
from evalxl.records.publish import OURS_ALONE, publish
from evalxl.steps.admin.templates import Built
from evalxl.words import Lang, catalogue, say

XLAM = "evalxl.xlam"
OXT = "evalxl.oxt"
WORDS_MODULE = "EvalxlWords"

# The sentences of a client: its own, and the names of weeks and periods.
_SAID = (
    "button.",
    "client.",
    "period.half1",
    "period.half2",
    "period.month",
    "period.nine_months",
    "period.quarter",
    "period.year",
    "term.week_shown",
)

# A project that holds sources only: Excel compiles it when it opens the file (MS-OVBA 2.3.4.1).
_SOURCES_ONLY = bytes.fromhex("cc61ffff000000")
_THEN = (1980, 1, 1, 0, 0, 0)
# The longest piece of a text in a line of VBA, which takes 1,023 characters.
_PIECE = 700

_RIBBON_PART = "customUI/customUI14.xml"
_RIBBON_RELATION = (
    '<Relationship Id="rIdRibbon" Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"'
    f' Target="{_RIBBON_PART}"/></Relationships>'
)
_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties'
    ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title><dc:creator>evalxl</dc:creator>'
    "<cp:version>{version}</cp:version></cp:coreProperties>"
)


class CannotBuildError(EvalxlError):
    """The package that writes the Excel add-in is not installed. Only developers of the add-in need it."""

    key = "slip.cannot_build_addin"


def build(to: Path | None = None) -> Built:
    """Make both add-ins in the folder of shipped files, or in a given folder."""
    folder = to or shipped("macros")
    return Built((xlam(folder / XLAM), oxt(folder / OXT)))


def xlam(target: Path) -> Path:
    """Make the Excel add-in.

    Raises:
        CannotBuildError: pyOpenVBA is not installed.
    """
    try:
        from pyopenvba import ExcelFile
        from pyopenvba.cfb import CFB
    except ImportError:
        raise CannotBuildError from None
    sources = vba_sources()
    with TemporaryDirectory() as folder:
        made = Path(folder) / XLAM
        with ExcelFile.create_new(made) as book:
            project = book.vba_project()
            project.delete_module("Module1")
            for name, source in sources.items():
                if name != "ThisWorkbook":
                    project.add_module(name, source)
            book.set_module("ThisWorkbook", sources["ThisWorkbook"])
            book.set_module("Sheet1", book.get_module("Sheet1"))  # writing the source anew drops its compiled half
            book.save()
        with zipfile.ZipFile(made) as package:
            parts = {part.filename: package.read(part) for part in package.infolist()}
    project_file = CFB.from_bytes(parts["xl/vbaProject.bin"])
    project_file.write_stream_in_storage("VBA", "_VBA_PROJECT", _SOURCES_ONLY)
    parts["xl/vbaProject.bin"] = project_file.to_bytes()
    parts["docProps/core.xml"] = _CORE.format(title=escape(say("button.tab.label")), version=__version__).encode()
    relations = parts["_rels/.rels"].decode("utf-8")
    parts["_rels/.rels"] = relations.replace("</Relationships>", _RIBBON_RELATION).encode()
    parts[_RIBBON_PART] = ribbon().encode()
    publish(target, _packed(parts.items()), OURS_ALONE)
    return target


def oxt(target: Path) -> Path:
    """Make the LibreOffice extension."""
    sources = shipped("macros") / "libreoffice"
    sentences = {lang: {key: say(key, lang) for key in _sentences()} for lang in _LANGS}
    parts = {
        "META-INF/manifest.xml": _source(sources / "manifest.xml"),
        "description.xml": _filled(_source(sources / "description.xml"), "vi"),
        "Addons.xcu": _filled(_source(sources / "Addons.xcu"), "vi"),
        "evalxl_addin.py": _source(sources / "evalxl_addin.py"),
        "words.json": json.dumps(
            {"version": __version__, "said": sentences}, ensure_ascii=False, indent=1, sort_keys=True
        ),
    }
    publish(target, _packed((name, text.encode()) for name, text in parts.items()), OURS_ALONE)
    return target


_LANGS: tuple[Lang, ...] = ("vi", "en")


def ribbon() -> str:
    """The ribbon, with its labels and tips from the catalogue."""
    return _filled(_source(shipped("macros") / "excel" / "customUI14.xml"), "vi")


def vba_sources() -> Mapping[str, str]:
    """Every module of the Excel add-in as Excel stores it, by name.

    Raises:
        UnicodeEncodeError: a source holds letters that VBA does not have (a programmer's error).
    """
    folder = shipped("macros") / "excel"
    sources = {path.stem: _source(path) for path in sorted(folder.iterdir()) if path.suffix in {".bas", ".cls"}}
    sources[WORDS_MODULE] = words_module()
    for source in sources.values():
        source.encode("ascii")
    return {name: source.replace("\n", "\r\n") for name, source in sorted(sources.items())}


def words_module() -> str:
    """The module with the catalogue's sentences: `Words("client.busy")`, `Filled("client.failed", "log", place)`."""
    cases = "\n".join(_case(key) for key in _sentences())
    return _WORDS.format(name=WORDS_MODULE, version=__version__, cases=cases)


def _sentences() -> list[str]:
    return sorted(key for key in catalogue() if key.startswith(_SAID))


def _case(key: str) -> str:
    vi, en = (_literal(say(key, lang)) for lang in _LANGS)
    return f'        Case "{key}"\n            coded = {vi}\n            If Lang() = "en" Then coded = {en}'


def _literal(sentence: str) -> str:
    """A text as a VBA literal, in ASCII, in pieces that fit its lines."""
    coded = re.sub(r"[^ !#-\[\]-~]", lambda match: f"\\u{ord(match[0]):04X}", sentence)
    pieces = [coded[start : start + _PIECE] for start in range(0, len(coded), _PIECE)] or [""]
    return " & _\n                ".join(f'"{piece}"' for piece in pieces)


_WORDS = """Attribute VB_Name = "{name}"
' Made from the catalogue evalxl/words by `evalxl addin build`; change it there.
Option Explicit

Public Const ADDIN_VERSION As String = "{version}"

' The language that is spoken: Vietnamese, unless the environment asks for English.
Public Function Lang() As String
    Lang = "vi"
    If Environ$("EVALXL_LANG") = "en" Then Lang = "en"
End Function

' The sentence of a key.
Public Function Words(ByVal key As String) As String
    Dim coded As String
    Select Case key
{cases}
    End Select
    Words = Decoded(coded)
End Function

' The sentence of a key with a place filled.
Public Function Filled(ByVal key As String, ByVal place As String, ByVal value_ As String) As String
    Filled = Also(Words(key), place, value_)
End Function

' A sentence with one more place filled.
Public Function Also(ByVal sentence As String, ByVal place As String, ByVal value_ As String) As String
    Also = Replace(sentence, "{{" & place & "}}", value_)
End Function

' A text with its letters \\u1ED5 put together.
Private Function Decoded(ByVal coded As String) As String
    Dim parts() As String, index As Long
    If coded = "" Then Exit Function
    parts = Split(coded, "\\u")
    Decoded = parts(0)
    For index = 1 To UBound(parts)
        Decoded = Decoded & ChrW(CLng("&H" & Left$(parts(index), 4))) & Mid$(parts(index), 5)
    Next index
End Function
"""


def _filled(text: str, lang: Lang) -> str:
    """A source with its placeholders filled: `{week.label}` from the catalogue, `{week.label:en}` in another language, `{version}`."""

    def sentence(place: re.Match[str]) -> str:
        return escape(say(f"button.{place[1]}", "en" if place[2] else lang), {'"': "&quot;"})

    return re.sub(r"\{(\w+\.\w+)(:en)?\}", sentence, text).replace("{version}", __version__)


def _source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _packed(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """A package whose bytes depend only on its parts. Nothing is compressed, because compression differs between machines."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as package:
        for name, data in _in_order(parts):
            entry = zipfile.ZipInfo(name, _THEN)
            entry.create_system = 0
            entry.external_attr = 0
            package.writestr(entry, data)
    return made.getvalue()


def _in_order(parts: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """The parts with the list of contents first, as Office writes them."""
    yield from sorted(parts, key=lambda part: (part[0] != "[Content_Types].xml", part[0]))
