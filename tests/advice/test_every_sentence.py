"""Every sentence of a finding that tells somebody what to do is tried, or is named with the reason why not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.advice import test_forms, test_managers, test_register, test_versions

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "evalxl" / "words"

# Tried by a story of its own: by kind, the test.
STORIES = {
    "approval.authority_changed": "steps/test_approval_binds.py::test_an_approval_of_somebody_who_is_found_not_to_be_the_approver_stands_but_not_unseen",
    "approval.before_scoring": "advice/test_managers.py::test_whoever_does_what_is_said_of_a_row_has_it_booked",
    "approval.content_changed": "advice/test_authority.py::test_an_approver_decides_again_in_the_new_workbook",
    "approval.voided": "steps/test_approval_binds.py::test_whatever_changes_after_approval_voids_it_visibly",
    "approval.voided_by_return": "advice/test_authority.py::test_an_approver_decides_again_in_the_new_workbook",
    "approval.waits_for_scorer": "steps/test_scoring.py::test_approval_waits_until_the_manager_confirmed",
    "appeal.no_result": "advice/test_register.py::test_whoever_does_what_is_said_of_the_register_has_every_row_booked",
    "appeal.not_asked": "advice/test_register.py::test_whoever_does_what_is_said_of_the_register_has_every_row_booked",
    "appeal.week_unknown": "advice/test_register.py::test_whoever_does_what_is_said_of_the_register_has_every_row_booked",
    "authority.not_approver": "advice/test_authority.py::test_whoever_has_not_the_right_leaves_the_row_to_whom_the_finding_names",
    "authority.not_scorer": "advice/test_authority.py::test_whoever_has_not_the_right_leaves_the_row_to_whom_the_finding_names",
    "book.no_row": "advice/test_office.py::test_a_team_that_is_too_large_for_one_workbook_is_divided",
    "book.many_people": "advice/test_office.py::test_a_team_that_is_too_large_for_one_workbook_is_divided",
    "book.no_room": "steps/test_capacities.py::test_tasks_that_have_no_row_in_an_own_template_are_said_and_kept",
    "book.place_taken": "advice/test_office.py::test_what_is_said_after_a_restore_is_done_and_nothing_is_left_to_say",
    "cell.link_elsewhere": "advice/test_authority.py::test_links_times_and_sorted_rows_of_a_managers_workbook",
    "date.unconfirmed": "steps/test_dates_and_words.py::test_the_manager_confirms_an_odd_date_by_the_state_of_the_task",
    "file.our_fault": "steps/intake/test_our_fault.py::test_the_file_is_read_again_with_every_press_and_counts_as_if_nothing_had_happened",
    "follow_up.place_taken": "advice/test_office.py::test_what_is_said_after_a_restore_is_done_and_nothing_is_left_to_say",
    "form.codes_not_offered": "steps/test_capacities.py::test_codes_that_an_own_form_has_no_room_for_are_named_and_read_when_typed",
    "form.levels_not_offered": "steps/test_capacities.py::test_codes_that_an_own_form_has_no_room_for_are_named_and_read_when_typed",
    "form.newer_version": "advice/test_managers.py::test_whoever_does_what_is_said_of_a_row_has_it_booked",
    "form.not_adopted": "advice/test_office.py::test_what_is_said_after_a_restore_is_done_and_nothing_is_left_to_say",
    "form.not_adopted_person": "advice/test_office.py::test_what_is_said_after_a_restore_is_done_and_nothing_is_left_to_say",
    "issue.place_taken": "advice/test_office.py::test_what_is_said_after_a_restore_is_done_and_nothing_is_left_to_say",
    "ledger.behind": "steps/issue/test_adopt_forms.py::test_what_to_do_after_a_restore_is_said_everywhere",
    "ledger.behind_period": "stories/test_period_inputs.py::test_after_a_restore_what_leaders_entered_is_booked_again",
    "names.bad_shape": "advice/test_office.py::test_a_form_whose_names_are_lost_is_read_with_the_office_folder",
    "names.missing": "advice/test_office.py::test_a_form_whose_names_are_lost_is_read_with_the_office_folder",
    "period_input.criterion_missing": "stories/test_period_inputs.py::test_a_leader_who_does_what_is_said_of_a_row_has_it_entered",
    "period_input.elsewhere": "stories/test_period_inputs.py::test_a_leader_who_does_what_is_said_of_a_row_has_it_entered",
    "period_input.left_open": "stories/test_period_inputs.py::test_a_leader_who_does_what_is_said_of_a_row_has_it_entered",
    "period_input.not_the_scorer": "stories/test_period_inputs.py::test_only_the_present_manager_enters_for_a_person",
    "period_input.out_of_bounds": "stories/test_period_inputs.py::test_a_leader_who_does_what_is_said_of_a_row_has_it_entered",
    "person.not_on_roster": "advice/test_authority.py::test_people_who_are_not_on_the_roster_and_accounts_that_are_not_entered",
    "person.other_account": "advice/test_authority.py::test_people_who_are_not_on_the_roster_and_accounts_that_are_not_entered",
    "period_input.line_missing": "stories/test_period_lines.py::test_a_line_that_is_missing_or_not_allowed_keeps_the_row_open",
    "score.not_allowed": "stories/test_period_lines.py::test_a_line_that_is_missing_or_not_allowed_keeps_the_row_open",
    "score.outside_guide": "steps/test_scoring.py::test_a_score_outside_the_range_of_the_guide_asks_for_a_reason_and_is_booked",
    "organisation.days_off_run_out": "steps/admin/test_check.py::test_it_is_said_when_the_days_off_run_out_and_what_the_head_of_the_pages_lacks",
    "organisation.head_missing": "steps/admin/test_check.py::test_it_is_said_when_the_days_off_run_out_and_what_the_head_of_the_pages_lacks",
    "row.decide_again": "steps/test_follow_ups.py::test_after_a_restore_a_row_of_the_register_that_shows_another_name_is_decided_again",
    "row.kept": "steps/test_copies_of_workbooks.py::test_the_message_ends_where_the_copy_is_removed",
    "row.nobody": "advice/test_managers.py::test_whoever_does_what_is_said_of_a_row_has_it_booked",
    "row.rivals": "steps/test_copies_of_workbooks.py::test_two_copies_of_which_nobody_can_tell_book_nothing_until_one_is_removed",
    "period_input.no_room": "steps/test_capacities.py::test_a_period_workbook_without_a_row_for_everybody_is_said_by_check_before_the_period_ends",
    "rows.sorted_in_part": "advice/test_authority.py::test_links_times_and_sorted_rows_of_a_managers_workbook",
    "score.awaits_confirmation": "advice/test_managers.py::test_whoever_does_what_is_said_of_a_row_has_it_booked",
    "task.carried_removed": "advice/test_authority.py::test_a_task_that_was_carried_over_gets_its_name_again_or_is_given_up",
}  # fmt: skip
# What a program cannot do, or cannot bring about.
NOT_TRIED = {
    "collective.far_above": "asks leaders to look at scores once more; they may well be right",
    "collective.far_below": "asks leaders to look at scores once more; they may well be right",
    "file.busy": "a file that another program holds is said by Windows alone; it says to close it and press again",
    "file.reader_died": "a process has to die over a file; what it says is said word for word of others that are tried",
    "file.too_costly": "a file has to take minutes; what it says is said word for word of others that are tried",
    "follow_up.no_room": "takes 150 talks; it says to finish some, as is done with the register's other rows",
    "form.adopted_without_task": "asks the manager to look at the row when scoring; the tasks stand in the next form",
    "form.not_adopted_template": "takes a template that is lost; the way without it is that of form.not_adopted",
    "form.unchanged": "says that nothing has to be done",
    "issue.too_many_tasks": "asks the manager and the person to settle which of forty open tasks are still open",
    "score.line_of_person": "says to type the person's own points again; a row with them is booked in stories/test_lines_of_parts.py",
    "row.times_opposite": "asks the manager to look at cells and to save again where one is wrong; the row is booked",
}  # fmt: skip


def advised() -> set[str]:
    """The kinds of findings that tell somebody what to do."""
    rows = tomllib.loads((WORDS / "findings.toml").read_text(encoding="utf-8"))
    kinds = {f"{group}.{name}": row for group, these in rows.items() for name, row in these.items()}
    return {kind for kind, row in kinds.items() if isinstance(row, dict) and row.get("remedy_vi")}


def tried_in_tables() -> set[str]:
    faults = (*test_managers.SCORING, *test_managers.APPROVAL)
    register = (test_register.TALKS, test_register.DIFFICULTIES, test_register.REVIEWS)
    return {
        *(kind for row in test_forms.TABLE for kind in row.kinds),
        *(one.kind for one in faults),
        *test_managers.ASSIGNED,
        *(kind for these in register for kind, _, _ in these.values()),
        *(story.kind for story in test_versions.STORIES),
    }


def test_every_sentence_that_tells_somebody_what_to_do_is_tried_or_has_a_reason_not_to_be() -> None:
    tables = tried_in_tables()

    assert advised() - tables - set(STORIES) == set(NOT_TRIED)
    assert (tables | set(STORIES) | set(NOT_TRIED)) - advised() == set()
    assert (tables | set(STORIES)) & set(NOT_TRIED) == set()


@pytest.mark.parametrize("node", sorted(set(STORIES.values())))
def test_the_story_that_tries_a_sentence_is_there(node: str) -> None:
    path, _, name = node.partition("::")

    assert f"def {name}(" in (ROOT / "tests" / path).read_text(encoding="utf-8")
