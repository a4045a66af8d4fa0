"""The commands of the add-ins."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evalxl.cli.app import app, show

addin = typer.Typer(
    help="The buttons in Excel and LibreOffice. · Thanh nút trong Excel và LibreOffice.", no_args_is_help=True
)
app.add_typer(addin, name="addin")


@addin.command("build")
def addin_build(
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="Where to, instead of where they are shipped.")
    ] = None,
) -> None:
    """Make evalxl.xlam and evalxl.oxt from their sources. · Tạo thanh nút."""
    from evalxl.addin.build import build as step

    show(step(to))
