"""What a script may rely on: open an office, read a week, take results as a table, ask where a number came from, export.

None of it writes into the office, takes its lock or starts a process, so a script may run beside the button. Everything is read from the ledger: what lies
on the shares and was not consolidated yet is not in it.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from evalxl.domain.errors import EvalxlError
from evalxl.domain.evaluation.week_view import WeekView
from evalxl.domain.weeks import Period, Week, parse_week_or_period
from evalxl.steps.office.office import Office
from evalxl.steps.reports.anonymous import Pseudonyms
from evalxl.steps.reports.export import Exported, result_rows
from evalxl.steps.reports.export import export as export_tables
from evalxl.steps.reports.table_files import format_named
from evalxl.steps.views.explain import Explained, ExplainedPeriod, explain_period
from evalxl.steps.views.explain import explain as explain_week
from evalxl.steps.views.week_view import week_view

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EvalxlError", "explain", "export", "open_office", "read_week", "results"]


def open_office(folder: str | Path) -> Office:
    """Open an office folder, as the ledger stands now.

    Raises:
        EvalxlError: the folder is no office, its settings have a slip, or its ledger was altered.
    """
    return Office.open(Path(folder))


def read_week(office: Office, week: str | Week, today: date | None = None) -> WeekView:
    """Everything that a week's master shows: results, missing, findings, warnings, difficulties.

    Args:
        week: `2025-W23`, or a date in the week.
        today: Decides which delegations apply and what is overdue; the day in the office's time zone where nothing is said.

    Raises:
        EvalxlError: it is no week, or the ledger knows nothing of it.
    """
    meant = week if isinstance(week, Week) else Week.parse(week)
    return week_view(office, meant, today or _today(office)).view


def results(office: Office, when: str | Week | Period, today: date | None = None) -> pd.DataFrame:
    """The table `results` of the export: a row per person to be evaluated, absent and missing people too.

    Scores and totals are floats, a missing one is NaN and never zero; counts are whole numbers, all else is text, `flags` separated by spaces. Of a period
    the scores are the means of the weekly ones.

    Args:
        when: `2025-W23`, a date in the week, or a period: `2025-06`, `2025-Q2`, `2025-H1`, `2025-9M`, `2025`.
        today: As in `read_week`; of a period it decides nothing.

    Raises:
        EvalxlError: it is no week or period, or the ledger knows nothing of it.
    """
    import pandas as pd

    schema, rows = result_rows(office, _meant(when), today or _today(office))
    table = pd.DataFrame(list(rows), columns=list(schema.names))
    for column in schema.columns:
        if not column.is_number:
            table[column.name] = table[column.name].astype(str)
        elif column.type != "count":
            table[column.name] = table[column.name].astype(float)
    return table


def explain(
    office: Office, when: str | Week | Period, code: str, today: date | None = None
) -> Explained | ExplainedPeriod:
    """Where each number of a person came from: of a week `origins` (file, sheet, cell, event, rule), of a period the `weeks` behind its mean.

    Args:
        when, today: As in `results`.
        code: The staff code; `unit:VP` for what a unit reports itself.

    Raises:
        EvalxlError: it is no week or period, or the ledger knows nothing of it or of the person in it.
    """
    meant = _meant(when)
    if isinstance(meant, Period):
        return explain_period(office, meant, code)
    return explain_week(office, meant, code, today or _today(office))


def export(
    office: Office,
    when: str | Week | Period,
    to: str | Path,
    *,
    signals: bool = False,
    today: date | None = None,
    format: str = "csv",
    anonymous: bool = False,
) -> Exported:
    """Write the tables of a week or period with a `datapackage.json`, as `evalxl export` does.

    Args:
        when, today: As in `results`.
        to: A folder; made where it is not there.
        signals: Of a period also what leaders should look at in how scores were given, which is for them and the office alone.
        format: `csv`, `parquet` (needs the extra `analysis`), `sqlite` or `xlsx`.
        anonymous: Without names, titles and texts; codes become pseudonyms of this export alone.

    Raises:
        EvalxlError: it is no week or period, the ledger knows nothing of it, or signals of a single week are asked for.
    """
    kind, pseudonyms = format_named(format), Pseudonyms() if anonymous else None
    return export_tables(office, _meant(when), Path(to), today or _today(office), signals, kind, pseudonyms)


def _meant(when: str | Week | Period) -> Week | Period:
    return parse_week_or_period(when) if isinstance(when, str) else when


def _today(office: Office) -> date:
    return datetime.now(office.settings.zone).date()
