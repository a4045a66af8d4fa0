"""Shows the results of the steps for add-ins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evalxl.addin.outcome import Ended, ShownOutcome
from evalxl.cli.show import as_text, exit_code, lines, record
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


def as_shown(value: Any, lang: Lang) -> ShownOutcome:
    """A step's result as its command shows it, for the job's folder."""
    from evalxl.cli import shown_office, shown_period, shown_week  # noqa: F401 - they say how each result is shown

    return ShownOutcome(as_text(value, lang), record(value, lang), exit_code(value))
