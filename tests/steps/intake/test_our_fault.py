"""A slip of a programmer over one file is nobody's fault who filled it: the log has it, the run goes on, and the file is read again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from evalxl.addin.reporter import Reporter
from evalxl.cli.log import keep_log, log_path
from evalxl.cli.show import as_text, exit_code
from evalxl.domain.weeks import Week
from evalxl.excel.returned.examine import Examined
from evalxl.excel.returned.workers import examine_in_worker, in_workers
from evalxl.excel.stamping.peek_stamp import peek_stamp
from evalxl.steps.consolidate import Consolidated, consolidate
from evalxl.steps.office.office import Clock, Office
from tests.little_office import LittleOffice

THEIRS = "Vũ Văn An 38,5"  # what a message of Python's might say of somebody


def slips_over_one_form(data: bytes) -> Examined:
    """Reads like the program, but for V1-03's form and V1-02's workbook, over which it slips as a programmer may."""
    said = peek_stamp(data)
    if (said.get("kind"), said.get("subject")) in (("form", "V1-03"), ("scoring", "V1-02")):
        return {"rows": said}[THEIRS]  # type: ignore[return-value]
    return examine_in_worker(data)


def pressed_where_it_slips(little: LittleOffice) -> Consolidated:
    office = Office.open(little.folder)
    office.examiner = in_workers(1, task=slips_over_one_form)
    week = Week.parse(little.week)
    now = office.history.week(week).last_at
    assert now is not None
    return consolidate(office, week, Clock(now, "văn phòng"))


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The user's log, in a home of the test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "state"))
    handlers = list(logging.getLogger("evalxl").handlers)
    keep_log()
    yield log_path()
    logging.getLogger("evalxl").handlers[:] = handlers


def test_the_log_has_where_it_happened_the_others_are_read_and_nobody_is_told_to_save_differently(
    issued: LittleOffice, log: Path
) -> None:
    issued.hand_in("V1-03", "V1-04", "P-02")
    done = pressed_where_it_slips(issued)
    logged, receipt = log.read_text(encoding="utf-8"), issued.receipt("V1-03")

    assert exit_code(done) == 1
    assert [issued.result(code)["state"] for code in ("V1-03", "V1-04", "P-02")] == [
        "invalid",
        "submitted",
        "submitted",
    ]
    assert (done.collected.files.accepted, done.collected.files.waiting, done.collected.files.refused) == (2, 1, 0)
    assert issued.finding("file.our_fault")["code"] == "V1-03"
    assert next(row for row in issued.table("missing") if row["code"] == "V1-03")["reason"] == "form_not_read"

    assert "form V1-03" in logged and "Traceback" not in logged
    assert "in slips_over_one_form" in logged and "KeyError" in logged
    assert THEIRS not in logged and "38,5" not in logged and "vu-van-an" not in logged.lower()
    assert str(log) in as_text(done, "vi")

    assert "không phải sửa, lưu lại hay nộp lại" in receipt and "do lỗi của chương trình" in receipt
    assert "Cần sửa" not in receipt and ".xlsx mới" not in receipt and "quá hạn" not in receipt


def test_the_file_is_read_again_with_every_press_and_counts_as_if_nothing_had_happened(
    issued: LittleOffice, log: Path
) -> None:
    """Bytes that lie there twice are one form, before and after."""
    form = issued.hand_in("V1-03")
    issued.in_time(issued.copy_of(form)).rename(form.with_name("bản sao.xlsx"))
    pressed_where_it_slips(issued)
    again = pressed_where_it_slips(issued)

    assert again.collected.events == 0
    assert log.read_text(encoding="utf-8").count("not read by our own fault") == 2 + 1

    issued.consolidate()

    assert (issued.result("V1-03")["state"], issued.result("V1-03")["flags"]) == ("submitted", "provisional")
    assert "file.our_fault" not in issued.findings()
    assert "lỗi của chính nó" not in issued.receipt("V1-03") and "  2. " not in issued.receipt("V1-03")
    assert issued.say("verify")


def test_a_managers_workbook_stays_as_it_is_until_it_was_read(handed_in: LittleOffice, log: Path) -> None:
    handed_in.scored("V1-03", "V1-04")
    book = handed_in.scoring("V1-02")
    typed = book.read_bytes()
    pressed_where_it_slips(handed_in)

    waiting = next(row for row in handed_in.table("missing") if row["code"] == "V1-03")
    assert book.read_bytes() == typed
    assert (waiting["reason"], waiting["waits_for"]) == ("scoring_not_read", "")
    assert "lỗi của chính nó" not in handed_in.receipt("V1-03")

    handed_in.consolidate()

    assert [handed_in.result(code)["state"] for code in ("V1-03", "V1-04")] == ["scored", "scored"]


def test_the_job_of_a_button_has_it_in_its_own_log_too(issued: LittleOffice, log: Path, tmp_path: Path) -> None:
    issued.hand_in("V1-03")
    reporter = Reporter(tmp_path)
    with reporter.keeping_log():
        pressed_where_it_slips(issued)
    logged = reporter.log().read_text(encoding="utf-8")

    assert "form V1-03" in logged and "in slips_over_one_form" in logged and THEIRS not in logged
