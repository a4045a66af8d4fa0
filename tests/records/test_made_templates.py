"""A template that was built for a rule book is not built again at the next press of the button."""

from __future__ import annotations

from pathlib import Path

from evalxl.records.made_templates import FOLDER, MOST, kept_template


def test_a_template_is_built_once_and_then_kept(tmp_path: Path) -> None:
    built: list[bytes] = []

    def build() -> bytes:
        built.append(b"form")
        return b"form"

    assert [kept_template(tmp_path, "0.3/form/vi", build) for _ in range(3)] == [b"form"] * 3
    assert len(built) == 1


def test_what_the_template_follows_from_makes_it_another_one(tmp_path: Path) -> None:
    assert kept_template(tmp_path, "0.3/form/vi", lambda: b"vi") == b"vi"
    assert kept_template(tmp_path, "0.3/form/en", lambda: b"en") == b"en"


def test_a_kept_template_that_was_altered_or_cut_off_is_built_again(tmp_path: Path) -> None:
    kept_template(tmp_path, "0.3/form/vi", lambda: b"form")
    for path in (tmp_path / FOLDER).iterdir():
        path.write_bytes(b"fo")

    assert kept_template(tmp_path, "0.3/form/vi", lambda: b"form") == b"form"


def test_a_cache_that_cannot_be_written_keeps_nothing_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_bytes(b"a file where the folder should be")

    assert kept_template(tmp_path, "0.3/form/vi", lambda: b"form") == b"form"


def test_only_so_many_templates_are_kept(tmp_path: Path) -> None:
    for number in range(MOST + 5):
        kept_template(tmp_path, str(number), lambda number=number: str(number).encode())  # type: ignore[misc]

    assert len(list((tmp_path / FOLDER).iterdir())) == MOST
