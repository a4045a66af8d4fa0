"""The scoring workbook of a manager: the team on one sheet, its tasks on another, tasks to give on a third, what was booked on a fourth.

The first sheet alone is enough. Its open cells lie in the order in which a manager thinks: three scores, a breach, words, the decision; each
score lies beside what the person gave.
"""

from __future__ import annotations

from openpyxl.utils import column_index_from_string, get_column_letter

from evalxl.domain.evaluation.scoring import shown
from evalxl.domain.rulebook import Part, RuleBook
from evalxl.excel.templates import booked, finish, guide, inputs, package
from evalxl.excel.templates.books import (
    FIRST,
    HEAD,
    LINES_HEAD,
    LINK_CELL,
    NUMBER,
    SCORE_CELL,
    TEXT_CELL,
    TOTAL_CELL,
    HeadWords,
    RowColumn,
    draw_list,
    foot,
    head,
    hide_unused,
    letters_of,
    listed,
    mark_collectives,
    sum_of_cells,
    tallest,
)
from evalxl.excel.templates.parts import (
    ALERT,
    BLUE,
    CENTER,
    GOOD,
    GREEN,
    INPUT,
    LOCKED,
    PLAIN,
    RED,
    TEXT,
    PrintedPage,
    add_page,
    new_book,
    quoted,
    sentence,
)
from evalxl.forms.fields import (
    ALONE_SUM,
    CHOICES,
    GIVEN_LINE,
    LINE_SUM,
    NO,
    NOT_SCORED,
    OTHER_BREACH,
    RETURN,
    SCORED,
    SEEN,
    SHOWN_LINE,
    YES,
)
from evalxl.forms.kind import WorkbookKind
from evalxl.words import Lang, say

LIST_HEAD = LINES_HEAD  # the header row of the second and third sheet


def _pairs(rules: RuleBook) -> dict[str, tuple[str, str]]:
    """Pairs of letters as a formula names them: a part's self score and the manager's beside it."""
    return {part: (f"{{ev_row_self_{part}}}{{row}}", f"{{ev_score_{part}}}{{row}}") for part in rules.codes}


def build(kind: WorkbookKind, rules: RuleBook, lang: Lang, size: int) -> bytes:
    """The template of a scoring workbook."""
    book = new_book()
    team = add_page(book, say("paper.sheet.scoring", lang), kind, rules, lang, size)
    lines = [add_page(book, say("paper.sheet.lines", lang), kind, rules, lang, size)] if _lined(rules) else []
    checks, gifts, printed_page, help_page = (
        add_page(book, say(f"paper.sheet.{key}", lang), kind, rules, lang, size)
        for key in ("tasks", "assign", "booked", "help")
    )
    hidden = finish.hidden_page(book, kind, rules, lang)
    _team(team)
    for page in lines:
        _lines(page)
    _checks(checks)
    finish.list_source(hidden, "evalxl_team", "ev_row_person")
    _assignments(gifts, hidden)
    booked.draw(printed_page)
    guide.scoring_guide(help_page)
    for page in (team, *lines, checks, gifts):
        finish.protect(page.sheet, look_around=True, filters=True)
    for page in (help_page, hidden):
        finish.protect(page.sheet)
    return package.finished(
        (team, *lines, checks, gifts, printed_page, help_page, hidden),
        team.say("book.scoring_title" if rules.parts else "book.seen_title"),
    )


# --- the team -------------------------------------------------------------------------------------------------------


def _score_columns(rules: RuleBook) -> tuple[RowColumn, ...]:
    """Each score beside what the person gave, and the totals; nothing where nobody scores."""
    if not rules.parts:
        return ()
    return (
        *(
            column
            for part in rules.parts
            for column in (
                RowColumn(f"ev_row_self_{part.code}", "book.self_part", 48, part=part),
                _score_column(part),
            )
        ),
        RowColumn("ev_row_self_total", "book.self_total", 46, TOTAL_CELL),
        RowColumn("ev_row_score_total", "book.score_total", 50, TOTAL_CELL, _total(rules)),
        RowColumn("ev_row_difference", "book.difference", 54, _DIFFERENCE, _difference(rules)),
    )


def _lined(rules: RuleBook) -> list[Part]:
    """The parts whose lines stand in the workbook."""
    return [part for part in rules.parts if part.lines_of_manager]


def _score_column(part: Part) -> RowColumn:
    """Where a part's score is typed; of a part whose lines stand on their own sheet, their sum."""
    name = f"ev_score_{part.code}"
    if not part.lines_of_manager:
        return RowColumn(name, "book.score_part", 50, prompt="score", part=part)
    summed = f'=IFERROR(INDEX({LINE_SUM}{part.code},{_LINE_ROW}),"")'
    return RowColumn(name, "book.score_part", 50, SCORE_CELL.but(bold=True), summed, part=part)


# Which row of the sheet of lines is a person's: either sheet may be sorted.
_LINE_ROW = "MATCH({ev_row_person}{row},ev_line_person,0)"


def _apart(part: Part, own: str, given: str) -> str:
    """How far the manager's score is from the person's; lines of the manager alone make no difference."""
    if not part.lines_of_manager_alone:
        return f"ROUND({given}-{own},9)"
    return f"ROUND({given}-N(IFERROR(INDEX({ALONE_SUM}{part.code},{_LINE_ROW}),0))-{own},9)"


def _team_columns(page: PrintedPage) -> tuple[RowColumn, ...]:
    scored = bool(page.rules.parts)
    earned = [RowColumn("ev_score_earned_by", "book.earned_by", 108)] if scored else []
    why = [RowColumn("ev_score_explanation", "book.explanation", 108)] if scored else []
    return (
        NUMBER,
        RowColumn("ev_row_person", "book.person", 68),
        RowColumn("ev_row_name", "book.name", 98, TEXT_CELL.but(bold=True)),
        RowColumn("ev_row_title", "book.job", 76),
        RowColumn("ev_row_unit", "book.unit", 62),
        RowColumn("ev_row_state", "book.state", 92 if scored else 140),
        RowColumn("ev_row_reply", "book.reply", 92 if scored else 130),
        RowColumn("ev_row_link", "book.link", 54, LINK_CELL),
        *_score_columns(page.rules),
        RowColumn("ev_score_breach", "book.breach", 84, prompt="breach"),
        RowColumn("ev_score_breach_note", "book.breach_note", 112, prompt="breach_note"),
        RowColumn("ev_score_comment", "book.comment", 146, prompt="comment"),
        *earned,
        RowColumn("ev_score_breach_kind", "book.breach_kind", 84),
        RowColumn("ev_score_breach_day", "book.breach_day", 68, prompt=""),
        *why,
        RowColumn("ev_score_decision", "book.decision", 68, prompt="score_decision" if scored else "seen"),
        RowColumn("ev_row_open_items", "book.open_items", 122, LOCKED.but(size=11, color=RED), _needs(page)),
        *([RowColumn("ev_row_again", "book.again", 60, TEXT_CELL.but(across="center"))] if scored else []),
    )


_DIFFERENCE = LOCKED.but(across="center", shows="+General;-General;0")


def _team(page: PrintedPage) -> None:
    reasons = page.rules.reasons
    points = shown(reasons.difference_above)
    columns = _team_columns(page)
    at = letters_of(columns)
    end = at["ev_row_open_items"]
    last = HEAD + page.room("team")
    hide_unused(page, f"A{FIRST}:{end}{last}", f"${at['ev_row_person']}{FIRST}")
    mark_collectives(page, at, last)
    draw_list(
        page,
        HEAD,
        columns,
        tall=108,
        row_height=33,
        points=points,
        below=shown(reasons.comment_below),
        above=shown(reasons.comment_from),
    )
    _offer(page, at, last, points)
    person, done, scored = '(ev_row_person<>"")', _done(page.rules), bool(page.rules.parts)
    with_all = (
        f'+(ev_score_all="{YES}")*(ev_row_again="")*(ev_score_decision<>"{RETURN}")*ISNUMBER(ev_row_score_total)'
        if scored
        else ""
    )
    # A row that still needs something is not booked, whatever its decision says.
    booked_rows = f'SUMPRODUCT({person}*(ev_row_open_items="")*((((ev_score_decision="{done}"){with_all})>0)))'
    everybody = f"SUMPRODUCT({person}*1)"
    left = sentence(page.say("book.scored" if scored else "book.seen"), n=booked_rows, all=everybody)
    open_rows = f"{booked_rows}={everybody}"
    # The middle of the head is cut behind the last but one pair of scores.
    half = get_column_letter(
        column_index_from_string(at["ev_row_link"]) + (2 * len(page.rules.parts) - 2 if scored else 0)
    )
    middle = at["ev_score_breach" if scored else "ev_score_breach_note"]
    words = HeadWords(
        page.say("book.scoring_title" if scored else "book.seen_title"),
        page.say("book.deadline_score" if scored else "book.deadline_seen"),
        page.say("book.scorer"),
    )
    head(page, (at["ev_row_unit"], half, middle, at["ev_score_decision"], end), words, f"={left}", open_rows)
    if scored:
        page.put(f"A5:{half}5", page.say("book.legend_scoring"), PLAIN.but(size=11))
        _at_once(page, at)
    else:
        page.put(f"A5:{end}5", page.say("book.legend_seen"), PLAIN.but(size=11))
    page.height(5, 17)
    for code, (own, given) in _pairs(page.rules).items():
        apart = _apart(page.rules.part(code), own, given)
        here = at | {"row": str(FIRST)}
        letter = given.format_map(here).rstrip("0123456789")
        far = f"AND(COUNT({own},{given})=2,ABS({apart})>{points})".format_map(here)
        page.when(f"{letter}{FIRST}:{letter}{last}", far, fill=ALERT, color=RED)
    looks = [
        ("ev_row_difference", "AND(ISNUMBER({cell}),ABS(N({cell}))>" + points + ")", ALERT, RED),
        ("ev_row_open_items", "{cell}=" + quoted(page.say("book.row_ready")), "", GREEN),
        ("ev_score_decision", f'{{cell}}="{done}"', GOOD, GREEN),
        ("ev_score_decision", f'{{cell}}="{RETURN}"', ALERT, RED),
    ]
    for name, condition, fill, color in looks if scored else looks[2:]:
        letter = at[name]
        page.when(f"{letter}{FIRST}:{letter}{last}", condition.format(cell=f"{letter}{FIRST}"), fill=fill, color=color)
    page.sheet.auto_filter.ref = f"A{HEAD}:{end}{last}"
    bottom = foot(page, last + 1, at["ev_score_breach"], at["ev_score_decision"], "scorer")
    finish.paper(page, landscape=True, tall=0, area=f"A1:{end}{bottom}", titles=f"{HEAD}:{HEAD}")
    first = next((f"ev_score_{part}" for part in page.rules.codes), "ev_score_breach")
    finish.open_at(page, f"{at[first]}{FIRST}", freeze=f"{at['ev_row_title']}{FIRST}", zoom=90)


def _offer(page: PrintedPage, at: dict[str, str], last: int, points: str) -> None:
    """The words to choose from: kinds of breaches, reasons, and the products of the person of the row."""

    def cells(name: str) -> str:
        return f"{at[name]}{FIRST}:{at[name]}{last}"

    inputs.offered(
        page, cells("ev_score_breach_kind"), inputs.inline(CHOICES["breach_kind"]), "breach_kind", "list_title"
    )
    if not page.rules.parts:
        return
    reasons = inputs.inline(CHOICES["difference_reason"])
    inputs.offered(page, cells("ev_score_explanation"), reasons, "explanation", "list_title", points=points)
    person = f"${at['ev_row_person']}{FIRST}"
    first = f"MATCH({person},ev_check_person,0)"
    products = f"INDEX(ev_check_product,{first}):INDEX(ev_check_product,{first}+COUNTIF(ev_check_person,{person})-1)"
    above = shown(page.rules.reasons.comment_from)
    inputs.offered(page, cells("ev_score_earned_by"), products, "earned_by", "list_title", above=above)


def _at_once(page: PrintedPage, at: dict[str, str]) -> None:
    """The two cells that speak for all rows, each with its words beside it."""
    first = get_column_letter(column_index_from_string(at[f"ev_row_self_{page.rules.codes[-1]}"]))
    for words, cell, name in (
        (f"{first}5:{at['ev_score_breach']}5", f"{at['ev_score_breach_note']}5", "take_self"),
        (f"{at['ev_score_comment']}5:{at['ev_score_explanation']}5", f"{at['ev_score_decision']}5", "score_all"),
    ):
        page.put(words, page.say(f"book.{name}"), PLAIN.but(bold=True, across="right"))
        entry = page.cell(f"ev_{name}", cell, INPUT.but(bold=True, across="center"), NO)
        inputs.choice(page, entry, cell, name)
        page.when(cell, f'ev_{name}="{YES}"', fill=GOOD, color=GREEN)


# What managers write beside *Không* where nothing happened, as `domain.evaluation.row_requirements.describes_breach` knows it.
_NOTHING = ("không", "khong", "ko", "k", "x", "0", "/", "o", "không có", "khong co", "tốt", "nghiêm túc")
_NOTHING_BEFORE = ("không có ", "khong co ", "không phát ", "khong phat ")


def _nothing_happened() -> str:
    said = "LOWER(TRIM({ev_score_breach_note}{row}))"
    whole = [f"{said}={quoted(word)}" for word in _NOTHING]
    begun = [f"LEFT({said},{len(word)})={quoted(word)}" for word in _NOTHING_BEFORE]
    return f"OR({','.join([*whole, *begun])})"


def _done(rules: RuleBook) -> str:
    """The decision by which a row is done."""
    return SCORED if rules.parts else SEEN


# Whether a row takes the person's scores into its empty cells, and whether it is decided with all others: as `forms.rows` reads it.
_TAKES = f'AND(ev_take_self="{YES}",LEN({{ev_row_again}}{{row}})=0,{{ev_score_decision}}{{row}}<>"{RETURN}")'
_WITH_ALL = (
    f'AND(ev_score_all="{YES}",LEN({{ev_row_again}}{{row}})=0,ISNUMBER({{ev_row_score_total}}{{row}}),'
    f'OR(LEN({{ev_score_decision}}{{row}})=0,{{ev_score_decision}}{{row}}="{NOT_SCORED}"))'
)


def _total(rules: RuleBook) -> str:
    scores = [
        given if rules.part(code).lines_of_manager else f"IF(AND(LEN({given})=0,{_TAKES}),{own},{given})"
        for code, (own, given) in _pairs(rules).items()
    ]
    return f'=IF(COUNT({",".join(scores)})={len(scores)},ROUND({"+".join(scores)},9),"")'


def _difference(rules: RuleBook) -> str:
    """The difference from the self score in the part where it is largest: a reason is asked for part by part."""
    pairs = _pairs(rules)
    parts = [
        f"IF(COUNT({own},{given})=2,{_apart(rules.part(code), own, given)},0)" for code, (own, given) in pairs.items()
    ]
    compared = "+".join(f"(COUNT({own},{given})=2)" for own, given in pairs.values())
    largest, smallest = f"MAX({','.join(parts)})", f"MIN({','.join(parts)})"
    return f'=IF({compared}=0,"",IF({largest}>=-{smallest},{largest},{smallest}))'


def _needs(page: PrintedPage) -> str:
    """What a row still needs before it can be booked, in words, as `domain.evaluation.row_requirements.needs_of_score`; empty for a row that nobody has begun."""
    rules, reasons = page.rules, page.rules.reasons
    points = shown(reasons.difference_above)
    low, high = shown(reasons.comment_below), shown(reasons.comment_from)
    total, decision = "{ev_row_score_total}{row}", "{ev_score_decision}{row}"
    no_comment, no_reason, no_note = (
        f"LEN(TRIM({{ev_score_{name}}}{{row}}))=0" for name in ("comment", "explanation", "breach_note")
    )
    no_kind = f'OR(LEN(TRIM({{ev_score_breach_kind}}{{row}}))=0,{{ev_score_breach_kind}}{{row}}="{OTHER_BREACH}",LEN({{ev_score_breach_day}}{{row}})=0)'
    pairs, done = _pairs(rules), _done(rules)
    # No bare FALSE in a formula: LibreOffice writes it back as FALSE(), and the formula would look changed.
    apart = ",".join(
        f"IF(COUNT({own},{given})=2,ABS({_apart(rules.part(code), own, given)}),0)>{points}"
        for code, (own, given) in pairs.items()
    )
    poor = f"IF(ISNUMBER({total}),{total},{low})<{low}"
    earned = f"AND(IF(ISNUMBER({total}),{total},0)>={high},LEN(TRIM({{ev_score_earned_by}}{{row}}))=0)"
    breach = f'{{ev_score_breach}}{{row}}="{YES}"'
    selves = ",".join(own for own, _ in pairs.values())

    def item(condition: str, key: str, **facts: str) -> str:
        return f'IF({condition},{quoted(page.say(key, **facts) + "; ")},"")'

    def missing(part: Part) -> str:
        given = pairs[part.code][1]
        named = part.label("paper.book.row_part", page.lang)
        out = f"NOT(AND(ISNUMBER({given}),{given}>=0,{given}<={shown(part.maximum)}))"
        if not part.lines_of_manager:
            out = f"AND({out},NOT(AND(LEN({given})=0,ISNUMBER({pairs[part.code][0]}),{_TAKES})))"
        return f'IF({out},{quoted(named + "; ")},"")'

    of_scores = [
        *map(missing, rules.parts),
        item(f"AND(COUNT({selves})<{len(pairs)},{no_comment},{no_reason})", "book.row_no_self"),
        item(f"AND(OR({apart}),{no_reason})", "book.row_reason", points=points),
        item(f"AND(OR({apart},{breach},{poor}),{no_comment})", "book.row_comment"),
        item(f"AND(NOT(OR({apart},{breach},{poor})),{earned},{no_comment})", "book.row_earned", above=high),
    ]
    needs = [
        *(of_scores if pairs else [item(f"AND({breach},{no_comment})", "book.row_comment")]),
        item(f"AND({breach},{no_note},{no_kind})", "book.row_breach"),
        item(
            f"AND(NOT({breach}),OR(LEN(TRIM({{ev_score_breach_kind}}{{row}}))>0,LEN({{ev_score_breach_day}}{{row}})>0,"
            f"AND(NOT({no_note}),NOT({_nothing_happened()}))))",
            "book.row_unanswered",
        ),
    ]
    intro = page.say("book.row_needs")
    is_done = f'OR({decision}="{done}",{_WITH_ALL})' if pairs else f'{decision}="{done}"'
    # Where the person's points stand already, nobody has begun.
    given_scores = ",".join(pairs[part.code][1] for part in rules.parts if not part.lines)
    begun = f"OR(COUNT({given_scores})>0,{is_done})" if given_scores else is_done
    ready = f'IF({is_done},"",{quoted(page.say("book.row_ready"))})' if pairs else '""'
    returned = f'IF({no_comment},{quoted(intro + page.say("book.row_return") + ".")},"")'
    return (
        f'=IF(LEN({{ev_row_person}}{{row}})=0,"",IF({decision}="{RETURN}",{returned},'
        f'IF({begun},{listed(needs, intro, ".", ready)},"")))'
    )


# --- the lines of parts ---------------------------------------------------------------------------------------------

# As a score is shown: programs give the sheet of scores the format of what it takes from here.
_SUM_CELL = SCORE_CELL.but(bold=True)
_LINE_GROUP = {"both": "lines.given", "person": "lines.given_person", "manager": "lines.given_manager"}


def _lines(page: PrintedPage) -> None:
    """The team's lines: each line that the manager gives beside what the person gave, and the sum of each part."""
    columns = _line_columns(page)
    at = letters_of(columns)
    first, last = LIST_HEAD + 1, LIST_HEAD + page.room("lines")
    end = get_column_letter(len(columns))
    hide_unused(page, f"A{first}:{end}{last}", f"${at['ev_line_person']}{first}")
    draw_list(page, LIST_HEAD, columns, tall=tallest(columns), row_height=24)
    _title(page, end, "lines")
    for part in _lined(page.rules):
        for line in part.lines_of_manager:
            letter, cell = at[f"{GIVEN_LINE}{line.key}"], f"{at[f'{GIVEN_LINE}{line.key}']}{first}"
            if line.of_person:
                own = f"{at[f'{SHOWN_LINE}{line.key}']}{first}"
                page.when(f"{letter}{first}:{letter}{last}", f"AND(COUNT({own},{cell})=2,{own}<>{cell})", fill=BLUE)
            wrong = f"AND(LEN({cell})>0,NOT({inputs.valid(cell, line)}))"
            page.when(f"{letter}{first}:{letter}{last}", wrong, fill=ALERT, color=RED)
    page.sheet.auto_filter.ref = f"A{LIST_HEAD}:{end}{last}"
    finish.paper(page, landscape=True, tall=0, titles=f"{LIST_HEAD}:{LIST_HEAD}")
    first_open = next(name for name in at if name.startswith(GIVEN_LINE))
    finish.open_at(page, f"{at[first_open]}{first}", freeze=f"D{first}", zoom=90)


def _line_columns(page: PrintedPage) -> tuple[RowColumn, ...]:
    columns = [
        NUMBER,
        RowColumn("ev_line_person", "book.person", 68),
        RowColumn("ev_line_name", "book.name", 118, TEXT_CELL.but(bold=True)),
    ]
    for part in _lined(page.rules):
        for line in part.lines_of_manager:
            if line.of_person:
                columns.append(RowColumn(f"{SHOWN_LINE}{line.key}", "lines.own", 44))
            most = inputs.comma(shown(line.maximum)) if page.lang == "vi" else shown(line.maximum)
            heads = page.say(_LINE_GROUP[line.typed_by], name=line.name(page.lang), maximum=most)
            columns.append(RowColumn(f"{GIVEN_LINE}{line.key}", "", 86, prompt="score", heads=heads))
        name = part.short(page.lang) or part.name(page.lang)
        summed = sum_of_cells(part.lines_of_manager, GIVEN_LINE)
        columns.append(
            RowColumn(f"{LINE_SUM}{part.code}", "", 64, _SUM_CELL, summed, heads=page.say("lines.sum", name=name))
        )
        if alone := part.lines_of_manager_alone:
            heads = page.say("lines.alone", name=name)
            columns.append(
                RowColumn(f"{ALONE_SUM}{part.code}", "", 74, _SUM_CELL, sum_of_cells(alone, GIVEN_LINE), heads=heads)
            )
    return tuple(columns)


# --- the team's tasks -----------------------------------------------------------------------------------------------

_SMALL = TEXT_CELL.but(size=11)

_CHECKS = (
    RowColumn("ev_check_person", "book.person", 60, _SMALL),
    RowColumn("ev_check_name", "book.name", 100, _SMALL),
    RowColumn("ev_check_key", "check.key", 36, _SMALL.but(across="center")),
    RowColumn("ev_check_task", "check.task", 190, _SMALL),
    RowColumn("ev_check_said", "check.said", 110, _SMALL),
    RowColumn("ev_check_product", "check.product", 170, _SMALL),
    RowColumn("ev_check_cause", "check.cause", 110, _SMALL),
    RowColumn("ev_check_important", "check.important", 66, prompt="check_yes_no"),
    RowColumn("ev_check_status", "check.status", 84, prompt="check_status"),
    RowColumn("ev_check_recognised", "check.recognised", 70, prompt="check_yes_no"),
    RowColumn("ev_check_cause_accepted", "check.cause_accepted", 74, prompt="check_yes_no"),
    RowColumn("ev_check_faults", "check.faults", 54, prompt=""),
    RowColumn("ev_check_delays", "check.delays", 54, prompt=""),
)


def _checks(page: PrintedPage) -> None:
    """The team's tasks, to recognise products and accept causes where the person's word needs it."""
    at = letters_of(_CHECKS)
    first, last = LIST_HEAD + 1, LIST_HEAD + page.room("checks")
    end = at["ev_check_delays"]
    hide_unused(page, f"A{first}:{end}{last}", f"$A{first}")
    draw_list(page, LIST_HEAD, _CHECKS, tall=48, row_height=45)
    _title(page, end, "check")
    page.sheet.auto_filter.ref = f"A{LIST_HEAD}:{end}{last}"
    finish.paper(page, landscape=True, tall=0, titles=f"{LIST_HEAD}:{LIST_HEAD}")
    finish.open_at(page, f"{at['ev_check_important']}{first}", freeze=f"{at['ev_check_said']}{first}", zoom=90)


# --- tasks for next week --------------------------------------------------------------------------------------------

_ASSIGNMENTS = (
    NUMBER,
    RowColumn("ev_assign_person", "assign.person", 84, INPUT.but(across="center", shows=TEXT)),
    RowColumn(
        "",
        "assign.name",
        150,
        LOCKED,
        "=IF(LEN({ev_assign_person}{row})=0,"
        '"",IFERROR(INDEX(ev_row_name,MATCH({ev_assign_person}{row},ev_row_person,0)),""))',
    ),
    RowColumn("ev_assign_task", "assign.task", 380, prompt=""),
    RowColumn("ev_assign_code", "assign.code", 90, prompt=""),
    RowColumn("ev_assign_due", "assign.due", 90, prompt=""),
    RowColumn("ev_assign_important", "assign.important", 80, prompt="yes_no"),
)


def _assignments(page: PrintedPage, hidden: PrintedPage) -> None:
    """Tasks for next week; rows appear as they are filled."""
    at = letters_of(_ASSIGNMENTS)
    rows = page.room("assignments")
    first, last = LIST_HEAD + 1, LIST_HEAD + rows
    end, person = at["ev_assign_important"], at["ev_assign_person"]
    used = '((ev_assign_person<>"")+(ev_assign_task<>"")>0)*(ROW(ev_assign_task)-MIN(ROW(ev_assign_task))+1)'
    finish.helper(hidden, 11, "evalxl_rows_shown", f"=MIN({rows},SUMPRODUCT(MAX({used}))+12)")
    page.when(f"A{first}:{end}{last}", f"$A{first}>evalxl_rows_shown", blank=True)
    draw_list(page, LIST_HEAD, _ASSIGNMENTS, tall=34, row_height=0)
    inputs.listed(
        page, f"{person}{first}:{person}{last}", "evalxl_team", "team", "team_error", "team_title", strict=True
    )
    _title(page, end, "assign")
    finish.paper(page, landscape=True, tall=0, titles=f"{LIST_HEAD}:{LIST_HEAD}")
    finish.print_shown(page, "A1", f"{end}{first}", rows, "evalxl_rows_shown")
    finish.open_at(page, f"{person}{first}", freeze=f"A{first}")


def _title(page: PrintedPage, end: str, key: str) -> None:
    page.put(f"A1:{end}1", page.say(f"{key}.title"), CENTER.but(bold=True, size=14))
    page.put(f"A2:{end}2", page.say(f"{key}.note"), PLAIN.but(size=11, italic=True))
    page.height(1, 22)
    page.height(2, 18)
