"""Hypothesis plays the office: anybody may do anything at any moment."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, ClassVar
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from evalxl.excel import masters
from tests.conservation.model import BookFile, FormFile, Garbage
from tests.conservation.town import FIRST, LEADER, Town, garbage, marked, tampered

MEMORY = Path("/dev/shm")
PEOPLE = ("V1-01", "V1-02", "V1-03", "V1-04", "VP-01", "VP-02")
MANAGERS = (LEADER, "V1-01", "V1-02", "VP-01", "VP-02")
WEEKS = [FIRST + timedelta(days=7 * n) for n in range(3)]

QUALITY: list[Any] = [30, 36, Decimal("37.5"), "37,5", Decimal("36.3"), 40]
PROGRESS: list[Any] = [28, 35, Decimal("33.5"), "34.5"]
CONDUCT: list[Any] = [10, 17, 20]
CHANGES = ["move", "head", "leave", "trip", "left", "delegate", "off"]

good = st.tuples(st.sampled_from(QUALITY), st.sampled_from(PROGRESS), st.sampled_from(CONDUCT))
spoiled = st.tuples(
    st.sampled_from([36, "38 điểm", 45, "8/5", None]),
    st.sampled_from([35, -1, "một", None]),
    st.sampled_from([17, None, 21]),
)
number = st.integers(0, 10_000)


class OfficeMachine(RuleBasedStateMachine):
    """People at work in any order; after every press of the button all that is promised is looked at."""

    done: ClassVar[Counter[str]] = Counter()

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="evalxl-town-", dir=MEMORY if MEMORY.is_dir() else None))
        self.town = Town(self.folder)
        self.town.issue(FIRST)
        self.laptop: list[tuple[bytes, BookFile]] = []
        self.count("offices")

    def teardown(self) -> None:
        if hasattr(self, "town"):
            self.town.rebuild()
            self.count("runs", self.town.runs)
            self.count("events", self.town.events)
            shutil.rmtree(self.folder, ignore_errors=True)

    def count(self, what: str, by: int = 1) -> None:
        type(self).done[what] += by

    @invariant()
    def one_more_step(self) -> None:
        self.count("steps")

    def week(self, n: int) -> str:
        names = sorted(self.town.weeks)
        return names[-1 - n % 4 % len(names)] if n % 3 == 0 else names[-1]

    def some_file(self, name: str, n: int) -> Path | None:
        lying = list(self.town.lying(name).values())
        return lying[n % len(lying)] if lying else None

    def form_of(self, name: str, code: str, n: int = 0) -> str | None:
        ids = [
            form_id
            for form_id, who in self.town.weeks[name].forms.items()
            if who == code and form_id in self.town.went_out
        ]
        return (ids[n % len(ids)] if n % 7 == 0 else ids[-1]) if ids else None

    # Staff

    @rule(n=number, code=st.sampled_from(PEOPLE), where=st.sampled_from(["own", "own", "own", "copy", "other unit", "week"]),
          scores=good, status=st.sampled_from([True, True, True, False]), task=st.sampled_from([True] * 6 + [False]))  # fmt: skip
    def somebody_fills_a_form(self, n: int, code: str, where: str, scores: Any, status: bool, task: bool) -> None:
        self._fill(n, code, where, scores, submitted=status, task=task)

    @rule(n=number, code=st.sampled_from(PEOPLE), where=st.sampled_from(["own", "own", "copy"]), scores=good)
    def somebody_else_fills_a_form(self, n: int, code: str, where: str, scores: Any) -> None:
        self._fill(n, code, where, scores)

    @rule(n=number, code=st.sampled_from(PEOPLE), where=st.sampled_from(["own", "copy"]), scores=spoiled)
    def somebody_types_bad_scores(self, n: int, code: str, where: str, scores: Any) -> None:
        self._fill(n, code, where, scores)

    @rule(n=number, code=st.sampled_from(PEOPLE), blank=st.booleans())
    def somebody_saves_without_typing_or_changes_a_locked_cell(self, n: int, code: str, blank: bool) -> None:
        self._fill(n, code, "own", (36, 36, 17), blank=blank, tampered=not blank)

    def _fill(self, n: int, code: str, where: str, scores: Any, **more: Any) -> None:
        name = self.week(n)
        if (form_id := self.form_of(name, code, n)) is not None:
            says = FormFile(name, code, form_id, more.pop("submitted", True), scores, **more)
            self.town.fill(name, code, where, says)
            self.count("filled")

    @rule(n=number, code=st.sampled_from(PEOPLE), scores=good)
    def a_form_is_dropped_into_another_week(self, n: int, code: str, scores: Any) -> None:
        names = sorted(self.town.weeks)
        form_id = self.form_of(names[0], code)
        if len(names) > 1 and form_id is not None:
            says = FormFile(names[0], code, form_id, True, scores)
            self.town.fill(names[-1], code, "week", says)
            self.count("other week")

    # Files

    @rule(n=number, m=number, how=st.sampled_from(["copy", "rename", "move", "delete"]))
    def a_file_is_copied_renamed_moved_or_deleted(self, n: int, m: int, how: str) -> None:
        name = self.week(n)
        path = self.some_file(name, m)
        if path is None:
            return
        self.count(how)
        self.town.now += timedelta(minutes=1)
        to = {
            "copy": path.with_name(f"{path.stem} (1){path.suffix}"),
            "rename": path.with_name(f"bản cuối {n % 5}{path.suffix}"),
            "move": self.town.share / name / ("VP" if n % 2 else "VU1") / "forms" / path.name,
            "delete": path,
        }[how]
        to.parent.mkdir(parents=True, exist_ok=True)
        if how == "delete":
            path.unlink()
        elif how == "copy":
            shutil.copyfile(path, to)
            self.town.stamp(to, self.town.now)
        elif to != path:
            path.replace(to)

    @rule(n=number, m=number)
    def something_that_is_no_workbook_lies_there(self, n: int, m: int) -> None:
        name = self.week(n)
        kinds = list(garbage(m))
        file, data, says = kinds[m % len(kinds)]
        self.town.save(self.town.share / name / ("VP" if n % 2 else "VU1") / "forms" / file, data, says)
        self.count("garbage")

    @rule(n=number, m=number)
    def a_file_is_spoiled(self, n: int, m: int) -> None:
        path = self.some_file(self.week(n), m)
        if path is not None and path.stat().st_size > 5000:
            # Under a name that is nobody's: whose a file is that cannot be read at somebody's place, is no matter here.
            data = b"PK\x03\x04" + self.town.now.isoformat().encode() + path.read_bytes()[200 + m % 50 : 3000]
            path.unlink()
            self.town.save(path.with_name(f"hỏng {m % 5}.xlsx"), data, Garbage())
            self.count("spoiled")

    # Managers and approvers

    def _book(self, n: int, kind: str, owner: str) -> tuple[str, Path, tuple[bytes, BookFile]] | None:
        name = self.week(n)
        for path in self.town.lying(name).values():
            book = self.town.in_hand(path) if path.name == f"{name}_{owner}.xlsx" and kind in path.parts else None
            if book is not None and (book[1].kind, book[1].owner) == (kind, owner):
                return name, path, book
        return None

    def _rows(self, book: BookFile, n: int) -> list[str]:
        people = list(self.town.values[book.form_id]["ev_row_person"])
        return people if n % 3 else people[:1]

    @rule(n=number, owner=st.sampled_from(MANAGERS), scores=good, comment=st.sampled_from(["", "Tốt", "Khá"]),
          explanation=st.sampled_from(["", "Theo sản phẩm"]), decision=st.sampled_from(["Đã chấm"] * 5 + ["Chưa chấm", "Trả lại", None]),
          keep=st.booleans())  # fmt: skip
    def a_manager_scores(
        self, n: int, owner: str, scores: Any, comment: str, explanation: str, decision: str | None, keep: bool
    ) -> None:
        if (found := self._book(n, "scoring", owner)) is None:
            return
        _, path, base = found
        if keep:
            self.laptop.append(base)
        row: dict[str, Any] = dict(zip(("quality", "progress", "conduct"), scores, strict=True))
        row |= {"comment": comment, "explanation": explanation}
        row |= {"decision": decision} if decision else {}
        data, says = self.town.type_rows(base, dict.fromkeys(self._rows(base[1], n), row))
        self.town.save(path, data, says)
        self.count("scored")

    @rule(n=number, owner=st.sampled_from(MANAGERS), word=st.sampled_from(["Trả lại", "Đã chấm"]))
    def a_manager_changes_a_word(self, n: int, owner: str, word: str) -> None:
        if (found := self._book(n, "scoring", owner)) is None:
            return
        _, path, base = found
        cells = {"decision": word, "comment": "Bổ sung minh chứng"} if word == "Trả lại" else {"decision": word}
        data, says = self.town.type_rows(base, dict.fromkeys(self._rows(base[1], n)[-1:], cells))
        self.town.save(path, data, says)
        self.count("changed a word")

    @precondition(lambda self: getattr(self, "laptop", None))
    @rule(
        n=number,
        scores=good,
        word=st.sampled_from(["Đã chấm", "Trả lại", None]),
        beside=st.booleans(),
        all_rows=st.booleans(),
    )
    def somebody_works_on_an_old_copy(
        self, n: int, scores: Any, word: str | None, beside: bool, all_rows: bool
    ) -> None:
        self._old_copy(n, scores, word, beside, all_rows)

    def _old_copy(self, n: int, scores: Any, word: str | None, beside: bool, all_rows: bool) -> None:
        if not self.laptop:
            return
        base = self.laptop[n % len(self.laptop)]
        kind = base[1].kind
        row: dict[str, Any] = (
            dict(zip(("quality", "progress", "conduct"), scores, strict=True)) if kind == "scoring" else {}
        )
        note = "comment" if kind == "scoring" else "opinion"
        row |= (
            {"decision": "Phê duyệt" if word == "Đã chấm" and kind == "approval" else word, note: "Theo bản cũ"}
            if word
            else {}
        )
        data, says = self.town.type_rows(
            base, dict.fromkeys(self._rows(base[1], n), row), all_rows and kind == "approval"
        )
        self.laptop[n % len(self.laptop)] = data, says
        place = self.town.paths[says.form_id]
        self.town.save(place.with_name(f"của tôi {says.owner}.xlsx") if beside else place, data, says)
        self.count("old copy")

    @rule(n=number, owner=st.sampled_from((LEADER, "V1-01", "VP-01", "V1-02")), scores=good, keep=st.booleans(),
          word=st.sampled_from(["Phê duyệt"] * 3 + ["Phê duyệt có điều chỉnh", "Trả lại", "all"]), opinion=st.sampled_from(["", "Đồng ý"]))  # fmt: skip
    def an_approver_decides(self, n: int, owner: str, scores: Any, keep: bool, word: str, opinion: str) -> None:
        if (found := self._book(n, "approval", owner)) is None:
            return
        _, path, base = found
        if keep:
            self.laptop.append(base)
        row: dict[str, Any] = {} if word == "all" else {"decision": word, "opinion": opinion}
        if word == "Phê duyệt có điều chỉnh":
            row |= dict(zip(("quality", "progress", "conduct"), scores, strict=True))
        data, says = self.town.type_rows(base, dict.fromkeys(self._rows(base[1], n), row), word == "all")
        self.town.save(path, data, says)
        self.count("approved")

    @rule(n=number, owner=st.sampled_from(MANAGERS))
    def a_locked_cell_of_a_managers_workbook_is_changed(self, n: int, owner: str) -> None:
        if n % 4 == 0 and (found := self._book(n, "scoring", owner)) is not None:
            _, path, (data, says) = found
            people = self.town.values[says.form_id]["ev_row_name"]
            self.town.save(path, tampered(data, people[0], "Ai Đó"), replace(says, tampered=True))
            self.count("locked cell")

    # Days on which much happens

    @rule(seed=st.binary(min_size=8, max_size=8))
    def a_day(self, seed: bytes) -> None:
        """Some hours of a busy office: what people do most often happens most often."""
        chance = Random(seed)
        for _ in range(chance.randint(3, 8)):
            self._act(chance)
            self.count("steps")
        self._press(chance.randrange(99))

    @rule(seed=st.binary(min_size=8, max_size=8))
    def another_day(self, seed: bytes) -> None:
        self.a_day(seed=seed)

    @rule(seed=st.binary(min_size=8, max_size=8))
    def one_more_day(self, seed: bytes) -> None:
        self.a_day(seed=seed)

    def _act(self, chance: Random) -> None:
        n, m = chance.randrange(10_000), chance.randrange(10_000)
        code, owner = chance.choice(PEOPLE), chance.choice(MANAGERS)
        scores = (chance.choice(QUALITY), chance.choice(PROGRESS), chance.choice(CONDUCT))
        yes = chance.random() < 0.5
        noted = chance.choice([("", ""), ("Tốt", "Theo sản phẩm"), ("Khá", ""), ("", "Khác")])
        acts: list[tuple[int, Callable[[], None]]] = [
            (14, lambda: self._fill(n, code, chance.choice(["own", "own", "copy", "other unit", "week"]), scores)),
            (3, lambda: self._fill(n, code, "own", scores, submitted=False)),
            (3, lambda: self._fill(n, code, "own", (chance.choice(["38 điểm", 45, None]), *scores[1:]))),
            (1, lambda: self._fill(n, code, "copy", scores, tampered=True)),
            (3, lambda: self.people_hand_in(n=n, scores=scores, people=set(chance.sample(PEOPLE, 4)))),
            (5, lambda: self.a_file_is_copied_renamed_moved_or_deleted(n=n, m=m, how=chance.choice(["copy", "rename", "move", "delete"]))),
            (1, lambda: self.something_that_is_no_workbook_lies_there(n=n, m=m)),
            (1, lambda: self.a_file_is_spoiled(n=n, m=m)),
            (12, lambda: self.a_manager_scores(n=n, owner=owner, scores=scores, comment=noted[0], explanation=noted[1],
                                               decision=chance.choice(["Đã chấm"] * 6 + ["Chưa chấm", "Trả lại", None]), keep=yes)),
            (4, lambda: self.a_manager_changes_a_word(n=n, owner=owner, word=chance.choice(["Trả lại", "Đã chấm"]))),
            (5, lambda: self.managers_score(n=n, scores=scores, more=dict(zip(("comment", "explanation"), noted, strict=True)), pressed=yes)),
            (4, lambda: self.approvers_approve(n=n, word=chance.choice(["all", "Phê duyệt", "Trả lại"]))),
            (10, lambda: self.an_approver_decides(n=n, owner=chance.choice((LEADER, "V1-01", "V1-01", "VP-01", "V1-02")), scores=scores, keep=yes,
                                                  word=chance.choice(["Phê duyệt"] * 3 + ["Phê duyệt có điều chỉnh", "Trả lại", "all"]), opinion=noted[0])),
            (5, lambda: self._old_copy(n, scores, chance.choice(["Đã chấm", "Trả lại", None]), yes, m % 2 > 0)),
            (1, lambda: self.a_locked_cell_of_a_managers_workbook_is_changed(n=n, owner=owner)),
            (4, lambda: self.time_passes(hours=chance.choice([1, 8, 24, 48]))),
            (3, lambda: self.forms_go_out(n=n)),
            (1, lambda: self.forms_are_taken_back(n=n, code=code if yes else None)),
            (2, lambda: self.a_week_is_closed_and_perhaps_opened(n=n)),
            (3, lambda: self.the_organisation_changes(what=chance.choice(CHANGES), n=n, who=code, to=owner, scope=chance.choice(["score", "approve", "both"]))),
            (1, lambda: self.the_office_comes_back_from_its_backup(n=n)),
            (12, lambda: self._press(n)),
        ]  # fmt: skip
        chance.choices([act for _, act in acts], [weight for weight, _ in acts])[0]()

    # A good day, on which people do what they should

    @rule(n=number, scores=good, people=st.sets(st.sampled_from(PEOPLE), min_size=2))
    def people_hand_in(self, n: int, scores: Any, people: set[str]) -> None:
        for code in sorted(people):
            self._fill(n * 7 + 1, code, "own", scores)
        self._press(n)

    @rule(
        n=number,
        scores=good,
        more=st.sampled_from([{}, {}, {"comment": "Tốt", "explanation": "Theo sản phẩm"}]),
        pressed=st.booleans(),
    )
    def managers_score(self, n: int, scores: Any, more: dict[str, str], pressed: bool) -> None:
        for owner in MANAGERS:
            row = dict(zip(("quality", "progress", "conduct"), scores, strict=True)) | {"decision": "Đã chấm"} | more
            if (found := self._book(n, "scoring", owner)) is not None:
                data, says = self.town.type_rows(found[2], dict.fromkeys(self._rows(found[2][1], n), row))
                self.town.save(found[1], data, says)
                self.count("scored")
        if pressed:
            self._press(n)

    @rule(n=number, word=st.sampled_from(["all", "Phê duyệt", "Trả lại"]))
    def approvers_approve(self, n: int, word: str) -> None:
        for owner in MANAGERS:
            row = {} if word == "all" else {"decision": word, "opinion": "Đã xem"}
            if (found := self._book(n, "approval", owner)) is not None:
                data, says = self.town.type_rows(
                    found[2], dict.fromkeys(self._rows(found[2][1], n), row), word == "all"
                )
                self.town.save(found[1], data, says)
                self.count("approved")
        self._press(n)

    # The office staff

    @rule(hours=st.sampled_from([1, 8, 24, 48, 72]))
    def time_passes(self, hours: int) -> None:
        self.town.now += timedelta(hours=hours)

    @rule(n=number)
    def forms_go_out(self, n: int) -> None:
        issued = len(self.town.weeks)
        self.town.issue(WEEKS[min(issued, len(WEEKS) - 1)] if n % 2 else WEEKS[n // 2 % min(issued + 1, len(WEEKS))])
        self.count("issue")

    @rule(n=number, code=st.sampled_from([None, *PEOPLE]))
    def forms_are_taken_back(self, n: int, code: str | None) -> None:
        if n % 3 == 0:
            self.town.withdraw(self.week(n), code)
            self.count("withdraw")

    @rule(n=number)
    def a_week_is_closed_and_perhaps_opened(self, n: int) -> None:
        name = self.week(n)
        if self.town.weeks[name].closed or n % 17 == 0:
            self.town.reopen(name)
        elif n % 5 == 1:
            self.town.close(name)
        self.count("close")

    @rule(what=st.sampled_from(CHANGES), n=number, who=st.sampled_from(PEOPLE),
          to=st.sampled_from(MANAGERS), scope=st.sampled_from(["score", "approve", "both"]))  # fmt: skip
    def the_organisation_changes(self, what: str, n: int, who: str, to: str, scope: str) -> None:
        office = self.town.office
        monday = WEEKS[n % len(WEEKS)]
        if what == "move" and who in ("V1-03", "V1-04"):
            office.units[who] = "VP" if office.units[who] == "VU1" else "VU1"
            office.scorers.pop(who, None)
            if office.units[who] == "VU1" and n % 2:
                office.scorers[who] = "V1-02"
        elif what == "head":
            office.heads["VP"] = "VP-02" if office.heads["VP"] == "VP-01" else "VP-01"
        elif what == "leave":
            office.away.append((who, True, monday, monday + timedelta(days=6 if n % 2 else 2)))
        elif what == "trip":
            office.away.append((who, False, monday + timedelta(days=3), monday + timedelta(days=7)))
        elif what == "left" and who == "V1-04" and not n % 3:
            office.left[who] = monday - timedelta(days=1)
        elif what == "delegate" and who in MANAGERS and who != to and len(office.given) < 3:
            if not any(giver == who for giver, _, _, _ in office.given):
                office.given.append((who, to, scope, self.town.now.date() + timedelta(days=n % 2)))
        elif what == "off" and n % 3 == 0:
            office.off.add(monday + timedelta(days=4))
        self.town.reorganise()
        self.count("organisation")

    @rule(n=number)
    def the_office_comes_back_from_its_backup(self, n: int) -> None:
        if n % 8:
            return
        self.town.back_up_and_restore()
        self.count("backup")

    @rule(n=number)
    def the_button_is_pressed(self, n: int) -> None:
        self._press(n)

    @rule(n=number)
    def the_button_is_pressed_again(self, n: int) -> None:
        self._press(n)

    def _press(self, n: int) -> None:
        name = self.week(n)
        self.town.snapshot(name)
        self.town.consolidate(name)


def play(offices: int, steps: int, always_the_same: bool = False, drawn: bool = True) -> None:
    """Let so many offices work for so many steps; raises with the story of the one in which something does not hold.

    The story is not made shorter: a step less is seldom worth the time.

    Args:
        drawn: Masters are drawn in full; else they bear a mark of what they would show (`town.marked`).
    """
    with nullcontext() if drawn else patch.object(masters, "draw", marked(masters.draw)):
        run_state_machine_as_test(
            OfficeMachine,
            settings=settings(
                max_examples=offices,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                derandomize=always_the_same,
                suppress_health_check=list(HealthCheck),
                phases=(Phase.generate,),
                print_blob=False,
            ),
        )
