"""Writes the overview page of a week beside the office master, for the same readers."""

from __future__ import annotations

from collections.abc import Mapping

from evalxl.domain.evaluation.week_view import WeekView
from evalxl.page import draw_page
from evalxl.records import folders
from evalxl.records.arrivals import bytes_of
from evalxl.records.publish import remove
from evalxl.steps.office.office import Office
from evalxl.steps.office.places import place_of
from evalxl.steps.outputs.draw_changed import draw_changed
from evalxl.steps.views.week_view import WeekSituation
from evalxl.words import Lang

_SECONDS_A_PAGE = 0.04


def write_page(office: Office, seen: WeekSituation, anew: bool = False) -> None:
    """Write the page if its content has changed, or take it away where the office wants none (`[outputs] page = false`) or moved its folder.

    Args:
        anew: Write it in any case.
    """
    week = seen.view.week
    path = folders.overview_page_path(office.settings, office.folder, week)
    before = office.settings.model_copy(update={"office_folder": ""})
    former = folders.overview_page_path(before, office.folder, week)
    for stale in {path, former} - ({path} if office.settings.outputs.page else set()):
        if is_page(bytes_of(stale)):
            remove(stale, office.keeper)
    if not office.settings.outputs.page:
        return
    roots = {mark: root.absolute().as_posix() for mark, root in office.roots()}
    master = place_of(office, week, folders.office_master_path(office.settings, office.folder, week)).name
    piece = seen.view, office.relative(path).rpartition("/")[0], master
    draw_changed(office, lambda: _draw, (office.lang, roots), [(path, piece)], _SECONDS_A_PAGE, anew)


def _draw(office: tuple[Lang, Mapping[str, str]], page: tuple[WeekView, str, str]) -> bytes:
    lang, roots = office
    view, base, master = page
    return draw_page(view, lang, base, roots, master)


def is_page(data: bytes) -> bool:
    """Whether a file is an overview page that evalxl drew."""
    return b'name="evalxl.kind" content="page"' in data[:4096]
