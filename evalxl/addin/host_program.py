"""Finds the program in which the button was pressed: Excel, if xlwings is installed and the call names the window; else none.

No job needs it. It only helps the person at the screen. It closes an open master that would be in the way and shows the progress.
It replaces the open scoring workbook by the refreshed one, and goes to the row that matters.
If the program does not answer, the log gets one line.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from evalxl.addin.caller import Caller


def caller_of(hwnd: str, wb: str, folder: Path, log: Callable[[str], object]) -> Caller:
    """The program that requested a job; a plain `Caller` if the call names none, xlwings is not installed, or it cannot be found.

    Args:
        hwnd: The handle of its window, from `Application.Hwnd`.
        wb: The name of a workbook open in it.
        folder: The job's own folder, which nobody else reads.
        log: Takes a line for the administrator.
    """
    if not (hwnd or wb):
        return Caller()
    try:
        from evalxl.addin.running_excel import running

        return running(hwnd, wb, folder, log) or Caller()
    except Exception as slip:  # xlwings is not installed, or does not support this machine
        log(f"the program that asked is not spoken to: {type(slip).__name__}")
        return Caller()


# Arguments: the handle of its window, the name of a workbook in it, the job's folder, and a function that logs a line.
FindCaller = Callable[[str, str, Path, Callable[[str], object]], Caller]
