"""Taking in returned files: every file in the week's folders gets exactly one verdict, which is recorded in the ledger.

The bytes are read once, and everything later works on those bytes. They are archived, examined in a worker process, and recorded. A file is
a new version when its bytes were not there at the last run. Files with identical bytes count as one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from evalxl.domain.findings import Finding
from evalxl.domain.history.events import GoneEvent, ReceivedEvent
from evalxl.domain.history.file_count import Found
from evalxl.domain.history.history import IssuedAndReturned, WeekHistory
from evalxl.domain.names import code_key, visible
from evalxl.domain.organisation.people import Organisation, Roster
from evalxl.domain.weeks import NoSuchWeekError, Period, Week
from evalxl.excel.returned.examine import Examined
from evalxl.excel.returned.guard import MAX_FILE
from evalxl.excel.stamping.peek_stamp import peek_stamp
from evalxl.forms.kind import OWN_OUTPUTS
from evalxl.records import folders
from evalxl.records.archive import digest_of
from evalxl.records.arrivals import lying_in, read_once
from evalxl.steps.intake.elsewhere import in_inbox, known_bytes, lay_elsewhere, outside, places_of, told_of
from evalxl.steps.intake.examining import examine_all
from evalxl.steps.intake.laid_aside import read_aside, still_aside
from evalxl.steps.intake.record_versions import Late, holder_of, is_behind, record_versions
from evalxl.steps.intake.replacements import take_the_place
from evalxl.steps.intake.row_versions import forget_copies, record_copies, settle_copies
from evalxl.steps.intake.whose import Places, told
from evalxl.steps.issue.unknown_workbooks import adopted_since, has_strange_inputs
from evalxl.steps.office.new_files import NewFile, add_moved, add_received
from evalxl.steps.office.office import Batch, Office
from evalxl.steps.office.progress import Progress, report_or_stop, unwatched
from evalxl.steps.office.write_session import require_same_shares


@dataclass(slots=True)
class Intake:
    """What one run found in the folders, by verdict. Every file is counted once."""

    counts: dict[str, int]
    unread: list[Finding]
    still_there: set[str]
    digests: dict[str, str]
    received: int = 0
    as_issued: int = 0
    unread_names: list[str] = field(default_factory=list)

    @property
    def found(self) -> Found:
        """What is known of the files in the folders but not recorded in the ledger."""
        return Found(self.received, self.as_issued, self.counts.get("read", 0), tuple(self.unread_names))


def take_in_files(
    batch: Batch,
    week: Week,
    roster: Roster,
    organisation: Organisation,
    progress: Progress = unwatched,
    only: Path | None = None,
) -> Intake:
    """Read, archive, examine and record all files that came back for a week.

    Args:
        only: One file to take in as if it had just come, wherever it lies. The files in the week's folders are then left as they were.

    Raises:
        StoppedError: the operator stopped it between two files. The next run finds in the archive what was stored so far.
    """
    office = batch.office
    week_history = office.history.week(week)
    intake, fresh = _take_in(batch, week, week_history, places_of(office, week), progress, only)
    for verdict, count in record_versions(batch, week_history, fresh, Late(office, organisation, roster)).items():
        _count(intake, verdict, count)
    return intake


def take_in_inputs(batch: Batch, period: Period, progress: Progress = unwatched, only: Path | None = None) -> Intake:
    """Read, archive, examine and record what leaders entered for a period. `only` is as in `take_in_files`.

    The folder also holds the workbooks of other periods. Those are taken in with their own period.
    """
    office = batch.office
    if str(period) not in office.history.periods and not has_strange_inputs(office, period):
        return Intake({}, [], set(), {})  # nothing went out for it, so nothing can have come back
    return _take_in(batch, period, office.history.period(period), places_of(office, period), progress, only)[0]


def _take_in(
    batch: Batch,
    when: Week | Period,
    this: IssuedAndReturned,
    places: Iterable[Path],
    progress: Progress,
    only: Path | None,
) -> tuple[Intake, dict[str, list[NewFile]]]:
    """Record everything except new versions of forms. Return those by the code key of their person."""
    office = batch.office
    intake = Intake({}, [], set(), {})
    issued = {issue.sha256 for issue in this.issues().values()}
    new_files: list[NewFile] = []
    unlisted: list[str] = []
    aside: list[Path] = []
    paths, astray = (
        [only] if only is not None else list(_candidates(office, places, unlisted, aside)),
        dict[Path, str](),
    )
    if only is None:
        paths += in_inbox(office, when, this)
        astray = dict(outside(office, when, places, this))
    known = known_bytes(this) if astray else set()
    with office.archive.keeping() as keep:
        for number, path in enumerate((*paths, *astray)):
            report_or_stop(progress, "looking", number, len(paths) + len(astray))
            name = office.relative(path)
            arrival = read_once(path, MAX_FILE)
            if arrival is None:
                continue
            if path in astray:
                new_file = told_of(when, this.issues()[astray[path]], name, arrival)
                if arrival.obstacle or len(arrival.data) > MAX_FILE or new_file.sha256 in known:
                    continue
                intake.received += 1
                intake.still_there.add(name)
                if name in this.present and this.present[name].sha256 == new_file.sha256:
                    _count(intake, "refused")
                else:
                    keep(arrival.data, ".xlsx", new_file.sha256)
                    new_files.append(new_file)
                continue
            intake.received += 1
            if arrival.obstacle:
                at = Places.of(this).issue_at(name)
                intake.unread.append(Finding(arrival.obstacle, file=visible(name), code=told(at) if at else ""))
                intake.unread_names.append(_writable(name))
                intake.still_there.add(name)
                _count(intake, "waiting")
                continue
            data = arrival.data
            digest = digest_of(data)
            intake.digests[name] = digest
            if digest in issued:
                _count(intake, "waiting")
                intake.as_issued += 1
                continue
            intake.still_there.add(name)
            before = this.present.get(name) or this.read.get(name)
            if before is not None and before.sha256 == digest and not _to_be_read_again(this, before):
                _count(intake, before.verdict)
                continue
            stamp = peek_stamp(data)
            if _of_another_period(office, when, stamp.get("week", ""), stamp.get("office", "")):
                intake.received -= 1
                continue
            if stamp.get("kind") in OWN_OUTPUTS and not stamp.get(
                "form_id"
            ):  # an output of evalxl never has the id of a form
                intake.still_there.discard(name)
                intake.received -= 1
                continue
            if len(data) <= MAX_FILE:
                keep(data, ".xlsx", digest)
                new_files.append(NewFile(name, digest, arrival.modified))
            else:
                new_files.append(
                    NewFile(name, digest, arrival.modified, Examined("refused", findings=(Finding("file.too_large"),)))
                )
    for folder in unlisted:
        intake.unread.append(Finding("file.busy", file=visible(folder)))
        intake.unread_names.append(_writable(folder))
        intake.received += 1
        _count(intake, "waiting")
    unseen = {name for name in (*this.present, *this.read) if any(name.startswith(f"{one}/") for one in unlisted)}
    intake.still_there |= unseen
    if only is not None:
        intake.still_there |= set(this.present)
    if isinstance(this, WeekHistory) and only is None:
        for name, digest in still_aside(office, this).items():
            intake.received += 1
            intake.still_there.add(name)
            intake.digests[name] = digest
            _count(intake, this.present[name].verdict)
    gone = {name: received for name, received in this.present.items() if name not in intake.still_there}
    names = {
        new_file.file
        for new_file in new_files
        if new_file.file in this.present and this.present[new_file.file].sha256 != new_file.sha256
    }
    left = gone | {name: received for name, received in this.present.items() if name in names}
    left = {name: received for name, received in left.items() if not lay_elsewhere(received)}
    moved = _lay_there(this, left, unseen, intake.digests)
    for name, received in sorted(gone.items()):
        batch.add(GoneEvent(file=name, sha256=received.sha256), when)
    if only is None:
        forget_copies(batch, when, this, intake.still_there)
    take_the_place(batch, when, this, left)
    new_files.sort(key=lambda new_file: (new_file.mtime, new_file.file))
    examined = _anew(this, examine_all(office, when, this, new_files, progress), intake)
    if isinstance(this, WeekHistory):
        beside = read_aside(office, this, aside, examined, progress)
        intake.received += len(beside)
        intake.digests |= {new_file.file: new_file.sha256 for new_file in beside}
        examined += beside
    return intake, _record(batch, when, this, examined, intake, moved)


def _to_be_read_again(history: IssuedAndReturned, before: ReceivedEvent) -> bool:
    """Whether an unchanged file has to be examined again: its issue became known since, or evalxl failed to read it by its own fault."""
    return before.by_our_fault or adopted_since(history, before)


def _anew(history: IssuedAndReturned, examined: Sequence[NewFile], intake: Intake) -> list[NewFile]:
    """The examined files without those that evalxl still fails to read. These are counted, and the ledger already has them."""
    news = []
    for new_file in examined:
        before = history.present.get(new_file.file)
        same = before is not None and before.sha256 == new_file.sha256 and before.by_our_fault
        if before is not None and same and new_file.examined is not None and new_file.examined.by_our_fault:
            _count(intake, before.verdict)
        else:
            news.append(new_file)
    return news


def _of_another_period(office: Office, when: Week | Period, said: str, issuer: str = "") -> bool:
    """Whether a period workbook belongs to another period that this ledger, or an earlier ledger of this office, knows."""
    if not isinstance(when, Period) or said == str(when):
        return False
    return said in office.history.periods or (bool(issuer) and issuer == office.id and _is_period(said))


def _is_period(text: str) -> bool:
    try:
        Period.parse(text)
    except NoSuchWeekError:
        return False
    return True


def _lay_there(
    history: IssuedAndReturned, gone: Mapping[str, ReceivedEvent], unseen: Collection[str], digests: Mapping[str, str]
) -> dict[str, ReceivedEvent]:
    """By hash: the files of the last run that are no longer at their place. A new file with the same bytes was moved from there."""
    # A manager's workbook is drawn anew at its place. The bytes read there before are not read again, wherever they turn up.
    read = [
        received
        for name, received in history.read.items()
        if name not in unseen and digests.get(name) != received.sha256
    ]
    lay = [*read, *(received for received in gone.values() if received.verdict != "duplicate")]
    return {_same(received.sha256, received): received for received in lay}


def _same(sha256: str, of: ReceivedEvent | Examined) -> str:
    """The key that identical files share: their bytes. For unreadable files it includes the owner, since such files of different people may be identical.

    A file outside its folder was not read, so the same bytes in the week's folder are another file.
    """
    if lay_elsewhere(of):
        return f"{sha256}/elsewhere"
    return f"{sha256}/{of.workbook}/{code_key(of.subject)}" if of.unreadable else sha256


def _count(intake: Intake, verdict: str, count: int = 1) -> None:
    intake.counts[verdict] = intake.counts.get(verdict, 0) + count


def _writable(name: str) -> str:
    """A file name that the ledger can hold: bytes that are not text are escaped."""
    return name.encode("utf-8", "backslashreplace").decode()


def _candidates(office: Office, places: Iterable[Path], unlisted: list[str], aside: list[Path]) -> Iterator[Path]:
    """The files that people may have put into these folders. Adds folders that cannot be listed to `unlisted`, and temporary or backup files to `aside`."""
    shut: list[Path] = []
    for folder in places:
        yield from lying_in(folder, shut, aside)
    unlisted += [office.relative(folder) for folder in shut]
    # If a share was unmounted meanwhile, its files are not lost.
    require_same_shares(office)


def _record(
    batch: Batch,
    when: Week | Period,
    history: IssuedAndReturned,
    came: Sequence[NewFile],
    intake: Intake,
    moved: Mapping[str, ReceivedEvent],
) -> dict[str, list[NewFile]]:
    """Record everything except new versions of forms. Return those by the code key of their person."""
    changed = {new_file.file for new_file in came}
    read_again = {
        new_file.sha256
        for new_file in came
        if (lay := history.present.get(new_file.file)) and lay.sha256 == new_file.sha256
    }
    lying = {
        _same(received.sha256, received)
        for name, received in history.present.items()
        if name not in changed and not (received.verdict == "duplicate" and received.sha256 in read_again)
    }
    lying |= {received.sha256 for name, received in history.read.items() if intake.digests.get(name) == received.sha256}
    fresh: dict[str, list[NewFile]] = {}
    copies: list[NewFile] = []
    for new_file in came:
        examined = new_file.examined
        assert examined is not None
        if (
            examined.verdict == "own"
            or _waits_in_inbox(new_file.file, examined)
            or any(
                _of_another_period(batch.office, when, str(finding.values.get("week", "")))
                for finding in examined.findings
            )
        ):
            intake.received -= 1
            continue
        same = _same(new_file.sha256, examined)
        if not examined.subject and same not in moved and (before := _unreadable(moved, new_file.sha256)) is not None:
            new_file, same = _still_of(new_file, before), _same(new_file.sha256, before)
        if same in lying:
            add_received(
                batch, when, new_file, "duplicate", findings=(Finding("file.duplicate", code=examined.subject),)
            )
            _count(intake, "duplicate")
            continue
        lying.add(same)
        if same in moved:
            add_moved(batch, when, new_file, moved[same])
            _count(intake, moved[same].verdict)
            continue
        if examined.verdict == "submitted":
            holder = holder_of(history, examined)
            fresh.setdefault(code_key(holder.code if holder is not None else examined.subject), []).append(new_file)
            continue
        if examined.verdict == "read":
            copies.append(new_file)
            _count(intake, examined.verdict)
            continue
        add_received(batch, when, new_file, examined.verdict, behind=is_behind(holder_of(history, examined), new_file))
        _count(intake, examined.verdict)
    record_copies(batch, when, history, copies)
    settle_copies(batch, when, history, intake.digests)
    return fresh


def _waits_in_inbox(file: str, seen: Examined) -> bool:
    """Whether a file in the inbox belongs to another week or period, and waits there until that one is consolidated."""
    others = ("form.other_week", "period_input.elsewhere")
    return file.startswith(f"{{{folders.INBOX}}}/") and any(finding.kind in others for finding in seen.findings)


def _unreadable(moved: Mapping[str, ReceivedEvent], sha256: str) -> ReceivedEvent | None:
    """The earlier record of an unreadable file that has another name now."""
    return next((before for before in moved.values() if before.unreadable and before.sha256 == sha256), None)


def _still_of(new_file: NewFile, before: ReceivedEvent) -> NewFile:
    assert new_file.examined is not None
    examined = replace(new_file.examined, workbook=before.workbook, subject=before.subject, unreadable=True)
    return replace(new_file, examined=examined)
