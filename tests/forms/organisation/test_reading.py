"""The organisation workbook: what office staff may write how, and every slip with its cell."""

from __future__ import annotations

import unicodedata
from datetime import date
from importlib.resources import files

import pytest

from evalxl.domain.findings import Finding
from evalxl.domain.organisation.people import FIRST_DAY, LAST_DAY, Organisation
from evalxl.domain.rulebook import read_rulebook
from evalxl.domain.weeks import parse_date
from evalxl.forms.organisation.reading import canonical, digest, from_canonical, places, read_organisation
from evalxl.forms.tables import Table, TableCell

RULES = read_rulebook((files("evalxl") / "rulebooks" / "cv-8679-2025.toml").read_bytes(), "cv-8679-2025.toml")

UNITS = """
    Mã đơn vị | Tên đơn vị | Đơn vị cấp trên | Người đứng đầu | Lãnh đạo phụ trách
    VP        | Văn phòng  |                 | 01             | 09
"""
PEOPLE = """
    Mã cán bộ | Họ và tên    | Đơn vị | Nhóm chức vụ
    09        | Lê Mặt Trời  | VP     | Lãnh đạo Ban
    01        | Trần Cỏ May  | VP     | Cấp trưởng đơn vị
    02        | Hồ Cánh Diều | VP     | Công chức
"""


def drawn(**sheets: str) -> dict[str, Table]:
    """Sheets drawn as small tables; a drawn date stands for a date cell, a date in quotes for one that was typed as text."""
    return {
        name: Table(name, tuple(_row(line, number) for number, line in enumerate(lines(text), 1) if line.strip(" |")))
        for name, text in sheets.items()
    }


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip("\n").split("\n") if line.strip()]


def _row(line: str, number: int) -> tuple[TableCell, ...]:
    cells = []
    for place, text in enumerate(part.strip() for part in line.split("|")):
        day = parse_date(text)
        cells.append(TableCell(text.strip('"'), f"{'ABCDEFGHIJKLMNOP'[place]}{number}", day))
    return tuple(cells + [TableCell("", f"{'ABCDEFGHIJKLMNOP'[place]}{number}") for place in range(len(cells), 14)])


def read(**sheets: str) -> tuple[Organisation | None, list[Finding]]:
    return read_organisation(drawn(**{name.replace("_", " "): text for name, text in sheets.items()}), RULES)


def organisation_in(**sheets: str) -> Organisation:
    organisation, findings = read(**sheets)
    assert organisation is not None, [finding.message() for finding in findings]
    return organisation


def slips_in(**sheets: str) -> list[str]:
    organisation, findings = read(**sheets)
    for finding in findings:
        # Every finding can be said in both languages, without a place left open.
        said = [finding.message("vi"), finding.message("en"), finding.remedy("vi"), finding.remedy("en")]
        assert all(said)
        assert not any("{" in sentence or "@" in sentence for sentence in said)
        assert finding.sheet
    assert (organisation is None) == any(finding.level == "error" for finding in findings)
    return [finding.brief() for finding in findings]


# What may be written how


def test_units_and_people_with_the_required_columns_are_enough() -> None:
    organisation = organisation_in(
        Units="code | name\nVP | Văn phòng",
        People="code | name | unit | rank\n01 | Hồ Cánh Diều | VP | official",
    )

    assert [unit.code for unit in organisation.units] == ["VP"]
    assert [(post.code, post.unit, post.rank, post.first, post.last) for post in organisation.posts] == [
        ("01", "VP", "official", FIRST_DAY, LAST_DAY)
    ]


def test_headers_stand_in_any_order_and_either_language_below_a_title() -> None:
    organisation = organisation_in(
        Units="""
            DANH SÁCH ĐƠN VỊ
            head | Ghi chú    | TÊN ĐƠN VỊ | Code
            01   | tầng hai   | Văn phòng  | VP
        """,
        Cán_bộ="""
            STT | rank     | Đơn vị (mã) | Họ và tên * | Mã cán bộ / code
            1   | official | VP          | Trần Cỏ May | 01
        """,
    )

    assert organisation.units[0].head == "01"
    assert organisation.posts[0].name == "Trần Cỏ May"


def test_both_tone_styles_and_decomposed_letters_name_the_same_sheet() -> None:
    delegation = "Người uỷ quyền | Người được uỷ quyền | Từ ngày | Đến ngày\n01 | 02 | 1/6/2025 | 30/6/2025"
    sheets = drawn(**{"Đơn vị": UNITS, unicodedata.normalize("NFD", "Cán bộ"): PEOPLE, "Uỷ quyền": delegation})

    organisation, findings = read_organisation(sheets, RULES)

    assert findings == []
    assert organisation is not None
    assert [entry.scope for entry in organisation.delegations] == ["both"]


def test_a_code_written_otherwise_is_the_code_of_the_row_that_defines_it() -> None:
    organisation = organisation_in(
        Units="code | name | head | parent\nLĐ | Lãnh đạo | lđ-01 |\nvp | Văn phòng | | "
        + unicodedata.normalize("NFD", "lđ"),
        People="code | name | unit | rank | scorer | from | to\n"
        "LĐ-01 | Lê Mặt Trời | lđ | board_leader | | | 31/5/2025\n"
        "lđ-01 | Lê Mặt Trời | VP | director | | 1/6/2025 |\n"
        "02 | Hồ Cánh Diều | VP | official | Lđ-01 | |",
    )

    assert (organisation.units[0].head, organisation.units[1].parent) == ("LĐ-01", "LĐ")
    assert [(post.code, post.unit) for post in organisation.posts] == [("LĐ-01", "LĐ"), ("LĐ-01", "vp"), ("02", "vp")]
    assert organisation.posts[2].scorer == "LĐ-01"


@pytest.mark.parametrize(
    ("written", "rank"),
    [
        ("board_leader", "board_leader"),
        ("lãnh đạo ban", "board_leader"),
        ("Phó Trưởng phòng và tương đương", "deputy_division_head"),
        ("Viên chức", "official"),
        ("Người  lao động", "employee"),
        ("Secretary", "secretary"),
    ],
)
def test_a_rank_is_written_as_code_or_in_words(written: str, rank: str) -> None:
    organisation = organisation_in(
        Units="code|name\nVP|Văn phòng", People=f"code|name|unit|rank\n01|Hồ Cánh Diều|VP|{written}"
    )

    assert organisation.posts[0].rank == rank


def test_dates_are_date_cells_or_text() -> None:
    organisation = organisation_in(
        Units=UNITS, People=PEOPLE,
        Absences='code|kind|from|to\n02|Nghỉ phép|2/6/2025|"2025-06-06"\n02|sick|"9/6/2025"|13/06/2025',
    )  # fmt: skip

    assert [(entry.kind, entry.first, entry.last) for entry in organisation.absences] == [
        ("leave", date(2025, 6, 2), date(2025, 6, 6)),
        ("sick", date(2025, 6, 9), date(2025, 6, 13)),
    ]


def test_lists_of_positions_tasks_and_days_off_are_read() -> None:
    organisation = organisation_in(
        Units=UNITS,
        People="code|name|unit|rank|position\n01|Trần Cỏ May|VP|director|văn thư, lưu trữ\n09|Lê Mặt Trời|VP|board_leader|vt",
        Positions="code|name|complexity|posts\nVT|Văn thư, lưu trữ|Trung bình|2",
        Tasks="Mã nhiệm vụ|Tên nhiệm vụ|Vị trí việc làm|Đơn vị tính|Mức độ phức tạp\nNV-01|Đăng ký văn bản đến|VT|văn bản|simple",
        Days_off="date|kind|reason\n16/2/2026|Nghỉ lễ, Tết|Tết\n14/2/2026|Làm bù|\n17/2/2026|Nghỉ Tết|",
    )

    assert [post.position for post in organisation.posts] == ["VT", "VT"]
    assert (organisation.positions[0].complexity, organisation.positions[0].posts) == ("medium", 2)
    assert (organisation.tasks[0].unit_of_measure, organisation.tasks[0].complexity) == ("văn bản", "simple")
    assert [entry.kind for entry in organisation.days_off] == ["holiday", "worked", "holiday"]


def test_a_row_that_holds_only_a_running_number_is_no_row() -> None:
    organisation = organisation_in(
        Units="STT|code|name\n1|VP|Văn phòng\n2||",
        People="STT|code|name|unit|rank\n1|01|Hồ Cánh Diều|VP|official\n2||||",
    )

    assert (len(organisation.units), len(organisation.posts)) == (1, 1)


def test_one_person_on_several_rows_that_follow_each_other_is_no_slip() -> None:
    assert slips_in(
        Units="code|name|head\nVP|Văn phòng|01\nTH|Vụ Tổng hợp|02",
        People="code|name|unit|rank|from|to\n"
        "01|Trần Cỏ May|VP|director||\n"
        "02|Hồ Cánh Diều|TH|director|16/6/2025|\n"
        "02|Hồ Cánh Diều|VP|official|1/1/2025|15/6/2025",
    ) == []  # fmt: skip


# Slips


def test_a_missing_sheet_is_told() -> None:
    assert slips_in(Units=UNITS) == ["organisation.missing_sheet Cán bộ!"]


def test_a_missing_column_is_told_at_the_header() -> None:
    people = "DANH SÁCH\nHọ và tên | Đơn vị | Nhóm chức vụ\nHồ Cánh Diều | VP | Công chức"

    assert slips_in(Units=UNITS, People=people) == ["organisation.missing_column People!A2"]


def test_a_sheet_whose_headers_nobody_knows_is_not_passed_over() -> None:
    """Absences that are not read would make people late who are on leave."""
    assert "organisation.missing_column Absences!A1" in slips_in(
        Units=UNITS, People=PEOPLE, Absences="Ai|Khi nào\n02|tuần này"
    )


def test_sheets_without_a_row_are_told() -> None:
    assert slips_in(Units="code|name", People="code|name|unit|rank") == [
        "organisation.no_rows Units!A1",
        "organisation.no_rows People!A1",
    ]


def test_a_required_cell_that_is_empty_is_told() -> None:
    assert slips_in(
        Units="code|name|head\nVP||02", People="code|name|unit|rank\n|Hồ Cánh Diều|VP|official\n02|Lê Mặt Trời||"
    ) == [
        "organisation.empty_cell Units!B2",
        "organisation.empty_cell People!A2",
        "organisation.empty_cell People!C3",
        "organisation.empty_cell People!D3",
    ]


def test_codes_that_nobody_has_are_told_wherever_they_stand() -> None:
    assert slips_in(
        Units="code|name|parent|head|leader in charge\nVP|Văn phòng|BAN|98|99",
        People="code|name|unit|rank|scorer|co-scorer|approver\n01|Hồ Cánh Diều|TH|official|97|96|95",
        Absences="code|kind|from|to\n94|leave|2/6/2025|3/6/2025",
        Delegations="from person|to person|from|to\n93|92|2/6/2025|3/6/2025",
    ) == [
        "organisation.unknown_unit Units!C2",
        "organisation.unknown_person Units!D2",
        "organisation.unknown_person Units!E2",
        "organisation.unknown_unit People!C2",
        "organisation.unknown_person People!E2",
        "organisation.unknown_person People!F2",
        "organisation.unknown_person People!G2",
        "organisation.unknown_person Absences!A2",
        "organisation.unknown_person Delegations!A2",
        "organisation.unknown_person Delegations!B2",
    ]  # fmt: skip


@pytest.mark.parametrize("written", ["Trần Cỏ May", "VP-001"])
def test_a_name_or_a_slip_of_the_pen_in_place_of_a_code_is_told_with_the_code(written: str) -> None:
    _, findings = read(
        Units="code|name|head\nVP|Văn phòng|" + written, People="code|name|unit|rank\nVP-0001|Trần Cỏ May|VP|director"
    )

    assert "VP-0001" in findings[0].message("vi")


@pytest.mark.parametrize(
    ("sheet", "drawing", "slip"),
    [
        ("People", "code|name|unit|rank\n01|Trần Cỏ May|VP|Trưởng ban", "organisation.unknown_rank People!D2"),
        ("Absences", "code|kind|from|to\n01|Đi chơi|2/6/2025|3/6/2025", "organisation.unknown_absence Absences!B2"),
        ("Absences", "code|kind|from|to\n01|Nghỉ phép|31/6/2025|3/7/2025", "organisation.bad_date Absences!C2"),
        ("Absences", "code|kind|from|to\n01|Nghỉ phép|4/6/2025|3/6/2025", "organisation.from_after_to Absences!D2"),
        ("Delegations", "from person|to person|scope|to\n01|09|Ký|9/6/2025", "organisation.unknown_scope Delegations!C2"),
        ("Delegations", "from person|to person|to\n01|01|9/6/2025", "organisation.delegated_to_self Delegations!B2"),
        ("Days off", "date|kind\n2/9/2025|Nghỉ mát", "organisation.unknown_day_kind Days off!B2"),
        ("Days off", "date|kind\nQuốc khánh|Nghỉ lễ, Tết", "organisation.bad_date Days off!A2"),
        ("Days off", "date|kind\n2/9/2025|Nghỉ lễ, Tết\n2/9/2025|Làm bù", "organisation.day_twice Days off!B3"),
        ("Positions", "code|name|complexity\nVT|Văn thư|Khó", "organisation.unknown_complexity Positions!C2"),
        ("Positions", "code|name|posts\nVT|Văn thư|hai", "organisation.bad_number Positions!C2"),
        ("Positions", "code|name\nVT|Văn thư\nvt|Vận tải", "organisation.code_twice Positions!A3"),
    ],
)  # fmt: skip
def test_a_word_or_date_that_cannot_be_used_is_told(sheet: str, drawing: str, slip: str) -> None:
    sheets = {"Units": "code|name|head\nVP|Văn phòng|01", "People": PEOPLE} | {sheet: drawing}

    assert slip in slips_in(**sheets)


@pytest.mark.parametrize("code", ["office", "Approval", "PERIODS"])
def test_a_code_that_is_a_folder_of_the_share_is_told(code: str) -> None:
    assert "organisation.reserved_code Units!A2" in slips_in(Units=f"code|name\n{code}|Văn phòng", People=PEOPLE)


@pytest.mark.parametrize("code", ["VP/1", "VP\\1", "A:B", "VP?", "VP.", "CON", "com1", "NUL.x", "..", "~VP"])
def test_a_code_that_windows_forbids_is_told(code: str) -> None:
    assert "organisation.forbidden_code Units!A2" in slips_in(Units=f"code|name\n{code}|Văn phòng", People=PEOPLE)


def test_a_code_that_makes_a_file_name_too_long_is_told() -> None:
    assert "organisation.long_code Units!A2" in slips_in(Units=f"code|name\n{'Đ' * 33}|Văn phòng", People=PEOPLE)


def test_two_units_with_one_code_are_told() -> None:
    assert slips_in(Units="code|name|head\nVP|Văn phòng|01\nvp|Vụ Pháp luật|01", People=PEOPLE) == [
        "organisation.code_twice Units!A3"
    ]


def test_units_above_each_other_in_a_circle_are_told_once() -> None:
    units = "code|name|parent|head\nVP|Văn phòng|B|01\nA|Vụ A|VP|\nB|Vụ B|A|\nC|Vụ C|C|\nD|Vụ D|A|"

    assert slips_in(Units=units, People=PEOPLE) == [
        "organisation.unit_cycle Units!C2",
        "organisation.unit_cycle Units!C5",
    ]


def test_two_people_with_one_code_are_told() -> None:
    people = PEOPLE + "\n02 | Mai Hoa Lỵ | VP | Công chức"

    assert slips_in(Units=UNITS, People=people) == ["organisation.two_people People!A5"]


def test_rows_of_one_person_that_overlap_are_told() -> None:
    people = (
        "code|name|unit|rank|from|to\n"
        "01|Trần Cỏ May|VP|director|1/1/2025|\n"
        "02|Hồ Cánh Diều|VP|official|1/1/2025|16/6/2025\n"
        "02|HỒ CÁNH DIỀU|VP|director|16/6/2025|"
    )

    assert slips_in(Units="code|name|head\nVP|Văn phòng|01", People=people) == [
        "organisation.overlapping_dates People!E4"
    ]


def test_a_short_row_within_a_long_one_is_told_although_another_lies_between() -> None:
    people = (
        "code|name|unit|rank|from|to\n"
        "01|Trần Cỏ May|VP|director|1/1/2025|31/12/2025\n"
        "01|Trần Cỏ May|VP|official|1/2/2025|28/2/2025\n"
        "01|Trần Cỏ May|VP|official|1/5/2025|31/5/2025"
    )

    assert len(slips_in(Units="code|name|head\nVP|Văn phòng|01", People=people)) == 2


def test_a_code_given_to_somebody_else_later_is_noted() -> None:
    people = "code|name|unit|rank|from|to\n01|Trần Cỏ May|VP|director||31/5/2025\n01|Mai Hoa Lỵ|VP|director|1/6/2025|"

    assert slips_in(Units="code|name|head\nVP|Văn phòng|01", People=people) == ["organisation.name_changed People!B3"]


def test_one_right_delegated_to_two_people_is_told() -> None:
    delegations = (
        "from person|to person|scope|from|to\n"
        "01|02|Chấm điểm|2/6/2025|6/6/2025\n"
        "01|09|Phê duyệt|2/6/2025|6/6/2025\n"
        "01|09||6/6/2025|9/6/2025"
    )

    assert slips_in(Units=UNITS, People=PEOPLE, Delegations=delegations) == [
        "organisation.two_delegates Delegations!B4"
    ]


def test_two_kinds_of_absence_on_one_day_are_doubtful() -> None:
    absences = "code|kind|from|to\n02|study|2/6/2025|30/6/2025\n02|sick|3/6/2025|4/6/2025\n02|study|30/6/2025|1/7/2025"

    assert slips_in(Units=UNITS, People=PEOPLE, Absences=absences) == ["organisation.absences_overlap Absences!C3"]


def test_an_absence_without_an_end_counts_and_is_noted() -> None:
    organisation, findings = read(Units=UNITS, People=PEOPLE, Absences="code|kind|from\n02|maternity|2/6/2025")

    assert organisation is not None
    assert organisation.absences[0].last == LAST_DAY
    assert [(finding.brief(), finding.level) for finding in findings] == [("organisation.open_end Absences!A2", "note")]


def test_an_unknown_position_is_doubtful_only_where_there_is_a_list() -> None:
    people = "code|name|unit|rank|position\n01|Trần Cỏ May|VP|director|VTX"

    assert slips_in(Units="code|name|head\nVP|Văn phòng|01", People=people) == []
    assert slips_in(Units="code|name|head\nVP|Văn phòng|01", People=people, Positions="code|name\nVT|Văn thư") == [
        "organisation.unknown_position People!E2"
    ]


def test_a_unit_without_a_head_is_only_noted() -> None:
    organisation, findings = read(Units="code|name\nVP|Văn phòng\nTH|Vụ Tổng hợp", People=PEOPLE)

    assert organisation is not None
    assert [(finding.brief(), finding.level) for finding in findings] == [
        ("organisation.unit_without_head Units!A2", "note")
    ]


def test_a_second_sheet_and_a_second_column_of_one_meaning_are_not_mixed_in() -> None:
    sheets = {"Cán bộ": PEOPLE, "Units": "code|name|head|Người đứng đầu\nVP|Văn phòng|01|02", "People": PEOPLE}

    assert slips_in(**sheets) == ["organisation.sheet_twice People!", "organisation.column_twice Units!D1"]


def test_the_place_of_a_person_is_known_after_reading() -> None:
    place = places(drawn(Units=UNITS, People=PEOPLE), "people")

    assert place("02", "rank") == ("People", "D4")
    assert place("02", "scorer") == ("People", "A4")
    assert place("77", "rank") == ("", "")


# The snapshot


def test_the_snapshot_gives_the_organisation_back() -> None:
    organisation = organisation_in(
        Units=UNITS,
        People="code|name|unit|rank|from|to\n01|Trần Cỏ May|VP|director|1/1/2025|\n09|Lê Mặt Trời|VP|board_leader||31/12/2025",
        Absences="code|kind|from|to\n01|leave|2/6/2025|3/6/2025",
        Delegations="from person|to person|from|to\n01|09|2/6/2025|3/6/2025",
        Days_off="date|kind\n2/9/2025|Nghỉ lễ, Tết",
        Positions="code|name|posts\nVT|Văn thư|2",
        Tasks="code|name\nNV|Đăng ký văn bản",
    )

    assert from_canonical(canonical(organisation)) == organisation
    assert canonical(organisation)["posts"][0] == {
        "code": "01", "name": "Trần Cỏ May", "unit": "VP", "rank": "director", "first": "2025-01-01",
    }  # fmt: skip


def test_equal_organisations_have_equal_digests_whatever_their_workbooks_look_like() -> None:
    vietnamese = organisation_in(Đơn_vị=UNITS, Cán_bộ=PEOPLE)
    english = organisation_in(Units=UNITS, People=PEOPLE.replace("Công chức", "official"))

    assert digest(vietnamese) == digest(english)
    assert digest(vietnamese) != digest(Organisation(vietnamese.units, vietnamese.posts[:1]))


# What has dates, and what later evaluations need


DATED_UNITS = """
    Mã đơn vị | Tên đơn vị | Đơn vị cấp trên | Người đứng đầu | Lãnh đạo phụ trách | Từ ngày | Đến ngày | Cấp
    VP        | Văn phòng  |                 | 01             | 09                 |         | 8/6/2025 | Vụ
    VP        | Văn phòng Ban |              | 02             | 09                 | "2025-06-09" |     | Vụ
"""


def test_a_unit_may_stand_on_several_rows_whose_dates_do_not_overlap() -> None:
    organisation = organisation_in(Đơn_vị=DATED_UNITS, Cán_bộ=PEOPLE)

    heads = [(unit.head, unit.name, unit.level) for day in (8, 9) for unit in organisation.on(date(2025, 6, day)).units]
    assert heads == [("01", "Văn phòng", "Vụ"), ("02", "Văn phòng Ban", "Vụ")]


def test_rows_of_a_unit_that_overlap_are_told_at_the_later_one() -> None:
    overlapping = DATED_UNITS.replace("2025-06-09", "2025-06-08")

    assert slips_in(Đơn_vị=overlapping, Cán_bộ=PEOPLE) == ["organisation.unit_dates_overlap Đơn vị!F3"]


def test_a_circle_of_units_that_is_none_on_any_day_is_none() -> None:
    units = """
        code | name | parent | head | to       | from
        A    | A    | B      | 01   | 8/6/2025 |
        A    | A    |        | 01   |          | 9/6/2025
        B    | B    |        | 02   | 8/6/2025 |
        B    | B    | A      | 02   |          | 9/6/2025
    """
    people = PEOPLE.replace("| VP ", "| A  ")

    assert slips_in(Units=units, Cán_bộ=people) == []


def test_what_later_evaluations_need_is_read_and_kept() -> None:
    people = """
        code | name | unit | rank | category | peer group | former code | email
        09   | Lê Mặt Trời | VP | board_leader | Lãnh đạo theo QĐ 366 | | | a@b.vn
        01   | Trần Cỏ May | VP | director | Công chức; Lãnh đạo theo QĐ 366 | Tổng hợp | A-1, a-2 |
        02   | Hồ Cánh Diều | VP | official | | | |
    """
    tasks = """
        Mã nhiệm vụ | Tên nhiệm vụ | Vị trí việc làm | Nhóm | Hệ số quy đổi | Thường xuyên | Từ ngày
        T1 | Giao ban | TH | Định kỳ | 1,5 | Có | 1/6/2025
        T1 | Giao ban tuần | TH | Định kỳ | 2 | x | 9/6/2025
        T2 | Báo cáo  | TH | | | Không |
    """
    authorities = """
        Mã cán bộ | Bộ tiêu chí | Người đánh giá | Người hoặc tập thể quyết định | Từ ngày
        01 | qd-366-2025 | 09 | Ban Thường vụ | 1/7/2025
    """
    organisation = organisation_in(Đơn_vị=UNITS, People=people, Danh_mục_nhiệm_vụ=tasks, Thẩm_quyền=authorities)
    head = next(post for post in organisation.posts if post.code == "01")
    (authority,) = organisation.authorities

    assert (head.category, head.peers, head.former_codes) == (
        "Công chức; Lãnh đạo theo QĐ 366",
        "Tổng hợp",
        ("A-1", "a-2"),
    )
    assert [(task.coefficient, task.recurring, task.group) for task in organisation.tasks] == [
        ("1.5", True, "Định kỳ"),
        ("2", True, "Định kỳ"),
        ("", False, ""),
    ]
    assert [task.name for task in organisation.tasks_on(date(2025, 6, 8))] == ["Giao ban", "Báo cáo"]
    assert [task.name for task in organisation.tasks_on(date(2025, 6, 9))] == ["Giao ban tuần", "Báo cáo"]
    assert (authority.rulebook, authority.scorer, authority.decider) == ("qd-366-2025", "09", "Ban Thường vụ")
    assert from_canonical(canonical(organisation)) == organisation


@pytest.mark.parametrize(
    ("sheets", "slip"),
    [
        ({"Tasks": "code | name | coefficient\nT | Việc | nhiều"}, "organisation.bad_coefficient Tasks!C2"),
        ({"Tasks": "code | name | recurring\nT | Việc | thỉnh thoảng"}, "organisation.unknown_yes_no Tasks!C2"),
        ({"Tasks": "code | name\nT | Việc\nT | Việc"}, "organisation.code_twice Tasks!A3"),
        ({"Authorities": "code | rule book\n77 | qd-366"}, "organisation.unknown_person Authorities!A2"),
        ({"Authorities": "code | rule book\n01 | A\n01 | a"}, "organisation.authority_twice Authorities!A3"),
    ],
)
def test_a_slip_in_what_later_evaluations_need_is_told_at_its_cell(sheets: dict[str, str], slip: str) -> None:
    assert slips_in(Đơn_vị=UNITS, Cán_bộ=PEOPLE, **sheets) == [slip]


def test_a_former_code_that_is_still_in_use_or_claimed_twice_is_told() -> None:
    people = """
        code | name | unit | rank | former code
        09   | Lê Mặt Trời | VP | board_leader |
        01   | Trần Cỏ May | VP | director | 02
        02   | Hồ Cánh Diều | VP | official | X
        03   | Đỗ Rừng | VP | official | x
    """

    assert slips_in(Đơn_vị=UNITS, People=people) == [
        "organisation.former_code_in_use People!E3",
        "organisation.former_code_twice People!E5",
    ]
