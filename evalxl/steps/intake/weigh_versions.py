"""Compares new versions of a form with earlier ones, and gives each its verdict and findings.

The decisions are stored in the events, so a reader of the ledger never decides again. The rule is in `domain/versions/form_versions`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from evalxl.domain.findings import Finding
from evalxl.domain.history.events import ReceivedEvent
from evalxl.domain.history.history import PersonWeek, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.versions.form_versions import Fate, Version, differing, fates
from evalxl.domain.versions.save_order import comes_after, later, opposite
from evalxl.forms.kind import kind_named
from evalxl.forms.workbook import address
from evalxl.steps.office.layouts import layout_of
from evalxl.steps.office.new_files import NewFile
from evalxl.steps.office.office import Office

MOST_CELLS = 10  # named in one sentence; more would be too long to read
_VERDICTS: Mapping[Fate, str] = {
    "counts": "submitted",
    "same": "same",
    "superseded": "superseded",
    "older": "superseded",
    "conflict": "conflict",
}
_SAID_BY_ORDER = ("form.conflict", "form.earlier_version", "form.replaces", "form.older_state", "form.times_opposite")


@dataclass(frozen=True, slots=True)
class Decided:
    """The verdict of a form that was seen for the first time.

    Attributes:
        more: Further fields of the event: `same_as` names the version it equals, `saved_again` says that it gives that version's last save time.
    """

    new_file: NewFile
    verdict: str
    findings: tuple[Finding, ...]
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SettledVersion:
    """The verdict of a form that was undecided so far."""

    received: ReceivedEvent
    verdict: str
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Rival:
    """A version that may count. New files with the same content are its copies."""

    version: Version
    came: NewFile | None
    received: ReceivedEvent | None
    copies: list[NewFile] = field(default_factory=list)

    @property
    def file(self) -> str:
        return self.version.saved.file

    @property
    def sha256(self) -> str:
        one = self.came or self.received
        assert one is not None
        return one.sha256


def decide(
    office: Office, week_history: WeekHistory, person: PersonWeek, fresh: Sequence[NewFile]
) -> tuple[list[Decided], list[SettledVersion]]:
    """The verdicts of a person's new forms, and of undecided forms that waited for a person to choose.

    Args:
        fresh: Valid, submitted forms that are new in this run.
    """
    return _Weighing(office, week_history, person, fresh).decide()


@dataclass(slots=True)
class _Weighing:
    office: Office
    this: WeekHistory
    person: PersonWeek
    fresh: Sequence[NewFile]

    def decide(self) -> tuple[list[Decided], list[SettledVersion]]:
        decided = [self._set_back(new_file) for new_file in self.fresh if self._is_set_back(new_file)]
        standing, rivals = self._standing(), list(self._rivals())
        before = [self._version(received) for received in self._before()]
        found = fates(standing, before, [rival.version for rival in rivals])
        settled: list[SettledVersion] = []
        for rival, fate in zip(rivals, found, strict=True):
            findings = tuple(self._findings(rival, fate, standing, rivals, found))
            if rival.came is not None:
                as_standing = self._same_as(self._stands, rival.version, standing) if fate == "same" else {}
                decided.append(Decided(rival.came, _VERDICTS[fate], findings, as_standing))
            elif rival.received is not None and self._is_news(rival.received, fate, findings):
                settled.append(SettledVersion(rival.received, _VERDICTS[fate], findings))
            for copy in rival.copies:
                more = as_standing if rival.came is not None and fate == "same" else self._as_copy(rival, copy)
                decided.append(Decided(copy, "same", (self._unchanged(),), more))
        return decided, settled

    # The versions at hand

    @property
    def _stands(self) -> ReceivedEvent | None:
        """The version that a new one is compared with: the one that counts, or after scoring the latest one that waits for a return."""
        return self.person.newer or self.person.counted

    def _standing(self) -> Version | None:
        return self._version(self._stands) if self._stands is not None else None

    def _before(self) -> Iterator[ReceivedEvent]:
        for received in self.person.versions:
            if (
                received is not self._stands
                and received.verdict in ("submitted", "superseded")
                and received.content is not None
            ):
                yield received

    def _told(self) -> list[ReceivedEvent]:
        """The undecided forms: it is not known which was saved last."""
        return self.this.conflicts().get(code_key(self.person.code), [])

    def _version(self, received: ReceivedEvent) -> Version:
        changed = {new_file.file for new_file in self.fresh}
        lies = any(
            received.sha256 in (other.sha256, other.same_as) and name not in changed
            for name, other in self.this.present.items()
        )
        return Version(received.saved, received.content or {}, lies=lies, aside=received.aside)

    def _rivals(self) -> Iterator[_Rival]:
        """The new and the undecided versions. Several with the same content are one rival."""
        changed = {new_file.file for new_file in self.fresh}
        receiveds = [received for received in self._told() if received.file not in changed]
        groups: list[_Rival] = []
        for received in receiveds:
            if not any(group.version.content == received.content for group in groups):
                version = Version(received.saved, received.content or {}, told=True)
                groups.append(_Rival(version, None, received))
        fresh = [new_file for new_file in self.fresh if not self._is_set_back(new_file)]
        for new_file in sorted(fresh, key=lambda new_file: (new_file.saved.at, new_file.file)):
            version = self._new(new_file)
            group = next((group for group in groups if group.version.content == version.content), None)
            if group is None:
                groups.append(_Rival(version, new_file, None))
                continue
            if comes_after(version.saved, group.version.saved):
                group.version = replace(group.version, saved=version.saved, again=group.version.again or version.again)
                if group.came is not None:
                    group.came, new_file = new_file, group.came
            group.copies.append(new_file)
        yield from groups

    def _new(self, came: NewFile) -> Version:
        assert came.examined is not None and came.examined.content is not None
        lay = self.this.present.get(came.file)
        again = lay is not None and (
            lay in self._told()
            or (any(finding.kind == "form.older_state" for finding in lay.findings) and later(came.saved, lay.saved))
        )
        known = any(received.sha256 == came.sha256 for received in self._before())
        return Version(came.saved, came.examined.content, again=again, known=known, aside=came.aside)

    # A form that is set back, after scoring, to what was scored

    def _is_set_back(self, came: NewFile) -> bool:
        newer, counted = self.person.newer, self.person.counted
        assert came.examined is not None
        return newer is not None and counted is not None and came.examined.content == counted.content

    def _set_back(self, came: NewFile) -> Decided:
        counted = self.person.counted
        assert counted is not None
        return Decided(came, "same", (self._unchanged(),), {"same_as": counted.sha256})

    # Findings

    def _same_as(self, received: ReceivedEvent | None, version: Version, standing: Version | None) -> Mapping[str, Any]:
        assert received is not None and standing is not None
        here = version.saved.file == standing.saved.file or not standing.lies
        again = (here and not later(standing.saved, version.saved)) or comes_after(version.saved, standing.saved)
        return {"same_as": received.sha256, "saved_again": again}

    def _as_copy(self, rival: _Rival, copy: NewFile) -> Mapping[str, Any]:
        return {"same_as": rival.sha256, "saved_again": rival.came is None and rival.version.saved == copy.saved}

    def _unchanged(self) -> Finding:
        return Finding("form.unchanged", code=self.person.code)

    def _is_news(self, received: ReceivedEvent, fate: Fate, findings: tuple[Finding, ...]) -> bool:
        return received.verdict != _VERDICTS[fate] or tuple(received.findings) != findings

    def _findings(
        self,
        rival: _Rival,
        fate: Fate,
        standing: Version | None,
        rivals: Sequence[_Rival],
        found: Sequence[Fate],
    ) -> Iterator[Finding]:
        if fate == "same":
            yield self._unchanged()
        yield from self._of_order(rival, fate, standing, rivals, found)
        own: Sequence[Finding] = ()
        if rival.came is not None and rival.came.examined is not None:
            own = rival.came.examined.findings
        elif rival.received is not None:
            own = rival.received.findings
        yield from (finding for finding in own if finding.kind not in _SAID_BY_ORDER)

    def _of_order(
        self,
        rival: _Rival,
        fate: Fate,
        standing: Version | None,
        rivals: Sequence[_Rival],
        found: Sequence[Fate],
    ) -> Iterator[Finding]:
        others = [other for other in rivals if other is not rival]
        if fate == "counts":
            if standing is not None and standing.saved.file == rival.file:
                if opposite(rival.version.saved, standing.saved):
                    yield self._finding("form.times_opposite", rival, standing.saved.file, standing.content)
            elif standing is not None and standing.lies and not standing.aside:
                yield self._finding("form.replaces", rival, standing.saved.file, standing.content)
            for other, what in zip(rivals, found, strict=True):
                if what == "superseded" and other is not rival:
                    yield self._finding("form.replaces", rival, other.file, other.version.content, other)
        elif fate == "older" and standing is not None:
            yield self._finding("form.older_state", rival, standing.saved.file, standing.content)
        elif fate == "superseded":
            winner = next((rival for rival, what in zip(rivals, found, strict=True) if what == "counts"), None)
            if winner is not None:
                yield self._finding("form.earlier_version", rival, winner.file, winner.version.content, winner)
            elif standing is not None:
                yield self._finding("form.earlier_version", rival, standing.saved.file, standing.content)
        elif fate == "conflict":
            named: dict[str, tuple[Mapping[str, Any], _Rival | None]] = {}
            if standing is not None and not comes_after(rival.version.saved, standing.saved):
                named[standing.saved.file] = (standing.content, None)
            rest = [one for one, what in zip(rivals, found, strict=True) if what == "conflict" and one is not rival]
            for one in rest or others:
                named[one.file] = (one.version.content, one)
            # A person who was told of another file before is told of the same file, as long as it is undecided.
            before = rival.received.findings if rival.received is not None else ()
            said = [str(finding.values.get("other")) for finding in before if finding.kind == "form.conflict"]
            chosen = next((file for file in (*said, *named) if file in named), "")
            if chosen:
                yield self._finding("form.conflict", rival, chosen, *named[chosen])

    def _finding(
        self, kind: str, rival: _Rival, file: str, content: Mapping[str, Any], other: _Rival | None = None
    ) -> Finding:
        cells = self._cells(rival, content, other)
        more = f" (+{len(cells) - MOST_CELLS})" if len(cells) > MOST_CELLS else ""
        said = ", ".join(cells[:MOST_CELLS]) + more
        return Finding(kind, code=self.person.code, values={"other": file, "cells": said or "-"})

    def _cells(self, rival: _Rival, content: Mapping[str, Any], other: _Rival | None) -> list[str]:
        """The cells in which two forms differ, with their sheets."""
        mine = rival.came.examined.cells if rival.came is not None and rival.came.examined else {}
        theirs = other.came.examined.cells if other is not None and other.came and other.came.examined else {}
        if mine and theirs:
            names = [
                n
                for n in {**mine, **theirs}
                if (mine[n][2] if n in mine else "") != (theirs[n][2] if n in theirs else "")
            ]
        else:
            names = differing(content, rival.version.content)
        places = {**theirs, **mine}
        return [
            f"{places[name][0]}!{places[name][1]}" if name in places else home
            for name in names
            if (home := self._home(name)) or name in places
        ]

    def _home(self, name: str) -> str:
        """The cell of a field in the issued form; empty when it has no cell."""
        return cell_of(self.office, self.person, name)


def cell_of(office: Office, person: PersonWeek, name: str) -> str:
    """The cell of a field in a person's issued form, such as `Phiếu!D8`; empty when it has no cell.

    Args:
        name: The field, with its row if it has several rows: `ev_task_name/03`.
    """
    issue = person.issue or next(iter(person.issues.values()), None)
    if issue is None:
        return ""
    field_name, _, row = name.partition("/")
    places = layout_of(office, issue.template, kind_named(issue.workbook)).get(field_name, ())
    number = int(row) - 1 if row else 0
    return f"{places[number].sheet}!{address(places[number].at)}" if number < len(places) else ""
