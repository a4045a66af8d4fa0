"""The folders of the files shipped with evalxl: the standard templates, the add-ins' sources, the rule books.

In a clone or its editable install, templates and macros are folders at the top level, where an office finds them.
A wheel has the same folders inside the package.
"""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from pathlib import Path
from typing import Literal

from evalxl import __version__

Shipped = Literal["templates", "macros", "rulebooks"]

_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def builders() -> str:
    """The digest of what templates are built by: within one version of the program a clone has several."""
    sources = (*sorted((_PACKAGE / "excel" / "templates").glob("*.py")), _PACKAGE / "words" / "template.toml")
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources if path.is_file())).hexdigest()


@cache
def program_mark() -> str:
    """A text that changes with the installed program, so that what an older one drew is drawn again.

    It goes by version and by size and time of each file: a clone has several states in one version.
    """
    files = [path for path in _PACKAGE.rglob("*") if path.suffix in (".py", ".toml", ".css", ".js")]
    if getattr(sys, "frozen", False):  # the modules lie in the executable
        files.append(Path(sys.executable))
    marks = [f"{path.name} {status.st_size} {status.st_mtime_ns}" for path in sorted(files) if (status := path.stat())]
    return hashlib.sha256("\n".join((__version__, *marks)).encode()).hexdigest()


@cache
def shipped(kind: Shipped) -> Path:
    """The folder of a kind of shipped files, in a clone or an installed wheel."""
    if kind == "rulebooks":
        return _PACKAGE / "rulebooks"
    installed = _PACKAGE / "_shipped"
    return (installed if installed.is_dir() else _PACKAGE.parent) / kind
