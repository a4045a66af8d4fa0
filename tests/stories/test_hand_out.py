"""`evalxl pack` and `evalxl receipts`: an office without shared folders hands out and sends back by mail or chat."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.little_office import LittleOffice


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_each_person_gets_a_file_and_each_unit_a_zip_of_its_own_people(issued: LittleOffice, tmp_path: Path) -> None:
    to = tmp_path / "gửi"
    issued.say("pack", issued.week, "--to", str(to))
    zipped = [zipfile.ZipFile(path).namelist() for path in (to / "units").iterdir()]

    assert names(to / "people") == {path.name for path in issued.share.rglob("forms/*.xlsx")}
    assert sorted(name for files in zipped for name in files) == sorted(names(to / "people"))
    for path in (to / "people").iterdir():
        assert path.read_bytes() == next(issued.share.rglob(path.name)).read_bytes()


def test_what_others_wrote_is_in_nobodys_zip(handed_in: LittleOffice, tmp_path: Path) -> None:
    handed_in.say("consolidate", handed_in.week, code=None)
    to = tmp_path / "gửi"
    handed_in.say("pack", handed_in.week, "--to", str(to))
    zipped = {name for path in (to / "units").iterdir() for name in zipfile.ZipFile(path).namelist()}

    assert f"{handed_in.week}_V1-02_cham-diem.xlsx" in names(to / "managers")
    assert not [name for name in zipped if "cham-diem" in name or "phe-duyet" in name]


def test_a_form_that_was_mailed_out_comes_back_through_the_inbox(issued: LittleOffice, tmp_path: Path) -> None:
    to = tmp_path / "gửi"
    issued.say("pack", issued.week, "--to", str(to))
    form = next((to / "people").glob("*_V1-03_*"))
    inbox = issued.folder / "inbox"
    inbox.mkdir(exist_ok=True)
    issued.fill("V1-03", inbox / form.name)

    issued.say("consolidate", issued.week, code=None)

    assert (to / "people" / form.name).read_bytes() == issued.form("V1-03").read_bytes()  # nobody typed on the share
    assert issued.result("V1-03")["state"] == "submitted"


def test_a_form_that_somebody_has_filled_is_in_no_zip_that_colleagues_unpack(
    issued: LittleOffice, tmp_path: Path
) -> None:
    filled = issued.fill("V1-03")
    to = tmp_path / "gửi"
    issued.say("pack", issued.week, "--to", str(to))
    zipped = {name for path in (to / "units").iterdir() for name in zipfile.ZipFile(path).namelist()}

    assert filled.name in names(to / "people")
    assert filled.name not in zipped
    assert len(zipped) == len(names(to / "people")) - 1


def test_a_form_that_is_gone_is_named_with_what_to_do(issued: LittleOffice, tmp_path: Path) -> None:
    issued.form("V1-03").unlink()

    said = issued.say("pack", issued.week, "--to", str(tmp_path / "gửi"))

    assert "V1-03" in said
    assert f"evalxl issue {issued.week}" in said


def test_a_receipt_that_is_sent_to_one_person_tells_the_values(issued: LittleOffice, tmp_path: Path) -> None:
    path = issued.fill("V1-03", self_quality=45)
    issued.say("consolidate", issued.week, code=None)
    told = issued.json("receipts", issued.week, "--to", str(tmp_path / "biên nhận"), code=0)
    text = (tmp_path / "biên nhận" / f"{issued.week}_V1-03.txt").read_text(encoding="utf-8-sig")
    on_the_share = issued.receipt("V1-03")

    assert path.exists()
    assert told["receipts"] == len(names(tmp_path / "biên nhận"))
    assert "45" in text
    assert "là 45" not in on_the_share


def test_a_folder_with_other_files_is_left_alone(issued: LittleOffice, tmp_path: Path) -> None:
    (tmp_path / "việc khác.txt").write_text("x", encoding="utf-8")

    for command in ("pack", "receipts"):
        assert "đề nghị chọn một thư mục mới hoặc trống" in issued.say(
            command, issued.week, "--to", str(tmp_path), code=2
        )


def test_equal_forms_make_equal_zips(issued: LittleOffice, tmp_path: Path) -> None:
    for name in ("một", "hai"):
        issued.say("pack", issued.week, "--to", str(tmp_path / name))

    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / name / "units").iterdir()} for name in ("một", "hai")
    )
    assert one == two
