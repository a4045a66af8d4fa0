"""An office that lost its machine goes on from a backup: the week is consolidated, approved, closed and proven on another one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from evalxl.records.lock import lock
from tests.little_office import LittleOffice, make_little_office, tree
from tests.steps.test_folders_of_the_office import set_up


def backed_up(office: LittleOffice, to: Path) -> Path:
    office.say("backup", "--to", str(to))
    (made,) = to.iterdir()
    return made


def test_the_restored_office_goes_on_as_the_lost_one_would_have(scored: LittleOffice, tmp_path: Path) -> None:
    backed_up(scored, tmp_path / "usb")
    new = tmp_path / "máy mới" / "văn phòng"
    scored.say("--office", str(new), "restore", str(tmp_path / "usb"))
    restored = LittleOffice(new)
    restored.organisation = scored.organisation
    events = restored.events()
    restored.say("verify")
    restored.consolidate()
    assert restored.events() == events  # what lies on the share is known

    for office in (scored, restored):
        office.approved("V1-03")
        office.hand_in("P-03")
        office.consolidate()
        office.say("close", office.week)
        office.say("verify")
    assert restored.table("results") == scored.table("results")
    assert restored.events() == scored.events()


def test_an_office_with_shares_apart_goes_on_where_they_have_other_paths(tmp_path: Path) -> None:
    """The ledger knows files by share and place, so a new path in office.toml is all that is needed."""
    root = tmp_path / "cũ"
    root.mkdir()
    office = make_little_office(root / "office")
    set_up(office, shared_folder="chung", management_folder="quan-ly")
    office.share = root / "chung"
    office.say("issue", office.week)
    office.hand_in("V1-03")
    office.consolidate()
    backed_up(office, tmp_path / "usb")
    new = tmp_path / "mới"
    new.mkdir()
    for share in ("chung", "quan-ly"):
        shutil.move(root / share, new / share)
    said = office.say("--office", str(new / "office"), "restore", str(tmp_path / "usb"))
    restored = LittleOffice(new / "office")
    assert "verify" in said
    assert "chung" in restored.say("consolidate", restored.week, code=2)  # one sentence: the share is not where it was

    set_up(restored, shared_folder="chung", management_folder="quan-ly")
    restored.share = new / "quan-ly"
    events = restored.events()
    restored.consolidate()
    assert restored.events() == events
    restored.scored("V1-03")
    restored.consolidate()
    restored.say("verify")
    assert restored.result("V1-03")["state"] == "scored"


def _changed(made: Path) -> None:
    path = next((made / "office" / "ledger").iterdir())
    path.write_bytes(path.read_bytes().replace(b'"n":"36"', b'"n":"39"').replace(b"36", b"39"))


def _added(made: Path) -> None:
    (made / "office" / "rulebooks" / "khac.toml").parent.mkdir(exist_ok=True)
    (made / "office" / "rulebooks" / "khac.toml").write_text("x", encoding="utf-8")


def _missing(made: Path) -> None:
    next((made / "office" / "archive").rglob("*.xlsx")).unlink()


def _linked(made: Path) -> None:
    (made / "office" / "templates").mkdir(exist_ok=True)
    (made / "office" / "templates" / "form.xlsx").symlink_to("/etc/hostname")


def _outside(made: Path) -> None:
    list_of = made / "evalxl-backup.json"
    entry = json.loads(list_of.read_text(encoding="utf-8"))
    (made.parent / "ngoài.txt").write_text("x", encoding="utf-8")
    entry["files"]["../../ngoài.txt"] = sha256(b"x").hexdigest()
    list_of.write_text(json.dumps(entry), encoding="utf-8")


def _list_garbled(made: Path) -> None:
    (made / "evalxl-backup.json").write_text("[]", encoding="utf-8")


@pytest.mark.parametrize("spoil", [_changed, _added, _missing, _linked, _outside, _list_garbled])
def test_a_backup_that_was_altered_is_refused_and_nothing_is_changed(
    handed_in: LittleOffice, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    made = backed_up(handed_in, tmp_path / "usb")
    spoil(made)
    before = tree(handed_in.folder)
    said = handed_in.say("restore", str(made), code=2)

    assert len(said.strip().splitlines()) == 1
    assert tree(handed_in.folder) == before


def test_a_ledger_altered_together_with_its_list_is_still_found_by_verify(
    handed_in: LittleOffice, tmp_path: Path
) -> None:
    """Whoever can write to the backups can make a new list: the chain and the head beside the ledger are what is left then."""
    made = backed_up(handed_in, tmp_path / "usb")
    _changed(made)
    list_of = made / "evalxl-backup.json"
    entry = json.loads(list_of.read_text(encoding="utf-8"))
    for name in entry["files"]:
        entry["files"][name] = sha256((made / "office" / name).read_bytes()).hexdigest()
    list_of.write_text(json.dumps(entry), encoding="utf-8")
    handed_in.say("restore", str(made))

    assert handed_in.say("verify", code=1)


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_nobody_saves_or_restores_while_a_clerk_is_at_work(
    handed_in: LittleOffice, tmp_path: Path, command: str
) -> None:
    made = backed_up(handed_in, tmp_path / "usb")
    with lock(handed_in.folder / "lock", "chị Hoa", f"{datetime(2025, 6, 6, 9):%H:%M}"):
        words = ("backup", "--to", str(tmp_path / "khác")) if command == "backup" else ("restore", str(made))
        said = handed_in.say(*words, code=3)

    assert "chị Hoa" in said
    assert not (tmp_path / "khác").exists()
    handed_in.say("verify")


def test_a_restore_over_an_office_keeps_it_and_leaves_no_lock(handed_in: LittleOffice, tmp_path: Path) -> None:
    made = backed_up(handed_in, tmp_path / "usb")
    handed_in.hand_in("0012")
    handed_in.consolidate()
    handed_in.say("restore", str(made))
    (aside,) = (path for path in handed_in.folder.parent.iterdir() if path.name.startswith(f"{handed_in.folder.name}-"))

    assert not (aside / "lock").exists() and not (handed_in.folder / "lock").exists()
    assert sum(1 for _ in aside.glob("ledger/*.jsonl")) > sum(1 for _ in handed_in.folder.glob("ledger/*.jsonl"))
    handed_in.consolidate()
    handed_in.say("verify")


def test_a_head_that_stands_in_the_minutes_is_found_in_the_ledger_and_no_other(scored: LittleOffice) -> None:
    """Whoever writes the whole ledger anew cannot bring back the head that was printed."""
    head = scored.json("verify")["head"]
    scored.approved("V1-03")
    scored.consolidate()

    scored.say("verify", "--head", head)
    scored.say("verify", "--head", f"{head[:16].upper()}…")
    for other in (f"{head[:15]}", f"{'0' * 64}", "", "g" * 16):
        assert scored.say("verify", "--head", head, "--head", other, code=1)


def test_a_backup_is_proved_whole_and_status_says_when(scored: LittleOffice, tmp_path: Path) -> None:
    made = backed_up(scored, tmp_path / "usb")
    assert scored.json("status", scored.week)["backup_checked"] is None

    assert "0" not in scored.say("verify", "--backup", str(tmp_path / "usb")).split()
    told = scored.json("status", scored.week)
    assert told["backup_checked"] and told["last_backup"].endswith("+07:00")  # by the office's clock
    scored.say("verify", "--backup", str(made))
    scored.consolidate()
    scored.say("verify", "--backup", str(made))  # the office goes on, and its share with it


@pytest.mark.parametrize("spoil", [_changed, _added, _missing, _linked, _list_garbled])
def test_a_backup_that_was_altered_is_no_proof(
    handed_in: LittleOffice, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    made = backed_up(handed_in, tmp_path / "usb")
    spoil(made)

    assert handed_in.say("verify", "--backup", str(made), code=1)
    assert handed_in.json("status", handed_in.week)["backup_checked"] is None


def test_a_ledger_altered_in_the_backup_together_with_its_list_is_found(
    handed_in: LittleOffice, tmp_path: Path
) -> None:
    made = backed_up(handed_in, tmp_path / "usb")
    _changed(made)
    list_of = made / "evalxl-backup.json"
    entry = json.loads(list_of.read_text(encoding="utf-8"))
    for name in entry["files"]:
        entry["files"][name] = sha256((made / "office" / name).read_bytes()).hexdigest()
    list_of.write_text(json.dumps(entry), encoding="utf-8")

    assert handed_in.say("verify", "--backup", str(made), code=1)


def test_a_folder_without_a_backup_is_the_operators_slip(handed_in: LittleOffice, tmp_path: Path) -> None:
    assert handed_in.say("verify", "--backup", str(tmp_path / "nothing"), code=2)
