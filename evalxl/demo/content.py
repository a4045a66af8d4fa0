"""The texts that people of the sample office write. They are stored in `content.toml` beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

Texts = tuple[str, ...]


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SampleWork(_Frozen):
    """A piece of work: its name, its product and its evidence."""

    code: str
    name: str
    product: str
    evidence: str


class Content(_Frozen):
    """Everything that a person of the sample office may write.

    Attributes:
        many: Units of measure with large counts.
        hard: The important works of people whose weeks go badly.
        asks_review: The reply that requests a review of last week's result.
        given: The tasks that managers give for the next week, each with its product.
        conduct, comments: By band.
    """

    works: tuple[SampleWork, ...]
    letter: str
    many: Texts
    hard: Texts
    given: Mapping[str, str]
    conduct: Mapping[str, Texts]
    difficulties: Texts
    proposals: Texts
    added_difficulty: str
    agrees: str
    asks_review: str
    answers: Texts
    passed_to: Texts
    decides: str
    review_answer: str
    causes_accepted: Texts
    causes_own: Texts
    comments: Mapping[str, Texts]
    breaches: Texts
    breach_comment: str
    explanations: Texts
    without_form: str
    return_reasons: Texts
    added_comment: str
    approver_returns: Texts
    adjustments: Texts
    opinions: Texts
    paper: str
    the_person: str
    talk_causes: Texts
    talk_measures: Texts
    talk_outcomes: Texts
    notes: Texts

    @property
    def replies(self) -> Texts:
        """People's replies to last week's result."""
        return self.agrees, self.asks_review


@cache
def content() -> Content:
    """The texts, read once."""
    return Content.model_validate(tomllib.loads((files(__package__) / "content.toml").read_text(encoding="utf-8")))
