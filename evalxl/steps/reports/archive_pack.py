"""The pack for the archives: all documents of a period that are filed, in one folder, with a list of contents.

It holds pages to sign, approval lists and the forms of a period's evaluation as PDF (if this machine can make them), the masters, what leaders entered for the
period, the ledger's head, and the SHA-256 of every file. The pack holds scores and comments, so it must be kept where only the office and the archivist can
read it. The notes on potential are for the office alone, and are in no pack.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evalxl.domain.errors import EvalxlError
from evalxl.domain.periods.rollups import PeriodView
from evalxl.domain.tables import TableColumn, TableSchema
from evalxl.domain.weeks import Period, Week
from evalxl.forms import kinds
from evalxl.records import folders
from evalxl.records.archive import digest_of
from evalxl.records.new_folder import FolderInUseError, require_new, text_file
from evalxl.records.pdf import find_libreoffice, to_pdf
from evalxl.records.publish import OURS_ALONE, publish
from evalxl.steps.office.office import Office
from evalxl.steps.periods.period_workbooks import filed_inputs
from evalxl.steps.periods.roll_up import draw_roll_up, history_of
from evalxl.steps.reports.csv_tables import table_bytes
from evalxl.steps.reports.verify import verify
from evalxl.words import say

CONTENTS = "contents.csv"
README = "README.txt"
_LISTED = TableSchema("contents", (TableColumn("sha256"), TableColumn("bytes", "count"), TableColumn("file")))


class PackFolderInUseError(FolderInUseError):
    """The folder holds other files. A pack needs a folder of its own."""

    key = "slip.pack_folder_in_use"


class PackOfAlteredError(EvalxlError):
    """Ledger or archive were altered, so nothing is filed."""

    key = "slip.pack_of_altered"


@dataclass(frozen=True, slots=True)
class ArchivePack:
    """A pack that was made.

    Attributes:
        as_pdf: The number of PDFs in it; None if this machine has no LibreOffice.
    """

    folder: Path
    period: Period
    files: int
    as_pdf: int | None
    head: str


def archive_pack(office: Office, period: Period, folder: Path) -> ArchivePack:
    """Put all documents of a period that are filed into a folder.

    Raises:
        NotIssuedError: the ledger knows nothing of the period.
        PackFolderInUseError: the folder holds other files.
        PackOfAlteredError: ledger or archive were altered.
    """
    require_new(folder, PackFolderInUseError)
    if verify(office.folder).altered:
        raise PackOfAlteredError(period=period)
    rolled = draw_roll_up(office, period)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(rolled.master.path, folder / rolled.master.path.name)
    printable: list[tuple[Path, Path]] = []
    for week in rolled.view.weeks:
        for kind, path in _filed(office, week):
            to = folder / str(week) / kind / path.name
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, to)
            if kind != "masters":
                printable.append((to, to.parent))
    for path in _forms(office, rolled.view):
        to = folder / "forms" / path.parent.name / path.name
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)
        printable.append((to, to.parent))
    for name, data in filed_inputs(office, history_of(office, period).period(period)):
        publish(folder / "inputs" / name, data, OURS_ALONE)
    as_pdf = _print(printable)
    head = office.ledger.head
    told = say("pack.readme", office.lang, office=office.settings.name, period=period.shown(office.lang), head=head)
    publish(folder / README, text_file(told), OURS_ALONE)
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != CONTENTS)
    publish(
        folder / CONTENTS,
        table_bytes(_LISTED, (_listed(path, folder) for path in files)),
        OURS_ALONE,
    )
    return ArchivePack(folder, period, len(files) + 1, as_pdf, head)


def _filed(office: Office, week: Week) -> Iterator[tuple[str, Path]]:
    """The documents of a week that are filed, by kind: masters, approval lists, pages to sign."""
    settings, home = office.settings, office.folder
    master = folders.lying_path(folders.office_master_path(settings, home, week))
    if master.is_file():
        yield "masters", master
    week_history = office.history.week(week)
    approvals = {
        owner: folders.lying_path(folders.workbook_path(kinds.APPROVAL, settings, home, week, book.owner))
        for (kind, owner), book in week_history.books.items()
        if kind == kinds.APPROVAL.name
    }
    yield from (("approval", path) for path in sorted(approvals.values()) if path.is_file())
    for root in dict.fromkeys((folders.management_share(settings, home), *folders.roots(settings, home))):
        yield from (("results", path) for path in sorted((root / str(week)).glob("*/results/*.xlsx")) if path.is_file())


def _forms(office: Office, view: PeriodView) -> Iterator[Path]:
    """The forms of the period's evaluation, if its rules have any."""
    for row in view.results if view.ratings else ():
        path = folders.lying_path(
            folders.period_form_path(office.settings, office.folder, view.period, row.unit, row.code)
        )
        if path.is_file():
            yield path


def _print(printable: list[tuple[Path, Path]]) -> int | None:
    program = find_libreoffice()
    if program is None:
        return None
    by_folder: dict[Path, list[Path]] = {}
    for path, folder in printable:
        by_folder.setdefault(folder, []).append(path)
    return sum(len(to_pdf(program, files, folder)) for folder, files in by_folder.items())


def _listed(path: Path, folder: Path) -> tuple[str, int, str]:
    data = path.read_bytes()
    return digest_of(data), len(data), path.relative_to(folder).as_posix()
