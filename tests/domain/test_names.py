"""Vietnamese names sort by given name, then family name, then middle names; both tone styles are one name."""

from __future__ import annotations

import random
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalxl.domain.names import ascii_slug, code_key, folded, name_key, same_words

# In the order of a Vietnamese list: letters a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y of the given name, then its tone
# (ngang, huyền, hỏi, ngã, sắc, nặng), then the family name, then the middle names.
IN_ORDER = """
Lê Văn An
Nguyễn An
Nguyễn Thị An
Nguyễn Văn An
Trần An
Vũ Ngọc Anh
Bùi Thị Ảnh
Lê Thị Ánh
Trần Thị Ánh
Hoàng Thiên Ân
Phạm Văn Ba
Đỗ Xuân Bách
Đào Văn Bạch
Lý Văn Bằng
Ngô Thị Bích
Lê Thanh Bình
Hồ Thị Châu
Mai Quốc Chính
Phan Thị Cúc
Trịnh Quốc Cương
Đinh Mạnh Cường
Đặng Thị Dung
Nguyễn Tiến Dũng
Trần Đức Duy
Lê Thùy Dương
Nguyễn Thị Đào
Nguyễn Thành Đạt
Phạm Hải Đăng
Vũ Đình Đông
Bùi Văn Đồng
Lê Minh Đức
Đỗ Thị Én
Trần Hương Giang
Nguyễn Thu Hà
Đoàn Thị Hạ
Lê Hoàng Hải
Phạm Thị Hạnh
Ngô Thị Hảo
Dương Thị Hằng
Đặng Gia Hân
Tạ Văn Hậu
Phùng Thị Hiền
Cao Thị Hiển
Trương Trung Hiếu
Lê Thị Hoa
Lê Thị Hòa
Lê Thị Hóa
Nguyễn Thị Hoài
Trần Huy Hoàng
Nguyễn Thị Hồng
Phạm Thị Huệ
Bùi Mạnh Hùng
Lê Thị Hương
Lê Thị Hường
Vũ Thị Ích
Trần Quốc Khánh
Nguyễn Đăng Khoa
Hà Thị Lan
Lâm Văn Long
Tô Văn Lộc
Lưu Văn Lợi
Đỗ Thị Mơ
Nguyễn Hà My
Nguyễn Hà Mỹ
Ninh Văn Phúc
Lê Đình Quý
Hứa Văn Sỹ
Trần Đại Tấn
Trần Đại Tân Tiến
Nguyễn Thị Út
Nguyễn Tố Uyên
Lê Thị Ước
Nguyễn Thị Vân
Đào Quang Vinh
Quách Thị Xuân
Lò Thị Ý
Nguyễn Thị Yên
Nguyễn Thị Yến
""".strip().splitlines()

vietnamese = st.sampled_from(IN_ORDER)


@pytest.mark.parametrize("seed", range(20))
def test_a_list_of_names_sorts_as_the_office_would_write_it(seed: int) -> None:
    shuffled = random.Random(seed).sample(IN_ORDER, len(IN_ORDER))

    assert sorted(shuffled, key=name_key) == IN_ORDER


def test_the_given_name_is_the_last_word() -> None:
    assert name_key("Nguyễn Văn An") < name_key("An Văn Nguyễn")


def test_letters_come_before_tones() -> None:
    assert name_key("Lê Hậu") < name_key("Lê Hiên")  # ậ before i, whatever the tone
    assert (
        name_key("Lê Ma")
        < name_key("Lê Mà")
        < name_key("Lê Mả")
        < name_key("Lê Mã")
        < name_key("Lê Má")
        < name_key("Lê Mạ")
    )
    assert name_key("Lê Mạ") < name_key("Lê Mai")


def test_both_tone_styles_are_one_name_and_no_tone_is_another() -> None:
    assert name_key("Lê Thị Hòa") == name_key("Lê Thị Hoà")
    assert name_key("Lê Thị Thúy") == name_key("Lê Thị Thuý")
    assert name_key("Lê Thị Hoa") != name_key("Lê Thị Hòa")
    assert same_words("Ủy ban  kiểm tra", "uỷ ban kiểm tra")
    assert same_words("Hòa", "HOÀ")
    assert not same_words("Hoa", "Hòa")
    assert not same_words("Hòa", "Hóa")
    assert not same_words("Lan", "Lân")
    assert not same_words("Ủy ban", "Uy bản")


@given(vietnamese)
def test_how_a_name_is_encoded_and_spaced_does_not_matter(name: str) -> None:
    decomposed = unicodedata.normalize("NFD", name)

    assert name_key(decomposed) == name_key(name)
    assert name_key(f"  {name.replace(' ', '  ')} ") == name_key(name)
    assert name_key(name.upper()) == name_key(name)
    assert folded(decomposed) == folded(name.upper())
    assert ascii_slug(decomposed) == ascii_slug(name)


@given(st.lists(st.text(max_size=12), max_size=6))
def test_anything_that_stands_in_a_name_cell_can_be_sorted(names: list[str]) -> None:
    in_order = sorted(names, key=name_key)

    assert all(name_key(first) <= name_key(second) for first, second in pairwise(in_order))


def test_a_nameless_row_comes_first() -> None:
    assert min(["Lê An", "", "An"], key=name_key) == ""


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Nguyễn Thị Đào", "nguyen-thi-dao"),
        ("ĐỖ ĐỨC Ưởng", "do-duc-uong"),
        ("Hoà", "hoa"),
        (" H'Hen  Niê (Êđê) ", "h-hen-nie-ede"),
        ("Lê Văn A/B", "le-van-a-b"),
        ("李", ""),
        ("", ""),
    ],
)
def test_a_name_becomes_a_file_name_that_every_system_takes(name: str, slug: str) -> None:
    assert ascii_slug(name) == slug


@given(st.text())
def test_a_file_name_never_holds_anything_but_small_letters_digits_and_hyphens(text: str) -> None:
    assert set(ascii_slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_codes_are_compared_without_case_and_encoding() -> None:
    assert code_key("LĐ-01") == code_key(" lđ-01 ") == code_key(unicodedata.normalize("NFD", "LĐ-01"))
    assert code_key("VỤ") == code_key("vụ")
    assert code_key("0012") != code_key("12")
    assert code_key("LD") != code_key("LĐ")
