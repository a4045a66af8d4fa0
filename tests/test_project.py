"""The house rules that a machine can check, asked of the files that are kept."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

CLONE = Path(__file__).resolve().parents[1]

TOP_LEVEL = {
    "pyproject.toml",
    "evalxl",
    "templates",
    "macros",
    "tests",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "docs",
    ".ci",
}

# Written like a cell, but words of the office: days of the week, quarters, half-years, the paper size.
NOT_CELLS = re.compile(r"T[2-7]|Q[1-4]|H[12]|A[3-5]")
CELL = re.compile(r"\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6}(:\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6})?")

MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:tmp|root|home|Users|work|opt|mnt)/\w|[A-Za-z]:\\{1,2}Users\\")
REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted\.org|pypi\.python\.org|registry\.npmjs\.org|conda\.anaconda\.org|deb\.debian\.org|archive\.ubuntu\.com"
    r"|--(?:extra-)?index-url|--find-links|--trusted-host"
)


@cache
def kept_files() -> tuple[Path, ...]:
    """The files that git keeps, or would keep, relative to the clone; in an unpacked archive, all of them."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=CLONE, capture_output=True, check=True).stdout.decode("utf-8").split("\0")
    except (OSError, subprocess.CalledProcessError):
        return tuple(path for entry in sorted(TOP_LEVEL) for path in every_file(CLONE / entry))
    return tuple(sorted(Path(name) for name in listed if name and (CLONE / name).is_file()))


def every_file(entry: Path) -> list[Path]:
    found = [entry, *entry.rglob("*")]
    return sorted(path.relative_to(CLONE) for path in found if path.is_file() and path.suffix != ".pyc")


def modules() -> list[Path]:
    return [path for path in kept_files() if path.parts[0] == "evalxl" and path.suffix == ".py"]


def tree(path: Path) -> ast.Module:
    return ast.parse((CLONE / path).read_text(encoding="utf-8"))


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """What a kept file says, a workbook's parts one by one."""
    content = (CLONE / path).read_bytes()
    if zipfile.is_zipfile(CLONE / path):
        with zipfile.ZipFile(CLONE / path) as package:
            for part in package.infolist():
                yield f"{path.as_posix()}!{part.filename}", package.read(part).decode("utf-8", errors="ignore")
    elif b"\0" not in content:
        yield path.as_posix(), content.decode("utf-8", errors="ignore")


def test_the_top_level_holds_only_what_belongs_there() -> None:
    others = {path.parts[0] for path in kept_files()} - TOP_LEVEL

    assert [
        name
        for name in sorted(others)
        if not name.startswith(".") and not re.fullmatch(r"constraints[\w-]*\.txt", name)
    ] == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    found = [
        f"{name}: {match.group()}"
        for path in kept_files()
        if path.parts[0] != "tests"
        for name, text in texts(path)
        for match in MACHINE_PATHS.finditer(text)
    ]

    assert found == []


def test_no_file_names_where_packages_come_from() -> None:
    """An office may have a registry of its own; only the machine's settings name it."""
    found = [
        f"{name}: {match.group()}"
        for path in kept_files()
        if path != Path("tests/test_project.py")
        for name, text in texts(path)
        for match in REGISTRIES.finditer(text)
    ]

    assert found == []


def test_the_extras_of_the_package_are_there() -> None:
    project = tomllib.loads((CLONE / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert set(project["optional-dependencies"]) == {"test", "excel", "addin", "analysis", "mutation"}, (
        "an extra comes with the code that uses it"
    )
    assert project["requires-python"] == ">=3.11"


def test_constraints_name_one_version_for_every_direct_requirement() -> None:
    project = tomllib.loads((CLONE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = (CLONE / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.split("==")[0].lower() for line in lines if re.fullmatch(r"[\w.-]+==[\w.]+( *;.*)?", line)}

    assert [line for line in lines if not line.startswith("#") and line.split("==")[0].lower() not in pinned] == []
    for requirement in [*project["dependencies"], *extras["test"], *extras["excel"]]:
        name = re.split(r"[\[<>=;! ]", requirement)[0]
        assert name.lower() in pinned, f"{name} has no line in constraints.txt"


def test_every_module_says_what_it_is_for() -> None:
    assert [path.as_posix() for path in modules() if not ast.get_docstring(tree(path))] == []


def test_only_the_command_line_prints() -> None:
    found = [
        f"{path.as_posix()}:{node.lineno}"
        for path in modules()
        if "cli" not in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]

    assert found == []


def test_no_cell_address_is_written_outside_the_template_builders() -> None:
    found = [
        f"{path.as_posix()}:{node.lineno} {node.value}"
        for path in modules()
        if path.parts[:3] not in {("evalxl", "excel", "templates"), ("evalxl", "excel", "templates.py")}
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CELL.fullmatch(node.value)
        and not NOT_CELLS.fullmatch(node.value)
    ]

    assert found == []


def test_no_module_knows_what_a_rule_book_scores_in() -> None:
    """The codes of parts and criteria are the rule books'. What suggests a score, and the halves of the report, are words of the rules themselves.

    `rulebook` reads books from before the common criteria were a criterion among others.
    """
    books = [tomllib.loads((CLONE / path).read_text("utf-8")) for path in kept_files() if path.parts[:2] == ("evalxl", "rulebooks")]  # fmt: skip
    parts = {part["code"] for book in books for part in book["parts"]}
    criteria = {row["code"] for book in books for row in book["period"].get("ratios", {}).get("criteria", ())}
    assert len(parts) == 3 and len(criteria) == 4
    named = re.compile(
        rf"(ev_(self|score|approve|row_self|row_score|row_approve|suggested)|self|scored|approved)_({'|'.join(parts)})"
        rf"|(ev_period_)?({'|'.join(criteria)})|@term\.({'|'.join(parts)})"
    )
    found = {
        (path.stem, node.value)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and named.fullmatch(node.value)
    }

    assert found == {("rulebook", "common")}


def test_every_folder_of_tests_is_a_package() -> None:
    """Two tests in two folders may then have one name."""
    folders = {path.parent for path in kept_files() if path.parts[0] == "tests" and path.name.startswith("test_")}

    assert [folder.as_posix() for folder in sorted(folders) if not (CLONE / folder / "__init__.py").is_file()] == []


def test_continuous_integration_runs_the_test_line_of_the_readme() -> None:
    shown = [line for line in first_screen().splitlines() if line.startswith("bash ")]
    run = (CLONE / ".ci" / "run").read_text(encoding="utf-8").splitlines()

    assert shown == ["bash .ci/demo", "bash .ci/test"]
    assert run[-1] == "bash .ci/test"


def first_screen() -> str:
    return "\n".join((CLONE / "README.md").read_text(encoding="utf-8").splitlines()[:45])


@pytest.mark.parametrize("script", ["demo", "run", "setup", "test"])
def test_the_scripts_are_ready_for_bash(script: str) -> None:
    content = (CLONE / ".ci" / script).read_bytes()

    assert b"\r" not in content
    assert script == "setup" or content.startswith(b"#!/usr/bin/env bash\n")


@pytest.mark.parametrize("page", [path for path in kept_files() if path.suffix == ".md"], ids=Path.as_posix)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", (CLONE / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    links = [link for link in re.findall(r"\]\(([^)\s#]+)", text) if "://" not in link]

    assert [link for link in links if not (CLONE / page.parent / link).exists()] == []


# Who may write over or take away files without a keeper: what they touch lies where nobody else writes, or is made anew by a command that says so.
_ALONE = {
    "evalxl/records/keeper.py",  # says what it is
    "evalxl/records/publish.py",
    "evalxl/records/unfinished.py",
    "evalxl/records/archive.py",  # blobs and ledger are written once
    "evalxl/records/ledger.py",
    "evalxl/records/kept.py",
    "evalxl/records/backup.py",
    "evalxl/records/identity.py",
    "evalxl/addin/build.py",
    "evalxl/steps/admin/templates.py",
    "evalxl/steps/reports/export.py",  # into a folder that the operator names for it
    "evalxl/steps/reports/gather.py",  # as export does
    "evalxl/steps/reports/archive_pack.py",  # into an empty folder,
    "evalxl/steps/outputs/hand_out.py",  # into an empty folder
    "evalxl/steps/reports/remind.py",  # into an empty folder
}
_TAKES_AWAY = re.compile(r"\.unlink\(|\.write_bytes\(|\.write_text\(|os\.replace\(|os\.rename\(|\.rename\(|rmtree\(")


def test_nothing_on_a_share_is_written_over_or_taken_away_but_through_the_one_door() -> None:
    """`publish` and `remove` see what lies there at that moment, and keep what evalxl did not write."""
    alone = {path.as_posix() for path in modules() if "OURS_ALONE" in (CLONE / path).read_text(encoding="utf-8")}
    assert alone <= _ALONE
    others = {
        path.as_posix()
        for path in modules()
        if path.is_relative_to("evalxl/steps") and _TAKES_AWAY.search((CLONE / path).read_text(encoding="utf-8"))
    }
    # A folder that demo made itself; what an export wrote before.
    assert others <= {"evalxl/demo/run.py", "evalxl/demo/stage.py", "evalxl/steps/reports/export.py"}
