"""Processes of this machine: whether the one that left something behind is still at work."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def alive(pid: int) -> bool:
    """Whether a process of this machine is still there; where the system does not say, it is."""
    if os.name == "nt":
        return _alive_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _alive_on_windows(pid: int) -> bool:
    import ctypes

    # Sending signal 0 would end the process there, so it is opened for a look.
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 (there on Windows alone)
    handle = kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
    if not handle:
        return bool(kernel.GetLastError() == 5)  # ERROR_ACCESS_DENIED: it is there, and somebody else's
    code = ctypes.c_ulong()
    known = kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return not known or code.value == 259  # STILL_ACTIVE


def born(pid: int) -> str:
    """When a process began, as a text to compare: numbers are given again, after a restart of the machine too. Empty where the system does not say.

    What the system noted when the process was made: never what follows from a clock that somebody may set while it runs.
    """
    if sys.platform != "linux":
        import psutil  # slow to import

        try:
            return str(psutil.Process(pid).create_time())
        except (psutil.Error, ValueError, OverflowError):
            return ""
    try:
        # The 22nd word, where the second, in brackets, is a name with anything in it: ticks since the machine was started (proc(5)).
        ticks = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[19]
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()} {ticks}"
    except (OSError, IndexError):
        return ""
