"""`python -m tests.samples`: makes the sample files again. What is expected of them, beside each, is written by hand."""

from __future__ import annotations

from tests.samples.kinds import FOLDER, SAMPLES, sample

if __name__ == "__main__":
    for name in SAMPLES:
        (FOLDER / f"{name}.xlsx").write_bytes(sample(name))
    print(f"{len(SAMPLES)} sample files in {FOLDER.name}")
