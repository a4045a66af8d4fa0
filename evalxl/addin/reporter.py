"""Reports the real progress of a running job to the client, and learns whether to stop."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from evalxl.addin.caller import Caller
from evalxl.addin.protocol import CANCEL, LOG, State, put_status
from evalxl.domain.errors import EvalxlError
from evalxl.words import Lang, say

# The share of each stage in a job, in percent: reading from a share is slowest, then drawing the reports.
_SPANS = {
    "starting": (0, 1),
    "looking": (1, 30),
    "reading": (30, 70),
    "refreshing": (70, 75),
    "preparing": (1, 40),
    "writing": (40, 99),
    "gathering": (1, 40),
    "drawing": (75, 99),
}


class JobFolderError(EvalxlError):
    """The job folder cannot be written, so no client can be told anything."""

    key = "addin.job_folder"


@dataclass(slots=True)
class Reporter:
    """Writes the status of one job.

    A status is written when its percentage changes, so at most a hundred times. A status that cannot be written is skipped, except the last
    one.
    """

    folder: Path
    lang: Lang = "vi"
    caller: Caller = field(default_factory=Caller)
    _percent: int = field(default=-1, repr=False)

    def start(self) -> None:
        """Report that the job was taken.

        Raises:
            JobFolderError: the folder cannot be written.
        """
        self._must("running", 0, say("addin.stage.starting", self.lang))

    def __call__(self, stage: str, done: int, total: int) -> bool:
        """Report a step's progress; True if the client wants it to stop."""
        first, last = _SPANS[stage]
        percent = first + (last - first) * done // max(total, 1)
        if percent > self._percent:
            self._percent = percent
            message = say(f"addin.stage.{stage}", self.lang, done=done, total=total)
            with contextlib.suppress(OSError):
                put_status(self.folder, "running", percent, message)
            self.caller.report(message)
        return self.cancelled

    @property
    def cancelled(self) -> bool:
        return (self.folder / CANCEL).exists()

    def end(self, state: State, message: str) -> None:
        """Write the last status.

        Raises:
            JobFolderError: the folder cannot be written.
        """
        self._must(state, 100, message)

    def log(self, *lines: str) -> Path:
        """Write a line for the administrator into the log: staff codes only, never a name or a score."""
        path = self.folder / LOG
        with contextlib.suppress(OSError), path.open("a", encoding="utf-8", newline="\n") as log:
            log.writelines(f"{line}\n" for line in lines)
        return path

    @contextlib.contextmanager
    def keeping_log(self) -> Iterator[None]:
        """Copy the program's log lines to the job's log, whose path the client gets."""
        handler = _JobLog(self)
        logging.getLogger("evalxl").addHandler(handler)
        try:
            yield
        finally:
            logging.getLogger("evalxl").removeHandler(handler)

    def _must(self, state: State, percent: int, message: str) -> None:
        try:
            put_status(self.folder, state, percent, message)
        except OSError as slip:
            raise JobFolderError(folder=self.folder, reason=slip.strerror or type(slip).__name__) from slip


class _JobLog(logging.Handler):
    def __init__(self, reporter: Reporter) -> None:
        super().__init__(logging.WARNING)
        self._reporter = reporter

    def emit(self, record: logging.LogRecord) -> None:
        self._reporter.log(record.getMessage())
