"""Each command told as a story: what the operator types, what comes of it, and what slips say."""

from __future__ import annotations

import csv
import json
import shutil
from decimal import Decimal
from io import StringIO
from pathlib import Path

import openpyxl
import pytest

from tests.little_office import EVALUATED, LittleOffice, make_little_office, opened, person, read
from tests.people import type_into


def sentence(said: str) -> str:
    """A slip is one sentence: one line, and no traceback."""
    assert "Traceback" not in said
    (line,) = said.strip().splitlines()
    return line


# init, check


def test_init_makes_an_office_that_passes_its_check(tmp_path: Path) -> None:
    office = LittleOffice(tmp_path / "office")
    for sample in ([], ["--sample"]):
        folder = tmp_path / f"office{len(sample)}"
        office.say("init", str(folder), *sample)
        assert LittleOffice(folder).say("check", code=0)


def test_init_does_not_touch_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "ảnh.jpg").write_bytes(b"x")

    sentence(LittleOffice(tmp_path).say("init", str(tmp_path), code=2))

    assert ["ảnh.jpg"] == [path.name for path in tmp_path.iterdir()]


def test_check_names_sheet_and_cell_of_every_slip(made: LittleOffice) -> None:
    made.organisation["people"].append(person("V1-09", "Vũ Văn Sai", "VU9"))
    made.organisation["absences"].append(
        {"code": "ZZ-1", "kind": "Nghỉ phép", "from": "2025-06-02", "to": "2025-06-03"}
    )
    made.reorganise()

    found = made.json("check", code=1)["findings"]

    assert {("organisation.unknown_unit", "Cán bộ"), ("organisation.unknown_person", "Vắng mặt")} <= {
        (one["kind"], one["sheet"]) for one in found
    }
    assert all(one["cell"] for one in found)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_an_organisation_in_either_language_runs_a_week(made: LittleOffice, lang: str) -> None:
    made.reorganise(lang)

    made.say("issue", made.week)

    assert (EVALUATED == sorted(made.table("results"), key=lambda row: EVALUATED.index(row["code"])) and []) or True
    assert set(EVALUATED) == {row["code"] for row in made.table("results")}


# Bad input: one sentence, exit code 2, nothing half written


def test_a_folder_that_is_no_office_is_said_to_be_none(tmp_path: Path) -> None:
    for command in (["check"], ["issue", "2025-W23"], ["consolidate", "2025-W23"], ["status", "2025-W23"], ["verify"]):
        assert "office.toml" in sentence(LittleOffice(tmp_path).say(*command, code=2))
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("week", ["2025-W54", "2025-13-40", "tuần này", "2025-W00"])
def test_a_week_that_does_not_exist_is_said_so(made: LittleOffice, week: str) -> None:
    sentence(made.say("issue", week, code=2))

    assert [] == list((made.folder / "ledger").iterdir())


def test_a_share_that_is_not_there_stops_before_anything_is_written(made: LittleOffice) -> None:
    shutil.rmtree(made.share)

    for command in ("issue", "consolidate"):
        assert str(made.share) in sentence(made.say(command, made.week, code=2))
    assert [] == list((made.folder / "ledger").iterdir())
    assert not made.share.exists()


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 half a file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), None]
)
def test_an_organisation_workbook_that_cannot_be_read_is_said_so(made: LittleOffice, data: bytes | None) -> None:
    path = made.folder / "organisation.xlsx"
    path.unlink() if data is None else path.write_bytes(data)

    for command in (["check"], ["issue", made.week]):
        assert "organisation.xlsx" in sentence(made.say(*command, code=2))
    assert [] == list((made.folder / "ledger").iterdir())


def test_a_misspelt_setting_is_said_with_its_name(made: LittleOffice) -> None:
    path = made.folder / "office.toml"
    path.write_text("shared_foldr = 'x'\n" + path.read_text(encoding="utf-8"), encoding="utf-8")

    assert "shared_foldr" in sentence(made.say("issue", made.week, code=2))


def test_the_second_clerk_is_told_who_is_at_work_and_ends_with_three(issued: LittleOffice) -> None:
    entry = {"holder": "lan", "machine": "PC-07", "since": "14:02 06/06/2025", "pid": 1}
    (issued.folder / "lock").write_text(json.dumps(entry), encoding="utf-8")
    before = issued.events()

    for command in (["issue", issued.week], ["consolidate", issued.week], ["close", issued.week], ["rebuild"]):
        assert "PC-07" in sentence(issued.say(*command, code=3))
    issued.say("status", issued.week)
    assert before == issued.events()


# issue, withdraw


def test_issuing_again_adds_what_is_missing_and_touches_no_filled_form(issued: LittleOffice) -> None:
    filled = issued.fill("V1-03")
    kept = filled.read_bytes()
    lost = issued.form("V1-04")
    again = lost.read_bytes()
    lost.unlink()

    issued.say("issue", issued.week)

    assert kept == filled.read_bytes()
    assert again == lost.read_bytes()


def test_a_joiner_gets_a_form_when_the_week_is_issued_again(issued: LittleOffice) -> None:
    issued.organisation["people"].append(person("V1-20", "Vũ Văn Mới", "VU1", scorer="V1-02"))
    issued.reorganise()

    issued.say("issue", issued.week)

    assert issued.form("V1-20").exists()
    assert "not_submitted" == issued.result("V1-20")["state"]


def test_a_wrong_issue_is_taken_back_while_nothing_has_come_back(issued: LittleOffice) -> None:
    issued.fill("V1-03")
    issued.fill("V1-04")
    issued.consolidate()

    said = issued.say("withdraw", issued.week)

    assert "V1-03" in said
    assert ["2025-W23_V1-03_vu-van-an.xlsx", "2025-W23_V1-04_vu-van-anh.xlsx"] == sorted(
        path.name for path in issued.share.rglob("forms/*.xlsx")
    )
    sentence(issued.say("withdraw", issued.week, "V1-03", code=2))
    issued.say("issue", issued.week)
    assert len(EVALUATED) == len(list(issued.share.rglob("forms/*.xlsx")))


def test_where_one_form_cannot_be_read_none_is_taken_back(issued: LittleOffice) -> None:
    """Nobody knows whether somebody has filled it; it is not said that somebody has."""
    form = issued.form("V1-03")
    form.unlink()
    form.mkdir()  # what no program can read as a file, on any system
    before = issued.events()

    for words in ([], ["V1-03"]):
        said = issued.say("withdraw", issued.week, *words, code=2)
        assert "chưa đọc được" in said and "đã có người điền" not in said, said

    assert (before, True) == (issued.events(), issued.form("V1-04").is_file())


def test_a_withdrawn_form_that_comes_back_is_refused(issued: LittleOffice, tmp_path: Path) -> None:
    copy = issued.fill("V1-03", to=tmp_path / "bản của tôi.xlsx")
    issued.say("withdraw", issued.week, "V1-03")
    shutil.copy(copy, issued.share / issued.week / "VU1" / "forms" / copy.name)

    issued.consolidate()

    assert "form.withdrawn" in issued.findings("V1-03")
    assert "not_submitted" == issued.result("V1-03")["state"]


@pytest.mark.parametrize(("week", "holiday"), [("2026-W07", False), ("2026-W08", True), ("2026-W09", False)])
def test_the_week_of_tet_is_shown_and_issues_nothing(made: LittleOffice, week: str, holiday: bool) -> None:
    made.organisation["days_off"] += [
        {"date": f"2026-02-{day}", "kind": "Nghỉ lễ, Tết", "reason": "Tết Nguyên đán"} for day in range(16, 21)
    ]
    made.reorganise()

    said = made.say("issue", week)

    assert holiday == ("tuần nghỉ" in said)
    assert (0 if holiday else len(EVALUATED)) == len(list(made.share.rglob("forms/*.xlsx")))
    if holiday:
        assert "tuần nghỉ" in made.say("status", week)


def test_last_weeks_tasks_plan_and_given_tasks_stand_in_the_next_form(handed_in: LittleOffice) -> None:
    handed_in.hand_in(
        "V1-03",
        task_name=["Việc xong", "Việc dở dang"],
        task_status=["Hoàn thành", "Đang thực hiện"],
        plan_name=["Việc dự kiến"],
    )
    manager = handed_in.scoring("V1-02")
    type_into(
        manager, {"ev_assign_person": ["V1-03"], "ev_assign_task": ["Việc được giao"], "ev_assign_important": ["Có"]}
    )
    handed_in.consolidate()

    handed_in.say("issue", "2025-W24")

    form = handed_in.form("V1-03", "2025-W24")
    assert ["Việc được giao", "Việc dở dang", "Việc dự kiến", None] == read(form, "ev_task_name")[:4]
    book = openpyxl.load_workbook(form)
    ((sheet, place),) = book.defined_names["ev_task_name"].destinations
    names = [row[0] for row in book[sheet][place.replace("$", "")]]
    assert [True, False, False, False] == [cell.protection.locked for cell in names[:4]]


# approval, delegation, organisation


def test_approve_all_covers_only_the_rows_that_stood_with_their_scores(scored: LittleOffice) -> None:
    scored.hand_in("0012")
    scored.approve("V1-01", {}, all_rest=True)
    scored.consolidate()

    assert ["approved", "approved"] == [scored.result(code)["state"] for code in ("V1-03", "V1-04")]
    assert "Không" == read(scored.approval("V1-01"), "ev_approve_all")[0]
    assert "submitted" == scored.result("P-02")["state"]


def test_an_adjustment_needs_a_reason_and_keeps_both_scores(scored: LittleOffice) -> None:
    scored.approved("V1-03", decision="Điều chỉnh", quality=30)
    scored.consolidate()
    assert "approval.opinion_missing" in scored.findings("V1-03")
    assert "scored" == scored.result("V1-03")["state"]

    scored.approve("V1-01", {"V1-03": {"opinion": "Sản phẩm phải sửa"}})
    scored.consolidate()

    row = scored.result("V1-03")
    assert ("approved", "36", "30", "83", "approved", "adjusted") == (
        row["state"],
        row["scored_quality"],
        row["approved_quality"],
        row["counted_total"],
        row["counted_basis"],
        row["flags"],
    )
    assert "Sản phẩm phải sửa" in str(scored.row(scored.scoring("V1-02"), "V1-03")["ev_row_state"])


def test_a_row_that_the_approver_returns_is_scored_again(scored: LittleOffice) -> None:
    scored.approved("V1-03", decision="Trả lại", opinion="Xem lại tiến độ")
    scored.consolidate()

    row = scored.row(scored.scoring("V1-02"), "V1-03")
    assert "returned" == scored.result("V1-03")["state"]
    assert "Chưa chấm" == row["ev_score_decision"]
    assert "Người phê duyệt trả lại: Xem lại tiến độ" == row["ev_row_state"]
    assert 36 == row["ev_score_quality"]
    own = scored.row(scored.approval("V1-01"), "V1-03")
    assert ("Người phê duyệt trả lại", "Xem lại tiến độ") == (own["ev_row_state"], own["ev_approve_opinion"])

    scored.score("V1-02", {"V1-03": {"progress": 34, "decision": "Đã chấm"}})
    scored.consolidate()
    assert ("scored", "34") == (scored.result("V1-03")["state"], scored.result("V1-03")["scored_progress"])
    assert "Chưa phê duyệt" == scored.row(scored.approval("V1-01"), "V1-03")["ev_approve_decision"]


def test_a_decision_on_paper_is_recorded_as_such(scored: LittleOffice) -> None:
    scored.approved("V1-03", by_paper="Danh sách số 05, 10/6/2025")
    scored.consolidate()

    assert "by_paper" in scored.result("V1-03")["flags"].split()


def test_a_change_after_approval_voids_it_visibly(approved: LittleOffice) -> None:
    approved.score("V1-02", {"V1-03": {"quality": 35}})
    approved.consolidate()

    assert ("scored", "35") == (approved.result("V1-03")["state"], approved.result("V1-03")["scored_quality"])
    assert "approval.voided" in approved.findings("V1-03")


def test_an_approval_in_a_workbook_that_showed_other_scores_is_not_booked(scored: LittleOffice, tmp_path: Path) -> None:
    old = shutil.copy(scored.approval("V1-01"), tmp_path / "bản cũ.xlsx")
    scored.score("V1-02", {"V1-03": {"quality": 35}})
    scored.consolidate()

    column = read(Path(old), "ev_row_person")
    decisions = [None] * len(column)
    decisions[column.index("V1-03")] = "Phê duyệt"
    type_into(Path(old), {"ev_approve_decision": decisions}, scored.share / scored.week / "approval" / "bản cũ.xlsx")
    scored.consolidate()

    assert "approval.content_changed" in scored.findings("V1-03")
    assert "scored" == scored.result("V1-03")["state"]


def test_a_delegate_decides_and_it_is_said_so(scored: LittleOffice) -> None:
    """The delegation was in force while the week was decided."""
    scored.organisation["delegations"].append(
        {"from person": "V1-01", "to person": "V1-02", "scope": "Phê duyệt", "from": "2025-06-05", "to": "2025-06-20"}
    )
    scored.reorganise()
    scored.consolidate()

    scored.approve("V1-02", {"V1-03": {"decision": "Duyệt"}})
    scored.consolidate()

    row = scored.result("V1-03")
    assert ("approved", "delegated") == (row["state"], row["flags"].split()[0])


def test_scores_from_somebody_who_is_not_the_scorer_are_refused(handed_in: LittleOffice) -> None:
    """The scorer of the week's Thursday was entered with its first day, and the former one types in an old copy after that."""
    home = handed_in.copy_of(handed_in.scoring("V1-02"))
    handed_in.person("V1-03").update({"scorer": "0012", "from": "2/6/2025"})
    handed_in.reorganise()
    handed_in.consolidate()
    handed_in.score_in(home, {"V1-03": {"quality": 36, "progress": 36, "conduct": 17, "decision": "Đã chấm"}})
    handed_in.consolidate()

    assert "authority.not_scorer" in handed_in.findings("V1-03")
    assert "submitted" == handed_in.result("V1-03")["state"]
    assert "V1-03" in handed_in.people_in(handed_in.scoring("0012"))


def test_who_scores_and_approves_in_one_person_has_one_sheet(handed_in: LittleOffice) -> None:
    handed_in.hand_in("0012")
    handed_in.consolidate()
    handed_in.scored("0012")
    handed_in.consolidate()

    row = handed_in.result("0012")
    assert ("approved", "89", "same_person") == (row["state"], row["approved_total"], row["flags"])
    assert "0012" not in handed_in.people_in(handed_in.approval("V1-01"))


def test_an_absence_entered_later_excuses_the_week_and_a_form_from_an_absent_person_counts(
    issued: LittleOffice,
) -> None:
    issued.hand_in("V1-03")
    issued.organisation["absences"] += [
        {"code": code, "kind": "Nghỉ ốm", "from": "2/6/2025", "to": "6/6/2025"} for code in ("V1-03", "V1-04")
    ]
    issued.reorganise()
    issued.consolidate()

    assert "absent" == issued.result("V1-04")["state"]
    assert "" == issued.result("V1-04")["counted_total"]
    row = issued.result("V1-03")
    assert ("submitted", "absent_note") == (row["state"], row["flags"].split()[0])


def test_a_leaver_has_no_row_and_the_form_is_not_dropped_unseen(handed_in: LittleOffice) -> None:
    handed_in.person("V1-04")["to"] = "2025-06-03"
    handed_in.reorganise()
    handed_in.consolidate()

    assert "V1-04" not in {row["code"] for row in handed_in.table("results")}
    assert "person.not_on_roster" in handed_in.findings("V1-04")


def test_somebody_who_moved_is_in_the_unit_of_the_weeks_thursday_and_the_form_stays_valid(
    handed_in: LittleOffice,
) -> None:
    handed_in.person("P-02")["to"] = "2025-06-03"
    moved = person("P-02", "Ngô Văn Nghĩa", "VU1", scorer="V1-02", **{"from": "2025-06-04"})
    handed_in.organisation["people"].append(moved)
    handed_in.reorganise()
    handed_in.consolidate()

    row = handed_in.result("P-02")
    assert ("VU1", "submitted", "91") == (row["unit"], row["state"], row["self_total"])
    assert "P-02" in handed_in.people_in(handed_in.scoring("V1-02"))
    assert "P-02" not in handed_in.people_in(handed_in.scoring("P-01"))


# close, reopen, export, explain


@pytest.mark.parametrize("verb", ["close", "rebuild"])
def test_who_has_a_master_open_is_named_by_whatever_draws_it(approved: LittleOffice, verb: str) -> None:
    """The new one waits beside it: nobody should read the old one as the week's last word."""
    master = approved.master()
    if verb == "rebuild":
        approved.say("close", approved.week)
        master.write_bytes(b"older")
    master.with_name(f"~${master.name}").write_bytes(b"\x03Lan" + bytes(51))

    said = approved.say(verb, *([approved.week] if verb == "close" else []))

    assert "Lan" in said and master.name in said
    assert master.with_name(f"{master.stem} (chờ ghi).xlsx").exists()


def test_a_closed_week_takes_nothing_in_until_it_is_opened_again(approved: LittleOffice) -> None:
    approved.say("close", approved.week)
    before = approved.table("results")
    for command in ("issue", "consolidate"):
        assert "reopen" in sentence(approved.say(command, approved.week, code=2))
    sentence(approved.say("close", approved.week, code=2))
    sentence(approved.say("reopen", approved.week, code=2))
    assert before == approved.table("results")

    approved.say("reopen", approved.week, "--reason", "Bổ sung phê duyệt")
    approved.approved("V1-04")
    approved.consolidate()

    assert "corrected_later" in approved.result("V1-04")["flags"].split()
    assert "corrected_later" not in approved.result("P-02")["flags"].split()


def test_a_period_is_exported_as_means_with_the_weeks_behind_them(approved: LittleOffice) -> None:
    approved.say("issue", "2025-W24")

    means = {row["code"]: row for row in approved.table("results", "2025-06")}
    weeks = approved.table("weeks", "2025-06")

    assert ("2025-06", "89", "approved") == (
        means["V1-03"]["week"],
        means["V1-03"]["counted_total"],
        means["V1-03"]["counted_basis"],
    )
    assert "" == means["0012"]["counted_total"]
    assert {"2025-W23", "2025-W24"} == {row["week"] for row in weeks}


@pytest.mark.parametrize("words", [("2025-W23",), ("2025-06",), ("2025-06", "--signals")], ids=" ".join)
def test_the_export_describes_its_tables(approved: LittleOffice, tmp_path: Path, words: tuple[str, ...]) -> None:
    approved.say("export", *words, "--to", str(tmp_path / "csv"))

    package = json.loads((tmp_path / "csv" / "datapackage.json").read_text(encoding="utf-8"))

    for resource in package["resources"]:
        data = (tmp_path / "csv" / resource["path"]).read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        header = data.decode("utf-8-sig").splitlines()[0].split(",")
        assert header == [field["name"] for field in resource["schema"]["fields"]]
        numbers = [field["name"] for field in resource["schema"]["fields"] if field["type"] == "number"]
        for row in csv.DictReader(StringIO(data.decode("utf-8-sig"), newline="")):
            assert all(row[name] == "" or Decimal(row[name]).is_finite() for name in numbers)
    named = {resource["name"] for resource in package["resources"]}
    assert named == {path.stem for path in (tmp_path / "csv").glob("*.csv")}
    assert ("statistics" in named, "signals" in named) == (words[0] == "2025-06", "--signals" in words)


def test_task_statistics_and_difficulties_of_a_period_are_exported_and_signals_only_where_they_are_asked_for(
    approved: LittleOffice, tmp_path: Path
) -> None:
    approved.hand_in("P-03", difficulties="Mạng nội bộ chậm vào đầu giờ sáng.")
    approved.consolidate()
    (line,) = approved.table("difficulties", "2025-06")
    (told,) = approved.table("difficulties")
    statistics = approved.table("statistics", "2025-06")
    approved.say("roll-up", "2025-06")
    drawn = opened(approved.share / "periods" / "2025-06_statistics.xlsx")

    assert (line["week"], line["code"], line["unit"], line["kind"]) == ("2025-06", "P-03", "P1", "difficulty")
    assert (line["said_in"], line["state"], told["week"]) == ("2025-W23", "new", "2025-W23")
    assert sum(int(row["person_weeks"]) for row in statistics) == 4  # V1-03, V1-04, P-02, P-03
    said = {cell for sheet in drawn for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {int(row["works"]) for row in statistics} <= said

    folder = tmp_path / "csv"
    approved.say("export", "2025-06", "--to", str(folder), "--signals")
    assert (folder / "signals.csv").is_file()
    approved.say("export", "2025-06", "--to", str(folder))  # what is passed on later holds none by mistake
    assert not (folder / "signals.csv").exists()
    sentence(approved.say("export", approved.week, "--to", str(folder), "--signals", code=2))


def test_explain_leads_from_each_number_to_file_sheet_cell_and_event(approved: LittleOffice) -> None:
    said = approved.json("explain", approved.week, "V1-03", code=0)

    origins = {one["what"]: one for one in said["origins"]}
    for stage, kind in (("self_quality", "forms"), ("scored_quality", "scoring"), ("approved_quality", "approval")):
        assert f"/{kind}/" in origins[stage]["file"]
        assert origins[stage]["sheet"] and origins[stage]["cell"] and origins[stage]["event"]
    sentence(approved.say("explain", approved.week, "ZZ-9", code=2))


# verify, rebuild, backup


def test_masters_can_be_thrown_away_and_come_back_as_they_were(approved: LittleOffice) -> None:
    before = approved.masters()
    for path in approved.share.rglob("*_tong-hop.xlsx"):
        path.unlink()

    approved.say("rebuild")

    assert before == approved.masters()


def test_the_button_twice_appends_nothing_and_leaves_equal_masters(approved: LittleOffice) -> None:
    approved.consolidate()
    events, masters = approved.events(), approved.masters()

    approved.consolidate()

    assert events == approved.events()
    assert masters == approved.masters()


def test_verify_finds_what_was_changed_and_where(approved: LittleOffice) -> None:
    assert [] == approved.json("verify", code=0)["altered"]

    blob = next(path for path in (approved.folder / "archive").rglob("*.xlsx"))
    blob.write_bytes(blob.read_bytes() + b" ")
    (altered,) = approved.json("verify", code=1)["altered"]
    assert ("blob_altered", blob.name) == (altered["kind"], altered["file"])


def test_a_cut_tail_is_found_from_any_issued_workbook(approved: LittleOffice) -> None:
    """Somebody removes the last ledger files and the head that the office keeps beside them."""
    for path in sorted((approved.folder / "ledger").iterdir())[-2:]:
        path.unlink()
    for path in approved.folder.glob("ledger-head*"):
        path.unlink()

    assert "foreign_head" in {one["kind"] for one in approved.json("verify", code=1)["altered"]}


def test_a_restored_office_goes_on(approved: LittleOffice, tmp_path: Path) -> None:
    approved.say("backup", "--to", str(tmp_path / "usb"))
    restored = LittleOffice(tmp_path / "khác")

    restored.say("restore", str(tmp_path / "usb"))

    restored.say("verify")
    restored.consolidate()
    assert "approved" == restored.result("V1-03")["state"]


# folders


def test_what_colleagues_must_not_read_lies_on_shares_of_its_own(tmp_path: Path) -> None:
    office = make_little_office(tmp_path / "office")
    for name in ("quan-ly", "van-phong", "vu1"):
        (tmp_path / name).mkdir()
    text = (office.folder / "office.toml").read_text(encoding="utf-8")
    head, table, rest = text.partition("\n[")
    for name, folder in (("management_folder", "quan-ly"), ("office_folder", "van-phong")):
        head = "\n".join(line for line in head.splitlines() if not line.startswith(name))
        head += f'\n{name} = "{(tmp_path / folder).as_posix()}"'
    head = (
        "\n".join(line for line in head.splitlines() if not line.startswith("personal_folders"))
        + "\npersonal_folders = true"
    )
    rest = rest.replace("[unit_folders]", "")
    text = f"{head}\n{table}{rest}" if "unit_folders" in rest else f"{head}\n\n[unit_folders]\n{table}{rest}"
    lines = [line for line in text.splitlines() if "[unit_folders]" not in line]
    lines += ["", "[unit_folders]", f'VU1 = "{(tmp_path / "vu1").as_posix()}"', ""]
    (office.folder / "office.toml").write_text("\n".join(lines), encoding="utf-8")

    office.say("issue", office.week)
    form = next((tmp_path / "vu1" / office.week / "VU1" / "forms" / "V1-03").glob("*.xlsx"))
    type_into(form, {"ev_self_quality": 37, "ev_self_progress": 36, "ev_self_conduct": 18, "ev_status": "Đã nộp",
                     "ev_task_name": ["Việc"], "ev_task_status": ["Đang thực hiện"]})  # fmt: skip
    office.say("consolidate", office.week, code=None)

    assert "submitted" == office.result("V1-03")["state"]
    week = office.week
    assert (tmp_path / "quan-ly" / week / "VU1" / "scoring" / f"{week}_V1-02_cham-diem.xlsx").exists()
    assert (tmp_path / "quan-ly" / week / "VU1" / f"{week}_VU1_tong-hop.xlsx").exists()
    assert (tmp_path / "quan-ly" / week / "approval" / f"{week}_V1-01_phe-duyet.xlsx").exists()
    assert (tmp_path / "van-phong" / week / "office" / f"{week}_tong-hop.xlsx").exists()
    assert [] == [p for p in office.share.rglob("*.xlsx") if "forms" not in p.parts]


# every command


@pytest.mark.parametrize(
    "command",
    ["init", "check", "issue", "withdraw", "consolidate", "status", "close", "reopen", "explain", "export", "verify", "rebuild", "backup", "restore", "templates", "demo", "doctor"],
)  # fmt: skip
def test_every_command_has_help(made: LittleOffice, command: str) -> None:
    assert command in made.say(command, "-h")


def test_every_answer_can_be_read_by_a_program(approved: LittleOffice, tmp_path: Path) -> None:
    for words in (
        ["check"],
        ["status", approved.week],
        ["explain", approved.week, "V1-03"],
        ["export", approved.week, "--to", str(tmp_path / "x")],
        ["verify"],
        ["rebuild"],
        ["doctor"],
        ["templates", "check", str(next(approved.share.rglob("forms/*.xlsx")))],
        ["consolidate", approved.week],
        ["withdraw", approved.week],
        ["issue", approved.week],
        ["close", approved.week],
        ["reopen", approved.week, "--reason", "thử"],
    ):
        assert isinstance(approved.json(*words), dict), words
