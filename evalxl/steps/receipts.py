"""Receipts: a text per person that says what was received, when, which version counts, and exactly which cells to correct.

A receipt never says a score that somebody else gave.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalxl.domain.findings import Finding
from evalxl.domain.history import PersonWeek
from evalxl.domain.names import on_one_line, visible
from evalxl.domain.results import Result, WeekView
from evalxl.domain.weeks import shown_date
from evalxl.records.settings import Settings
from evalxl.words import Lang, say

MOST = 30  # findings told in one receipt


def receipt(
    person: PersonWeek, row: Result, findings: Sequence[Finding], view: WeekView, settings: Settings, lang: Lang
) -> str:
    """The receipt of one person, as text.

    Args:
        person: What came from the person.
        row: Where the person stands.
        findings: What concerns the person's own files.
        view: The week.
        settings: Whom to call.
        lang: The office's language.
    """
    lines = (on_one_line(line) for line in _lines(person, row, findings, view, settings, lang))
    return "\r\n".join(lines) + "\r\n"


def _lines(
    person: PersonWeek, row: Result, findings: Sequence[Finding], view: WeekView, settings: Settings, lang: Lang
) -> Iterator[str]:
    yield say("receipt.title", lang, week=view.week.shown(lang))
    yield say("receipt.person", lang, name=row.name, code=row.code, unit=row.unit_name)
    yield say("receipt.state", lang, state=say(f"state.{row.state}", lang))
    yield ""
    if person.versions:
        yield say("receipt.files", lang)
        for number, version in enumerate(person.versions, start=1):
            at = version.at.astimezone(settings.zone)
            verdict = say(f"verdict.{version.verdict}", lang)
            if version.verdict == "submitted" and version is not person.counted:
                verdict = say("receipt.after_scoring" if person.newer is version else "verdict.superseded", lang)
            late = f" ({say('flag.late', lang)})" if version.late else ""
            file = visible(version.file.rpartition("/")[2])
            yield f"  {number}. {at:%H:%M} {shown_date(at.date())} · {file} · {verdict}{late}"
        if person.counted is not None:
            yield say("receipt.counts", lang, number=person.versions.index(person.counted) + 1)
        yield ""
    if person.returned is not None and person.returned.stage == "score":
        yield say("receipt.returned", lang, by=view.people.get(person.returned.by, person.returned.by))
        # Each of its lines stands in from ours.
        yield from (f"  {line}" for line in person.returned.reason.splitlines())
        yield ""
    if person.voided is not None:
        yield say("receipt.voided", lang)
        yield ""
    told = [finding for finding in findings if finding.kind != "form.draft"]
    if any(finding.kind == "form.draft" for finding in findings):
        yield say("receipt.draft", lang)
        yield ""
    for level in ("error", "warning", "repair", "note"):
        these = [finding for finding in told if finding.level == level]
        if these:
            yield say(f"receipt.{level}", lang)
            yield from (f"  - {line}" for finding in these[:MOST] for line in _said(finding, lang))
            if len(these) > MOST:
                yield say("receipt.more", lang, count=len(these) - MOST)
            yield ""
    to_person = person.returned is not None and person.returned.stage == "score"
    if row.state in ("invalid", "draft", "not_submitted") or to_person:
        yield say("receipt.resubmit", lang)
    if settings.contact:
        yield say("receipt.contact", lang, contact=settings.contact)


def _said(finding: Finding, lang: Lang) -> Iterator[str]:
    yield " ".join(part for part in (finding.message(lang), finding.remedy(lang)) if part)
