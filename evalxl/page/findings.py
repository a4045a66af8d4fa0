"""*Lỗi, lưu ý*: what is wrong in which cell and what to do about it; the path of the file can be copied.

A browser opens a link to a workbook as a copy, and whoever puts the copy right puts nothing right. So the path is what is offered, and the link says that
it opens a copy.
"""

from __future__ import annotations

from evalxl.domain.findings import Finding
from evalxl.domain.names import shown_code, visible
from evalxl.page.context import PageContext
from evalxl.page.html import Node, h, typed
from evalxl.page.people import searched
from evalxl.words import LEVELS, say

MOST = 300
SERIOUS = ("error", "warning")


def serious_ones(page: PageContext) -> list[Finding]:
    """What somebody should look at; repairs and notes are left to the filter."""
    return [finding for finding in page.view.findings if finding.level in SERIOUS]


def findings(page: PageContext) -> Node:
    ordered = sorted(page.view.findings, key=lambda finding: LEVELS.index(finding.level))
    shown = ordered[:MOST]
    return h.section(".card", id="findings")[
        h.h2[page.say("section.findings"), " ", h.small[_counts(page)] if ordered else None],
        _table(page, shown) if shown else h.p[page.say("findings.none")],
        len(ordered) > len(shown)
        and h.p(".left")[
            page.say(
                "left.rows", count=len(ordered) - len(shown), sheet=page.master_says("sheet.findings"), file=page.master
            )
        ],
    ]


def _counts(page: PageContext) -> str:
    counts = [(level, sum(finding.level == level for finding in page.view.findings)) for level in LEVELS]
    return (
        "(" + ", ".join(f"{count} {say(f'level.{level}', page.lang).lower()}" for level, count in counts if count) + ")"
    )


def _table(page: PageContext, shown: list[Finding]) -> Node:
    return [
        h.div(".filters.js", role="search")[
            h.label(".wide")[
                page.say("findings.search"), h.input(type="search", id="search-findings", autocomplete="off")
            ],
            h.label[
                page.say("findings.level"),
                h.select(id="by-level")[
                    h.option(value=" ".join(SERIOUS))[page.say("findings.serious")],
                    (
                        h.option(value=level)[say(f"level.{level}", page.lang)]
                        for level in LEVELS
                        if any(finding.level == level for finding in shown)
                    ),
                    h.option(value="")[page.say("people.all")],
                ],
            ],
            h.p(
                id="shown-findings",
                role="status",
                data_words=page.say("findings.count", shown="{shown}", all=page.number(len(shown))),
            ),
        ],
        h.p(".note")[page.say("findings.copy_note")],
        h.table(".list", id="findings-list")[
            h.caption(".unseen")[page.say("section.findings")],
            h.thead[
                h.tr[
                    h.th(scope="col")[page.say("findings.level")],
                    h.th(scope="col")[page.say("findings.whose")],
                    h.th(scope="col")[page.say("findings.where")],
                    h.th(scope="col")[page.say("findings.what")],
                ]
            ],
            h.tbody[(_row(page, finding) for finding in shown)],
        ],
    ]


def _row(page: PageContext, finding: Finding) -> Node:
    row = page.people.get(finding.code)
    name = row.name if row else page.person(finding.code) or shown_code(finding.code)
    unit = row.unit_name if row else dict(page.view.units).get(page.view.units_of.get(finding.code, ""), "")
    message, remedy = finding.message(page.lang), finding.remedy(page.lang)
    place = "!".join(filter(None, (visible(finding.sheet), visible(finding.cell))))
    return h.tr(
        class_=finding.level, data_level=finding.level, data_key=searched(name, unit, finding.file, message, remedy)
    )[
        h.td[h.b(".level")[say(f"level.{finding.level}", page.lang)]],
        h.td(".whose")[typed(name, "div"), h.small[unit] if unit != name else None],
        h.td(".where")[_file(page, finding.file), place and typed(place, "b")],
        h.td[typed(message), " ", h.b[typed(remedy)] if remedy else None],
    ]


def _file(page: PageContext, file: str) -> Node:
    if not file:
        return None
    address, path = page.address(file), page.full_path(file)
    return h.div[
        typed(file.rpartition("/")[2]),
        path
        and h.button(".js.copy", type="button", data_path=path, data_done=page.say("findings.copied"))[
            page.say("findings.copy")
        ],
        address and h.a(".look", href=address)[page.say("findings.look")],
    ]
