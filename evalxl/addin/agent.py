"""The agent runs the buttons' jobs in offices whose policy forbids Excel to start a process.

It starts at logon, watches the jobs folder, and does one job at a time, each in its own process. If a job fails, the agent goes on.
Its heartbeat tells the buttons that it is running; they then write a request and start nothing. If two agents run, the heartbeat decides:
the agent that wrote it last stays, the other one ends.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Protocol

from evalxl import __version__
from evalxl.addin.machine import AGENT, JOBS, Machine
from evalxl.addin.protocol import (
    CANCEL,
    REQUEST,
    STATUS,
    Request,
    State,
    put_request,
    put_status,
    put_text,
    read_text,
    status_in,
)
from evalxl.domain.errors import EvalxlError
from evalxl.words import Lang, say

STOP = "stop"  # a file of this name in the add-in's home ends the agent

BEAT = timedelta(seconds=5)
FRESH = timedelta(seconds=20)
LOOK = 0.5  # seconds between two checks of the jobs folder
LEAVE = 60  # checks that a job may still run when the agent must end
LOG = "agent-log.txt"
_LONGEST_LOG = 1_000_000  # bytes


class AgentRunningError(EvalxlError):
    """Another agent of this user is already running."""

    key = "agent.running"
    exit_code = 3


class BadHoursError(EvalxlError):
    """The hours between which the agent consolidates by itself are invalid."""

    key = "agent.bad_hours"


class Job(Protocol):
    """A process that runs a job."""

    def poll(self) -> int | None: ...


Start = Callable[[Path], Job]
"""Starts the program for a job's folder."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the agent consolidates by itself: every `every` minutes between two hours of the day; never if `every` is 0."""

    every: int = 0
    first: time = time(7, 30)
    last: time = time(18)

    @classmethod
    def parse(cls, every: int, first: str, last: str) -> Schedule:
        """Read `07:30` and `18:00`.

        Raises:
            BadHoursError: they are not times of day, or the second one is not after the first.
        """
        try:
            hours = cls(every, time.fromisoformat(first.zfill(5)), time.fromisoformat(last.zfill(5)))
        except ValueError:
            raise BadHoursError(first=first, last=last) from None
        if hours.first >= hours.last or every < 0:
            raise BadHoursError(first=first, last=last)
        return hours

    def due(self, now: datetime, before: datetime | None) -> bool:
        if not self.every or not self.first <= now.time() <= self.last:
            return False
        return before is None or now - before >= timedelta(minutes=self.every)


@dataclass(frozen=True, slots=True)
class Beat:
    """The content of the heartbeat."""

    version: str
    pid: int
    at: datetime


def heartbeat(home: Path) -> Beat | None:
    """The last heartbeat written, fresh or not."""
    try:
        version, pid, at = read_text(home / AGENT).strip().split("|")
        return Beat(version, int(pid), datetime.fromisoformat(at).astimezone())
    except (OSError, ValueError):
        return None


def running_agent(home: Path, now: datetime) -> Beat | None:
    """The running agent, if there is a fresh heartbeat."""
    beat = heartbeat(home)
    return beat if beat is not None and abs(now.astimezone() - beat.at) < FRESH else None


@dataclass
class Agent:
    """One run of the agent.

    Attributes:
        now: The clock.
        start: Starts the program for a job.
        lang: The language of what the agent says itself.
    """

    machine: Machine
    now: Callable[[], datetime]
    start: Start
    schedule: Schedule = field(default_factory=Schedule)
    lang: Lang = "vi"
    pid: int = field(default_factory=os.getpid)
    _queue: list[Path] = field(default_factory=list, repr=False)
    _job: tuple[Path, Job] | None = field(default=None, repr=False)
    _beaten: datetime | None = field(default=None, repr=False)
    _own: datetime | None = field(default=None, repr=False)

    @property
    def home(self) -> Path:
        return self.machine.addin_home

    @property
    def jobs(self) -> Path:
        return self.home / JOBS

    def run(self, wait: Callable[[float], bool]) -> None:
        """Work until the agent is stopped.

        Args:
            wait: Waits a number of seconds; True if the agent must end.

        Raises:
            AgentRunningError: another agent is running.
            OSError: the add-in's home cannot be written.
        """
        other = running_agent(self.home, self.now())
        if other is not None and other.pid != self.pid:
            raise AgentRunningError(pid=other.pid)
        self.jobs.mkdir(parents=True, exist_ok=True)
        (self.home / STOP).unlink(missing_ok=True)
        self._beat()
        self._log("started")
        self._queue = [folder for folder in self._folders() if self._state(folder) == "queued"]
        try:
            while not wait(LOOK) and not (self.home / STOP).exists() and self.look():
                pass
        finally:
            self._leave(wait)

    def look(self) -> bool:
        """One check: write the heartbeat, look after the running job and the waiting ones. False if another agent has taken over."""
        now = self.now()
        if self._beaten is None or abs(now - self._beaten) >= BEAT:
            other = running_agent(self.home, now)
            if other is not None and other.pid != self.pid:
                self._log("another agent is there")
                return False
            self._beat()
        self._reap()
        for folder in self._folders():
            if folder not in self._queue and not (folder / STATUS).exists():
                self._take(folder)
        for folder in [queued for queued in self._queue if (queued / CANCEL).exists()]:
            self._queue.remove(folder)
            self._say(folder, "cancelled", say("addin.cancelled", self.lang))
        if self.schedule.due(now, self._own) and self._job is None and not self._queue:
            self._own = now
            self._ask_oneself(now)
        if self._job is None and self._queue:
            self._begin(self._queue.pop(0))
        return True

    def _folders(self) -> list[Path]:
        """The folders with a request, the oldest first."""
        asked: list[tuple[float, Path]] = []
        with contextlib.suppress(OSError):
            for folder in self.jobs.iterdir():
                with contextlib.suppress(OSError):
                    asked.append(((folder / REQUEST).stat().st_mtime, folder))
        return [folder for _, folder in sorted(asked)]

    def _take(self, folder: Path) -> None:
        if self._say(folder, "queued", say("agent.queued", self.lang, count=len(self._queue))):
            self._queue.append(folder)

    def _begin(self, folder: Path) -> None:
        try:
            self._job = folder, self.start(folder)
        except OSError as slip:
            self._log(f"{folder.name} not started: {type(slip).__name__}")
            self._say(folder, "fail", say("agent.not_started", self.lang, reason=slip.strerror or type(slip).__name__))

    def _reap(self) -> None:
        """Check whether the running job has ended. If it left no final status, tell its client."""
        if self._job is None or (code := self._job[1].poll()) is None:
            return
        folder, self._job = self._job[0], None
        self._log(f"{folder.name} ended with {code}")
        status = status_in(folder)
        if status is None or not status.ended:
            self._say(folder, "fail", say("addin.interrupted", self.lang))

    def _ask_oneself(self, now: datetime) -> None:
        """Request a scheduled run in the same way as a button does."""
        folder = self.jobs / f"agent-{now:%Y%m%d-%H%M%S}"
        with contextlib.suppress(OSError):
            folder.mkdir(exist_ok=True)
            put_request(folder, Request(job="consolidate", client="agent"))
            self._take(folder)

    def _leave(self, wait: Callable[[float], bool]) -> None:
        """End: ask the running job to stop at its next safe point. Waiting jobs stay for the next agent."""
        if self._job is not None:
            with contextlib.suppress(OSError):
                (self._job[0] / CANCEL).touch()
            for _ in range(LEAVE):
                self._reap()
                if self._job is None:
                    break
                wait(LOOK)
        beat = heartbeat(self.home)
        with contextlib.suppress(OSError):
            if beat is None or beat.pid == self.pid:
                (self.home / AGENT).unlink(missing_ok=True)
            (self.home / STOP).unlink(missing_ok=True)
        self._log("ended")

    def _beat(self) -> None:
        now = self.now().astimezone()
        with contextlib.suppress(OSError):
            put_text(self.home / AGENT, f"{__version__}|{self.pid}|{now.isoformat(timespec='seconds')}")
            self._beaten = self.now()

    def _state(self, folder: Path) -> str:
        status = status_in(folder)
        return status.state if status is not None else ""

    def _say(self, folder: Path, state: State, message: str) -> bool:
        """Write a status for a client. A folder that is gone or not writable has no client."""
        try:
            put_status(folder, state, 100 if state in ("fail", "cancelled") else 0, message)
        except OSError:
            return False
        return True

    def _log(self, line: str) -> None:
        path = self.home / LOG
        with contextlib.suppress(OSError):
            if path.exists() and path.stat().st_size > _LONGEST_LOG:
                path.replace(path.with_name("agent-log.old.txt"))
            with path.open("a", encoding="utf-8", newline="\n") as log:
                log.write(f"{self.now():%Y-%m-%d %H:%M:%S} {line}\n")


def command_for(program: Sequence[str], folder: Path) -> list[str]:
    """The command line that runs a job."""
    return [*program, "addin-run", "--job-dir", str(folder)]
