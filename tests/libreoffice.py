"""A real LibreOffice as the client of the tests: it opens workbooks and types into them as a person would.

LibreOffice is driven by a worker process under the system's Python, which has `uno`; so the tests may run under any Python.
Typing goes through the same commands as a person's, so that protection holds. Values are typed as a person sees them:
`"37.5"`, `"2025-06-04"` (understood under every locale), `"=1+1"`.

    with office.open(path) as form:
        assert form.type_into("ev_self_quality", 0, "37.5")
        assert not form.type_into("ev_self_total", 0, "100")
        form.save_as(path)
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import IO, Any

# A cell, by workbook-wide name and row (0 is the first), or by sheet and address.
Entry = tuple[str, int | str, str]
CellValue = str | float | None

_CONTROL = "a control of the ribbon"  # as the worker knows it
_WORKER = Path(__file__).with_name("libreoffice_worker.py")


class LibreOfficeError(Exception):
    """LibreOffice did not start, did not answer in time, or refused what it was asked."""


@cache
def missing() -> str:
    """Why LibreOffice cannot be driven here; empty where it can."""
    if os.name != "posix":
        return "LibreOffice is driven on Linux only"
    if _soffice() is None:
        return "LibreOffice (soffice) is not installed"
    if _system_python() is None:
        return "no Python of this system has uno (package python3-uno)"
    return ""


def _soffice() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


@cache
def _system_python() -> str | None:
    beside = [str(Path(found).resolve().with_name("python")) for found in [_soffice()] if found]
    for python in ("/usr/bin/python3", *beside):
        with contextlib.suppress(OSError):
            asked = subprocess.run([python, "-c", "import uno"], env=_environment(), capture_output=True, check=False)
            if asked.returncode == 0:
                return python
    return None


def _environment() -> dict[str, str]:
    """The environment without what belongs to the tests' own Python."""
    ours = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTHONWARNINGS"}
    theirs = {key: value for key, value in os.environ.items() if key not in ours}
    # LibreOffice's Python takes the first python3 of the path for its own.
    path = [entry for entry in theirs.get("PATH", "").split(os.pathsep) if Path(entry) != Path(sys.prefix) / "bin"]
    return theirs | {"PATH": os.pathsep.join(path)}


class Office:
    """One running LibreOffice with a profile of its own; starts with the first use, and again after it had to be killed."""

    def __init__(
        self,
        folder: Path,
        timeout: float = 60,
        *,
        macros: bool = False,
        environment: Mapping[str, str] | None = None,
        extensions: Sequence[Path] = (),
        locale: str = "en-US",
        region: str = "en-US",
        screen: str = "",
    ) -> None:
        self.folder = folder
        self.timeout = timeout
        self._macros = macros  # whether this machine trusts macros, as it does of an add-in
        self._beside = dict(environment or {})
        self._extensions = extensions
        self._reachable: Path | None = None
        self._ui = locale  # the language of the menus
        self._region = region  # how people of the country write numbers and dates
        self._screen = screen  # the display on which it is seen; nowhere where empty
        self.version = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._starts = 0

    def open(self, path: Path, *, read_only: bool = False) -> Document:
        """Open a workbook, as a person does by double click."""
        number = self.ask("open", path=str(path.resolve()), read_only=read_only)
        return Document(self, number)

    def dispatch(self, url: str) -> None:
        """Give LibreOffice a command, as a menu item does."""
        self.ask("dispatch", url=url)

    def give_name(self, service: str, name: str) -> None:
        """Give a component of the extensions a name."""
        self.ask("set_name", service=service, name=name)

    def name_of(self, service: str) -> str:
        """What a component of the extensions says its name is."""
        return str(self.ask("name_of", service=service))

    def place_of(self, words: str) -> tuple[int, int] | None:
        """The middle of what shows these words on the screen, a menu item or a button; None where nothing does."""
        found = self.ask("place_of", words=words)
        return (found[0], found[1]) if found else None

    def opened(self) -> list[dict[str, Any]]:
        """The workbooks that are open, whoever opened them: `path`, `sheet`, `row` (1 is the first), `read_only`."""
        return list(self.ask("opened"))

    def close_opened(self) -> None:
        """Close the workbooks that a macro opened."""
        self.ask("close_opened")

    def convert(self, path: Path, out: Path) -> None:
        """Save a workbook as what the suffix of `out` says: .xlsx, .ods, .xls, .pdf."""
        self.ask("convert", path=str(path.resolve()), to=str(out.resolve()), kind=out.suffix[1:])

    def convert_to_pdf(self, path: Path, out: Path) -> None:
        """Print a workbook to a PDF file."""
        self.ask("convert", path=str(path.resolve()), to=str(out.resolve()), kind="pdf")

    @contextlib.contextmanager
    def locale(self, name: str) -> Iterator[None]:
        """Documents opened in here read numbers and dates as people of that country write them (`vi-VN`)."""
        self.ask("set_locale", locale=name)
        try:
            yield
        finally:
            self.ask("set_locale", locale=self._region)

    def close(self) -> None:
        """End LibreOffice, and leave no process behind."""
        process, self._process = self._process, None
        if process is not None:
            self._end(process, patience=15)
        if self._reachable is not None:
            shutil.rmtree(self._reachable, ignore_errors=True)
            self._reachable = None

    def ask(self, do: str, **values: object) -> Any:
        """Ask the worker for one thing.

        Raises:
            LibreOfficeError: it was refused, or there was no answer in time; then LibreOffice is killed.
        """
        if self._process is None:
            self._start()
        return self._exchange({"do": do, **values})

    def _start(self) -> None:
        if reason := missing():
            raise LibreOfficeError(reason)
        self._starts += 1
        profile = self._profiles() / f"profile-{self._starts}"
        settings = profile / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        said = _SETTINGS.replace("MACROS", "0" if self._macros else "3").replace("LOCALE", self._ui)
        said = said.replace("REGION", self._region)
        settings.write_text(said, encoding="utf-8")
        for extension in self._extensions:
            install_extension(extension, profile)
        self._answers = queue.Queue()
        with self._log().open("ab") as log:
            self._process = subprocess.Popen(
                [str(_system_python()), "-B", str(_WORKER), str(_soffice()), str(profile), self._screen],
                env=_environment() | {"TMPDIR": str(profile)} | self._beside,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        assert self._process.stdout is not None
        threading.Thread(target=_listen, args=(self._process.stdout, self._answers), daemon=True).start()
        self.version = self._exchange(None)

    def _profiles(self) -> Path:
        """Where the profile lies; what extensions are installed into must be reachable by others than the administrator."""
        if not self._extensions:
            return self.folder
        if self._reachable is None:
            self._reachable = Path(tempfile.mkdtemp(prefix="evalxl-libreoffice-"))
            self._reachable.chmod(0o755)
        return self._reachable

    def _exchange(self, question: dict[str, object] | None) -> Any:
        process = self._process
        assert process is not None and process.stdin is not None
        answer: dict[str, Any] | None = None
        problem = "ended unexpectedly"
        try:
            if question is not None:
                process.stdin.write(json.dumps(question).encode() + b"\n")
                process.stdin.flush()
            answer = self._answers.get(timeout=self.timeout)
        except OSError:
            pass
        except queue.Empty:
            problem = f"did not answer in {self.timeout:g} s"
        if answer is None:
            self._process = None
            self._end(process, patience=3)
            doing = question["do"] if question else "start"
            log = self._log().read_text(encoding="utf-8", errors="replace")
            raise LibreOfficeError(f"LibreOffice {problem} ({doing}). {log[-2000:]}")
        if "error" in answer:
            raise LibreOfficeError(answer["error"])
        return answer["answer"]

    def _log(self) -> Path:
        return self.folder / "libreoffice.log"

    @staticmethod
    def _end(process: subprocess.Popen[bytes], patience: float) -> None:
        """Ask it to end, wait, then kill the worker, LibreOffice and all their children."""
        assert process.stdin is not None and process.stdout is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def install_extension(extension: Path, profile: Path) -> None:
    """Install an extension into a profile, as `unopkg add` does for the user who calls it.

    unopkg refuses to do so for the administrator; there it runs as nobody, who owns the profile for that moment.

    Raises:
        LibreOfficeError: unopkg refused the extension.
    """
    # Debian keeps it apart from the programs of everybody, and not every root's path leads there.
    runuser = shutil.which("runuser", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin") or "runuser"
    as_nobody = [runuser, "-u", "nobody", "--"] if os.geteuid() == 0 else []
    owner = profile.stat().st_uid
    package = Path(shutil.copy(extension, profile.with_name(extension.name)))
    package.chmod(0o644)
    _give(profile, "nobody" if as_nobody else owner)
    try:
        done = subprocess.run(
            [*as_nobody, "unopkg", "add", "--force", f"-env:UserInstallation={profile.as_uri()}", str(package)],
            env=_environment() | {"HOME": str(profile)},
            cwd=profile,
            capture_output=True,
            check=False,
        )
    finally:
        _give(profile, owner)
    if done.returncode != 0:
        raise LibreOfficeError(f"unopkg refused {extension.name}: {done.stderr.decode('utf-8', 'replace')}")


def _give(folder: Path, owner: str | int) -> None:
    for entry in [folder, *folder.rglob("*")]:
        shutil.chown(entry, owner)


def _listen(stream: IO[bytes], answers: queue.Queue[dict[str, Any] | None]) -> None:
    with contextlib.suppress(ValueError):
        for line in stream:
            answers.put(json.loads(line))
    answers.put(None)


class Document:
    """An open workbook. A cell is told by workbook-wide name and row, or by sheet and address."""

    def __init__(self, office: Office, number: int) -> None:
        self.office = office
        self._number = number

    def __enter__(self) -> Document:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, slip: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(LibreOfficeError):
            self.close()

    def _ask(self, do: str, **values: object) -> Any:
        return self.office.ask(do, document=self._number, **values)

    # A person's acts

    def type(self, sheet: str, cell: str, text: str) -> bool:
        """Type into a cell and press Enter; whether the cell took it. Protection applies, validation does not (see `key`)."""
        return not self.fill([(sheet, cell, text)])

    def type_into(self, name: str, row: int, text: str) -> bool:
        """Type into a row of a named column; whether the cell took it."""
        return not self.fill([(name, row, text)])

    def fill(self, entries: Iterable[Entry]) -> list[Entry]:
        """Type many cells in one go; answers those that were refused."""
        entries = list(entries)
        took = self._ask("type", entries=[((first, second), text) for first, second, text in entries])
        return [entry for entry, accepted in zip(entries, took, strict=True) if not accepted]

    def paste(self, columns: Mapping[str, Sequence[CellValue]]) -> None:
        """Paste whole columns of values by name, from the top, as from another workbook: open cells only; None empties a cell."""
        self._ask("paste", columns={name: list(values) for name, values in columns.items()})

    def key(self, name: str, row: int | str, text: str) -> bool:
        """Type by real key events, so that validation bites as well; whether the cell took it."""
        return bool(self._ask("press_into", where=(name, row), text=text))

    def press(self, *keys: str) -> None:
        """Press keys at the cursor: characters, or `TAB`, `RETURN`, `DELETE`, `SHIFT+TAB`, …"""
        self._ask("press", keys=keys)

    def go_to(self, name: str, row: int | str = 0) -> None:
        """Put the cursor on a cell."""
        self._ask("put_cursor", where=(name, row))

    def cursor(self) -> tuple[str, str]:
        """Sheet and address of the cursor."""
        sheet, cell = self._ask("cursor")
        return sheet, cell

    def clear(self, name: str, row: int | str = 0) -> bool:
        """Press Delete on a cell; whether it is empty now."""
        return bool(self._ask("clear", places=[(name, row)])[0])

    # What the workbook shows

    def value(self, name: str, row: int | str = 0) -> CellValue:
        """A number, a text, or None; of a formula its result."""
        return self.values([(name, row)])[0]

    def values(self, places: Iterable[tuple[str, int | str]]) -> list[CellValue]:
        """The values of many cells in one go."""
        return list(self._ask("read", places=list(places), what="value"))

    def column(self, name: str) -> list[CellValue]:
        """The values of a named column, from top to bottom."""
        rows, _ = self.size(name)
        return self.values((name, row) for row in range(rows))

    def text(self, name: str, row: int | str = 0) -> str:
        """A cell as it is shown."""
        return str(self._ask("read", places=[(name, row)], what="text")[0])

    def formula(self, name: str, row: int | str = 0) -> str:
        """A cell's formula, in English; of a cell without one, its content."""
        return str(self._ask("read", places=[(name, row)], what="formula")[0])

    def place(self, name: str, row: int | str = 0) -> tuple[str, str]:
        """Sheet and address of a cell."""
        sheet, cell = self._ask("read", places=[(name, row)], what="place")[0]
        return sheet, cell

    def is_locked(self, name: str, row: int | str = 0) -> bool:
        """Whether a cell is locked where its sheet is protected."""
        return bool(self._ask("read", places=[(name, row)], what="locked")[0])

    def names(self) -> list[str]:
        """All defined names."""
        return list(self._ask("names"))

    def size(self, name: str) -> tuple[int, int]:
        """Rows and columns of a named range."""
        rows, columns = self._ask("size", name=name)
        return rows, columns

    def sheets(self) -> dict[str, bool]:
        """The sheets in order, and whether each is visible."""
        return dict(self._ask("sheets"))

    def properties(self) -> dict[str, str]:
        """The custom document properties."""
        return dict(self._ask("properties"))

    def is_protected(self, sheet: str) -> bool:
        """Whether a sheet is protected."""
        return bool(self._ask("is_protected", sheet=sheet))

    def recalculate(self) -> None:
        """Recalculate all formulas."""
        self._ask("recalculate")

    # What an office does when it restyles a template, and what no form allows

    def unprotect(self, sheet: str, password: str = "") -> None:
        """Take a sheet's protection away.

        Raises:
            LibreOfficeError: the password is another one.
        """
        if not self._ask("unprotect", sheet=sheet, password=password):
            raise LibreOfficeError(f"the sheet {sheet} is still protected")

    def protect(self, sheet: str, password: str = "") -> None:
        """Protect a sheet."""
        self._ask("protect", sheet=sheet, password=password)

    def insert_rows(self, sheet: str, before: int, count: int = 1) -> None:
        """Insert rows above a row (1 is the first)."""
        self._ask("insert_rows", sheet=sheet, before=before, count=count)

    def insert_columns(self, sheet: str, before: str, count: int = 1) -> None:
        """Insert columns before a column (`"C"`)."""
        self._ask("insert_columns", sheet=sheet, before=before, count=count)

    def delete_rows(self, sheet: str, first: int, count: int = 1) -> None:
        """Delete rows from a row on (1 is the first)."""
        self._ask("delete_rows", sheet=sheet, first=first, count=count)

    def move_cells(self, sheet: str, source: str, target: str) -> None:
        """Cut a range and paste it elsewhere on its sheet; names and formulas follow."""
        self._ask("move_cells", sheet=sheet, source=source, target=target)

    def rename_sheet(self, sheet: str, name: str) -> None:
        """Give a sheet another name."""
        self._ask("rename_sheet", sheet=sheet, name=name)

    def delete_columns(self, sheet: str, first: str, count: int = 1) -> None:
        """Delete columns from a column on (`"C"`)."""
        self._ask("delete_columns", sheet=sheet, first=first, count=count)

    def move_sheet(self, sheet: str, to: int) -> None:
        """Put a sheet before the one at a position (0 is the first)."""
        self._ask("move_sheet", sheet=sheet, to=to)

    def copy_sheet(self, sheet: str, name: str) -> None:
        """Copy a sheet behind all others."""
        self._ask("copy_sheet", sheet=sheet, name=name)

    def sort(self, sheet: str, area: str, column: int, *, descending: bool = False) -> None:
        """Sort the rows of a range by one of its columns (0 is the first)."""
        self._ask("sort", sheet=sheet, area=area, column=column, descending=descending)

    def hide_rows(self, sheet: str, first: int, count: int = 1) -> None:
        """Hide rows from a row on (1 is the first)."""
        self._ask("hide_rows", sheet=sheet, first=first, count=count)

    def merge(self, sheet: str, area: str) -> None:
        """Merge the cells of a range."""
        self._ask("merge", sheet=sheet, area=area)

    def overwrite(self, name: str, row: int | str, value: str | float) -> None:
        """Write past protection and validation, as a program or a forger would."""
        self._ask("overwrite", entries=[((name, row), value)])

    # Macros, where the machine trusts them

    def run(self, macro: str, *values: str | float | bool) -> Any:
        """Call a macro of the workbook (`EvalxlRunner.Said`); what it answers. A syntax error anywhere makes every call answer None."""
        return self._ask("run", macro=macro, values=values)["answer"]

    def click(self, macro: str, *values: str | float) -> None:
        """Call a macro as a control of the ribbon does."""
        self._ask("run", macro=macro, values=[_CONTROL, *values])

    def shown(self, macro: str, *values: str | float) -> Any:
        """What a macro tells a control of the ribbon to show."""
        return self._ask("run", macro=macro, values=[_CONTROL, *values, None])["filled"]

    # Saving

    def save(self) -> None:
        """Save in place, in the format that the file has."""
        self._ask("save")

    def save_as(self, path: Path, kind: str = "") -> Path:
        """Save a copy as `xlsx`, `ods`, `xls` or `pdf` (default: what the suffix says); the document itself stays what it is."""
        self._ask("save_as", path=str(path.resolve()), kind=kind or path.suffix[1:])
        return path

    def close(self) -> None:
        """Close without saving."""
        self._ask("close")


_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale"><value>REGION</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Linguistic/General"><prop oor:name="UILocale"><value>LOCALE</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="ShowTipOfTheDay"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel"><value>MACROS</value></prop></item>
</oor:items>
"""
