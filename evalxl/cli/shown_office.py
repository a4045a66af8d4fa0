"""Shows the results of the steps around the weeks: making and checking an office, verifying, backing up, templates, the demo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evalxl.cli.show import Made, Rebuilt, SaidOnce, finding_lines, finding_record, lines, next_steps, record, waits
from evalxl.demo.run import Demonstrated
from evalxl.domain.errors import in_words
from evalxl.domain.weeks import shown_moment
from evalxl.steps.admin.backup import BackedUp, Restored
from evalxl.steps.admin.check import Checked
from evalxl.steps.admin.clean_archive import Cleaning
from evalxl.steps.admin.doctor import Diagnosis, DoctorLine
from evalxl.steps.admin.templates import Built, TemplateChecked
from evalxl.steps.reports.verify import Verified
from evalxl.words import Lang, as_read, say


@lines.register
def _(value: SaidOnce, lang: Lang) -> Iterator[str]:
    yield say(value.key, lang, **in_words(lang, **value.values))
    yield from waits(value.files, lang)


@record.register
def _(value: SaidOnce, lang: Lang) -> dict[str, Any]:
    return {
        "done": value.key.rpartition(".")[2],
        **{name: str(shown_value) for name, shown_value in value.values.items()},
    }


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
    yield from finding_lines(value.findings, lang)
    if not value.findings:
        yield say("command.no_findings", lang)
    yield from finding_lines(value.notes, lang)
    if value.written is not None:
        yield say("command.authorities_written", lang, file=value.written)


@record.register
def _(value: Checked, lang: Lang) -> dict[str, Any]:
    organisation = value.organisation
    return {
        "rulebook": value.rules.id,
        "people": len({post.code for post in organisation.posts}) if organisation else 0,
        "units": len(organisation.units) if organisation else 0,
        "findings": [finding_record(finding, lang) for finding in value.findings],
        "notes": [finding_record(finding, lang) for finding in value.notes],
        **({"written": str(value.written)} if value.written is not None else {}),
    }


@lines.register
def _(value: Verified, lang: Lang) -> Iterator[str]:
    if not value.altered:
        yield say("command.verified", lang, events=value.events, blobs=value.blobs, head=value.head)
        if value.deleted:
            yield say("command.verified_cleaned", lang, count=value.deleted)
        return
    yield say("command.altered", lang, count=len(value.altered))
    for alteration in value.altered:
        yield f"  {alteration.file}{f':{alteration.line}' if alteration.line else ''}: {say(alteration.key, lang)}"


@record.register
def _(value: Verified, lang: Lang) -> dict[str, Any]:
    return {
        "events": value.events,
        "blobs": value.blobs,
        "head": value.head,
        "deleted": value.deleted,
        "altered": [
            {"file": alteration.file, "line": alteration.line, "kind": alteration.key.rpartition(".")[2]}
            for alteration in value.altered
        ],
    }


@lines.register
def _(value: Cleaning, lang: Lang) -> Iterator[str]:
    facts = {"years": value.years, "files": value.files, "size": _megabytes(value.bytes, lang)}
    if value.reason:
        yield say("command.cleaned", lang, **facts, reason=value.reason)
    else:
        yield say("command.clean_list" if value.over else "command.clean_none", lang, **facts)
    for expired in value.over:
        size = _megabytes(expired.bytes, lang)
        yield say("command.clean_over", lang, when=expired.when.shown(lang), files=expired.files, size=size)
    for when in value.left:
        yield say("command.clean_left", lang, when=when.shown(lang))


def _megabytes(count: int, lang: Lang) -> str:
    return as_read(f"{count / 1_000_000:.1f}", lang)


@record.register
def _(value: Cleaning, lang: Lang) -> dict[str, Any]:
    return {
        "deleted": bool(value.reason),
        "reason": value.reason,
        "years": value.years,
        "files": value.files,
        "bytes": value.bytes,
        "of": [{"what": str(expired.when), "files": expired.files, "bytes": expired.bytes} for expired in value.over],
        "left": [str(when) for when in value.left],
    }


@lines.register
def _(value: Rebuilt, lang: Lang) -> Iterator[str]:
    yield say("command.rebuilt", lang, count=len(value.masters))
    yield from waits(value.masters, lang)


@record.register
def _(value: Rebuilt, lang: Lang) -> dict[str, Any]:
    return {"masters": [{"file": str(master.path), "state": master.state} for master in value.masters]}


@lines.register
def _(value: BackedUp, lang: Lang) -> Iterator[str]:
    made = value.backup
    yield say("command.backed_up", lang, files=made.files, folder=made.folder, head=made.head)


@record.register
def _(value: BackedUp, lang: Lang) -> dict[str, Any]:
    made = value.backup
    return {
        "folder": str(made.folder),
        "files": made.files,
        "linked": made.linked,
        "made": made.made.isoformat(),
        "head": made.head,
    }


@lines.register
def _(value: Restored, lang: Lang) -> Iterator[str]:
    made = value.backup
    when = shown_moment(made.made)
    yield say("command.restored", lang, files=made.files, office=value.office, made=when)
    if value.aside is not None:
        yield say("command.moved_aside", lang, folder=value.aside)
    yield from next_steps(value.beyond, lang)
    if value.unseen:
        yield say("command.share_unseen", lang)


@record.register
def _(value: Restored, lang: Lang) -> dict[str, Any]:
    made = value.backup
    aside = str(value.aside) if value.aside else None
    return {
        "office": str(value.office),
        "files": made.files,
        "made": made.made.isoformat(),
        "aside": aside,
        "beyond": [str(week) for week in value.beyond],
        "share_unseen": value.unseen,
    }


@lines.register
def _(value: Built, lang: Lang) -> Iterator[str]:
    yield from (str(path) for path in value.files)


@record.register
def _(value: Built, lang: Lang) -> dict[str, Any]:
    return {"files": [str(path) for path in value.files]}


@lines.register
def _(value: TemplateChecked, lang: Lang) -> Iterator[str]:
    yield from finding_lines(value.findings, lang)
    if not value.findings:
        yield say("command.template_fine", lang, file=value.file)


@record.register
def _(value: TemplateChecked, lang: Lang) -> dict[str, Any]:
    return {"file": str(value.file), "findings": [finding_record(finding, lang) for finding in value.findings]}


@lines.register
def _(value: Diagnosis, lang: Lang) -> Iterator[str]:
    for line in value.lines:
        yield f"[{say(f'doctor.answer_{line.answer}', lang)}] {_shown_line(line, lang)}"


def _shown_line(line: DoctorLine, lang: Lang) -> str:
    """A line of the diagnosis. Facts that are keys of the catalogue are shown in the reader's language."""
    facts = line.facts | ({"why": line.facts["why_en"]} if lang == "en" and "why_en" in line.facts else {})
    shown_facts = {name: say(fact[1:], lang) if fact.startswith("@doctor.") else fact for name, fact in facts.items()}
    if "who" in shown_facts:
        shown_facts["who"] = shown_facts["who"].replace("@doctor.everybody", say("doctor.everybody", lang))
    return say(line.key, lang, **shown_facts)


@record.register
def _(value: Diagnosis, lang: Lang) -> dict[str, Any]:
    return {
        "ready": not any(line.answer == "bad" for line in value.lines),
        "lines": [
            {"question": line.key.partition(".")[2], "answer": line.answer, "text": _shown_line(line, lang)}
            for line in value.lines
        ],
    }


@lines.register
def _(value: Demonstrated, lang: Lang) -> Iterator[str]:
    yield from value.text(lang)


@record.register
def _(value: Demonstrated, lang: Lang) -> dict[str, Any]:
    return value.record()
