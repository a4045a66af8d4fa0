"""The pictures of README and docs, made by the program: a demo office, its workbooks printed by LibreOffice.

python -m tests.pictures
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from evalxl.cli.main import main as evalxl
from evalxl.words import say
from tests.docs import DOCS

PICTURES = DOCS / "pictures"
DPI = 80


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
    return picture.with_suffix(".png")


def main() -> None:
    """Make all pictures."""
    folder = Path(tempfile.mkdtemp(prefix="evalxl-pictures-"))
    PICTURES.mkdir(parents=True, exist_ok=True)
    try:
        if evalxl(["demo", str(folder / "demo")]) != 0:
            raise SystemExit(say("slip.in_use_by_nobody", "en"))
        share = folder / "demo" / "office" / "shared"
        week = sorted(path for path in share.iterdir() if path.name.startswith("20"))[1]
        form = max(week.rglob("forms/*.xlsx"), key=lambda path: path.stat().st_size)
        scoring = max(week.rglob("scoring/*.xlsx"), key=lambda path: path.stat().st_size)
        approval = max(week.rglob("approval/*.xlsx"), key=lambda path: path.stat().st_size)
        for workbook, name, page in (
            (week / "office" / "master.xlsx", "master", 1),
            (form, "form", 1),
            (form, "tasks", 2),
            (scoring, "scoring", 1),
            (approval, "approval", 1),
        ):
            print(pages(workbook, folder, name, page))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
