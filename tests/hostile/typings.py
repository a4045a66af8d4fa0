"""What stands in a score's cell: odd ways to write a number, each with the score that is booked or the finding that asks back."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from tests.hostile.case import Case, Make, harmless, invalid, refused
from tests.hostile.contents import strings
from tests.hostile.good import Form

# As a text: what it is booked as, or the finding.
TEXTS: dict[str, str] = {
    "37,5": "37.5", "37.5": "37.5", "8,5": "8.5", "38": "38", " 38 ": "38", "\u00a038\u200b": "38", "0": "0", "40": "40", "007": "7", "-0": "0", "37,50": "37.5",
    "38 điểm": "score.has_unit", "38đ": "score.has_unit", "38 d.": "score.has_unit", "38 pts": "score.has_unit", "37,5 Điểm": "score.has_unit",
    "38/40": "score.is_fraction", "38 / 40": "score.is_fraction", "37,5/40": "score.is_fraction", "95%": "score.is_percent", "95 %": "score.is_percent",
    "8/5/2025": "score.is_date", "2025-05-08": "score.is_date", "8/5": "score.is_fraction",
    "３８": "score.other_digits", "٣٨": "score.other_digits", "38½": "score.other_digits", "③⑧": "score.other_digits", "೩೮": "score.other_digits",
    "1.234": "score.ambiguous", "1,234": "score.ambiguous", "37,555": "score.ambiguous", "1.234,5": "score.ambiguous", "3.7.5": "score.ambiguous",
    "37-38": "score.is_range", "37 đến 38": "score.is_range", "37–38": "score.is_range",
    "NaN": "score.not_finite", "inf": "score.not_finite", "-Infinity": "score.not_finite", "1.#QNAN": "score.not_finite",
    "1_0": "score.not_a_number", "0x0A": "score.not_a_number", "1e1": "score.not_a_number", "+38": "score.not_a_number", "38+1": "score.not_a_number", "3 8": "score.not_a_number",
    "ba mươi tám": "score.not_a_number", "XXXVIII": "score.not_a_number", "38,": "score.not_a_number", ",5": "score.not_a_number", "=38": "score.not_a_number", "'38": "score.not_a_number",
    "O": "score.not_a_number", "l0": "score.not_a_number", "38\u202e": "score.ambiguous", "\u20666\u2069": "score.ambiguous", "\u202a38\u202c": "38", "\u200e38": "38", "3\u200b8": "38", "x": "score.not_a_number", "TRUE": "score.not_a_number", "38 40": "score.not_a_number",
    "40,01": "score.out_of_bounds", "100": "score.out_of_bounds", "-1": "score.out_of_bounds", "999": "score.out_of_bounds",
}  # fmt: skip

# As the raw number of a number cell.
NUMBERS: dict[str, str] = {
    "37.5": "37.5", "37.500000000000007": "37.5", "3.75E+1": "37.5", "3.75e1": "37.5", "37.": "37", " 38 ": "cell.readers_differ", "038": "38", "-0": "0", "+38": "38",
    "NaN": "score.not_finite", "INF": "score.not_finite", "-inf": "score.not_finite", "1e999": "score.not_finite", "-1e400": "score.not_finite", "1e13": "score.not_finite",
    "37,5": "score.not_a_number", "1_0": "score.not_a_number", "0x0A": "score.not_a_number", "0b1": "score.not_a_number", "３８": "score.not_a_number", "٣٨": "score.not_a_number",
    "1.2.3": "score.not_a_number", "3 8": "score.not_a_number", "38đ": "score.not_a_number", "--38": "score.not_a_number", "abc": "score.not_a_number", "TRUE": "score.not_a_number",
    "1d1": "score.not_a_number", "38f": "score.not_a_number", "4294967296": "score.out_of_bounds", "40.000000001": "score.out_of_bounds", "1e-300": "score.ambiguous", "37.3": "37.3", "-0.5": "score.out_of_bounds", "45": "score.out_of_bounds",
}  # fmt: skip


def typing_cases() -> Iterator[Case]:
    for raw, said in TEXTS.items():
        words = escape(raw)
        ways: dict[str, Make] = {
            "in the cell": lambda f, w=words: f.with_cell("ev_self_quality", f'<c r="{{r}}" s="{{s}}" t="inlineStr"><is><t xml:space="preserve">{w}</t></is></c>'),
            "shared": lambda f, w=words: strings(f, f"<si><t>{w}</t></si>", '<c r="{r}" s="{s}" t="s"><v>0</v></c>'),
            "as a formula's kind of text": lambda f, w=words: f.with_cell("ev_self_quality", f'<c r="{{r}}" s="{{s}}" t="str"><v>{w}</v></c>'),
        }  # fmt: skip
        for way, make in ways.items():
            yield _typed(f"text {raw!r} {way}", said, make, "score.repaired")
    for raw, said in NUMBERS.items():
        note = "score.off_step" if raw == "37.3" else ""
        yield _typed(
            f"number {raw!r}",
            said,
            lambda f, r=raw: f.with_cell("ev_self_quality", f'<c r="{{r}}" s="{{s}}"><v>{r}</v></c>'),
            note,
        )
    yield from _sorts()


def _typed(name: str, said: str, make: Make, note: str) -> Case:
    if said.startswith(("score.", "cell.")):
        return invalid(name, said, make)
    return harmless(name, make, *filter(None, (note,)), quality=said)


def _sorts() -> Iterator[Case]:
    """Cells of another sort than numbers and texts, and formulas with remembered results that lie."""
    cell = '<c r="{r}" s="{s}"'
    for raw in ("0", "1"):
        yield invalid(f"a truth, {raw}", "score.is_boolean", _cell(f'{cell} t="b"><v>{raw}</v></c>'))
    yield invalid(
        "a truth as LibreOffice writes it", "score.is_boolean", _cell(f'{cell} t="b"><f>TRUE()</f><v>1</v></c>')
    )
    for raw in ("#N/A", "#DIV/0!", "#REF!", "#NAME?", "#VALUE!"):
        yield invalid(f"the error {raw}", "score.is_error", _cell(f'{cell} t="e"><v>{raw}</v></c>'))
    for raw in ("2025-05-08", "2025-05-08T00:00:00"):
        yield invalid(
            f"a date as text of its own kind, {raw}", "score.is_date", _cell(f'{cell} t="d"><v>{raw}</v></c>')
        )
    for formula, cached in (
        ("1+1", "40"),
        ("40", "40"),
        ("E20", "38"),
        ("TRUE()+37", "38"),
        ('"38"', "38"),
        ("", "38"),
        ("2", "10"),
        ("NOW()", "38"),
        ("RAND()*40", "38"),
        ("ev_self_progress", "36"),
    ):
        yield invalid(
            f"the formula {formula or 'of nothing'} that shows {cached}",
            "score.is_formula",
            _cell(f"{cell}><f>{escape(formula)}</f><v>{cached}</v></c>"),
        )
        yield invalid(
            f"the formula {formula or 'of nothing'} that shows the text {cached}",
            "score.is_formula",
            _cell(f'{cell} t="str"><f>{escape(formula)}</f><v>{cached}</v></c>'),
        )
    for sort in ('t="array"', 't="dataTable" dt2D="0" dtr="0" r1="A1"'):
        yield invalid(
            f"a formula of a block, {sort[:10]}",
            "score.is_formula",
            _cell(f'{cell}><f {sort} ref="{{r}}:{{r}}">38</f><v>38</v></c>'),
        )
        for value in ("<v>36</v>", "", "<is><t>36</t></is>"):
            kind = ' t="inlineStr"' if "<is>" in value else ""
            yield Case(
                f"a score in a block whose formula stands elsewhere, {sort[:10]}, written {value}",
                "invalid",
                frozenset(("score.is_formula", "cell.outside")),
                _block(sort, f"{cell}{kind}>{value}</c>"),
            )
    yield invalid("a formula without a result", "score.is_formula", _cell(f"{cell}><f>38</f></c>"))
    for code in ("dd/mm/yyyy", "d/m", "[$-42A]dd mmmm yyyy;@", "mmm-yy", "h:mm", "[h]:mm:ss"):
        yield invalid(f"a number shown as a date, {code}", "score.is_date", _styled(code, "45785"))
        yield invalid(f"a score shown as a date, {code}", "score.is_date", _styled(code, "38"))
    for code in ("0%", "0.00%", "0 %", "[Red]0%"):
        yield invalid(f"a number shown as a percentage, {code}", "score.is_percent", _styled(code, "0.95"))
    for code in (
        "0.00", "#,##0.0", "General", "0.0&quot;đ&quot;", "[Red]0.0", "0.0_)", "@", "0.0\\ &quot;điểm&quot;", "+0.0;-0.0;0", "000.0", "# ?/?", "0.0;@",
        "_(* #,##0.00_);_(* \\(#,##0.00\\);_(* &quot;-&quot;??_);_(@_)", "[&gt;=0]0.0;[Red]-0.0", "[$-42A]0.0", "0.??", "#,##0.00\\ [$₫-42A]",
    ):  # fmt: skip
        yield harmless(f"a score shown as {code}", _styled(code, "37.5"), quality="37.5")
    for code in ("0", "000", "#,##0", "0.0E+0", "0&quot;đ&quot;"):
        yield harmless(f"a score shown rounded as {code}", _styled(code, "37.5"), "score.shown_rounded", quality="37.5")
    for code in (
        "&quot;3&quot;0.0", ";;;", ";;;&quot;x&quot;", "[&lt;40]&quot;38.5&quot;", "0.0,", "0\\%", "&quot;38&quot;", "-0.0", "\\-0.0", "(0.0)", "\\,0.0",
        "0&quot;,&quot;0", "0.0&quot;5&quot;", "38.5", "*30", "[$3-409]0", "[DBNum1]0", "[$-1E000000]0", "&quot;ba mươi &quot;0", "0.0&quot; nghìn&quot;",
        "#;;#", "0.0&quot;‰&quot;", "[=7.5]&quot;37.5&quot;;0.0", "&quot;３&quot;0.0", "&quot;\u202e&quot;0.0",
    ):  # fmt: skip
        yield invalid(
            f"a score that a format shows as another, {code}",
            "score.shown_otherwise",
            _styled(code, "0" if code == "#;;#" else "7.5"),
        )
    yield invalid(
        "two formats of one number",
        "score.shown_otherwise",
        _styled('0.0"/><numFmt numFmtId="199" formatCode="&quot;3&quot;0.0', "7.5"),
    )
    for empty in (
        f"{cell}/>",
        f"{cell}><v/></c>",
        f"{cell}><v></v></c>",
        f'{cell} t="inlineStr"><is><t> </t></is></c>',
        f'{cell} t="str"><v></v></c>',
        f'{cell} t="s"><v/></c>',
        "",
    ):
        yield invalid(f"nothing, written {empty or 'as no cell'}", "form.score_missing", _cell(empty))
    yield harmless(
        "a text in pieces",
        _cell(f'{cell} t="inlineStr"><is><r><t>3</t></r><r><rPr><b/></rPr><t>7</t></r></is></c>'),
        "score.repaired",
    )
    for pieces in (
        "<t>3</t><r><t>7</t></r>",
        "<r><t>3</t></r><t>7</t>",
        "<t>3</t><t>7</t>",
        "<r><t>3</t><t>9</t></r>",
        "<r><t>3</t><r><t>9</t></r></r>",
        "<r><rPr><t>3</t></rPr><t>9</t></r>",
        "<r><rPr><r><t>3</t></r></rPr></r>",
        "<b><t>3</t></b><t>9</t>",
        "<r><b><t>3</t></b></r>",
        "<is><t>3</t></is>",
        "<rPh sb='0' eb='1'><r><t>3</t></r></rPh><t>9</t>",
    ):
        yield refused(
            f"a text whole and in pieces: {pieces}",
            "file.twin_cells",
            _cell(f'{cell} t="inlineStr"><is>{pieces}</is></c>'),
        )
    yield harmless(
        "a text with its pronunciation",
        _cell(f'{cell} t="inlineStr"><is><t>37</t><rPh sb="0" eb="1"><t>9</t></rPh></is></c>'),
        "score.repaired",
    )
    yield invalid("a number in marked characters", "cell.readers_differ", _cell(f"{cell}><v><![CDATA[37]]></v></c>"))
    yield invalid("a number in codes", "cell.readers_differ", _cell(f"{cell}><v>&#51;&#x37;</v></c>"))
    yield harmless("a number that says its kind", _cell(f'{cell} t="n"><v>37</v></c>'))
    for said in (
        "ĐÃ NỘP",
        "Ðã nộp",
        "Đã\u00a0nộp",
        "đã nộp\u200b",
        "Da\u0303 no\u0323\u0302p".replace("D", "Đ"),
        " Đã nộp\n",
        "Đã nôp",
    ):
        yield harmless(
            f"handed in, written {said!r}",
            lambda f, s=said: f.with_cell(
                "ev_status", f'{cell} t="inlineStr"><is><t xml:space="preserve">{s}</t></is></c>'
            ),
            *(("choice.repaired",) if said in ("ĐÃ NỘP", "đã nộp\u200b", "Đã nôp") else ()),
        )
    for said in ("Đã nộp rồi", "xong", "Submitted!", "1"):
        yield Case(
            f"handed in, written {said!r}",
            "draft",
            frozenset(("choice.unknown", "form.draft")),
            lambda f, s=said: f.with_cell("ev_status", f'{cell} t="inlineStr"><is><t>{s}</t></is></c>'),
        )
    for part, most in (("quality", 40), ("progress", 40), ("conduct", 20)):
        for raw in (str(most + 1), "100", "-0.5", f"{most}.01"):
            yield invalid(
                f"{part} of {raw}",
                "score.out_of_bounds",
                lambda f, p=part, r=raw: f.with_cell(f"ev_self_{p}", f"{cell}><v>{r}</v></c>"),
            )
        yield invalid(f"no {part}", "form.score_missing", lambda f, p=part: f.with_cell(f"ev_self_{p}", f"{cell}/>"))
        yield invalid(
            f"{part} as a truth",
            "score.is_boolean",
            lambda f, p=part: f.with_cell(f"ev_self_{p}", f'{cell} t="b"><v>1</v></c>'),
        )


def _cell(xml: str) -> Make:
    return lambda form: form.with_cell("ev_self_quality", xml)


def _block(sort: str, xml: str) -> Make:
    """A cell of a block whose formula stands in a row far below."""

    def make(form: Form) -> bytes:
        part, at = form.part_of("ev_self_quality"), form.cell_of("ev_self_quality")
        sheet = Form(form.with_cell("ev_self_quality", xml)).parts[part].decode()
        formula = f'<row r="900"><c r="B900"><f {sort} ref="{at}:{at}">36</f><v>36</v></c></row></sheetData>'
        return form.packed({part: sheet.replace("</sheetData>", formula).encode()})

    return make


def _styled(code: str, raw: str) -> Make:
    def make(form: Form) -> bytes:
        return form.with_style(code, "ev_self_quality", f'<c r="{{r}}" s="{{s}}"><v>{raw}</v></c>')

    return make
