"""The demo: a sample office that runs some weeks, end to end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalxl.words import Lang


@dataclass(frozen=True, slots=True)
class Demonstrated:
    """What the demo made, and where to look."""

    folder: Path

    def text(self, lang: Lang) -> Iterator[str]:
        yield str(self.folder)

    def record(self) -> dict[str, Any]:
        return {"folder": str(self.folder)}


def demo(folder: Path, weeks: int, lang: Lang, by: str, progress: Callable[[int, int], None]) -> Demonstrated:
    raise NotImplementedError
