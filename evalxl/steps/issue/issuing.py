"""Issuing workbooks, all kinds in the same way.

The event is recorded before the file is written. It holds the template's hash and the stamped values, which determine the file. So after
an interrupted run the next run writes the same bytes.
"""

from __future__ import annotations

import json
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evalxl.domain.history.changed_values import changes_since
from evalxl.domain.history.events import IssuedEvent
from evalxl.domain.history.history import Event, IssuedAndReturned, PeriodHistory
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.versions.returned_workbooks import Issue
from evalxl.domain.weeks import Period, Week
from evalxl.excel.drawing_pool import drawing_pool
from evalxl.excel.stamping.stamp import NoRoomError, Stencil
from evalxl.forms.binding import stamp_values
from evalxl.forms.comparison.kept import with_kept
from evalxl.forms.kind import WorkbookKind, is_form, kind_named, list_lengths, size_for, used_rows
from evalxl.forms.values import decode_values, encode
from evalxl.records.archive import Archive, digest_of
from evalxl.steps.office.capacity import rooms_in
from evalxl.steps.office.office import Batch, Office
from evalxl.words import say

SECONDS_A_FORM, SECONDS_A_BOOK = 0.001, 0.005  # the time that stamping takes

# By the template's hash, the kind, the password of the office, and whether every page is marked as a trial.
_stencils: dict[tuple[str, WorkbookKind, str, bool], Stencil] = {}
_MOST_STENCILS = 16


def rooms_of_issued(office: Office, kind: WorkbookKind, template: str) -> Mapping[str, int]:
    """The number of rows of each table in an issued template, given by its hash."""
    return rooms_in(office.archive.get(template), kind)


def new_form_id() -> str:
    """An id that nobody can guess."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class StampContext:
    """What all workbooks issued together share: the folder of their templates, their week or period, and the password against accidental changes."""

    archive: Path
    week: str
    password: str


@dataclass
class Outgoing:
    """Makes issue events of one week or period, and the files determined by them."""

    office: Office
    week: Week | Period
    rules: RuleBook
    form_id: Callable[[], str] = new_form_id
    _current: dict[tuple[WorkbookKind, int], str] = field(default_factory=dict)

    def template_of(self, kind: WorkbookKind, values: Mapping[str, Any]) -> str:
        """The hash of the template for a workbook with these values. Its bytes are in the archive."""
        size = size_for(kind, {**used_rows(kind, values), **list_lengths(kind, values)})
        if (kind, size) not in self._current:
            self._current[(kind, size)] = self.office.archive.keep(
                self.office.template(kind, self.rules, size), ".xlsx"
            )
        return self._current[(kind, size)]

    def letter(
        self,
        kind: WorkbookKind,
        subject: str,
        path: str,
        values: Mapping[str, Any],
        seal: str,
        *,
        given: Sequence[int] = (),
        **more: Any,
    ) -> Event:
        """The issue event of a workbook, without the hash of its bytes."""
        return {
            "form_id": self.form_id(),
            "workbook": kind.name,
            "subject": subject,
            "path": path,
            "template": self.template_of(kind, values),
            "rulebook": self.rules.stamp,
            "rules": self.rules.digest,
            "values": {name: encode(values[name]) for name in sorted(values)},  # as the ledger gives them back
            "given": list(given),
            "seal": seal,
            "office": self.office.id,
            "trial": self.office.settings.trial,
            **more,
        }

    def issue_all(self, batch: Batch, letters: Iterable[Event], seconds: float) -> Iterator[tuple[Event, bytes]]:
        """Record that workbooks are issued.

        Args:
            letters: Events from `letter`; may be a generator.
            seconds: The approximate time to stamp one.

        Returns:
            The event and the bytes of each, in order.
        """
        pool = self.office.drawing_pool or drawing_pool(self.office.settings.workers)
        waiting: deque[Event] = deque()

        def told() -> Iterator[Event]:
            for letter in letters:
                waiting.append(letter)
                yield letter

        with closing(pool(stamped, self._press(), told(), seconds)) as made:
            for data in made:
                letter = waiting.popleft()
                event = batch.add(IssuedEvent(sha256=digest_of(data), **self._as_kept(letter)), self.week)
                yield {**event, "values": letter["values"]}, data

    def _as_kept(self, letter: Event) -> Event:
        """The event as the ledger stores it: for a workbook issued again, the changes since the earlier issue, if that is shorter."""
        if is_form(letter["workbook"]):
            return letter
        before = self._gathered().book(letter["workbook"], letter["subject"]).issue
        if before is None:
            return letter
        changes = changes_since(before.values, letter["values"])
        if 2 * len(json.dumps(changes)) > len(json.dumps(letter["values"])):
            return letter
        own = {name: value for name, value in letter.items() if name != "values"}
        return own | {"since": before.form_id, "changes": changes}

    def _gathered(self) -> IssuedAndReturned:
        history = self.office.history
        if isinstance(self.week, Week):
            return history.week(self.week)
        return history.periods.get(str(self.week)) or PeriodHistory(self.week)

    def again(self, event: Mapping[str, Any]) -> bytes | None:
        """The same bytes that were issued; None if they cannot be made any more.

        The office's password is in no event, and another version of a library may compress bytes differently. A file with other bytes would
        look filled, so it has to be a new issue. The same holds for a file in which version 0.1 left out rows.
        """
        try:
            data = self.stamp(event)
        except NoRoomError:
            return None
        return data if digest_of(data) == event["sha256"] else None

    def stamp(self, event: Mapping[str, Any]) -> bytes:
        """The bytes of an issued workbook, from its event alone."""
        return stamped(self._press(), event)

    def _press(self) -> StampContext:
        return StampContext(self.office.archive.folder, str(self.week), self.office.settings.protection.password)


def stamped(press: StampContext, event: Mapping[str, Any]) -> bytes:
    """The bytes of an issued workbook, in any process."""
    kind = kind_named(event["workbook"])
    stamp = stamp_values({"week": press.week, **event})
    values = with_kept(decode_values(dict(event["values"])), decode_values(event.get("kept", {})))
    return _stencil(press, event["template"], kind, bool(event.get("trial"))).stamp(
        values | {f"ev_stamp_{name}": value for name, value in stamp.items()},
        {f"evalxl.{name}": value for name, value in stamp.items()},
        given=event.get("given", ()),
        hidden=used_rows(kind, values),
    )


def _stencil(press: StampContext, template: str, kind: WorkbookKind, trial: bool) -> Stencil:
    """The template prepared for stamping. It is prepared only when something is issued, because a run without news stamps nothing."""
    key = (template, kind, press.password, trial)
    if key not in _stencils:
        if len(_stencils) >= _MOST_STENCILS:
            _stencils.clear()
        mark = say("master.page.trial", "vi") if trial else ""
        _stencils[key] = Stencil(Archive(press.archive).get(template), kind, press.password, mark)
    return _stencils[key]


def same_content(issue: Issue, values: Mapping[str, Any], template: str, **more: Any) -> bool:
    """Whether a workbook issued now would have the same content as the last issue."""
    return (
        issue.template == template
        and dict(issue.values) == {name: encode(value) for name, value in values.items()}
        and all(getattr(issue, name) == value for name, value in more.items())
    )
