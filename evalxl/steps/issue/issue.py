"""Issuing the forms of a week, and withdrawing forms issued by mistake."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from evalxl.domain.errors import EvalxlError
from evalxl.domain.findings import Finding
from evalxl.domain.history.events import WithdrawnEvent
from evalxl.domain.history.history import Event, PersonWeek, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.organisation.authority import lacking_of_units
from evalxl.domain.organisation.former_codes import other_codes
from evalxl.domain.organisation.in_force import kept_of
from evalxl.domain.organisation.people import Member
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.versions.returned_workbooks import Issue
from evalxl.domain.week.week_results import reporting
from evalxl.domain.weeks import Week
from evalxl.records.archive import digest_of
from evalxl.records.arrivals import LARGEST, read_once
from evalxl.records.publish import publish_all, remove, sweep
from evalxl.steps.issue.adopt_forms import adopt_forms
from evalxl.steps.issue.drafts import FormDraft, beside_taken, draft_of
from evalxl.steps.issue.form_values import prefilled, recurring_tasks
from evalxl.steps.issue.fresh_form import fresh_form, lies_elsewhere
from evalxl.steps.issue.issuing import SECONDS_A_FORM, Outgoing, same_content
from evalxl.steps.office.capacity import left_out, not_offered
from evalxl.steps.office.office import (
    Batch,
    Clock,
    Office,
    rulebook_text,
    settle_week,
)
from evalxl.steps.office.open_weeks import require_open
from evalxl.steps.office.person_codes import codes_of
from evalxl.steps.office.progress import Progress, report_or_stop, unwatched
from evalxl.steps.office.week_organisation import organisation_for
from evalxl.steps.office.write_session import at_work, mark_shares, require_clock


class NothingToWithdrawError(EvalxlError):
    """Somebody has already filled the form, so it is not withdrawn."""

    key = "slip.already_came_back"


class FormBusyError(EvalxlError):
    """A form cannot be read now, so it is unknown whether somebody has filled it."""

    key = "slip.form_busy"


class NoSuchPersonError(EvalxlError):
    """Nothing was issued to this staff code."""

    key = "slip.no_such_person"


@dataclass(slots=True)
class IssuedForms:
    """What issuing did.

    Attributes:
        written: Files written now: new forms, and forms that were missing.
        renewed: Unfilled forms that were replaced because tasks were given since.
        kept: The number of forms that were already there.
        adopted: Paths, as in the ledger, of adopted forms that a lost ledger had issued.
        holiday: Whether the week has no working day, so that nothing is issued.
    """

    week: Week
    written: list[Path] = field(default_factory=list)
    renewed: list[Path] = field(default_factory=list)
    kept: int = 0
    absent: int = 0
    holiday: bool = False
    adopted: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def issue(office: Office, week: Week, clock: Clock, progress: Progress | None = None) -> IssuedForms:
    """Write the forms of a week.

    Issuing again writes missing forms and adds newly given tasks to unfilled forms. A filled form is never overwritten.

    Args:
        progress: Receives the progress. It can stop the step until the forms are recorded.

    Raises:
        EvalxlError: the week is closed, the organisation has errors, a share is missing or read-only, or somebody is at work.
    """
    with at_work(office, clock):
        return _issue(office, week, clock, progress or unwatched)


def _issue(office: Office, week: Week, clock: Clock, progress: Progress) -> IssuedForms:
    require_open(office, week)
    rules = office.rules_of(week)
    whole, slips = organisation_for(office, week, rules, clock.now.astimezone(office.settings.zone).date())
    organisation = whole.on(week.thursday)
    roster = office.roster_of(week, organisation, rules)
    outcome = IssuedForms(week, findings=[finding for finding in slips if finding.level != "note"])
    outcome.findings += kept_of(slips)
    if not roster.working_days:
        outcome.holiday = True
        return outcome
    require_clock(office, week, clock.now)
    people = _due(office, week, roster.members)
    outcome.absent = len(roster.members) - len(people)
    units = roster.collectives if office.settings.unit_reports else ()
    due = (*people, *sorted(_due(office, week, units), key=lambda unit: unit.unit))
    report_or_stop(progress, "preparing", 0, len(due))
    mark_shares(office)
    batch = Batch(office, clock)
    settle_week(batch, week, rules, _rules_text(office, rules, week), whole)
    batch.write(str(week))
    outgoing = Outgoing(office, week, rules)
    files: list[tuple[Path, bytes]] = []
    places: dict[str, Path] = {}
    recurring = recurring_tasks(organisation, week, people)
    codes = [member.code for member in due]
    prefilling = prefilled(office.history, week, codes, other_codes(organisation), recurring)
    draft = partial(draft_of, office, organisation, rules, week, prefilling)
    adopted = adopt_forms(batch, outgoing, {code_key(member.code): member for member in due}, draft)
    outcome.adopted += adopted.files
    outcome.findings += adopted.findings
    batch.write(str(week))

    def letters() -> Iterator[Event]:
        for number, member in enumerate(due, start=1):
            report_or_stop(progress, "preparing", number, len(due))
            letter, path, data = _form(office, outgoing, draft(member), member, outcome, adopted.codes)
            if letter is not None:
                places[letter["form_id"]] = path
                yield letter
            elif data is not None:
                files.append((path, data))

    for event, data in outgoing.issue_all(batch, letters(), SECONDS_A_FORM):
        files.append((places[event["form_id"]], data))
    outcome.findings += lacking_of_units(units)
    members = (*roster.members, *reporting(office.history.week(week), roster))
    outcome.findings += left_out(office.folder, office.lang, members)
    tasks = organisation.tasks_on(week.thursday)
    outcome.findings += not_offered(office.folder, office.lang, office.settings.unit_reports, tasks, rules)
    batch.write(str(week))
    publish_all(_told(files, progress), office.keeper, leave=True)
    return outcome


def _due(office: Office, week: Week, members: Iterable[Member]) -> list[Member]:
    """The people who get a form: those who are not absent, or already have one."""
    week_history = office.history.week(week)
    return [member for member in members if not member.absence or week_history.person(member.code).issue is not None]


def _told(files: Sequence[tuple[Path, bytes]], progress: Progress) -> Iterator[tuple[Path, bytes]]:
    """The files, with a progress report before each."""
    for number, file in enumerate(files):
        progress("writing", number, len(files))
        yield file


def _rules_text(office: Office, rules: RuleBook, week: Week) -> bytes:
    week_history = office.history.week(week)
    return office.archive.get(week_history.rulebook) if week_history.issues() else rulebook_text(office, rules)


def _form(
    office: Office, outgoing: Outgoing, draft: FormDraft, member: Member, outcome: IssuedForms, adopted: Collection[str]
) -> tuple[Event | None, Path, bytes | None]:
    """The form of a person or unit: the event to record if it is issued now, its path, and its bytes if a recorded form is missing.
    Neither event nor bytes if the form stays as it is.
    """
    week, path = outgoing.week, draft.path
    assert isinstance(week, Week)
    person = office.history.week(week).person(member.code)
    if draft.left_out:
        outcome.findings.append(Finding("issue.too_many_tasks", code=member.code, values={"count": draft.left_out}))
    last = person.issue
    if code_key(member.code) in adopted:
        outcome.kept += 1
        return None, path, None
    if last is not None:
        path = office.absolute(last.path) if office.absolute(last.path).exists() else path
        sweep(path.parent, office.keeper)  # also when nothing is written this time
        state = _state_of(office, office.history.week(week), person, last)
        if state in ("filled", "unread"):
            outcome.kept += 1
            return None, path, None
        same = same_content(last, draft.values, outgoing.template_of(draft.kind, draft.values))
        if state == "untouched" and (same or last.keeps or not _is_out_of_date(last, draft.values)):
            outcome.kept += 1
            return None, path, None
        event = office.event_of(last)
        fresh = fresh_form(office, person, office.relative(path)) if state == "missing" else None
        if fresh is not None and fresh["kept"] != event.get("kept"):
            outcome.written.append(path)
            return fresh, path, None
        if state == "missing" and (same or last.keeps) and (data := outgoing.again(event)) is not None:
            outcome.written.append(path)
            return None, path, data
    elif not _is_free(person, path):
        # A file that the ledger does not know is at the place. It stays, and the form goes beside it.
        taken, path = path, beside_taken(path)
        outcome.findings.append(
            Finding("issue.place_taken", code=member.code, file=office.relative(taken), values={"fresh": path.name})
        )
    letter = draft.letter(outgoing, path)
    (outcome.written if last is None else outcome.renewed).append(path)
    return letter, path, None


def _is_free(person: PersonWeek, path: Path) -> bool:
    """Whether a form may be written to a path: nothing is there, or an untouched form that was withdrawn."""
    arrival = read_once(path, LARGEST)
    if arrival is None:
        return True
    return not arrival.obstacle and digest_of(arrival.data) in {issue.sha256 for issue in person.issues.values()}


def _is_out_of_date(last: Issue, values: Mapping[str, object]) -> bool:
    """Whether tasks were added since a form was issued, or somebody else scores or approves, as after a delegation.

    Other changes of the organisation do not change an issued form.
    """
    if any(last.values.get(name, "") != values.get(name, "") for name in ("ev_scorer_name", "ev_approver_name")):
        return True
    before = {str(name) for name in last.values.get("ev_task_name", ())}
    now = values.get("ev_task_name", [])
    return isinstance(now, list) and any(str(name) not in before for name in now)


def _state_of(office: Office, week_history: WeekHistory, person: PersonWeek, last: Issue) -> str:
    """Whether an issued form is `missing`, `untouched`, `unread` (it cannot be read now), or `filled` (changed on disk, or moved).

    It is also missing if an earlier issue is at its place, untouched. Then an interrupted run recorded it and did not write it.
    """
    arrival = read_once(office.absolute(last.path), LARGEST)
    came = _came_back(person)
    if arrival is None:
        return "filled" if came and lies_elsewhere(office, week_history, person) else "missing"
    if arrival.obstacle:
        return "unread"
    digest = digest_of(arrival.data)
    if digest == last.sha256:
        return "untouched"
    return "missing" if not came and any(digest == issue.sha256 for issue in person.issues.values()) else "filled"


def _came_back(person: PersonWeek) -> bool:
    """Whether a form came back in any state, wherever it is now."""
    return any(version.form_id in person.issues for version in person.versions)


# Withdrawing


@dataclass(slots=True)
class Withdrawn:
    """What withdrawing did: the removed files, and the people whose forms stay because they have been filled."""

    week: Week
    taken: list[Path] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def withdraw(office: Office, week: Week, code: str | None, clock: Clock) -> Withdrawn:
    """Withdraw forms that have not come back.

    Raises:
        NotIssuedError, WeekClosedError: there is nothing to withdraw.
        NoSuchPersonError, NothingToWithdrawError: the named form was not issued, or somebody has filled it.
        FormBusyError: a form cannot be read now, so nothing was withdrawn.
    """
    with at_work(office, clock, week):
        week_history = office.history.week(week)
        require_open(office, week)
        done = Withdrawn(week, taken=_left_lying(office, week_history, code))
        people = [person for person in week_history.people.values() if person.issue is not None]
        if not people and not done.taken:
            raise office.not_issued(week)
        if code is not None:
            code = next((one for one in (code, *codes_of(office, code)) if code_key(one) in week_history.people), code)
            people = [person for person in people if person is week_history.people.get(code_key(code))]
            if not people and not done.taken:
                raise NoSuchPersonError(code=code, week=week)
        batch = Batch(office, clock)
        for person in people:
            last = person.issue
            assert last is not None
            path = office.absolute(last.path)
            state = _state_of(office, week_history, person, last)
            if state == "unread":
                raise FormBusyError(code=person.code, week=week)
            if state == "filled" or _came_back(person) or person.score is not None:
                done.kept.append(person.code)
                continue
            for form in [issue for issue in person.issues.values() if not issue.withdrawn]:
                batch.add(WithdrawnEvent(form_id=form.form_id, subject=person.code), week)
            done.taken.append(path)
        if code is not None and not done.taken:
            raise NothingToWithdrawError(code=code, week=week)
        batch.write(str(week))
        for path in done.taken:
            remove(path, office.keeper)
        return done


def _left_lying(office: Office, week_history: WeekHistory, code: str | None) -> list[Path]:
    """Forms that an interrupted run recorded as withdrawn but did not remove."""
    return [
        path
        for person in week_history.people.values()
        if person.issue is None and (code is None or person is week_history.people.get(code_key(code)))
        for issue in person.issues.values()
        if (path := office.absolute(issue.path)).is_file() and digest_of(path.read_bytes()) == issue.sha256
    ]
