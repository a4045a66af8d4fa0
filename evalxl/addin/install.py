"""Installs the buttons in Excel and LibreOffice for one user, without administrator rights.

Excel loads the files in the user's XLSTART, a trusted place. The file is written there, not copied by the shell, so it has no mark of the internet.
LibreOffice's own program installs the extension in the user's profile. Each result is one line, and a missing part says what to do.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evalxl import __version__
from evalxl.addin.job_defaults import chosen_office
from evalxl.addin.machine import EXE, JOBS, OFFICE, VERSION, Machine
from evalxl.addin.program import as_line
from evalxl.addin.protocol import put_bytes, put_text, read_text
from evalxl.domain.errors import EvalxlError
from evalxl.records.package_files import shipped
from evalxl.records.programs import on_path
from evalxl.records.settings import load_settings
from evalxl.steps.admin.doctor import DoctorLine

XLAM, OXT = "evalxl.xlam", "evalxl.oxt"
_OURS = ("PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH")

Run = Callable[[Sequence[str]], tuple[int, str]]
"""Runs a program to its end; gives its exit code and what it printed."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The two shipped add-ins. A missing one is reported."""

    xlam: Path
    oxt: Path


def shipped_addins() -> Sources:
    folder = shipped("macros")
    return Sources(folder / XLAM, folder / OXT)


def run_quietly(words: Sequence[str]) -> tuple[int, str]:
    """Run a program without a window and without input. Variables that point our Python to its modules are removed: they would mislead another Python."""
    window = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    theirs = {name: value for name, value in os.environ.items() if name not in _OURS}
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            creationflags=window,
            env=theirs,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as slip:
        return 1, type(slip).__name__
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


# Where things lie


def excel_startup(machine: Machine) -> Path | None:
    """The folder from which Excel loads this user's add-ins; None if there is no Excel for the system."""
    if machine.system == "windows":
        return machine.folder("APPDATA", "AppData", "Roaming") / "Microsoft" / "Excel" / "XLSTART"
    if machine.system == "mac":
        office = machine.home / "Library" / "Group Containers" / "UBF8T346G9.Office"
        return office / "User Content.localized" / "Startup.localized" / "Excel"
    return None


def unopkg(machine: Machine, which: Callable[[str], str | None] = shutil.which) -> Path | None:
    """LibreOffice's extension manager: on the path, else in the usual places."""
    return on_path("unopkg", which) or next((place for place in _usual_places(machine) if place.is_file()), None)


def _usual_places(machine: Machine) -> Iterator[Path]:
    if machine.system == "windows":
        for variable in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"):
            if programs := machine.environ.get(variable):
                yield Path(programs) / "LibreOffice" / "program" / "unopkg.com"
        yield machine.folder("LOCALAPPDATA", "AppData", "Local") / "Programs" / "LibreOffice" / "program" / "unopkg.com"
    elif machine.system == "mac":
        for folder in (Path("/Applications"), machine.home / "Applications"):
            yield folder / "LibreOffice.app" / "Contents" / "MacOS" / "unopkg"
    else:
        yield Path("/usr/lib/libreoffice/program/unopkg")
        yield Path("/usr/lib64/libreoffice/program/unopkg")
        yield from sorted(Path("/opt").glob("libreoffice*/program/unopkg"), reverse=True)


def extension_id(oxt: Path) -> str:
    """The extension's identifier in LibreOffice; empty if the file is missing or not an extension."""
    try:
        with zipfile.ZipFile(oxt) as package:
            text = package.read("description.xml").decode("utf-8", "replace")
    except (OSError, KeyError, zipfile.BadZipFile):
        return ""
    match = re.search(r"<identifier\s+value=\"([^\"]+)\"", text)
    return match[1] if match else ""


# Installing


def install(
    machine: Machine, program: Sequence[str], office: Path | None, sources: Sources, run: Run
) -> list[DoctorLine]:
    """Install both add-ins and tell them where the program and the office are.

    Args:
        program: The words that start the program.
        office: The office folder for the buttons; None keeps the one chosen before.

    Raises:
        EvalxlError: the folder is not an office folder.
    """
    if office is not None:
        load_settings(office)
    home = machine.addin_home
    try:
        home.mkdir(parents=True, exist_ok=True)
        put_text(home / EXE, as_line(program))
        put_text(home / VERSION, __version__)
        if office is not None:
            put_text(home / OFFICE, str(office.absolute()))
    except OSError as slip:
        return [DoctorLine("install.home_not_written", {"folder": str(home), "reason": _why(slip)}, "bad")]
    lines = [DoctorLine("install.program", {"command": as_line(program)}), _office(machine)]
    return [*lines, *_in_excel(machine, sources.xlam), _in_libreoffice(machine, sources.oxt, run)]


def _office(machine: Machine) -> DoctorLine:
    chosen = chosen_office(machine)
    if chosen is None:
        return DoctorLine("install.no_office", {}, "look")
    try:
        load_settings(chosen)
    except EvalxlError:
        return DoctorLine("install.office_gone", {"folder": str(chosen)}, "look")
    return DoctorLine("install.office", {"folder": str(chosen)})


def _in_excel(machine: Machine, xlam: Path) -> Iterator[DoctorLine]:
    folder = excel_startup(machine)
    if folder is None:
        yield DoctorLine("install.no_excel_here", {})
        return
    if machine.system == "mac" and not folder.parents[3].is_dir():
        yield DoctorLine("install.no_excel_here", {})
        return
    target = folder / XLAM
    try:
        data = xlam.read_bytes()
        folder.mkdir(parents=True, exist_ok=True)
        if not target.is_file() or target.read_bytes() != data:
            put_bytes(target, data)
        if machine.system == "windows":
            _unmark(target)
    except FileNotFoundError:
        yield DoctorLine("install.not_shipped", {"file": xlam.name}, "bad")
    except PermissionError:
        yield DoctorLine("install.excel_open", {"file": str(target)}, "bad")
    except OSError as slip:
        yield DoctorLine("install.home_not_written", {"folder": str(folder), "reason": _why(slip)}, "bad")
    else:
        yield DoctorLine("install.in_excel", {"file": str(target)})
        if machine.system == "mac":
            yield DoctorLine("install.mac_not_tried", {}, "look")


def _unmark(path: Path) -> None:
    """Remove the mark of the internet, with which Excel would not run the add-in."""
    with contextlib.suppress(OSError):
        path.with_name(f"{path.name}:Zone.Identifier").unlink()


def _in_libreoffice(machine: Machine, oxt: Path, run: Run) -> DoctorLine:
    program = unopkg(machine)
    if program is None:
        return DoctorLine("install.no_libreoffice", {})
    if machine.is_root:
        return DoctorLine("install.root", {}, "look")
    if not oxt.is_file():
        return DoctorLine("install.not_shipped", {"file": oxt.name}, "look")
    code, output = run([str(program), "add", "--force", "--suppress-license", str(oxt)])
    if code:
        return DoctorLine("install.libreoffice_refused", {"said": _last_line(output)}, "bad")
    return DoctorLine("install.in_libreoffice", {})


# Taking away


def uninstall(machine: Machine, sources: Sources, run: Run) -> list[DoctorLine]:
    """Remove what `install` put into the user's folders."""
    lines: list[DoctorLine] = []
    folder = excel_startup(machine)
    if folder is not None:
        try:
            (folder / XLAM).unlink(missing_ok=True)
        except OSError:
            lines.append(DoctorLine("install.excel_open", {"file": str(folder / XLAM)}, "bad"))
    program, name = unopkg(machine), extension_id(sources.oxt)
    if program is not None and name and not machine.is_root and _in_profile(program, name, run):
        code, output = run([str(program), "remove", name])
        if code:
            lines.append(DoctorLine("install.libreoffice_refused", {"said": _last_line(output)}, "bad"))
    home = machine.addin_home
    for file in (EXE, VERSION, OFFICE):
        with contextlib.suppress(OSError):
            (home / file).unlink(missing_ok=True)
    shutil.rmtree(home / JOBS, ignore_errors=True)
    with contextlib.suppress(OSError):
        home.rmdir()
    return lines or [DoctorLine("install.gone", {})]


def _in_profile(program: Path, name: str, run: Run) -> bool:
    return name in run([str(program), "list"])[1]


# Looking


def look(machine: Machine, sources: Sources, run: Run) -> list[DoctorLine]:
    """The state of this user's buttons."""
    home = machine.addin_home
    command = _text(home / EXE)
    if not command:
        return [DoctorLine("install.not_installed", {}, "look")]
    lines = []
    if _there(command):
        lines.append(DoctorLine("install.program", {"command": command}))
    else:
        lines.append(DoctorLine("install.program_gone", {"command": command}, "bad"))
    installed = _text(home / VERSION)
    if installed != __version__:
        lines.append(DoctorLine("install.other_version", {"theirs": installed or "?", "ours": __version__}, "look"))
    lines.append(_office(machine))
    folder = excel_startup(machine)
    if folder is not None:
        lines.append(_excel_as_it_is(folder / XLAM, sources.xlam))
    lines.append(_libreoffice_as_it_is(machine, sources.oxt, run))
    return lines


def _excel_as_it_is(target: Path, xlam: Path) -> DoctorLine:
    if not target.is_file():
        return DoctorLine("install.not_in_excel", {"file": str(target)}, "look")
    same = xlam.is_file() and target.read_bytes() == xlam.read_bytes()
    return DoctorLine(
        "install.in_excel" if same else "install.old_in_excel", {"file": str(target)}, "ok" if same else "look"
    )


def _libreoffice_as_it_is(machine: Machine, oxt: Path, run: Run) -> DoctorLine:
    program, name = unopkg(machine), extension_id(oxt)
    if program is None or not name:
        return DoctorLine("install.no_libreoffice", {})
    if machine.is_root:
        return DoctorLine("install.root", {}, "look")
    if _in_profile(program, name, run):
        return DoctorLine("install.in_libreoffice", {})
    return DoctorLine("install.not_in_libreoffice", {}, "look")


def _there(command: str) -> bool:
    """Whether the program named in a line of exe.txt still exists."""
    first = command[1:].partition('"')[0] if command.startswith('"') else command.partition(" ")[0]
    return Path(first).is_file() or shutil.which(first) is not None


def _text(path: Path) -> str:
    try:
        return read_text(path).strip()
    except (OSError, ValueError):
        return ""


def _why(slip: OSError) -> str:
    return slip.strerror or type(slip).__name__


def _last_line(output: str) -> str:
    return next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "?")
