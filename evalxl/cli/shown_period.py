"""Shows the results of the steps over many weeks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from evalxl.cli.show import finding_lines, finding_record, lines, origin_line, origin_record, record, waits
from evalxl.domain.evaluation.scoring import shown, two_places
from evalxl.domain.names import code_key, shown_code
from evalxl.domain.periods.period_results import PeriodResult
from evalxl.domain.periods.ratings import Rating
from evalxl.domain.periods.rollups import PeriodView
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.week.week_counts import LeftOpen
from evalxl.domain.weeks import Period
from evalxl.steps.close import SettledWeek
from evalxl.steps.periods.roll_up import RolledUp
from evalxl.steps.periods.what_if import Other, WhatIf
from evalxl.steps.reports.archive_pack import ArchivePack
from evalxl.steps.reports.audit import KINDS, Audited
from evalxl.steps.reports.gather import Gathered
from evalxl.steps.views.explain import ExplainedPeriod
from evalxl.words import Lang, as_read, say

_MOST_CODES = 10  # staff codes of one kind shown in a line; the master's sheet has all


@lines.register
def _(value: Gathered, lang: Lang) -> Iterator[str]:
    view = value.view
    yield say(
        "command.gathered",
        lang,
        what=view.what.shown(lang),
        count=len(view.offices),
        people=view.whole.to_evaluate,
        rated=view.whole.rated,
        file=value.master.beside or value.master.path,
    )
    if view.left_out:
        yield say("command.gathered_left_out", lang, count=len(view.left_out))
        yield from (f"  {left_out.message(lang)}" for left_out in view.left_out)


@record.register
def _(value: Gathered, lang: Lang) -> dict[str, Any]:
    view = value.view
    return {
        "what": str(view.what),
        "master": str(value.master.beside or value.master.path),
        "offices": [
            {
                "folder": office.folder,
                "id": office.office_id,
                "name": office.name,
                "to_evaluate": office.tally.to_evaluate,
                "bands": dict(office.tally.bands),
                "unscored": office.tally.unscored,
                "absent": office.tally.absent,
                "approved": office.approved,
                "mean": shown(office.tally.mean) if office.tally.mean is not None else None,
            }
            for office in view.offices
        ],
        "left_out": [
            {"folder": left_out.folder, "kind": left_out.kind.partition(".")[2], "message": left_out.message(lang)}
            for left_out in view.left_out
        ],
    }


@lines.register
def _(value: SettledWeek, lang: Lang) -> Iterator[str]:
    if value.made_up:
        key = "close_finished" if value.closing else "reopen_finished"
        yield say(f"command.{key}", lang, what=value.what.shown(lang), count=len(value.made_up))
        yield from waits(value.masters, lang)
        return
    key = "closed" if value.closing else "reopened"
    yield say(f"command.{key}", lang, what=value.what.shown(lang), reason=value.reason)
    left = {open_week.week: open_week.left for open_week in value.gaps.open_weeks}
    did = say(f"closing.week_{'closed' if value.closing else 'opened'}", lang)
    of_period = set(value.what.weeks()) if isinstance(value.what, Period) else set(value.weeks)
    for week in sorted(of_period):
        facts = {"name": week, "week": week.shown(lang), "did": did}
        if week in value.gaps.never_issued:
            yield say("closing.never_issued", lang, **facts)
        elif value.closing and (week in value.weeks or week in left):
            facts["did"] = did if week in value.weeks else say("command.is_closed", lang)
            yield say("closing.week", lang, **facts, left=_left(left.get(week, LeftOpen()), lang))
        elif week in value.weeks:
            yield say("closing.week_again", lang, **facts)
    if value.closing and isinstance(value.what, Period):
        gaps = replace(value.gaps, unended=())
        yield say("closing.left", lang, gaps=gaps.shown(lang)) if gaps else say("closing.left_nothing", lang)
    for key, periods in (("provisional", value.provisional), ("settled", value.settled)):
        for period in periods:
            yield say(f"closing.{key}", lang, period=period.shown(lang))
    yield from waits(value.masters, lang)


def _left(left: LeftOpen, lang: Lang) -> str:
    """The open points of one week, with staff codes."""
    parts = []
    for kind, codes in left.as_record().items():
        if codes:
            shown_codes = ", ".join(map(shown_code, codes[:_MOST_CODES])) + (", …" if len(codes) > _MOST_CODES else "")
            parts.append(f"{say(f'closing.{kind}', lang, count=len(codes))} ({shown_codes})")
    return ", ".join(parts) or say("closing.nothing_open", lang)


@record.register
def _(value: SettledWeek, lang: Lang) -> dict[str, Any]:
    key = "close" if value.closing else "reopen"
    done = {"close": "closed", "reopen": "reopened"}[key] if not value.made_up else f"{key}_finished"
    return {
        "done": done,
        "what": str(value.what),
        "count": len(value.made_up),
        **({} if value.closing else {"reason": value.reason}),
        "weeks": [str(week) for week in value.weeks],
        **({"never_issued": [str(week) for week in value.gaps.never_issued]} if value.closing else {}),
        **(
            {"left_open": {str(open_week.week): open_week.left.as_record() for open_week in value.gaps.open_weeks}}
            if value.closing
            else {}
        ),
        "provisional": [str(period) for period in value.provisional],
    }


@lines.register
def _(value: RolledUp, lang: Lang) -> Iterator[str]:
    view = value.view
    yield say(
        "command.rolled_up_rated" if view.ratings else "command.rolled_up",
        lang,
        period=view.shown(lang),
        people=len(view.results),
        weeks=len(view.weeks),
        rated=sum(row.counted_total is not None for row in view.results),
        awaiting=sum(row.awaiting for row in view.results),
        missing=sum(row.missing for row in view.results),
    )
    counts = Counter(row.band for row in view.results if row.band)
    yield say(
        "command.period_rated" if view.ratings else "command.period_bands",
        lang,
        bands="; ".join(f"{band.name(lang)}: {counts[band.code]}" for band in view.rules.period_bands),
    )
    over = [proposal for proposal in view.proposals if proposal.over]
    if over:
        yield say("command.period_over", lang, count=len(over))
    for week in view.never_issued if view.closed_at else ():
        yield say("closing.never_issued", lang, name=week, week=week.shown(lang))
    for week in view.reopened:
        yield say("command.period_provisional", lang, name=week, week=week.shown(lang))
    if view.later:
        yield say("command.period_later", lang, count=len(view.later))
    yield say("command.master_at", lang, file=value.master.path)
    if value.inputs:
        yield say("command.inputs_at", lang, count=len(value.inputs), folder=value.inputs[0].parent)
    if value.forms:
        yield say("command.period_forms_at", lang, count=value.forms)
    yield from finding_lines(value.findings, lang)
    statistics, signals = value.beside
    yield say("command.statistics_at", lang, file=statistics.path)
    yield say("command.signals_at", lang, file=signals.path, count=value.signals)


@record.register
def _(value: RolledUp, lang: Lang) -> dict[str, Any]:
    view = value.view
    return {
        "period": str(view.period),
        "weeks": [str(week) for week in view.weeks],
        "off": [str(week) for week in view.off],
        "closed": view.closed_at is not None,
        "never_issued": [str(week) for week in view.never_issued],
        "reopened": [str(week) for week in view.reopened],
        "provisional": bool(view.reopened) or any(row.provisional for row in view.results),
        "results": [_person(row) for row in view.results],
        "proposals": [
            {
                "unit": proposal.unit,
                "group": proposal.group,
                "rated": proposal.rated,
                "most": proposal.most,
                "candidates": [row.code for row in proposal.candidates],
                "tied": list(proposal.tied),
            }
            for proposal in view.proposals
        ],
        "later": [later.row.code for later in view.later],
        "master": {"file": str(value.master.path), "state": value.master.state},
        "beside": [{"file": str(book.path), "state": book.state} for book in value.beside],
        "signals": value.signals,
        "inputs": [str(path) for path in value.inputs],
        "forms": value.forms,
        "ratings": {row.code: _rating(view.ratings.get(code_key(row.code))) for row in view.results if view.ratings},
        "findings": [finding_record(finding, lang) for finding in value.findings],
    }


def _rating(rating: Rating | None) -> dict[str, Any] | None:
    """The parts of a rating by ratios, without notes."""
    if rating is None:
        return None
    ratios = rating.ratios
    return {
        "quantity": _exact(ratios.quantity),
        "quality": _exact(ratios.quality),
        "timeliness": _exact(ratios.timeliness),
        "criteria": {name: _exact(value) for name, value in rating.criteria.items()},
        "task_points": _exact(rating.tasks),
        **{code: _exact(points) for code, points in rating.points.items()},
        "total": _exact(rating.total),
    }


def _person(row: PeriodResult) -> dict[str, Any]:
    return {
        "code": row.code,
        "mean": shown(row.counted_total) if row.counted_total is not None else None,
        "basis": row.basis,
        "band": row.band,
        "evaluated": row.evaluated,
        "awaiting": row.awaiting,
        "absent": row.absent,
        "missing": row.missing,
        "provisional": row.provisional,
        "moves": [[str(after.week), before.unit, after.unit] for before, after in row.moves],
    }


@lines.register
def _(value: WhatIf, lang: Lang) -> Iterator[str]:
    view, other = value.view, value.other
    names = {"now": _name(view.rules, lang), "other": _name(other, lang)}
    yield say("command.what_if", lang, period=view.shown(lang), **names)
    for band in other.period_bands:
        now = sum(person.now.band == band.code for person in value.people)
        then = sum(len(person.bands) == 1 and person.bands[0].code == band.code for person in value.people)
        yield say("command.what_if_band", lang, band=band.name(lang), now=now, then=then)
    if other.period.ratios is not None:
        open_ones = sum(len(person.bands) > 1 for person in value.people)
        asked = (criterion.label("paper.period.need_criterion", lang) for criterion in other.period.ratios.criteria)
        yield say("command.what_if_open", lang, count=open_ones, criteria=", ".join(asked))
    for person in value.people:
        if person.changed or person.rating is not None:
            yield f"  {_side_by_side(person, view.rules, other, lang)}"
    if moved := sum(person.weeks_moved for person in value.people):
        yield say("command.what_if_weeks", lang, count=moved)
    yield say("command.what_if_nothing_written", lang)


def _side_by_side(person: Other, rules: RuleBook, other: RuleBook, lang: Lang) -> str:
    names = {band.code: band.name(lang) for band in rules.period_bands}
    now = _points(person.now.counted_total, lang)
    left = f"{person.now.code}: {now} {names.get(person.now.band, '')}".rstrip()
    bands = " / ".join(band.name(lang) for band in person.bands) or "-"
    if person.rating is None or other.period.ratios is None:
        return f"{left} → {bands}"
    rating, key = person.rating, "command.what_if_ratios"
    return say(
        key,
        lang,
        left=left,
        points=_points(rating.tasks, lang),
        most=shown(other.period.ratios.tasks),
        criteria="".join(
            f"; {criterion.label('paper.period.need_criterion', lang)} {_points(rating.points[criterion.code], lang)}"
            for criterion in other.period.ratios.points
            if criterion.code in rating.points
        ),
        total=_points(rating.total, lang) if rating.total is not None else say("command.no_total", lang),
        quantity=_percent(rating.ratios.quantity, lang),
        quality=_percent(rating.ratios.quality, lang),
        timeliness=_percent(rating.ratios.timeliness, lang),
        bands=bands,
    )


def _name(rules: RuleBook, lang: Lang) -> str:
    return rules.name_vi if lang == "vi" else rules.name_en


def _points(points: Decimal | None, lang: Lang) -> str:
    return as_read(str(two_places(points)), lang) if points is not None else "-"


def _percent(ratio: Decimal | None, lang: Lang) -> str:
    return as_read(f"{ratio * 100:.1f}", lang) + "%" if ratio is not None else "-"


@record.register
def _(value: WhatIf, lang: Lang) -> dict[str, Any]:
    return {
        "period": str(value.view.period),
        "rulebook": value.view.rules.id,
        "other": value.other.id,
        "people": [
            {
                "code": person.now.code,
                "mean": _exact(person.now.counted_total),
                "band": person.now.band,
                "other_mean": _exact(person.mean),
                **_of_ratios(person.rating),
                "other_bands": [band.code for band in person.bands],
                "changed": person.changed,
                "weeks_moved": person.weeks_moved,
            }
            for person in value.people
        ],
    }


def _of_ratios(rating: Rating | None) -> dict[str, str | None]:
    return {
        "task_points": _exact(rating.tasks) if rating else None,
        **{code: _exact(points) for code, points in (rating.points if rating else {}).items()},
        "total": _exact(rating.total) if rating else None,
        "quantity": _exact(rating.ratios.quantity) if rating else None,
        "quality": _exact(rating.ratios.quality) if rating else None,
        "timeliness": _exact(rating.ratios.timeliness) if rating else None,
    }


def _exact(value: Decimal | None) -> str | None:
    return None if value is None else shown(value.quantize(Decimal("0.000001")))


@lines.register
def _(value: Audited, lang: Lang) -> Iterator[str]:
    yield from lines(value.proved, lang)
    report = value.report
    if report is None:
        return
    yield say("audit.title", lang, period=report.period.shown(lang), count=len(report.entries))
    for kind in KINDS:
        entries = [entry for entry in report.entries if entry.kind == kind]
        yield f"{say(f'audit.{kind}', lang)}: {len(entries)}"
        for entry in entries:
            words = " ".join(entry.words.split())
            when, number = entry.at[:16].replace("T", " "), say("explain.event", lang, number=entry.event)
            facts = (str(entry.week), entry.code, entry.by, when, number, words)
            yield f"  {' · '.join(fact for fact in facts if fact)}"


@record.register
def _(value: Audited, lang: Lang) -> dict[str, Any]:
    report = value.report
    entries = report.entries if report else ()
    return record(value.proved, lang) | {
        "period": str(report.period) if report else None,
        "report": [
            {
                "kind": entry.kind,
                "week": str(entry.week),
                "code": entry.code,
                "at": entry.at,
                "by": entry.by,
                "words": entry.words,
                "event": entry.event,
            }
            for entry in entries
        ],
    }


@lines.register
def _(value: ArchivePack, lang: Lang) -> Iterator[str]:
    yield say("pack.made", lang, period=value.period.shown(lang), files=value.files, folder=value.folder)
    if value.as_pdf is None:
        yield say("pack.no_pdf", lang)
    else:
        yield say("pack.pdf", lang, count=value.as_pdf)
    yield say("explain.head", lang, head=value.head)


@record.register
def _(value: ArchivePack, lang: Lang) -> dict[str, Any]:
    return {
        "folder": str(value.folder),
        "period": str(value.period),
        "files": value.files,
        "pdf": value.as_pdf,
        "head": value.head,
    }


@lines.register
def _(value: ExplainedPeriod, lang: Lang) -> Iterator[str]:
    row, view = value.row, value.view
    yield f"{view.shown(lang)} · {row.code} {row.name} · {row.unit_name}"
    for explained_week in value.weeks:
        mark = explained_week.mark
        facts = (
            _points(mark.total, lang) if mark.total is not None else say(f"state.{mark.state}", lang),
            say(f"basis.{mark.basis}", lang) if mark.total is not None else "",
            mark.unit_name,
            say("explain.event", lang, number=explained_week.event) if explained_week.event else "",
            explained_week.file,
        )
        yield f"  {mark.week.shown(lang)}: {' · '.join(fact for fact in facts if fact)}"
    for origin in value.entries:
        yield f"  {origin_line(origin, lang)}"
    names = {band.code: band.name(lang) for band in view.rules.period_bands}
    facts = (
        _points(row.counted_total, lang),
        say(f"basis.{row.basis}", lang),
        names.get(row.band, ""),
        view.rules.stamp,
        _how_rated(view, lang),
    )
    yield f"  {say('explain.mean', lang)}: {' · '.join(fact for fact in facts if fact)}"
    yield say("explain.head", lang, head=view.head)


def _how_rated(view: PeriodView, lang: Lang) -> str:
    """How the period's figure is made."""
    ratios = view.rules.period.ratios
    if not view.ratings or ratios is None:
        return say(f"explain.how_{view.rules.period.mean}", lang)
    tasks = say("explain.how_tasks", lang)
    return " + ".join([*(row.label("paper.period.need_criterion", lang) for row in ratios.points), tasks])


@record.register
def _(value: ExplainedPeriod, lang: Lang) -> dict[str, Any]:
    return _person(value.row) | {
        "period": str(value.view.period),
        "rulebook": value.view.rules.stamp,
        "head": value.view.head,
        "weeks": [
            {
                "week": str(explained_week.mark.week),
                "state": explained_week.mark.state,
                "total": shown(explained_week.mark.total) if explained_week.mark.total is not None else None,
                "basis": explained_week.mark.basis,
                "unit": explained_week.mark.unit,
                "event": explained_week.event,
                "file": explained_week.file,
            }
            for explained_week in value.weeks
        ],
        "entries": [origin_record(origin) for origin in value.entries],
    }
