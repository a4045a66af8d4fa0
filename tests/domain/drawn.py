"""Organisations drawn in a test as small tables, where the reader's eyes are.

Each line is a row, its columns apart by `|`; what stands after the last column that is needed may be left out.
"""

from __future__ import annotations

from evalxl.domain.organisation.people import (
    FIRST_DAY,
    LAST_DAY,
    Absence,
    DayOff,
    Delegation,
    Organisation,
    Post,
    Unit,
)
from evalxl.domain.weeks import parse_date


def rows(table: str, columns: int) -> list[list[str]]:
    found = []
    for line in filter(str.strip, table.splitlines()):
        cells = [cell.strip() for cell in line.split("|")]
        found.append(cells + [""] * (columns - len(cells)))
    return found


def organisation(
    units: str, people: str, absences: str = "", delegations: str = "", days_off: str = ""
) -> Organisation:
    """Draw an organisation.

    Args:
        units: code | parent | head | leader in charge
        people: code | name | unit | rank | scorer | approver | from | to
        absences: code | kind | from | to
        delegations: giver | receiver | scope | from | to
        days_off: day | kind
    """
    return Organisation(
        units=tuple(Unit(code, f"Đơn vị {code}", *rest) for code, *rest in rows(units, 4)),
        posts=tuple(
            Post(
                code,
                name,
                unit,
                rank,
                scorer=scorer,
                approver=approver,
                first=parse_date(first) or FIRST_DAY,
                last=parse_date(last) or LAST_DAY,
            )
            for code, name, unit, rank, scorer, approver, first, last in rows(people, 8)
        ),
        absences=tuple(
            Absence(code, kind, parse_date(first) or FIRST_DAY, parse_date(last) or LAST_DAY)
            for code, kind, first, last in rows(absences, 4)
        ),
        delegations=tuple(
            Delegation(giver, receiver, scope, "", parse_date(first) or FIRST_DAY, parse_date(last) or LAST_DAY)
            for giver, receiver, scope, first, last in rows(delegations, 5)
        ),
        days_off=tuple(DayOff(parse_date(day) or FIRST_DAY, kind) for day, kind in rows(days_off, 2)),
    )


TET_2026 = """
    16/02/2026 | holiday
    17/02/2026 | holiday
    18/02/2026 | holiday
    19/02/2026 | holiday
    20/02/2026 | holiday
"""
