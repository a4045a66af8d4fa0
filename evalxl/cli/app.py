"""What all commands share: the program, the global options, the clock, and the output of a step's result."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evalxl import __version__
from evalxl.cli.calls import UsageProblem
from evalxl.cli.printed_commands import as_typed_here
from evalxl.domain.errors import EvalxlError
from evalxl.words import Lang, say

if TYPE_CHECKING:
    from evalxl.excel.returned.workers import Examiner
    from evalxl.steps.office.office import Clock, Office

app = typer.Typer(
    name="evalxl",
    help="The weekly evaluation of people's work in a public office, run on Excel. · Đánh giá kết quả công tác tuần trên Excel.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@dataclass
class Asked:
    """The global options: the office folder, the language, and whether the output is for a program.

    Attributes:
        office: The office folder; the current folder if none is named.
        named_office: The named office folder, if any.
    """

    office: Path
    lang: Lang | None
    json: bool
    named_office: Path | None = None

    def open(self) -> Office:
        from evalxl.steps.office.office import Office

        # Files are written in the office's language; only printed output uses the requested one.
        office = Office.open(self.office)
        office.examiner = _examiner
        return office

    @property
    def says(self) -> Lang:
        """The language of the output: the requested one, else the office's, else Vietnamese."""
        if self.lang:
            return self.lang
        from evalxl.records.settings import load_settings

        try:
            return load_settings(self.office).language
        except EvalxlError:
            return "vi"


class BadCallError(EvalxlError):
    """The command line has an error."""

    key = "slip.bad_call"


# The base class of typer's errors for a wrong command line. Newer versions of typer bundle their own click.
_CallError: type[Exception] = next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")

# How newer versions of typer end a command that was stopped by Ctrl+C; older ones raise Abort.
_STOPPED = 130

_asked = Asked(Path(), None, False)
_exit_code = 0
_now: Callable[[], datetime] = datetime.now
_examiner: Examiner | None = None


def asked() -> Asked:
    """The global options of the running command."""
    return _asked


def run(words: Sequence[str], now: Callable[[], datetime] = datetime.now, examiner: Examiner | None = None) -> int:
    """Run one command line; gives its exit code.

    Args:
        now: The clock.
        examiner: Examines returned files; None for worker processes of this call.

    Raises:
        EvalxlError: an operator's error, to be shown in one sentence.
    """
    global _asked, _exit_code, _now, _examiner
    _asked, _exit_code, _now, _examiner = _glimpsed(words), 0, now, examiner
    try:
        left = app(args=list(words) or ["--help"], standalone_mode=False, prog_name="evalxl")
    except typer.Exit as done:
        return done.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    except _CallError as slip:
        text: str = slip.format_message()  # type: ignore[attr-defined]
        if type(slip).__name__ == "NoArgsIsHelpError":
            print(text, file=sys.stderr)
            return 2
        raise BadCallError(problem=UsageProblem(text)) from None
    if left == _STOPPED:
        raise KeyboardInterrupt
    return _exit_code


def _glimpsed(words: Sequence[str]) -> Asked:
    """The global options as far as they can be read before parsing, so that a wrong command line is answered too."""
    office = os.environ.get("EVALXL_OFFICE", ".")
    for word, after in zip(words, [*words[1:], ""], strict=False):
        if word == "--office" or word.startswith("--office="):
            office = word.partition("=")[2] or after
    return Asked(Path(office), None, "--json" in words)


def told(sentence: str) -> str:
    """A sentence for people, with its commands as they are typed from here."""
    return as_typed_here(sentence, _asked.office, command_names())


def command_names() -> list[str]:
    """The program's commands, but for groups of commands."""
    functions = ((one.name, one.callback) for one in app.registered_commands)
    return [name or function.__name__.replace("_", "-") for name, function in functions if function is not None]


def spoken() -> Lang:
    """The language of this call's output."""
    return _asked.says


def _finish(code: int) -> None:
    global _exit_code
    _exit_code = code


def _version(asked: bool) -> None:
    if asked:
        if "--json" in sys.argv:
            import json

            print(json.dumps({"version": __version__}))
        else:
            print(f"evalxl {__version__}")
        raise typer.Exit


@app.callback()
def _before(
    office: Annotated[
        str,
        typer.Option("--office", envvar="EVALXL_OFFICE", help="The office folder.", show_default="the current folder"),
    ] = "",
    lang: Annotated[str, typer.Option("--lang", help="Language of the output: vi or en.", show_default=False)] = "",
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    global _asked
    if lang not in ("", "vi", "en"):
        raise BadCallError(problem=f"--lang {lang}.")
    _asked = Asked(Path(office), lang or None, json, Path(office) if office else None)  # type: ignore[arg-type]
    from evalxl.cli.log import keep_log

    keep_log()


def clock() -> Clock:
    """The time, and the user."""
    from evalxl.steps.office.office import Clock

    return Clock(_now().astimezone(), who())


def who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return os.environ.get("USERNAME", "?")


def today() -> date:
    return _now().astimezone().date()


def show(value: Any, office: Path | None = None) -> None:
    """Print a step's result for people or for programs, and set its exit code.

    Args:
        office: The office folder that the result speaks of, where it is not the one that was asked for.
    """
    from evalxl.cli import shown_addin, shown_look, shown_office, shown_period, shown_week  # noqa: F401 - they say how each is shown
    from evalxl.cli.show import as_json, as_text, exit_code

    if _asked.json:
        print(as_json(value, _asked.says))
    else:
        print(as_typed_here(as_text(value, _asked.says), office or _asked.office, command_names()))
    _finish(exit_code(value))


def confirmed(question: Callable[[Lang], str]) -> bool:
    """Ask a person at the terminal; False without a terminal.

    Args:
        question: Gives the question in a language; the answer for yes is `C`.
    """
    if _asked.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(question(_asked.says), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() in ("c", "có", "y", "yes")


@contextmanager
def progress_bar(title: str) -> Iterator[Any]:
    """A progress bar if the output is a terminal."""
    if _asked.json or not sys.stderr.isatty():
        yield lambda *told: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(say(title, _asked.says), total=None)
        yield lambda *told: bar.update(task, completed=told[-2], total=told[-1])


Week = Annotated[str, typer.Argument(metavar="WEEK", help="2025-W23, or a date in the week.")]
WeekOrPeriod = Annotated[
    str, typer.Argument(metavar="WEEK|PERIOD", help="2025-W23, 2025-06, 2025-Q2, 2025-H1, 2025-9M, 2025.")
]
Code = Annotated[str, typer.Argument(metavar="CODE", help="The staff code.")]
