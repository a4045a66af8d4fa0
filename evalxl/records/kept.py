"""Records which files on the shares evalxl wrote, and archives all others before they are replaced or removed.

The ledger knows what was issued. Masters, receipts and pages can be drawn again and are in no ledger.
So every written file is noted here with its SHA-256 and its path, one line per file.
The notes may be deleted at any time: the files on the shares are then archived once before they are replaced.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from evalxl.records.archive import Archive, digest_of
from evalxl.records.publish import OURS_ALONE, publish

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_FOLDER = re.compile(r"(?:\{[^}]*\}/)?(\d{4}-W\d\d|periods)/")  # the folder in a path as the ledger writes it
_ELSEWHERE = "share"
_MANY = 2_000  # lines of one list above which it is written anew, without outdated lines


class Notes:
    """What evalxl wrote into the folder of a week, or of the periods.

    Attributes:
        new: The folder had no notes before: the office comes from an earlier version, or the notes were lost.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        digests_by_place: dict[str, list[str]] = {}
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            text = ""
        lines = [match for line in text.splitlines() if (match := _LINE.fullmatch(line))]
        for match in lines:
            digests_by_place.setdefault(match[2], []).append(match[1])
        self.new, self._whole_line = not lines, text.endswith("\n") or not text
        self.digests = {match[1] for match in lines}
        if len(lines) > _MANY and len(lines) > 4 * len(digests_by_place):
            self._rewrite(digests_by_place)

    def add(self, name: str, digest: str) -> None:
        """Note that bytes are about to be written. If the note cannot be written, the cost is one more blob in the archive."""
        if digest in self.digests:
            return
        self.digests.add(digest)
        line = f"{digest}  {' '.join(name.split())}\n"
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(exist_ok=True)
            with self.path.open("ab") as file:
                # An interrupted run may have left half a line.
                file.write(("" if self._whole_line else "\n").encode() + line.encode("utf-8", "replace"))
            self._whole_line = True

    def _rewrite(self, digests_by_place: dict[str, list[str]]) -> None:
        """Keep for each path the present hash and the one before, in case a run was interrupted."""
        lines = [f"{digest}  {name}\n" for name, digests in digests_by_place.items() for digest in digests[-2:]]
        with contextlib.suppress(Exception):
            publish(self.path, "".join(lines).encode(), OURS_ALONE)
            self._whole_line = True


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

    def goes_out(self, path: Path, digest: str) -> None:
        with self._lock:
            name = self._relative(path)
            self._notes_of(name).add(name, digest)

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
