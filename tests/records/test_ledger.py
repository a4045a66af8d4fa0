"""The ledger: what was written once stays, and whatever is changed from outside is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalxl.records.ledger import (
    FIRST,
    FORMAT,
    Break,
    Event,
    Ledger,
    LedgerBrokenError,
    LedgerGrewError,
    LedgerNewerError,
    check_chain,
)


def a_ledger(folder: Path, runs: int = 3, events: int = 2) -> Ledger:
    (folder / "ledger").mkdir(parents=True, exist_ok=True)
    ledger = Ledger(folder / "ledger", folder / "head.txt")
    for run in range(runs):
        ledger.append([{"kind": "noted", "what": f"đợt {run}, việc {n}"} for n in range(events)], "2025-W23")
    return ledger


def breaks(folder: Path) -> list[str]:
    return [found.key for found in check_chain(folder / "ledger", folder / "head.txt")]


def test_events_are_read_back_in_order_with_their_numbers(tmp_path: Path) -> None:
    a_ledger(tmp_path)

    again = Ledger(tmp_path / "ledger", tmp_path / "head.txt")

    assert [1, 2, 3, 4, 5, 6] == [event["seq"] for event in again.events]
    assert "đợt 2, việc 1" == again.events[-1]["what"]
    assert [] == breaks(tmp_path)


def test_each_run_writes_one_new_file_and_changes_no_old_one(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path, runs=2)
    before = {path.name: path.read_bytes() for path in (tmp_path / "ledger").iterdir()}

    ledger.append([{"kind": "noted"}], "2025-06")

    after = {path.name: path.read_bytes() for path in (tmp_path / "ledger").iterdir()}
    assert ["000003_2025-06.jsonl"] == sorted(set(after) - set(before))
    assert before == {name: after[name] for name in before}


def test_a_file_that_was_renamed_is_found(tmp_path: Path) -> None:
    """The label tells people the week; it is part of the chain, and so is the way the number is written."""
    a_ledger(tmp_path)
    path = tmp_path / "ledger" / "000002_2025-W23.jsonl"

    for other in ("000002_2025-W24.jsonl", "0000002_2025-W23.jsonl", "000002_.jsonl", "000002_2025-W23 (1).jsonl"):
        path = path.rename(path.with_name(other))
        assert ["verify.renamed"] == breaks(tmp_path), other


def test_the_label_of_a_file_is_the_week_of_its_first_event(tmp_path: Path) -> None:
    """Then it needs no words of its own; ledgers from before have none either."""
    ledger = a_ledger(tmp_path, runs=0)

    ledger.append([{"kind": "noted", "week": "2025-W23"}], "2025-W23")
    ledger.append([{"kind": "closed", "week": "2025-W23", "period": "2025-06"}], "2025-06")

    assert all("label" not in event for event in ledger.events)
    assert [] == breaks(tmp_path)


def test_a_run_that_learned_nothing_writes_nothing(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path, runs=1)
    head = ledger.head

    assert [] == ledger.append([], "2025-W23")

    assert 1 == len(list((tmp_path / "ledger").iterdir()))
    assert head == ledger.head


def test_an_empty_ledger_has_the_first_head(tmp_path: Path) -> None:
    assert FIRST == a_ledger(tmp_path, runs=0).head


def test_two_windows_of_one_office_cannot_write_the_same_file(tmp_path: Path) -> None:
    one = a_ledger(tmp_path, runs=1)
    other = Ledger(tmp_path / "ledger", tmp_path / "head.txt")
    one.append([{"kind": "noted"}], "2025-W23")

    with pytest.raises(LedgerGrewError):
        other.append([{"kind": "noted"}], "2025-W24")

    assert [] == breaks(tmp_path)


def test_a_ledger_that_does_not_hold_is_not_worked_with(tmp_path: Path) -> None:
    a_ledger(tmp_path)
    path = tmp_path / "ledger" / "000002_2025-W23.jsonl"
    path.write_bytes(path.read_bytes().replace("đợt 1".encode(), "đợt 9".encode(), 1))

    with pytest.raises(LedgerBrokenError):
        Ledger(tmp_path / "ledger", tmp_path / "head.txt")


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, 10_000), bit=st.integers(0, 7), file=st.integers(0, 2))
def test_every_flipped_bit_is_found(tmp_path_factory: pytest.TempPathFactory, place: int, bit: int, file: int) -> None:
    """Even one in the last line, which no later line vouches for: the head outside the ledger does."""
    folder = tmp_path_factory.mktemp("ledger")
    a_ledger(folder)
    path = sorted((folder / "ledger").iterdir())[file]
    data = bytearray(path.read_bytes())
    data[place % len(data)] ^= 1 << bit
    path.write_bytes(bytes(data))

    assert [] != breaks(folder)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_deleted_file_is_found(tmp_path: Path, number: int) -> None:
    a_ledger(tmp_path)
    (tmp_path / "ledger" / f"{number:06d}_2025-W23.jsonl").unlink()

    assert 1 == len(breaks(tmp_path))


def test_swapped_files_are_found(tmp_path: Path) -> None:
    a_ledger(tmp_path)
    one, two = tmp_path / "ledger" / "000001_2025-W23.jsonl", tmp_path / "ledger" / "000002_2025-W23.jsonl"
    data = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(data)

    assert ["verify.chain_broken"] == breaks(tmp_path)


def test_a_line_put_in_between_is_found(tmp_path: Path) -> None:
    a_ledger(tmp_path)
    path = tmp_path / "ledger" / "000002_2025-W23.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], lines[0], *lines[1:]]))

    assert ["verify.chain_broken"] == breaks(tmp_path)


def test_a_tail_that_was_cut_off_is_missed(tmp_path: Path) -> None:
    """What is left holds in itself; the head that lies outside names more events than there are."""
    a_ledger(tmp_path)
    (tmp_path / "ledger" / "000003_2025-W23.jsonl").unlink()

    assert ["verify.tail_cut"] == breaks(tmp_path)


def test_a_rewritten_history_does_not_fit_the_head_outside(tmp_path: Path) -> None:
    """Somebody who makes the whole chain anew cannot make it end in the head that others hold."""
    a_ledger(tmp_path)
    witness = (tmp_path / "head.txt").read_bytes()
    for path in (tmp_path / "ledger").iterdir():
        path.unlink()
    forged = Ledger(tmp_path / "ledger", tmp_path / "other.txt")
    for run in range(3):
        forged.append([{"kind": "noted", "what": f"giả {run}"}, {"kind": "noted"}], "2025-W23")
    (tmp_path / "head.txt").write_bytes(witness)

    assert ["verify.chain_broken"] == breaks(tmp_path)


def test_a_line_is_one_line_of_plain_json(tmp_path: Path) -> None:
    a_ledger(tmp_path, runs=1, events=1)

    (line,) = (tmp_path / "ledger" / "000001_2025-W23.jsonl").read_text(encoding="utf-8").splitlines()

    assert {
        "format": FORMAT,
        "kind": "noted",
        "label": "2025-W23",
        "prev": FIRST,
        "seq": 1,
        "what": "đợt 0, việc 0",
    } == json.loads(line)


def test_a_run_broken_off_before_it_told_the_head_outside_is_no_fault(tmp_path: Path) -> None:
    """The ledger's file comes first, the head outside after it; the next run brings it up to date."""
    a_ledger(tmp_path, runs=2)
    behind = (tmp_path / "head.txt").read_bytes()
    a = Ledger(tmp_path / "ledger", tmp_path / "head.txt")
    a.append([{"kind": "noted"}], "2025-W23")
    (tmp_path / "head.txt").write_bytes(behind)

    assert [] == breaks(tmp_path)
    Ledger(tmp_path / "ledger", tmp_path / "head.txt").append([{"kind": "noted"}], "2025-W23")
    assert [] == breaks(tmp_path)


def test_a_head_outside_that_is_older_than_one_run_was_put_back(tmp_path: Path) -> None:
    a_ledger(tmp_path, runs=1)
    older = (tmp_path / "head.txt").read_bytes()
    ledger = Ledger(tmp_path / "ledger", tmp_path / "head.txt")
    for _ in range(2):
        ledger.append([{"kind": "noted"}], "2025-W23")
    (tmp_path / "head.txt").write_bytes(older)

    assert ["verify.chain_broken"] == breaks(tmp_path)


def test_a_ledger_whose_tail_was_cut_off_is_not_worked_with(tmp_path: Path) -> None:
    a_ledger(tmp_path)
    (tmp_path / "ledger" / "000003_2025-W23.jsonl").unlink()

    with pytest.raises(LedgerBrokenError):
        Ledger(tmp_path / "ledger", tmp_path / "head.txt")


def test_a_head_outside_that_was_deleted_is_missed_but_stops_nobody(tmp_path: Path) -> None:
    a_ledger(tmp_path)
    (tmp_path / "head.txt").unlink()

    assert ["verify.witness_missing"] == breaks(tmp_path)
    Ledger(tmp_path / "ledger", tmp_path / "head.txt").append([{"kind": "noted"}], "2025-W23")
    assert [] == breaks(tmp_path)


@pytest.mark.parametrize("runs", [1, 3])
def test_whoever_reads_while_somebody_writes_reads_on(tmp_path: Path, runs: int) -> None:
    """A run that ends between the last file read and the head outside is no tail that was cut off."""
    other = a_ledger(tmp_path)
    left = [1] * runs

    class Read(Ledger):
        def _follow(self, see: Callable[[Event], None]) -> list[Break]:
            found = super()._follow(see)
            if left:
                other.append([{"kind": "noted"}], f"2025-W2{left.pop()}")
            return found

    read = Read(tmp_path / "ledger", tmp_path / "head.txt")

    assert [event["seq"] for event in read.events] == list(range(1, 7 + runs))
    assert read.head == other.head


def test_a_tail_that_was_cut_off_meanwhile_is_missed(tmp_path: Path) -> None:
    other = a_ledger(tmp_path)
    read = Ledger(tmp_path / "ledger", tmp_path / "head.txt")
    other.append([{"kind": "noted"}], "2025-W23")
    (tmp_path / "ledger" / "000004_2025-W23.jsonl").unlink()

    with pytest.raises(LedgerBrokenError):
        read.catch_up()


def test_a_ledger_that_a_later_version_wrote_into_is_refused_and_is_no_broken_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_ledger(tmp_path)
    with monkeypatch.context() as later:
        later.setattr("evalxl.records.ledger.FORMAT", FORMAT + 1)
        a_ledger(tmp_path, runs=1)

    with pytest.raises(LedgerNewerError) as refused:
        Ledger(tmp_path / "ledger", tmp_path / "head.txt")
    with pytest.raises(LedgerNewerError):
        check_chain(tmp_path / "ledger", tmp_path / "head.txt")
    assert "evalxl" in refused.value.sentence("vi") and str(FORMAT + 1) in refused.value.sentence("vi")


def test_who_waited_while_a_later_version_wrote_is_refused_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = a_ledger(tmp_path)
    with monkeypatch.context() as later:
        later.setattr("evalxl.records.ledger.FORMAT", FORMAT + 1)
        a_ledger(tmp_path, runs=1)

    with pytest.raises(LedgerNewerError):
        waiting.catch_up()


def test_a_ledger_without_numbers_is_read_and_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("evalxl.records.ledger.FORMAT", 1)
        a_ledger(tmp_path)
    a_ledger(tmp_path, runs=1)

    assert [1, 1, 1, 1, 1, 1, FORMAT, 1] == [
        event.get("format", 1) for event in Ledger(tmp_path / "ledger", tmp_path / "head.txt").events
    ]
    assert [] == breaks(tmp_path)


def test_a_format_that_somebody_made_up_breaks_the_chain(tmp_path: Path) -> None:
    a_ledger(tmp_path)
    path = tmp_path / "ledger" / "000002_2025-W23.jsonl"
    path.write_bytes(path.read_bytes().replace(f'"format":{FORMAT}'.encode(), b'"format":9'))

    assert ["verify.chain_broken"] == breaks(tmp_path)
