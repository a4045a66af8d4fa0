"""A backup that is broken off: the backup before it stays whole, the office is as it was, and the next one is whole."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from evalxl.domain.errors import EvalxlError
from evalxl.records.backup import LAST, MANIFEST, check_backup
from tests.faults.disk import CHANGES, ERRORS, LOOKS, Call, Plan, tree
from tests.faults.errors import unclear
from tests.faults.office import THURSDAY, Act, Ran, Tally, command, is_scratch
from tests.faults.power import Surface

LATER = THURSDAY + timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Desk:
    """An office with a disk beside it that has a backup of yesterday's state.

    Attributes:
        folder: Holds `office` and `usb`.
        first: The backup that is there, and its files.
        calls: What the next backup does to either disk where nothing goes wrong.
    """

    folder: Path
    first: str
    files: Mapping[str, bytes]
    calls: tuple[Call, ...]


def desk(early: Act, late: Act, folder: Path) -> Desk:
    """Back an office up as it was before one act; it goes on to another."""
    room = folder / "desk"
    shutil.copytree(early.before, room / "office")
    ran = command(room / "office", "backup", "--to", str(room / "usb"))
    assert ran.code == 0, ran.said
    noted = (room / "office" / LAST).read_bytes()
    shutil.rmtree(room / "office")
    shutil.copytree(late.before, room / "office")
    (room / "office" / LAST).write_bytes(noted)
    (first,) = (room / "usb").iterdir()
    twin = folder / "undisturbed"
    shutil.copytree(room, twin)
    ran = _back_up(twin, record=True)
    assert ran.code == 0, ran.said
    calls = tuple(Call(one.kind, _short(one.path, twin), _short(one.to, twin), one.data) for one in ran.calls)
    shutil.rmtree(twin)
    return Desk(room, first.name, tree(first), calls)


def _back_up(room: Path, plan: Plan | None = None, record: bool = False) -> Ran:
    usb = room / "usb"
    return command(
        room / "office", "backup", "--to", str(usb), plan=plan, now=LATER, record=record, in_threads=False, beside=usb
    )


def _short(path: str, room: Path) -> str:
    return path.removeprefix(f"{room}/")


def killed(at_desk: Desk, folder: Path, every: int = 1) -> Tally:
    """Kill a backup at every (`every`-th) call that changes either disk, look at what is there, and make the backup again in the same second."""
    tally = Tally("a backup that is killed at every call that writes")
    writes = [call for call in at_desk.calls if call.kind in CHANGES]
    for at in range(1 + every // 3, len(writes) + 1, every):
        ran, wrong = _tried(at_desk, folder, Plan(at=at, kill=True))
        tally.points += 1
        wrong += [] if ran.code == 137 else [f"was not killed but ended with {ran.code}: {ran.said}"]
        tally.failures += [f"call {at} ({writes[at - 1].kind} {writes[at - 1].path}): {one}" for one in wrong]
    return tally


def failing(at_desk: Desk, folder: Path, every: int = 1) -> Tally:
    """Let every (`every`-th) call of a backup fail with each error, once and for ever: it ends in one sentence or as if nothing had happened."""
    tally = Tally("a backup onto a failing disk: " + ", ".join(ERRORS))
    for number, name in enumerate(ERRORS):
        kinds = CHANGES | LOOKS if name in ("EIO", "EACCES") else CHANGES
        calls = [call for call in at_desk.calls if call.kind in kinds]
        for for_ever in (False, True):
            for at in range(1 + (number * 7 + for_ever) % every, len(calls) + 1, every):
                ran, wrong = _tried(at_desk, folder, Plan(at=at, error=ERRORS[name], for_ever=for_ever))
                tally.points += 1
                tally.codes[ran.code] = tally.codes.get(ran.code, 0) + 1
                if ran.code == 2:
                    wrong += unclear(ran.said)
                elif ran.code != 0:
                    wrong.append(f"ended with {ran.code}: {ran.said.strip()}")
                where = (
                    f"{name}{' for ever' if for_ever else ''} at call {at} ({calls[at - 1].kind} {calls[at - 1].path})"
                )
                tally.failures += [f"{where}: {one}" for one in wrong]
    return tally


def _tried(at_desk: Desk, folder: Path, plan: Plan) -> tuple[Ran, list[str]]:
    """A backup on a disk that fails, then one on a disk that works; what does not hold after either."""
    room = folder / "tried"
    shutil.copytree(at_desk.folder, room)
    office = _of_people(tree(room / "office"))
    ran = _back_up(room, plan)
    wrong = [*_after(at_desk, room, office), *(_lacking(room, office) if ran.code == 0 else ())]
    again = _back_up(room)
    if again.code != 0:
        wrong.append(f"made again, it ends with {again.code}: {again.said.strip()}")
    else:
        wrong += [f"made again: {one}" for one in (*_after(at_desk, room, office), *_lacking(room, office))]
    shutil.rmtree(room)
    return ran, wrong


def _lacking(room: Path, office: Mapping[str, bytes]) -> Iterator[str]:
    """What the newest backup that counts has not, although it was said to be made."""
    kept = _of_people(tree(check_backup(room / "usb")[0] / "office"))
    yield from (f"the backup lacks or alters {name}" for name, data in office.items() if kept.get(name) != data)


def _of_people(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name != LAST and not is_scratch(name)}


def _after(at_desk: Desk, room: Path, office: Mapping[str, bytes]) -> list[str]:
    """What does not hold: the office is as it was, the first backup too, and the newest one that counts is whole."""
    wrong = []
    if _of_people(tree(room / "office")) != office:
        wrong.append("the office is not as it was")
    if tree(room / "usb" / at_desk.first) != at_desk.files:
        wrong.append("the backup before is not as it was")
    try:
        newest, _, altered = check_backup(room / "usb")
    except EvalxlError as slip:
        return [*wrong, f"no backup counts: {slip}"]
    return wrong + [f"{newest.name} counts and is not whole: {path.name}" for path in altered]


def cut(at_desk: Desk) -> Tally:
    """Cut the power at every call from the moment on at which the new backup's list is there: with its list, everything in it has reached the disk."""
    tally = Tally("the power cut at the end of a backup")
    before = tree(at_desk.folder)
    folders = [path.relative_to(at_desk.folder).as_posix() for path in at_desk.folder.rglob("*") if path.is_dir()]
    surface = Surface.of(before, folders)
    first = {f"usb/{at_desk.first}/{name}": data for name, data in at_desk.files.items()}
    there = False
    for number, call in enumerate((one for one in at_desk.calls if one.kind in CHANGES), start=1):
        surface.do(call)
        there = there or MANIFEST in call.to or (call.kind == "link" and MANIFEST in call.path)
        for state in surface.after_the_cut() if there else ():
            tally.points += 1
            wrong = [name for name, data in first.items() if state.get(name) != data]
            wrong += _not_whole(state)
            tally.failures += [f"call {number} ({call.kind} {call.path}): {one}" for one in wrong]
    return tally


def _not_whole(state: Mapping[str, bytes]) -> Iterator[str]:
    """What a backup on the disk says it has and has not."""
    for name, data in state.items():
        folder, _, last = name.rpartition("/")
        if last != MANIFEST:
            continue
        try:
            listed = json.loads(data)["files"]
        except ValueError:
            yield f"half a list: {name}"
            continue
        for file, digest in listed.items():
            if hashlib.sha256(state.get(f"{folder}/office/{file}", b"")).hexdigest() != digest:
                yield f"{file} is not as {name} says"
