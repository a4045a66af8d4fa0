"""The commands for weeks and periods alike: closing, rolling up, exporting."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evalxl.cli.app import WeekOrPeriod, app, asked, clock, confirmed, show, today

Period = Annotated[str, typer.Argument(metavar="PERIOD", help="2025-06, 2025-Q2, 2025-H1, 2025-9M, 2025.")]


@app.command()
def close(
    what: WeekOrPeriod,
    yes: Annotated[
        bool, typer.Option("--yes", help="Close it although it has not ended, or leaves something open.")
    ] = False,
) -> None:
    """Freeze a week or a period. · Chốt tuần."""
    from evalxl.domain.weeks import parse_week_or_period
    from evalxl.steps.close import NotSureError
    from evalxl.steps.close import close as step

    meant = parse_week_or_period(what)
    try:
        done = step(asked().open(), meant, clock(), sure=yes)
    except NotSureError as slip:
        if not confirmed(slip.question):
            raise
        done = step(asked().open(), meant, clock(), sure=True)
    show(done)


@app.command()
def reopen(what: WeekOrPeriod, reason: Annotated[str, typer.Option("--reason", help="Why.")] = "") -> None:
    """Open a closed week or period again. · Mở lại tuần."""
    from evalxl.domain.weeks import parse_week_or_period
    from evalxl.steps.close import reopen as step

    show(step(asked().open(), parse_week_or_period(what), clock(), reason))


@app.command("roll-up")
def roll_up(period: Period) -> None:
    """Take in what leaders entered for a month, quarter, half-year or year, and write its master. · Tổng hợp kỳ."""
    from evalxl.domain.weeks import Period as PeriodOf
    from evalxl.steps.periods.roll_up import roll_up_period

    show(roll_up_period(asked().open(), PeriodOf.parse(period), clock()))


@app.command()
def export(
    what: WeekOrPeriod,
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="Where to.")],
    signals: Annotated[
        bool, typer.Option("--signals", help="Of a period also signals.csv: for the office and the leaders alone.")
    ] = False,
    format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="csv; parquet (needs the extra analysis); sqlite, one database; or xlsx, one workbook with a sheet per table.",
        ),
    ] = "csv",
    anonymous: Annotated[
        bool,
        typer.Option(
            "--anonymous", help="Without names, titles and texts; codes become pseudonyms of this export alone."
        ),
    ] = False,
) -> None:
    """Write the tables, with a datapackage.json that describes and hashes them. · Xuất dữ liệu."""
    from evalxl.domain.weeks import parse_week_or_period
    from evalxl.steps.reports.anonymous import Pseudonyms
    from evalxl.steps.reports.export import export as step
    from evalxl.steps.reports.table_files import format_named

    kind, pseudonyms = format_named(format), Pseudonyms() if anonymous else None
    show(step(asked().open(), parse_week_or_period(what), to, today(), signals, kind, pseudonyms))


@app.command()
def gather(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Holds a folder office=… for each office, with its Parquet export.")
    ],
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="Where to; what was gathered is kept there too.")],
    of: Annotated[
        str, typer.Option("--of", metavar="WEEK|PERIOD", help="The latest one that an office delivered, if not said.")
    ] = "",
    names: Annotated[bool, typer.Option("--names", help="List everybody by name.")] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option("--accept", metavar="OFFICE", help="Take this office's ledger as it is now: it was restored."),
    ] = None,
) -> None:
    """Many offices' exports into one master, without names. · Tổng hợp nhiều cơ quan."""
    from evalxl.domain.weeks import parse_week_or_period
    from evalxl.steps.reports.gather import gather as step

    meant = parse_week_or_period(of) if of else None
    show(step(folder, to, asked().lang or "vi", meant, names, accept or ()))


@app.command("what-if")
def what_if(
    period: Period, rulebook: Annotated[str, typer.Option("--rulebook", metavar="ID", help="Which other rules.")]
) -> None:
    """What other rules would change in a period; nothing is recorded. · Thử quy định khác."""
    from evalxl.domain.weeks import Period as PeriodOf
    from evalxl.steps.periods.what_if import what_if as step

    show(step(asked().open(), PeriodOf.parse(period), rulebook))


@app.command("archive-pack")
def archive_pack(
    period: Period, to: Annotated[Path, typer.Option("--to", metavar="DIR", help="A new or empty folder.")]
) -> None:
    """Put everything of a period that is filed into one folder. · Gói hồ sơ lưu trữ."""
    from evalxl.domain.weeks import Period as PeriodOf
    from evalxl.steps.reports.archive_pack import archive_pack as step

    show(step(asked().open(), PeriodOf.parse(period), to))


@app.command("clean-archive")
def clean_archive(
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="The decision: its number and date. It stays in the ledger.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Delete; without it they are only listed.")] = False,
) -> None:
    """Delete archived files whose time is over (archive_years); hashes and results stay. · Hủy tài liệu hết thời hạn lưu."""
    from evalxl.steps.admin.clean_archive import clean_archive as step

    show(step(asked().open(), clock(), reason, yes))
