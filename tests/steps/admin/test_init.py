"""Making an office folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from evalxl.domain.errors import EvalxlError
from evalxl.records.office import FolderNotEmptyError, FolderNotMadeError, OfficeIsThereError
from evalxl.records.settings import Settings, load_settings, read_settings
from evalxl.steps.admin.check import check
from evalxl.steps.admin.init import init, settings_text
from evalxl.words import Lang


@pytest.mark.parametrize("lang", get_args(Lang))
@pytest.mark.parametrize("sample", [True, False])
def test_a_new_office_passes_its_check(tmp_path: Path, sample: bool, lang: Lang) -> None:
    written = init(tmp_path / "van-phong", sample, lang)
    checked = check(tmp_path / "van-phong", date(2025, 6, 2))

    assert checked.findings == ()
    assert [note.kind for note in checked.notes] == ([] if sample else ["organisation.head_missing"])
    assert checked.organisation == written
    assert checked.settings.language == lang


def test_a_new_office_has_the_folders_of_the_contract(tmp_path: Path) -> None:
    init(tmp_path)

    assert sorted(entry.name for entry in tmp_path.iterdir()) == [
        "archive", "ledger", "office-id.txt", "office.toml", "organisation.xlsx", "rulebooks", "shared", "templates",
    ]  # fmt: skip


@pytest.mark.parametrize("lang", get_args(Lang))
def test_the_settings_of_a_new_office_show_every_setting_at_its_default(lang: Lang) -> None:
    text = settings_text(False, lang)

    assert read_settings(text, Path("office.toml")) == Settings(language=lang)
    for name in Settings.model_fields:
        shown = (f"\n{name} =", f"\n[{name}]", f"\n# [[{name.removesuffix('s')}]]")  # an office is seldom renamed
        assert any(one in text for one in shown), name


def test_the_sample_office_is_named(tmp_path: Path) -> None:
    init(tmp_path, sample=True)

    assert load_settings(tmp_path).name == "Ban Công tác Minh Họa (BẢN THỬ)"
    assert load_settings(tmp_path).letterhead == "party"


def test_an_office_is_never_made_over_another(tmp_path: Path) -> None:
    init(tmp_path)
    before = (tmp_path / "organisation.xlsx").read_bytes()

    with pytest.raises(OfficeIsThereError):
        init(tmp_path, sample=True)
    assert (tmp_path / "organisation.xlsx").read_bytes() == before


def test_an_office_is_not_made_among_other_files(tmp_path: Path) -> None:
    (tmp_path / "bao-cao.docx").write_bytes(b"x")

    with pytest.raises(FolderNotEmptyError):
        init(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["bao-cao.docx"]


def test_a_path_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "tep").write_bytes(b"x")

    for folder in (tmp_path / "tep", tmp_path / "tep" / "van-phong"):
        with pytest.raises(FolderNotMadeError) as slip:
            init(folder)
        assert isinstance(slip.value, EvalxlError)
        assert str(folder) in slip.value.sentence("vi")


@pytest.mark.parametrize(
    ("kind", "leaders", "letterhead"),
    [
        ("party", "Lãnh đạo Ban", "party"),
        ("department", "Lãnh đạo Sở", "state"),
        ("commune", "Lãnh đạo UBND xã", "state"),
        ("service", "Ban Giám đốc", "state"),
    ],
)
def test_a_kind_of_office_says_what_its_leaders_are_called_and_which_letterhead_it_has(
    tmp_path: Path, kind: str, leaders: str, letterhead: str
) -> None:
    written = init(tmp_path, kind=kind)

    assert written.units[0].name == leaders
    assert load_settings(tmp_path).letterhead == letterhead
    assert check(tmp_path, date(2026, 12, 1)).findings == ()
