"""A closed week says which files in its folders were changed since, and nothing of that counts."""

from __future__ import annotations

import shutil

import pytest

from tests.little_office import LittleOffice, tree
from tests.people import type_into


@pytest.fixture
def closed(approved: LittleOffice) -> LittleOffice:
    approved.say("close", approved.week, "--yes")
    return approved


def test_status_of_a_closed_week_names_what_came_and_changed_since(closed: LittleOffice) -> None:
    assert closed.json("status", closed.week)["since_closed"] == []
    assert "Sau khi chốt" not in closed.say("status", closed.week, code=None)

    type_into(closed.form("V1-03"), {"ev_self_quality": 20})
    closed.fill("P-03")
    closed.form("P-02").unlink()
    before, results = tree(closed.folder), closed.table("results")
    told = {one["file"].rpartition("/")[2]: one["what"] for one in closed.json("status", closed.week)["since_closed"]}
    said = closed.say("status", closed.week, code=None)

    assert told == {
        closed.form("V1-03").name: "changed",
        closed.form("P-03").name: "came",
        "2025-W23_P-02_ngo-van-nghia.xlsx": "gone",
    }
    assert "Sau khi chốt, 3 tệp" in said
    assert all(name in said for name in told)
    assert closed.table("results") == results
    assert tree(closed.folder) == before


def test_what_was_only_saved_again_copied_or_renamed_is_no_change(closed: LittleOffice) -> None:
    type_into(closed.form("V1-03"), {})
    shutil.copy(closed.form("V1-04"), closed.form("V1-04").with_name("bản sao.xlsx"))
    closed.form("P-02").rename(closed.form("P-02").with_name("đổi tên.xlsx"))

    assert closed.json("status", closed.week)["since_closed"] == []


def test_an_open_week_says_nothing_of_it(approved: LittleOffice) -> None:
    approved.fill("P-03")

    assert approved.json("status", approved.week)["since_closed"] == []
