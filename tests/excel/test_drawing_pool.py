"""Whoever draws a workbook draws the same one, and a process that ends costs nothing but its work."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from evalxl.domain.errors import WorkerSlip, where_it_happened
from evalxl.excel.drawing_pool import draw_here, drawing_pool, kept_drawing_pool
from evalxl.excel.masters import draw_master
from evalxl.excel.masters.result_sheet import SignedPage, draw_page, draw_result_sheet
from evalxl.words import Lang
from tests.samples_of_weeks import week_of

NO_ROOTS: Mapping[str, str] = {}
SUBJECT: Mapping[str, str] = {"evalxl.subject": ""}


def who_drew(first: int, piece: int) -> bytes:
    """Stands for drawing: which piece it was, and which process drew it."""
    return b"%d %d" % (first + piece, os.getpid())


def once_in_another_process(here: tuple[int, Path], piece: int) -> bytes:
    """Drawing for which the machine has no memory, in any process but the one that began."""
    process, log = here
    if os.getpid() != process:
        with log.open("a", encoding="utf-8") as ended:
            ended.write(f"{piece}\n")
        os._exit(86)
    return b"%d" % piece


def no_such_person(_: int, piece: int) -> bytes:
    whose = "Nguyễn Thị Đào 38,5"
    if piece == 3:
        raise KeyError(whose)
    return b"%d" % piece


def no_room_on_the_disk(_: int, piece: int) -> bytes:
    raise OSError(errno.ENOSPC, "No space left on device")


def processes(drawn: Iterator[bytes]) -> set[int]:
    return {int(one.split()[1]) for one in drawn}


def test_what_other_processes_draw_comes_in_its_order() -> None:
    with kept_drawing_pool(2) as pool:
        drawn = list(pool(who_drew, 100, range(90), 0.01))
        later = list(pool(who_drew, 500, range(9), 0.01))

    assert [int(one.split()[0]) for one in drawn] == list(range(100, 190))
    assert [int(one.split()[0]) for one in later] == list(range(500, 509))
    assert os.getpid() not in processes(iter(drawn + later))


def test_a_page_and_a_master_are_the_same_to_the_byte_whoever_draws_them() -> None:
    view = week_of(6, 2, 3)
    moment = view.recorded_at
    assert moment is not None
    pages = [SignedPage(row, "PP2T3MZD", 1, view.head, moment) for row in view.results[:4]]
    lang: Lang = "vi"
    common, office = (view.without_rows, lang, "master"), (lang, NO_ROOTS)
    part = (view, SUBJECT, "office")

    with kept_drawing_pool(2) as pool:
        elsewhere = [*pool(draw_page, common, pages, 0.01), *pool(draw_master, office, [part], 0.03)]

    assert elsewhere == [*draw_here(draw_page, common, pages), draw_master(office, part)]
    stamp = {"evalxl.kind": "master", "evalxl.subject": pages[0].row.code}
    assert elsewhere[0] == draw_result_sheet(view, pages[0].row, "PP2T3MZD", 1, "vi", stamp)


def test_what_a_process_ended_over_is_drawn_here(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    with kept_drawing_pool(2) as pool:
        drawn = list(pool(once_in_another_process, (os.getpid(), ended), range(4), 0.05))

    assert drawn == [b"0", b"1", b"2", b"3"]
    assert ended.read_text(encoding="utf-8").split()


def test_a_slip_in_drawing_says_where_it_happened_and_nothing_that_it_was_about() -> None:
    """The frames of another process are not sent along, so the log would have only where its result was waited for."""
    with kept_drawing_pool(2) as pool, pytest.raises(WorkerSlip) as slip:
        list(pool(no_such_person, 0, range(9), 0.05))
    logged = where_it_happened(slip.value)

    assert "in no_such_person" in logged and "builtins.KeyError" in logged
    assert "Nguyễn Thị Đào 38,5" not in logged


def test_a_disk_that_fails_in_drawing_is_told_as_if_it_had_failed_here() -> None:
    with kept_drawing_pool(2) as pool, pytest.raises(OSError, match="No space left"):
        list(pool(no_room_on_the_disk, 0, range(9), 0.05))


def test_a_few_pages_are_drawn_without_starting_a_process() -> None:
    assert processes(drawing_pool(2)(who_drew, 0, range(60), 0.01)) == {os.getpid()}


def test_the_pages_of_a_large_office_are_drawn_by_other_processes() -> None:
    assert os.getpid() not in processes(drawing_pool(2)(who_drew, 0, range(400), 0.01))


def test_an_office_that_allows_one_worker_draws_here() -> None:
    assert processes(drawing_pool(1)(who_drew, 0, range(400), 0.01)) == {os.getpid()}


def test_whoever_stops_looking_leaves_nothing_under_way() -> None:
    taken: list[int] = []

    def pieces() -> Iterator[int]:
        for piece in range(1000):
            taken.append(piece)
            yield piece

    with kept_drawing_pool(2) as pool:
        drawn = pool(who_drew, 0, pieces(), 0.05)
        next(drawn)
        drawn.close()
        again = list(pool(who_drew, 0, range(3), 0.05))

    assert len(taken) < 10
    assert len(again) == 3
