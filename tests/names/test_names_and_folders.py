"""Whatever a file is called, and whatever lies between the forms: nothing crashes, nothing is booked twice, nothing outside is read.

Each file has exactly one verdict, or is skipped by rule, and what is said of it cannot deceive the reader.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import socket
import stat
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from evalxl.demo.type_into import fill
from evalxl.forms import kinds
from evalxl.records.arrivals import DEEPEST, lying_in, obstacle_of, read_once
from tests.little_office import LittleOffice, person
from tests.names.list_of_names import BOOKED, SKIPPED
from tests.people import GOOD_FORM

NOT_FOR_A_SCREEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def good_form(office: LittleOffice, code: str) -> bytes:
    return fill(office.form(code).read_bytes(), kinds.FORM, GOOD_FORM)


def received(office: LittleOffice) -> list[dict[str, Any]]:
    lines = [line for path in sorted((office.folder / "ledger").glob("*.jsonl")) for line in path.read_bytes().decode().split("\n") if line]  # fmt: skip
    return [event for event in map(json.loads, lines) if event["kind"] == "received"]


@pytest.fixture(scope="module")
def many(
    _made: LittleOffice, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[LittleOffice, dict[str, str]]]:
    """Sixty-two people hand in their forms, each under a name of the list; copies of V1-03's form that programs laid down lie among them."""
    office = _made.copy(tmp_path_factory.mktemp("names") / "office")
    people = [person(f"N-{n:02d}", f"Trần Văn {n:02d}", "VP" if n % 2 else "VU1") for n in range(1, len(BOOKED) + 1)]
    office.organisation["people"] += people
    office.reorganise()
    office.say("issue", office.week)
    home = office.share / office.week / "VP" / "forms"
    named = {}
    for one, name in zip(people, BOOKED.values(), strict=True):
        (home / name).write_bytes(good_form(office, one["code"]))
        named[one["code"]] = name
    for name in SKIPPED.values():
        (home / name).write_bytes(good_form(office, "V1-03"))
    office.hand_in("V1-03", self_conduct=18)
    said = office.say("consolidate", office.week, code=None)
    yield office, {**named, "said": said}


def test_a_form_is_booked_whatever_its_file_is_called(many: tuple[LittleOffice, dict[str, str]]) -> None:
    office, named = many
    states = {row["code"]: row["state"] for row in office.table("results")}

    assert len(BOOKED) >= 60
    assert {code for code in named if code != "said" and states[code] != "submitted"} == set()


def test_each_file_has_one_verdict_and_what_is_skipped_by_rule_has_none(
    many: tuple[LittleOffice, dict[str, str]],
) -> None:
    office, _ = many
    verdicts = Counter(event["file"].rpartition("/forms/")[2] for event in received(office))

    assert verdicts == dict.fromkeys((*BOOKED.values(), office.form("V1-03").name), 1)
    assert office.result("V1-03")["self_conduct"] == "18"


def test_a_second_press_of_the_button_books_nothing_again(many: tuple[LittleOffice, dict[str, str]]) -> None:
    office, _ = many
    before = len(received(office))
    office.consolidate()

    assert len(received(office)) == before


def test_no_name_gives_a_command_to_the_screen_or_turns_its_text_around(
    many: tuple[LittleOffice, dict[str, str]],
) -> None:
    office, named = many
    code = next(code for code, name in named.items() if name == BOOKED["a line of ours"])
    shown = [named["said"], *(office.say("explain", office.week, one) for one in named if one != "said")]
    shown += [office.say("status", office.week, code=None), office.say("--json", "explain", office.week, code)]
    lines = [line for text in shown for line in text.splitlines() if line.startswith("  Lỗi: tất cả")]

    assert [NOT_FOR_A_SCREEN.findall(text) for text in shown if NOT_FOR_A_SCREEN.search(text)] == []
    assert lines == []
    assert "phieu[U+202E]xslx.gnp" in "".join(shown)


def test_receipts_and_masters_show_what_a_name_hides(many: tuple[LittleOffice, dict[str, str]]) -> None:
    office, named = many
    turned = next(code for code, name in named.items() if name == BOOKED["turned around"])
    receipts = [path.read_bytes().decode("utf-8-sig") for path in office.share.rglob("receipts/*.txt")]

    assert "phieu[U+202E]xslx.gnp" in office.receipt(turned)
    assert [text for text in receipts if NOT_FOR_A_SCREEN.search(text.replace("\r\n", "\n"))] == []
    for path in office.share.rglob("*_tong-hop.xlsx"):
        book = openpyxl.load_workbook(path)
        texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
        links = [link.target or "" for sheet in book for link in sheet._hyperlinks]
        assert [text for text in texts if NOT_FOR_A_SCREEN.search(text)] == []
        assert [
            link for link in links if "xslx.gnp" in link
        ] == []  # what is called so that it deceives is not to be opened by a click


def test_what_is_no_file_of_the_folder_is_not_read_and_said(issued: LittleOffice, tmp_path: Path) -> None:
    """Links to a good form outside, loops, pipes, sockets, devices, folders called like forms, names that are no text, archives."""
    home = issued.share / issued.week / "VU1" / "forms"
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "phieu.xlsx").write_bytes(good_form(issued, "V1-03"))
    (outside / "VU1").mkdir()
    (outside / "VU1" / "phieu.xlsx").write_bytes(good_form(issued, "V1-04"))
    expected = {
        "link.xlsx": "file.not_a_file",
        "linked folder": "file.not_a_file",
        "loop.xlsx": "file.not_a_file",
        "loop of folders": "file.not_a_file",
        "nowhere.xlsx": "file.not_a_file",
        "pipe.xlsx": "file.not_a_file",
        "device.xlsx": "file.not_a_file",
        "socket.xlsx": "file.not_a_file",
        "empty.xlsx": "file.empty",
        "hole.xlsx": "file.not_downloaded",
    }
    (home / "link.xlsx").symlink_to(outside / "phieu.xlsx")
    (home / "linked folder").symlink_to(outside, target_is_directory=True)
    (home / "loop.xlsx").symlink_to(home / "loop.xlsx")
    (home / "loop of folders").symlink_to(home, target_is_directory=True)
    (home / "nowhere.xlsx").symlink_to(outside / "none.xlsx")
    (home / "device.xlsx").symlink_to("/dev/zero")
    os.mkfifo(home / "pipe.xlsx")
    (home / "empty.xlsx").write_bytes(b"")
    (home / "hole.xlsx").write_bytes(bytes(4096))
    (home / "thư mục.xlsx").mkdir()
    (home / "thư mục.xlsx" / "bên trong.xlsx").write_bytes(good_form(issued, "0012"))
    archived = home / "các phiếu.zip"
    with zipfile.ZipFile(archived, "w") as package:
        package.writestr("phieu.xlsx", good_form(issued, "V1-03"))
    (home / "phiếu.rar").write_bytes(b"Rar!\x1a\x07\x01\x00" + bytes(200))
    (home / os.fsdecode(b"phieu\xff\xfe.xlsx")).write_bytes(good_form(issued, "V1-03"))
    deep = home.joinpath(*["s"] * 40)
    deep.mkdir(parents=True)
    (deep / "phieu.xlsx").write_bytes(good_form(issued, "V1-03"))
    with _socket(home / "socket.xlsx"):
        done = issued.consolidate()
    found = {
        one["file"].rpartition("/forms/")[2]: one["kind"] for one in done["findings"] if one["kind"].startswith("file.")
    }

    assert {name: found[name] for name in expected} == expected
    assert found["phieu[U+DCFF][U+DCFE].xlsx"] == "file.bad_name"
    assert list(found.values()).count("file.too_deep") == 1
    assert {"các phiếu.zip", "phiếu.rar"} <= set(found)
    assert all(one["remedy"] for one in done["findings"] if one["kind"].startswith("file."))
    states = {row["code"]: row["state"] for row in issued.table("results")}
    assert (states["V1-03"], states["V1-04"], states["0012"]) == ("not_submitted", "not_submitted", "submitted")
    assert (
        sum(done["files"].values()) == 12 + len(expected) + 5
    )  # the forms of twelve people, none touched, and what lies there


@contextlib.contextmanager
def _socket(path: Path) -> Iterator[None]:
    home = Path.cwd()
    os.chdir(path.parent)  # a socket's address is short
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
            yield
    finally:
        os.chdir(home)


def test_twins_in_names_are_two_files_and_one_form(issued: LittleOffice) -> None:
    """The same bytes under a composed and a parted name: one is booked, the other is its copy."""
    home = issued.share / issued.week / "VU1" / "forms"
    for name in (BOOKED["composed letters"], BOOKED["the same name with parted letters"], BOOKED["letters in another case"]):  # fmt: skip
        (home / name).write_bytes(good_form(issued, "V1-03"))
    done = issued.consolidate()

    assert (done["files"]["submitted"], done["files"]["duplicate"]) == (1, 2)


def test_a_file_that_a_sync_client_keeps_elsewhere_is_not_opened() -> None:
    """Opening it would wait for the network; what Windows says of it is enough."""
    plain = {"st_mode": stat.S_IFREG | 0o644, "st_file_attributes": 0x20, "st_reparse_tag": 0}

    def obstacle(**more: int) -> str:
        return obstacle_of(SimpleNamespace(**{**plain, **more}))  # type: ignore[arg-type]

    assert obstacle() == ""
    assert obstacle(st_file_attributes=0x20 | 0x1000) == "file.not_downloaded"
    assert obstacle(st_file_attributes=0x400000) == "file.not_downloaded"
    assert obstacle(st_file_attributes=0x40000) == "file.not_downloaded"
    # A file that OneDrive has fetched bears its tag; a junction leads out of the share.
    assert obstacle(st_reparse_tag=0x9000601A) == ""
    assert obstacle(st_reparse_tag=0xA0000003, st_mode=stat.S_IFDIR) == "file.not_a_file"
    assert obstacle(st_reparse_tag=0xA000000C) == "file.not_a_file"


def test_a_file_that_grows_while_it_is_read_is_left_for_the_next_time(tmp_path: Path) -> None:
    """A sync client goes on writing: what is read is a whole state of the file, or nothing."""
    path = tmp_path / "phieu.xlsx"
    path.write_bytes(b"x" * 100)
    answers = Counter[str]()
    pid = os.fork()
    if pid == 0:  # the sync client
        for size in range(200, 400_000, 37):
            with path.open("r+b") as file:
                file.write(b"y" * size)
        os._exit(0)
    try:
        while os.waitpid(pid, os.WNOHANG) == (0, 0):
            arrival = read_once(path, 10_000_000)
            assert arrival is not None
            answers["whole" if not arrival.obstacle else arrival.obstacle] += 1
            assert len(set(arrival.data[:1] + arrival.data[-1:])) <= 2
    finally:
        pass
    settled = read_once(path, 10_000_000)

    assert settled is not None and not settled.obstacle
    assert set(answers) <= {"whole", "file.busy"}
    assert settled.data == path.read_bytes()


def test_a_file_that_went_away_meanwhile_is_none(tmp_path: Path) -> None:
    assert read_once(tmp_path / "phieu.xlsx", 100) is None


def test_no_more_is_read_of_a_large_file_than_it_takes_to_refuse_it(tmp_path: Path) -> None:
    with (tmp_path / "large.xlsx").open("wb") as file:
        file.truncate(50_000_000)
    arrival = read_once(tmp_path / "large.xlsx", 1000)

    assert arrival is not None and len(arrival.data) == 1001


def test_folders_within_folders_do_not_end_the_run(tmp_path: Path) -> None:
    """Whoever lists every one of a thousand folders within folders goes down with them."""
    tmp_path.joinpath(*["d"] * 200).mkdir(parents=True)
    unlisted: list[Path] = []

    assert [len(path.parts) - len(tmp_path.parts) for path in lying_in(tmp_path, unlisted)] == [DEEPEST + 1]
    assert unlisted == []


def test_what_lies_at_the_place_of_our_own_files_holds_up_no_command(issued: LittleOffice, tmp_path: Path) -> None:
    """Pipes where forms, masters and owner files are expected; a link where the new file is made."""
    outside = tmp_path / "outside.txt"
    outside.write_text("mine", encoding="utf-8")
    issued.consolidate()
    week = issued.share / issued.week
    master = issued.master()
    for path in (issued.form("V1-03"), issued.master("VU1")):
        path.unlink()
        os.mkfifo(path)
    os.mkfifo(master.with_name(f"~${master.name}"))
    maker = f".{master.name}.{hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]}-{os.getpid()}.tmp"
    (week / "VP" / maker).symlink_to(outside)
    (issued.master("VP")).unlink()

    issued.hand_in("V1-04")
    issued.consolidate()
    issued.say("issue", issued.week, code=None)
    issued.say("verify")
    assert outside.read_text(encoding="utf-8") == "mine"
    assert stat.S_ISREG((issued.master("VP")).lstat().st_mode)
