"""The fields of the office's register: talks under the two-week rule, difficulties and proposals, requests for review.

Three tables of one workbook, because the office keeps one register a week. Open rows of an earlier week's register are in the next one.
"""

from __future__ import annotations

from evalxl.forms.field import Field, Type, Who

NEW, PLANNED, TALKED, CLOSED = "Mới", "Đã hẹn trao đổi", "Đã trao đổi", "Đã xong"
PASSED_ON, ANSWERED = "Đã chuyển", "Đã trả lời"
RECEIVED, CONSIDERING = "Đã nhận", "Đang xem xét"
KEPT, CORRECTED = "Giữ nguyên kết quả", "Điều chỉnh kết quả"

REGISTER_CHOICES: dict[str, tuple[str, ...]] = {
    "follow_state": (NEW, PLANNED, TALKED, CLOSED),
    "difficulty_state": (NEW, PASSED_ON, ANSWERED),
    "review_state": (RECEIVED, CONSIDERING, ANSWERED),
    "review_outcome": (KEPT, CORRECTED),
}

E, P, L = Who.EVALXL, Who.PERSON, Who.LIVE
T = Type

_TALKS: tuple[Field, ...] = (
    Field("ev_follow_person", T.TEXT, E, "follow_ups"),
    Field("ev_follow_name", T.TEXT, E, "follow_ups"),
    Field("ev_follow_unit", T.TEXT, E, "follow_ups"),
    Field("ev_follow_kind", T.TEXT, E, "follow_ups"),  # Cần trao đổi / Cần theo dõi
    Field("ev_follow_first_week", T.TEXT, E, "follow_ups"),  # 2025-W23
    Field("ev_follow_second_week", T.TEXT, E, "follow_ups"),  # with the person: the row's key
    Field("ev_follow_evidence", T.TEXT, E, "follow_ups"),
    Field("ev_follow_talk_with", T.TEXT, E, "follow_ups"),
    Field("ev_follow_standing", T.TEXT, E, "follow_ups"),  # overdue, carried over, no longer founded
    Field("ev_follow_talk_date", T.DATE, P, "follow_ups"),
    Field("ev_follow_took_part", T.NARRATIVE, P, "follow_ups"),
    Field("ev_follow_causes", T.NARRATIVE, P, "follow_ups"),
    Field("ev_follow_measures", T.NARRATIVE, P, "follow_ups"),
    Field("ev_follow_deadline", T.DATE, P, "follow_ups"),
    Field("ev_follow_outcome", T.NARRATIVE, P, "follow_ups"),
    Field("ev_follow_state", T.CHOICE, P, "follow_ups", choices="follow_state"),
    Field("ev_follow_open_items", T.TEXT, L, "follow_ups"),  # what the row still needs
)

_DIFFICULTIES: tuple[Field, ...] = (
    Field("ev_difficulty_key", T.TEXT, E, "difficulties"),  # the row's key over all weeks: who says what
    Field("ev_difficulty_unit", T.TEXT, E, "difficulties"),
    Field("ev_difficulty_person", T.TEXT, E, "difficulties"),  # the staff code; empty if the unit itself says it
    Field("ev_difficulty_name", T.TEXT, E, "difficulties"),
    Field("ev_difficulty_kind", T.TEXT, E, "difficulties"),  # Khó khăn, vướng mắc / Kiến nghị, đề xuất
    Field("ev_difficulty_text", T.TEXT, E, "difficulties"),
    Field("ev_difficulty_weeks", T.TEXT, E, "difficulties"),  # in which weeks it was said
    Field("ev_difficulty_passed_to", T.NARRATIVE, P, "difficulties"),
    Field("ev_difficulty_answer", T.NARRATIVE, P, "difficulties"),
    Field("ev_difficulty_state", T.CHOICE, P, "difficulties", choices="difficulty_state"),
    Field("ev_difficulty_open_items", T.TEXT, L, "difficulties"),
)

_REVIEWS: tuple[Field, ...] = (
    Field("ev_review_person", T.TEXT, E, "reviews"),
    Field("ev_review_name", T.TEXT, E, "reviews"),
    Field("ev_review_unit", T.TEXT, E, "reviews"),
    Field("ev_review_week", T.TEXT, E, "reviews"),  # 2025-W23, with the person: what the row is known by
    Field("ev_review_result", T.TEXT, E, "reviews"),  # the result of which a review is asked, as it stands now
    Field("ev_review_reason", T.TEXT, E, "reviews"),
    Field("ev_review_asked", T.TEXT, E, "reviews"),  # when, and in which week's form
    Field("ev_review_deadline", T.TEXT, E, "reviews"),
    Field("ev_review_standing", T.TEXT, E, "reviews"),  # overdue, late, carried over, withdrawn
    Field("ev_review_decided_by", T.NARRATIVE, P, "reviews"),
    Field("ev_review_outcome", T.CHOICE, P, "reviews", choices="review_outcome"),
    Field("ev_review_answer", T.NARRATIVE, P, "reviews"),  # the reason
    Field("ev_review_state", T.CHOICE, P, "reviews", choices="review_state"),
    Field("ev_review_open_items", T.TEXT, L, "reviews"),
)

REGISTER: tuple[Field, ...] = (*_TALKS, *_DIFFICULTIES, *_REVIEWS)

# An office's own register from before the two later tables works without them.
OPTIONAL_REGISTER: tuple[str, ...] = (
    "ev_follow_name",
    "ev_follow_unit",
    "ev_follow_kind",
    "ev_follow_talk_with",
    "ev_follow_standing",
    "ev_follow_open_items",
    *(entry.name for entry in (*_DIFFICULTIES, *_REVIEWS)),
)
