"""The words that start the program on this machine: for the buttons, for the agent, and at logon."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from evalxl.addin.machine import System

WINDOWLESS = "evalxlw"  # the program of the one-folder build without a window


def program_words(executable: Path, frozen: bool, system: System) -> list[str]:
    """The words that start the program without a window, for each way of installation.

    Args:
        executable: The running executable: Python, or the program of the one-folder build.
        frozen: Whether it is the latter.
    """
    ending = ".exe" if system == "windows" else ""
    if frozen:
        windowless = executable.with_name(f"{WINDOWLESS}{ending}")
        return [str(windowless if windowless.is_file() else executable)]
    if system == "windows":
        windowless = executable.with_name("pythonw.exe")
        executable = windowless if windowless.is_file() else executable
    # -P: modules in the current folder are not imported.
    return [str(executable), "-P", "-m", "evalxl"]


def this_program(system: System) -> list[str]:
    return program_words(Path(sys.executable), bool(getattr(sys, "frozen", False)), system)


def as_line(words: Sequence[str]) -> str:
    """The words as one line for exe.txt, in double quotes unless they are plain words."""
    return " ".join(
        word if word and not set(word) & set(' "\t&()') and not _odd(word) else f'"{word}"' for word in words
    )


def _odd(word: str) -> bool:
    return "\\" in word or "/" in word
