"""The export of an office at work, in every format, and what its datapackage says to a program that knows nothing of evalxl."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalxl.records import duck
from evalxl.records.archive import digest_of
from evalxl.records.ledger import FIRST
from evalxl.steps.office.office import Office
from evalxl.steps.reports.csv_escaping import as_typed
from tests.little_office import LittleOffice

FORMULAS = ["=1+1 báo cáo", "-2 báo cáo", "Dự thảo; =A1"]


@pytest.fixture(scope="module")
def office(_handed_in: LittleOffice, tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    """An office in which somebody types what looks like formulas."""
    office = _handed_in.copy(tmp_path_factory.mktemp("exporting") / "office")
    office.hand_in("P-03", task_name=FORMULAS, difficulties="+ Mạng chậm\n- Máy cũ")
    office.consolidate()
    office.say("issue", "2025-W24")
    return office


@pytest.fixture(scope="module")
def exports(office: LittleOffice, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The week and its month in every format, in folders of these names."""
    to = tmp_path_factory.mktemp("exports")
    for kind in ("csv", "parquet", "sqlite", "xlsx"):
        for what in (office.week, "2025-06"):
            office.say("export", what, "--to", str(to / what / kind), "--format", kind)
    office.say("export", "2025-06", "--to", str(to / "anonymous"), "--anonymous")
    return to


def package(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def read_back(folder: Path, resource: dict[str, Any]) -> list[list[Any]]:
    path, name = folder / resource["path"], resource["name"]
    if resource["format"] == "parquet":
        with duck.opened() as base:
            return [list(row) for row in base.execute(f"SELECT * FROM read_parquet({duck.file(path)})").fetchall()]
    if resource["format"] == "sqlite":
        with closing(sqlite3.connect(path)) as base:
            return [list(row) for row in base.execute(f'SELECT * FROM "{name}"')]
    return [list(row) for row in openpyxl.load_workbook(path)[name].values][1:]


@pytest.mark.parametrize("what", ["2025-W23", "2025-06"])
@pytest.mark.parametrize("kind", ["parquet", "sqlite", "xlsx"])
def test_all_tables_say_the_same_in_every_format(exports: Path, what: str, kind: str) -> None:
    folder, plain = exports / what / kind, exports / what / "csv"

    for resource in package(folder)["resources"]:
        with (plain / f"{resource['name']}.csv").open(encoding="utf-8-sig", newline="") as file:
            header, *expected = csv.reader(file)
        fields = resource["schema"]["fields"]
        assert header == [field["name"] for field in fields]
        assert [_plain(row, fields) for row in read_back(folder, resource)] == [_plain(row, fields) for row in expected]
    assert [one["name"] for one in package(folder)["resources"]] == [one["name"] for one in package(plain)["resources"]]


def _plain(row: list[Any], fields: list[dict[str, Any]]) -> list[Any]:
    """Numbers as numbers, dates and yes or no as the CSV has them, text as it was typed."""
    values: list[Any] = []
    for value, field in zip(row, fields, strict=True):
        if value in (None, ""):
            values.append(None)
        elif field["type"] in ("number", "integer"):
            values.append(round(float(value), 6))
        elif field["type"] == "boolean":
            values.append(value in (True, 1, "true"))
        elif field["type"] == "date":
            values.append(str(value)[:10])
        else:
            values.append(as_typed(value) if value.startswith("'") or "; '" in value or "\n'" in value else value)
    return values


@pytest.mark.parametrize("kind", ["csv", "parquet", "sqlite", "xlsx"])
def test_the_package_says_where_it_comes_from_and_hashes_every_file(
    office: LittleOffice, exports: Path, kind: str
) -> None:
    folder, opened = exports / office.week / kind, Office.open(office.folder)
    told = package(folder)

    assert (told["evalxl:office"]["id"], told["evalxl:what"]) == (opened.id, office.week)
    assert told["evalxl:ledger"][-1] == [len(opened.ledger.events), opened.ledger.head]
    assert len(told["evalxl:ledger"]) == len(list((office.folder / "ledger").glob("*.jsonl")))
    assert [opened.ledger.head_after(seq) for seq, _ in told["evalxl:ledger"]] == [
        head for _, head in told["evalxl:ledger"]
    ]
    assert FIRST not in str(told["evalxl:ledger"])
    assert told["evalxl:rulebooks"][0]["stamp"].startswith("cv-8679-2025@")
    for resource in told["resources"]:
        data = (folder / resource["path"]).read_bytes()
        assert (resource["hash"], resource["bytes"]) == (f"sha256:{digest_of(data)}", len(data))


def test_an_export_replaces_the_one_before_it_whatever_its_format(office: LittleOffice, tmp_path: Path) -> None:
    """What is passed on later holds no table of another week or format by mistake; what somebody put there stays."""
    (tmp_path / "ghi chú.csv").write_text("của tôi", encoding="utf-8")
    for kind in ("csv", "parquet", "xlsx", "sqlite"):
        office.say("export", office.week, "--to", str(tmp_path), "--format", kind)

    assert {path.name for path in tmp_path.iterdir()} == {
        "ghi chú.csv",
        "datapackage.json",
        f"{office.week}_so-lieu.sqlite",
    }


@pytest.fixture(scope="module")
def frictionless() -> Any:
    """The program that the world checks data packages with."""
    import frictionless

    return frictionless


@pytest.mark.parametrize("what", ["2025-W23", "2025-06"])
def test_results_are_the_first_sheet_of_the_workbook(exports: Path, what: str) -> None:
    (path,) = (exports / what / "xlsx").glob("*.xlsx")

    assert openpyxl.load_workbook(path, read_only=True).sheetnames[0] == "results"


def test_frictionless_finds_nothing_wrong_with_an_export(exports: Path, frictionless: Any) -> None:
    for folder in (exports / "2025-W23" / "csv", exports / "2025-06" / "csv", exports / "anonymous"):
        report = frictionless.validate(str(folder / "datapackage.json"))
        assert report.valid, report.flatten(["type", "message"])


@pytest.mark.parametrize(
    ("table", "change", "error"),
    [
        ("results", {"self_quality": "450"}, "constraint-error"),
        ("results", {"band": "tuyệt vời"}, "constraint-error"),
        ("results", {"flags": "late đẹp"}, "constraint-error"),
        ("results", {"state": ""}, "constraint-error"),
        ("tasks", {"code": "Z-99"}, "foreign-key"),
        ("tasks", {"due": "hôm nay"}, "type-error"),
        ("results", None, "primary-key"),
    ],
)
def test_frictionless_finds_what_somebody_altered(
    exports: Path, frictionless: Any, tmp_path: Path, table: str, change: dict[str, str] | None, error: str
) -> None:
    for path in (exports / "2025-W23" / "csv").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    path = tmp_path / f"{table}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if change is None:
        rows.append(rows[0])
    else:
        rows[0] |= change
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)

    report = frictionless.validate(str(tmp_path / "datapackage.json"))

    assert {error, "hash-count"} <= {found for [found] in report.flatten(["type"])}


def test_an_anonymous_export_names_nobody_and_holds_nobodys_words(office: LittleOffice, exports: Path) -> None:
    data = b"".join(path.read_bytes() for path in (exports / "anonymous").glob("*.csv")).decode("utf-8-sig").lower()

    people = office.organisation["people"]
    for person in people:
        assert person["name"].lower() not in data
        assert f",{person['code'].lower()}," not in data and f"{person['code'].lower()}\r\n" not in data
    assert "báo cáo" not in data and "mạng chậm" not in data
    assert not any(unit["name"].lower() in data for unit in office.organisation["units"])


def test_figures_of_an_anonymous_export_are_those_of_the_named_one(exports: Path) -> None:
    def figures(folder: Path) -> list[list[str]]:
        with (folder / "weeks.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        kept = [name for name in rows[0] if name.endswith(("_total", "_quality")) or name in ("week", "state", "band")]
        return sorted([row[name] for name in kept] for row in rows)

    named, nameless = exports / "2025-06" / "csv", exports / "anonymous"
    assert figures(named) == figures(nameless)
    with (nameless / "tasks.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["name"] for row in csv.DictReader(file)} == {""}
