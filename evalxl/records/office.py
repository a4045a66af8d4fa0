"""Makes an office folder, and reads the bytes of its organisation workbook."""

from __future__ import annotations

from pathlib import Path

from evalxl.domain.errors import EvalxlError
from evalxl.records import folders, identity, settings
from evalxl.records.publish import CannotWriteError, holder_of, owner_file


class OfficeIsThereError(EvalxlError):
    """The folder already holds an office."""

    key = "settings.office_is_there"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder=folder)


class FolderNotEmptyError(EvalxlError):
    """The folder holds something else, which is left alone."""

    key = "settings.folder_not_empty"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder=folder)


class FolderNotMadeError(EvalxlError):
    """The folder cannot be made or written to."""

    key = "settings.folder_not_made"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder=folder)


class OrganisationMissingError(EvalxlError):
    key = "settings.organisation_missing"

    def __init__(self, file: Path) -> None:
        super().__init__(file=file)


class OrganisationOpenError(EvalxlError):
    """Somebody has the workbook open, so the file may differ from what is on the screen."""

    key = "settings.organisation_open"

    def __init__(self, file: Path, holder: str, mark: str) -> None:
        super().__init__(file=file, holder=holder or "?", mark=mark)


class OrganisationNotReadableError(EvalxlError):
    """The workbook cannot be read: somebody has it open exclusively, or the operator has no right to read it."""

    key = "settings.organisation_not_readable"

    def __init__(self, file: Path) -> None:
        super().__init__(file=file)


def organisation_bytes(office: Path) -> bytes:
    """The organisation workbook as it lies on disk.

    Raises:
        OrganisationMissingError, OrganisationOpenError, OrganisationNotReadableError: it is missing, open in a program, or unreadable.
    """
    path = office / folders.ORGANISATION
    if path.exists() and (mark := owner_file(path)) is not None:
        raise OrganisationOpenError(path, holder_of(path), mark.name)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise OrganisationMissingError(path) from None
    except OSError:
        raise OrganisationNotReadableError(path) from None


def organisation_saved_at(office: Path) -> float | None:
    """When the organisation workbook was last saved, in seconds; None if unknown."""
    try:
        return (office / folders.ORGANISATION).stat().st_mtime
    except OSError:
        return None


def require_free(folder: Path) -> None:
    """Make sure that an office can be made here: the folder is new or empty.

    Raises:
        OfficeIsThereError, FolderNotEmptyError, FolderNotMadeError: it cannot.
    """
    try:
        if (folder / settings.FILE).exists():
            raise OfficeIsThereError(folder)
        if folder.exists() and any(folder.iterdir()):
            raise FolderNotEmptyError(folder)
    except OSError:
        raise FolderNotMadeError(folder) from None


def make_office(folder: Path, settings_text: str, organisation: bytes) -> None:
    """Make the office folder. The settings come last: a folder is an office only once everything else is in it.

    Raises:
        OfficeIsThereError, FolderNotEmptyError, FolderNotMadeError: it cannot be made here; nothing was written over.
    """
    require_free(folder)
    try:
        for inner in (folders.RULEBOOKS, folders.TEMPLATES, folders.LEDGER, folders.ARCHIVE, "shared"):
            (folder / inner).mkdir(parents=True)
        (folder / folders.ORGANISATION).write_bytes(organisation)
        identity.write_id(folder, identity.new_id())
        (folder / settings.FILE).write_text(settings_text, encoding="utf-8", newline="\n")
    except (OSError, CannotWriteError):
        raise FolderNotMadeError(folder) from None
