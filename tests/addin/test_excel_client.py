"""The buttons of Excel at work: the shipped VBA project runs in LibreOffice, from the press of a button to the opened result."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from evalxl import __version__
from evalxl.domain.weeks import Period, Week
from evalxl.words import say
from tests.addin.desk import Buttons, Desk, master


def test_a_press_starts_the_program_shows_how_far_it_is_and_opens_the_result_where_somebody_is_needed(
    desk: Desk, buttons: Buttons, tmp_path: Path
) -> None:
    path = master(tmp_path)
    desk.play(
        ("running", 10, "Đang đọc phiếu đơn vị Đào tạo", 1.5),
        ("warn", 100, "", 0),
        result={"open": path, "sheet": "Lỗi, lưu ý", "row": 7, "message": "Đã tổng hợp 3 đơn vị, 42 phiếu, 2 lỗi."},
    )

    buttons.press("Consolidate")
    said = buttons.everything_said()

    week = str(Week.of(date.today()))
    assert said == [
        say("client.starting"),
        "Đang đọc phiếu đơn vị Đào tạo (10%)",
        "Đã tổng hợp 3 đơn vị, 42 phiếu, 2 lỗi.",
    ]
    assert buttons.opened() == [{"path": str(path), "sheet": "Lỗi, lưu ý", "row": 7, "read_only": True}]
    assert desk.asked["words"][:2] == ["addin-run", "consolidate"]
    asked = desk.asked["request"]
    assert asked["office"] == str(desk.office)
    assert (asked["job"], asked["week"], asked["client"], asked["version"], asked["lang"]) == (
        "consolidate",
        week,
        "excel",
        __version__,
        "vi",
    )


@pytest.mark.parametrize(
    ("button", "answer", "expected"),
    [
        ("Issue", "", {"job": "issue", "week": "2025-W23"}),
        ("WhoIsMissing", "", {"job": "who-is-missing", "week": "2025-W23"}),
        ("Check", "", {"job": "check", "week": ""}),
        ("Close", "yes", {"job": "close", "week": "2025-W23"}),
        ("Reopen", "Chấm lại theo kết luận", {"job": "reopen", "week": "2025-W23", "reason": "Chấm lại theo kết luận"}),
        ("RollUp", "", {"job": "roll-up", "week": "", "period": "2025-Q2"}),
    ],
)
def test_every_button_asks_for_its_job_with_the_chosen_week_or_period(
    desk: Desk, buttons: Buttons, button: str, answer: str, expected: dict[str, str]
) -> None:
    desk.play(("ok", 100, "Xong.", 0))
    buttons.document.click("EvalxlRibbon.OnWeek", "2025-W23", 5)
    buttons.document.click("EvalxlRibbon.OnPeriod", "2025-Q2", 5)
    buttons.answers(answer)

    buttons.press(button)
    assert buttons.everything_said()[-1] == "Xong."

    assert {key: desk.asked["request"][key] for key in expected} == expected


@pytest.mark.parametrize(
    ("button", "answer", "key"), [("Close", "-", "not_confirmed"), ("Reopen", "-", "reason_needed")]
)
def test_closing_needs_a_yes_and_reopening_a_reason(
    desk: Desk, buttons: Buttons, button: str, answer: str, key: str
) -> None:
    buttons.answers(answer)

    buttons.press(button)

    assert buttons.said() == say(f"client.{key}")
    assert desk.jobs() == []


def test_what_the_program_asks_before_closing_is_asked_and_the_yes_travels_with_the_next_request(
    desk: Desk, buttons: Buttons
) -> None:
    """The week has not ended: the program does nothing before somebody agrees."""
    desk.play(("ok", 100, "Xong.", 0), result={"ask": "Tuần 23 chưa kết thúc nên chưa chốt. Vẫn chốt?"})
    buttons.document.click("EvalxlRibbon.OnWeek", "2025-W23", 5)
    buttons.answers("yes")

    buttons.press("Close")
    assert buttons.everything_said()[-1] == "Xong."

    assert len(desk.jobs()) == 2
    assert {key: desk.asked["request"][key] for key in ("job", "week", "yes")} == {
        "job": "close",
        "week": "2025-W23",
        "yes": "1",
    }
    desk.play(("ok", 100, "Xong.", 0))
    buttons.press("Close")
    assert buttons.everything_said()[-1] == "Xong."
    assert "yes" not in desk.asked["request"]  # who agreed once did so for that week alone


def test_a_second_press_waits_for_the_first(desk: Desk, buttons: Buttons) -> None:
    desk.play(("running", 10, "Đang đọc", 2), ("ok", 100, "Xong.", 0))

    buttons.press("Consolidate")
    buttons.press("Issue")

    assert buttons.said() == say("client.busy")
    assert buttons.everything_said()[-1] == "Xong."
    assert len(desk.jobs()) == 1


def test_a_job_is_cancelled_at_the_next_safe_place(desk: Desk, buttons: Buttons) -> None:
    desk.play(("running", 10, "Đang đọc", 0), ("wait for cancel", 0, "", 0), ("cancelled", 100, "", 0))

    buttons.press("Consolidate")
    buttons.until(lambda: buttons.said() == "Đang đọc (10%)")
    buttons.press("Cancel")
    said = buttons.everything_said()

    assert said == [say("client.cancelling"), say("client.cancelled")]
    assert buttons.opened() == []


def test_a_job_that_failed_says_so_in_the_programs_sentence(desk: Desk, buttons: Buttons) -> None:
    sentence = "Văn thư Nguyễn Thị Én đang làm việc từ 08:15; đề nghị chờ rồi bấm lại."
    desk.play(("fail", 100, sentence, 0))

    buttons.press("Consolidate")

    assert buttons.everything_said()[-1] == sentence


def test_a_crash_names_the_log(desk: Desk, buttons: Buttons) -> None:
    desk.play(("fail", 100, "", 0), result={"log": "D:\\evalxl\\log.txt"})

    buttons.press("Consolidate")

    assert buttons.everything_said()[-1] == say("client.failed", log="D:\\evalxl\\log.txt")


def test_a_machine_without_the_program_says_whom_to_ask(desk: Desk, buttons: Buttons) -> None:
    desk.remove("exe.txt")

    buttons.press("Consolidate")

    assert buttons.said() == say("client.not_installed")
    assert desk.jobs() == []


def test_a_program_that_does_not_answer_is_given_up(desk: Desk, buttons: Buttons) -> None:
    desk.play()  # starts, and says nothing
    buttons.waits_no_longer_than(2)

    buttons.press("Consolidate")
    said = buttons.everything_said()

    assert said[-1] == say("client.no_answer", seconds=2, folder=desk.jobs()[0])
    assert not buttons.is_busy()


def test_a_program_that_cannot_be_started_is_told(desk: Desk, buttons: Buttons) -> None:
    desk.put("exe.txt", str(desk.home / "gone"))
    buttons.waits_no_longer_than(2)

    buttons.press("Consolidate")
    said = buttons.everything_said()

    assert said[-1] in {say("client.no_start"), say("client.no_answer", seconds=2, folder=desk.jobs()[0])}


def test_old_buttons_are_told_in_one_sentence(desk: Desk, buttons: Buttons) -> None:
    desk.play(("ok", 100, "Xong.", 0), result={"version": "9.9"})

    buttons.press("Consolidate")

    assert buttons.everything_said()[-1] == f"Xong. {say('client.old_addin', addin=__version__, program='9.9')}"


def test_where_the_agent_is_running_excel_starts_nothing(desk: Desk, buttons: Buttons) -> None:
    """An office whose policy forbids Excel to start programs."""
    desk.agent_beats(datetime.now() - timedelta(seconds=3))
    desk.remove("exe.txt")

    buttons.press("Consolidate")
    buttons.until(lambda: len(desk.jobs()) == 1)
    job = desk.jobs()[0]
    assert buttons.is_busy()
    assert [entry.name for entry in job.iterdir()] == ["request.txt"]
    (job / "status.txt").write_bytes("ok|100|Xong.".encode("utf-16-le"))

    assert buttons.everything_said()[-1] == "Xong."
    assert not desk.was_asked


def test_an_agent_without_a_sign_of_life_is_passed_over(desk: Desk, buttons: Buttons) -> None:
    desk.agent_beats(datetime.now() - timedelta(seconds=40))
    desk.play(("ok", 100, "Xong.", 0))

    buttons.press("Consolidate")

    assert buttons.everything_said()[-1] == "Xong."
    assert desk.was_asked


def test_an_office_folder_is_chosen_once(desk: Desk, buttons: Buttons, tmp_path: Path) -> None:
    desk.remove("office.txt")
    desk.play(("ok", 100, "Xong.", 0))

    buttons.answers("-")
    buttons.press("Consolidate")
    assert buttons.said() == say("client.no_office")

    buttons.answers(str(tmp_path))
    buttons.press("Choose")
    assert buttons.said() == say("client.not_an_office", folder=tmp_path)

    buttons.answers(str(desk.office))
    buttons.press("Choose")
    assert buttons.said() == say("client.office_chosen", folder=desk.office)
    assert desk.text("office.txt") == str(desk.office)

    buttons.press("Consolidate")
    assert buttons.everything_said()[-1] == "Xong."


def test_a_result_that_cannot_be_opened_is_named(desk: Desk, buttons: Buttons, tmp_path: Path) -> None:
    desk.play(("ok", 100, "Xong.", 0), result={"open": tmp_path / "gone.xlsx"})

    buttons.press("Consolidate")

    assert buttons.everything_said()[-1] == f"Xong. {say('client.cannot_open', file=tmp_path / 'gone.xlsx')}"


def test_the_result_of_checking_can_be_typed_into(desk: Desk, buttons: Buttons, tmp_path: Path) -> None:
    """organisation.xlsx is opened to be mended; a master only to be read, so that it can be written anew meanwhile."""
    path = master(tmp_path, "organisation.xlsx")
    desk.play(("warn", 100, "2 lỗi.", 0), result={"open": path, "sheet": "Lỗi, lưu ý", "row": 3})

    buttons.press("Check")
    buttons.everything_said()

    assert buttons.opened() == [{"path": str(path), "sheet": "Lỗi, lưu ý", "row": 3, "read_only": False}]


def test_a_job_folder_that_cannot_be_made_is_told(desk: Desk, buttons: Buttons) -> None:
    (desk.home / "jobs").write_bytes(b"")

    buttons.press("Consolidate")

    assert buttons.said() == say("client.cannot_write", folder=desk.home)


def test_closing_the_add_in_leaves_no_timer(desk: Desk, buttons: Buttons) -> None:
    """A quitting that was called off stops the timer; the next press goes on looking."""
    desk.play(("running", 10, "Đang đọc", 1), ("ok", 100, "Xong.", 0))

    buttons.press("Consolidate")
    buttons.document.run("EvalxlRunner.StopTimers")
    until = datetime.now() + timedelta(seconds=3)
    buttons.until(lambda: datetime.now() > until)
    assert buttons.said() == say("client.starting")
    assert buttons.is_busy()

    buttons.press("Consolidate")
    assert buttons.everything_said()[-1] == "Xong."


DAYS = [date(2019, 12, 25) + timedelta(days=days) for days in range(0, 2900, 17)] + [
    date(year, month, day) for year in range(2015, 2033) for month, day in ((1, 1), (1, 4), (12, 28), (12, 31))
]


def serial(day: date) -> float:
    """A day as VBA counts it."""
    return float((day - date(1899, 12, 30)).days)


def test_excel_and_evalxl_count_weeks_alike(buttons: Buttons) -> None:
    for day in DAYS:
        week = Week.of(day)
        assert buttons.document.run("EvalxlWeeks.WeekOf", serial(day)) == str(week)
        assert buttons.document.run("EvalxlWeeks.WeekShown", str(week)) == week.shown()


def test_the_lists_show_weeks_and_periods_as_the_masters_do(buttons: Buttons) -> None:
    today = Week.of(date.today())
    assert buttons.document.shown("EvalxlRibbon.GetWeekIndex") == 1
    assert buttons.document.shown("EvalxlRibbon.GetWeekId", 0) == str(today.after())
    assert buttons.document.shown("EvalxlRibbon.GetWeekId", 1) == str(today)
    assert buttons.document.shown("EvalxlRibbon.GetWeekLabel", 1) == today.shown()
    offered = []
    for index in range(buttons.document.shown("EvalxlRibbon.GetPeriodCount")):
        period = Period.parse(buttons.document.shown("EvalxlRibbon.GetPeriodId", index))
        assert buttons.document.shown("EvalxlRibbon.GetPeriodLabel", index) == period.shown()
        offered.append(str(period))
    year = date.today().year
    assert len(set(offered)) == len(offered)
    assert {f"{year}-9M", f"{year - 1}-9M", str(year), str(year - 1)} <= set(offered)
