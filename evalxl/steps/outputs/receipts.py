"""Receipts: a text per person with what was received and when, which version counts, which cells to correct, and the next step.

Colleagues may be able to read a receipt. So it never contains a score that somebody else gave, or what somebody else wrote about the person.
The only exception is the reason why a form was sent back, which the person has to know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from evalxl.domain.evaluation.deadlines import own_deadline
from evalxl.domain.evaluation.difficulties import DifficultyLine
from evalxl.domain.evaluation.review_requests import AppealLine
from evalxl.domain.evaluation.week_view import Result, WeekView
from evalxl.domain.findings import OUR_FAULT, Finding
from evalxl.domain.history.events import ReceivedEvent
from evalxl.domain.history.history import PersonWeek
from evalxl.domain.names import code_key, on_one_line, unit_of_subject, visible
from evalxl.domain.organisation.people import Member, Organisation
from evalxl.domain.week.week_results import state_key
from evalxl.domain.weeks import shown_date, shown_moment
from evalxl.forms.kind import is_form
from evalxl.records.settings import Settings
from evalxl.words import Lang, addressed, say

MOST = 30  # findings in one receipt

# These kinds are left out of the list: the next step covers drafts, newer versions and faults of evalxl, and an unchanged form needs no text.
_TOLD_BY_WHAT_COMES_NEXT = ("form.draft", "form.newer_version", "form.unchanged", OUR_FAULT)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt is written from.

    Attributes:
        person: The person's state and files.
        row: The person's row; None for somebody who is not evaluated in the week.
        findings: The findings about the person's own files.
        due: The person's own deadline, also after a trip or a return.
        settings: Gives the contact to call.
        today: The day on which it is written. After a deadline nobody is asked to do something before it.
        acting: By step (`score`, `approve`): who decides instead of the scorer or approver, and why. Empty without a delegation.
    """

    person: PersonWeek
    row: Result | None
    name: str
    unit: str
    findings: Sequence[Finding]
    view: WeekView
    due: datetime
    settings: Settings
    lang: Lang
    today: date
    acting: Mapping[str, str] = field(default_factory=dict)

    def say(self, key: str, /, **values: object) -> str:
        return say(f"receipt.{key}", self.lang, you=addressed(self.settings.letterhead, self.lang), **values)

    def moment(self, at: datetime) -> str:
        here = at.astimezone(self.settings.zone)
        if here.time() == time():  # the end of the day before
            return self.say("end_of_day", day=shown_date((here - timedelta(days=1)).date()))
        return shown_moment(here)

    def until(self, due: datetime) -> str:
        """A deadline, with a note if it has passed."""
        return self.moment(due) + (self.say("overdue") if self.passed(due) else "")

    def by(self, due: datetime) -> str:
        """` before 17:00 …`, to append to an instruction; empty once the deadline has passed."""
        return "" if self.passed(due) else self.say("by", due=self.moment(due))

    def passed(self, due: datetime) -> bool:
        learned = self.view.recorded_at is not None and self.view.recorded_at > due
        return learned or self.today > due.astimezone(self.settings.zone).date()

    @property
    def has_form(self) -> bool:
        """Whether the receipt concerns a form. A person who only scores or approves may get one for an unreadable workbook."""
        return self.row is not None or bool(self.person.versions) or self.person.issue is not None

    @property
    def not_read(self) -> bool:
        """Whether evalxl failed to read the last form by its own fault, and no other one counts. Then nobody has anything to correct."""
        newest = self.person.newest
        return self.row is not None and self.row.state == "invalid" and newest is not None and newest.by_our_fault

    def who(self, code: str) -> str:
        return self.view.people.get(code, code)

    def decides(self, step: str, code: str) -> str:
        """Who scores or approves now: the person with this code, or who acts instead."""
        return self.acting.get(step) or self.who(code)

    def number(self, version: ReceivedEvent) -> int:
        return self.person.versions.index(version) + 1


def due_of(person: PersonWeek, member: Member | None, view: WeekView, organisation: Organisation) -> datetime:
    """The person's own deadline for the form."""
    returned = person.returned.written if person.returned is not None and person.returned.stage == "score" else None
    trip = member.trip_until if member is not None else None
    return own_deadline(view.deadlines["self"], trip, returned, view.rules.returns.working_days, organisation)


def text_of(receipt: Receipt) -> str:
    """The receipt as text, with Windows line ends."""
    return "\r\n".join(on_one_line(line) for line in _lines(receipt)) + "\r\n"


def _lines(receipt: Receipt) -> Iterator[str]:
    person, row, lang = receipt.person, receipt.row, receipt.lang
    state = say(state_key(row.state, receipt.view.rules), lang) if row is not None else receipt.say("not_evaluated")
    if receipt.not_read:
        state = say("verdict.not_read", lang)
    unit = unit_of_subject(person.code)
    if receipt.settings.trial:
        yield say("master.page.trial", lang)
    yield receipt.say("title_unit" if unit else "title", week=receipt.view.week.shown(lang))
    if unit:
        yield receipt.say("unit", code=unit, unit=receipt.unit)
    else:
        yield receipt.say("person", name=receipt.name, code=person.code, unit=receipt.unit)
    if receipt.has_form:
        yield receipt.say("state", state=state)
    yield ""
    if person.versions:
        yield receipt.say("files")
        yield from (
            f"  {number}. {_version(receipt, received)}" for number, received in enumerate(person.versions, start=1)
        )
        if person.counted is None or row is None:
            yield receipt.say("none_counts")
        else:
            yield receipt.say("counts", number=receipt.number(person.counted))
        yield ""
    if person.returned is not None and person.returned.stage == "score":
        yield receipt.say(
            "returned", by=receipt.who(person.returned.by_code), at=receipt.moment(person.returned.written)
        )
        # Lines of a quoted text are indented.
        yield from (f"  {line}" for line in person.returned.reason.splitlines())
        yield ""
    if person.voided is not None:
        yield receipt.say("voided")
        yield ""
    yield from _told(receipt)
    yield from _answered(receipt)
    yield receipt.say("next")
    yield from (f"  - {line}" for line in _next(receipt))
    if receipt.settings.contact:
        yield ""
        yield receipt.say("contact", contact=receipt.settings.contact)


def has_answers(view: WeekView, code: str) -> bool:
    """Whether the office has an answer for a person in a week, with or without a form."""
    return any(_new_answers(view, code)) or any(_own_appeals(view, code))


def _new_answers(view: WeekView, code: str) -> Iterator[DifficultyLine]:
    key = code_key(code)
    mine = (line for line in view.difficulties if code_key(line.subject) == key)
    return (line for line in mine if line.answer.week == str(view.week) and line.answer.state != "new")


def _own_appeals(view: WeekView, code: str) -> Iterator[AppealLine]:
    key = code_key(code)
    mine = (line for line in view.appeals if code_key(line.subject) == key and not line.withdrawn)
    return (line for line in mine if line.open or line.decision.week == str(view.week))


def _answered(receipt: Receipt) -> Iterator[str]:
    """The office's answers to difficulties in its own words, and the state of requests for review. Their outcome is left out, since a receipt tells no result."""
    view, code = receipt.view, receipt.person.code
    answers, appeals = list(_new_answers(view, code)), list(_own_appeals(view, code))
    for one in answers:
        said = one.answer.answer if one.answer.state == "answered" else one.answer.passed_to
        key = "difficulty_answered" if one.answer.state == "answered" else "difficulty_passed_on"
        # Where colleagues can read it, the person's own words are not repeated.
        text = on_one_line(one.text) if receipt.settings.personal_folders else "…"
        yield receipt.say(key, kind=say(f"register.{one.kind}", receipt.lang), text=text)
        yield from (f"  {line}" for line in said.splitlines())
    for asked in appeals:
        key = f"review_{asked.decision.state}"
        week, due = asked.week.shown(receipt.lang), shown_date(asked.deadline)
        yield receipt.say(key, week=week, due=due) + (receipt.say("review_late") if asked.late else "")
    if answers or appeals:
        yield ""


def _version(receipt: Receipt, received: ReceivedEvent) -> str:
    person, lang = receipt.person, receipt.lang
    shown = "not_read" if received.by_our_fault else "unreadable" if received.unreadable else received.verdict
    verdict = say(f"verdict.{shown}", lang)
    if received.verdict == "submitted" and received is not person.counted:
        verdict = receipt.say("after_scoring") if person.newer is received else say("verdict.superseded", lang)
    late = f" ({say('flag.late', lang)})" if received.late else ""
    return f"{receipt.moment(received.written)} · {visible(received.file.rpartition('/')[2])} · {verdict}{late}"


def _told(receipt: Receipt) -> Iterator[str]:
    """The findings, the gravest first. Drafts and newer versions are covered by the next step."""
    findings = [finding for finding in receipt.findings if finding.kind not in _TOLD_BY_WHAT_COMES_NEXT]
    files = {finding.file for finding in findings if finding.file}
    for level in ("error", "warning", "repair", "note"):
        lines = [_said(receipt, finding, len(files) > 1) for finding in findings if finding.level == level]
        lines = list(dict.fromkeys(lines))
        if lines:
            yield receipt.say(level)
            yield from (f"  - {line}" for line in lines[:MOST])
            if len(lines) > MOST:
                yield receipt.say("more", count=len(lines) - MOST)
            yield ""


def _said(receipt: Receipt, finding: Finding, with_file: bool) -> str:
    """A finding with its sheet, and with its file if the findings concern several files."""
    place = [receipt.say("sheet", sheet=finding.sheet)] if finding.sheet and finding.cell else []
    if with_file and finding.file:
        place.append(receipt.say("file", file=visible(finding.file.rpartition("/")[2])))
    lang, shut = receipt.lang, receipt.settings.personal_folders
    text = " ".join(part for part in (finding.message(lang, shut), finding.remedy(lang, shut)) if part)
    if not place:
        return text
    said = ", ".join(place)
    return f"{said[0].upper()}{said[1:]}: {text}"


def _next(receipt: Receipt) -> Iterator[str]:
    """The next step: who has to do what, and by when."""
    person, row, view = receipt.person, receipt.row, receipt.view
    yield from dict.fromkeys(_of_astray(receipt))
    for file in dict.fromkeys(finding.file for finding in receipt.findings if finding.kind == OUR_FAULT):
        yield receipt.say("next_not_read", file=visible(file.rpartition("/")[2]))
    if row is None:
        if receipt.has_form:
            yield receipt.say("next_not_evaluated")
        return
    by = receipt.by(receipt.due)
    newest = person.newest
    if row.state == "absent":
        yield receipt.say("next_absent")
    elif row.state == "not_submitted":
        yield receipt.say("next_conflict" if "conflict" in row.flags else "next_awaited", by=by)
    elif row.state == "draft":
        yield receipt.say("next_draft", by=by)
    elif row.state == "invalid":
        if not receipt.not_read:
            yield receipt.say("next_invalid" if _by_cells(receipt) else "next_invalid_file", by=by)
    elif row.state == "returned" and person.returned is not None:
        if person.returned.stage == "score":
            late = "_late" if receipt.passed(receipt.due) else ""
            yield receipt.say(f"next_returned{late}", due=receipt.moment(receipt.due))
        else:
            yield receipt.say("next_returned_to_scorer", who=receipt.decides("score", row.scorer))
    elif row.state == "submitted":
        yield receipt.say(
            "next_submitted" if row.is_scored else "next_submitted_only",
            who=receipt.decides("score", row.scorer),
            due=receipt.until(view.deadlines["score"]),
        )
    elif row.state in ("scored", "seen") and person.awaits_confirmation:
        yield receipt.say("next_confirmation", who=receipt.decides("score", row.scorer))
    elif row.state == "seen":
        yield receipt.say("next_seen")
    elif row.state == "scored":
        yield receipt.say(
            "next_scored", who=receipt.decides("approve", row.approver), due=receipt.until(view.deadlines["approve"])
        )
    else:
        close, days = receipt.moment(view.deadlines["close"]), view.rules.review.working_days
        yield receipt.say("next_approved", due=close, days=days)
    if row.state in ("not_submitted", "draft", "invalid") and receipt.passed(receipt.due) and not receipt.not_read:
        yield receipt.say("next_overdue")
    beside = "conflict" in row.flags and row.state != "not_submitted"
    if beside and person.counted is not None:
        yield receipt.say("next_conflict_beside", number=receipt.number(person.counted))
    if person.newer is not None and row.state != "returned":
        yield receipt.say("next_newer")
    elif not beside and person.counted is not None and newest is not None and newest is not person.counted:
        number = receipt.number(person.counted)
        if newest.verdict in ("invalid", "draft") and not newest.by_our_fault:
            yield receipt.say(f"next_{newest.verdict}_beside", number=number)
    if view.closed and row.state not in ("approved", "seen"):
        yield receipt.say("next_closed")


def _of_astray(receipt: Receipt) -> Iterator[str]:
    """What to do about files in the place of the person's own that are not theirs or cannot be read."""
    for received in receipt.person.astray.values():
        name = visible(received.file.rpartition("/")[2])
        kinds = {finding.kind: finding for finding in received.findings}
        if received.by_our_fault:
            continue
        if received.unreadable:
            form = is_form(received.workbook)
            yield receipt.say("next_unreadable" if form else "next_unreadable_book", file=name)
        elif (other := kinds.get("form.other_week")) is not None:
            yield receipt.say("next_other_week", file=name, week=other.values["week"])
        elif "form.other_office" in kinds:
            yield receipt.say("next_other_office", file=name)
        elif "form.unknown" in kinds:
            yield receipt.say("next_unknown", file=name)


def _by_cells(receipt: Receipt) -> bool:
    """Whether correcting open cells is all that has to be done."""
    errors = [finding for finding in receipt.findings if finding.level == "error"]
    return all(finding.cell and finding.kind.startswith(("score.", "form.")) for finding in errors)
