"""Hostile and spoiled files: each gets the answer that the table says, nothing is read wrongly, and the week beside them is as it would be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evalxl import words
from evalxl.excel import returned
from evalxl.forms import values
from tests.hostile import flips
from tests.hostile.__main__ import answers
from tests.hostile.cases import cases
from tests.hostile.mixed import mixed

ROOMS = ("guard", "recognise", "xml_pass", "cells", "words_in_runs", "reading")


def test_every_hostile_file_gets_the_answer_of_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    asked = answers()

    with capsys.disabled():
        print(f"\n{asked}")
    assert asked.wrong == []
    assert asked.files == len({case.name for case in cases()}) >= 600


def test_every_reason_to_refuse_has_a_file_that_is_refused_for_it() -> None:
    folder = Path(next(iter(returned.__path__)))
    source = "".join((folder / f"{room}.py").read_text(encoding="utf-8") for room in ROOMS)
    source += Path(values.__file__).read_text(encoding="utf-8")
    reasons = set(re.findall(r'"((?:file|score)\.\w+)"', source))
    shown = {kind for case in cases() for kind in case.kinds}

    # A value that a line of a rule book does not allow: the standard rule book has no lines (stories/test_lines_of_parts).
    assert reasons - shown == {"score.not_allowed"}


def test_whoever_is_refused_is_told_in_both_languages_what_to_do() -> None:
    for kind in sorted({kind for case in cases() for kind in case.kinds if case.verdict in ("refused", "invalid")}):
        assert words.level_of(kind) in ("error", "warning"), kind
        for lang in ("vi", "en"):
            assert words.catalogue()[kind][lang] and words.catalogue()[kind][f"remedy_{lang}"], kind
        # An office clerk is told to do something, politely, and not what a program found inside a package.
        assert "ề nghị" in words.catalogue()[kind]["remedy_vi"], kind


def test_a_damaged_form_is_refused_or_reads_as_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    tallies = (flips.bits(1_000), flips.lengths(97), flips.directory(False))

    for tally in tallies:
        with capsys.disabled():
            print(f"\n{tally}")
        assert tally.different == []
        assert tally.files > 200


def test_a_week_with_hostile_files_books_what_it_books_without_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The long run lays all of them beside two thousand good forms."""
    week = mixed(tmp_path, every=5)

    with capsys.disabled():
        print(f"\n{week}")
    assert week.differences == []
    assert week.twice == []
    assert week.counts["submitted"] == week.good
    assert (
        week.counts["invalid"]
        + week.counts["refused"]
        + sum(week.counts.get(word, 0) for word in ("duplicate", "same"))
        == week.hostile
    )
