"""The add-in for Excel as a file: what can be known of it without Excel."""

from __future__ import annotations

import re
import sys
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
import pyvbaanalysis
from openxml_audit import OpenXmlValidator

from evalxl.addin import build
from evalxl.addin.build import CannotBuildError, vba_sources, words_module, xlam
from evalxl.records.package_files import shipped

SHIPPED = shipped("macros") / build.XLAM
SOURCES = vba_sources()
RIBBON = ElementTree.fromstring(build.ribbon())

# What each callback is called with, as Office defines it.
CALLBACKS = {
    "onLoad": ["Object"],
    "onAction of button": ["Object"],
    "onAction of dropDown": ["Object", "String", "Integer"],
    "getLabel": ["Object", "Variant"],
    "getItemCount": ["Object", "Variant"],
    "getItemLabel": ["Object", "Integer", "Variant"],
    "getItemID": ["Object", "Integer", "Variant"],
    "getSelectedItemIndex": ["Object", "Variant"],
}


def controls() -> list[tuple[str, ElementTree.Element]]:
    return [(element.tag.rpartition("}")[2], element) for element in RIBBON.iter()]


def attributes(name: str) -> list[str]:
    return [element.attrib[name] for _, element in controls() if name in element.attrib]


def test_the_shipped_add_in_is_what_its_sources_make(tmp_path: Path) -> None:
    """`evalxl addin build` writes it anew; an office can tell from its SHA-256 what it has."""
    assert xlam(tmp_path / "once.xlam").read_bytes() == SHIPPED.read_bytes()
    assert xlam(tmp_path / "again.xlam").read_bytes() == SHIPPED.read_bytes()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_add_in_holds_its_sources_and_nothing_compiled() -> None:
    from oletools.olevba import VBA_Parser

    parser = VBA_Parser(str(SHIPPED))
    try:
        read = {Path(name).stem: code for _, _, name, code in parser.extract_macros()}
    finally:
        parser.close()

    sheet = read.pop("Sheet1")
    assert [line for line in sheet.splitlines() if line and not line.startswith("Attribute ")] == []
    assert {name: code.splitlines() for name, code in read.items()} == {
        name: source.splitlines() for name, source in SOURCES.items()
    }


def test_office_is_expected_to_open_the_file() -> None:
    assert [str(error) for error in OpenXmlValidator().validate(str(SHIPPED)).errors] == []


def test_the_add_in_names_no_person_and_no_day() -> None:
    with zipfile.ZipFile(SHIPPED) as package:
        core = package.read("docProps/core.xml").decode("utf-8")
        days = {part.date_time[:3] for part in package.infolist()}

    assert re.findall(r"<dc:creator>(.*?)</dc:creator>", core) == ["evalxl"]
    assert "dcterms" not in core
    assert days == {(1980, 1, 1)}


def test_the_macros_hold_no_slip_that_excel_would_find_at_a_persons_desk() -> None:
    assert slips(SHIPPED) == []


def test_slips_in_the_macros_would_be_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    planted = {
        "jobName = job": ("jobNam = job", "undeclared-variable"),
        "    PlanPoll\r\n": ("    PlanPol\r\n", "unknown-call"),
        "EvalxlAsk.Box sentence": ("EvalxlAsk.Boxes sentence", "member-not-found"),
        "InFolder(place, ": ("InFolder(", "argument-count"),
        "\r\nEnd Sub\r\n\r\n' Whether": ("\r\nExit Function\r\nEnd Sub\r\n\r\n' Whether", "exit-wrong-proc"),
    }
    runner = SOURCES["EvalxlRunner"]
    for right, (wrong, _) in planted.items():
        runner = runner.replace(right, wrong, 1)
    monkeypatch.setattr(build, "vba_sources", lambda: {**SOURCES, "EvalxlRunner": runner})

    found = slips(xlam(tmp_path / "spoiled.xlam"))

    for _, slip in planted.values():
        assert any(one.startswith(f"EvalxlRunner {slip}:") for one in found), slip


def slips(addin: Path) -> list[str]:
    """What the analysis of the macros finds, module by module."""
    found = pyvbaanalysis.analyze_office_file(addin)
    return [f"{module} {one.code}: {one.message}" for module, those in found.items() for one in those]


def test_the_macros_declare_nothing_of_windows() -> None:
    """A Declare is what policies forbid, and what differs between 32 and 64 bits."""
    for name, source in SOURCES.items():
        assert not re.search(r"^\s*(?:Public |Private )?Declare\b", source, re.MULTILINE), name
        assert "Option Explicit" in source, name
        assert "MsgBox" not in re.sub(r"'.*", "", source), name


def test_every_line_of_the_macros_is_one_that_excel_takes() -> None:
    for name, source in SOURCES.items():
        assert max(len(line) for line in source.split("\r\n")) < 1000, name
        assert source.count("\n") == source.count("\r\n"), name


def test_vietnamese_travels_as_ascii() -> None:
    assert words_module().isascii()
    assert "\\u1ED5" in words_module()


@pytest.mark.parametrize("attribute", ["id", "keytip"])
def test_no_two_controls_share_a_name_or_a_key(attribute: str) -> None:
    counted = Counter(attributes(attribute))

    assert [name for name, count in counted.items() if count > 1] == []
    # A key that begins another one would be taken before the other is typed.
    assert [(a, b) for a in counted for b in counted if attribute == "keytip" and a != b and b.startswith(a)] == []


def test_every_callback_of_the_ribbon_is_there_and_takes_what_office_gives() -> None:
    subs = {
        f"{module}.{name}": re.findall(r"As (\w+)", given)
        for module, source in SOURCES.items()
        for name, given in re.findall(r"^Public Sub (\w+)\((.*?)\)", source, re.MULTILINE)
    }

    asked = [
        (called, CALLBACKS.get(attribute) or CALLBACKS[f"{attribute} of {tag}"])
        for tag, element in controls()
        for attribute, called in element.attrib.items()
        if re.fullmatch(r"on[A-Z]\w+|get[A-Z]\w+", attribute)
    ]
    assert len(asked) > 15
    assert [(called, subs.get(called)) for called, _ in asked] == asked
    assert {called for called in subs if called.startswith("EvalxlRibbon.")} - {called for called, _ in asked} == {
        "EvalxlRibbon.ShowSaid"
    }


def test_every_button_says_in_vietnamese_what_it_does() -> None:
    for tag, element in controls():
        if tag in {"button", "dropDown"}:
            assert {"label", "screentip", "supertip", "keytip"} <= set(element.attrib), element.attrib["id"]
        if tag == "button":
            assert "imageMso" in element.attrib
    assert attributes("label")[0] == "Đánh giá tuần"
    assert {"Tạo phiếu tuần", "Tổng hợp", "Kiểm tra dữ liệu", "Ai chưa nộp", "Chốt tuần", "Mở lại tuần"} <= set(
        attributes("label")
    )
    assert max(len(tip) for tip in attributes("supertip")) < 1024


def test_without_its_package_building_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyopenvba", None)

    with pytest.raises(CannotBuildError, match=r"evalxl\[addin\]"):
        xlam(tmp_path / "evalxl.xlam")
