"""Showing what a step did: as text for people, as JSON for programs, and as an exit code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import singledispatch
from pathlib import Path
from typing import Any

from evalxl.domain.findings import Finding, worst
from evalxl.domain.results import WeekView
from evalxl.domain.scoring import shown
from evalxl.domain.weeks import shown_date
from evalxl.records.publish import Published
from evalxl.steps.check import Checked
from evalxl.steps.consolidate import Consolidated
from evalxl.steps.demo import Demonstrated
from evalxl.steps.doctor import Diagnosis
from evalxl.steps.explain import Explained
from evalxl.steps.export import Exported
from evalxl.steps.issue import IssuedForms, Withdrawn
from evalxl.steps.status import Status
from evalxl.steps.templates import Built, TemplateChecked
from evalxl.steps.verify import Verified
from evalxl.words import Lang, say

MOST_FINDINGS = 40  # lines of findings on a screen; the master's sheet has all


@dataclass(frozen=True, slots=True)
class Said:
    """A step that has nothing to show but that it is done."""

    key: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Made:
    """An office folder that was made."""

    folder: Path
    people: int
    units: int


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Masters made again."""

    masters: tuple[Published, ...]


def as_text(value: Any, lang: Lang) -> str:
    """A step's result as people read it."""
    return "\n".join(lines(value, lang))


def as_json(value: Any, lang: Lang) -> str:
    """A step's result for programs."""
    return json.dumps(record(value, lang), ensure_ascii=False, indent=2, default=str)


def exit_code(value: Any) -> int:
    """1 where the step found errors or warnings, or `verify` found something; else 0."""
    if isinstance(value, Verified):
        return 1 if value.altered else 0
    if isinstance(value, Diagnosis):
        return 1 if any(line.answer == "bad" for line in value.lines) else 0
    if isinstance(value, Status):
        return _code(value.view.findings if value.view else ())
    return _code(getattr(value, "findings", ())) if not isinstance(value, Demonstrated) else 0


def _code(findings: Iterable[Finding]) -> int:
    return 1 if worst(findings) in ("error", "warning") else 0


def told(findings: Iterable[Finding], lang: Lang) -> Iterator[str]:
    """Findings as lines, the serious ones first; notes and repairs are only counted."""
    findings = list(findings)
    serious = [finding for finding in findings if finding.level in ("error", "warning")]
    for finding in serious[:MOST_FINDINGS]:
        place = " ".join(
            part for part in (finding.file, f"{finding.sheet}!{finding.cell}" if finding.cell else "") if part
        )
        level = say(f"level.{finding.level}", lang)
        yield f"  {level}: {place + ': ' if place else ''}{finding.message(lang)} {finding.remedy(lang)}".rstrip()
    if len(serious) > MOST_FINDINGS:
        yield say("command.more_findings", lang, count=len(serious) - MOST_FINDINGS)
    if quiet := len(findings) - len(serious):
        yield say("command.quiet_findings", lang, count=quiet)


def found(finding: Finding, lang: Lang) -> dict[str, str]:
    return {
        "kind": finding.kind,
        "level": finding.level,
        "code": finding.code,
        "file": finding.file,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "found": finding.found,
        "message": finding.message(lang),
        "remedy": finding.remedy(lang),
    }


@singledispatch
def lines(value: Any, lang: Lang) -> Iterator[str]:
    """The lines of a result; one function per kind of result."""
    raise TypeError(type(value))


@singledispatch
def record(value: Any, lang: Lang) -> dict[str, Any]:
    """The JSON of a result; one function per kind of result."""
    raise TypeError(type(value))


@lines.register
def _(value: Said, lang: Lang) -> Iterator[str]:
    yield say(value.key, lang, **value.values)


@record.register
def _(value: Said, lang: Lang) -> dict[str, Any]:
    return {"done": value.key.rpartition(".")[2], **value.values}


@lines.register
def _(value: Made, lang: Lang) -> Iterator[str]:
    yield say("command.made", lang, folder=value.folder, people=value.people, units=value.units)


@record.register
def _(value: Made, lang: Lang) -> dict[str, Any]:
    return {"folder": str(value.folder), "people": value.people, "units": value.units}


@lines.register
def _(value: Checked, lang: Lang) -> Iterator[str]:
    organisation = value.organisation
    if organisation is not None:
        yield say(
            "command.checked",
            lang,
            people=len({post.code for post in organisation.posts}),
            units=len(organisation.units),
            rules=value.rules.name_vi if lang == "vi" else value.rules.name_en,
        )
    yield from told(value.findings, lang)
    if not value.findings:
        yield say("command.no_findings", lang)


@record.register
def _(value: Checked, lang: Lang) -> dict[str, Any]:
    organisation = value.organisation
    return {
        "rulebook": value.rules.id,
        "people": len({post.code for post in organisation.posts}) if organisation else 0,
        "units": len(organisation.units) if organisation else 0,
        "findings": [found(finding, lang) for finding in value.findings],
    }


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
    counts = "; ".join(f"{say(f'verdict.{verdict}', lang)}: {count}" for verdict, count in sorted(value.counts.items()))
    yield say("command.consolidated", lang, week=value.week.shown(lang), counts=counts or "0")
    yield from told(value.findings, lang)
    for published in value.masters:
        if published.state == "waiting":
            yield say("command.master_waiting", lang, file=published.path, holder=published.holder or "?")
    yield say("command.masters", lang, count=len(value.masters), file=value.masters[0].path)


@record.register
def _(value: Consolidated, lang: Lang) -> dict[str, Any]:
    return {
        "week": str(value.week),
        "files": value.counts,
        "events": value.events,
        "refreshed": [str(path) for path in value.refreshed],
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
        "states": states,
        "missing": [
            {"code": entry.code, "step": entry.step, "reason": say(entry.reason, lang), "waits_for": entry.waits_for}
            for entry in view.missing
        ],
        "warnings": [{"code": one.code, "kind": one.kind} for one in view.warnings],
        "findings": [found(finding, lang) for finding in view.findings],
    }


@lines.register
def _(value: Status, lang: Lang) -> Iterator[str]:
    view = value.view
    if view is None:
        yield say("command.holiday", lang, week=value.week.shown(lang))
        return
    yield f"{value.week.shown(lang)}{' · ' + say('command.is_closed', lang) if view.closed else ''}"
    for state, count in value.counts.items():
        yield f"  {say(f'state.{state}', lang)}: {count}"
    yield ""
    for step in ("self", "score", "approve"):
        waiting = [entry for entry in view.missing if entry.step == step]
        if waiting:
            due = view.deadlines[step]
            yield say(
                "command.waiting", lang, step=say(f"step.{step}", lang), due=f"{due:%H:%M} {shown_date(due.date())}"
            )
            for entry in waiting:
                person, waits_for = view.people.get(entry.code, ""), view.people.get(entry.waits_for, "")
                line = f"  {entry.code} {person}: {say(entry.reason, lang)}"
                yield line if entry.waits_for == entry.code or not waits_for else f"{line} ({waits_for})"
    yield from told(view.findings, lang)
    if value.organisation_changed:
        yield say("command.organisation_changed", lang)
    yield ""
    yield briefing(value, lang)


def briefing(value: Status, lang: Lang) -> str:
    """The paragraph for Monday's briefing, ready to be read out."""
    view = value.view
    assert view is not None
    due = sum(value.counts.values()) - value.counts.get("absent", 0)
    handed_in = sum(value.counts.get(state, 0) for state in ("submitted", "scored", "returned", "approved"))
    bands = "; ".join(
        f"{band.name(lang)}: {value.bands[band.code]}" for band in view.rules.bands if value.bands.get(band.code)
    )
    return say(
        "command.briefing",
        lang,
        week=value.week.shown(lang),
        due=due,
        handed_in=handed_in,
        approved=value.counts.get("approved", 0),
        absent=value.counts.get("absent", 0),
        late=sum("late" in row.flags for row in view.results),
        missing=due - handed_in,
        bands=bands or say("basis.none", lang),
        talk=sum(one.kind == "warning" for one in view.warnings),
        watch=sum(one.kind == "watch" for one in view.warnings),
    )


@record.register
def _(value: Status, lang: Lang) -> dict[str, Any]:
    if value.view is None:
        return {"week": str(value.week), "holiday": True}
    return {
        "week": str(value.week),
        "holiday": False,
        "bands": dict(value.bands),
        "organisation_changed": value.organisation_changed,
        **_of_view(value.view, lang),
        "people": [{"code": row.code, "state": row.state, "flags": list(row.flags)} for row in value.view.results],
        "briefing": briefing(value, lang),
    }


@lines.register
def _(value: Explained, lang: Lang) -> Iterator[str]:
    row = value.row
    yield f"{row.week.shown(lang)} · {row.code} {row.name} · {say(f'state.{row.state}', lang)}"
    for origin in value.origins:
        place = " ".join(p for p in (origin.file, f"{origin.sheet}!{origin.cell}" if origin.cell else "") if p)
        rule = say(origin.rule, lang) if origin.rule.startswith("basis.") else origin.rule
        shown_value = value.rules.band(origin.value).name(lang) if origin.what == "explain.band" else origin.value
        facts = [
            shown_value,
            place,
            say("explain.event", lang, number=origin.event) if origin.event else "",
            origin.at[:16].replace("T", " "),
            origin.by,
            rule,
        ]
        yield f"  {say(origin.what, lang)}: {' · '.join(fact for fact in facts if fact)}"
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
        "origins": [
            {name: getattr(origin, name) for name in origin.__dataclass_fields__}
            | {"what": origin.what.partition(".")[2]}
            for origin in value.origins
        ],
    }


@lines.register
def _(value: Exported, lang: Lang) -> Iterator[str]:
    rows = ", ".join(f"{name}.csv ({count})" for name, count in value.rows.items())
    yield say("command.exported", lang, folder=value.folder, rows=rows)


@record.register
def _(value: Exported, lang: Lang) -> dict[str, Any]:
    return {"folder": str(value.folder), "rows": dict(value.rows)}


@lines.register
def _(value: Verified, lang: Lang) -> Iterator[str]:
    if not value.altered:
        yield say("command.verified", lang, events=value.events, blobs=value.blobs, head=value.head)
        return
    yield say("command.altered", lang, count=len(value.altered))
    for one in value.altered:
        yield f"  {one.file}{f':{one.line}' if one.line else ''}: {say(one.key, lang)}"


@record.register
def _(value: Verified, lang: Lang) -> dict[str, Any]:
    return {
        "events": value.events,
        "blobs": value.blobs,
        "head": value.head,
        "altered": [{"file": one.file, "line": one.line, "kind": one.key.rpartition(".")[2]} for one in value.altered],
    }


@lines.register
def _(value: Rebuilt, lang: Lang) -> Iterator[str]:
    yield say("command.rebuilt", lang, count=len(value.masters))


@record.register
def _(value: Rebuilt, lang: Lang) -> dict[str, Any]:
    return {"masters": [{"file": str(one.path), "state": one.state} for one in value.masters]}


@lines.register
def _(value: Built, lang: Lang) -> Iterator[str]:
    yield from (str(path) for path in value.files)


@record.register
def _(value: Built, lang: Lang) -> dict[str, Any]:
    return {"files": [str(path) for path in value.files]}


@lines.register
def _(value: TemplateChecked, lang: Lang) -> Iterator[str]:
    yield from told(value.findings, lang)
    if not value.findings:
        yield say("command.template_fine", lang, file=value.file)


@record.register
def _(value: TemplateChecked, lang: Lang) -> dict[str, Any]:
    return {"file": str(value.file), "findings": [found(finding, lang) for finding in value.findings]}


@lines.register
def _(value: Diagnosis, lang: Lang) -> Iterator[str]:
    for line in value.lines:
        facts = line.facts | ({"why": line.facts["why_en"]} if lang == "en" and "why_en" in line.facts else {})
        yield f"[{say(f'doctor.answer_{line.answer}', lang)}] {say(line.key, lang, **facts)}"


@record.register
def _(value: Diagnosis, lang: Lang) -> dict[str, Any]:
    return {
        "ready": not any(line.answer == "bad" for line in value.lines),
        "lines": [
            {"question": line.key.partition(".")[2], "answer": line.answer, "text": say(line.key, lang, **line.facts)}
            for line in value.lines
        ],
    }


@lines.register
def _(value: Demonstrated, lang: Lang) -> Iterator[str]:
    yield from value.text(lang)


@record.register
def _(value: Demonstrated, lang: Lang) -> dict[str, Any]:
    return value.record()
