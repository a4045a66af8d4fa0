"""The operator's errors in office.toml, one class for each. Its sentence says the line and what to do."""

from __future__ import annotations

from pathlib import Path

from evalxl.domain.errors import EvalxlError
from evalxl.words import Lang, say


class NotAnOfficeError(EvalxlError):
    """The folder holds no office.toml."""

    key = "settings.not_an_office"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder=folder)


class SettingsUnreadableError(EvalxlError):
    """office.toml is there but cannot be opened, or is not text."""

    key = "settings.unreadable"

    def __init__(self, file: Path) -> None:
        super().__init__(file=file)


class SettingsGarbledError(EvalxlError):
    """A line of office.toml is not valid TOML."""

    key = "settings.garbled"

    def __init__(self, file: Path, line: int) -> None:
        super().__init__(file=file, line=line)


class BackslashSettingError(EvalxlError):
    r"""A Windows path in double quotes, where TOML takes `\t` for a tab."""

    key = "settings.backslash"

    def __init__(self, file: Path, line: int) -> None:
        super().__init__(file=file, line=line)


class UnquotedKeyError(EvalxlError):
    """A key with Vietnamese letters, which TOML takes only between quotes."""

    key = "settings.unquoted_key"

    def __init__(self, file: Path, name: str, line: int) -> None:
        super().__init__(file=file, name=name, line=line)


class UnknownSettingError(EvalxlError):
    """A key that is not a setting."""

    key = "settings.unknown_key"

    def __init__(self, file: Path, name: str, line: int) -> None:
        super().__init__(file=file, name=name, line=line)


class MisspeltSettingError(EvalxlError):
    """A key that is not a setting but resembles one."""

    key = "settings.misspelt_key"

    def __init__(self, file: Path, name: str, line: int, meant: str) -> None:
        super().__init__(file=file, name=name, line=line, meant=meant)


class MisplacedSettingError(EvalxlError):
    """A setting written below a `[table]` line, where TOML takes it for a part of the table."""

    key = "settings.misplaced_key"

    def __init__(self, file: Path, name: str, line: int, table: str) -> None:
        super().__init__(file=file, name=name, line=line, table=table)


class BadSettingError(EvalxlError):
    """A setting with an invalid value."""

    key = "settings.bad_value"

    def __init__(self, file: Path, name: str, line: int, expected: str, choices: str = "") -> None:
        self._expected = expected
        super().__init__(file=file, name=name, line=line, choices=choices)

    def sentence(self, lang: Lang = "vi") -> str:
        choices = self.values["choices"]
        return say(
            self.key, lang, **self.values, expected=say(f"settings.expected_{self._expected}", lang, choices=choices)
        )
