"""Follow-ups: what the office does about a warning of the two-week rule, until it is done.

One follow-up is one person and one pair of weeks, known by the second of them. It is opened by the week in which the warning arose, is written
into by the office week after week, and is carried from register to register, across year ends and moves between units, until the office
closes it. A watch obliges nobody: it becomes a follow-up only if the office writes something about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from evalxl.domain.evaluation.row_requirements import Need
from evalxl.domain.evaluation.week_view import Warning
from evalxl.domain.names import code_key
from evalxl.domain.typed_rows import FollowUpEntry
from evalxl.domain.weeks import Week


@dataclass(slots=True)
class FollowUp:
    """One person and one pair of weeks.

    Attributes:
        warning: The rule's result as it was opened, or as it was after its weeks were scored again.
        unit: Where the person was then.
        dropped: The rule does not say so any more, since a week was scored again.
        entries: What was booked, in order.
    """

    warning: Warning
    unit: str = ""
    seq: int = 0
    dropped: bool = False
    entries: list[FollowUpEntry] = field(default_factory=list)

    @property
    def key(self) -> str:
        return key_of(self.warning)

    def by(self, week: Week) -> FollowUpEntry:
        """What the register said by the end of a week, whatever was written later."""
        return next(
            (entry for entry in reversed(self.entries) if entry.week and entry.week <= str(week)), FollowUpEntry()
        )

    @property
    def talk_is_due(self) -> bool:
        return self.warning.kind == "warning" and not self.dropped

    def closed_before(self, week: Week) -> bool:
        """Whether it was done in an earlier week: then it is carried no further. In the week itself it can still be corrected."""
        last = self.entries[-1] if self.entries else FollowUpEntry()
        return last.state == "done" and "" < last.week < str(week)

    def stands_in(self, week: Week) -> bool:
        """Whether it belongs into the register of a week."""
        if self.warning.second_week > week or self.closed_before(week):
            return False
        return self.talk_is_due or bool(self.entries)


def key_of(warning: Warning) -> str:
    """What a follow-up is known by, in the ledger and in the register: `VP-0007/2025-W24`."""
    return f"{warning.code}/{warning.second_week}"


def is_overdue(entry: FollowUpEntry, today: date) -> bool:
    """Whether the agreed measures are past their deadline and not done."""
    return entry.state != "done" and entry.deadline is not None and entry.deadline < today


def needs(entry: FollowUpEntry, talk_is_due: bool, today: date) -> Iterator[Need]:
    """What keeps a typed row from being booked.

    A planned talk has a date; a talk that took place has a date that is past, who took part, what was agreed and until when; what is done has an
    outcome, and, where the rule asks for a talk, the talk.

    Args:
        entry: The row as typed.
        talk_is_due: Whether the rule asks for a talk: not over a watch, and not where the evidence fell away.
        today: The day of the run.
    """
    talked = entry.state == "talked" or (entry.state == "done" and talk_is_due)
    if entry.talk_date is None and (talked or entry.state == "planned"):
        yield Need("follow_up.talk_date_missing", "ev_follow_talk_date")
    if entry.talk_date is not None and talked and entry.talk_date > today:
        yield Need("follow_up.talk_to_come", "ev_follow_talk_date")
    if talked and not entry.took_part:
        yield Need("follow_up.took_part_missing", "ev_follow_took_part")
    if entry.state == "talked" and not entry.measures:
        yield Need("follow_up.measures_missing", "ev_follow_measures")
    if entry.state == "talked" and entry.deadline is None:
        yield Need("follow_up.deadline_missing", "ev_follow_deadline")
    if entry.deadline is not None and entry.talk_date is not None and entry.deadline < entry.talk_date:
        yield Need("follow_up.deadline_before_talk", "ev_follow_deadline")
    if entry.state == "done" and not entry.outcome:
        yield Need("follow_up.outcome_missing", "ev_follow_outcome")


def is_left_new(entry: FollowUpEntry, today: date) -> bool:
    """Whether a talk is described, and its state is left at *Mới*: the row would go on as one about which nothing was done."""
    talked = entry.talk_date is not None and entry.talk_date <= today
    return entry.state == "new" and bool(talked or entry.took_part or entry.measures or entry.outcome)


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """One row of a week's register."""

    warning: Warning
    entry: FollowUpEntry
    unit: str = ""
    dropped: bool = False
    carried: bool = False
    overdue: bool = False


def lines_of(
    follow_ups: Mapping[str, FollowUp],
    warnings: Sequence[Warning],
    week: Week,
    today: date,
    as_of: Week | None = None,
    touched: Iterable[str] = (),
) -> list[FollowUpLine]:
    """The register of a week, overdue ones on top, those that are done at the end; watches of the week itself after the talks.

    A watch adds no row for somebody with whom a talk is due or under way.

    Args:
        follow_ups: Every follow-up that the ledger knows, by key.
        warnings: What the rule says of the week.
        today: Decides what is overdue.
        as_of: Leave out what was written in the registers of later weeks; None for the latest.
        touched: Keys of rows in which something was typed that is not booked yet: they are never dropped.
    """
    keys, now = set(touched), {code_key(key_of(warning)): warning for warning in warnings}
    lines = []
    for key, known in follow_ups.items():
        if known.stands_in(week) or (
            key in keys and known.warning.second_week <= week and not known.closed_before(week)
        ):
            entry = known.by(as_of) if as_of else (known.entries[-1] if known.entries else FollowUpEntry())
            live = now.get(code_key(known.key))
            lines.append(
                FollowUpLine(
                    live or known.warning,
                    entry,
                    known.unit,
                    dropped=known.dropped and live is None,
                    carried=known.warning.second_week < week,
                    overdue=is_overdue(entry, today),
                )
            )
    shown = {code_key(key_of(line.warning)) for line in lines}
    spoken_with = {code_key(line.warning.code) for line in lines}
    for key, warning in now.items():
        known_one = follow_ups.get(key)
        if key in shown or warning.second_week != week or (known_one and known_one.closed_before(week)):
            continue
        if warning.kind == "warning" or code_key(warning.code) not in spoken_with:
            lines.append(FollowUpLine(warning, FollowUpEntry()))
    return sorted(lines, key=_order)


def _order(line: FollowUpLine) -> tuple[bool, bool, bool, Week]:
    return (not line.overdue, line.entry.state == "done", line.warning.kind != "warning", line.warning.second_week)


def with_states(
    follow_ups: Mapping[str, FollowUp], warnings: Sequence[Warning], week: Week, today: date
) -> tuple[Warning, ...]:
    """The warnings of a week with the state and the deadline of their follow-ups, as they stood by that week."""
    found = []
    for warning in warnings:
        known = follow_ups.get(code_key(key_of(warning)))
        entry = known.by(week) if known else FollowUpEntry()
        found.append(replace(warning, state=entry.state, deadline=entry.deadline, overdue=is_overdue(entry, today)))
    return tuple(found)


def carried(
    follow_ups: Mapping[str, FollowUp], warnings: Sequence[Warning], week: Week, today: date
) -> tuple[Warning, ...]:
    """The open follow-ups of earlier weeks that a week's own warnings do not speak of, overdue ones first."""
    spoken = {code_key(key_of(warning)) for warning in warnings}
    return tuple(
        replace(line.warning, state=line.entry.state, deadline=line.entry.deadline, overdue=line.overdue, carried=True)
        for line in lines_of(follow_ups, (), week, today, as_of=week)
        if line.entry.state != "done" and code_key(key_of(line.warning)) not in spoken
    )
