"""What colleagues can open holds nothing that is not for them: no score and no word that a manager, an approver or another person typed."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from evalxl.records.folders import SHARE_MARK
from tests.little_office import LittleOffice, make_little_office
from tests.steps.test_folders_of_the_office import set_up

SECRET = "chỉ-dành-cho-lãnh-đạo"
SCORES = (
    "33.5",
    "34.5",
    "13.5",
    "31.5",
    "32.5",
    "12.5",
    "81.5",
    "76.5",
)  # of the scorer and the approver, and their totals


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LittleOffice]:
    """Two weeks with shares apart: handed in, scored, returned, adjusted, approved, closed; masters drawn; the next week issued."""
    root = tmp_path_factory.mktemp("open")
    office = make_little_office(root / "office")
    set_up(office, True, {"LĐ": "ld"}, shared_folder="chung", management_folder="quan-ly", office_folder="van-phong")
    office.share = root / "chung"
    office.say("issue", office.week)
    for code in ("V1-03", "V1-04", "P-02", "0012"):
        office.hand_in(code, difficulties=f"khó khăn riêng của {code}")
    office.consolidate()
    office.share = root / "quan-ly"
    row = {
        "quality": 33.5,
        "progress": 34.5,
        "conduct": 13.5,
        "comment": f"{SECRET} một",
        "explanation": f"{SECRET} hai",
        "decision": "Đã chấm",
    }
    office.score("V1-02", {"V1-03": row, "V1-04": row})
    office.score("P-01", {"P-02": {**row, "breach": "Có", "breach_note": f"{SECRET} ba"}})
    office.consolidate()
    changed = {
        "decision": "Phê duyệt có điều chỉnh",
        "quality": 31.5,
        "progress": 32.5,
        "conduct": 12.5,
        "opinion": f"{SECRET} bốn",
    }
    office.approve("V1-01", {"V1-03": changed, "V1-04": {"decision": "Trả lại", "opinion": f"{SECRET} năm"}})
    office.consolidate()
    office.say("issue", "2025-W24")
    office.consolidate("2025-W24")
    office.say("close", office.week)
    yield office


def texts_of(path: Path) -> str:
    if not zipfile.is_zipfile(path):
        return path.read_text(encoding="utf-8-sig")
    with zipfile.ZipFile(path) as package:
        return "\n".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


def test_nothing_that_managers_typed_lies_where_colleagues_can_open_it(office: LittleOffice) -> None:
    files = [path for share in ("chung", "ld") for path in (office.folder.parent / share).rglob("*") if path.is_file()]
    own = [
        path for path in files if path.name.endswith("_ket-qua.xlsx")
    ]  # a person's own results, in that person's folder
    assert own and all(path.parent.name in path.name and path.parent.parent.name == "receipts" for path in own)
    files = [path for path in files if path not in own]
    said = {path: texts_of(path) for path in files}

    assert len(files) > 20
    assert [path.name for path, text in said.items() if SECRET in text] == []
    scored = {
        path.name: score
        for path, text in said.items()
        for score in SCORES
        if f">{score}<" in text or score.replace(".", ",") in text
    }
    assert scored == {}
    # The very same scan finds them where they belong.
    apart = [path for share in ("quan-ly", "van-phong") for path in (office.folder.parent / share).rglob("*.xlsx")]
    assert sum(SECRET in texts_of(path) for path in apart) >= 5
    assert sum(any(f">{score}<" in texts_of(path) for score in SCORES) for path in apart) >= 3


def test_what_a_person_wrote_lies_in_that_persons_folders_alone(office: LittleOffice) -> None:
    share = office.folder.parent / "chung"
    for path in (path for path in share.rglob("*") if path.is_file()):
        for code in ("V1-03", "V1-04", "P-02", "0012"):
            if code not in path.parts:
                assert f"khó khăn riêng của {code}" not in texts_of(path), path.name
    files = [path for path in share.rglob("*") if path.is_file() and path.name != SHARE_MARK]
    assert {path.parent.parent.name for path in files if path.suffix in (".xlsx", ".txt")} <= {"forms", "receipts"}


def test_doctor_names_every_folder_that_is_open_to_more_people_and_says_what_to_do(office: LittleOffice) -> None:
    """The share may be open; the managers', the leaders' and the persons' folders may not."""
    with tempfile.TemporaryDirectory() as top:
        Path(top).chmod(0o755)
        copy = Path(top) / "all"
        shutil.copytree(office.folder.parent, copy)
        copy.chmod(0o755)
        settings = copy / "office" / "office.toml"
        settings.write_text(
            settings.read_text(encoding="utf-8").replace(office.folder.parent.as_posix(), copy.as_posix()),
            encoding="utf-8",
        )
        twin = LittleOffice(copy / "office")
        closed = [path for path in sorted(copy.rglob("*")) if path.is_dir()]
        for path in closed:
            path.chmod(0o750)
        assert {line["question"] for line in twin.json("doctor")["lines"] if "folders.md" in line["text"]} == {
            "private"
        }

        for path in closed:
            path.chmod(0o755)
        told = [line["text"] for line in twin.json("doctor")["lines"] if line["question"].startswith("open_")]
        for named in (
            "office",
            "office/ledger",
            "quan-ly",
            "quan-ly/2025-W23/VU1/scoring",
            "quan-ly/2025-W23/approval",
            "van-phong",
            "van-phong/2025-W23/office",
        ):
            assert [text for text in told if text.startswith(f"{(copy / named).as_posix()}:")], named
        assert [text for text in told if "/forms/" in text]
        assert [text for text in told if text.startswith(f"{(copy / 'chung').as_posix()}:")] == []
        assert all("Đề nghị" in text or "thư mục khác" in text for text in told)
