"""evalxl: the weekly evaluation of people's work in a public office, run on Excel.

For scripts: `open_office`, `read_week`, `results`, `explain` and `export` (docs/scripts.md). They are imported when they are used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evalxl.api import EvalxlError, explain, export, open_office, read_week, results

__version__ = "0.1.0"

__all__ = ["EvalxlError", "__version__", "explain", "export", "open_office", "read_week", "results"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("evalxl.api"), name)
    raise AttributeError(f"module 'evalxl' has no attribute {name!r}")
