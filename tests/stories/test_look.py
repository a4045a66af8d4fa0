"""Looking at a file: what evalxl would say of it, with an office and without, and nothing written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from evalxl.cli.main import main
from tests.little_office import LittleOffice, tree
from tests.people import type_into

WEEK = "2025-W23"


def looked(office: LittleOffice, *files: Path, code: int) -> list[dict[str, object]]:
    """What is told of files to programs; looking leaves the office as it was."""
    office.draw()
    before = tree(office.folder)
    told = office.json("look", *map(str, files), code=code)["files"]
    assert tree(office.folder) == before
    return list(told)


def kinds(one: dict[str, object]) -> list[str]:
    return [finding["kind"] for finding in one["findings"]]  # type: ignore[index, attr-defined]


# A form


def test_a_filled_form_says_whose_it_is_and_what_would_be_booked(issued: LittleOffice, tmp_path: Path) -> None:
    path = issued.fill("V1-03", tmp_path / "của tôi.xlsx")
    (one,) = looked(issued, path, code=0)

    assert (one["verdict"], one["kind"], one["week"], one["code"], one["name"]) == (
        "submitted", "form", WEEK, "V1-03", "Vũ Văn An",
    )  # fmt: skip
    scores = {"quality": "37", "progress": "36", "conduct": "18", "total": "91"}
    assert one["booked"] == [{"what": "self", "code": "V1-03", "scores": scores}]
    said = issued.say("look", str(path))
    assert "sẽ được ghi nhận" in said and "V1-03 Vũ Văn An" in said and "37 + 36 + 18 = 91" in said
    assert "không ghi gì" in said
    assert "would be accepted" in issued.say("--lang", "en", "look", str(path))


def test_what_is_said_of_a_file_is_what_the_button_says(issued: LittleOffice) -> None:
    """Every finding, with its cell."""
    for code, changed in (
        ("V1-03", {"self_quality": 45}),
        ("V1-04", {"status": "Đang soạn"}),
        ("P-02", {"self_conduct": ""}),
        ("P-03", {"task_due": ["32/6/2025"]}),
    ):
        issued.in_time(issued.fill(code, **changed))
    files = [issued.form(code) for code in ("V1-03", "V1-04", "P-02", "P-03")]
    before = looked(issued, *files, code=1)
    issued.consolidate()
    rows = issued.table("findings")

    for code, one in zip(("V1-03", "V1-04", "P-02", "P-03"), before, strict=True):
        told = [(f["kind"], f["cell"], f["message"]) for f in one["findings"]]  # type: ignore[attr-defined]
        assert told == [(r["kind"], r["cell"], r["message"]) for r in rows if r["code"] == code], code
    assert [one["verdict"] for one in before[:3]] == ["invalid", "draft", "invalid"]


def test_a_file_with_errors_ends_with_1_and_one_without_with_0(issued: LittleOffice, tmp_path: Path) -> None:
    good, wrong = issued.fill("V1-03", tmp_path / "a.xlsx"), issued.fill("V1-04", tmp_path / "b.xlsx", self_quality=45)

    assert "Ô" in issued.say("look", str(wrong), code=1) and issued.say("look", str(good), code=0)
    issued.say("look", str(good), str(wrong), code=1)


def test_a_blank_form_a_known_one_and_a_copy_are_told_for_what_they_are(
    handed_in: LittleOffice, tmp_path: Path
) -> None:
    copy = shutil.copy2(handed_in.form("V1-03"), tmp_path / "sao.xlsx")
    blank, known, again = looked(handed_in, handed_in.form("0012"), handed_in.form("V1-03"), Path(copy), code=0)

    assert (blank["verdict"], blank["code"], blank["booked"]) == ("waiting", "0012", [])
    assert (known["verdict"], known["known"]) == ("submitted", True)
    assert (again["verdict"], kinds(again)) == ("duplicate", ["file.duplicate"])


def test_a_file_that_is_not_ours_and_one_with_a_password_are_refused_with_the_reason(
    issued: LittleOffice, tmp_path: Path
) -> None:
    openpyxl.Workbook().save(tmp_path / "khác.xlsx")
    (tmp_path / "hỏng.xlsx").write_bytes(b"PK\x03\x04 half")
    ours, broken = looked(issued, tmp_path / "khác.xlsx", tmp_path / "hỏng.xlsx", code=1)

    assert (ours["verdict"], kinds(ours)) == ("refused", ["file.not_ours"])
    assert broken["verdict"] == "refused" and broken["findings"]


def test_a_master_is_no_matter_for_anybody(handed_in: LittleOffice) -> None:
    (one,) = looked(handed_in, next(handed_in.share.rglob("office/*tong-hop.xlsx")), code=0)

    assert (one["verdict"], one["booked"], one["findings"]) == ("own", [], [])


def test_a_file_of_a_closed_week_says_that_it_has_to_be_opened_first(handed_in: LittleOffice, tmp_path: Path) -> None:
    path = handed_in.fill("P-03", tmp_path / "muộn.xlsx")
    handed_in.say("close", WEEK)
    (one,) = looked(handed_in, path, code=0)

    assert (one["verdict"], one["closed"]) == ("submitted", True)
    assert f"evalxl reopen {WEEK} --reason" in handed_in.say("look", str(path))


def test_a_form_on_the_share_outside_its_weeks_folder_is_told_so_with_what_else_is_wrong_in_it(
    issued: LittleOffice, tmp_path: Path
) -> None:
    """The very words that the button says; at home the file is nobody's slip, and a kept copy of what went out is none either."""
    stray = issued.share / "nộp nhầm" / "phiếu của tôi.xlsx"
    stray.parent.mkdir()
    shutil.copy2(issued.form("P-03"), stray.with_name("phiếu trống.xlsx"))
    issued.in_time(issued.fill("V1-03", self_quality=45)).rename(stray)
    home = shutil.copy2(stray, tmp_path / "ở nhà.xlsx")
    outside, at_home, blank = looked(issued, stray, Path(home), stray.with_name("phiếu trống.xlsx"), code=1)

    assert (outside["verdict"], outside["code"], outside["booked"]) == ("refused", "V1-03", [])
    assert kinds(outside) == ["file.elsewhere", "score.out_of_bounds"]
    assert (at_home["verdict"], kinds(at_home)) == ("invalid", ["score.out_of_bounds"])
    assert (blank["verdict"], kinds(blank)) == ("waiting", [])

    issued.consolidate()
    said = {row["kind"]: row["message"] for row in issued.table("findings")}
    assert said == {"file.elsewhere": outside["findings"][0]["message"]}  # type: ignore[index]
    (again,) = looked(issued, stray, code=1)
    assert (again["verdict"], again["known"], kinds(again)) == (
        "refused",
        False,
        ["file.elsewhere"],
    )  # once, and not read

    # What it says to do: move it there.
    stray = stray.rename(issued.share / WEEK / stray.name)
    (moved,) = looked(issued, stray, code=1)
    assert kinds(moved) == ["score.out_of_bounds"]


def test_a_form_in_another_weeks_folder_lies_outside_its_own(issued: LittleOffice) -> None:
    issued.say("issue", "2025-W24")
    path = issued.fill("V1-03").rename(issued.share / "2025-W24" / "VU1" / "phiếu.xlsx")
    (one,) = looked(issued, path, code=1)

    assert (one["week"], kinds(one)) == (WEEK, ["file.elsewhere"])
    assert WEEK in one["findings"][0]["remedy"]  # type: ignore[index]


def test_a_missing_file_is_the_operators_slip(issued: LittleOffice) -> None:
    said = issued.say("look", "không có.xlsx", code=2)
    assert said.count("\n") == 1 and "không có.xlsx" in said
    assert issued.json("look", "không có.xlsx", code=2)["error"]["kind"] == "no_such_file"
    issued.say("look", str(issued.folder), code=2)


# A manager's workbook


def test_a_scoring_workbook_says_which_rows_would_be_booked_and_what_the_others_need(handed_in: LittleOffice) -> None:
    handed_in.scored("V1-03")
    handed_in.scored("V1-04", quality=20)
    (one,) = looked(handed_in, handed_in.scoring("V1-02"), code=1)

    assert (one["verdict"], one["kind"], one["code"]) == ("read", "scoring", "V1-02")
    scores = {"quality": "36", "progress": "36", "conduct": "17", "total": "89"}
    assert one["booked"] == [{"what": "scored", "code": "V1-03", "scores": scores}]
    assert "score.explanation_missing" in kinds(one)
    handed_in.consolidate()
    assert [handed_in.result(code)["state"] for code in ("V1-03", "V1-04")] == ["scored", "submitted"]


def test_an_approval_workbook_says_what_would_be_approved(handed_in: LittleOffice) -> None:
    handed_in.scored("V1-03", "V1-04")
    handed_in.consolidate()
    handed_in.approved("V1-03")
    handed_in.approved("V1-04", decision="Phê duyệt có điều chỉnh", quality=30)
    (one,) = looked(handed_in, handed_in.approval("V1-01"), code=1)

    assert [(row["what"], row["code"]) for row in one["booked"]] == [("approved", "V1-03")]  # type: ignore[attr-defined]
    assert kinds(one) == ["approval.opinion_missing"]
    assert "V1-03: phê duyệt 36 + 36 + 17 = 89" in handed_in.say("look", str(handed_in.approval("V1-01")), code=1)


def test_an_approval_before_the_score_is_told(handed_in: LittleOffice) -> None:
    """What the row waits for stands in the ledger, and in no file."""
    handed_in.approved("V1-03")
    (one,) = looked(handed_in, handed_in.approval("V1-01"), code=1)

    assert one["booked"] == [] and kinds(one) == ["approval.before_scoring"]


# Without an office


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which no office lies."""
    folder = tmp_path / "nhà"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("EVALXL_OFFICE", raising=False)
    return folder


def test_without_an_office_a_form_says_what_it_holds_and_which_checks_were_left_out(
    issued: LittleOffice, alone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = issued.fill("V1-03", alone / "a.xlsx")
    before = tree(alone)

    assert main(["look", str(path)]) == 0
    said = capsys.readouterr().out
    assert "V1-03 Vũ Văn An" in said and "37 + 36 + 18 = 91" in said
    assert "chưa kiểm tra" in said and "thẩm quyền" in said
    assert tree(alone) == before

    wrong = issued.fill("V1-04", alone / "b.xlsx", self_quality=45)
    assert main(["look", str(wrong)]) == 1
    assert "45" in capsys.readouterr().out
    assert main(["look", str(alone / "không có.xlsx")]) == 2


def test_without_an_office_rows_say_what_they_still_need(
    handed_in: LittleOffice, alone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handed_in.scored("V1-03")
    handed_in.scored("V1-04", quality=20)
    path = shutil.copy2(handed_in.scoring("V1-02"), alone / "bảng.xlsx")

    assert main(["look", str(path)]) == 1
    said = capsys.readouterr().out
    assert "V1-03: điểm đánh giá 36 + 36 + 17 = 89" in said and "V1-04" in said
    type_into(Path(path), {"ev_score_explanation": [None, "theo minh chứng"], "ev_score_comment": [None, "Đạt"]})
    assert main(["look", str(path)]) == 0
    assert "V1-04: điểm đánh giá 20 + 36 + 17 = 73" in capsys.readouterr().out


def test_a_named_folder_that_is_no_office_is_a_slip(alone: Path, issued: LittleOffice) -> None:
    path = issued.fill("V1-03", alone / "a.xlsx")

    assert main(["--office", str(alone), "look", str(path)]) == 2


def test_a_row_that_an_approver_sends_back_stays_sent_back_where_all_the_rest_is_approved(
    scored: LittleOffice, alone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scored.approve("V1-01", {"V1-03": {"decision": "Trả lại", "opinion": "Nêu rõ minh chứng"}}, all_rest=True)
    path = shutil.copy2(scored.approval("V1-01"), alone / "phê duyệt.xlsx")
    (here,) = looked(scored, Path(scored.approval("V1-01")), code=0)
    capsys.readouterr()

    assert main(["look", "--json", str(path)]) == 0
    (by_itself,) = json.loads(capsys.readouterr().out)["files"]

    for told in (here, by_itself):
        assert {row["code"]: row["what"] for row in told["booked"]} == {"V1-03": "returned", "V1-04": "approved"}
