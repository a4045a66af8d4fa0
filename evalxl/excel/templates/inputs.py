"""What may be typed into which cell: data validations in the words of the office.

They help while typing and prove nothing: whatever comes back is checked again.
"""

from __future__ import annotations

from openpyxl.worksheet.datavalidation import DataValidation

from evalxl.domain.evaluation.scoring import shown
from evalxl.domain.rulebook import Criterion, ScoreLine
from evalxl.excel.templates.parts import PrintedPage
from evalxl.forms.fields import CHOICES, Field, Type

# What Excel allows in the messages of a validation; one character more and it calls the file damaged, and openpyxl does not look.
# The error box of Excel's own dialogue takes 225.
TITLE_LIMIT, PROMPT_LIMIT, ERROR_LIMIT, INLINE_LIMIT = 32, 255, 225, 255

FIRST_DAY, LAST_DAY = 36526, 73050  # the years 2000 to 2099, as the reader takes them


class TooLongForExcelError(ValueError):
    """A message or list that Excel would not take."""

    def __init__(self, text: str, limit: int) -> None:
        super().__init__(f"{len(text)} characters, Excel takes {limit}: {text}")


def checked(rule: DataValidation) -> DataValidation:
    """The same rule, its messages within Excel's limits.

    Raises:
        TooLongForExcelError: one of them is not.
    """
    for text, limit in (
        (rule.promptTitle, TITLE_LIMIT),
        (rule.errorTitle, TITLE_LIMIT),
        (rule.prompt, PROMPT_LIMIT),
        (rule.error, ERROR_LIMIT),
        (rule.formula1 if (rule.formula1 or "").startswith('"') else None, INLINE_LIMIT + 2),
    ):
        if text and len(text) > limit:
            raise TooLongForExcelError(text, limit)
    return rule


def inline(words: tuple[str, ...]) -> str:
    """A list written into the validation itself."""
    return '"' + ",".join(words) + '"'


def score(page: PrintedPage, entry: Field, at: str, prompt: str = "score") -> None:
    """A score of a part or line: a decimal from zero to its maximum, or one of the allowed values; nothing else gets in."""
    bounds = page.rules.bounds(entry.part, page.kind.of)
    facts = {"maximum": shown(bounds.maximum), "step": comma(shown(page.rules.step))}
    if isinstance(bounds, ScoreLine) and bounds.allowed:
        _allowed(page, at, bounds)
        return
    _add(
        page,
        at,
        DataValidation(type="decimal", operator="between", formula1="0", formula2=facts["maximum"]),
        title=page.say("prompt.score_title", **facts),
        prompt=page.say(f"prompt.{prompt}", **facts),
        error=page.say("prompt.score_error", **facts),
    )


def _allowed(page: PrintedPage, at: str, bounds: ScoreLine | Criterion) -> None:
    """One of the allowed values of a line or criterion."""
    values = {"values": allowed_values(page, bounds)}
    _add(
        page,
        at,
        DataValidation(type="custom", formula1=one_of(at.partition(":")[0], bounds)),
        title=page.say("prompt.allowed_title"),
        prompt=page.say("prompt.allowed", **values),
        error=page.say("prompt.allowed_error", **values),
    )


def one_of(cell: str, line: ScoreLine | Criterion) -> str:
    """The condition that a cell holds one of the allowed values of a line or criterion."""
    return f"OR({','.join(f'{cell}={shown(value)}' for value in line.allowed)})"


def valid(cell: str, line: ScoreLine) -> str:
    """The condition that a number in a cell may be given in a line."""
    return one_of(cell, line) if line.allowed else f"AND({cell}>=0,{cell}<={shown(line.maximum)})"


def allowed_values(page: PrintedPage, line: ScoreLine | Criterion) -> str:
    """The values that a line allows, as people write them; empty for any up to its maximum."""
    text = "; ".join(map(shown, line.allowed))
    return comma(text) if page.lang == "vi" else text


def number(page: PrintedPage, at: str, criterion: Criterion, prompt: str) -> None:
    """What is entered for a criterion of a period: a number from zero to its maximum, or one of the allowed values."""
    if criterion.allowed:
        _allowed(page, at, criterion)
        return
    facts = {"maximum": shown(criterion.maximum)}
    _add(
        page,
        at,
        DataValidation(type="decimal", operator="between", formula1="0", formula2=facts["maximum"]),
        title=page.say("prompt.number_title"),
        prompt=page.say(f"prompt.{prompt}", **facts),
        error=page.say("prompt.score_error", **facts),
    )


def choice(page: PrintedPage, entry: Field, at: str, prompt: str, title: str = "") -> None:
    """A choice from a fixed list."""
    _add(
        page,
        at,
        DataValidation(type="list", formula1=inline(CHOICES[entry.choices])),
        title=title or page.say("prompt.list_title"),
        prompt=page.say(f"prompt.{prompt}"),
        error=page.say("prompt.list_error"),
    )


def listed(page: PrintedPage, at: str, source: str, prompt: str, error: str, title: str, strict: bool) -> None:
    """A choice from a list that is issued with the workbook; where it only helps, other words are asked about and let in."""
    _add(
        page,
        at,
        DataValidation(type="list", formula1=source, errorStyle="stop" if strict else "warning"),
        title=page.say(f"prompt.{title}"),
        prompt=page.say(f"prompt.{prompt}"),
        error=page.say(f"prompt.{error}"),
    )


def offered(page: PrintedPage, at: str, source: str, prompt: str, title: str, **facts: str) -> None:
    """Words to choose from in a cell that takes any others as well."""
    rule = DataValidation(type="list", formula1=source)
    _add(page, at, rule, title=page.say(f"prompt.{title}"), prompt=page.say(f"prompt.{prompt}", **facts), error="")


def other(page: PrintedPage, entry: Field, at: str, prompt: str = "", **facts: str) -> None:
    """A date, a quantity, a count, or a text, by the field's type."""
    if entry.type is Type.DATE:
        _add(
            page,
            at,
            DataValidation(type="date", operator="between", formula1=str(FIRST_DAY), formula2=str(LAST_DAY)),
            title=page.say("prompt.date_title"),
            prompt=page.say("prompt.date"),
            error=page.say("prompt.date_error"),
        )
    elif entry.type is Type.NUMBER:
        _add(
            page,
            at,
            DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0"),
            title=page.say("prompt.number_title"),
            prompt="",
            error=page.say("prompt.number_error"),
        )
    elif entry.type is Type.WHOLE:
        _add(
            page,
            at,
            DataValidation(type="whole", operator="between", formula1="0", formula2="99"),
            title=page.say("prompt.number_title"),
            prompt="",
            error=page.say("prompt.whole_error"),
        )
    else:
        _add(
            page,
            at,
            DataValidation(),
            page.say("prompt.text_title"),
            page.say(f"prompt.{prompt or 'text'}", **facts),
            "",
        )


def _add(page: PrintedPage, at: str, rule: DataValidation, title: str, prompt: str, error: str) -> None:
    rule.allow_blank = True
    if prompt:
        rule.showInputMessage, rule.promptTitle, rule.prompt = True, title, prompt
    if error:
        rule.showErrorMessage, rule.errorTitle, rule.error = True, title, error
        rule.errorStyle = rule.errorStyle or "stop"
    rule.add(at)
    page.sheet.add_data_validation(checked(rule))


def comma(number: str) -> str:
    """A number as Vietnamese offices write it."""
    return number.replace(".", ",")
