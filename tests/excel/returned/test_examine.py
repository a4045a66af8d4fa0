"""One returned workbook, from its bytes to what it is: the verdicts that hang on names, stamps and places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from evalxl.excel.returned.examine import Examined, WeekBooks, examine
from evalxl.excel.returned.guard import open_package
from evalxl.excel.stamping.stamp import Stencil
from evalxl.forms import kinds as workbooks
from evalxl.forms.binding import stamp_values
from evalxl.forms.values import encode
from evalxl.records.package_files import shipped
from tests.excel.packages import packed
from tests.people import GOOD_FORM

TEMPLATE = (shipped("templates") / "form.xlsx").read_bytes()
RULES = (shipped("rulebooks") / "cv-8679-2025.toml").read_bytes()
VALUES = {
    "ev_person_code": "V1-03",
    "ev_unit_code": "VU1",
    "ev_person_name": "Vũ Văn An",
    "ev_week": "2025-W23",
    "ev_task_name": ["Được giao"],
}
EVENT: dict[str, Any] = {
    "form_id": "f1",
    "workbook": "form",
    "subject": "V1-03",
    "week": "2025-W23",
    "template": "t" * 64,
    "rulebook": "cv-8679-2025@abc",
    "rules": "r" * 64,
    "seal": "s" * 64,
    "values": {name: encode(value) for name, value in VALUES.items()},
    "given": [0],
    "origins": {"01": "given"},
}
FILLED = {**GOOD_FORM, "ev_task_name": [None, "Rà soát văn bản"]}


def books(**changed: Any) -> WeekBooks:
    return WeekBooks("2025-W23", {"f1": {**EVENT, **changed}}, {EVENT["template"]: TEMPLATE}, {EVENT["rules"]: RULES})


def issued() -> bytes:
    stamp = stamp_values(EVENT)
    return Stencil(TEMPLATE, workbooks.FORM).stamp(
        VALUES | {f"ev_stamp_{name}": value for name, value in stamp.items()},
        {f"evalxl.{name}": value for name, value in stamp.items()},
        given=[0],
    )


def filled(values: Mapping[str, Any] = FILLED, **parts: Any) -> bytes:
    """The form with values typed, and parts altered: a function from the part's bytes to other bytes."""
    typed = dict(open_package(Stencil(issued(), workbooks.FORM).stamp(values, {})))
    for name, change in parts.items():
        path = {"workbook": "xl/workbook.xml", "custom": "docProps/custom.xml"}[name]
        typed[path] = change(typed[path])
    return packed({name: text for name, text in typed.items() if text})


def kinds(seen: Examined) -> list[str]:
    return sorted({finding.kind for finding in seen.findings})


def without_names(text: bytes) -> bytes:
    return re.sub(rb'<definedName name="ev_(?!stamp)[^>]*>[^<]*</definedName>', b"", text)


def bent(name: str, place: str) -> Any:
    """A name that points somewhere else."""
    return lambda text: re.sub(
        rb'(<definedName name="' + name.encode() + rb'"[^>]*>)[^<]*', rb"\1" + place.encode(), text
    )


def test_a_filled_form_is_submitted_and_an_untouched_one_waits() -> None:
    seen = examine(filled(), books())

    assert (seen.verdict, kinds(seen), seen.subject, seen.form_id) == ("submitted", [], "V1-03", "f1")
    assert seen.content is not None and [task["name"] for task in seen.content["tasks"]] == [
        "Được giao",
        "Rà soát văn bản",
    ]
    assert seen.content["tasks"][0]["origin"] == "given"
    assert seen.cells["ev_self_quality"][2] == "37"
    assert examine(issued(), books()).verdict == "waiting"


def test_a_form_whose_names_a_program_dropped_is_read_where_the_template_has_them() -> None:
    seen = examine(filled(workbook=without_names), books())

    assert (seen.verdict, kinds(seen)) == ("submitted", ["names.lost"])
    assert seen.content == examine(filled(), books()).content


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("ev_person_name", "Phiếu!$D$24"),
        ("ev_task_name", "'Nhiệm vụ'!$B$6:$B$44"),
        ("ev_self_quality", "Phiếu!$E$1:$F$1"),
        ("ev_self_total", "#REF!"),
        ("ev_unit_code", "'Trang khác'!$A$1"),
    ],
)
def test_a_name_that_a_program_or_a_person_spoiled_does_not_spoil_the_form(name: str, place: str) -> None:
    seen = examine(filled(workbook=bent(name, place)), books())

    assert (seen.verdict, kinds(seen)) == ("submitted", ["names.lost"])
    assert seen.content == examine(filled(), books()).content


def test_without_names_a_changed_locked_cell_is_still_found() -> None:
    seen = examine(filled({**FILLED, "ev_person_name": "Người khác"}, workbook=without_names), books())

    assert seen.verdict == "invalid"
    assert "cell.locked_changed" in kinds(seen)


def test_one_of_the_two_stamps_may_be_lost_and_both_must_say_the_same() -> None:
    def other_person(text: bytes) -> bytes:
        return text.replace(b">V1-03<", b">V1-04<")

    lost = examine(filled(custom=lambda _: b""), books())
    assert (lost.verdict, kinds(lost)) == ("submitted", ["stamp.one_lost"])
    no_sheet = examine(filled(workbook=lambda text: text.replace(b'name="ev_stamp_', b'name="x_stamp_')), books())
    assert (no_sheet.verdict, kinds(no_sheet)) == ("submitted", ["names.lost"])
    forged = examine(filled(custom=other_person), books())
    assert (forged.verdict, kinds(forged), forged.subject) == ("invalid", ["stamp.altered"], "V1-03")
    swapped = examine(filled({**FILLED, "ev_stamp_subject": "V1-04"}, custom=other_person), books())
    assert (swapped.verdict, kinds(swapped)) == ("invalid", ["stamp.altered"])


def test_a_form_of_another_week_an_unknown_one_and_one_taken_back_are_refused() -> None:
    data = filled()

    assert kinds(examine(data, WeekBooks("2025-W24", {}, {}, {}))) == ["form.other_week"]
    assert kinds(examine(data, WeekBooks("2025-W23", {}, {}, {}))) == ["form.unknown"]
    assert kinds(examine(data, books(withdrawn=True))) == ["form.withdrawn"]
    assert {examine(data, other).verdict for other in (books(withdrawn=True), WeekBooks("2025-W23", {}, {}, {}))} == {
        "refused"
    }


def test_a_form_with_very_many_changed_cells_is_told_about_twenty_and_how_many_more() -> None:
    seen = examine(filled({**FILLED, "ev_task_key": [f"{n:02d}x" for n in range(40)]}), books())

    assert (seen.verdict, len(seen.findings)) == ("invalid", 21)
    assert (seen.findings[-1].kind, seen.findings[-1].values["count"]) == ("cell.more_changed", 20)


def test_a_form_that_says_it_is_a_master_is_not_passed_over() -> None:
    seen = examine(filled(custom=lambda text: text.replace(b">form<", b">master<")), books())

    assert (seen.verdict, kinds(seen)) == ("invalid", ["stamp.altered"])
