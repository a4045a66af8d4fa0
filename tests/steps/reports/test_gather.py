"""Many offices in one master: the figures are those of the offices, and whoever is not in them is named with the reason."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalxl.cli.main import main
from evalxl.domain.evaluation.scoring import shown
from evalxl.domain.rulebook import read_rulebook
from evalxl.domain.week.figures import tally
from evalxl.domain.weeks import Week
from evalxl.records import duck
from evalxl.records.archive import digest_of
from evalxl.steps.office.office import Office
from evalxl.steps.reports import gather as gather_step
from evalxl.steps.views.week_view import week_view
from tests.exported_offices import BOOK, export_of, heads_of
from tests.little_office import LittleOffice

WEEK = "2025-W23"


@pytest.fixture(scope="module")
def base() -> Iterator[duck.Base]:
    with duck.opened() as opened:
        yield opened


@pytest.fixture(scope="module")
def delivered(base: duck.Base, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three offices delivered a week."""
    folder = tmp_path_factory.mktemp("delivered")
    for number, office in enumerate(("A", "B", "C"), 1):
        export_of(base, folder / f"office={office}", number, 30, WEEK)
    return folder


@pytest.fixture
def offices(delivered: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(delivered, tmp_path / "các cơ quan [1]"))


def gathered(folder: Path, *words: str, code: int | None = 0) -> dict[str, Any]:
    """What `gather` says to programs; the master is beside the offices' folder."""
    out = StringIO()
    with redirect_stdout(out), redirect_stderr(StringIO()):
        done = main(["--json", "gather", str(folder), "--to", str(folder.parent / "to"), *words])
    assert code is None or done == code, out.getvalue()
    return json.loads(out.getvalue())


def reasons(told: dict[str, Any]) -> dict[str, str]:
    return {one["folder"]: one["kind"] for one in told["left_out"]}


def counted(told: dict[str, Any]) -> list[str]:
    return [one["folder"] for one in told["offices"]]


def altered(place: Path, change: dict[str, Any]) -> None:
    path = place / "datapackage.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change, ensure_ascii=False), "utf-8")


def test_figures_are_those_that_the_office_itself_shows(_scored: LittleOffice, delivered: Path, tmp_path: Path) -> None:
    offices = Path(shutil.copytree(delivered, tmp_path / "offices"))
    _scored.say("export", WEEK, "--to", str(offices / "office=NHỎ"), "--format", "parquet")
    view = week_view(Office.open(_scored.folder), Week.parse(WEEK), Week.parse(WEEK).thursday).view
    own = tally("", view.results, view.rules.bands)

    told = gathered(offices)
    little = next(office for office in told["offices"] if office["folder"] == "NHỎ")

    assert (little["to_evaluate"], little["absent"], little["unscored"]) == (own.to_evaluate, own.absent, own.unscored)
    assert (little["bands"], little["mean"]) == (own.bands, own.mean and shown(own.mean))
    assert little["approved"] == sum(row.basis == "approved" for row in view.results)
    book = openpyxl.load_workbook(told["master"])
    assert book.sheetnames == ["Tổng quan", "Cơ quan", "Nhóm chức vụ", "Các tuần", "Chưa tổng hợp được", "Nhật ký"]
    last = [cell for cell in list(book["Cơ quan"].values)[-1] if cell is not None]
    assert last[:2] == ["Tất cả", sum(office["to_evaluate"] for office in told["offices"])]
    cells = [str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None]
    names = {row.name for row in view.results} | {"Người số 1"}
    assert not [cell for cell in cells if any(name in cell for name in names)]


def test_names_stand_in_the_master_where_they_are_asked_for(offices: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = openpyxl.load_workbook(gathered(offices, "--names")["master"])
    assert sum(row[3] == "Người số 1" for row in book["Danh sách"].values) == 3

    monkeypatch.setattr(gather_step, "MOST_NAMED", 50)
    assert gathered(offices, "--names", code=2)["error"]["kind"] == "too_many_names"


def test_a_period_is_gathered_with_the_weeks_behind_it(base: duck.Base, tmp_path: Path) -> None:
    folder = tmp_path / "offices"
    for number, office in enumerate("AB", 1):
        export_of(base, folder / f"office={office}", number, 10, "2025-06")

    told = gathered(folder, "--of", "2025-06")

    weeks = [row for row in openpyxl.load_workbook(told["master"])["Các tuần"].values if isinstance(row[0], int)]
    assert len(weeks) == 4 and all(0 < row[3] <= 100 for row in weeks)


def _cut_off(offices: Path) -> None:
    path = offices / "office=B" / "results.parquet"
    path.write_bytes(path.read_bytes()[:-1])


def _without_a_table(offices: Path) -> None:
    (offices / "office=B" / "results.parquet").unlink()


def _another_table(offices: Path) -> None:
    shutil.copy(offices / "office=A" / "results.parquet", offices / "office=B")


def _doubled(offices: Path) -> None:
    shutil.copytree(offices / "office=A", offices / "office=B", dirs_exist_ok=True)


def _of_another_week(offices: Path) -> None:
    with duck.opened() as base:
        export_of(base, offices / "office=B", 2, 30, "2025-W22")


def _under_another_book(offices: Path) -> None:
    book = BOOK.replace(b"at_least = 90", b"at_least = 91")
    with duck.opened() as base:
        export_of(base, offices / "office=B", 2, 30, WEEK, rules=read_rulebook(book, "x"), book=book)


def _another_table_with_its_hash(offices: Path) -> None:
    """Somebody made up a table and wrote its hash."""
    with duck.opened() as base:
        path = offices / "office=B" / "results.parquet"
        base.execute(f"COPY (SELECT 1 AS week) TO {duck.text(str(path))}")
        told = json.loads((path.parent / "datapackage.json").read_text("utf-8"))
        told["resources"][0]["hash"] = f"sha256:{digest_of(path.read_bytes())}"
        altered(path.parent, told)


REASONS = {
    "altered": _cut_off,
    "table_missing": _without_a_table,
    "doubled": _doubled,
    "old": _of_another_week,
    "other_rulebook": _under_another_book,
    "other_columns": _another_table_with_its_hash,
    "nothing": lambda offices: shutil.rmtree(offices / "office=B") or (offices / "office=B").mkdir(),
    "unreadable": lambda offices: (offices / "office=B" / "datapackage.json").write_bytes(b"{"),
    "later_program": lambda offices: altered(offices / "office=B", {"evalxl:format": 2}),
}


@pytest.mark.parametrize("kind", REASONS)
def test_an_export_that_cannot_be_counted_is_named_with_its_own_reason(offices: Path, kind: str) -> None:
    REASONS[kind](offices)

    told = gathered(offices, code=1)

    assert (counted(told), reasons(told)) == (["A", "C"], {"B": kind})
    assert "office=B" in told["left_out"][0]["message"]
    rows = [row for row in openpyxl.load_workbook(told["master"])["Chưa tổng hợp được"].values if row[1] == "B"]
    assert [row[3] for row in rows] == [told["left_out"][0]["message"]]


def test_tables_of_another_export_are_found_by_their_hash(offices: Path) -> None:
    _another_table(offices)

    assert reasons(gathered(offices, code=1)) == {"B": "altered"}


def test_a_ledger_has_to_go_on_from_the_one_gathered_before(base: duck.Base, offices: Path) -> None:
    """An office whose ledger went back, or is another one, was restored or mixed up; the gatherer may accept it."""
    gathered(offices)
    export_of(base, offices / "office=A", 1, 30, "2025-W24", heads_of(1, 25))
    export_of(base, offices / "office=B", 2, 30, "2025-W24", heads_of(2, 15))
    export_of(base, offices / "office=C", 3, 30, "2025-W24", [*heads_of(3, 19), *heads_of(9, 22)[19:]])

    told = gathered(offices, code=1)
    assert (counted(told), reasons(told)) == (["A"], {"B": "rolled_back", "C": "chain_broken"})

    assert counted(gathered(offices, "--accept", "B", "--accept", "c")) == ["A", "B", "C"]
    assert counted(gathered(offices)) == ["A", "B", "C"]


def test_an_office_that_was_there_before_and_one_in_the_wrong_folder_are_named(offices: Path) -> None:
    gathered(offices)
    shutil.rmtree(offices / "office=A")
    (offices / "office=C").rename(offices / "office=A")

    told = gathered(offices, code=1)

    assert (counted(told), reasons(told)) == (["B"], {"A": "other_office", "C": "missing"})


def test_earlier_weeks_of_an_office_make_the_line_of_means(base: duck.Base, offices: Path) -> None:
    """Each export lies in a folder of its own below the office's; of two exports of one week the later one counts."""
    for place, what, files in (("a", "2025-W22", 12), ("b", "2025-W21", 10), ("c", WEEK, 25)):
        export_of(base, offices / "office=A" / place, 1, 30, what, heads_of(1, files))

    told = gathered(offices, code=1)

    weeks = [row for row in openpyxl.load_workbook(told["master"])["Các tuần"].values if isinstance(row[0], int)]
    assert [row[2] > 0 for row in weeks] == [True] * 3
    assert (counted(told), reasons(told)) == (["A", "B", "C"], {"A": "replaced"})
    assert all(Decimal(str(row[3])) for row in weeks)
