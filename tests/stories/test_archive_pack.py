"""The pack for the archives."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

from tests.libreoffice import Office
from tests.little_office import LittleOffice


def test_a_pack_holds_masters_lists_and_pages_as_pdf_with_the_hash_of_each_and_the_ledgers_head(
    approved: LittleOffice, tmp_path: Path, libreoffice: Office
) -> None:
    approved.say("close", approved.week)
    told = approved.json("archive-pack", "2025-06", "--to", str(tmp_path / "gói"), code=0)
    pack = tmp_path / "gói"
    with (pack / "contents.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = {row["file"]: row["sha256"] for row in csv.DictReader(file)}

    found = {path.relative_to(pack).as_posix() for path in pack.rglob("*") if path.is_file()} - {"contents.csv"}
    assert set(listed) == found and told["files"] == len(found) + 1
    assert all(hashlib.sha256((pack / name).read_bytes()).hexdigest() == digest for name, digest in listed.items())
    people = [row["code"] for row in approved.table("results")]
    assert {f"{approved.week}/results/{approved.week}_{code}_phieu-ky.pdf" for code in people} <= found
    assert {"2025-06_tong-hop.xlsx", f"{approved.week}/masters/{approved.week}_tong-hop.xlsx"} <= found
    assert told["head"] in (pack / "README.txt").read_text(encoding="utf-8-sig")
    assert "Nguyên vẹn" in approved.say("verify", "--head", told["head"])


def test_a_folder_with_other_files_is_left_alone(approved: LittleOffice, tmp_path: Path) -> None:
    (tmp_path / "khác.txt").write_text("x", encoding="utf-8")

    assert approved.say("archive-pack", "2025-06", "--to", str(tmp_path), code=2).count("\n") == 1
    assert (tmp_path / "khác.txt").exists()


def test_nothing_is_filed_of_an_altered_ledger(approved: LittleOffice, tmp_path: Path) -> None:
    blob = next(path for path in (approved.folder / "archive").rglob("*.xlsx"))
    blob.write_bytes(b"x")

    assert "evalxl verify" in approved.say("archive-pack", "2025-06", "--to", str(tmp_path / "pack"), code=2)
    assert not (tmp_path / "pack").exists()
