"""A form as the ledger keeps it, and read from it again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evalxl.domain.evaluation.scoring import STATUSES, Scores, Task
from evalxl.domain.evaluation.submissions import Plan, Submission, submission_from_record, submission_record

WORDS = st.sampled_from(["", "Đã rà soát", "Báo cáo  quý II"])
DAYS = st.none() | st.dates(date(2025, 1, 1), date(2026, 12, 31))
AMOUNTS = st.none() | st.decimals(0, 99, places=1)
TASKS = st.builds(
    Task,
    st.sampled_from(["01", "02"]),
    st.just("Đề án"),
    code=WORDS,
    important=st.booleans(),
    unplanned=st.booleans(),
    complexity=WORDS,
    coefficient=st.sampled_from([Decimal(1), Decimal("1.5"), Decimal("0.5")]),
    assigned=AMOUNTS,
    done=AMOUNTS,
    due=DAYS,
    finished=DAYS,
    status=st.sampled_from(["", *STATUSES]),
    product=WORDS,
    evidence=WORDS,
    origin=st.sampled_from(["", "given", "carried"]),
)
FORMS = st.builds(
    Submission,
    st.booleans(),
    st.builds(Scores.of, st.dictionaries(st.sampled_from(["quality", "conduct"]), st.decimals(0, 40, places=1))),
    st.lists(TASKS, max_size=2).map(tuple),
    st.lists(st.builds(Plan, st.just("Việc tuần sau"), WORDS, DAYS, st.booleans()), max_size=2).map(tuple),
    *[WORDS] * 4,
    appeal=st.just(False),
)


@given(FORMS)
def test_what_a_person_wrote_is_read_again_as_it_was(form: Submission) -> None:
    assert submission_from_record(submission_record(form)) == form


def test_what_is_empty_or_as_usual_takes_no_room_in_the_ledger() -> None:
    task = Task("01", "Đề án", coefficient=Decimal(1), done=Decimal("1.50"), due=date(2025, 6, 5))
    record: dict[str, Any] = submission_record(Submission(True, Scores(), (task,), ()))

    assert record == {
        "submitted": True,
        "scores": {},
        "tasks": [{"key": "01", "name": "Đề án", "done": "1.5", "due": "2025-06-05"}],
        "plan": [],
    }


def test_a_request_for_review_keeps_the_week_that_it_is_about() -> None:
    form = Submission(True, Scores(), (), (), reply="Đề nghị xem lại", appeal=True, appeal_week="2025-W22")

    assert submission_from_record(submission_record(form)) == form
    assert not submission_from_record(submission_record(Submission(True, Scores(), (), ()))).appeal
