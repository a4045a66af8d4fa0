"""The standard templates: `build` makes them, `check` says what an office's own template lacks.

A template is the layout: its defined names (`ev_…`) say where the fields are. No other code knows a cell address.
"""

from __future__ import annotations

from types import MappingProxyType

from evalxl.domain.rulebook import RuleBook
from evalxl.excel.templates import approval, follow_up, form, period_input, scoring
from evalxl.excel.templates.check import check
from evalxl.forms.fields import FIELDS, Kind
from evalxl.words import Lang

__all__ = ["STANDARD", "build", "check"]

_KINDS = {kind.value: kind for kind in FIELDS}

# The files of templates/, each with what it is.
STANDARD: MappingProxyType[str, tuple[Kind, Lang]] = MappingProxyType(
    {f"{name}.xlsx": (kind, "vi") for name, kind in _KINDS.items()}
    | {f"{name}.en.xlsx": (kind, "en") for name, kind in _KINDS.items()}
)


def build(kind: Kind, rules: RuleBook, lang: Lang = "vi") -> bytes:
    """The standard template of a kind under a rule book; equal rules give equal bytes.

    Args:
        kind: Form, unit form, scoring, approval, follow-up or period input.
        rules: Gives maxima, bands, the scoring guide and when a reason is needed.
        lang: The language of labels. The words of choices stay Vietnamese: they are what the reader knows.
    """
    if kind is Kind.SCORING:
        return scoring.build(rules, lang)
    if kind is Kind.APPROVAL:
        return approval.build(rules, lang)
    if kind is Kind.FOLLOW_UP:
        return follow_up.build(rules, lang)
    if kind is Kind.PERIOD_INPUT:
        return period_input.build(rules, lang)
    return form.build(kind, rules, lang)
