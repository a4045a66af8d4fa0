"""Installing the buttons for one user, on a machine that the test makes up."""

from __future__ import annotations

import plistlib
import shlex
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pytest

from evalxl import __version__
from evalxl.addin import install as places
from evalxl.addin.install import Sources, excel_startup, extension_id, install, look, uninstall
from evalxl.addin.logon import logon_file, not_at_logon, start_at_logon
from evalxl.addin.machine import Machine
from evalxl.addin.program import as_line, program_words
from evalxl.addin.protocol import read_text
from evalxl.records.settings import NotAnOfficeError

PROGRAM = ["/opt/evalxl/evalxlw"]


class LibreOffice:
    """unopkg as a user's profile would answer it."""

    def __init__(self) -> None:
        self.installed: set[str] = set()
        self.calls: list[list[str]] = []
        self.refuses = ""

    def __call__(self, words: Sequence[str]) -> tuple[int, str]:
        self.calls.append(list(words))
        if self.refuses:
            return 1, f"{self.refuses}\n"
        match words[1]:
            case "add":
                self.installed.add("org.evalxl.addin")
            case "remove":
                self.installed.discard(words[2])
        return 0, "".join(f"Identifier: {name}\n" for name in self.installed)


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "evalxl.xlam").write_bytes(b"the add-in of Excel")
    with zipfile.ZipFile(folder / "evalxl.oxt", "w") as package:
        package.writestr("description.xml", '<description><identifier value="org.evalxl.addin"/></description>')
    return Sources(folder / "evalxl.xlam", folder / "evalxl.oxt")


@pytest.fixture
def windows(tmp_path: Path) -> Machine:
    home = tmp_path / "Users" / "Hòa"
    unopkg = tmp_path / "Program Files" / "LibreOffice" / "program" / "unopkg.com"
    unopkg.parent.mkdir(parents=True)
    unopkg.touch()
    roaming = home / "AppData" / "Roaming"
    return Machine("windows", home, {"APPDATA": str(roaming), "ProgramFiles": str(tmp_path / "Program Files")})


@pytest.fixture(autouse=True)
def no_unopkg_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where LibreOffice of this machine lies is nothing to these tests."""
    monkeypatch.setattr(places.shutil, "which", lambda _: None)
    monkeypatch.setattr(places.unopkg, "__defaults__", (lambda _: None,))


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = tmp_path / "Cơ quan"
    folder.mkdir()
    (folder / "office.toml").touch()
    return folder


def keys(lines: Sequence[places.Line]) -> list[str]:
    return [line.key.partition(".")[2] for line in lines]


def test_on_windows_both_programs_get_the_buttons_and_the_buttons_find_the_program(
    windows: Machine, sources: Sources, office: Path
) -> None:
    libreoffice = LibreOffice()

    lines = install(windows, PROGRAM, office, sources, libreoffice)

    assert ["program", "office", "in_excel", "in_libreoffice"] == keys(lines)
    target = windows.home / "AppData" / "Roaming" / "Microsoft" / "Excel" / "XLSTART" / "evalxl.xlam"
    assert b"the add-in of Excel" == target.read_bytes()
    assert [f'"{PROGRAM[0]}"', str(office), __version__] == [
        read_text(windows.addin_home / name) for name in ("exe.txt", "office.txt", "version.txt")
    ]
    assert ["add", "--force", "--suppress-license", str(sources.oxt)] == libreoffice.calls[0][1:]


def test_installing_again_changes_nothing_and_uninstalling_leaves_nothing(
    windows: Machine, sources: Sources, office: Path
) -> None:
    libreoffice = LibreOffice()
    install(windows, PROGRAM, office, sources, libreoffice)
    install(windows, PROGRAM, None, sources, libreoffice)
    assert str(office) == read_text(windows.addin_home / "office.txt")

    assert ["gone"] == keys(uninstall(windows, sources, libreoffice))

    assert not libreoffice.installed
    assert [] == [path for path in windows.home.rglob("*") if path.is_file()]
    assert ["gone"] == keys(uninstall(windows, sources, libreoffice))


def test_the_mark_of_the_internet_is_taken_away(windows: Machine, sources: Sources) -> None:
    folder = excel_startup(windows)
    assert folder is not None
    folder.mkdir(parents=True)
    mark = folder / "evalxl.xlam:Zone.Identifier"  # on Windows a stream of the file
    mark.write_text("[ZoneTransfer]")

    install(windows, PROGRAM, None, sources, LibreOffice())

    assert not mark.exists()


def test_each_thing_that_is_missing_is_said(windows: Machine, sources: Sources, office: Path) -> None:
    sources.xlam.unlink()
    libreoffice = LibreOffice()
    libreoffice.refuses = "unopkg is running already"
    bare = Machine("windows", windows.home, {"APPDATA": windows.environ["APPDATA"]})

    assert ["program", "no_office", "not_shipped", "libreoffice_refused"] == keys(
        install(windows, PROGRAM, None, sources, libreoffice)
    )
    assert "no_libreoffice" in keys(install(bare, PROGRAM, None, sources, libreoffice))
    with pytest.raises(NotAnOfficeError):
        install(windows, PROGRAM, office.parent / "no office", sources, libreoffice)


def test_an_excel_that_is_open_is_said_and_nothing_is_spoiled(
    windows: Machine, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(path: Path, data: bytes) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(places, "put_bytes", held)

    lines = install(windows, PROGRAM, None, sources, LibreOffice())

    assert [("install.excel_open", "bad")] == [(line.key, line.answer) for line in lines if "excel" in line.key]


def test_a_user_without_the_buttons_is_told_how_to_get_them(windows: Machine, sources: Sources) -> None:
    assert ["not_installed"] == keys(look(windows, sources, LibreOffice()))


def test_the_state_says_what_is_old_or_gone(windows: Machine, sources: Sources, office: Path, tmp_path: Path) -> None:
    program = tmp_path / "evalxlw.exe"
    program.touch()
    libreoffice = LibreOffice()
    install(windows, [str(program)], office, sources, libreoffice)
    assert ["program", "office", "in_excel", "in_libreoffice"] == keys(look(windows, sources, libreoffice))

    sources.xlam.write_bytes(b"a newer one")
    program.unlink()
    (office / "office.toml").unlink()
    libreoffice.installed.clear()

    assert ["program_gone", "office_gone", "old_in_excel", "not_in_libreoffice"] == keys(
        look(windows, sources, libreoffice)
    )


def test_for_root_libreoffice_installs_nothing_and_is_not_asked(sources: Sources, tmp_path: Path) -> None:
    linux = Machine("linux", tmp_path / "root", {}, is_root=True)
    libreoffice = LibreOffice()

    lines = install(linux, PROGRAM, None, sources, libreoffice)

    assert "no_excel_here" in keys(lines)
    assert not libreoffice.calls


def test_the_name_of_the_extension_is_its_own(sources: Sources) -> None:
    assert "org.evalxl.addin" == extension_id(sources.oxt)
    assert "" == extension_id(sources.xlam)


@pytest.mark.parametrize(
    ("system", "environ", "home"),
    [
        ("windows", {"APPDATA": "/R"}, "/R/evalxl"),
        ("windows", {}, "/h/AppData/Roaming/evalxl"),
        ("mac", {}, "/h/Library/Application Support/evalxl"),
        ("linux", {"XDG_CONFIG_HOME": "/c"}, "/c/evalxl"),
        ("linux", {}, "/h/.config/evalxl"),
        ("windows", {"EVALXL_HOME": "/e", "APPDATA": "/R"}, "/e"),
    ],
)
def test_buttons_and_program_meet_in_one_folder(
    system: Literal["windows", "mac", "linux"], environ: dict[str, str], home: str
) -> None:
    assert Path(home) == Machine(system, Path("/h"), environ).addin_home


# How the program is started


def test_the_windowless_program_is_started_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "evalxlw.exe").touch()
    (tmp_path / "pythonw.exe").touch()

    assert [str(tmp_path / "evalxlw.exe")] == program_words(tmp_path / "evalxl.exe", True, "windows")
    assert [str(tmp_path / "evalxl")] == program_words(tmp_path / "evalxl", True, "linux")
    assert [str(tmp_path / "pythonw.exe"), "-P", "-m", "evalxl"] == program_words(
        tmp_path / "python.exe", False, "windows"
    )


def test_the_line_of_the_program_is_one_that_a_shell_reads_back() -> None:
    words = ["/thư mục/evalxlw", "-P", "-m", "evalxl", "--office", "C (1) & x"]

    assert words == shlex.split(as_line(words))


# At logon

WORDS = ["/Users/Hòa 100%/evalxlw", "agent", "--every", "30"]


def test_on_windows_a_file_of_the_startup_folder_starts_the_agent(windows: Machine) -> None:
    path = start_at_logon(windows, WORDS)

    assert windows.home / "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup/evalxl-agent.cmd" == path
    assert ["@echo off", "chcp 65001 >nul", 'start "" "/Users/Hòa 100%%/evalxlw" agent --every 30'] == (
        path.read_bytes().decode("utf-8").split("\r\n")[:3]
    )


def test_on_linux_an_autostart_entry_starts_the_agent(tmp_path: Path) -> None:
    path = start_at_logon(Machine("linux", tmp_path), WORDS)

    assert tmp_path / ".config" / "autostart" / "evalxl-agent.desktop" == path
    assert 'Exec="/Users/Hòa 100%%/evalxlw" "agent" "--every" "30"' in path.read_text(encoding="utf-8").splitlines()


def test_on_a_mac_a_launch_agent_starts_the_agent(tmp_path: Path) -> None:
    said = plistlib.loads(start_at_logon(Machine("mac", tmp_path), WORDS).read_bytes())

    assert (WORDS, True) == (said["ProgramArguments"], said["RunAtLoad"])


def test_the_agent_is_started_no_more(windows: Machine) -> None:
    start_at_logon(windows, WORDS)
    not_at_logon(windows)
    not_at_logon(windows)

    assert not logon_file(windows).exists()
