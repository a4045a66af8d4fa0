"""Workbooks of a week or period that lie outside their folder. In the office's inbox they are read; elsewhere on the share they are only reported.

A share may be large, so only names are listed, and only the document properties of a workbook are read. Files of other people are ignored.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from evalxl.domain.errors import EvalxlError
from evalxl.domain.findings import Finding
from evalxl.domain.history.events import ReceivedEvent
from evalxl.domain.history.history import IssuedAndReturned, WeekHistory
from evalxl.domain.versions.returned_workbooks import Issue
from evalxl.domain.weeks import Period, Week
from evalxl.excel.returned.examine import Examined
from evalxl.excel.stamping.peek_stamp import peek_stamp
from evalxl.forms.kind import OWN_OUTPUTS
from evalxl.records import folders
from evalxl.records.archive import digest_of
from evalxl.records.arrivals import Arrival, is_aside_folder, is_noise, lying_in
from evalxl.steps.office.file_stamp import stamp_at
from evalxl.steps.office.new_files import NewFile
from evalxl.steps.office.office import Office
from evalxl.steps.office.week_summary import is_open

_WORKBOOKS = (".xlsx", ".xlsm", ".xltx")
_WEEK = re.compile(r"\d{4}-W\d{2}")
_OURS = re.compile(r"(\d{4}-(?:W\d{2}|\d{2}|Q\d|H\d|9M))_")
_BEFORE, _AFTER = 2, 1  # closed weeks whose folders are still searched


def in_inbox(office: Office, when: Week | Period, history: IssuedAndReturned) -> Iterator[Path]:
    """The files in the office's inbox for a week or period. Files of another week or period wait there until that one is consolidated.

    A file without a readable stamp is assigned by its name, if the name begins with another week or period.
    """
    for path in lying_in(folders.inbox_path(office.folder), []):
        said = stamp_at(path).get("week") or _named(path.name)
        known = office.relative(path) in history.present
        if said == str(when) or known or (not said and isinstance(when, Week)):
            yield path


def outside(
    office: Office, when: Week | Period, places: Iterable[Path], history: IssuedAndReturned
) -> Iterator[tuple[Path, str]]:
    """The workbooks of a week or period that lie on a share outside its folders, each with its form id."""
    issued = history.issues()
    within = set(places)
    for root in folders.roots(office.settings, office.folder):
        for path in _workbooks(office, when, root, within):
            said = stamp_at(path)
            if said.get("week") == str(when) and said.get("form_id") in issued and said.get("kind") not in OWN_OUTPUTS:
                yield path, said["form_id"]


def astray(office: Office, when: Week | Period, history: IssuedAndReturned, path: Path, data: bytes) -> Finding | None:
    """The finding for a file on a share outside the folders of its week or period, where it is not read. None for any other file."""
    issue = history.issues().get(peek_stamp(data).get("form_id", ""))
    if issue is None or digest_of(data) in known_bytes(history):
        return None
    lies = path.resolve()
    own = (folders.ARCHIVE, folders.LEDGER, folders.INBOX, folders.TEMPLATES)
    read = (*places_of(office, when), *(office.folder / name for name in own))
    shares = folders.roots(office.settings, office.folder)
    if any(lies.is_relative_to(place.resolve()) for place in read):
        return None
    return _told(when, issue) if any(lies.is_relative_to(share.resolve()) for share in shares) else None


def places_of(office: Office, when: Week | Period) -> tuple[Path, ...]:
    """The folders in which a workbook of a week or period may come back."""
    if isinstance(when, Week):
        return folders.all_week_folders(office.settings, office.folder, when)
    return (folders.period_path(office.settings, office.folder, when).parent,)


def told_of(when: Week | Period, issue: Issue, name: str, arrival: Arrival) -> NewFile:
    """A workbook of evalxl outside its folder: it is reported and not read."""
    finding = _told(when, issue)
    examined = Examined("refused", findings=(finding,), workbook=issue.workbook, subject=issue.subject)
    return NewFile(name, digest_of(arrival.data), arrival.modified, examined)


def _told(when: Week | Period, issue: Issue) -> Finding:
    place = str(when) if isinstance(when, Week) else folders.PERIODS
    return Finding("file.elsewhere", code=issue.subject, values={"place": place})


def known_bytes(this: IssuedAndReturned) -> set[str]:
    """The hashes of issued and returned files. People may keep copies of these anywhere."""
    known = {issue.sha256 for issue in this.issues().values()}
    known |= {
        received.sha256 for received in (*this.present.values(), *this.read.values()) if not lay_elsewhere(received)
    }
    if isinstance(this, WeekHistory):
        known |= {
            received.sha256 for holder in this.holders() for received in holder.versions if not lay_elsewhere(received)
        }
    return known


def lay_elsewhere(of: ReceivedEvent | Examined) -> bool:
    """Whether a file was only reported, because it lies outside its folder."""
    return any(finding.kind == "file.elsewhere" for finding in of.findings)


def _workbooks(office: Office, when: Week | Period, root: Path, within: set[Path]) -> Iterator[Path]:
    """The files that may be workbooks of the week or period by their name, in other folders of a share."""
    own = (folders.ARCHIVE, folders.LEDGER, folders.INBOX, folders.TEMPLATES)
    shut = {str(path) for path in (*within, *(office.folder / name for name in own))}
    top, this = str(root), str(when)
    for folder, inner, names in os.walk(root, onerror=lambda _: None):
        inner[:] = sorted(
            name
            for name in inner
            if not is_aside_folder(name)
            and f"{folder}{os.sep}{name}" not in shut
            and not (folder == top and _left_alone(office, when, name))
        )
        for name in names:
            # Most file names begin with another week, so they are skipped without opening the file.
            if (
                name.lower().endswith(_WORKBOOKS)
                and _named(name) in ("", this)
                and not is_noise(path := Path(folder, name))
            ):
                yield path


def _left_alone(office: Office, when: Week | Period, name: str) -> bool:
    """Whether a folder belongs to a week that was closed long ago."""
    if not (match := _WEEK.fullmatch(name)):
        return False
    try:
        week = Week.parse(match[0])
    except EvalxlError:
        return False
    near = isinstance(when, Week) and when.after(-_BEFORE) <= week <= when.after(_AFTER)
    return not near and week in office.history.weeks and not is_open(office, week)


def _named(name: str) -> str:
    """The week or period that a file name begins with, as the names of evalxl do; empty without one."""
    match = _OURS.match(name)
    return match[1] if match else ""
