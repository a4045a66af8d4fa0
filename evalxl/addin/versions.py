"""Whether an add-in and the program go together: they are installed together, and one of them may have stayed behind.

That they are of different versions, the add-in says by itself; here they are kept apart where they would misunderstand each other.
"""

from __future__ import annotations

import re

from evalxl import __version__
from evalxl.domain.errors import EvalxlError


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


def _first(version: str) -> str:
    match = re.match(r"\d+", version)
    return match[0] if match else ""
