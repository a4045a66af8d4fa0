"""Gathers the exports of many offices into one master: their Parquet folders lie as `office=…/` in one folder, each as its office made it.

An office is in the figures when its tables are those that its `datapackage.json` names, its ledger goes on from the one gathered before, it reports on the same week
or period under the same rule book, and nobody else delivered the same office. Every other office is listed with the reason. This finds mix-ups and restored ledgers; it is
no proof against somebody who makes up an export.

What was gathered is kept beside the master, in `gathered.json`: number and head of each office's ledger.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

from evalxl.domain.errors import EvalxlError
from evalxl.domain.evaluation.scoring import two_places
from evalxl.domain.periods.gathered import GatheredOffice, GatheredPerson, GatheredView, GatheredWeek, LeftOut
from evalxl.domain.rulebook import RANKS, RuleBook
from evalxl.domain.tables import TableSchema
from evalxl.domain.week.figures import Tally
from evalxl.domain.weeks import Period, Week
from evalxl.records import duck
from evalxl.records.gathered_figures import MEMORY, Figures, Tables
from evalxl.records.publish import OURS_ALONE, Published, publish
from evalxl.records.tables_parquet import TYPES
from evalxl.steps.reports import table_schemas
from evalxl.steps.reports.datapackage import FILE
from evalxl.steps.reports.read_packages import Package, read_package
from evalxl.steps.reports.table_schemas import RulesOfTables
from evalxl.words import Lang, say

PREFIX = "office="
KEPT = "gathered.json"
_READERS = 8  # threads that read and hash
MOST_NAMED = 100_000  # people that one sheet lists


class NoOfficesError(EvalxlError):
    """The folder holds no folder of an office."""

    key = "slip.no_offices"


class NothingToGatherError(EvalxlError):
    """No office's export can be counted; the sentence has the first reasons."""

    key = "slip.nothing_to_gather"


class TooManyNamesError(EvalxlError):
    """More people than one sheet lists."""

    key = "slip.too_many_names"


class KeptSpoiledError(EvalxlError):
    """What was gathered before cannot be read."""

    key = "slip.gathered_spoiled"


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was gathered."""

    view: GatheredView
    master: Published


def gather(
    folder: Path,
    to: Path,
    lang: Lang,
    what: Week | Period | None = None,
    names: bool = False,
    accept: Collection[str] = (),
) -> Gathered:
    """Count over all offices and draw one master.

    Args:
        what: The week or period; None for the latest one that an office delivered.
        names: List everybody by name.
        accept: Offices, as their folders call them, whose ledger is taken as it is now: the gatherer knows that it was restored.

    Raises:
        NoOfficesError, NothingToGatherError, TooManyNamesError: there is nothing to count, or too much to list.
        AnalysisMissingError: the extra `analysis` is not installed.
        CannotWriteError: the folder cannot be written.
    """
    offices = {path.name.removeprefix(PREFIX): path for path in sorted(folder.glob(f"{PREFIX}*")) if path.is_dir()}
    if not offices:
        raise NoOfficesError(folder=folder, prefix=PREFIX)
    kept = _kept(to)
    with duck.opened(MEMORY) as base:
        packages, left_out = _packages(offices)
        packages, strange = _continuing(packages, kept, {code.casefold() for code in accept})
        packages, doubled = _once(packages, kept)
        left_out += [*strange, *doubled]
        left_out += [LeftOut(office, "gather.missing", kept[office]) for office in kept.keys() - offices.keys()]
        # Weeks before periods where both are there and nothing is asked for: the last one that began.
        wanted = what or max((package.what for package in packages), key=_begins, default=None)
        current = [package for package in packages if package.what == wanted]
        if wanted is None or not current:
            raise NothingToGatherError(folder=folder, reasons=" ".join(one.message(lang) for one in left_out[:3]))
        stamp = Counter(package.stamp for package in current).most_common(1)[0][0]
        current, other = _under(current, stamp)
        current, unreadable = _readable(base, current, wanted)
        left_out += [*other, *unreadable, *_old(packages, current, [*left_out, *other, *unreadable], wanted)]
        if not current:
            raise NothingToGatherError(folder=folder, reasons=" ".join(one.message(lang) for one in left_out[:3]))
        left_out.sort(key=lambda one: one.folder)
        view = _view(base, current, packages, wanted, left_out, lang, names)
    from evalxl.excel.masters.gathered import draw_gathered

    moment = datetime.combine(wanted.monday if isinstance(wanted, Week) else wanted.first, time())
    master = publish(to / f"{wanted}_tong-hop-cac-co-quan.xlsx", draw_gathered(view, lang, moment), OURS_ALONE)
    publish(to / KEPT, _state(kept, packages, {package.folder for package in current}), OURS_ALONE)
    return Gathered(view, master)


def _begins(what: Week | Period) -> tuple[Any, bool]:
    return (what.thursday, True) if isinstance(what, Week) else (what.first, False)


def _packages(offices: Mapping[str, Path]) -> tuple[list[Package], list[LeftOut]]:
    """What each office delivered, as far as it is whole."""
    places: list[tuple[str, Path]] = []
    left_out: list[LeftOut] = []
    for office, folder in offices.items():
        found = sorted(path.parent for path in folder.rglob(FILE))
        places += [(office, place) for place in found]
        if not found:
            left_out.append(LeftOut(office, "gather.nothing"))
    rulebooks: dict[str, RuleBook] = {}
    with ThreadPoolExecutor(_READERS) as readers:
        read = list(readers.map(lambda place: read_package(place[1], place[0], rulebooks), places))
    left_out += [one for one in read if isinstance(one, LeftOut)]
    return [one for one in read if isinstance(one, Package)], left_out


def _continuing(
    packages: Sequence[Package], kept: Mapping[str, Mapping[str, str]], accepted: Collection[str]
) -> tuple[list[Package], list[LeftOut]]:
    """The exports of ledgers that go on from what was gathered before; of one office all from one ledger, of one week the latest."""
    by_office: dict[str, list[Package]] = {}
    for package in packages:
        by_office.setdefault(package.folder, []).append(package)
    good: list[Package] = []
    left_out: list[LeftOut] = []
    for office, delivered in by_office.items():
        newest = max(delivered, key=lambda package: package.seq)
        before = kept.get(office) if office.casefold() not in accepted else None
        values = {"name": newest.name, "what": str(newest.what)}
        if before and before["id"] != newest.office_id:
            left_out.append(LeftOut(office, "gather.other_office", {**values, "other": before["name"]}))
            continue
        if before and newest.seq < int(before["seq"]):
            left_out.append(LeftOut(office, "gather.rolled_back", {**values, "other": before["what"]}))
            continue
        if before and newest.chain.get(int(before["seq"])) != before["head"]:
            left_out.append(LeftOut(office, "gather.chain_broken", {**values, "other": before["what"]}))
            continue
        latest: dict[Week | Period, Package] = {}
        for package in sorted(delivered, key=lambda package: package.seq):
            told = {"name": package.name, "what": str(package.what), "other": newest.name}
            if package.office_id != newest.office_id or newest.chain.get(package.seq) != package.head:
                left_out.append(LeftOut(office, "gather.mixed_up", told))
                continue
            if package.what in latest:
                left_out.append(LeftOut(office, "gather.replaced", told))
            latest[package.what] = package
        good += latest.values()
    return good, left_out


def _once(packages: Sequence[Package], kept: Mapping[str, Mapping[str, str]]) -> tuple[list[Package], list[LeftOut]]:
    """Each office once: in the folder in which it was gathered before, else in the first one that has it."""
    home: dict[str, str] = {}
    for package in sorted(packages, key=lambda package: (package.folder not in kept, package.folder)):
        home.setdefault(package.office_id, package.folder)
    good = [package for package in packages if home[package.office_id] == package.folder]
    doubled = {
        package.folder: LeftOut(
            package.folder, "gather.doubled", {"name": package.name, "other": f"{PREFIX}{home[package.office_id]}"}
        )
        for package in packages
        if home[package.office_id] != package.folder
    }
    return good, list(doubled.values())


def _under(packages: Sequence[Package], stamp: str) -> tuple[list[Package], list[LeftOut]]:
    """The exports under the rule book that most offices have: means under two books are not one number."""
    other = [
        LeftOut(
            package.folder,
            "gather.other_rulebook",
            {"name": package.name, "what": str(package.what), "file": package.stamp, "other": stamp},
        )
        for package in packages
        if package.stamp != stamp
    ]
    return [package for package in packages if package.stamp == stamp], other


def _readable(base: duck.Base, packages: Sequence[Package], what: Week | Period) -> tuple[list[Package], list[LeftOut]]:
    """The exports whose tables have the columns of their rule book, each of its type."""
    good: list[Package] = []
    left_out: list[LeftOut] = []
    for package in packages:
        schemas = _schemas(package.rules, what)
        wrong = next(
            (
                schema.name
                for schema in schemas
                if schema.name not in package.tables
                or duck.columns_of(base, package.tables[schema.name]) != _types(schema)
            ),
            None,
        )
        if wrong is None:
            good.append(package)
        else:
            left_out.append(
                LeftOut(
                    package.folder, "gather.other_columns", {"name": package.name, "what": str(what), "file": wrong}
                )
            )
    return good, left_out


def _schemas(rules: RuleBook, what: Week | Period) -> list[TableSchema]:
    """The tables that are counted over."""
    of = RulesOfTables.of(str(what), isinstance(what, Period), [rules])
    return [table_schemas.results(of), *([table_schemas.weeks(of)] if isinstance(what, Period) else [])]


def _types(schema: TableSchema) -> dict[str, str]:
    return {column.name: TYPES[column.type] for column in schema.columns}


def _old(
    packages: Sequence[Package], current: Sequence[Package], left_out: Sequence[LeftOut], what: Week | Period
) -> Iterator[LeftOut]:
    """Offices of which there is only something else than what is gathered."""
    told = {
        *(package.folder for package in current),
        *(one.folder for one in left_out if one.kind != "gather.replaced"),
    }
    latest = {package.folder: package for package in sorted(packages, key=lambda package: _begins(package.what))}
    for office, package in latest.items():
        if office not in told:
            yield LeftOut(office, "gather.old", {"name": package.name, "what": str(package.what), "other": str(what)})


def _view(
    base: duck.Base,
    current: Sequence[Package],
    packages: Sequence[Package],
    what: Week | Period,
    left_out: Sequence[LeftOut],
    lang: Lang,
    names: bool,
) -> GatheredView:
    rules = current[0].rules
    bands = rules.period_bands if isinstance(what, Period) else rules.bands
    codes = [band.code for band in bands]
    results = Tables(base, [package.tables["results"] for package in current])
    of_file = {Path(figures.group): figures for figures in results.by("filename", codes)}
    empty = Figures("", 0, 0, 0, 0, dict.fromkeys(codes, 0), None, 0)  # an office in which nobody is to be evaluated
    offices = tuple(_office(package, of_file.get(package.tables["results"], empty)) for package in current)
    of_rank = {figures.group: figures for figures in results.by("rank", codes)}
    ranks = [_tally(say(f"rank.{rank}", lang), of_rank[rank]) for rank in RANKS if rank in of_rank]
    if "" in of_rank:  # anonymous exports leave out rare ones
        ranks.append(_tally(say("gathered.no_rank", lang), of_rank[""]))
    if isinstance(what, Period):
        weekly = Tables(base, [package.tables["weeks"] for package in current])
    else:
        counted = {package.folder for package in current}
        weekly = Tables(
            base,
            [
                package.tables["results"]
                for package in packages
                if isinstance(package.what, Week) and package.folder in counted and package.stamp == rules.stamp
            ],
        )
    weeks = tuple(
        GatheredWeek(week, count, two_places(total / count) if count and total is not None else None)
        for week, count, total in weekly.weeks()
    )
    whole = _sum(say("gathered.all", lang), list(of_file.values()), codes)
    if names and sum(figures.people for figures in of_file.values()) > MOST_NAMED:
        raise TooManyNamesError(most=MOST_NAMED)
    named = tuple(_people(results, current)) if names else ()
    office = say("gathered.offices", lang, count=len(offices))
    return GatheredView(what, rules, offices, tuple(ranks), whole, weeks, tuple(left_out), named, office)


def _office(package: Package, figures: Figures) -> GatheredOffice:
    label = package.name or package.folder
    return GatheredOffice(
        folder=package.folder,
        office_id=package.office_id,
        name=label,
        what=str(package.what),
        version=package.version,
        rulebook=package.stamp,
        seq=package.seq,
        head=package.head,
        approved=figures.approved,
        tally=_tally(label, figures),
    )


def _tally(label: str, figures: Figures) -> Tally:
    mean = two_places(figures.total / figures.counted) if figures.total is not None and figures.counted else None
    return Tally(label, figures.people - figures.absent, figures.bands, figures.unscored, figures.absent, mean)


def _sum(label: str, all_figures: Sequence[Figures], codes: Sequence[str]) -> Tally:
    totals = [figures.total for figures in all_figures if figures.total is not None]
    counted = sum(figures.counted for figures in all_figures)
    return Tally(
        label=label,
        to_evaluate=sum(figures.people - figures.absent for figures in all_figures),
        bands={code: sum(figures.bands[code] for figures in all_figures) for code in codes},
        unscored=sum(figures.unscored for figures in all_figures),
        absent=sum(figures.absent for figures in all_figures),
        mean=two_places(sum(totals[1:], totals[0]) / counted) if counted and totals else None,
    )


def _people(results: Tables, current: Sequence[Package]) -> Iterator[GatheredPerson]:
    folders = {package.tables["results"]: package.folder for package in current}
    columns = ("code", "name", "unit", "title", "rank", "counted_total", "counted_basis", "band")
    for file, code, name, unit, title, rank, total, basis, band in results.rows(columns):
        yield GatheredPerson(
            folders[Path(file)], code, name or "", unit or "", title or "", rank or "", total, basis, band or ""
        )


def _kept(to: Path) -> dict[str, dict[str, str]]:
    """What was gathered before, by office; nothing where there is no such file yet.

    Raises:
        KeptSpoiledError: the file is there and cannot be read, so nobody can tell whether a ledger goes on.
    """
    keys = ("id", "name", "what", "seq", "head")
    try:
        told = json.loads((to / KEPT).read_bytes())["offices"]
        found = {str(office): {key: str(entry[key]) for key in keys} for office, entry in told.items()}
        return {office: entry for office, entry in found.items() if int(entry["seq"]) >= 0}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise KeptSpoiledError(file=to / KEPT) from None


def _state(kept: Mapping[str, Mapping[str, str]], packages: Sequence[Package], counted: Collection[str]) -> bytes:
    """What is kept for the next time: of each office in the figures the latest state of its ledger."""
    offices: dict[str, Mapping[str, str]] = dict(kept)
    for package in sorted(packages, key=lambda package: package.seq):
        if package.folder in counted:
            offices[package.folder] = {
                "id": package.office_id,
                "name": package.name,
                "what": str(package.what),
                "seq": str(package.seq),
                "head": package.head,
            }
    return json.dumps({"offices": dict(sorted(offices.items()))}, ensure_ascii=False, indent=1).encode()
