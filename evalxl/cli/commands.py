"""The commands. Each takes the operator's arguments and the time, runs one step and shows its result.

Steps are imported when their command runs, so that `evalxl --help` is fast.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from evalxl.cli.app import Code, Week, app, asked, clock, progress_bar, show, today, who


class _OfficeKind(StrEnum):
    party, department, commune, service = "party", "department", "commune", "service"


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    kind: Annotated[
        _OfficeKind | None,
        typer.Option("--kind", help="What kind of office: says what the example rows are called, and the letterhead."),
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="With a sample organisation.")] = False,
) -> None:
    """Make an office folder. · Tạo thư mục cơ quan."""
    from evalxl.cli.show import Made
    from evalxl.steps.admin.init import init as step

    organisation = step(folder, sample, asked().lang or "vi", kind.value if kind else None)
    show(Made(folder, len(organisation.posts), len(organisation.units)), folder)


@app.command()
def check(
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="A workbook that shows who scores and approves whom, and why."),
    ] = None,
) -> None:
    """Read settings, organisation and rule book, and report every slip. · Kiểm tra dữ liệu."""
    from evalxl.steps.admin.check import check as step
    from evalxl.steps.admin.check import write_authorities

    checked = step(asked().office, today())
    show(checked if to is None else write_authorities(asked().office, checked, to, today()))


@app.command()
def issue(week: Week) -> None:
    """Write the forms of a week. · Tạo phiếu tuần."""
    from evalxl.domain.weeks import Week as WeekOf
    from evalxl.steps.issue.issue import issue as step

    meant = WeekOf.parse(week)
    with progress_bar("command.issuing") as progress:
        done = step(asked().open(), meant, clock(), progress)
    show(done)


@app.command()
def withdraw(week: Week, code: Annotated[str | None, typer.Argument(metavar="[CODE]")] = None) -> None:
    """Take back forms from which nothing has come back. · Thu hồi phiếu."""
    from evalxl.domain.weeks import Week as WeekOf
    from evalxl.steps.issue.issue import withdraw as step

    show(step(asked().open(), WeekOf.parse(week), code, clock()))


@app.command()
def consolidate(week: Week) -> None:
    """Read what came back, refresh the managers' workbooks, write the masters. · Tổng hợp."""
    from evalxl.domain.weeks import Week as WeekOf
    from evalxl.steps.consolidate import consolidate as step

    meant = WeekOf.parse(week)
    with progress_bar("command.consolidating") as progress:
        done = step(asked().open(), meant, clock(), progress)
    show(done)


@app.command()
def status(week: Week) -> None:
    """Who is at which step, who is missing, what is wrong. · Ai chưa nộp."""
    from evalxl.domain.weeks import Week as WeekOf
    from evalxl.steps.reports.status import status as step

    show(step(asked().open(), WeekOf.parse(week), today()))


@app.command()
def remind(
    week: Week,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help="A new or empty folder for the texts and for mail drafts (.eml)."),
    ] = None,
) -> None:
    """Polite texts for everybody who still has to do something; sends nothing. · Nội dung nhắc việc."""
    from evalxl.domain.weeks import Week as WeekOf
    from evalxl.steps.reports.remind import remind as step

    office = asked().open()
    show(step(office, WeekOf.parse(week), clock().now.astimezone(office.settings.zone), to))


@app.command()
def pack(week: Week, to: Annotated[Path, typer.Option("--to", metavar="DIR", help="A new or empty folder.")]) -> None:
    """The week's forms to hand out without a shared folder: a zip per unit, a file per person. · Lấy phiếu gửi đi."""
    from evalxl.domain.weeks import Week as WeekOf
    from evalxl.steps.outputs.hand_out import pack as step

    show(step(asked().open(), WeekOf.parse(week), today(), to))


@app.command()
def receipts(
    week: Week, to: Annotated[Path, typer.Option("--to", metavar="DIR", help="A new or empty folder.")]
) -> None:
    """The week's receipts to send back, a text per person. · Lấy biên nhận gửi lại."""
    from evalxl.domain.weeks import Week as WeekOf
    from evalxl.steps.outputs.hand_out import receipts as step

    show(step(asked().open(), WeekOf.parse(week), today(), to))


@app.command()
def sheet(week: Week, code: Code) -> None:
    """Make the page of a person's or a unit's week that is signed. · Phiếu kết quả công tác tuần."""
    from evalxl.domain.weeks import Week as WeekOf
    from evalxl.steps.outputs.signed_pages import result_sheet as step

    show(step(asked().open(), WeekOf.parse(week), code, clock()))


@app.command()
def explain(
    week: Annotated[
        str | None,
        typer.Argument(
            metavar="[WEEK|PERIOD|FINDING]",
            help="2025-W23, a date in the week, 2025-06, 2025-Q2, 2025-H1, 2025-9M, 2025; or the name of a finding: score.out_of_bounds.",
        ),
    ] = None,
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help="The staff code.")] = None,
    check: Annotated[str, typer.Option("--code", metavar="CHECK", help="The check code of a signed page.")] = "",
) -> None:
    """Where each number of a person came from, what a signed page stands for, or what a finding means. · Giải trình số liệu."""
    from evalxl.domain.weeks import Period, parse_week_or_period
    from evalxl.steps.outputs.signed_pages import CheckCodeOrWeekError, resolve
    from evalxl.steps.views.explain import explain as step
    from evalxl.steps.views.explain import explain_period
    from evalxl.steps.views.explain_finding import finding_named

    if week is not None and code is None and not check and (finding := finding_named(week)) is not None:
        show(finding)
    elif check and week is None and code is None:
        show(resolve(asked().open(), check, today()))
    elif week is None or code is None or check:
        raise CheckCodeOrWeekError
    elif isinstance(meant := parse_week_or_period(week), Period):
        show(explain_period(asked().open(), meant, code))
    else:
        show(step(asked().open(), meant, code, today()))


@app.command()
def look(files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Workbooks, wherever they lie.")]) -> None:
    """What evalxl would say of a file; nothing is written. · Xem trước một tệp."""
    from evalxl.records.settings import FILE
    from evalxl.steps.views.look import look_at
    from evalxl.steps.views.look_without_office import look_alone

    # If no office is named, the current folder is one, or there is none.
    with_office = asked().named_office is not None or (asked().office / FILE).is_file()
    show(look_at(asked().office, files, clock()) if with_office else look_alone(files))


@app.command()
def verify(
    head: Annotated[
        list[str] | None,
        typer.Option("--head", metavar="HEAD", help="A ledger head that was printed, in minutes or on a master."),
    ] = None,
    report: Annotated[
        str, typer.Option("--report", metavar="PERIOD", help="What an auditor asks: returns, delegations, corrections.")
    ] = "",
    backup: Annotated[
        Path | None, typer.Option("--backup", metavar="DIR", help="Prove a backup whole, instead of the office.")
    ] = None,
) -> None:
    """Prove ledger and archive unaltered, or say where they are not. · Kiểm chứng."""
    if backup is not None:
        from evalxl.steps.admin.backup import verify_backup

        show(verify_backup(backup, asked().office, clock()))
        return
    from evalxl.domain.weeks import Period
    from evalxl.steps.reports.audit import Audited, audit_report
    from evalxl.steps.reports.verify import verify as step

    period = Period.parse(report) if report else None
    proved = step(asked().office, head or ())
    if period is None:
        show(proved)
    else:
        # A report from an altered ledger is worthless.
        show(Audited(proved, None if proved.altered else audit_report(asked().open(), period)))


@app.command()
def rebuild() -> None:
    """Make all masters again from ledger and archive alone. · Dựng lại báo cáo."""
    from evalxl.cli.show import Rebuilt
    from evalxl.steps.reports.verify import rebuild as step

    show(Rebuilt(tuple(step(asked().open(), clock()))))


@app.command()
def backup(to: Annotated[Path, typer.Option("--to", metavar="DIR", help="A folder on another disk.")]) -> None:
    """Copy the office folder, with the hash of every file. · Sao lưu."""
    from evalxl.steps.admin.backup import backup as step

    show(step(asked().open(), to, clock()))


@app.command()
def restore(
    backup: Annotated[Path, typer.Argument(metavar="DIR", help="A backup, or the folder that holds them.")],
) -> None:
    """Put a backup back as the office folder; one that is there is moved aside. · Khôi phục."""
    from evalxl.steps.admin.backup import restore as step

    show(step(backup, asked().office, clock()))


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]")] = Path("evalxl-demo"),
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=520, help="How many weeks, from 2025-W23 on.")] = 3,
    rulebook: Annotated[
        str, typer.Option("--rulebook", metavar="ID-or-FILE", help="A shipped rule book by its id, or a file.")
    ] = "",
) -> None:
    """Make a sample office and run some weeks of it, end to end. · Chạy thử."""
    from evalxl.demo.run import demo as step

    with progress_bar("command.demo") as progress:
        done = step(folder, weeks, asked().lang or "vi", who(), progress, rulebook)
    show(done, folder / "office")


@app.command()
def doctor() -> None:
    """Is this machine ready? · Kiểm tra máy."""
    from evalxl.cli.addin_commands import state_of_buttons
    from evalxl.steps.admin.doctor import Diagnosis
    from evalxl.steps.admin.doctor import doctor as step

    show(Diagnosis((*step(asked().office, today()).lines, *state_of_buttons())))


templates = typer.Typer(help="The workbooks' templates. · Biểu mẫu.", no_args_is_help=True)
app.add_typer(templates, name="templates")


@templates.command("build")
def templates_build(
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="Where to, instead of where they are shipped.")
    ] = None,
    rulebook: Annotated[
        str,
        typer.Option(
            "--rulebook",
            metavar="ID-or-FILE",
            help="For the parts and lines of this rule book, into the folder templates-ID.",
        ),
    ] = "",
) -> None:
    """Make the standard templates. · Tạo biểu mẫu chuẩn."""
    from evalxl.steps.admin.templates import build as step

    show(step(to, rulebook, asked().office))


@templates.command("check")
def templates_check(file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Check an office's own template. · Kiểm tra biểu mẫu riêng."""
    from evalxl.steps.admin.templates import check as step

    show(step(file, asked().office))
