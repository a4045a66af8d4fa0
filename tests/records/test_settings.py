"""The office's settings, and what the operator is told about a slip in them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from evalxl.domain.errors import EvalxlError
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.weeks import Week
from evalxl.records.settings import (
    BackslashSettingError,
    BadSettingError,
    MisplacedSettingError,
    MisspeltSettingError,
    NotAnOfficeError,
    Settings,
    SettingsGarbledError,
    SettingsUnreadableError,
    UnknownSettingError,
    UnquotedKeyError,
    deadline,
    load_settings,
)


def office(folder: Path, text: str | bytes) -> Path:
    (folder / "office.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def slip_in(folder: Path, text: str) -> EvalxlError:
    with pytest.raises(EvalxlError) as slip:
        load_settings(office(folder, text))
    # Whatever the slip is, it can be said in both languages and names the file.
    assert "office.toml" in slip.value.sentence("vi")
    assert "office.toml" in slip.value.sentence("en")
    return slip.value


def test_every_setting_has_a_default(tmp_path: Path) -> None:
    settings = load_settings(office(tmp_path, ""))

    assert settings == Settings()
    assert settings.shared_folder == "shared"
    assert settings.rulebook == "cv-8679-2025"
    assert settings.deadlines.close == "T3 17:00"


@pytest.mark.parametrize(
    "data",
    [
        'name = "Vụ Tổng hợp"\r\nworkers = 2\r\n'.encode(),
        b"\xef\xbb\xbf" + 'name = "Vụ Tổng hợp"\nworkers = 2'.encode(),
        'name = "Vụ Tổng hợp"\r\nworkers = 2'.encode("utf-16"),
    ],
    ids=["Windows line ends", "UTF-8 with a mark", "Notepad's Unicode"],
)
def test_settings_may_be_saved_by_any_editor(tmp_path: Path, data: bytes) -> None:
    settings = load_settings(office(tmp_path, data))

    assert (settings.name, settings.workers) == ("Vụ Tổng hợp", 2)


def test_a_folder_without_settings_is_no_office(tmp_path: Path) -> None:
    with pytest.raises(NotAnOfficeError, match="evalxl init"):
        load_settings(tmp_path)
    with pytest.raises(NotAnOfficeError):
        load_settings(tmp_path / "nowhere")


def test_settings_that_are_no_text_are_said_to_be_unreadable(tmp_path: Path) -> None:
    with pytest.raises(SettingsUnreadableError):
        load_settings(office(tmp_path, b"name = \xff\xfe\x80"))


def test_a_misspelt_setting_is_told_with_its_line_and_what_is_meant(tmp_path: Path) -> None:
    slip = slip_in(tmp_path, '# Cài đặt\nname = "Ban"\nshared_foder = "chung"\n')

    assert isinstance(slip, MisspeltSettingError)
    assert "Dòng 3" in slip.sentence("vi")
    assert "shared_folder" in slip.sentence("vi")


def test_a_setting_that_does_not_exist_is_told(tmp_path: Path) -> None:
    slip = slip_in(tmp_path, 'xyzzy = "đỏ"\n')

    assert isinstance(slip, UnknownSettingError)
    assert "xyzzy" in slip.sentence("vi")


def test_a_unit_code_with_vietnamese_letters_is_told_to_stand_in_quotes(tmp_path: Path) -> None:
    slip = slip_in(tmp_path, "[unit_folders]\nLĐ = 'rieng'\n")

    assert isinstance(slip, UnquotedKeyError)
    assert "Dòng 2" in slip.sentence("vi")
    assert '"LĐ"' in slip.sentence("vi")


def test_a_misspelt_deadline_is_found_in_its_table(tmp_path: Path) -> None:
    slip = slip_in(tmp_path, '[deadlines]\nself = "T6 17:00"\naprove = "T2 17:00"\n')

    assert isinstance(slip, MisspeltSettingError)
    assert "Dòng 3" in slip.sentence("vi")
    assert "approve" in slip.sentence("vi")


@pytest.mark.parametrize("table", ["deadlines", "unit_folders", "protection"])
def test_a_setting_below_a_table_is_told_to_move_up(tmp_path: Path, table: str) -> None:
    """Somebody adds a line at the end of the file, where TOML takes it for a part of the last table."""
    slip = slip_in(tmp_path, f'[{table}]\nrulebook = "nd-335-2025"\n')

    assert isinstance(slip, MisplacedSettingError)
    assert table in slip.sentence("vi")


@pytest.mark.parametrize(
    "line",
    [
        r'shared_folder = "\\maychu\danhgia"',
        r'shared_folder = "D:\evalxl"',
        r'shared_folder = "D:\new"',
        r'management_folder = "\\server\bao-cao"',
    ],
)
def test_a_windows_path_in_double_quotes_is_told_to_change_its_quotes(tmp_path: Path, line: str) -> None:
    r"""`\d` is no TOML, and `\n` silently is the end of a line."""
    slip = slip_in(tmp_path, line)

    assert isinstance(slip, BackslashSettingError)
    assert r"'\\MAYCHU\danhgia'" in slip.sentence("vi")


def test_a_network_path_in_single_quotes_is_taken_as_it_is(tmp_path: Path) -> None:
    text = r"""
        shared_folder = '\\MAYCHU\danhgia'
        [unit_folders]
        "LĐ" = 'D:\rieng'
    """
    settings = load_settings(office(tmp_path, text))

    assert settings.shared_folder == r"\\MAYCHU\danhgia"
    assert settings.unit_folders == {"LĐ": r"D:\rieng"}


def test_a_line_that_is_no_setting_is_told_by_its_number(tmp_path: Path) -> None:
    slip = slip_in(tmp_path, 'name = "Ban"\nplace = Hà Nội\n')

    assert isinstance(slip, SettingsGarbledError)
    assert "Dòng 2" in slip.sentence("vi")


@pytest.mark.parametrize(
    ("text", "name", "hint"),
    [
        ('letterhead = "đảng"', "letterhead", '"party", "state", "none"'),
        ('language = "fr"', "language", '"vi", "en"'),
        ('personal_folders = "true"', "personal_folders", "true (có)"),
        ("name = 12", "name", "dấu nháy kép"),
        ("workers = -1", "workers", "số nguyên"),
        ('workers = "2"', "workers", "số nguyên"),
        ('[deadlines]\nself = "thứ sáu"', "deadlines.self", "T6 17:00"),
        ('[deadlines]\nscore = "T4 12:00"', "deadlines", "lần lượt"),
        ('timezone = "Hanoi"', "timezone", "Asia/Ho_Chi_Minh"),
        ('deadlines = "T6"', "deadlines", "evalxl init"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_with_what_to_write(
    tmp_path: Path, text: str, name: str, hint: str
) -> None:
    slip = slip_in(tmp_path, text)

    assert isinstance(slip, BadSettingError)
    assert f"“{name}”" in slip.sentence("vi")
    assert hint in slip.sentence("vi")
    assert "{" not in slip.sentence("en")


def test_deadlines_are_in_the_time_of_viet_nam() -> None:
    due = deadline(Settings(), "self", Week(2025, 23), Organisation((), ()))

    assert due.isoformat() == "2025-06-06T17:00:00+07:00"


def test_without_time_zone_data_viet_nam_is_seven_hours_ahead() -> None:
    """Windows brings none; then the office's clock still is right."""
    nowhere = Settings().model_copy(update={"timezone": "Nowhere/At_All"})

    assert nowhere.zone.utcoffset(None) == timedelta(hours=7)


RENAMED = """
name = "Ban Cũ"
parent = "Cơ quan trên"
letterhead = "party"

[[letterhead]]
from = 2025-06-09
name = "Ban Mới"

[[letterhead]]
from = "1/7/2025"
kind = "state"
place = "Huế"
"""


@pytest.mark.parametrize(
    ("day", "head"),
    [
        (date(2025, 6, 8), ("Ban Cũ", "Cơ quan trên", "Hà Nội", "party")),
        (date(2025, 6, 9), ("Ban Mới", "Cơ quan trên", "Hà Nội", "party")),
        (date(2025, 7, 1), ("Ban Mới", "Cơ quan trên", "Huế", "state")),
    ],
)
def test_an_office_has_the_name_of_the_day(tmp_path: Path, day: date, head: tuple[str, ...]) -> None:
    settings = load_settings(office(tmp_path, RENAMED)).on(day)

    assert (settings.name, settings.parent, settings.place, settings.letterhead) == head


def test_a_letterhead_without_a_day_holds_from_the_beginning(tmp_path: Path) -> None:
    settings = load_settings(office(tmp_path, '[[letterhead]]\nname = "Ban Một"\nletterhead = "state"\n'))

    assert (settings.on(date(2025, 1, 1)).name, settings.on(date(2025, 1, 1)).letterhead) == ("Ban Một", "state")


def test_a_slip_in_a_letterhead_is_told_with_its_line(tmp_path: Path) -> None:
    wrong_day = slip_in(tmp_path, RENAMED.replace('"1/7/2025"', '"tháng bảy"'))
    misspelt = slip_in(tmp_path, RENAMED.replace("kind", "kimd"))
    below = slip_in(tmp_path, RENAMED + 'shared_folder = "x"\n')

    assert isinstance(wrong_day, BadSettingError) and (wrong_day.values["line"], wrong_day.values["name"]) == (
        11,
        "letterhead.from",
    )
    assert isinstance(misspelt, MisspeltSettingError) and misspelt.values["line"] == 12
    assert isinstance(below, MisplacedSettingError) and below.values["table"] == "letterhead"
