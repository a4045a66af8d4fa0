"""Every locked cell of every kind of workbook, altered in five ways, is found with old and new."""

from __future__ import annotations

from tests.forged import WAYS, Told, forge


def test_every_locked_cell_that_was_altered_in_any_way_is_found() -> None:
    """A short form of `python -m tests.forged --long`."""
    told = forge(0, 997, Told())

    assert told.wrong == []
    assert set(told.altered) == set(WAYS)
    assert told.altered.total() > 50_000
    assert told.alone > 40
