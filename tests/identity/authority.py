"""Who may score and approve whom: every person of the office as the one who decides, for everybody, on several days.

What is right stands here as tables, read off the contract by hand; nothing is asked of the code that decides.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from evalxl.domain.history.events import ApprovedEvent, ReceivedEvent, ReturnedEvent, ScoredEvent
from evalxl.domain.history.history import WeekHistory
from evalxl.domain.organisation.authority import roster as roster_of
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.versions.returned_workbooks import Issue, ReturnedWorkbook, TypedCell
from evalxl.domain.weeks import Week
from evalxl.excel.tables import read_tables
from evalxl.forms.fields import ADJUST, APPROVE, RETURN, SCORED
from evalxl.forms.organisation.reading import read_organisation
from evalxl.forms.values import Typed
from evalxl.records.rulebooks import find_rulebook
from evalxl.steps.booking.approvals import decide_approvals
from evalxl.steps.booking.decision_context import DecisionContext
from evalxl.steps.booking.scores import decide_scores
from tests.identity.tally import Tally
from tests.little_office import draw_organisation, little_organisation
from tests.standard_parts import in_parts

WEEKS = (Week(2025, 23), Week(2025, 24), Week(2025, 25))
DAYS = (date(2025, 6, 8), date(2025, 6, 12), date(2025, 6, 18), date(2025, 6, 30))
OFFICIALS = [f"V1-{n:02d}" for n in range(3, 13)]
LEADERS = ["LD-01", "LD-02"]

# Scorer and approver of each person, as the little office's page says.
AUTHORITY = {
    **dict.fromkeys(OFFICIALS, ("V1-02", "V1-01")),
    **dict.fromkeys(("P-02", "P-03"), ("P-01", "C-01")),
    **dict.fromkeys(("0012", "V1-02"), ("V1-01", "V1-01")),
    **dict.fromkeys(("C-01", "TK-01", "VP-01"), ("LD-01", "LD-01")),
    "V1-01": ("LD-02", "LD-02"),
    "P-01": ("C-01", "C-01"),
    "VP-02": ("VP-01", "VP-01"),
}
MOVED = {"V1-05": ("P-01", "C-01")}  # from the second week on
# Who acts for whom: scope, and the weeks that it covers on each of the days.
ALL, NONE = {23, 24, 25}, set[int]()
DELEGATED: tuple[tuple[str, str, str, tuple[set[int], ...]], ...] = (
    ("V1-02", "VP-01", "score", (NONE, ALL, {23, 24}, {23, 24})),  # 9 to 15 June
    ("C-01", "V1-01", "approve", (NONE, NONE, ALL, {24, 25})),  # 16 to 22 June
    ("V1-01", "V1-02", "both", (NONE, NONE, ALL, {24, 25})),  # 17 to 20 June
)
ABOVE = {("V1-01", "V1-02"): "LD-02"}  # the delegate's own row goes to the next authority above the giver


@cache
def office() -> Organisation:
    """The little office with ten officials, a move and three delegations."""
    rows = little_organisation(officials=10)
    mover = next(row for row in rows["people"] if row["code"] == "V1-05")
    rows["people"].append({**mover, "unit": "P1", "scorer": None, "from": "9/6/2025"})
    mover["to"] = "8/6/2025"
    rows["delegations"] = [
        {"from person": "V1-02", "to person": "VP-01", "scope": "Chấm điểm", "from": "9/6/2025", "to": "15/6/2025"},
        {"from person": "C-01", "to person": "V1-01", "scope": "Phê duyệt", "from": "16/6/2025", "to": "22/6/2025"},
        {"from person": "V1-01", "to person": "V1-02", "scope": "Cả hai", "from": "17/6/2025", "to": "20/6/2025"},
    ]
    with tempfile.TemporaryDirectory() as folder:
        data = draw_organisation(Path(folder) / "organisation.xlsx", rows).read_bytes()
    organisation, _ = read_organisation(read_tables(data), find_rulebook(Path(), "cv-8679-2025"))
    assert organisation is not None
    return organisation


def rightful(who: str, code: str, scope: str, week: Week, day: int) -> bool:
    """Whether somebody may score or approve a person in a week on a day, by the tables above."""
    place = MOVED.get(code) if week != WEEKS[0] and code in MOVED else AUTHORITY.get(code)
    if place is None or who == code:
        return False
    authority = place[0] if scope == "score" else place[1]
    if who == authority:
        return True
    for giver, receiver, scopes, weeks in DELEGATED:
        if giver == authority and scopes in (scope, "both") and week.number in weeks[day]:
            return who == (ABOVE[(giver, code)] if receiver == code else receiver)
    return False


def court(week: Week, day: date) -> DecisionContext:
    rules = find_rulebook(Path(), "cv-8679-2025")
    roster, _ = roster_of(office(), week, rules)
    members = {member.code.lower(): member for member in roster.members}
    return DecisionContext(week, roster, office(), rules, day, {}, members)


SCORES = in_parts(Decimal(36), Decimal(36), Decimal(17))
NOON = datetime.combine(date(2025, 6, 9), time(12), UTC)
AT = NOON.isoformat()


def typed(
    owner: str, kind: str, table: str, code: str, cells: dict[str, Any], basis: dict[str, int]
) -> ReturnedWorkbook:
    """A workbook of somebody in which a row was typed."""
    issue = Issue(1, "copy", kind, owner, "p", "h", "t", "r", {}, basis=basis)
    row = {
        f"ev_{name}": TypedCell(Typed("number" if isinstance(v, int) else "text", str(v)).as_record(), "copy", 50, "f", "s", "A1")
        for name, v in cells.items()
    }  # fmt: skip
    return ReturnedWorkbook(kind, owner, {"copy": issue}, {(table, code): row})


SCORE_ROW = {
    "score_quality": 36,
    "score_progress": 36,
    "score_conduct": 17,
    "score_explanation": "Không có phiếu",
    "score_decision": SCORED,
}


def wrong_people() -> Iterator[Tally]:
    """Everybody scores and approves everybody: the wrong manager, the wrong approver, oneself, delegates out of time or scope."""
    people = [*AUTHORITY, *LEADERS]
    for scope in ("score", "approve"):
        tally = Tally(f"everybody tries to {scope} everybody")
        for week in WEEKS:
            for day in range(len(DAYS)):
                here = court(week, DAYS[day])
                for code in people:
                    for who in people:
                        _try(tally, here, scope, who, code, day)
        yield tally


def _try(tally: Tally, here: DecisionContext, scope: str, who: str, code: str, day: int) -> None:
    this = WeekHistory(here.week)
    if scope == "score":
        book = typed(who, "scoring", "team", code, SCORE_ROW, {})
        judgement = decide_scores(here, this, book)
    else:
        this.person(code).score = booked(code, 7)
        book = typed(who, "approval", "approvals", code, {"approve_decision": APPROVE}, {code: 7})
        judgement = decide_approvals(here, this, book)
    may = rightful(who, code, scope, here.week, day)
    kinds = [event.of_kind for event in judgement.decisions if event.of_kind != "assigned"]
    told = [finding.kind for finding in judgement.findings if finding.code == code]
    where = f"{who} {scope} {code} {here.week} {here.today}: {kinds} {told}"
    if not may:
        tally.expect(not kinds and f"authority.not_{scope.removesuffix('e')}er" in told, where)
        return
    wanted = ["scored"] if scope == "score" else ["approved"]
    scorer, approver = MOVED[code] if here.week != WEEKS[0] and code in MOVED else AUTHORITY[code]
    if scope == "score" and scorer == approver and rightful(who, code, "approve", here.week, day):
        wanted.append("approved")
    tally.expect(kinds == wanted and not told, where, rightful=True)


def booked(code: str, seq: int, version: str = "") -> ScoredEvent:
    scorer = AUTHORITY[code][0] if code in AUTHORITY else ""
    return ScoredEvent(subject=code, by_code=scorer, seq=seq, at=AT, scores=SCORES, version=version, source={})


def sent_back(code: str, stage: Any, reason: str) -> ReturnedEvent:
    return ReturnedEvent(subject=code, by_code="x", seq=10, at=AT, stage=stage, reason=reason, source={})


def skipped_stages() -> Tally:
    """The rightful approver decides on what was not scored, was scored anew, was sent back, or waits for the manager."""
    tally = Tally("an approval of what was not scored, or not as it is now")
    for week in WEEKS:
        here = court(week, DAYS[0])
        for code in AUTHORITY:
            approver = (MOVED[code] if week != WEEKS[0] and code in MOVED else AUTHORITY[code])[1]
            for stage in (
                "nothing scored",
                "not shown",
                "scored anew",
                "sent back",
                "returned",
                "waits",
                "approved other",
            ):
                for word in (APPROVE, ADJUST, RETURN):
                    this = WeekHistory(week)
                    basis = _stage(this, code, stage)
                    cells = {"approve_decision": word, "approve_quality": 30, "approve_opinion": "Xem lại"}
                    if word != ADJUST:
                        del cells["approve_quality"]
                    book = typed(approver, "approval", "approvals", code, cells, basis)
                    judgement = decide_approvals(here, this, book)
                    told = [finding.kind for finding in judgement.findings if finding.code == code]
                    fine = not judgement.decisions and any(kind.startswith("approval.") for kind in told)
                    tally.expect(fine, f"{approver} {word} {code} {week} {stage}: {judgement.decisions} {told}")
    return tally


def _stage(this: WeekHistory, code: str, stage: str) -> dict[str, int]:
    """Where the row stands; gives what the approver's copy showed."""
    person = this.person(code)
    if stage == "nothing scored":
        return {}
    person.score = booked(code, 9, version="v")
    if stage == "not shown":
        return {}
    if stage == "scored anew":
        return {code: 7}
    if stage == "sent back":
        person.score, person.returned = None, sent_back(code, "score", "Ghi lại")
        return {code: 9}
    if stage == "returned":
        person.returned = sent_back(code, "approve", "Chấm lại")
    elif stage == "waits":
        person.score = booked(code, 9)
        person.counted = ReceivedEvent(seq=11, at=AT, file="f", sha256="h", verdict="submitted")
    else:
        person.approval = ApprovedEvent(subject=code, by_code="x", seq=8, at=AT, scores=SCORES, score_seq=7, source={})
        return {code: 7}
    return {code: 9}


def rounds() -> Iterator[Tally]:
    yield from wrong_people()
    yield skipped_stages()
