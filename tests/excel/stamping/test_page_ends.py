"""Where a list ends on paper: whoever signs has a row of the list on the page that is signed."""

from __future__ import annotations

import random
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from evalxl.demo.type_into import saved
from evalxl.excel.returned.guard import open_package
from evalxl.excel.stamping.stamp import Stencil
from evalxl.forms import kinds
from evalxl.records.package_files import shipped
from tests.libreoffice import Office

APPROVAL = (shipped("templates") / "approval.xlsx").read_bytes()
ENDED_BY_HAND = re.compile(rb'<brk id="\d+" max="16383" man="1"/>')


@pytest.fixture(scope="module")
def stencil() -> Stencil:
    return Stencil(APPROVAL, kinds.APPROVAL)


def approval_list(stencil: Stencil, people: int, seed: int) -> bytes:
    """An approval list with comments of up to twelve lines."""
    lot = random.Random(seed)
    comments = ["Hoàn thành tốt nhiệm vụ được giao trong tuần. " * lot.randint(0, 4) for _ in range(people)]
    codes = [f"CN-{number:04}" for number in range(people)]
    values = {"ev_row_person": codes, "ev_row_name": codes, "ev_row_comment": comments}
    foot = {"ev_book_place_date": "PLACE-AND-DATE", "ev_book_owner_name": "SIGNER"}
    return stencil.stamp({**values, **foot}, {}, hidden={"approvals": people})


def ends_by_hand(book: bytes) -> int:
    """How many pages of the list end by hand."""
    return len(ENDED_BY_HAND.findall(zipfile.ZipFile(BytesIO(book)).read("xl/worksheets/sheet1.xml")))


def page_of(pages: list[str], text: str) -> list[int]:
    return [number for number, page in enumerate(pages) if text in page]


def test_the_place_to_sign_stays_with_the_last_row_of_the_list(
    libreoffice: Office, stencil: Stencil, tmp_path: Path
) -> None:
    ended = 0
    for people in (8, 11, 12, 16, 18, 21, 27):
        path, pdf = tmp_path / f"{people}.xlsx", tmp_path / f"{people}.pdf"
        path.write_bytes(approval_list(stencil, people, people))
        ended += ends_by_hand(path.read_bytes())
        libreoffice.convert_to_pdf(path, pdf)
        pages = [page.extract_text() for page in PdfReader(pdf).pages[:5]]

        assert page_of(pages, "PLACE-AND-DATE") == page_of(pages, f"CN-{people - 1:04}"), f"{people} people"
        assert page_of(pages, "PLACE-AND-DATE")[-1] == page_of(pages, "SIGNER")[-1], f"{people} people"

    assert ended > 2  # without that, some of them would not


def test_a_list_whose_signature_has_room_is_printed_as_large_as_ever(stencil: Stencil) -> None:
    assert [ends_by_hand(approval_list(stencil, people, 0)) for people in (1, 2, 3)] == [0, 0, 0]


def test_a_template_of_the_office_that_does_not_print_the_place_to_sign_is_left_as_it_is() -> None:
    parts = open_package(APPROVAL)
    area = re.compile(rb"(Print_Area[^<]*\$A\$1:\$[A-Z]+\$)\d+")
    assert area.search(parts["xl/workbook.xml"])
    shorter = {**parts, "xl/workbook.xml": area.sub(rb"\g<1>60", parts["xl/workbook.xml"])}

    assert ends_by_hand(approval_list(Stencil(saved(shorter), kinds.APPROVAL), 11, 11)) == 0
