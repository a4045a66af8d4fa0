"""Commands in printed messages, as somebody has to type them from the current folder.

The sentences name a command as it is typed in the office folder (`evalxl issue 2025-W23`). Where the office lies elsewhere, `--office` is put behind
it before the sentence is printed. Files that evalxl writes keep the sentences as they are: nobody knows from where their reader will type.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

# The commands that work on no office folder, or are told theirs, or (`agent`) are spoken of as a program and not to be typed.
NEED_NO_OFFICE = ("addin", "addin-run", "agent", "demo", "gather", "init", "templates")
# What a shell takes for something else where it stands outside quotation marks.
_SPECIAL = re.compile(r"""[\s"'&|<>()^%;,=!`$@{}\[\]*?#~]""")
_NEXT_WORD = re.compile(r' ("[^"]*"|[^\s"`;,.()]+)')


def as_typed_here(text: str, office: Path, commands: Iterable[str]) -> str:
    """The same text, with `--office` in its commands unless the office is the current folder.

    Args:
        commands: The program's commands.
    """
    if office.resolve() == Path.cwd():
        return text
    names = "|".join(re.escape(name) for name in commands if name not in NEED_NO_OFFICE)
    command = re.compile(rf"\bevalxl (?:{names})(?![\w-])")
    done, rest = "", text
    while match := command.search(rest):
        end = match.end()
        while (word := _NEXT_WORD.match(rest, end)) and _belongs_to_a_command(word[1]):
            end = word.end()
        done += f"{rest[:end]} --office {quoted(str(office), os.name == 'nt', marked=rest[end : end + 1] in tuple('.,;:)'))}"
        rest = rest[end:]
    return done + rest


def _belongs_to_a_command(word: str) -> bool:
    """Whether a word behind a command is part of it, and not of the sentence: an option, a text, a week or a code, or what stands for one."""
    return word[0] in '"-' or word.isupper() or any(letter.isdigit() for letter in word)


def quoted(path: str, windows: bool, marked: bool = False) -> str:
    """A path as one word of a command line: of `cmd` and PowerShell, or of a POSIX shell.

    Args:
        marked: Put it in quotation marks in any case, because a full stop or bracket follows, which is not part of the path.
    """
    if not (marked or _SPECIAL.search(path)):
        return path
    if not windows:
        return "'" + path.replace("'", "'\"'\"'") + "'"
    ends = len(path) - len(path.rstrip("\\"))  # a backslash before the closing mark would take its meaning
    return f'"{path}{path[-ends:] if ends else ""}"'
