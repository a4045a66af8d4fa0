"""Checks whether an add-in and the program are compatible: one of them may not have been updated.

The add-in itself reports different versions. This module refuses versions that would misunderstand each other.
"""

from __future__ import annotations

import re

from evalxl import __version__
from evalxl.domain.errors import EvalxlError


class TooDifferentError(EvalxlError):
    """Add-in and program have incompatible versions."""

    key = "addin.too_different"


def require_together(theirs: str, ours: str = __version__) -> None:
    """Make sure that add-in and program are compatible: both must have the same first version number.

    Raises:
        TooDifferentError: they do not.
    """
    if _first(theirs) not in ("", _first(ours)):
        raise TooDifferentError(theirs=theirs, ours=ours)


def _first(version: str) -> str:
    match = re.match(r"\d+", version)
    return match[0] if match else ""
