"""Records which files on the shares evalxl wrote, and archives all others before they are replaced or removed.

The ledger knows what was issued. Masters, receipts and pages can be drawn again and are in no ledger.
So every written file is noted here with its SHA-256 and its path, one line per file. A file that was drawn has a second SHA-256 in its line: of what
it was drawn from. As long as both are as noted, it need not be drawn again.
The notes may be deleted at any time: the files on the shares are then archived once before they are replaced, and everything is drawn again.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from evalxl.records.archive import Archive, digest_of
from evalxl.records.publish import OURS_ALONE, publish

_LINE = re.compile(r"([0-9a-f]{64})  (?:([0-9a-f]{64})  )?(.+)")
_FOLDER = re.compile(r"(?:\{[^}]*\}/)?(\d{4}-W\d\d|periods)/")  # the folder in a path as the ledger writes it
_ELSEWHERE = "share"
_MANY = 2_000  # lines of one list above which it is written anew, without outdated lines


class Notes:
    """What evalxl wrote into the folder of a week, or of the periods.

    Attributes:
        new: The folder had no notes before: the office comes from an earlier version, or the notes were lost.
        last: By path: the hash last written, and the hash of what it was drawn from (empty if not noted).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        lines_by_place: dict[str, list[tuple[str, str]]] = {}
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            text = ""
        lines = [match for line in text.splitlines() if (match := _LINE.fullmatch(line))]
        for match in lines:
            lines_by_place.setdefault(match[3], []).append((match[1], match[2] or ""))
        self.new, self._whole_line = not lines, text.endswith("\n") or not text
        self.digests = {match[1] for match in lines}
        self.last = {name: written[-1] for name, written in lines_by_place.items()}
        if len(lines) > _MANY and len(lines) > 4 * len(lines_by_place):
            self._rewrite(lines_by_place)

    def add(self, name: str, digest: str, drawn_from: str = "") -> None:
        """Note that bytes are about to be written. If the note cannot be written, the cost is one more blob in the archive, or one more drawing."""
        name = " ".join(name.split())
        before = self.last.get(name, ("", ""))
        if digest in self.digests and ((digest, drawn_from) == before or not (drawn_from or before[1])):
            return
        self.digests.add(digest)
        self.last[name] = digest, drawn_from
        line = _line(digest, drawn_from, name)
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(exist_ok=True)
            with self.path.open("ab") as file:
                # An interrupted run may have left half a line.
                file.write(("" if self._whole_line else "\n").encode() + line.encode("utf-8", "replace"))
            self._whole_line = True

    def _rewrite(self, lines_by_place: dict[str, list[tuple[str, str]]]) -> None:
        """Keep for each path the present hash and the one before, in case a run was interrupted."""
        lines = [_line(*written, name) for name, all_written in lines_by_place.items() for written in all_written[-2:]]
        with contextlib.suppress(Exception):
            publish(self.path, "".join(lines).encode(), OURS_ALONE)
            self._whole_line = True


def _line(digest: str, drawn_from: str, name: str) -> str:
    return "  ".join(part for part in (digest, drawn_from, name) if part) + "\n"


class ShareKeeper:
    """Archives what people wrote on the shares before it is replaced: a `publish.Keeper`.

    Attributes:
        kept: By path, the hash of somebody else's file that was archived before it was replaced.
    """

    def __init__(self, archive: Archive, folder: Path, relative: Callable[[Path], str]) -> None:
        self.kept: dict[str, str] = {}
        self._archive, self._folder, self._relative = archive, folder, relative
        self._notes: dict[str, Notes] = {}
        self._lock = Lock()

    def goes_out(self, path: Path, digest: str, drawn_from: str = "") -> None:
        with self._lock:
            name = self._relative(path)
            self._notes_of(name).add(name, digest, drawn_from)

    def last_drawn(self, path: Path, drawn_from: str) -> str:
        with self._lock:
            name = self._relative(path)
            digest, source = self._notes_of(name).last.get(" ".join(name.split()), ("", ""))
        return digest if drawn_from == source else ""

    def keep_first(self, path: Path, data: bytes) -> bool:
        digest, name = digest_of(data), self._relative(path)
        with self._lock:
            notes = self._notes_of(name)
            if digest in notes.digests or self._archive.find(digest) is not None:
                return True
            self._archive.keep(data, ".xlsx" if path.suffix.lower() == ".xlsx" else ".bin")
            if not notes.new:
                self.kept[name] = digest
            return False

    def _notes_of(self, name: str) -> Notes:
        match = _FOLDER.match(name)
        label = match[1] if match else _ELSEWHERE
        if label not in self._notes:
            self._notes[label] = Notes(self._folder / f"{label}.txt")
        return self._notes[label]
