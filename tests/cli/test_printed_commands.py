"""A command that is printed works as it stands, from where the person ran the program."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer

from evalxl.cli.app import command_names
from evalxl.cli.main import main
from evalxl.cli.printed_commands import NEED_NO_OFFICE, as_typed_here, quoted
from tests.little_office import LittleOffice, make_little_office

COMMANDS = ("agent", "backup", "check", "consolidate", "explain", "init", "issue", "reopen")


def test_every_command_gets_the_office_named_but_those_that_need_none() -> None:
    from evalxl.cli.program import app

    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert set(command_names()) | {"addin", "agent", "templates"} == set(commands)
    assert set(commands) | {"gather"} > set(NEED_NO_OFFICE)


@pytest.fixture
def made(tmp_path: Path) -> LittleOffice:
    return make_little_office(tmp_path / "office")


def _printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    streams = capsys.readouterr()
    return re.findall(r"(evalxl [^;.,]*?--reason \"[^\"]*\"|evalxl [^;.,]+)", streams.out + streams.err)


def test_what_is_printed_is_typed_from_another_folder_and_works(
    made: LittleOffice, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    there = made.folder.rename(made.folder.with_name("cơ quan số 1"))
    monkeypatch.chdir(tmp_path)

    assert main(["--office", str(there), "status", made.week]) == 2
    (command,) = _printed(capsys)
    words = shlex.split(command.removesuffix(" trước"))
    assert words == ["evalxl", "issue", made.week, "--office", str(there)]
    assert main(words[1:]) == 0


def test_in_the_office_folder_nothing_is_named(
    made: LittleOffice, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(made.folder)
    for words in (["status", made.week], ["--office", str(made.folder), "status", made.week]):
        assert main(words) == 2
        assert f"evalxl issue {made.week}" in capsys.readouterr().err


def test_a_new_office_is_checked_as_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "Sở A", "--sample"]) == 0
    (command,) = _printed(capsys)

    assert shlex.split(command) == ["evalxl", "check", "--office", "Sở A"]
    assert main(shlex.split(command)[1:]) == 0


def test_the_office_is_quoted_for_the_shell() -> None:
    assert quoted("/srv/co-quan", windows=False) == "/srv/co-quan"
    assert quoted("/srv/co-quan", windows=False, marked=True) == "'/srv/co-quan'"
    assert quoted("/srv/cơ quan", windows=False) == "'/srv/cơ quan'"
    assert shlex.split(quoted("/srv/it's $HOME", windows=False)) == ["/srv/it's $HOME"]
    assert quoted(r"D:\Cơ quan A&B", windows=True) == r'"D:\Cơ quan A&B"'
    assert quoted("D:\\", windows=True, marked=True) == '"D:\\\\"'


def test_prose_that_speaks_of_evalxl_stays(tmp_path: Path) -> None:
    text = "evalxl agent đang chạy; a form that evalxl issued; evalxl init DIR"
    assert as_typed_here(text, tmp_path, COMMANDS) == text


def test_the_office_stands_behind_all_words_of_the_command() -> None:
    for sentence, ends in {
        'mở lại bằng evalxl reopen 2025-W23 --reason "lý do".': 'reopen 2025-W23 --reason "lý do" HERE.',
        "chạy evalxl check rồi sửa từng ô": "evalxl check HERE rồi sửa từng ô",
        "(evalxl explain TUẦN V1-03)": "(evalxl explain TUẦN V1-03 HERE)",
        "evalxl issue 2025-W23 rồi evalxl consolidate 2025-W23.": "issue 2025-W23 HERE rồi evalxl consolidate 2025-W23 HERE.",
        "chạy evalxl backup --to THƯ_MỤC trên ổ đĩa khác": "backup --to THƯ_MỤC HERE trên ổ đĩa khác",
    }.items():
        said = as_typed_here(sentence, Path("/nơi"), COMMANDS)
        assert re.sub(r"--office (['\"]?).nơi\1", "HERE", said).endswith(ends)
