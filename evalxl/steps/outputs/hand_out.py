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

from evalxl.domain.history.history import WeekHistory
from evalxl.domain.weeks import Week
from evalxl.forms import kinds
from evalxl.records.archive import digest_of
from evalxl.records.arrivals import bytes_of
from evalxl.records.new_folder import require_new
from evalxl.records.publish import OURS_ALONE, publish
from evalxl.steps.office.office import Office
from evalxl.steps.outputs.week_outputs import receipts_of
from evalxl.steps.views.week_view import week_view

_OF_MANAGERS = (kinds.SCORING.name, kinds.APPROVAL.name)
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of every entry of a zip: equal forms make equal zips


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
    """Put a week's forms into a folder: a file per person, a zip per unit, and the managers' and approvers' workbooks apart.

    A form that somebody has filled is that person's file, and is in no zip: colleagues unpack it.

    Raises:
        NotIssuedError: nothing was issued for the week.
        FolderInUseError: the folder holds other files.
        CannotWriteError: the folder cannot be written.
    """
    situation = week_view(office, week, today)
    require_new(folder)
    units: dict[str, dict[str, bytes]] = {}
    week_history, forms, missing = office.history.week(week), 0, []
    issued = {issue.sha256 for issue in week_history.issues().values()}
    for row in (*situation.view.results, *situation.view.unit_results):
        if not row.form:
            continue  # absent the whole week: there is no form
        path = office.absolute(row.form)
        data = bytes_of(path)
        if not data:
            missing.append(row.code)
            continue
        forms += 1
        publish(folder / "people" / path.name, data, OURS_ALONE)
        if digest_of(data) in issued:
            units.setdefault(row.unit, {})[path.name] = data
    for unit, untouched in units.items():
        publish(folder / "units" / f"{week}_{unit}.zip", _zip(untouched), OURS_ALONE)
    workbooks = dict(_workbooks(office, week_history))
    for name, data in workbooks.items():
        publish(folder / "managers" / name, data, OURS_ALONE)
    return HandedOut(week, folder, forms, len(units), len(workbooks), tuple(missing))


def receipts(office: Office, week: Week, today: date, folder: Path) -> SentBack:
    """Put a text per person into a folder, to be sent to that person alone: it tells values.

    Raises:
        NotIssuedError: nothing was issued for the week.
        FolderInUseError: the folder holds other files.
        CannotWriteError: the folder cannot be written.
    """
    situation = week_view(office, week, today)
    require_new(folder)
    alone = office.settings.model_copy(update={"personal_folders": True})
    count = 0
    for path, data in receipts_of(office, situation, alone):
        publish(folder / path.name, data, OURS_ALONE)
        count += 1
    return SentBack(week, folder, count)


def _workbooks(office: Office, week_history: WeekHistory) -> Iterator[tuple[str, bytes]]:
    """The workbooks of managers and approvers, by file name. They hold what others wrote, so they are in no unit's zip."""
    for book in week_history.books.values():
        if book.issue is None or book.workbook not in _OF_MANAGERS:
            continue
        path = office.absolute(book.issue.path)
        if data := bytes_of(path):
            yield path.name, data


def _zip(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:  # a workbook is compressed already
        for name in sorted(files):
            package.writestr(zipfile.ZipInfo(name, _FIRST_DAY), files[name])
    return target.getvalue()
