"""Names, sheets and rows of a returned workbook: whatever was redirected, doubled or hidden is found, and no value is read from a place of which
nobody can say whose it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from evalxl.excel.returned.guard import open_package
from evalxl.excel.returned.reading import read_parts
from evalxl.excel.stamping.stamp import Stencil
from evalxl.forms import kinds
from evalxl.forms.comparison.habits import habits
from evalxl.forms.comparison.located import locate
from evalxl.forms.fields import Who
from evalxl.forms.kind import WorkbookKind
from evalxl.forms.workbook import Cell, Range, Sheet, Workbook
from tests.drawn_workbooks import drawn, template
from tests.standard_parts import FIELDS

FORM, APPROVAL = drawn(kinds.FORM, 3), drawn(kinds.APPROVAL, 3)


def came_back(kind: WorkbookKind = kinds.FORM) -> Workbook:
    """The workbook as somebody filled it."""
    one = FORM if kind is kinds.FORM else APPROVAL
    return read_parts(open_package(Stencil(one.data, kind).stamp(one.fill, {})))


def told(book: Workbook, kind: WorkbookKind = kinds.FORM) -> tuple[set[str], set[str]]:
    """Why the workbook is refused, and what is noted."""
    issued = (FORM if kind is kinds.FORM else APPROVAL).issued
    located = locate(issued, book)
    notes = [*located.notes, *habits(issued, book, located)] if not located.altered else []
    return {finding.kind for finding in located.altered}, {finding.kind for finding in notes}


def with_names(book: Workbook, **places: Range | None) -> Workbook:
    names = {name: place for name, place in {**book.names, **places}.items() if place is not None}
    return replace(book, names=names)


def down(place: Range, rows: int) -> Range:
    return replace(place, top=place.top + rows, bottom=place.bottom + rows)


def with_sheets(book: Workbook, *more: Sheet, **changed: Sheet | None) -> Workbook:
    sheets = {name: changed.get(name, sheet) for name, sheet in book.sheets.items()}
    pages = [sheet for sheet in [*sheets.values(), *more] if sheet is not None]
    return replace(book, sheets={sheet.name: sheet for sheet in pages})


def test_what_came_back_as_it_went_out_is_read_where_it_stood() -> None:
    for kind in (kinds.FORM, kinds.APPROVAL):
        assert told(came_back(kind), kind) == (set(), set())


@pytest.mark.parametrize(
    "entry", [e for e in FIELDS[kinds.FORM] if e.who is not Who.LIVE], ids=lambda entry: entry.name
)
def test_a_name_that_is_gone_or_leads_elsewhere_spoils_nothing(entry: object) -> None:
    """It is read where the template has it, and said so."""
    name = getattr(entry, "name")  # noqa: B009
    book = came_back()
    expected = locate(FORM.issued, book).layout

    for place in (None, Range("evalxl", 900, 20, 900 + book.names[name].bottom - book.names[name].top, 20)):
        bent = with_names(book, **{name: place})
        located = locate(FORM.issued, bent)
        assert located.layout == expected
        assert located.altered == ()
        assert told(bent) in ((set(), {"names.lost"}), (set(), set()))


def test_a_name_of_decisions_that_leads_a_row_further_down_is_never_read() -> None:
    """Every decision would be the next person's."""
    book = came_back(kinds.APPROVAL)
    names = ("ev_approve_decision", "ev_approve_opinion")

    for moved in ((names[0],), names):
        bent = with_names(book, **{name: down(book.names[name], 1) for name in moved})
        assert told(bent, kinds.APPROVAL) == ({"cell.moved"}, set())


def test_two_names_that_were_exchanged_are_found() -> None:
    book = came_back()
    bent = with_names(
        book, ev_self_quality=book.names["ev_self_progress"], ev_self_progress=book.names["ev_self_quality"]
    )

    assert told(bent) == ({"cell.moved"}, set())


def test_all_names_led_to_a_copy_further_down_are_not_followed() -> None:
    """What people see at the top is not what would be read."""
    book = came_back()
    page = book.sheets["Phiếu"]
    copy = {(row + 500, column): cell for (row, column), cell in page.cells.items()}
    twin = with_sheets(book, Phiếu=replace(page, cells={**page.cells, **copy}))
    names = {name: down(place, 500) for name, place in book.names.items() if place.sheet == "Phiếu"}

    refused, _ = told(with_names(twin, **names))

    assert refused == {"form.cells_moved"}


def test_names_led_to_a_hidden_copy_of_the_sheet_are_not_followed() -> None:
    book = came_back()
    copy = replace(book.sheets["Phiếu"], name="Phiếu (2)", state="hidden")
    names = {name: replace(place, sheet=copy.name) for name, place in book.names.items() if place.sheet == "Phiếu"}

    refused, _ = told(with_names(with_sheets(book, copy), **names))

    assert refused == {"form.twin_sheet"}


def test_a_sheet_that_was_hidden_behind_a_copy_is_refused_and_one_that_is_only_hidden_is_noted() -> None:
    book = came_back()
    hidden = replace(book.sheets["Phiếu"], state="hidden")
    copy = replace(book.sheets["Phiếu"], name="Phiếu tuần")

    assert told(with_sheets(book, Phiếu=hidden)) == (set(), {"file.sheet_hidden"})
    assert told(with_sheets(book, copy)) == (set(), {"file.sheet_added"})
    assert told(with_sheets(book, copy, Phiếu=hidden)) == ({"form.twin_sheet"}, set())


def test_a_name_that_one_sheet_has_for_itself_is_found_unless_it_says_the_same() -> None:
    book = came_back()
    place = book.names["ev_self_quality"]

    def local(sheet: str, where: Range | None) -> Workbook:
        return replace(book, local_names=((sheet, "ev_self_quality", where),))

    assert told(local("Phiếu", down(place, 2))) == ({"names.twin"}, set())
    assert told(local("Phiếu", None)) == ({"names.twin"}, set())
    assert told(local("Phiếu", place)) == (set(), set())
    assert told(local("Trang chép", down(place, 2))) == (set(), set())


def test_a_name_that_a_sheet_has_for_itself_counts_in_any_letters_and_where_its_formulas_use_it() -> None:
    book = came_back()
    elsewhere = down(book.names["ev_self_quality"], 2)
    tasks = book.sheets["Nhiệm vụ"]
    using = replace(tasks, cells={**tasks.cells, (900, 1): Cell("number", "1", "EV_SELF_QUALITY+1")})

    def local(book: Workbook, sheet: str, name: str = "EV_Self_Quality") -> set[str]:
        return told(replace(book, local_names=((sheet, name, elsewhere),)))[0]

    assert local(book, "Phiếu") == {"names.twin"}
    assert local(book, "Nhiệm vụ") == set()
    assert local(with_sheets(book, using), "Nhiệm vụ") == {"names.twin"}


def test_names_that_a_program_gave_to_the_sheets_are_no_twins_where_they_lead_to_the_fields() -> None:
    """Some programs know no workbook-wide names."""
    book = came_back()
    ours = tuple((place.sheet, name, place) for name, place in book.names.items())

    assert told(replace(book, names={}, local_names=ours))[0] == set()


def test_an_optional_name_that_is_gone_does_not_open_its_locked_cell() -> None:
    book = with_names(came_back(), ev_person_title=None)
    place = template(kinds.FORM).layout["ev_person_title"][0]
    page = book.sheets[place.sheet]
    forged = with_sheets(book, **{page.name: replace(page, cells={**page.cells, place.at: Cell("text", "Vụ trưởng")})})

    assert told(forged)[0] == {"cell.locked_changed"}


def test_a_sheet_of_another_name_is_compared_like_any_other() -> None:
    book = came_back()
    page = book.sheets["Phiếu"]
    label = next(p for p, c, _ in template(kinds.FORM).labels if p.sheet == page.name and c.formula is None)
    other = replace(page, name="Phiếu mới", cells={**page.cells, label.at: Cell("text", "khác")})
    names = {name: replace(place, sheet=other.name) for name, place in book.names.items() if place.sheet == page.name}

    refused, _ = told(with_names(with_sheets(book, other, Phiếu=None), **names))

    assert refused == {"cell.locked_changed"}


def lists_gone(sheet: Sheet) -> Sheet:
    return replace(sheet, validations=())


STATE = 4  # the column of a task's state


def one_list_gone(sheet: Sheet) -> Sheet:
    return replace(sheet, validations=tuple(rule for rule in sheet.validations if rule.areas[0][1] != STATE))


def a_list_altered(sheet: Sheet) -> Sheet:
    rules = [replace(r, formulas=('"Xong"',)) if r.areas[0][1] == STATE else r for r in sheet.validations]
    return replace(sheet, validations=tuple(rules))


def protection_off(sheet: Sheet) -> Sheet:
    return replace(sheet, protected=False)


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (lists_gone, "file.validation_lost"),
        (one_list_gone, "file.validation_lost"),
        (a_list_altered, "file.validation_changed"),
        (protection_off, "file.protection_lost"),
    ],
)
def test_help_that_was_taken_away_is_a_note(change: Callable[[Sheet], Sheet], note: str) -> None:
    book = came_back()
    changed = with_sheets(book, **{"Nhiệm vụ": change(book.sheets["Nhiệm vụ"])})

    assert told(changed) == (set(), {note})
