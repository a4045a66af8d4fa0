"""Whether an add-in and the program go together: they are installed together, and one of them may have stayed behind."""

from __future__ import annotations

import re

from evalxl import __version__
from evalxl.domain.errors import EvalxlError
from evalxl.words import Lang, say


class TooDifferentError(EvalxlError):
    """Add-in and program are of versions that do not understand each other."""

    key = "addin.too_different"


def require_together(theirs: str, ours: str = __version__) -> None:
    """Make sure that an add-in understands what the program writes: that both have the same first number.

    Raises:
        TooDifferentError: they have not.
    """
    if _first(theirs) not in ("", _first(ours)):
        raise TooDifferentError(theirs=theirs, ours=ours)


def note_on(theirs: str, lang: Lang, ours: str = __version__) -> str:
    """What to say of an add-in of another version than the program's; empty where there is nothing to say."""
    return "" if theirs in ("", ours) else say("addin.other_version", lang, theirs=theirs, ours=ours)


def _first(version: str) -> str:
    match = re.match(r"\d+", version)
    return match[0] if match else ""
