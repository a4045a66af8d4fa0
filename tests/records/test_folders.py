"""Where everything lies, as the contract says it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalxl.domain.names import ascii_slug, code_key
from evalxl.domain.weeks import Period, Week
from evalxl.forms import kinds
from evalxl.records import folders
from evalxl.records.settings import Settings

OFFICE = Path("/office")
W23 = Week(2025, 23)


def below(path: Path) -> str:
    return path.relative_to(OFFICE).as_posix()


def test_the_share_has_the_folders_that_the_contract_names() -> None:
    plain = Settings()

    assert (
        below(folders.form_path(plain, OFFICE, W23, "VP", "VP-0007", "Hồ Cánh Diều"))
        == "shared/2025-W23/VP/forms/2025-W23_VP-0007_ho-canh-dieu.xlsx"
    )
    assert (
        below(folders.workbook_path(kinds.UNIT_FORM, plain, OFFICE, W23, "LĐ", "LĐ"))
        == "shared/2025-W23/LĐ/forms/2025-W23_LĐ_tap-the.xlsx"
    )
    assert (
        below(folders.receipt_path(plain, OFFICE, W23, "VP", "VP-0007"))
        == "shared/2025-W23/VP/receipts/2025-W23_VP-0007.txt"
    )
    assert (
        below(folders.workbook_path(kinds.SCORING, plain, OFFICE, W23, "VP-0001", "VP"))
        == "shared/2025-W23/VP/scoring/2025-W23_VP-0001_cham-diem.xlsx"
    )
    assert below(folders.unit_master_path(plain, OFFICE, W23, "VP")) == "shared/2025-W23/VP/2025-W23_VP_tong-hop.xlsx"
    assert (
        below(folders.workbook_path(kinds.APPROVAL, plain, OFFICE, W23, "LĐ-0001"))
        == "shared/2025-W23/approval/2025-W23_LĐ-0001_phe-duyet.xlsx"
    )
    assert below(folders.office_master_path(plain, OFFICE, W23)) == "shared/2025-W23/office/2025-W23_tong-hop.xlsx"
    assert (
        below(folders.workbook_path(kinds.FOLLOW_UP, plain, OFFICE, W23))
        == "shared/2025-W23/office/2025-W23_theo-doi.xlsx"
    )
    assert below(folders.period_path(plain, OFFICE, Period.parse("2025-06"))) == "shared/periods/2025-06_tong-hop.xlsx"
    assert below(folders.staffing_path(plain, OFFICE, Period.parse("2025"))) == "shared/periods/2025_statistics.xlsx"
    # Signals about scorers never lie where colleagues can open them.
    assert below(folders.signals_path(plain, OFFICE, Period.parse("2025"))) == "periods/2025_signals.xlsx"
    assert (
        below(folders.workbook_path(kinds.PERIOD_INPUT, plain, OFFICE, Period.parse("2025-06"), "LĐ-0001"))
        == "shared/periods/2025-06_LĐ-0001_tieu-chi.xlsx"
    )


def test_with_personal_folders_form_and_receipt_lie_where_only_the_person_reads() -> None:
    own = Settings(personal_folders=True)

    assert folders.form_path(own, OFFICE, W23, "VP", "VP-0007", "Hồ Cánh Diều").parent.name == "VP-0007"
    assert folders.receipt_path(own, OFFICE, W23, "VP", "VP-0007").parent.name == "VP-0007"


def test_what_colleagues_must_not_read_may_lie_on_other_shares() -> None:
    apart = Settings(management_folder="quanly", office_folder="vanphong", unit_folders={"vp": "rieng"})

    assert below(folders.unit_folder(apart, OFFICE, W23, "VP")) == "rieng/2025-W23/VP"
    assert below(folders.unit_folder(apart, OFFICE, W23, "TH")) == "shared/2025-W23/TH"
    assert (
        below(folders.workbook_path(kinds.SCORING, apart, OFFICE, W23, "VP-0001", "VP"))
        == "quanly/2025-W23/VP/scoring/2025-W23_VP-0001_cham-diem.xlsx"
    )
    assert below(folders.unit_master_path(apart, OFFICE, W23, "VP")) == "quanly/2025-W23/VP/2025-W23_VP_tong-hop.xlsx"
    assert (
        below(folders.workbook_path(kinds.APPROVAL, apart, OFFICE, W23, "LĐ-0001"))
        == "quanly/2025-W23/approval/2025-W23_LĐ-0001_phe-duyet.xlsx"
    )
    assert below(folders.office_master_path(apart, OFFICE, W23)) == "vanphong/2025-W23/office/2025-W23_tong-hop.xlsx"
    assert below(folders.period_path(apart, OFFICE, Period.parse("2025"))) == "vanphong/periods/2025_tong-hop.xlsx"
    assert below(folders.signals_path(apart, OFFICE, Period.parse("2025"))) == "vanphong/periods/2025_signals.xlsx"


def test_without_a_folder_for_managers_a_unit_with_its_own_share_scores_there() -> None:
    own = Settings(unit_folders={"VP": "rieng"})

    assert below(folders.workbook_path(kinds.SCORING, own, OFFICE, W23, "VP-0001", "VP")).startswith(
        "rieng/2025-W23/VP/scoring/"
    )
    assert below(folders.workbook_path(kinds.APPROVAL, own, OFFICE, W23, "LĐ-0001")).startswith(
        "shared/2025-W23/approval/"
    )


def test_every_folder_of_a_week_is_searched_once() -> None:
    apart = Settings(management_folder="quanly", office_folder="shared", unit_folders={"VP": "rieng", "TH": "rieng"})

    assert [below(folder) for folder in folders.all_week_folders(apart, OFFICE, W23)] == [
        "shared/2025-W23",
        "rieng/2025-W23",
        "quanly/2025-W23",
    ]


def test_a_share_inside_the_week_of_another_is_not_searched_twice() -> None:
    inside = Settings(management_folder="shared/2025-W23/rieng")

    assert [below(folder) for folder in folders.all_week_folders(inside, OFFICE, W23)] == ["shared/2025-W23"]


@pytest.mark.parametrize("name", [r"\\MAYCHU\danhgia", r"D:\danhgia"])
def test_a_windows_share_is_not_a_folder_of_the_office(name: str) -> None:
    assert folders.shared(Settings(shared_folder=name), OFFICE) == Path(name)


@pytest.mark.parametrize("code", ["VP-0007", "Đ" * 32])
def test_a_long_name_is_shortened_by_whole_words(code: str) -> None:
    name = "Nguyễn Phúc Trường Xuân Thảo Nguyên Bát Ngát Mênh Mông Vô Cùng Vô Tận Tận Chân Trời Xa Tít Tắp"
    path = folders.form_path(Settings(), OFFICE, W23, "VP", code, name)

    assert len(path.name.encode()) <= 120
    assert path.name.startswith(f"2025-W23_{code}_nguyen-phuc-truong")
    assert f"{ascii_slug(name)}-".startswith(f"{path.stem.rpartition('_')[2]}-")


def test_a_person_whose_name_has_no_latin_letter_still_has_a_form() -> None:
    assert folders.form_path(Settings(), OFFICE, W23, "VP", "VP-0007", "王").name == "2025-W23_VP-0007_phieu.xlsx"


def test_a_share_that_is_not_there_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(folders.ShareNotThereError, match="chung"):
        folders.require_share(Settings(shared_folder="chung"), tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_every_share_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    folders.require_share(Settings(), tmp_path)

    with pytest.raises(folders.ShareNotThereError):
        folders.require_share(Settings(unit_folders={"VP": "rieng"}), tmp_path)
    assert list((tmp_path / "shared").iterdir()) == []


CODES = st.text("AB1_-Đ", min_size=1, max_size=4) | st.sampled_from(
    ["tong-hop", "theo-doi", "statistics", "A_cham-diem", "office"]
)
NAMES = st.sampled_from(["Hồ Cánh Diều", "Tổng Hợp", "Chấm Điểm", "Phiếu Ký", "Tập Thể", "Phiếu", "王", "Kết Quả", ""])


@given(st.dictionaries(CODES, NAMES, min_size=1, max_size=5))
def test_no_two_workbooks_have_the_same_name_whatever_people_and_units_are_called(people: dict[str, str]) -> None:
    plain, june = Settings(personal_folders=True), Period.parse("2025-06")
    where, when = (plain, OFFICE, W23), (plain, OFFICE, june)
    people = {code: people[code] for code in {code_key(code): code for code in people}.values()}
    found = [
        folders.office_master_path(*where),
        folders.workbook_path(kinds.FOLLOW_UP, *where),
        folders.period_path(*when),
        folders.staffing_path(*when),
        folders.signals_path(*when),
    ]
    for code, name in people.items():  # units may be called as people are
        found += [
            folders.form_path(*where, "VP", code, name),
            folders.workbook_path(kinds.SCORING, *where, code, "VP"),
            folders.workbook_path(kinds.APPROVAL, *where, code),
            folders.result_sheet_path(*where, "VP", code),
            folders.own_results_path(*where, "VP", code),
            folders.period_form_path(*when, "VP", code),
            folders.workbook_path(kinds.PERIOD_INPUT, *when, code),
            folders.workbook_path(kinds.UNIT_FORM, *where, code, code),
            folders.unit_master_path(*where, code),
            folders.unit_result_sheet_path(*where, code),
        ]
    names = [path.name.casefold() for path in found]

    assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)
