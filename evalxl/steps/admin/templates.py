"""Making the standard templates, and checking an office's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evalxl.domain.errors import EvalxlError
from evalxl.domain.findings import Finding
from evalxl.forms.kind import SIZES
from evalxl.records.package_files import shipped
from evalxl.records.publish import OURS_ALONE, publish
from evalxl.records.rulebooks import find_rulebook, rulebook_named
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


def build(to: Path | None = None, rulebook: str = "", office: Path = Path()) -> Built:
    """Make the standard templates in the package, or in another folder.

    Args:
        rulebook: The file, or the id of a rule book of the office or a shipped one, whose parts and lines they are for; they then go into the folder `templates-ID`
            here where no other is named. Empty for the standard one.

    Raises:
        NoSuchRuleBookError, BadRuleBookError: there is none, or the file is none.
    """
    from evalxl.excel.templates import LARGER, STANDARD
    from evalxl.excel.templates import build as make

    if rulebook.lower().endswith(".toml"):
        rules = rulebook_named(rulebook).rules
    else:
        rules = find_rulebook(office, rulebook or Settings().rulebook)
    folder = to or (Path(f"templates-{rules.id}") if rulebook else shipped("templates"))
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
