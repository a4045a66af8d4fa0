"""The agent: one job at a time from the jobs folder, whatever lies there, until it is told to end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from evalxl import __version__
from evalxl.addin.agent import Agent, AgentRunningError, BadHoursError, Schedule, heartbeat, running_agent
from evalxl.addin.machine import Machine
from evalxl.addin.protocol import Request, put_request, put_status, put_text, request_in, status_in
from tests.addin.pressing import waited

MORNING = datetime.fromisoformat("2025-06-05T08:00:00+07:00")


class Played:
    """A job that ends when the test says so."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.code: int | None = None

    def poll(self) -> int | None:
        return self.code

    def ends(self, state: str = "ok", code: int = 0) -> None:
        if state:
            put_status(self.folder, state, 100, "xong")  # type: ignore[arg-type]
        self.code = code


class Desk:
    """An agent whose clock and whose jobs are the test's."""

    def __init__(self, home: Path, schedule: Schedule | None = None, pid: int = 1) -> None:
        self.now = MORNING
        self.started: list[Played] = []
        self.machine = Machine("linux", home, {"EVALXL_HOME": str(home)})
        self.agent = Agent(self.machine, lambda: self.now, self.start, schedule or Schedule(), pid=pid)
        self.agent.jobs.mkdir(parents=True, exist_ok=True)

    def start(self, folder: Path) -> Played:
        self.started.append(Played(folder))
        return self.started[-1]

    def ask(self, name: str, job: str = "consolidate") -> Path:
        folder = self.agent.jobs / name
        folder.mkdir()
        put_request(folder, Request(job=job))
        asked = MORNING.timestamp() + len(list(self.agent.jobs.iterdir()))
        os.utime(folder / "request.txt", (asked, asked))
        return folder

    def look(self, seconds: float = 1) -> bool:
        self.now += timedelta(seconds=seconds)
        return self.agent.look()

    def states(self) -> dict[str, str]:
        return {
            folder.name: status.state if (status := status_in(folder)) else ""
            for folder in sorted(self.agent.jobs.iterdir())
        }


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_one_job_is_done_at_a_time_in_the_order_in_which_they_were_asked(desk: Desk) -> None:
    desk.ask("b")
    desk.ask("a")
    desk.look()
    assert ["b"] == [job.folder.name for job in desk.started]
    assert {"a": "queued", "b": "queued"} == desk.states()

    desk.look()
    desk.started[0].ends()
    desk.look()

    assert ["b", "a"] == [job.folder.name for job in desk.started]


def test_a_folder_whose_request_is_not_there_yet_waits(desk: Desk) -> None:
    folder = desk.agent.jobs / "a"
    folder.mkdir()
    desk.look()
    assert not desk.started

    put_request(folder, Request(job="check"))
    desk.look()

    assert 1 == len(desk.started)


def test_a_job_that_waits_can_be_called_off(desk: Desk) -> None:
    desk.ask("a")
    folder = desk.ask("b")
    desk.look()
    (folder / "cancel").touch()
    desk.look()
    desk.started[0].ends()
    desk.look()

    assert {"a": "ok", "b": "cancelled"} == desk.states()
    assert 1 == len(desk.started)


def test_of_a_job_that_fell_over_its_client_is_told_and_the_next_one_is_done(desk: Desk) -> None:
    desk.ask("a")
    desk.ask("b")
    desk.look()
    desk.started[0].ends("", -9)
    desk.look()

    assert "fail" == desk.states()["a"]
    assert ["a", "b"] == [job.folder.name for job in desk.started]


def test_a_program_that_cannot_be_started_is_told(desk: Desk) -> None:
    def not_there(folder: Path) -> Played:
        raise FileNotFoundError(2, "No such file")

    desk.agent.start = not_there
    folder = desk.ask("a")
    desk.look()

    assert "fail" == desk.states()["a"]
    assert (status := status_in(folder)) is not None
    assert "No such file" in status.message


def test_whatever_lies_among_the_jobs_the_agent_goes_on(desk: Desk) -> None:
    (desk.agent.jobs / "a file").write_bytes(b"x")
    (desk.agent.jobs / "spoiled").mkdir()
    (desk.agent.jobs / "spoiled" / "request.txt").write_bytes(b"\xff\xff\xff")
    (desk.agent.jobs / "folder").mkdir()
    (desk.agent.jobs / "folder" / "request.txt").mkdir()
    put_text(desk.machine.addin_home / "agent.txt", "nonsense")

    assert desk.look()
    assert desk.look(10)


def test_the_heartbeat_is_written_every_five_seconds_and_taken_away_at_the_end(desk: Desk) -> None:
    looks = iter(range(30))
    beats = []

    def wait(seconds: float) -> bool:
        desk.now += timedelta(seconds=1)
        beats.append(heartbeat(desk.machine.addin_home))
        return next(looks) == 12

    desk.agent.run(wait)

    assert all(beat is not None and beat.pid == 1 and beat.version == __version__ for beat in beats)
    assert [0, 5, 10] == sorted({round((beat.at - MORNING).total_seconds()) for beat in beats if beat})
    assert heartbeat(desk.machine.addin_home) is None


def test_a_second_agent_says_that_one_is_there(desk: Desk, tmp_path: Path) -> None:
    desk.look()

    with pytest.raises(AgentRunningError, match="running already"):
        Desk(tmp_path, pid=2).agent.run(lambda _: True)

    assert running_agent(tmp_path, MORNING + timedelta(seconds=21)) is None


def test_of_two_that_started_at_once_one_leaves(tmp_path: Path) -> None:
    first, second = Desk(tmp_path, pid=1), Desk(tmp_path, pid=2)
    first.agent._beat()
    second.agent._beat()

    assert [False, True] == [first.look(6), second.look(6)]


def test_the_agent_that_ends_stops_its_job_at_a_safe_place_and_leaves_the_rest_to_the_next(
    desk: Desk, tmp_path: Path
) -> None:
    desk.ask("a")
    desk.ask("b")
    (tmp_path / "unrelated").touch()
    looks = iter(range(30))

    def wait(seconds: float) -> bool:
        desk.now += timedelta(seconds=1)
        if desk.started and (desk.started[0].folder / "cancel").exists():
            desk.started[0].ends("cancelled", 2)
        if next(looks) == 3:
            (tmp_path / "stop").touch()
        return False

    desk.agent.run(wait)
    later = Desk(tmp_path, pid=3)
    later.now = desk.now
    later.agent.run(lambda _: len(later.started) == 1)

    assert "cancelled" == desk.states()["a"]
    assert ["b"] == [job.folder.name for job in later.started]
    assert not (tmp_path / "stop").exists()


def test_it_consolidates_by_itself_between_the_hours_and_never_unless_asked_to(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Schedule.parse(30, "7:30", "09:00"))
    for _ in range(12):
        desk.look(10 * 60)
        for job in desk.started:
            job.ends()

    asked = [request_in(job.folder) for job in desk.started]
    assert [("consolidate", "agent")] * 2 == [(one.job, one.client) for one in asked]
    assert not any(Schedule().due(MORNING + timedelta(minutes=n), None) for n in range(0, 1440, 7))


@pytest.mark.parametrize(("first", "last"), [("9", "8:00"), ("18:00", "07:30"), ("sáng", "chiều"), ("25:00", "26:00")])
def test_hours_that_are_none_are_refused(first: str, last: str) -> None:
    with pytest.raises(BadHoursError):
        Schedule.parse(30, first, last)


# Through a process


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "EVALXL_HOME": str(tmp_path)}
    environment.pop("EVALXL_OFFICE", None)
    (tmp_path / "jobs").mkdir()
    running = subprocess.Popen(
        [sys.executable, "-m", "evalxl", "agent"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    until = time.monotonic() + 30
    while heartbeat(tmp_path) is None:
        assert time.monotonic() < until
        time.sleep(0.05)
    yield running
    if running.poll() is None:
        running.kill()
    running.communicate()


def test_a_button_is_answered_by_the_agent_and_the_agent_ends_on_the_systems_word(
    agent: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    job = tmp_path / "jobs" / "1"
    job.mkdir()
    put_request(job, Request(job="consolidate", office=str(tmp_path / "không có")))

    status = waited(job)
    agent.send_signal(signal.SIGTERM)
    said = agent.communicate(timeout=30)[0].decode()

    assert "fail" == status.state
    assert "không phải là thư mục cơ quan" in status.message
    assert (0, "evalxl agent đã dừng.\n") == (agent.returncode, said)
    assert heartbeat(tmp_path) is None
