"""Shows a step's result as text for people, as JSON for programs, and as an exit code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch
from pathlib import Path
from typing import Any

from evalxl.demo.run import Demonstrated
from evalxl.domain.findings import Finding, worst
from evalxl.domain.names import on_one_line, visible, visible_lines
from evalxl.domain.organisation.in_force import kept_of
from evalxl.domain.weeks import Period, Week, shown_moment
from evalxl.records.publish import Published
from evalxl.steps.admin.doctor import Diagnosis
from evalxl.steps.reports.audit import Audited
from evalxl.steps.reports.gather import Gathered
from evalxl.steps.reports.status import OfficeStatus
from evalxl.steps.reports.verify import Verified
from evalxl.steps.views.provenance import Origin
from evalxl.words import Lang, as_read, in_language, say

_UNSEEN = re.compile(
    "[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
MOST_FINDINGS = 40  # findings shown on a screen; the master's sheet has all


@dataclass(frozen=True, slots=True)
class SaidOnce:
    """The result of a step with nothing to show except that it is done, and the files that wait because somebody has them open."""

    key: str
    values: dict[str, object]
    files: tuple[Published, ...] = ()


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
    """A step's result for people. Typed texts and file names cannot send control codes to the screen."""
    return visible_lines("\n".join(lines(value, lang)))


def as_json(value: Any, lang: Lang) -> str:
    """A step's result for programs."""
    return escaped(json.dumps(record(value, lang), ensure_ascii=False, indent=2, default=str))


def escaped(text: str) -> str:
    """JSON that is safe on a screen: invisible characters are escaped, which means the same to programs."""
    return _UNSEEN.sub(lambda mark: f"\\u{ord(mark[0]):04x}", text)


def waits(files: Iterable[Published], lang: Lang) -> Iterator[str]:
    """Lines for the files whose new state waits beside them because somebody has them open."""
    for published in files:
        if published.state == "waiting":
            yield say("command.master_waiting", lang, file=published.path, holder=published.holder or "?")


@singledispatch
def exit_code(value: Any) -> int:
    """1 if the step found errors or warnings, or `verify` found something; else 0."""
    if isinstance(value, Audited):
        return exit_code(value.proved)
    if isinstance(value, Verified):
        return 1 if value.altered else 0
    if isinstance(value, Diagnosis):
        return 1 if any(line.answer == "bad" for line in value.lines) else 0
    if isinstance(value, Gathered):
        return 1 if value.view.left_out else 0
    if isinstance(value, OfficeStatus):
        return _code(value.view.findings if value.view else ())
    return _code(getattr(value, "findings", ())) if not isinstance(value, Demonstrated) else 0


def _code(findings: Iterable[Finding]) -> int:
    return 1 if worst(findings) in ("error", "warning") else 0


def finding_lines(findings: Iterable[Finding], lang: Lang) -> Iterator[str]:
    """Findings as lines, the serious ones first, then the notes that have to be heard; other notes and repairs are only counted."""
    findings = list(findings)
    serious = [finding for finding in findings if finding.level in ("error", "warning")]
    serious += kept_of(findings)
    for finding in serious[:MOST_FINDINGS]:
        place = " ".join(
            part for part in (visible(finding.file), f"{finding.sheet}!{finding.cell}" if finding.cell else "") if part
        )
        level = say(f"level.{finding.level}", lang)
        yield f"  {level}: {place + ': ' if place else ''}{finding.message(lang)} {finding.remedy(lang)}".rstrip()
    if len(serious) > MOST_FINDINGS:
        yield say("command.more_findings", lang, count=len(serious) - MOST_FINDINGS)
    if quiet := len(findings) - len(serious):
        yield say("command.quiet_findings", lang, count=quiet)


def finding_record(finding: Finding, lang: Lang) -> dict[str, str]:
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


def origin_line(origin: Origin, lang: Lang, value: str = "") -> str:
    """The origin of a value, on one line.

    Args:
        value: The text to show if the origin's own value is a code.
    """
    place = " ".join(p for p in (origin.file, f"{origin.sheet}!{origin.cell}" if origin.cell else "") if p)
    was, now = as_read(origin.former, lang), as_read(origin.value, lang)
    nothing = say("changed.nothing", lang)
    facts = [
        value or (f"{was or nothing} → {now or nothing}" if origin.term else now),
        place,
        say(f"explain.through_{origin.through}", lang) if origin.through else "",
        say("explain.event", lang, number=origin.event) if origin.event else "",
        shown_moment(datetime.fromisoformat(origin.at)) if origin.at else "",
        origin.by,
        say("explain.account", lang, account=origin.account) if origin.account else "",
        sum_of(origin.terms, lang),
        say(origin.rule, lang) if origin.rule.startswith("basis.") else origin.rule,
    ]
    return f"{origin.named(lang)}: {' · '.join(on_one_line(fact) for fact in facts if fact)}"


def sum_of(terms: Iterable[str], lang: Lang) -> str:
    """A sum as the reader writes it: `35 + 32,5 + 16,5`."""
    return " + ".join(as_read(term, lang) for term in terms)


def origin_record(origin: Origin) -> dict[str, Any]:
    in_words = ("part", "line", "criterion", "term", "former")
    facts = {name: getattr(origin, name) for name in origin.__dataclass_fields__ if name not in in_words}
    if origin.line is not None:
        facts["line"] = origin.line.key
    if origin.term:
        facts |= {"former": origin.former, "changed": in_language(origin.term, "vi") or origin.term}
    return facts | {"what": origin.what.partition(".")[2]}


@singledispatch
def lines(value: Any, lang: Lang) -> Iterator[str]:
    """The lines of a result; one function per kind of result."""
    raise TypeError(type(value))


@singledispatch
def record(value: Any, lang: Lang) -> dict[str, Any]:
    """The JSON of a result; one function per kind of result."""
    raise TypeError(type(value))


def next_steps(beyond: Iterable[Week | Period], lang: Lang) -> Iterator[str]:
    """The commands to run if the shares have workbooks that a restored ledger does not know: for each week, then for each period."""
    unknown = list(beyond)
    if unknown:
        yield say("command.ledger_behind", lang, weeks=", ".join(str(week_or_period) for week_or_period in unknown))
    for week_or_period in unknown:
        for command in ("issue", "consolidate") if isinstance(week_or_period, Week) else ("roll-up",):
            yield f"  evalxl {command} {week_or_period}"
