"""Deleting archived bytes past their retention time, by a decision that is recorded in the ledger.

Only received files of closed weeks and periods past their retention time are deleted. Hashes, results and everything that results depend on stay: rule books,
templates, and the organisation of each week. The event is written before the bytes are deleted, so the next run completes an interrupted one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from evalxl.domain.errors import EvalxlError
from evalxl.domain.history.events import CleanedEvent
from evalxl.domain.history.fold import apply_event
from evalxl.domain.history.retention import blobs_of, in_order, is_over, received_in
from evalxl.domain.weeks import Period, Week, parse_week_or_period
from evalxl.steps.office.office import Clock, Office
from evalxl.steps.office.places import is_settled
from evalxl.steps.office.write_session import at_work

LABEL = "clean-archive"


class NoArchiveYearsError(EvalxlError):
    """The office has set no retention time, so bytes are kept for ever."""

    key = "slip.no_archive_years"


class CleaningReasonError(EvalxlError):
    """Nothing is deleted without a reason, which the ledger keeps for ever."""

    key = "slip.cleaning_reason"


@dataclass(frozen=True, slots=True)
class Over:
    """A week or period past its retention time: the number of its archived files, and their size in bytes."""

    when: Week | Period
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What may be deleted, or was deleted.

    Attributes:
        left: Weeks and periods past their retention time that are not closed. Nothing of them is deleted.
        reason: The reason for the deletion; empty if the files were only listed.
    """

    years: int
    over: tuple[Over, ...]
    left: tuple[Week | Period, ...]
    reason: str = ""

    @property
    def files(self) -> int:
        return sum(over.files for over in self.over)

    @property
    def bytes(self) -> int:
        return sum(over.bytes for over in self.over)


def clean_archive(office: Office, clock: Clock, reason: str = "", go: bool = False) -> Cleaning:
    """List the files past their retention time, and delete them if `go` is set.

    Args:
        reason: The decision: its number and date.
        go: Delete the files. Otherwise nothing is changed.

    Raises:
        NoArchiveYearsError: the office keeps everything.
        CleaningReasonError: no reason is given.
        EvalxlError: somebody is at work, or a share is missing.
    """
    years, reason = office.settings.archive_years, " ".join(reason.split())
    if not years:
        raise NoArchiveYearsError
    if go and not reason:
        raise CleaningReasonError
    with at_work(office, clock):
        today = clock.now.astimezone(office.settings.zone).date()
        found, left = _deletable(office, years, today)
        over = tuple(_over(office, found))
        if not go or not found:
            return Cleaning(years, over, left)
        event = CleanedEvent(reason=reason, years=years, of=[str(over.when) for over in over], files=len(found))
        run = {"at": clock.now.astimezone(office.settings.zone).isoformat(timespec="seconds"), "by": clock.by}
        for written in office.ledger.append([event.record() | run], LABEL):
            apply_event(office.history, written)
        for digest in found:
            office.archive.delete(digest)
        return Cleaning(years, over, left, reason)


def _deletable(office: Office, years: int, today: date) -> tuple[dict[str, str], tuple[Week | Period, ...]]:
    """The hashes of received files that are needed only by weeks and periods past their retention time, each with the last of these. And those not closed."""
    state: dict[str, str] = {}  # past its time, left open, or kept
    for_good: set[str] = set()
    found: dict[str, str] = {}
    for event in office.ledger.events:
        name = received_in(event)
        if name and name not in state:
            state[name] = _state(office, name, years, today)
        for digest in blobs_of(event):
            if state.get(name) == "over":
                found[digest] = name
            else:
                for_good.add(digest)
    left = sorted((name for name, is_now in state.items() if is_now == "open"), key=in_order)
    there = {path.stem for path in office.archive.blobs()}
    kept = {digest: name for digest, name in found.items() if digest in there and digest not in for_good}
    return kept, tuple(map(parse_week_or_period, left))


def _state(office: Office, name: str, years: int, today: date) -> str:
    when = parse_week_or_period(name)
    if not is_over(when, years, today):
        return "kept"
    return "over" if is_settled(office, when) else "open"


def _over(office: Office, found: dict[str, str]) -> Iterator[Over]:
    files = Counter(found.values())
    sizes: Counter[str] = Counter()
    for digest, name in found.items():
        path = office.archive.find(digest)
        sizes[name] += path.stat().st_size if path is not None else 0
    for name in sorted(files, key=in_order):
        yield Over(parse_week_or_period(name), files[name], sizes[name])
