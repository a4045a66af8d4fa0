"""Refreshing the managers' and approvers' workbooks: newly submitted people appear, and no typed cell is lost.

What was typed is in the ledger before a workbook is drawn again. A workbook that somebody has open, or that changed after it was read, is left
alone until the next run. The exception is a scoring workbook that is open in the program in which the button was pressed. It is issued, and handed over
to replace the open one there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.findings import Finding
from evalxl.domain.history.history import Event, IssuedAndReturned, PersonWeek, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.organisation.delegation import delegates, stand_in
from evalxl.domain.organisation.people import Member, Organisation, Roster
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.versions.cell_meaning import meaning
from evalxl.domain.versions.returned_workbooks import DECISIONS, Issue, ReturnedWorkbook
from evalxl.domain.week.approval_order import exceptions_first
from evalxl.domain.week.week_results import reporting
from evalxl.domain.weeks import Week
from evalxl.forms import kinds
from evalxl.forms.kind import WorkbookKind
from evalxl.forms.rows import row_keys
from evalxl.forms.values import LinkTarget
from evalxl.records import folders
from evalxl.records.archive import digest_of
from evalxl.records.arrivals import bytes_of
from evalxl.records.publish import is_open, publish_all, remove, sweep
from evalxl.steps.booking.held_cells import waits_for_a_word
from evalxl.steps.issue.drafts import beside_taken
from evalxl.steps.issue.issuing import SECONDS_A_BOOK, Outgoing, rooms_of_issued, same_content
from evalxl.steps.issue.unknown_workbooks import forms_to_come
from evalxl.steps.office.capacity import most_rooms, rooms_for
from evalxl.steps.office.office import Batch, Office
from evalxl.steps.refresh.decision_sheet_values import booked_lately, booked_values
from evalxl.steps.refresh.delegated_rows import said_of_delegations
from evalxl.steps.refresh.open_workbook import OpenWorkbook
from evalxl.steps.refresh.open_workbook_handover import Saved, in_hand, issue_here, saved_in
from evalxl.steps.refresh.register_values import NO_REGISTER, Register, register_values, replies_shown
from evalxl.steps.refresh.workbook_values import (
    approval_basis,
    approval_values,
    link_to,
    scoring_values,
    versions_shown,
)
from evalxl.words import say


@dataclass(slots=True)
class Refreshed:
    """The redrawn workbooks, those that replace an open one, and those left for the next run."""

    written: list[Path] = field(default_factory=list)
    in_hand: list[OpenWorkbook] = field(default_factory=list)
    busy: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WorkbookToDraw:
    """A workbook as it should be now.

    Attributes:
        more: What else the ledger says of its issue.
    """

    kind: WorkbookKind
    owner: str
    path: Path
    values: dict[str, Any]
    more: dict[str, Any]


def refresh(
    batch: Batch,
    outgoing: Outgoing,
    roster: Roster,
    organisation: Organisation,
    rows: Sequence[Result],
    rules: RuleBook,
    today: date,
    read: Mapping[str, str],
    register: Register = NO_REGISTER,
    open_books: Mapping[Path, str] = MappingProxyType({}),
    refused: Sequence[Finding] = (),
) -> Refreshed:
    """Redraw the scoring and approval workbooks and the register of a week whose content has changed.

    Args:
        rows: The week's results in the roster's order, then those of the units themselves.
        register: The rows of the office's register; None if the week has no register.
        read: By file: the hash of the bytes that this run has read, so that later saves are not overwritten.
        open_books: The scoring workbooks that are open in the program in which the button was pressed, each with its issue.
        refused: Why typed rows were not booked. The approver reads it in the row.
    """
    office = batch.office
    done = Refreshed()
    all_due = chain(
        books_due(office, roster, organisation, rows, rules, today, refused),
        _register_due(office, organisation, roster, register),
    )
    renew(batch, outgoing, office.history.week(roster.week), all_due, read, done, open_books)
    return done


def renew(
    batch: Batch,
    outgoing: Outgoing,
    this: IssuedAndReturned,
    all_due: Iterable[WorkbookToDraw],
    read: Mapping[str, str],
    done: Refreshed,
    open_books: Mapping[Path, str] = MappingProxyType({}),
) -> None:
    """Redraw workbooks whose content has changed, or that were issued to another place.

    Args:
        this: The issued and returned workbooks of the week or period so far.
        read: By file: the hash of the bytes that this run has read. A file that changed since is not overwritten.
        done: Collects what was written, and what had to be left.
        open_books: As in `refresh`.
    """
    office = batch.office
    rooms_then = partial(rooms_of_issued, office, kinds.SCORING)
    files: list[tuple[Path, bytes]] = []
    letters: list[tuple[Event, Path, Issue | None, Saved | None]] = []
    superseded: list[Path] = []
    for due in all_due:
        last = this.book(due.kind.name, due.owner).issue
        path, moved_from = due.path, None
        sweep(path.parent, office.keeper)  # also when nothing is written this time
        here, saved = None, None
        if last is not None:
            if office.on_same_share(last.path, due.path):
                path, moved_from = _place(office, this, due, last, read, open_books)
            elif (old := office.absolute(last.path)).exists():
                moved_from = old
        if last is None and path.exists():
            # A lost ledger may have issued this file, and its typed values exist nowhere else. It stays, and the new workbook goes beside it.
            if isinstance(outgoing.week, Week) and forms_to_come(office, outgoing.week):
                continue
            taken, path = path, beside_taken(path)
            values = {"fresh": path.name}
            done.busy.append(Finding(f"{due.kind.told}.place_taken", due.owner, office.relative(taken), values=values))
        if last is not None and moved_from is None and (former := _left_behind(office, this, path, last, read)):
            superseded.append(former)
        same = last is not None and same_content(
            last, due.values, outgoing.template_of(due.kind, due.values), **due.more
        )
        if moved_from is not None and last is not None:
            # The office has set a separate share for it, so it must not stay where colleagues can open it. Or it has another name now.
            if is_open(moved_from) or not _as_read(office, moved_from, last, read):
                done.busy.append(Finding(f"{due.kind.told}.open_now", code=due.owner, file=office.relative(moved_from)))
                continue
            superseded.append(moved_from)
        elif same and last is not None and path.exists() and not _older(office, this, path, last, read):
            continue
        if moved_from is None and last is not None and path.exists():
            here = issue_here(this.book(due.kind.name, due.owner), path, open_books)
            saved = saved_in(office, this, path, here, read.get(office.relative(path))) if here is not None else None
            if here is None and is_open(path):
                done.busy.append(Finding(f"{due.kind.told}.open_now", code=due.owner, file=office.relative(path)))
                continue
            if saved is None and (here is not None or not _as_read(office, path, last, read)):
                done.busy.append(
                    Finding(f"{due.kind.told}.changed_meanwhile", code=due.owner, file=office.relative(path))
                )
                continue
            if office.relative(path) in this.present:
                continue  # it was refused, and its typed values exist nowhere else: it stays until the owner has corrected it
            if waits_for_a_word(this, this.book(due.kind.name, due.owner), office.relative(path)):
                continue
        event = office.event_of(last) if same and last and not moved_from else None
        again = outgoing.again(event) if event is not None else None
        if event is None or again is None:
            name, head = office.relative(path), office.ledger.head
            letter = outgoing.letter(due.kind, due.owner, name, due.values, head, **due.more)
            letters.append((letter, path, here, saved))
        elif here is not None and saved is not None:
            done.in_hand.append(in_hand(path, here, saved, event, again, office.keeper, rooms_then))
        else:
            files.append((path, again))
    issued = outgoing.issue_all(batch, (letter for letter, *_ in letters), SECONDS_A_BOOK)
    for (_, path, here, saved), (event, data) in zip(letters, issued, strict=True):
        if here is not None and saved is not None:
            done.in_hand.append(in_hand(path, here, saved, event, data, office.keeper, rooms_then))
        else:
            files.append((path, data))
    batch.write(str(outgoing.week))
    done.written += [one.path for one in publish_all(files, office.keeper, leave=True) if one.state != "left"]
    for path in superseded:
        remove(path, office.keeper)


def _place(
    office: Office,
    this: IssuedAndReturned,
    due: WorkbookToDraw,
    last: Issue,
    read: Mapping[str, str],
    open_books: Mapping[Path, str],
) -> tuple[Path, Path | None]:
    """The path of a workbook that stays on its share, and the file that it replaces there if an earlier version used another name.
    A file that is open, was refused, or was saved since this run read it, keeps its name until the next run.
    """
    there = office.absolute(last.path)
    named = there.with_name(due.path.name)
    if folders.former_path(named) != there:
        return there, None
    if not there.exists():
        return named, None
    here = issue_here(this.book(due.kind.name, due.owner), there, open_books)
    if here is not None or is_open(there) or last.path in this.present or not _as_read(office, there, last, read):
        return there, None
    return named, there


def _left_behind(
    office: Office, this: IssuedAndReturned, path: Path, last: Issue, read: Mapping[str, str]
) -> Path | None:
    """The file beside a workbook with the name of an earlier version, if everything in it was taken in before the workbook was issued.

    An interrupted run left it there, or somebody had it open while the workbook replaced it, and saved it later.
    """
    former = folders.former_path(path)
    if former is None or not path.exists() or not former.is_file() or is_open(former):
        return None
    name = office.relative(former)
    received, digest = this.read.get(name), read.get(name)
    if digest is None or digest_of(bytes_of(former)) != digest:
        return None
    book = this.book(last.workbook, last.subject)
    if any(issue.sha256 == digest for issue in book.issues.values()):
        return former
    if received is None or received.sha256 != digest or received.seq > last.seq or received.findings:
        return None
    typed = office.ledger.events[received.seq - 1].get("typed", ())
    return former if all(_is_taken(book, one, received.seq) for one in typed) else None


def _is_taken(book: ReturnedWorkbook, one: Mapping[str, Any], seq: int) -> bool:
    """Whether a copy's cell value counts, was carried out, or was overwritten since."""
    cell = book.typed((one["table"], one["row"]), one["name"])
    if cell is None:
        return one["name"] in DECISIONS
    return cell.seq > seq or meaning(cell.value) == meaning(one["value"])


def _older(office: Office, this: IssuedAndReturned, path: Path, last: Issue, read: Mapping[str, str]) -> bool:
    """Whether an earlier issue is at the place of the last one, because an interrupted run recorded the last one and did not write it."""
    name = office.relative(path)
    digest, received = read.get(name), this.read.get(name)
    earlier = this.book(last.workbook, last.subject).issues.values()
    if digest is None or digest == last.sha256:
        return False
    if any(digest == issue.sha256 for issue in earlier):
        return True
    known = received is not None and received.sha256 == digest and received.form_id != last.form_id
    return known and received is not None and any(received.form_id == issue.form_id for issue in earlier)


def _as_read(office: Office, path: Path, last: Issue, read: Mapping[str, str]) -> bool:
    now = digest_of(bytes_of(path))
    return now in (last.sha256, read.get(office.relative(path)))


def books_due(
    office: Office,
    roster: Roster,
    organisation: Organisation,
    rows: Sequence[Result],
    rules: RuleBook,
    today: date,
    refused: Sequence[Finding] = (),
) -> Iterator[WorkbookToDraw]:
    """The scoring and approval workbooks of a week as they should be now."""
    week = roster.week
    settings = office.settings_of(week)
    this = office.history.week(week)
    by_code = {row.code: row for row in rows}
    scored_by, approved_by = teams(this, roster, organisation, by_code, today)
    at = {
        (kinds.SCORING, owner): folders.workbook_path(
            kinds.SCORING, office.settings, office.folder, week, owner, _unit(organisation, owner, week, team)
        )
        for owner, team in scored_by.items()
    }
    if not rules.parts:  # what nobody scores, nobody approves
        approved_by = {}
    at |= {
        (kinds.APPROVAL, owner): folders.workbook_path(kinds.APPROVAL, office.settings, office.folder, week, owner)
        for owner in approved_by
    }
    links = {row.code: office.absolute(row.form) for row in rows if row.form}
    made = booked_lately(office.history, week)
    said = replies_shown(office.history, week, by_code, office.lang)
    for owner, team in scored_by.items():
        path = at[(kinds.SCORING, owner)]
        most = most_rooms(office.folder, office.lang, kinds.SCORING)
        team_rows = [by_code[member.code] for member in team][: most["team"]]
        values = scoring_values(settings, rules, organisation, this, owner, team_rows, links, path, most, office.lang)
        rooms = rooms_for(office.folder, office.lang, kinds.SCORING, values)
        values |= said_of_delegations(values, organisation, week, owner, team_rows, "score", today, office.lang)
        values["ev_book_others"] = _others(at, kinds.SCORING, owner, office)
        values["ev_row_reply"] = [said.get(row.code) for row in team_rows]
        values |= booked_values(
            office.settings, rules, organisation, week, made, kinds.SCORING, owner, rooms, office.lang
        )
        yield WorkbookToDraw(kinds.SCORING, owner, path, values, {"versions": versions_shown(this, team_rows)})
    for owner, team in approved_by.items():
        path = at[(kinds.APPROVAL, owner)]
        most = most_rooms(office.folder, office.lang, kinds.APPROVAL)
        team_rows = [by_code[member.code] for member in team][: most["approvals"]]
        team_rows = _as_begun(this, owner, exceptions_first(team_rows, this, rules, said))
        values = approval_values(settings, rules, organisation, this, owner, team_rows, office.lang, refused)
        rooms = rooms_for(office.folder, office.lang, kinds.APPROVAL, values)
        values |= said_of_delegations(values, organisation, week, owner, team_rows, "approve", today, office.lang)
        values["ev_book_others"] = _others(at, kinds.APPROVAL, owner, office)
        values["ev_row_reply"] = [said.get(row.code) for row in team_rows]
        values |= booked_values(
            office.settings, rules, organisation, week, made, kinds.APPROVAL, owner, rooms, office.lang
        )
        yield WorkbookToDraw(kinds.APPROVAL, owner, path, values, {"basis": approval_basis(this, team_rows)})


def _as_begun(this: WeekHistory, owner: str, rows: list[Result]) -> list[Result]:
    """The rows in the order that the approver already sees, once the approver has begun to decide. So no row moves, and a cell that
    a finding names stays the same in the refreshed workbook. New rows come last.
    """
    book = this.book(kinds.APPROVAL.name, owner)
    if book.issue is None or not book.rows:
        return rows
    places = {code_key(key): place for place, key in enumerate(row_keys(book.issue.values, "approvals"))}
    return sorted(rows, key=lambda row: places.get(code_key(row.code), len(places)))


def _register_due(
    office: Office, organisation: Organisation, roster: Roster, register: Register
) -> Iterator[WorkbookToDraw]:
    """The register, if it has a row or was issued before."""
    if any(register.counts.values()) or (kinds.FOLLOW_UP.name, "") in office.history.week(roster.week).books:
        yield register_due(office, organisation, roster, register)


def register_due(office: Office, organisation: Organisation, roster: Roster, register: Register) -> WorkbookToDraw:
    """The register as it should be now. It belongs to the office, not to a person."""
    path = folders.workbook_path(kinds.FOLLOW_UP, office.settings, office.folder, roster.week)
    values = register_values(
        office.settings_of(roster.week), organisation, office.history, roster.week, register, office.lang
    )
    return WorkbookToDraw(kinds.FOLLOW_UP, "", path, values, {})


def teams(
    this: WeekHistory, roster: Roster, organisation: Organisation, rows: Mapping[str, Result], today: date
) -> tuple[dict[str, list[Member]], dict[str, list[Member]]]:
    """The rows of each workbook, by scorer and by approver.

    A delegate gets the rows that are still open, in addition to the own team. If scorer and approver are one person, there is one
    sheet and no approval row, unless the row was scored by a delegate who may not approve.
    """
    scored_by: dict[str, list[Member]] = {}
    approved_by: dict[str, list[Member]] = {}
    given_score = delegates(organisation, roster.week, today, "score")
    given_approve = delegates(organisation, roster.week, today, "approve")
    for member in (*roster.members, *reporting(this, roster)):
        row = rows[member.code]
        if row.state == "absent":
            continue
        person = this.person(member.code)
        if member.scorer:
            scored_by.setdefault(member.scorer, []).append(member)
            instead = stand_in(organisation, member, member.scorer, given_score, roster.week.thursday)
            mine = person.score is not None and code_key(person.score.scorer) == code_key(instead)
            if instead and instead != member.scorer and (person.score is None or mine):
                scored_by.setdefault(instead, []).append(member)
        if member.approver and (code_key(member.approver) != code_key(member.scorer) or _scored_for(person, member)):
            approved_by.setdefault(member.approver, []).append(member)
            instead = stand_in(organisation, member, member.approver, given_approve, roster.week.thursday)
            mine = person.approval is not None and code_key(person.approval.approver) == code_key(instead)
            if instead and instead != member.approver and (person.approval is None or mine):
                approved_by.setdefault(instead, []).append(member)
    return scored_by, approved_by


def _scored_for(person: PersonWeek, member: Member) -> bool:
    """Whether a delegate scored for a manager who is also the approver. A delegate for scoring alone leaves the approval to the manager."""
    if person.score is None or code_key(person.score.scorer) == code_key(member.approver):
        return False
    return person.approval is None or not person.approval.same_person


def _unit(organisation: Organisation, owner: str, week: Week, team: Sequence[Member]) -> str:
    """A manager's own unit; if there is none, the unit of the team."""
    post = organisation.post_on(owner, week.thursday)
    return post.unit if post is not None else team[0].unit


def _others(
    at: Mapping[tuple[WorkbookKind, str], Path], kind: WorkbookKind, owner: str, office: Office
) -> list[LinkTarget]:
    """Links to the owner's other workbooks of the week."""
    return [
        link_to(path, at[(kind, owner)], say(f"book.link_{other.name}", office.lang))
        for (other, who), path in at.items()
        if who == owner and other is not kind
    ]
