"""Finds the owner of a file without a readable stamp, so that the person is told about it.

A stamp may be unreadable because of a password, a truncated file or another format. The owner is the person whose workbook was issued to that place or
has that name. The owner is told; the file is never booked by its place. The same holds for a refused workbook in the place of somebody's own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from evalxl.domain.history.history import IssuedAndReturned
from evalxl.domain.names import code_key, subject_of_unit
from evalxl.domain.versions.returned_workbooks import Issue
from evalxl.excel.returned.examine import Examined
from evalxl.excel.stamping.peek_stamp import peek_stamp
from evalxl.forms.kind import kind_named


@dataclass(frozen=True, slots=True)
class Places:
    """Where workbooks were issued to: folder, file name without suffix, and issue. The longest names come first."""

    issued: tuple[tuple[str, str, Issue], ...]

    @classmethod
    def of(cls, history: IssuedAndReturned) -> Places:
        places = [(*_place(issue.path), issue) for issue in history.issues().values() if not issue.withdrawn]
        return cls(tuple(sorted(places, key=lambda place: (-len(place[1]), -place[2].seq))))

    def issue_at(self, file: str) -> Issue | None:
        """The issue whose place a file has, whatever its suffix, or whose name the file name begins with."""
        folder, stem = _place(file)
        here = [issue for at, name, issue in self.issued if (at, name) == (folder, stem)]
        if here:
            return here[0]
        name = _spelled(PurePosixPath(file).name)
        alike = [(at, issue) for at, begun, issue in self.issued if _is_called_after(name, begun, issue)]
        return next((issue for at, issue in alike if at == folder), alike[0][1] if alike else None)


def _place(file: str) -> tuple[str, str]:
    path = PurePosixPath(file)
    return _spelled(str(path.parent)), _spelled(path.stem)


def _spelled(text: str) -> str:
    """A path in the form used for comparison: Windows ignores case in names, and macOS stores letters and diacritics separately."""
    return unicodedata.normalize("NFC", text).casefold()


def _is_called_after(name: str, stem: str, issue: Issue) -> bool:
    """Whether a file name begins with the name of an issued workbook.

    A name that ends with a bare code (`2025-W23_V1-01`) may also begin another person's name. So the next character must not continue a name.
    """
    if not name.startswith(stem):
        return False
    following = name[len(stem) : len(stem) + 1]
    return not (stem.endswith(f"_{code_key(issue.subject)}") and (following.isalnum() or following in ("_", "-")))


def whose(seen: Examined, file: str, data: Callable[[], bytes], history: IssuedAndReturned, places: Places) -> Examined:
    """The examined file with its owner, found by its document properties or its place when the file itself does not say.

    Args:
        data: Gives the bytes of the file. Called only for a file that could not be read.
    """
    if seen.verdict != "refused" or seen.form_id:
        return seen
    stamp = peek_stamp(data())
    if not seen.findings[0].kind.startswith("file."):
        return _in_place_of(seen, file, stamp.get("kind", ""), history, places)
    pointed = history.issues().get(stamp.get("form_id", ""))
    if pointed is not None and not pointed.withdrawn:
        return replace(_of(seen, pointed), verdict="invalid", form_id=pointed.form_id)
    at = places.issue_at(file)
    return replace(_of(seen, at), verdict="invalid", unreadable=True) if at is not None else seen


def _in_place_of(seen: Examined, file: str, kind: str, history: IssuedAndReturned, places: Places) -> Examined:
    """A workbook that cannot be taken in here. The person whose workbook belongs at its place is told, else the person in its stamp."""
    at = places.issue_at(file)
    if at is None:
        said = (kind, code_key(seen.findings[0].code))
        issues = (issue for issue in history.issues().values() if not issue.withdrawn)
        at = next((issue for issue in issues if (issue.workbook, code_key(told(issue))) == said), None)
    return _of(seen, at) if at is not None else seen


def told(issue: Issue) -> str:
    """Whom to tell about a file in a workbook's place: a staff code, or a unit code with its mark."""
    return subject_of_unit(issue.subject) if kind_named(issue.workbook).of_unit else issue.subject


def _of(seen: Examined, issue: Issue) -> Examined:
    findings = tuple(finding.at(code=issue.subject) for finding in seen.findings)
    return replace(seen, findings=findings, workbook=issue.workbook, subject=issue.subject)
