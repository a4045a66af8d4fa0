"""The sheets and columns of the organisation workbook, as data: what each is called, what it holds, which must be there."""

from __future__ import annotations

from dataclasses import dataclass

from evalxl import words
from evalxl.domain.rulebook import RANKS, RuleBook

SCOPES = ("score", "approve", "both")
DAY_KINDS = ("holiday", "in_lieu", "worked")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the workbook; its names are the catalogue's row `organisation_column.SHEET.KEY`.

    Attributes:
        holds: What its cells hold: text, a `code` of its own, `codes` that were used before, the code of a `unit`, `person` or `position`, a word of a
            list, `yes_no`, a date, a whole number or a `decimal` one.
        required: Whether the sheet is of no use without the column.
        filled: Whether a row is of no use with the cell empty.
        also: Other names that people give it.
    """

    key: str
    holds: str = "text"
    required: bool = False
    filled: bool = False
    also: tuple[str, ...] = ()


def _must(key: str, holds: str = "text", *also: str) -> Column:
    return Column(key, holds, required=True, filled=True, also=also)


_FROM, _TO = Column("first", "date"), Column("last", "date")

SHEETS: dict[str, tuple[Column, ...]] = {
    "units": (
        _must("code", "code", "Mã"),
        _must("name", "text", "Tên"),
        Column("parent", "unit"),
        Column("head", "person"),
        Column("leader", "person"),
        Column("level", also=("Cấp đơn vị",)),
        _FROM,
        _TO,
    ),
    "people": (
        _must("code", "code", "Mã", "Mã số"),
        _must("name", "text", "Họ tên"),
        _must("unit", "unit", "Mã đơn vị", "Đơn vị công tác"),
        Column("title", also=("Chức vụ, chức danh", "Chức danh")),
        _must("rank", "rank"),
        Column("other_posts"),
        Column("position", "position"),
        Column("scorer", "person"),
        Column("co_scorer", "person"),
        Column("approver", "person"),
        Column("category"),
        Column("peers", also=("Nhóm nhiệm vụ",)),
        Column("former", "codes", also=("Mã cán bộ cũ",)),
        Column("email"),
        Column("account", also=("Tài khoản máy tính", "accounts")),
        _FROM,
        _TO,
    ),
    "positions": (
        Column("code", "code", also=("Mã vị trí",)),
        Column("name", also=("Tên vị trí", "Tên vị trí việc làm")),
        Column("complexity", "complexity"),
        Column("posts", "number"),
    ),
    "tasks": (
        Column("code", "code", also=("Mã",)),
        Column("name", also=("Tên",)),
        Column("position", "position"),
        Column("product"),
        Column("unit_of_measure"),
        Column("complexity", "complexity"),
        Column("group", also=("Nhóm nhiệm vụ",)),
        Column("coefficient", "decimal", also=("Hệ số",)),
        Column("recurring", "yes_no"),
        _FROM,
    ),
    "authorities": (
        _must("code", "person", "Mã"),
        Column("rulebook", also=("rulebook",)),
        Column("scorer", "person"),
        Column("decider", also=("Người quyết định", "Tập thể quyết định")),
        _FROM,
    ),
    "absences": (_must("code", "person", "Mã"), _must("kind", "absence", "Loại vắng mặt"), _FROM, _TO),
    "delegations": (
        _must("giver", "person"),
        _must("receiver", "person"),
        Column("scope", "scope"),
        Column("basis"),
        _FROM,
        _TO,
    ),
    "days_off": (_must("day", "date"), _must("kind", "day_kind"), Column("reason")),
}
REQUIRED_SHEETS = ("units", "people")
SHEETS_ALSO = {"days_off": ("Ngày nghỉ", "Nghỉ, làm bù")}


def sheet_name(sheet: str, lang: words.Lang) -> str:
    return words.say(f"organisation_sheet.{sheet}", lang)


def column_name(sheet: str, key: str, lang: words.Lang) -> str:
    return words.say(f"organisation_column.{sheet}.{key}", lang)


def choices(holds: str, rules: RuleBook, lang: words.Lang) -> list[str]:
    """The words of a list that a column takes, in a language; empty for a column that takes anything."""
    match holds:
        case "rank":
            return [words.say(f"rank.{rank}", lang) for rank in RANKS]
        case "absence":
            return [kind.name(lang) for kind in rules.absence]
        case "complexity":
            return [level.name(lang) for level in rules.complexity]
        case "scope":
            return [words.say(f"delegation_scope.{scope}", lang) for scope in SCOPES]
        case "day_kind":
            return [words.say(f"day_kind.{kind}", lang) for kind in DAY_KINDS]
        case "yes_no":
            return [words.say(f"yes_no.{answer}", lang) for answer in ("yes", "no")]
        case _:
            return []
