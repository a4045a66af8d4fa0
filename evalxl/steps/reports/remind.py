"""Reminders: what each person still has to do for a week, as polite texts for a chat, and as mail drafts. Nothing is sent.

A person's text tells what that person has to do and nobody's score. A unit's text names who is awaited, as the list *Chưa hoàn tất* does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cached_property
from pathlib import Path

from evalxl.domain.evaluation.week_view import Missing, Result, WeekView
from evalxl.domain.names import code_key, shown_code, visible
from evalxl.domain.weeks import Week, spoken_moment
from evalxl.records.new_folder import require_new, text_file
from evalxl.records.publish import OURS_ALONE, publish
from evalxl.steps.office.office import Office
from evalxl.steps.reports.status import status
from evalxl.words import Lang, addressed, catalogue, say

_MOST_NAMES = 12  # in one line; a chat shows no more at a glance
STEPS = ("self", "score", "approve")


@dataclass(frozen=True, slots=True)
class Reminder:
    """What one person still has to do.

    Attributes:
        email: The address of the organisation workbook; empty where it has none.
        text: The whole message.
    """

    code: str
    name: str
    unit: str
    email: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class UnitReminder:
    """Who is awaited in a unit."""

    unit: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Reminded:
    """The reminders of a week.

    Attributes:
        folder: Where they were written to; None where they are only shown.
        closed: The week is closed, so nobody has anything to do.
    """

    week: Week
    units: tuple[UnitReminder, ...]
    people: tuple[Reminder, ...]
    folder: Path | None = None
    closed: bool = False

    @property
    def without_email(self) -> int:
        return sum(not reminder.email for reminder in self.people)


def remind(office: Office, week: Week, now: datetime, folder: Path | None = None) -> Reminded:
    """The reminders of a week.

    Args:
        now: Decides which deadlines are over.
        folder: Where texts and mail drafts are written; it may be missing or empty.

    Raises:
        NotIssuedError, LedgerBehindError: nothing was issued for the week.
        FolderInUseError: the folder holds other files.
        CannotWriteError: the folder cannot be written.
    """
    view = status(office, week, now.date()).view
    if view is None or view.closed:  # a week without a working day, or one that takes nothing in any more
        return Reminded(week, (), (), folder, closed=view is not None)
    texts = _Texts(office, view, now)
    reminded = Reminded(week, tuple(texts.of_units()), tuple(texts.of_people()), folder)
    if folder is not None:
        _write(reminded, folder)
    return reminded


@dataclass(frozen=True)
class _Texts:
    """The words of a week's reminders, in the office's language."""

    office: Office
    view: WeekView
    now: datetime

    @property
    def lang(self) -> Lang:
        return self.office.lang

    def say(self, key: str, /, **values: object) -> str:
        return say(f"remind.{key}", self.lang, **values)

    @property
    def sender(self) -> str:
        return self.view.office or self.say("office")

    @cached_property
    def workbooks(self) -> dict[tuple[str, str], str]:
        """By kind and owner: the path of a manager's or approver's workbook, as it was last issued."""
        books = self.office.history.week(self.view.week).books.values()
        return {(book.workbook, code_key(book.owner)): book.issue.path for book in books if book.issue is not None}

    @cached_property
    def rows(self) -> dict[str, Result]:
        return {row.code: row for row in (*self.view.results, *self.view.unit_results)}

    def of_people(self) -> Iterator[Reminder]:
        """A text for everybody who has to act, in the order of the organisation."""
        waiting: dict[str, list[Missing]] = {}
        for missing in self.view.missing:
            if missing.waits_for and missing.reason not in _OURS:
                waiting.setdefault(missing.waits_for, []).append(missing)
        organisation = self.office.organisation_of(self.view.week)
        assert organisation is not None
        posts = {code: organisation.post_on(code, self.view.week.thursday) for code in waiting}
        subject = self.say("subject", week=self.view.week.shown(self.lang))
        for code, missing_of in waiting.items():
            post = posts[code]
            name = self.view.people.get(code, shown_code(code))
            yield Reminder(
                code,
                name,
                post.unit if post else "",
                _address(post.email) if post else "",
                subject,
                self._text(name, list(self._lines(missing_of))),
            )

    def _text(self, name: str, lines: Sequence[str]) -> str:
        party = "_party" if self.view.letterhead == "party" else ""
        intro = self.say(
            "intro",
            office=self.sender,
            you=addressed(self.view.letterhead, self.lang),
            week=self.view.week.shown(self.lang),
        )
        contact = self.office.settings.contact
        closing = [self.say("thanks"), *([self.say("contact", contact=contact)] if contact else [])]
        return "\n".join([self.say(f"to{party}", name=visible(name)), "", intro, *lines, "", *closing])

    def _lines(self, waiting: Sequence[Missing]) -> Iterator[str]:
        """What one person has to do, step by step: the own form, then the rows of others."""
        for missing in waiting:
            if missing.step == "self":
                reason = missing.reason.rpartition(".")[2]
                key = f"self.{reason}"
                what = self.say(key) if f"remind.{key}" in catalogue() else say(missing.reason, self.lang)
                yield self._line(what, self._deadline(missing))
                yield from self._file(self.rows[missing.code].form if missing.code in self.rows else "")
        for step in ("score", "approve"):
            rows = [missing for missing in waiting if missing.step == step]
            if not rows:
                continue
            key = step if step == "approve" or self.view.rules.parts else "seen"
            what = self.say(f"others.{key}", count=len(rows), names=self._names([missing.code for missing in rows]))
            yield self._line(what, min(self._deadline(missing) for missing in rows))
            workbook = self.workbooks.get(("scoring" if step == "score" else "approval", code_key(rows[0].waits_for)))
            yield from self._file(workbook or "")

    def _file(self, path: str) -> Iterator[str]:
        """The workbook in which one types, as a path on its share."""
        if path:
            yield self.say("file", file=visible(path.partition("}/")[2] or path))

    def _line(self, what: str, deadline: datetime) -> str:
        return self.say(
            "line_over" if self.now > deadline else "line", what=what, deadline=spoken_moment(deadline, self.lang)
        )

    def _deadline(self, missing: Missing) -> datetime:
        return missing.deadline or self.view.deadlines[missing.step]

    def _names(self, codes: Sequence[str]) -> str:
        names = [visible(self.view.people.get(code, shown_code(code))) for code in dict.fromkeys(codes)]
        shown = ", ".join(names[:_MOST_NAMES])
        left = len(names) - _MOST_NAMES
        return shown if left <= 0 else self.say("others.more", names=shown, count=left)

    def of_units(self) -> Iterator[UnitReminder]:
        """A text for every unit with somebody who is awaited."""
        units = dict(self.view.units)
        for row in self.view.unit_results:
            units.setdefault(row.unit, row.unit_name)
        for unit, name in units.items():
            of_unit = [
                missing
                for missing in self.view.missing
                if missing.code in self.rows and self.rows[missing.code].unit == unit
            ]
            lines = [line for step in STEPS for line in self._unit_line(step, of_unit)]
            if lines:
                intro = self.say("intro_unit", office=self.sender, week=self.view.week.shown(self.lang))
                head = self.say("to_unit", unit=visible(name))
                closing = [self.say("thanks"), self.say("private")]
                yield UnitReminder(unit, name, "\n".join([head, "", intro, *lines, "", *closing]))

    def _unit_line(self, step: str, of_unit: Sequence[Missing]) -> Iterator[str]:
        rows = [missing for missing in of_unit if missing.step == step]
        if rows:
            who = [missing.code if step == "self" else missing.waits_for for missing in rows]
            deadline = spoken_moment(self.view.deadlines[step], self.lang)
            yield self.say(f"unit.{step}", count=len(rows), names=self._names(who), deadline=deadline)


# Nobody can be reminded of these: the program itself failed to read the file.
_OURS = frozenset({"missing.form_not_read", "missing.scoring_not_read", "missing.approval_not_read"})


def _write(reminded: Reminded, folder: Path) -> None:
    """One text per unit and per person, and a mail draft for everybody with an address."""
    require_new(folder)
    for unit in reminded.units:
        publish(folder / "units" / f"{reminded.week}_{unit.unit}.txt", text_file(unit.text), OURS_ALONE)
    for person in reminded.people:
        name = f"{reminded.week}_{person.code}"
        publish(folder / "people" / f"{name}.txt", text_file(person.text), OURS_ALONE)
        if person.email:
            publish(folder / "mail" / f"{name}.eml", draft(person), OURS_ALONE)


def _address(text: str) -> str:
    """A mail address as a draft can have it; empty for what is none."""
    try:
        return Address(addr_spec=text.strip()).addr_spec if text.strip() else ""
    except (ValueError, IndexError, HeaderParseError):
        return ""


def draft(person: Reminder) -> bytes:
    """A mail that a mail program opens as a draft: nobody has sent it, and it has no sender."""
    message = EmailMessage(policy=SMTP)
    message["To"] = Address(display_name=visible(person.name), addr_spec=person.email)
    message["Subject"] = person.subject
    message["X-Unsent"] = "1"  # Outlook opens it for editing
    message.set_content(person.text)
    return message.as_bytes()
