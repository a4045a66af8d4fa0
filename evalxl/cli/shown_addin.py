"""How the steps around the add-ins are shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evalxl.addin.outcome import Ended
from evalxl.cli.show import exit_code, lines, record
from evalxl.words import Lang


@lines.register
def _(value: Ended, lang: Lang) -> Iterator[str]:
    yield value.message


@record.register
def _(value: Ended, lang: Lang) -> dict[str, Any]:
    return dict(value.record)


@exit_code.register
def _(value: Ended) -> int:
    return value.code
