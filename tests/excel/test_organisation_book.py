"""The organisation workbook that evalxl writes once and the office then keeps."""

from __future__ import annotations

import io
from importlib.resources import files
from typing import get_args

import openpyxl
import pytest

from evalxl import words
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.rulebook import read_rulebook
from evalxl.excel.organisation_book import write_organisation
from evalxl.excel.tables import read_tables
from evalxl.forms.organisation.columns import SHEETS, column_name, sheet_name
from evalxl.forms.organisation.reading import read_organisation
from evalxl.steps.admin.sample_organisation import sample_organisation

RULES = read_rulebook((files("evalxl") / "rulebooks" / "cv-8679-2025.toml").read_bytes(), "cv-8679-2025.toml")
LANGS: tuple[words.Lang, ...] = get_args(words.Lang)


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_written_is_read_back_without_a_finding(lang: words.Lang) -> None:
    written = write_organisation(sample_organisation(), lang, RULES)

    assert read_organisation(read_tables(written), RULES) == (sample_organisation(), [])


@pytest.mark.parametrize("lang", LANGS)
def test_it_has_every_sheet_and_column_of_the_contract(lang: words.Lang) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_organisation(Organisation((), ()), lang, RULES)))
    visible = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]

    assert visible == [sheet_name("guide", lang), *(sheet_name(sheet, lang) for sheet in SHEETS)]
    for sheet, columns in SHEETS.items():
        header = [str(cell.value).lower() for cell in book[sheet_name(sheet, lang)][1]]
        assert header == [column_name(sheet, column.key, lang).lower() for column in columns]


def test_ranks_kinds_and_codes_are_chosen_from_lists() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_organisation(sample_organisation(), "vi", RULES)))
    lists = {rule.formula1 for rule in book["Cán bộ"].data_validations.dataValidation if rule.type == "list"}

    assert lists == {"ds_units", "ds_rank", "ds_positions", "ds_people"}
    assert {"ds_absence", "ds_scope", "ds_day_kind", "ds_complexity"} <= set(book.defined_names)
    assert book["Danh sách"].sheet_state == "hidden"


def test_help_in_cells_is_short_enough_for_excel() -> None:
    """Excel repairs, and so damages, a workbook whose messages are longer than it takes."""
    for lang in LANGS:
        for sheet in openpyxl.load_workbook(
            io.BytesIO(write_organisation(Organisation((), ()), lang, RULES))
        ).worksheets:
            for rule in sheet.data_validations.dataValidation:
                assert len(rule.promptTitle or "") <= 32
                assert len(rule.prompt or "") <= 255
                assert len(rule.errorTitle or "") <= 32
                assert len(rule.error or "") <= 255


def test_no_help_text_is_cut() -> None:
    for key, row in words.catalogue().items():
        if key.startswith("organisation_column."):
            assert all(len(row.get(f"help_{lang}", "")) <= 255 for lang in LANGS), key


def test_a_name_that_looks_like_a_formula_stays_a_name() -> None:
    sample = sample_organisation()
    tricky = Organisation(
        sample.units, tuple(type(post)(post.code, "=1+1", post.unit, post.rank) for post in sample.posts[:1])
    )
    book = openpyxl.load_workbook(io.BytesIO(write_organisation(tricky, "vi", RULES)))

    assert (book["Cán bộ"]["B2"].value, book["Cán bộ"]["B2"].data_type) == ("=1+1", "s")
