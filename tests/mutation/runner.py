"""Runs tests on the copy, each time in a new process that has the libraries loaded already: most tests beside a module take less than loading them."""

from __future__ import annotations

import os
import signal
import sys
import time
import types
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import pytest

PATIENCE = 900  # seconds; a slip that makes a loop endless is noticed too
_LIBRARIES = (
    "hypothesis",
    "openpyxl",
    "pandas",
    "pebble",
    "pydantic",
    "python_calamine",
    "rich",
    "typer",
    "xlsxwriter",
)


def failing(tree: Path, tests: Sequence[str]) -> str:
    """Run tests until one fails. Returns `failed`, `timeout`, or nothing where all pass."""
    if not tests:
        return ""
    for library in _LIBRARIES:
        import_module(library)
    child = os.fork()
    if not child:
        _run(tree, tests)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "failed" if status else ""
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout"


def _run(tree: Path, tests: Sequence[str]) -> None:
    """In the child: nothing of the package or of the tests is loaded yet, so the copy's are."""
    code = 3
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        os.chdir(tree)
        os.environ |= {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
        sys.dont_write_bytecode = True
        sys.path.insert(0, str(tree))
        for name in [name for name in sys.modules if name.partition(".")[0] in ("tests", "evalxl")]:
            del sys.modules[name]
        sys.modules["__main__"] = types.ModuleType("__main__")  # worker processes begin by loading it
        code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-m", "not libreoffice", *tests]))
    finally:
        os._exit(code)
