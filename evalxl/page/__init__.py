"""The overview page: one self-contained HTML file beside the office master, for leaders and the office.

It shows the ledger's view of a week and nothing else; nothing is ever read from it, and it can be drawn again at any time. Equal views make equal
bytes. It opens from a file share without a server: style and script are inside, and its content policy lets nothing else in.
"""

from __future__ import annotations

from collections.abc import Mapping

from evalxl.domain.evaluation.week_view import WeekView
from evalxl.words import Lang


def draw_page(
    view: WeekView,
    lang: Lang = "vi",
    base: str = "office",
    roots: Mapping[str, str] | None = None,
    master: str = "",
) -> bytes:
    """The overview page of a week.

    Args:
        view: What the week says.
        lang: The language of the page.
        base: The folder in which the page will lie, written as the paths of the view's files are. Links to workbooks lead from there.
        roots: Folders of the shares by the mark with which paths on them begin; for links to other shares, and for paths that are copied.
        master: The file name of the office master, in which what the page leaves out is found.

    Returns:
        The bytes of an HTML file.
    """
    from evalxl.page.sections import page_of  # htpy is imported only when a page is drawn

    return page_of(view, lang, base, roots or {}, master)
