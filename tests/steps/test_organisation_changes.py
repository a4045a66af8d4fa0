"""The organisation corrected after a week was issued: rows move to where they belong, and nothing that was handed in is lost."""

from __future__ import annotations

import openpyxl
import pytest

from tests.little_office import LittleOffice, draw_organisation, make_little_office, person, read


def test_a_person_who_moved_is_in_the_new_unit_and_the_form_that_was_issued_counts(handed_in: LittleOffice) -> None:
    """Unit, scorer and approver are those in force on the week's Thursday; a form issued earlier stays valid."""
    mover = handed_in.person("V1-03")
    mover["to"] = "2025-06-03"
    handed_in.organisation["people"].append({**mover, "unit": "P1", "scorer": None, "from": "2025-06-04", "to": None})
    handed_in.reorganise()
    handed_in.consolidate()
    row = handed_in.result("V1-03")

    assert (row["unit"], row["state"], row["self_total"]) == ("P1", "submitted", "91")
    assert "V1-03" in handed_in.people_in(handed_in.scoring("P-01"))
    assert "V1-03" not in handed_in.people_in(handed_in.scoring("V1-02"))
    assert "V1-03" in handed_in.people_in(handed_in.approval("C-01"))

    handed_in.score("P-01", {"V1-03": {"quality": 36, "progress": 36, "conduct": 17, "decision": "Đã chấm"}})
    handed_in.consolidate()
    assert handed_in.result("V1-03")["state"] == "scored"


def test_a_person_who_moves_after_the_thursday_stays_for_that_week(handed_in: LittleOffice) -> None:
    mover = handed_in.person("V1-03")
    mover["to"] = "5/6/2025"
    handed_in.organisation["people"].append({**mover, "unit": "P1", "scorer": None, "from": "6/6/2025", "to": None})
    handed_in.reorganise()
    handed_in.consolidate()
    handed_in.say("issue", "2025-W24")

    assert handed_in.result("V1-03")["unit"] == "VU1"
    assert handed_in.form("V1-03", "2025-W24").parent.parent.name == "P1"


def test_somebody_who_left_before_the_week_is_in_it_no_more(handed_in: LittleOffice) -> None:
    handed_in.person("V1-04")["to"] = "2025-05-30"
    handed_in.reorganise()
    handed_in.consolidate()

    assert "V1-04" not in {row["code"] for row in handed_in.table("results")}
    assert "V1-04" not in handed_in.people_in(handed_in.scoring("V1-02"))
    assert "V1-04" not in {row["code"] for row in handed_in.table("missing")}
    assert handed_in.result("V1-03")["state"] == "submitted"


def test_somebody_who_joined_is_missing_until_a_form_is_issued(handed_in: LittleOffice) -> None:
    handed_in.organisation["people"].append(person("V1-20", "Vũ Văn Mới", "VU1", scorer="V1-02"))
    handed_in.reorganise()
    handed_in.consolidate()
    missing = next(row for row in handed_in.table("missing") if row["code"] == "V1-20")
    assert (handed_in.result("V1-20")["state"], missing["reason"]) == ("not_submitted", "not_issued")

    untouched = handed_in.form("P-03").read_bytes()
    said = handed_in.json("issue", handed_in.week, code=0)
    assert len(said["written"]) == 1
    assert handed_in.form("P-03").read_bytes() == untouched

    handed_in.hand_in("V1-20")
    handed_in.consolidate()
    assert handed_in.result("V1-20")["state"] == "submitted"


@pytest.mark.parametrize(
    ("kind", "first", "last", "state"),
    [
        ("Nghỉ phép", "2/6/2025", "6/6/2025", "absent"),
        ("Nghỉ ốm", "1/6/2025", "8/6/2025", "absent"),
        ("Nghỉ phép", "3/6/2025", "6/6/2025", "not_submitted"),  # not all the working days
        ("Đi công tác", "2/6/2025", "6/6/2025", "not_submitted"),  # never excuses
        ("Biệt phái", "2025-06-02", None, "absent"),
    ],
)
def test_an_absence_excuses_a_week_only_if_it_covers_all_its_working_days(
    issued: LittleOffice, kind: str, first: str, last: str | None, state: str
) -> None:
    issued.organisation["absences"].append({"code": "P-03", "kind": kind, "from": first, "to": last})
    issued.reorganise()
    issued.consolidate()
    row = issued.result("P-03")

    assert (row["state"], row["counted_total"], row["counted_basis"], row["band"]) == (state, "", "none", "")
    assert ("P-03" in {one["code"] for one in issued.table("missing")}) is (state != "absent")


def test_a_form_from_an_absent_person_is_scored_and_approved_like_any_other(handed_in: LittleOffice) -> None:
    handed_in.organisation["absences"].append({"code": "P-02", "kind": "Nghỉ ốm", "from": "2/6/2025", "to": "6/6/2025"})
    handed_in.reorganise()
    handed_in.consolidate()
    handed_in.scored("P-02")
    handed_in.consolidate()
    handed_in.approved("P-02")
    handed_in.consolidate()

    assert handed_in.result("P-02")["state"] == "approved"
    assert handed_in.result("P-02")["flags"] == "absent_note"


def test_an_absent_person_gets_no_form(made: LittleOffice) -> None:
    made.organisation["absences"].append(
        {"code": "P-03", "kind": "Nghỉ thai sản", "from": "1/4/2025", "to": "30/9/2025"}
    )
    made.reorganise()
    said = made.json("issue", made.week, code=0)
    made.consolidate()

    assert said["absent"] == 1
    assert not list(made.share.rglob("*_P-03_*.xlsx"))
    assert made.result("P-03")["state"] == "absent"
    assert "P-03" not in made.people_in(made.scoring("P-01"))


def test_a_unit_without_a_head_goes_to_the_leader_in_charge(handed_in: LittleOffice) -> None:
    handed_in.organisation["units"][1].update({"head": None, "from": "2/6/2025"})
    handed_in.reorganise()
    handed_in.consolidate()

    assert "V1-01" in handed_in.people_in(handed_in.scoring("LD-02"))
    assert "0012" in handed_in.people_in(handed_in.scoring("LD-02"))
    assert "V1-03" in handed_in.people_in(handed_in.approval("LD-02"))


def test_a_leader_of_the_board_is_not_evaluated(handed_in: LittleOffice) -> None:
    assert not {"LD-01", "LD-02"} & {row["code"] for row in handed_in.table("results")}
    assert not list(handed_in.share.rglob("forms/*_LD-01*.xlsx"))
    assert not {"LD-01", "LD-02"} & {row["code"] for row in handed_in.table("missing")}


# Names and codes as offices have them

LONG = "Công Tằng Tôn Nữ Thị Hoàng Ngọc Thanh Phương Trâm Anh Bảo Đan"


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    """Codes with đ, with blanks in them, in other letter case, in decomposed letters, and as a number shown with zeros."""
    office = make_little_office(tmp_path_factory.mktemp("odd") / "office")
    decomposed = "Nguyễn Thị Ước"
    office.organisation["people"] += [
        person("LĐ-07", "Đoàn Đức Đạt", "LĐ", "Trợ lý", scorer="ld-02"),
        person("V1-50", LONG, "vu1", scorer="v1-02"),
        person("V1 51", decomposed, "VU1", scorer="V1-02"),
        person("7", "Đặng Văn Bảy", "VU1", "Viên chức", scorer="V1-02"),
    ]
    path = draw_organisation(office.folder / "organisation.xlsx", office.organisation)
    book = openpyxl.load_workbook(path)
    sheet = book["Cán bộ"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Mã cán bộ")
    for row in range(2, sheet.max_row + 1):
        cell = sheet.cell(row, column)
        if cell.value in ("0012", "7"):  # a number cell is read as shown
            cell.value, cell.number_format = int(str(cell.value)), "0000"
    book.save(path)
    office.say("check", code=None)
    office.say("issue", office.week)
    office.hand_in("LĐ-07", "V1-50", "V1 51", "0007", "0012", conduct_note="Đúng giờ")
    office.consolidate()
    office.scored("V1-50", "V1 51", "0007")
    office.consolidate()
    return office


def test_every_odd_code_runs_a_week(odd: LittleOffice) -> None:
    states = {row["code"]: row["state"] for row in odd.table("results")}

    assert {code: states[code] for code in ("LĐ-07", "V1-50", "V1 51", "0007", "0012")} == {
        "LĐ-07": "submitted",
        "V1-50": "scored",
        "V1 51": "scored",
        "0007": "scored",
        "0012": "submitted",
    }
    assert [row for row in odd.table("findings") if row["level"] != "note"] == []


def test_files_are_named_by_the_code_and_the_name_in_plain_letters(odd: LittleOffice) -> None:
    week = odd.share / odd.week

    assert (week / "LĐ" / "forms" / f"{odd.week}_LĐ-07_doan-duc-dat.xlsx").exists()
    assert (week / "VU1" / "forms" / f"{odd.week}_0012_dang-thi-dao.xlsx").exists()
    assert (week / "VU1" / "forms" / f"{odd.week}_V1 51_nguyen-thi-uoc.xlsx").exists()
    long = odd.form("V1-50").name
    assert long.startswith(f"{odd.week}_V1-50_cong-tang-ton-nu")
    assert len(long) <= 120
    assert (week / "LĐ" / "receipts" / f"{odd.week}_LĐ-07.txt").exists()


def test_a_name_keeps_its_letters_everywhere(odd: LittleOffice) -> None:
    assert read(odd.form("V1-50"), "ev_person_name") == [LONG]
    assert odd.result("V1 51")["name"] == "Nguyễn Thị Ước"  # composed
    assert odd.row(odd.scoring("V1-02"), "V1-50")["ev_row_name"] == LONG
    assert LONG in odd.receipt("V1-50")
    assert odd.json("explain", odd.week, "lđ-07")["code"] == "LĐ-07"


def test_text_typed_in_decomposed_letters_is_understood(issued: LittleOffice) -> None:
    import unicodedata

    issued.hand_in(
        "V1-03",
        status=unicodedata.normalize("NFD", "Đã nộp"),
        task_status=[unicodedata.normalize("NFD", "Hoàn thành")] * 2,
        task_name=[unicodedata.normalize("NFD", "Soạn thảo quyết định"), "Việc hai"],
    )
    issued.consolidate()

    assert issued.result("V1-03")["state"] == "submitted"
    assert [row["status"] for row in issued.table("tasks")] == ["Hoàn thành"] * 2
    assert issued.table("tasks")[0]["name"] == "Soạn thảo quyết định"


def test_people_are_listed_in_vietnamese_order_within_their_unit(odd: LittleOffice) -> None:
    """By the given name, then family name; a ă â … d đ."""
    names = [row["name"].split()[-1] for row in odd.table("results") if row["unit"] == "VU1"]

    assert names == ["An", "Ánh", "Ẩn", "Bảy", "Đan", "Đào", "Ngọc", "Ước"]
