"""Until when a review of a result may be requested, and of which week."""

from __future__ import annotations

from datetime import date

from evalxl.domain.week.replies import last_day_to_ask, replies, results_in
from evalxl.domain.weeks import Week
from tests.domain.drawn import organisation
from tests.domain.history.test_fold import WEEK, Ledger

VU1 = organisation("VU1 | | V1-01", "V1-03 | Vũ Văn An | VU1 | official", days_off="20/06/2025 | holiday")
PLANNED = date(2025, 6, 10)  # a Tuesday


def asked_until(closed: str = "", approved: str = "") -> date:
    results = {"people": {"v1-03": ["82", approved]}, "closed": closed}
    return last_day_to_ask(results, "V1-03", PLANNED, 5, VU1)


def test_five_working_days_run_from_the_day_on_which_the_result_could_be_known() -> None:
    assert asked_until() == date(2025, 6, 17)
    assert asked_until(closed="2025-06-12T09:00:00+07:00") == date(2025, 6, 19)
    assert asked_until(closed="2025-06-09T09:00:00+07:00") == date(2025, 6, 16)
    assert asked_until(closed="2025-06-13T09:00:00+07:00") == date(2025, 6, 23)  # the Friday is a day off


def test_what_was_approved_after_the_closing_is_known_from_then_and_earlier_approval_changes_nothing() -> None:
    closed = "2025-06-09T09:00:00+07:00"

    assert asked_until(closed, "2025-06-11T09:00:00+07:00") == date(2025, 6, 18)
    assert asked_until(closed, "2025-06-06T09:00:00+07:00") == date(2025, 6, 16)
    assert last_day_to_ask({"people": {}, "closed": ""}, "V1-03", PLANNED, 5, VU1) == date(2025, 6, 17)


def test_the_results_of_a_week_are_of_everybody_with_a_score_by_the_approved_total() -> None:
    office = Ledger()
    office.form(sha="a")
    office.write("received", file="b", sha256="b", verdict="draft", workbook="form", subject="V1-04", content=None)
    assert results_in(office.week) == {"people": {}, "closed": ""}
    office.scored("a", quality="34")
    assert results_in(office.week)["people"] == {"v1-03": ["34", ""]}
    at = office.approved()
    office.write("closed", reason="")
    found = results_in(office.week)
    assert found["people"] == {"v1-03": ["35", f"2025-06-{at:02d}T09:00:00+07:00"]}
    assert found["closed"].startswith("2025-06-05")
    office.write("reopened", reason="Sửa điểm")
    assert results_in(office.week)["closed"] == ""


def test_a_reply_is_to_the_last_week_with_a_result_and_a_request_names_its_own() -> None:
    office = Ledger()
    office.form(sha="a")
    office.scored("a")

    def meant(week: Week, **said: object) -> dict[str, tuple[str, Week | None, bool]]:
        later = Ledger()
        content = {"submitted": True, "scores": {}, "tasks": [], "plan": [], **said}
        later.write("received", file="n", sha256="n", verdict="submitted", workbook="form", subject="V1-03", content=content)  # fmt: skip
        return replies(office.history, week, {"V1-03": later.person})

    after = WEEK.after()
    assert meant(after, reply="Cảm ơn") == {"V1-03": ("Cảm ơn", WEEK, False)}
    assert meant(after, reply="Xem lại", appeal=True, appeal_week=str(WEEK)) == {"V1-03": ("Xem lại", WEEK, True)}
    assert meant(WEEK, appeal=True, appeal_week=str(WEEK)) == {"V1-03": ("", WEEK, True)}
    assert meant(WEEK, reply="Xem lại") == {"V1-03": ("Xem lại", None, False)}
    assert meant(after) == {}
