"""Runs one job from its folder to its last status. Whatever happens, the client gets one sentence."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from evalxl import __version__
from evalxl.addin.caller import Caller
from evalxl.addin.host_program import FindCaller, caller_of
from evalxl.addin.job_defaults import office_for
from evalxl.addin.jobs import Done, JobContext, JobPlace, perform
from evalxl.addin.machine import JOBS as JOB_FOLDERS
from evalxl.addin.machine import Machine
from evalxl.addin.outcome import Ended, Show, ShownOutcome
from evalxl.addin.protocol import (
    JOBS,
    LOG,
    REQUEST,
    RESULT,
    RESULT_JSON,
    STATUS,
    Request,
    State,
    UnknownJobError,
    lines_of,
    put_bytes,
    put_text,
    request_in,
)
from evalxl.addin.reporter import JobFolderError, Reporter
from evalxl.addin.versions import require_together
from evalxl.domain.errors import EvalxlError, in_words, where_it_happened
from evalxl.steps.close import NotSureError
from evalxl.steps.office.office import Clock, Office
from evalxl.steps.office.progress import StoppedError
from evalxl.words import LEVELS, Lang, catalogue, say

KEPT = timedelta(days=7)  # how long the folder of an ended job is kept

STATES: Mapping[int, State] = {0: "ok", 1: "warn"}


def run_job(
    folder: Path,
    asked: Request,
    named: Path | None,
    machine: Machine,
    clock: Clock,
    show: Show,
    find: FindCaller = caller_of,
) -> Ended:
    """Run the job of a folder.

    Args:
        folder: The job's folder; made if it does not exist.
        asked: The request from the command line; empty fields are taken from the folder's request.
        named: The office folder named in the call, if any.
        machine: The machine with the add-in's files.
        clock: The time, and the user.
        show: Shows a step's result as the command line does.
        find: Finds the running program in which the button was pressed.

    Raises:
        JobFolderError: the folder cannot be written, so that no client can be told anything.
    """
    reporter = Reporter(folder, _language(asked.lang) or "vi")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as slip:
        raise JobFolderError(folder=folder, reason=slip.strerror or type(slip).__name__) from slip
    reporter.start()
    request, done, shown, caller, question = asked, None, None, Caller(), ""
    try:
        request = asked.filled(request_in(folder))
        reporter.lang = _language(request.lang) or reporter.lang
        if request.job not in JOBS:
            raise UnknownJobError(job=request.job)
        require_together(request.version)
        office = Office.open(office_for(named, request, machine))
        reporter.lang = _language(request.lang) or office.lang
        caller = reporter.caller = find(request.hwnd, request.wb, folder, reporter.log)
        with reporter.keeping_log():
            done = perform(JobContext(request, office, clock, reporter, reporter.lang, caller))
        shown = show(done.value, reporter.lang) if done.value is not None else ShownOutcome(done.message, {}, 0)
        state, code, message = STATES[shown.code], shown.code, done.message
    except StoppedError:
        state, code, message = "cancelled", StoppedError.exit_code, say("addin.cancelled", reporter.lang)
    except NotSureError as slip:
        state, code, message = "fail", slip.exit_code, sentence_for_buttons(slip, reporter.lang)
        question = say("addin.ask_yes", reporter.lang, why=message)
    except EvalxlError as slip:
        state, code, message = "fail", slip.exit_code, sentence_for_buttons(slip, reporter.lang)
    except KeyboardInterrupt:
        state, code, message = "cancelled", 2, say("addin.interrupted", reporter.lang)
    except BaseException as slip:  # a worker's library may end in a panic, which is not an Exception
        state, code, message = "fail", 2, _unforeseen(slip, reporter)
    caller.come_back()
    if done is not None and done.place.path is not None:
        caller.go_to(done.place.path.absolute(), done.place.sheet, done.place.row)
    record = _record(folder, request, state, code, message, done, shown) | {"ask": question}
    at = f"{clock.now:%Y-%m-%d %H:%M:%S}"
    reporter.log(f"{at} evalxl {__version__} {request.job or '?'} {record['what']} {state} {code}")
    with contextlib.suppress(OSError):  # the last status is what counts
        put_text(folder / RESULT, lines_of({word: record[word] for word in _TOLD}))
        put_bytes(folder / RESULT_JSON, json.dumps(record, ensure_ascii=False, indent=2, default=str).encode())
    reporter.end(state, message)
    clear_old_jobs(machine, clock.now)
    return Ended(state, code, message, record)


_TOLD = ("open", "sheet", "row", "message", "ask", "log", "version")


def _record(
    folder: Path, request: Request, state: State, code: int, message: str, done: Done | None, shown: ShownOutcome | None
) -> dict[str, Any]:
    place = done.place if done else JobPlace()
    findings = done.findings if done else ()
    return {
        "job": request.job,
        "state": state,
        "exit_code": code,
        "what": str(done.what) if done and done.what else "",
        "message": message,
        "open": str(place.path.absolute()) if place.path else "",
        "sheet": place.sheet,
        "row": place.row or "",
        "log": str((folder / LOG).absolute()),
        "version": __version__,
        "counts": {level: sum(finding.level == level for finding in findings) for level in LEVELS},
        "masters": [
            {
                "file": str(master.path),
                "state": master.state,
                "holder": master.holder,
                "beside": str(master.beside or ""),
            }
            for master in (done.masters if done else ())
        ],
        "text": shown.text if shown else "",
        "result": shown.record if shown else None,
    }


def sentence_for_buttons(slip: EvalxlError, lang: Lang) -> str:
    """An error's sentence for a person with buttons and without a command line."""
    key = f"addin.slip.{slip.key.rpartition('.')[2]}"
    return say(key, lang, **in_words(lang, **slip.values)) if key in catalogue() else slip.sentence(lang)


def _unforeseen(slip: BaseException, reporter: Reporter) -> str:
    """One sentence for a failed disk or an unforeseen error. The log has the place."""
    log = reporter.log(where_it_happened(slip))
    if isinstance(slip, OSError):
        path = slip.filename or say("slip.some_disk", reporter.lang)
        return say("slip.disk_failed", reporter.lang, path=path, reason=slip.strerror or type(slip).__name__)
    return say("slip.crashed", reporter.lang, log=log.absolute())


def _language(text: str) -> Lang | None:
    return "en" if text == "en" else "vi" if text == "vi" else None


def clear_old_jobs(machine: Machine, now: datetime) -> None:
    """Remove the folders of jobs that ended a week ago, and nothing else."""
    with contextlib.suppress(OSError):
        for folder in (machine.addin_home / JOB_FOLDERS).iterdir():
            marks = [folder / name for name in (STATUS, REQUEST)]
            there = [mark for mark in marks if mark.is_file()]
            if not there or folder.is_symlink():
                continue
            if max(mark.stat().st_mtime for mark in there) < (now - KEPT).timestamp():
                shutil.rmtree(folder, ignore_errors=True)
