"""The sheets and columns of the organisation workbook as data: names, content, and which are required."""

from __future__ import annotations

from dataclasses import dataclass

from evalxl import words
from evalxl.domain.rulebook import RANKS, RuleBook

SCOPES = ("score", "approve", "both")
DAY_KINDS = ("holiday", "in_lieu", "worked")


@dataclass(frozen=True, slots=True)
class OrganisationColumn:
    """A column of the workbook; its names are the catalogue's row `organisation_column.SHEET.KEY`.

    Attributes:
        holds: The content of its cells: text, the row's own `code`, former `codes`, the code of a `unit`, `person` or `position`, a word of a
            list, `yes_no`, a date, a whole number or a `decimal` one.
        required: Whether the sheet is useless without the column.
        filled: Whether a row is useless if the cell is empty.
        also: Other names for the column.
    """

    key: str
    holds: str = "text"
    required: bool = False
    filled: bool = False
    also: tuple[str, ...] = ()


def _must(key: str, holds: str = "text", *also: str) -> OrganisationColumn:
    return OrganisationColumn(key, holds, required=True, filled=True, also=also)


_FROM, _TO = OrganisationColumn("first", "date"), OrganisationColumn("last", "date")

SHEETS: dict[str, tuple[OrganisationColumn, ...]] = {
    "units": (
        _must("code", "code", "Mã"),
        _must("name", "text", "Tên"),
        OrganisationColumn("parent", "unit"),
        OrganisationColumn("head", "person"),
        OrganisationColumn("leader", "person"),
        OrganisationColumn("level", also=("Cấp đơn vị",)),
        _FROM,
        _TO,
    ),
    "people": (
        _must("code", "code", "Mã", "Mã số"),
        _must("name", "text", "Họ tên"),
        _must("unit", "unit", "Mã đơn vị", "Đơn vị công tác"),
        OrganisationColumn("title", also=("Chức vụ, chức danh", "Chức danh")),
        _must("rank", "rank"),
        OrganisationColumn("other_posts"),
        OrganisationColumn("position", "position"),
        OrganisationColumn("scorer", "person"),
        OrganisationColumn("co_scorer", "person"),
        OrganisationColumn("approver", "person"),
        OrganisationColumn("category"),
        OrganisationColumn("peers", also=("Nhóm nhiệm vụ",)),
        OrganisationColumn("former", "codes", also=("Mã cán bộ cũ",)),
        OrganisationColumn("email"),
        OrganisationColumn("account", also=("Tài khoản máy tính", "accounts")),
        _FROM,
        _TO,
    ),
    "positions": (
        OrganisationColumn("code", "code", also=("Mã vị trí",)),
        OrganisationColumn("name", also=("Tên vị trí", "Tên vị trí việc làm")),
        OrganisationColumn("complexity", "complexity"),
        OrganisationColumn("posts", "number"),
    ),
    "tasks": (
        OrganisationColumn("code", "code", also=("Mã",)),
        OrganisationColumn("name", also=("Tên",)),
        OrganisationColumn("position", "position"),
        OrganisationColumn("product"),
        OrganisationColumn("unit_of_measure"),
        OrganisationColumn("complexity", "complexity"),
        OrganisationColumn("group", also=("Nhóm nhiệm vụ",)),
        OrganisationColumn("coefficient", "decimal", also=("Hệ số",)),
        OrganisationColumn("recurring", "yes_no"),
        _FROM,
    ),
    "authorities": (
        _must("code", "person", "Mã"),
        OrganisationColumn("rulebook", also=("rulebook",)),
        OrganisationColumn("scorer", "person"),
        OrganisationColumn("decider", also=("Người quyết định", "Tập thể quyết định")),
        _FROM,
    ),
    "absences": (_must("code", "person", "Mã"), _must("kind", "absence", "Loại vắng mặt"), _FROM, _TO),
    "delegations": (
        _must("giver", "person"),
        _must("receiver", "person"),
        OrganisationColumn("scope", "scope"),
        OrganisationColumn("basis"),
        _FROM,
        _TO,
    ),
    "days_off": (_must("day", "date"), _must("kind", "day_kind"), OrganisationColumn("reason")),
}
REQUIRED_SHEETS = ("units", "people")
SHEETS_ALSO = {"days_off": ("Ngày nghỉ", "Nghỉ, làm bù")}


def sheet_name(sheet: str, lang: words.Lang) -> str:
    return words.say(f"organisation_sheet.{sheet}", lang)


def column_name(sheet: str, key: str, lang: words.Lang) -> str:
    return words.say(f"organisation_column.{sheet}.{key}", lang)


def choices(holds: str, rules: RuleBook, lang: words.Lang) -> list[str]:
    """The words of a column's list in a language; empty for a column without a list."""
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
