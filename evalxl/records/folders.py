"""Every path of the office folder and of the shares, defined in one place.

Paths are built from settings and codes alone. Only `require_share` and `lying_path` access the disk. Folder names are the codes themselves.
A unit may have its own share. Workbooks that colleagues must not read may lie on shares with other rights
(`management_folder`, `office_folder`). The structure inside is always the same.
"""

from __future__ import annotations

import re
from pathlib import Path, PureWindowsPath

from evalxl.domain.errors import EvalxlError
from evalxl.domain.names import ascii_slug, code_key
from evalxl.domain.weeks import Period, Week
from evalxl.forms import kinds
from evalxl.forms.kind import WorkbookKind, known_kinds
from evalxl.records.publish import try_writing
from evalxl.records.settings import Settings

ORGANISATION = "organisation.xlsx"
RULEBOOKS = "rulebooks"
TEMPLATES = "templates"
LEDGER = "ledger"
ARCHIVE = "archive"
WRITTEN = "written"  # notes of what evalxl wrote on the shares
LOCK = "lock"
INBOX = "inbox"
PERIODS = "periods"  # in the office's share

# The ends of file names of workbooks that evalxl draws; those of workbooks that come back are said by their kinds.
MASTER = "tong-hop"
OVERVIEW = "tong-quan"  # no workbook but a page
PAGE = "phieu-ky"
UNIT_PAGE = "phieu-ky-tap-the"
OWN_RESULTS = "ket-qua"
PERIOD_FORM = "phieu-danh-gia"
STAFFING = "statistics"
SIGNALS = "signals"
_DRAWN = (MASTER, PAGE, UNIT_PAGE, OWN_RESULTS, PERIOD_FORM, STAFFING, SIGNALS)
_OVERVIEW_PAGE = re.compile(rf"\d{{4}}-W\d{{2}}_{OVERVIEW}.*\.html?", re.I)
_FORM = "phieu"  # how a form ends whose person's name has no letters of the alphabet, or ends like another workbook

# This file marks a share: an empty mount point does not have it.
SHARE_MARK = "evalxl.txt"

# Longest file name of a form, with its ending: well below the limits of Windows, shares and sync clients.
LONGEST_NAME = 120


class ShareNotThereError(EvalxlError):
    """A share that the settings name is not reachable from this machine."""

    key = "settings.share_not_there"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder=folder)


class ShareNotWritableError(EvalxlError):
    """A share is there, but the operator may not write into it."""

    key = "settings.share_not_writable"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder=folder)


# The roots


def shared(settings: Settings, office: Path) -> Path:
    """The share, where staff and managers find their workbooks."""
    return _root(settings.shared_folder or "shared", office)


def unit_share(settings: Settings, office: Path, unit: str) -> Path:
    """The unit's own share if the settings name one, else the share."""
    own = {code_key(code): folder for code, folder in settings.unit_folders.items()}.get(code_key(unit), "")
    return _root(own, office) if own else shared(settings, office)


def management_share(settings: Settings, office: Path, unit: str = "") -> Path:
    """Where scoring and approval workbooks and unit masters lie: the `management_folder`, else beside the unit's forms."""
    if settings.management_folder:
        return _root(settings.management_folder, office)
    return unit_share(settings, office, unit) if unit else shared(settings, office)


def office_share(settings: Settings, office: Path) -> Path:
    """Where the office's masters and the periods lie."""
    return _root(settings.office_folder, office) if settings.office_folder else shared(settings, office)


def roots(settings: Settings, office: Path) -> tuple[Path, ...]:
    """The share and every other share that the settings name, each once."""
    named = [shared(settings, office), *(root for _, root in named_roots(settings, office))]
    return tuple(dict.fromkeys(named))


def form_shares(settings: Settings, office: Path) -> tuple[Path, ...]:
    """The shares to which forms go out, each once."""
    units = (unit_share(settings, office, unit) for unit in settings.unit_folders)
    return tuple(dict.fromkeys((shared(settings, office), *units)))


def named_roots(settings: Settings, office: Path) -> tuple[tuple[str, Path], ...]:
    """The shares beside the share, by the setting that names each, or by the unit that has one of its own."""
    named = [(unit, unit_share(settings, office, unit)) for unit in settings.unit_folders]
    if settings.management_folder:
        named.append(("management_folder", management_share(settings, office)))
    if settings.office_folder:
        named.append(("office_folder", office_share(settings, office)))
    return tuple(named)


def share_mark_path(root: Path) -> Path:
    """The path of a share's mark file."""
    return root / SHARE_MARK


def require_there(settings: Settings, office: Path) -> None:
    """Make sure that every share is still there: the files on a share that went away during a run are not gone.

    Raises:
        ShareNotThereError: one of them is not.
    """
    for root in roots(settings, office):
        if not root.is_dir():
            raise ShareNotThereError(root)


def require_share(settings: Settings, office: Path) -> None:
    """Make sure, before a run begins, that every share is there and writable.

    Raises:
        ShareNotThereError, ShareNotWritableError: one of them is not.
    """
    require_there(settings, office)
    for root in roots(settings, office):
        try:
            try_writing(root)
        except OSError:
            raise ShareNotWritableError(root) from None


# A week


def all_week_folders(settings: Settings, office: Path, week: Week) -> tuple[Path, ...]:
    """Every folder in which a workbook of the week may come back, each once. Folders inside another one are left out.

    The folders need not exist.
    """
    folders = [root / str(week) for root in roots(settings, office)]
    return tuple(folder for folder in folders if not any(other in folder.parents for other in folders))


def unit_folder(settings: Settings, office: Path, week: Week, unit: str) -> Path:
    """The unit's folder of the week, which holds its forms and receipts."""
    return unit_share(settings, office, unit) / str(week) / unit


def form_path(settings: Settings, office: Path, week: Week, unit: str, code: str, name: str) -> Path:
    """A person's form: `UNIT/forms/2025-W23_CODE_given-names-in-ascii.xlsx`. No other workbook of the office has this name."""
    folder = _folder(kinds.FORM, settings, office, week, unit)
    if settings.personal_folders:
        folder /= code
    slug = ascii_slug(name)
    if not slug or slug in (*_DRAWN, *(kind.ending for kind in known_kinds())):
        slug = f"{slug}-{_FORM}".lstrip("-")
    return folder / _file_name(f"{week}_{code}", slug, ".xlsx")


def workbook_path(
    kind: WorkbookKind, settings: Settings, office: Path, when: Week | Period, code: str = "", unit: str = ""
) -> Path:
    """A workbook of a kind other than a person's form.

    Args:
        code: Whose it is: a staff code, or a unit's; empty where it is the office's.
        unit: The unit in whose folder it lies, where the kind has its folder there.
    """
    return _folder(kind, settings, office, when, unit) / _workbook(when, kind.ending, code)


def _folder(kind: WorkbookKind, settings: Settings, office: Path, when: Week | Period, unit: str) -> Path:
    """The folder of a kind's workbooks. Workbooks of managers and approvers lie in a unit's own share only where they have a folder for each unit."""
    if kind.share == "unit":
        root = unit_share(settings, office, unit)
    elif kind.share == "office":
        root = office_share(settings, office)
    else:
        root = management_share(settings, office, unit if "{unit}" in kind.folder else "")
    return root / kind.folder.format(when=when, unit=unit)


def receipt_path(settings: Settings, office: Path, week: Week, unit: str, code: str) -> Path:
    """A person's receipt. It says why a form was returned, so with personal folders it lies in the person's own folder too."""
    folder = unit_folder(settings, office, week, unit) / "receipts"
    if settings.personal_folders:
        folder /= code
    return folder / f"{week}_{code}.txt"


def own_results_path(settings: Settings, office: Path, week: Week, unit: str, code: str) -> Path:
    """A person's own results of the last weeks. They lie beside the receipt in the person's own folder, and nowhere else.

    Raises:
        ValueError: there are no personal folders, so colleagues could open it.
    """
    if not settings.personal_folders:
        raise ValueError("own results lie in personal folders only")
    return unit_folder(settings, office, week, unit) / "receipts" / code / _workbook(week, OWN_RESULTS, code)


def unit_receipt_path(settings: Settings, office: Path, week: Week, unit: str) -> Path:
    """The receipt of the unit's own form, named as that is."""
    return unit_folder(settings, office, week, unit) / "receipts" / f"{week}_{unit}_{kinds.UNIT_FORM.ending}.txt"


def result_sheet_path(settings: Settings, office: Path, week: Week, unit: str, code: str) -> Path:
    """The page of a person's week that is signed. It holds scores, so it lies beside the unit's scoring workbooks."""
    return management_share(settings, office, unit) / str(week) / unit / "results" / _workbook(week, PAGE, code)


def unit_result_sheet_path(settings: Settings, office: Path, week: Week, unit: str) -> Path:
    """The page of the unit's own week. It lies beside those of the unit's people and is named like the unit's form."""
    return management_share(settings, office, unit) / str(week) / unit / "results" / _workbook(week, UNIT_PAGE, unit)


def unit_master_path(settings: Settings, office: Path, week: Week, unit: str) -> Path:
    return management_share(settings, office, unit) / str(week) / unit / _workbook(week, MASTER, unit)


def office_master_path(settings: Settings, office: Path, week: Week) -> Path:
    return office_share(settings, office) / str(week) / "office" / _workbook(week, MASTER)


def overview_page_path(settings: Settings, office: Path, week: Week) -> Path:
    """The overview page of a week. It lies beside the office master, so it has the same readers."""
    return office_share(settings, office) / str(week) / "office" / f"{week}_{OVERVIEW}.html"


def is_overview_page(name: str) -> bool:
    """Whether a file has the name of an overview page, or of a copy of one. It is no workbook, and nothing comes back in it."""
    return _OVERVIEW_PAGE.fullmatch(name) is not None


# Periods


def period_path(settings: Settings, office: Path, period: Period) -> Path:
    """A roll-up's workbook."""
    return office_share(settings, office) / PERIODS / _workbook(period, MASTER)


def staffing_path(settings: Settings, office: Path, period: Period) -> Path:
    """The task statistics of a period."""
    return office_share(settings, office) / PERIODS / _workbook(period, STAFFING)


def signals_path(settings: Settings, office: Path, period: Period) -> Path:
    """The workbook with signals about how scores were given. It lies beside the office's masters if these have their own folder.

    Otherwise it stays in the office folder: colleagues can open the share, and a signal in the wrong hands becomes a rumour.
    """
    root = office_share(settings, office) if settings.office_folder else office
    return root / PERIODS / _workbook(period, SIGNALS)


def period_form_path(settings: Settings, office: Path, period: Period, unit: str, code: str) -> Path:
    """The form of a person's evaluation in a period. It holds scores, so it lies beside the unit's scoring workbooks."""
    root = management_share(settings, office, unit)
    return root / PERIODS / f"{period}_forms" / unit / _workbook(period, PERIOD_FORM, code)


# Names

_FORMER = {PAGE: "{head}.xlsx", UNIT_PAGE: f"{{head}}_{kinds.UNIT_FORM.ending}.xlsx", PERIOD_FORM: "{head}.xlsx"}


def former_path(path: Path) -> Path | None:
    """The path that version 0.1 gave this workbook, in the same folder; None if it was the same."""
    head, _, end = path.stem.rpartition("_")
    when, _, code = head.partition("_")
    if end == MASTER:
        name = f"{head}.xlsx" if path.parent.name == "periods" else "master.xlsx"
    elif pattern := _FORMER.get(end) or next((kind.former for kind in known_kinds() if kind.ending == end), ""):
        name = pattern.format(head=head, when=when, code=code)
    else:
        return None
    return path.with_name(name)


def lying_path(path: Path) -> Path:
    """Where a workbook lies now: under its name, or under the name from version 0.1 if only that exists."""
    former = former_path(path)
    return former if former is not None and not path.exists() and former.exists() else path


def is_register(relative: str) -> bool:
    """Whether a path in the ledger is that of a week's register, by its name."""
    name = relative.rpartition("/")[2]
    register = kinds.FOLLOW_UP
    return name.endswith(f"_{register.ending}.xlsx") or relative.endswith(f"office/{register.former}")


def inbox_path(office: Path) -> Path:
    """Where the office puts files that came by mail or chat, of any week or period. The folder need not exist."""
    return office / INBOX


# Private


def _workbook(when: Week | Period, end: str, code: str = "") -> str:
    return f"{when}_{code}_{end}.xlsx" if code else f"{when}_{end}.xlsx"


def _root(folder: str, office: Path) -> Path:
    if PureWindowsPath(folder).is_absolute():
        return Path(folder)
    return office / folder


def _file_name(head: str, slug: str, ending: str) -> str:
    """`head_slug.ending`, the slug shortened by whole words until the name fits."""
    room = LONGEST_NAME - len(f"{head}_{ending}".encode())
    while len(slug) > room:
        slug = slug.rpartition("-")[0] if "-" in slug else slug[: max(room, 0)]
    return f"{head}_{slug}{ending}" if slug else f"{head}{ending}"


def witness_of(folder: Path) -> Path:
    """The file outside the ledger that keeps its head, so that a cut-off tail is found."""
    return folder / "ledger-head.txt"
