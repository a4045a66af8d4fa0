"""The layouts of archived templates: where the cells of issued workbooks are."""

from __future__ import annotations

from evalxl.forms.binding import Layout, bind
from evalxl.forms.kind import WorkbookKind
from evalxl.steps.office.office import Office

_layouts: dict[str, Layout] = {}


def layout_of(office: Office, template: str, kind: WorkbookKind) -> Layout:
    """The layout of an archived template. It never changes, because the hash identifies the bytes."""
    if template not in _layouts:
        from evalxl.excel.returned.reading import read_workbook

        _layouts[template] = bind(kind, read_workbook(office.archive.get(template)).names)[0]
    return _layouts[template]
