"""How a job ended, and how the command line shows its step's result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from evalxl.addin.protocol import State
from evalxl.words import Lang


@dataclass(frozen=True, slots=True)
class ShownOutcome:
    """A step's result as the command line shows it: text, JSON, exit code."""

    text: str
    record: Mapping[str, Any]
    code: int


Show = Callable[[Any, Lang], ShownOutcome]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a job ended.

    Attributes:
        code: The exit code of the program.
        record: The content of result.json.
    """

    state: State
    code: int
    message: str
    record: Mapping[str, Any]
