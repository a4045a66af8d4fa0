"""The code holds keys, never sentences: every key that it names has its sentence in the catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from evalxl.words import catalogue

PACKAGE = Path(str(files("evalxl")))
CODE = {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
KEYS = frozenset(catalogue())
KINDS = frozenset(key for key, row in catalogue().items() if "level" in row)
# What the masters and the templates say is looked up under a table of their own: `figure.total` as `master.figure.total`.
ENDINGS = frozenset(".".join(parts[start:]) for key in KEYS if (parts := key.split(".")) for start in range(len(parts)))


def nodes() -> Iterator[tuple[str, ast.AST]]:
    """Every node of the code with its file, but for the pieces of texts that are put together (`f"rank.{code}"`)."""
    for path, text in CODE.items():
        tree = list(ast.walk(ast.parse(text)))
        pieces = {id(piece) for node in tree if isinstance(node, ast.JoinedStr) for piece in node.values}
        yield from ((path, node) for node in tree if id(node) not in pieces)


def first_word(call: ast.Call) -> str:
    """The constant text that a call is given first, or as its kind."""
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "kind")]
    return next((one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)), "")


def named(call: ast.Call) -> str:
    """What is called: `Finding`, `say`; `.say` for a method of something else than the catalogue."""
    if isinstance(call.func, ast.Name):
        return call.func.id
    if isinstance(call.func, ast.Attribute):
        of_words = isinstance(call.func.value, ast.Name) and call.func.value.id == "words"
        return call.func.attr if of_words else f".{call.func.attr}"
    return ""


def calls(*names: str) -> Iterator[tuple[str, str]]:
    """Where something is called with a constant text, and the text."""
    for path, node in nodes():
        if isinstance(node, ast.Call) and named(node) in names and (word := first_word(node)):
            yield f"{path}:{node.lineno}", word


def test_every_finding_that_the_code_makes_is_a_kind_of_the_catalogue() -> None:
    made = list(calls("Finding", "Need"))

    assert made
    assert [(place, kind) for place, kind in made if kind not in KINDS] == []


def test_every_sentence_that_the_code_says_is_in_the_catalogue() -> None:
    said = list(calls("say", ".say"))

    assert said
    assert [(place, key) for place, key in said if key not in ENDINGS] == []


def test_every_slip_of_the_operator_has_its_sentence() -> None:
    slips = [
        (path, line.value.value)
        for path, node in nodes()
        if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "").endswith("Error") for base in node.bases)
        for line in node.body
        if isinstance(line, ast.Assign) and getattr(line.targets[0], "id", "") == "key"
        if isinstance(line.value, ast.Constant)
    ]

    assert ("domain/weeks.py", "slip.no_such_week") in slips
    assert [(path, key) for path, key in slips if key not in KEYS] == []


def test_every_word_of_the_code_that_looks_like_a_key_is_one() -> None:
    """Keys also travel as plain words: `missing.not_submitted`, `@term.quality`."""
    tables = "|".join(sorted({key.partition(".")[0] for key in KEYS}))
    looks_like_a_key = re.compile(rf"@?(?:{tables})(?:\.[a-z][a-z0-9_]*)+")
    file_names = re.compile(r".*\.(?:xlsx|toml|jsonl|json|csv|txt|log|py|md)")

    looked_up = [
        (path, node.value.removeprefix("@"))
        for path, node in nodes()
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if looks_like_a_key.fullmatch(node.value) and not file_names.fullmatch(node.value)
    ]

    assert looked_up
    assert [(path, word) for path, word in looked_up if word not in ENDINGS] == []
