"""The office's settings: `office.toml`.

Every setting has a default, so an empty file is valid. An unknown key is an error that names its line: an office must not believe
that it has set something when it has not.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from evalxl.domain.errors import EvalxlError
from evalxl.domain.evaluation.deadlines import DayAndHour, DeadlineStep, Timetable, deadline_of
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.weeks import Week, parse_date
from evalxl.records.settings_slips import (
    BackslashSettingError,
    BadSettingError,
    MisplacedSettingError,
    MisspeltSettingError,
    NotAnOfficeError,
    SettingsGarbledError,
    SettingsUnreadableError,
    UnknownSettingError,
    UnquotedKeyError,
)
from evalxl.words import Lang

FILE = "office.toml"
_HOME_ZONE = "Asia/Ho_Chi_Minh"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _folder(text: str) -> str:
    if any(ord(letter) < 32 for letter in text) or re.match(r"\\[^\\]", text):
        raise ValueError("backslash")
    return text.strip()


def _day_and_hour(text: str) -> str:
    if DayAndHour.parse(text) is None:
        raise ValueError("deadline")
    return text.strip()


def _time_zone(text: str) -> str:
    if text != _HOME_ZONE and text not in (available_timezones() or (text,)):
        raise ValueError("timezone")
    return text


@cache
def _moment(text: str) -> DayAndHour:
    moment = DayAndHour.parse(text)
    assert moment is not None, text
    return moment


Text = Annotated[str, AfterValidator(_plain)]
Folder = Annotated[str, AfterValidator(_folder)]
Moment = Annotated[str, AfterValidator(_day_and_hour)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Protection(_Table):
    """The password against accidental typing in locked cells. It proves nothing and keeps nobody out."""

    password: str = ""


class Deadlines(_Table):
    """The deadlines of a week's steps: `self` is in the week, the others in the week after it."""

    self_: Moment = Field(default="T6 17:00", alias="self")
    score: Moment = "T2 12:00"
    approve: Moment = "T2 17:00"
    close: Moment = "T3 17:00"

    @model_validator(mode="after")
    def _in_order(self) -> Deadlines:
        table = self.timetable
        if not table.score <= table.approve <= table.close:
            raise ValueError("deadline_order")
        return self

    @property
    def timetable(self) -> Timetable:
        return Timetable(*map(_moment, (self.self_, self.score, self.approve, self.close)))


class Outputs(_Table):
    """Which files are drawn beside the masters: `page`, the overview page of a week."""

    page: bool = True


def _first_day(value: Any) -> Any:
    if isinstance(value, str) and (day := parse_date(value)) is not None:
        return day
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("day")
    return value


class Letterhead(_Table):
    """The letterhead of pages from a day on. What it does not set stays as before."""

    from_: Annotated[date, BeforeValidator(_first_day)] = Field(default=date.min, alias="from")
    name: Text | None = None
    parent: Text | None = None
    place: Text | None = None
    kind: Literal["party", "state", "none"] | None = Field(
        default=None, validation_alias=AliasChoices("kind", "letterhead", "style")
    )

    def replaced_settings(self) -> dict[str, str]:
        """The settings that this letterhead replaces."""
        values = {"name": self.name, "parent": self.parent, "place": self.place, "letterhead": self.kind}
        return {name: text for name, text in values.items() if text is not None}


class Settings(_Table):
    """All settings of an office, with their defaults.

    Attributes:
        letterheads: Letterheads of pages, each from a day on (`[[letterhead]]` in the file). Before the first one the settings above it apply.
        shared_folder: Where staff and managers find their workbooks; relative to the office folder, absolute, or a network path.
        unit_folders: A share of its own for a unit, by unit code.
        management_folder, office_folder: Where scoring and approval workbooks and unit masters, and the office's masters, lie instead of the share.
        personal_folders: A folder per person for the forms, so that rights can be set per person.
        unit_reports: Whether the units report each week too.
        trial: Every page says BẢN THỬ, so that a trial is not mistaken for the real evaluation.
        archive_years: The least number of years that received files are kept before they may be deleted; 0: for ever.
        workers: Processes that read and draw workbooks; 0 lets the machine decide.
    """

    name: Text = ""
    parent: Text = ""
    place: Text = "Hà Nội"
    letterhead: Literal["party", "state", "none"] = "none"
    letterheads: list[Letterhead] = []
    language: Lang = "vi"
    contact: Text = ""
    shared_folder: Folder = "shared"
    unit_folders: dict[str, Folder] = {}
    management_folder: Folder = ""
    office_folder: Folder = ""
    personal_folders: bool = False
    rulebook: Text = "cv-8679-2025"
    unit_reports: bool = False
    trial: bool = False
    timezone: Annotated[str, AfterValidator(_time_zone)] = _HOME_ZONE
    protection: Protection = Protection()
    deadlines: Deadlines = Deadlines()
    outputs: Outputs = Outputs()
    archive_years: Annotated[int, Field(ge=0, le=100)] = 0
    workers: Annotated[int, Field(ge=0, le=256)] = 0

    def on(self, day: date) -> Settings:
        """The settings with the office's name, parent, place and kind of letterhead as they are on a day."""
        entries = sorted((entry for entry in self.letterheads if entry.from_ <= day), key=lambda entry: entry.from_)
        head: dict[str, str] = {}
        for entry in entries:
            head |= entry.replaced_settings()
        return self.under(head)

    def under(self, head: Mapping[str, str]) -> Settings:
        """The settings with a letterhead that was kept with a week."""
        return self.model_copy(update=dict(head)) if head else self

    @property
    def head(self) -> dict[str, str]:
        """The letterhead of a page, to be kept with a week; empty if the office has set no name."""
        head = {"name": self.name, "parent": self.parent, "place": self.place, "letterhead": self.letterhead}
        return head if self.name or self.parent else {}

    @property
    def zone(self) -> tzinfo:
        """The office's time zone. Việt Nam has no summer time, so +07:00 is used if Windows lacks the time zone data."""
        try:
            return ZoneInfo(self.timezone)
        except (KeyError, OSError, ValueError):
            return timezone(timedelta(hours=7))


def load_settings(office: Path) -> Settings:
    """The settings of an office folder.

    Raises:
        NotAnOfficeError: there is no office.toml.
        SettingsUnreadableError: it cannot be opened, or is not text.
        SettingsGarbledError, BackslashSettingError, UnquotedKeyError: a line is not TOML.
        UnknownSettingError, MisspeltSettingError, MisplacedSettingError, BadSettingError: a setting does not exist or has a wrong value.
    """
    path = office / FILE
    try:
        text = _decoded(path.read_bytes())
    except FileNotFoundError:
        raise NotAnOfficeError(office) from None
    except NotADirectoryError:
        raise NotAnOfficeError(office) from None
    except (OSError, UnicodeDecodeError):
        raise SettingsUnreadableError(path) from None
    return read_settings(text, path)


def read_settings(text: str, path: Path) -> Settings:
    """The settings in a text; `path` names the file in messages. Raises as `load_settings` does."""
    text = re.sub(
        r"(?m)^(\s*)\[\[\s*letterhead\s*\]\]", r"\1[[letterheads]]", text
    )  # `letterhead = "party"` may stand above
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as slip:
        raise _garbled(text, path, slip) from None
    for name in table.get("unit_folders", {}) if isinstance(table.get("unit_folders"), dict) else ():
        if name in Settings.model_fields:
            raise MisplacedSettingError(path, name, _line_of(text, ("unit_folders", name)), "unit_folders")
    try:
        return Settings.model_validate(table)
    except ValidationError as slip:
        raise _explained(slip, text, path) from None


def deadline(settings: Settings, which: DeadlineStep, week: Week, organisation: Organisation) -> datetime:
    """When a step of a week is due by the office's settings; aware of the time zone."""
    return deadline_of(settings.deadlines.timetable, which, week, organisation, settings.zone)


def _decoded(data: bytes) -> str:
    # Notepad's "Unicode" is UTF-16 with a mark; its "UTF-8" may begin with one too.
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")


def _garbled(text: str, path: Path, slip: tomllib.TOMLDecodeError) -> EvalxlError:
    match = re.search(r"at line (\d+)", str(slip))
    lines = text.splitlines()
    line = int(match[1]) if match else max(len(lines), 1)
    wrong = lines[line - 1] if line <= len(lines) else ""
    if "\\" in wrong and '"' in wrong:
        return BackslashSettingError(path, line)
    key = wrong.partition("=")[0].strip()
    if not key.isascii() and key[:1] not in ("#", "[", '"', "'"):
        return UnquotedKeyError(path, key, line)
    return SettingsGarbledError(path, line)


def _explained(slip: ValidationError, text: str, path: Path) -> EvalxlError:
    first = slip.errors()[0]
    place = tuple(str(part) for part in first["loc"])
    name, line = ".".join(part for part in place if not part.isdigit()), _line_of(text, place)
    name = name.replace("letterheads", "letterhead", 1)
    match first["type"]:
        case "extra_forbidden":
            return _unknown(place, text, path)
        case "literal_error":
            return BadSettingError(
                path, name, line, "choice", str(first["ctx"]["expected"]).replace("'", '"').replace(" or ", ", ")
            )
        case "value_error":
            why = str(first["ctx"]["error"])
            return BackslashSettingError(path, line) if why == "backslash" else BadSettingError(path, name, line, why)
        case "bool_type":
            return BadSettingError(path, name, line, "yes_no")
        case "string_type":
            return BadSettingError(path, name, line, "text")
        case "int_type" | "greater_than_equal" | "less_than_equal":
            return BadSettingError(path, name, line, "whole")
        case _:
            return BadSettingError(path, name, line, "table")


def _unknown(place: tuple[str, ...], text: str, path: Path) -> EvalxlError:
    name, line = place[-1], _line_of(text, place)
    tables: Mapping[str, type[BaseModel]] = {
        "protection": Protection,
        "deadlines": Deadlines,
        "letterheads": Letterhead,
    }
    known = _names(tables[place[0]]) if len(place) > 1 else _names(Settings)
    if len(place) > 1 and name in Settings.model_fields:
        return MisplacedSettingError(path, name, line, place[0].replace("letterheads", "letterhead"))
    if near := difflib.get_close_matches(name, known, n=1, cutoff=0.6):
        return MisspeltSettingError(path, name, line, near[0])
    return UnknownSettingError(path, name, line)


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _line_of(text: str, place: tuple[str, ...]) -> int:
    """The line of a setting in office.toml, counted from 1; 1 if it cannot be found."""
    table, header, left = "", 1, 0
    if len(place) > 1 and place[1].isdigit():  # of several tables with one name
        place, left = (place[0], *place[2:]), int(place[1]) + 1
    for number, line in enumerate(text.splitlines(), 1):
        if match := re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line):
            table = match[1].strip("\"' ")
            if table == place[0]:
                header, left = number, left - 1
        elif match := re.match(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))\s*=""", line):
            key = match[1] or match[2] or match[3]
            if ".".join(filter(None, (table, key))) == ".".join(place) and left <= 0:
                return number
    return header


def as_toml(value: Any) -> str:
    """A text as TOML writes it."""
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
