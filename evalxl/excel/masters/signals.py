"""The workbook of signals: what leaders should look at in how scores are given, and who is steadily strong. For the office and the leaders only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from evalxl.domain.analysis.scoring_signals import KINDS, Fairness, ScorerLine, Signal
from evalxl.domain.history.events import EnteredEvent
from evalxl.domain.names import code_key
from evalxl.domain.periods.rollups import PeriodView
from evalxl.domain.periods.steady_performers import FEWEST_WEEKS, Steady
from evalxl.excel.masters.companion_workbook import Chapter, draw_method, finish
from evalxl.excel.masters.lists import fill_list
from evalxl.excel.masters.sheet_kit import TONES, Cell, ListColumn, Marked, MasterWorkbook
from evalxl.words import Lang

SHEETS = ("signals", "scorers", "steady", "potential", "method")
_OF_PEOPLE = ("self_above", "self_below", "text_again", "text_shared")
_IN_POINTS = ("lenient", "severe", "above_self", "below_self", "self_above", "self_below")
_SPREADS = ("narrow", "wide")


def draw_signals(
    view: PeriodView,
    found: Fairness,
    steady: Sequence[Steady],
    lang: Lang,
    stamp: Mapping[str, str],
    notes: Sequence[EnteredEvent] = (),
) -> bytes:
    """The workbook of a period's signals; the notes on potential and training are shown here and nowhere else."""
    office = Chapter(view, lang, "", {}, "fairness")
    book = MasterWorkbook()
    sheets = {name: book.sheet(office.sheet(name)) for name in SHEETS}
    _draw_list(book, sheets["signals"], office, found)
    _draw_scorers(book, sheets["scorers"], office, found)
    _draw_steady(book, sheets["steady"], office, steady, notes)
    _draw_potential(book, sheets["potential"], office, steady, notes)
    draw_method(book, sheets["method"], office, _method(office, found))
    return finish(book, office, stamp, SHEETS, office.say("note.foot"))


def _draw_list(book: MasterWorkbook, sheet: Worksheet, office: Chapter, found: Fairness) -> None:
    """A row per signal: the figures with the threshold, what else it may be, and what to look at next."""
    columns = [
        office.column("no", 3.5, "count"),
        office.column("about", 18),
        office.column("code", 8.5),
        office.column("name", 16),
        office.column("unit", 16),
        office.column("figures", 30),
        office.column("threshold", 13),
        office.column("based_on", 12),
        office.column("caution", 27),
        office.column("look", 29),
    ]
    units = _units(office)

    def line(place: int, signal: Signal) -> list[Cell]:
        tone = TONES["calm" if signal.kind in _OF_PEOPLE else "notice"]
        based = "weeks" if signal.people < 2 or signal.kind == "text_shared" else "people_rows"
        return [
            place,
            Marked(office.say(f"{signal.kind}.name"), tone),
            signal.code,
            office.person(signal.code),
            units.get(code_key(signal.code), ""),
            office.say(f"{signal.kind}.figures", **_figures(office, signal)),
            office.say(f"{signal.kind}.limit", **_figures(office, signal)),
            office.say(f"note.{based}", people=signal.people, rows=signal.rows),
            office.say(f"{signal.kind}.caution"),
            office.say(f"{signal.kind}.look"),
        ]

    notes = [office.say("note.no_finding"), office.say("note.restricted")]
    lines = [line(n, signal) for n, signal in enumerate(found.signals, 1)]
    fill_list(book, sheet, office, "signals", columns, lines, notes)


def _figures(office: Chapter, signal: Signal) -> dict[str, object]:
    """The figures as the signal's sentences show them: points and ratios without a sign, shares in per cent."""
    plain = signal.kind in _IN_POINTS or signal.kind in _SPREADS

    def shown(value: Decimal | None) -> str:
        if plain:
            return office.number(None if value is None else abs(value), 1 if signal.kind in _IN_POINTS else 2)
        return office.percent(value)

    other = f"{office.person(signal.other)} ({signal.other})" if signal.other else ""
    told = {"value": signal.value, "office": signal.office, "shrunken": signal.shrunken, "limit": signal.limit}
    return {name: shown(value) for name, value in told.items()} | {"other": other, "rows": signal.rows}


def _units(office: Chapter) -> dict[str, str]:
    return {code_key(row.code): row.unit_name for row in office.view.results}


def _draw_scorers(book: MasterWorkbook, sheet: Worksheet, office: Chapter, found: Fairness) -> None:
    """Every scorer beside the others, the most lenient first, signalled or not."""
    off, shares = office.say("head.leniency_group"), office.say("head.shares")
    columns = [
        office.column("no", 3.5, "count"),
        office.column("code", 8.5),
        office.column("name", 20),
        office.column("unit", 24),
        office.column("people", 7, "count"),
        office.column("scored", 7, "count"),
        office.column("leniency", 8, "points", off),
        office.column("shrunken", 8, "points", off),
        office.column("spread", 11, "total"),
        office.column("gap", 10, "points"),
        *(office.column(name, 9, "share", shares) for name in ("all_same", "as_declared", "unproven", "round")),
        office.column("signals", 7, "count"),
    ]
    units, counts = _units(office), Counter(signal.code for signal in found.signals if signal.kind not in _OF_PEOPLE)

    def line(place: int, line: ScorerLine) -> list[Cell]:
        return [
            place,
            line.code,
            office.person(line.code),
            units.get(code_key(line.code), ""),
            line.people,
            line.rows,
            line.leniency,
            line.shrunken,
            line.spread,
            line.gap,
            *(line.all_same, line.as_declared, line.unproven, line.round),
            counts[line.code] or None,
        ]

    lines = [line(n, each) for n, each in enumerate(found.scorers, 1)]
    fill_list(book, sheet, office, "scorers", columns, lines, [office.say("note.scorers")])


def _draw_steady(
    book: MasterWorkbook, sheet: Worksheet, office: Chapter, steady: Sequence[Steady], notes: Sequence[EnteredEvent]
) -> None:
    """People whose results are steadily strong."""
    columns: list[ListColumn] = [
        office.column("no", 3.5, "count"),
        office.column("code", 8.5),
        office.column("name", 20),
        office.column("unit", 24),
        office.column("title", 20),
        office.column("evaluated", 8, "count"),
        office.column("mean", 8, "total"),
        office.column("lowest", 8, "total"),
        office.column("highest", 8, "total"),
        office.column("swing", 8, "total"),
        office.column("potential", 38),
    ]

    def line(place: int, steady: Steady) -> list[Cell]:
        row = steady.row
        who: list[Cell] = [place, row.code, row.name, row.unit_name, row.title]
        said = "\n".join(entry.note for entry in notes if code_key(entry.subject) == code_key(row.code))
        return [*who, row.evaluated, steady.mean, steady.lowest, steady.highest, steady.swing, said]

    bands = office.view.rules.bands
    band = bands[min(1, len(bands) - 1)].name(office.lang) if bands else ""
    told = [office.say("note.steady", weeks=FEWEST_WEEKS, band=band), office.say("note.steady_caution")]
    lines = [line(n, steady) for n, steady in enumerate(steady, 1)]
    fill_list(book, sheet, office, "steady", columns, lines, told)


def _draw_potential(
    book: MasterWorkbook, sheet: Worksheet, office: Chapter, steady: Sequence[Steady], notes: Sequence[EnteredEvent]
) -> None:
    """What managers wrote of potential and training: never scored, and beside the list of the steadily strong."""
    columns = [
        office.column("no", 3.5, "count"),
        office.column("code", 8.5),
        office.column("name", 20),
        office.column("unit", 24),
        office.column("title", 20),
        office.column("steadily", 10, "centre"),
        office.column("potential", 62),
        office.column("written_by", 22),
    ]
    people = {code_key(row.code): row for row in office.view.results}
    strong = {code_key(steady.row.code) for steady in steady}

    def line(place: int, period_entry: EnteredEvent) -> list[Cell]:
        row = people.get(code_key(period_entry.subject))
        unit, title = (row.unit_name, row.title) if row else ("", "")
        mark = Marked(office.say("note.steadily"), TONES["good"]) if code_key(period_entry.subject) in strong else None
        return [
            place,
            period_entry.subject,
            office.person(period_entry.subject),
            unit,
            title,
            mark,
            period_entry.note,
            office.person(period_entry.by_code),
        ]

    lines = [line(n, period_entry) for n, period_entry in enumerate(notes, 1)]
    told = [office.say("note.potential"), office.say("note.restricted")]
    fill_list(book, sheet, office, "potential", columns, lines, told)


def _method(office: Chapter, found: Fairness) -> Iterator[tuple[str, str]]:
    limits = found.limits
    certain = office.number(limits.certain, 1)
    yield office.say("method.use"), office.say("note.no_finding") + " " + office.say("method.use_says")
    yield office.say("method.shrinking"), office.say("method.shrinking_says", certain=certain)
    told = {"people": limits.people, "rows": limits.rows, "weeks": limits.own_weeks}
    yield office.say("method.fewest"), office.say("method.fewest_says", **told)
    for kind in KINDS:
        yield office.say(f"{kind}.name"), office.say(f"{kind}.method")
