"""What the people of the sample office write: works, products and evidence by task of the catalogue, and words of every sort.

Plainly invented like the sample organisation itself, and like it in Vietnamese whatever language the office's labels are in. `{n}` is the
week's number, `{month}` its month, `{no}` a document's number, `{unit}` the unit's code, `{day}` a day of the week, `{place}` the numbers in a record.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class SampleWork:
    """A piece of work as somebody names it, with its product and what proves it."""

    code: str
    name: str
    product: str
    evidence: str


@cache
def works() -> tuple[SampleWork, ...]:
    """Every piece of work that somebody of the sample office may do."""
    return tuple(SampleWork(*(cell.strip() for cell in line.split("|"))) for line in _WORKS.strip().splitlines())


# task code of the catalogue | work | product | evidence
_WORKS = """
NV-01 | Chủ trì giao ban, phân công nhiệm vụ tuần {n} của đơn vị | Thông báo kết luận giao ban | Thông báo số {no}-TB/{unit}
NV-01 | Chỉ đạo xây dựng báo cáo sơ kết nhiệm vụ quý | Dự thảo báo cáo sơ kết | Báo cáo số {no}-BC/{unit} (dự thảo)
NV-01 | Kiểm tra tiến độ nhiệm vụ được giao trong tháng {month} | Bảng tiến độ nhiệm vụ | Biên bản họp đơn vị, mục {place}
NV-01 | Làm việc với đơn vị phối hợp về nội dung hội nghị chuyên đề | Biên bản làm việc | Biên bản số {no}-BB/{unit}
NV-01 | Phân công nhiệm vụ chuyển đổi số của đơn vị | Bảng phân công | Công văn số {no}-CV/{unit}
NV-02 | Thẩm định, ký duyệt văn bản trình Lãnh đạo Ban | Văn bản được ký ban hành | Tờ trình số {no}-TTr/{unit}
NV-02 | Cho ý kiến vào dự thảo quy chế làm việc | Văn bản góp ý | Công văn số {no}-CV/{unit}
NV-02 | Duyệt kế hoạch công tác tháng của đơn vị | Kế hoạch tháng | Kế hoạch số {no}-KH/{unit}
NV-02 | Rà soát văn bản trước khi phát hành trong tuần {n} | Văn bản đã ký | Sổ văn bản đi, số {place}
NV-03 | Phân công công việc tuần {n} của phòng | Bảng phân công | Bảng phân công ngày {day}
NV-03 | Kiểm tra việc thực hiện quy trình của phòng | Biên bản kiểm tra | Biên bản số {no}-BB/{unit}
NV-03 | Xây dựng kế hoạch công tác tháng của phòng | Kế hoạch tháng | Kế hoạch số {no}-KH/{unit}
NV-03 | Tổng hợp kết quả công tác tháng {month} của phòng | Báo cáo tháng | Báo cáo số {no}-BC/{unit}
NV-03 | Rà soát, cập nhật quy trình xử lý công việc của phòng | Quy trình sửa đổi | Dự thảo quy trình ngày {day}
NV-04 | Chuẩn bị lịch công tác tuần {n} của lãnh đạo | Lịch công tác tuần | Lịch công tác ngày {day}
NV-04 | Bố trí lịch làm việc của lãnh đạo với các đơn vị | Lịch làm việc | Lịch công tác, mục {place}
NV-05 | Tổng hợp văn bản trình lãnh đạo trong tuần {n} | Phiếu trình | Phiếu trình số {no}
NV-05 | Theo dõi ý kiến chỉ đạo của lãnh đạo, chuyển các đơn vị thực hiện | Bảng theo dõi | Sổ theo dõi, mục {place}
NV-05 | Ghi biên bản các cuộc làm việc của lãnh đạo | Biên bản | Biên bản ngày {day}
NV-06 | Tham mưu ý kiến về đề án vị trí việc làm | Bản ý kiến tham mưu | Phiếu ý kiến số {no}
NV-06 | Tham mưu ý kiến về báo cáo sơ kết nghị quyết | Bản ý kiến tham mưu | Phiếu ý kiến số {no}
NV-07 | Soạn bài phát biểu khai mạc hội nghị chuyên đề | Bài phát biểu | Tài liệu hội nghị ngày {day}
NV-07 | Chuẩn bị tài liệu làm việc của lãnh đạo với địa phương | Bộ tài liệu | Bộ tài liệu ngày {day}
NV-08 | Xây dựng báo cáo công tác tuần {n} của Ban | Báo cáo tuần | Báo cáo số {no}-BC/{unit}
NV-08 | Tổng hợp số liệu báo cáo công tác tháng {month} | Báo cáo tháng | Báo cáo số {no}-BC/{unit}
NV-08 | Hoàn thiện báo cáo quý theo ý kiến của Lãnh đạo Ban | Báo cáo quý | Báo cáo số {no}-BC/{unit}
NV-09 | Đôn đốc các đơn vị thực hiện kết luận giao ban | Bảng theo dõi | Công văn số {no}-CV/{unit}
NV-09 | Cập nhật bảng theo dõi nhiệm vụ Lãnh đạo Ban giao | Bảng theo dõi | Bảng theo dõi tuần {n}, mục {place}
NV-10 | Xây dựng kế hoạch kiểm tra, giám sát chuyên đề | Kế hoạch | Kế hoạch số {no}-KH/{unit}
NV-10 | Tham mưu chương trình công tác tháng của Ban | Chương trình công tác | Chương trình số {no}-CTr/{unit}
NV-11 | Thẩm định dự thảo quy chế phối hợp của các đơn vị | Văn bản thẩm định | Công văn số {no}-CV/{unit}
NV-11 | Góp ý dự thảo hướng dẫn nghiệp vụ | Văn bản góp ý | Công văn số {no}-CV/{unit}
NV-12 | Thẩm định hồ sơ bổ nhiệm lại chức danh cấp phòng | Tờ trình kèm hồ sơ | Tờ trình số {no}-TTr/{unit}
NV-12 | Kiểm tra tiêu chuẩn, điều kiện nhân sự giới thiệu ứng cử | Báo cáo thẩm định | Báo cáo số {no}-BC/{unit}
NV-13 | Rà soát quy hoạch cán bộ nhiệm kỳ tới | Danh sách quy hoạch | Danh sách kèm Tờ trình số {no}-TTr/{unit}
NV-13 | Tổng hợp kết quả lấy phiếu giới thiệu quy hoạch | Biên bản kiểm phiếu | Biên bản số {no}-BB/{unit}
NV-14 | Giải quyết chế độ nghỉ hưu, thôi việc | Quyết định | Quyết định số {no}-QĐ/{unit}
NV-14 | Rà soát nâng bậc lương thường xuyên trong tháng {month} | Danh sách nâng lương | Tờ trình số {no}-TTr/{unit}
NV-15 | Cập nhật hồ sơ, lý lịch cán bộ tuần {n} | Hồ sơ đã cập nhật | Phần mềm hồ sơ, lô {place}
NV-15 | Đối chiếu bằng cấp, chứng chỉ trong hồ sơ cán bộ | Biên bản đối chiếu | Biên bản số {no}-BB/{unit}
NV-16 | Trả lời đơn thư về công tác cán bộ | Công văn trả lời | Công văn số {no}-CV/{unit}
NV-17 | Biên soạn chuyên đề bồi dưỡng kỹ năng tham mưu | Tài liệu bồi dưỡng | Tài liệu bản {place}, ngày {day}
NV-17 | Chỉnh sửa chương trình bồi dưỡng theo góp ý | Chương trình sửa đổi | Tờ trình số {no}-TTr/{unit}
NV-18 | Tổ chức lớp bồi dưỡng nghiệp vụ | Lớp đã tổ chức | Kế hoạch số {no}-KH/{unit}
NV-18 | Chuẩn bị hội nghị tập huấn chuyên đề tháng {month} | Hồ sơ hội nghị | Kế hoạch số {no}-KH/{unit}
NV-19 | Tổng hợp nhu cầu đào tạo của các đơn vị | Bảng tổng hợp | Báo cáo số {no}-BC/{unit}
NV-19 | Đánh giá sau khóa bồi dưỡng | Báo cáo đánh giá | Báo cáo số {no}-BC/{unit}
NV-20 | Vận hành, giám sát hạ tầng mạng nội bộ tuần {n} | Nhật ký vận hành | Nhật ký vận hành tuần {n}
NV-20 | Bảo trì hệ thống máy chủ định kỳ | Biên bản bảo trì | Biên bản số {no}-BB/{unit}
NV-21 | Rà quét lỗ hổng bảo mật các máy trạm | Biên bản xử lý | Biên bản số {no}-BB/{unit}
NV-21 | Cập nhật bản vá cho hệ thống máy chủ | Biên bản cập nhật | Nhật ký vận hành, mục {place}
NV-22 | Hỗ trợ người dùng phần mềm quản lý văn bản | Yêu cầu đã xử lý | Sổ hỗ trợ tuần {n}, mục {place}
NV-22 | Cài đặt, bàn giao máy tính cho các đơn vị | Biên bản bàn giao | Biên bản ngày {day}
NV-23 | Làm sạch dữ liệu cán bộ tuần {n} | Bảng đối soát | Báo cáo số {no}-BC/{unit}
NV-23 | Đối soát dữ liệu cán bộ với các đơn vị | Bảng đối soát | Biên bản đối soát ngày {day}
NV-24 | Kết xuất số liệu thống kê cán bộ tháng {month} | Biểu thống kê | Biểu kèm Công văn số {no}-CV/{unit}
NV-24 | Lập biểu thống kê phục vụ Lãnh đạo Ban | Biểu thống kê | Biểu số {place}, ngày {day}
NV-25 | Sao lưu, kiểm tra khôi phục dữ liệu tuần {n} | Biên bản kiểm tra | Nhật ký sao lưu tuần {n}
NV-26 | Tiếp nhận, đăng ký, chuyển giao văn bản đến tuần {n} | Văn bản đã chuyển giao | Sổ văn bản đến, số {place}
NV-26 | Phát hành văn bản đi, kiểm tra thể thức tuần {n} | Văn bản đã phát hành | Sổ văn bản đi, số {place}
NV-27 | Chỉnh lý hồ sơ lưu trữ năm trước | Hồ sơ đã chỉnh lý | Mục lục hồ sơ, tờ {place}
NV-27 | Hướng dẫn các đơn vị nộp lưu hồ sơ | Biên bản giao nhận | Biên bản số {no}-BB/{unit}
NV-28 | Kiểm soát chứng từ thanh toán tuần {n} | Bộ chứng từ | Bảng kê chứng từ tuần {n}
NV-28 | Lập báo cáo quyết toán kinh phí tháng {month} | Báo cáo quyết toán | Báo cáo số {no}-BC/{unit}
NV-28 | Đối chiếu số dư tài khoản với Kho bạc | Bảng đối chiếu | Bảng đối chiếu ngày {day}
NV-28 | Chi trả lương, phụ cấp tháng {month} | Bảng lương | Bảng lương tháng {month}
NV-29 | Chuẩn bị hậu cần hội nghị giao ban tuần {n} | Cuộc họp đã phục vụ | Lịch công tác tuần {n}
NV-29 | Phục vụ đoàn công tác của địa phương | Chương trình đón tiếp | Chương trình ngày {day}
NV-30 | Mua sắm văn phòng phẩm tháng {month} | Biên bản bàn giao | Biên bản số {no}-BB/{unit}
NV-30 | Kiểm kê trang thiết bị phòng làm việc | Bảng kiểm kê | Bảng kiểm kê ngày {day}
NV-31 | Đưa đón lãnh đạo, đoàn công tác tuần {n} | Chuyến xe | Lệnh điều xe số {no}
NV-31 | Bảo dưỡng xe định kỳ | Phiếu bảo dưỡng | Phiếu bảo dưỡng số {no}
NV-31 | Kiểm tra an toàn xe trước chuyến công tác | Sổ kiểm tra xe | Sổ theo dõi xe, trang {place}
NV-32 | Phục vụ phòng họp tuần {n} | Phòng họp đã phục vụ | Lịch phòng họp tuần {n}
NV-32 | Kiểm tra vệ sinh, an toàn điện nước trụ sở | Phiếu kiểm tra | Phiếu kiểm tra ngày {day}
NV-32 | Chuẩn bị nước uống, tài liệu cho cuộc họp | Cuộc họp đã phục vụ | Sổ trực, trang {place}
"""

# What managers give for the week after, with its product: fits everybody of a unit.
GIVEN = {
    "Chuẩn bị tài liệu phục vụ buổi làm việc của Lãnh đạo Ban": "Bộ tài liệu đã trình",
    "Hoàn thiện văn bản theo ý kiến thẩm định": "Văn bản hoàn thiện",
    "Tổng hợp ý kiến góp ý của các đơn vị": "Bảng tổng hợp ý kiến",
    "Chuẩn bị nội dung giao ban tháng": "Tài liệu giao ban",
    "Xây dựng đề cương báo cáo chuyên đề": "Đề cương",
    "Rà soát số liệu trước khi trình Lãnh đạo Ban": "Bảng số liệu đã rà soát",
    "Phối hợp kiểm tra việc thực hiện quy chế làm việc": "Biên bản kiểm tra",
    "Cập nhật hồ sơ công việc lên phần mềm": "Hồ sơ đã cập nhật",
}
LETTER = "Công văn số {no}-CV/{unit}"

# Units of measure that are counted by the dozen; of the others a week brings one or two.
MANY = ("văn bản", "hồ sơ", "yêu cầu", "bản ghi", "chuyến", "lượt", "bộ", "cuộc họp")

# The important works of those whose weeks go badly.
HARD = (
    "Tham mưu báo cáo chuyên đề trình Lãnh đạo Ban",
    "Hoàn thiện đề án theo kết luận của Lãnh đạo Ban",
    "Trả lời chất vấn của cơ quan cấp trên",
    "Tổng hợp kết quả kiểm tra, giám sát",
)

CONDUCT = {
    "excellent": (
        "- Chấp hành nghiêm nội quy, giờ làm việc; không có ngày nào đi muộn.",
        "- Chủ động nhận việc khó, hỗ trợ đồng nghiệp hoàn thành đúng hạn.",
        "- Sắp xếp công việc khoa học, báo cáo tiến độ hằng ngày.",
        "- Phối hợp tốt với các đơn vị, trả lời công việc trong ngày.",
    ),
    "good": (
        "- Chấp hành tốt giờ làm việc, quy chế của cơ quan.",
        "- Phối hợp với đồng nghiệp khi được yêu cầu.",
        "- Nghiêm túc tiếp thu ý kiến góp ý.",
        "- Giữ gìn tài sản công, tiết kiệm điện, nước.",
    ),
    "completed": (
        "- Chấp hành giờ làm việc; có một buổi vào họp muộn, đã báo cáo.",
        "- Phối hợp còn chậm ở một việc, đã rút kinh nghiệm.",
        "- Cần sắp xếp thời gian hợp lý hơn.",
    ),
    "not_completed": (
        "- Có buổi đi muộn, đã được nhắc nhở.",
        "- Chưa chủ động báo cáo khi công việc chậm.",
        "- Xin rút kinh nghiệm, bố trí lại thời gian trong tuần tới.",
    ),
}

DIFFICULTIES = (
    "Số liệu từ đơn vị phối hợp gửi chậm, phải làm ngoài giờ để kịp hạn.",
    "Khối lượng văn bản đến trong tuần tăng, nhân sự mỏng.",
    "Phần mềm quản lý văn bản chậm vào giờ cao điểm.",
    "Chưa có hướng dẫn thống nhất về biểu mẫu báo cáo.",
    "Một số nhiệm vụ đột xuất trùng thời hạn với nhiệm vụ trong kế hoạch.",
    "Máy in của phòng hỏng, ảnh hưởng đến việc phát hành văn bản.",
    "Cách tính số lượng sản phẩm của nhiệm vụ thường xuyên chưa rõ.",
    "Hồ sơ các đơn vị gửi về chưa đầy đủ, phải yêu cầu bổ sung.",
)
PROPOSALS = (
    "- Đề nghị các đơn vị gửi số liệu trước 10 giờ thứ Năm hằng tuần.",
    "- Đề nghị bổ sung một máy quét cho bộ phận văn thư.",
    "- Đề nghị Văn phòng thống nhất biểu mẫu báo cáo chung.",
    "- Đề nghị tập huấn thêm về cách ghi minh chứng trong phiếu.",
    "- Kiến nghị nâng cấp đường truyền nội bộ.",
    "- Đề nghị thông báo sớm lịch họp để chủ động chuẩn bị.",
)
ADDED_DIFFICULTY = "Bổ sung: số liệu tuần này còn thay đổi sau khi đối soát với đơn vị phối hợp."
ASKS_REVIEW = "Đề nghị xem lại điểm tiến độ tuần trước: văn bản đã gửi đúng hạn, đơn vị phối hợp trả lời chậm."
REPLIES = ("Tôi nhất trí với nhận xét tuần trước và đã sửa cách ghi minh chứng.", ASKS_REVIEW)

ANSWERS = (
    "Văn phòng đã ghi nhận và sẽ giải quyết trong tháng.",
    "Đã trao đổi với đơn vị liên quan; thực hiện từ tuần tới.",
    "Đã có hướng dẫn gửi các đơn vị; đề nghị xem trên trang thông tin nội bộ.",
)
PASSED_TO = ("Lãnh đạo Ban phụ trách", "Phòng Tài vụ, Văn phòng", "Bộ phận công nghệ thông tin")
COPIES = "TH-0003"  # a manager who leaves self scores as they are: in a quarter, leaders are pointed to it
DECIDES = "Thủ trưởng đơn vị và Văn phòng"
REVIEW_ANSWER = "Đã đối chiếu văn bản và ngày gửi; điểm đã chấm phù hợp với hướng dẫn."

CAUSES_ACCEPTED = (
    "Đơn vị phối hợp gửi số liệu chậm hai ngày.",
    "Chờ ý kiến của cơ quan cấp trên.",
    "Hội nghị dời lịch theo thông báo của Văn phòng.",
    "Được điều động phục vụ đoàn công tác đột xuất.",
)
CAUSES_OWN = (
    "Bố trí thời gian chưa hợp lý.",
    "Chưa lường hết khối lượng công việc.",
    "Phải làm lại nội dung theo ý kiến của lãnh đạo.",
)

COMMENTS = {
    "excellent": (
        "Hoàn thành vượt yêu cầu, sản phẩm dùng được ngay. Đề nghị phát huy.",
        "Chủ động, tham mưu sát, minh chứng đầy đủ.",
        "Hoàn thành xuất sắc nhiệm vụ đột xuất, phối hợp tốt.",
    ),
    "good": (
        "Hoàn thành tốt các nhiệm vụ được giao, đúng hạn.",
        "Sản phẩm đạt yêu cầu; cần chú ý thể thức văn bản.",
        "Làm việc nghiêm túc, cần chủ động hơn trong phối hợp.",
    ),
    "completed": (
        "Hoàn thành nhiệm vụ nhưng còn chậm; cần báo cáo sớm khi vướng mắc.",
        "Sản phẩm phải sửa lại một lần, cần rà soát kỹ trước khi trình.",
    ),
    "not_completed": (
        "Nhiệm vụ quan trọng chưa hoàn thành; tuần tới báo cáo tiến độ hằng ngày.",
        "Chưa đạt yêu cầu về tiến độ; cần khắc phục ngay.",
    ),
}
BREACHES = (
    "Sáng {day} đi muộn 40 phút không báo cáo (khoản 2 Điều 5 Nội quy cơ quan)",
    "Chiều {day} vắng họp giao ban không lý do (Điều 7 Quy chế làm việc)",
)
BREACH_COMMENT = "Chưa chấp hành nghiêm giờ giấc, đã nhắc nhở trực tiếp; nhiệm vụ quan trọng còn tồn."
EXPLANATIONS = (
    "Sản phẩm phải sửa nhiều lần về nội dung nên điểm chất lượng thấp hơn mức tự chấm.",
    "Thiếu minh chứng ở hai nhiệm vụ; số lượng thực tế ít hơn số đã ghi.",
)
WITHOUT_FORM = "Chưa nộp phiếu dù đã nhắc; chấm theo kết quả theo dõi công việc trong tuần."
RETURN_REASONS = (
    "Đề nghị bổ sung minh chứng cho nhiệm vụ thứ nhất và ghi rõ số văn bản.",
    "Đề nghị ghi lại tiến độ nhiệm vụ quan trọng và chấm lại điểm tiến độ.",
)
APPROVER_RETURNS = ("Đề nghị người đánh giá làm rõ căn cứ chấm điểm chất lượng.",)
ADDED_COMMENT = "Đã làm rõ: sản phẩm được Lãnh đạo Ban sử dụng, có văn bản ký ban hành."
ADJUSTMENTS = ("Trừ điểm tiến độ do văn bản phát hành chậm so với kế hoạch của Ban.",)
OPINIONS = ("Nhất trí.", "Nhất trí với mức đánh giá.", "Biểu dương trong giao ban đơn vị.")
PAPER = "Danh sách ký ngày {day}, số {no}-DS/{unit}"

# What the office writes of a talk under the two-week rule.
THE_PERSON = "cán bộ"
TALK_CAUSES = (
    "Chưa chủ động xếp lịch công việc; phối hợp với đơn vị liên quan chậm.",
    "Nhận nhiều việc đột xuất, chưa kịp thời báo cáo để điều chỉnh.",
    "Hoàn cảnh gia đình có việc trong tuần, chưa báo cáo lãnh đạo đơn vị.",
)
TALK_MEASURES = (
    "Báo cáo tiến độ vào cuối mỗi ngày; đơn vị cử người hỗ trợ phần tổng hợp.",
    "Xếp lại thứ tự ưu tiên; hoàn thành việc quá hạn trước; chấp hành giờ làm việc.",
    "Cán bộ cam kết thực hiện đúng nội quy; thủ trưởng đơn vị kiểm tra hằng tuần.",
)
TALK_OUTCOMES = (
    "Đã hoàn thành các việc quá hạn; chấp hành tốt giờ làm việc.",
    "Có tiến bộ; hai tuần gần đây hoàn thành đúng hạn.",
)

# What managers note of somebody's potential; never scored, read by the office alone.
NOTES = (
    "Có khả năng tham mưu độc lập; cần bồi dưỡng thêm về pháp chế.",
    "Có thể giao chủ trì việc liên đơn vị; đề nghị xem xét quy hoạch.",
    "Vững nghiệp vụ; cần bồi dưỡng kỹ năng trình bày, viết báo cáo.",
    "Nắm việc nhanh; đề nghị cử tham gia lớp bồi dưỡng ngạch cao hơn.",
)
