"""Words that came from somewhere else: a report of last week, or a colleague's of this week.

Compared are the person's own words (conduct, difficulties, proposals), not tasks and products, which routine work repeats honestly. Numbers, case and
punctuation count for nothing. Two texts are alike by the share of their runs of three words that they have in common (Jaccard). Phrases that
many use in a week are the office's language and count for nobody.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations

from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.evaluation.work_items import REPORTED
from evalxl.domain.names import code_key
from evalxl.domain.weeks import Week

FEWEST_WORDS = 12  # shorter texts have too few ways to be said
SAME_AS_LAST_WEEK = 0.9
SAME_AS_A_COLLEAGUE = 0.8
_RUN = 3
_FEWEST_OWN_RUNS = 8
_FIRST_RUNS = 10
_WORD = re.compile(r"[^\W\d_]+")

Runs = frozenset[str]


@dataclass(slots=True)
class Repeated:
    """One person's texts over some weeks.

    Attributes:
        pairs, repeated: Weeks with words, each beside the one before that had some; and how many of them said the same again.
        weeks: Weeks with words that were compared with colleagues'.
        shared: By colleague (key), the weeks in which both texts were nearly one; who had it from whom, nobody can tell.
    """

    pairs: int = 0
    repeated: int = 0
    weeks: int = 0
    shared: dict[str, int] = field(default_factory=dict)
    shared_weeks: int = 0


class Texts:
    """Everybody's repeated words over weeks that are added in their order; of a week no more is kept than the next one is held against."""

    def __init__(self) -> None:
        self.found: dict[str, Repeated] = {}
        self._last: dict[str, Runs] = {}

    def add(self, week: Iterable[Result]) -> None:
        texts = {code_key(row.code): own for row in week if row.state in REPORTED and (own := runs_of(own_words(row)))}
        for key in sorted(texts):
            mine = self.found.setdefault(key, Repeated())
            mine.weeks += 1
            if key in self._last:
                mine.pairs += 1
                mine.repeated += alike(texts[key], self._last[key]) >= SAME_AS_LAST_WEEK
            self._last[key] = texts[key]
        with_somebody = set()
        for one, other in shared_texts(texts):
            for key, colleague in ((one, other), (other, one)):
                self.found[key].shared[colleague] = self.found[key].shared.get(colleague, 0) + 1
                with_somebody.add(key)
        for key in with_somebody:
            self.found[key].shared_weeks += 1


def own_words(row: Result) -> str:
    return f"{row.conduct_note}\n{row.difficulties}\n{row.proposals}"


def words_of(text: str) -> Sequence[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())


def runs_of(text: str) -> Runs:
    """The runs of three words of a text; nothing of a short one."""
    words = words_of(text)
    if len(words) < FEWEST_WORDS:
        return frozenset()
    return frozenset(" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))


def alike(one: Runs, other: Runs) -> float:
    """From 0 (nothing in common) to 1 (the same)."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


def shared_texts(texts: Mapping[str, Runs]) -> list[tuple[str, str]]:
    """The pairs of people whose texts are nearly one, each once.

    Runs that many use are left out. Of the others, two people are compared where they have one of their first few (in the order of the alphabet) in
    common, as texts that are nearly one have: so a week of many people is compared without trying every pair.
    """
    used = Counter(chain.from_iterable(texts.values()))
    few = max(3, len(texts) // 20)
    many = {run for run, count in used.items() if count > few}
    own = {key: kept for key, runs in texts.items() if len(kept := runs - many) >= _FEWEST_OWN_RUNS}
    holders: dict[str, list[str]] = {}
    for key in sorted(own):
        for run in sorted(own[key])[:_FIRST_RUNS]:
            if used[run] > 1:
                holders.setdefault(run, []).append(key)
    pairs = {pair for keys in holders.values() for pair in combinations(keys, 2)}
    return sorted((one, other) for one, other in pairs if alike(own[one], own[other]) >= SAME_AS_A_COLLEAGUE)


def same_comments(rows: Iterable[Result]) -> dict[tuple[Week, str], bool]:
    """Of every comment of a manager that has four words or more: whether somebody else was given the very same in that week by the same manager."""
    said: dict[tuple[Week, str, str], list[str]] = {}
    for row in rows:
        words = words_of(row.comment)
        if len(words) >= 4:
            said.setdefault((row.week, code_key(row.scorer), " ".join(words)), []).append(code_key(row.code))
    return {(week, key): len(keys) > 1 for (week, _, _), keys in said.items() for key in keys}
