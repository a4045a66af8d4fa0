"""Pressing a button without Excel: a job's folder, the program, and what it answered; and the same through a process, as clients do it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from evalxl.addin.host_program import FindCaller, caller_of
from evalxl.addin.machine import Machine
from evalxl.addin.outcome import Ended
from evalxl.addin.protocol import RESULT, JobStatus, Request, put_request, read_text, status_in, values_of
from evalxl.addin.run import run_job
from evalxl.cli.shown_addin import as_shown
from evalxl.steps.office.office import Clock

# The Thursday of the little office's week.
THURSDAY = datetime.fromisoformat("2025-06-05T09:00:00+07:00")


@dataclass
class Button:
    """The buttons of one clerk, pressed at a moment that the test names."""

    home: Path
    office: Path | None
    now: datetime = THURSDAY
    find: FindCaller = caller_of

    def __post_init__(self) -> None:
        self.machine = Machine("linux", self.home, {"EVALXL_HOME": str(self.home / "addin")})

    def folder(self) -> Path:
        """The folder of the next job."""
        jobs = self.machine.addin_home / "jobs"
        folder = jobs / f"{len(list(jobs.glob('*'))) + 1:03d}"
        folder.mkdir(parents=True)
        return folder

    def press(self, job: str, folder: Path | None = None, **said: str) -> Answer:
        """Press a button and wait for the end. What is said travels in the request, as clients send it."""
        folder = folder or self.folder()
        put_request(folder, Request(job=job, **said))
        return self.run(folder)

    def run(self, folder: Path, **said: str) -> Answer:
        """Run the job that lies in a folder."""
        clock = Clock(self.now, "văn phòng")
        ended = run_job(folder, Request(**said), self.office, self.machine, clock, as_shown, self.find)
        return Answer(folder, ended)


@dataclass(frozen=True)
class Answer:
    """What the client of a job sees at its end."""

    folder: Path
    ended: Ended

    @property
    def status(self) -> JobStatus:
        status = status_in(self.folder)
        assert status is not None
        return status

    @property
    def state(self) -> str:
        return self.status.state

    @property
    def said(self) -> str:
        return self.status.message

    @property
    def result(self) -> dict[str, str]:
        return values_of(read_text(self.folder / RESULT))

    @property
    def record(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "result.json").read_text(encoding="utf-8")))

    @property
    def log(self) -> str:
        return (self.folder / "log.txt").read_text(encoding="utf-8")


def started(folder: Path, *words: str, home: Path, program: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """Start the program as a client does: a process of its own, of which nothing is read but the folder."""
    environment = {**os.environ, "EVALXL_HOME": str(home)}
    command = [*(program or (sys.executable, "-m", "evalxl")), "addin-run", *words, "--job-dir", str(folder)]
    silent = subprocess.DEVNULL
    return subprocess.Popen(command, env=environment, stdin=silent, stdout=silent, stderr=silent, cwd=folder)


def waited(folder: Path, seconds: float = 60) -> JobStatus:
    """The last status of a job, for which a client polls."""
    until = time.monotonic() + seconds
    while (status := status_in(folder)) is None or not status.ended:
        assert time.monotonic() < until, status
        time.sleep(0.02)
    return status
