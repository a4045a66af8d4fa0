"""Slips of the operator: one exception each, one sentence each, exit code 2.

A slip of somebody who filled a workbook is a `Finding`; a slip of a programmer is left to crash into the log.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from typing import ClassVar, Protocol, runtime_checkable

from evalxl.words import Lang, say


@runtime_checkable
class Shown(Protocol):
    """What is called differently in each language, such as a week."""

    def shown(self, lang: Lang = "vi") -> str: ...


def in_words(lang: Lang, **values: object) -> dict[str, object]:
    """Values as a sentence in a language says them."""
    return {name: value.shown(lang) if isinstance(value, Shown) else value for name, value in values.items()}


class EvalxlError(Exception):
    """Something the operator can put right; says in one sentence what is wrong and what to do."""

    key: ClassVar[str]
    exit_code: ClassVar[int] = 2

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.sentence("en"))

    def sentence(self, lang: Lang = "vi") -> str:
        return say(self.key, lang, **in_words(lang, **self.values))

    def __reduce__(self) -> tuple[Callable[..., EvalxlError], tuple[object, ...]]:
        """A slip comes from another process as it is, however its kind is made."""
        return _as_it_was, (type(self), self.args, self.__dict__)


def _as_it_was(kind: type[EvalxlError], args: tuple[object, ...], known: Mapping[str, object]) -> EvalxlError:
    slip = kind.__new__(kind)
    slip.args = args
    slip.__dict__.update(known)
    return slip


class WorkerSlip(Exception):
    """A programmer's slip in a worker process. Its text is where it happened, as `where_it_happened` says it: nothing else of it is sent along."""


# Exceptions whose text the interpreter writes, of names in the code alone. A subclass may say anything.
_TEXT_OF_CODE = (ImportError, ModuleNotFoundError, NameError, RecursionError, UnboundLocalError, ZeroDivisionError)


def where_it_happened(slip: BaseException) -> str:
    """A traceback as lines of code and kinds of exceptions: their messages may hold a name, a score or a file named after a person."""
    chain: list[str] = []
    cause: BaseException | None = slip
    while cause is not None:
        frames = "".join(traceback.format_tb(cause.__traceback__))
        text = (
            f": {cause}" if type(cause) in _TEXT_OF_CODE else f", there:\n{cause}" if type(cause) is WorkerSlip else ""
        )
        chain.insert(0, f"{frames}{type(cause).__module__}.{type(cause).__qualname__}{text}")
        cause = cause.__cause__ or cause.__context__
    return "\n".join(chain)


def in_one_line(slip: BaseException) -> str:
    """The kind of a slip and the lines of code that it came through, for the ledger: no path of a machine, and nothing that somebody typed."""
    frames = ((frame, frame.filename.replace("\\", "/")) for frame in traceback.extract_tb(slip.__traceback__))
    places = (f"{file.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame, file in frames)
    return " < ".join((type(slip).__name__, *places))
