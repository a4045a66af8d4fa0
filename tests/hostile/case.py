"""One hostile or spoiled file: how it is made, and what must be said to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.hostile.good import Form

Make = Callable[[Form], bytes]


@dataclass(frozen=True)
class Case:
    """One file.

    Attributes:
        verdict: What the file as a whole is; `submitted` for what is harmless or repaired.
        kinds: The kinds of its findings, no more and no less, in any order.
        quality: The score that is booked for quality where the file is accepted; the good form's own where it is empty.
    """

    name: str
    verdict: str
    kinds: frozenset[str]
    make: Make
    quality: str = ""


def refused(name: str, kind: str, make: Make) -> Case:
    return Case(name, "refused", frozenset((kind,)), make)


def invalid(name: str, kind: str, make: Make) -> Case:
    return Case(name, "invalid", frozenset((kind,)), make)


def harmless(name: str, make: Make, *notes: str, quality: str = "") -> Case:
    return Case(name, "submitted", frozenset(notes), make, quality)
