"""What a sample office makes says on every page that it is for trying out; what an office makes in earnest does not."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from evalxl.excel.stamping.page_headings import with_heading
from tests.little_office import LittleOffice

MARK = "BẢN THỬ"


def unmarked(folder: Path) -> list[str]:
    """The sheets, of all workbooks that people open, of which a printed page does not bear the mark."""
    found = []
    for path in sorted(folder.rglob("*.xlsx")):
        for sheet in openpyxl.load_workbook(path).worksheets:
            if sheet.sheet_state != "veryHidden" and MARK not in (sheet.oddHeader.center.text or ""):
                found.append(f"{path.name}!{sheet.title}")
    return found


@pytest.fixture
def trying(approved: LittleOffice) -> LittleOffice:
    """An office that tries out its second week."""
    settings = approved.folder / "office.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("trial = false", "trial = true"), encoding="utf-8")
    approved.week = "2025-W24"
    approved.say("issue", approved.week)
    approved.hand_in("V1-03")
    approved.consolidate()
    approved.scored("V1-03")
    approved.consolidate()
    approved.say("sheet", approved.week, "V1-03")
    approved.say("roll-up", "2025-06")
    return approved


def test_every_page_of_an_office_that_tries_out_bears_the_mark(trying: LittleOffice) -> None:
    assert unmarked(trying.share / trying.week) == []
    assert unmarked(trying.share / "periods") == []
    assert trying.receipt("V1-03").startswith(MARK)


def test_an_office_in_earnest_bears_none(approved: LittleOffice) -> None:
    books = list((approved.share / approved.week).rglob("*.xlsx"))
    sheets = [sheet for path in books for sheet in openpyxl.load_workbook(path).worksheets]

    assert len(unmarked(approved.share / approved.week)) == len(
        [sheet for sheet in sheets if sheet.sheet_state != "veryHidden"]
    )
    assert MARK not in approved.receipt("V1-03")


@pytest.mark.parametrize(
    ("sheet", "headed"),
    [
        (b"<s/><pageSetup/></worksheet>", b"<s/><pageSetup/><headerFooter><oddHeader>{}</oddHeader></headerFooter></worksheet>"),
        (b"<pageSetup/><drawing/></worksheet>", b"<pageSetup/><headerFooter><oddHeader>{}</oddHeader></headerFooter><drawing/></worksheet>"),
        (b"<headerFooter/>", b"<headerFooter><oddHeader>{}</oddHeader></headerFooter>"),
        (
            b'<headerFooter differentFirst="1"><oddHeader/><oddFooter>&amp;P</oddFooter><firstHeader/></headerFooter>',
            b'<headerFooter differentFirst="1"><oddHeader>{}</oddHeader><oddFooter>&amp;P</oddFooter><firstHeader>{}</firstHeader></headerFooter>',
        ),
        (
            b"<headerFooter><oddHeader>&amp;CM\xe1\xba\xadt</oddHeader></headerFooter>",
            b"<headerFooter><oddHeader>&amp;CM\xe1\xba\xadt{R}</oddHeader></headerFooter>",
        ),
    ],
)  # fmt: skip
def test_an_offices_own_template_keeps_what_it_prints_itself(sheet: bytes, headed: bytes) -> None:
    look = b'&amp;"Times New Roman,Bold"&amp;14' + MARK.encode()

    assert with_heading(sheet, MARK) == headed.replace(b"{}", b"&amp;C" + look).replace(b"{R}", b"&amp;R" + look)
    assert with_heading(sheet, "") == sheet
