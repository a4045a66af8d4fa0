"""The page that is signed, and the way back from the paper to the ledger."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.little_office import LittleOffice


def page(office: LittleOffice, code: str = "V1-03") -> dict[str, object]:
    told: dict[str, object] = office.json("sheet", office.week, code, code=0)
    return told


def texts(path: Path) -> list[str]:
    (sheet,) = openpyxl.load_workbook(path).worksheets
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_the_page_has_both_parts_three_columns_of_scores_the_band_and_room_for_three_signatures(
    approved: LittleOffice,
) -> None:
    made = page(approved)
    path = Path(str(made["file"]))
    said = texts(path)

    assert (
        path == approved.folder / "shared" / approved.week / "VU1" / "results" / f"{approved.week}_V1-03_phieu-ky.xlsx"
    )
    for words in ("PHIẾU KẾT QUẢ CÔNG TÁC TUẦN", "NGƯỜI BÁO CÁO", "NGƯỜI ĐÁNH GIÁ", "NGƯỜI PHÊ DUYỆT"):
        assert words in said
    assert "I. KẾT QUẢ THỰC HIỆN NHIỆM VỤ" in said and any(text.startswith("II. TÁC PHONG") for text in said)
    assert {"Điểm tự chấm", "Điểm đánh giá", "Điểm phê duyệt"} <= set(said)
    footer = openpyxl.load_workbook(path).worksheets[0].oddFooter.left.text
    assert f"Mã kiểm tra: {made['check']} (lần 1)" in footer and len(str(made["check"])) == 8


def test_the_check_code_leads_back_to_what_the_page_says(approved: LittleOffice) -> None:
    check = str(page(approved)["check"])
    said = approved.say("explain", "--code", check.lower())

    assert "V1-03" in said and "vẫn đúng" in said
    assert approved.json("explain", "--code", check)["stands"] is True


def test_the_same_page_made_again_is_no_new_version_and_nothing_new_in_the_ledger(
    approved: LittleOffice,
) -> None:
    first = page(approved)
    events = approved.json("verify")["events"]
    bytes_before = Path(str(first["file"])).read_bytes()

    assert page(approved)["check"] == first["check"]
    assert approved.json("verify")["events"] == events
    assert Path(str(first["file"])).read_bytes() == bytes_before


def test_after_a_correction_the_old_page_says_that_it_does_not_stand_any_more(
    approved: LittleOffice,
) -> None:
    old = str(page(approved)["check"])
    approved.scored("V1-03", quality=30, explanation="Xem lại sản phẩm", comment="Đã xem lại")
    approved.consolidate()
    new = page(approved)

    assert (new["version"], new["check"] != old) == (2, True)
    assert "đã thay đổi" in approved.say("explain", "--code", old)
    told = approved.json("explain", "--code", old)
    assert told["said"]["scored"]["quality"] != told["says_now"]["scored"]["quality"]


def test_a_page_of_somebody_who_handed_in_nothing_has_empty_scores_and_no_zero(
    approved: LittleOffice,
) -> None:
    made = page(approved, "V1-01")

    assert "0" not in texts(Path(str(made["file"]))) and "0.0" not in texts(Path(str(made["file"])))
    assert approved.json("explain", "--code", str(made["check"]))["said"]["total"] == ""


@pytest.mark.parametrize(
    "words", [("--code", "AAAAAAAA"), ("--code", ""), (), ("2025-W23",), ("2025-W23", "V1-03", "--code", "AAAAAAAA")]
)
def test_what_cannot_be_explained_is_one_sentence(approved: LittleOffice, words: tuple[str, ...]) -> None:
    assert approved.say("explain", *words, code=2).count("\n") == 1


def test_the_page_lies_in_the_week_and_is_not_read_as_a_form(approved: LittleOffice) -> None:
    page(approved)
    before = approved.table("findings")
    approved.consolidate()

    assert approved.table("findings") == before


def test_closing_the_week_makes_everybodys_page_and_each_code_resolves(approved: LittleOffice) -> None:
    approved.say("close", approved.week)
    pages = sorted((approved.folder / "shared" / approved.week).rglob("results/*.xlsx"))
    people = [row["code"] for row in approved.table("results")]

    assert sorted(path.stem.split("_")[1] for path in pages) == sorted(people)
    for path in pages[:3]:
        footer = openpyxl.load_workbook(path).worksheets[0].oddFooter.left.text
        check = footer.partition("Mã kiểm tra: ")[2][:8]
        assert approved.json("explain", "--code", check)["stands"] is True


def test_a_page_made_before_the_closing_is_not_made_twice_by_it(approved: LittleOffice) -> None:
    check = page(approved)["check"]
    approved.say("close", approved.week)

    assert page(approved) == page(approved) and page(approved)["check"] == check and page(approved)["version"] == 1
