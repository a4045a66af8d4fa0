"""Cell by cell, what was saved last counts in a manager's workbook; an earlier copy changes nothing that is booked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evalxl.domain.history.events import ReceivedEvent
from evalxl.domain.history.workbook_events import type_into
from evalxl.domain.versions.cell_order import Copy, weigh
from evalxl.domain.versions.returned_workbooks import CarriedOutDecision, Issue, ReturnedWorkbook
from evalxl.domain.versions.save_order import Saved

MORNING = datetime(2025, 6, 9, 9, tzinfo=UTC)
SHARE = "shared/2025-W23/VU1/scoring/2025-W23_V1-02_cham-diem.xlsx"
HOME = "shared/2025-W23/VU1/scoring/ở nhà.xlsx"


def when(minutes: float) -> datetime:
    return MORNING + timedelta(minutes=minutes)


def issue(seq: int) -> Issue:
    return Issue(seq, f"F{seq}", "scoring", "V1-02", SHARE, "", "", "", {})


class Desk:
    """A scoring workbook, and the runs that read its copies."""

    def __init__(self, *issues: int) -> None:
        self.book = ReturnedWorkbook("scoring", "V1-02", {f"F{seq}": issue(seq) for seq in issues or (1,)})
        self.seq = 100

    def see(self, *copies: Copy) -> list[Mapping[int, str]]:
        """One press of the button; why which typed cell of each copy does not count."""
        found = weigh(self.book, copies)
        for copy, weighed in zip(copies, found, strict=True):
            self.seq += 1
            typed = [{**one, "held": weighed.held[n]} if n in weighed.held else one for n, one in enumerate(copy.typed)]
            own = copy.saved.own.isoformat() if copy.saved.own else ""
            received = ReceivedEvent(
                seq=self.seq,
                at=when(self.seq).isoformat(),
                file=copy.saved.file,
                sha256="",
                verdict="read",
                form_id=copy.form_id,
                mtime=copy.saved.at.isoformat(),
                own=own,
            )
            type_into(self.book, received, typed)
        return [weighed.held for weighed in found]

    def says(self, name: str = "ev_score_quality") -> str:
        cell = self.book.typed(("team", "V1-03"), name)
        return cell.value[1] if cell is not None else ""


def copy(value: str, own: float | None, at: float, file: str = HOME, form: int = 1, **more: Any) -> Copy:
    cells = {"ev_score_quality": value, **more.pop("cells", {})}
    saved = Saved(file, when(at), when(own) if own is not None else None)
    typed = [
        {
            "table": "team",
            "row": "V1-03",
            "name": name,
            "value": ["number", said, "general", False],
            "sheet": "Chấm điểm",
            "cell": "D8",
        }
        for name, said in cells.items()
    ]
    return Copy(saved, f"F{form}", typed, in_place=file == SHARE, **more)


@given(st.lists(st.integers(1, 600), min_size=1, max_size=6, unique=True), st.randoms(), st.lists(st.integers(1, 3)))
def test_of_copies_saved_one_after_another_the_last_counts_whenever_each_was_seen(
    minutes: list[int], dice: Any, at_once: Sequence[int]
) -> None:
    copies = [copy(str(n), minute, minute, f"{n}.xlsx") for n, minute in enumerate(sorted(minutes))]
    last = copies[-1].typed[0]["value"][1]
    dice.shuffle(copies)
    desk = Desk()
    for count in [*at_once, *[1] * len(copies)]:
        desk.see(*copies[:count])
        del copies[:count]

    assert desk.says() == last


def test_an_earlier_copy_changes_no_booked_cell() -> None:
    desk = Desk()
    desk.see(copy("35", 10, 10, SHARE))

    assert desk.see(copy("30", 0, 0)) == [{0: "earlier"}]
    assert desk.see(copy("31", 20, 0)) == [{0: "unordered"}]
    assert desk.see(copy("32", 20, 20, "x-DESKTOP-7G3K1QA.xlsx")) == [{0: "unordered"}]
    assert desk.says() == "35"
    assert {file: [one.why for one in cells] for file, cells in desk.book.held.items()} == {
        HOME: ["unordered"],
        "x-DESKTOP-7G3K1QA.xlsx": ["unordered"],
    }


def test_a_correction_in_an_older_copy_counts_where_it_was_saved_later() -> None:
    """The workbook on the share went out again in between; at home the manager goes on in the one before."""
    desk = Desk(1, 50)
    desk.see(copy("35", 10, 10, SHARE))

    assert desk.see(copy("38", 30, 30, form=1)) == [{}]
    assert desk.says() == "38"


def test_what_a_later_issue_showed_and_had_changed_does_not_come_back_from_an_older_copy() -> None:
    """The copy at home still says 35, and is saved again for another row after 35 was changed to 33 on the share."""
    desk = Desk(1, 50)
    desk.see(copy("35", 10, 10, SHARE))
    desk.see(copy("33", 20, 20, SHARE, form=50))

    assert desk.see(copy("35", 30, 30, cells={"ev_score_comment": "Tốt"})) == [{0: "earlier"}]
    assert (desk.says(), desk.says("ev_score_comment")) == ("33", "Tốt")


def test_back_to_an_earlier_value_on_the_share_counts() -> None:
    desk = Desk(1, 50, 60)
    desk.see(copy("35", 10, 10, SHARE))
    desk.see(copy("33", 20, 20, SHARE, form=50))

    assert desk.see(copy("35", 30, 30, SHARE, form=60)) == [{}]
    assert desk.says() == "35"


def test_what_is_saved_over_counts_though_a_program_wrote_local_time_unless_it_is_an_older_state() -> None:
    desk = Desk()
    desk.see(copy("35", 7 * 60, 10, SHARE))

    found = weigh(desk.book, [copy("33", 20, 20, SHARE)])
    assert (found[0].held, found[0].opposite) == ({}, (0,))
    assert desk.see(copy("30", 0, 0, SHARE)) == [{0: "earlier"}]
    assert desk.see(copy("31", 20, 20, SHARE, seen=True)) == [{0: "earlier"}]
    assert desk.says() == "35"


def test_of_two_copies_of_which_nobody_can_tell_neither_is_booked_and_no_row_by_half() -> None:
    desk = Desk()
    both = {"ev_score_decision": "Đã chấm"}
    one, other = copy("35", 10, 0, SHARE, cells=both), copy("30", 0, 10, cells=both)

    assert desk.see(one, other) == [{0: "rivals", 1: "rivals"}, {0: "rivals", 1: "rivals"}]
    assert desk.book.rows == {}


def test_copies_that_say_the_same_are_no_rivals() -> None:
    desk = Desk()

    assert desk.see(copy("35", 10, 0, SHARE), copy("35", 0, 10)) == [{}, {}]
    assert desk.says() == "35"


def of_words(one: Copy, form: str) -> Copy:
    """A copy in which everything is words, in cells of a format or without one."""
    typed = [{**cell, "value": ["text", cell["value"][1], form, False]} for cell in one.typed]
    return Copy(one.saved, one.form_id, typed, one.in_place)


def test_a_copy_that_another_program_saved_again_is_no_rival() -> None:
    """It drops the formats of the cells."""
    desk = Desk()
    decided = {"ev_score_decision": "Đã chấm"}
    one = of_words(copy("35", 10, 0, SHARE, cells=decided), "text")
    again = of_words(copy("35", 0, 10, cells=decided), "general")

    assert desk.see(one, again) == [{}, {}]


def test_a_decision_that_was_carried_out_is_not_taken_again_by_a_copy_that_another_program_saved() -> None:
    desk = Desk()
    key, decided = ("team", "V1-03"), {"ev_score_decision": "Trả lại"}
    desk.see(of_words(copy("35", 10, 10, SHARE, cells=decided), "text"))
    cell = desk.book.rows[key].pop("ev_score_decision")
    desk.book.spent[key] = CarriedOutDecision(desk.seq + 1, cell.form_id, tuple(cell.value))
    desk.see(of_words(copy("35", None, 20, cells=decided), "general"))

    assert desk.book.typed(key, "ev_score_decision") is None


def test_what_an_earlier_issue_showed_and_was_typed_again_in_a_later_one_is_ordered_by_time() -> None:
    """Only a value that the later issue showed and had changed is an old one; another value in an old copy is a correction."""
    desk = Desk(1, 50)
    desk.see(copy("35", 10, 10, SHARE))
    desk.see(copy("33", 20, 20, SHARE, form=50))

    assert desk.see(copy("36", 30, 30)) == [{}]
    assert desk.says() == "36"
    assert desk.see(copy("33", 40, 40, form=50)) == [{}]  # the copy of the later issue
    assert desk.says() == "33"


def test_in_a_workbook_issued_again_under_another_name_the_later_save_counts_as_in_one_place() -> None:
    desk = Desk()
    desk.see(copy("35", 20, 10, "cũ.xlsx"))
    moved = copy("33", 10, 20, SHARE)  # its own time is earlier, the folder's later

    assert moved.in_place and desk.see(moved) == [{}]
    assert desk.says() == "33"


def test_a_decision_carried_out_is_no_rival_of_the_one_that_is_made_now() -> None:
    """Of the two copies nobody can tell which was saved last, but the decision of the first was made and carried out long ago."""
    desk = Desk()
    key = ("team", "V1-03")
    desk.see(copy("35", 10, 10, SHARE, cells={"ev_score_decision": "Trả lại"}))
    cell = desk.book.rows[key].pop("ev_score_decision")
    desk.book.spent[key] = CarriedOutDecision(desk.seq + 1, cell.form_id, tuple(cell.value))
    one = copy("35", 40, 30, "một.xlsx", cells={"ev_score_decision": "Trả lại"})
    other = copy("35", 30, 40, "hai.xlsx", cells={"ev_score_decision": "Đã chấm"})

    assert desk.see(one, other) == [{}, {}]
    assert desk.says("ev_score_decision") == "Đã chấm"


def test_a_row_that_had_no_decision_when_it_was_superseded_may_be_decided_in_the_same_copy() -> None:
    desk = Desk()
    key = ("team", "V1-03")
    desk.book.spent[key] = CarriedOutDecision(5, "F1", ())

    assert not desk.book.carried_out(key, "F1", ["text", "Đã chấm", "text", False])
    assert desk.see(copy("35", 10, 10, cells={"ev_score_decision": "Đã chấm"})) == [{}]
    assert desk.says("ev_score_decision") == "Đã chấm"


def test_a_decision_is_weighed_as_every_other_cell_an_earlier_one_changes_nothing() -> None:
    desk = Desk()
    desk.see(copy("35", 10, 10, SHARE, cells={"ev_score_decision": "Đã chấm"}))

    assert desk.see(copy("35", 0, 0, cells={"ev_score_decision": "Trả lại"}))[0][1] == "earlier"
    assert desk.see(copy("35", 20, 0, cells={"ev_score_decision": "Trả lại"}))[0][1] == "unordered"
    assert desk.says("ev_score_decision") == "Đã chấm"
