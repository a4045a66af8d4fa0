"""Draws the outputs of a week: masters, the overview page, receipts, personal results, pages to sign. All come from the ledger alone, so they can be deleted and made again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from evalxl.domain.evaluation.week_view import Result, WeekView
from evalxl.domain.findings import Finding
from evalxl.domain.history.history import PersonWeek, WeekHistory
from evalxl.domain.names import code_key, unit_of_subject
from evalxl.domain.organisation.org_chart import units_under
from evalxl.domain.weeks import Week
from evalxl.excel.stamping.peek_stamp import peek_stamp
from evalxl.forms.kind import MASTER, is_form
from evalxl.records import folders
from evalxl.records.arrivals import bytes_of
from evalxl.records.publish import Published, publish_all, remove
from evalxl.records.settings import Settings
from evalxl.steps.office.office import Office
from evalxl.steps.office.places import place_of, take_former_away
from evalxl.steps.office.progress import Progress, unwatched
from evalxl.steps.outputs.draw_changed import draw_changed
from evalxl.steps.outputs.overview_page import write_page
from evalxl.steps.outputs.personal_results import write_own_results
from evalxl.steps.outputs.receipts import Receipt, due_of, has_answers, text_of
from evalxl.steps.outputs.signed_pages import draw_pages, pages_due
from evalxl.steps.views.week_view import WeekSituation, of_unit
from evalxl.words import Lang, say

# The time to draw a master: for its sheets, and for each person. A person is in the office's master, the unit's, and mostly one in between.
_SECONDS_A_MASTER, _SECONDS_A_PERSON = 0.02, 0.002

# Kinds of findings that concern the person's own form, and appear in the person's receipt.
_OWN = (
    "form.",
    "file.",
    "cell.",
    "score.",
    "task.",
    "choice.",
    "date.",
    "number.",
    "stamp.",
    "names.",
    "plan.",
    "rows.",
    "appeal.",
)


def draw_week(
    office: Office, seen: WeekSituation, pages: bool, progress: Progress = unwatched, anew: bool = False
) -> list[Published]:
    """Draw a week. The masters come last, so that everything else is complete when they exist.

    Args:
        pages: Draw the recorded pages to sign too.
        anew: Draw also what stands as it was drawn last, and of which nothing changed.

    Returns:
        The masters.
    """
    write_receipts(office, seen)
    write_own_results(office, seen, anew)
    if pages:
        draw_pages(office, seen, pages_due(seen.view.results, seen.view.unit_results))
    write_page(office, seen, anew)
    return draw_masters(office, seen, progress, anew)


def draw_masters(
    office: Office, seen: WeekSituation, progress: Progress = unwatched, anew: bool = False
) -> list[Published]:
    """Write the office master and a master per unit from the ledger's view."""
    week = seen.view.week
    units = list(_master_units(seen))
    paths = _master_paths(office, week, [unit for unit, _ in units])
    parts = zip(paths, _parts(office, seen, units, paths, progress), strict=True)
    seconds = _SECONDS_A_MASTER + _SECONDS_A_PERSON * len(seen.view.results) / len(paths)
    published = draw_changed(office, _drawer, (office.lang, _roots(office)), parts, seconds, anew)
    _take_away(office, week, [unit for unit, _ in units])
    take_former_away(office, paths)
    return published


def _drawer() -> Callable[[tuple[Lang, Mapping[str, str]], tuple[WeekView, Mapping[str, str], str]], bytes]:
    from evalxl.excel.masters import draw_master  # XlsxWriter is slow to import

    return draw_master


def _master_paths(office: Office, week: Week, units: Iterable[str]) -> list[Path]:
    """The paths of the masters of a week: the office's, then those of its units."""
    where = (office.settings, office.folder, week)
    paths = [folders.office_master_path(*where), *(folders.unit_master_path(*where, unit) for unit in units)]
    return [place_of(office, week, path) for path in paths]


def _parts(
    office: Office, seen: WeekSituation, units: Sequence[tuple[str, str]], paths: Sequence[Path], progress: Progress
) -> Iterator[tuple[WeekView, Mapping[str, str], str]]:
    """The view, the properties and the folder of each master: the office's, then each unit's."""
    week, head = seen.view.week, seen.view.head
    stamp = {
        "evalxl.kind": MASTER,
        "evalxl.week": str(week),
        "evalxl.seal": head,
        "evalxl.office": office.id,
    }
    yield seen.view, stamp | {"evalxl.subject": ""}, _base(office, paths[0])
    for done, ((unit, name), path) in enumerate(zip(units, paths[1:], strict=True), start=1):
        progress("drawing", done, len(paths))
        part = of_unit(seen.view, unit, name, units_under(seen.organisation, unit))
        yield part, stamp | {"evalxl.subject": unit}, _base(office, path)


def _roots(office: Office) -> dict[str, str]:
    return {mark: root.absolute().as_posix() for mark, root in office.roots()}


def without_head(office: Office, seen: WeekSituation) -> list[Path]:
    """The masters of a week that are missing, or were drawn before its last entry."""
    paths = _master_paths(office, seen.view.week, [unit for unit, _ in _master_units(seen)])
    return [path for path in paths if not path.exists() or peek_stamp(path.read_bytes()).get("seal") != seen.view.head]


def _take_away(office: Office, week: Week, units: Sequence[str]) -> None:
    """Remove masters from their former place, after the office set a separate share for them."""
    now = office.settings
    before = now.model_copy(update={"management_folder": "", "office_folder": ""})
    old, new = (
        [
            folders.office_master_path(settings, office.folder, week),
            *(folders.unit_master_path(settings, office.folder, week, unit) for unit in units),
        ]
        for settings in (before, now)
    )
    for path in set(old) - set(new):
        if peek_stamp(bytes_of(path)).get("kind") == MASTER:
            remove(path, office.keeper)


def _base(office: Office, path: Path) -> str:
    """The folder of a master as in the ledger, so that links in the master are relative."""
    return office.relative(path).rpartition("/")[0]


def _master_units(seen: WeekSituation) -> Iterator[tuple[str, str]]:
    """Units with somebody to be evaluated in them or under them, in the organisation's order."""
    with_people = {row.unit for row in seen.view.results}
    for unit in seen.organisation.units:
        if units_under(seen.organisation, unit.code) & with_people:
            yield unit.code, unit.name


def write_receipts(office: Office, seen: WeekSituation) -> None:
    """Write a receipt for everybody from whom something came, or to whom something was returned, including units that report."""
    publish_all(receipts_of(office, seen, office.settings), office.keeper)


def _acting(seen: WeekSituation, rows: Mapping[str, Result], lang: Lang) -> Mapping[str, dict[str, str]]:
    """By code key and step: who decides instead of a scorer or approver, with the reason, for the steps that are awaited."""
    delegated = {(entry.giver, entry.receiver) for entry in seen.organisation.delegations}
    found: dict[str, dict[str, str]] = {}
    for entry in seen.view.missing:
        row = rows.get(code_key(entry.code))
        authority = (row.scorer if entry.step == "score" else row.approver) if row is not None else ""
        if entry.step in ("score", "approve") and authority and entry.waits_for not in ("", authority):
            why = "delegate_row" if (authority, entry.waits_for) in delegated else "next_above"
            reason = say(f"book.{why}", lang, name=seen.organisation.name_of(authority))
            name = f"{seen.organisation.name_of(entry.waits_for)} ({reason[0].lower()}{reason[1:]})"
            found.setdefault(code_key(entry.code), {})[entry.step] = name
    return found


def receipts_of(office: Office, seen: WeekSituation, settings: Settings) -> Iterator[tuple[Path, bytes]]:
    """The receipts of a week, each with its place on the share.

    Args:
        settings: Decide whether values are told: where colleagues can open a receipt, it names cells only.
    """
    week = seen.view.week
    week_history = office.history.week(week)
    rows = {code_key(row.code): row for row in (*seen.view.results, *seen.view.unit_results)}
    found, files = _by_person(seen.view.findings), _files_of(week_history)
    acting = _acting(seen, rows, office.lang)
    for person in week_history.holders():
        if not (person.versions or person.astray or person.returned or has_answers(seen.view, person.code)):
            continue
        row = rows.get(code_key(person.code))
        unit = row.unit if row is not None else _unit_of_form(person) or _unit_of_post(seen, person)
        if not unit:
            continue
        receipt = Receipt(
            person=person,
            row=row,
            name=row.name if row is not None else seen.organisation.name_of(person.code),
            unit=row.unit_name if row is not None else _name_of(seen, unit),
            findings=_own_findings(found.get(code_key(person.code), ()), person, files.get(code_key(person.code), ())),
            view=seen.view,
            due=due_of(person, seen.roster.member(person.code), seen.view, seen.organisation),
            settings=settings,
            lang=office.lang,
            today=seen.today,
            acting=acting.get(code_key(person.code), {}),
        )
        if unit_of_subject(person.code):
            path = folders.unit_receipt_path(office.settings, office.folder, week, unit)
        else:
            path = folders.receipt_path(office.settings, office.folder, week, unit, person.code)
        yield path, b"\xef\xbb\xbf" + text_of(receipt).encode()


def _name_of(seen: WeekSituation, unit: str) -> str:
    entry = seen.organisation.unit(unit)
    return entry.name if entry is not None else unit


def _unit_of_form(person: PersonWeek) -> str:
    """The unit for which a person's form was issued, if the person is no longer evaluated in any unit."""
    return str(person.issue.values.get("ev_unit_code", "")) if person.issue else ""


def _unit_of_post(seen: WeekSituation, person: PersonWeek) -> str:
    """The unit of somebody who is not evaluated, but may have a workbook to score or approve in."""
    post = seen.organisation.post_on(person.code, seen.view.week.thursday) if person.astray else None
    return post.unit if post is not None else ""


def _by_person(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """The findings of people's own forms, by code key."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.kind.startswith(_OWN):
            found.setdefault(code_key(finding.code), []).append(finding)
    return found


def _files_of(week_history: WeekHistory) -> dict[str, set[str]]:
    """The files of each person: the forms in the folders, and unreadable files, which hold nothing that a manager typed for others."""
    found: dict[str, set[str]] = {}
    for name, received in week_history.present.items():
        if received.unreadable or received.by_our_fault or is_form(received.workbook):
            holder = week_history.holder(received.workbook, received.subject)
            found.setdefault(code_key(holder.code), set()).add(name)
    return found


def _own_findings(findings: Iterable[Finding], person: PersonWeek, files: Collection[str]) -> list[Finding]:
    """The findings about the person's own files. What managers typed is reported only in their workbooks, wherever a copy of one is."""
    own = {*files, *(version.file for version in person.versions)}
    return [finding for finding in findings if finding.file in own or finding.kind.startswith("form.")]
