"""What programs laid beside the forms: it never competes with a form, and is read where it is the only filled form of a person.

A save that broke off leaves Excel's `5F3A1B00.tmp` alone in the folder: the person has filled the form, and nobody would know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from evalxl.domain.findings import Finding
from evalxl.domain.history.history import PersonWeek, WeekHistory
from evalxl.domain.names import code_key
from evalxl.excel.examine import Examined
from evalxl.excel.guard import MAX_FILE
from evalxl.excel.peek_stamp import glance
from evalxl.records.archive import digest_of
from evalxl.records.arrivals import Arrival, lying_aside, read_once
from evalxl.steps.intake.examining import examine_all
from evalxl.steps.intake.record_versions import holder_of
from evalxl.steps.office.new_files import NewFile
from evalxl.steps.office.office import Office
from evalxl.steps.office.progress import Progress, unwatched


def still_aside(office: Office, this: WeekHistory) -> dict[str, str]:
    """By name: the bytes of what was read aside and lies there as it was."""
    found = {}
    for name, received in this.present.items():
        if received.aside:
            arrival = read_once(office.absolute(name), MAX_FILE)
            if arrival is not None and digest_of(arrival.data) == received.sha256:
                found[name] = received.sha256
    return found


def read_aside(
    office: Office, this: WeekHistory, aside: Sequence[Path], came: Iterable[NewFile], progress: Progress = unwatched
) -> list[NewFile]:
    """The forms among what was laid aside of people of whom no other filled form is there.

    Args:
        came: What is new in this run, examined.
    """
    lacking = _lacking(this, came) if aside else {}
    found: list[NewFile] = []
    issued = {issue.sha256 for issue in this.issues().values()}
    for path, in_folder in lying_aside(aside) if lacking else ():
        if in_folder and not any(_is_called_after(path, person) for person in lacking.values()):
            continue  # a server's earlier states are many, and keep the names of the files
        arrival = read_once(path, MAX_FILE)
        if arrival is None or arrival.obstacle or len(arrival.data) > MAX_FILE:
            continue
        digest = digest_of(arrival.data)
        if digest not in issued and _whose(this, arrival) in lacking:
            office.archive.keep(arrival.data, ".xlsx")
            found.append(NewFile(office.relative(path), digest, arrival.modified, aside=True))
    read = examine_all(office, this.week, this, found, progress) if found else []
    return [_told(one) for one in read if one.examined is not None and _says_something(one.examined)]


def _says_something(seen: Examined) -> bool:
    """Whether a file is a filled form. One that was not read by our own fault is tried again with the next run, and nobody has to be told of it."""
    return seen.verdict in ("submitted", "draft", "invalid") and not seen.by_our_fault


def _lacking(this: WeekHistory, came: Iterable[NewFile]) -> dict[str, PersonWeek]:
    """By code without case: the people with a form of whom nothing filled is known."""
    filled = {
        code_key(holder.code)
        for one in came
        if one.examined is not None
        and one.examined.verdict not in ("waiting", "refused")
        and (holder := holder_of(this, one.examined)) is not None
    }
    return {
        code_key(person.code): person
        for person in this.holders()
        if person.issue is not None and not person.versions and code_key(person.code) not in filled
    }


def _whose(this: WeekHistory, arrival: Arrival) -> str:
    issue = this.issue_of(glance(arrival.data).get("form_id", ""))
    if issue is None or issue.withdrawn or issue.workbook not in ("form", "unit_form"):
        return ""
    return code_key(this.holder(issue.workbook, issue.subject).code)


def _is_called_after(path: Path, person: PersonWeek) -> bool:
    return any(path.name.startswith(Path(issue.path).stem) for issue in person.issues.values())


def _told(one: NewFile) -> NewFile:
    """The file with the word that it was read although a program laid it there."""
    assert one.examined is not None
    note = Finding("form.read_aside", code=one.examined.subject)
    return replace(one, examined=replace(one.examined, findings=(note, *one.examined.findings)))
