"""How what evalxl would say of a file is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from evalxl.cli.show import found, lines, record, sum_of, told
from evalxl.domain.evaluation.scoring import Scores, shown
from evalxl.domain.evaluation.submissions import submission_from_record
from evalxl.domain.names import shown_code, visible
from evalxl.steps.views.look import Looked, LookedAt
from evalxl.words import Lang, as_read, say


@lines.register
def _(value: LookedAt, lang: Lang) -> Iterator[str]:
    for number, one in enumerate(value.files):
        if number:
            yield ""
        yield from _of_file(one, lang)
    yield say("look.nothing_written", lang)


def _of_file(one: Looked, lang: Lang) -> Iterator[str]:
    yield f"{visible(str(one.file))}: {say(f'look.verdict_{one.verdict}', lang)}"
    whose = [
        say(f"look.kind_{one.workbook}", lang) if one.workbook else "",
        " ".join(part for part in (one.subject, one.name) if part),
        one.what.shown(lang) if one.what is not None else "",
    ]
    if any(whose):
        yield f"  {' · '.join(part for part in whose if part)}"
    if one.known and one.workbook and one.verdict != "waiting":
        yield say("look.known", lang)
    if one.closed:
        yield say("look.closed", lang, what=str(one.what))
    booked = list(_booked(one, lang))
    yield from booked or [say("look.nothing", lang)]
    yield from told(one.findings, lang)
    if one.left_out:
        yield say("look.left_out", lang)
        yield from (f"  - {say(key, lang)}" for key in one.left_out)


def _booked(one: Looked, lang: Lang) -> Iterator[str]:
    """What would be booked, or was; of a form that does not count nothing is."""
    if one.form is not None and one.verdict in ("submitted", "superseded"):
        said = submission_from_record(one.form)
        total = _sum(said.scores, lang)
        yield say("look.form", lang, scores=total, tasks=len(said.tasks))
    for row in one.rows:
        if row["kind"] in ("scored", "approved"):
            total = _sum(Scores.from_record(row["scores"]), lang)
            yield say(f"look.{row['kind']}", lang, code=shown_code(row["subject"]), scores=total)
        elif row["kind"] == "returned":
            yield say("look.returned", lang, code=shown_code(row["subject"]))
    others = Counter(row["kind"] for row in one.rows if row["kind"] not in ("scored", "approved", "returned"))
    for kind, count in others.items():
        yield say("look.others", lang, what=say(f"log.{kind}", lang, count=count))


def _sum(scores: Scores, lang: Lang) -> str:
    if scores.total is None:
        return sum_of(scores.as_record().values(), lang) or "-"
    return f"{sum_of(scores.as_record().values(), lang)} = {as_read(shown(scores.total), lang)}"


@record.register
def _(value: LookedAt, lang: Lang) -> dict[str, Any]:
    return {"files": [_record(one, lang) for one in value.files]}


def _record(one: Looked, lang: Lang) -> dict[str, Any]:
    scores = Scores.from_record(one.form.get("scores", {})) if one.form is not None else None
    return {
        "file": str(one.file),
        "verdict": one.verdict,
        "kind": one.workbook or None,
        "week": str(one.what) if one.what is not None else None,
        "code": one.subject or None,
        "name": one.name or None,
        "known": one.known,
        "closed": one.closed,
        "booked": [
            *(
                [{"what": "self", "code": one.subject, "scores": _points(scores)}]
                if scores and one.verdict == "submitted"
                else []
            ),
            *(_row(row) for row in one.rows),
        ],
        "findings": [found(finding, lang) for finding in one.findings],
        "left_out": [say(key, lang) for key in one.left_out],
    }


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    scores = _points(Scores.from_record(row["scores"])) if "scores" in row else None
    return {"what": row["kind"], "code": row.get("subject", ""), **({"scores": scores} if scores else {})}


def _points(scores: Scores) -> dict[str, str | None]:
    return {**scores.as_record(), "total": shown(scores.total) if scores.total is not None else None}
