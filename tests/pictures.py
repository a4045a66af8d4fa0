"""The pictures of README and docs, made by the program: a demo office, its workbooks printed by LibreOffice.

python -m tests.pictures

The menu of LibreOffice is photographed from a screen that nobody sees; it speaks Vietnamese where the package libreoffice-l10n-vi is installed.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from evalxl.addin.build import OXT
from evalxl.cli.main import main as evalxl
from evalxl.records.shipped import shipped
from evalxl.words import say
from tests.addin.desk import Desk
from tests.docs import DOCS
from tests.libreoffice import Office
from tests.screen import Screen

PICTURES = DOCS / "pictures"
DPI = 90


def pages(workbook: Path, to: Path, name: str, page: int = 1) -> Path:
    """Print one page of a workbook as a picture."""
    subprocess.run(
        [
            "soffice",
            "--headless",
            f"-env:UserInstallation={(to / 'profile').as_uri()}",
            "--convert-to",
            "pdf",
            "--outdir",
            str(to),
            str(workbook),
        ],
        check=True,
        capture_output=True,
    )
    made = to / f"{workbook.stem}.pdf"
    picture = PICTURES / name
    subprocess.run(
        ["pdftoppm", "-png", "-r", str(DPI), "-f", str(page), "-l", str(page), "-singlefile", str(made), str(picture)],
        check=True,
    )
    picture = picture.with_suffix(".png")
    # Without the footer, and without what is empty around the rest; no dots in place of pale colours.
    cut = "-gravity South -chop 0x6% -trim +repage -bordercolor white -border 12 +dither -colors 96 -strip"
    subprocess.run(["convert", str(picture), *cut.split(), str(picture)], check=True)
    return picture


def buttons(workbook: Path, folder: Path) -> Path:
    """The menu and the toolbar button in LibreOffice."""
    picture = PICTURES / "buttons-libreoffice.png"
    desk = Desk(folder / "desk")
    desk.clear()
    with Screen() as screen:
        extension = shipped("macros") / OXT
        office = Office(folder, environment=desk.environment(), extensions=[extension], locale="vi", screen=screen.name)
        try:
            with office.open(workbook, read_only=True):
                place = None
                while place is None:
                    time.sleep(0.5)
                    place = office.place_of(say("button.tab.label"))
                time.sleep(2)
                screen.click(*place)
                time.sleep(2)
                screen.picture(picture)
                screen.press("Escape")
        finally:
            office.close()
    subprocess.run(
        ["convert", str(picture), "-crop", "1100x420+0+0", "+repage", "+dither", "-colors", "128", str(picture)],
        check=True,
    )
    return picture


def main() -> None:
    """Make all pictures."""
    folder = Path(tempfile.mkdtemp(prefix="evalxl-pictures-"))
    PICTURES.mkdir(parents=True, exist_ok=True)
    try:
        if evalxl(["demo", str(folder / "demo")]) != 0:
            raise SystemExit(say("slip.in_use_by_nobody", "en"))
        share = folder / "demo" / "office" / "shared"
        # The week that is under way: somebody is at every step.
        week = sorted(path for path in share.iterdir() if path.name.startswith("20"))[-1]
        form = max(week.rglob("forms/*.xlsx"), key=lambda path: path.stat().st_size)
        scoring = max(week.rglob("scoring/*.xlsx"), key=lambda path: path.stat().st_size)
        approval = max(week.rglob("approval/*.xlsx"), key=lambda path: path.stat().st_size)
        register = week / "office" / f"{week.name}_theo-doi.xlsx"
        for workbook, name, page in (
            (week / "office" / f"{week.name}_tong-hop.xlsx", "master", 1),
            (form, "form", 1),
            (form, "tasks", 2),
            (scoring, "scoring", 1),
            (approval, "approval", 1),
            (register, "register", 1),
            (register, "difficulties", 3),
        ):
            print(pages(workbook, folder, name, page))
        print(buttons(week / "office" / f"{week.name}_tong-hop.xlsx", folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
