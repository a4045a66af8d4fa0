"""A page that is signed: its signatures never stand on a sheet of their own.

A sheet with three names and nothing else could be put below anything.
"""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

# Inches of A4 between the margins that `Book.sheet` sets, the shorter and the longer side's.
_MARGINS = 1.1, 1.3
_SHORT, _LONG = 8.27, 11.69
_DPI = 96
# The body's letters, of 11 points, are printed in 7 at the smallest.
_LEAST = 7 / 11


def lay_out(sheet: Worksheet, widths: Sequence[float], signed: int, last: int, *, portrait: bool) -> None:
    """Press it on one page where it can still be read; else let it take several, the signatures below what they stand for.

    Args:
        widths: Of the sheet's columns, in characters.
        signed: The first row of what stays together with the signatures.
        last: The last row.
    """
    across, down = (_SHORT, _LONG) if portrait else (_LONG, _SHORT)
    rows = (sheet.row_sizes.get(row, (sheet.default_row_height,))[0] for row in range(last + 1))
    wide = (across - _MARGINS[0]) * _DPI / sum(7 * width + 5 for width in widths)
    high = (down - _MARGINS[1]) * _DPI / sum(rows)
    if min(wide, high) >= _LEAST:
        sheet.fit_to_pages(1, 1)
        return
    # Excel heeds a break only where nothing is fitted to pages; programs differ a little in how wide a column is.
    sheet.set_print_scale(int(min(1.0, wide) * 88))
    sheet.set_h_pagebreaks([signed])
