"""`evalxl remind`: who still has to do what, as texts to paste and mail drafts; the program sends nothing."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path
from typing import Any

import pytest

from evalxl.words import catalogue
from tests.little_office import LittleOffice


def person(told: Any, code: str) -> dict[str, str]:
    found: dict[str, str] = next(one for one in told["people"] if one["code"] == code)
    return found


def test_everybody_who_is_awaited_gets_a_text_of_their_own(scored: LittleOffice) -> None:
    told = scored.json("remind", scored.week, code=0)
    missing = scored.table("missing")

    assert {one["code"] for one in told["people"]} == {row["waits_for"] for row in missing}
    assert "Điền phiếu tự đánh giá" in person(told, "V1-01")["text"]


def test_a_manager_is_told_whom_to_score_and_in_which_file(handed_in: LittleOffice) -> None:
    handed_in.say("consolidate", handed_in.week, code=None)
    told = handed_in.json("remind", handed_in.week, code=0)
    waiting = [
        row["code"] for row in handed_in.table("missing") if row["step"] == "score" and row["waits_for"] == "V1-02"
    ]

    text = person(told, "V1-02")["text"]

    assert f"Chấm điểm {len(waiting)} người: " in text
    assert f"Tệp: {handed_in.week}/VU1/scoring/{handed_in.week}_V1-02_cham-diem.xlsx" in text


def test_a_text_tells_nobodys_score(scored: LittleOffice) -> None:
    told = scored.json("remind", scored.week, code=0)
    totals = {row["scored_total"] for row in scored.table("results") if row["scored_total"]}

    assert totals
    assert not [text for one in (*told["people"], *told["units"]) for text in totals if f" {text} " in one["text"]]


def test_a_deadline_that_is_over_is_said_so(scored: LittleOffice) -> None:
    """The week is of 2025; the clock is today's."""
    told = scored.json("remind", scored.week, code=0)

    assert "đã quá hạn 17:00 ngày 06/6/2025, đề nghị thực hiện ngay." in person(told, "V1-01")["text"]


def test_a_unit_is_told_who_is_awaited_and_that_forms_do_not_go_into_a_group(scored: LittleOffice) -> None:
    told = scored.json("remind", scored.week, code=0)
    names = {row["code"]: row["name"] for row in scored.table("results")}
    text = next(one["text"] for one in told["units"] if one["unit"] == "VU1")

    assert names["V1-01"] in text
    assert "Gửi riêng từng người, không gửi phiếu vào nhóm." in text


def test_a_draft_is_there_for_whoever_has_an_address_and_nobody_has_sent_it(
    scored: LittleOffice, tmp_path: Path
) -> None:
    scored.person("V1-01").update({"email": "v1-01@example.vn"})
    scored.person("C-01").update({"email": "không phải địa chỉ"})
    scored.reorganise()
    scored.say("consolidate", scored.week, code=None)

    said = scored.say("remind", scored.week, "--to", str(tmp_path / "nhắc"))
    drafts = list((tmp_path / "nhắc").rglob("*.eml"))
    mail = email.message_from_bytes(drafts[0].read_bytes(), policy=email.policy.default)

    assert [path.name for path in drafts] == [f"{scored.week}_V1-01.eml"]
    assert (mail["X-Unsent"], mail["From"]) == ("1", None)
    assert "v1-01@example.vn" in str(mail["To"])
    assert mail["Subject"] == "Nội dung cần hoàn thành của Tuần 23 (từ ngày 02/6/2025 đến ngày 08/6/2025)"
    assert "Điền phiếu tự đánh giá" in mail.get_content()
    assert "1 thư nháp (.eml)" in said
    text = (tmp_path / "nhắc" / "people" / f"{scored.week}_V1-01.txt").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.count(b"\n") == text.count(b"\r\n")


def test_a_folder_with_other_files_is_left_alone(scored: LittleOffice, tmp_path: Path) -> None:
    (tmp_path / "việc khác.txt").write_text("x", encoding="utf-8")

    assert "đề nghị chọn một thư mục mới hoặc trống" in scored.say("remind", scored.week, "--to", str(tmp_path), code=2)


def test_a_party_body_speaks_to_comrades_and_any_other_body_does_not(scored: LittleOffice) -> None:
    plain = person(scored.json("remind", scored.week, code=0), "V1-01")["text"]
    settings = scored.folder / "office.toml"
    text = settings.read_text(encoding="utf-8")
    assert 'letterhead = "none"' in text
    settings.write_text(text.replace('letterhead = "none"', 'letterhead = "party"'), encoding="utf-8")
    scored.say("consolidate", scored.week, code=None)
    party = person(scored.json("remind", scored.week, code=0), "V1-01")["text"]

    assert plain.startswith("Kính gửi ông (bà) ")
    assert "đồng chí" not in plain
    assert party.startswith("Kính gửi đồng chí ")


def test_of_a_closed_week_nobody_is_reminded_and_it_says_how_to_open_it(scored: LittleOffice) -> None:
    scored.say("close", scored.week, "--yes", code=None)

    assert scored.json("remind", scored.week, code=0)["people"] == []
    assert f"evalxl reopen {scored.week}" in scored.say("remind", scored.week)


@pytest.mark.parametrize("kind", ["score.out_of_bounds", "FILE.ENCRYPTED"])
def test_a_finding_is_explained_by_its_name(scored: LittleOffice, kind: str) -> None:
    said = scored.say("explain", kind)
    row = catalogue()[kind.casefold()]

    assert row["vi"] in said
    assert row["remedy_vi"] in said


def test_a_finding_that_nobody_knows_is_no_week_either(scored: LittleOffice) -> None:
    assert scored.say("explain", "score.khong-co", code=2)
