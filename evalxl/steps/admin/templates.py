"""Making the standard templates, and checking an office's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evalxl.domain.errors import EvalxlError
from evalxl.domain.findings import Finding
from evalxl.forms.kind import SIZES
from evalxl.records.package_files import shipped
from evalxl.records.publish import OURS_ALONE, publish
from evalxl.records.rulebooks import find_rulebook
from evalxl.records.settings import Settings, load_settings


class NoSuchFileError(EvalxlError):
    """The operator named a file that does not exist."""

    key = "slip.no_such_file"


@dataclass(frozen=True, slots=True)
class Built:
    """The templates that were made."""

    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class TemplateChecked:
    """What an own template lacks."""

    file: Path
    findings: tuple[Finding, ...]


def build(to: Path | None = None) -> Built:
    """Make the standard templates in the package, or in another folder."""
    from evalxl.excel.templates import LARGER, STANDARD
    from evalxl.excel.templates import build as make

    folder = to or shipped("templates")
    rules = find_rulebook(Path(), Settings().rulebook)
    files = []
    all_of_them = {name: (*one, SIZES[0]) for name, one in STANDARD.items()} | dict(LARGER)
    for name, (kind, lang, size) in all_of_them.items():
        publish(folder / name, make(kind, rules, lang, size), OURS_ALONE)
        files.append(folder / name)
    return Built(tuple(files))


def check(file: Path, office: Path) -> TemplateChecked:
    """Report what an office's own template lacks under the office's rule book (outside an office folder, the standard rule book).

    Raises:
        NoSuchFileError: there is no such file.
    """
    from evalxl.excel.templates import check as examine

    try:
        data = file.read_bytes()
    except OSError:
        raise NoSuchFileError(file=file) from None
    try:
        rules = find_rulebook(office, load_settings(office).rulebook)
    except EvalxlError:
        rules = find_rulebook(Path(), Settings().rulebook)
    return TemplateChecked(file, tuple(finding.at(file=file.name) for finding in examine(data, None, rules)))
