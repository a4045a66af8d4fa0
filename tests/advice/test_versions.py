"""What is said of files that rival each other, come from elsewhere or of another week: each person does what the finding says."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.advice.advice import Desk, at, found
from tests.hostile.good import issued as issued_elsewhere
from tests.little_office import LittleOffice, make_little_office
from tests.people import GOOD_FORM, type_into

NEXT = "2025-W24"
Act = Callable[[Desk], object]


def nothing(desk: Desk) -> None: ...


@dataclass(frozen=True)
class Story:
    """What one person does between the presses of the button.

    Attributes:
        kind: What is said after the third press.
        before: Before the first press, the second and the third.
        do: What the finding says, before the fourth.
        quality: The score that counts at the end; "" where no form does.
        stays: Whether the finding is a word about what counts, which goes on being true of the other file.
    """

    kind: str
    before: tuple[Act, Act, Act]
    do: Act
    quality: str = "37"
    stays: bool = False


def fill(quality: int, hour: float) -> Act:
    def act(desk: Desk) -> None:
        desk.fill(self_quality=quality)
        desk.held[quality] = at(desk.form, hour).read_bytes()

    return act


def lay_again(quality: int, hour: float) -> Act:
    """An older state comes back over the form, as a sync client does it."""
    return lambda desk: desk.lay(desk.held[quality], hour)


def copy_saved_at(quality: int, own: float, folder: float, name: str = "(sửa lần 2)") -> Act:
    def act(desk: Desk) -> None:
        path = desk.form.with_name(f"{desk.form.stem} {name}.xlsx")
        type_into(desk.form, {**GOOD_FORM, "ev_self_quality": quality}, path)
        at(path, own)
        Desk.lay(desk, path.read_bytes(), folder, path)
        desk.held["other"] = path

    return act


def one_cell_again(which: str, quality: int) -> Act:
    """*Mở bản đúng, gõ lại một ô rồi lưu.*"""

    def act(desk: Desk) -> None:
        path = desk.form if which == "form" else Path(desk.held["other"])
        type_into(path, {"ev_self_quality": quality})
        at(path, 12)

    return act


def saved_by_another_clock(quality: int) -> Act:
    """A program that writes local time as if it were UTC saves over the form: by its own word it is earlier, by the folder's later."""

    def act(desk: Desk) -> None:
        type_into(desk.form, {"ev_self_quality": quality})
        at(desk.form, 2)
        desk.lay(desk.form.read_bytes(), 9)

    return act


def named_otherwise(name: str) -> Act:
    def act(desk: Desk) -> None:
        desk.fill()
        desk.held["other"] = desk.form.rename(desk.form.with_name(name.format(desk.form.stem)))

    return act


def named_back(desk: Desk) -> None:
    """*Đổi tên tệp này cho có đuôi .xlsx, mở ra kiểm tra rồi lưu.*"""
    Path(desk.held["other"]).rename(desk.form)
    type_into(desk.form, {"ev_self_quality": 37})
    at(desk.form, 12)


def of_next_week(desk: Desk) -> None:
    form = desk.office.form(desk.code, NEXT)
    desk.held["other"] = desk.form.with_name("phiếu tuần sau.xlsx")
    type_into(form, {**GOOD_FORM, "ev_self_quality": 33}, desk.held["other"])
    at(desk.held["other"], 3)


def moved_to_its_week(desk: Desk) -> None:
    """*Chuyển tệp về thư mục của tuần đó.*"""
    Path(desk.held["other"]).rename(desk.office.form(desk.code, NEXT))


def of_another_office(desk: Desk) -> None:
    desk.held["other"] = desk.form.with_name(f"từ sở bạn {desk.code}.xlsx")
    desk.lay(issued_elsewhere("V1-03", "d" * 32, desk.office.week, office="e" * 32), 3, desk.held["other"])


def sent_back(desk: Desk) -> None:
    Path(desk.held["other"]).rename(desk.elsewhere / "gửi lại.xlsx")


def of_no_ledger(desk: Desk) -> None:
    """A form of this office and week that the ledger never issued."""
    desk.held["other"] = desk.form.with_name(f"phiếu lạ {desk.code}.xlsx")
    office = (desk.office.folder / "office-id.txt").read_text(encoding="utf-8").strip()
    desk.lay(issued_elsewhere(desk.code, "d" * 32, desk.office.week, office=office), 3, desk.held["other"])


def moved_out_and_filled(desk: Desk) -> None:
    sent_back(desk)
    desk.fill()
    at(desk.form, 12)


def taken_back(desk: Desk) -> None:
    """The office takes the form back; the person had a copy at home, fills that and lays it down."""
    home = Path(shutil.copy(desk.form, desk.elsewhere / "ở nhà.xlsx"))
    desk.office.say("withdraw", desk.office.week, desk.code)
    type_into(home, dict(GOOD_FORM))
    desk.held["other"] = Path(shutil.copy(home, desk.form.with_name(f"nộp {desk.code}.xlsx")))
    at(desk.held["other"], 3)


def issued_again_and_filled(desk: Desk) -> None:
    sent_back(desk)
    desk.office.say("issue", desk.office.week)
    del desk.held["form"]
    desk.fill()
    at(desk.form, 12)


STORIES: list[Story] = [
    Story("form.replaces", (nothing, fill(37, 1), copy_saved_at(30, 3, 3)), one_cell_again("form", 37), "37", stays=True),
    Story("form.earlier_version", (nothing, fill(37, 3), copy_saved_at(30, 1, 1)), one_cell_again("other", 30), "30", stays=True),
    Story("form.older_state", (fill(30, 1), fill(37, 3), lay_again(30, 1)), one_cell_again("form", 31), "31"),
    Story("form.older_state", (fill(30, 1), fill(37, 3), lay_again(30, 1)), one_cell_again("form", 37), "37"),
    Story("form.times_opposite", (nothing, fill(30, 5), saved_by_another_clock(36)), one_cell_again("form", 37), "37"),
    Story("form.read_aside", (nothing, nothing, named_otherwise("Backup of {}.xlk")), named_back),
    Story("form.other_week", (nothing, nothing, of_next_week), moved_to_its_week, ""),
    Story("form.other_office", (nothing, nothing, of_another_office), sent_back, ""),
    Story("form.unknown", (nothing, nothing, of_no_ledger), moved_out_and_filled),
    Story("form.withdrawn", (nothing, nothing, taken_back), issued_again_and_filled),
]  # fmt: skip


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> tuple[LittleOffice, list[Desk], list[dict[str, set[str]]]]:
    office = make_little_office(tmp_path_factory.mktemp("versions") / "office", officials=len(STORIES))
    office.say("issue", office.week)
    office.say("issue", NEXT)
    desks = [Desk(office, f"V1-{number:02d}") for number in range(3, 3 + len(STORIES))]
    said = []
    for press in range(4):
        for desk, story in zip(desks, STORIES, strict=True):
            ((*story.before, story.do)[press])(desk)
        said.append(found(office, office.consolidate()))
    office.consolidate(NEXT)
    return office, desks, said


def _told(said: dict[str, set[str]], desk: Desk) -> set[str]:
    """What is said of a person, and of a file that is nobody's and that the person laid there."""
    name = Path(desk.held.get("other", desk.form)).name
    return {kind for key, kinds in said.items() if key == desk.code or key.endswith(name) for kind in kinds}


def test_everybody_who_does_what_is_said_of_the_files_is_rid_of_it_and_what_was_meant_counts(
    seen: tuple[LittleOffice, list[Desk], list[dict[str, set[str]]]],
) -> None:
    office, desks, said = seen
    wrong, results = [], {one["code"]: one for one in office.table("results")}
    for desk, story in zip(desks, STORIES, strict=True):
        if story.kind not in _told(said[2], desk):
            wrong.append(f"{desk.code} {story.kind} was not made, but {_told(said[2], desk)}")
        if not story.stays and story.kind in _told(said[3], desk):
            wrong.append(f"{desk.code} {story.kind} is told still")
        if (result := results[desk.code])["self_quality"] != story.quality:
            wrong.append(f"{desk.code} {story.kind}: {result['state']} {result['self_quality']} {_told(said[3], desk)}")
    assert not wrong, "\n".join(wrong)
    late = next(desk for desk, story in zip(desks, STORIES, strict=True) if story.kind == "form.other_week")
    assert next(one for one in office.table("results", NEXT) if one["code"] == late.code)["self_quality"] == "33"
