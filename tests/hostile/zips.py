"""Zip files as no program writes them, and what other files are when they are named .xlsx."""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from tests.hostile.case import Case, harmless, refused
from tests.hostile.good import Form

FIELDS = ("flags", "method", "crc", "packed", "size")


@dataclass(frozen=True)
class Entry:
    """One entry, and what its own header (`local`) or the directory (`central`) says of it instead of the truth."""

    name: bytes
    text: bytes
    method: int = 8
    flags: int = 0
    stream: bytes | None = None
    descriptor: bytes | None = None
    before: bytes = b""
    extra: bytes = b""
    local: Mapping[str, Any] = field(default_factory=dict)
    central: Mapping[str, Any] = field(default_factory=dict)

    def truth(self) -> tuple[bytes, dict[str, Any]]:
        stream = self.stream
        if stream is None:
            packing = zlib.compressobj(6, zlib.DEFLATED, -15)
            stream = packing.compress(self.text) + packing.flush() if self.method == 8 else self.text
        said = (self.flags, self.method, zlib.crc32(self.text), len(stream), len(self.text))
        return stream, {"name": self.name, **dict(zip(FIELDS, said, strict=True))}


def entries(form: Form) -> list[Entry]:
    return [Entry(name.encode(), text) for name, text in form.parts.items()]


def zipped(
    many: Sequence[Entry],
    end: Mapping[str, int] | None = None,
    remark: bytes = b"",
    after: bytes = b"",
    large: Mapping[str, int] | None = None,
    before_directory: bytes = b"",
) -> bytes:
    """A zip file of the entries; `end` and `large` are what its last records say instead of the truth."""
    out, directory = bytearray(), bytearray()
    for one in many:
        stream, truth = one.truth()
        out += one.before
        at = len(out)
        said = {**truth, **one.local}
        name = said["name"]
        out += struct.pack(
            "<4s5H3L2H",
            b"PK\3\4",
            20,
            said["flags"],
            said["method"],
            0,
            33,
            said["crc"],
            said["packed"],
            said["size"],
            len(name),
            len(one.extra),
        )
        out += name + one.extra + stream + (one.descriptor or b"")
        said = {**truth, "at": at, **one.central}
        name = said["name"]
        directory += struct.pack(
            "<4s6H3L5H2L",
            b"PK\1\2",
            20,
            20,
            said["flags"],
            said["method"],
            0,
            33,
            said["crc"],
            said["packed"],
            said["size"],
            len(name),
            0,
            0,
            0,
            0,
            0,
            said["at"],
        )
        directory += name
    out += before_directory
    start = len(out)
    out += directory
    last = {"disk": 0, "first": 0, "here": len(many), "count": len(many), "length": len(directory), "start": start}
    if large is not None:
        stop = len(out)
        more = {**last, **large}
        out += struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, *(more[k] for k in last))
        out += struct.pack("<4sLQL", b"PK\6\7", 0, stop, 1)
    last |= end or {}
    return bytes(out + struct.pack("<4s4H2LH", b"PK\5\6", *last.values(), len(remark)) + remark + after)  # fmt: skip


def _with(form: Form, part: str, **changed: Any) -> bytes:
    return zipped([replace(one, **changed) if one.name.decode() == part else one for one in entries(form)])


def zip_cases(rng: Random) -> Iterator[Case]:
    """The package, part by part and as a whole."""
    yield from _lies(rng)
    yield from _whole()
    yield from _names()
    yield from _sizes()


PARTS = (
    "[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "docProps/core.xml", "docProps/custom.xml", "xl/_rels/workbook.xml.rels",
    "xl/styles.xml", "xl/theme/theme1.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml",
    "xl/worksheets/sheet3.xml", "xl/worksheets/sheet4.xml",
)  # fmt: skip


def _lies(rng: Random) -> Iterator[Case]:
    odd = "file.odd_package"
    for part in PARTS:
        wrong = rng.randrange(1, 2**32)
        big = rng.randrange(10**6)
        yield refused(
            f"{part}: its own header has another checksum",
            odd,
            lambda f, p=part, w=wrong: _with(f, p, local={"crc": w}),
        )
        yield refused(
            f"{part}: the directory has another checksum",
            odd,
            lambda f, p=part, w=wrong: _with(f, p, central={"crc": w}),
        )
        yield refused(
            f"{part}: both have another checksum",
            "file.damaged",
            lambda f, p=part, w=wrong: _with(f, p, local={"crc": w}, central={"crc": w}),
        )
        yield refused(
            f"{part}: its own header has another size", odd, lambda f, p=part, b=big: _with(f, p, local={"size": b})
        )
        yield refused(
            f"{part}: both have a smaller size",
            "file.damaged",
            lambda f, p=part: _with(f, p, local={"size": 50}, central={"size": 50}),
        )
        yield refused(
            f"{part}: the directory has a gigabyte",
            "file.unpacks_too_large",
            lambda f, p=part: _with(f, p, central={"size": 10**9}),
        )
        yield refused(
            f"{part}: another name in its own header", odd, lambda f, p=part: _with(f, p, local={"name": b"x" * len(p)})
        )
        yield refused(
            f"{part}: another way of packing in its own header", odd, lambda f, p=part: _with(f, p, local={"method": 0})
        )
        yield refused(f"{part}: said to be encrypted", "file.encrypted", lambda f, p=part: _with(f, p, flags=1))
        yield refused(
            f"{part}: encrypted in its own header only", odd, lambda f, p=part: _with(f, p, local={"flags": 1})
        )
        yield refused(
            f"{part}: packed by LZMA", odd, lambda f, p=part: _with(f, p, central={"method": 14}, local={"method": 14})
        )
        yield refused(f"{part}: something before it", odd, lambda f, p=part: _with(f, p, before=b"PK\3\4" + bytes(40)))
        yield refused(f"{part}: something behind its packed bytes", "file.damaged", lambda f, p=part: _behind(f, p))
        yield refused(f"{part}: packed bytes broken", "file.damaged", lambda f, p=part: _broken(f, p))
        yield refused(
            f"{part}: its sizes follow, and lie",
            odd,
            lambda f, p=part: _with(
                f,
                p,
                flags=8,
                local={"crc": 0, "packed": 0, "size": 0},
                descriptor=struct.pack("<4s3L", b"PK\7\x08", 1, 2, 3),
            ),
        )
        yield refused(
            f"{part}: its sizes should follow, and do not",
            odd,
            lambda f, p=part: _with(f, p, flags=8, local={"crc": 0, "packed": 0, "size": 0}),
        )
        yield harmless(f"{part}: its sizes follow, as streaming programs write it", lambda f, p=part: _described(f, p))
        yield harmless(f"{part}: not packed", lambda f, p=part: _with(f, p, method=0))
        yield refused(
            f"{part}: twice, the second one empty", odd, lambda f, p=part: zipped([*entries(f), Entry(p.encode(), b"")])
        )
        yield refused(
            f"{part}: twice, the copy first", odd, lambda f, p=part: zipped([Entry(p.encode(), b"<x/>"), *entries(f)])
        )
        yield refused(
            f"{part}: a twin in other letters",
            odd,
            lambda f, p=part: zipped([*entries(f), Entry(p.upper().encode(), b"")]),
        )
        yield refused(
            f"{part}: lies upon the first entry",
            odd,
            lambda f, p=part: _with(f, p, central={"at": 0}) if p != PARTS[0] else _with(f, p, central={"at": 7}),
        )
        yield refused(f"{part}: lies upon the directory", odd, lambda f, p=part: _with(f, p, central={"at": 10**7}))


def _stream(form: Form, part: str) -> bytes:
    return next(one.truth()[0] for one in entries(form) if one.name.decode() == part)


def _behind(form: Form, part: str) -> bytes:
    return _with(form, part, stream=_stream(form, part) + b"behind")


def _broken(form: Form, part: str) -> bytes:
    stream = bytearray(_stream(form, part))
    stream[len(stream) // 2] ^= 0x10
    return _with(form, part, stream=bytes(stream))


def _described(form: Form, part: str) -> bytes:
    _, truth = next(one for one in entries(form) if one.name.decode() == part).truth()
    descriptor = struct.pack("<4s3L", b"PK\7\x08", truth["crc"], truth["packed"], truth["size"])
    return _with(form, part, flags=8, local={"crc": 0, "packed": 0, "size": 0}, descriptor=descriptor)


def _whole() -> Iterator[Case]:
    odd, cut = "file.odd_package", "file.cut_off"
    yield refused("a remark at the end", odd, lambda f: zipped(entries(f), remark=b"remark"))
    yield refused(
        "another directory's end in the remark", odd, lambda f: zipped(entries(f), remark=b"PK\5\6" + bytes(18))
    )
    yield refused("bytes after the end", odd, lambda f: f.data + b"\0")
    yield refused("a second form after the first", odd, lambda f: f.data + f.data)
    yield refused("a page before the form", "file.is_web_page", lambda f: b"<html>" + f.data)
    yield refused(
        "an entry that the directory does not know",
        odd,
        lambda f: zipped(entries(f), before_directory=b"PK\3\4" + bytes(50)),
    )
    yield refused("a program before the form", "file.not_xlsx", lambda f: b"MZ\x90\0" + bytes(60) + f.data)
    yield refused("an empty zip before the form", odd, lambda f: b"PK\5\6" + bytes(18) + f.data)
    for key, value in (
        ("disk", 1),
        ("first", 1),
        ("here", 1),
        ("count", 99),
        ("count", 0),
        ("length", 7),
        ("length", 0),
        ("start", 0),
        ("start", 10**9),
    ):
        yield refused(f"its end says {key} {value}", odd, lambda f, k=key, v=value: zipped(entries(f), end={k: v}))
    yield harmless("with records for large files", lambda f: zipped(entries(f), large={}))
    yield harmless(
        "with its end in the records for large files",
        lambda f: zipped(
            entries(f), large={}, end={"here": 0xFFFF, "count": 0xFFFF, "length": 0xFFFFFFFF, "start": 0xFFFFFFFF}
        ),
    )
    for key in ("disk", "here", "count", "length", "start"):
        yield refused(
            f"records for large files say another {key}", odd, lambda f, k=key: zipped(entries(f), large={k: 3})
        )
    yield harmless("its entries in another order", lambda f: zipped(entries(f)[::-1]))
    yield harmless("an empty folder as an entry", lambda f: zipped([*entries(f), Entry(b"xl/empty/", b"", method=0)]))
    yield refused(
        "a folder with something in it", odd, lambda f: zipped([*entries(f), Entry(b"xl/empty/", b"x", method=0)])
    )
    yield harmless(
        "padding in an entry's header, as Excel leaves it",
        lambda f: zipped([replace(one, extra=b"\x20\xa2\x04\0" + bytes(4)) for one in entries(f)]),
    )
    for share in (1, 2, 5, 10, 25, 50, 75, 90, 99):
        yield refused(f"cut off after {share} %", cut, lambda f, s=share: f.data[: len(f.data) * s // 100])
    for less in (1, 4, 21, 22, 23, 100):
        yield refused(f"cut off {less} bytes before its end", cut, lambda f, n=less: f.data[:-n])
    yield refused("its first kilobyte is a hole", "file.not_downloaded", lambda f: bytes(4096))
    yield refused("a hole in the middle", "file.damaged", lambda f: f.data[:12_000] + bytes(300) + f.data[12_300:])
    yield refused("all zero after the first bytes", cut, lambda f: f.data[:100] + bytes(len(f.data) - 100))
    yield refused(
        "lines ended as in a text",
        "file.cut_off",
        lambda f: f.data.replace(b"\n", b"\r\n").replace(b"PK\5\6", b"PK\r\n"),
    )


def _names() -> Iterator[Case]:
    odd = "file.odd_package"
    names: list[tuple[str, bytes]] = [
        ("an absolute name", b"/xl/media/a.png"), ("a name out of the folder", b"../../a.png"), ("a name out of a folder", b"xl/../../a.png"),
        ("a name in backslashes", b"xl\\media\\a.png"), ("a drive", b"C:/a.png"), ("a stream of a file", b"xl/media/a.png:b"),
        ("a dot as a folder", b"xl/./a.png"), ("two strokes", b"xl//a.png"), ("a dot at its end", b"xl/a.png."), ("a blank at its end", b"xl/a.png "),
        ("a line end in its name", b"xl/a\nb.png"), ("a zero in its name", b"xl/a\0b.png"), ("a bell in its name", b"xl/a\7.png"),
    ]  # fmt: skip
    for what, name in names:
        yield refused(f"a part with {what}", odd, lambda f, n=name: zipped([*entries(f), Entry(n, b"x")]))
    for composed in ("xl/ảnh.png", "xl/tệp.xml"):
        twins = [Entry(unicodedata.normalize(form, composed).encode(), b"x", flags=0x800) for form in ("NFC", "NFD")]
        yield refused(f"two spellings of {composed}", odd, lambda f, t=tuple(twins): zipped([*entries(f), *t]))
    yield harmless(
        "a picture with a Vietnamese name",
        lambda f: zipped([*entries(f), Entry("xl/media/ảnh.png".encode(), b"x", flags=0x800)]),
        "file.has_pictures",
    )
    yield harmless("a part that nobody knows", lambda f: f.packed({"xl/other/unknown.dat": b"x"}))


def _sizes() -> Iterator[Case]:
    large = "file.unpacks_too_large"
    yield refused(
        "401 parts", "file.too_many_parts", lambda f: f.packed({f"xl/media/{n}.png": b"" for n in range(401)})
    )
    yield refused(
        "10,000 parts", "file.too_many_parts", lambda f: f.packed({f"xl/media/{n}.png": b"" for n in range(10_000)})
    )
    yield refused("a part of 200 MB of zeros", large, lambda f: _bomb(f, "xl/media/a.png", 200))
    for part in (
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "xl/sharedStrings.xml",
        "docProps/custom.xml",
        "[Content_Types].xml",
    ):
        yield refused(f"{part} of 50 MB", large, lambda f, p=part: _bomb(f, p, 50))
        yield refused(f"{part} of 11 MB that hardly shrink", large, lambda f, p=part: _dense(f, p, 11))
    yield refused(
        "pictures of 60 MB together",
        large,
        lambda f: f.packed({f"xl/media/{n}.png": Random(n).randbytes(20_000) * 700 for n in range(3)}),
    )
    yield refused("a file of 21 MB", "file.too_large", lambda f: f.data + bytes(21 * 1024 * 1024 - len(f.data)))
    yield harmless(
        "a picture of 11 MB",
        lambda f: f.packed({"xl/media/a.png": Random(1).randbytes(11 * 1024 * 1024)}),
        "file.has_pictures",
    )
    yield refused("a zip in a zip in a zip", "file.is_archive", lambda f: _nested(f.data, 3))


def _bomb(form: Form, part: str, megabytes: int) -> bytes:
    packing = zlib.compressobj(1, zlib.DEFLATED, -15)
    chunk, crc, stream = bytes(1024 * 1024), 0, b""
    for _ in range(megabytes):
        stream += packing.compress(chunk)
        crc = zlib.crc32(chunk, crc)
    stream += packing.flush()
    said = {"crc": crc, "size": megabytes * 1024 * 1024}
    bomb = Entry(part.encode(), b"", stream=stream, local=said, central=said)
    return zipped([*(one for one in entries(form) if one.name.decode() != part), bomb])


def _dense(form: Form, part: str, megabytes: int) -> bytes:
    text = Random(megabytes).randbytes(1024 * 512).hex().encode() * megabytes
    return form.packed({part: text})


def _nested(data: bytes, times: int) -> bytes:
    for _ in range(times):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            package.writestr("phieu.xlsx", data)
        data = out.getvalue()
    return data
