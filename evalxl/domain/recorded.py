"""What single events say: a workbook that went out, one that came back, and what was typed into its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from evalxl.domain.findings import from_record
from evalxl.domain.history import DECISIONS, Book, Event, Issue, Received, TypedCell


def issue_of(event: Event) -> Issue:
    return Issue(
        seq=event["seq"],
        form_id=event["form_id"],
        workbook=event["workbook"],
        subject=event["subject"],
        path=event["path"],
        sha256=event["sha256"],
        template=event["template"],
        rulebook=event["rulebook"],
        values=event["values"],
        given=tuple(event.get("given", ())),
        origins=event.get("origins", {}),
        basis=event.get("basis", {}),
        versions=event.get("versions", {}),
    )


def received_of(event: Event) -> Received:
    return Received(
        seq=event["seq"],
        at=datetime.fromisoformat(event["at"]),
        file=event["file"],
        sha256=event["sha256"],
        verdict=event["verdict"],
        form_id=event.get("form_id", ""),
        workbook=event.get("workbook", ""),
        subject=event.get("subject", ""),
        content=event.get("content"),
        findings=tuple(from_record(record) for record in event.get("findings", ())),
        late=event.get("late", False),
        mtime=event.get("mtime", ""),
        modified_by=event.get("modified_by", ""),
    )


def type_into(book: Book, received: Received, typed: Iterable[Mapping[str, Any]]) -> None:
    for one in typed:
        key = (one["table"], one["row"])
        spent = book.spent.get(key)
        again = spent is not None and (spent.form_id, spent.value) == (received.form_id, tuple(one["value"]))
        if one["name"] in DECISIONS and again:
            continue
        row = book.rows.setdefault(key, {})
        row[one["name"]] = TypedCell(
            one["value"], received.form_id, received.seq, received.file, one["sheet"], one["cell"]
        )
