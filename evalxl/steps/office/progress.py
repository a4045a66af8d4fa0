"""How far a step is, told while it goes, and leaving it where nothing is half done.

Whoever runs a step may give it a callable. It is told the stage, how much of it is done, and of how much; where it answers with something true, the
operator wants the step to stop. A step heeds that only as long as the ledger has learned nothing of this run: a step that was left did nothing, and the next run
is whole. From then on the step is brought to its end.
"""

from __future__ import annotations

from collections.abc import Callable

from evalxl.domain.errors import EvalxlError

Progress = Callable[[str, int, int], object]


class StoppedError(EvalxlError):
    """The operator asked the step to stop, and it did before anything was recorded."""

    key = "slip.interrupted"


def unwatched(stage: str, done: int, total: int) -> None:
    """Nobody looks on, and nobody stops the step."""


def report_or_stop(progress: Progress, stage: str, done: int, total: int) -> None:
    """Tell how far the step is, and leave it where the operator wants that.

    Raises:
        StoppedError: the operator does.
    """
    if progress(stage, done, total):
        raise StoppedError
