"""What the sentences of exit code 2 and 3 advise is done word for word, and it helps: the operator's slip is made by the real command, then mended."""

from __future__ import annotations

import re
import shlex
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from importlib import import_module
from io import BytesIO, StringIO
from pathlib import Path
from pkgutil import walk_packages
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

import evalxl
from evalxl import __version__
from evalxl.addin.protocol import put_text, read_text, status_in
from evalxl.cli.main import main
from evalxl.domain.errors import EvalxlError
from evalxl.records import ledger
from evalxl.records.ledger import FORMAT
from evalxl.records.lock import lock
from evalxl.records.package_files import shipped
from evalxl.steps.office.office import Office
from evalxl.words import catalogue
from tests.little_office import LittleOffice, tree
from tests.people import kept_examiner
from tests.rights import BITS_COUNT, like_anybody

WEEK, NEXT = "2025-W23", "2025-W24"
_PRINTED = re.compile(r"evalxl ((?:[^\s;.]+ (?:\"[^\"]*\" )?)+?--office (?:'[^']*'|\S+))")


@dataclass
class Case:
    """An office whose operator makes a slip: what stood before, and how the slip was told."""

    office: LittleOffice
    said: str = ""
    held: dict[str, Any] = field(default_factory=dict)
    stack: ExitStack = field(default_factory=ExitStack)
    patch: pytest.MonkeyPatch = field(default_factory=pytest.MonkeyPatch)

    @property
    def home(self) -> Path:
        """Where buttons and agent of this user find each other."""
        return self.folder.parent / "nút bấm"

    @property
    def job(self) -> Path:
        """The folder of the button that was pressed last."""
        return max(self.folder.parent.glob("việc *"))

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


def _delivered(case: Case, office: str) -> None:
    """The office's export lies where exports of many offices are gathered."""
    to = case.beside / f"office={office}"
    case.office.say("export", WEEK, "--to", str(to), "--format", "parquet")


def _spoiled_memory(case: Case) -> list[str]:
    _delivered(case, "A")
    (case.beside / "to").mkdir()
    _replace(case.beside / "to" / "gathered.json", b"{")
    return ["gather", str(case.beside), "--to", str(case.beside / "to")]


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


def shut(place: Callable[[Case], Path], *command: str | Callable[[Case], str]) -> tuple[Any, Any]:
    """A file or folder whose rights are taken from everybody, and given back as the sentence asks."""

    def fault(case: Case) -> list[str]:
        if not BITS_COUNT:
            pytest.skip("this system has no such bits")
        place(case).chmod(0o500 if place(case).is_dir() else 0)
        case.stack.enter_context(like_anybody())
        return [word if isinstance(word, str) else word(case) for word in command]

    return fault, lambda case: place(case).chmod(0o700)


def _altered_before_reading(case: Case) -> list[str]:
    """Somebody altered what the archive holds of a form that comes back now."""
    _backup_of(case)
    data = case.office.hand_in("P-03").read_bytes()
    digest = sha256(data).hexdigest()
    altered = case.folder / "archive" / digest[:2] / f"{digest}.xlsx"
    altered.parent.mkdir(exist_ok=True)
    _replace(altered, data[:-1])
    return ["consolidate", WEEK]


def _restored(case: Case) -> None:
    case.office.say("verify", code=1)
    case.office.say("restore", str(case.beside / "usb"))


def _without_chain(event: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name not in ("seq", "prev", "format", "label")}


def _two_at_once(case: Case) -> list[str]:
    """Another machine, which does not see this one's lock, writes while the files are read."""
    case.office.hand_in("P-03")

    def examiner(*asked: Any) -> Any:
        other = Office.open(case.folder)
        other.ledger.append([_without_chain(other.ledger.events[-1])], WEEK)
        return kept_examiner()(*asked)

    case.office.examiner = examiner
    return ["consolidate", WEEK]


def _written_by_a_newer(case: Case) -> list[str]:
    """A newer program, which writes another format, closed the week."""
    with pytest.MonkeyPatch.context() as newer:
        newer.setattr(ledger, "FORMAT", FORMAT + 1)
        _closed(case)
    return ["status", WEEK]


def _ctrl_c() -> datetime:
    raise KeyboardInterrupt


def _stop_at(case: Case) -> datetime:
    """The clock of an agent that is told to end as soon as it works."""
    (case.home / "stop").touch()
    return datetime.now()


def _last_option(said: str, option: str) -> list[str]:
    """What is printed from an option on, to the end of the sentence."""
    return shlex.split(f"{option} " + said.rpartition(option)[2].strip().rstrip("."))


def _office(case: Case) -> list[str]:
    return ["--office", str(case.folder)]


_WIDE = [name.encode("utf-16-le") for name in ("EncryptedPackage", "EncryptionInfo")]
_ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + _WIDE[0] + bytes(512) + _WIDE[1] + bytes(900)

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
    Slip("slip.no_offices", lambda c: ["gather", str(c.beside), "--to", str(c.beside / "to")], lambda c: _delivered(c, "A")),
    Slip("slip.nothing_to_gather", lambda c: [(c.beside / "office=A").mkdir() or "gather", str(c.beside), "--to", str(c.beside / "to")], lambda c: _delivered(c, "A")),
    Slip("slip.gathered_spoiled", _spoiled_memory, lambda c: (c.beside / "to" / "gathered.json").unlink()),
    Slip("slip.analysis_missing", lambda c: [c.patch.setitem(sys.modules, "duckdb", None) or "export", WEEK, "--to", str(c.beside), "--format", "parquet"], lambda c: ["export", WEEK, "--to", str(c.beside), "--format", "sqlite"]),
    Slip("slip.no_such_format", lambda c: ["export", WEEK, "--to", str(c.beside), "--format", "ods"], lambda c: ["export", WEEK, "--to", str(c.beside), "--format", _last_word(c.said).strip(".")]),
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
    # Rights, disks, other programs
    Slip("settings.organisation_not_readable", *shut(lambda c: c.folder / "organisation.xlsx", "check")),
    Slip("settings.share_not_writable", *shut(lambda c: c.folder / "shared", "consolidate", WEEK)),
    Slip("slip.form_busy", *shut(lambda c: c.office.form("0012"), "withdraw", WEEK, "0012")),
    Slip("slip.cannot_write", *shut(lambda c: c.beside, "backup", "--to", lambda c: str(c.beside / "usb"))),
    Slip("slip.archive_altered", _altered_before_reading, _restored),
    Slip("slip.ledger_grew", _two_at_once, lambda c: setattr(c.office, "examiner", None)),
    Slip("slip.ledger_newer", _written_by_a_newer, lambda c: c.patch.setattr(ledger, "FORMAT", FORMAT + 1)),
    Slip("slip.lock_says_nothing", lambda c: [_replace(c.folder / "lock", b"?") and "issue", WEEK], lambda c: (c.folder / "lock").unlink()),
    Slip("slip.interrupted", lambda c: [setattr(c.office, "clock", _ctrl_c) or "consolidate", WEEK], lambda c: setattr(c.office, "clock", datetime.now)),
    Slip("tables.encrypted", lambda c: _spoilt(_ENCRYPTED)(c), lambda c: c.put_back()),
    Slip("slip.cannot_build_addin", lambda c: [c.patch.setitem(sys.modules, "pyopenvba", None) or "addin", "build", "--to", str(c.beside)], lambda c: c.patch.delitem(sys.modules, "pyopenvba")),
    # The page to sign, buttons, the agent
    Slip("slip.no_such_check_code", words("explain", "--code", "00000000"), lambda c: ["explain", "--code", str(c.office.json("sheet", WEEK, "V1-03")["check"])]),
    Slip("addin.job_folder", lambda c: ["addin-run", "check", "--job-dir", str(_replace(c.beside / "a", b"") / "việc")], lambda c: (c.beside / "a").unlink()),
    Slip("agent.bad_hours", words("agent", "--every", "30", "--from", "18:00", "--to", "7:30"), lambda c: [setattr(c.office, "clock", lambda: _stop_at(c)) or "agent", *_last_option(c.said, "--every")]),
]  # fmt: skip

# Sentences that say why nothing was done, and that nothing has to be done: the command changes nothing.
NOTHING_TO_DO: dict[str, Callable[[Case], list[str]]] = {
    "slip.already_came_back": words("withdraw", WEEK, "V1-03"),
    "slip.not_closed": words("reopen", WEEK, "--reason", "bổ sung"),
    "slip.week_off": lambda c: [c.office.organisation["days_off"].extend({"date": date(2025, 6, day), "kind": "Nghỉ lễ, Tết"} for day in range(9, 14)) or c.office.reorganise() or "consolidate", NEXT],
    "agent.running": lambda c: [put_text(c.home / "agent.txt", f"{__version__}|1|{datetime.now().astimezone().isoformat()}") or "agent"],
}  # fmt: skip


@dataclass(frozen=True)
class Press:
    """A sentence that a button shows, as a `Slip`: what the button asks for, and what it asks for once its sentence was followed."""

    key: str
    asked: Callable[[Case], list[str]]
    cure: Callable[[Case], list[str] | None]

    def __str__(self) -> str:
        return self.key


def _of_installed(case: Case) -> list[str]:
    """Install the buttons, and press one: it says the version that was installed."""
    case.patch.setenv("HOME", str(case.beside))
    case.patch.setenv("PATH", "")
    case.office.say("addin", "install", code=None)
    return ["check", "--client-version", read_text(case.home / "version.txt").strip()]


PRESSES = [
    Press("addin.no_office", words("check"), lambda c: put_text(c.home / "office.txt", str(c.folder))),
    Press("addin.week_needed", lambda c: _closed(c) or ["reopen", "--reason", "bổ sung", *_office(c)], lambda c: ["reopen", "--reason", "bổ sung", "--week", WEEK, *_office(c)]),
    Press("addin.request_spoiled", lambda c: [*_office(c), _replace(c.job / "request.txt", b"\xff") and ""], lambda c: ["check", *_office(c)]),
    Press("addin.unknown_job", lambda c: ["tidy", *_office(c)], lambda c: [*_of_installed(c), *_office(c)]),
    Press("addin.too_different", lambda c: ["check", "--client-version", "99.0", *_office(c)], lambda c: [*_of_installed(c), *_office(c)]),
]  # fmt: skip
LOCKED = ("slip.somebody_at_work", "slip.lock_says_nothing")
ELSEWHERE = {
    "slip.beyond_a_workbook": "tests/steps/reports/test_table_files.py, where a field is longer than a sheet can hold",
    "slip.too_many_names": "tests/steps/reports/test_gather.py, where fewer are too many",
    "slip.not_demo": "tests/stories/test_demo.py, where demo offices are made",
}


@pytest.fixture
def case(handed_in: LittleOffice, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    case = Case(handed_in, patch=monkeypatch)
    case.home.mkdir()
    monkeypatch.setenv("EVALXL_HOME", str(case.home))
    monkeypatch.delenv("EVALXL_OFFICE", raising=False)
    for number in (signal.SIGTERM, signal.SIGINT):  # the agent sets its own
        case.stack.callback(signal.signal, number, signal.getsignal(number))
    with case.stack:
        yield case


@pytest.mark.parametrize("slip", SLIPS, ids=str)
def test_what_the_sentence_advises_helps(slip: Slip, case: Case) -> None:
    command = slip.fault(case)

    told = case.office.json(*command)
    assert told["error"]["kind"] == slip.key.rpartition(".")[2], told
    case.said = case.office.say(*command, code=3 if slip.key in LOCKED else 2)
    assert len(case.said.strip().splitlines()) == 1

    command = slip.cure(case) or command
    with redirect_stdout(StringIO()) as out, redirect_stderr(out):
        done = case.office.run(*command)
    assert done in (0, 1), out.getvalue()


@pytest.mark.parametrize("key", NOTHING_TO_DO)
def test_where_nothing_has_to_be_done_the_command_changes_nothing(key: str, case: Case) -> None:
    command = NOTHING_TO_DO[key](case)
    before = tree(case.folder)

    told = case.office.json(*command)

    assert told["error"]["kind"] == key.rpartition(".")[2], told
    assert case.office.run(*command) == (3 if key == "agent.running" else 2)
    assert before == tree(case.folder)


@pytest.mark.parametrize("press", PRESSES, ids=str)
def test_what_a_button_is_told_helps(press: Press, case: Case) -> None:
    def pressed(asked: Callable[[Case], list[str] | None]) -> tuple[int, str]:
        (case.folder.parent / f"việc {len(list(case.folder.parent.glob('việc *'))) + 1}").mkdir()
        words = asked(case) or press.asked(case)
        with redirect_stdout(StringIO()):
            code = main(["addin-run", *filter(None, words), "--job-dir", str(case.job)])
        status = status_in(case.job)
        assert status is not None
        return code, status.message

    code, sentence = pressed(press.asked)
    shape = re.escape(catalogue()[press.key]["vi"])
    assert code == 2
    assert re.fullmatch(re.sub(r"\\{\w+\\}", ".*", shape), sentence), sentence

    code, sentence = pressed(press.cure)
    assert code in (0, 1), sentence


def test_every_sentence_of_an_operators_slip_is_tried() -> None:
    for module in walk_packages(evalxl.__path__, "evalxl."):
        if not module.name.endswith("__main__"):
            import_module(module.name)

    def slips(of: type[EvalxlError]) -> Iterator[str]:
        for kind in of.__subclasses__():
            yield from (kind.__dict__["key"],) if "key" in kind.__dict__ else ()
            yield from slips(kind)

    tried = [*(slip.key for slip in SLIPS), *NOTHING_TO_DO, *(press.key for press in PRESSES), *ELSEWHERE]
    assert sorted(set(slips(EvalxlError))) == sorted(tried)
