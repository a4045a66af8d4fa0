"""Who can read a folder: what mode bits, access control lists and `icacls` say of wide circles."""

from __future__ import annotations

import os
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from evalxl.records.rights import EVERYBODY, acl_entries, icacls_readers, wide_readers

# As Microsoft documents what icacls prints; nobody has run it on Windows for these tests yet.
RECORDED = r"""D:\danh gia\quan-ly BUILTIN\Users:(OI)(CI)(RX)
                    NT AUTHORITY\Authenticated Users:(I)(M)
                    COQUAN\GG_VanPhong:(OI)(CI)(F)
                    COQUAN\Domain Users:(OI)(CI)(IO)(GR,GE)
                    Everyone:(DENY)(W)
                    NT AUTHORITY\SYSTEM:(OI)(CI)(F)
                    CREATOR OWNER:(OI)(CI)(IO)(F)
                    *S-1-5-32-546:(R)

Successfully processed 1 files; Failed processing 0 files
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder to which the way is open, as it is on a share."""
    with tempfile.TemporaryDirectory() as top:
        Path(top).chmod(0o755)
        inner = Path(top) / "quan-ly"
        inner.mkdir()
        yield inner


@pytest.mark.parametrize(
    ("mode", "who"), [(0o700, ()), (0o770, ()), (0o775, (EVERYBODY,)), (0o774, (EVERYBODY,)), (0o771, ())]
)
def test_everybody_reads_what_the_mode_lets_others_read(folder: Path, mode: int, who: tuple[str, ...]) -> None:
    folder.chmod(mode)

    assert wide_readers(folder) == who


def test_a_folder_to_which_nobody_can_go_is_not_open(folder: Path) -> None:
    folder.chmod(0o755)
    folder.parent.chmod(0o700)

    assert wide_readers(folder) == ()


def test_a_folder_that_is_away_says_nothing(folder: Path) -> None:
    assert wide_readers(folder / "khác") is None


def test_a_group_of_everybody_in_an_access_control_list_counts_as_the_mask_lets_it(folder: Path) -> None:
    def entries(mask: int) -> bytes:
        tagged = [
            (0x01, 7, 0xFFFFFFFF),
            (0x04, 0, 0xFFFFFFFF),
            (0x08, 5, 100),
            (0x10, mask, 0xFFFFFFFF),
            (0x20, 0, 0xFFFFFFFF),
        ]
        return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *one) for one in tagged)

    assert (0x08, 5, 100) in acl_entries(entries(7))
    assert (0x08, 0, 100) in acl_entries(entries(0))
    if hasattr(os, "setxattr"):
        folder.chmod(0o700)
        try:
            os.setxattr(folder, "system.posix_acl_access", entries(7))
        except OSError:
            return  # this disk keeps no lists
        assert wide_readers(folder) == ("users",)


def test_wide_circles_are_found_in_what_icacls_prints() -> None:
    assert icacls_readers(RECORDED, r"D:\danh gia\quan-ly") == (
        r"BUILTIN\Users",
        r"NT AUTHORITY\Authenticated Users",
        r"COQUAN\Domain Users",
        "*S-1-5-32-546",
    )


def test_a_folder_of_named_groups_alone_is_not_told_and_what_is_denied_is_not_open() -> None:
    closed = "D:\\x COQUAN\\GG_VanPhong:(OI)(CI)(F)\n     NT AUTHORITY\\SYSTEM:(OI)(CI)(F)\n"
    denied = "D:\\x Everyone:(DENY)(F)\n     Everyone:(OI)(CI)(R)\n"
    writes_only = "D:\\x Everyone:(OI)(CI)(W)\n"

    assert [icacls_readers(text, "D:\\x") for text in (closed, denied, writes_only)] == [(), (), ()]
