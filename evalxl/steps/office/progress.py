"""Progress reports of a running step, and stopping it before anything is recorded.

The caller may pass a callable to a step. It receives the stage, the amount done and the total. When it returns something true, the operator wants to stop.
A step stops only as long as this run has written nothing to the ledger. A stopped step has therefore done nothing, and the next run is complete.
After the first write the step runs to its end.
"""

from __future__ import annotations

from collections.abc import Callable

from evalxl.domain.errors import EvalxlError

Progress = Callable[[str, int, int], object]


class StoppedError(EvalxlError):
    """The operator asked the step to stop, and it stopped before anything was recorded."""

    key = "slip.interrupted"


def unwatched(stage: str, done: int, total: int) -> None:
    """Report to nobody, and never stop the step."""


def report_or_stop(progress: Progress, stage: str, done: int, total: int) -> None:
    """Report progress, and stop the step when the operator asks for it.

    Raises:
        StoppedError: the operator asked to stop.
    """
    if progress(stage, done, total):
        raise StoppedError
