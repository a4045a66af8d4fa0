"""The later sheets of the office's register: difficulties and proposals with their answers, and requests for review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evalxl.excel.templates import finish
from evalxl.excel.templates.books import NUMBER, TEXT_CELL, RowColumn, draw_list, hide_unused, letters_of, listed
from evalxl.excel.templates.parts import ALERT, CENTER, GOOD, GREEN, PALE, PINK, PLAIN, RED, PrintedPage, quoted
from evalxl.forms.kind import capacity
from evalxl.forms.register import ANSWERED, CONSIDERING, PASSED_ON
from evalxl.words import say

HEAD = 3  # the row of column headers
FIRST = HEAD + 1

_SMALL = TEXT_CELL.but(size=11)
_CENTRED = _SMALL.but(across="center")
_SAID = _SMALL.but(down="top")

DIFFICULTIES = (
    NUMBER,
    RowColumn("ev_difficulty_key", "difficulty.key", 82, _CENTRED.but(size=10, color=PALE)),
    RowColumn("ev_difficulty_unit", "book.unit", 92, _SMALL),
    RowColumn("ev_difficulty_person", "book.person", 60, _SMALL),
    RowColumn("ev_difficulty_name", "book.name", 92, TEXT_CELL.but(bold=True)),
    RowColumn("ev_difficulty_kind", "difficulty.kind", 66, _SMALL),
    RowColumn("ev_difficulty_text", "difficulty.text", 240, _SAID),
    RowColumn("ev_difficulty_weeks", "difficulty.weeks", 110, _SMALL),
    RowColumn("ev_difficulty_passed_to", "difficulty.passed_to", 100, prompt="passed_to"),
    RowColumn("ev_difficulty_answer", "difficulty.answer", 220, prompt="answer"),
    RowColumn("ev_difficulty_state", "difficulty.state", 70, prompt="difficulty_state"),
    RowColumn("ev_difficulty_open_items", "follow.open_items", 86, _SMALL),
)
REVIEWS = (
    NUMBER,
    RowColumn("ev_review_person", "book.person", 60, _SMALL),
    RowColumn("ev_review_name", "book.name", 92, TEXT_CELL.but(bold=True)),
    RowColumn("ev_review_unit", "book.unit", 84, _SMALL),
    RowColumn("ev_review_week", "review.week", 56, _CENTRED),
    RowColumn("ev_review_result", "review.result", 106, _SMALL),
    RowColumn("ev_review_reason", "review.reason", 190, _SAID),
    RowColumn("ev_review_asked", "review.asked", 92, _SMALL),
    RowColumn("ev_review_deadline", "review.deadline", 64, _CENTRED),
    RowColumn("ev_review_standing", "review.standing", 82, _SMALL),
    RowColumn("ev_review_decided_by", "review.decided_by", 104, prompt="decided_by"),
    RowColumn("ev_review_outcome", "review.outcome", 84, prompt="review_outcome"),
    RowColumn("ev_review_answer", "review.answer", 180, prompt="review_answer"),
    RowColumn("ev_review_state", "review.state", 76, prompt="review_state"),
    RowColumn("ev_review_open_items", "follow.open_items", 86, _SMALL),
)

# What a state needs before the row is booked; `domain.evaluation.difficulties.needs` and `domain.evaluation.review_requests.needs` say the same.
_DIFFICULTY_NEEDS = {"passed_to": (PASSED_ON,), "answer": (ANSWERED,)}
_REVIEW_NEEDS = {"decided_by": (CONSIDERING, ANSWERED), "outcome": (ANSWERED,), "answer": (ANSWERED,)}


def draw_difficulties(page: PrintedPage) -> None:
    """What units and people told the office, unit by unit, each with its state and its answer."""
    _draw(page, "difficulty", "difficulties", "ev_difficulty_key", DIFFICULTIES, _DIFFICULTY_NEEDS)


def draw_reviews(page: PrintedPage) -> None:
    """Who asks that a result be looked at again, by when an answer is due, who decides, and what was decided."""
    at = _draw(page, "review", "reviews", "ev_review_person", REVIEWS, _REVIEW_NEEDS)
    last = HEAD + capacity("reviews")
    overdue = quoted(say("register.overdue", page.lang))
    for name in ("standing", "deadline"):
        letter = at[f"ev_review_{name}"]
        found = f"ISNUMBER(SEARCH({overdue},${at['ev_review_standing']}{FIRST}))"
        page.when(f"{letter}{FIRST}:{letter}{last}", found, fill=ALERT, color=RED)


def _draw(
    page: PrintedPage,
    key: str,
    table: str,
    first: str,
    columns: Sequence[RowColumn],
    needs: Mapping[str, Sequence[str]],
) -> dict[str, str]:
    at = letters_of(columns)
    items = columns[-1]
    end, last = at[items.name], HEAD + capacity(table)
    hide_unused(page, f"A{FIRST}:{end}{last}", f"${at[first]}{FIRST}")
    formula = _open_items(page, key, at, needs)
    draw_list(page, HEAD, [*columns[:-1], RowColumn(items.name, items.label, items.width, _SMALL, formula)], 48, 48)
    page.put(f"A1:{end}1", page.say(f"{key}.title"), CENTER.but(bold=True, size=14))
    page.put(f"A2:{end}2", page.say(f"{key}.note"), PLAIN.but(size=11, italic=True))
    page.height(1, 22)
    page.height(2, 18)
    state = at[f"ev_{key}_state"]
    done = f'${state}{FIRST}="{ANSWERED}"'
    page.when(f"{state}{FIRST}:{state}{last}", f"AND({done},LEN(${end}{FIRST})=0)", fill=GOOD, color=GREEN)
    for name in needs:
        letter = at[f"ev_{key}_{name}"]
        missing = f"AND({_needed(key, name, at, needs, str(FIRST))},LEN(TRIM(${letter}{FIRST}))=0)"
        page.when(f"{letter}{FIRST}:{letter}{last}", missing, fill=PINK)
    page.when(f"{end}{FIRST}:{end}{last}", f"LEN(${end}{FIRST})>0", color=RED)
    page.sheet.auto_filter.ref = f"A{HEAD}:{end}{last}"
    finish.paper(page, landscape=True, tall=0, area=f"A1:{end}{last}", titles=f"{HEAD}:{HEAD}")
    typed = next(at[f"ev_{key}_{name}"] for name in needs)
    finish.open_at(page, f"{typed}{FIRST}", freeze=f"A{FIRST}", zoom=90)
    return at


def _needed(key: str, name: str, at: Mapping[str, str], needs: Mapping[str, Sequence[str]], row: str) -> str:
    """The condition under which a row's state asks for a cell."""
    state = f"${at[f'ev_{key}_state']}{row}"
    return f"OR({','.join(f'{state}={quoted(word)}' for word in needs[name])})"


def _open_items(page: PrintedPage, key: str, at: Mapping[str, str], needs: Mapping[str, Sequence[str]]) -> str:
    """What the row still needs, in words."""
    pieces = []
    for name in needs:
        empty = f"LEN(TRIM(${at[f'ev_{key}_{name}']}{{row}}))=0"
        item = quoted(page.say(f"{key}.need_{name}") + "; ")
        pieces.append(f'IF(AND({_needed(key, name, at, needs, "{row}")},{empty}),{item},"")')
    return f"={listed(pieces, page.say('follow.needs'))}"
