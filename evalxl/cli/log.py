"""The user's log, which is never shown on a screen. No log line holds a name or a score."""

from __future__ import annotations

import logging
import os
from datetime import datetime
from pathlib import Path


def keep_log() -> None:
    """Write all log lines of the program into the user's log."""
    logging.getLogger("evalxl").addHandler(_USER_LOG)  # once, however often it is called


def write_log(text: str) -> Path:
    """Append to the user's log and give its path."""
    path = log_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as log:
            log.write(f"{datetime.now().astimezone().isoformat(timespec='seconds')}\n{text}\n")
    except OSError:
        pass
    return path


def log_path() -> Path:
    """The path of the log: per user, in the system's usual place."""
    return _log_folder() / "evalxl.log"


def _log_folder() -> Path:
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "evalxl"
    return Path(os.environ.get("XDG_STATE_HOME", Path.home() / ".local" / "state")) / "evalxl"


class _UserLog(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        write_log(record.getMessage())


_USER_LOG = _UserLog(logging.WARNING)
