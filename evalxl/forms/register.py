"""The words of the lists in the office's register."""

from __future__ import annotations

NEW, PLANNED, TALKED, CLOSED = "Mới", "Đã hẹn trao đổi", "Đã trao đổi", "Đã xong"
PASSED_ON, ANSWERED = "Đã chuyển", "Đã trả lời"
RECEIVED, CONSIDERING = "Đã nhận", "Đang xem xét"
KEPT, CORRECTED = "Giữ nguyên kết quả", "Điều chỉnh kết quả"
