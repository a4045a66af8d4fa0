"""Whose a file is that does not say so itself, so that nobody is left untold.

A file whose stamp cannot be read (a password, an end that is missing, another format) lies where somebody's workbook was issued, or is called after it. It
is that person's to be told, and it is never booked by its place. The same holds for a workbook that was refused where somebody's own should lie.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from evalxl.domain.history.history import IssuedAndReturned
from evalxl.domain.names import code_key, subject_of_unit
from evalxl.domain.versions.returned_workbooks import Issue
from evalxl.excel.examine import Examined
from evalxl.excel.peek_stamp import glance


@dataclass(frozen=True, slots=True)
class Places:
    """Where workbooks were issued to: the folder, the file name without its ending, and the issue; the longest names first."""

    issued: tuple[tuple[str, str, Issue], ...]

    @classmethod
    def of(cls, this: IssuedAndReturned) -> Places:
        places = [(*_place(issue.path), issue) for issue in this.issues().values() if not issue.withdrawn]
        return cls(tuple(sorted(places, key=lambda place: (-len(place[1]), -place[2].seq))))

    def issue_at(self, file: str) -> Issue | None:
        """The workbook that was issued to the place of a file, whatever its ending, or after which the file is called."""
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
    """A path as it is compared: Windows knows no case in names, and macOS writes letters and their marks apart."""
    return unicodedata.normalize("NFC", text).casefold()


def _is_called_after(name: str, stem: str, issue: Issue) -> bool:
    """Whether a file name begins with that of an issued workbook.

    A name that ends with a bare code (`2025-W23_V1-01`) is the beginning of other people's too, so something else than a name has to follow.
    """
    if not name.startswith(stem):
        return False
    following = name[len(stem) : len(stem) + 1]
    return not (stem.endswith(f"_{code_key(issue.subject)}") and (following.isalnum() or following in ("_", "-")))


def whose(seen: Examined, file: str, data: Callable[[], bytes], this: IssuedAndReturned, places: Places) -> Examined:
    """What a file turned out to be, with whose it is where nobody but its stamp's glance or its place can say.

    Args:
        data: Gives the bytes of the file; asked only of one that could not be read.
    """
    if seen.verdict != "refused" or seen.form_id:
        return seen
    stamp = glance(data())
    if not seen.findings[0].kind.startswith("file."):
        return _in_place_of(seen, file, stamp.get("kind", ""), this, places)
    pointed = this.issues().get(stamp.get("form_id", ""))
    if pointed is not None and not pointed.withdrawn:
        return replace(_of(seen, pointed), verdict="invalid", form_id=pointed.form_id)
    at = places.issue_at(file)
    return replace(_of(seen, at), verdict="invalid", unreadable=True) if at is not None else seen


def _in_place_of(seen: Examined, file: str, kind: str, this: IssuedAndReturned, places: Places) -> Examined:
    """A workbook that cannot be taken in here: whose own should lie at its place is told, else whom its stamp names."""
    at = places.issue_at(file)
    if at is None:
        said = (kind, code_key(seen.findings[0].code))
        issues = (issue for issue in this.issues().values() if not issue.withdrawn)
        at = next((issue for issue in issues if (issue.workbook, code_key(told(issue))) == said), None)
    return _of(seen, at) if at is not None else seen


def told(issue: Issue) -> str:
    """Whom to tell of what lies in a workbook's place: a staff code, or a unit's with its mark."""
    return subject_of_unit(issue.subject) if issue.workbook == "unit_form" else issue.subject


def _of(seen: Examined, issue: Issue) -> Examined:
    findings = tuple(finding.at(code=issue.subject) for finding in seen.findings)
    return replace(seen, findings=findings, workbook=issue.workbook, subject=issue.subject)
