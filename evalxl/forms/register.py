"""The words of the lists in the office's register, and what each means."""

from __future__ import annotations

from collections.abc import Mapping

NEW, PLANNED, TALKED, CLOSED = "Mới", "Đã hẹn trao đổi", "Đã trao đổi", "Đã xong"
PASSED_ON, ANSWERED = "Đã chuyển", "Đã trả lời"
RECEIVED, CONSIDERING = "Đã nhận", "Đang xem xét"
KEPT, CORRECTED = "Giữ nguyên kết quả", "Điều chỉnh kết quả"

# By list: the words, first the one that an untouched cell holds where it holds any, each with the value of the row's field.
MEANT: Mapping[str, Mapping[str, str]] = {
    "follow_state": {NEW: "new", PLANNED: "planned", TALKED: "talked", CLOSED: "done"},
    "difficulty_state": {NEW: "new", PASSED_ON: "passed_on", ANSWERED: "answered"},
    "review_state": {RECEIVED: "received", CONSIDERING: "considering", ANSWERED: "answered"},
    "review_outcome": {KEPT: "kept", CORRECTED: "corrected"},
}
