"""Temporary and backup files that programs leave beside the forms. They never compete with a form, and are read only when a person has no other filled form.

If a save fails, Excel may leave only its `5F3A1B00.tmp` in the folder. Without this the person's filled form would be missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from evalxl.domain.findings import Finding
from evalxl.domain.history.history import PersonWeek, WeekHistory
from evalxl.domain.names import code_key
from evalxl.excel.returned.examine import Examined
from evalxl.excel.returned.guard import MAX_FILE
from evalxl.excel.stamping.peek_stamp import peek_stamp
from evalxl.forms.kind import is_form
from evalxl.records.archive import digest_of
from evalxl.records.arrivals import Arrival, lying_aside, read_once
from evalxl.steps.intake.examining import examine_all
from evalxl.steps.intake.record_versions import holder_of
from evalxl.steps.office.new_files import NewFile
from evalxl.steps.office.office import Office
from evalxl.steps.office.progress import Progress, unwatched


def still_aside(office: Office, week_history: WeekHistory) -> dict[str, str]:
    """By file name: the hash of each such file that was read and is unchanged."""
    unchanged = {}
    for name, received in week_history.present.items():
        if received.aside:
            arrival = read_once(office.absolute(name), MAX_FILE)
            if arrival is not None and digest_of(arrival.data) == received.sha256:
                unchanged[name] = received.sha256
    return unchanged


def read_aside(
    office: Office,
    week_history: WeekHistory,
    aside: Sequence[Path],
    came: Iterable[NewFile],
    progress: Progress = unwatched,
) -> list[NewFile]:
    """Read the temporary and backup files of people who have no other filled form.

    Args:
        came: The new files of this run, examined.
    """
    lacking = _lacking(week_history, came) if aside else {}
    new_files: list[NewFile] = []
    issued = {issue.sha256 for issue in week_history.issues().values()}
    for path, in_folder in lying_aside(aside) if lacking else ():
        if in_folder and not any(_is_called_after(path, person) for person in lacking.values()):
            continue  # a server keeps many earlier versions, under the names of the files
        arrival = read_once(path, MAX_FILE)
        if arrival is None or arrival.obstacle or len(arrival.data) > MAX_FILE:
            continue
        digest = digest_of(arrival.data)
        if digest not in issued and _whose(week_history, arrival) in lacking:
            office.archive.keep(arrival.data, ".xlsx")
            new_files.append(NewFile(office.relative(path), digest, arrival.modified, aside=True))
    read = examine_all(office, week_history.week, week_history, new_files, progress) if new_files else []
    return [
        _told(new_file) for new_file in read if new_file.examined is not None and _says_something(new_file.examined)
    ]


def _says_something(seen: Examined) -> bool:
    """Whether a file is a filled form. A file that evalxl failed to read by its own fault is tried again in the next run without a finding."""
    return seen.verdict in ("submitted", "draft", "invalid") and not seen.by_our_fault


def _lacking(week_history: WeekHistory, came: Iterable[NewFile]) -> dict[str, PersonWeek]:
    """By code key: the people who were issued a form and have returned no filled one."""
    filled = {
        code_key(holder.code)
        for new_file in came
        if new_file.examined is not None
        and new_file.examined.verdict not in ("waiting", "refused")
        and (holder := holder_of(week_history, new_file.examined)) is not None
    }
    return {
        code_key(person.code): person
        for person in week_history.holders()
        if person.issue is not None and not person.versions and code_key(person.code) not in filled
    }


def _whose(week_history: WeekHistory, arrival: Arrival) -> str:
    issue = week_history.issue_of(peek_stamp(arrival.data).get("form_id", ""))
    if issue is None or issue.withdrawn or not is_form(issue.workbook):
        return ""
    return code_key(week_history.holder(issue.workbook, issue.subject).code)


def _is_called_after(path: Path, person: PersonWeek) -> bool:
    return any(path.name.startswith(Path(issue.path).stem) for issue in person.issues.values())


def _told(new_file: NewFile) -> NewFile:
    """The file with a finding that says it was read although a program created it."""
    assert new_file.examined is not None
    note = Finding("form.read_aside", code=new_file.examined.subject)
    return replace(new_file, examined=replace(new_file.examined, findings=(note, *new_file.examined.findings)))
