"""A program is started only from where the machine keeps its programs."""

from __future__ import annotations

from pathlib import Path

from evalxl.records.programs import on_path


def test_a_program_of_the_machine_is_found() -> None:
    place = Path("/usr/bin").absolute()
    assert on_path("soffice", lambda name: str(place / name)) == place / "soffice"
    assert on_path("soffice", lambda _: None) is None


def test_a_program_that_lies_in_the_folder_in_which_somebody_works_is_not_taken() -> None:
    assert on_path("soffice", lambda name: f"./{name}.EXE") is None
    assert on_path("soffice", lambda name: str(Path.cwd() / f"{name}.EXE")) is None
