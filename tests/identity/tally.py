"""What a round of attacks found."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Tally:
    """How many attacks were tried, and which of them did something that they should not, or were not told.

    Attributes:
        held: Rightful acts among what was tried, which have to be booked: a test that refused everything would be of no use.
    """

    what: str
    tried: int = 0
    held: int = 0
    failures: list[str] = field(default_factory=list)

    def expect(self, holds: bool, where: str, rightful: bool = False) -> None:
        self.tried += 1
        self.held += rightful
        if not holds:
            self.failures.append(where)

    def __str__(self) -> str:
        attacks = self.tried - self.held
        return f"{self.what}: {attacks} attacks, {self.held} rightful acts beside them, {len(self.failures)} failures"
