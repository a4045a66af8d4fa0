"""The entry: options before or after the command, quick help, and nothing of anybody in the log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from evalxl.cli.main import hoisted, language_of, main
from evalxl.domain.errors import where_it_happened


@pytest.mark.parametrize(
    "words",
    [
        ["--office", "O", "--lang", "en", "--json", "status", "2025-W23"],
        ["status", "2025-W23", "--office", "O", "--lang", "en", "--json"],
        ["status", "--office", "O", "2025-W23", "--lang", "en", "--json"],
    ],
)
def test_the_three_options_stand_before_or_after_the_command(words: list[str]) -> None:
    assert ["--office", "O", "--lang", "en", "--json", "status", "2025-W23"] == hoisted(words)


def test_options_of_a_command_stay_where_they_are() -> None:
    assert ["--office=O", "export", "2025-W23", "--to", "T"] == hoisted(
        ["export", "2025-W23", "--to", "T", "--office=O"]
    )


def test_a_slip_before_anything_is_known_is_said_in_the_language_asked_for() -> None:
    assert [None, "en", "en"] == [
        language_of(words) for words in (["check"], ["check", "--lang", "en"], ["--lang=en", "check"])
    ]


def test_the_log_holds_lines_of_code_and_no_value() -> None:
    """An exception's message may name a file that is named after a person."""
    try:
        raise KeyError("Nguyễn Thị Đào 38,5")
    except KeyError as slip:
        logged = where_it_happened(slip)

    assert "KeyError" in logged
    assert "test_main.py" in logged
    assert "38,5" not in logged.replace('raise KeyError("Nguyễn Thị Đào 38,5")', "")


def test_the_log_says_which_name_of_the_code_is_missing() -> None:
    """Text that the interpreter writes of the code itself; a kind of our own made from it may say anything."""

    class NoSuchPersonError(NameError):
        pass

    for slip, said in ((NameError("name 'weeks' is not defined"), True), (NoSuchPersonError("Nguyễn Thị Đào"), False)):
        assert (str(slip) in where_it_happened(slip)) is said


def test_help_loads_no_workbook_library() -> None:
    code = (
        "import sys; from evalxl.cli.main import main; main(['--help']);"
        "print([m for m in ('pandas', 'openpyxl', 'xlsxwriter', 'python_calamine', 'rich') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)

    assert "[]" == said.stdout.splitlines()[-1]


def test_the_shell_completes_commands() -> None:
    asked = {"_EVALXL_COMPLETE": "complete_bash", "COMP_WORDS": "evalxl cons", "COMP_CWORD": "1"}
    said = subprocess.run(
        [sys.executable, "-c", "from evalxl.cli.main import console; console()"],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **asked},
    )

    assert said.stdout.split() == ["consolidate"]


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp1258"])
def test_vietnamese_is_printed_on_every_console(tmp_path: Path, encoding: str) -> None:
    """Windows consoles and pipes have code pages of their own; the output is UTF-8 on each."""
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    said = subprocess.run(
        [sys.executable, "-m", "evalxl", "--office", str(tmp_path), "check"], capture_output=True, env=environment
    )

    assert 2 == said.returncode
    assert "không phải là thư mục cơ quan" in said.stderr.decode("utf-8")


def test_a_program_reads_on_standard_output_why_nothing_came_of_its_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same sentence that people read, with its kind: of a slip, and of a call that was not typed right."""
    for words, kind in ((["check"], "not_an_office"), (["nonsense"], "bad_call")):
        assert 2 == main(["--office", str(tmp_path), *words])
        sentence = capsys.readouterr().err.strip()
        assert 2 == main(["--office", str(tmp_path), *words, "--json"])
        said = capsys.readouterr()
        assert {"error": {"kind": kind, "message": sentence}} == json.loads(said.out)
        assert "" == said.err
