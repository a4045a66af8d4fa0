"""The buttons of office staff: each job from the request to the last status, and every bad state in one sentence."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from evalxl import __version__
from evalxl.addin import reporter
from evalxl.addin.protocol import Request, put_request, put_text, status_in
from evalxl.domain.weeks import Week
from evalxl.excel.masters.lists import FIRST_LINE
from evalxl.records.lock import lock
from evalxl.steps.consolidate import collect
from evalxl.steps.issue.issue import issue
from evalxl.steps.office.office import Clock, Office
from evalxl.steps.office.progress import Progress, StoppedError, unwatched
from tests.addin.pressing import THURSDAY, Button, started, waited
from tests.examine_here import examine_here
from tests.little_office import LittleOffice, tree

MONDAY = datetime.fromisoformat("2025-06-09T08:00:00+07:00")


# The states of the week on the days on which the buttons are pressed.


@pytest.fixture(scope="module")
def _issued_in_june(_made: LittleOffice, tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    office = _made.copy(tmp_path_factory.mktemp("issued-in-june") / "office")
    office.issue_at(datetime(2025, 6, 2, 8))
    return office


@pytest.fixture(scope="module")
def _handed_in_in_june(_issued_in_june: LittleOffice, tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    office = _issued_in_june.copy(tmp_path_factory.mktemp("handed-in-in-june") / "office")
    office.hand_in("V1-03", "V1-04", "P-02")
    office.consolidate_at(datetime(2025, 6, 5, 8))
    return office


@pytest.fixture
def issued(_issued_in_june: LittleOffice, tmp_path: Path) -> LittleOffice:
    """Week 2025-W23 was issued on its Monday; nobody has filled anything."""
    return _issued_in_june.copy(tmp_path / "office")


@pytest.fixture
def handed_in(_handed_in_in_june: LittleOffice, tmp_path: Path) -> LittleOffice:
    """V1-03, V1-04 and P-02 have handed in good forms, and the button was pressed on Thursday morning."""
    return _handed_in_in_june.copy(tmp_path / "office")


def button(office: LittleOffice, now: datetime = THURSDAY) -> Button:
    return Button(office.folder.parent / "home", office.folder, now)


# The jobs


def test_the_week_goes_from_issuing_to_closing_and_open_again_by_buttons_alone(made: LittleOffice) -> None:
    desk = button(made)

    issued = desk.press("issue")
    made.hand_in("V1-03", "V1-04", "P-02")
    consolidated = desk.press("consolidate")
    missing = desk.press("who-is-missing")
    asked = desk.press("close")
    closed = desk.press("close", yes="1")
    reopened = desk.press("reopen", week="2025-W23", reason="thiếu chữ ký")

    assert ["ok", "ok", "ok", "ok", "ok"] == [one.state for one in (issued, consolidated, missing, closed, reopened)], [
        one.said for one in (issued, consolidated, missing, closed, reopened)
    ]
    assert "tạo 12 phiếu" in issued.said
    assert "3/12 người đã nộp" in consolidated.said
    assert "chưa nộp 9" in missing.said
    assert ("fail", "chưa kết thúc") == (asked.state, next(w for w in ("chưa kết thúc", "") if w in asked.said))
    assert asked.result["ask"].endswith("Vẫn chốt?")  # it is Thursday: the client asks, and presses again
    assert "Đã chốt Tuần 23" in closed.said
    assert "9 lượt chưa nộp, 3 lượt chờ chấm" in closed.said
    assert "thiếu chữ ký" in reopened.said


def test_the_result_names_the_sheet_that_needs_somebody_and_the_row_where_it_begins(issued: LittleOffice) -> None:
    issued.hand_in("V1-03")

    missing = button(issued).press("consolidate").result
    issued.hand_in("V1-04", self_quality="nhiều")
    wrong = button(issued).press("consolidate").result

    assert ["Chưa hoàn tất", "Lỗi, lưu ý"] == [missing["sheet"], wrong["sheet"]]
    assert issued.master() == Path(wrong["open"])
    book = openpyxl.load_workbook(wrong["open"])
    assert [1, 1] == [book[name].cell(FIRST_LINE, 1).value for name in (missing["sheet"], wrong["sheet"])]
    assert "V1-04" in [cell.value for cell in book[wrong["sheet"]][FIRST_LINE]]


def test_the_check_opens_the_organisation_at_the_first_slip(made: LittleOffice) -> None:
    made.person("V1-03")["unit"] = "không có"
    made.reorganise()

    answer = button(made).press("check")

    assert "warn" == answer.state
    assert (made.folder / "organisation.xlsx", "Cán bộ") == (Path(answer.result["open"]), answer.result["sheet"])
    row = openpyxl.load_workbook(answer.result["open"])["Cán bộ"][int(answer.result["row"])]
    assert "V1-03" in [cell.value for cell in row]


def test_the_months_master_opens_after_rolling_up(handed_in: LittleOffice) -> None:
    answer = button(handed_in).press("roll-up")

    assert "ok" == answer.state, answer.said
    assert Path(answer.result["open"]).name == "2025-06_tong-hop.xlsx"
    assert answer.result["sheet"] in openpyxl.load_workbook(answer.result["open"]).sheetnames


def test_the_record_of_a_job_is_that_of_its_command(handed_in: LittleOffice) -> None:
    answer = button(handed_in).press("who-is-missing")

    assert answer.record["result"] == json.loads(json.dumps(handed_in.json("status", "2025-W23")))
    assert {"error": 0, "warning": 0} == {level: answer.record["counts"][level] for level in ("error", "warning")}


def test_no_name_and_no_score_stands_in_the_log(handed_in: LittleOffice) -> None:
    handed_in.hand_in("0012", self_quality="39,75 điểm")
    answer = button(handed_in).press("consolidate")

    assert "consolidate 2025-W23" in answer.log
    assert not any(word in answer.log for word in ("Đào", "39,75", "Vũ"))


# Which week


def test_the_open_workbook_says_which_week_is_meant(handed_in: LittleOffice) -> None:
    later = button(handed_in, datetime.fromisoformat("2025-07-10T08:00:00+07:00"))
    workbook = str(handed_in.master())

    assert "Tuần 23" in later.press("consolidate", workbook=workbook).said
    assert "Tuần 28" in later.press("close").said
    assert "Tuần 28" in later.press("issue", workbook=workbook).said


def test_without_a_word_it_is_last_week_until_that_is_closed_or_its_time_has_come(issued: LittleOffice) -> None:
    desk = button(issued, MONDAY)

    assert "Tuần 23" in desk.press("who-is-missing").said
    desk.press("issue")
    assert "Tuần 23" in desk.press("who-is-missing").said
    late = replace_now(desk, "2025-06-11T08:00:00+07:00")
    assert "Tuần 24" in late.press("who-is-missing").said
    desk.press("close")
    assert "Tuần 24" in desk.press("who-is-missing").said


def test_as_long_as_nothing_was_issued_this_week_last_week_is_meant(issued: LittleOffice) -> None:
    assert "Tuần 23" in button(issued, datetime.fromisoformat("2025-06-13T08:00:00+07:00")).press("who-is-missing").said


def test_long_after_a_week_it_is_meant_while_it_is_open_but_never_closed_unawares(handed_in: LittleOffice) -> None:
    later = button(handed_in, datetime.fromisoformat("2025-07-10T08:00:00+07:00"))

    assert "Tuần 23" in later.press("consolidate").said
    assert "Tuần 23" in later.press("who-is-missing").said
    assert ("fail", True) == ((closing := later.press("close")).state, "Tuần 28" in closing.said)
    handed_in.say("close", "2025-W23")
    assert "Tuần 28" in later.press("consolidate").said


def test_no_rule_chooses_a_week_to_be_opened_again(handed_in: LittleOffice) -> None:
    answer = button(handed_in).press("reopen", reason="thử")

    assert ("fail", 2) == (answer.state, answer.ended.code)
    assert "đề nghị chọn tuần" in answer.said


def replace_now(desk: Button, moment: str) -> Button:
    return replace(desk, now=datetime.fromisoformat(moment))


# Which office


def test_the_chosen_office_is_the_one_that_the_buttons_work_for(issued: LittleOffice) -> None:
    desk = Button(issued.folder.parent / "home", None)
    none = desk.press("who-is-missing")
    put_text(desk.machine.addin_home / "office.txt", str(issued.folder))

    assert ("fail", "Chưa chọn thư mục") == (none.state, none.said[:17])
    assert "ok" == desk.press("who-is-missing").state


def test_a_workbook_within_the_office_says_which_office_is_meant(issued: LittleOffice) -> None:
    desk = Button(issued.folder.parent / "home", None)

    assert "ok" == desk.press("who-is-missing", workbook=str(issued.form("V1-03"))).state
    assert "fail" == desk.press("who-is-missing", workbook=str(issued.folder.parent / "x.xlsx")).state


def test_a_request_names_an_office_with_vietnamese_letters(issued: LittleOffice) -> None:
    folder = shutil.move(issued.folder, issued.folder.parent / "Văn phòng Đảng uỷ | 1")
    desk = Button(issued.folder.parent / "home", None)

    assert "ok" == desk.press("who-is-missing", office=str(folder)).state


# Bad states, each in one sentence


@pytest.mark.parametrize(
    ("lang", "sentence"), [("vi", "chị Lan đang làm việc trên máy "), ("en", "chị Lan is at work")]
)
def test_another_clerk_at_work_is_named_with_machine_and_hour(
    handed_in: LittleOffice, lang: str, sentence: str
) -> None:
    with lock(handed_in.folder / "lock", "chị Lan", "08:15 05/06/2025"):
        answer = button(handed_in).press("consolidate", lang=lang)

    assert ("fail", 3) == (answer.state, answer.ended.code)
    assert sentence in answer.said
    assert "08:15 05/06/2025" in answer.said
    assert "evalxl" not in answer.said


def test_a_share_that_is_away_is_named(handed_in: LittleOffice) -> None:
    handed_in.share.rename(handed_in.folder / "away")

    answer = button(handed_in).press("consolidate")

    assert "fail" == answer.state
    assert str(handed_in.share) in answer.said


@pytest.mark.parametrize("job", ["issue", "consolidate"])
def test_a_closed_week_says_which_button_opens_it(handed_in: LittleOffice, job: str) -> None:
    desk = button(handed_in)
    desk.press("close", yes="1")

    answer = desk.press(job, week="2025-W23")

    assert ("fail", 2) == (answer.state, answer.ended.code)
    assert "đã chốt" in answer.said
    assert "Mở lại tuần" in answer.said


def test_a_week_that_was_not_issued_says_which_button_issues_it(made: LittleOffice) -> None:
    assert "Tạo phiếu tuần" in button(made).press("consolidate").said


def test_a_master_that_is_open_is_no_failure_and_the_newest_one_is_shown(handed_in: LittleOffice) -> None:
    master = handed_in.master()
    handed_in.hand_in("0012")
    (master.with_name(f".~lock.{master.name}#")).write_text("chị Lan,lan,may-1", encoding="utf-8")

    first = button(handed_in).press("consolidate")
    beside = Path(first.result["open"])
    (master.parent / f".~lock.{beside.name}#").write_text("chị Lan,lan,may-1", encoding="utf-8")
    handed_in.hand_in("VP-02")
    second = button(handed_in).press("consolidate")

    assert "ok" == first.state
    assert "đang mở (chị Lan)" in first.said
    assert ["2025-W23_tong-hop (chờ ghi).xlsx", "2025-W23_tong-hop (chờ ghi 2).xlsx"] == [
        beside.name,
        Path(second.result["open"]).name,
    ]
    assert "5/12" in second.said


def test_a_folder_that_is_no_office_is_said_so(tmp_path: Path) -> None:
    answer = Button(tmp_path, tmp_path / "đâu đó").press("consolidate")

    assert "fail" == answer.state
    assert "Chọn thư mục" in answer.said


def test_an_old_addin_works_as_long_as_it_is_understood(handed_in: LittleOffice) -> None:
    desk = button(handed_in)

    same, older, stranger = (desk.press("who-is-missing", version=one) for one in (__version__, "0.0.9", "7.1"))

    assert ["ok", "ok", "fail"] == [one.state for one in (same, older, stranger)]
    assert older.said == same.said  # the add-in itself says that it is another version: nobody needs to read it twice
    assert "7.1" in stranger.said


@pytest.mark.parametrize(
    "spoiled", [b"", b"job", b"\xff" * 9, b"\x00\xd8\x00\x00", "job=a\0b".encode("utf-16-le"), b"a" * 70_000]
)
def test_a_spoiled_request_is_said_so_and_nothing_is_done(issued: LittleOffice, spoiled: bytes) -> None:
    desk, before = button(issued), tree(issued.folder)
    folder = desk.folder()
    (folder / "request.txt").write_bytes(spoiled)

    answer = desk.run(folder)

    assert ("fail", 2) == (answer.state, answer.ended.code)
    assert "không đọc được" in answer.said
    assert before == tree(issued.folder)


def test_a_job_that_nobody_knows_is_said_so(issued: LittleOffice) -> None:
    assert "“xoá hết”" in button(issued).press("xoá hết").said


def test_a_mark_of_windows_before_the_request_is_let_pass(issued: LittleOffice) -> None:
    desk = button(issued)
    folder = desk.folder()
    (folder / "request.txt").write_bytes("\ufeffjob=who-is-missing\r\nweek=2025-W23\r\n".encode("utf-16-le"))

    assert "ok" == desk.run(folder).state


def test_what_the_call_says_goes_before_what_the_request_says(issued: LittleOffice) -> None:
    desk = button(issued)
    folder = desk.folder()
    put_request(folder, Request(job="close", week="2025-W30"))

    assert "Tuần 23" in desk.run(folder, job="who-is-missing", week="2025-W23").said


def test_a_slip_of_ours_names_the_log_which_has_the_lines_and_no_value(
    issued: LittleOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def falls_over(*_: object) -> None:
        raise RuntimeError("Nguyễn Thị Đào 38,5")

    monkeypatch.setattr("evalxl.addin.run.perform", falls_over)
    answer = button(issued).press("consolidate")

    assert ("fail", 2) == (answer.state, answer.ended.code)
    assert str(answer.folder / "log.txt") in answer.said
    assert answer.result["log"] == str(answer.folder / "log.txt")
    assert "RuntimeError" in answer.log
    assert "38,5" not in answer.log.replace('raise RuntimeError("Nguyễn Thị Đào 38,5")', "")


def test_a_job_folder_that_cannot_be_made_is_one_sentence_on_the_screen(issued: LittleOffice) -> None:
    (issued.folder.parent / "file").write_bytes(b"")

    said = issued.say("addin-run", "check", "--job-dir", str(issued.folder.parent / "file" / "job"), code=2)

    assert said.startswith("Không ghi được vào thư mục công việc")
    assert 1 == said.count("\n")


# Progress and stopping


def test_the_progress_is_that_of_the_files(issued: LittleOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    issued.hand_in("V1-03", "V1-04", "P-02")
    seen: list[tuple[int, str]] = []

    def noted(folder: Path, state: str, percent: int, message: str) -> None:
        seen.append((percent, message))

    monkeypatch.setattr(reporter, "put_status", noted)
    answer = Button.run(button(issued), issued.folder.parent / "job", job="consolidate")

    assert 0 == answer.ended.code
    assert sorted(seen) == sorted(seen, key=lambda one: one[0])
    assert [percent for percent, _ in seen] == sorted({percent for percent, _ in seen})
    said = [message for _, message in seen]
    assert "Đang xem tệp 7/12" in said
    assert ["Đang đọc tệp 0/3", "Đang đọc tệp 1/3", "Đang đọc tệp 2/3"] == [one for one in said if "đọc tệp" in one]
    assert (100, answer.ended.message) == seen[-1]


@pytest.mark.parametrize("job", ["issue", "consolidate", "close", "roll-up"])
def test_a_job_that_is_stopped_leaves_the_office_as_it_was(handed_in: LittleOffice, job: str) -> None:
    handed_in.hand_in("0012", "VP-02")
    desk, before = button(handed_in), tree(handed_in.folder)
    folder = desk.folder()
    (folder / "cancel").write_bytes(b"")

    answer = desk.press(job, folder, week="2025-W23" if job != "issue" else "2025-W24")

    assert ("cancelled", 2) == (answer.state, answer.ended.code)
    assert before == tree(handed_in.folder)


class StopAfter:
    """A client that asks the program to stop when it has said something for the n-th time."""

    def __init__(self, times: int) -> None:
        self.left = times

    def __call__(self, stage: str, done: int, total: int) -> bool:
        self.left -= 1
        return self.left < 0


@pytest.mark.parametrize("times", [0, 5, 17, 18, 19, 20])
def test_wherever_reading_is_stopped_nothing_is_half_done_and_the_next_run_is_whole(
    handed_in: LittleOffice, times: int
) -> None:
    handed_in.hand_in("0012", "VP-02")
    untouched = {name: data for name, data in tree(handed_in.folder).items() if not name.startswith("archive/")}
    clock, week = Clock(THURSDAY, "văn phòng"), Week.parse("2025-W23")

    def run(progress: Progress) -> bool:
        office = Office.open(handed_in.folder)
        office.examiner = examine_here
        try:
            collect(office, week, clock, progress)
        except StoppedError:
            return False
        return True

    ran = run(StopAfter(times))
    now = {name: data for name, data in tree(handed_in.folder).items() if not name.startswith("archive/")}
    assert ran is (now != untouched)
    assert run(unwatched)
    states = {row["code"]: row["state"] for row in handed_in.table("results")}
    assert ["submitted"] * 5 == [states[code] for code in ("V1-03", "V1-04", "P-02", "0012", "VP-02")]
    handed_in.say("verify")


@pytest.mark.parametrize("times", [0, 3, 11])
def test_wherever_issuing_is_stopped_nothing_is_issued_and_other_rules_may_still_be_chosen(
    made: LittleOffice, times: int
) -> None:
    clock, week = Clock(THURSDAY, "văn phòng"), Week.parse("2025-W23")
    with pytest.raises(StoppedError):
        issue(Office.open(made.folder), week, clock, StopAfter(times))
    assert not list(made.share.rglob("*.xlsx"))

    settings = made.folder / "office.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        'rulebook = "nd-335-2025"\n'
        + "".join(line for line in text.splitlines(keepends=True) if not line.startswith("rulebook")),
        encoding="utf-8",
    )
    office = Office.open(made.folder)
    assert 12 == len(issue(office, week, clock).written)
    assert "nd-335-2025" == Office.open(made.folder).rules_of(week).id


# Through a process, as clients do it


def test_a_client_starts_the_program_with_the_job_folder_alone(issued: LittleOffice, tmp_path: Path) -> None:
    """VBA's Shell knows no Vietnamese letters: everything that has some travels in the request."""
    job = tmp_path / "việc 1"
    job.mkdir()
    put_request(
        job, Request(job="who-is-missing", week="2025-W23", office=str(issued.folder), client="excel", hwnd="7")
    )

    program = started(job, home=tmp_path / "home")

    assert ("ok", 100) == ((status := waited(job)).state, status.percent)
    assert 0 == program.wait(30)


def test_the_words_of_xlwings_are_let_pass(issued: LittleOffice, tmp_path: Path) -> None:
    job = tmp_path / "job"

    issued.say(
        "addin-run",
        "who-is-missing",
        "--job-dir",
        str(job),
        "--week",
        "2025-W23",
        "--wb=a.xlsx",
        "--from_xl=1",
        "--app=1",
        "--hwnd=99",
    )

    assert (status := status_in(job)) is not None
    assert "ok" == status.state


def test_folders_of_jobs_that_ended_a_week_ago_are_cleared_away(issued: LittleOffice) -> None:
    desk = button(issued)
    old, new, other = desk.folder(), desk.folder(), desk.folder()
    for folder in (old, new):
        put_text(folder / "status.txt", "ok|100|")
    (other / "thư.docx").write_bytes(b"")
    for path in (old / "status.txt", other / "thư.docx"):
        os.utime(path, (THURSDAY.timestamp() - 8 * 86400,) * 2)
    os.utime(new / "status.txt", (THURSDAY.timestamp(),) * 2)

    desk.press("who-is-missing")

    assert [False, True, True] == [folder.exists() for folder in (old, new, other)]
