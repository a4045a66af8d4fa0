"""An xlwings script at work on a real LibreOffice, through the engine of `tests.xlwings_on_libreoffice`.

`uno` belongs to the system's Python, so the script runs there, in a worker that lives as long as the session. It is written where its test is:

    def test_a_number_comes_back(xlwings_desk):
        def script(xw, app):
            sheet = app.books.add().sheets[0]
            sheet["A1"].value = 37.5
            return sheet["A1"].value

        assert xlwings_desk.run(script) == 37.5

The function goes over as its text: it sees its own arguments, `xw` and `app` (one running LibreOffice, without a workbook at first), and nothing else of
the test's module. What it answers has to be of Python's own types.
"""

from __future__ import annotations

import contextlib
import inspect
import os
import pickle
import queue
import signal
import subprocess
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlwings

from tests.libreoffice import _environment, _system_python

_CLONE = Path(__file__).resolve().parents[2]
_WORKER = Path(__file__).with_name("worker.py")


class ScriptError(Exception):
    """The script raised; its traceback stands in the text."""


class XlwingsDesk:
    """Runs scripts on one LibreOffice, which starts with the first of them."""

    def __init__(self, folder: Path, timeout: float = 90) -> None:
        self.folder = folder
        self.timeout = timeout
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[Any] = queue.Queue()

    def run(self, script: Callable[..., Any], *, keep_open: bool = False, **values: Any) -> Any:
        """Run a script; answers what it returns. Its workbooks are closed after it, unless they are to stay open for the next one.

        Raises:
            ScriptError: it raised, or LibreOffice did not answer in time.
        """
        request = script.__name__, textwrap.dedent(inspect.getsource(script)), values, keep_open
        answer = self._ask(request)
        if answer is None:  # LibreOffice may have ended while it closed the workbooks of the script before
            self.close()
            answer = self._ask(request)
        if not answer:
            self.close()
            log = (self.folder / "worker.log").read_text(encoding="utf-8", errors="replace")
            raise ScriptError(f"the worker ended or did not answer: {log[-3000:]}")
        done, result = answer
        if not done:
            raise ScriptError(result)
        return result

    def _ask(self, request: tuple[Any, ...]) -> Any:
        """What the worker answers; None where it ended, empty where it did not answer in time."""
        if self._process is None:
            self._start()
        process = self._process
        assert process is not None and process.stdin is not None
        try:
            pickle.dump(request, process.stdin)
            process.stdin.flush()
            return self._answers.get(timeout=self.timeout)
        except OSError:
            return None
        except queue.Empty:
            return ()

    def _start(self) -> None:
        # Only xlwings of this environment: its other packages are built for another Python.
        packages = self.folder / "packages"
        packages.mkdir(exist_ok=True)
        with contextlib.suppress(FileExistsError):
            (packages / "xlwings").symlink_to(Path(xlwings.__file__).parent, target_is_directory=True)
        paths = os.pathsep.join(map(str, (packages, _CLONE)))
        environment = _environment() | {"PYTHONPATH": paths, "TMPDIR": str(self.folder), "HOME": str(self.folder)}
        with (self.folder / "worker.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(_system_python()), "-B", str(_WORKER)],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        self._answers = queue.Queue()
        threading.Thread(target=_listen, args=(self._process.stdout, self._answers), daemon=True).start()

    def close(self) -> None:
        """End the worker and its LibreOffice."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def _listen(stream: Any, answers: queue.Queue[Any]) -> None:
    with contextlib.suppress(EOFError, ValueError, pickle.UnpicklingError):
        while True:
            answers.put(pickle.load(stream))
    answers.put(None)
