"""The sample organisation: a board as the letter describes it, for trying everything before real names are entered.

It has three leaders of the board with their secretaries and assistants, the office, three departments (one led by a deputy in charge), and a
bureau with its office and divisions. Every rank occurs. People join, leave, move, are ill, travel, are away for Tết, and delegate.
The names are invented: no such board and no such people exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from evalxl.domain.organisation.people import (
    LAST_DAY,
    Absence,
    CatalogueTask,
    DayOff,
    Delegation,
    Organisation,
    Position,
    Post,
    Unit,
)

NAME, PARENT = "Ban Công tác Minh Họa (BẢN THỬ)", "Cơ quan Mẫu Trung ương"
CONTACT = "Phòng Hành chính, Văn phòng; điện thoại nội bộ 0000"
SINCE = date(2025, 1, 1)


def sample_organisation() -> Organisation:
    """The sample organisation, from 01/01/2025 on."""
    return Organisation(
        units=tuple(Unit(code, name, parent, head, leader) for code, name, parent, head, leader in _table(_UNITS)),
        posts=tuple(_posts()),
        positions=tuple(Position(code, name, level, int(posts)) for code, name, level, posts in _table(_POSITIONS)),
        tasks=tuple(
            CatalogueTask(code, name, position, product, measure, complexity)
            for code, name, position, product, measure, complexity in _table(_TASKS)
        ),
        absences=tuple(Absence(who, kind, _day(first), _day(last)) for who, kind, first, last in _table(_ABSENCES)),
        delegations=tuple(
            Delegation(giver, receiver, scope, basis, _day(first), _day(last))
            for giver, receiver, scope, basis, first, last in _table(_DELEGATIONS)
        ),
        days_off=tuple(DayOff(_day(day), kind, reason) for day, kind, reason in _table(_DAYS_OFF)),
    )


# What the leaders, their head, the first unit and its head are called in the example rows of each kind of office.
_EXAMPLES: dict[str, tuple[str, str, str, str]] = {
    "party": ("Lãnh đạo Ban", "Trưởng Ban", "Văn phòng", "Chánh Văn phòng"),
    "department": ("Lãnh đạo Sở", "Giám đốc Sở", "Văn phòng Sở", "Chánh Văn phòng Sở"),
    "commune": ("Lãnh đạo UBND xã", "Chủ tịch UBND xã", "Văn phòng HĐND và UBND xã", "Chánh Văn phòng"),
    "service": ("Ban Giám đốc", "Giám đốc", "Phòng Hành chính - Tổng hợp", "Trưởng phòng"),
}


def example_organisation(kind: str = "party") -> Organisation:
    """The example rows of a new office: one row per sheet, to be overwritten."""
    leaders, leader, unit, head = _EXAMPLES[kind]
    return Organisation(
        units=(
            Unit("LĐ", leaders, head="LĐ-0001"),
            Unit("VP", unit, head="VP-0001", leader="LĐ-0001"),
        ),
        posts=(
            Post("LĐ-0001", "Nguyễn Văn Mẫu", "LĐ", "board_leader", leader, first=SINCE),
            Post("VP-0001", "Trần Thị Ví Dụ", "VP", "director", head, first=SINCE),
            Post("VP-0002", "Lê Văn Thử", "VP", "official", "Chuyên viên", first=SINCE),
        ),
        days_off=tuple(DayOff(_day(day), kind, reason) for day, kind, reason in _table(_DAYS_OFF)),
    )


def _posts() -> Iterator[Post]:
    for code, name, unit, rank, title, position, *more in _table(_PEOPLE):
        entered = dict(entry.split("=", 1) for entry in more if entry)
        yield Post(
            code,
            name,
            unit,
            rank,
            title,
            position=position,
            other_posts=entered.get("other_posts", ""),
            scorer=entered.get("scorer", ""),
            co_scorer=entered.get("co_scorer", ""),
            approver=entered.get("approver", ""),
            first=_day(entered["first"]) if "first" in entered else SINCE,
            last=_day(entered["last"]) if "last" in entered else LAST_DAY,
        )


def _table(text: str) -> Iterator[list[str]]:
    return ([cell.strip() for cell in line.split("|")] for line in text.strip().splitlines())


def _day(text: str) -> date:
    return date.fromisoformat(text)


# code | name | parent | head | leader in charge
_UNITS = """
LĐ    | Lãnh đạo Ban                           |    | LĐ-0001 |
VP    | Văn phòng                              |    | VP-0001 | LĐ-0002
TH    | Vụ Tổng hợp                            |    | TH-0001 | LĐ-0001
CB    | Vụ Cán bộ                              |    | CB-0001 | LĐ-0003
ĐT    | Vụ Đào tạo, bồi dưỡng                  |    | ĐT-0001 | LĐ-0003
CN    | Cục Công nghệ thông tin và Dữ liệu     |    | CN-0001 | LĐ-0002
CN-VP | Văn phòng Cục                          | CN | CN-0004 |
CN-HT | Phòng Hạ tầng và An toàn thông tin     | CN | CN-0008 |
CN-DL | Phòng Cơ sở dữ liệu                    | CN | CN-0013 |
"""

# code | name | unit | rank | title | position | column=value …
_PEOPLE = """
LĐ-0001 | Nguyễn Sao Khuê      | LĐ    | board_leader         | Trưởng Ban                      | QL-BAN | other_posts=Bí thư Đảng ủy cơ quan
LĐ-0002 | Trần Biển Rộng       | LĐ    | board_leader         | Phó Trưởng Ban                  | QL-BAN |
LĐ-0003 | Lê Mặt Trời          | LĐ    | board_leader         | Phó Trưởng Ban                  | QL-BAN |
LĐ-0004 | Phạm Gió Nhẹ         | LĐ    | secretary            | Thư ký Trưởng Ban               | TK     | scorer=LĐ-0001 | approver=LĐ-0001
LĐ-0005 | Đỗ Rừng Thẳm         | LĐ    | assistant            | Trợ lý Trưởng Ban               | TL     | scorer=LĐ-0001 | approver=LĐ-0001
LĐ-0006 | Vũ Nắng Sớm          | LĐ    | secretary            | Thư ký Phó Trưởng Ban           | TK     | scorer=LĐ-0002 | approver=LĐ-0002
LĐ-0007 | Hoàng Mưa Rào        | LĐ    | assistant            | Trợ lý Phó Trưởng Ban           | TL     | scorer=LĐ-0003 | approver=LĐ-0003
VP-0001 | Đặng Sông Lững Lờ    | VP    | director             | Chánh Văn phòng                 | QL-DV  | other_posts=Chủ tịch Công đoàn cơ sở
VP-0002 | Bùi Ngọn Đuốc        | VP    | deputy_director      | Phó Chánh Văn phòng             | QL-DV  |
VP-0003 | Ngô Cỏ May           | VP    | deputy_director      | Phó Chánh Văn phòng             | QL-DV  |
VP-0004 | Dương Trúc Quân Tử   | VP    | division_head        | Trưởng phòng Hành chính         | QL-PH  | scorer=VP-0002
VP-0005 | Lý Hạt Thóc          | VP    | deputy_division_head | Phó Trưởng phòng Hành chính     | QL-PH  | scorer=VP-0002
VP-0006 | Võ Bút Nghiên        | VP    | official             | Chuyên viên chính               | HC     | scorer=VP-0002
VP-0007 | Hồ Cánh Diều         | VP    | official             | Chuyên viên                     | VT-LT  | scorer=VP-0002
VP-0008 | Mai Hoa Lỵ           | VP    | official             | Văn thư viên                    | VT-LT  | scorer=VP-0002
VP-0009 | Phan Suối Khẽ        | VP    | official             | Chuyên viên                     | HC     | scorer=VP-0003
VP-0010 | Trịnh Lúa Trổ        | VP    | official             | Kế toán trưởng                  | KT     | scorer=VP-0003
VP-0011 | Đinh Xuân Kỷ Niệm    | VP    | official             | Kế toán viên                    | KT     | scorer=VP-0003
VP-0012 | Tạ Bến Đò            | VP    | employee             | Lái xe                          | PV     | scorer=VP-0003
VP-0013 | Cao Ngõ Nhỏ          | VP    | employee             | Nhân viên phục vụ               | PV     | scorer=VP-0003
VP-0014 | Lương Chiều Tím      | VP    | employee             | Nhân viên kỹ thuật              | PV     | scorer=VP-0003 | last=2025-06-15
TH-0001 | Nguyễn Trăng Rằm     | TH    | director             | Vụ trưởng                       | QL-DV  |
TH-0002 | Trần Đồi Chè         | TH    | deputy_director      | Phó Vụ trưởng                   | QL-DV  |
TH-0003 | Lê Ngay Thẳng        | TH    | deputy_director      | Phó Vụ trưởng                   | QL-DV  |
TH-0004 | Phạm Ruộng Bậc Thang | TH    | official             | Chuyên viên cao cấp             | TM-TH  | scorer=TH-0002
TH-0005 | Đỗ Mây Hồng          | TH    | official             | Chuyên viên chính               | TM-TH  | scorer=TH-0002
TH-0006 | Vũ Lá Phẳng Lặng     | TH    | official             | Chuyên viên chính               | TM-TH  | scorer=TH-0002
TH-0007 | Hoàng Rực Rỡ         | TH    | official             | Chuyên viên                     | TM-TH  | scorer=TH-0003
TH-0008 | Huỳnh Hải Âu         | TH    | official             | Chuyên viên                     | TM-TH  | scorer=TH-0003
TH-0009 | Đặng Bờ Tre          | TH    | official             | Chuyên viên                     | TM-TH  | scorer=TH-0003 | co_scorer=TH-0002
CB-0001 | Bùi Nhã Nhặn         | CB    | director             | Vụ trưởng                       | QL-DV  |
CB-0002 | Ngô Sẵn Lòng         | CB    | deputy_director      | Phó Vụ trưởng                   | QL-DV  |
CB-0003 | Dương Hương Bưởi     | CB    | deputy_director      | Phó Vụ trưởng                   | QL-DV  | other_posts=Phó Bí thư Chi bộ
CB-0004 | Lý Đường Dài         | CB    | official             | Chuyên viên cao cấp             | TC-CB  |
CB-0005 | Võ Trống Đồng        | CB    | official             | Chuyên viên chính               | TC-CB  |
CB-0006 | Hồ Thủy Triều        | CB    | official             | Chuyên viên chính               | TC-CB  |
CB-0007 | Mai Tuổi Trẻ         | CB    | official             | Chuyên viên                     | TC-CB  |
CB-0008 | Phan Hứa Hẹn         | CB    | official             | Chuyên viên                     | TC-CB  |
CB-0009 | Trịnh Cầu Vồng       | CB    | official             | Chuyên viên                     | TC-CB  | last=2025-06-15
CB-0009 | Trịnh Cầu Vồng       | TH    | official             | Chuyên viên                     | TM-TH  | scorer=TH-0003 | first=2025-06-16
ĐT-0001 | Đinh Giếng Ngọc      | ĐT    | deputy_director      | Phó Vụ trưởng phụ trách Vụ      | QL-DV  |
ĐT-0002 | Tạ Kỳ Vọng           | ĐT    | deputy_director      | Phó Vụ trưởng                   | QL-DV  |
ĐT-0003 | Cao Vĩnh Hằng        | ĐT    | official             | Chuyên viên chính               | ĐT-BD  |
ĐT-0004 | Lương Cẩm Tú         | ĐT    | official             | Chuyên viên chính               | ĐT-BD  |
ĐT-0005 | Nguyễn Mùa Gặt       | ĐT    | official             | Chuyên viên                     | ĐT-BD  |
ĐT-0006 | Trần Hậu Phương      | ĐT    | official             | Chuyên viên                     | ĐT-BD  |
ĐT-0007 | Lê Mạnh Mẽ           | ĐT    | official             | Chuyên viên                     | ĐT-BD  | scorer=ĐT-0002
ĐT-0008 | Phạm Hữu Ích         | ĐT    | official             | Chuyên viên                     | ĐT-BD  | scorer=ĐT-0002 | first=2025-06-09
CN-0001 | Đỗ Thuyền Buồm       | CN    | director             | Cục trưởng                      | QL-DV  |
CN-0002 | Vũ Lụa Vàng          | CN    | deputy_director      | Phó Cục trưởng                  | QL-DV  |
CN-0003 | Hoàng Lửa Ấm         | CN    | deputy_director      | Phó Cục trưởng                  | QL-DV  |
CN-0004 | Huỳnh Nghĩa Tình     | CN-VP | division_head        | Chánh Văn phòng Cục             | QL-PH  |
CN-0005 | Đặng Tự Do           | CN-VP | deputy_division_head | Phó Chánh Văn phòng Cục         | QL-PH  |
CN-0006 | Bùi Vườn Ổi          | CN-VP | official             | Chuyên viên                     | HC     |
CN-0007 | Ngô Bếp Hồng         | CN-VP | employee             | Nhân viên hành chính            | PV     |
CN-0008 | Dương Kim Chỉ Nam    | CN-HT | division_head        | Trưởng phòng                    | QL-PH  |
CN-0009 | Lý Mạng Nhện         | CN-HT | deputy_division_head | Phó Trưởng phòng                | QL-PH  |
CN-0010 | Võ Thành Lũy         | CN-HT | official             | Chuyên viên chính               | CNTT   |
CN-0011 | Hồ Khóa Vững         | CN-HT | official             | Chuyên viên                     | CNTT   |
CN-0012 | Mai Khéo Tay         | CN-HT | official             | Viên chức                       | CNTT   |
CN-0013 | Phan Bảng Số         | CN-DL | division_head        | Trưởng phòng                    | QL-PH  |
CN-0014 | Trịnh Kho Lẫm        | CN-DL | deputy_division_head | Phó Trưởng phòng                | QL-PH  |
CN-0015 | Đinh Mẫu Mực         | CN-DL | official             | Chuyên viên chính               | DL     | co_scorer=TH-0002
CN-0016 | Tạ Kỹ Lưỡng          | CN-DL | official             | Chuyên viên                     | DL     |
CN-0017 | Cao Sợi Chỉ          | CN-DL | official             | Chuyên viên                     | DL     |
"""

# code | name | complexity | posts
_POSITIONS = """
QL-BAN | Lãnh đạo Ban                                | very_complex | 3
QL-DV  | Lãnh đạo vụ, cục, văn phòng                 | very_complex | 14
QL-PH  | Lãnh đạo phòng và tương đương               | complex      | 8
TK     | Thư ký lãnh đạo                             | complex      | 2
TL     | Trợ lý lãnh đạo                             | very_complex | 2
TM-TH  | Tham mưu tổng hợp                           | complex      | 7
TC-CB  | Tham mưu công tác cán bộ                    | very_complex | 5
ĐT-BD  | Tham mưu đào tạo, bồi dưỡng                 | complex      | 6
CNTT   | Quản trị hạ tầng và an toàn thông tin       | complex      | 3
DL     | Quản trị cơ sở dữ liệu                      | complex      | 3
VT-LT  | Văn thư, lưu trữ                            | medium       | 2
KT     | Kế toán                                     | medium       | 2
HC     | Hành chính, quản trị                        | medium       | 3
PV     | Lái xe, phục vụ                             | simple       | 3
"""

# code | name | position | product | unit of measure | complexity
_TASKS = """
NV-01 | Chỉ đạo, điều hành nhiệm vụ tuần của đơn vị                     | QL-DV | Thông báo kết luận giao ban          | thông báo | complex
NV-02 | Thẩm định, ký duyệt văn bản của đơn vị                          | QL-DV | Văn bản được ký ban hành             | văn bản   | complex
NV-03 | Phân công và kiểm tra công việc của phòng                       | QL-PH | Bảng phân công, biên bản kiểm tra    | bảng      | medium
NV-04 | Chuẩn bị chương trình công tác tuần của lãnh đạo                | TK    | Lịch công tác tuần                   | bản       | medium
NV-05 | Tổng hợp, xử lý văn bản trình lãnh đạo                          | TK    | Phiếu trình                          | phiếu     | medium
NV-06 | Tham mưu ý kiến về đề án, báo cáo lớn                           | TL    | Bản ý kiến tham mưu                  | bản       | very_complex
NV-07 | Soạn bài phát biểu, tài liệu làm việc của lãnh đạo              | TL    | Bài phát biểu                        | bài       | complex
NV-08 | Xây dựng báo cáo tuần, tháng, quý của Ban                       | TM-TH | Báo cáo                              | báo cáo   | complex
NV-09 | Theo dõi, đôn đốc thực hiện kết luận của lãnh đạo               | TM-TH | Bảng theo dõi                        | bảng      | medium
NV-10 | Xây dựng kế hoạch, chương trình công tác                        | TM-TH | Kế hoạch                             | kế hoạch  | complex
NV-11 | Thẩm định dự thảo văn bản của các đơn vị                        | TM-TH | Văn bản thẩm định                    | văn bản   | complex
NV-12 | Thẩm định hồ sơ bổ nhiệm, giới thiệu ứng cử                     | TC-CB | Tờ trình kèm hồ sơ                   | hồ sơ     | very_complex
NV-13 | Rà soát, bổ sung quy hoạch cán bộ                               | TC-CB | Danh sách quy hoạch                  | danh sách | very_complex
NV-14 | Giải quyết chế độ, chính sách cán bộ                            | TC-CB | Quyết định                           | văn bản   | complex
NV-15 | Cập nhật hồ sơ, lý lịch cán bộ                                  | TC-CB | Hồ sơ đã cập nhật                    | hồ sơ     | medium
NV-16 | Trả lời đơn thư, kiến nghị về công tác cán bộ                   | TC-CB | Công văn trả lời                     | công văn  | complex
NV-17 | Xây dựng chương trình, tài liệu bồi dưỡng                       | ĐT-BD | Tài liệu bồi dưỡng                   | tài liệu  | complex
NV-18 | Tổ chức lớp bồi dưỡng, hội nghị tập huấn                        | ĐT-BD | Lớp đã tổ chức                       | lớp       | complex
NV-19 | Tổng hợp nhu cầu đào tạo của các đơn vị                         | ĐT-BD | Bảng tổng hợp                        | bảng      | medium
NV-20 | Vận hành, giám sát hạ tầng mạng nội bộ                          | CNTT  | Nhật ký vận hành                     | ngày      | medium
NV-21 | Rà quét, xử lý lỗ hổng an toàn thông tin                        | CNTT  | Biên bản xử lý                       | biên bản  | complex
NV-22 | Hỗ trợ người dùng các phần mềm dùng chung                       | CNTT  | Yêu cầu đã xử lý                     | yêu cầu   | simple
NV-23 | Làm sạch, đối soát cơ sở dữ liệu cán bộ                         | DL    | Bảng đối soát                        | bản ghi   | complex
NV-24 | Kết xuất số liệu, lập biểu thống kê                             | DL    | Biểu thống kê                        | biểu      | medium
NV-25 | Sao lưu, kiểm tra khôi phục dữ liệu                             | DL    | Biên bản kiểm tra                    | biên bản  | medium
NV-26 | Tiếp nhận, đăng ký, chuyển giao văn bản đến                     | VT-LT | Văn bản đã chuyển giao               | văn bản   | simple
NV-27 | Chỉnh lý, nộp lưu hồ sơ                                         | VT-LT | Hồ sơ đã nộp lưu                     | hồ sơ     | medium
NV-28 | Lập, kiểm soát chứng từ thanh toán                              | KT    | Bộ chứng từ                          | bộ        | medium
NV-29 | Chuẩn bị hậu cần hội nghị, cuộc họp                             | HC    | Cuộc họp đã phục vụ                  | cuộc họp  | simple
NV-30 | Mua sắm, cấp phát văn phòng phẩm, trang thiết bị                | HC    | Biên bản bàn giao                    | biên bản  | medium
NV-31 | Phục vụ đi lại, bảo dưỡng phương tiện                           | PV    | Chuyến xe                            | chuyến    | simple
NV-32 | Phục vụ phòng họp, vệ sinh trụ sở                               | PV    | Phòng họp đã phục vụ                 | lượt      | simple
"""

# code | kind | from | to
_ABSENCES = """
VP-0009 | maternity     | 2025-05-05 | 2025-11-04
TH-0005 | leave         | 2025-06-02 | 2025-06-06
CB-0006 | sick          | 2025-06-10 | 2025-06-11
CN-0009 | business_trip | 2025-06-11 | 2025-06-17
ĐT-0005 | study         | 2025-06-09 | 2025-06-20
CB-0001 | business_trip | 2025-06-16 | 2025-06-20
TH-0008 | private       | 2025-06-19 | 2025-06-20
CN-0006 | leave         | 2026-02-09 | 2026-02-13
VP-0010 | leave         | 2026-02-12 | 2026-02-13
CB-0005 | leave         | 2026-02-23 | 2026-02-27
TH-0007 | leave         | 2026-02-23 | 2026-02-24
"""

# from person | to person | scope | basis | from | to
_DELEGATIONS = """
CB-0001 | CB-0002 | both    | Giấy ủy quyền số 05-GUQ/CB ngày 13/6/2025  | 2025-06-16 | 2025-06-20
LĐ-0002 | LĐ-0003 | approve | Thông báo phân công số 12-TB/LĐ ngày 20/6/2025 | 2025-06-23 | 2025-06-27
"""

# date | kind | reason
_DAYS_OFF = """
2025-01-01 | holiday | Tết Dương lịch 2025
2025-01-27 | holiday | Tết Nguyên đán Ất Tỵ
2025-01-28 | holiday | Tết Nguyên đán Ất Tỵ
2025-01-29 | holiday | Tết Nguyên đán Ất Tỵ
2025-01-30 | holiday | Tết Nguyên đán Ất Tỵ
2025-01-31 | holiday | Tết Nguyên đán Ất Tỵ
2025-04-07 | holiday | Giỗ Tổ Hùng Vương
2025-04-26 | worked  | Làm bù cho ngày 02/5/2025
2025-04-30 | holiday | Ngày Chiến thắng 30/4
2025-05-01 | holiday | Ngày Quốc tế Lao động
2025-05-02 | in_lieu | Hoán đổi với ngày 26/4/2025
2025-09-01 | holiday | Quốc khánh
2025-09-02 | holiday | Quốc khánh
2026-01-01 | holiday | Tết Dương lịch 2026
2026-01-02 | in_lieu | Hoán đổi với ngày 10/01/2026
2026-01-10 | worked  | Làm bù cho ngày 02/01/2026
2026-02-16 | holiday | Tết Nguyên đán Bính Ngọ
2026-02-17 | holiday | Tết Nguyên đán Bính Ngọ
2026-02-18 | holiday | Tết Nguyên đán Bính Ngọ
2026-02-19 | holiday | Tết Nguyên đán Bính Ngọ
2026-02-20 | holiday | Tết Nguyên đán Bính Ngọ
2026-04-27 | in_lieu | Nghỉ bù Giỗ Tổ Hùng Vương (26/4/2026 là Chủ nhật)
2026-04-30 | holiday | Ngày Chiến thắng 30/4
2026-05-01 | holiday | Ngày Quốc tế Lao động
2026-08-22 | worked  | Làm bù cho ngày 31/8/2026
2026-08-31 | in_lieu | Hoán đổi với ngày 22/8/2026
2026-09-01 | holiday | Quốc khánh
2026-09-02 | holiday | Quốc khánh
2027-01-01 | holiday | Tết Dương lịch 2027
2027-02-05 | holiday | Tết Nguyên đán Đinh Mùi (kiểm tra theo thông báo)
2027-02-08 | holiday | Tết Nguyên đán Đinh Mùi (kiểm tra theo thông báo)
2027-02-09 | holiday | Tết Nguyên đán Đinh Mùi (kiểm tra theo thông báo)
2027-02-10 | in_lieu | Nghỉ bù Tết Nguyên đán (kiểm tra theo thông báo)
2027-02-11 | in_lieu | Nghỉ bù Tết Nguyên đán (kiểm tra theo thông báo)
2027-04-16 | holiday | Giỗ Tổ Hùng Vương
2027-04-30 | holiday | Ngày Chiến thắng 30/4
2027-05-01 | holiday | Ngày Quốc tế Lao động
2027-05-03 | in_lieu | Nghỉ bù Ngày Quốc tế Lao động
2027-09-02 | holiday | Quốc khánh
2027-09-03 | holiday | Quốc khánh (kiểm tra theo thông báo)
"""
