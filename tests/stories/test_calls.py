"""How evalxl is called: options before and after the command, the language, answers for programs, exit codes, bad input."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalxl.cli.main import main
from evalxl.excel import templates
from tests.little_office import LittleOffice, draw_organisation, make_little_office, tree

VIETNAMESE = re.compile("[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]+", re.IGNORECASE)


def sentence(said: str) -> str:
    """A slip is one sentence: one line, and no traceback."""
    assert "Traceback" not in said
    (line,) = said.strip().splitlines()
    assert len(line) < 400
    return line


# Options


def test_the_three_options_work_before_and_after_the_command(issued: LittleOffice, capsys: Any) -> None:
    office = str(issued.folder)
    said = []
    for words in (
        ["--office", office, "--lang", "en", "--json", "status", issued.week],
        ["status", issued.week, "--office", office, "--lang", "en", "--json"],
        ["status", "--json", f"--office={office}", issued.week, "--lang=en"],
        ["--json", "status", "--lang", "en", issued.week, "--office", office],
    ):
        assert main(words) == 0
        said.append(json.loads(capsys.readouterr().out))

    assert said[1:] == said[:1] * 3


def test_the_office_is_named_by_the_environment_or_is_the_current_folder(
    issued: LittleOffice, capsys: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["status", issued.week]) == 2
    monkeypatch.setenv("EVALXL_OFFICE", str(issued.folder))
    assert main(["status", issued.week]) == 0
    monkeypatch.delenv("EVALXL_OFFICE")
    monkeypatch.chdir(issued.folder)
    assert main(["status", issued.week]) == 0
    capsys.readouterr()


@pytest.mark.parametrize("week", ["2025-W23", "2025-06-04", "4/6/2025", "2025-06-08"])
def test_a_week_is_named_by_its_number_or_by_a_day_in_it(issued: LittleOffice, week: str) -> None:
    assert issued.json("status", week, code=0)["week"] == "2025-W23"


@pytest.mark.parametrize(
    "words",
    [["nonsense"], ["issue"], ["issue", "2025-W23", "thừa"], ["export", "2025-W23"], ["issue", "2025-W23", "--nhanh"], ["status", "2025-W23", "--lang", "fr"], ["--lang"]],
)  # fmt: skip
def test_a_wrong_call_is_one_sentence_in_the_readers_language(issued: LittleOffice, words: list[str]) -> None:
    assert VIETNAMESE.search(sentence(issued.say(*words, code=2)))
    if words != ["--lang"]:
        assert not VIETNAMESE.search(sentence(issued.say("--lang", "en", *words, code=2)).replace("thừa", ""))


def test_what_is_printed_on_any_console_is_utf8(issued: LittleOffice) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "evalxl", "--office", str(issued.folder), "status", issued.week],
        capture_output=True,
        env=environment,
        check=False,
    )

    assert "Chưa nộp phiếu tự đánh giá" in done.stdout.decode("utf-8")
    assert done.returncode == 0


# Languages


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    """A week with a bit of everything, in an office with names in plain letters, so that every other letter is evalxl's own."""
    office = make_little_office(tmp_path_factory.mktemp("spoilt") / "office")
    for number, row in enumerate(office.organisation["people"]):
        row["name"] = f"Name {chr(65 + number)}"
        row.pop("title", None)
    for row in office.organisation["units"]:
        row["name"] = f"Unit {row['code']}"
    for row in office.organisation["units"]:
        row["code"] = row["code"].replace("LĐ", "LD")
    for row in office.organisation["people"]:
        row["unit"] = row["unit"].replace("LĐ", "LD")
    office.reorganise("en")
    office.say("issue", office.week)
    office.hand_in("V1-03", "V1-04", "P-02", task_name=["Task", "Other"], task_product=["Paper", ""], conduct_note="")
    office.fill("P-03", self_quality=45)
    office.fill("P-01", status="Đang soạn")
    (office.share / office.week / "notes.txt").write_text("x", encoding="utf-8")
    office.consolidate()
    office.scored("V1-03", "V1-04")
    office.scored("P-03")
    office.consolidate()
    return office


@pytest.mark.parametrize(
    "words",
    [["check"], ["consolidate", "2025-W23"], ["status", "2025-W23"], ["explain", "2025-W23", "V1-03"], ["explain", "2025-W23", "P-03"], ["verify"], ["rebuild"], ["doctor"], ["issue", "2025-W23"], ["close", "2025-W30"], ["withdraw", "2025-W30"], ["reopen", "2025-W23"], ["issue", "2025-W99"], ["explain", "2025-W23", "ZZ"], ["export", "2025-W40", "--to", "x"], ["roll", "x"]],
)  # fmt: skip
@pytest.mark.parametrize("program", [False, True])
def test_in_english_no_vietnamese_is_printed(spoilt: LittleOffice, words: list[str], program: bool) -> None:
    """But for the names of sheets and files, and the words that people choose from Vietnamese lists."""
    said = spoilt.say("--lang", "en", *(["--json"] if program else []), *words, code=None)
    for kept in (
        "Phiếu!",
        "Chấm điểm!",
        "Nhiệm vụ!",
        '"Nhiệm vụ"',
        '"Phiếu"',
        '"Chấm điểm"',
        "Đã chấm",
        "Đang soạn",
        "Đã nộp",
    ):
        said = said.replace(kept, "")

    assert said.strip()
    assert VIETNAMESE.findall(said) == []


def test_a_table_of_findings_speaks_the_offices_language(spoilt: LittleOffice) -> None:
    assert VIETNAMESE.search(spoilt.finding("score.out_of_bounds")["message"])


def test_an_english_office_prints_and_writes_english(tmp_path: Path) -> None:
    office = LittleOffice(tmp_path / "office")
    office.say("init", str(office.folder), "--lang", "en")
    office.reorganise("en")
    said = office.say("issue", office.week)
    assert "forms written" in said
    office.hand_in("V1-03", self_quality=45)
    office.consolidate()

    assert "must be from 0 to 40" in office.finding("score.out_of_bounds")["message"]
    assert "State: Invalid" in office.receipt("V1-03")


# Answers for programs


def test_every_command_answers_programs(tmp_path: Path, made: LittleOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    # Of the templates two are made: tests/excel makes them all, and asks for each.
    monkeypatch.setattr(
        templates, "STANDARD", {name: templates.STANDARD[name] for name in ("form.xlsx", "form.en.xlsx")}
    )
    monkeypatch.setattr(templates, "LARGER", {})
    made.organisation["days_off"] += [{"date": f"2026-02-{day}", "kind": "Nghỉ bù"} for day in range(16, 21)]
    made.reorganise()
    other = LittleOffice(tmp_path / "khác")

    assert made.json("check", code=0)["findings"] == []
    assert made.json("issue", "2026-W08", code=0)["holiday"] is True
    assert made.json("status", "2026-W08", code=0)["holiday"] is True
    assert len(made.json("issue", made.week, code=0)["written"]) == 12
    assert made.json("consolidate", made.week, code=0)["files"]["waiting"] == 12
    assert made.json("withdraw", made.week, "V1-03", code=0)["taken"]
    assert made.json("close", made.week, code=0)
    assert made.json("reopen", made.week, "--reason", "x", code=0)["reason"] == "x"
    assert other.json("init", str(other.folder), code=0)["people"]
    assert len(made.json("templates", "build", "--to", str(tmp_path / "t"), code=0)["files"]) == 2
    assert made.json("templates", "check", str(tmp_path / "t" / "form.xlsx"), code=0)["findings"] == []


# Bad input


def test_a_share_that_cannot_be_written_stops_before_anything_is_written(made: LittleOffice) -> None:
    """A file system of the kernel stands for a share without the right to write: not even an administrator may."""
    path = made.folder / "office.toml"
    text = path.read_text(encoding="utf-8").replace('shared_folder = "shared"', 'shared_folder = "/proc"')
    path.write_text(text, encoding="utf-8")
    before = tree(made.folder)

    for command in ("issue", "consolidate"):
        assert "/proc" in sentence(made.say(command, made.week, code=2))
    assert tree(made.folder) == before


@pytest.mark.parametrize("mark", ["~$organisation.xlsx", ".~lock.organisation.xlsx#"])
def test_an_organisation_workbook_that_is_open_is_said_so(made: LittleOffice, mark: str) -> None:
    """What is on the screen may not be saved yet; the owner file beside the workbook says who has it open."""
    data = b"\x03Lan" + bytes(51) if mark.startswith("~") else b",Lan,PC-07,21.11.2026 10:00,;"
    (made.folder / mark).write_bytes(data)
    before = tree(made.folder)

    for command in (["check"], ["issue", made.week]):
        said = sentence(made.say(*command, code=2))
        assert "organisation.xlsx" in said
        assert "đang mở" in said
    assert tree(made.folder) == before
    (made.folder / mark).unlink()
    made.say("issue", made.week)


def test_an_organisation_workbook_with_slips_stops_the_issue(made: LittleOffice) -> None:
    made.person("V1-03")["unit"] = "VU9"
    made.reorganise()
    before = tree(made.folder)

    assert "evalxl check" in sentence(made.say("issue", made.week, code=2))
    assert tree(made.folder) == before
    assert made.json("check", code=1)["findings"][0]["code"] == "V1-03"


def test_an_organisation_workbook_that_is_spoilt_later_stops_the_button_and_nothing_else(
    handed_in: LittleOffice,
) -> None:
    before = tree(handed_in.folder)
    (handed_in.folder / "organisation.xlsx").write_bytes(b"PK\x03\x04 half a file")

    sentence(handed_in.say("consolidate", handed_in.week, code=2))
    handed_in.say("status", handed_in.week)
    assert handed_in.result("V1-03")["state"] == "submitted"
    handed_in.say("rebuild")
    after = tree(handed_in.folder)
    assert {name for name in after if after[name] != before[name]} <= {"organisation.xlsx", "written/2025-W23.txt"}


@pytest.mark.parametrize("sheets", [[], ["units"], ["people"]])
def test_an_organisation_workbook_without_its_sheets_is_said_so(made: LittleOffice, sheets: list[str]) -> None:
    kept = {name: rows for name, rows in made.organisation.items() if name in sheets}
    if kept:
        draw_organisation(made.folder / "organisation.xlsx", kept)
        assert [one for one in made.json("check", code=1)["findings"] if one["level"] == "error"]
    else:
        openpyxl.Workbook().save(made.folder / "organisation.xlsx")
        sentence(made.say("check", code=2))
    sentence(made.say("issue", made.week, code=2))
    assert not list((made.folder / "ledger").iterdir())


def test_consolidating_a_week_that_was_not_issued_says_what_to_do(made: LittleOffice) -> None:
    for command in (["consolidate", made.week], ["status", made.week], ["close", made.week], ["withdraw", made.week]):
        assert f"evalxl issue {made.week}" in sentence(made.say(*command, code=2))
    sentence(made.say("export", "2025-07", "--to", "x", code=2))
    assert not list((made.folder / "ledger").iterdir())


def test_a_week_off_is_not_told_to_be_issued(made: LittleOffice) -> None:
    made.organisation["days_off"] += [{"date": f"2026-02-{day}", "kind": "Nghỉ lễ, Tết"} for day in range(16, 21)]
    made.reorganise()

    said = sentence(made.say("consolidate", "2026-W08", code=2))
    assert "tuần nghỉ" in said
    assert "evalxl issue" not in said


def test_an_export_to_where_a_file_lies_is_said_so(issued: LittleOffice, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x", encoding="utf-8")

    assert str(tmp_path / "x") in sentence(issued.say("export", issued.week, "--to", str(tmp_path / "x"), code=2))


def test_a_template_that_is_not_there_or_no_workbook_is_said_so(issued: LittleOffice, tmp_path: Path) -> None:
    assert "nicht.xlsx" in sentence(issued.say("templates", "check", str(tmp_path / "nicht.xlsx"), code=2))
    (tmp_path / "hỏng.xlsx").write_bytes(b"PK\x03\x04 half a file")
    said = issued.say("templates", "check", str(tmp_path / "hỏng.xlsx"), code=None)
    assert "hỏng" in said
    assert "Traceback" not in said


def test_the_lock_of_a_run_that_was_killed_is_taken_over(issued: LittleOffice) -> None:
    import socket

    done = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    entry = {"holder": "lan", "machine": socket.gethostname(), "since": "x", "pid": int(done.stdout)}
    (issued.folder / "lock").write_text(json.dumps(entry), encoding="utf-8")

    issued.say("consolidate", issued.week)
    assert not (issued.folder / "lock").exists()


def test_what_a_broken_off_run_left_half_written_is_gone_after_the_next_one_though_that_writes_nothing_there(
    issued: LittleOffice,
) -> None:
    issued.say("consolidate", issued.week)
    code = "import os; from pathlib import Path; from evalxl.records.unfinished import beside; print(beside(Path('x.xlsx')).name)"
    name = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.strip()
    evalxl = [sys.executable, "-m", "evalxl", "--office", str(issued.folder)]
    left = [path.parent / name for path in (issued.form("V1-03"), issued.scoring("V1-02"))]
    for one in left:
        one.touch()

    for word in ("issue", "consolidate"):
        subprocess.run([*evalxl, word, issued.week], capture_output=True, check=True)

    assert [] == [one for one in left if one.exists()]


@pytest.mark.parametrize("text", ["", "Lan, PC-07", '{"holder": "Lan"}', "[]"])
def test_a_lock_in_any_shape_is_respected(issued: LittleOffice, text: str) -> None:
    (issued.folder / "lock").write_text(text, encoding="utf-8")
    before = tree(issued.folder)

    sentence(issued.say("consolidate", issued.week, code=3))
    assert tree(issued.folder) == before
