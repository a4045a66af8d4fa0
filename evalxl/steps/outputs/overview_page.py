"""Writes the overview page of a week beside the office master, for the same readers."""

from __future__ import annotations

from evalxl.records import folders
from evalxl.records.arrivals import bytes_of
from evalxl.records.publish import publish, remove
from evalxl.steps.office.office import Office
from evalxl.steps.office.places import place_of
from evalxl.steps.views.week_view import WeekSituation


def write_page(office: Office, seen: WeekSituation) -> None:
    """Write the page, or take it away where the office wants none (`[outputs] page = false`) or moved its folder."""
    week = seen.view.week
    path = folders.overview_page_path(office.settings, office.folder, week)
    before = office.settings.model_copy(update={"office_folder": ""})
    former = folders.overview_page_path(before, office.folder, week)
    for stale in {path, former} - ({path} if office.settings.outputs.page else set()):
        if is_page(bytes_of(stale)):
            remove(stale, office.keeper)
    if not office.settings.outputs.page:
        return
    from evalxl.page import draw_page

    roots = {mark: root.absolute().as_posix() for mark, root in office.roots()}
    master = place_of(office, week, folders.office_master_path(office.settings, office.folder, week)).name
    data = draw_page(seen.view, office.lang, office.relative(path).rpartition("/")[0], roots, master)
    publish(path, data, office.keeper)


def is_page(data: bytes) -> bool:
    """Whether a file is an overview page that evalxl drew."""
    return b'name="evalxl.kind" content="page"' in data[:4096]
