"""One thing wrong with the bytes of a good form: a bit, the end, or a byte of the zip's directory.

Whatever it is, the file is refused or reads just as it did; there is no third way.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from tests.hostile.cases import SEED, booked
from tests.hostile.good import answer, good


@dataclass
class Tally:
    """What a kind of damage came to."""

    what: str
    files: int = 0
    equal: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    different: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {count}" for kind, count in self.kinds.most_common())
        return f"{self.what}: {self.files} files, {self.equal} read equal, {len(self.different)} silently different; refused: {kinds or 'none'}"

    def add(self, name: str, data: bytes) -> None:
        seen = answer(data)
        self.files += 1
        if seen.verdict in ("refused", "invalid"):
            self.kinds[seen.findings[0].kind] += 1
        elif seen == booked():
            self.equal += 1
        else:
            self.different.append(name)


def bits(count: int) -> Tally:
    """So many bits turned, each in a file of its own."""
    data = good().data
    tally = Tally("a bit turned")
    for bit in Random(SEED).sample(range(len(data) * 8), min(count, len(data) * 8)):
        copy = bytearray(data)
        copy[bit // 8] ^= 1 << bit % 8
        tally.add(f"bit {bit}", bytes(copy))
    return tally


def lengths(step: int) -> Tally:
    """Cut off at every length, or at every so manieth."""
    data = good().data
    tally = Tally("cut off")
    for length in range(0, len(data), step):
        tally.add(f"{length} bytes", data[:length])
    return tally


def directory(every_bit: bool) -> Tally:
    """Every byte of the zip's directory and its end: zero, all ones, and with each of its bits turned."""
    data = good().data
    start = int.from_bytes(data[-6:-2], "little")
    tally = Tally("a byte of the directory")
    for at in range(start, len(data)):
        turned = {data[at] ^ 1 << bit for bit in range(8)} if every_bit else set()
        for value in sorted({0, 255} | turned):
            if data[at] != value:
                tally.add(f"byte {at} is {value}", data[:at] + bytes([value]) + data[at + 1 :])
    return tally
