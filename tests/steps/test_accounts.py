"""Who saved a file last, as the file says: recorded, explained, and a note where the office entered another account. Never more."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from evalxl.steps.office.office import Office
from tests.little_office import LittleOffice
from tests.steps.test_booked import sheet


def saved_by(path: Path, account: str | None) -> Path:
    """As if a program had saved the workbook under an account."""
    book = openpyxl.load_workbook(path)
    book.properties.lastModifiedBy = account
    book.save(path)
    return path


def events(office: LittleOffice, code: str) -> list[str]:
    """The accounts in the events of what came back from somebody."""
    ledger = Office.open(office.folder).ledger.events
    return [e.get("modified_by", "") for e in ledger if e["kind"] == "received" and e.get("subject") == code]


def test_who_saved_a_workbook_last_is_recorded_and_explained(issued: LittleOffice) -> None:
    issued.in_time(saved_by(issued.hand_in("V1-03"), "an.vv"))
    issued.consolidate()
    issued.scored("V1-03")
    saved_by(issued.scoring("V1-02"), "ngoc.ht")
    issued.consolidate()
    said = {one["what"]: one for one in issued.json("explain", issued.week, "V1-03")["origins"]}

    assert events(issued, "V1-03") == ["an.vv"]
    assert events(issued, "V1-02") == ["ngoc.ht"]
    assert said["self_quality"]["account"] == "an.vv"
    assert said["scored_quality"]["account"] == "ngoc.ht"
    assert "lưu cuối bởi tài khoản ngoc.ht" in issued.say("explain", issued.week, "V1-03")
    assert "ngoc.ht" in sheet(issued.scoring("V1-02"))[0]["source"]
    assert issued.findings() == []  # the office entered no accounts


@pytest.mark.parametrize(
    ("account", "noted"),
    [("an.vv", False), ("Vũ Văn An", False), ("AN.VV", False), ("hau.bx", True), (None, False), ("evalxl", False)],
)
def test_another_account_than_the_one_entered_is_a_note_and_nothing_more(
    issued: LittleOffice, account: str | None, noted: bool
) -> None:
    """More than one account are separated by `;`; letter case does not matter; programs that name nobody say nothing."""
    issued.person("V1-03")["account"] = "an.vv; Vũ Văn An"
    issued.reorganise()
    issued.in_time(saved_by(issued.hand_in("V1-03"), account))
    issued.consolidate()
    row = issued.result("V1-03")

    assert (row["state"], row["flags"]) == ("submitted", "provisional")
    assert issued.findings("V1-03") == (["person.other_account"] if noted else [])
    if noted:
        assert issued.finding("person.other_account")["level"] == "note"


def test_the_account_is_told_nowhere_where_colleagues_read(issued: LittleOffice) -> None:
    issued.person("V1-03")["account"] = "an.vv"
    issued.reorganise()
    issued.in_time(saved_by(issued.hand_in("V1-03"), "hau.bx"))
    said = issued.say("consolidate", issued.week, code=None) + issued.say("status", issued.week, code=None)

    assert "hau.bx" not in said
    assert "hau.bx" not in issued.receipt("V1-03")
    assert "hau.bx" not in str(issued.table("findings"))
