"""Shows the results of a week's steps: issuing, consolidating, status, explaining, exporting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evalxl.cli.log import log_path
from evalxl.cli.show import (
    finding_lines,
    finding_record,
    lines,
    next_steps,
    origin_line,
    origin_record,
    record,
    sum_of,
    waits,
)
from evalxl.domain.evaluation.scoring import Scores, shown
from evalxl.domain.evaluation.week_view import WeekView
from evalxl.domain.findings import OUR_FAULT
from evalxl.domain.names import shown_code, visible
from evalxl.domain.week.week_counts import Counts, counts_of
from evalxl.domain.week.week_results import state_key
from evalxl.domain.weeks import shown_date, shown_moment
from evalxl.steps.consolidate import Consolidated
from evalxl.steps.issue.issue import IssuedForms, Withdrawn
from evalxl.steps.outputs.hand_out import HandedOut, SentBack
from evalxl.steps.outputs.signed_pages import Resolved, ResultSheet
from evalxl.steps.reports.export import Exported
from evalxl.steps.reports.remind import Reminded
from evalxl.steps.reports.status import OfficeStatus
from evalxl.steps.views.explain import Explained
from evalxl.steps.views.explain_finding import ExplainedFinding
from evalxl.words import Lang, as_read, say


@lines.register
def _(value: IssuedForms, lang: Lang) -> Iterator[str]:
    if value.holiday:
        yield say("command.holiday", lang, week=value.week.shown(lang))
        return
    yield say(
        "command.issued",
        lang,
        week=value.week.shown(lang),
        written=len(value.written),
        renewed=len(value.renewed),
        kept=value.kept,
        absent=value.absent,
    )
    if value.adopted:
        yield say("command.adopted", lang, count=len(value.adopted), name=str(value.week))
    yield from finding_lines(value.findings, lang)


@record.register
def _(value: IssuedForms, lang: Lang) -> dict[str, Any]:
    return {
        "week": str(value.week),
        "holiday": value.holiday,
        "written": [str(path) for path in value.written],
        "renewed": [str(path) for path in value.renewed],
        "kept": value.kept,
        "absent": value.absent,
        "adopted": value.adopted,
        "findings": [finding_record(finding, lang) for finding in value.findings],
    }


@lines.register
def _(value: Withdrawn, lang: Lang) -> Iterator[str]:
    yield say("command.withdrawn", lang, week=value.week.shown(lang), taken=len(value.taken), kept=len(value.kept))
    if value.kept:
        yield say("command.withdrawn_kept", lang, codes=", ".join(value.kept))


@record.register
def _(value: Withdrawn, lang: Lang) -> dict[str, Any]:
    return {"week": str(value.week), "taken": [str(path) for path in value.taken], "kept": value.kept}


@lines.register
def _(value: Consolidated, lang: Lang) -> Iterator[str]:
    done, verdicts = value.collected, sorted(value.collected.counts.items())
    counts = "; ".join(f"{say(f'verdict.{verdict}', lang)}: {count}" for verdict, count in verdicts)
    yield say("command.consolidated", lang, week=done.week.shown(lang), counts=counts or "0")
    yield say("command.files_counted", lang, **done.files.as_record())
    yield counted(counts_of(value.view.results), lang, bool(value.view.rules.parts))
    yield from finding_lines(value.findings, lang)
    if any(finding.kind == OUR_FAULT for finding in value.findings):
        yield say("command.log_of_not_read", lang, log=log_path())
    yield from waits(value.masters, lang)
    yield say("command.masters", lang, count=len(value.masters), file=value.masters[0].path)


@record.register
def _(value: Consolidated, lang: Lang) -> dict[str, Any]:
    done = value.collected
    return {
        "week": str(done.week),
        "files": done.counts,
        "count": done.files.as_record(),
        "events": done.events,
        "refreshed": [str(path) for path in done.refreshed],
        "masters": [
            {"file": str(master.path), "state": master.state, "holder": master.holder} for master in value.masters
        ],
        **_of_view(value.view, lang),
    }


def _of_view(view: WeekView, lang: Lang) -> dict[str, Any]:
    states: dict[str, int] = {}
    for row in view.results:
        states[row.state] = states.get(row.state, 0) + 1
    return {
        "head": view.head,
        "closed": view.closed,
        "counts": counts_of(view.results).as_record(),
        "states": states,
        "missing": [
            {"code": entry.code, "step": entry.step, "reason": say(entry.reason, lang), "waits_for": entry.waits_for}
            for entry in view.missing
        ],
        "warnings": [{"code": warning.code, "kind": warning.kind, "state": warning.state} for warning in view.warnings],
        "follow_ups": [
            {
                "code": follow_up.code,
                "second_week": str(follow_up.second_week),
                "state": follow_up.state,
                "deadline": follow_up.deadline.isoformat() if follow_up.deadline else None,
                "overdue": follow_up.overdue,
            }
            for follow_up in view.to_follow_up
        ],
        "reviews": [
            {
                "code": review_request.subject,
                "week": str(review_request.week),
                "state": review_request.decision.state,
                "deadline": review_request.deadline.isoformat(),
                "late": review_request.late,
                "overdue": review_request.overdue,
            }
            for review_request in view.open_appeals
        ],
        "findings": [finding_record(finding, lang) for finding in view.findings],
    }


@lines.register
def _(value: OfficeStatus, lang: Lang) -> Iterator[str]:
    view = value.view
    if view is None:
        yield say("command.holiday", lang, week=value.week.shown(lang))
        return
    yield f"{value.week.shown(lang)}{' · ' + say('command.is_closed', lang) if view.closed else ''}"
    for state, count in value.states.items():
        yield f"  {say(state_key(state, view.rules), lang)}: {count}"
    yield counted(value.counts, lang, bool(view.rules.parts))
    if value.files is not None:
        yield say("command.files_counted_last", lang, **value.files.as_record())
    if value.since_closed:
        yield say("command.since_closed", lang, count=len(value.since_closed), name=value.week)
        yield from (
            f"  {say(f'command.since_closed_{change.what}', lang)}: {visible(change.file)}"
            for change in value.since_closed
        )
    yield ""
    for step in ("self", "score", "approve"):
        waiting = [entry for entry in view.missing if entry.step == step]
        if waiting:
            due = view.deadlines[step]
            yield say("command.waiting", lang, step=say(f"step.{step}", lang), due=shown_moment(due))
            for entry in waiting:
                person, waits_for = view.people.get(entry.code, ""), view.people.get(entry.waits_for, "")
                line = f"  {shown_code(entry.code)} {person}: {say(entry.reason, lang)}"
                yield line if entry.waits_for == entry.code or not waits_for else f"{line} ({waits_for})"
    yield from _to_follow_up(view, lang)
    yield from _to_review(view, lang)
    yield from finding_lines(view.findings, lang)
    if value.organisation_changed:
        yield say("command.organisation_changed", lang)
    yield from next_steps(value.beyond, lang)
    if value.last_backup is None:
        yield say("command.never_backed_up", lang)
    else:
        made, checked = value.last_backup.made, value.last_backup.checked
        yield say("command.last_backup", lang, made=shown_moment(made))
        yield (
            say("command.backup_checked", lang, checked=shown_moment(checked))
            if checked
            else say("command.backup_not_checked", lang)
        )
    yield ""
    yield briefing(value, lang)


def _to_follow_up(view: WeekView, lang: Lang) -> Iterator[str]:
    """The people whom the office still has to talk with, or to ask about the outcome."""
    if not view.to_follow_up:
        return
    overdue = sum(follow_up.overdue for follow_up in view.to_follow_up)
    yield say("command.follow_ups", lang, open=len(view.to_follow_up), overdue=overdue)
    for follow_up in view.to_follow_up:
        facts = [say(f"master.follow.{follow_up.state}", lang)]
        if follow_up.deadline:
            facts.append(say("command.follow_up_due", lang, deadline=shown_date(follow_up.deadline)))
        if follow_up.overdue:
            facts.append(say("master.follow.overdue", lang))
        yield f"  {follow_up.code} {view.people.get(follow_up.code, '')}: {'; '.join(facts)}"


def _to_review(view: WeekView, lang: Lang) -> Iterator[str]:
    """The people who wait for an answer to a request for review, with its deadline."""
    if not view.open_appeals:
        return
    overdue = sum(review_request.overdue for review_request in view.open_appeals)
    yield say("command.reviews", lang, open=len(view.open_appeals), overdue=overdue)
    for review_request in view.open_appeals:
        due = say("command.follow_up_due", lang, deadline=shown_date(review_request.deadline))
        facts = [review_request.week.shown(lang), say(f"master.review.{review_request.decision.state}", lang), due]
        yield f"  {shown_code(review_request.subject)} {view.people.get(review_request.subject, '')}: {'; '.join(facts)}"


def counted(counts: Counts, lang: Lang, scored: bool = True) -> str:
    """The progress of a week on one line: the numbers of the master's first sheet."""
    no_form = say("command.counts_no_form", lang, count=counts.no_form) if counts.no_form else ""
    return say("command.counts" if scored else "command.counts_seen", lang, **counts.as_record() | {"no_form": no_form})


def briefing(value: OfficeStatus, lang: Lang) -> str:
    """The paragraph for Monday's briefing, ready to be read aloud."""
    view = value.view
    assert view is not None
    counts = value.counts
    bands = "; ".join(
        f"{band.name(lang)}: {value.bands[band.code]}" for band in view.rules.bands if value.bands.get(band.code)
    )
    return say(
        "command.briefing" if view.rules.parts else "command.briefing_seen",
        lang,
        week=value.week.shown(lang),
        **counts.as_record()
        | {"no_form": say("command.briefing_no_form", lang, count=counts.no_form) if counts.no_form else ""},
        bands=bands or say("basis.none", lang),
        talk=sum(warning.kind == "warning" for warning in view.warnings),
        watch=sum(warning.kind == "watch" for warning in view.warnings),
    )


@record.register
def _(value: OfficeStatus, lang: Lang) -> dict[str, Any]:
    if value.view is None:
        return {"week": str(value.week), "holiday": True}
    return {
        "week": str(value.week),
        "holiday": False,
        "bands": dict(value.bands),
        "count": value.files.as_record() if value.files else None,
        "since_closed": [{"file": change.file, "what": change.what} for change in value.since_closed],
        "organisation_changed": value.organisation_changed,
        "last_backup": value.last_backup.made.isoformat() if value.last_backup else None,
        "backup_checked": value.last_backup.checked.isoformat()
        if value.last_backup and value.last_backup.checked
        else None,
        "beyond": [str(week) for week in value.beyond],
        **_of_view(value.view, lang),
        "people": [{"code": row.code, "state": row.state, "flags": list(row.flags)} for row in value.view.results],
        "briefing": briefing(value, lang),
    }


@lines.register
def _(value: Explained, lang: Lang) -> Iterator[str]:
    row = value.row
    yield f"{row.week.shown(lang)} · {shown_code(row.code)} {row.name} · {say(state_key(row.state, value.rules), lang)}"
    for origin in value.origins:
        band = value.rules.band(origin.value).name(lang) if origin.what == "explain.band" else ""
        yield f"  {origin_line(origin, lang, band)}"
    yield say("explain.head", lang, head=value.head)


@record.register
def _(value: Explained, lang: Lang) -> dict[str, Any]:
    row = value.row
    return {
        "week": str(row.week),
        "code": row.code,
        "state": row.state,
        "counted_total": shown(row.counted_total) if row.counted_total is not None else None,
        "counted_basis": row.basis,
        "band": row.band,
        "flags": list(row.flags),
        "rulebook": value.rules.stamp,
        "head": value.head,
        "origins": [origin_record(origin) for origin in value.origins],
    }


@lines.register
def _(value: Exported, lang: Lang) -> Iterator[str]:
    separate = len({file.path for file in value.files.values()}) == len(value.files) > 1
    rows = ", ".join(
        f"{value.files[name].path.name if separate else name} ({count})" for name, count in value.rows.items()
    )
    place = value.folder if separate else next(iter(value.files.values())).path
    yield say("command.exported", lang, folder=place, rows=rows)
    for file in dict.fromkeys(value.files.values()):
        if file.beside is not None:
            yield say("command.export_waiting", lang, file=file.path, holder=file.holder)


@record.register
def _(value: Exported, lang: Lang) -> dict[str, Any]:
    files = {name: str(file.beside or file.path) for name, file in value.files.items()}
    return {"folder": str(value.folder), "rows": dict(value.rows), "files": files}


@lines.register
def _(value: ResultSheet, lang: Lang) -> Iterator[str]:
    yield say(
        "command.sheet",
        lang,
        week=value.week.shown(lang),
        code=shown_code(value.code),
        version=value.version,
        check=value.check,
        file=value.file.path,
    )


@record.register
def _(value: ResultSheet, lang: Lang) -> dict[str, Any]:
    return {
        "week": str(value.week),
        "code": value.code,
        "check": value.check,
        "version": value.version,
        "file": str(value.file.path),
        "state": value.file.state,
    }


@lines.register
def _(value: Resolved, lang: Lang) -> Iterator[str]:
    yield say(
        "command.page",
        lang,
        check=value.check,
        week=value.week.shown(lang),
        code=shown_code(value.code),
        version=value.version,
        at=shown_moment(value.made_at),
        by=value.made_by,
        event=value.event,
    )
    for stage in ("self", "scored", "approved"):
        scores = Scores.from_record(value.said[stage]).under(value.rules)
        if scores.total is not None:
            parts = sum_of(map(shown, scores.given.values()), lang)
            total = as_read(shown(scores.total), lang)
            yield f"  {say(f'explain.{stage}_total', lang)}: {parts} = {total}"
    state, basis = say(f"state.{value.said['state']}", lang), say(f"basis.{value.said['basis']}", lang)
    yield f"  {state} · {basis}"
    key = "command.page_stands" if value.stands else "command.page_changed"
    yield say(key, lang, name=str(value.week), code=shown_code(value.code))


@record.register
def _(value: Resolved, lang: Lang) -> dict[str, Any]:
    return {
        "check": value.check,
        "week": str(value.week),
        "code": value.code,
        "version": value.version,
        "made_at": value.made_at.isoformat(),
        "made_by": value.made_by,
        "event": value.event,
        "stands": value.stands,
        "said": value.said,
        "says_now": value.says_now,
    }


@lines.register
def _(value: Reminded, lang: Lang) -> Iterator[str]:
    if not value.units and not value.people:
        key = "closed" if value.closed else "nobody"
        yield say(f"remind.told.{key}", lang, week=value.week.shown(lang), name=value.week)
        return
    if value.folder is None:
        for unit in value.units:
            yield from (say("remind.told.unit", lang, unit=unit.name), unit.text, "")
        for person in value.people:
            yield from (
                say("remind.told.person", lang, code=shown_code(person.code), name=person.name),
                person.text,
                "",
            )
        return
    texts, drafts = len(value.units) + len(value.people), len(value.people) - value.without_email
    yield say("remind.told.written", lang, texts=texts, drafts=drafts, folder=value.folder)
    if value.without_email:
        yield say("remind.told.no_mail", lang, count=value.without_email)


@record.register
def _(value: Reminded, lang: Lang) -> dict[str, Any]:
    return {
        "week": str(value.week),
        "folder": str(value.folder) if value.folder else None,
        "closed": value.closed,
        "units": [
            {"unit": unit_reminder.unit, "name": unit_reminder.name, "text": unit_reminder.text}
            for unit_reminder in value.units
        ],
        "people": [
            {
                "code": reminder.code,
                "name": reminder.name,
                "unit": reminder.unit,
                "email": reminder.email,
                "subject": reminder.subject,
                "text": reminder.text,
            }
            for reminder in value.people
        ],
    }


@lines.register
def _(value: ExplainedFinding, lang: Lang) -> Iterator[str]:
    yield f"{value.kind} ({say(f'level.{value.level}', lang)})"
    yield value.message(lang)
    if value.remedy(lang):
        yield value.remedy(lang)


@record.register
def _(value: ExplainedFinding, lang: Lang) -> dict[str, Any]:
    return {
        "kind": value.kind,
        "level": value.level,
        "message": value.message(lang),
        "remedy": value.remedy(lang),
    }


@lines.register
def _(value: HandedOut, lang: Lang) -> Iterator[str]:
    counts = {"forms": value.forms, "units": value.units, "workbooks": value.workbooks}
    yield say("hand_out.packed", lang, folder=value.folder, **counts)
    yield say("hand_out.private", lang)
    if value.missing:
        yield say("hand_out.missing", lang, codes=", ".join(map(shown_code, value.missing)), name=value.week)


@record.register
def _(value: HandedOut, lang: Lang) -> dict[str, Any]:
    return {
        "week": str(value.week),
        "folder": str(value.folder),
        "forms": value.forms,
        "units": value.units,
        "workbooks": value.workbooks,
        "missing": list(value.missing),
    }


@lines.register
def _(value: SentBack, lang: Lang) -> Iterator[str]:
    yield say("hand_out.receipts", lang, count=value.receipts, folder=value.folder)


@record.register
def _(value: SentBack, lang: Lang) -> dict[str, Any]:
    return {"week": str(value.week), "folder": str(value.folder), "receipts": value.receipts}
