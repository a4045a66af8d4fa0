"""Whether the tests bite: 500 slips are made in domain/ and steps/booking, one at a time, and each should make a test fail.

    pip install -e .[test,mutation]
    python -m tests.mutation               tries them, one to two hours on one core; begun again, it goes on
    python -m tests.mutation --survivors   shows the slips that no test noticed

The seed draws the same slips for everybody, whatever other code changes beside them. They are made in a copy of the last commit.
(`tests/mutants` is something else: there, filled workbooks are altered.)
"""

from __future__ import annotations

import difflib
import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

from tests.mutation.nearest_tests import tests_beside, tests_through
from tests.mutation.operators import Mutant, altered, mutants_of
from tests.mutation.runner import failing

COUNT, SEED = 500, 16
MODULES = ("evalxl/domain", "evalxl/steps/booking")
_HERE = Path(__file__).parents[2]


def drawn(tree: Path, count: int, seed: int) -> list[Mutant]:
    """The mutants that a seed draws from a source tree."""
    paths = sorted(path for folder in MODULES for path in (tree / folder).rglob("*.py"))
    every = (
        mutant
        for path in paths
        for mutant in mutants_of(path.relative_to(tree).as_posix(), path.read_text(encoding="utf-8"), seed)
    )
    return sorted(every, key=lambda mutant: mutant.rank)[:count]


@contextmanager
def made(tree: Path, mutant: Mutant) -> Iterator[None]:
    """The slip stands in the copy."""
    path = tree / mutant.module
    code = path.read_text(encoding="utf-8")
    path.write_text(altered(code, mutant), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(code, encoding="utf-8")


def difference(tree: Path, mutant: Mutant) -> Iterator[str]:
    code = (tree / mutant.module).read_text(encoding="utf-8")
    lines = difflib.unified_diff(code.splitlines(), altered(code, mutant).splitlines(), n=0, lineterm="")
    yield from (line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---"))


class Trial:
    """What is known of each mutant: which tests were tried, and who noticed it. Kept in a file, so that a run can go on where it ended."""

    def __init__(self, tree: Path, kept: Path) -> None:
        self.tree, self.kept = tree, kept
        lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
        self.told = {(one["rank"], one["tests"]): one["noticed"] for one in map(json.loads, lines)}

    def noticed(self, mutant: Mutant) -> str:
        """Who noticed a mutant: `beside`, `story`, or nobody (empty)."""
        return next((tests for tests in ("beside", "story") if self.told.get((mutant.rank, tests))), "")

    def try_all(self, mutants: Sequence[Mutant], quick: bool = False) -> None:
        """The tests beside the modules are quick and are asked first; the stories where those noticed nothing, or are none."""
        for tests, of in (("beside", tests_beside), ("story", tests_through)):
            for number, mutant in enumerate(mutants, 1):
                known = self.noticed(mutant) or (mutant.rank, tests) in self.told
                if known or (quick and tests == "story" and tests_beside(mutant.module, self.tree)):
                    continue
                with made(self.tree, mutant):
                    said = failing(self.tree, of(mutant.module, self.tree))
                self.told[mutant.rank, tests] = said
                with self.kept.open("a", encoding="utf-8") as kept:
                    record = {"rank": mutant.rank, "tests": tests, "noticed": said, "name": mutant.name}
                    kept.write(json.dumps(record) + "\n")
                print(f"{number}/{len(mutants)} {tests} {said or 'SURVIVES'}  {mutant.name}", flush=True)


def main() -> None:
    asked = ArgumentParser(prog="python -m tests.mutation", description=__doc__.partition("\n")[0])
    asked.add_argument("--count", type=int, default=COUNT)
    asked.add_argument("--seed", type=int, default=SEED)
    asked.add_argument("--copy", type=Path, default=Path(gettempdir()) / "evalxl-mutation", help="where the copy lies")
    asked.add_argument("--quick", action="store_true", help="stories only where no test lies beside the module")
    asked.add_argument("--survivors", action="store_true")
    given = asked.parse_args()
    tree = given.copy / "evalxl"
    if not tree.exists():
        subprocess.run(["git", "clone", "--quiet", str(_HERE), str(tree)], check=True)
    mutants, trial = drawn(tree, given.count, given.seed), Trial(tree, given.copy / "results.jsonl")
    if not given.survivors:
        if failing(tree, ["tests/domain"]):
            sys.exit("The tests fail without any slip.")
        trial.try_all(mutants, given.quick)
    survivors = [mutant for mutant in mutants if not trial.noticed(mutant)]
    for mutant in survivors if given.survivors else ():
        print(mutant.name, *difference(tree, mutant), "", sep="\n")
    killed = Counter(trial.noticed(mutant) for mutant in mutants if mutant not in survivors)
    share = f"{sum(killed.values()) / len(mutants):.0%}"
    print(f"{len(mutants)} mutants, seed {given.seed}: {share} killed, {dict(killed)}; {len(survivors)} survive")


if __name__ == "__main__":
    os.environ["CI"] = "true"  # Hypothesis draws the same examples in each run
    main()
