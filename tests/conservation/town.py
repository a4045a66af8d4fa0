"""The office at work on real files: people fill, copy, rename, spoil; managers and approvers type; the button is pressed and all is looked at.

Workbooks are filled without a spreadsheet program, everything runs in this process with a clock of its own. What each saved file says is
written down by its hash, so the model knows of every file what a person would know.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from copy import deepcopy
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from os import utime
from pathlib import Path
from typing import Any

from evalxl.cli.main import main
from evalxl.cli.show import as_json, as_text, exit_code
from evalxl.demo.type_into import fill
from evalxl.domain.errors import EvalxlError
from evalxl.domain.weeks import Week as OfficeWeek
from evalxl.forms import kinds
from evalxl.forms.kind import kind_named
from evalxl.steps.admin.backup import backup, restore
from evalxl.steps.close import close, reopen
from evalxl.steps.consolidate import consolidate
from evalxl.steps.issue.issue import issue, withdraw
from evalxl.steps.office.office import Clock, Office
from evalxl.steps.outputs.week_outputs import draw_masters
from evalxl.steps.reports.export import export
from evalxl.steps.reports.verify import rebuild, verify
from evalxl.steps.views.week_view import week_view
from tests.conservation.model import BookFile, File, FormFile, Garbage, Organisation, Week
from tests.little_office import draw_organisation, person

LEADER = "LD-01"
FIRST = date(2025, 6, 2)
CELLS = {
    "scoring": ("quality", "progress", "conduct", "comment", "explanation", "decision"),
    "approval": ("quality", "progress", "conduct", "opinion", "decision"),
}
PREFIX = {"scoring": "ev_score_", "approval": "ev_approve_"}


def week_name(monday: date) -> str:
    year, number, _ = monday.isocalendar()
    return f"{year}-W{number:02d}"


def as_shown(value: Any) -> str:
    """A cell as it looks, so that typing what stands there already is no typing."""
    if isinstance(value, list):  # put back as it was typed
        return as_shown(Decimal(value[1]) if value[0] == "number" else value[1])
    if isinstance(value, dict):
        return as_shown(Decimal(value["n"]))
    if isinstance(value, (int, Decimal)):
        return f"{float(value):.12g}"
    return value or ""


@dataclass
class Town:
    """One office, and what is known of every file in it."""

    root: Path
    now: datetime = datetime(2025, 6, 2, 8)
    files: dict[str, File] = field(default_factory=dict)
    weeks: dict[str, Week] = field(default_factory=dict)
    went_out: dict[str, bytes] = field(default_factory=dict)  # by form id
    values: dict[str, Mapping[str, Any]] = field(
        default_factory=dict
    )  # by form id: what the ledger says was written into it
    paths: dict[str, Path] = field(default_factory=dict)
    outputs: set[str] = field(default_factory=set)  # hashes of what evalxl wrote
    ledger: dict[str, str] = field(default_factory=dict)
    events: int = 0
    changes: int = 0  # of the organisation workbook
    runs: int = 0
    saves: int = 0  # forms that were filled
    last: str = ""  # the week of the last press, where its masters tell of nothing that only that press saw

    def __post_init__(self) -> None:
        self.folder = self.root / "office"
        self.share = self.folder / "shared"
        with redirect_stdout(io.StringIO()):
            assert main(["init", str(self.folder)]) == 0
        self.office = Organisation(
            LEADER,
            {"VU1": "V1-01", "VP": "VP-01"},
            {"V1-01": "VU1", "V1-02": "VU1", "V1-03": "VU1", "V1-04": "VU1", "VP-01": "VP", "VP-02": "VP"},
            {"V1-03": "V1-02", "V1-04": "V1-02"},
        )
        self.reorganise()

    # The office staff

    def reorganise(self) -> None:
        """Write the organisation workbook as the model has it: each change with a first day, so that it holds for every week."""
        self.changes += 1
        since = date(2024, 1, 1) + timedelta(days=self.changes)
        ranks = {"V1-01": "Cấp trưởng đơn vị", "VP-01": "Cấp trưởng đơn vị", "V1-02": "Cấp phó đơn vị"}
        office = self.office
        rows: dict[str, list[dict[str, Any]]] = {
            "units": [{"code": "LĐ", "name": "Lãnh đạo Ban", "head": LEADER}]
            + [
                {"code": u, "name": f"Đơn vị {u}", "head": h, "leader in charge": LEADER, "from": since}
                for u, h in office.heads.items()
            ],
            "people": [person(LEADER, "Nguyễn Văn Ưu", "LĐ", "Lãnh đạo Ban")]
            + [
                person(
                    code,
                    f"Vũ Văn {code}",
                    unit,
                    ranks.get(code, "Công chức"),
                    scorer=office.scorers.get(code),
                    to=office.left.get(code),
                    **{"from": since},
                )
                for code, unit in office.units.items()
            ],
            "positions": [],
            "tasks": [],
            "absences": [
                {"code": who, "kind": "Nghỉ phép" if excused else "Đi công tác", "from": first, "to": last}
                for who, excused, first, last in office.away
            ],
            "delegations": [
                {"from person": a, "to person": b, "scope": _SCOPES[scope], "from": first, "to": date(2026, 12, 31)}
                for a, b, scope, first in office.given
            ],
            "days_off": [{"date": day, "kind": "Nghỉ lễ, Tết"} for day in sorted(office.off)],
        }
        draw_organisation(self.folder / "organisation.xlsx", rows)

    def clock(self, office: Office) -> Clock:
        self.now += timedelta(minutes=1)
        return Clock(self.now.replace(tzinfo=office.settings.zone), "văn phòng")

    def command(self, do: Callable[[Office, Clock], Any]) -> tuple[int, Any]:
        """Run a step as the command line does: its exit code, and what it did. A traceback is a failure of the test."""
        try:
            office = Office.open(self.folder)
            done = do(office, self.clock(office))
        except EvalxlError as slip:
            assert slip.sentence("vi") and slip.sentence("en")
            return 2, None
        return exit_code(done) if done is not None else 0, done

    def issue(self, monday: date) -> None:
        name = week_name(monday)
        week = self.weeks.get(name)
        code, done = self.command(lambda office, clock: issue(office, OfficeWeek.parse(name), clock))
        if week is not None and week.closed:
            assert code == 2
            return
        assert code in (0, 1), code
        if done.holiday:
            assert not self.office.working_days(monday)
            return
        this = self.weeks.setdefault(name, Week(name, monday))
        this.offices.append((this.tick, deepcopy(self.office)))
        self._is_older_than_the_ledger(name)
        self._learn()

    def _is_older_than_the_ledger(self, name: str) -> None:
        """Forms go out and are taken back without a master being drawn: what lies there waits for the next press of the button."""
        self.last = "" if name == self.last else self.last

    def withdraw(self, name: str, code: str | None) -> None:
        week = self.weeks[name]
        exit, done = self.command(lambda office, clock: withdraw(office, OfficeWeek.parse(name), code, clock))
        assert exit == 0 or (exit == 2 and (code is not None or week.closed or not done))
        if done is not None:
            self._is_older_than_the_ledger(name)
            taken = set(done.taken)
            for form_id, who in week.forms.items():
                if self.paths[form_id] in taken and form_id not in week.withdrawn:
                    assert not [one for one in week.person(who).versions if one.form_id == form_id], (
                        "something came back from it"
                    )
                    week.withdrawn.add(form_id)

    def close(self, name: str) -> None:
        week = self.weeks[name]
        code, _ = self.command(lambda office, clock: close(office, OfficeWeek.parse(name), clock, sure=True))
        assert code == (2 if week.closed else 0)
        week.closings += not week.closed
        week.closed = True

    def reopen(self, name: str) -> None:
        week = self.weeks[name]
        code, _ = self.command(lambda office, clock: reopen(office, OfficeWeek.parse(name), clock, "Bổ sung phiếu"))
        assert code == (0 if week.closed else 2)
        week.closed = False

    def back_up_and_restore(self) -> None:
        """The office is lost and comes back from its backup; its share lies elsewhere and stays as it is."""
        away = self.root / "away"
        code, _ = self.command(lambda office, clock: backup(office, self.root / "backup", clock))
        assert code == 0
        shutil.move(self.share, away)
        shutil.rmtree(self.folder)
        restore(self.root / "backup", self.folder, Clock(self.now.astimezone(), "văn phòng"))
        shutil.rmtree(self.root / "backup")
        if self.share.exists():
            shutil.rmtree(self.share)
        shutil.move(away, self.share)

    # Everybody

    def save(self, path: Path, data: bytes, says: File | None = None) -> None:
        """Somebody saves a file at the clock's time."""
        self.now += timedelta(minutes=1)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.stamp(path, self.now)
        if says is not None:
            self.files.setdefault(sha256(data).hexdigest(), says)

    def stamp(self, path: Path, moment: datetime) -> None:
        at = int(moment.replace(tzinfo=_VIETNAM).timestamp())
        utime(path, (at, at))

    def lying(self, name: str) -> dict[str, Path]:
        """By path as the share has it: every file that somebody may have put there, evalxl's own outputs apart."""
        found = {}
        for path in sorted((self.share / name).rglob("*")):
            own = (
                path.name.endswith(("_tong-hop.xlsx", "_tong-quan.html"))
                or path.name.startswith(("~$", "."))
                or {"receipts", "results"} & {*path.parts}
            )
            if path.is_file() and not own:
                found[path.relative_to(self.share).as_posix()] = path
        return found

    def fill(self, name: str, code: str, where: str, says: FormFile) -> None:
        """A person fills the latest form, or (`says.form_id`) another one that went out, and saves it somewhere."""
        typed: dict[str, Any] = {"ev_status": "Đã nộp" if says.submitted else "Đang soạn"}
        for part, value in zip(("quality", "progress", "conduct"), says.scores, strict=True):
            typed[f"ev_self_{part}"] = "" if value is None else value
        if says.task:
            self.saves += 1  # nobody types the same twice
            typed |= {"ev_task_name": [f"Tham mưu báo cáo {self.saves}"], "ev_task_status": ["Hoàn thành"]}
        data = fill(self.went_out[says.form_id], kinds.FORM, {} if says.blank else typed)
        if says.tampered:
            data = tampered(data, f"Vũ Văn {says.person}", "Người Khác")
        self.save(self.place(name, code, where, says.form_id), data, says)

    def place(self, name: str, code: str, where: str, form_id: str) -> Path:
        own = self.paths[form_id]
        return {
            "own": own,
            "copy": own.with_name(f"{own.stem} - Copy.xlsx"),
            "other unit": self.share / name / ("VP" if "VU1" in own.parts else "VU1") / "forms" / own.name,
            "week": self.share / name / f"phiếu {code}.xlsx",
        }[where]

    def type_rows(
        self, base: tuple[bytes, BookFile], rows: Mapping[str, Mapping[str, Any]], all_rows: bool = False
    ) -> tuple[bytes, BookFile]:
        """A manager types into rows of a copy that is in hand; gives the copy back as saved."""
        data, says = base
        values, prefix = self.values[says.form_id], PREFIX[says.kind]
        people = list(values["ev_row_person"])
        typed: dict[str, dict[str, Any]] = {who: dict(cells) for who, cells in says.typed.items()}
        columns: dict[str, list[Any]] = {}
        for who, cells in rows.items():
            if who not in people:
                continue
            for name, value in cells.items():
                columns.setdefault(f"{prefix}{name}", [None] * len(people))[people.index(who)] = value
                shown = self.shown_cell(says.form_id, says.kind, who, name)
                if as_shown(value) == shown:
                    typed.get(who, {}).pop(name, None)
                else:
                    typed.setdefault(who, {})[name] = None if value == "" else value
        more = {"ev_approve_all": "Có"} if all_rows else {}
        says = replace(
            says, typed={who: cells for who, cells in typed.items() if cells}, all_rows=says.all_rows or all_rows
        )
        return fill(data, kind_named(says.kind), {**columns, **more}), says

    def shown_cell(self, form_id: str, kind: str, who: str, name: str) -> str:
        values = self.values[form_id]
        column = values.get(f"{PREFIX[kind]}{name}", [])
        row = list(values["ev_row_person"]).index(who)
        return as_shown(column[row]) if row < len(column) else ""

    def in_hand(self, path: Path) -> tuple[bytes, BookFile] | None:
        """A row workbook as it lies there, with what it says; nothing where something else lies in its place."""
        data = path.read_bytes()
        digest = sha256(data).hexdigest()
        says = self.files.get(digest)
        if isinstance(says, BookFile):
            return data, says
        for name, week in self.weeks.items():
            form_id = week.issued.get(digest)
            if form_id in week.shown:
                event = self._event_of[form_id]
                return data, BookFile(name, event["workbook"], event["subject"], form_id)
        return None

    # The button

    def consolidate(self, name: str) -> None:
        """Press the button, let the model do the same, and look at everything."""
        week = self.weeks[name]
        code, done = self.command(lambda office, clock: consolidate(office, OfficeWeek.parse(name), clock))
        if week.closed:
            assert code == 2
            return
        assert code in (0, 1), f"exit {code}"
        self.runs += 1
        self.last = ""
        lies = self._as_lay
        week.consolidate(lies, self.files, self.office, self.now)
        assert as_text(done, "vi") and as_text(done, "en")
        told = json.loads(as_json(done, "vi"))
        assert told["count"] == week.count(lies, self.files), (told["count"], week.count(lies, self.files))
        assert sum(told["files"].values()) == told["count"]["received"]
        serious = any(finding["level"] in ("error", "warning") for finding in told["findings"])
        assert code == int(serious)
        self._learn()
        self._look(week)

    @property
    def _as_lay(self) -> dict[str, tuple[str, datetime]]:
        return self._snapshot

    def snapshot(self, name: str) -> None:
        """What lies there before the button is pressed."""
        self._snapshot = {
            relative: (
                sha256(path.read_bytes()).hexdigest(),
                datetime.fromtimestamp(path.stat().st_mtime, _VIETNAM).replace(tzinfo=None),
            )
            for relative, path in self.lying(name).items()
        }

    def _learn(self) -> None:
        """Take note of what went out, from the ledger and the share."""
        self._event_of: dict[str, Any] = getattr(self, "_event_of", {})
        office = Office.open(self.folder)
        for event in office.ledger.events[self.events :]:
            if event["kind"] != "issued":
                continue
            week, form_id = self.weeks[event["week"]], event["form_id"]
            week.issued[event["sha256"]] = form_id
            event = office.event_of(office.history.week(OfficeWeek.parse(event["week"])).issues()[form_id])
            self.values[form_id], self._event_of[form_id] = event["values"], event
            self.paths[form_id] = self.share / event["path"]
            path = self.paths[form_id]
            if path.is_file() and sha256(path.read_bytes()).hexdigest() == event["sha256"]:
                self.went_out[form_id] = path.read_bytes()
            if event["workbook"] == "form":
                week.forms[form_id] = event["subject"]
            else:
                kind = event["workbook"]
                people = event["values"]["ev_row_person"]
                week.went_out(
                    form_id, {who: {n: self.shown_cell(form_id, kind, who, n) for n in CELLS[kind]} for who in people}
                )
        self.events = len(office.ledger.events)

    # What must hold

    def _look(self, week: Week) -> None:
        masters = self.masters(week.name)
        self._as_the_model_says(week)
        self._nothing_gone(week)
        again, done = self.command(lambda office, clock: consolidate(office, OfficeWeek.parse(week.name), clock))
        assert again in (0, 1)
        assert done.collected.events == 0, f"pressed again, the ledger learned {self._learned()}"
        assert self.masters(week.name) == masters, "pressed again, a master is another"
        if not any(finding.kind.startswith("book.") for finding in done.findings):
            self.command(lambda office, clock: self._draw(office, week) and None)
            assert self.masters(week.name) == masters, "made again from the ledger alone, a master is another"
            self._as_the_model_says(week)
            self.last = week.name
        assert verify(self.folder).altered == ()

    def _draw(self, office: Office, week: Week) -> list[Any]:
        """Make a week's masters from ledger and archive alone."""
        return draw_masters(office, week_view(office, OfficeWeek.parse(week.name), self.now.date()))

    def rebuild(self) -> None:
        """All masters are thrown away and made again; the one that was drawn last is as it was."""
        before = self.masters(self.last) if self.last else {}
        for path in self.share.rglob("*_tong-hop.xlsx"):
            path.unlink()
        code, _ = self.command(lambda office, clock: rebuild(office, clock) and None)
        assert code == 0
        assert not self.last or self.masters(self.last) == before

    def _learned(self) -> list[tuple[str, ...]]:
        events = Office.open(self.folder).ledger.events[self.events :]
        return [(event["kind"], event.get("subject", ""), event.get("by_code", "")) for event in events]

    def masters(self, name: str) -> dict[str, bytes]:
        return {path.as_posix(): path.read_bytes() for path in sorted((self.share / name).rglob("*_tong-hop.xlsx"))}

    def _as_the_model_says(self, week: Week) -> None:
        to = self.root / "export"
        self.command(lambda office, clock: export(office, OfficeWeek.parse(week.name), to, self.now.date()) and None)
        with (to / "results.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = {row["code"]: row for row in csv.DictReader(file)}
        expected = {code: week.result(code, self.office) for code in self.office.evaluated(week.monday)}
        assert rows.keys() == expected.keys(), (sorted(rows), sorted(expected))
        for code, row in expected.items():
            said = {**rows[code], "flags": " ".join(sorted(rows[code]["flags"].split()))}
            wrong = {name: (said[name], value) for name, value in row.items() if said[name] != value}
            assert not wrong, f"{code}: export and model differ: {wrong}"
            if row["state"] in ("not_submitted", "absent", "draft", "invalid"):
                assert not said["counted_total"] and not said["band"]

    def _nothing_gone(self, week: Week) -> None:
        now = {path.name: sha256(path.read_bytes()).hexdigest() for path in (self.folder / "ledger").iterdir()}
        assert self.ledger.items() <= now.items(), "an event was changed"
        self.ledger = now
        for digest in week.verdicts:
            kept = self.folder / "archive" / digest[:2] / f"{digest}.xlsx"
            assert sha256(kept.read_bytes()).hexdigest() == digest, "received bytes are not in the archive"


def marked(draw: Callable[..., bytes]) -> Callable[..., bytes]:
    """Masters that say by a mark alone what they would show: drawing takes most of a long run's time, and equal views are drawn equally.

    The mark is the hash of everything that the master is drawn from; the rest is the first master that was drawn, without its head.
    """
    first: list[bytes] = []

    def mark(view: Any, lang: str, stamp: Mapping[str, str], **more: Any) -> bytes:
        if not first:
            first.append(draw(view, lang, {**stamp, "evalxl.seal": ""}, **more))
        drawn_from = json.dumps([asdict(view), lang, stamp, more], default=str, sort_keys=True)
        out = io.BytesIO(first[0])
        with zipfile.ZipFile(out, "a") as package:
            package.comment = sha256(drawn_from.encode()).hexdigest().encode()
        return out.getvalue()

    return mark


_SCOPES = {"score": "Chấm điểm", "approve": "Phê duyệt", "both": "Cả hai"}
_VIETNAM = __import__("zoneinfo").ZoneInfo("Asia/Ho_Chi_Minh")


def tampered(data: bytes, old: str, new: str) -> bytes:
    """A locked text changed by somebody who knows how."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again:
        for entry in package.infolist():
            part = package.read(entry)
            if entry.filename.startswith(("xl/worksheets/", "xl/sharedStrings")):
                part = part.replace(old.encode(), new.encode())
                part = part.replace(old.encode("ascii", "xmlcharrefreplace"), new.encode())
            again.writestr(entry.filename, part)
    return out.getvalue()


def garbage(number: int) -> Iterator[tuple[str, bytes, Garbage]]:
    """Files that are none of ours; each with its name, its bytes, and what the model knows of it."""
    mark = f"{number}".encode()
    yield "ảnh chụp.png", b"\x89PNG\r\n" + mark, Garbage()
    yield "trống.xlsx", b"", Garbage()
    yield "đang tải.xlsx", bytes(4096 + number), Garbage(to_come=True)
    yield "trang web.xls", b"<html><table><tr><td>37</td></tr></table></html>" + mark, Garbage()
    yield "hỏng.xlsx", b"PK\x03\x04" + mark * 40, Garbage()
    yield "ghi chú.txt", "Em nộp sau ạ".encode() + mark, Garbage()
    yield "cũ.xls", bytes.fromhex("d0cf11e0a1b11ae1") + mark * 300, Garbage()
