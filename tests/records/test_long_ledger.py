"""A long ledger is read by need, and says what it would say if all of it were read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from evalxl.domain.weeks import Week
from evalxl.records import long_ledger
from evalxl.records.ledger import FIRST, FORMAT, Ledger, LedgerBrokenError, LedgerGrewError, LedgerNewerError
from evalxl.records.ledger_index import LedgerIndex
from evalxl.records.long_ledger import LongLedger, open_ledger

WEEKS = [Week(2025, number) for number in range(20, 26)]


def noted(week: Week, what: str, **more: Any) -> dict[str, Any]:
    return {"kind": "noted", "week": str(week), "what": f"việc {what} của tuần {week}", **more}


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A ledger of six weeks, two files each; in each week tasks are given for weeks to come."""
    (tmp_path / "ledger").mkdir()
    ledger = Ledger(tmp_path / "ledger", tmp_path / "head.txt")
    for week in WEEKS:
        ledger.append([noted(week, str(n)) for n in range(4)], str(week))
        ledger.append([noted(week, "sau"), {"kind": "assigned", "week": str(week), "by_code": "VP-1"}], str(week))
    return tmp_path


def index_of(office: Path) -> LedgerIndex:
    return LedgerIndex.of(office / "ledger", office)


def by_need(office: Path) -> LongLedger:
    return LongLedger(office / "ledger", office / "head.txt", index_of(office))


def whole(office: Path) -> Ledger:
    return Ledger(office / "ledger", office / "head.txt")


def same(long: LongLedger, all_of_it: Ledger) -> None:
    count = len(all_of_it.events)
    assert list(long.events) == list(all_of_it.events)
    assert [long.events[place] for place in (0, count // 2, -1)] == [all_of_it.events[p] for p in (0, count // 2, -1)]
    assert list(long.events[3:9]) == list(all_of_it.events[3:9])
    assert [long.head_after(seq) for seq in range(count + 2)] == [all_of_it.head_after(seq) for seq in range(count + 2)]
    assert long.head == all_of_it.head
    for week in long.weeks(count):
        assert list(long.of_week(week, count)) == [e for e in all_of_it.events if e.get("week") == str(week)]
    assert list(long.beyond(count)) == [e for e in all_of_it.events if e["kind"] == "assigned"]


def test_it_says_what_the_whole_ledger_says_with_and_without_its_index(office: Path) -> None:
    same(by_need(office), whole(office))
    same(by_need(office), whole(office))
    index_of(office).forget()
    same(by_need(office), whole(office))


def test_with_the_index_only_the_last_file_and_what_is_asked_for_is_read(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_need(office)
    read: list[str] = []
    real = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path.name) or real(path))

    ledger = by_need(office)
    opened = list(read)
    events = list(ledger.of_week(WEEKS[2], len(ledger.events)))

    assert opened == ["000012_2025-W25.jsonl"]
    assert read[1:] == ["000005_2025-W22.jsonl", "000006_2025-W22.jsonl"]
    assert len(events) == 6


def test_a_page_to_sign_is_found_by_its_check_code_in_the_one_file_that_speaks_of_it(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = {"kind": "page", "week": "2025-W21", "subject": "VP-01", "check": "ABCDEFG2", "said": {}}
    by_need(office).append([noted(WEEKS[0], "trước"), page], "2025-W21")
    by_need(office).append([noted(WEEKS[5], "sau"), {**page, "week": "2025-W25"}], "2025-W25")
    ledger = by_need(office)
    read: list[str] = []
    real = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path.name) or real(path))

    found = ledger.page("ABCDEFG2")

    assert found is not None and found == whole(office).page("ABCDEFG2")
    assert read[:1] == ["000013_2025-W21.jsonl"]
    assert ledger.page("ZZZZZZZ2") is None
    index_of(office).forget()
    assert ledger.page("ABCDEFG2") == found  # without the index all files are gone through


def test_what_was_written_is_there_for_this_run_and_the_next_and_for_who_reads_all(office: Path) -> None:
    ledger = by_need(office)
    ledger.append([noted(WEEKS[0], "muộn"), {"kind": "assigned", "week": "2025-W20", "by_code": "VP-2"}], "2025-W20")

    same(ledger, whole(office))
    same(by_need(office), whole(office))


def test_what_somebody_else_wrote_is_seen_and_nothing_is_written_over_it(office: Path) -> None:
    ledger, other = by_need(office), by_need(office)
    other.append([noted(WEEKS[5], "khác")], "2025-W25")

    with pytest.raises(LedgerGrewError):
        ledger.append([noted(WEEKS[5], "này")], "2025-W25")

    assert ledger.catch_up()
    same(ledger, whole(office))


def test_an_altered_file_is_found_by_its_time_or_when_its_week_is_read_and_never_taken(office: Path) -> None:
    by_need(office)
    path = office / "ledger" / "000003_2025-W21.jsonl"
    status, honest = path.stat(), path.read_bytes()
    path.write_bytes(honest.replace(b"2 c", b"3 c"))

    with pytest.raises(LedgerBrokenError):
        by_need(office)

    path.write_bytes(honest)
    same(by_need(office), whole(office))
    path.write_bytes(honest.replace(b"2 c", b"3 c"))
    os.utime(path, ns=(path.stat().st_atime_ns, index_of(office).load()[0][3].time))
    assert path.stat().st_size == status.st_size
    ledger = by_need(office)
    with pytest.raises(LedgerBrokenError):
        list(ledger.of_week(WEEKS[1], len(ledger.events)))
    with pytest.raises(LedgerBrokenError):
        by_need(office)  # the index was given up with it


def test_a_wider_event_that_was_altered_is_not_taken_from_its_place(office: Path) -> None:
    by_need(office)
    path = office / "ledger" / "000004_2025-W21.jsonl"
    times = path.stat()
    path.write_bytes(path.read_bytes().replace(b"VP-1", b"VP-9"))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    ledger = by_need(office)
    with pytest.raises(LedgerBrokenError):
        list(ledger.beyond(len(ledger.events)))


@pytest.mark.parametrize("harm", ["rubbish", "other", "gone", "folder"])
def test_an_index_that_does_not_fit_is_made_again(office: Path, harm: str, tmp_path: Path) -> None:
    by_need(office)
    path = index_of(office).path
    if harm == "rubbish":
        path.write_bytes(b"no index at all" * 400)
    elif harm == "other":
        pieces, spots = index_of(office).load()
        index_of(office).add(
            [
                type(piece)(
                    *(getattr(piece, n) for n in ("number", "name", "size", "time", "before", "last", "joins")),
                    "0" * 64,
                    (),
                )
                for piece in pieces.values()
            ],
            spots,
            [],
            [],
        )
    elif harm == "gone":
        path.unlink()
    else:
        path.unlink()
        path.mkdir()

    same(by_need(office), whole(office))


def test_a_tail_that_was_cut_off_is_missed(office: Path) -> None:
    by_need(office)
    (office / "ledger" / "000012_2025-W25.jsonl").unlink()

    with pytest.raises(LedgerBrokenError):
        by_need(office)


def test_a_file_missing_in_the_middle_is_missed(office: Path) -> None:
    by_need(office)
    (office / "ledger" / "000005_2025-W22.jsonl").unlink()

    with pytest.raises(LedgerBrokenError):
        by_need(office)


def test_a_short_ledger_is_read_whole_and_leaves_no_index(office: Path) -> None:
    assert type(open_ledger(office / "ledger", office / "head.txt", office)) is Ledger
    assert not list(office.glob("*.sqlite"))


def test_an_empty_one_has_the_first_head(tmp_path: Path) -> None:
    (tmp_path / "ledger").mkdir()
    assert by_need(tmp_path).head == FIRST
    assert list(by_need(tmp_path).events) == []


def test_a_long_one_is_read_by_need(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_ledger, "LONG", 1)
    assert isinstance(open_ledger(office / "ledger", office / "head.txt", office), LongLedger)


def test_what_a_later_version_wrote_is_refused(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by_need(office)
    with monkeypatch.context() as later:
        later.setattr("evalxl.records.ledger.FORMAT", FORMAT + 1)
        later.setattr("evalxl.records.long_ledger.FORMAT", FORMAT + 1)
        by_need(office).append([noted(WEEKS[0], "mới")], str(WEEKS[0]))

    with pytest.raises(LedgerNewerError):
        by_need(office)
    index_of(office).forget()
    with pytest.raises(LedgerNewerError):
        by_need(office)
