"""Shows the result of `look`: what evalxl would do with a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from evalxl.cli.show import finding_lines, finding_record, lines, record, sum_of
from evalxl.domain.evaluation.scoring import Scores, shown
from evalxl.domain.evaluation.submissions import submission_from_record
from evalxl.domain.names import shown_code, visible
from evalxl.steps.views.look import Looked, LookedAt
from evalxl.words import Lang, as_read, say


@lines.register
def _(value: LookedAt, lang: Lang) -> Iterator[str]:
    for number, looked in enumerate(value.files):
        if number:
            yield ""
        yield from _of_file(looked, lang)
    yield say("look.nothing_written", lang)


def _of_file(looked: Looked, lang: Lang) -> Iterator[str]:
    yield f"{visible(str(looked.file))}: {say(f'look.verdict_{looked.verdict}', lang)}"
    whose = [
        say(f"look.kind_{looked.workbook}", lang) if looked.workbook else "",
        " ".join(part for part in (looked.subject, looked.name) if part),
        looked.what.shown(lang) if looked.what is not None else "",
    ]
    if any(whose):
        yield f"  {' · '.join(part for part in whose if part)}"
    if looked.known and looked.workbook and looked.verdict != "waiting":
        yield say("look.known", lang)
    if looked.closed:
        yield say("look.closed", lang, what=str(looked.what))
    booked = list(_booked(looked, lang))
    yield from booked or [say("look.nothing", lang)]
    yield from finding_lines(looked.findings, lang)
    if looked.left_out:
        yield say("look.left_out", lang)
        yield from (f"  - {say(key, lang)}" for key in looked.left_out)


def _booked(looked: Looked, lang: Lang) -> Iterator[str]:
    """The lines for what would be booked, or was. A form that does not count books nothing."""
    if looked.form is not None and looked.verdict in ("submitted", "superseded"):
        submission = submission_from_record(looked.form)
        total = _sum(looked.scores(looked.form["scores"]), lang)
        yield say("look.form", lang, scores=total, tasks=len(submission.tasks))
    for row in looked.rows:
        if row["kind"] in ("scored", "approved"):
            total = _sum(looked.scores(row["scores"]), lang)
            yield say(f"look.{row['kind']}", lang, code=shown_code(row["subject"]), scores=total)
        elif row["kind"] == "returned":
            yield say("look.returned", lang, code=shown_code(row["subject"]))
    others = Counter(row["kind"] for row in looked.rows if row["kind"] not in ("scored", "approved", "returned"))
    for kind, count in others.items():
        yield say("look.others", lang, what=say(f"log.{kind}", lang, count=count))


def _sum(scores: Scores, lang: Lang) -> str:
    if scores.total is None:
        return sum_of(map(shown, scores.given.values()), lang) or "-"
    return f"{sum_of(map(shown, scores.given.values()), lang)} = {as_read(shown(scores.total), lang)}"


@record.register
def _(value: LookedAt, lang: Lang) -> dict[str, Any]:
    return {"files": [_record(looked, lang) for looked in value.files]}


def _record(looked: Looked, lang: Lang) -> dict[str, Any]:
    scores = looked.scores(looked.form.get("scores", {})) if looked.form is not None else None
    return {
        "file": str(looked.file),
        "verdict": looked.verdict,
        "kind": looked.workbook or None,
        "week": str(looked.what) if looked.what is not None else None,
        "code": looked.subject or None,
        "name": looked.name or None,
        "known": looked.known,
        "closed": looked.closed,
        "booked": [
            *(
                [{"what": "self", "code": looked.subject, "scores": _points(scores)}]
                if scores and looked.verdict == "submitted"
                else []
            ),
            *(_row(looked, row) for row in looked.rows),
        ],
        "findings": [finding_record(finding, lang) for finding in looked.findings],
        "left_out": [say(key, lang) for key in looked.left_out],
    }


def _row(looked: Looked, row: Mapping[str, Any]) -> dict[str, Any]:
    scores = _points(looked.scores(row["scores"])) if "scores" in row else None
    return {"what": row["kind"], "code": row.get("subject", ""), **({"scores": scores} if scores else {})}


def _points(scores: Scores) -> dict[str, str | None]:
    return {**scores.as_record(), "total": shown(scores.total) if scores.total is not None else None}
