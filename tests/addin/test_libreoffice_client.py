"""The menu of LibreOffice at work: the shipped extension, installed by unopkg, from the choice of a menu item to the opened result."""

from __future__ import annotations

import ast
import importlib.util
import sys
import time
import types
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from evalxl import __version__
from evalxl.addin.build import OXT, oxt
from evalxl.domain.weeks import Period, Week
from evalxl.records.package_files import shipped
from evalxl.words import say
from tests.addin.conftest import NO_ANSWER
from tests.addin.desk import Desk, Menu, master
from tests.libreoffice import Office
from tests.screen import Screen

SHIPPED = shipped("macros") / OXT
SOURCE = shipped("macros") / "libreoffice" / "evalxl_addin.py"


def test_the_shipped_extension_is_what_its_sources_make(tmp_path: Path) -> None:
    """`evalxl addin build` writes it anew."""
    assert oxt(tmp_path / "once.oxt").read_bytes() == SHIPPED.read_bytes()
    assert oxt(tmp_path / "again.oxt").read_bytes() == SHIPPED.read_bytes()


def test_the_extension_needs_nothing_that_libreoffice_does_not_bring() -> None:
    """LibreOffice 7 on Windows brings Python 3.8, and no packages."""
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {
        (node.module or "").partition(".")[0] if isinstance(node, ast.ImportFrom) else name.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }

    assert imported - set(sys.stdlib_module_names) == {"uno", "unohelper", "com"}


def test_a_choice_starts_the_program_and_opens_the_result_where_somebody_is_needed(
    desk: Desk, menu: Menu, tmp_path: Path
) -> None:
    path = master(tmp_path)
    desk.play(
        ("running", 10, "Đang đọc phiếu đơn vị Đào tạo", 0.6),
        ("warn", 100, "", 0),
        result={"open": path, "sheet": "Lỗi, lưu ý", "row": 7, "message": "Đã tổng hợp 3 đơn vị, 42 phiếu, 2 lỗi."},
    )

    menu.choose("consolidate", "2025-W23")
    menu.says("Đang đọc phiếu đơn vị Đào tạo (10%)")
    menu.says("Đã tổng hợp 3 đơn vị, 42 phiếu, 2 lỗi.")

    assert menu.opened() == [{"path": str(path), "sheet": "Lỗi, lưu ý", "row": 7, "read_only": True}]
    assert desk.asked["words"][:2] == ["addin-run", "consolidate"]
    assert desk.asked["request"] == {
        "job": "consolidate",
        "week": "2025-W23",
        "period": "",
        "reason": "",
        "office": str(desk.office),
        "client": "libreoffice",
        "version": __version__,
        "lang": "vi",
        "workbook": str(desk.home / "Danh sách.xlsx"),
    }


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (("issue", "2025-W23"), {"week": "2025-W23"}),
        (("who-is-missing", "2025-W23"), {"week": "2025-W23"}),
        (("check",), {"week": "", "period": ""}),
        (("close", "2025-W23"), {"week": "2025-W23"}),
        (("reopen", "2025-W23", "Chấm lại  theo kết luận"), {"week": "2025-W23", "reason": "Chấm lại theo kết luận"}),
        (("roll-up", "2025-Q2"), {"week": "", "period": "2025-Q2"}),
    ],
)
def test_every_item_asks_for_its_job(desk: Desk, menu: Menu, call: tuple[str, ...], expected: dict[str, str]) -> None:
    desk.play(("ok", 100, "Xong.", 0))

    menu.choose(*call)
    menu.says("Xong.")

    asked = desk.asked["request"]
    assert asked["job"] == call[0]
    assert {key: asked[key] for key in expected} == expected


def test_what_nobody_agrees_to_is_not_asked_for_again(desk: Desk, menu: Menu) -> None:
    """Where nobody sees LibreOffice nobody can say yes."""
    desk.play(("fail", 100, "Tuần 23 chưa kết thúc nên chưa chốt.", 0), result={"ask": "Vẫn chốt?"})

    menu.choose("close", "2025-W23")
    menu.says(say("client.not_confirmed"))

    assert len(desk.jobs()) == 1


def test_a_job_is_cancelled_and_a_second_one_waits(desk: Desk, menu: Menu) -> None:
    desk.play(("running", 10, "Đang đọc", 0), ("wait for cancel", 0, "", 0), ("cancelled", 100, "", 0))

    menu.choose("consolidate", "2025-W23")
    menu.says("Đang đọc (10%)")
    menu.choose("issue", "2025-W23")
    menu.says(say("client.busy"))
    menu.choose("cancel")
    menu.says(say("client.cancelled"))

    assert len(desk.jobs()) == 1
    assert menu.opened() == []


def test_a_job_that_failed_says_so_in_the_programs_sentence(desk: Desk, menu: Menu) -> None:
    sentence = "Nơi lưu tệp chung không truy cập được; đề nghị kiểm tra mạng rồi bấm lại."
    desk.play(("fail", 100, sentence, 0))

    menu.choose("consolidate", "2025-W23")
    menu.says(sentence)


def test_a_crash_names_the_log(desk: Desk, menu: Menu) -> None:
    desk.play(("fail", 100, "", 0), result={"log": "log.txt"})

    menu.choose("consolidate", "2025-W23")
    menu.says(say("client.failed", log="log.txt"))


def test_a_machine_without_the_program_says_whom_to_ask(desk: Desk, menu: Menu) -> None:
    desk.remove("exe.txt")

    menu.choose("consolidate", "2025-W23")
    menu.says(say("client.not_installed"))


def test_a_program_that_cannot_be_started_is_told(desk: Desk, menu: Menu) -> None:
    desk.put("exe.txt", f'"{desk.home}/gone"')

    menu.choose("consolidate", "2025-W23")
    menu.says(say("client.no_start"))


def test_a_program_that_does_not_answer_is_given_up(desk: Desk, menu: Menu) -> None:
    desk.play()

    menu.choose("consolidate", "2025-W23")
    menu.says(say("client.starting"))
    menu.says(say("client.no_answer", seconds=NO_ANSWER, folder=desk.jobs()[0]))


def test_an_old_extension_is_told_in_one_sentence(desk: Desk, menu: Menu) -> None:
    desk.play(("ok", 100, "Xong.", 0), result={"version": "9.9"})

    menu.choose("consolidate", "2025-W23")
    menu.says(f"Xong. {say('client.old_addin', addin=__version__, program='9.9')}")


def test_where_the_agent_is_running_libreoffice_starts_nothing(desk: Desk, menu: Menu) -> None:
    desk.agent_beats(datetime.now() - timedelta(seconds=3))
    desk.remove("exe.txt")

    menu.choose("consolidate", "2025-W23")
    menu.says(say("client.starting"))
    (job,) = desk.jobs()
    assert [entry.name for entry in job.iterdir()] == ["request.txt"]
    (job / "status.txt").write_bytes("ok|100|Xong.".encode("utf-16-le"))
    menu.says("Xong.")

    assert not desk.was_asked


def test_an_office_folder_is_chosen_once(desk: Desk, menu: Menu, tmp_path: Path) -> None:
    desk.remove("office.txt")

    menu.choose("choose", str(tmp_path))
    menu.says(say("client.not_an_office", folder=tmp_path))
    menu.choose("choose", str(desk.office))
    menu.says(say("client.office_chosen", folder=desk.office))

    assert desk.text("office.txt") == str(desk.office)


def test_the_result_of_checking_can_be_typed_into_and_one_that_cannot_be_opened_is_named(
    desk: Desk, menu: Menu, tmp_path: Path
) -> None:
    path = master(tmp_path, "organisation.xlsx")
    desk.play(("warn", 100, "2 lỗi.", 0), result={"open": path, "sheet": "Lỗi, lưu ý", "row": 3})
    menu.choose("check")
    menu.says("2 lỗi.")
    assert menu.opened() == [{"path": str(path), "sheet": "Lỗi, lưu ý", "row": 3, "read_only": False}]

    desk.play(("ok", 100, "Xong.", 0), result={"open": tmp_path / "gone.xlsx"})
    menu.choose("check")
    menu.says(f"Xong. {say('client.cannot_open', file=tmp_path / 'gone.xlsx')}")


@pytest.fixture
def extension(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The extension's module, outside LibreOffice."""
    names = {
        "uno": (),
        "unohelper": ("Base",),
        "com.sun.star.awt": ("XCallback",),
        "com.sun.star.awt.MessageBoxButtons": ("BUTTONS_OK", "BUTTONS_YES_NO"),
        "com.sun.star.awt.MessageBoxType": ("ERRORBOX", "INFOBOX", "QUERYBOX"),
        "com.sun.star.awt.PosSize": ("POS",),
        "com.sun.star.beans": ("PropertyValue",),
        "com.sun.star.container": ("XNamed",),
        "com.sun.star.task": ("XJobExecutor",),
    }
    for name, held in names.items():
        module = types.ModuleType(name)
        for one in held:
            setattr(module, one, type(one, (), {}))
        monkeypatch.setitem(sys.modules, name, module)
    helper = type("Helper", (), {"addImplementation": lambda *_: None})
    monkeypatch.setattr(sys.modules["unohelper"], "ImplementationHelper", helper, raising=False)
    with zipfile.ZipFile(SHIPPED) as package:
        package.extractall(tmp_path)
    spec = importlib.util.spec_from_file_location("evalxl_addin", tmp_path / "evalxl_addin.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module


def test_libreoffice_and_evalxl_count_weeks_and_periods_alike(extension: Any) -> None:
    addin = extension.Addin.__new__(extension.Addin)
    addin.lang = "vi"
    for day in [date(2019, 12, 25) + timedelta(days=days) for days in range(0, 2900, 17)]:
        week = Week.of(day)
        assert extension.weeks(day)[:3] == [str(week.after()), str(week), str(week.after(-1))]
        assert addin.week_shown(str(week)) == week.shown()
        for period in extension.periods(day):
            assert addin.period_shown(period) == Period.parse(period).shown()
        assert extension.periods(day)[0] == f"{day.year}-{day.month:02d}"
        assert {f"{day.year}-9M", f"{day.year - 1}-9M"} <= set(extension.periods(day))


def test_the_menu_is_clicked_with_a_mouse_and_the_toolbar_too(
    desk: Desk, screen: Screen, seen_libreoffice: Office, tmp_path: Path
) -> None:
    """On a screen that nobody sees: the menu, the question for the week, the progress, the box at the end, the opened result."""
    path = master(tmp_path)
    desk.play(
        ("running", 40, "Reading", 1.5),
        ("ok", 100, "", 0),
        result={"open": path, "sheet": "Lỗi, lưu ý", "row": 7, "message": "Đã tổng hợp 3 đơn vị."},
    )
    title = say("button.tab.label")

    with seen_libreoffice.open(desk.a_workbook()):
        menu = Menu(seen_libreoffice)
        click(screen, seen_libreoffice, say("button.tab.label", "en"))
        click(screen, seen_libreoffice, say("button.consolidate.label", "en"))
        wait(lambda: title in screen.titles())
        screen.press("Return")
        menu.says("Reading (40%)")
        menu.says("Đã tổng hợp 3 đơn vị.")
        wait(lambda: title in screen.titles())
        screen.press("Return")
        wait(lambda: title not in screen.titles())

        assert menu.opened() == [{"path": str(path), "sheet": "Lỗi, lưu ý", "row": 7, "read_only": True}]
        assert desk.asked["request"]["week"] == str(Week.of(date.today()))
        seen_libreoffice.close_opened()

        click(screen, seen_libreoffice, say("button.consolidate.label", "en"))
        wait(lambda: title in screen.titles())
        screen.press("Escape")
        menu.says(say("client.not_confirmed"))


def click(screen: Screen, office: Office, words: str) -> None:
    """Click on what shows these words, as soon as it is there."""
    wait(lambda: office.place_of(words) is not None)
    place = office.place_of(words)
    assert place is not None
    screen.click(*place)


def wait(happens: Any) -> None:
    until = time.monotonic() + 15
    while not happens():
        assert time.monotonic() < until
        time.sleep(0.1)
