"""What the office at random has found, each told by itself."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.conservation.town import tampered
from tests.little_office import LittleOffice
from tests.people import by_another_clock


def pressed_again(office: LittleOffice) -> None:
    """Pressing the button again brings nothing: no event, and the same masters."""
    before, masters = office.events(), office.masters()
    office.consolidate()

    assert office.events() == before
    assert office.masters() == masters


def test_a_row_goes_on_speaking_of_the_form_that_it_showed(handed_in: LittleOffice) -> None:
    """A row still lacks a reason when another form arrives: it is not booked at the next press because that form happens to fit."""
    handed_in.scored("V1-03", quality=30)  # 7 points from the self score, and no reason
    handed_in.consolidate()
    handed_in.hand_in("V1-03", to=handed_in.form("V1-03").with_name("mới.xlsx"), self_quality=31)
    handed_in.consolidate()

    assert handed_in.result("V1-03")["state"] == "submitted"
    pressed_again(handed_in)


def test_of_two_who_may_score_a_row_the_last_word_counts(scored: LittleOffice) -> None:
    """The manager's workbook and the delegate's both go on saying what was typed in them; they do not take turns."""
    scored.organisation["delegations"] = [
        {"from person": "V1-02", "to person": "V1-01", "scope": "Chấm điểm", "from": "2025-06-01", "to": "2027-06-30"}
    ]
    scored.reorganise()
    office = scored
    office.hand_in("0012")
    office.consolidate()
    office.scored("V1-04", quality=35, decision="Trả lại", comment="Bổ sung")
    office.consolidate()
    office.hand_in("V1-04", to=office.form("V1-04").with_name("mới.xlsx"), self_quality=36)
    office.consolidate()
    manager = office.scoring("V1-02").read_bytes()
    office.score("V1-01", {"V1-04": {"quality": 34, "progress": 35, "conduct": 17, "decision": "Đã chấm"}})
    office.consolidate()
    assert office.result("V1-04")["scored_quality"] == "34"
    office.scoring("V1-02").write_bytes(manager)
    office.score("V1-02", {"V1-04": {"quality": 33, "progress": 35, "conduct": 17, "decision": "Đã chấm"}})
    office.consolidate()

    assert office.result("V1-04")["scored_quality"] == "33"
    pressed_again(office)


def test_of_equal_files_the_next_takes_the_place_of_the_one_that_was_taken_away(handed_in: LittleOffice) -> None:
    form = handed_in.form("V1-03")
    copy = form.with_name("bản sao.xlsx")
    shutil.copy2(form, copy)
    assert handed_in.consolidate()["count"]["duplicate"] == 1
    form.unlink()
    said = handed_in.consolidate()

    assert said["count"]["duplicate"] == 0
    assert handed_in.result("V1-03")["state"] == "submitted"
    assert copy.name in handed_in.receipt("V1-03")
    pressed_again(handed_in)


def test_of_several_equal_files_the_one_that_came_first_takes_the_place(handed_in: LittleOffice) -> None:
    """Whatever they are called; and the one after it, when that is taken away too."""
    form = handed_in.form("V1-03")
    for name in ("z.xlsx", "m.xlsx", "a.xlsx"):
        shutil.copy2(form, form.with_name(name))
        handed_in.consolidate()
    before = handed_in.result("V1-03")
    form.unlink()
    handed_in.consolidate()
    assert form_of(handed_in, "V1-03") == "z.xlsx"
    form.with_name("z.xlsx").unlink()
    said = handed_in.consolidate()

    assert form_of(handed_in, "V1-03") == "m.xlsx"
    assert handed_in.result("V1-03") == before
    assert (said["count"]["accepted"], said["count"]["duplicate"]) == (3, 1)
    pressed_again(handed_in)


def form_of(office: LittleOffice, code: str) -> str:
    """The name of the file whose scores count, as `explain` says it."""
    told = office.json("explain", office.week, code)["origins"]
    return Path(next(one["file"] for one in told if one["what"] == "self_quality")).name


def test_a_conflict_is_not_settled_while_a_copy_of_the_other_version_lies_there(issued: LittleOffice) -> None:
    one = issued.hand_in("V1-03")
    other = by_another_clock(issued.hand_in("V1-03", to=one.with_name("khác.xlsx"), self_quality=30))
    issued.consolidate()
    shutil.copy2(other, copy := other.with_name("khác (1).xlsx"))
    issued.consolidate()
    other.unlink()
    issued.consolidate()
    assert issued.result("V1-03")["state"] == "not_submitted"
    copy.unlink()
    issued.consolidate()

    assert issued.result("V1-03")["self_quality"] == "37"


def test_what_was_repaired_in_a_version_is_told_after_a_conflict_too(issued: LittleOffice) -> None:
    one = issued.hand_in("V1-03", self_quality="37,5")
    other = by_another_clock(issued.hand_in("V1-03", to=one.with_name("khác.xlsx"), self_quality=30))
    issued.consolidate()
    other.unlink()
    issued.consolidate()

    assert issued.result("V1-03")["self_quality"] == "37.5"
    assert "repaired" in issued.result("V1-03")["flags"].split()


def test_a_third_version_ends_a_conflict(issued: LittleOffice) -> None:
    one = issued.hand_in("V1-03")
    by_another_clock(issued.hand_in("V1-03", to=one.with_name("khác.xlsx"), self_quality=30))
    issued.consolidate()
    issued.hand_in("V1-03", self_quality=35)
    said = issued.consolidate()

    assert issued.result("V1-03")["self_quality"] == "35"
    assert "form.conflict" not in issued.findings("V1-03")
    assert (said["count"]["accepted"], said["count"]["superseded"]) == (1, 1)


def test_who_goes_on_in_the_form_that_counts_has_said_which_one_it_is(handed_in: LittleOffice) -> None:
    """What a sync client laid beside it is in conflict with what is booked, until one of the two is saved again."""
    form = handed_in.form("V1-03")
    handed_in.hand_in("V1-03", to=form.with_name(f"{form.stem}-DESKTOP-7G3K1QA.xlsx"), self_quality=30)
    said = handed_in.consolidate()
    assert handed_in.result("V1-03")["self_quality"] == "37"
    assert "conflict" in handed_in.result("V1-03")["flags"].split()
    assert said["count"]["waiting"] == 1
    pressed_again(handed_in)
    handed_in.hand_in("V1-03", self_quality=33)
    said = handed_in.consolidate()

    assert handed_in.result("V1-03")["self_quality"] == "33"
    assert "conflict" not in handed_in.result("V1-03")["flags"].split()
    assert (said["count"]["superseded"], said["count"]["waiting"]) == (1, 0)
    pressed_again(handed_in)


def test_a_file_that_was_put_aside_for_a_new_one_is_no_copy_of_itself(handed_in: LittleOffice) -> None:
    form = handed_in.form("V1-03")
    form.rename(form.with_name("cũ.xlsx"))
    shutil.copy2(form.with_name("cũ.xlsx"), form)
    handed_in.hand_in("V1-03", self_quality=33)
    said = handed_in.consolidate()

    assert handed_in.result("V1-03")["self_quality"] == "33"
    assert (said["count"]["duplicate"], said["count"]["superseded"]) == (0, 1)


def test_what_a_manager_typed_stays_in_a_workbook_that_was_refused(handed_in: LittleOffice) -> None:
    """Somebody changed a locked cell of it: nothing of it is booked, and nothing of it is written over either."""
    handed_in.scored("V1-03", "V1-04")
    path = handed_in.scoring("V1-02")
    good = path.read_bytes()
    path.write_bytes(spoiled := tampered(good, "Vũ Văn An", "Ai Đó"))
    handed_in.hand_in("0012")
    said = handed_in.consolidate()
    assert said["count"]["refused"] == 1
    assert path.read_bytes() == spoiled
    pressed_again(handed_in)
    path.write_bytes(good)
    handed_in.consolidate()

    assert handed_in.result("V1-03")["state"] == "scored"
    assert not [kind for kind in handed_in.findings() if kind.startswith("cell.")]
    pressed_again(handed_in)


def test_the_bytes_of_a_managers_workbook_are_read_once(handed_in: LittleOffice) -> None:
    """A copy of what was read does not bring back what the manager has changed since in another copy."""
    handed_in.scored("V1-03")
    path = handed_in.scoring("V1-02")
    mine = path.with_name("của tôi.xlsx")
    shutil.copy2(path, mine)
    handed_in.consolidate()
    handed_in.scored("V1-03", quality=34)
    handed_in.consolidate()
    shutil.copy2(mine, mine.with_name("của tôi (1).xlsx"))
    said = handed_in.consolidate()

    assert handed_in.result("V1-03")["scored_quality"] == "34"
    assert said["count"]["received"] == sum(said["count"].values()) - said["count"]["received"]


def test_a_form_that_was_taken_back_says_nothing_of_where_its_person_stands(issued: LittleOffice) -> None:
    stray = issued.share / "cũ.xlsx"
    issued.fill("V1-03", to=stray)
    issued.say("withdraw", issued.week, "V1-03")
    issued.say("issue", issued.week)
    issued.hand_in("V1-03", status="Đang soạn")
    issued.consolidate()
    stray.rename(issued.share / issued.week / stray.name)
    issued.consolidate()

    assert issued.result("V1-03")["state"] == "draft"


def test_the_count_stands_in_the_run_the_ledger_the_log_and_the_status(handed_in: LittleOffice) -> None:
    handed_in.form("P-03").write_bytes(b"PK\x03\x04 spoiled")
    shutil.copy2(handed_in.form("V1-03"), handed_in.form("V1-03").with_name("sao.xlsx"))
    handed_in.hand_in("P-02", self_quality=33, to=handed_in.form("P-02").with_name("mới.xlsx"))
    said = handed_in.consolidate()
    count = said["count"]

    assert count["received"] == sum(
        count[word] for word in ("accepted", "superseded", "duplicate", "refused", "waiting", "unchanged")
    )
    assert (count["waiting"], count["unchanged"]) == (
        0,
        count["received"] - 6,
    )  # what nobody has touched waits for nobody
    assert (count["accepted"], count["superseded"], count["duplicate"], count["refused"]) == (3, 1, 1, 1)
    assert handed_in.json("status", handed_in.week)["count"] == count
    assert (
        f"{count['received']} tệp = 3 được ghi nhận + 1 có bản khác thay + 1 bản trùng + 1 không nhận"
        in handed_in.say("status", handed_in.week, code=None)
    )
    assert json.loads(last_line(handed_in.folder / "ledger", '"counted"'))["accepted"] == 3
    handed_in.say("verify")


def last_line(folder: Path, text: str) -> str:
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    return next(line for line in reversed(lines) if text in line)
