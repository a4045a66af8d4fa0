"""A program is started only from where the machine keeps its programs."""

from __future__ import annotations

from pathlib import Path

from evalxl.records.programs import on_path


def test_a_program_of_the_machine_is_found() -> None:
    assert on_path("soffice", lambda name: f"/usr/bin/{name}") == Path("/usr/bin/soffice").absolute()
    assert on_path("soffice", lambda _: None) is None


def test_a_program_that_lies_in_the_folder_in_which_somebody_works_is_not_taken() -> None:
    assert on_path("soffice", lambda name: f"./{name}.EXE") is None
    assert on_path("soffice", lambda name: str(Path.cwd() / f"{name}.EXE")) is None
