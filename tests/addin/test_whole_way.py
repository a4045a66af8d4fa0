"""The whole way: the shipped buttons, the program itself, and what is seen at the end."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import openpyxl

from evalxl.records.settings import load_settings
from evalxl.words import say
from tests.addin.desk import Buttons, Desk, Menu
from tests.little_office import LittleOffice
from tests.test_project import CLONE


def sits_at(desk: Desk, office: LittleOffice) -> None:
    """The clerk's machine has the program itself, and the office was chosen."""
    desk.put("exe.txt", f'"{sys.executable}" "{CLONE / "tests" / "addin" / "the_program.py"}"')
    desk.put("office.txt", str(office.folder))


def master_of(office: LittleOffice) -> Path:
    return (
        office.folder
        / load_settings(office.folder).shared_folder
        / office.week
        / "office"
        / f"{office.week}_tong-hop.xlsx"
    )


def test_excels_button_consolidates_a_week_and_opens_its_master(
    desk: Desk, buttons: Buttons, handed_in: LittleOffice
) -> None:
    sits_at(desk, handed_in)
    handed_in.hand_in("VP-02")
    buttons.document.click("EvalxlRibbon.OnWeek", handed_in.week, 5)

    buttons.press("Consolidate")
    said = buttons.everything_said()

    (opened,) = buttons.opened()
    assert Path(opened["path"]) == master_of(handed_in)
    assert opened["sheet"] in openpyxl.load_workbook(opened["path"], read_only=True).sheetnames
    assert said[0] == say("client.starting")
    assert said[-1].startswith("Tuần 23 (từ ngày 02/6/2025 đến ngày 08/6/2025): 4/")
    status = handed_in.json("status", handed_in.week)
    assert {row["code"] for row in status["people"] if row["state"] == "submitted"} >= {"VP-02", "V1-03"}


def test_excels_buttons_close_a_week_and_open_it_again_with_a_reason(
    desk: Desk, buttons: Buttons, handed_in: LittleOffice
) -> None:
    sits_at(desk, handed_in)
    buttons.document.click("EvalxlRibbon.OnWeek", handed_in.week, 5)

    buttons.answers("yes")
    buttons.press("Close")
    assert buttons.everything_said()[-1].startswith("Đã chốt")
    buttons.press("Issue")
    closed = buttons.everything_said()[-1]
    buttons.answers("Chấm lại theo kết luận kiểm tra")
    buttons.press("Reopen")

    assert "đã chốt" in closed
    assert buttons.everything_said()[-1].endswith("Chấm lại theo kết luận kiểm tra")


def test_libreoffices_menu_consolidates_a_week_and_opens_its_master(
    desk: Desk, menu: Menu, handed_in: LittleOffice
) -> None:
    sits_at(desk, handed_in)

    menu.choose("consolidate", handed_in.week)
    until = time.monotonic() + 30
    while not menu.opened():
        assert time.monotonic() < until, menu.said()
        time.sleep(0.1)

    (opened,) = menu.opened()
    assert Path(opened["path"]) == master_of(handed_in)


def test_a_spoiled_list_of_people_is_opened_where_it_is_wrong(
    desk: Desk, buttons: Buttons, handed_in: LittleOffice
) -> None:
    sits_at(desk, handed_in)
    handed_in.person("V1-03")["unit"] = "gone"
    handed_in.reorganise()

    buttons.press("Check")
    buttons.everything_said()

    (opened,) = buttons.opened()
    assert Path(opened["path"]) == handed_in.folder / "organisation.xlsx"
    assert (opened["sheet"], opened["read_only"]) == ("Cán bộ", False)
    assert opened["row"] > 1
