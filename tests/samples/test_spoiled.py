"""The 31 kinds of spoiled workbooks: each file gets the reading that stands beside it, and leaves its person in the state that stands there."""

from __future__ import annotations

import io
import re
import shutil
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from evalxl import words
from evalxl.excel.returned.examine import examine
from evalxl.excel.stamping.stamp import Stencil
from evalxl.forms import kinds
from tests.hostile.good import Form, books
from tests.little_office import LittleOffice, make_little_office, person
from tests.people import GOOD_FORM, type_into
from tests.samples.kinds import FOLDER, SAMPLES, TEMPLATE, corrected, sample

CLONE = FOLDER.parents[2]
EXPECTED: dict[str, dict[str, Any]] = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))
}
SCORES = ("quality", "progress", "conduct")


def kept(name: str) -> bytes:
    return (FOLDER / f"{name}.xlsx").read_bytes()


def inside(data: bytes) -> Any:
    """The parts of a zip: how tightly they are packed depends on the machine."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {entry.filename: package.read(entry) for entry in package.infolist()}
    return {name: inside(text) if name.endswith(".xlsx") else text for name, text in parts.items()}


def test_each_of_the_31_kinds_is_here() -> None:
    files = {path.stem for path in FOLDER.glob("*.xlsx")} - {"template"}

    assert files == set(SAMPLES) == {name for name, said in EXPECTED.items() if "act" not in said}
    assert {int(name[:2]) for name in EXPECTED} == set(range(1, 32))


def test_an_act_is_played_by_a_test() -> None:
    for name, said in EXPECTED.items():
        if "act" in said:
            path, _, test = said["proved_by"].partition("::")
            assert f"def {test}(" in (CLONE / path).read_text(encoding="utf-8"), name


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_what_is_made_now(name: str) -> None:
    if name == "06_pasted_into_a_new_workbook":  # openpyxl writes the moment into it
        return
    assert inside(sample(name)) == inside(kept(name))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_gets_the_reading_that_stands_beside_it(name: str) -> None:
    seen, said = examine(kept(name), books(TEMPLATE.read_bytes())), EXPECTED[name]
    found = [
        {"kind": one.kind}
        | ({"cell": f"{one.sheet}!{one.cell}"} if one.cell else {})
        | ({"found": one.found} if one.found else {})
        for one in seen.findings
    ]
    for one, expected in zip(found, said.get("findings", []), strict=True):
        assert {key: one.get(key) for key in expected} == expected

    assert seen.verdict == said["verdict"]
    if "scores" in said:
        assert seen.content is not None
        assert [seen.content["scores"][part] for part in SCORES] == said["scores"]
    if said["remedy"]:
        assert said["remedy"] in {one["kind"] for one in found}
        assert re.search(r"[Đđ]ề nghị", words.catalogue()[said["remedy"]]["remedy_vi"])
    else:
        assert all(not one.remedy() for one in seen.findings)


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> tuple[LittleOffice, dict[str, str]]:
    """An office in which everybody hands in one of the spoiled files, made from the own form; and who handed in which."""
    office = make_little_office(tmp_path_factory.mktemp("spoiled") / "office", officials=30)
    office.organisation["people"] += [person(f"VP-{n}", f"Lý Văn Số {n}", "VP") for n in range(10, 20)]
    office.reorganise()
    codes = [row["code"] for row in office.organisation["people"] if not row["code"].startswith("LD")]
    people = dict(zip(SAMPLES, codes, strict=False))
    assert len(people) == len(SAMPLES)
    office.say("issue", office.week)
    for name, code in people.items():
        path = office.form(code)
        path.write_bytes(SAMPLES[name](Form(_filled(path))))
        office.in_time(path)
    office.consolidate()
    return office, people


def _filled(path: Path) -> bytes:
    return Stencil(path.read_bytes(), kinds.FORM).stamp(GOOD_FORM, {})


def test_a_spoiled_form_leaves_its_person_in_the_state_that_stands_beside_it(
    week: tuple[LittleOffice, dict[str, str]],
) -> None:
    office, people = week
    states = {row["code"]: row for row in office.table("results")}

    assert {name: states[code]["state"] for name, code in people.items()} == {
        name: EXPECTED[name]["state"] for name in people
    }
    for name, code in people.items():
        if "scores" in EXPECTED[name]:
            assert [states[code][f"self_{part}"] for part in SCORES] == EXPECTED[name]["scores"], name


def test_the_person_finds_the_remedy_in_the_receipt(week: tuple[LittleOffice, dict[str, str]]) -> None:
    office, people = week
    for name, code in people.items():
        said = EXPECTED[name]
        if said["state"] in ("invalid", "submitted", "draft") and said["remedy"]:
            fixed = re.split(r"\{\w+\}", words.catalogue()[said["remedy"]]["remedy_vi"])[0]
            assert fixed in office.receipt(code), name


# What is not one file


def test_copies_are_one_and_two_different_ones_are_asked_about(issued: LittleOffice) -> None:
    mine, other = issued.hand_in("V1-03"), issued.hand_in("V1-04")
    for name in ("phiếu - Copy.xlsx", "phiếu (1).xlsx", "phiếu bản cuối.xlsx", "phiếu-PC01.xlsx"):
        shutil.copy2(mine, mine.with_name(name))
    issued.in_time(type_into(other, {"ev_self_quality": 30}, other.with_name("phiếu của An (conflicted copy).xlsx")))
    said = issued.consolidate()

    assert (issued.result("V1-03")["state"], said["files"]["duplicate"]) == ("submitted", 4)
    assert issued.result("V1-04")["state"] == "not_submitted"
    assert issued.finding("form.conflict", "V1-04")["level"] == "error"


def test_files_that_programs_leave_are_passed_over_and_empty_ones_are_told(handed_in: LittleOffice) -> None:
    before = handed_in.table("results")
    there = handed_in.form("V1-03").parent
    for name in (
        "~$phieu.xlsx",
        ".~lock.phieu.xlsx#",
        "phieu.tmp",
        ".phieu.xlsx",
        "Thumbs.db",
        "desktop.ini",
        "~WRL0001.tmp",
    ):
        (there / name).write_bytes(b"\7Vu Van An")
    (there / "rỗng.xlsx").write_bytes(b"")
    (there / "chưa tải về.xlsx").write_bytes(bytes(20_000))
    handed_in.consolidate()
    told = {row["kind"]: row for row in handed_in.table("findings") if row["kind"].startswith("file.")}

    assert handed_in.table("results") == before
    assert {"file.empty", "file.not_downloaded"} == set(told)
    assert all(row["remedy"] for row in told.values())


def test_a_form_that_is_half_copied_is_read_at_the_next_press(issued: LittleOffice) -> None:
    path = issued.hand_in("V1-03")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    issued.consolidate()
    half = (issued.result("V1-03")["state"], issued.findings())
    issued.in_time(path).write_bytes(whole)
    issued.consolidate()

    assert half == ("invalid", ["file.cut_off"])
    assert (issued.result("V1-03")["state"], issued.findings()) == ("submitted", [])


def test_the_very_file_that_was_refused_is_corrected_and_counts(issued: LittleOffice) -> None:
    """Nothing else has to be typed again."""
    path = issued.hand_in("V1-03", self_quality="38 điểm")
    issued.consolidate()
    refused = issued.result("V1-03")["state"]
    path.write_bytes(corrected(path.read_bytes()))
    issued.in_time(path, hours=1)
    issued.consolidate()
    row = issued.result("V1-03")

    assert refused == "invalid"
    assert (row["state"], row["self_quality"], row["self_progress"]) == ("submitted", "38", "36")
