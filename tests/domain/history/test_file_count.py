"""Every file of a week's folders is exactly one of six kinds."""

from __future__ import annotations

from typing import Any

import pytest

from evalxl.domain.findings import OUR_FAULT
from evalxl.domain.history.file_count import Count, Found, count_files, counted_wrong, words_of_files
from tests.domain.history.test_fold import Ledger


def word(office: Ledger, file: str = "phiếu.xlsx") -> str:
    return words_of_files(office.week)[file]


def test_a_version_is_accepted_superseded_or_waits_after_scoring() -> None:
    office = Ledger()
    office.form(sha="a")
    assert word(office) == "accepted"
    office.form(sha="b", file="mới.xlsx")
    assert (word(office), word(office, "mới.xlsx")) == ("superseded", "accepted")
    office.scored("b")
    office.form(sha="c", file="sau.xlsx")
    assert (word(office), word(office, "mới.xlsx"), word(office, "sau.xlsx")) == ("superseded", "accepted", "waiting")
    office.returned()
    assert (word(office, "mới.xlsx"), word(office, "sau.xlsx")) == ("superseded", "accepted")


def test_a_file_saved_again_stands_where_its_version_stands_and_a_copy_beside_it_is_a_duplicate() -> None:
    office = Ledger()
    office.form(sha="a")
    office.form("same", sha="a2", same_as="a", file="bản sao.xlsx")
    assert (word(office), word(office, "bản sao.xlsx")) == ("accepted", "duplicate")
    office.form("same", sha="a3", same_as="a")
    assert word(office) == "accepted"
    office.scored("a")
    office.form(sha="b", file="sau.xlsx")
    office.form("same", sha="b2", same_as="b", file="sau.xlsx")
    assert word(office, "sau.xlsx") == "waiting"
    office.form(sha="c", file="cuối.xlsx")
    assert word(office, "sau.xlsx") == "superseded"
    office.form("same", sha="x2", same_as="x", file="lạ.xlsx")
    assert word(office, "lạ.xlsx") == "duplicate"


@pytest.mark.parametrize(
    ("verdict", "kind", "said"),
    [
        ("draft", "", "waiting"),
        ("conflict", "", "waiting"),
        ("waiting", "", "unchanged"),
        ("invalid", "score.missing", "refused"),
        ("refused", "file.encrypted", "refused"),
        ("refused", "file.not_downloaded", "waiting"),
        ("refused", OUR_FAULT, "waiting"),
        ("duplicate", "", "duplicate"),
        ("superseded", "", "superseded"),
    ],
)
def test_a_file_that_counts_for_nobody_is_what_its_verdict_says(verdict: str, kind: str, said: str) -> None:
    office = Ledger()
    office.form(verdict, findings=[{"kind": kind, "values": {}}] if kind else [])

    assert word(office) == said


def test_of_two_in_conflict_both_wait_until_a_third_counts() -> None:
    office = Ledger()
    office.form("conflict", sha="a", file="một.xlsx")
    office.form("conflict", sha="b", file="hai.xlsx")
    assert {word(office, "một.xlsx"), word(office, "hai.xlsx")} == {"waiting"}
    office.form(sha="c", file="ba.xlsx")
    assert words_of_files(office.week) == {"một.xlsx": "superseded", "hai.xlsx": "superseded", "ba.xlsx": "accepted"}


def test_what_only_the_run_saw_is_added_and_files_in_a_folder_that_was_not_read_are_not_counted_twice() -> None:
    office = Ledger()
    office.form(sha="a")
    office.form("draft", sha="b", file="VP/nháp.xlsx")
    found = Found(received=7, as_issued=2, books=2, unread=("VP", "khóa.xlsx"))

    assert count_files(office.week, found) == Count(7, accepted=3, waiting=2, unchanged=2)
    assert count_files(office.week, found).adds_up
    assert not count_files(office.week, Found(received=7)).adds_up


def said(office: Ledger, **numbers: Any) -> list[str]:
    """The kinds in which a stored count is wrong."""
    return list(counted_wrong(office.week, {"unread": [], **numbers}))


def test_a_stored_count_is_worked_out_again_from_the_ledger() -> None:
    office = Ledger()
    office.form(sha="a")
    office.form("draft", sha="b", file="nháp.xlsx")
    right = {"received": 4, "accepted": 2, "waiting": 1, "unchanged": 1, "as_issued": 1, "books": 1}

    assert said(office, **right) == []
    assert said(office, **right | {"waiting": 2}) == ["waiting"]
    assert said(office, **right | {"received": 5}) == ["received"]
    assert said(office, received=2, accepted=1, waiting=1, unchanged=0) == []


def test_the_first_version_counted_forms_as_issued_among_the_waiting() -> None:
    office = Ledger()
    office.form(sha="a")
    old = {"received": 3, "accepted": 1, "waiting": 2, "as_issued": 2}

    assert said(office, **old) == []
    assert said(office, **old | {"waiting": 1}) == ["waiting"]
    assert Count.from_record(old) == Count(3, accepted=1, unchanged=2)
    assert Count.from_record({"received": 3, "waiting": 2, "unchanged": 1}) == Count(3, waiting=2, unchanged=1)
