"""A rule book whose guide counts tasks, for tests: the shares of the standard one lie in their ranges by themselves, these need not."""

from __future__ import annotations

from evalxl.domain.rulebook import RuleBook, read_rulebook
from evalxl.records.package_files import shipped

_PROGRESS = """guide = [
  { at_least = 36, when = [{ fact = "late", at_most = 0 }, { fact = "open", at_most = 0 }], vi = "Không việc nào trễ hạn.", en = "Nothing late." },
  { at_least = 30, when = [{ fact = "important_late", at_most = 0 }, { fact = "important_open", at_most = 0 }, { fact = "share_on_time", at_least = 0.5 }], vi = "Việc quan trọng đều đúng hạn.", en = "Nothing important late." },
  { at_least = 10, at_most = 19.5, when = [{ fact = "share_on_time", at_least = 0.25 }], vi = "Có nhiệm vụ quan trọng trễ hạn hoặc chưa hoàn thành.", en = "An important task was late or not completed." },
  { at_least = 0, vi = "Hầu hết nhiệm vụ đến hạn chưa hoàn thành.", en = "Most tasks due were not completed." },
]
"""
_QUALITY = """guide = [
  { at_least = 30, when = [{ fact = "without_product", at_most = 1 }, { fact = "share_on_time", at_least = 0.5 }], vi = "Đủ sản phẩm.", en = "Products." },
  { at_least = 12, when = [{ fact = "counted", at_least = 3 }], vi = "Thiếu sản phẩm.", en = "Products are missing." },
  { at_least = 0, vi = "Hầu hết không có sản phẩm.", en = "Mostly without." },
]
"""


def guide_that_counts() -> RuleBook:
    """The standard rule book with other guides for the tasks."""
    told = (shipped("rulebooks") / "cv-8679-2025.toml").read_text(encoding="utf-8")
    for guide in (_QUALITY, _PROGRESS):
        head, _, rest = told.partition("guide = [\n")
        told = head + guide.replace("guide = [", "guide  = [") + rest.partition("\n]\n")[2]
    return read_rulebook(told.encode(), "theo-so-viec.toml")
