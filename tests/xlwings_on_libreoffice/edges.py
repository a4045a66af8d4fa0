"""Where Ctrl and an arrow key lead, from the stretches of a row or column that are filled."""

from __future__ import annotations

from collections.abc import Sequence

FORWARD = {"down", "right"}


def joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Filled stretches, those that touch made one."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def mirrored(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    return joined([(-last, -first) for first, last in spans])


def edge(spans: Sequence[tuple[int, int]], here: int, last: int) -> int:
    """Where one gets to from `here`, going up to `last`."""
    for first, end in spans:
        if first <= here < end:
            return end
        if first > here:
            return first
    return last
