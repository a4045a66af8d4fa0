"""The standard templates: `build` makes them, `check` says what an office's own template lacks.

A template is the layout: its defined names (`ev_…`) say where the fields are. No other code knows a cell address.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType

from evalxl.domain.rulebook import RuleBook
from evalxl.excel.templates.check import check
from evalxl.forms.kind import SIZES, Builder, IncompleteKindError, WorkbookKind, known_kinds, template_name
from evalxl.words import Lang

__all__ = ["LARGER", "STANDARD", "build", "builder_of", "check"]

_LANGS: tuple[Lang, ...] = ("vi", "en")

# The files of templates/, each with what it is.
STANDARD: MappingProxyType[str, tuple[WorkbookKind, Lang]] = MappingProxyType(
    {template_name(kind, lang): (kind, lang) for lang in _LANGS for kind in known_kinds()}
)

# Those for more people: as above, and for how many.
LARGER: MappingProxyType[str, tuple[WorkbookKind, Lang, int]] = MappingProxyType(
    {
        template_name(kind, lang, size): (kind, lang, size)
        for kind in known_kinds()
        if kind.sized
        for lang in _LANGS
        for size in SIZES[1:]
    }
)


def build(kind: WorkbookKind, rules: RuleBook, lang: Lang = "vi", size: int = SIZES[0]) -> bytes:
    """The standard template of a kind under a rule book; equal rules give equal bytes.

    Args:
        rules: Gives maxima, bands, the scoring guide and when a reason is needed.
        size: For how many people a list of people has rows, one of `SIZES`; a form has a list of task codes of that capacity.
        lang: The language of labels. The words of choices stay Vietnamese: they are what the reader knows.
    """
    return builder_of(kind)(kind, rules, lang, size)


def builder_of(kind: WorkbookKind) -> Builder:
    """What makes the template of a kind: what its record says, else the module of this folder that has the kind's name.

    Raises:
        IncompleteKindError: there is no such module, or it makes no template.
    """
    if not isinstance(kind.template, str):
        return kind.template
    name = f"{__name__}.{kind.template or kind.name}"
    builder: Builder | None = getattr(import_module(name), "build", None) if find_spec(name) else None
    if builder is None:
        raise IncompleteKindError(kind, "nothing makes its template")
    return builder
