"""Which part of the organisation is in force in a week.

A row with dates is valid on its dates. If the office only overwrote a row, without a new first day, and the week's Thursday had passed, the
week keeps the row's earlier values from the ledger. So a change on Monday affects later weeks and not the week before
(settled question "unit, scorer, approver of a week").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from evalxl.domain.findings import Finding
from evalxl.domain.names import code_key, same_words
from evalxl.domain.organisation.former_codes import codes_now
from evalxl.domain.organisation.people import Organisation, Post, Unit
from evalxl.domain.weeks import Week, shown_date

_OF_UNITS = ("name", "parent", "head", "leader")
_KEPT = {f"organisation.former_{what}" for what in ("stays", "emptied", "row_stays", "row_replaced")}
_OF_PEOPLE = ("unit", "rank", "scorer", "co_scorer", "approver")
_WITH_A_MOVE = ("title", "position", "other_posts")  # corrected at once, unless unit or rank was overwritten too


@dataclass(frozen=True, slots=True)
class Kept:
    """What a week keeps of a row that was changed or removed.

    Attributes:
        sheet: `units` or `people`.
        code: The row's code, as the organisation has it now.
        column: The column's key; empty if the whole row is kept.
        before, now: The cell's earlier and present value.
        since: For a whole row that is kept: the first day of the row that replaced it.
    """

    sheet: str
    code: str
    column: str = ""
    before: str = ""
    now: str = ""
    since: date | None = None


def in_force(
    now: Organisation, before: Organisation | None, week: Week, saved_on: date, known: Collection[str] = ()
) -> tuple[Organisation, tuple[Kept, ...]]:
    """The organisation of a week.

    Args:
        now: The office's workbook as it is now.
        before: The week's organisation so far; None before anything was issued.
        saved_on: The last day on which the office can have changed the workbook.
        known: Keys of the staff codes with a workbook in the week's ledger.

    Returns:
        The organisation, and what it keeps against the workbook. Called again with its own result, it returns the same.
    """
    if before is None or before == now:
        return now, ()
    now = _under_the_codes_of(before, now, week.thursday)
    if saved_on <= week.thursday:
        return now, ()
    return _Week(now, before, week.thursday, {code_key(code) for code in known}).kept()


def say_kept(kept: Kept, week: Week) -> Finding:
    """The finding that tells the office what a week keeps, and how to change that."""
    values = {
        "code": kept.code,
        "before": kept.before,
        "now": kept.now,
        "day": shown_date(week.thursday),
        "week_vi": week.shown("vi"),
        "week_en": week.shown("en"),
        "column": f"@organisation_column.{kept.sheet}.{kept.column}",
    }
    if kept.column:
        return Finding(f"organisation.former_{'stays' if kept.now else 'emptied'}", found=kept.now, values=values)
    if kept.since is None:
        return Finding("organisation.former_row_stays", values=values)
    since = {"since": shown_date(kept.since), "until": shown_date(kept.since - timedelta(days=1))}
    return Finding("organisation.former_row_replaced", values=values | since)


def kept_of(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings that say what a week keeps."""
    return (finding for finding in findings if finding.kind in _KEPT)


def _under_the_codes_of(before: Organisation, now: Organisation, day: date) -> Organisation:
    """The organisation with the codes that people had when the week was issued, since their forms have these codes."""
    newer = codes_now(now)
    if not newer:
        return now
    on_the_day = {code_key(post.code) for post in now.posts if post.on(day)}
    known = {code_key(post.code): post.code for post in before.posts if post.on(day)}
    back = {
        code_key(new): known[old]
        for old, new in newer.items()
        if old in known and old not in on_the_day and code_key(new) not in known
    }
    return _renamed(now, back) if back else now


_STAFF = {
    "units": ("head", "leader"),
    "posts": ("code", "scorer", "co_scorer", "approver"),
    "absences": ("code",),
    "delegations": ("giver", "receiver"),
    "authorities": ("code", "scorer", "decider"),
}


def _renamed(organisation: Organisation, codes: Mapping[str, str]) -> Organisation:
    """The organisation with new staff codes. `codes` maps the key of a present code to the new code."""
    gone = {
        code_key(code) for code in codes.values()
    }  # the ended rows of the old code, which the rows of the new code replace

    def row(name: str, entry: Any) -> Any:
        changed = {
            field: codes[code_key(code)]
            for field in _STAFF[name]
            if (code := getattr(entry, field)) and code_key(code) in codes
        }
        return replace(entry, **changed) if changed else entry

    rows = {name: tuple(row(name, entry) for entry in getattr(organisation, name)) for name in _STAFF}
    rows["posts"] = tuple(
        new
        for old, new in zip(organisation.posts, rows["posts"], strict=True)
        if new is not old or code_key(old.code) not in gone
    )
    return replace(organisation, **rows)


class _Week:
    """One week whose Thursday has passed, with the present workbook and the week's organisation so far."""

    def __init__(self, now: Organisation, before: Organisation, day: date, known: Collection[str]) -> None:
        self.now, self.before, self.day, self.known = now, before, day, known
        self.told: list[Kept] = []
        self.posts = self._rows(now.posts, before.posts, _OF_PEOPLE + _WITH_A_MOVE)
        self.units = self._rows(now.units, before.units)

    def kept(self) -> tuple[Organisation, tuple[Kept, ...]]:
        posts, units = list(self.now.posts), list(self.now.units)
        for new, old in self.posts.values():
            if new is not None and old is not None and (kept := self._post(new, old)) != new:
                posts[_place(posts, new)] = kept
        for unit, was in self.units.values():
            if unit is not None and was is not None and (one := self._unit(unit, was)) != unit:
                units[_place(units, unit)] = one
        posts, units = self._rows_gone(posts, units)
        return replace(self.now, posts=tuple(posts), units=tuple(units)), tuple(self.told)

    def _rows(
        self, now: Iterable[Any], before: Iterable[Any], fields: tuple[str, ...] = ()
    ) -> dict[str, tuple[Any, Any]]:
        """By code, the rows in force on the week's Thursday: the present one and the earlier one.

        The present row is None if it was removed, or if only a later row replaces it. A person whose first day alone was changed has not
        joined yet. For a unit the earlier row stays valid as long as the week has people in it.
        """
        rows: dict[str, list[Any]] = defaultdict(list)
        for row in now:
            rows[row.code].append(row)
        found: dict[str, tuple[Any, Any]] = {
            code: (one, None) for code, several in rows.items() if (one := _on(several, self.day)) is not None
        }
        were: dict[str, list[Any]] = defaultdict(list)
        for row in before:
            were[row.code].append(row)
        for code, several in were.items():
            old = _on(several, self.day)
            if old is None:
                continue
            if code in found:
                found[code] = (found[code][0], old)
            elif code not in rows or _took_its_place(rows[code], old, self.day, fields):
                found[code] = (None, old)
        return found

    def _post(self, new: Post, old: Post) -> Post:
        """A person's row. A person who was moved without a date stays in the earlier unit."""
        if new.first != old.first:
            return new
        changed = self._changed("people", new, old, _OF_PEOPLE)
        if "unit" in changed or "rank" in changed:
            changed |= self._changed("people", new, old, _WITH_A_MOVE, tell=False)
        return replace(new, **changed) if changed else new

    def _unit(self, new: Unit, old: Unit) -> Unit:
        changed = self._changed("units", new, old, _OF_UNITS) if new.first == old.first else {}
        return replace(new, **changed) if changed else new

    def _changed(self, sheet: str, new: Any, old: Any, fields: Iterable[str], tell: bool = True) -> dict[str, Any]:
        """The earlier values of overwritten cells. A cell that was empty before takes its new value at once."""
        found: dict[str, Any] = {}
        for field in fields:
            was, now = getattr(old, field), getattr(new, field)
            if not was or was == now or (field == "name" and same_words(was, now)) or not self._still_holds(field, was):
                continue
            found[field] = was
            if tell:
                self.told.append(Kept(sheet, new.code, field, was, now))
        return found

    def _still_holds(self, field: str, code: str) -> bool:
        """Whether the earlier value is still usable. A person without a post on the Thursday, by the office's dates, cannot score or approve in the week."""
        if field in ("head", "leader", "scorer", "co_scorer", "approver"):
            return code in self.posts
        if field in ("unit", "parent"):
            return code in self.units
        return True

    def _rows_gone(self, posts: list[Post], units: list[Unit]) -> tuple[list[Post], list[Unit]]:
        """Add removed rows that the week needs: people with workbooks in it, people who decide in it, and their units."""
        here = [post for post in posts if post.on(self.day)]
        missing = {code: old for code, (new, old) in self.posts.items() if new is None}
        asked = {code for code in missing if code_key(code) in self.known}
        asked |= {code for unit in units if unit.on(self.day) for code in (unit.head, unit.leader) if code in missing}
        asked |= {code for post in here for code in _named(post) if code in missing}
        lost = {code: old for code, (new, old) in self.units.items() if new is None}
        wanted = {post.unit for post in (*here, *(missing[code] for code in asked))}
        wanted |= {unit.parent for unit in units if unit.on(self.day)}
        while above := {lost[code].parent for code in wanted if code in lost} - wanted:
            wanted |= above
        for code in [code for code in lost if code in wanted]:
            asked |= {who for who in (lost[code].head, lost[code].leader) if who in missing}
        while more := {who for code in asked for who in _named(missing[code]) if who in missing} - asked:
            asked |= more
        for code in sorted(asked):
            posts.append(self._gone("people", missing[code], self.now.posts))
        for code in [code for code in lost if code in wanted]:
            units.append(self._gone("units", lost[code], self.now.units))
        return posts, units

    def _gone(self, sheet: str, old: Any, rows: Iterable[Any]) -> Any:
        since = min((row.first for row in rows if row.code == old.code), default=None)
        self.told.append(Kept(sheet, old.code, since=since))
        return old if since is None else replace(old, last=min(old.last, since - timedelta(days=1)))


def _named(post: Post) -> tuple[str, ...]:
    return post.scorer, post.co_scorer, post.approver


def _on(rows: Iterable[Any], day: date) -> Any:
    return next((row for row in rows if row.on(day)), None)


def _took_its_place(rows: Iterable[Any], old: Any, day: date, fields: Iterable[str]) -> bool:
    """Whether rows that begin later replaced the one in force. If there are fields to compare, they must differ."""
    rows = list(rows)
    differs = not fields or any(getattr(row, field) != getattr(old, field) for row in rows for field in fields)
    return differs and all(row.first > day for row in rows)


def _place(rows: list[Any], wanted: Any) -> int:
    return next(number for number, row in enumerate(rows) if row is wanted)
