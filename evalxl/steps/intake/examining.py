"""Examining new files in worker processes, from their bytes in the archive."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from functools import cache, partial

from evalxl.domain.errors import EvalxlError
from evalxl.domain.history.history import IssuedAndReturned
from evalxl.domain.week.assigned_tasks import names_given, rows_given
from evalxl.domain.weeks import Period, Week
from evalxl.excel.returned.examine import Examined, WeekBooks
from evalxl.excel.returned.workers import in_workers
from evalxl.records.archive import digest_of
from evalxl.steps.intake.whose import Places, whose
from evalxl.steps.office.new_files import NewFile
from evalxl.steps.office.not_read import log_if_not_read
from evalxl.steps.office.office import Office
from evalxl.steps.office.progress import Progress, report_or_stop


class ArchiveAlteredError(EvalxlError):
    """A file of the archive does not have the hash that it is named by."""

    key = "slip.archive_altered"


def examine_all(
    office: Office, when: Week | Period, history: IssuedAndReturned, came: Sequence[NewFile], progress: Progress
) -> list[NewFile]:
    """Examine each file. Its bytes are read from the archive, a few files at a time, so thousands of files need no more memory than ten."""
    places = Places.of(history)
    came = [
        new_file
        if new_file.examined is None
        else replace(new_file, examined=whose(new_file.examined, new_file.file, bytes, history, places))
        for new_file in came
    ]
    unread = [new_file for new_file in came if new_file.examined is None]
    if not unread:
        return came
    written = len(office.ledger.events)
    issues = {form_id: office.event_of(issue) for form_id, issue in history.issues().items() if issue.seq <= written}
    withdrawn = {form_id for form_id, issue in history.issues().items() if issue.withdrawn}
    ever_given = cache(lambda: names_given(office.history))
    organisation = office.organisation_of(when) if isinstance(when, Week) else None
    books = WeekBooks(
        week=str(when),
        issues={
            form_id: {**event, "withdrawn": form_id in withdrawn, "given": rows_given(event, ever_given)}
            for form_id, event in issues.items()
        },
        templates={t: office.archive.get(t) for t in {str(event["template"]) for event in issues.values()}},
        rules={r: office.archive.get(r) for r in {str(event["rules"]) for event in issues.values()}},
        office_id=office.id,
        days_off=organisation.days_off if organisation else (),
        task_codes=tuple(task.code for task in organisation.tasks_on(when.thursday))
        if organisation and isinstance(when, Week)
        else (),
    )
    examiner = office.examiner or in_workers(office.settings.workers)
    examined: dict[int, Examined] = {}
    # Closing an examiner early ends its worker processes.
    with closing(examiner(books, (_archived(office, new_file.sha256) for new_file in unread))) as seen:
        for number, new_file in enumerate(unread):
            report_or_stop(progress, "reading", number, len(unread))
            examined[id(new_file)] = whose(
                next(seen), new_file.file, partial(_archived, office, new_file.sha256), history, places
            )
            log_if_not_read(examined[id(new_file)], when, new_file.sha256)
    return [new_file if new_file.examined else replace(new_file, examined=examined[id(new_file)]) for new_file in came]


def _archived(office: Office, digest: str) -> bytes:
    data = office.archive.get(digest)
    if digest_of(data) != digest:
        raise ArchiveAlteredError(file=office.archive.path(digest, ".xlsx").name)
    return data
