"""What the sentences of exit code 2 and 3 advise is done word for word, and it helps: the operator's slip is made by the real command, then mended."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from io import BytesIO, StringIO
from pathlib import Path
from pkgutil import walk_packages
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

import evalxl
from evalxl.domain.errors import EvalxlError
from evalxl.records.lock import lock
from evalxl.records.package_files import shipped
from tests.little_office import LittleOffice

WEEK, NEXT = "2025-W23", "2025-W24"
_PRINTED = re.compile(r"evalxl ((?:[^\s;.]+ (?:\"[^\"]*\" )?)+?--office (?:'[^']*'|\S+))")


@dataclass
class Case:
    """An office whose operator makes a slip: what stood before, and how the slip was told."""

    office: LittleOffice
    said: str = ""
    held: dict[str, Any] = field(default_factory=dict)
    stack: ExitStack = field(default_factory=ExitStack)

    @property
    def folder(self) -> Path:
        return self.office.folder

    @property
    def settings(self) -> Path:
        return self.folder / "office.toml"

    @property
    def beside(self) -> Path:
        """A folder outside the office."""
        path = self.folder.parent / "bên cạnh"
        path.mkdir(exist_ok=True)
        return path

    def keep(self, path: Path) -> Path:
        self.held[str(path)] = path.read_bytes()
        return path

    def put_back(self) -> None:
        for name, data in self.held.items():
            Path(name).write_bytes(data)

    def set(self, old: str, new: str) -> None:
        text = self.settings.read_text(encoding="utf-8")
        assert re.search(old, text, re.M), old
        self.settings.write_text(re.sub(old, lambda _: new, text, count=1, flags=re.M), encoding="utf-8")

    def top(self, line: str) -> None:
        self.settings.write_text(f"{line}\n{self.settings.read_text(encoding='utf-8')}", encoding="utf-8")

    def untop(self) -> None:
        self.settings.write_text(self.settings.read_text(encoding="utf-8").partition("\n")[2], encoding="utf-8")

    def as_printed(self, code: int | None = None) -> None:
        """Type every command that the sentence prints, as it stands."""
        commands = _PRINTED.findall(self.said)
        assert commands, self.said
        for command in commands:
            self.office.say(*shlex.split(command), code=code)


@dataclass(frozen=True)
class Slip:
    """One sentence: how it comes about, and what it says to do.

    Attributes:
        fault: Makes the slip, and gives the command that meets it.
        cure: Does what is said. It may give another command, where the command itself was the slip.
    """

    key: str
    fault: Callable[[Case], list[str]]
    cure: Callable[[Case], list[str] | None]

    def __str__(self) -> str:
        return self.key


def _last_word(said: str) -> str:
    """The last of the values that a sentence lists."""
    return said.strip().rstrip(".").split()[-1]


def words(*found: str) -> Callable[[Case], list[str]]:
    return lambda case: list(found)


def _replace(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def toml(change: Callable[[Case], object], mend: Callable[[Case], object]) -> tuple[Any, Any]:
    """A slip in office.toml that `check` meets."""

    def fault(case: Case) -> list[str]:
        change(case)
        return ["check"]

    def cure(case: Case) -> None:
        mend(case)

    return fault, cure


def _spoilt(data: bytes) -> Callable[[Case], list[str]]:
    def fault(case: Case) -> list[str]:
        _replace(case.keep(case.folder / "organisation.xlsx"), data)
        return ["check"]

    return fault


def _ods() -> bytes:
    with ZipFile(packed := BytesIO(), "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", "<x/>")
    return packed.getvalue()


def _altered_archive(case: Case) -> Path:
    file = max((path for path in (case.folder / "archive").rglob("*.xlsx")), key=lambda path: path.stat().st_size)
    file.chmod(0o644)
    return _replace(case.keep(file), b"PK" + file.read_bytes()[2:-1])


def _verify_then_put_back(case: Case) -> None:
    case.office.say("verify", code=1)
    case.put_back()


def _broken_ledger(case: Case) -> list[str]:
    file = sorted((case.folder / "ledger").iterdir())[0]
    file.chmod(0o644)
    _replace(case.keep(file), file.read_bytes().replace(b'"seq"', b'"sEq"', 1))
    return ["status", WEEK]


def _at_work(case: Case) -> list[str]:
    case.stack.enter_context(lock(case.folder / "lock", "Lan", "2025-06-05 09:00"))
    return ["issue", WEEK]


def _closed(case: Case) -> None:
    case.office.say("close", WEEK, "--yes", code=None)


def _backup_of(case: Case, name: str = "usb") -> Path:
    case.office.say("backup", "--to", str(case.beside / name))
    return case.beside / name


def _damaged_backup(case: Case) -> list[str]:
    whole, other = _backup_of(case), _backup_of(case, "đĩa khác")
    case.held_backup = other  # type: ignore[attr-defined]
    for file in whole.rglob("office.toml"):
        file.chmod(0o644)
        file.write_bytes(b"name = 'x'")
    return ["restore", str(whole)]


def _rulebook(case: Case, *names: str, text: str = "") -> list[str]:
    """Own rule book files with one id, of which the office uses it."""
    book = (
        (shipped("rulebooks") / "cv-8679-2025.toml")
        .read_text("utf-8")
        .replace('id = "cv-8679-2025"', 'id = "của-mình"')
    )
    (case.folder / "rulebooks").mkdir(exist_ok=True)
    for name in names:
        (case.folder / "rulebooks" / name).write_text(book + text, "utf-8")
    case.set("^rulebook = .*$", 'rulebook = "của-mình"')
    return ["check"]


def _share_away(case: Case) -> list[str]:
    (case.folder / "shared").rename(case.beside / "mạng")
    (case.folder / "shared").mkdir()
    return ["consolidate", WEEK]


def _share_back(case: Case) -> None:
    shutil.rmtree(case.folder / "shared")
    (case.beside / "mạng").rename(case.folder / "shared")


def _restored_too_early(case: Case) -> list[str]:
    usb = case.beside / "usb"
    share = case.folder.parent / "chung"
    shutil.move(case.folder / "shared", share)
    case.set("^shared_folder = .*$", f"shared_folder = '{share}'")
    case.office.say("backup", "--to", str(usb))
    case.office.say("issue", NEXT)
    case.office.say("restore", str(usb))
    return ["consolidate", NEXT]


SLIPS = [
    # office.toml
    Slip("settings.unknown_key", *toml(lambda c: c.top("qwerty = 1"), lambda c: c.untop())),
    Slip(
        "settings.misspelt_key",
        *toml(lambda c: c.set("^shared_folder", "shared_foldr"), lambda c: c.set("^shared_foldr", re.findall("“([^”]*)”", c.said)[-1])),
    ),
    Slip("settings.garbled", *toml(lambda c: c.set("^parent = .*$", "parent = Bộ Nội vụ"), lambda c: c.set("Bộ Nội vụ", '"Bộ Nội vụ"'))),
    Slip("settings.backslash", *toml(lambda c: c.set("^parent = .*$", 'parent = "B\\Nội vụ"'), lambda c: c.set('"B.Nội vụ"', "'B\\Nội vụ'"))),
    Slip(
        "settings.unquoted_key",
        *toml(
            lambda c: c.settings.write_text(c.settings.read_text("utf-8").replace("[unit_folders]\n", f"[unit_folders]\nLĐ = '{c.beside}'\n"), "utf-8"),
            lambda c: c.set("^LĐ", '"LĐ"'),
        ),
    ),
    Slip("settings.bad_value", *toml(lambda c: c.set('^language = .*$', 'language = "vn"'), lambda c: c.set('"vn"', '"vi"'))),
    Slip(
        "settings.unreadable",
        *toml(lambda c: _replace(c.keep(c.settings), b"\x81\xff\x00n"), lambda c: c.put_back()),
    ),
    Slip(
        "settings.misplaced_key",
        *toml(
            lambda c: (c.set("^language = .*\n", ""), c.settings.write_text(c.settings.read_text("utf-8") + '\n[deadlines]\nlanguage = "vi"\n' if "[deadlines]" not in c.settings.read_text("utf-8") else c.settings.read_text("utf-8").replace("[deadlines]\n", '[deadlines]\nlanguage = "vi"\n', 1), "utf-8")),
            lambda c: (c.set('^language = "vi"\n', ""), c.top('language = "vi"')),
        ),
    ),
    Slip("settings.share_not_there", lambda c: [str((c.folder / "shared").rename(c.beside / "mạng"))[:0] or "consolidate", WEEK], lambda c: str((c.beside / "mạng").rename(c.folder / "shared"))[:0] or None),
    Slip("settings.no_such_rulebook", *toml(lambda c: c.set("^rulebook = .*$", 'rulebook = "cv-1"'), lambda c: c.set('"cv-1"', f'"{_last_word(c.said)}"'))),
    # The office folder
    Slip("settings.not_an_office", lambda c: ["check", "--office", str(c.beside)], lambda c: ["check", "--office", str(c.folder)]),
    Slip("settings.office_is_there", lambda c: ["init", str(c.folder)], lambda c: ["init", str(c.beside / "mới")]),
    Slip("settings.folder_not_empty", lambda c: [_replace(c.beside / "a.txt", b"a") and "init", str(c.beside)], lambda c: ["init", str(c.beside / "mới")]),
    Slip("settings.folder_not_made", lambda c: ["init", str(_replace(c.beside / "a.txt", b"a") / "b")], lambda c: ["init", str(c.beside / "b")]),
    Slip("settings.organisation_missing", lambda c: [c.keep(c.folder / "organisation.xlsx").unlink() or "check"], lambda c: c.put_back()),
    Slip("settings.organisation_open", lambda c: [_replace(c.folder / "~$organisation.xlsx", b"\x03Lan" + bytes(51)) and "check"], lambda c: (c.folder / "~$organisation.xlsx").unlink()),
    Slip("tables.damaged", _spoilt(b"PK\x03\x04 half a file"), lambda c: c.put_back()),
    Slip("tables.other_type", _spoilt(_ods()), lambda c: c.put_back()),
    Slip("slip.organisation_has_slips", lambda c: [c.office.person("V1-03").update(unit="VU9") or c.office.reorganise() or "issue", WEEK], lambda c: (c.as_printed(1), c.office.person("V1-03").update(unit="VU1"), c.office.reorganise())[:0] or None),
    # Weeks, periods and codes
    Slip("slip.no_such_week", words("status", "tuần 23"), words("status", WEEK)),
    Slip("slip.not_issued", words("status", NEXT), lambda c: c.as_printed(0)),
    Slip("slip.no_such_code", words("explain", WEEK, "V1-99"), words("explain", WEEK, "V1-03")),
    Slip("slip.no_such_person", words("withdraw", WEEK, "V1-99"), words("withdraw", WEEK, "0012")),
    Slip("slip.check_code_or_week", words("explain"), words("explain", WEEK, "V1-03")),
    Slip("slip.bad_call", words("stats", WEEK), words("--help")),
    Slip("slip.no_such_file", lambda c: ["look", str(c.beside / "x.xlsx")], lambda c: ["look", str(c.office.form("V1-03"))]),
    Slip("slip.signals_of_a_week", lambda c: ["export", WEEK, "--to", str(c.beside), "--signals"], lambda c: ["export", "2025-06", "--to", str(c.beside), "--signals"]),
    # Closing and reopening
    Slip("slip.close_not_sure", lambda c: [c.office.say("issue", "2025-W25")[:0] or "close", "2025-06"], lambda c: [*shlex.split(_PRINTED.findall(c.said)[0])]),
    Slip("slip.close_unended", lambda c: [setattr(c.office, "moment", datetime.fromisoformat("2030-06-05T10:00:00+07:00")) or c.office.say("issue", "2030-W23")[:0] or "close", "2030-W23"], lambda c: [*shlex.split(_PRINTED.findall(c.said)[0])]),
    Slip("slip.week_closed", lambda c: [_closed(c) or "issue", WEEK], lambda c: c.as_printed(0)),
    Slip("slip.already_closed", lambda c: [_closed(c) or "close", WEEK, "--yes"], lambda c: c.as_printed(0)),
    Slip("slip.reason_needed", lambda c: [_closed(c) or "reopen", WEEK, "--reason", ""], lambda c: [*shlex.split(_PRINTED.findall(c.said)[0])]),
    Slip("slip.period_closed", lambda c: [c.office.say("close", "2025-06", "--yes", code=None)[:0] or "issue", NEXT], lambda c: c.as_printed(0)),
    # Somebody else, ledger, archive, backups
    Slip("slip.somebody_at_work", _at_work, lambda c: c.stack.close()),
    Slip("slip.ledger_broken", _broken_ledger, _verify_then_put_back),
    Slip("slip.pack_of_altered", lambda c: [str(_altered_archive(c))[:0] or "archive-pack", "2025-06", "--to", str(c.beside / "gói")], _verify_then_put_back),
    Slip("slip.pack_folder_in_use", lambda c: [_replace(c.beside / "a.txt", b"a") and "archive-pack", "2025-06", "--to", str(c.beside)], lambda c: ["archive-pack", "2025-06", "--to", str(c.beside / "mới")]),
    Slip("slip.folder_in_use", lambda c: [_replace(c.beside / "a.txt", b"a") and "remind", WEEK, "--to", str(c.beside)], lambda c: ["remind", WEEK, "--to", str(c.beside / "mới")]),
    Slip("slip.backup_inside", lambda c: ["backup", "--to", str(c.folder / "sao lưu")], lambda c: ["backup", "--to", str(c.beside)]),
    Slip("slip.no_backup", lambda c: [str(_backup_of(c))[:0] or "restore", str(c.folder)], lambda c: ["restore", str(c.beside / "usb")]),
    Slip("slip.backup_damaged", _damaged_backup, lambda c: ["restore", str(c.beside / "đĩa khác")]),
    Slip("slip.ledger_behind", _restored_too_early, lambda c: c.as_printed(None)),
    Slip("slip.no_archive_years", words("clean-archive"), lambda c: c.set("^archive_years = .*$", "archive_years = 5")),
    Slip("slip.cleaning_reason", lambda c: [c.set("^archive_years = .*$", "archive_years = 5") or "clean-archive", "--yes"], words("clean-archive", "--reason", "Quyết định 12", "--yes")),
    Slip("settings.rulebook_twice", lambda c: _rulebook(c, "a.toml", "b.toml"), lambda c: (c.folder / "rulebooks" / "b.toml").unlink()),
    Slip("slip.bad_rulebook", lambda c: _rulebook(c, "a.toml", text="\nxyz"), lambda c: _rulebook(c, "a.toml")),
    Slip("tables.empty", lambda c: [openpyxl.Workbook().save(c.keep(c.folder / "organisation.xlsx")) or "check"], lambda c: c.put_back()),
    Slip("slip.clock_set_back", lambda c: [setattr(c.office, "moment", datetime.fromisoformat("2025-06-02T08:00:00+07:00")) or "consolidate", WEEK], lambda c: setattr(c.office, "moment", None)),
    Slip("slip.share_empty", _share_away, _share_back),
]  # fmt: skip
_BUTTONS = "the program that a button calls is of another version, or the request is spoiled: tests/addin"
NOT_TRIED = {
    "addin.job_folder": _BUTTONS,
    "addin.no_office": _BUTTONS,
    "addin.request_spoiled": _BUTTONS,
    "addin.too_different": _BUTTONS,
    "addin.unknown_job": _BUTTONS,
    "addin.week_needed": _BUTTONS,
    "agent.bad_hours": "the agent runs until it is stopped: tests/addin/test_agent.py",
    "agent.running": "says that nothing has to be done",
    "settings.organisation_not_readable": "takes a file that another program holds, which Windows alone says",
    "settings.share_not_writable": "takes a share without the right to write; whoever runs the tests may write everywhere",
    "slip.already_came_back": "says why nothing was done; nothing has to be done",
    "slip.archive_altered": "the archive has to be altered while the run reads it; verify and restore are tried with slip.pack_of_altered",
    "slip.cannot_build_addin": "takes an environment without the package",
    "slip.cannot_write": "takes a full or forbidden disk: tests/faults",
    "slip.form_busy": "takes a file that another program holds, which Windows alone says",
    "slip.interrupted": "somebody presses Ctrl+C; it says that the command may be run again, as tests/faults do",
    "slip.ledger_grew": "two processes have to write at once: tests/records/test_ledger.py",
    "slip.ledger_newer": "asks for a newer program",
    "slip.lock_says_nothing": "takes some seconds of waiting: tests/records/test_lock.py",
    "slip.no_such_check_code": "asks to look at the page again",
    "slip.not_closed": "says that nothing has to be done",
    "slip.not_demo": "asks for another folder; a demo takes long: tests/demo",
    "slip.week_off": "says that nothing has to be done",
    "tables.encrypted": "asks to take the password off, which a program cannot do",
}


@pytest.fixture
def case(handed_in: LittleOffice) -> Iterator[Case]:
    case = Case(handed_in)
    with case.stack:
        yield case


@pytest.mark.parametrize("slip", SLIPS, ids=str)
def test_what_the_sentence_advises_helps(slip: Slip, case: Case) -> None:
    command = slip.fault(case)

    told = case.office.json(*command)
    assert told["error"]["kind"] == slip.key.rpartition(".")[2], told
    case.said = case.office.say(*command, code=3 if slip.key.endswith("at_work") else 2)
    assert len(case.said.strip().splitlines()) == 1

    command = slip.cure(case) or command
    with redirect_stdout(StringIO()) as out, redirect_stderr(out):
        done = case.office.run(*command)
    assert done in (0, 1), out.getvalue()


def test_every_sentence_of_an_operators_slip_is_tried_or_named() -> None:
    for module in walk_packages(evalxl.__path__, "evalxl."):
        if not module.name.endswith("__main__"):
            import_module(module.name)

    def slips(of: type[EvalxlError]) -> Iterator[str]:
        for kind in of.__subclasses__():
            yield from (kind.__dict__["key"],) if "key" in kind.__dict__ else ()
            yield from slips(kind)

    tried = {slip.key for slip in SLIPS}
    assert not tried & set(NOT_TRIED)
    assert set(slips(EvalxlError)) == tried | set(NOT_TRIED)
