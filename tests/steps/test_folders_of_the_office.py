"""Shares of their own: everything is found and lands where the contract says, and what colleagues must not read stays with who may."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.little_office import LittleOffice, make_little_office, read
from tests.people import type_into


def set_up(office: LittleOffice, personal: bool = False, units: dict[str, str] | None = None, **shares: str) -> None:
    """Write an office.toml with these shares, which are made beside the office."""
    lines = [f'{name} = "{(office.folder.parent / share).as_posix()}"' for name, share in shares.items()]
    lines += ["personal_folders = true"] if personal else []
    lines += [
        "[unit_folders]",
        *(f'"{unit}" = "{(office.folder.parent / share).as_posix()}"' for unit, share in (units or {}).items()),
    ]
    for share in (*shares.values(), *(units or {}).values()):
        (office.folder.parent / share).mkdir(exist_ok=True)
    (office.folder / "office.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    """A share per purpose, one for the unit LĐ, folders per person; the week is run until V1-03 is approved."""
    root = tmp_path_factory.mktemp("shares")
    office = make_little_office(root / "office")
    set_up(office, True, {"LĐ": "ld"}, shared_folder="chung", management_folder="quan-ly", office_folder="van-phong")
    office.share = root / "chung"
    office.say("issue", office.week)
    office.hand_in("V1-03", "P-02")
    lost = office.in_time(office.fill("V1-04"))
    (root / "quan-ly" / office.week).mkdir()
    lost.rename(root / "quan-ly" / office.week / "tệp lạc.xlsx")
    office.consolidate()
    office.share = root / "quan-ly"
    office.scored("V1-03")
    office.consolidate()
    office.approved("V1-03")
    office.approve("C-01", {}, all_rest=True)
    office.consolidate()
    return office


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_every_workbook_lands_where_the_contract_says(everywhere: LittleOffice) -> None:
    root, week = everywhere.folder.parent, everywhere.week
    shared, management, office, leaders = (_names(root / name) for name in ("chung", "quan-ly", "van-phong", "ld"))

    assert f"{week}/VU1/forms/V1-03/{week}_V1-03_vu-van-an.xlsx" in shared
    assert f"{week}/VU1/receipts/V1-03/{week}_V1-03.txt" in shared
    assert f"{week}/LĐ/forms/TK-01/{week}_TK-01_tran-quoc-on.xlsx" in leaders
    assert {
        f"{week}/VU1/scoring/{week}_V1-02_cham-diem.xlsx",
        f"{week}/VU1/{week}_VU1_tong-hop.xlsx",
        f"{week}/approval/{week}_V1-01_phe-duyet.xlsx",
    } <= management
    assert office == {f"{week}/office/{week}_tong-hop.xlsx", f"{week}/office/{week}_tong-quan.html"}
    assert not [name for name in shared | leaders if "tong-hop" in name or "scoring" in name or "approval" in name]


def test_a_week_runs_over_all_shares(everywhere: LittleOffice) -> None:
    rows = {row["code"]: row["state"] for row in everywhere.table("results")}

    assert (rows["V1-03"], rows["V1-04"], rows["P-02"]) == ("approved", "submitted", "submitted")
    assert everywhere.json("verify", code=0)["altered"] == []
    origins = {one["what"]: one["file"] for one in everywhere.json("explain", everywhere.week, "V1-03")["origins"]}
    assert origins["scored_quality"].endswith(f"{everywhere.week}/VU1/scoring/{everywhere.week}_V1-02_cham-diem.xlsx")


def test_a_receipt_tells_nothing_of_what_managers_typed(everywhere: LittleOffice, tmp_path: Path) -> None:
    """Neither from the approver's share nor from a copy of the scoring workbook that lies among the forms."""
    root = everywhere.folder.parent
    office = LittleOffice(root / "office", everywhere.week)
    office.share = root / "quan-ly"
    office.approve("V1-01", {"V1-03": {"decision": "Điều chỉnh", "quality": 83, "opinion": "bí mật của lãnh đạo"}})
    home = root / "chung" / office.week / "bản ở nhà.xlsx"
    shutil.copy(office.scoring("V1-02"), home)
    people = read(home, "ev_row_person")
    typed = {code: [None] * people.index(code) for code in ("V1-03", "V1-04")}
    type_into(home, {"ev_score_quality": [*typed["V1-03"], 99]})
    office.consolidate()
    office.share = root / "chung"
    receipt = next((root / "chung").rglob(f"{office.week}_V1-03.txt")).read_text(encoding="utf-8-sig")

    assert [one for one in office.findings("V1-03") if one == "score.out_of_bounds"]
    for secret in ("83", "99", "bí mật", "V1-02.xlsx", "approval", "bản ở nhà"):
        assert secret not in receipt


def test_a_share_set_later_moves_the_managers_workbooks_and_loses_nothing(handed_in: LittleOffice) -> None:
    """What colleagues could open is taken away from them; what the manager had typed is there."""
    handed_in.score("V1-02", {"V1-03": {"quality": 36, "comment": "đang viết"}})
    handed_in.consolidate()
    old = handed_in.scoring("V1-02")
    set_up(handed_in, management_folder="quan-ly", office_folder="van-phong")
    handed_in.consolidate()
    new = handed_in.folder.parent / "quan-ly" / handed_in.week / "VU1" / "scoring" / old.name

    assert not old.exists()
    assert handed_in.row(new, "V1-03")["ev_score_comment"] == "đang viết"
    assert {path.parent.name for path in handed_in.share.rglob("*.xlsx")} == {"forms"}

    set_up(
        handed_in, units={"VP": "vp"}, management_folder="quan-ly", office_folder="van-phong"
    )  # another share beside it changes nothing
    before = new.read_bytes()
    handed_in.consolidate()
    assert new.read_bytes() == before
    assert handed_in.result("V1-03")["state"] == "submitted"


def test_a_share_that_is_away_stops_the_run_before_it_begins(handed_in: LittleOffice) -> None:
    set_up(handed_in, management_folder="quan-ly")
    (handed_in.folder.parent / "quan-ly").rmdir()
    events = handed_in.events()

    for command in ("issue", "consolidate", "close"):
        said = handed_in.say(command, handed_in.week, code=2)
        assert "quan-ly" in said
        assert len(said.strip().splitlines()) == 1
    assert handed_in.events() == events


def test_doctor_says_which_folder_needs_which_right(everywhere: LittleOffice, made: LittleOffice) -> None:
    questions = {line["question"] for line in everywhere.json("doctor")["lines"]}
    assert not {"management_folder_not_set", "office_folder_not_set", "personal_folders_off"} & questions
    assert {"management_folder_not_set", "office_folder_not_set", "personal_folders_off"} <= {
        line["question"] for line in made.json("doctor")["lines"]
    }


# Delegation where manager and approver are one


@pytest.mark.parametrize(("scope", "state"), [("Chấm điểm", "scored"), ("Cả hai", "approved"), (None, "approved")])
def test_a_delegate_for_scoring_alone_does_not_approve(handed_in: LittleOffice, scope: str | None, state: str) -> None:
    """V1-01 scores and approves 0012 on one sheet; who stands in for the scoring leaves the approval to V1-01."""
    handed_in.organisation["delegations"].append(
        {"from person": "V1-01", "to person": "VP-01", "scope": scope, "from": "5/6/2025", "to": "12/6/2025"}
    )
    handed_in.reorganise()
    handed_in.hand_in("0012")
    handed_in.consolidate()
    handed_in.score("VP-01", {"0012": {"quality": 36, "progress": 36, "conduct": 17, "decision": "Đã chấm"}})
    handed_in.consolidate()

    assert handed_in.result("0012")["state"] == state
    assert "delegated" in handed_in.result("0012")["flags"].split()
    if state == "scored":
        handed_in.approve("V1-01", {"0012": {"decision": "Phê duyệt"}})
        handed_in.consolidate()
        assert (handed_in.result("0012")["state"], handed_in.result("0012")["flags"]) == ("approved", "delegated")
