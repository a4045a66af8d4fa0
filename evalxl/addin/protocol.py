"""The protocol between a button and the program: a folder per job, and small text files in it.

    request.txt   from the client: lines `key=value`
    status.txt    from the program: one line `state|percent|message`
    result.txt    from the program, before the last status: lines `key=value`
    result.json   the same and more, for programs
    log.txt       for the administrator: staff codes only
    cancel        from the client: the program must stop

Texts are UTF-16LE without a byte order mark, because VBA reads and writes this without any library, Vietnamese included. They are written beside and moved
into place whole. `docs/addin-protocol.md` is the specification for clients.
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

MOST = 64 * 1024  # bytes of a text of the protocol; the largest ordinary one has 2,000
_PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.0)  # seconds within which a reading client releases a file


class RequestSpoiledError(EvalxlError):
    """request.txt is not a valid request."""

    key = "addin.request_spoiled"


class UnknownJobError(EvalxlError):
    """The program does not know this job: the add-in is newer, or the call has a typing error."""

    key = "addin.unknown_job"


@dataclass(frozen=True, slots=True)
class Request:
    """A client's request. Every field may be empty.

    `yes` says that the person was asked and agreed; `wb`, `app` and `hwnd` name the Excel that sends the request.
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
        """This request, with empty fields taken from the other one."""
        lacking = {field.name: getattr(other, field.name) for field in fields(self) if not getattr(self, field.name)}
        return replace(self, **lacking)


_WORDS = frozenset(field.name for field in fields(Request))


@dataclass(frozen=True, slots=True)
class JobStatus:
    """The status of a job."""

    state: str
    percent: int
    message: str

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    def line(self) -> str:
        return f"{self.state}|{self.percent}|{plain(self.message)}"


def plain(text: str) -> str:
    """A text on one line, without the bar that separates the fields of a status."""
    return on_one_line(text).replace("|", "/")


def read_text(path: Path) -> str:
    """A text of the protocol. A byte order mark is accepted.

    Raises:
        OSError, ValueError: it is missing, too long, or not such a text.
    """
    with path.open("rb") as file:
        data = file.read(MOST + 1)
    if len(data) > MOST:
        raise ValueError("too long")
    return data.decode("utf-16-le").removeprefix("\ufeff")


def put_text(path: Path, text: str) -> None:
    """Write a text whole: a client sees either the text before or this one.

    Raises:
        OSError: it cannot be written.
    """
    put_bytes(path, text.encode("utf-16-le", "replace"))


def put_bytes(path: Path, data: bytes) -> None:
    """Write a file whole. Windows refuses for a moment while a client reads the file before."""
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
    """The values of lines `key=value`. Other lines are ignored."""
    pairs = (line.partition("=") for line in text.splitlines())
    return {key.strip().lower(): value.strip() for key, equals, value in pairs if equals}


def request_in(folder: Path) -> Request:
    """The request in a job folder; an empty one if there is none.

    Raises:
        RequestSpoiledError: request.txt is not a request.
    """
    path = folder / REQUEST
    try:
        values = values_of(read_text(path))
    except FileNotFoundError:
        return Request()
    except (OSError, ValueError):
        raise RequestSpoiledError(file=path) from None
    words = {key: value for key, value in values.items() if key in _WORDS}
    if not words or any("\0" in value for value in words.values()):
        raise RequestSpoiledError(file=path)
    return Request(**words)


def put_request(folder: Path, request: Request) -> None:
    """Write a request, as a client does."""
    words = {field.name: value for field in fields(request) if (value := getattr(request, field.name))}
    put_text(folder / REQUEST, lines_of(words))


def status_in(folder: Path) -> JobStatus | None:
    """The status of the job in a folder; None if nobody has taken it yet."""
    try:
        state, percent, message = read_text(folder / STATUS).strip().split("|", 2)
        return JobStatus(state, int(percent), message)
    except (OSError, ValueError):
        return None


def put_status(folder: Path, state: State, percent: int, message: str) -> None:
    put_text(folder / STATUS, JobStatus(state, percent, message).line())
