"""Every command that a message prints can be typed as it stands."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from evalxl.cli.main import hoisted
from tests.advice.test_every_sentence import WORDS

# Where a sentence only names a command, and nobody is told to type it there: the words that stand before it.
NAMED = ("do", "lệnh", "that", "by", "mà", "khi", "định", "decision", "evalxl")
# An option, a quoted text, a field of the sentence, or a word in capitals that stands for something.
_ARGUMENT = r'--?[\w-]+|"[^"]*"|{\w+}|[^\W\d_a-z][^\W\da-z]+(?!\w)'
_WORD = r"[a-z][a-z-]*(?!\w)"
_COMMAND = re.compile(rf"(\S*) ?[`(]?evalxl((?: --office (?:{_ARGUMENT}))?) ({_WORD})((?: (?:{_ARGUMENT}|{_WORD}))*)")
# What stands for what in a sentence.
_MEANS = {
    "name": "2025-W23",
    "first": "2025-W23",
    "what": "2025-W23",
    "code": "V1-03",
    "head": "0" * 64,
    "WEEK": "2025-W23",
    "TUẦN": "2025-W23",
}
_MEANS |= {"rulebook": "cv-8679-2025"}
_MEANS |= {"CODE": "V1-03", "MÃ": "V1-03", "XXXXXXXX": "ABCD2345"}
_PERIODS = ("roll-up", "what-if")


def sentences() -> Iterator[tuple[str, str]]:
    """Every text of the catalogue, with its key."""

    def texts(key: str, value: Any) -> Iterator[tuple[str, str]]:
        if isinstance(value, str):
            yield key, value
        elif isinstance(value, dict):
            for name, inner in value.items():
                yield from texts(f"{key}.{name}", inner)

    for path in sorted(WORDS.glob("*.toml")):
        yield from texts(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))


def program() -> Any:
    from evalxl.cli.program import app

    return typer.main.get_command(app)


def typed(text: str, folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The command lines that a text tells somebody to type, with the word that stands before each."""
    commands = program().commands
    for before, office, command, rest in _COMMAND.findall(text):
        if command not in commands:
            continue
        words = [*office.split(), command]
        inner = getattr(commands[command], "commands", {})
        for word in re.findall(rf"{_ARGUMENT}|{_WORD}", rest):
            is_prose = word[0].isalpha() and not word.isupper()
            if is_prose and (word not in inner or words[-1] != command):
                break  # the sentence goes on
            words.append(word.strip('"') if word[0] == '"' else word)
        yield before, [_meant(word, command, folder) for word in words]


def _meant(word: str, command: str, folder: Path) -> str:
    name = word.strip("{}")
    if name in ("DIR", "THƯ_MỤC"):
        return str(folder)
    if name in ("FILE", "TỆP", "file"):
        return str(folder / "tệp.xlsx")
    if command in _PERIODS and _MEANS.get(name) == "2025-W23":
        return "2025-06"
    return _MEANS.get(name, word)


def parsed(words: list[str]) -> None:
    """Let the program's own parser read a command line, up to the point at which it would do something."""
    command, name, rest = program(), "evalxl", hoisted(words)
    context = None
    while True:
        context = command.make_context(name, list(rest), parent=context)
        if not hasattr(command, "commands"):
            return
        left = [*getattr(context, "_protected_args", ()), *context.args]
        if not left:
            return
        name, command, rest = command.resolve_command(context, left)


def test_every_command_that_a_message_prints_can_be_typed(tmp_path: Path) -> None:
    (tmp_path / "tệp.xlsx").write_bytes(b"")
    tried, wrong = set(), []
    for key, text in sentences():
        for before, words in typed(text, tmp_path):
            if before.strip("`(").lower() in NAMED:
                continue
            if any("{" in word for word in words):
                wrong.append(f"{key}: evalxl {shlex.join(words)}: a field that may hold anything")
            tried.add(words[0] if words[0] != "--office" else words[2])
            try:
                parsed(words)
            except Exception as slip:
                wrong.append(f"{key}: evalxl {shlex.join(words)}: {getattr(slip, 'message', slip)!r}")
    assert not wrong, "\n".join(wrong)
    assert {
        "issue",
        "consolidate",
        "reopen",
        "close",
        "verify",
        "roll-up",
        "check",
        "backup",
        "sheet",
        "explain",
        "addin",
    } <= tried


def test_a_word_behind_evalxl_that_looks_like_a_command_is_one() -> None:
    """Or it is English prose, which goes on like this."""
    prose = [
        "again",
        "and",
        "agent",
        "could",
        "has",
        "is",
        "issued",
        "made",
        "makes",
        "on",
        "properties",
        "reads",
        "takes",
        "uses",
    ]
    prose += ["bỏ", "coi", "của", "dùng", "không"]
    strange = {
        command
        for _, text in sentences()
        for _, _, command, _ in _COMMAND.findall(text)
        if command not in program().commands and command not in prose
    }
    assert strange == set()
