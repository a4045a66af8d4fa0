"""The commands behind the buttons in Excel and LibreOffice."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evalxl.cli.app import app, asked, clock, show


@app.command("addin-run")
def addin_run(
    job: Annotated[
        str, typer.Argument(metavar="[JOB]", help="consolidate, issue, check, who-is-missing, close, reopen, roll-up.")
    ] = "",
    job_dir: Annotated[Path, typer.Option("--job-dir", metavar="DIR", help="The job's folder.")] = ...,  # type: ignore[assignment]
    week: Annotated[str, typer.Option("--week", metavar="WEEK", help="2025-W23, or a date in the week.")] = "",
    period: Annotated[
        str, typer.Option("--period", metavar="PERIOD", help="2025-06, 2025-Q2, 2025-H1, 2025-9M, 2025.")
    ] = "",
    workbook: Annotated[str, typer.Option("--workbook", metavar="FILE", help="The workbook that is open.")] = "",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why a week is opened again.")] = "",
    yes: Annotated[
        bool, typer.Option("--yes", help="Close it although it has not ended, or leaves something open.")
    ] = False,
    client_version: Annotated[
        str, typer.Option("--client-version", metavar="V", help="The version of the add-in.")
    ] = "",
    wb: Annotated[str, typer.Option("--wb", hidden=True)] = "",
    from_xl: Annotated[str, typer.Option("--from_xl", hidden=True)] = "",
    excel: Annotated[str, typer.Option("--app", hidden=True)] = "",
    hwnd: Annotated[str, typer.Option("--hwnd", hidden=True)] = "",
) -> None:
    """Do what a button asks for, and tell in the job's folder how it goes. · Việc của các nút bấm."""
    from evalxl.addin.machine import this_machine
    from evalxl.addin.protocol import Request
    from evalxl.addin.run import run_job
    from evalxl.cli.shown_addin import as_shown

    request = Request(
        job=job,
        week=week,
        period=period,
        workbook=workbook,
        reason=reason,
        yes="1" if yes else "",
        version=client_version,
        lang=asked().lang or "",
        wb=wb,
        app=excel,
        hwnd=hwnd,
    )
    show(run_job(job_dir, request, asked().named_office, this_machine(), clock(), as_shown))
