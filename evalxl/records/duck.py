"""DuckDB: reads and writes Parquet for exports, and counts over the exports of many offices. The one module that imports it.

It is the optional extra `analysis`, imported when it is asked for. It works on files alone, in memory, and fetches nothing from a network.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from evalxl.domain.errors import EvalxlError

if TYPE_CHECKING:
    import duckdb

    Base = duckdb.DuckDBPyConnection

_IN_A_PATTERN = re.compile(r"[\[*?]")


class AnalysisMissingError(EvalxlError):
    """The extra `analysis` is not installed."""

    key = "slip.analysis_missing"


@contextmanager
def opened(memory: str = "1GB") -> Iterator[Base]:
    """A database in memory that is closed at the end.

    Args:
        memory: How much it may take; what does not fit goes to a temporary folder.

    Raises:
        AnalysisMissingError: DuckDB is not installed.
    """
    try:
        import duckdb
    except ImportError:
        raise AnalysisMissingError from None
    with tempfile.TemporaryDirectory(prefix="evalxl-") as spill:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "temp_directory": spill,
            "autoinstall_known_extensions": "false",
        }
        connection = duckdb.connect(":memory:", config=settings)
        try:
            yield connection
        finally:
            connection.close()


def text(value: str) -> str:
    """A text as SQL has it."""
    return "'" + value.replace("'", "''") + "'"


def file(path: Path) -> str:
    """A file to be read, as SQL has it: marks that would make it a pattern of names stand for themselves."""
    return text(_IN_A_PATTERN.sub(lambda mark: f"[{mark[0]}]", str(path)))


def files(paths: Iterable[Path]) -> str:
    """A list of files to be read, as SQL has it."""
    return f"[{', '.join(map(file, paths))}]"


def name(column: str) -> str:
    """A name of a column or table, as SQL has it."""
    return '"' + column.replace('"', '""') + '"'


def columns_of(base: Base, path: Path) -> dict[str, str] | None:
    """The columns of a Parquet file, with their types; None if it cannot be read as one."""
    import duckdb

    try:
        found = base.execute(f"DESCRIBE SELECT * FROM read_parquet({file(path)}, hive_partitioning = false)").fetchall()
    except duckdb.Error:
        return None
    return {str(column): str(kind) for column, kind, *_ in found}
