"""Masters: what the leaders look at first and the office prints."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import OpenXmlValidator
from python_calamine import CalamineWorkbook

from evalxl.domain.evaluation.difficulties import DifficultyLine
from evalxl.domain.evaluation.week_view import UnitPoint, WeekView
from evalxl.domain.findings import Finding
from evalxl.domain.typed_rows import DifficultyAnswer
from evalxl.excel.looks.paper import LANDSCAPE, LEAST_LISTS
from evalxl.excel.masters import draw
from evalxl.excel.masters.measure import lines_of
from evalxl.excel.masters.sheet_kit import TEXT_LIMIT
from evalxl.words import Lang
from tests.libreoffice import Office
from tests.samples_of_weeks import UNITS, WEEK, empty_week, person, unit_part, week_of, with_findings

VIETNAMESE = [
    "Tổng quan",
    "Kết quả",
    "Mức độ hoàn thành",
    "Cảnh báo",
    "Chưa hoàn tất",
    "Lỗi, lưu ý",
    "Khó khăn, kiến nghị",
    "Thống kê nhiệm vụ",
    "Nhật ký",
]
ENGLISH = [
    "Overview",
    "Results",
    "Degrees of completion",
    "Warnings",
    "Not completed yet",
    "Findings",
    "Difficulties, proposals",
    "Task statistics",
    "Log",
]

OUT_OF_BOUNDS = Finding(
    "score.out_of_bounds",
    code="VP-0001",
    file="VP/forms/2025-W23_VP-0001_ten.xlsx",
    sheet="Phiếu",
    cell="D8",
    found="45",
    values={"label": "@term.quality", "maximum": 40},
)


def rows(data: bytes, sheet: str) -> list[list[Any]]:
    """A sheet as another library reads it, blanks as ""."""
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def table(data: bytes, sheet: str) -> list[list[Any]]:
    """The numbered rows of a sheet."""
    return [row for row in rows(data, sheet) if isinstance(row[0], float)]


def listed(data: bytes, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet's list by the words of its heading; the second *Tổng* is called *Tổng 2*."""
    read = rows(data, sheet)
    numbers = next(n for n, row in enumerate(read) if row[0] == "(1)")
    names: list[str] = []
    for words in read[numbers - 1]:
        same = sum(name.partition("#")[0] == words for name in names)
        names.append(f"{words}#{same + 1}" if same else words)
    return [dict(zip(names, row, strict=True)) for row in read[numbers + 1 :] if isinstance(row[0], float)]


def texts(data: bytes) -> list[str]:
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    return [
        cell for name in book.sheet_names for row in rows(data, name) for cell in row if isinstance(cell, str) and cell
    ]


def opened(data: bytes) -> Workbook:
    return openpyxl.load_workbook(BytesIO(data))


def parts(data: bytes, pattern: str) -> dict[str, str]:
    """The package's parts whose name matches."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        return {name: package.read(name).decode() for name in package.namelist() if re.search(pattern, name)}


def cells_of(book: Workbook, reference: str) -> list[Any]:
    """The values in a chart's range."""
    sheet, _, place = reference.rpartition("!")
    left, top, right, bottom = range_boundaries(place.replace("$", ""))
    found = book[sheet.strip("'")].iter_rows(top, bottom, left, right, values_only=True)
    return [value for row in found for value in row]


def test_a_master_has_nine_sheets_in_the_order_of_the_contract() -> None:
    view = week_of()

    assert opened(draw(view)).sheetnames == VIETNAMESE
    assert opened(draw(view, "en")).sheetnames == ENGLISH


def test_scores_are_numbers_as_they_were_booked() -> None:
    scored = person(1, "approved")
    (row,) = listed(draw(replace(week_of(), results=(scored,))), "Kết quả")
    parts = ("Chất lượng", "Tiến độ", "Tác phong")

    assert [row[name] for name in ("Mã cán bộ", "Họ và tên", "Đơn vị công tác", "Chức vụ, chức danh")] == [
        *(scored.code, scored.name, scored.unit_name, scored.title)
    ]
    assert [row[part] for part in parts] == [row[f"{part}#2"] for part in parts] == [32.0, 32.0, 18.0]
    assert [row[f"{part}#3"] for part in parts] == [33.0, 33.0, 18.0]  # the self scores stand right of the page
    assert [row[name] for name in ("Tổng tự chấm", "Tổng", "Tổng#2", "Tổng điểm")] == [84.0, 82.0, 82.0, 82.0]
    assert [row["Căn cứ"], row["Mức độ hoàn thành nhiệm vụ"], row["Trạng thái"]] == [
        *("Điểm phê duyệt", "Hoàn thành tốt nhiệm vụ", "Đã phê duyệt")
    ]


def test_a_total_shows_two_places_and_keeps_its_exact_value() -> None:
    odd = replace(person(1, "approved"), counted_total=Decimal("82.125"))
    sheet = opened(draw(replace(week_of(), results=(odd,))))["Kết quả"]
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == 82.125]

    assert cell.number_format == "0.00"


@pytest.mark.parametrize("state", ["absent", "not_submitted", "draft", "invalid"])
def test_who_has_no_score_has_empty_cells_and_never_a_zero(state: Any) -> None:
    (row,) = listed(draw(replace(week_of(), results=(person(1, state),))), "Kết quả")
    scores = [name for name in row if name.startswith(("Chất", "Tiến", "Tác", "Tổng", "Mức"))]

    assert [row[name] for name in scores] == [""] * 14


def test_a_scored_week_leaves_the_approved_columns_empty_and_says_that_it_is_provisional() -> None:
    (row,) = listed(draw(replace(week_of(), results=(person(1, "scored"),))), "Kết quả")

    assert [row[f"{name}#2"] for name in ("Chất lượng", "Tiến độ", "Tác phong", "Tổng")] == [""] * 4
    assert (row["Tổng điểm"], row["Căn cứ"]) == (82.0, "Tạm tính theo điểm đánh giá")
    assert row["Trạng thái"] == "Đã chấm, chờ phê duyệt"


def test_the_order_of_the_people_is_the_views() -> None:
    view = week_of(60)

    assert [row["Mã cán bộ"] for row in listed(draw(view), "Kết quả")] == [result.code for result in view.results]


def test_a_masters_cells_are_values_without_formulas() -> None:
    assert not [name for name, part in parts(draw(week_of()), r"worksheets/sheet").items() if "<f>" in part]


PAYLOADS = ["=1+1", "@x", "http://example.com/", "-3", "+84 24", "mailto:a@b", "internal:'Kết quả'!A1", "{=1}", "007"]


@pytest.mark.parametrize("typed", PAYLOADS)
def test_what_a_person_typed_stays_the_text_that_was_typed(typed: str) -> None:
    view = replace(week_of(), results=(replace(person(1, "approved"), name=typed, reply=typed),))
    view = told(view, typed, DifficultyAnswer(passed_to=typed, answer=typed))
    data = draw(with_findings(view, (replace(OUT_OF_BOUNDS, found=typed),)))

    assert listed(data, "Kết quả")[0]["Họ và tên"] == typed
    said, replied = listed(data, "Khó khăn, kiến nghị")
    assert [said[name] for name in ("Nội dung", "Chuyển đến", "Nội dung trả lời")] == [typed] * 3
    assert replied["Nội dung"] == listed(data, "Lỗi, lưu ý")[0]["Nội dung tìm thấy"] == typed
    assert "<f>" not in "".join(parts(data, r"worksheets/sheet").values())
    assert "example.com" not in "".join(parts(data, r"\.rels$").values())


_NO_ANSWER = DifficultyAnswer()


def told(view: WeekView, text: str, answer: DifficultyAnswer = _NO_ANSWER, subject: str = "VP-0001") -> WeekView:
    """A view in which somebody tells the office something more."""
    name = "" if subject.startswith("unit:") else "Lê Thị Ba"
    line = DifficultyLine(
        "KEY", subject, "difficulty", text, (view.week,), answer, unit="VP", unit_name="Văn phòng", name=name
    )
    return replace(view, difficulties=(*view.difficulties, line))


def test_control_characters_are_named_and_line_breaks_kept() -> None:
    (row,) = listed(draw(told(week_of(), "một\x01\x0b hai\r\n- ba\ud800")), "Khó khăn, kiến nghị")

    assert row["Nội dung"] == "một[U+0001][U+000B] hai\n- ba[U+D800]"


def test_a_text_longer_than_a_cell_is_cut_and_not_lost() -> None:
    view = told(told(week_of(), "ạ" * 40_000), "\U0001f600" * 20_000)
    first, second = listed(draw(view), "Khó khăn, kiến nghị")

    assert first["Nội dung"] == "ạ" * TEXT_LIMIT
    assert second["Nội dung"] == "\U0001f600" * (TEXT_LIMIT // 2)


def test_equal_views_make_equal_bytes() -> None:
    first, second = draw(week_of(), stamp={"evalxl.form_id": "a"}), draw(week_of(), stamp={"evalxl.form_id": "a"})

    assert first == second
    assert first != draw(week_of(59))


def test_the_stamp_lies_in_the_files_properties_and_the_ledgers_head_in_every_footer() -> None:
    view = week_of()
    data = draw(view, stamp={"evalxl.form_id": "m-1"})
    stamped = {entry.name: entry.value for entry in opened(data).custom_doc_props.props}

    assert stamped == {
        "evalxl.form_id": "m-1",
        "evalxl.kind": "master",
        "evalxl.rulebook": view.rules.stamp,
        "evalxl.seal": view.head,
        "evalxl.subject": "office",
        "evalxl.week": "2025-W23",
    }
    assert all(view.head[:16] in str(sheet.oddFooter.left.text) for sheet in opened(data).worksheets)


def charts(data: bytes) -> list[str]:
    return [part for _, part in sorted(parts(data, r"charts/chart").items())]


def ranges(chart: str, kind: str) -> list[str]:
    return re.findall(rf"<c:{kind}>.*?<c:f>(.*?)</c:f>", chart, re.DOTALL)


@pytest.mark.parametrize(("people", "units", "weeks"), [(60, 6, 8), (3, 1, 1), (40, 13, 20)])
def test_the_charts_lie_over_the_data_and_nothing_else(people: int, units: int, weeks: int) -> None:
    view = week_of(people, units, weeks)
    data = draw(view)
    book = opened(data)
    bands, trend = charts(data)

    names = [name for _, name in view.units]
    assert [cells_of(book, each) for each in ranges(bands, "cat")] == [names] * 5
    counted = [sum(cells_of(book, each)) for each in ranges(bands, "val")]
    assert counted[:4] == [sum(row.band == band.code for row in view.results) for band in view.rules.bands]
    assert sum(counted) == sum(row.state != "absent" for row in view.results)
    assert [cells_of(book, each)[0] for each in ranges(bands, "tx")] == [
        *(band.vi for band in view.rules.bands),
        "Chưa có điểm",
    ]

    (means,) = [cells_of(book, each) for each in ranges(trend, "val")]
    office = {point.week: float(point.mean) for point in view.trend if point.unit == "" and point.mean is not None}
    assert means == [office[week] for week in sorted(office)][-8:]
    assert cells_of(book, ranges(trend, "cat")[0])[-1] == "Tuần 23\n02/6 -\n08/6"


def test_the_charts_have_a_text_for_who_cannot_see_them() -> None:
    (drawing,) = parts(draw(week_of()), r"drawings/drawing\d+\.xml$").values()

    assert len(re.findall(r'descr="Biểu đồ [^"]{20,}"', drawing)) == 2


def test_the_heat_map_has_a_number_in_each_coloured_cell_and_its_colours_stand_at_the_degrees() -> None:
    view = week_of(60, 6, 8)
    sheet = opened(draw(view))["Tổng quan"]
    (scale,) = sheet.conditional_formatting
    (rule,) = scale.rules
    values = cells_of(sheet.parent, f"'Tổng quan'!{scale.sqref}")

    assert [float(point.val) for point in rule.colorScale.cfvo] == [50, 75, 90]
    assert len(values) == 7 * 8
    expected = {float(point.mean) for point in view.trend if point.mean is not None}
    assert {value for value in values if value is not None} == expected


def test_a_week_with_nothing_submitted_says_so_instead_of_an_empty_chart() -> None:
    data = draw(empty_week())
    overview = [cell for row in rows(data, "Tổng quan") for cell in row if cell != ""]

    assert charts(data) == []
    assert "Chưa ghi nhận tệp nào; 60 người phải đánh giá." in overview
    assert any(str(cell).startswith("Chưa có điểm nào được ghi nhận") for cell in overview)
    assert any(str(cell).startswith("Chưa có điểm bình quân") for cell in overview)


def test_a_week_without_anybody_to_evaluate_draws() -> None:
    view = replace(week_of(0, 0, 0), working=False)
    data = draw(view)

    assert "Tuần nghỉ: không có ngày làm việc nên không tạo phiếu." in texts(data)
    assert "Không có người phải đánh giá trong tuần này." in texts(data)
    assert charts(data) == []


def test_five_numbers_say_how_far_the_week_is() -> None:
    states: Any = ["approved", "approved", "scored", "submitted", "returned", "draft", "not_submitted", "absent"]
    view = replace(week_of(), results=tuple(person(n, state) for n, state in enumerate(states)))
    numbers = [cell for row in rows(draw(view), "Tổng quan")[:9] for cell in row if isinstance(cell, float)]

    assert numbers == [7, 5, 3, 2, len(view.warnings)]


@pytest.mark.parametrize(
    ("closed", "approved", "words"),
    [
        (False, False, "SỐ LIỆU TẠM TÍNH, ghi nhận đến 11:05 ngày 09/6/2025: còn 1 người chưa được phê duyệt."),
        (False, True, "Toàn bộ kết quả đã được phê duyệt; tuần chưa chốt. Ghi nhận đến 11:05 ngày 09/6/2025."),
        (True, True, "Tuần đã chốt; toàn bộ kết quả đã được phê duyệt. Ghi nhận đến 11:05 ngày 09/6/2025."),
    ],
)
def test_the_first_page_says_whether_its_figures_are_final(closed: bool, approved: bool, words: str) -> None:
    view = replace(week_of(), closed=closed, results=(person(1, "approved" if approved else "scored"),))

    assert words in texts(draw(view))


def test_an_empty_group_has_no_share_and_no_mean() -> None:
    view = replace(week_of(units=2), results=(person(1, "approved"), person(2, "not_submitted")))
    counts = table(draw(view), "Mức độ hoàn thành")[:3]

    assert [row[1] for row in counts] == ["Lãnh đạo Ban, thư ký, trợ lý", "Văn phòng", "Vụ Tổng hợp"]
    assert counts[0][3:] == [0, 0, "", 0, "", 0, "", 0, "", 0, 0, ""]
    assert counts[1][3:] == [1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 82]
    assert counts[2][3:] == [1, 0, "", 0, "", 0, "", 0, "", 1, 0, ""]


def test_only_who_is_excellent_by_the_approved_total_is_commended() -> None:
    approved, scored = person(0, "approved"), person(0, "scored")
    view = replace(week_of(), results=(approved, replace(scored, code="VP-9999", name="Chưa Duyệt")))
    sheet = rows(draw(view), "Mức độ hoàn thành")
    start = next(n for n, row in enumerate(sheet) if "Biểu dương" in str(row[0]))
    end = next(n for n, row in enumerate(sheet) if "Danh sách theo mức độ" in str(row[0]))

    assert approved.band == scored.band == "excellent"
    assert [row[1] for row in sheet[start:end] if isinstance(row[0], float)] == [approved.name]


def test_the_units_own_results_stand_beside_the_peoples() -> None:
    own = replace(person(1, "approved"), code="unit:VP", name="Văn phòng")
    week = told(week_of(), "Thiếu phòng họp.", DifficultyAnswer(state="answered", answer="Đã bố trí."), "unit:VP")
    near, far = (
        draw(replace(week, unit_results=(own,), people_means={"VP": mean})) for mean in (Decimal(85), Decimal(92))
    )
    data, good = near, "Hoàn thành tốt nhiệm vụ"

    def shown(data: bytes) -> list[list[Any]]:
        return [row[:10] for row in rows(data, "Mức độ hoàn thành") if row[1:3] == ["Văn phòng", ""]]

    assert [1.0, "Văn phòng", "", "Đã phê duyệt", 84.0, 82.0, 82.0, 85.0, -3.0, good] in shown(near)
    assert [1.0, "Văn phòng", "", "Đã phê duyệt", 84.0, 82.0, 82.0, 92.0, "Thấp hơn 10", good] in shown(far)
    row = listed(data, "Khó khăn, kiến nghị")[0]
    assert [row[name] for name in ("Đơn vị công tác", "Họ và tên", "Đối tượng", "Mã cán bộ")] == [
        *("Văn phòng", "Tập thể", "Tập thể", "")
    ]
    assert [row[name] for name in ("Loại", "Nội dung", "Tình trạng", "Chuyển đến", "Nội dung trả lời")] == [
        *("Khó khăn, vướng mắc", "Thiếu phòng họp.", "Đã trả lời", "", "Đã bố trí.")
    ]


def test_warnings_come_before_watches_and_say_who_talks() -> None:
    view = week_of(60)
    people = listed(draw(view), "Cảnh báo")
    head = view.results[0].name

    assert [row["Loại"] for row in people] == ["Cần trao đổi", "Cần trao đổi", "Cần theo dõi", "Cần theo dõi"]
    assert people[0]["Người trao đổi"] == f"{head}\nĐại diện Văn phòng"
    assert people[2]["Người trao đổi"] == ""
    assert people[0]["Hai tuần xem xét"].startswith("Tuần 21 (từ ngày 19/5/2025")
    assert people[0]["Tuần không tính"] == "Tuần 22 (từ ngày 26/5/2025 đến ngày 01/6/2025)"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_sheet_speaks_of_a_disciplinary_case(lang: Lang) -> None:
    said = texts(draw(week_of(), lang))

    assert not [text for text in said if "vi phạm kỷ luật" in text.lower()]
    if lang == "vi":
        assert "Danh sách để trao đổi, rút kinh nghiệm; không phải hình thức kỷ luật." in said
        assert "Kết quả tuần là căn cứ để đánh giá tháng, quý, năm." in said


def test_who_is_missing_is_listed_with_the_step_and_the_deadline_that_holds() -> None:
    people = listed(draw(week_of(60)), "Chưa hoàn tất")
    on_a_trip = [str(row["Hạn"]) for row in people if row["Lý do"] == "Đang soạn"]

    assert {(row["Bước"], str(row["Hạn"])) for row in people if row["Lý do"] != "Đang soạn"} == {
        ("Tự đánh giá", "2025-06-06 17:00:00"),
        ("Chấm điểm", "2025-06-09 12:00:00"),
        ("Phê duyệt", "2025-06-09 17:00:00"),
    }
    assert set(on_a_trip) == {"2025-06-11 17:00:00"}


def test_a_finding_says_its_level_in_words_where_it_is_and_what_to_do() -> None:
    data = draw(with_findings(week_of(), (replace(OUT_OF_BOUNDS, code="VP-0007"),)))
    (row,) = listed(data, "Lỗi, lưu ý")

    assert [row[name] for name in ("Mức", "Đơn vị công tác", "Mã cán bộ", "Họ và tên")] == [
        *("Lỗi", "Văn phòng", "VP-0007", week_of().people["VP-0007"])
    ]
    assert [row[name] for name in ("Tệp", "Trang tính", "Ô", "Nội dung tìm thấy")] == [
        *("VP/forms/2025-W23_VP-0001_ten.xlsx", "Phiếu", "D8", "45")
    ]
    assert row["Vấn đề"] == OUT_OF_BOUNDS.message()
    assert row["Việc cần làm"] == OUT_OF_BOUNDS.remedy()


def links(sheet: Worksheet) -> list[tuple[str, str | None]]:
    return [
        (cell.hyperlink.target.replace("\\", "/"), cell.hyperlink.location)
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink is not None
    ]


def test_links_lead_from_where_the_master_lies() -> None:
    view = with_findings(replace(week_of(), results=(person(1, "approved"),)), (OUT_OF_BOUNDS,))
    office, unit = opened(draw(view)), opened(draw(unit_part(view, "VP")))

    assert links(office["Kết quả"]) == [
        ("../VP/forms/2025-W23_VP-0001_ten.xlsx", None),
        ("../VP/scoring/2025-W23_VP-0001.xlsx", None),
    ]
    assert links(office["Lỗi, lưu ý"]) == [("../VP/forms/2025-W23_VP-0001_ten.xlsx", "'Phiếu'!D8")]
    assert links(unit["Kết quả"])[0] == ("forms/2025-W23_VP-0001_ten.xlsx", None)


def test_a_link_survives_what_people_put_into_names_of_files_and_sheets() -> None:
    odd = replace(OUT_OF_BOUNDS, file="LĐ/forms/50% bản #2 [mới].xlsx", sheet="Phiếu 'cũ'")
    one_letter = replace(OUT_OF_BOUNDS, file="office/x", cell="", sheet="")
    sheet = opened(draw(with_findings(week_of(), (odd, one_letter))))["Lỗi, lưu ý"]

    assert links(sheet) == [("../LĐ/forms/50%25%20bản%20%232%20%5bmới%5d.xlsx", "'Phiếu ''cũ'''!D8")]


def test_a_file_on_another_share_is_linked_from_that_shares_folder() -> None:
    result = replace(person(1, "approved"), form="2025-W23/VP/forms/a.xlsx", scoring="{1}/2025-W23/VP/scoring/b.xlsx")
    view = replace(week_of(), results=(result,))

    known = opened(draw(view, base="{1}/2025-W23/VP", roots={"": "//srv/chung", "{1}/": "//srv/quanly"}))["Kết quả"]
    unknown = opened(draw(view, base="{1}/2025-W23/VP"))["Kết quả"]

    assert links(known) == [("file://///srv/chung/2025-W23/VP/forms/a.xlsx", None), ("scoring/b.xlsx", None)]
    assert links(unknown) == [("scoring/b.xlsx", None)]


def test_a_unit_master_is_headed_and_signed_by_the_unit() -> None:
    office, unit = texts(draw(week_of())), texts(draw(unit_part(week_of(), "VP")))

    assert {"NGƯỜI LẬP BIỂU", "CHÁNH VĂN PHÒNG", "BAN CHẤP HÀNH TRUNG ƯƠNG"} <= set(office)
    assert {"NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ", "VĂN PHÒNG", "BAN TỔ CHỨC CÁN BỘ TRUNG ƯƠNG"} <= set(unit)
    assert "CHÁNH VĂN PHÒNG" not in unit


def test_a_unit_with_units_under_it_is_the_whole_of_them() -> None:
    """A bureau's mean covers its divisions, and the bureau itself may have nobody directly in it."""
    divisions = (("P1", "Phòng 1"), ("P2", "Phòng 2"))
    view = replace(
        week_of(6, 1, 0),
        unit="CUC",
        unit_name="Cục Mẫu",
        units=divisions,
        results=tuple(person(n, "approved", divisions) for n in range(6)),
        trend=tuple(
            UnitPoint(unit, WEEK, Decimal(mean) * 3, 3) for unit, mean in (("CUC", 82), ("P1", 80), ("P2", 84))
        ),
    )
    data = draw(view)
    means = [(row[0], row[4]) for row in rows(data, "Tổng quan") if row[0] in ("Phòng 1", "Phòng 2", "Toàn đơn vị")]

    assert means == [("Phòng 1", 80), ("Phòng 2", 84), ("Toàn đơn vị", 82)]
    assert cells_of(opened(data), ranges(charts(data)[1], "val")[0]) == [82]


@pytest.mark.parametrize(
    ("letterhead", "words"),
    [
        ("party", {"ĐẢNG CỘNG SẢN VIỆT NAM", "*"}),
        ("state", {"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"}),
        ("none", set()),
    ],
)
def test_the_letterhead_is_the_offices(letterhead: str, words: set[str]) -> None:
    both = {"ĐẢNG CỘNG SẢN VIỆT NAM", "*", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"}

    data = draw(replace(week_of(), letterhead=letterhead))

    assert both & set(texts(data)) == words
    assert cells_of(opened(data), ranges(charts(data)[0], "cat")[0]) == [name for _, name in UNITS]


def test_the_lists_keep_their_heading_in_sight_and_on_every_page() -> None:
    sheet = opened(draw(week_of(60)))["Kết quả"]
    numbers = next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == "(1)")
    assert numbers is not None

    assert sheet.sheet_view.topLeftCell == f"A{numbers - 2}"  # the letterhead lies above, on paper only
    assert (sheet.freeze_panes, sheet.sheet_view.pane.ySplit) == (f"C{numbers + 1}", 3)
    assert sheet.auto_filter.ref == f"A{numbers}:X{numbers + 60}"
    assert sheet.print_title_rows == f"${numbers - 2}:${numbers}"


@pytest.mark.parametrize("view", [week_of(60), week_of(60, 13, 20)])
def test_every_list_is_as_wide_as_the_page_and_no_letter_on_it_is_below_seven_and_a_half_points(view: WeekView) -> None:
    for sheet in opened(draw(with_findings(view, (OUT_OF_BOUNDS,)))).worksheets:
        assert sheet.page_setup.paperSize == 9
        last = range_boundaries(str(sheet.print_area).rpartition("!")[2])[2] if sheet.print_area else sheet.max_column
        width = sum(column.width * len(range(column.min, min(column.max, last) + 1)) for column in columns_of(sheet))
        scale = LANDSCAPE.scale(width)
        assert (sheet.page_setup.scale or scale) <= scale
        assert min(letters_of(sheet, last)) * scale / 100 >= LEAST_LISTS, sheet.title


def columns_of(sheet: Worksheet) -> list[Any]:
    return [column for column in sheet.column_dimensions.values() if column.min]


def letters_of(sheet: Worksheet, last: int) -> set[float]:
    """The sizes of the letters on the page, in points."""
    cells = (cell for row in sheet.iter_rows(max_col=last) for cell in row)
    return {cell.font.sz for cell in cells if cell.value is not None}


def test_a_long_name_makes_its_row_higher() -> None:
    long = "Công Tằng Tôn Nữ Nguyễn Phúc Thị Hồng Quỳnh Phượng Uyên"
    view = replace(week_of(), results=(person(11, "not_submitted"), replace(person(11, "not_submitted"), name=long)))
    sheet = opened(draw(view))["Kết quả"]
    heights = {
        cell.value: sheet.row_dimensions[cell.row].height for row in sheet.iter_rows() for cell in row if cell.row
    }

    assert heights[long] > heights[view.results[0].name]


def test_lines_are_counted_by_the_letters_widths() -> None:
    assert lines_of("Văn phòng", 12) == 1
    assert lines_of("Hoàn thành xuất sắc nhiệm vụ", 16) == 2
    assert lines_of("iiiiiiiiiiiiiiiiii", 12) == 1
    assert lines_of("WWWWWWWWWWWWWWWWWW", 12) > 3
    assert lines_of("một\nhai\nba", 12) == 3


@pytest.mark.parametrize("view", [week_of(60), empty_week(), unit_part(week_of(60), "CN"), week_of(3, 1, 1)])
def test_excel_has_nothing_to_repair(view: WeekView, tmp_path: Path) -> None:
    path = tmp_path / "master.xlsx"
    path.write_bytes(draw(with_findings(view, (OUT_OF_BOUNDS,))))
    verdict = OpenXmlValidator().validate(path)

    assert [str(error) for error in verdict.errors] == []


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_small_offices_master_prints_on_one_page_a_sheet_and_two_for_the_degrees(
    libreoffice: Office, lang: Lang, tmp_path: Path
) -> None:
    """A sheet wider than its page, or a first page that does not fit, would need a page more."""
    (tmp_path / "master.xlsx").write_bytes(draw(week_of(4, 2, 8), lang))
    libreoffice.convert_to_pdf(tmp_path / "master.xlsx", tmp_path / "master.pdf")

    assert (tmp_path / "master.pdf").read_bytes().count(b"/Type/Page/") == 10
