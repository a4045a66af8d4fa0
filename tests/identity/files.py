"""Workbooks that pretend: every person's form with another's name, stamp or week; managers' workbooks with another's code, rows or stamp.

Each attack is made from a workbook that its owner really filled, and is examined as the button does it, in this process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import Any

from evalxl.demo import type_into as filling
from evalxl.domain.week.week_results import results
from evalxl.domain.weeks import Week
from evalxl.excel.returned.examine import Examined, WeekBooks, examine
from evalxl.excel.returned.guard import open_package
from evalxl.excel.returned.reading import read_parts, sheet_parts
from evalxl.excel.stamping.stamp import _with_properties
from evalxl.forms import kinds
from evalxl.forms.binding import bind
from evalxl.forms.kind import WorkbookKind
from evalxl.forms.workbook import address
from evalxl.records.folders import require_share
from evalxl.steps.intake.receive import take_in_files
from evalxl.steps.issue.issue import issue
from evalxl.steps.issue.issuing import Outgoing
from evalxl.steps.kinds.at_work import due
from evalxl.steps.kinds.book_rows import book_rows
from evalxl.steps.office.office import Batch, Clock, Office, settle_week
from evalxl.steps.refresh.refresh import refresh
from evalxl.steps.refresh.week_to_draw import WeekToDraw
from evalxl.steps.views.week_view import decision_context_of
from tests.examine_here import examine_here
from tests.identity.authority import AUTHORITY, WEEKS
from tests.identity.tally import Tally
from tests.little_office import make_little_office
from tests.people import GOOD_FORM

_CELL = re.compile(rb'<c r="([A-Z]+)')
POINTERS = ("kind", "form_id", "week", "subject", "template", "rulebook", "seal")


@dataclass(frozen=True)
class Shop:
    """Three weeks of 20 people: every form filled, every row scored, and the workbooks for approval."""

    office: Path
    books: Mapping[Week, WeekBooks]
    forms: Mapping[tuple[Week, str], bytes]
    scoring: Mapping[tuple[Week, str], bytes]
    approval: Mapping[tuple[Week, str], bytes]


def shop(folder: Path) -> Shop:
    """The three weeks, without masters and receipts, which take most of a press."""
    little = make_little_office(folder / "office", officials=10)
    forms, scoring, approval, books = {}, {}, {}, {}
    for week in WEEKS:
        office = Office.open(little.folder)
        office.examiner = examine_here
        issue(office, week, _clock(week, 0))
        for code in AUTHORITY:
            path = little.form(code, str(week))
            path.write_bytes(filling.fill(path.read_bytes(), kinds.FORM, GOOD_FORM))
            forms[(week, code)] = path.read_bytes()
        press(office, week, 4)
        for path in sorted((little.share / str(week)).rglob("scoring/*.xlsx")):
            data = filling.fill(path.read_bytes(), kinds.SCORING, _scores(path.read_bytes()))
            path.write_bytes(data)
            scoring[(week, path.stem.split("_")[1])] = data
        press(office, week, 7)
        for path in sorted((little.share / str(week)).rglob("approval/*.xlsx")):
            approval[(week, path.stem.split("_")[1])] = filling.fill(
                path.read_bytes(), kinds.APPROVAL, {"ev_approve_all": "Có"}
            )
        books[week] = _books(office, week)
    return Shop(little.folder, books, forms, scoring, approval)


def _clock(week: Week, days: int) -> Clock:
    monday = week.monday
    return Clock(datetime(monday.year, monday.month, monday.day + days, 8, tzinfo=UTC), "văn phòng")


def _scores(data: bytes) -> dict[str, Any]:
    rows = len(_column(data, kinds.SCORING, "ev_row_person"))
    return {
        "ev_score_quality": [36] * rows,
        "ev_score_progress": [36] * rows,
        "ev_score_conduct": [17] * rows,
        "ev_score_decision": ["Đã chấm"] * rows,
    }


def press(office: Office, week: Week, days: int) -> None:
    """Take in what came back, judge it and refresh the managers' workbooks: the button without what it draws."""
    require_share(office.settings, office.folder)
    clock = _clock(week, days)
    this, rules = office.history.week(week), office.rules_of(week)
    organisation, _ = office.read_organisation(rules)
    roster = office.roster_of(week, organisation, rules)
    batch = Batch(office, clock)
    settle_week(batch, week, rules, office.archive.get(this.rulebook), organisation)
    intake = take_in_files(batch, week, roster, organisation)
    today = clock.now.date()
    book_rows(batch, decision_context_of(office, week, roster, organisation, rules, today))
    batch.write(str(week))
    rows = results(office.history.week(week), roster, rules)
    now = WeekToDraw(office, roster, organisation, rules, rows, today)
    refresh(batch, Outgoing(office, week, rules), now.this, due(now), intake.digests)


def _books(office: Office, week: Week) -> WeekBooks:
    issues = {form_id: office.event_of(one) for form_id, one in office.history.week(week).issues().items()}
    return WeekBooks(
        week=str(week),
        issues=issues,
        templates={digest: office.archive.get(digest) for digest in {str(e["template"]) for e in issues.values()}},
        rules={digest: office.archive.get(digest) for digest in {str(e["rules"]) for e in issues.values()}},
        office_id=office.id,
    )


# --- forging ----------------------------------------------------------------------------------------------------------


def forged(data: bytes, kind: WorkbookKind, typed: Mapping[str, Any], properties: Mapping[str, str] = {}) -> bytes:
    """A workbook with anything in it typed over, locked cells and the stamp too, as somebody does who takes the protection away."""
    parts = dict(open_package(data))
    book = read_parts(parts)
    layout, paths = bind(kind, book.names)[0], sheet_parts(parts)
    heights = filling._heights(filling._looks(parts))
    cells: dict[str, dict[tuple[int, int], Any]] = {}
    for name, value in typed.items():
        column = value if isinstance(value, list) else [value]
        for place, one in zip(layout[name], column, strict=False):
            if one is not None:
                cells.setdefault(paths[place.sheet], {})[place.at] = one
    for path, these in cells.items():
        sheet = with_blanks(parts[path], these)
        parts[path] = b"".join(filling._typed_in(path, sheet, these, heights))
    if properties:
        parts["docProps/custom.xml"] = _with_properties(parts["docProps/custom.xml"], properties)
    return filling.saved(parts)


def with_blanks(sheet: bytes, cells: Iterable[tuple[int, int]]) -> bytes:
    """A sheet with the blank cells that a row of nobody goes out without: whoever types there has a program that makes them."""
    for row, column in cells:
        if f'<c r="{address((row, column))}"'.encode() in sheet:
            continue
        begin = sheet.index(f'<row r="{row}"'.encode())
        first, end = sheet.index(b">", begin) + 1, sheet.index(b"</row>", begin)
        later = (one.start() for one in _CELL.finditer(sheet, first, end) if column_of(one[1].decode()) > column)
        place = next(later, end)
        sheet = sheet[:place] + f'<c r="{address((row, column))}"/>'.encode() + sheet[place:]
    return sheet


def column_of(letters: str) -> int:
    return reduce(lambda number, letter: number * 26 + ord(letter) - 64, letters, 0)


def stamp(data: bytes) -> dict[str, str]:
    """What the stamp of a workbook says."""
    said = read_parts(dict(open_package(data))).properties
    return {name: said[f"evalxl.{name}"] for name in POINTERS}


def stamped(data: bytes, kind: WorkbookKind, other: bytes, hidden: bool = True) -> bytes:
    """A workbook under the stamp of another; `hidden` alters the second place of it too."""
    theirs = stamp(other)
    return forged(
        data,
        kind,
        {f"ev_stamp_{name}": value for name, value in theirs.items()} if hidden else {},
        {f"evalxl.{name}": value for name, value in theirs.items()},
    )


def _column(data: bytes, kind: WorkbookKind, name: str) -> list[str]:
    book = read_parts(dict(open_package(data)))
    found = (book.cell(place.sheet, place.at) for place in bind(kind, book.names)[0][name])
    return [cell.raw for cell in found if cell is not None and cell.raw]


def twin(data: bytes) -> bytes:
    """A workbook with its first sheet in it twice, under the same name in other letter case, with other scores on the second."""
    parts = dict(open_package(data))
    main = parts["xl/workbook.xml"].decode()
    first = re.search(r'<sheet\b[^>]*?name="([^"]*)"[^>]*/>', main)
    assert first
    element = first[0].replace(first[1], first[1].upper())
    element = re.sub(r'sheetId="\d+"', 'sheetId="999"', element)
    element = re.sub(r'r:id="[^"]*"|id="rId[^"]*"', 'r:id="rIdTwin"', element)
    if "xmlns:r=" not in main.partition("<sheets")[0] and "xmlns:r=" not in element:
        element = element.replace(
            "<sheet ", '<sheet xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        )
    parts["xl/workbook.xml"] = main.replace("</sheets>", f"{element}</sheets>").encode()
    relations = parts["xl/_rels/workbook.xml.rels"].decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    one = f'<Relationship Id="rIdTwin" Type="{kind}" Target="/xl/worksheets/twin.xml"/>'
    parts["xl/_rels/workbook.xml.rels"] = relations.replace("</Relationships>", f"{one}</Relationships>").encode()
    parts["xl/worksheets/twin.xml"] = parts[sorted(name for name in parts if name.startswith("xl/worksheets/sheet"))[0]]
    types = parts["[Content_Types].xml"].decode()
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    part = f'<Override PartName="/xl/worksheets/twin.xml" ContentType="{sheet}"/>'
    parts["[Content_Types].xml"] = types.replace("</Types>", f"{part}</Types>").encode()
    return filling.saved(parts)


# --- rounds -----------------------------------------------------------------------------------------------------------


def pairs(all_of: list[str], week: Week, long: bool) -> Iterator[tuple[str, str]]:
    """Everybody with everybody else; shortly a third of them in each week, each with the next."""
    turn = WEEKS.index(week)
    for place, one in enumerate(all_of):
        others = all_of if long else [all_of[(place + 1) % len(all_of)]] if place % 3 == turn else []
        yield from ((one, other) for other in others if other != one)


def refused(seen: Examined, *kinds: str) -> bool:
    """Nothing would be booked of it, and one of the findings says why."""
    return seen.verdict in ("invalid", "refused") and any(finding.kind in kinds for finding in seen.findings)


def forms(shop: Shop, long: bool) -> Iterator[Tally]:
    """A person's form: another's name in it, another's stamp on it, another's file name, another week."""
    people = list(AUTHORITY)
    swapped = Tally("forms under another's name or stamp")
    own = Tally("forms that are copied to another's name")
    replayed = Tally("forms of another week")
    for week in WEEKS:
        books = shop.books[week]
        for one, other in pairs(people, week, long):
            mine, theirs = shop.forms[(week, one)], shop.forms[(week, other)]
            name = examine(forged(mine, kinds.FORM, {"ev_person_code": other}), books)
            swapped.expect(
                refused(name, "cell.locked_changed") and name.subject == one, f"{week} {one} typed {other}: {name}"
            )
            both = examine(stamped(mine, kinds.FORM, theirs), books)
            swapped.expect(refused(both, "cell.locked_changed"), f"{week} {one} under {other}'s stamp: {both.verdict}")
            half = examine(stamped(mine, kinds.FORM, theirs, hidden=False), books)
            swapped.expect(
                refused(half, "stamp.altered"), f"{week} {one} under half of {other}'s stamp: {half.verdict}"
            )
            whole = {"ev_person_code": other, **{f"ev_stamp_{k}": v for k, v in stamp(theirs).items()}}
            full = examine(forged(mine, kinds.FORM, whole, {f"evalxl.{k}": v for k, v in stamp(theirs).items()}), books)
            swapped.expect(refused(full, "cell.locked_changed"), f"{week} {one} as {other}: {full.verdict}")
        for one in people if long else people[WEEKS.index(week) :: 3]:
            # A copy counts for the person whose form it is, wherever it lies and whatever it is called.
            seen = examine(shop.forms[(week, one)], books)
            own.expect(
                (seen.verdict, seen.subject) == ("submitted", one), f"{week} {one}: {seen.verdict}", rightful=True
            )
            twins = examine(twin(shop.forms[(week, one)]), books)
            own.expect(refused(twins, "file.twin_sheets"), f"{week} {one} twin sheet: {twins.verdict} {twins.findings}")
            for last in WEEKS:
                if last == week:
                    continue
                old = shop.forms[(last, one)]
                plain = examine(old, books)
                replayed.expect(refused(plain, "form.other_week"), f"{one} {last} in {week}: {plain.verdict}")
                again = examine(
                    forged(
                        old, kinds.FORM, {"ev_stamp_week": str(week), "ev_week": str(week)}, {"evalxl.week": str(week)}
                    ),
                    books,
                )
                replayed.expect(refused(again, "form.unknown"), f"{one} {last} said to be {week}: {again.verdict}")
                body = examine(stamped(old, kinds.FORM, shop.forms[(week, one)]), books)
                replayed.expect(
                    refused(body, "cell.locked_changed"), f"{one} {last} under the stamp of {week}: {body.verdict}"
                )
    yield from (swapped, own, replayed)


def _disguised(kind: WorkbookKind, one: str, mine: bytes, other: str, theirs: bytes) -> dict[str, tuple[bytes, str]]:
    """A manager's workbook as somebody alters it: what was altered, and the finding that has to tell it."""
    people = _column(theirs, kind, "ev_row_person")
    return {
        "with the code of": (forged(mine, kind, {"ev_book_owner": other}), "cell.locked_changed"),
        "under the stamp of": (stamped(mine, kind, theirs), "cell.locked_changed"),
        "under half the stamp of": (stamped(mine, kind, theirs, hidden=False), "stamp.altered"),
        "with the people of": (forged(mine, kind, {"ev_row_person": people}), "cell.locked_changed"),
        "with a row of the own, beside": (forged(mine, kind, {"ev_row_person": [one]}), "cell.locked_changed"),
    }


def managers(shop: Shop, long: bool) -> Iterator[Tally]:
    """A manager's or approver's workbook: another owner's code, another's stamp, other people in its rows, another week."""
    rows: tuple[tuple[WorkbookKind, Mapping[tuple[Week, str], bytes]], ...] = (
        (kinds.SCORING, shop.scoring),
        (kinds.APPROVAL, shop.approval),
    )
    for kind, made in rows:
        tally = Tally(f"{kind.name} workbooks under another's code, stamp, rows or week")
        for week in WEEKS if long else WEEKS[1:2]:
            books, owners = shop.books[week], [who for of, who in made if of == week]
            for one, other in pairs(owners, week, long):
                for name, (data, told) in _disguised(kind, one, made[(week, one)], other, made[(week, other)]).items():
                    seen = examine(data, books)
                    tally.expect(
                        refused(seen, told), f"{week} {one} {name} {other}: {seen.verdict} {seen.findings[:2]}"
                    )
            for one in owners if long else owners[WEEKS.index(week) :: 3]:
                seen = examine(made[(week, one)], books)
                tally.expect(
                    seen.verdict == "read" and bool(seen.typed), f"{week} {one}: {seen.verdict}", rightful=True
                )
                twins = examine(twin(made[(week, one)]), books)
                tally.expect(
                    refused(twins, "file.twin_sheets"), f"{week} {one} twin: {twins.verdict} {twins.findings[:2]}"
                )
                other_kind = kinds.APPROVAL if kind is kinds.SCORING else kinds.SCORING
                for stage, stage_books in (
                    (other_kind, rows[1 - rows.index((kind, made))][1]),
                    (kinds.FORM, shop.forms),
                ):
                    if (week, one) in stage_books:
                        seen = examine(stamped(made[(week, one)], kind, stage_books[(week, one)]), books)
                        tally.expect(
                            refused(seen, "cell.locked_changed", "names.missing", "stamp.altered"),
                            f"{week} {one} {kind.name} as {stage.name}: {seen.verdict} {seen.findings[:2]}",
                        )
                for last in WEEKS:
                    if last != week and (last, one) in made:
                        plain = examine(made[(last, one)], books)
                        tally.expect(refused(plain, "form.other_week"), f"{one} {last} in {week}: {plain.verdict}")
                        body = examine(stamped(made[(last, one)], kind, made[(week, one)]), books)
                        tally.expect(refused(body, "cell.locked_changed"), f"{one} {last} under {week}: {body.verdict}")
        yield tally


def planted(shop: Shop) -> Tally:
    """A folder full of such files, and the button: nothing of them is booked, each has its verdict, and everything stands as it stood."""
    tally = Tally("such files in the share when the button is pressed")
    week, last = WEEKS[-1], WEEKS[0]
    office = Office.open(shop.office)
    office.examiner = examine_here
    people = list(AUTHORITY)
    expected: dict[str, tuple[str, str]] = {}

    def plant(name: str, data: bytes, verdict: str, kind: str) -> None:
        path = shop.office / "shared" / str(week) / "VU1" / "forms" / f"{name}.xlsx"
        path.write_bytes(data)
        expected[office.relative(path)] = (verdict, kind)

    for place, one in enumerate(people):
        other = people[(place + 1) % len(people)]
        mine, theirs = shop.forms[(week, one)], shop.forms[(week, other)]
        plant(f"{week}_{other}_copy", mine, "duplicate", "file.duplicate")
        plant(f"{one} swapped", forged(mine, kinds.FORM, {"ev_person_code": other}), "invalid", "cell.locked_changed")
        plant(f"{one} stamped", stamped(mine, kinds.FORM, theirs), "invalid", "cell.locked_changed")
        plant(f"{one} replayed", shop.forms[(last, one)], "refused", "form.other_week")
    for (of, one), data in shop.scoring.items():
        if of == week:
            plant(
                f"{one} scoring",
                forged(data, kinds.SCORING, {"ev_row_person": [one]}),
                "invalid",
                "cell.locked_changed",
            )
        elif of == last:
            plant(f"{one} old scoring", data, "refused", "form.other_week")
    before = {code: _standing(office, week, code) for code in people}
    events = len(office.ledger.events)
    press(office, week, 8)
    new = office.ledger.events[events:]
    came = {event["file"]: event for event in new if event["kind"] == "received"}
    for file, (verdict, kind) in expected.items():
        event = came.get(file, {})
        told = [finding["kind"] for finding in event.get("findings", ())]
        tally.expect(event.get("verdict") == verdict and kind in told, f"{file}: {event.get('verdict')} {told}")
    decided = [event["kind"] for event in new if event["kind"] in ("scored", "approved", "returned", "checked")]
    tally.expect(not decided, f"booked: {decided}")
    for code in people:
        tally.expect(_standing(office, week, code) == before[code], f"{code} does not stand as before")
    return tally


def _standing(office: Office, week: Week, code: str) -> tuple[Any, ...]:
    person = office.history.week(week).person(code)
    return (
        person.counted and person.counted.sha256,
        person.score and person.score.seq,
        person.approval and person.approval.seq,
    )


def rounds(folder: Path, long: bool) -> Iterator[Tally]:
    made = shop(folder)
    yield from forms(made, long)
    yield from managers(made, long)
    yield planted(made)
