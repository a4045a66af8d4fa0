"""Tells whether a process of this machine is still running, and when it began."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def alive(pid: int) -> bool:
    """Whether a process of this machine is still running; True if the system does not say."""
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

    # On Windows signal 0 would end the process, so it is only opened.
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 (there on Windows alone)
    handle = kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
    if not handle:
        return bool(kernel.GetLastError() == 5)  # ERROR_ACCESS_DENIED: it is there, and somebody else's
    code = ctypes.c_ulong()
    known = kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return not known or code.value == 259  # STILL_ACTIVE


def born(pid: int) -> str:
    """When a process began, as a text to compare: process ids are reused, also after a restart. Empty if the system does not say.

    The value is the one that the system recorded at the start. A clock that is set while the process runs does not change it.
    """
    if sys.platform != "linux":
        import psutil  # slow to import

        try:
            return str(psutil.Process(pid).create_time())
        except (psutil.Error, ValueError, OverflowError):
            return ""
    try:
        # The 22nd word: ticks since the machine was started (proc(5)). The second word is a name in brackets and may hold anything.
        ticks = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[19]
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()} {ticks}"
    except (OSError, IndexError):
        return ""
