"""What a job does in the running program, with the real masters and scoring workbooks, on a real LibreOffice under the very script that runs on Excel."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest

from evalxl.addin.caller import Caller, HandoverResult
from evalxl.domain.weeks import Week
from evalxl.records.keeper import OURS_ALONE
from evalxl.records.publish import is_open
from evalxl.steps.consolidate import collect
from evalxl.steps.office.office import Clock, Office
from evalxl.steps.refresh.open_workbook import OpenWorkbook
from tests.addin.pressing import Button
from tests.little_office import LittleOffice, read
from tests.xlwings_on_libreoffice.desk import XlwingsDesk

FRIDAY = datetime(2025, 6, 6, 10)


class ManagerAtWork:
    """The little office, and V1-02, who has the scoring workbook open in the program in which the button is pressed."""

    def __init__(self, office: LittleOffice, desk: XlwingsDesk, folder: Path) -> None:
        self.office, self.desk, self.folder = office, desk, folder
        self.book = office.scoring("V1-02")

    def run(self, script: Any, **values: Any) -> Any:
        return self.desk.run(script, keep_open=True, **values)

    def open(self) -> None:
        def script(xw: Any, app: Any, path: str) -> None:
            app.books.open(path)

        self.run(script, path=str(self.book))
        assert is_open(self.book)

    def type(self, **columns: Any) -> None:
        """Type into the rows of the open workbook, by name, from the top; None leaves a cell."""

        def script(xw: Any, app: Any, columns: dict[str, Any]) -> None:
            book = app.books.active
            for name, values in columns.items():
                for row, value in enumerate(values):
                    if value is not None:
                        book.names[f"ev_{name}"].refers_to_range[row].value = value

        self.run(script, columns=columns)

    def save(self) -> None:
        def script(xw: Any, app: Any) -> None:
            app.books.active.save()

        self.run(script)

    def seen(self, *names: str, rows: int = 2) -> list[list[Any]]:
        """What the manager sees in the first rows of the open workbook."""

        def script(xw: Any, app: Any, names: Any, rows: int) -> Any:
            book = app.books.active
            return [book.names[f"ev_{name}"].refers_to_range[:rows].options(ndim=1).value for name in names]

        return list(self.run(script, names=names, rows=rows))

    def place(self) -> tuple[str, str, bool]:
        """Workbook, sheet and whether something is not saved."""

        def script(xw: Any, app: Any) -> Any:
            book = app.books.active
            return book.name, book.sheets.active.name, bool(book.api.isModified())

        name, sheet, changed = self.run(script)
        return name, sheet, changed

    def press(self) -> tuple[tuple[OpenWorkbook, ...], HandoverResult, list[str]]:
        """Press the button: what was in hand, what became of it, and what the log says."""
        open_books = self.open_books()
        office = Office.open(self.office.folder)
        clock = Clock(FRIDAY.replace(tzinfo=office.settings.zone), "văn phòng")
        done = collect(office, Week.parse(self.office.week), clock, open_books=open_books)

        def script(xw: Any, app: Any, folder: Any, books: Any) -> Any:
            from evalxl.addin.running_excel import RunningProgram

            log: list[str] = []
            return RunningProgram(app, folder, log.append).put_in_place(books), log

        carried, log = self.run(script, folder=self.folder, books=for_another_python(done.in_hand))
        return done.in_hand, carried, log

    def open_books(self) -> dict[Path, str]:
        def script(xw: Any, app: Any, folder: Any) -> Any:
            from evalxl.addin.running_excel import RunningProgram

            log: list[str] = []
            return RunningProgram(app, folder, log.append).open_books(), log

        found, log = self.run(script, folder=self.folder)
        assert log == []
        return dict(found)


class OnTheDesk(Caller):
    """The program on the desk, as a job speaks to it: the same acts, on the other side of a pipe."""

    def __init__(self, manager: ManagerAtWork, hwnd: str, wb: str, folder: Path, log: Callable[[str], object]) -> None:
        self._manager, self._log, self.folder = manager, log, folder

        def script(xw: Any, app: Any, folder: Any) -> None:
            from evalxl.addin.running_excel import RunningProgram

            xw.lines = []
            xw.program = RunningProgram(app, folder, xw.lines.append)

        manager.run(script, folder=folder)

    def _act(self, name: str, *values: Any) -> Any:
        def script(xw: Any, app: Any, name: str, values: Any) -> Any:
            xw.lines.clear()
            return getattr(xw.program, name)(*values), xw.lines

        answer, lines = self._manager.run(script, name=name, values=values)
        for line in lines:
            self._log(line)
        return answer

    def open_books(self) -> Mapping[Path, str]:
        return dict(self._act("open_books"))

    def make_way(self, what: str) -> None:
        self._act("make_way", what)

    def report(self, text: str) -> None:
        self._act("report", text)

    def put_in_place(self, books: Sequence[OpenWorkbook]) -> HandoverResult:
        return cast(HandoverResult, self._act("put_in_place", for_another_python(books)))

    def come_back(self) -> None:
        self._act("come_back")

    def go_to(self, path: Path, sheet: str, row: int) -> None:
        self._act("go_to", path, sheet, row)


def for_another_python(books: Sequence[OpenWorkbook]) -> list[OpenWorkbook]:
    """What an agent may send to the Python that speaks to the running program: the office's keeper stays here."""
    return [replace(one, keeper=OURS_ALONE) for one in books]


@pytest.fixture(scope="module")
def office_in_its_week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The little office on the Thursday of the week: V1-03 has handed in, V1-04 has not."""
    office = LittleOffice(tmp_path_factory.mktemp("week") / "office")
    office.run("init", str(office.folder))
    office.reorganise()
    office.issue_at(datetime(2025, 6, 2, 8))
    office.hand_in("V1-03")
    office.consolidate_at(datetime(2025, 6, 5, 10))
    return office.folder


@pytest.fixture
def manager(office_in_its_week: Path, xlwings_desk: XlwingsDesk, tmp_path: Path) -> Iterator[ManagerAtWork]:
    shutil.copytree(office_in_its_week, tmp_path / "office")
    folder = tmp_path / "job"
    folder.mkdir()
    yield ManagerAtWork(LittleOffice(tmp_path / "office"), xlwings_desk, folder)

    def script(xw: Any, app: Any) -> None:
        pass

    xlwings_desk.run(script)


def test_an_untouched_workbook_that_is_open_is_brought_up_to_date(manager: ManagerAtWork) -> None:
    manager.open()
    manager.office.hand_in("V1-04")

    in_hand, carried, log = manager.press()

    assert (len(in_hand), carried, log) == (1, HandoverResult(placed=1), [])
    assert manager.seen("row_person", "row_self_quality") == [["V1-03", "V1-04"], [37.0, 37.0]]
    assert manager.place() == (manager.book.name, manager.place()[1], False)
    assert read(manager.book, "ev_stamp_form_id") == [in_hand[0].form_id]


def test_what_the_manager_has_just_typed_stays_and_is_saved_by_the_manager(manager: ManagerAtWork) -> None:
    comment = "- Hoàn thành tốt; 37,5 điểm\n= không có gì thêm"
    manager.open()
    manager.type(
        score_quality=[36.5],
        score_progress=[35],
        score_conduct=[18],
        score_comment=[comment],
        score_decision=["Đã chấm"],
        check_status=["Hoàn thành"],
        check_faults=[None, 1],
        assign_person=["V1-04 · Vũ Văn Ánh"],
        assign_task=["01/6 họp giao ban"],
        assign_due=[datetime(2025, 6, 13)],
    )
    manager.office.hand_in("V1-04")

    in_hand, carried, log = manager.press()

    assert (len(in_hand), carried, log) == (1, HandoverResult(placed=1), [])
    assert read(manager.book, "ev_score_quality")[:2] == [None, None]
    assert manager.seen("row_self_quality", "score_quality", "score_comment", "score_decision") == [
        [37.0, 37.0],
        [36.5, None],
        [comment, None],
        ["Đã chấm", "Chưa chấm"],
    ]
    assert manager.seen("check_status", "check_faults", "assign_task", "assign_due") == [
        ["Hoàn thành", None],
        [None, 1.0],
        ["01/6 họp giao ban", None],
        [datetime(2025, 6, 13), None],
    ]
    assert manager.place()[2]
    assert list(manager.folder.iterdir()) == []

    manager.save()
    manager.office.consolidate_at(datetime(2025, 6, 6, 11))
    result = manager.office.result("V1-03")
    assert (result["state"], result["scored_quality"], result["scored_progress"]) == ("scored", "36.5", "35")
    assert manager.office.result("V1-04")["state"] == "submitted"


def test_what_was_saved_before_is_the_ledgers_affair(manager: ManagerAtWork) -> None:
    """A decision that was saved and booked, and then returned, is not taken again only because the workbook is still open."""
    manager.open()
    manager.type(score_quality=[35], score_progress=[35], score_conduct=[18], score_decision=["Đã chấm"])
    manager.save()
    manager.office.consolidate_at(datetime(2025, 6, 5, 11))
    manager.office.approve("V1-01", {"V1-03": {"decision": "Trả lại", "opinion": "Xem lại điểm tiến độ"}})
    manager.type(score_progress=[34])

    _, carried, log = manager.press()

    assert (carried, log) == (HandoverResult(placed=1), [])
    (decisions, progress, states) = manager.seen("score_decision", "score_progress", "row_state", rows=1)
    assert (decisions, progress) == (["Chưa chấm"], [34.0])
    assert "Xem lại điểm tiến độ" in states[0]


def test_a_decision_about_a_form_that_is_another_one_now_is_taken_again(manager: ManagerAtWork) -> None:
    manager.open()
    manager.type(score_quality=[35], score_progress=[35], score_conduct=[18], score_decision=["Đã chấm"])
    manager.office.hand_in("V1-03", self_quality=30)

    _, carried, log = manager.press()

    assert (carried, log) == (HandoverResult(placed=1, again=1), [])
    assert manager.seen("row_self_quality", "score_quality", "score_decision", rows=1) == [
        [30.0],
        [35.0],
        ["Chưa chấm"],
    ]


def test_nothing_happens_to_a_workbook_from_which_a_person_with_typed_cells_is_gone(manager: ManagerAtWork) -> None:
    manager.open()
    manager.type(score_quality=[36, 35])
    manager.office.organisation["absences"].append(
        {"code": "V1-04", "kind": "Nghỉ ốm", "from": datetime(2025, 6, 2), "to": datetime(2025, 6, 8)}
    )
    manager.office.reorganise()
    before = manager.book.read_bytes()

    in_hand, carried, _ = manager.press()

    assert (len(in_hand), carried) == (1, HandoverResult(left=1))
    assert manager.seen("row_person", "score_quality") == [["V1-03", "V1-04"], [36.0, 35.0]]
    assert manager.book.read_bytes() == before


def test_what_was_typed_is_kept_where_the_program_goes_away_half_way(manager: ManagerAtWork) -> None:
    manager.open()
    manager.type(score_quality=[35.5])
    manager.office.hand_in("V1-04")
    office = Office.open(manager.office.folder)
    clock = Clock(FRIDAY.replace(tzinfo=office.settings.zone), "văn phòng")
    done = collect(office, Week.parse("2025-W23"), clock, open_books=manager.open_books())

    def script(xw: Any, app: Any, folder: Any, books: Any) -> Any:
        from evalxl.addin.running_excel import RunningProgram

        class Leaving(RunningProgram):
            def _type_again(self, *values: Any) -> int:
                raise ConnectionError

        log: list[str] = []
        carried = Leaving(app, folder, log.append).put_in_place(books)
        return carried, carried.sentences("en", folder), log

    carried, sentence, log = manager.run(script, folder=manager.folder, books=for_another_python(done.in_hand))

    assert carried == HandoverResult(kept=1)
    assert str(manager.folder) in sentence
    assert len(log) == 1
    (kept,) = manager.folder.iterdir()
    assert json.loads(kept.read_text(encoding="utf-8"))["typed"] == [["ev_score_quality", 0, 35.5]]


def test_a_workbook_that_was_left_alone_is_refreshed_by_the_next_run(manager: ManagerAtWork) -> None:
    """As if the program had gone away before it was put in place: nothing was issued in vain, nothing saved is lost."""
    manager.open()
    manager.type(score_quality=[35], score_progress=[35], score_conduct=[18], score_decision=["Đã chấm"])
    manager.save()
    manager.office.hand_in("V1-04")
    office = Office.open(manager.office.folder)
    clock = Clock(FRIDAY.replace(tzinfo=office.settings.zone), "văn phòng")
    done = collect(office, Week.parse("2025-W23"), clock, open_books=manager.open_books())
    assert len(done.in_hand) == 1

    def script(xw: Any, app: Any) -> None:
        app.books.active.close()

    manager.run(script)
    manager.office.consolidate_at(datetime(2025, 6, 6, 11))

    assert read(manager.book, "ev_stamp_form_id") == [done.in_hand[0].form_id]
    assert read(manager.book, "ev_score_quality")[:2] == [35, None]
    assert read(manager.book, "ev_row_self_quality")[:2] == [37, 37]
    assert manager.office.result("V1-03")["state"] == "scored"


def test_a_workbook_that_is_open_elsewhere_is_left_for_the_next_run(manager: ManagerAtWork) -> None:
    manager.open()
    manager.office.hand_in("V1-04")

    done = manager.office.consolidate_at(FRIDAY)

    assert done.collected.in_hand == ()
    assert "book.open_now" in [finding.kind for finding in done.findings]


def test_a_master_that_is_open_makes_way_and_comes_back_to_the_same_row(manager: ManagerAtWork) -> None:
    """One of another week stays open; one of the same name makes way for the result, since no program opens two of one name."""
    master = manager.office.master()
    unit = manager.office.master("VU1")

    def script(xw: Any, app: Any, folder: Any, master: str, unit: str) -> Any:
        from evalxl.addin.running_excel import RunningProgram

        book = app.books.open(master)
        sheet = book.sheets["Kết quả"]
        sheet.activate()
        sheet.range((7, 2)).select()
        log: list[str] = []
        program = RunningProgram(app, folder, log.append)
        program.make_way("2025-W22")
        open_now = [len(app.books)]
        program.make_way("2025-W23")
        open_now.append(len(app.books))
        program.come_back()
        back = app.selection
        answers = [open_now, app.books.active.fullname == master, back.sheet.name, back.address]
        from pathlib import Path

        program.go_to(Path(unit), "Chưa hoàn tất", 4)
        answers += [app.selection.sheet.name, app.selection.row, app.books.active.fullname == unit]
        return answers, log

    assert manager.run(script, folder=manager.folder, master=str(master), unit=str(unit)) == (
        [[1, 0], True, "Kết quả", "$B$7", "Chưa hoàn tất", 4, True],
        [],
    )


def test_the_button_is_pressed_where_the_master_and_the_own_scoring_workbook_are_open(
    manager: ManagerAtWork, tmp_path: Path
) -> None:
    """The whole job by the protocol: the clerk scores two people too, and looks at the master meanwhile."""
    master = manager.office.master()
    before = master.read_bytes()

    def look_at(xw: Any, app: Any, master: str) -> None:
        book = app.books.open(master)
        book.sheets["Kết quả"].activate()
        book.sheets["Kết quả"].range((7, 2)).select()

    manager.run(look_at, master=str(master))
    manager.open()
    manager.type(score_quality=[35.5])
    manager.office.hand_in("V1-04")
    button = Button(tmp_path / "home", manager.office.folder, find=lambda *found: OnTheDesk(manager, *found))

    answer = button.press("consolidate", week="2025-W23", hwnd="1")

    assert answer.state == "ok", answer.log
    assert "1 bảng chấm điểm đang mở đã được cập nhật" in answer.said
    assert "could not" not in answer.log
    assert master.read_bytes() != before
    assert answer.result["open"] == str(master)

    def shown(xw: Any, app: Any) -> Any:
        names = sorted(book.name for book in app.books)
        return names, app.books.active.name, app.selection.sheet.name, app.selection.row, app.status_bar

    names, active, sheet, row, said = manager.run(shown)
    assert (names, active, said) == (
        ["2025-W23_V1-02_cham-diem.xlsx", "2025-W23_tong-hop.xlsx"],
        "2025-W23_tong-hop.xlsx",
        False,
    )
    assert (sheet, str(row)) == (answer.result["sheet"], answer.result["row"])

    def scored(xw: Any, app: Any) -> Any:
        book = app.books["2025-W23_V1-02_cham-diem.xlsx"]
        return [book.names[name].refers_to_range[:2].value for name in ("ev_score_quality", "ev_row_self_quality")]

    assert manager.run(scored) == [[35.5, None], [37.0, 37.0]]


def test_a_program_that_does_not_answer_is_a_line_in_the_log(manager: ManagerAtWork) -> None:
    def script(xw: Any, app: Any, folder: Any, book: str) -> Any:
        from pathlib import Path

        from evalxl.addin import running_excel

        class Gone:
            @property
            def books(self) -> Any:
                raise ConnectionError("RPC server is unavailable")

            def __setattr__(self, name: str, value: Any) -> None:
                raise ConnectionError("RPC server is unavailable")

        running_excel._PATIENCE = 1
        log: list[str] = []
        program = running_excel.RunningProgram(Gone(), folder, log.append)
        answers = [dict(program.open_books())]
        program.make_way("2025-W23")
        program.report("10 %")
        program.report("20 %")
        program.go_to(Path(book), "Kết quả", 1)
        program.come_back()
        running_excel._PATIENCE = 20
        return answers, log

    answers, log = manager.run(script, folder=manager.folder, book=str(manager.book))

    assert answers == [{}]
    assert len(log) == 5
    assert all("ConnectionError" in line for line in log)


def test_the_program_is_found_by_its_window_or_by_a_workbook(xlwings_desk: XlwingsDesk, tmp_path: Path) -> None:
    def script(xw: Any, app: Any, folder: Any) -> Any:
        from evalxl.addin.caller import Caller
        from evalxl.addin.host_program import caller_of

        book = app.books.add()
        log: list[str] = []
        by_window = caller_of(str(app.hwnd), "", folder, log.append)
        by_book = caller_of("0", book.name.upper(), folder, log.append)
        the_only = caller_of("12345", "gone.xlsx", folder, log.append)
        nobody = caller_of("", "", folder, log.append)
        by_window.report("Đang đọc phiếu")
        said = app.status_bar
        by_window.come_back()
        found = [one.app == app for one in (by_window, by_book, the_only)]
        return found, type(nobody) is Caller, said, app.status_bar, log

    assert xlwings_desk.run(script, folder=tmp_path) == ([True, True, True], True, "Đang đọc phiếu", False, [])
