"""The scoring workbook of a manager: the team on one sheet, its tasks on another, tasks to give on a third, what was booked on a fourth.

The first sheet alone is enough. Its open cells lie in the order in which a manager works: the scores, each beside what the person gave, the decision, and
then what only some rows need: a breach, words.
"""

from __future__ import annotations

from dataclasses import replace

from openpyxl.utils import get_column_letter

from evalxl.domain.evaluation.scoring import shown
from evalxl.domain.rulebook import Part, RuleBook
from evalxl.excel.templates import booked, finish, guide, inputs, package
from evalxl.excel.templates.books import (
    LINES_HEAD,
    LINK_CELL,
    NUMBER,
    SCORE_CELL,
    TEXT_CELL,
    TOTAL_CELL,
    TYPED_SCORE,
    HeadWords,
    RowColumn,
    draw_list,
    hide_unused,
    letters_of,
    listed,
    shared_width,
    sum_of_cells,
    tallest,
)
from evalxl.excel.templates.decision_list import (
    FIRST,
    ListColumn,
    Once,
    SheetList,
    decision_list,
    foot,
    grouped,
    head,
    open_list,
    screen,
)
from evalxl.excel.templates.page_layout import on_paper, open_below
from evalxl.excel.templates.parts import (
    ALERT,
    BLUE,
    CENTER,
    DATE,
    GOOD,
    GREEN,
    INPUT,
    LOCKED,
    PALE,
    PINK,
    PLAIN,
    RED,
    SCORE,
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


_SELF = SCORE_CELL.but(size=11, color=PALE)
_GIVEN_SCORE = TYPED_SCORE.but(size=12)
_SMALL_TEXT = TEXT_CELL.but(size=10)
_WORDS = INPUT.but(size=10, down="top")


def _score_columns(page: PrintedPage) -> list[ListColumn]:
    """Each score beside what the person gave, and the totals; nothing where nobody scores."""
    rules = page.rules
    columns: list[ListColumn] = []
    for part in rules.parts:
        group = part.label("paper.book.group_part", page.lang, maximum=shown(part.maximum))
        own = RowColumn(f"ev_row_self_{part.code}", "book.self_head", 0, _SELF)
        columns += grouped([ListColumn(own, 5.9), ListColumn(_score_column(part), 5.9)], group)
    if rules.parts:
        own = RowColumn("ev_row_self_total", "book.self_head", 0, TOTAL_CELL.but(size=11, bold=False, color=PALE))
        given = RowColumn("ev_row_score_total", "book.score_head", 0, TOTAL_CELL.but(size=12), _total(rules))
        group = page.say("book.group_total", maximum=shown(rules.maximum))
        columns += grouped([ListColumn(own, 6.8), ListColumn(given, 6.8)], group)
    return columns


def _lined(rules: RuleBook) -> list[Part]:
    """The parts whose lines stand in the workbook."""
    return [part for part in rules.parts if part.lines_of_manager]


def _score_column(part: Part) -> RowColumn:
    """Where a part's score is typed; of a part whose lines stand on their own sheet, their sum."""
    name = f"ev_score_{part.code}"
    if not part.lines_of_manager:
        return RowColumn(name, "book.score_head", 0, _GIVEN_SCORE, prompt="score")
    summed = f'=IFERROR(INDEX({LINE_SUM}{part.code},{_LINE_ROW}),"")'
    return RowColumn(name, "book.score_head", 0, SCORE_CELL.but(bold=True), summed)


# Which row of the sheet of lines is a person's: either sheet may be sorted.
_LINE_ROW = "MATCH({ev_row_person}{row},ev_line_person,0)"


def _apart(part: Part, own: str, given: str) -> str:
    """How far the manager's score is from the person's; lines of the manager alone make no difference."""
    if not part.lines_of_manager_alone:
        return f"ROUND({given}-{own},9)"
    return f"ROUND({given}-N(IFERROR(INDEX({ALONE_SUM}{part.code},{_LINE_ROW}),0))-{own},9)"


_MANY_PARTS = 4  # from here on the title is no longer printed
_TEXTS, _PRINTED = 54.0, 166.0  # characters: the most that the texts take, and the widest print area


def _team_columns(page: PrintedPage) -> list[ListColumn]:
    """On the screen first whether a form has come; on paper who, the scores, the decision right after them, and the words; then what helps."""
    scored, centred = bool(page.rules.parts), INPUT.but(size=11, across="center")
    title = ListColumn(RowColumn("ev_row_title", "book.job", 0, _SMALL_TEXT.but(size=10.5)), 12.6)
    prints_title = len(page.rules.parts) < _MANY_PARTS
    printed = [
        ListColumn(NUMBER, 4.2),
        ListColumn(RowColumn("ev_row_name", "book.name", 0, TEXT_CELL.but(bold=True, size=11)), 15.4),
        *([title] if prints_title else []),
        *_score_columns(page),
        ListColumn(
            RowColumn(
                "ev_score_decision",
                "book.decision",
                0,
                centred.but(bold=True),
                prompt="score_decision" if scored else "seen",
            ),
            10,
        ),
        ListColumn(RowColumn("ev_score_breach", "book.breach", 0, centred, prompt="breach"), 9.4),
    ]
    kind = [
        ListColumn(RowColumn("ev_score_breach_kind", "book.breach_kind", 0, centred.but(size=10)), 10.5),
        ListColumn(
            RowColumn("ev_score_breach_day", "book.breach_day", 0, centred.but(size=10, shows=DATE), prompt=""), 10.2
        ),
    ]
    prints_kind = len(page.rules.parts) <= _MANY_PARTS
    printed += kind if prints_kind else []
    # What is chosen from a list has its validation from `_offer`.
    words: list[tuple[str, str | None, float]] = [("breach_note", "breach_note", 1.0), ("comment", "comment", 1.9)]
    words += [("earned_by", None, 1.0), ("explanation", None, 0.9)] if scored else []
    room = min(_TEXTS if scored else 90.0, _PRINTED - sum(one.wide for one in printed))
    wide = shared_width(room, *(share for *_, share in words))
    printed += [
        ListColumn(RowColumn(f"ev_score_{name}", f"book.{name}", 0, _WORDS, prompt=prompt), width)
        for (name, prompt, _), width in zip(words, wide, strict=True)
    ]
    beside = [
        *([screen(RowColumn("ev_row_open_items", "book.open_items", 0, _SMALL_TEXT.but(color=RED), _needs(page)), 20)]),
        *(
            [screen(RowColumn("ev_row_difference", "book.difference", 0, _DIFFERENCE, _difference(page.rules)), 9)]
            if scored
            else []
        ),
        screen(RowColumn("ev_row_reply", "book.reply", 0, _SMALL_TEXT), 24),
        screen(RowColumn("ev_row_person", "book.person", 0, _SMALL_TEXT), 10),
        *([] if prints_title else [replace(title, printed=False)]),
        *([] if prints_kind else [replace(one, printed=False) for one in kind]),
        screen(RowColumn("ev_row_unit", "book.unit", 0, _SMALL_TEXT), 9),
        *([screen(RowColumn("ev_row_again", "book.again", 0, _SMALL_TEXT.but(across="center")), 7)] if scored else []),
    ]
    return [
        screen(RowColumn("ev_row_link", "book.link", 0, LINK_CELL.but(size=10)), 6.4),
        screen(RowColumn("ev_row_state", "book.form_state", 0, _SMALL_TEXT.but(size=9.5, indent=0)), 14),
        *printed,
        *beside,
    ]


_DIFFERENCE = LOCKED.but(across="center", shows="+General;-General;0", size=11)


def _team(page: PrintedPage) -> None:
    reasons, scored = page.rules.reasons, bool(page.rules.parts)
    points = shown(reasons.difference_above)
    drawn = decision_list(page, _team_columns(page), "team")
    at, last = drawn.at, drawn.last
    hide_unused(page, f"A{FIRST}:{drawn.end}{last}", f"${at['ev_row_person']}{FIRST}")
    drawn.draw(28, points=points, below=shown(reasons.comment_below), above=shown(reasons.comment_from))
    _offer(drawn, points)
    person, done = '(ev_row_person<>"")', _done(page.rules)
    with_all = (
        f'+(ev_score_all="{YES}")*(ev_row_again="")*(ev_score_decision<>"{RETURN}")*ISNUMBER(ev_row_score_total)'
        if scored
        else ""
    )
    # A row that still needs something is not booked, whatever its decision says.
    booked_rows = f'SUMPRODUCT({person}*(ev_row_open_items="")*((((ev_score_decision="{done}"){with_all})>0)))'
    everybody = f"SUMPRODUCT({person}*1)"
    sent_back = f'SUMPRODUCT({person}*(ev_score_decision="{RETURN}"))'
    left = sentence(page.say("book.scored" if scored else "book.seen"), n=booked_rows, all=everybody)
    left += f'&IF({sent_back}=0,"",{sentence(page.say("book.sent_back"), n=sent_back)})'
    words = HeadWords(
        page.say("book.scoring_title" if scored else "book.seen_title"),
        page.say("book.deadline_score" if scored else "book.deadline_seen"),
        page.say("book.scorer"),
    )
    typed = [part.code for part in page.rules.parts if not part.lines_of_manager]
    once = [Once("ev_take_self", page.say("book.take_self"), at[f"ev_score_{typed[0]}"])] if typed else []
    once += [Once("ev_score_all", page.say("book.score_all"), at["ev_score_decision"])] if scored else []
    head(
        drawn,
        words,
        f"={left}",
        f"{booked_rows}={everybody}",
        once,
        page.say("book.legend_scoring" if scored else "book.legend_seen"),
    )
    _looks(drawn, points)
    foot(drawn, "scorer")
    open_list(drawn, f"ev_score_{page.rules.codes[0]}" if scored else "ev_score_decision", "ev_row_name")


def _offer(drawn: SheetList, points: str) -> None:
    """The words to choose from: kinds of breaches, reasons, and the products of the person of the row."""

    page, cells = drawn.page, drawn.rows
    inputs.offered(
        page, cells("ev_score_breach_kind"), inputs.inline(CHOICES["breach_kind"]), "breach_kind", "list_title"
    )
    if not page.rules.parts:
        return
    reasons = inputs.inline(CHOICES["difference_reason"])
    inputs.offered(page, cells("ev_score_explanation"), reasons, "explanation", "list_title", points=points)
    person = f"${drawn.at['ev_row_person']}{FIRST}"
    first = f"MATCH({person},ev_check_person,0)"
    products = f"INDEX(ev_check_product,{first}):INDEX(ev_check_product,{first}+COUNTIF(ev_check_person,{person})-1)"
    above = shown(page.rules.reasons.comment_from)
    inputs.offered(page, cells("ev_score_earned_by"), products, "earned_by", "list_title", above=above)


def _looks(drawn: SheetList, points: str) -> None:
    """Decisions in colour, orange what a row needs now, grey whoever has handed in nothing."""
    page, at, done = drawn.page, drawn.at, _done(drawn.page.rules)

    def here(name: str) -> str:
        return f"${at[name]}{FIRST}"

    def empty(name: str) -> str:
        return f"LEN(TRIM({here(name)}))=0"

    decision, breach = here("ev_score_decision"), f'{here("ev_score_breach")}="{YES}"'
    page.when(drawn.rows("ev_score_decision"), f'{decision}="{done}"', fill=GOOD, color=GREEN)
    page.when(drawn.rows("ev_score_decision"), f'{decision}="{RETURN}"', fill=ALERT, color=RED)
    page.when(drawn.rows("ev_score_breach"), breach, color=RED, bold=True)
    unnamed = f"AND({breach},OR({empty('ev_score_breach_kind')},{empty('ev_score_breach_day')}),{empty('ev_score_breach_note')})"
    page.when(drawn.rows("ev_score_breach_note"), unnamed, fill=PINK)
    remarkable = [breach, f'{decision}="{RETURN}"']
    if page.rules.parts:
        reasons = page.rules.reasons
        total, apart = here("ev_row_score_total"), here("ev_row_difference")
        far = f"IF(ISNUMBER({apart}),ABS({apart})>{points},1=0)"
        low, high = shown(reasons.comment_below), shown(reasons.comment_from)
        remarkable += [far, f"IF(ISNUMBER({total}),{total}<{low},1=0)"]
        remarkable += [f"IF(ISNUMBER({total}),AND({total}>={high},{empty('ev_score_earned_by')}),1=0)"]
        page.when(drawn.rows("ev_score_explanation"), f"AND({far},{empty('ev_score_explanation')})", fill=PINK)
        undecided = f'AND({decision}<>"{done}",{decision}<>"{RETURN}",ev_score_all<>"{YES}")'
        page.when(drawn.rows("ev_score_decision"), f"AND(ISNUMBER({total}),{undecided})", fill=PINK)
        for code, (own, given) in _pairs(page.rules).items():
            difference = _apart(page.rules.part(code), own, given)
            condition = f"AND(COUNT({own},{given})=2,ABS({difference})>{points})"
            page.when(drawn.rows(f"ev_score_{code}"), condition.format_map({**at, "row": FIRST}), fill=ALERT, color=RED)
        page.when(drawn.rows("ev_row_difference"), far, fill=ALERT, color=RED)
        nothing = f'AND({here("ev_row_self_total")}="",LEN({here("ev_row_person")})>0)'
        page.when(drawn.rows("ev_row_state"), nothing, color=RED, bold=True)
        page.when(drawn.rows("ev_row_name"), nothing, color=PALE)
    page.when(drawn.rows("ev_score_comment"), f"AND(OR({','.join(remarkable)}),{empty('ev_score_comment')})", fill=PINK)
    ready = f"{here('ev_row_open_items')}={quoted(page.say('book.row_ready'))}"
    page.when(drawn.rows("ev_row_open_items"), ready, color=GREEN)
    collective = f"{here('ev_row_title')}={quoted(say('book.collective', page.lang))}"
    page.when(drawn.rows("ev_row_name"), collective, fill=BLUE)


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
    on_paper(page, f"A1:{end}{last}", titles=f"{LIST_HEAD}:{LIST_HEAD}")
    first_open = next(name for name in at if name.startswith(GIVEN_LINE))
    finish.open_at(page, f"{at[first_open]}{first}", freeze=f"D{first}")


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

_SMALL = TEXT_CELL.but(size=10.5)
_CHOICE = INPUT.but(size=10.5, across="center")
_COUNT = _CHOICE.but(shows=SCORE)

_CHECKS = (
    ListColumn(RowColumn("ev_check_name", "book.name", 0, _SMALL.but(bold=True)), 15),
    ListColumn(RowColumn("ev_check_key", "check.key", 0, _SMALL.but(across="center")), 5),
    ListColumn(RowColumn("ev_check_task", "check.task", 0, _SMALL), 36),
    ListColumn(RowColumn("ev_check_said", "check.said", 0, _SMALL), 17),
    ListColumn(RowColumn("ev_check_product", "check.product", 0, _SMALL), 29),
    ListColumn(RowColumn("ev_check_cause", "check.cause", 0, _SMALL), 16),
    ListColumn(RowColumn("ev_check_important", "check.important", 0, _CHOICE, prompt="check_yes_no"), 9),
    ListColumn(RowColumn("ev_check_status", "check.status", 0, _CHOICE, prompt="check_status"), 12),
    ListColumn(RowColumn("ev_check_recognised", "check.recognised", 0, _CHOICE, prompt="check_yes_no"), 9),
    ListColumn(RowColumn("ev_check_cause_accepted", "check.cause_accepted", 0, _CHOICE, prompt="check_yes_no"), 9),
    ListColumn(RowColumn("ev_check_faults", "check.faults", 0, _COUNT, prompt=""), 6.4),
    ListColumn(RowColumn("ev_check_delays", "check.delays", 0, _COUNT, prompt=""), 6.4),
    screen(RowColumn("ev_check_person", "book.person", 0, _SMALL), 10),
)


def _checks(page: PrintedPage) -> None:
    """The team's tasks, to recognise products and accept causes where the person's word needs it."""
    drawn = SheetList(page, _CHECKS, "checks", LIST_HEAD)
    _title(page, drawn.east, "check")
    person = drawn.at["ev_check_person"]
    hide_unused(page, f"A{drawn.first}:{drawn.end}{drawn.last}", f"${person}{drawn.first}")
    drawn.draw(20)
    on_paper(page, f"A1:{drawn.east}{drawn.last}", titles=drawn.titles)
    open_below(page, f"{drawn.at['ev_check_important']}{drawn.first}", 1, f"{drawn.at['ev_check_task']}{drawn.first}")


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
    on_paper(page, "", titles=f"{LIST_HEAD}:{LIST_HEAD}", printed=("A", end))
    finish.print_shown(page, "A1", f"{end}{first}", rows, "evalxl_rows_shown")
    finish.open_at(page, f"{person}{first}", freeze=f"A{first}")


def _title(page: PrintedPage, end: str, key: str) -> None:
    page.put(f"A1:{end}1", page.say(f"{key}.title"), CENTER.but(bold=True, size=14))
    page.put(f"A2:{end}2", page.say(f"{key}.note"), PLAIN.but(size=11, italic=True))
    page.height(1, 22)
    page.height(2, 18)
