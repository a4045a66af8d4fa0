"""Starting a LibreOffice, or reaching one that runs, through UNO. The only module that imports `uno`."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

_PATIENCE = 60.0  # seconds until LibreOffice has to have answered: a first start makes its profile

# File kinds by suffix, as LibreOffice calls its filters.
FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".xlsm": "Calc MS Excel 2007 VBA XML",
    ".xls": "MS Excel 97",
    ".ods": "calc8",
    ".csv": "Text - txt - csv (StarCalc)",
    ".pdf": "calc_pdf_Export",
}


class LibreOfficeError(Exception):
    """LibreOffice is not there, did not start, or refused a file."""


def uno_module() -> Any:
    """The module `uno`, which this Python must have.

    Raises:
        LibreOfficeError: it has not; `uno` belongs to one version of Python and cannot be installed by pip.
    """
    try:
        import uno
    except ImportError as slip:
        raise LibreOfficeError(
            "This Python has no uno: install the distribution's python3-uno and use its Python, or use LibreOffice's own"
        ) from slip
    return uno


def properties(**values: Any) -> tuple[Any, ...]:
    """Named values as UNO wants them."""
    uno = uno_module()
    return tuple(_property(uno, name, value) for name, value in values.items())


def named_values(**values: Any) -> Any:
    """Named values of the other kind that UNO has, as encryption wants them."""
    uno = uno_module()
    made = []
    for name, value in values.items():
        one = uno.createUnoStruct("com.sun.star.beans.NamedValue")
        one.Name, one.Value = name, value
        made.append(one)
    return uno.Any("[]com.sun.star.beans.NamedValue", tuple(made))


def _property(uno: Any, name: str, value: Any) -> Any:
    made = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    made.Name, made.Value = name, value
    return made


def enum(kind: str, value: str) -> Any:
    """A value of a UNO enumeration."""
    return uno_module().Enum(f"com.sun.star.{kind}", value)


def url_of(path: str | os.PathLike[str]) -> str:
    return Path(os.path.realpath(path)).as_uri()


def path_of(url: str) -> str:
    return str(uno_module().fileUrlToSystemPath(url)) if url.startswith("file:") else url


class Connection:
    """One running LibreOffice. It is ended with `close` only where it was started here."""

    def __init__(self, connect: str = "", soffice: str = "") -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._profile = ""
        if not connect:
            connect = self._start(soffice)
        try:
            self.context = self._resolve(f"uno:{connect};urp;StarOffice.ComponentContext")
            self.desktop = self.service("com.sun.star.frame.Desktop")
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        """The process; of one that was started elsewhere it is not known."""
        return self.process.pid if self.process is not None else -1

    def service(self, name: str) -> Any:
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def _start(self, soffice: str) -> str:
        uno_module()
        program = soffice or shutil.which("soffice") or shutil.which("libreoffice")
        if program is None:
            raise LibreOfficeError("LibreOffice (soffice) is not installed")
        self._profile = tempfile.mkdtemp(prefix="xlwings-libreoffice-")
        connect = f"pipe,name={Path(self._profile).name}"
        words = ["--headless", "--nologo", "--norestore", "--nodefault", "--nofirststartwizard"]
        self.process = subprocess.Popen(
            [program, *words, f"-env:UserInstallation={url_of(self._profile)}", f"--accept={connect};urp;"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return connect

    def _resolve(self, url: str) -> Any:
        uno = uno_module()
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        until = time.monotonic() + (_PATIENCE if self.process is not None else 0)
        while True:
            try:
                return resolver.resolve(url)
            except Exception as slip:
                ended = self.process is not None and self.process.poll() not in (None, 0)
                if not type(slip).__name__.endswith("NoConnectException") or ended or time.monotonic() > until:
                    raise LibreOfficeError(f"LibreOffice cannot be reached at {url}") from slip
                time.sleep(0.05)

    def close(self) -> None:
        """End a LibreOffice that was started here, and take its profile away; leave another one alone."""
        if self.process is None:
            return
        with contextlib.suppress(Exception):  # the bridge breaks while LibreOffice ends
            self.desktop.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        self.kill()

    def kill(self) -> None:
        """End it at once, with the processes that it started."""
        process, self.process = self.process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            if os.name == "posix":
                os.killpg(process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
            else:
                process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        shutil.rmtree(self._profile, ignore_errors=True)
