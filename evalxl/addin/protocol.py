"""The protocol between a button and the program: a folder per job, and small text files in it.

    request.txt   from the client: lines `key=value`
    status.txt    from the program: one line `state|percent|message`
    result.txt    from the program, before the last status: lines `key=value`
    result.json   the same and more, for programs
    log.txt       for the administrator: staff codes only
    cancel        from the client: the program is to stop

Texts are UTF-16LE without a mark, because that is what VBA reads and writes without any library, Vietnamese included; they are written beside and put in place
whole. `docs/addin-protocol.md` is the agreement for whoever writes a client.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Literal

from evalxl.domain.errors import EvalxlError
from evalxl.domain.names import on_one_line

JOBS = ("consolidate", "issue", "check", "who-is-missing", "close", "reopen", "roll-up")

REQUEST, STATUS, RESULT, RESULT_JSON, LOG, CANCEL = (
    "request.txt",
    "status.txt",
    "result.txt",
    "result.json",
    "log.txt",
    "cancel",
)

State = Literal["queued", "running", "ok", "warn", "fail", "cancelled"]
ENDED: tuple[State, ...] = ("ok", "warn", "fail", "cancelled")

MOST = 64 * 1024  # bytes of a text of the protocol; the largest honest one has 2,000
_PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.0)  # seconds: a client that reads lets go within these


class RequestSpoiledError(EvalxlError):
    """request.txt is not what a client writes."""

    key = "addin.request_spoiled"


class UnknownJobError(EvalxlError):
    """A job that this program does not know: the add-in is newer, or the call was not typed right."""

    key = "addin.unknown_job"


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks for. Every word may be empty.

    `yes` says that whoever pressed was asked and agreed; `wb`, `app` and `hwnd` name the Excel that asks.
    """

    job: str = ""
    week: str = ""
    period: str = ""
    workbook: str = ""
    reason: str = ""
    yes: str = ""
    version: str = ""
    lang: str = ""
    office: str = ""
    client: str = ""
    wb: str = ""
    app: str = ""
    hwnd: str = ""

    def filled(self, other: Request) -> Request:
        """What is said here, and where nothing is said what the other says."""
        lacking = {one.name: getattr(other, one.name) for one in fields(self) if not getattr(self, one.name)}
        return replace(self, **lacking)


_WORDS = frozenset(one.name for one in fields(Request))


@dataclass(frozen=True, slots=True)
class JobStatus:
    """How a job stands."""

    state: str
    percent: int
    message: str

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    def line(self) -> str:
        return f"{self.state}|{self.percent}|{plain(self.message)}"


def plain(text: str) -> str:
    """A text on one line and without the bar that parts the words of a status."""
    return on_one_line(text).replace("|", "/")


def read_text(path: Path) -> str:
    """A text of the protocol; a mark at its beginning is let pass.

    Raises:
        OSError, ValueError: it is not there, too long, or no such text.
    """
    with path.open("rb") as file:
        data = file.read(MOST + 1)
    if len(data) > MOST:
        raise ValueError("too long")
    return data.decode("utf-16-le").removeprefix("\ufeff")


def put_text(path: Path, text: str) -> None:
    """Put a text in its place, whole: a client that looks sees the one before or this one.

    Raises:
        OSError: it cannot be put there.
    """
    put_bytes(path, text.encode("utf-16-le", "replace"))


def put_bytes(path: Path, data: bytes) -> None:
    """Put a file in its place, whole. A client that reads the one before makes Windows refuse for a moment."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        for pause in (*_PAUSES, None):
            try:
                temporary.replace(path)
                return
            except PermissionError:
                if pause is None:
                    raise
                time.sleep(pause)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def lines_of(values: Mapping[str, object]) -> str:
    """Lines `key=value`, each on one line."""
    return "".join(f"{key}={on_one_line(str(value))}\n" for key, value in values.items())


def values_of(text: str) -> dict[str, str]:
    """The words of lines `key=value`; other lines are passed over."""
    pairs = (line.partition("=") for line in text.splitlines())
    return {key.strip().lower(): value.strip() for key, equals, value in pairs if equals}


def request_in(folder: Path) -> Request:
    """What the job folder asks for; nothing where it holds no request.

    Raises:
        RequestSpoiledError: what lies there is no request.
    """
    path = folder / REQUEST
    try:
        values = values_of(read_text(path))
    except FileNotFoundError:
        return Request()
    except (OSError, ValueError):
        raise RequestSpoiledError(file=path) from None
    said = {key: value for key, value in values.items() if key in _WORDS}
    if not said or any("\0" in value for value in said.values()):
        raise RequestSpoiledError(file=path)
    return Request(**said)


def put_request(folder: Path, request: Request) -> None:
    """Ask for a job, as a client does."""
    said = {one.name: value for one in fields(request) if (value := getattr(request, one.name))}
    put_text(folder / REQUEST, lines_of(said))


def status_in(folder: Path) -> JobStatus | None:
    """How the job in a folder stands; None where nobody has taken it yet."""
    try:
        state, percent, message = read_text(folder / STATUS).strip().split("|", 2)
        return JobStatus(state, int(percent), message)
    except (OSError, ValueError):
        return None


def put_status(folder: Path, state: State, percent: int, message: str) -> None:
    put_text(folder / STATUS, JobStatus(state, percent, message).line())
