"""For offices without shared folders: what is handed out and sent back by mail or chat, each person's apart from the others'.

Forms come back through the office's inbox.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evalxl.domain.errors import EvalxlError
from evalxl.domain.weeks import Week
from evalxl.forms import kinds
from evalxl.records.publish import OURS_ALONE, publish
from evalxl.steps.office.office import Office
from evalxl.steps.outputs.week_outputs import receipts_of
from evalxl.steps.views.week_view import WeekSituation, week_view

_OF_MANAGERS = (kinds.SCORING.name, kinds.APPROVAL.name)
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of every entry of a zip: equal forms make equal zips


class HandOutFolderInUseError(EvalxlError):
    """The folder to hand out from holds other files."""

    key = "slip.hand_out_folder_in_use"


@dataclass(frozen=True, slots=True)
class HandedOut:
    """What was put into a folder.

    Attributes:
        missing: Codes of the people, and of the units with their mark, whose form is not on the share any more.
    """

    week: Week
    folder: Path
    forms: int
    units: int
    workbooks: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SentBack:
    """The receipts that were put into a folder."""

    week: Week
    folder: Path
    receipts: int


def pack(office: Office, week: Week, today: date, folder: Path) -> HandedOut:
    """Put a week's forms into a folder: a zip per unit, a file per person, and the managers' and approvers' workbooks apart.

    Raises:
        NotIssuedError: nothing was issued for the week.
        HandOutFolderInUseError: the folder holds other files.
        CannotWriteError: the folder cannot be written.
    """
    situation = week_view(office, week, today)
    _require_empty(folder)
    units: dict[str, dict[str, bytes]] = {}
    missing = []
    for row in (*situation.view.results, *situation.view.unit_results):
        if not row.form:
            continue  # absent the whole week: there is no form
        path = office.absolute(row.form)
        try:
            data = path.read_bytes()
        except OSError:
            missing.append(row.code)
            continue
        units.setdefault(row.unit, {})[path.name] = data
        publish(folder / "people" / path.name, data, OURS_ALONE)
    for unit, forms in units.items():
        publish(folder / "units" / f"{week}_{unit}.zip", _zip(forms), OURS_ALONE)
    workbooks = dict(_workbooks(office, situation))
    for name, data in workbooks.items():
        publish(folder / "managers" / name, data, OURS_ALONE)
    return HandedOut(week, folder, sum(map(len, units.values())), len(units), len(workbooks), tuple(missing))


def receipts(office: Office, week: Week, today: date, folder: Path) -> SentBack:
    """Put a text per person into a folder, to be sent to that person alone: it tells values.

    Raises:
        NotIssuedError: nothing was issued for the week.
        HandOutFolderInUseError: the folder holds other files.
        CannotWriteError: the folder cannot be written.
    """
    situation = week_view(office, week, today)
    _require_empty(folder)
    alone = office.settings.model_copy(update={"personal_folders": True})
    count = 0
    for path, data in receipts_of(office, situation, alone):
        publish(folder / path.name, data, OURS_ALONE)
        count += 1
    return SentBack(week, folder, count)


def _workbooks(office: Office, seen: WeekSituation) -> Iterator[tuple[str, bytes]]:
    """The workbooks of managers and approvers, by file name. They hold what others wrote, so they are in no unit's zip."""
    for book in office.history.week(seen.view.week).books.values():
        if book.issue is None or book.workbook not in _OF_MANAGERS:
            continue
        path = office.absolute(book.issue.path)
        if path.is_file():
            yield path.name, path.read_bytes()


def _zip(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:  # a workbook is compressed already
        for name in sorted(files):
            package.writestr(zipfile.ZipInfo(name, _FIRST_DAY), files[name])
    return target.getvalue()


def _require_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise HandOutFolderInUseError(folder=folder)
