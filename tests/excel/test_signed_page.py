"""What is signed on paper: the three signatures never stand on a sheet with nothing else on it."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from evalxl.domain.evaluation.scoring import Task
from evalxl.excel.masters.result_sheet import draw_result_sheet
from tests.libreoffice import Office
from tests.samples_of_weeks import week_of


def page(tasks: int) -> bytes:
    view = week_of(4, 2, 2)
    row = replace(
        view.results[0],
        tasks=tuple(
            Task(f"{number:02d}", "Tham mưu báo cáo công tác tuần của cơ quan, trình Lãnh đạo", product="Báo cáo")
            for number in range(1, tasks + 1)
        ),
        conduct_note="- Chấp hành tốt giờ làm việc.\n- Phối hợp tốt.",
        comment="Hoàn thành tốt nhiệm vụ.",
    )
    return draw_result_sheet(view, row, "PP2T3MZD", 1, "vi", {})


@pytest.mark.parametrize("tasks", [1, 8, 12])
def test_an_ordinary_week_is_signed_on_one_page(tasks: int) -> None:
    (sheet,) = openpyxl.load_workbook(BytesIO(page(tasks))).worksheets

    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in ((1, 1), (None, None))
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert not sheet.row_breaks.brk


def test_forty_tasks_take_more_pages_and_the_signatures_stand_below_the_scores(
    libreoffice: Office, tmp_path: Path
) -> None:
    """Pressed on one page they could not be read."""
    path = tmp_path / "page.xlsx"
    path.write_bytes(page(40))
    (sheet,) = openpyxl.load_workbook(path).worksheets
    rows = {str(row[0].value): row[0].row for row in sheet.iter_rows() if row[0].value}
    (cut,) = sheet.row_breaks.brk
    libreoffice.convert_to_pdf(path, tmp_path / "page.pdf")

    assert sheet.page_setup.scale >= 64
    assert rows["40"] < cut.id < rows["III. ĐIỂM VÀ MỨC ĐỘ HOÀN THÀNH NHIỆM VỤ"] < rows["NGƯỜI BÁO CÁO"]
    assert (tmp_path / "page.pdf").read_bytes().count(b"/Type/Page/") == 3


def test_eight_tasks_come_out_of_libreoffice_on_one_page(libreoffice: Office, tmp_path: Path) -> None:
    path = tmp_path / "page.xlsx"
    path.write_bytes(page(8))
    libreoffice.convert_to_pdf(path, tmp_path / "page.pdf")

    assert (tmp_path / "page.pdf").read_bytes().count(b"/Type/Page/") == 1
