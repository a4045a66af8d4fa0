"""What a kind of finding means: how serious it is, what it says, what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from evalxl.words import Lang, Level, catalogue, level_of


@dataclass(frozen=True, slots=True)
class ExplainedFinding:
    """A kind of finding. Its sentences keep the places that a finding fills, `{cell}`."""

    kind: str

    @property
    def level(self) -> Level:
        return level_of(self.kind)

    def message(self, lang: Lang) -> str:
        return catalogue()[self.kind][lang]

    def remedy(self, lang: Lang) -> str:
        return catalogue()[self.kind].get(f"remedy_{lang}", "")


def finding_named(name: str) -> ExplainedFinding | None:
    """The kind of finding with a name; None where no kind has it."""
    kind = name.strip().casefold()
    return ExplainedFinding(kind) if "level" in catalogue().get(kind, {}) else None
