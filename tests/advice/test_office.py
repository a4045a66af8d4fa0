"""What is said to whoever runs the office: after a restore, of templates, of teams that are too large; each is done as it is said."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalxl.cli.main import main
from tests.little_office import LittleOffice, cells, person


def altered(path: Path, name: str, value: Any) -> None:
    book = openpyxl.load_workbook(path)
    cells(book, name)[0].value = value
    book.save(path)


def register(office: LittleOffice) -> Path:
    return next((office.share / office.week / "office").glob("*theo-doi.xlsx"))


def fresh(path: Path) -> Path:
    """*… phiếu mới là {fresh}.*"""
    return path.with_name(f"{path.stem}_moi.xlsx")


def test_what_is_said_after_a_restore_is_done_and_nothing_is_left_to_say(handed_in: LittleOffice) -> None:
    """Workbooks that somebody has altered are not taken in again; a person who is not in the restored organisation is, once entered."""
    office = handed_in
    office.in_time(office.fill("V1-03", difficulties="Máy in hỏng"), hours=2)
    office.consolidate()
    form, book, kept = office.form("P-02"), office.scoring("P-01"), register(office)
    altered(form, "ev_person_name", "Người Khác")
    altered(book, "ev_book_owner_name", "Người Khác")
    altered(kept, "ev_book_week_shown", "Tuần khác")
    issue, consolidate = (words.split() for words in office.lose_everything())
    missing = office.organisation["people"].pop(
        next(n for n, row in enumerate(office.organisation["people"]) if row["code"] == "V1-04")
    )
    office.reorganise()
    told = {one["kind"]: one for one in office.json(*issue, code=1)["findings"]}
    assert {"form.not_adopted", "form.not_adopted_person", "issue.place_taken"} <= set(told)

    office.organisation["people"].append(missing)
    office.reorganise()
    office.say(*issue, code=None)
    told |= {one["kind"]: one for one in office.json(*consolidate, code=1)["findings"]}

    assert {"book.place_taken", "follow_up.place_taken"} <= set(told)
    for kind, path in (("issue.place_taken", form), ("book.place_taken", book), ("follow_up.place_taken", kept)):
        assert fresh(path).name in told[kind]["message"]

    form.rename(office.folder.parent / form.name)
    office.in_time(office.fill("P-02"), hours=4)
    book.unlink()
    kept.unlink()
    office.say(*issue)
    office._rows(
        fresh(book), {"P-02": {"quality": 36, "progress": 36, "conduct": 17, "decision": "Đã chấm"}}, "ev_score_"
    )
    office.consolidate()
    left = [(row["kind"], row["code"]) for row in office.table("findings") if row["level"] in ("error", "warning")]

    # The approver's workbook of before still leads to the form that was moved away.
    assert left == [("cell.link_elsewhere", "C-01")]
    assert {office.result(code)["state"] for code in ("V1-03", "V1-04")} == {"submitted"}
    assert office.result("P-02")["state"] == "scored"
    assert "evalxl issue" not in office.say("check", code=None)
    office.say("verify")


@pytest.mark.parametrize("kind", ["names.missing", "names.bad_shape"])
def test_a_form_whose_names_are_lost_is_read_with_the_office_folder(
    issued: LittleOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    path = issued.fill("V1-03", tmp_path / "phiếu.xlsx")
    book = openpyxl.load_workbook(path)
    if kind == "names.missing":
        del book.defined_names["ev_task_status"]
    else:
        tasks = book.defined_names["ev_task_name"]
        tasks.attr_text = re.sub(r":\$([A-Z]+)\$\d+$", r":$\1$9", tasks.attr_text)
    book.save(path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EVALXL_OFFICE", raising=False)
    assert main(["--json", "look", str(path)]) == 1
    (alone,) = json.loads(capsys.readouterr().out)["files"]
    assert [one["kind"] for one in alone["findings"]] == [kind]

    assert main(["--office", str(issued.folder), "--json", "look", str(path)]) == 0
    (here,) = json.loads(capsys.readouterr().out)["files"]
    assert (here["verdict"], here["booked"][0]["scores"]["total"]) == ("submitted", "91")


def test_a_team_that_is_too_large_for_one_workbook_is_divided(made: LittleOffice) -> None:
    """Nobody is left without a row where the organisation names more managers."""
    team = [person(f"X-{number:03d}", f"Vũ Văn {number}", "VU1", scorer="V1-02") for number in range(650)]
    made.organisation["people"] += team
    made.reorganise()
    told = {one["kind"] for one in made.json("check", code=1)["findings"]}
    assert {"book.no_row", "book.many_people"} & told == {"book.no_row"}

    for number, row in enumerate(team):
        row["scorer"] = ("V1-02", "V1-01", "VP-01", "C-01", "P-01", "LD-01", "VP-02", "P-02", "P-03", "0012", "V1-03")[
            number % 11
        ]
        row["approver"] = ("LD-01", "LD-02")[number % 2]
    made.reorganise()
    assert "book.no_row" not in {one["kind"] for one in made.json("check", code=None)["findings"]}
