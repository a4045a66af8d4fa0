"""Generated offices in which managers score, with or without habits.

    python -m tests.domain.offices_that_score [OFFICES]

prints how often something is signalled in offices without any habit, and how often each planted habit is found.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from random import Random

from evalxl.domain.analysis.scoring_signals import KINDS, Kind
from evalxl.domain.evaluation.scoring import DONE, Scores, Task
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.weeks import Week
from tests.domain.analysis.at_hand import fairness_of
from tests.samples_of_weeks import rules
from tests.standard_parts import in_parts

RULES = rules()
FIRST = Week.parse("2025-W23")
_WORDS = tuple(
    word
    for phrase in (
        "chấp hành giờ làm việc phối hợp đồng nghiệp xử lý văn bản đúng hạn chủ động báo cáo tiến độ tiếp thu góp ý rà soát hồ sơ",
        "hỗ trợ đơn vị bạn nghiên cứu quy trình mới cập nhật dữ liệu trực cơ quan tham gia họp chuẩn bị tài liệu sắp xếp công việc",
    )
    for word in phrase.split()
)


def spoken(draw: Random, words: int = 25) -> str:
    return " ".join(draw.choice(_WORDS) for _ in range(words))


def office(seed: int, teams: int = 12, weeks: int = 12, **habits: str) -> list[Result]:
    """An office of teams of 3 to 20 people that differ as teams, people and weeks do.

    Args:
        habits: By scorer (`S03`), the kind of signal that was planted there; under a person's code (`T03P00`), the person's.
    """
    draw = Random(seed)
    rows = []
    for team in range(teams):
        scorer, better = f"S{team:02d}", draw.gauss(0, 1.5)
        for number in range(draw.randint(12 if scorer in habits else 3, 20)):
            person, good = f"T{team:02d}P{number:02d}", draw.gauss(84, 4)
            modest = draw.gauss(1.5, 1.5)
            said = ""
            before: Result | None = None
            for week in range(weeks):
                if draw.random() < 0.08:
                    continue
                total = good + better + draw.gauss(0, 3)
                said = said if said and habits.get(person) == "text_again" else spoken(draw)
                row = scored(draw, FIRST.after(week), person, scorer, total, modest, said)
                row = planted(row, habits.get(scorer, "") or habits.get(person, ""), before, draw)
                rows.append(row)
                before = row
    if "text_shared" in habits.values():
        (person,) = (code for code, kind in habits.items() if kind == "text_shared")
        words = {row.week: row.conduct_note for row in rows if row.code == "T00P00"}
        rows = [
            replace(row, conduct_note=words.get(row.week, row.conduct_note)) if row.code == person else row
            for row in rows
        ]
    draw.shuffle(rows)
    return rows


def half(value: float, most: int) -> Decimal:
    return Decimal(round(min(max(value, 0), most) * 2)) / 2


def scored(draw: Random, week: Week, person: str, scorer: str, total: float, modest: float, said: str) -> Result:
    given = spread(total)
    own = given if draw.random() < 0.3 else spread(total + modest + draw.gauss(0, 1.5))
    evidence = "" if draw.random() < 0.1 else f"Công văn số {draw.randrange(1000)}"
    comment = f"Đồng chí {spoken(draw, 6)}" if draw.random() < 0.3 else ""
    tasks = (Task("01", f"Việc tuần {week}", status=DONE, product="Văn bản", evidence=evidence),)
    return Result(
        week=week,
        code=person,
        name=f"Người {person}",
        unit=person[:3],
        unit_name=f"Đơn vị {person[:3]}",
        title="",
        rank="official",
        position="",
        scorer=scorer,
        approver="A",
        state="approved",
        self_scores=own,
        scored=given,
        approved=given,
        counted_total=given.total,
        basis="approved",
        tasks=tasks,
        conduct_note=said,
        comment=comment,
    )


def spread(total: float) -> Scores:
    """A total in three parts, each to the step and within its bounds."""
    total = min(max(total, 0), 100)
    return in_parts(half(total * 0.4 - 0.7, 40), half(total * 0.4 + 0.4, 40), half(total * 0.2 + 0.3, 20))


def planted(row: Result, habit: str, before: Result | None, draw: Random) -> Result:
    total, own = row.scored.total, row.self_scores.total
    assert total is not None and own is not None
    given = row.scored
    if habit in ("lenient", "severe"):
        given = spread(float(total) + (10 if habit == "lenient" else -10))
    elif habit == "narrow":
        given = spread(84 + (float(total) - 84) * 0.15)
    elif habit == "wide":
        given = spread(float(total) + draw.choice((-24, 8)))
    elif habit == "all_same":
        given = spread(80 + row.week.number % 5)
    elif habit == "same_again" and before is not None:
        given = before.scored
    elif habit == "as_declared":
        given = row.self_scores
    elif habit in ("above_self", "below_self"):
        return replace(row, self_scores=spread(float(total) + (-8 if habit == "above_self" else 10)))
    elif habit == "self_above":
        row, given = replace(row, self_scores=given), spread(float(total) - 14)
    elif habit == "self_below":
        return replace(row, self_scores=spread(float(total) - 14))
    elif habit == "unproven":
        row = replace(row, tasks=tuple(replace(task, evidence="") for task in row.tasks))
        given = spread(max(float(total), 92))
    elif habit == "same_comment":
        return replace(row, comment="Hoàn thành tốt nhiệm vụ được giao")
    elif habit == "round":
        given = in_parts(Decimal(draw.choice((30, 35))), Decimal(draw.choice((30, 35))), Decimal(draw.choice((15, 20))))
    return replace(row, scored=given, approved=given, counted_total=given.total)


OF_PEOPLE: tuple[Kind, ...] = ("self_above", "self_below", "text_again", "text_shared")


def main(offices: int) -> None:
    """Print the rates."""
    false: Counter[str] = Counter()
    scorers = people = with_any = 0
    for seed in range(offices):
        rows = office(seed)
        found = fairness_of(rows, RULES).signals
        scorers += len({row.scorer for row in rows})
        people += len({row.code for row in rows})
        with_any += bool(found)
        false.update(signal.kind for signal in found)
    print(f"{offices} offices without habits: {scorers} scorers, {people} people; {sum(false.values())} signals")
    print(f"  offices with any signal: {with_any} ({with_any / offices:.1%}); by kind: {dict(false) or 'none'}")
    found = {}
    for kind in KINDS:
        who, seeds = "T03P00" if kind in OF_PEOPLE else "S03", range(max(1, offices // 20))
        told = [fairness_of(office(seed, **{who: kind}), RULES).signals for seed in seeds]
        hits = sum(any(each.kind == kind and who in (each.code, each.other) for each in one) for one in told)
        others = sum(who[1:3] not in (each.code[1:3], each.other[1:3]) for one in told for each in one)
        found[kind] = f"{hits} of {len(seeds)}" + (f" ({others} about others)" if others else "")
    of_scorers = sum(count for kind, count in false.items() if kind not in OF_PEOPLE)
    print(f"  planted habits found: {found}")
    print(f"  per scorer: {of_scorers / scorers:.2%}; per person: {(sum(false.values()) - of_scorers) / people:.3%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
