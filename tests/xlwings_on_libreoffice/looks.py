"""How cells look: number format, colour, height, what is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlwings import base_classes

from tests.xlwings_on_libreoffice.formats import code_of, key_of

if TYPE_CHECKING:
    from tests.xlwings_on_libreoffice.sheets import Sheet

_POINT = 2540 / 72  # hundredths of a millimetre


class Looks(base_classes.Range):
    """The half of a range that is about its looks; `api` are its cells."""

    _sheet: Sheet

    @property
    def number_format(self) -> str | None:
        """The format, as LibreOffice writes it (DD/MM/YYYY); None where the cells have several."""
        keys = {self.api.getUniqueCellFormatRanges().getByIndex(0).NumberFormat} if len(self) == 1 else self._keys()
        return code_of(self._sheet.book.api, keys.pop()) if len(keys) == 1 else None

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.api.NumberFormat = key_of(self._sheet.book.api, value)

    def _keys(self) -> set[int]:
        formats = self.api.getUniqueCellFormatRanges()
        return {formats.getByIndex(number).NumberFormat for number in range(formats.Count)}

    @property
    def color(self) -> tuple[int, int, int] | None:
        color = self.api.CellBackColor
        return None if color == -1 else (color >> 16 & 255, color >> 8 & 255, color & 255)

    @color.setter
    def color(self, value: tuple[int, int, int] | str | None) -> None:
        if isinstance(value, str):
            value = tuple(bytes.fromhex(value.removeprefix("#")))  # type: ignore[assignment]
        self.api.CellBackColor = -1 if value is None else value[0] << 16 | value[1] << 8 | value[2]  # type: ignore[operator]

    @property
    def wrap_text(self) -> bool:
        return bool(self.api.IsTextWrapped)

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self.api.IsTextWrapped = bool(value)

    @property
    def row_height(self) -> float:
        return (
            float(self.api.getCellByPosition(0, 0).Rows.Height / _POINT)
            if self.api.getCellByPosition(0, 0).Rows.IsVisible
            else 0.0
        )

    @row_height.setter
    def row_height(self, value: float) -> None:
        rows = self.api.Rows
        rows.IsVisible = value > 0
        if value > 0:
            rows.Height = round(value * _POINT)

    @property
    def row_hidden(self) -> bool:
        return not self.api.Rows.IsVisible

    @row_hidden.setter
    def row_hidden(self, value: bool) -> None:
        self.api.Rows.IsVisible = not value

    @property
    def column_hidden(self) -> bool:
        return not self.api.Columns.IsVisible

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        self.api.Columns.IsVisible = not value

    def autofit(self, axis: str | None = None) -> None:
        if axis in (None, "columns", "c"):
            self.api.Columns.OptimalWidth = True
        if axis in (None, "rows", "r"):
            self.api.Rows.OptimalHeight = True
