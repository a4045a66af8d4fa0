"""The rule book: everything that is a rule of the office, as dated data.

A rule book is a TOML file. Each workbook and each result carries its id and the hash of its bytes, and a week stays under the rules
it was issued with. The standard one is letter 8679-CV/BTCTW of 30 May 2025.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from evalxl.domain.errors import EvalxlError
from evalxl.domain.typed_rows import ApprovalWords, ScoreWords
from evalxl.words import Lang, catalogue, say, two_tongues

# What the task rows can suggest a score by: completed with a product, and completed on time, of what was due.
Measure = Literal["quality", "progress"]
MEASURES: tuple[Measure, ...] = ("quality", "progress")
MOST_PARTS = 6
MOST_LINES = 20  # of one part
PERIOD_PART = "period"  # stands for the code of a part in the keys of a period's lines
# What stands between a part's code and a line's in the names of cells (`ev_line_self_common__c1`): no code has it.
OF_LINE = "__"

# A part's code is the end of names in workbooks (`ev_self_CODE`, `ev_approve_CODE`) and of columns in exports: these ends mean something else there.
_NO_PART = frozenset(
    (
        *("total", "band", "mean", "basis"),
        *(*ScoreWords.names(), *ApprovalWords.names(), "decision", "all", "open_items"),
        *("event", "at", "week", "person", "name", "words", "source", "standing", "note"),
    )
)

RANKS = (
    "board_leader",
    "director",
    "deputy_director",
    "division_head",
    "deputy_division_head",
    "secretary",
    "assistant",
    "official",
    "employee",
)


class BadRuleBookError(EvalxlError):
    """A rule book that cannot be read or does not make sense."""

    key = "slip.bad_rulebook"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(_Table):
    """Something with a name in both languages."""

    code: str
    vi: str
    en: str

    def name(self, lang: Lang) -> str:
        return self.vi if lang == "vi" else self.en


# What a line of the guide can be held against: shares by coefficient, and counts, of the task rows that count in the week.
TaskFact = Literal[
    "share_on_time",
    "share_with_product",
    "counted",
    "late",
    "important_late",
    "open",
    "important_open",
    "without_product",
]


class GuideCondition(_Table):
    """A bound for one fact of the task rows.

    Attributes:
        fact: `share_on_time` and `share_with_product` are shares from 0 to 1 by coefficient, of the rows that are completed or due, brought to the step
            of the part's points as a suggestion is. Of the same rows, `counted` is how many there are, `late` how many were completed late, `open` how
            many are not completed, `without_product` how many have none or one that was not recognised; `important_…` of important tasks only.
        at_least, at_most: The bounds, inclusive.
    """

    fact: TaskFact
    at_least: Annotated[Decimal, Field(ge=0)] | None = None
    at_most: Annotated[Decimal, Field(ge=0)] | None = None

    @property
    def is_share(self) -> bool:
        return self.fact.startswith("share_")

    @model_validator(mode="after")
    def _bounds_something(self) -> GuideCondition:
        if self.at_least is None and self.at_most is None:
            raise ValueError(f"the condition on {self.fact} has neither at_least nor at_most")
        if self.is_share and max(self.at_least or 0, self.at_most or 0) > 1:
            raise ValueError(f"{self.fact} is a share: 0.9 stands for 90 %")
        return self


class GuideLine(_Table):
    """Visible facts and the points that they mean.

    Attributes:
        at_least: The range begins here.
        at_most: The range ends here; empty: below the line above, of the first line at the part's maximum.
        when: What the task rows must show for the line to hold, all of it. The first line of a part that holds describes the tasks.
    """

    at_least: Decimal
    vi: str
    en: str
    at_most: Decimal | None = None
    when: tuple[GuideCondition, ...] = ()

    def text(self, lang: Lang) -> str:
        return self.vi if lang == "vi" else self.en


@dataclass(frozen=True, slots=True)
class GuideRange:
    """A line of a part's guide with its range of points: `low` to `high`, both inclusive, on the step; what lies off the step up to `below`, too."""

    line: GuideLine
    low: Decimal
    high: Decimal
    below: Decimal | None

    def holds(self, score: Decimal) -> bool:
        return self.low <= score and (score <= self.high or (self.below is not None and score < self.below))

    def nearest(self, score: Decimal) -> Decimal:
        """The score itself, or the end of the range that it lies beyond."""
        return min(max(score, self.low), self.high)


TypedBy = Literal["both", "person", "manager"]


class ScoreLine(Named):
    """One line of a part, with points of its own: the part is the sum of its lines.

    Attributes:
        code: Small Latin letters and digits, once in its part: the cells are `ev_line_self_PART__CODE` and `ev_line_score_PART__CODE`.
        allowed: The only points that may be given, such as 0, 1 and 2.5; empty for any number up to the maximum.
        typed_by: The person and the manager; the person alone, whose points the manager sees; or the manager alone.
        part: The code of its part, which the part says.
    """

    code: Annotated[str, Field(pattern=r"^[a-z0-9]{1,10}$")]
    maximum: Annotated[Decimal, Field(gt=0)]
    allowed: tuple[Decimal, ...] = ()
    typed_by: TypedBy = "both"
    part: str = ""

    @model_validator(mode="after")
    def _makes_sense(self) -> ScoreLine:
        if self.allowed and (len(set(self.allowed)) < len(self.allowed) or min(self.allowed) < 0):
            raise ValueError(f"line {self.code}: allowed has a value twice, or one below 0")
        if self.allowed and max(self.allowed) != self.maximum:
            raise ValueError(f"line {self.code}: the highest allowed value is its maximum, {self.maximum}")
        return self

    @property
    def key(self) -> str:
        """How names of cells and the ledger call it."""
        return f"{self.part}{OF_LINE}{self.code}"

    @property
    def of_person(self) -> bool:
        """Whether the person types it."""
        return self.typed_by != "manager"

    @property
    def term(self) -> str:
        """What findings call it: both names, for `words.in_language`."""
        return two_tongues(self.vi, self.en)


class Part(Named):
    """One scored part of a week: under the letter quality and progress of the task results, and conduct.

    Attributes:
        code: As `ev_self_CODE` and the column `self_CODE` have it: small Latin letters, digits and `_`.
        short_vi, short_en: How a narrow column names it; empty: as the catalogue has it for a known code, else its name.
        guide: Visible facts and their points, from the most to none. Where lines have conditions, the last one has none: it holds for the rest.
        suggested_by: What the task rows suggest a score by. Where a rule book says nothing, a part that is called as a measure is suggested by it.
        about: Which half of the report it belongs to: the task results, or conduct. Where a rule book says nothing, what the tasks suggest is theirs.
        lines: Where it has any, the part is their sum, and nobody types the part itself where the lines are typed.
    """

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,19}$")]
    maximum: Annotated[Decimal, Field(gt=0)]
    guide: tuple[GuideLine, ...] = ()
    short_vi: str = ""
    short_en: str = ""
    suggested_by: Measure | Literal["", "nothing"] = ""
    about: Literal["", "tasks", "conduct"] = ""
    lines: Annotated[tuple[ScoreLine, ...], Field(max_length=MOST_LINES)] = ()

    @model_validator(mode="before")
    @classmethod
    def _lines_know_their_part(cls, told: Any) -> Any:
        if isinstance(told, dict) and isinstance(told.get("lines"), (list, tuple)):
            lines = [{**line, "part": told.get("code")} if isinstance(line, dict) else line for line in told["lines"]]
            return {**told, "lines": lines}
        return told

    @model_validator(mode="after")
    def _is_the_sum_of_its_lines(self) -> Part:
        if not self.lines:
            return self
        codes = [line.code for line in self.lines]
        if len(set(codes)) < len(codes):
            raise ValueError(f"two lines of part {self.code} have one code")
        if OF_LINE in self.code or self.code == PERIOD_PART:
            raise ValueError(f"a part with lines cannot have the code {self.code}")
        if (most := sum((line.maximum for line in self.lines), Decimal(0))) != self.maximum:
            raise ValueError(f"the lines of part {self.code} come to {most}, its maximum is {self.maximum}")
        if not self.lines_of_person:
            raise ValueError(f"part {self.code} has no line that the person types")
        if self.measure is not None:
            raise ValueError(f'part {self.code} has lines: nothing suggests it (suggested_by = "nothing")')
        return self

    @model_validator(mode="after")
    def _guide_describes_every_filling(self) -> Part:
        if not self.conditional:
            return self
        if self.guide[-1].when:
            raise ValueError(f"part {self.code}: the last line of its guide has a condition, so none may hold")
        if any(not line.when for line in self.guide[:-1]):
            raise ValueError(f"part {self.code}: a line of its guide without a condition hides those below it")
        floors = [line.at_least for line in self.guide]
        if floors != sorted(floors, reverse=True) or len(set(floors)) < len(floors) or floors[-1] < 0:
            raise ValueError(f"part {self.code}: the lines of its guide must fall from the most points to the least")
        for line in self.guide:
            if not line.at_least <= (self.maximum if line.at_most is None else line.at_most) <= self.maximum:
                raise ValueError(f"part {self.code}: a line of its guide has no range below {self.maximum}")
        return self

    @property
    def conditional(self) -> bool:
        """Whether the lines of its guide have conditions on the task rows."""
        return any(line.when for line in self.guide)

    def guide_ranges(self, step: Decimal) -> tuple[GuideRange, ...]:
        """The lines of the guide, each with its range of points."""
        ranges: list[GuideRange] = []
        above: Decimal | None = None
        for line in self.guide:
            high = self.maximum if above is None else above - step
            open_to = above if line.at_most is None else None
            ranges.append(GuideRange(line, line.at_least, high if line.at_most is None else line.at_most, open_to))
            above = line.at_least
        return tuple(ranges)

    @property
    def lines_of_person(self) -> tuple[ScoreLine, ...]:
        """The lines that the person types: the self score is their sum."""
        return tuple(line for line in self.lines if line.of_person)

    @property
    def lines_of_manager(self) -> tuple[ScoreLine, ...]:
        """The lines that stand in the manager's workbook: all of them where the manager types any; else none, and the manager sets the part."""
        return self.lines if any(line.typed_by != "person" for line in self.lines) else ()

    @property
    def lines_of_manager_alone(self) -> tuple[ScoreLine, ...]:
        """The lines that are no part of the self score, and of no difference from it."""
        return tuple(line for line in self.lines if not line.of_person)

    @property
    def measure(self) -> Measure | None:
        """What suggests a score of this part; None for nothing."""
        if self.suggested_by == "":
            return next((measure for measure in MEASURES if measure == self.code), None)
        return None if self.suggested_by == "nothing" else self.suggested_by

    @property
    def of_tasks(self) -> bool:
        """Whether it belongs to the half of the report about tasks."""
        return self.about == "tasks" or (self.about == "" and self.measure is not None)

    def short(self, lang: Lang) -> str:
        """The name for a narrow column; empty where the rule book gives none."""
        return self.short_vi if lang == "vi" else self.short_en

    @property
    def _has_words(self) -> bool:
        """Whether the catalogue has words of its own for the part, and the rule book gives no others."""
        return not self.short_vi and f"paper.book.self_{self.code}" in catalogue()

    def label(self, key: str, lang: Lang, **values: object) -> str:
        """What the catalogue calls the part where a key speaks of any part (`paper.book.score_part`).

        A known code has a row of its own there (`paper.book.score_quality`); others are called by their name.
        """
        if self._has_words:
            return say(f"{key.removesuffix('part')}{self.code}", lang, **values)
        return say(key, lang, name=self.short(lang) or self.name(lang), **values)

    @property
    def term(self) -> str:
        """What findings call the part: a key of the catalogue for a known code, else both names, for `words.in_language`."""
        if self._has_words:
            return f"@term.{self.code}"
        return two_tongues(self.short_vi or self.vi, self.short_en or self.en)


class Band(Named):
    """A degree of completion, from `at_least` (inclusive) up to the next band (exclusive)."""

    at_least: Annotated[Decimal, Field(ge=0)]


class Complexity(Named):
    coefficient: Annotated[Decimal, Field(gt=0)]


class AbsenceKind(Named):
    """`excuses`: covers a week with all working days in it. `moves_deadline`: a business trip, which never excuses a week."""

    excuses: bool
    moves_deadline: bool = False


class Reasons(_Table):
    """When a manager has to write something."""

    difference_above: Decimal
    comment_below: Decimal
    comment_from: Decimal


class TwoWeekRule(_Table):
    many_important_tasks: Annotated[int, Field(ge=1)]


class Returns(_Table):
    working_days: Annotated[int, Field(ge=0)]


class Collectives(_Table):
    """Points by which a unit's own result and the mean of its people may be apart before that is pointed out."""

    difference_from: Annotated[Decimal, Field(gt=0)] = Decimal(10)


class Review(_Table):
    """A review of a result: within how many working days it may be asked for, and within how many it is answered."""

    working_days: Annotated[int, Field(ge=0)]
    answer_working_days: Annotated[int, Field(ge=0)] = 5


class Approval(_Table):
    """Who approves: heads of these ranks, and these other ranks, are approved by the leader in charge."""

    heads_by_leader_in_charge: tuple[str, ...]
    others_by_leader_in_charge: tuple[str, ...]
    not_evaluated: tuple[str, ...]


class Cap(_Table):
    """How many may be rated `band` at most, in one unit and group of ranks: `share` of those who are then rated `of`."""

    band: str
    of: str
    share: Annotated[Decimal, Field(ge=0, le=1)]


class RankGroup(Named):
    """Ranks that are compared with each other."""

    ranks: tuple[str, ...]


CriterionName = Literal["unit_result", "organising", "uniting"]
CRITERIA: tuple[CriterionName, ...] = ("unit_result", "organising", "uniting")


class Criterion(Named):
    """What leaders are rated by beside their tasks, in per cent; the authority enters it for the period."""

    code: CriterionName


class Ratios(_Table):
    """A period rated by what was done of what was assigned, and not by weekly totals (Nghị định 335/2025/NĐ-CP).

    Attributes:
        common: Points at most for the common criteria; a person enters them for the period.
        tasks: Points at most for task results: times the mean of quantity, quality and timeliness; of leaders, of their criteria too.
        per_fault, per_delay: What a product's quality loses by each failed review, and its timeliness by each delay.
        leaders: Ranks that are rated by the criteria for leaders as well.
        criteria: Those criteria.
        lines: Where there are any, the leader gives the common criteria line by line, and their points are the sum.
    """

    common: Annotated[Decimal, Field(ge=0)]
    tasks: Annotated[Decimal, Field(gt=0)]
    per_fault: Annotated[Decimal, Field(ge=0, le=1)]
    per_delay: Annotated[Decimal, Field(ge=0, le=1)]
    leaders: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    lines: Annotated[tuple[ScoreLine, ...], Field(max_length=MOST_LINES)] = ()

    @model_validator(mode="before")
    @classmethod
    def _lines_are_the_leaders(cls, told: Any) -> Any:
        if isinstance(told, dict) and isinstance(told.get("lines"), (list, tuple)):
            lines = [
                {"typed_by": "manager", **line, "part": PERIOD_PART} if isinstance(line, dict) else line
                for line in told["lines"]
            ]
            return {**told, "lines": lines}
        return told

    @model_validator(mode="after")
    def _common_is_the_sum_of_its_lines(self) -> Ratios:
        if not self.lines:
            return self
        if len({line.code for line in self.lines}) < len(self.lines):
            raise ValueError("two lines of period.ratios have one code")
        if any(line.typed_by != "manager" for line in self.lines):
            raise ValueError("the lines of a period are typed by the manager alone")
        if (most := sum((line.maximum for line in self.lines), Decimal(0))) != self.common:
            raise ValueError(f"the lines of period.ratios come to {most}, common is {self.common}")
        return self

    def criteria_for(self, rank: str) -> tuple[Criterion, ...]:
        """The criteria beside their tasks that people of a rank are rated by; none for who leads nobody."""
        return self.criteria if rank in self.leaders else ()


class PeriodRules(_Table):
    """How weeks make a month, quarter, half-year or year.

    Attributes:
        ratios: Where the period is rated by ratios of the task rows; else by the mean of the weekly totals.
        mean: Of the approved weekly totals, or of the months' means.
        bands: The period's own bands; without any, the week's.
        groups: Groups of ranks for the cap; who is in none is in a group of the others.
    """

    mean: Literal["weeks", "months"] = "weeks"
    bands: tuple[Band, ...] = ()
    cap: Cap | None = None
    ratios: Ratios | None = None
    groups: tuple[RankGroup, ...] = ()


class RuleBook(_Table):
    """The rules that a week is evaluated by.

    Attributes:
        parts: What a week is scored in, 0 to 6; without any the week tracks tasks, and nobody scores.
        digest: The SHA-256 of the file's bytes; two rule books with one id and two digests are two rule books.
    """

    id: str
    name_vi: str
    name_en: str
    source_vi: str
    source_en: str
    valid_from: date
    step: Annotated[Decimal, Field(gt=0)]
    parts: Annotated[tuple[Part, ...], Field(max_length=MOST_PARTS)] = ()
    bands: tuple[Band, ...] = ()
    complexity: tuple[Complexity, ...]
    absence: tuple[AbsenceKind, ...]
    reasons: Reasons
    two_weeks: TwoWeekRule
    returns: Returns
    review: Review
    approval: Approval
    collectives: Collectives = Collectives()
    period: PeriodRules = PeriodRules()
    digest: str = ""

    @model_validator(mode="after")
    def _makes_sense(self) -> RuleBook:
        if taken := sorted({part.code for part in self.parts} & _NO_PART):
            raise ValueError(f"a part cannot have the code {taken[0]}, which names something else in the workbooks")
        if self.bands and not self.parts:
            raise ValueError("bands: a week that nobody scores has none; those of a period stand in period.bands")
        for bands in (self.bands, self.period_bands):
            floors = [band.at_least for band in bands]
            if not self.parts and not bands:
                continue
            if (
                not floors
                or floors != sorted(floors, reverse=True)
                or floors[-1] != 0
                or len(set(floors)) != len(floors)
            ):
                raise ValueError("bands must fall from the highest to one that starts at 0")
            if self.parts and floors[0] > self.maximum:
                raise ValueError(f"band {bands[0].code} starts above {self.maximum}, where no total comes")
        for part in self.parts:
            if part.conditional and any(
                value % self.step for one in part.guide_ranges(self.step) for value in (one.low, one.high)
            ):
                raise ValueError(f"part {part.code}: the ranges of its guide lie on steps of {self.step}")
        named = {
            "parts": self.parts,
            "bands": self.bands,
            "bands for periods": self.period.bands,
            "complexity": self.complexity,
            "absence": self.absence,
            "groups of ranks": self.period.groups,
            "criteria for leaders": self.period.ratios.criteria if self.period.ratios else (),
        }
        for table, rows in named.items():
            codes = [row.code for row in rows]
            if len(set(codes)) != len(codes):
                raise ValueError(f"two rows of {table} have one code")
        cap = self.period.cap
        if cap is not None and not {cap.band, cap.of} <= {band.code for band in self.period_bands}:
            raise ValueError("period.cap names a band that is none of the period's")
        ranks = self.approval
        named_ranks = {*ranks.heads_by_leader_in_charge, *ranks.others_by_leader_in_charge, *ranks.not_evaluated}
        named_ranks |= {rank for group in self.period.groups for rank in group.ranks}
        named_ranks |= set(self.period.ratios.leaders) if self.period.ratios else set()
        if unknown := named_ranks - set(RANKS):
            raise ValueError(f"unknown ranks {sorted(unknown)}")
        return self

    @property
    def maximum(self) -> Decimal:
        return sum((part.maximum for part in self.parts), Decimal(0))

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the parts, in the order in which they are shown."""
        return tuple(part.code for part in self.parts)

    @property
    def lines(self) -> tuple[ScoreLine, ...]:
        """The lines of all parts."""
        return tuple(line for part in self.parts for line in part.lines)

    @property
    def period_lines(self) -> tuple[ScoreLine, ...]:
        """The lines in which a leader gives the common criteria of a period."""
        return self.period.ratios.lines if self.period.ratios else ()

    def bounds(self, code: str) -> Part | ScoreLine:
        """What a score is held against: the part of a code, or the line of a key."""
        if OF_LINE in code:
            return next(line for line in (*self.lines, *self.period_lines) if line.key == code)
        return self.part(code)

    def maximum_of(self, tasks: bool) -> Decimal:
        """The points at most for one half of the report: the tasks, or conduct."""
        return sum((part.maximum for part in self.parts if part.of_tasks is tasks), Decimal(0))

    @property
    def period_bands(self) -> tuple[Band, ...]:
        return self.period.bands or self.bands

    def period_band_for(self, mean: Decimal) -> Band | None:
        """The band of a period's unrounded mean; None where the rules have no bands."""
        return next((band for band in self.period_bands if mean >= band.at_least), None)

    def part(self, code: str) -> Part:
        return next(part for part in self.parts if part.code == code)

    def band_for(self, total: Decimal) -> Band:
        """The band that an unrounded total falls into.

        A total on the line belongs to the higher band: the letter says "from 90 to 100", "from 75 to under 90".
        """
        return next(band for band in self.bands if total >= band.at_least)

    def band(self, code: str) -> Band:
        return next(band for band in self.bands if band.code == code)

    def coefficient_for(self, complexity: str) -> Decimal:
        """The coefficient of a complexity level by its code or its name; 1 where none is named."""
        return next(
            (level.coefficient for level in self.complexity if complexity in (level.code, level.vi, level.en)),
            Decimal(1),
        )

    def absence_kind(self, code: str) -> AbsenceKind:
        return next(kind for kind in self.absence if kind.code == code)

    @property
    def stamp(self) -> str:
        """How workbooks name the rule book: its id and the first digits of its digest."""
        return f"{self.id}@{self.digest[:12]}"


def parts_of_books(books: Iterable[RuleBook]) -> tuple[Part, ...]:
    """The parts of several rule books, each code once, as the last book that has it calls it; in the order in which they came."""
    return tuple({part.code: part for book in books for part in book.parts}.values())


def read_rulebook(text: bytes, source: str) -> RuleBook:
    """Make a rule book of a TOML file's bytes.

    Args:
        text: The file's bytes.
        source: The file's name, for the sentence when something is wrong with it.

    Raises:
        BadRuleBookError: the bytes are not such a file.
    """
    try:
        table: dict[str, Any] = tomllib.loads(text.decode("utf-8"), parse_float=Decimal)
        return RuleBook.model_validate({**table, "digest": hashlib.sha256(text).hexdigest()})
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as slip:
        raise BadRuleBookError(file=source, problem=str(slip)) from None
    except ValidationError as slip:
        first = slip.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadRuleBookError(file=source, problem=f"{place}: {first['msg']}" if place else first["msg"]) from None
