"""A screen that nobody sees, with a mouse and a window manager: what has to be clicked is clicked here.

with Screen() as screen:
    screen.click(120, 40)
    screen.picture(path)
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from functools import cache
from pathlib import Path
from types import TracebackType

PROGRAMS = ("Xvfb", "openbox", "xdotool", "import")
WIDTH, HEIGHT = 1400, 800


@cache
def missing_screen() -> str:
    """Why nothing can be clicked here; empty where it can."""
    lacking = [program for program in PROGRAMS if shutil.which(program) is None]
    return f"no screen to click on ({', '.join(lacking)} not installed)" if lacking else ""


class Screen:
    """A screen of its own, with the next free number."""

    def __init__(self) -> None:
        self._read, write = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"],
            pass_fds=[write],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        number = os.read(self._read, 32).decode("ascii").strip()
        self.name = f":{number}"
        self._windows = subprocess.Popen(
            ["openbox"],
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Screen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, slip: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _environment(self) -> dict[str, str]:
        return dict(os.environ) | {"DISPLAY": self.name}

    def _xdotool(self, *words: str) -> str:
        done = subprocess.run(["xdotool", *words], env=self._environment(), capture_output=True, text=True, check=True)
        return done.stdout

    def click(self, x: int, y: int) -> None:
        """Move the mouse and press its left button."""
        self._xdotool("mousemove", str(x), str(y))
        time.sleep(0.1)
        self._xdotool("click", "1")

    def press(self, key: str) -> None:
        """Press a key: `Return`, `Escape`, `Down`."""
        self._xdotool("key", key)

    def titles(self) -> list[str]:
        """The titles of the windows that are seen."""
        with contextlib.suppress(subprocess.CalledProcessError):
            windows = self._xdotool("search", "--onlyvisible", "--name", ".").split()
            return [self._xdotool("getwindowname", window).strip() for window in windows]
        return []

    def picture(self, path: Path) -> None:
        """What the screen shows, as a PNG file."""
        subprocess.run(["import", "-window", "root", "-strip", str(path)], env=self._environment(), check=True)

    def close(self) -> None:
        """Switch the screen off."""
        for process in (self._windows, self._server):
            process.terminate()
            process.wait(10)
        os.close(self._read)
