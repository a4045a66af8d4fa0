"""How the steps of a week are shown: issuing, consolidating, status, explaining, exporting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evalxl.cli.log import log_path
from evalxl.cli.show import found, lines, next_steps, origin_line, origin_record, record, sum_of, told, waits
from evalxl.domain.evaluation.scoring import Scores, shown
from evalxl.domain.evaluation.week_view import WeekView
from evalxl.domain.findings import OUR_FAULT
from evalxl.domain.names import shown_code, visible
from evalxl.domain.week.week_counts import Counts, counts_of
from evalxl.domain.weeks import shown_date, shown_moment
from evalxl.steps.consolidate import Consolidated
from evalxl.steps.issue.issue import IssuedForms, Withdrawn
from evalxl.steps.outputs.signed_pages import Resolved, ResultSheet
from evalxl.steps.reports.export import Exported
from evalxl.steps.reports.status import OfficeStatus
from evalxl.steps.views.explain import Explained
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
    yield from told(value.findings, lang)


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
        "findings": [found(finding, lang) for finding in value.findings],
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
    yield counted(counts_of(value.view.results), lang)
    yield from told(value.findings, lang)
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
        "masters": [{"file": str(one.path), "state": one.state, "holder": one.holder} for one in value.masters],
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
        "warnings": [{"code": one.code, "kind": one.kind, "state": one.state} for one in view.warnings],
        "follow_ups": [
            {
                "code": one.code,
                "second_week": str(one.second_week),
                "state": one.state,
                "deadline": one.deadline.isoformat() if one.deadline else None,
                "overdue": one.overdue,
            }
            for one in view.to_follow_up
        ],
        "reviews": [
            {
                "code": one.subject,
                "week": str(one.week),
                "state": one.decision.state,
                "deadline": one.deadline.isoformat(),
                "late": one.late,
                "overdue": one.overdue,
            }
            for one in view.open_appeals
        ],
        "findings": [found(finding, lang) for finding in view.findings],
    }


@lines.register
def _(value: OfficeStatus, lang: Lang) -> Iterator[str]:
    view = value.view
    if view is None:
        yield say("command.holiday", lang, week=value.week.shown(lang))
        return
    yield f"{value.week.shown(lang)}{' · ' + say('command.is_closed', lang) if view.closed else ''}"
    for state, count in value.states.items():
        yield f"  {say(f'state.{state}', lang)}: {count}"
    yield counted(value.counts, lang)
    if value.files is not None:
        yield say("command.files_counted", lang, **value.files.as_record())
    if value.since_closed:
        yield say("command.since_closed", lang, count=len(value.since_closed), name=value.week)
        yield from (
            f"  {say(f'command.since_closed_{one.what}', lang)}: {visible(one.file)}" for one in value.since_closed
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
    yield from told(view.findings, lang)
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
    """Whom the office has still to talk with, or to ask what became of it."""
    if not view.to_follow_up:
        return
    overdue = sum(one.overdue for one in view.to_follow_up)
    yield say("command.follow_ups", lang, open=len(view.to_follow_up), overdue=overdue)
    for one in view.to_follow_up:
        said = [say(f"master.follow.{one.state}", lang)]
        if one.deadline:
            said.append(say("command.follow_up_due", lang, deadline=shown_date(one.deadline)))
        if one.overdue:
            said.append(say("master.follow.overdue", lang))
        yield f"  {one.code} {view.people.get(one.code, '')}: {'; '.join(said)}"


def _to_review(view: WeekView, lang: Lang) -> Iterator[str]:
    """Who waits for an answer to a request for review, and by when."""
    if not view.open_appeals:
        return
    overdue = sum(one.overdue for one in view.open_appeals)
    yield say("command.reviews", lang, open=len(view.open_appeals), overdue=overdue)
    for one in view.open_appeals:
        due = say("command.follow_up_due", lang, deadline=shown_date(one.deadline))
        said = [one.week.shown(lang), say(f"master.review.{one.decision.state}", lang), due]
        yield f"  {shown_code(one.subject)} {view.people.get(one.subject, '')}: {'; '.join(said)}"


def counted(counts: Counts, lang: Lang) -> str:
    """How far a week has come, on one line: the numbers of the master's first sheet."""
    no_form = say("command.counts_no_form", lang, count=counts.no_form) if counts.no_form else ""
    return say("command.counts", lang, **counts.as_record() | {"no_form": no_form})


def briefing(value: OfficeStatus, lang: Lang) -> str:
    """The paragraph for Monday's briefing, ready to be read out."""
    view = value.view
    assert view is not None
    counts = value.counts
    bands = "; ".join(
        f"{band.name(lang)}: {value.bands[band.code]}" for band in view.rules.bands if value.bands.get(band.code)
    )
    return say(
        "command.briefing",
        lang,
        week=value.week.shown(lang),
        **counts.as_record()
        | {"no_form": say("command.briefing_no_form", lang, count=counts.no_form) if counts.no_form else ""},
        bands=bands or say("basis.none", lang),
        talk=sum(one.kind == "warning" for one in view.warnings),
        watch=sum(one.kind == "watch" for one in view.warnings),
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
        "since_closed": [{"file": one.file, "what": one.what} for one in value.since_closed],
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
    yield f"{row.week.shown(lang)} · {shown_code(row.code)} {row.name} · {say(f'state.{row.state}', lang)}"
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
    rows = ", ".join(f"{name}.csv ({count})" for name, count in value.rows.items())
    yield say("command.exported", lang, folder=value.folder, rows=rows)


@record.register
def _(value: Exported, lang: Lang) -> dict[str, Any]:
    return {"folder": str(value.folder), "rows": dict(value.rows)}


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
        scores = Scores.from_record(value.said[stage])
        if scores.total is not None:
            parts = sum_of(scores.as_record().values(), lang)
            total = as_read(shown(scores.total), lang)
            yield f"  {say(f'explain.{stage}_total', lang)}: {parts} = {total}"
    state, basis = say(f"state.{value.said['state']}", lang), say(f"basis.{value.said['basis']}", lang)
    yield f"  {state} · {basis}"
    yield say("command.page_stands" if value.stands else "command.page_changed", lang)


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
