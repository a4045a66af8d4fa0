"""The rules of the office once more, said in plain Python from the contract alone: who may score, what counts, what a person's week comes to.

Nothing here imports evalxl. The model is told which files lie in the folders and what was typed into each; from that it says the state, the
totals, the band and the flags of everybody, and what became of every file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

PARTS = ("quality", "progress", "conduct")
MAXIMUM = {"quality": 40, "progress": 40, "conduct": 20}
APART = 5  # a difference in any part above this needs a reason and a comment
BANDS = ((90, "excellent"), (75, "good"), (50, "completed"), (0, "not_completed"))

Scores = dict[str, Decimal | None]


def meant(typed: Any, part: str) -> tuple[Decimal | None, bool, bool]:
    """What a typed score means: the score, whether it was repaired, whether it is an error (and not only empty)."""
    if typed in (None, ""):
        return None, False, False
    if isinstance(typed, str):
        if not re.fullmatch(r"-?[0-9]{1,3}([.,][0-9]{1,2})?", typed):
            return None, False, True
        value, repaired = Decimal(typed.replace(",", ".")), True
    else:
        value, repaired = Decimal(typed), False
    if not 0 <= value <= MAXIMUM[part]:
        return None, False, True
    return value, repaired, False


def band_of(total: Decimal) -> str:
    return next(band for least, band in BANDS if total >= least)


def total_of(scores: Scores) -> Decimal | None:
    values = [scores.get(part) for part in PARTS]
    return None if any(value is None for value in values) else sum(values, Decimal(0))  # type: ignore[arg-type]


# The organisation


@dataclass
class Organisation:
    """Who stands where: one board leader above units of one level."""

    leader: str
    heads: dict[str, str]  # by unit
    units: dict[str, str]  # by person
    scorers: dict[str, str] = field(default_factory=dict)  # entered by hand
    left: dict[str, date] = field(default_factory=dict)  # the last day
    away: list[tuple[str, bool, date, date]] = field(default_factory=list)  # person, excused (else a trip), first, last
    given: list[tuple[str, str, str, date]] = field(default_factory=list)  # from, to, scope, first day; without an end
    off: set[date] = field(default_factory=set)

    def works(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.off

    def working_days(self, monday: date) -> list[date]:
        return [day for n in range(7) if self.works(day := monday + timedelta(days=n))]

    def next_working(self, day: date) -> date:
        while not self.works(day):
            day += timedelta(days=1)
        return day

    def in_post(self, person: str, day: date) -> bool:
        return person == self.leader or (person in self.units and day <= self.left.get(person, date.max))

    def evaluated(self, monday: date) -> list[str]:
        """Everybody in post on the Thursday, but for the leader of the board."""
        thursday = monday + timedelta(days=3)
        held = [p for p in self.units if self.in_post(p, thursday) and p != self.leader]
        return [p for p in held if any(self.in_post(p, day) for day in self.working_days(monday))]

    def scorer(self, person: str, thursday: date) -> str:
        entered = self.scorers.get(person, "")
        if entered and entered != person and self.in_post(entered, thursday):
            return entered
        head = self.heads[self.units[person]]
        return head if head != person and self.in_post(head, thursday) else self.leader

    def approver(self, person: str, thursday: date) -> str:
        head = self.heads[self.units[person]]
        return head if head != person and self.in_post(head, thursday) else self.leader

    def absent(self, person: str, monday: date) -> bool:
        """Excused on every working day of the week on which the person is in post."""
        days = [day for day in self.working_days(monday) if self.in_post(person, day)]
        excused = [(first, last) for who, excuse, first, last in self.away if who == person and excuse]
        return all(any(first <= day <= last for first, last in excused) for day in days)

    def acting(self, authority: str, person: str, scope: str, thursday: date, today: date) -> str:
        """Who acts in an authority's place for one row; for the delegate's own row, whoever stands above the authority."""
        to = ""
        for giver, receiver, what, first in self.given:
            known = giver == authority and what in (scope, "both") and first <= today
            if known and giver != receiver and self.in_post(receiver, today):
                to = receiver
        if to != person:
            return to
        above = self.scorer(authority, thursday) if authority != self.leader else ""
        return above if above != person else ""

    def may(self, who: str, person: str, scope: str, monday: date, today: date) -> str:
        """`own`, `delegated`, or empty: nobody decides on himself."""
        thursday = monday + timedelta(days=3)
        if who == person or person not in self.evaluated(monday):
            return ""
        authority = self.scorer(person, thursday) if scope == "score" else self.approver(person, thursday)
        if who == authority:
            return "own"
        if not who or who != self.acting(authority, person, scope, thursday, today):
            return ""
        return "delegated" if (authority, who) in {(giver, to) for giver, to, _, _ in self.given} else "above"

    def due(self, person: str, monday: date) -> datetime:
        """Friday 17:00, or the next working day; after a trip over the end of the week, the working day after it."""
        day = self.next_working(monday + timedelta(days=4))
        held = [one for one in self.working_days(monday) if self.in_post(person, one)]
        last = held[-1] if held else monday
        while ends := [
            end for who, excuse, first, end in self.away if who == person and not excuse and first <= last <= end
        ]:
            day = max(day, self.next_working(max(ends) + timedelta(days=1)))
            last = self.next_working(max(ends) + timedelta(days=1))
        return datetime.combine(day, time(17))


# What files say


@dataclass(frozen=True)
class FormFile:
    """A form as somebody saved it."""

    week: str
    person: str
    form_id: str
    submitted: bool
    scores: tuple[Any, ...] = (None, None, None)
    task: bool = True
    blank: bool = False
    tampered: bool = False


@dataclass(frozen=True)
class BookFile:
    """A scoring or approval workbook as somebody saved it: what differs in it from the copy that was issued."""

    week: str
    kind: str
    owner: str
    form_id: str
    typed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    all_rows: bool = False
    tampered: bool = False


@dataclass(frozen=True)
class Garbage:
    """Anything else. `to_come` is a file that is there in name only, as a cloud leaves it."""

    to_come: bool = False


File = FormFile | BookFile | Garbage


# One person's week


@dataclass
class Version:
    sha: str
    verdict: str  # submitted, superseded, draft, invalid
    scores: Scores
    tick: int
    form_id: str
    late: bool = False
    repaired: bool = False


@dataclass
class Person:
    versions: list[Version] = field(default_factory=list)
    counted: Version | None = None
    newest: Version | None = None
    score: dict[str, Any] | None = None
    approval: dict[str, Any] | None = None
    returned: tuple[str, datetime] | None = None
    sent_back: int = 0
    corrected_later: bool = False

    @property
    def newer(self) -> Version | None:
        if self.score is None or self.counted is None:
            return None
        valid = [version for version in self.versions if version.verdict == "submitted"]
        return valid[-1] if valid and valid[-1].sha != self.counted.sha else None

    @property
    def to_confirm(self) -> bool:
        return self.score is not None and not self.score["version"] and self.counted is not None


@dataclass
class Shown:
    """A row workbook as it went out: what its rows showed."""

    tick: int
    rows: Mapping[str, Mapping[str, str]]  # by person: the open cells, as text
    versions: dict[str, str] = field(default_factory=dict)
    basis: dict[str, int] = field(default_factory=dict)


@dataclass
class Row:
    """What was typed into one row over all copies: by field, the value, the copy, and when it was received."""

    cells: dict[str, tuple[Any, str, int]] = field(default_factory=dict)
    spent: tuple[int, str, Any] | None = None


NOT_SCORED, SCORED, RETURN = "Chưa chấm", "Đã chấm", "Trả lại"
APPROVE, ADJUST = "Phê duyệt", "Phê duyệt có điều chỉnh"


@dataclass
class Week:
    """One week: what lay there at the run before, and where everybody stands."""

    name: str
    monday: date
    issued: dict[str, str] = field(default_factory=dict)  # hash of what went out: its form id
    forms: dict[str, str] = field(default_factory=dict)  # form id: person
    withdrawn: set[str] = field(default_factory=set)
    shown: dict[str, Shown] = field(default_factory=dict)
    lay: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)  # by hash, as it was received
    there: dict[str, str] = field(default_factory=dict)
    bearers: dict[str, str] = field(default_factory=dict)  # by hash: where a manager's workbook was read
    copied: set[tuple[str, str]] = field(default_factory=set)  # where copies of one lie
    people: dict[str, Person] = field(default_factory=dict)
    rows: dict[tuple[str, str, str], Row] = field(default_factory=dict)  # kind, owner, person
    closed: bool = False
    closings: int = 0
    tick: int = 0
    offices: list[tuple[int, Organisation]] = field(
        default_factory=list
    )  # the office of each run, with the tick before it

    @property
    def thursday(self) -> date:
        return self.monday + timedelta(days=3)

    def person(self, code: str) -> Person:
        return self.people.setdefault(code, Person())

    def next(self) -> int:
        self.tick += 1
        return self.tick

    # A press of the button

    def consolidate(
        self, lies: Mapping[str, tuple[str, datetime]], files: Mapping[str, File], office: Organisation, now: datetime
    ) -> None:
        """Take in what lies in the folders.

        Args:
            lies: By path: the hash, and when the file was saved.
            files: By hash: what a file says; what is not named here went out from evalxl and came back untouched.
        """
        self.offices.append((self.tick, deepcopy(office)))
        known = set(self.lay.values())
        came = {sha: saved for _, (sha, saved) in lies.items() if sha in files and sha not in known}
        for sha in came:
            came[sha] = min(saved for one, saved in lies.values() if one == sha)
        lie = {path: sha for path, (sha, _) in lies.items() if sha in files}
        # A manager's workbook is drawn anew where it lies: the bytes that were read there are still known.
        kept = {path: sha for path, sha in self.lay.items() if self.verdicts[sha] == "read"}
        self.lay = kept | lie
        in_order = sorted(came, key=lambda sha: came[sha])
        for sha in in_order:
            self._read(sha, files[sha], came[sha], office, now)
        self._take_submitted([sha for sha in in_order if self.verdicts[sha] == "submitted"], files, came, office, now)
        self._tell_copies(lies)
        self._score(office, now)
        self._approve(office, now)

    def _read(self, sha: str, file: File, saved: datetime, office: Organisation, now: datetime) -> None:
        self.verdicts[sha] = verdict = self._verdict(file)
        if isinstance(file, FormFile) and verdict in ("draft", "invalid"):
            self._add(self.person(file.person), Version(sha, verdict, {}, self.next(), file.form_id))
        if isinstance(file, BookFile) and verdict == "read":
            self._type(file)

    def _verdict(self, file: File) -> str:
        if isinstance(file, Garbage):
            return "waiting" if file.to_come else "refused"
        if file.week != self.name or file.form_id in self.withdrawn:
            return "refused"
        if file.tampered:
            return "invalid"
        if isinstance(file, BookFile):
            return "read"
        if file.blank:
            return "waiting"
        if not file.submitted:
            return "draft"
        read = [meant(typed, part) for typed, part in zip(file.scores, PARTS, strict=True)]
        return "submitted" if file.task and all(value is not None for value, _, _ in read) else "invalid"

    def _type(self, book: BookFile) -> None:
        """The latest received per cell wins; a decision that was carried out is not taken again from the copy that still says it."""
        tick = self.next()
        decision = "decision"
        for person, cells in book.typed.items():
            row = self.rows.setdefault((book.kind, book.owner, person), Row())
            for name, value in cells.items():
                if name == decision and row.spent is not None and row.spent[1:] == (book.form_id, value):
                    continue
                row.cells[name] = (value, book.form_id, tick)
        if book.all_rows:
            shown = self.shown[book.form_id]
            for person in shown.basis:
                said = book.typed.get(person, {}).get(decision, shown.rows[person][decision])
                if said in ("", None, "Chưa phê duyệt"):
                    row = self.rows.setdefault((book.kind, book.owner, person), Row())
                    if row.spent is None or row.spent[1:] != (book.form_id, APPROVE):
                        row.cells[decision] = (APPROVE, book.form_id, tick)

    def _add(self, person: Person, version: Version) -> None:
        person.versions.append(version)
        if version.verdict != "superseded":
            person.newest = version
        if version.verdict != "submitted":
            return
        back = person.returned is not None and person.returned[0] == "score"
        if person.score is None or not person.score["version"] or back:
            person.counted = version
            if back:
                person.returned = None
            person.corrected_later = person.corrected_later or self.closings > 0
        if person.to_confirm:
            self._spend("scoring", person, version.tick)

    def _take_submitted(
        self,
        shas: Iterable[str],
        files: Mapping[str, File],
        came: Mapping[str, datetime],
        office: Organisation,
        now: datetime,
    ) -> None:
        """Of the forms that are new the one that was saved last counts; the others are superseded."""
        by_person: dict[str, list[str]] = {}
        for sha in shas:
            file = files[sha]
            assert isinstance(file, FormFile)
            by_person.setdefault(file.person, []).append(sha)
        for code, versions in by_person.items():
            person = self.person(code)
            due = office.due(code, self.monday)
            if person.returned is not None and person.returned[0] == "score":
                after = office.next_working(person.returned[1].date() + timedelta(days=1))
                due = max(due, datetime.combine(after + timedelta(days=1), time()))
            for sha in sorted(versions, key=lambda one: came[one]):
                file = files[sha]
                assert isinstance(file, FormFile)
                read = {part: meant(typed, part) for typed, part in zip(file.scores, PARTS, strict=True)}
                version = Version(
                    sha,
                    "submitted" if came[sha] == max(came[one] for one in versions) else "superseded",
                    {part: value for part, (value, _, _) in read.items()},
                    self.next(),
                    file.form_id,
                    late=now > due and came[sha] > due,
                    repaired=any(repaired for _, repaired, _ in read.values()),
                )
                self.verdicts[sha] = version.verdict
                self._add(person, version)

    def _tell_copies(self, lies: Mapping[str, tuple[str, datetime]]) -> None:
        """Of a manager's workbook the file that was read is the one; it is drawn anew, and its copies stay copies, as their own copies are."""
        still = {sha for path, (sha, _) in lies.items() if self.there.get(path) == sha}
        for path, (sha, _) in sorted(lies.items(), key=lambda one: (one[1][1], one[0])):
            if self.verdicts.get(sha) == "read" and self.there.get(path) != sha:
                bearer = self.bearers.get(sha, "")
                if sha in still or (bearer != path and lies.get(bearer, ("",))[0] == sha):
                    self.copied.add((path, sha))
                else:
                    self.bearers[sha] = path
        self.there = {path: sha for path, (sha, _) in lies.items()}
        self.copied = {(path, sha) for path, sha in self.copied if self.there.get(path) == sha}

    # Decisions

    def _decision(self, kind: str, owner: str, code: str) -> tuple[str, str, int]:
        """The word of a row, the copy in which it was taken, and when the row was typed into last."""
        row = self.rows[(kind, owner, code)]
        if not row.cells:
            return "", "", 0
        _, copy, tick = max(row.cells.values(), key=lambda cell: cell[2])
        if "decision" in row.cells:
            word, taken_in, _ = row.cells["decision"]
            return word or "", taken_in, tick
        if row.spent is not None and self.shown[copy].tick < row.spent[0]:
            return "", copy, tick
        return self.shown[copy].rows.get(code, {}).get("decision", ""), copy, tick

    def _deciders(self, kind: str, office: Organisation, today: date) -> list[tuple[str, str, str, str, str]]:
        """Rows with a decision, each with who may take it; of two who may, the one who typed last."""
        scope = "score" if kind == "scoring" else "approve"
        words = (SCORED, RETURN) if kind == "scoring" else (APPROVE, ADJUST, RETURN)
        found: dict[str, tuple[int, tuple[str, str, str, str, str]]] = {}
        for of, owner, code in list(self.rows):
            if of != kind:
                continue
            word, copy, tick = self._decision(kind, owner, code)
            right = office.may(owner, code, scope, self.monday, today) or self._could(
                owner, code, scope, office, today, kind
            )
            if word in words and right and (code not in found or tick > found[code][0]):
                found[code] = (tick, (owner, code, word, copy, right))
        return [entry for _, entry in found.values()]

    def _could(self, owner: str, code: str, scope: str, office: Organisation, today: date, kind: str) -> str:
        """What the former one saved counts: whoever might decide before the run that took the row in."""
        row = self.rows[kind, owner, code]
        typed = max((cell[2] for cell in row.cells.values()), default=0)
        before = [one for start, one in self.offices if start < typed][:-1]
        if not before or not office.in_post(owner, self.thursday) or not office.evaluated(self.monday):
            return ""
        return before[-1].may(owner, code, scope, self.monday, today)

    def _cell(self, kind: str, owner: str, code: str, name: str) -> Any:
        cells = self.rows[(kind, owner, code)].cells
        if name in cells:
            return cells[name][0]
        score = self.person(code).score
        return score["typed"].get(name) if kind == "scoring" and score is not None else None

    def _score(self, office: Organisation, now: datetime) -> None:
        today = now.date()
        for owner, code, word, _, right in self._deciders("scoring", office, today):
            person = self.person(code)
            said = {name: self._cell("scoring", owner, code, name) for name in (*PARTS, "comment", "explanation")}
            if word == RETURN:
                if said["comment"] and person.counted is not None:
                    self._send_back(person, "score", now)
                continue
            read = {part: meant(said[part], part) for part in PARTS}
            scores: Scores = {part: value for part, (value, _, _) in read.items()}
            version = self._version(person, self.rows[("scoring", owner, code)])
            own = next((v.scores for v in person.versions if v.sha == version), None)
            if not self._row_is_whole(scores, said, own):
                continue
            before = person.score
            score = {
                "by": owner,
                "scores": scores,
                "comment": said["comment"] or "",
                "explanation": said["explanation"] or "",
                "version": version,
            }
            same = before is not None and all(before[name] == value for name, value in score.items())
            if same and person.returned is None:
                continue
            repaired = any(one for _, one, _ in read.values())
            typed = {**scores, "comment": score["comment"], "explanation": score["explanation"]}
            person.score = {
                **score,
                "delegated": right == "delegated",
                "repaired": repaired,
                "no": self.next(),
                "typed": typed,
            }
            if version and (person.counted is None or person.counted.sha != version):
                person.counted = [v for v in person.versions if v.sha == version][-1]
            person.approval = person.returned = None
            person.corrected_later = person.corrected_later or self.closings > 0
            both = office.scorer(code, self.thursday) == office.approver(code, self.thursday)
            if not office.may(owner, code, "score", self.monday, today):
                both = bool(self._could(owner, code, "approve", office, today, "scoring"))
            elif both:
                both = bool(office.may(owner, code, "approve", self.monday, today))
            if both:
                self._book_approval(person, owner, scores, right, same_person=True)

    def _version(self, person: Person, row: Row) -> str:
        """The form that a score speaks of: the latest valid one received before the manager scored."""
        if person.counted is None:
            return ""
        if person.score is not None and person.score["version"] and person.returned is None:
            return str(person.score["version"])
        _, copy, typed = max(row.cells.values(), key=lambda cell: cell[2])
        shown = next(
            (self.shown[copy].versions.get(code, "") for code, one in self.people.items() if one is person), ""
        )
        stands = any(v.sha == shown and v.tick > person.sent_back for v in person.versions)
        return shown if stands and person.counted.tick > typed else person.counted.sha

    @staticmethod
    def _row_is_whole(scores: Scores, said: Mapping[str, Any], own: Scores | None) -> bool:
        total = total_of(scores)
        if total is None:
            return False
        if own is None:
            return bool(said["explanation"] or said["comment"]) and (bool(said["comment"]) or 50 <= total < 90)
        far = any(abs(scores[part] - own[part]) > APART for part in PARTS)  # type: ignore[operator]
        if far and not said["explanation"]:
            return False
        return bool(said["comment"]) or (50 <= total < 90 and not far)

    def _send_back(self, person: Person, stage: str, now: datetime) -> None:
        if stage == "score" and person.newer is not None:
            person.counted = person.newer
        person.returned, person.approval = (stage, now), None
        person.corrected_later = person.corrected_later or self.closings > 0
        tick = self.next()
        self._spend("scoring", person, tick)
        self._spend("approval", person, tick)
        if stage == "score":
            person.score, person.sent_back = None, tick

    def _spend(self, kind: str, person: Person, tick: int) -> None:
        for (of, _, code), row in self.rows.items():
            if of == kind and self.people.get(code) is person and row.cells:
                cell = row.cells.pop("decision", None)
                before = row.spent or (tick, "", None)
                row.spent = (tick, cell[1], cell[0]) if cell else (tick, before[1], before[2])

    def _approve(self, office: Organisation, now: datetime) -> None:
        for owner, code, word, copy, right in self._deciders("approval", office, now.date()):
            person = self.person(code)
            if person.score is None:
                continue
            basis = self.shown[copy].basis.get(code)
            if basis != person.score["no"] or person.returned is not None or person.to_confirm:
                continue
            read = {part: meant(self._cell("approval", owner, code, part), part) for part in PARTS}
            opinion = self._cell("approval", owner, code, "opinion") or ""
            if any(error for _, _, error in read.values()):
                continue
            adjusted = {part: value for part, (value, _, _) in read.items() if value is not None}
            differs = any(value != person.score["scores"][part] for part, value in adjusted.items())
            if word == RETURN:
                if opinion:
                    self._send_back(person, "approve", now)
                continue
            if (word == ADJUST and not (opinion and differs)) or (word == APPROVE and differs):
                continue
            before = person.approval
            scores = {**person.score["scores"], **adjusted}
            same = before is not None and (before["by"], before["scores"], before["adjusted"], before["opinion"]) == (
                owner,
                scores,
                word == ADJUST,
                opinion,
            )
            if not same:
                repaired = any(one for _, one, _ in read.values())
                self._book_approval(person, owner, scores, right, word == ADJUST, opinion, repaired)

    def _book_approval(
        self,
        person: Person,
        by: str,
        scores: Scores,
        right: str,
        adjusted: bool = False,
        opinion: str = "",
        repaired: bool = False,
        same_person: bool = False,
    ) -> None:
        person.approval = {
            "by": by,
            "scores": scores,
            "adjusted": adjusted,
            "opinion": opinion,
            "delegated": right == "delegated",
            "repaired": repaired,
            "same_person": same_person,
        }
        person.returned = None
        person.corrected_later = person.corrected_later or self.closings > 0

    def went_out(self, form_id: str, rows: Mapping[str, Mapping[str, str]]) -> None:
        """A row workbook went out after this run: it shows everybody as they stand now."""
        shown = Shown(self.next(), rows)
        for code in rows:
            person = self.person(code)
            if person.counted is not None:
                shown.versions[code] = person.counted.sha
            if person.score is not None:
                shown.basis[code] = person.score["no"]
        self.shown[form_id] = shown

    # What it comes to

    def result(self, code: str, office: Organisation) -> dict[str, str]:
        """A person's row of the export."""
        person = self.people.get(code, Person())
        absent = office.absent(code, self.monday)
        own = person.counted.scores if person.counted else {}
        scored = person.score["scores"] if person.score else {}
        approved = person.approval["scores"] if person.approval else {}
        state = self._state(person, absent)
        total, basis = None, "none"
        if approved:
            total, basis = total_of(approved), "approved"
        elif scored:
            total, basis = total_of(scored), "scored"
        elif state in ("submitted", "returned"):
            total, basis = total_of(own), "self"
        row = {"code": code, "state": state, "counted_basis": basis, "counted_total": plain(total)}
        row["band"] = band_of(total) if total is not None else ""
        for stage, scores in (("self", own), ("scored", scored), ("approved", approved)):
            row |= {f"{stage}_{part}": plain(scores.get(part)) for part in PARTS}
            row[f"{stage}_total"] = plain(total_of(scores))
        row["flags"] = " ".join(sorted(self._flags(person, absent, basis)))
        return row

    @staticmethod
    def _state(person: Person, absent: bool) -> str:
        if person.approval is not None:
            return "approved"
        if person.returned is not None:
            return "returned"
        if person.score is not None:
            return "scored"
        if person.counted is not None:
            return "submitted"
        if absent:
            return "absent"
        if person.newest is not None and person.newest.verdict in ("invalid", "draft"):
            return person.newest.verdict
        return "not_submitted"

    @staticmethod
    def _flags(person: Person, absent: bool, basis: str) -> Iterable[str]:
        counted, score, approval = person.counted, person.score, person.approval
        flags = {
            "late": counted is not None and counted.late,
            "repaired": any(
                (counted and counted.repaired, score and score["repaired"], approval and approval["repaired"])
            ),
            "absent_note": absent and counted is not None,
            "no_self": score is not None and not score["version"],
            "same_person": approval is not None and approval["same_person"],
            "delegated": any((score and score["delegated"], approval and approval["delegated"])),
            "adjusted": approval is not None and approval["adjusted"],
            "newer_version": person.newer is not None,
            "corrected_later": person.corrected_later,
            "provisional": basis in ("scored", "self"),
        }
        return [name for name, holds in flags.items() if holds]

    def count(self, lies: Mapping[str, tuple[str, datetime]], files: Mapping[str, File]) -> dict[str, int]:
        """What became of every file: one word each."""
        count = dict.fromkeys(("received", "accepted", "superseded", "duplicate", "refused", "waiting", "unchanged"), 0)
        seen: set[str] = set()
        for path, (sha, _) in lies.items():
            count["received"] += 1
            if sha not in files:
                count["unchanged"] += 1  # as it was issued
            elif (path, sha) in self.copied or (sha in seen and self.verdicts[sha] != "read"):
                count["duplicate"] += 1
            else:
                seen.add(sha)
                count[self._word(sha, files[sha])] += 1
        return count

    def _word(self, sha: str, file: File) -> str:
        verdict = self.verdicts[sha]
        if verdict == "read":
            return "accepted"
        if verdict in ("refused", "invalid"):
            return "refused"
        if verdict == "superseded":
            return verdict
        if verdict == "submitted":
            assert isinstance(file, FormFile)
            person = self.person(file.person)
            if person.counted is not None and person.counted.sha == sha:
                return "accepted"
            return "waiting" if person.newer is not None and person.newer.sha == sha else "superseded"
        return "unchanged" if isinstance(file, FormFile) and file.blank else "waiting"


def plain(value: Decimal | None) -> str:
    """A number as the export writes it."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
