"""Starts the agent at logon through one small file in the user's own folders, in each system's way."""

from __future__ import annotations

import plistlib
from collections.abc import Sequence
from pathlib import Path

from evalxl.addin.machine import Machine
from evalxl.addin.program import as_line
from evalxl.addin.protocol import put_bytes

_NAME = "org.evalxl.agent"


def logon_file(machine: Machine) -> Path:
    """The path of the file that starts the agent."""
    if machine.system == "windows":
        roaming = machine.folder("APPDATA", "AppData", "Roaming")
        return roaming / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Startup" / "evalxl-agent.cmd"
    if machine.system == "mac":
        return machine.home / "Library" / "LaunchAgents" / f"{_NAME}.plist"
    return machine.folder("XDG_CONFIG_HOME", ".config") / "autostart" / "evalxl-agent.desktop"


def start_at_logon(machine: Machine, words: Sequence[str]) -> Path:
    """Have the agent started at the user's next logon.

    Raises:
        OSError: the file cannot be written.
    """
    path = logon_file(machine)
    path.parent.mkdir(parents=True, exist_ok=True)
    put_bytes(path, _content(machine, words))
    return path


def not_at_logon(machine: Machine) -> None:
    """Stop starting the agent at logon.

    Raises:
        OSError: the file cannot be removed.
    """
    logon_file(machine).unlink(missing_ok=True)


def _content(machine: Machine, words: Sequence[str]) -> bytes:
    if machine.system == "windows":
        # Change the window's code page first: a user's folder may have Vietnamese letters.
        call = as_line(words).replace("%", "%%")
        return f'@echo off\r\nchcp 65001 >nul\r\nstart "" {call}\r\n'.encode()
    if machine.system == "mac":
        return plistlib.dumps({"Label": _NAME, "ProgramArguments": list(words), "RunAtLoad": True})
    call = " ".join(_desktop_word(word) for word in words)
    lines = (
        "[Desktop Entry]",
        "Type=Application",
        "Name=evalxl agent",
        f"Exec={call}",
        "Terminal=false",
        "NoDisplay=true",
    )
    return ("\n".join(lines) + "\n").encode()


def _desktop_word(word: str) -> str:
    """A word of a desktop entry: in quotes, with special characters escaped, twice if the file format escapes them itself."""
    for mark in ("\\", '"', "`", "$"):
        word = word.replace(mark, f"\\{mark}")
    return '"' + word.replace("\\", "\\\\").replace("%", "%%") + '"'
