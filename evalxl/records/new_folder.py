"""Folders that are filled for somebody: each is new or empty, so that nothing old is taken for what was put there now."""

from __future__ import annotations

from pathlib import Path

from evalxl.domain.errors import EvalxlError


class FolderInUseError(EvalxlError):
    """The folder holds other files."""

    key = "slip.folder_in_use"


def require_new(folder: Path, slip: type[EvalxlError] = FolderInUseError) -> None:
    """Make sure that a folder is missing or empty.

    Raises:
        FolderInUseError: it holds something, or is no folder; another error where `slip` names one.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise slip(folder=folder)


def text_file(text: str) -> bytes:
    """The bytes of a text file as Notepad of every Windows opens it: UTF-8 with its mark, Windows line ends."""
    return b"\xef\xbb\xbf" + f"{text}\n".replace("\n", "\r\n").encode()
