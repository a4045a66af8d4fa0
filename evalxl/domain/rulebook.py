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
MOST_LINES = 20  # of one part or criterion
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

# The same for a criterion of a period: `ev_period_CODE`, and what a rating is shown by.
_NO_CRITERION = frozenset(
    (
        *("shown", "person", "name", "title", "unit", "weeks", "mean", "leads", "note", "decision", "open_items"),
        *("quantity", "quality", "timeliness", "tasks", "task_points", "total", "criteria"),
    )
)
_NO_BEGINNING_OF_CRITERION = ("points_", "line_", "suggested_", "need_")

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


# What a period may suggest a criterion by: the mean of the weekly totals, of one part (`weeks.CODE`), or a ratio of the tasks.
RATIOS = ("quantity", "quality", "timeliness")
_WEEKS = "weeks"
_SUGGESTED_BY = rf"^(nothing|{'|'.join(RATIOS)}|{_WEEKS}(\.[a-z][a-z0-9_]*)?)$"
# The criterion that `common = 30` stands for, in rule books and ledgers from before criteria had a code, a maximum and lines of their own.
COMMON = "common"


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


def _with_lines(told: Any, **unsaid: str) -> Any:
    """A part or criterion as a rule book tells it, whose lines know what they are lines of.

    Args:
        unsaid: What holds for a line that says nothing else.
    """
    if isinstance(told, dict) and isinstance(told.get("lines"), (list, tuple)):
        lines = [
            {**unsaid, **line, "part": told.get("code")} if isinstance(line, dict) else line for line in told["lines"]
        ]
        return {**told, "lines": lines}
    return told


def _check_lines(lines: tuple[ScoreLine, ...], code: str, maximum: Decimal, what: str) -> None:
    """Lines have codes of their own and come to the maximum of what they are lines of.

    Raises:
        ValueError: they do not.
    """
    if len({line.code for line in lines}) < len(lines):
        raise ValueError(f"two lines of {what} have one code")
    if OF_LINE in code:
        raise ValueError(f"{what} has lines: {OF_LINE} cannot stand in its code")
    if (most := sum((line.maximum for line in lines), Decimal(0))) != maximum:
        raise ValueError(f"the lines of {what} come to {most}, its maximum is {maximum}")


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
        return _with_lines(told)

    @model_validator(mode="after")
    def _is_the_sum_of_its_lines(self) -> Part:
        if not self.lines:
            return self
        _check_lines(self.lines, self.code, self.maximum, f"part {self.code}")
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
        """Whether the lines of its guide have conditions on the task rows.

        A guide that begins above the maximum is that of a copied rule book whose maximum was lowered: it is shown, and bounds nothing.
        """
        return any(line.when for line in self.guide) and self.guide[0].at_least <= self.maximum

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
        return not self.short_vi and f"paper.book.group_{self.code}" in catalogue()

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


class Criterion(Named):
    """What a person is rated by in a period beside the tasks; the manager enters it.

    Attributes:
        code: As `ev_period_CODE` has it: small Latin letters, digits and `_`.
        short_vi, short_en: How a narrow column names it; empty: as the catalogue has it for a known code, else its name.
        counts: `points` are added to those for the tasks; a `share`, in per cent, is one more of the ratios that the task points are the mean of.
        asked: Of whom: everybody, leaders, or all others. Where a rule book says nothing, points are of everybody and shares of leaders.
        maximum: Points at most; of a share 100.
        allowed: The only values that may be entered; empty for any number up to the maximum.
        suggested_by: What stands beside the cell as a suggestion: `weeks` (the mean of the weekly totals), `weeks.CODE` (of one part of the weeks), or
            a ratio of the tasks; each brought to the maximum.
        guide: Visible facts and their points, from the most to none.
        lines: Where it has any, the manager types these, and it is their sum.
    """

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,19}$")]
    short_vi: str = ""
    short_en: str = ""
    counts: Literal["points", "share"] = "share"
    asked: Literal["everybody", "leaders", "others"]
    maximum: Annotated[Decimal, Field(gt=0)]
    allowed: tuple[Decimal, ...] = ()
    suggested_by: Annotated[str, Field(pattern=_SUGGESTED_BY)] = "nothing"
    guide: tuple[GuideLine, ...] = ()
    lines: Annotated[tuple[ScoreLine, ...], Field(max_length=MOST_LINES)] = ()

    @model_validator(mode="before")
    @classmethod
    def _as_unsaid(cls, told: Any) -> Any:
        if not isinstance(told, dict):
            return told
        share = told.get("counts", "share") == "share"
        unsaid = {"asked": "leaders", "maximum": Decimal(100)} if share else {"asked": "everybody"}
        return _with_lines({**unsaid, **told}, typed_by="manager")

    @model_validator(mode="after")
    def _makes_sense(self) -> Criterion:
        what = f"criterion {self.code}"
        if self.code in _NO_CRITERION or self.code.startswith(_NO_BEGINNING_OF_CRITERION):
            raise ValueError(
                f"a criterion cannot have the code {self.code}, which names something else in the workbooks"
            )
        if self.counts == "share" and self.maximum != 100:
            raise ValueError(f"{what} is a share, in per cent: its maximum is 100")
        if self.allowed and (len(set(self.allowed)) < len(self.allowed) or min(self.allowed) < 0):
            raise ValueError(f"{what}: allowed has a value twice, or one below 0")
        if self.allowed and max(self.allowed) != self.maximum:
            raise ValueError(f"{what}: the highest allowed value is its maximum, {self.maximum}")
        if not self.lines:
            return self
        _check_lines(self.lines, self.code, self.maximum, what)
        if any(line.typed_by != "manager" for line in self.lines):
            raise ValueError("the lines of a period are typed by the manager alone")
        if self.allowed or self.suggested:
            raise ValueError(f"{what} has lines: it has no allowed values, and nothing suggests it")
        return self

    @property
    def suggested(self) -> bool:
        """Whether a suggestion stands beside it."""
        return self.suggested_by != "nothing"

    def is_asked_of(self, leads: bool) -> bool:
        """Whether leaders, or all others, are rated by it."""
        return self.asked == "everybody" or (self.asked == "leaders") is leads

    def short(self, lang: Lang) -> str:
        """The name for a narrow column; empty where the rule book gives none."""
        return self.short_vi if lang == "vi" else self.short_en

    def label(self, key: str, lang: Lang, **values: object) -> str:
        """What the catalogue calls it where a key speaks of any criterion (`paper.period.criterion`, of a share `paper.period.criterion_share`).

        A known code has a row of its own there (`paper.period.organising`); others are called by their name.
        """
        if not self.short_vi and f"paper.period.need_{self.code}" in catalogue():
            return say(f"{key.removesuffix('criterion')}{self.code}", lang, **values)
        key = f"{key}_share" if self.counts == "share" else key
        return say(key, lang, name=self.short(lang) or self.name(lang), **values)

    @property
    def term(self) -> str:
        """What findings call it: both names, for `words.in_language`."""
        return two_tongues(self.short_vi or self.vi, self.short_en or self.en)


class Ratios(_Table):
    """A period rated by what was done of what was assigned, and not by weekly totals (Nghị định 335/2025/NĐ-CP).

    Attributes:
        tasks: Points at most for task results: times the mean of quantity, quality and timeliness, and of the criteria that are shares.
        per_fault, per_delay: What a product's quality loses by each failed review, and its timeliness by each delay.
        leaders: Ranks that are rated by the criteria for leaders as well.
        criteria: What the manager enters for the period, 0 to 6. `common = 30` in a rule book stands for one of everybody, called so.
    """

    tasks: Annotated[Decimal, Field(gt=0)]
    per_fault: Annotated[Decimal, Field(ge=0, le=1)]
    per_delay: Annotated[Decimal, Field(ge=0, le=1)]
    leaders: tuple[str, ...] = ()
    criteria: Annotated[tuple[Criterion, ...], Field(max_length=MOST_PARTS)] = ()

    @model_validator(mode="before")
    @classmethod
    def _common_is_a_criterion(cls, told: Any) -> Any:
        if not isinstance(told, dict) or COMMON not in told:
            return told
        others = {key: value for key, value in told.items() if key not in (COMMON, "lines")}
        if not told[COMMON]:
            return others
        key = f"period_form.part.{COMMON}"
        common = {
            "code": COMMON,
            "vi": say(key, "vi"),
            "en": say(key, "en"),
            "counts": "points",
            "maximum": told[COMMON],
            "lines": told.get("lines", ()),
        }
        return {**others, "criteria": [common, *told.get("criteria", ())]}

    @model_validator(mode="after")
    def _totals_are_alike(self) -> Ratios:
        most = [
            sum((row.maximum for row in self.points if row.is_asked_of(leads)), Decimal(0)) for leads in (True, False)
        ]
        if most[0] != most[1]:
            raise ValueError(f"the points of criteria come to {most[0]} for leaders and to {most[1]} for others")
        return self

    @property
    def points(self) -> tuple[Criterion, ...]:
        """The criteria whose points are added to those for the tasks."""
        return tuple(criterion for criterion in self.criteria if criterion.counts == "points")

    @property
    def shares(self) -> tuple[Criterion, ...]:
        """The criteria that count as the ratios do."""
        return tuple(criterion for criterion in self.criteria if criterion.counts == "share")

    @property
    def lines(self) -> tuple[ScoreLine, ...]:
        """The lines of all criteria."""
        return tuple(line for criterion in self.criteria for line in criterion.lines)

    @property
    def maximum(self) -> Decimal:
        """The total at most, of leaders as of others."""
        return self.tasks + sum((row.maximum for row in self.points if row.is_asked_of(leads=False)), Decimal(0))

    def criteria_for(self, rank: str) -> tuple[Criterion, ...]:
        """The criteria that people of a rank are rated by, points first."""
        leads = rank in self.leaders
        return tuple(row for row in (*self.points, *self.shares) if row.is_asked_of(leads))


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
        ratios = self.period.ratios
        of_periods = self.maximum if ratios is None else ratios.maximum
        for bands, most in ((self.bands, self.maximum), (self.period_bands, of_periods)):
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
            if most and floors[0] > most:
                raise ValueError(f"band {bands[0].code} starts above {most}, where no total comes")
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
            "criteria of periods": self.period.ratios.criteria if self.period.ratios else (),
        }
        for table, rows in named.items():
            codes = [row.code for row in rows]
            if len(set(codes)) != len(codes):
                raise ValueError(f"two rows of {table} have one code")
        for criterion in self.criteria:
            if criterion.suggested_by.startswith(_WEEKS) and not self.parts:
                raise ValueError(f"criterion {criterion.code} is suggested by weeks that nobody scores")
            if (of_part := criterion.suggested_by.partition(".")[2]) and of_part not in self.codes:
                raise ValueError(f"criterion {criterion.code} is suggested by {of_part}, which is no part")
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
    def criteria(self) -> tuple[Criterion, ...]:
        """What a manager enters for a period, shares first; none where the mean of the weeks is the period's result."""
        return (*self.period.ratios.shares, *self.period.ratios.points) if self.period.ratios else ()

    @property
    def period_lines(self) -> tuple[ScoreLine, ...]:
        """The lines in which a manager gives criteria of a period."""
        return tuple(line for criterion in self.criteria for line in criterion.lines)

    def bounds(self, code: str, of: Literal["week", "period"] = "week") -> Part | ScoreLine:
        """What a score is held against: the part of a code, or the line of a key, of a week or of a period."""
        if OF_LINE in code:
            return next(line for line in (self.lines if of == "week" else self.period_lines) if line.key == code)
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
