"""The standard templates: `build` makes them, `check` says what an office's own template lacks.

A template is the layout: its defined names (`ev_…`) say where the fields are. No other code knows a cell address.
"""

from __future__ import annotations

from types import MappingProxyType

from evalxl.domain.rulebook import RuleBook
from evalxl.excel.templates import approval, follow_up, form, period_input, scoring
from evalxl.excel.templates.check import check
from evalxl.forms.fields import KINDS, SIZED_KINDS, SIZES, Kind, template_name
from evalxl.words import Lang

__all__ = ["LARGER", "STANDARD", "build", "check"]

_LANGS: tuple[Lang, ...] = ("vi", "en")
_KINDS = {kind.value: kind for kind in KINDS}

# The files of templates/, each with what it is.
STANDARD: MappingProxyType[str, tuple[Kind, Lang]] = MappingProxyType(
    {f"{name}.xlsx": (kind, "vi") for name, kind in _KINDS.items()}
    | {f"{name}.en.xlsx": (kind, "en") for name, kind in _KINDS.items()}
)


# Those for more people: as above, and for how many.
LARGER: MappingProxyType[str, tuple[Kind, Lang, int]] = MappingProxyType(
    {
        template_name(kind, lang, size): (kind, lang, size)
        for kind in SIZED_KINDS
        for lang in _LANGS
        for size in SIZES[1:]
    }
)


def build(kind: Kind, rules: RuleBook, lang: Lang = "vi", size: int = SIZES[0]) -> bytes:
    """The standard template of a kind under a rule book; equal rules give equal bytes.

    Args:
        kind: Form, unit form, scoring, approval, follow-up or period input.
        rules: Gives maxima, bands, the scoring guide and when a reason is needed.
        size: For how many people a list of people has rows, one of `SIZES`; a form has a list of task codes of that capacity.
        lang: The language of labels. The words of choices stay Vietnamese: they are what the reader knows.
    """
    if kind is Kind.SCORING:
        return scoring.build(rules, lang, size)
    if kind is Kind.APPROVAL:
        return approval.build(rules, lang, size)
    if kind is Kind.FOLLOW_UP:
        return follow_up.build(rules, lang)
    if kind is Kind.PERIOD_INPUT:
        return period_input.build(rules, lang, size)
    return form.build(kind, rules, lang, size)
