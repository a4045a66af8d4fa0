"""Making an office folder: settings that show every default, an organisation workbook to fill in, and empty folders for later use."""

from __future__ import annotations

from pathlib import Path

from evalxl.domain.organisation.people import Organisation
from evalxl.excel.organisation_book import write_organisation
from evalxl.records.office import make_office, require_free
from evalxl.records.rulebooks import find_rulebook
from evalxl.records.settings import Settings, as_toml
from evalxl.steps.admin.sample_organisation import (
    CONTACT,
    NAME,
    PARENT,
    example_organisation,
    sample_organisation,
)
from evalxl.words import Lang, say


def init(folder: Path, sample: bool = False, lang: Lang = "vi", kind: str | None = None) -> Organisation:
    """Make an office folder that passes `check`.

    Args:
        folder: A new folder, or an empty one.
        sample: Fill the organisation workbook with the sample organisation instead of one example row per sheet.
        lang: The language of the settings and of the workbook.
        kind: The kind of office, which says what the example rows are called and which letterhead is printed.

    Returns:
        The organisation that was written.

    Raises:
        EvalxlError: the folder holds an office or anything else, or cannot be made.
    """
    require_free(folder)
    organisation = sample_organisation() if sample else example_organisation(kind or "party")
    rules = find_rulebook(folder, Settings().rulebook)
    make_office(folder, settings_text(sample, lang, kind), write_organisation(organisation, lang, rules))
    return organisation


def settings_text(sample: bool, lang: Lang, kind: str | None = None) -> str:
    """The text of a new office.toml."""
    name, parent, contact, letterhead = (NAME, PARENT, CONTACT, "party") if sample else ("", "", "", "none")
    if kind is not None:
        letterhead = "party" if kind == "party" else "state"
    values = {"name": name, "parent": parent, "contact": contact, "letterhead": letterhead}
    # In the sample office the units report too, so that every feature can be seen. Every page says that the office is for trial use.
    yes = "true" if sample else "false"
    return say(
        "settings.file", lang, unit_reports=yes, trial=yes, **{key: as_toml(value) for key, value in values.items()}
    )
