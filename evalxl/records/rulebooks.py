"""Finds a rule book by its id: first among the office's own, then among those shipped with evalxl."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evalxl.domain.errors import EvalxlError
from evalxl.domain.rulebook import BadRuleBookError, RuleBook, read_rulebook
from evalxl.records.folders import RULEBOOKS
from evalxl.records.package_files import shipped

_NAMED = re.compile(r'^rulebook = "[^"]*"', re.MULTILINE)
_ID = re.compile(rb"""^\s*id\s*=\s*["']([^"']*)["']""", re.MULTILINE)


class NoSuchRuleBookError(EvalxlError):
    """No rule book has the id that the settings name."""

    key = "settings.no_such_rulebook"

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(name=name, known=", ".join(known))


class RuleBookTwiceError(EvalxlError):
    """Two files of the office have the same rule book id."""

    key = "settings.rulebook_twice"

    def __init__(self, name: str, first: Path, second: Path) -> None:
        super().__init__(name=name, first=first, second=second)


def find_rulebook(office: Path, name: str) -> RuleBook:
    """The rule book of an id.

    The id inside the file identifies a rule book, never the file's name. A malformed file of the office
    stops the run only if it is the one asked for.

    Raises:
        NoSuchRuleBookError: no file has this id; the sentence lists the existing ids.
        RuleBookTwiceError: two files of the office have it.
        BadRuleBookError: the file is not a rule book.
    """
    own = [(path, text) for path, text in _files(office / RULEBOOKS) if _id_in(text) == name]
    if len(own) > 1:
        raise RuleBookTwiceError(name, own[0][0], own[1][0])
    for path, text in own or _files(shipped("rulebooks")):
        if _id_in(text) == name:
            return read_rulebook(text, str(path))
    raise NoSuchRuleBookError(name, known_rulebooks(office))


@dataclass(frozen=True, slots=True)
class NamedRuleBook:
    """A rule book and the bytes of its file; `own` where it is none that evalxl ships."""

    rules: RuleBook
    text: bytes
    own: bool


def rulebook_named(name: str) -> NamedRuleBook:
    """The rule book of a file, or the shipped one of an id.

    Raises:
        NoSuchRuleBookError, BadRuleBookError: there is none, or the file is none.
    """
    path = Path(name)
    if path.suffix.lower() != ".toml":
        rules = find_rulebook(Path(), name)
        return NamedRuleBook(rules, b"", own=False)
    try:
        text = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as slip:
        raise BadRuleBookError(file=path, problem=slip.strerror) from None
    return NamedRuleBook(read_rulebook(text, str(path)), text, own=True)


def use_rulebook(office: Path, named: NamedRuleBook) -> None:
    """Make a rule book that of an office that was just made."""
    if named.own:
        (office / RULEBOOKS).mkdir(exist_ok=True)
        (office / RULEBOOKS / f"{named.rules.id}.toml").write_bytes(named.text)
    settings = office / "office.toml"
    said = settings.read_text(encoding="utf-8")
    settings.write_text(_NAMED.sub(f'rulebook = "{named.rules.id}"', said), encoding="utf-8", newline="\n")


def known_rulebooks(office: Path) -> tuple[str, ...]:
    """The ids of all rule books that the office can use."""
    texts = [text for folder in (office / RULEBOOKS, shipped("rulebooks")) for _, text in _files(folder)]
    return tuple(sorted({_id_in(text) for text in texts} - {""}))


def _files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    if not folder.is_dir():
        return
    for path in sorted(folder.glob("*.toml")):
        try:
            yield path, path.read_bytes().removeprefix(b"\xef\xbb\xbf")
        except OSError as slip:
            raise BadRuleBookError(file=path, problem=slip.strerror) from None


def _id_in(text: bytes) -> str:
    match = _ID.search(text)
    return match[1].decode("utf-8", "replace") if match else ""
