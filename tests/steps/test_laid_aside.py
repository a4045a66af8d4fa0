"""What programs lay beside the forms by themselves: it never competes with a form, and is read where nothing else is there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.little_office import LittleOffice

ASIDE = (
    "Backup of {}.xlk",
    "{}.bak",
    "{}(AutoRecovered).xlsx",
    "{} (Autosaved).xlsx",
    "5F3A1B00.tmp",
    "~{}.xlsx",
    ".snapshot/hourly.0/{}.xlsx",
    "~snapshot/{}.xlsx",
    ".stversions/{}~20250605-101500.xlsx",
    "#recycle/{}.xlsx",
)


def beside(form: Path, name: str) -> Path:
    path = form.parent / name.format(form.stem)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@pytest.mark.parametrize("name", ASIDE)
def test_what_a_program_lays_beside_a_form_is_no_rival_of_it(issued: LittleOffice, name: str) -> None:
    blank = issued.form("V1-03").read_bytes()
    form = issued.hand_in("V1-03", self_quality=30)
    shutil.move(form, beside(form, name))
    form.write_bytes(blank)
    issued.hand_in("V1-03")
    issued.consolidate()
    row = issued.result("V1-03")

    assert (row["state"], row["self_quality"], row["flags"]) == ("submitted", "37", "provisional")
    assert issued.table("findings") == []


@pytest.mark.parametrize("name", ASIDE)
def test_what_a_program_left_is_read_where_it_is_the_only_filled_form(issued: LittleOffice, name: str) -> None:
    form = issued.hand_in("V1-03")
    shutil.move(form, left := beside(form, name))
    issued.consolidate()
    found = issued.finding("form.read_aside", "V1-03")

    assert (issued.result("V1-03")["state"], issued.result("V1-03")["self_quality"]) == ("submitted", "37")
    assert (found["level"], Path(found["file"]).name) == ("note", left.name)
    assert left.name in issued.receipt("V1-03")

    events = issued.events()
    issued.consolidate()
    assert issued.events() == events
    issued.say("verify")


def test_a_form_that_comes_back_counts_instead_of_what_was_left(issued: LittleOffice) -> None:
    blank = issued.form("V1-03").read_bytes()
    form = issued.hand_in("V1-03", self_quality=30)
    shutil.move(form, form.with_name("5F3A1B00.tmp"))
    issued.consolidate()
    form.write_bytes(blank)
    issued.in_time(issued.fill("V1-03"), hours=-5)  # whatever its time
    issued.consolidate()

    assert issued.result("V1-03")["self_quality"] == "37"
    assert "conflict" not in issued.result("V1-03")["flags"]


def test_a_lock_file_and_a_blank_form_laid_aside_say_nothing(issued: LittleOffice) -> None:
    form = issued.form("V1-03")
    shutil.copy(form, form.with_name("5F3A1B00.tmp"))
    form.with_name(f"~${form.name}").write_bytes(b"\x04Lan ")
    (form.parent / ".~lock.phieu.xlsx#").write_bytes(b",Lan,may-01")
    issued.consolidate()

    assert issued.result("V1-03")["state"] == "not_submitted"
    assert issued.table("findings") == []
