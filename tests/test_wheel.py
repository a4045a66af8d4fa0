"""What an office installs: the wheel, without the clone beside it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import evalxl

CLONE = Path(__file__).resolve().parents[1]
WINDOWS = os.name == "nt"


def run(*command: str | Path, folder: Path) -> str:
    """What a command prints, away from the clone and from what the tests' own Python was told."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    environment["PYTHONUTF8"] = "1"
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a fresh environment into which the wheel was installed.

    The packages that evalxl needs are seen where the tests have them, so that nothing is downloaded.
    """
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--no-input")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder, CLONE, folder=folder)
    (wheel,) = folder.glob("evalxl-*.whl")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", folder=folder)
    scripts = folder / "venv" / ("Scripts" if WINDOWS else "bin")
    python = scripts / ("python.exe" if WINDOWS else "python")
    run(*pip, "--python", python, "install", "--no-deps", "--no-index", wheel, folder=folder)
    packages = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=folder))
    (packages / "packages-of-the-tests.pth").write_text(
        "".join(f"{path}\n" for path in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}),
        encoding="utf-8",
    )
    return scripts


def ask(scripts: Path, program: str) -> str:
    return run(scripts / ("python.exe" if WINDOWS else "python"), "-c", program, folder=scripts)


def test_the_installed_package_is_the_wheel_and_not_the_clone(scripts: Path) -> None:
    installed = Path(ask(scripts, "import evalxl; print(evalxl.__file__)"))

    assert installed.is_relative_to(scripts.parent)


@pytest.mark.parametrize("kind", ["templates", "macros", "rulebooks"])
def test_the_wheel_carries_the_same_files_as_the_clone(scripts: Path, kind: str) -> None:
    folder = Path(ask(scripts, f"from evalxl.records.package_files import shipped; print(shipped({kind!r}))"))
    source = CLONE / "evalxl" / kind if kind == "rulebooks" else CLONE / kind

    assert folder.is_relative_to(scripts.parent)
    assert contents(folder) == contents(source) != {}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, but those that nobody tracks: caches, and owner files of open workbooks."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(("~$", ".~lock."))
    }


def test_the_wheel_carries_the_sentences_in_both_languages(scripts: Path) -> None:
    assert ask(scripts, "from evalxl.words import catalogue; print(len(catalogue()))") == ask_clone()


def test_type_checkers_read_the_annotations_of_the_installed_package(scripts: Path) -> None:
    place = "from importlib.resources import files; print((files('evalxl') / 'py.typed').is_file())"

    assert ask(scripts, place) == "True"


def ask_clone() -> str:
    from evalxl.words import catalogue

    return str(len(catalogue()))


def test_the_installed_command_tells_its_version(scripts: Path) -> None:
    command = scripts / ("evalxl.exe" if WINDOWS else "evalxl")

    assert evalxl.__version__ in run(command, "--version", folder=scripts)
