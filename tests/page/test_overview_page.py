"""The overview page: what it says is what the master says, it opens from a file, and nothing that somebody typed comes alive in it."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evalxl.domain.evaluation.scoring import Scores
from evalxl.domain.evaluation.week_view import WeekView
from evalxl.domain.findings import Finding
from evalxl.domain.rulebook import read_rulebook
from evalxl.domain.week.five_numbers import five_numbers
from evalxl.domain.weeks import Week
from evalxl.page import draw_page
from evalxl.page.html import h, typed
from evalxl.page.people import ROWS_AS_HTML, plain
from evalxl.records.settings import load_settings
from evalxl.steps.office.office import Office
from evalxl.steps.views.week_view import week_view
from tests.browser import Browser
from tests.little_office import LittleOffice

MONDAY = date(2025, 6, 9)
SAMPLES = Path(__file__).parents[1] / "samples"
HOSTILE = (
    "<script>document.title='x'</script>",
    "</script><script>document.title='x'</script>",
    '"><img src=x onerror="document.title=1">',
    "<svg/onload=document.title=1>",
    "=1+1",
    "{{7*7}}",
    "<!-- -->",
    "a‮cba",
    "' onclick='document.title=1",
)


class Parts(HTMLParser):
    """What a browser makes of the page: its elements, its shown texts, its scripts."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self._open = ""
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open = tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        {"script": self.scripts, "style": self.styles}.get(self._open, self.texts).append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def _view(_approved: LittleOffice) -> WeekView:
    office = Office.open(_approved.folder)
    return week_view(office, Week.parse(_approved.week), MONDAY).view


@pytest.fixture
def view(_view: WeekView) -> WeekView:
    return _view


def page_of(office: LittleOffice) -> Path:
    return office.share / office.week / "office" / f"{office.week}_tong-quan.html"


def test_the_page_lies_beside_the_office_master_and_says_the_masters_numbers(approved: LittleOffice) -> None:
    approved.say("consolidate", approved.week)
    view = week_view(Office.open(approved.folder), Week.parse(approved.week), MONDAY).view
    text = Parts(page_of(approved).read_bytes()).text

    for one in five_numbers(view, "vi"):
        assert f"{one.label} {one.number} {one.below}".strip() in text
    for row in approved.table("results"):
        assert row["name"] in text
        if row["counted_total"]:
            assert row["counted_total"].removesuffix(".0").replace(".", ",") in text


def test_equal_ledgers_make_equal_pages_and_the_page_can_be_deleted(approved: LittleOffice) -> None:
    approved.say("consolidate", approved.week)
    before = page_of(approved).read_bytes()
    page_of(approved).unlink()

    approved.say("rebuild")

    assert page_of(approved).read_bytes() == before


def test_an_office_that_wants_no_page_has_none_and_the_old_one_goes(approved: LittleOffice) -> None:
    approved.say("consolidate", approved.week)
    settings = approved.folder / "office.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("page = true", "page = false"), encoding="utf-8")
    assert not load_settings(approved.folder).outputs.page

    approved.say("consolidate", approved.week)

    assert not page_of(approved).exists()


def test_the_page_lies_only_where_the_office_master_lies(approved: LittleOffice) -> None:
    approved.say("consolidate", approved.week)
    settings = approved.folder / "office.toml"
    apart = approved.folder.parent / "riêng"
    apart.mkdir()
    text = settings.read_text(encoding="utf-8").replace('office_folder = ""', f"office_folder = '{apart}'")
    settings.write_text(text, encoding="utf-8")

    approved.say("consolidate", approved.week)

    assert (apart / approved.week / "office" / f"{approved.week}_tong-quan.html").exists()
    assert not list(approved.share.rglob("*.html"))


def test_the_page_is_no_file_that_came_back(approved: LittleOffice) -> None:
    approved.say("consolidate", approved.week)
    events = approved.events()

    approved.say("consolidate", approved.week)

    assert approved.events() == events
    assert not [row for row in approved.table("findings") if row["file"].endswith(".html")]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_somebody_typed_is_a_text_and_nothing_else(view: WeekView, text: str) -> None:
    row = replace(view.results[0], name=text, title=text, unit_name=text)
    finding = Finding(
        "score.out_of_bounds",
        row.code,
        f"2025-W23/V1/forms/{text}.xlsx",
        text,
        "D8",
        text,
        {"label": text, "maximum": 40},
    )
    hostile = replace(view, results=(row, *view.results[1:]), findings=(finding,), office=text, people={row.code: text})

    data = draw_page(hostile, roots={"": "/share"})

    parts = Parts(data)
    assert [one for one in parts.of("script") if one.get("type") != "application/json"] == [{}]
    assert not parts.of("img")
    assert not [
        name for _, attributes in parts.elements for name in attributes if name.startswith("on") or name == "style"
    ]
    assert not [one for one in parts.of("a") if not (one["href"] or "").startswith(("#", "../", "file:", "V1/"))]
    assert "\u202e" not in data.decode()


def test_style_and_script_are_the_ones_that_the_content_policy_names(view: WeekView) -> None:
    parts = Parts(draw_page(view))
    policy = next(
        one["content"] or "" for one in parts.of("meta") if one.get("http-equiv") == "Content-Security-Policy"
    )

    for name, text in (("style", "".join(parts.styles)), ("script", parts.scripts[-1])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert not re.search(rb"(?:src|href)=\"https?:", draw_page(view))


def test_a_path_is_copied_as_windows_takes_it_and_linked_as_a_browser_does(view: WeekView) -> None:
    file = "2025-W23/V1/forms/phiếu #1 100%.xlsx"
    finding = Finding("file.is_web_page", view.results[0].code, file)
    one = replace(view, findings=(finding,))

    on_server = Parts(draw_page(one, base="2025-W23/office", roots={"": "//maychu/đánh giá"}))
    on_drive = Parts(draw_page(one, base="2025-W23/office", roots={"": "Z:/danh gia"}))
    apart = Parts(
        draw_page(
            one, base="{office_folder}/2025-W23/office", roots={"": "//maychu/chung", "{office_folder}/": "//maychu/vp"}
        )
    )

    copies = [
        next(one["data-path"] for one in parts.of("button") if "data-path" in one)
        for parts in (on_server, on_drive, apart)
    ]
    links = [next(one["href"] for one in parts.of("a") if one.get("class") == "look") for parts in (on_server, apart)]
    tail = "2025-W23\\V1\\forms\\phiếu #1 100%.xlsx"
    assert copies == [f"\\\\maychu\\đánh giá\\{tail}", f"Z:\\danh gia\\{tail}", f"\\\\maychu\\chung\\{tail}"]
    assert links == [
        "../V1/forms/phi%E1%BA%BFu%20%231%20100%25.xlsx",
        "file://maychu/chung/2025-W23/V1/forms/phi%E1%BA%BFu%20%231%20100%25.xlsx",
    ]


def test_a_week_that_nobody_scores_has_no_bars_no_trend_and_no_points(view: WeekView) -> None:
    rules = read_rulebook((SAMPLES / "rulebooks" / "theo-doi.toml").read_bytes(), "theo-doi.toml")
    rows = tuple(replace(row, band="", counted_total=None, state="seen") for row in view.results)

    parts = Parts(draw_page(replace(view, rules=rules, results=rows, trend=())))

    assert "Tuần theo dõi nhiệm vụ" in parts.text
    assert "Mức độ hoàn thành" not in parts.text
    assert "bình quân" not in parts.text
    assert not [one for one in parts.of("select") if one["id"] == "by-band"]


def test_a_typed_text_keeps_its_lines_and_is_no_markup() -> None:
    assert str(h.p[typed("a\nb<b>")]) == '<p><span class="t">a\nb&lt;b&gt;</span></p>'


@pytest.mark.parametrize("text", ["Mai Khéo Tay", "ĐẶNG ĐỨC HÒA", "đặng đức hoà"])
def test_a_search_needs_no_accents(text: str) -> None:
    assert plain(text) in {"mai kheo tay", "dang duc hoa"}


def _many(view: WeekView, count: int) -> WeekView:
    rows = [replace(view.results[n % len(view.results)], code=f"X-{n:04}", name=f"Người Thứ {n}") for n in range(count)]
    return replace(view, results=tuple(rows))


def test_many_people_are_a_block_of_data_that_is_never_run(view: WeekView) -> None:
    many = _many(view, ROWS_AS_HTML + 50)
    many = replace(many, results=(replace(many.results[0], name="</script><img src=x>"), *many.results[1:]))

    parts = Parts(draw_page(many, master="tong-hop.xlsx"))

    assert sum(one.get("type") == "application/json" for one in parts.of("script")) == 1
    assert not parts.of("img")
    assert "Danh sách 300 người nằm ở trang Kết quả của tệp tong-hop.xlsx." in parts.text


def test_the_page_works_from_a_file_without_a_complaint(view: WeekView, browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "tổng quan #1.html"
    page.write_bytes(draw_page(view, roots={"": "/share"}))
    row = view.results[0]

    browser.open(page)
    browser.type("search", plain(row.name).upper())
    found = browser.visible("#people-list tbody th")
    filtered = browser.visible("#filtered")
    browser.click("#clear")
    all_of_them = browser.visible("#people-list tbody th")

    assert row.name in found
    assert (filtered, browser.visible("#filtered")) == (["Danh sách đang được lọc."], [])
    assert len(found) < len(all_of_them) == len(view.results)
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
    assert browser.complaints() == []


def test_names_are_sorted_as_a_vietnamese_list_and_empty_scores_stand_last(
    view: WeekView, browser: Browser, tmp_path: Path
) -> None:
    names = ("Trần Văn Ánh", "Lê Thị Ân", "Đỗ Bình", "Hoàng An")
    rows = [replace(row, name=name) for row, name in zip(view.results, names, strict=False)]
    best = next(row.self_scores for row in view.results if row.self_scores.complete)
    rows = [replace(row, self_scores=best if row.name != "Lê Thị Ân" else Scores()) for row in rows]
    page = tmp_path / "page.html"
    page.write_bytes(draw_page(replace(view, results=tuple(rows))))

    browser.open(page)
    browser.click('button[data-sort="1"]')
    assert browser.visible("#people-list tbody th") == ["Hoàng An", "Trần Văn Ánh", "Lê Thị Ân", "Đỗ Bình"]
    browser.click('button[data-sort="4"]')
    assert browser.visible("#people-list tbody th")[-1] == "Lê Thị Ân"
    browser.click('button[data-sort="4"]')
    assert browser.visible("#people-list tbody th")[-1] == "Lê Thị Ân"


def test_many_people_are_shown_a_page_at_a_time_and_found(view: WeekView, browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(draw_page(_many(view, 300)))

    browser.open(page)
    assert len(browser.visible("#people-list tbody tr")) == 100
    browser.click("#later")
    assert browser.visible("#page-number") == ["Trang 2/3"]
    browser.type("search", "nguoi thu 299")
    assert browser.visible("#people-list tbody th") == ["Người Thứ 299"]
    assert browser.complaints() == []


@pytest.mark.parametrize("width", [320, 390, 1366])
def test_nothing_is_cut_off_at_the_width_of_a_phone_or_a_laptop(
    view: WeekView, browser: Browser, tmp_path: Path, width: int
) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(draw_page(view))

    browser.open(page, width=width)

    assert browser.run("return document.documentElement.scrollWidth") <= width


def test_on_paper_every_character_can_be_read_and_every_sheet_has_the_heads_of_its_list(
    view: WeekView, browser: Browser, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(draw_page(_many(view, 120)))

    browser.open(page)
    sheets = browser.print(tmp_path / "page.pdf").pages
    sizes: list[Decimal] = []
    for sheet in sheets:
        # Chromium writes the size of letters into the text matrix as well.
        sheet.extract_text(
            visitor_text=lambda text, cm, tm, _, size: (
                sizes.append(Decimal(str(round(size * abs(tm[3]) * abs(cm[3]), 2)))) if text.strip() else None
            )
        )
    texts = [unicodedata.normalize("NFC", "".join(sheet.extract_text().split())) for sheet in sheets]
    lists = [text for text in texts if "X-00" in text]

    assert min(sizes) >= Decimal("8.4")
    assert len(lists) > 1
    assert all("Họvàtên" in text for text in lists)
    assert all("Lưuhànhnộibộ" in text for text in texts)
