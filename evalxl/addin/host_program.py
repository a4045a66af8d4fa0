"""The program in which the button was pressed, as a job may speak to it: Excel, where xlwings is there and the call says which one; else nobody.

A job never needs it. Everything that it does it does for the eyes of whoever pressed: it closes a master that is open and would be in the way,
says how far the job is, puts the refreshed scoring workbook in the place of the open one, and goes to the row that matters. A program that does not answer
is one line in the log.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from evalxl.addin.caller import Caller


def caller_of(hwnd: str, wb: str, folder: Path, log: Callable[[str], object]) -> Caller:
    """The program that asked for a job; nobody where the call names none, xlwings is not installed, or it cannot be found.

    Args:
        hwnd: The handle of its window, as `Application.Hwnd` says it.
        wb: The name of a workbook that is open in it.
        folder: The job's own folder, which nobody else reads.
        log: Takes a line for the administrator.
    """
    if not (hwnd or wb):
        return Caller()
    try:
        from evalxl.addin.running_excel import running

        return running(hwnd, wb, folder, log) or Caller()
    except Exception as slip:  # xlwings is not there, or does not know this machine
        log(f"the program that asked is not spoken to: {type(slip).__name__}")
        return Caller()


# By the handle of its window, the name of a workbook in it, the job's folder, and what takes a line for the log.
FindCaller = Callable[[str, str, Path, Callable[[str], object]], Caller]
