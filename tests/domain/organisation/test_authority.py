"""Who is evaluated, who scores and who approves: every rank of the contract, on an organisation drawn by hand, and on random ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalxl.domain.findings import Finding
from evalxl.domain.names import name_key
from evalxl.domain.organisation.authority import roster
from evalxl.domain.organisation.delegation import Scope, delegates, delegates_on, may_approve, may_score, stand_in
from evalxl.domain.organisation.org_chart import authority_above, talk_with, unit_order
from evalxl.domain.organisation.people import LAST_DAY, Absence, Delegation, Member, Organisation, Post, Unit
from evalxl.domain.rulebook import RANKS, RuleBook
from evalxl.domain.weeks import Week
from tests.domain.drawn import TET_2026, organisation

WEEK = Week(2025, 23)  # Monday 2 June, Thursday 5 June, Sunday 8 June 2025
THURSDAY = WEEK.thursday

# code | parent | head | leader in charge
BOARD_UNITS = """
    LD   |     | L1  |
    V1   |     | V1T | L2
    CUC  |     | CT  | L3
    V2   |     | V2P | L2
    VP   |     | VPT | L1
    CA   | CUC | CA1 |
    CB   | CUC | CP1 |
    CV   | CUC | CV1 |
"""

# code | name | unit | rank | scorer
BOARD_PEOPLE = """
    L1  | Trần Nhất     | LD  | board_leader
    L2  | Lê Nhì        | LD  | board_leader
    L3  | Phạm Tam      | LD  | board_leader
    TK1 | Vũ Thư        | LD  | secretary            | L2
    TL1 | Vũ Trợ        | LD  | assistant
    V1T | Đỗ Vụ         | V1  | director
    V1P | Đỗ Phó        | V1  | deputy_director
    V1C | Đỗ Công       | V1  | official
    V1N | Đỗ Nhân       | V1  | employee
    CT  | Hồ Cục        | CUC | director
    CP1 | Hồ Phó        | CUC | deputy_director
    CA1 | Hồ Ái         | CA  | division_head
    CA2 | Hồ Bảo        | CA  | deputy_division_head
    CA3 | Hồ Cẩm        | CA  | official
    CB1 | Hồ Dung       | CB  | official
    CV1 | Hồ Vân        | CV  | division_head
    CV2 | Hồ Yến        | CV  | deputy_division_head
    V2P | Ngô Phụ       | V2  | deputy_director
    V2Q | Ngô Quý       | V2  | deputy_director
    V2C | Ngô Công      | V2  | official
    VPT | Bùi Chánh     | VP  | director
    VPP | Bùi Phó       | VP  | deputy_director
    TK2 | Bùi Thư       | VP  | secretary
    VPN | Bùi Xe        | VP  | employee
"""


def deciding(office: Organisation, rules: RuleBook, week: Week = WEEK) -> dict[str, tuple[str, str]]:
    """Scorer and approver of everybody to be evaluated."""
    return {member.code: (member.scorer, member.approver) for member in roster(office, week, rules)[0].members}


def member_of(office: Organisation, rules: RuleBook, code: str, week: Week = WEEK) -> Member | None:
    return roster(office, week, rules)[0].member(code)


def found_in(office: Organisation, rules: RuleBook) -> list[tuple[str, str]]:
    return [(finding.kind, finding.code) for finding in roster(office, WEEK, rules)[1]]


def test_the_letters_authority_is_derived_for_every_rank(rules: RuleBook) -> None:
    office = organisation(BOARD_UNITS, BOARD_PEOPLE)

    assert deciding(office, rules) == {
        "TK1": ("L2", "L2"),  # a secretary: the leader served
        "TL1": ("L1", "L1"),  # an assistant in the leaders' own unit
        "V1T": ("L2", "L2"),  # a director: the leader in charge
        "V1P": ("V1T", "V1T"),
        "V1C": ("V1T", "V1T"),
        "V1N": ("V1T", "V1T"),
        "CT": ("L3", "L3"),
        "CP1": ("CT", "CT"),  # a deputy bureau director who heads a division is still a deputy of the bureau
        "CA1": ("CT", "CT"),  # a division has no leader in charge of its own: one step up
        "CA2": ("CA1", "CT"),
        "CA3": ("CA1", "CT"),
        "CB1": ("CP1", "CT"),
        "CV1": ("CT", "CT"),
        "CV2": ("CV1", "CT"),
        "V2P": ("L2", "L2"),  # a deputy in charge is approved by the leader in charge
        "V2Q": ("V2P", "V2P"),  # and decides as a director does
        "V2C": ("V2P", "V2P"),
        "VPT": ("L1", "L1"),
        "VPP": ("VPT", "VPT"),
        "TK2": ("VPT", "L1"),  # a secretary of the office: the leader in charge approves, not the chief
        "VPN": ("VPT", "VPT"),
    }
    assert found_in(office, rules) == []


def test_the_drawn_organisation_has_every_rank() -> None:
    assert {post.rank for post in organisation(BOARD_UNITS, BOARD_PEOPLE).posts} == set(RANKS)


def test_what_the_office_enters_goes_before_what_is_derived(rules: RuleBook) -> None:
    office = organisation(BOARD_UNITS, BOARD_PEOPLE + "CA9 | Hồ Tư | CA | official | CP1 | L3")

    assert deciding(office, rules)["CA9"] == ("CP1", "L3")


def test_a_board_leader_is_evaluated_only_where_a_scorer_is_entered(rules: RuleBook) -> None:
    office = organisation(
        BOARD_UNITS, BOARD_PEOPLE + "L4 | Mai Tứ | LD | board_leader | L1\nL5 | Mai Ngũ | LD | board_leader | L5"
    )

    assert deciding(office, rules)["L4"] == ("L1", "L1")
    assert not {"L1", "L2", "L3", "L5"} & set(deciding(office, rules))
    assert found_in(office, rules) == []


def test_who_is_entered_as_own_scorer_goes_one_step_up(rules: RuleBook) -> None:
    office = organisation(BOARD_UNITS, BOARD_PEOPLE + "CA9 | Hồ Tư | CA | official | CA9 | CA9")

    assert deciding(office, rules)["CA9"] == ("CA1", "CT")


def test_the_leader_in_charge_of_a_division_scores_its_head_and_the_director_approves(rules: RuleBook) -> None:
    office = organisation(
        """
        C  |   | CT | L3
        CA | C | CA1 | CP
        """,
        """
        L3  | Phạm Tam | LD | board_leader
        CT  | Hồ Cục   | C  | director
        CP  | Hồ Phó   | C  | deputy_director
        CA1 | Hồ Ái    | CA | division_head
        CA3 | Hồ Cẩm   | CA | official
        """,
    )

    assert deciding(office, rules) == {
        "CT": ("L3", "L3"),
        "CP": ("CT", "CT"),
        "CA1": ("CP", "CT"),
        "CA3": ("CA1", "CT"),
    }


def test_a_department_without_its_own_leader_in_charge_has_the_one_of_the_unit_above(rules: RuleBook) -> None:
    office = organisation(
        """
        KHOI |      |    | L3
        V    | KHOI | VT |
        """,
        """
        L3 | Phạm Tam | LD | board_leader
        VT | Đỗ Vụ    | V  | director
        VC | Đỗ Công  | V  | official
        """,
    )

    assert deciding(office, rules) == {"VT": ("L3", "L3"), "VC": ("VT", "VT")}


def test_without_any_leader_in_charge_a_director_has_the_head_of_the_unit_above(rules: RuleBook) -> None:
    office = organisation(
        """
        LD |    | L1 |
        V  | LD | VT |
        """,
        """
        L1 | Trần Nhất | LD | board_leader
        VT | Đỗ Vụ     | V  | director
        VC | Đỗ Công   | V  | official
        """,
    )

    assert deciding(office, rules) == {"VT": ("L1", "L1"), "VC": ("VT", "VT")}


@pytest.mark.parametrize("rank", ["director", "deputy_director", "division_head", "official"])
def test_authority_comes_from_being_head_and_not_from_rank(rules: RuleBook, rank: str) -> None:
    office = organisation(
        """
        LD |    | L1 |
        V  | LD | VT | L2
        """,
        f"""
        L1 | Trần Nhất | LD | board_leader
        L2 | Lê Nhì    | LD | board_leader
        VT | Đỗ Vụ     | V  | {rank}
        VP | Đỗ Phó    | V  | deputy_director
        VC | Đỗ Công   | V  | official
        """,
    )

    assert deciding(office, rules) == {"VT": ("L2", "L2"), "VP": ("VT", "VT"), "VC": ("VT", "VT")}


def test_a_deputy_who_heads_a_division_of_the_bureau_approves_nobody(rules: RuleBook) -> None:
    """Whether the deputy stands in the division or in the bureau on the sheet People."""
    for unit in ("C", "CA"):
        office = organisation(
            """
            C  |   | CT | L3
            CA | C | CP |
            """,
            f"""
            L3  | Phạm Tam | LD | board_leader
            CT  | Hồ Cục   | C  | director
            CP  | Hồ Phó   | {unit} | deputy_director
            CA3 | Hồ Cẩm   | CA | official
            """,
        )

        assert deciding(office, rules) == {"CT": ("L3", "L3"), "CP": ("CT", "CT"), "CA3": ("CP", "CT")}


def test_while_a_department_has_no_head_the_leader_in_charge_takes_the_place(rules: RuleBook) -> None:
    office = organisation(
        """
        C  |   |     | L3
        CA | C | CA1 |
        """,
        """
        L3  | Phạm Tam | LD | board_leader
        CP  | Hồ Phó   | C  | deputy_director
        CA1 | Hồ Ái    | CA | division_head
        CA3 | Hồ Cẩm   | CA | official
        """,
    )

    assert deciding(office, rules) == {"CP": ("L3", "L3"), "CA1": ("L3", "L3"), "CA3": ("CA1", "L3")}


def test_while_a_division_has_no_head_the_bureaus_director_takes_the_place(rules: RuleBook) -> None:
    office = organisation(BOARD_UNITS.replace("| CA1", "|    "), BOARD_PEOPLE)

    assert deciding(office, rules)["CA3"] == ("CT", "CT")


LEADERS = """
    L1  | Trần Nhất | LD | board_leader
    L2  | Lê Nhì    | LD | board_leader
    L3  | Phạm Tam  | LD | board_leader
"""


def test_the_leader_in_charge_of_a_department_without_a_head_goes_before_the_head_of_the_board(rules: RuleBook) -> None:
    office = organisation("LD | | L1 |\nV | LD | | L2", LEADERS + "VC | Đỗ Công | V | official")

    assert deciding(office, rules) == {"VC": ("L2", "L2")}


def test_a_deputy_of_a_bureau_without_a_director_is_no_director_for_heading_a_division(rules: RuleBook) -> None:
    office = organisation(
        "C | | | L3\nCA | C | CP |", LEADERS + "CP | Hồ Phó | C | deputy_director\nCA3 | Hồ Cẩm | CA | official"
    )

    assert deciding(office, rules) == {"CP": ("L3", "L3"), "CA3": ("CP", "L3")}


def test_the_head_of_a_division_does_not_approve_whoever_heads_the_department(rules: RuleBook) -> None:
    office = organisation(
        "V | | VT |\nP | V | PH |",
        """
        VT | Đỗ Vụ    | V | division_head | L2 | L2
        PH | Đỗ Phòng | P | division_head
        PC | Đỗ Công  | P | official
        """
        + LEADERS,
    )

    assert deciding(office, rules) == {"VT": ("L2", "L2"), "PH": ("VT", "VT"), "PC": ("PH", "VT")}


def test_a_division_with_a_leader_in_charge_but_no_head_is_still_within_its_bureau(rules: RuleBook) -> None:
    office = organisation(
        "C | | CT | L3\nCA | C | | L2", LEADERS + "CT | Hồ Cục | C | director\nCA3 | Hồ Cẩm | CA | official"
    )

    assert deciding(office, rules) == {"CT": ("L3", "L3"), "CA3": ("L2", "CT")}


def test_a_department_that_a_leader_of_the_board_heads_beside_the_own_post_is_a_department(rules: RuleBook) -> None:
    office = organisation(
        """
        LD   |      | L1 |
        KHOI | LD   |    | L3
        V    | KHOI | L2 |
        P    | V    | PH |
        """,
        LEADERS
        + """
        VP | Đỗ Phó   | V | deputy_director
        PH | Đỗ Phòng | P | deputy_director
        PC | Đỗ Công  | P | official
        """,
    )

    assert deciding(office, rules) == {"VP": ("L2", "L2"), "PH": ("L2", "L2"), "PC": ("PH", "L2")}


def test_a_deputy_of_one_department_in_charge_of_another_is_approved_by_its_leader_in_charge(rules: RuleBook) -> None:
    office = organisation(
        "V | | VT | L2\nW | | VP | L3",
        LEADERS + "VT | Đỗ Vụ | V | director\nVP | Đỗ Phó | V | deputy_director\nWC | Đỗ Oanh | W | official",
    )

    assert deciding(office, rules) == {"VT": ("L2", "L2"), "VP": ("VT", "L3"), "WC": ("VP", "VP")}


def test_a_secretary_whom_the_chief_of_office_scores_is_approved_by_the_leader_in_charge(rules: RuleBook) -> None:
    office = organisation(BOARD_UNITS, BOARD_PEOPLE + "TK3 | Bùi Tư | VP | secretary | VPP")

    assert deciding(office, rules)["TK3"] == ("VPP", "L1")


def test_a_unit_without_a_head_has_the_leader_whom_the_office_entered_whatever_the_rank(rules: RuleBook) -> None:
    office = organisation(
        "W | | | VT\nV | | VT |",
        "VT | Đỗ Vụ | V | director | L | L\nWC | Đỗ Oanh | W | official\nL | Lê Lý | X | board_leader",
    )

    assert deciding(office, rules) == {"WC": ("VT", "VT"), "VT": ("L", "L")}


def test_who_cannot_be_scored_or_approved_is_an_error_of_the_organisation(rules: RuleBook) -> None:
    office = organisation(
        """
        V |  | VT |
        W |  |    |
        """,
        """
        VT | Đỗ Vụ   | V | director
        VC | Đỗ Công | V | official
        WC | Đỗ Oanh | W | official | VT
        """,
    )

    assert found_in(office, rules) == [
        ("organisation.no_scorer", "VT"),
        ("organisation.no_approver", "VT"),
        ("organisation.no_approver", "WC"),
    ]
    assert deciding(office, rules) == {"VT": ("", ""), "VC": ("VT", "VT"), "WC": ("VT", "")}
    assert {finding.level for finding in roster(office, WEEK, rules)[1]} == {"error"}


def test_people_who_score_each_other_in_a_circle_are_found_once(rules: RuleBook) -> None:
    office = organisation(
        "V | | VT | VT",
        """
        VT | Đỗ Vụ    | V | director | B | B
        B  | Lê Bình  | V | official | C
        C  | Lê Cường | V | official | VT
        D  | Lê Dung  | V | official | B
        """,
    )

    circles = [finding for finding in roster(office, WEEK, rules)[1] if finding.kind == "organisation.cycle"]

    assert [finding.values["circle"] for finding in circles] == [
        "Lê Bình (B) → Lê Cường (C) → Đỗ Vụ (VT) → Lê Bình (B)"
    ]
    assert (
        circles[0].message()
        == "Những người này chấm điểm vòng tròn cho nhau: Lê Bình (B) → Lê Cường (C) → Đỗ Vụ (VT) → Lê Bình (B)."
    )


def test_units_above_each_other_are_found_and_end(rules: RuleBook) -> None:
    office = organisation(
        """
        A | B | AT | L
        B | A |    |
        """,
        """
        AT | Đỗ An  | A | director
        BC | Đỗ Bảo | B | official
        L  | Lê Lý  | X | board_leader
        """,
    )

    assert found_in(office, rules) == [("organisation.unit_cycle", "")]
    assert deciding(office, rules) == {"AT": ("L", "L"), "BC": ("AT", "AT")}


def test_an_entered_scorer_who_has_left_is_replaced_by_the_derived_one_and_said(rules: RuleBook) -> None:
    office = organisation(
        BOARD_UNITS,
        BOARD_PEOPLE + "CA9 | Hồ Tư | CA | official | X1 | X1\nX1 | Hồ Cũ | CA | official | | | | 04/6/2025",
    )

    assert deciding(office, rules)["CA9"] == ("CA1", "CT")
    assert found_in(office, rules) == [("organisation.authority_left", "CA9")] * 2
    assert "X1" not in deciding(office, rules)


def test_a_head_who_has_left_counts_as_none_and_is_said(rules: RuleBook) -> None:
    office = organisation(
        "V | | VT | L2",
        """
        L2 | Lê Nhì  | LD | board_leader
        VT | Đỗ Vụ   | V  | director | | | | 04/6/2025
        VC | Đỗ Công | V  | official
        """,
    )

    findings = roster(office, WEEK, rules)[1]

    assert deciding(office, rules) == {"VC": ("L2", "L2")}
    assert [(finding.kind, finding.values["unit"], finding.found) for finding in findings] == [
        ("organisation.unit_authority_left", "V", "VT")
    ]
    assert findings[0].message() == (
        "Người đứng đầu của đơn vị Đơn vị V (mã V) ghi là VT, nhưng ngày 05/6/2025 người này không có trong danh sách cán bộ; "
        "tạm coi là chưa có."
    )


# Who joins, leaves and moves.


@pytest.mark.parametrize(
    ("first", "last", "is_in"),
    [
        ("05/6/2025", "", True),  # joined on the Thursday
        ("06/6/2025", "", False),  # joined on the Friday
        ("", "05/6/2025", True),  # left at the end of the Thursday
        ("", "04/6/2025", False),
        ("05/6/2025", "05/6/2025", True),
    ],
)
def test_who_is_in_post_on_the_thursday_is_evaluated(rules: RuleBook, first: str, last: str, is_in: bool) -> None:
    office = organisation(BOARD_UNITS, BOARD_PEOPLE + f"N | Hồ Mới | V1 | official | | | {first} | {last}")

    assert ("N" in deciding(office, rules)) is is_in


@pytest.mark.parametrize(("moved_on", "unit", "scorer"), [("05/6/2025", "V2", "V2P"), ("06/6/2025", "V1", "V1T")])
def test_who_moves_is_in_the_unit_of_the_thursday(rules: RuleBook, moved_on: str, unit: str, scorer: str) -> None:
    day = int(moved_on[:2])
    office = organisation(
        BOARD_UNITS,
        BOARD_PEOPLE
        + f"""
        N | Hồ Mới | V1 | official | | | 01/01/2025 | {day - 1:02d}/6/2025
        N | Hồ Mới | V2 | official | | | {moved_on} |
        """,
    )
    member = member_of(office, rules, "N")

    assert member is not None
    assert (member.unit, member.unit_name, member.scorer) == (unit, f"Đơn vị {unit}", scorer)


def test_a_person_with_two_posts_is_evaluated_once_by_the_highest(rules: RuleBook) -> None:
    office = organisation(BOARD_UNITS, "V1P | Đỗ Phó | VP | official\n" + BOARD_PEOPLE)
    members = roster(office, WEEK, rules)[0].members

    assert [(member.unit, member.rank) for member in members if member.code == "V1P"] == [("V1", "deputy_director")]


def test_the_roster_is_in_the_order_of_units_and_of_vietnamese_names(rules: RuleBook) -> None:
    office = organisation(BOARD_UNITS, BOARD_PEOPLE)
    members = roster(office, WEEK, rules)[0].members

    assert list(unit_order(office)) == ["LD", "V1", "CUC", "CA", "CB", "CV", "V2", "VP"]
    assert " ".join(member.code for member in members) == (
        "TK1 TL1 V1C V1N V1P V1T CT CP1 CA1 CA2 CA3 CB1 CV1 CV2 V2C V2P V2Q VPT VPP TK2 VPN"
    )


# Absences.


def absent(rules: RuleBook, absences: str, days_off: str = "", first: str = "", week: Week = WEEK) -> str | None:
    """The absence of N in a week; None where N is not on the roster."""
    office = organisation(
        BOARD_UNITS, BOARD_PEOPLE + f"N | Hồ Mới | V1 | official | | | {first}", absences, "", days_off
    )
    member = member_of(office, rules, "N", week)
    return None if member is None else member.absence


def test_only_an_absence_over_all_working_days_excuses_the_week(rules: RuleBook) -> None:
    assert absent(rules, "N | leave | 02/6/2025 | 06/6/2025") == "leave"
    assert absent(rules, "N | leave | 01/5/2025 | 31/12/2025") == "leave"
    assert absent(rules, "N | leave | 02/6/2025 | 05/6/2025") == ""
    assert absent(rules, "N | leave | 03/6/2025 | 06/6/2025") == ""
    assert absent(rules, "N | maternity | 01/3/2025 |") == "maternity"
    assert absent(rules, "V1C | leave | 02/6/2025 | 06/6/2025") == ""


def test_two_absences_that_follow_each_other_excuse_the_week_together(rules: RuleBook) -> None:
    assert absent(rules, "N | leave | 02/6/2025 | 03/6/2025\nN | sick | 04/6/2025 | 08/6/2025") == "sick"
    assert absent(rules, "N | leave | 02/6/2025 | 03/6/2025\nN | sick | 05/6/2025 | 08/6/2025") == ""


def test_a_day_off_in_the_week_need_not_be_covered(rules: RuleBook) -> None:
    assert absent(rules, "N | leave | 02/6/2025 | 05/6/2025", "06/6/2025 | holiday") == "leave"


def test_a_saturday_that_is_worked_has_to_be_covered(rules: RuleBook) -> None:
    assert absent(rules, "N | leave | 02/6/2025 | 06/6/2025", "07/6/2025 | worked") == ""
    assert absent(rules, "N | leave | 02/6/2025 | 07/6/2025", "07/6/2025 | worked") == "leave"


def test_who_joins_in_the_week_is_excused_by_an_absence_over_the_days_since(rules: RuleBook) -> None:
    assert absent(rules, "N | sick | 04/6/2025 | 06/6/2025", first="04/6/2025") == "sick"
    assert absent(rules, "N | sick | 05/6/2025 | 06/6/2025", first="04/6/2025") == ""


def test_who_has_no_working_day_in_the_week_is_not_evaluated(rules: RuleBook) -> None:
    holidays = "05/6/2025 | holiday\n06/6/2025 | holiday"

    assert absent(rules, "", holidays, first="05/6/2025") is None
    assert absent(rules, "", holidays, first="04/6/2025") == ""


def test_a_business_trip_never_excuses_a_week_and_moves_the_deadline_behind_it(rules: RuleBook) -> None:
    def trip(absences: str, days_off: str = "") -> tuple[str, date | None]:
        office = organisation(BOARD_UNITS, BOARD_PEOPLE, absences, "", days_off)
        member = member_of(office, rules, "V1C")
        assert member is not None
        return member.absence, member.trip_until

    assert trip("V1C | business_trip | 02/6/2025 | 06/6/2025") == ("", date(2025, 6, 6))
    assert trip("V1C | business_trip | 05/6/2025 | 11/6/2025") == ("", date(2025, 6, 11))
    assert trip("V1C | business_trip | 02/6/2025 | 05/6/2025") == ("", None)  # back on Friday
    assert trip("V1C | business_trip | 02/6/2025 | 05/6/2025", "06/6/2025 | holiday") == ("", date(2025, 6, 5))
    assert trip("V1C | business_trip | 09/6/2025 | 11/6/2025") == ("", None)
    assert trip("V1C | business_trip | 05/6/2025 | 07/6/2025\nV1C | business_trip | 09/6/2025 | 10/6/2025") == (
        "",
        date(2025, 6, 10),
    )
    assert trip("V1C | business_trip | 05/6/2025 |") == ("", LAST_DAY)
    assert trip("V1C | leave | 02/6/2025 | 05/6/2025\nV1C | business_trip | 06/6/2025 | 06/6/2025") == (
        "",
        date(2025, 6, 6),
    )


def test_the_week_of_tet_evaluates_nobody_and_the_weeks_around_it_do(rules: RuleBook) -> None:
    office = organisation(BOARD_UNITS, BOARD_PEOPLE, days_off=TET_2026)
    rosters = {number: roster(office, Week(2026, number), rules) for number in (7, 8, 9)}

    assert [len(found.members) for found, _ in rosters.values()] == [21, 0, 21]
    assert [len(found.working_days) for found, _ in rosters.values()] == [5, 0, 5]
    assert rosters[8][1] == []


# Delegations.


def given_to(
    delegations: str, today: str, scope: str = "score", week: Week = WEEK, days_off: str = ""
) -> dict[str, str]:
    office = organisation(BOARD_UNITS, BOARD_PEOPLE, "", delegations, days_off)
    return dict(delegates(office, week, date.fromisoformat(today), "score" if scope == "score" else "approve"))


def test_a_delegation_applies_from_its_first_day(rules: RuleBook) -> None:
    line = "V1T | V1P | both | 06/6/2025 | 20/6/2025"

    assert given_to(line, "2025-06-05") == {}
    assert given_to(line, "2025-06-06") == {"V1T": "V1P"}
    assert given_to(line, "2025-06-20") == {"V1T": "V1P"}


def test_what_was_decided_under_a_delegation_still_counts_after_its_last_day() -> None:
    line = "V1T | V1P | both | 02/6/2025 | 05/6/2025"  # ended on the week's Thursday

    assert given_to(line, "2025-06-30") == {"V1T": "V1P"}
    assert given_to("V1T | V1P | both | 02/6/2025 | 04/6/2025", "2025-06-30") == {}  # ended before
    assert given_to("V1T | V1P | both | 10/6/2025 | 11/6/2025", "2025-06-30") == {
        "V1T": "V1P"
    }  # began on the Tuesday after
    assert given_to("V1T | V1P | both | 11/6/2025 | 12/6/2025", "2025-06-30") == {}  # began after
    assert given_to("V1T | V1P | both | 11/6/2025 | 12/6/2025", "2025-06-12") == {"V1T": "V1P"}  # but is in force today


def test_where_the_tuesday_after_is_a_day_off_the_week_is_decided_on_the_next_working_day() -> None:
    line = "V1T | V1P | both | 23/02/2026 | 23/02/2026"

    assert given_to(line, "2026-03-02", week=Week(2026, 7), days_off=TET_2026) == {"V1T": "V1P"}
    assert given_to(line, "2026-03-02", week=Week(2026, 7)) == {}


@pytest.mark.parametrize(
    ("scope", "scores", "approves"), [("both", True, True), ("score", True, False), ("approve", False, True)]
)
def test_a_delegation_covers_its_scope_only(scope: str, scores: bool, approves: bool) -> None:
    line = f"V1T | V1P | {scope} | 01/6/2025 | 30/6/2025"

    assert bool(given_to(line, "2025-06-05")) is scores
    assert bool(given_to(line, "2025-06-05", "approve")) is approves


def test_of_two_delegations_the_one_in_force_today_counts() -> None:
    lines = "V1T | V1P | both | 05/6/2025 | 30/6/2025\nV1T | V1C | both | 06/6/2025 | 06/6/2025"

    assert given_to(lines, "2025-06-05") == {"V1T": "V1P"}
    assert given_to(lines, "2025-06-06") == {"V1T": "V1C"}
    assert given_to(lines, "2025-06-09") == {"V1T": "V1P"}


def test_a_delegation_to_somebody_who_left_or_to_oneself_is_none() -> None:
    assert given_to("V1T | GONE | both | 01/6/2025 | 30/6/2025", "2025-06-05") == {}
    assert given_to("V1T | V1T | both | 01/6/2025 | 30/6/2025", "2025-06-05") == {}


def test_a_delegate_scores_in_place_of_the_absent_head(rules: RuleBook) -> None:
    office = organisation(BOARD_UNITS, BOARD_PEOPLE)
    clerk = member_of(office, rules, "V1C")
    assert clerk is not None
    given = {"V1T": "V1P", "V1P": "V1N"}

    assert may_score(clerk, "V1T", {}) == "own"
    assert may_score(clerk, "V1T", given) == "own"
    assert may_score(clerk, "V1P", given) == "delegated"
    assert may_score(clerk, "V1P", {}) is None
    assert may_score(clerk, "V1N", given) is None  # a delegation is not handed on
    assert may_score(clerk, "V1C", {"V1T": "V1C"}) is None
    assert may_score(clerk, "", given) is None
    assert may_approve(clerk, "V1P", given) == "delegated"
    assert may_approve(clerk, "L2", given) is None


def test_the_delegates_own_row_goes_to_the_next_authority_above(rules: RuleBook) -> None:
    office = organisation(BOARD_UNITS, BOARD_PEOPLE)
    deputy = member_of(office, rules, "V1P")
    assert deputy is not None
    given = {"V1T": "V1P"}

    above = stand_in(office, deputy, deputy.approver, given, THURSDAY)

    assert above == "L2"
    assert may_approve(deputy, "V1P", given, above) is None
    assert may_approve(deputy, "L2", given, above) == "above"
    assert may_approve(deputy, "V1T", given, above) == "own"
    assert stand_in(office, deputy, deputy.approver, {}, THURSDAY) == ""
    assert stand_in(office, deputy, deputy.approver, {"V1T": "V1C"}, THURSDAY) == "V1C"


def test_where_the_authority_above_is_the_delegate_too_the_row_goes_higher(rules: RuleBook) -> None:
    office = organisation(
        BOARD_UNITS, BOARD_PEOPLE + "CA9 | Hồ Tư | CA | official | CA8 |\nCA8 | Hồ Tám | CA | official | CA9 |"
    )
    member = member_of(office, rules, "CA9")
    assert member is not None

    above = stand_in(office, member, "CA8", {"CA8": "CA9"}, THURSDAY)

    assert above == "CA1"
    assert may_score(member, "CA9", {"CA8": "CA9"}, above) is None
    assert may_score(member, "CA9", {"CA8": "CA9"}, "CA9") is None


def test_above_each_authority_stands_the_next() -> None:
    office = organisation(BOARD_UNITS, BOARD_PEOPLE)

    def chain(code: str) -> list[str]:
        line = [code]
        while above := authority_above(office, line[-1], THURSDAY):
            line.append(above)
        return line

    assert chain("CA3") == ["CA3", "CA1", "CT", "L3", "L1"]
    assert chain("CB1") == ["CB1", "CP1", "CT", "L3", "L1"]
    assert chain("V2C") == ["V2C", "V2P", "L2", "L1"]
    assert chain("TK1") == ["TK1", "L2", "L1"]
    assert chain("nobody") == ["nobody"]


def test_the_head_of_the_unit_talks_with_the_person_and_the_leader_in_charge_with_the_head() -> None:
    office = organisation(BOARD_UNITS, BOARD_PEOPLE)

    assert talk_with(office, "V1C", THURSDAY) == ("V1T",)
    assert talk_with(office, "V1T", THURSDAY) == ("L2",)
    assert talk_with(office, "CA3", THURSDAY) == ("CA1",)
    assert talk_with(office, "CA1", THURSDAY) == ("CT",)
    assert talk_with(office, "TK1", THURSDAY) == ("L1",)
    assert talk_with(office, "L1", THURSDAY) == ()


# Random organisations: whatever the office enters, these hold.

codes = st.sampled_from([f"P{number}" for number in range(8)])
units = st.sampled_from([f"U{number}" for number in range(5)])
days = st.dates(WEEK.monday - timedelta(days=3), WEEK.sunday + timedelta(days=3))
maybe = st.just("")
posts = st.builds(
    Post,
    code=codes,
    name=st.sampled_from(["Lê An", "Lê Ân", "Trần Thị Bình", "Vũ Hòa"]),
    unit=units,
    rank=st.sampled_from(RANKS),
    scorer=maybe | codes,
    approver=maybe | codes,
    co_scorer=maybe | codes,
    first=st.just(date.min) | days,
    last=st.just(date.max) | days,
)
organisations = st.builds(
    Organisation,
    units=st.lists(
        st.builds(Unit, units, st.just("Đơn vị"), maybe | units, maybe | codes, maybe | codes),
        unique_by=lambda unit: unit.code,
        max_size=5,
    ).map(tuple),
    posts=st.lists(posts, max_size=10).map(tuple),
    absences=st.lists(
        st.builds(Absence, codes, st.sampled_from(["leave", "business_trip", "unknown"]), days, days), max_size=4
    ).map(tuple),
    delegations=st.lists(
        st.builds(Delegation, codes, codes, st.sampled_from(["score", "approve", "both"]), st.just(""), days, days),
        max_size=4,
    ).map(tuple),
)


@settings(max_examples=300)
@given(office=organisations, today=days)
def test_nobody_ever_scores_or_approves_himself_nor_by_delegation(
    rules: RuleBook, office: Organisation, today: date
) -> None:
    scoring, approving = (delegates(office, WEEK, today, scope) for scope in ("score", "approve"))
    for member in roster(office, WEEK, rules)[0].members:
        assert member.code not in (member.scorer, member.approver, member.co_scorer)
        for given_now, authority, may in (
            (scoring, member.scorer, may_score),
            (approving, member.approver, may_approve),
        ):
            above = stand_in(office, member, authority, given_now, THURSDAY)
            assert above != member.code
            assert may(member, member.code, given_now, above) is None
            assert not above or above == authority or may(member, above, given_now, above) in ("delegated", "above")
            assert not authority or may(member, authority, given_now, above) == "own"


@settings(max_examples=300)
@given(office=organisations)
def test_everybody_in_post_is_evaluated_once_or_is_a_leader_of_the_board(rules: RuleBook, office: Organisation) -> None:
    found, findings = roster(office, WEEK, rules)
    in_post = {post.code for post in office.posts if post.on(THURSDAY)}
    on_roster = [member.code for member in found.members]

    assert len(set(on_roster)) == len(on_roster)
    assert set(on_roster) <= in_post
    for code in in_post - set(on_roster):
        posts_on = [post for post in office.posts if post.code == code and post.on(THURSDAY)]
        assert any(post.rank == "board_leader" for post in posts_on) or THURSDAY not in found.working_days
    without = {(finding.kind, finding.code) for finding in findings}
    for member in found.members:
        assert (("organisation.no_scorer", member.code) in without) is (member.scorer == "")
        assert (("organisation.no_approver", member.code) in without) is (member.approver == "")
        assert member.scorer in in_post | {""}
        assert member.approver in in_post | {""}


@settings(max_examples=200)
@given(office=organisations)
def test_the_roster_does_not_depend_on_the_order_in_which_people_were_entered(
    rules: RuleBook, office: Organisation
) -> None:
    unique = {post.code: post for post in office.posts}
    once = replace(office, posts=tuple(unique.values()))
    turned = replace(once, posts=once.posts[::-1])

    assert roster(once, WEEK, rules) == roster(turned, WEEK, rules)


@given(office=organisations)
def test_every_finding_of_the_roster_can_be_said_in_both_languages(rules: RuleBook, office: Organisation) -> None:
    def said(finding: Finding) -> bool:
        return all((finding.message("vi"), finding.message("en"), finding.remedy("vi"), finding.remedy("en")))

    assert all(map(said, roster(office, WEEK, rules)[1]))


@given(office=organisations)
def test_units_stand_after_the_unit_above_them(office: Organisation) -> None:
    order = unit_order(office)
    parents = {unit.code: unit.parent for unit in office.units}

    assert sorted(order) == sorted(parents)
    for unit in office.units:
        above, seen = unit.parent, {unit.code}
        while above in parents and above not in seen:
            seen.add(above)
            above = parents[above]
        if unit.parent in parents and above not in seen:
            assert order[unit.parent] < order[unit.code]


@given(office=organisations)
def test_within_a_unit_people_stand_in_the_order_of_their_names(rules: RuleBook, office: Organisation) -> None:
    members = roster(office, WEEK, rules)[0].members
    for first, second in pairwise(members):
        if first.unit == second.unit:
            assert (name_key(first.name), first.code) <= (name_key(second.name), second.code)


def test_a_delegation_holds_from_its_first_day_to_its_last() -> None:
    office = organisation(
        "V1 | | V1T | L2",
        "L2 | Lê Nhì | V1 | board_leader\nV1T | Đỗ Vụ | V1 | director\nV1P | Đỗ Phó | V1 | deputy_director\nV1Q | Đỗ Quý | V1 | deputy_director",
        delegations="V1T | V1P | score | 02/06/2025 | 06/06/2025\nV1T | V1Q | both | 05/06/2025 | 05/06/2025\nL2 | L2 | both | 01/06/2025 | 30/06/2025",
    )

    def on(day: int, scope: Scope = "score") -> str:
        return delegates_on(office, date(2025, 6, day), scope).get("V1T", "")

    assert [on(day) for day in range(1, 8)] == ["", "V1P", "V1P", "V1P", "V1Q", "V1P", ""]
    assert [on(day, "approve") for day in (4, 5, 6)] == ["", "V1Q", ""]
    assert "L2" not in delegates_on(office, date(2025, 6, 5), "score")
