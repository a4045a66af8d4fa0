"""The count of files: every file in a week's folders is exactly one of six kinds, so none is lost.

    received = accepted + superseded + duplicate + refused + waiting + unchanged

*Received* is every file that a run found in the folders of the week, whoever put it there. The outputs of evalxl (masters, periods, receipts) and
files that programs leave beside theirs (lock files, half-written files) are not counted. Each file is counted once, after the run has booked what it could:

- *accepted* (được ghi nhận): it counts. It is the form version that counts for its person or unit, or a manager's workbook of which
  every typed cell has been read.
- *superseded* (có bản khác thay): a valid form that another version has replaced.
- *duplicate* (trùng): its bytes are those of another file in the folders, or of a manager's workbook that was read. One of the identical files
  is no duplicate. When that one is removed, the next takes its place.
- *refused* (không nhận): nothing of it is booked, and its finding says why. It is no workbook of evalxl, it is damaged, locked cells or identity
  were changed, or a score cannot be read.
- *waiting* (đang chờ): nothing is wrong with it, but something still has to happen. It is a draft; it is being saved, synchronised
  or downloaded, or cannot be opened now; it is one of two different versions that came at once; or it came after scoring and counts when the row is
  returned.
- *unchanged* (chưa có gì mới): it is as it was issued or refreshed, or nothing was typed in it. Nobody at the office has to do anything about it.

The ledger stores the count of every run that learned something, so `verify` can check the sum. Three numbers cannot be checked, because only the run
saw them: files as issued, files that could not be read, and managers' workbooks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from evalxl.domain.history.events import CountedEvent, ReceivedEvent
from evalxl.domain.history.history import PersonWeek, WeekHistory

Word = Literal["accepted", "superseded", "duplicate", "refused", "waiting", "unchanged"]
WORDS: tuple[Word, ...] = ("accepted", "superseded", "duplicate", "refused", "waiting", "unchanged")


@dataclass(frozen=True, slots=True)
class Found:
    """What a run saw that the ledger does not hold.

    Attributes:
        received: The number of files found.
        as_issued: The number of workbooks that are as they were issued.
        books: The number of managers' and approvers' workbooks with something typed, all of it read.
        unread: Files that could not be read now, and folders that could not be listed.
    """

    received: int = 0
    as_issued: int = 0
    books: int = 0
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """The files of one run, by the six kinds."""

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

    def event(self, found: Found) -> CountedEvent:
        """The event that stores the count, with what only the run saw."""
        return CountedEvent(
            received=self.received,
            accepted=self.accepted,
            superseded=self.superseded,
            duplicate=self.duplicate,
            refused=self.refused,
            waiting=self.waiting,
            unchanged=self.unchanged,
            as_issued=found.as_issued,
            books=found.books,
            unread=list(found.unread),
        )

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Count:
        """The count in a `counted` event. Version 0.1 counted files as issued among the waiting ones."""
        count = cls(record.get("received", 0), **{word: record.get(word, 0) for word in WORDS})
        if "unchanged" in record:
            return count
        as_issued = record.get("as_issued", 0)
        return replace(count, waiting=count.waiting - as_issued, unchanged=as_issued)


def count_files(week_history: WeekHistory, found: Found) -> Count:
    """The count of a run, from the ledger after the run and from what only the run saw."""
    count: dict[str, int] = dict.fromkeys(WORDS, 0)
    for word in words_of_files(week_history, found.unread).values():
        count[word] += 1
    count["accepted"] += found.books
    count["waiting"] += len(found.unread)
    count["unchanged"] += found.as_issued
    return Count(found.received, **count)


def words_of_files(week_history: WeekHistory, unread: Collection[str] = ()) -> dict[str, Word]:
    """By file: the kind of each file that the ledger knows to be in the folders, except managers' workbooks that were read."""
    holders = {version.sha256: holder for holder in week_history.holders() for version in holder.versions}
    return {
        name: _word(received, holders.get(received.same_as or received.sha256))
        for name, received in week_history.present.items()
        if not any(name == one or name.startswith(f"{one}/") for one in unread)
    }


def _word(received: ReceivedEvent, holder: PersonWeek | None) -> Word:
    """The kind of a file. `holder` is the person or unit whose form version it is, if it is one."""
    if received.verdict == "duplicate":
        return "duplicate"
    if received.verdict == "superseded":
        return "superseded"
    if received.verdict == "same":
        # A file that was saved again equals an earlier version. Beside that version it is a copy of it.
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


def counted_wrong(week_history: WeekHistory, event: Mapping[str, Any]) -> Iterator[str]:
    """The kinds whose stored count differs from a new count of the ledger.

    Args:
        this: The week as it was when the files were counted.
        event: The `counted` event.
    """
    count = Count.from_record(event)
    found = Found(count.received, event.get("as_issued", 0), event.get("books", 0), tuple(event.get("unread", ())))
    again = count_files(week_history, found)
    if "unchanged" not in event:  # version 0.1 had five kinds
        count = replace(count, waiting=count.waiting + count.unchanged, unchanged=0)
        again = replace(again, waiting=again.waiting + again.unchanged, unchanged=0)
    yield from (word for word in WORDS if getattr(count, word) != getattr(again, word))
    if not again.adds_up:
        yield "received"
