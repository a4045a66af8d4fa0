"""The commands: each gathers what the operator said, asks the clock, runs one step and shows what came of it.

Steps are imported when their command runs, so that `evalxl --help` is quick.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evalxl import __version__
from evalxl.cli.calls import Problem
from evalxl.domain.errors import EvalxlError
from evalxl.words import Lang, say

if TYPE_CHECKING:
    from evalxl.steps.office import Clock, Office

app = typer.Typer(
    name="evalxl",
    help="The weekly evaluation of people's work in a public office, run on Excel. · Đánh giá kết quả công tác tuần trên Excel.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@dataclass
class Asked:
    """What stands before every command: the office folder, the language, and whether the output is for a program."""

    office: Path
    lang: Lang | None
    json: bool

    def open(self) -> Office:
        from evalxl.steps.office import Office

        # What is written speaks the office's language; only what is printed here speaks the one asked for.
        return Office.open(self.office)

    @property
    def says(self) -> Lang:
        """The language of the output: asked for, else the office's, else Vietnamese."""
        if self.lang:
            return self.lang
        from evalxl.records.settings import load_settings

        try:
            return load_settings(self.office).language
        except EvalxlError:
            return "vi"


class BadCallError(EvalxlError):
    """The command line was not typed right."""

    key = "slip.bad_call"


# The base of what typer raises for a call that was not typed right; newer versions of typer carry a click of their own.
_CallError: type[Exception] = next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")

_asked = Asked(Path(), None, False)
_exit_code = 0


def run(words: Sequence[str]) -> int:
    """Run one command line; gives its exit code.

    Raises:
        EvalxlError: an operator's slip, to be said in one sentence.
    """
    global _asked, _exit_code
    _asked, _exit_code = _glimpsed(words), 0
    try:
        app(args=list(words), standalone_mode=False, prog_name="evalxl")
    except typer.Exit as done:
        return done.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    except _CallError as slip:
        text: str = slip.format_message()  # type: ignore[attr-defined]
        if type(slip).__name__ == "NoArgsIsHelpError":
            print(text, file=sys.stderr)
            return 2
        raise BadCallError(problem=Problem(text)) from None
    return _exit_code


def _glimpsed(words: Sequence[str]) -> Asked:
    """What a call asks for as far as can be seen before it is understood: a call that was not typed right is answered too."""
    office = os.environ.get("EVALXL_OFFICE", ".")
    for word, after in zip(words, [*words[1:], ""], strict=True):
        if word == "--office" or word.startswith("--office="):
            office = word.partition("=")[2] or after
    return Asked(Path(office), None, "--json" in words)


def spoken() -> Lang:
    """The language in which this call is answered."""
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
    ] = ".",
    lang: Annotated[str, typer.Option("--lang", help="Language of the output: vi or en.", show_default=False)] = "",
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    global _asked
    if lang not in ("", "vi", "en"):
        raise BadCallError(problem=f"--lang {lang}.")
    _asked = Asked(Path(office), lang or None, json)  # type: ignore[arg-type]


def clock() -> Clock:
    """Now, and who works."""
    from evalxl.steps.office import Clock

    return Clock(datetime.now().astimezone(), _who())


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return os.environ.get("USERNAME", "?")


def today() -> date:
    return datetime.now().astimezone().date()


def show(value: Any) -> None:
    """Print a step's result, for people or for programs, and set the exit code that goes with it."""
    from evalxl.cli import shown_office, shown_week  # noqa: F401 - they say how each result is shown
    from evalxl.cli.show import as_json, as_text, exit_code

    print(as_json(value, _asked.says) if _asked.json else as_text(value, _asked.says))
    _finish(exit_code(value))


@contextmanager
def _progress(title: str) -> Iterator[Any]:
    """A progress bar where somebody watches."""
    if _asked.json or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(say(title, _asked.says), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


Week = Annotated[str, typer.Argument(metavar="WEEK", help="2025-W23, or a date in the week.")]
WeekOrPeriod = Annotated[str, typer.Argument(metavar="WEEK|PERIOD", help="2025-W23, 2025-06, 2025-Q2, 2025-H1, 2025.")]
Code = Annotated[str, typer.Argument(metavar="CODE", help="The staff code.")]


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    sample: Annotated[bool, typer.Option("--sample", help="With a sample organisation.")] = False,
) -> None:
    """Make an office folder. · Tạo thư mục cơ quan."""
    from evalxl.cli.show import Made
    from evalxl.steps.init import init as step

    organisation = step(folder, sample, _asked.lang or "vi")
    show(Made(folder, len(organisation.posts), len(organisation.units)))


@app.command()
def check() -> None:
    """Read settings, organisation and rule book, and report every slip. · Kiểm tra dữ liệu."""
    from evalxl.steps.check import check as step

    show(step(_asked.office, today()))


@app.command()
def issue(week: Week) -> None:
    """Write the forms of a week. · Tạo phiếu tuần."""
    from evalxl.domain.weeks import Week as WeekOf
    from evalxl.steps.issue import issue as step

    asked = WeekOf.parse(week)
    with _progress("command.issuing") as progress:
        done = step(_asked.open(), asked, clock(), progress)
    show(done)


@app.command()
def withdraw(week: Week, code: Annotated[str | None, typer.Argument(metavar="[CODE]")] = None) -> None:
    """Take back forms from which nothing has come back. · Thu hồi phiếu."""
    from evalxl.domain.weeks import Week as WeekOf
    from evalxl.steps.issue import withdraw as step

    show(step(_asked.open(), WeekOf.parse(week), code, clock()))


@app.command()
def consolidate(week: Week) -> None:
    """Read what came back, refresh the managers' workbooks, write the masters. · Tổng hợp."""
    from evalxl.domain.weeks import Week as WeekOf
    from evalxl.steps.consolidate import consolidate as step

    asked = WeekOf.parse(week)
    show(step(_asked.open(), asked, clock()))


@app.command()
def status(week: Week) -> None:
    """Who is at which step, who is missing, what is wrong. · Ai chưa nộp."""
    from evalxl.domain.weeks import Week as WeekOf
    from evalxl.steps.status import status as step

    show(step(_asked.open(), WeekOf.parse(week), today()))


@app.command()
def close(what: WeekOrPeriod) -> None:
    """Freeze a week or a period. · Chốt tuần."""
    from evalxl.cli.show import Said
    from evalxl.domain.weeks import parse_week_or_period
    from evalxl.steps.close import close as step

    asked = parse_week_or_period(what)
    step(_asked.open(), asked, clock())
    show(Said("command.closed", {"what": asked}))


@app.command()
def reopen(what: WeekOrPeriod, reason: Annotated[str, typer.Option("--reason", help="Why.")] = "") -> None:
    """Open a closed week or period again. · Mở lại tuần."""
    from evalxl.cli.show import Said
    from evalxl.domain.weeks import parse_week_or_period
    from evalxl.steps.close import reopen as step

    asked = parse_week_or_period(what)
    step(_asked.open(), asked, clock(), reason)
    show(Said("command.reopened", {"what": asked, "reason": reason}))


@app.command()
def explain(week: Week, code: Code) -> None:
    """Where each number of a person came from. · Giải trình số liệu."""
    from evalxl.domain.weeks import Week as WeekOf
    from evalxl.steps.explain import explain as step

    show(step(_asked.open(), WeekOf.parse(week), code, today()))


@app.command()
def export(what: WeekOrPeriod, to: Annotated[Path, typer.Option("--to", metavar="DIR", help="Where to.")]) -> None:
    """Write the tables as CSV with a datapackage.json. · Xuất dữ liệu."""
    from evalxl.domain.weeks import parse_week_or_period
    from evalxl.steps.export import export as step

    show(step(_asked.open(), parse_week_or_period(what), to, today()))


@app.command()
def verify(
    head: Annotated[
        list[str] | None,
        typer.Option("--head", metavar="HEAD", help="A ledger head that was printed, in minutes or on a master."),
    ] = None,
) -> None:
    """Prove ledger and archive unaltered, or say where they are not. · Kiểm chứng."""
    from evalxl.steps.verify import verify as step

    show(step(_asked.office, head or ()))


@app.command()
def rebuild() -> None:
    """Make all masters again from ledger and archive alone. · Dựng lại báo cáo."""
    from evalxl.cli.show import Rebuilt
    from evalxl.steps.verify import rebuild as step

    show(Rebuilt(tuple(step(_asked.open(), clock()))))


@app.command()
def backup(to: Annotated[Path, typer.Option("--to", metavar="DIR", help="A folder on another disk.")]) -> None:
    """Copy the office folder, with the hash of every file. · Sao lưu."""
    from evalxl.steps.backup import backup as step

    show(step(_asked.open(), to, clock()))


@app.command()
def restore(
    backup: Annotated[Path, typer.Argument(metavar="DIR", help="A backup, or the folder that holds them.")],
) -> None:
    """Put a backup back as the office folder; one that is there is moved aside. · Khôi phục."""
    from evalxl.steps.backup import restore as step

    show(step(backup, _asked.office, clock()))


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]")] = Path("evalxl-demo"),
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=520, help="How many weeks, from 2025-W23 on.")] = 3,
) -> None:
    """Make a sample office and run some weeks of it, end to end. · Chạy thử."""
    from evalxl.steps.demo import demo as step

    with _progress("command.demo") as progress:
        done = step(folder, weeks, _asked.lang or "vi", _who(), progress)
    show(done)


@app.command()
def doctor() -> None:
    """Is this machine ready? · Kiểm tra máy."""
    from evalxl.steps.doctor import doctor as step

    show(step(_asked.office, today()))


templates = typer.Typer(help="The workbooks' templates. · Biểu mẫu.", no_args_is_help=True)
app.add_typer(templates, name="templates")


@templates.command("build")
def templates_build(
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="Where to, instead of where they are shipped.")
    ] = None,
) -> None:
    """Make the standard templates. · Tạo biểu mẫu chuẩn."""
    from evalxl.steps.templates import build as step

    show(step(to))


@templates.command("check")
def templates_check(file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Check an office's own template. · Kiểm tra biểu mẫu riêng."""
    from evalxl.steps.templates import check as step

    show(step(file, _asked.office))
