"""The pictures of README and docs, made by the program: a demo office, its workbooks printed by LibreOffice.

python -m tests.pictures

Numbers are shown as a PC in Viet Nam shows them. The menu of LibreOffice is photographed from a screen that nobody sees; where it does not speak
Vietnamese (the package libreoffice-l10n-vi), its picture stays as it is.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from evalxl.addin.build import OXT
from evalxl.cli.main import main as evalxl
from evalxl.records.package_files import shipped
from evalxl.words import say
from tests.addin.desk import Desk
from tests.browser import Browser
from tests.docs import DOCS
from tests.libreoffice import Office
from tests.screen import Screen

PICTURES = DOCS / "pictures"
DPI = 90
# From its start on: a LibreOffice whose locale changes while it runs shows other digits.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale"><value>vi-VN</value></prop></item>
</oor:items>
"""


def pages(workbook: Path, to: Path, name: str, page: int = 1) -> Path:
    """Print one page of a workbook as a picture."""
    profile, made = to / "profile", to / f"{workbook.stem}.pdf"
    if not profile.exists():
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    if not made.exists():
        words = ["soffice", "--headless", f"-env:UserInstallation={profile.as_uri()}"]
        words += ["--convert-to", "pdf", "--outdir", str(to), str(workbook)]
        subprocess.run(words, check=True, capture_output=True)
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


def overview(page: Path, folder: Path) -> Path:
    """The first screen of an overview page on a laptop."""
    picture = PICTURES / "overview.png"
    browser = Browser(folder / "browser")
    try:
        browser.open(page, width=1366, height=700)
        browser.picture(picture)
    finally:
        browser.close()
    subprocess.run(["convert", str(picture), "+dither", "-colors", "128", "-strip", str(picture)], check=True)
    return picture


def buttons(workbook: Path, folder: Path) -> str:
    """The menu and the toolbar button in LibreOffice, where its menus are Vietnamese."""
    picture = PICTURES / "buttons-libreoffice.png"
    desk = Desk(folder / "desk")
    desk.clear()
    with Screen() as screen:
        extension = shipped("macros") / OXT
        office = Office(folder, environment=desk.environment(), extensions=[extension], locale="vi", screen=screen.name)
        try:
            with office.open(workbook, read_only=True):
                until, place = time.monotonic() + 60, None
                while place is None and time.monotonic() < until:
                    time.sleep(0.5)
                    place = office.place_of(say("button.tab.label"))
                if place is None:
                    return f"{picture} (left as it is: LibreOffice does not speak Vietnamese here)"
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
    return str(picture)


def main() -> None:
    """Make all pictures."""
    folder = Path(tempfile.mkdtemp(prefix="evalxl-pictures-"))
    PICTURES.mkdir(parents=True, exist_ok=True)
    try:
        if evalxl(["demo", str(folder / "demo")]) != 0:
            raise SystemExit("the demo made no office")
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
        print(overview(week / "office" / f"{week.name}_tong-quan.html", folder))
        print(buttons(week / "office" / f"{week.name}_tong-hop.xlsx", folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
