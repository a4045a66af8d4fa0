"""Many offices in one picture: counts and means, and which offices are not in them and why. No row of a person is needed for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from evalxl.domain.rulebook import RuleBook
from evalxl.domain.week.figures import Tally
from evalxl.domain.weeks import Period, Week
from evalxl.words import Lang, say


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An export, or an office, that is not in the figures.

    Attributes:
        folder: As the gatherer calls the office.
        kind: Why, a key of the catalogue (`gather.altered`).
        values: What the sentence is filled with.
    """

    folder: str
    kind: str
    values: Mapping[str, str] = field(default_factory=dict)

    def message(self, lang: Lang) -> str:
        values = {"what": "", "name": "", "other": "", "file": "", **self.values}
        return say(self.kind, lang, office=self.folder, **values)


@dataclass(frozen=True, slots=True)
class GatheredOffice:
    """An office that is in the figures: what of it was gathered, and from which state of its ledger."""

    folder: str
    office_id: str
    name: str
    what: str
    version: str
    rulebook: str
    seq: int
    head: str
    approved: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class GatheredWeek:
    """One week over all offices."""

    week: str
    counted: int
    mean: Decimal | None


@dataclass(frozen=True, slots=True)
class GatheredPerson:
    """Somebody's row, where names are asked for."""

    folder: str
    code: str
    name: str
    unit: str
    title: str
    rank: str
    total: Decimal | None
    basis: str
    band: str


@dataclass(frozen=True, slots=True)
class GatheredView:
    """Everything that the master of many offices shows; its head speaks as those of a week and of a period."""

    what: Week | Period
    rules: RuleBook
    offices: tuple[GatheredOffice, ...]
    ranks: tuple[Tally, ...]
    whole: Tally
    weeks: tuple[GatheredWeek, ...]
    left_out: tuple[LeftOut, ...]
    named: tuple[GatheredPerson, ...]
    office: str
    parent: str = ""
    unit: str = ""
    unit_name: str = ""
    trial: bool = False
    people: Mapping[str, str] = field(default_factory=dict)
    letterhead: str = "none"
    place: str = ""

    @property
    def year(self) -> int:
        return (self.what.thursday if isinstance(self.what, Week) else self.what.last).year

    def shown(self, lang: Lang) -> str:
        return self.what.shown(lang)
