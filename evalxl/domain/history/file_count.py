"""The count of files: whatever lies in a week's folders is one of six things, and nothing is lost between them.

    received = accepted + superseded + duplicate + refused + waiting + unchanged

*Received* is every file that a run found in the folders of the week, put there by whomever; evalxl's own outputs (masters, periods, receipts) and what
programs lay beside their files (lock files, half-written ones) are none. Each is counted once, as it stands when the run has booked what
it could:

- *accepted* (được ghi nhận): it counts. A form that is the version that counts for its person or unit, or a manager's workbook of which
  every typed cell has been read.
- *superseded* (có bản khác thay): a valid form whose place another version has taken.
- *duplicate* (trùng): its bytes are those of another file that lies there, or of a manager's workbook that was read; of equal files one is
  none, and when that one is taken away, the next takes its place.
- *refused* (không nhận): nothing of it is booked, and its finding says why: no workbook of ours, one that was spoiled, locked cells or identity
  changed, a score that cannot be read.
- *waiting* (đang chờ): nothing is wrong with it, and something has still to happen: it is a draft; it is being saved, is still to be synchronised
  or downloaded, or cannot be opened now; it is one of two different versions that came at once; it came after scoring and counts when the row is
  returned.
- *unchanged* (chưa có gì mới): it lies there as it was issued or refreshed, or with nothing typed: nothing of it waits for anybody at the office.

The ledger keeps the count of every run that learned something, so `verify` can do the sum again. What lies there as it was issued, what
could not be read, and the managers' workbooks leave no other trace of lying there: these three numbers are the run's own word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from evalxl.domain.history.history import PersonWeek, Received, WeekHistory

Word = Literal["accepted", "superseded", "duplicate", "refused", "waiting", "unchanged"]
WORDS: tuple[Word, ...] = ("accepted", "superseded", "duplicate", "refused", "waiting", "unchanged")


@dataclass(frozen=True, slots=True)
class Found:
    """What a run saw that the ledger does not tell of.

    Attributes:
        received: How many files it came upon.
        as_issued: Workbooks that lie there as they went out.
        books: Managers' and approvers' workbooks with something typed, all of it read.
        unread: Files that could not be read now, and folders that could not be listed.
    """

    received: int = 0
    as_issued: int = 0
    books: int = 0
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """The files of one run by the six words."""

    received: int
    accepted: int = 0
    superseded: int = 0
    duplicate: int = 0
    refused: int = 0
    waiting: int = 0
    unchanged: int = 0

    @property
    def adds_up(self) -> bool:
        counted: int = sum(getattr(self, word) for word in WORDS)
        return self.received == counted

    def as_record(self) -> dict[str, int]:
        return {"received": self.received, **{word: getattr(self, word) for word in WORDS}}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Count:
        """The count that a `counted` event holds; version 0.1 counted what lay there as it was issued among what waits."""
        count = cls(record.get("received", 0), **{word: record.get(word, 0) for word in WORDS})
        if "unchanged" in record:
            return count
        as_issued = record.get("as_issued", 0)
        return replace(count, waiting=count.waiting - as_issued, unchanged=as_issued)


def count_files(this: WeekHistory, found: Found) -> Count:
    """The count of a run, from the ledger as it stands after it and from what only the run saw."""
    count: dict[str, int] = dict.fromkeys(WORDS, 0)
    for word in words_of_files(this, found.unread).values():
        count[word] += 1
    count["accepted"] += found.books
    count["waiting"] += len(found.unread)
    count["unchanged"] += found.as_issued
    return Count(found.received, **count)


def words_of_files(this: WeekHistory, unread: Collection[str] = ()) -> dict[str, Word]:
    """By file: the word for each that the ledger knows to lie there, managers' workbooks that were read apart."""
    holders = {version.sha256: holder for holder in this.holders() for version in holder.versions}
    return {
        name: _word(received, holders.get(received.same_as or received.sha256))
        for name, received in this.present.items()
        if not any(name == one or name.startswith(f"{one}/") for one in unread)
    }


def _word(received: Received, holder: PersonWeek | None) -> Word:
    """The word for a file; `holder` is whose version it is, if it is one."""
    if received.verdict == "duplicate":
        return "duplicate"
    if received.verdict == "superseded":
        return "superseded"
    if received.verdict == "same":
        # The version that a file is although it was saved again; beside that one it is a copy of it.
        version = (
            next((v for v in holder.versions if v.sha256 == received.same_as), None) if holder is not None else None
        )
        if holder is None or version is None or version.file != received.file:
            return "duplicate"
        return "accepted" if version is holder.counted else "waiting" if version is holder.newer else "superseded"
    if received.verdict == "submitted":
        counted, newer = (holder.counted, holder.newer) if holder is not None else (None, None)
        if counted is not None and counted.sha256 == received.sha256:
            return "accepted"
        return "waiting" if newer is not None and newer.sha256 == received.sha256 else "superseded"
    if received.verdict == "conflict" and holder is not None and holder.has_overtaken(received):
        return "superseded"
    if received.verdict == "waiting":
        return "unchanged"
    if received.verdict in ("draft", "conflict"):
        return "waiting"
    still_to_come = any(finding.kind == "file.not_downloaded" for finding in received.findings)
    return "waiting" if still_to_come or received.by_our_fault else "refused"


def counted_wrong(this: WeekHistory, event: Mapping[str, Any]) -> Iterator[str]:
    """In which words a count that the ledger keeps is not what the ledger itself comes to.

    Args:
        this: The week as it stood when it was counted.
        event: The `counted` event.
    """
    said = Count.from_record(event)
    found = Found(said.received, event.get("as_issued", 0), event.get("books", 0), tuple(event.get("unread", ())))
    again = count_files(this, found)
    if "unchanged" not in event:  # version 0.1 knew five words
        said = replace(said, waiting=said.waiting + said.unchanged, unchanged=0)
        again = replace(again, waiting=again.waiting + again.unchanged, unchanged=0)
    yield from (word for word in WORDS if getattr(said, word) != getattr(again, word))
    if not again.adds_up:
        yield "received"
