"""The rule book is dated data: what it says holds, and one that does not make sense is refused in one sentence."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalxl.domain.rulebook import RANKS, BadRuleBookError, RuleBook, read_rulebook
from evalxl.words import in_language
from tests.domain.conftest import STANDARD


def test_the_standard_rule_book_has_the_figures_of_the_letter(rules: RuleBook) -> None:
    assert [part.code for part in rules.parts] == ["quality", "progress", "conduct"]
    assert [int(part.maximum) for part in rules.parts] == [40, 40, 20]
    assert [(band.vi, int(band.at_least)) for band in rules.bands] == [
        ("Hoàn thành xuất sắc nhiệm vụ", 90),
        ("Hoàn thành tốt nhiệm vụ", 75),
        ("Hoàn thành nhiệm vụ", 50),
        ("Không hoàn thành nhiệm vụ", 0),
    ]
    assert rules.maximum == 100
    assert rules.step == Decimal("0.5")
    assert rules.reasons.difference_above == 5
    assert [rules.reasons.comment_below, rules.reasons.comment_from] == [50, 90]
    assert rules.two_weeks.many_important_tasks == 2
    assert rules.returns.working_days == 1
    assert rules.review.working_days == 5
    assert {level.coefficient for level in rules.complexity} == {1}


def test_leave_excuses_a_week_and_a_business_trip_never_does(rules: RuleBook) -> None:
    excusing = [kind.vi for kind in rules.absence if kind.excuses]
    moving = [kind.vi for kind in rules.absence if kind.moves_deadline]

    assert excusing == [
        "Nghỉ phép",
        "Nghỉ ốm",
        "Nghỉ thai sản",
        "Nghỉ việc riêng",
        "Nghỉ không hưởng lương",
        "Đi học tập trung",
        "Tạm đình chỉ công tác",
        "Biệt phái",
    ]
    assert moving == ["Đi công tác"]
    assert not rules.absence_kind("business_trip").excuses


def test_every_total_in_hundredths_falls_into_exactly_one_band(rules: RuleBook) -> None:
    floors = [band.at_least for band in rules.bands]
    ceilings = [Decimal("Infinity"), *floors[:-1]]
    for hundredths in range(100_01):
        total = Decimal(hundredths) / 100
        within = [band for band, ceiling in zip(rules.bands, ceilings, strict=True) if band.at_least <= total < ceiling]
        assert within == [rules.band_for(total)]


@pytest.mark.parametrize(
    ("total", "band"),
    [
        ("100", "excellent"),
        ("90", "excellent"),
        ("89.99", "good"),
        ("89.9999999999", "good"),
        ("75", "good"),
        ("74.99", "completed"),
        ("50", "completed"),
        ("49.99", "not_completed"),
        ("0", "not_completed"),
    ],
)
def test_a_total_on_the_line_belongs_to_the_higher_band(rules: RuleBook, total: str, band: str) -> None:
    assert rules.band_for(Decimal(total)).code == band


@given(st.decimals(0, 100, places=6))
def test_a_higher_total_never_has_a_lower_band(rules: RuleBook, total: Decimal) -> None:
    order = [band.code for band in rules.bands]

    assert order.index(rules.band_for(total).code) >= order.index(rules.band_for(min(total + 1, Decimal(100))).code)


def test_a_coefficient_is_found_by_code_and_by_name_and_is_one_without_either() -> None:
    text = STANDARD.read_text("utf-8").replace(
        'en = "Complex"\ncoefficient = 1.0', 'en = "Complex"\ncoefficient = 1.35'
    )
    rules = read_rulebook(text.encode(), "own.toml")

    assert rules.coefficient_for("complex") == Decimal("1.35")
    assert rules.coefficient_for("Phức tạp") == Decimal("1.35")
    assert rules.coefficient_for("Complex") == Decimal("1.35")
    assert rules.coefficient_for("") == 1
    assert rules.coefficient_for("Khó") == 1


def test_a_rule_book_is_stamped_with_its_id_and_the_hash_of_its_bytes(rules: RuleBook) -> None:
    digest = hashlib.sha256(STANDARD.read_bytes()).hexdigest()
    other = read_rulebook(STANDARD.read_bytes() + b"\n# changed\n", "own.toml")

    assert rules.digest == digest
    assert rules.stamp == f"cv-8679-2025@{digest[:12]}"
    assert other.id == rules.id
    assert other.stamp != rules.stamp


def test_every_rank_of_the_authority_is_a_rank(rules: RuleBook) -> None:
    named = (
        *rules.approval.heads_by_leader_in_charge,
        *rules.approval.others_by_leader_in_charge,
        *rules.approval.not_evaluated,
    )

    assert set(named) <= set(RANKS)


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("step = 0.5", "step = 0", "step"),
        ("step = 0.5", "stpe = 0.5", "ste"),
        ("step = 0.5", "step = nan", "step"),
        ("maximum = 20", "maximum = -20", "maximum"),
        ('code = "quality"', 'code = "progress"', "parts"),
        ('code = "quality"', 'code = "total"', "total"),
        ('code = "quality"', 'code = "Tốc độ"', "parts.0.code"),
        ("at_least = 75", "at_least = 95", "bands must fall"),
        ("at_least = 75\n", "at_least = 90\n", "bands must fall"),
        ("at_least = 90\n", "at_least = 101\n", "excellent"),
        ('code = "good"', 'code = "excellent"', "one code"),
        ('code = "sick"', 'code = "leave"', "one code"),
        ('code = "medium"', 'code = "simple"', "one code"),
        ('heads_by_leader_in_charge = ["director"]', 'heads_by_leader_in_charge = ["chief"]', "chief"),
        ('"secretary", "assistant"', '"secretry", "assistant"', "secretry"),
        ('not_evaluated = ["board_leader"]', 'not_evaluated = ["leader"]', "leader"),
        ("many_important_tasks = 2", "many_important_tasks = 0", "many_important_tasks"),
        ("valid_from = 2025-06-01", "valid_from = 2025-06-31", ""),
        ("[approval]", "[approval", ""),
    ],
)
def test_a_rule_book_that_makes_no_sense_is_refused_and_says_where(right: str, wrong: str, says: str) -> None:
    text = STANDARD.read_text("utf-8")
    assert right in text

    with pytest.raises(BadRuleBookError) as slip:
        read_rulebook(text.replace(right, wrong, 1).encode(), "own.toml")

    assert slip.value.values["file"] == "own.toml"
    assert says in str(slip.value.values["problem"])


def test_a_rule_book_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(BadRuleBookError):
        read_rulebook("name = 'Đánh giá'".encode("utf-16"), "own.toml")


FOUR_PARTS = (Path(__file__).parent.parent / "samples" / "rulebooks" / "bon-phan.toml").read_bytes()


def test_a_rule_book_says_which_parts_there_are_and_what_suggests_them() -> None:
    rules = read_rulebook(FOUR_PARTS, "bon-phan.toml")

    assert rules.codes == ("quality", "progress", "discipline", "cooperation")
    assert [part.measure for part in rules.parts] == ["quality", "progress", None, None]
    assert [part.of_tasks for part in rules.parts] == [True, True, False, False]
    assert (rules.maximum, rules.maximum_of(tasks=True), rules.maximum_of(tasks=False)) == (100, 80, 20)


def test_a_part_that_the_catalogue_does_not_know_goes_by_its_own_name() -> None:
    quality, _, discipline, _ = read_rulebook(FOUR_PARTS, "bon-phan.toml").parts

    assert quality.label("paper.book.scored_part", "vi") == "Chất lượng"
    assert discipline.label("paper.book.scored_part", "vi") == "Kỷ luật"
    assert (in_language(quality.term, "vi"), in_language(discipline.term, "vi")) == ("điểm chất lượng", "Kỷ luật")
    assert in_language(discipline.term, "en") == "Discipline"


def test_what_suggests_a_part_can_be_said_against_its_code() -> None:
    told = FOUR_PARTS.replace(b'code = "progress"\n', b'code = "speed"\nsuggested_by = "progress"\n', 1)
    told = told.replace(b'code = "quality"\n', b'code = "quality"\nsuggested_by = "nothing"\nabout = "tasks"\n', 1)
    quality, speed, *_ = read_rulebook(told, "speed.toml").parts

    assert (quality.measure, quality.of_tasks) == (None, True)
    assert (speed.measure, speed.of_tasks) == ("progress", True)


def test_a_week_without_parts_has_no_bands() -> None:
    tracking = (Path(__file__).parent.parent / "samples" / "rulebooks" / "theo-doi.toml").read_bytes()
    rules = read_rulebook(tracking, "theo-doi.toml")
    bands = b'\n[[bands]]\ncode = "good"\nvi = "T"\nen = "G"\nat_least = 0\n'

    assert (rules.codes, rules.bands, rules.period_band_for(Decimal(80))) == ((), (), None)
    with pytest.raises(BadRuleBookError, match=r"period\.bands"):
        read_rulebook(tracking + bands, "theo-doi.toml")


def test_a_seventh_part_is_refused() -> None:
    more = b"".join(b'\n[[parts]]\ncode = "p%d"\nvi = "P"\nen = "P"\nmaximum = 1\n' % n for n in range(3))

    with pytest.raises(BadRuleBookError, match="parts"):
        read_rulebook(FOUR_PARTS + more, "seven.toml")


LINED = (Path(__file__).parent.parent / "samples" / "rulebooks" / "theo-dong.toml").read_bytes().decode()


def test_a_part_says_which_lines_it_has_and_who_types_them() -> None:
    rules = read_rulebook(LINED.encode(), "theo-dong.toml")
    quality, _, common, discipline = rules.parts

    assert [len(part.lines) for part in rules.parts] == [0, 0, 10, 3]
    assert [line.key for line in discipline.lines_of_person] == ["discipline__hours", "discipline__study"]
    assert [line.code for line in discipline.lines_of_manager] == ["hours", "rules", "study"]
    assert rules.bounds("common__i1").maximum == 5
    assert rules.bounds("quality") == quality
    assert common.lines[-1].allowed == (0, 1, Decimal("2.5"))


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('code = "i2"', 'code = "i1"', "one code"),
        ('code = "i2"', 'code = "I.2"', "code"),
        ("maximum = 5 }", "maximum = 6 }", "come to 31"),
        ("allowed = [0, 2, 4]", "allowed = [0, 2, 5]", "highest allowed value"),
        ("allowed = [0, 2, 4]", "allowed = [0, 4, 4]", "twice"),
        ('typed_by = "person"', 'typed_by = "nobody"', "typed_by"),
        ('short_vi = "Nền nếp"', 'suggested_by = "progress"', "nothing suggests it"),
    ],
)
def test_lines_that_make_no_sense_are_refused_and_it_is_said_why(right: str, wrong: str, says: str) -> None:
    assert right in LINED

    with pytest.raises(BadRuleBookError) as slip:
        read_rulebook(LINED.replace(right, wrong, 1).encode(), "own.toml")

    assert says in str(slip.value.values["problem"])


def test_a_part_needs_a_line_that_the_person_types_and_has_at_most_twenty() -> None:
    alone = LINED.replace("allowed = [0, 2, 4]", 'typed_by = "manager"').replace(
        'typed_by = "person"', 'typed_by = "manager"'
    )
    line = '  {{ code = "x{0}", vi = "X", en = "X", maximum = 1 }},\n'
    many = LINED.replace("lines = [\n", "lines = [\n" + "".join(line.format(n) for n in range(11)), 1)

    with pytest.raises(BadRuleBookError, match="no line that the person types"):
        read_rulebook(alone.encode(), "own.toml")
    with pytest.raises(BadRuleBookError, match="20"):
        read_rulebook(many.encode(), "own.toml")


TAKEN = """total band mean basis breach breach_note explanation comment decision opinion by_paper all open_items
    event at week person name words source standing note"""


@pytest.mark.parametrize("code", TAKEN.split())
def test_a_part_does_not_bear_the_name_of_another_cell_or_column(code: str) -> None:
    """`ev_score_comment` is the manager's comment: a part of that code would be read from it."""
    text = STANDARD.read_text("utf-8").replace('code = "quality"', f'code = "{code}"', 1)

    with pytest.raises(BadRuleBookError, match=f"cannot have the code {code}"):
        read_rulebook(text.encode(), "own.toml")
