"""The entry point: global options before or after the command, exit codes, and the log.

0: done; 1: done with findings; 2: the operator's error (one sentence); 3: somebody else is at work. A traceback is never shown.
With `--json` the sentence for 2 and 3 is JSON on standard output.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from evalxl.domain.errors import EvalxlError, where_it_happened
from evalxl.domain.names import on_one_line
from evalxl.words import Lang, say

if TYPE_CHECKING:
    from evalxl.excel.returned.workers import Examiner

_GLOBAL = {"--office": True, "--lang": True, "--json": False}


def main(
    arguments: Sequence[str] | None = None,
    now: Callable[[], datetime] = datetime.now,
    examiner: Examiner | None = None,
) -> int:
    """Run evalxl.

    Args:
        arguments: The words after the program's name; None for those of the command line.
        now: The clock.
        examiner: Examines returned files, for callers that run many commands; None for worker processes of this call.

    Returns:
        The exit code.
    """
    _speak_utf8()
    words = hoisted(list(sys.argv[1:] if arguments is None else arguments))
    from evalxl.cli.program import run, spoken

    for_programs = "--json" in words[: words.index("--") if "--" in words else None]
    try:
        return run(words, now, examiner)
    except EvalxlError as slip:
        _tell(slip.key, slip.sentence(language_of(words) or spoken()), for_programs)
        return slip.exit_code
    except KeyboardInterrupt:
        _tell("slip.interrupted", say("slip.interrupted", language_of(words) or spoken()), for_programs)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as slip:
        _tell(*_unforeseen(slip, language_of(words) or spoken()), for_programs)
        return 2


def _tell(key: str, sentence: str, for_programs: bool) -> None:
    """Print why a call failed: for people on the error stream, for programs as JSON on standard output."""
    message = on_one_line(sentence)
    if for_programs:
        error = {"kind": key.rpartition(".")[2], "message": message}
        print(json.dumps({"error": error}, ensure_ascii=False, indent=2))
    else:
        from evalxl.cli.program import told

        print(told(message), file=sys.stderr)


def _unforeseen(slip: Exception, lang: Lang) -> tuple[str, str]:
    """The key and sentence shown for an unforeseen error. The log has its place."""
    from evalxl.cli.log import write_log

    log = write_log(where_it_happened(slip))
    if isinstance(slip, OSError):  # a disk, a share or a permission failed during the run
        reason = slip.strerror or type(slip).__name__
        path = slip.filename or say("slip.some_disk", lang)
        return "slip.disk_failed", say("slip.disk_failed", lang, path=path, reason=reason)
    return "slip.crashed", say("slip.crashed", lang, log=log)


def hoisted(words: list[str]) -> list[str]:
    """The words with the three global options moved to the front."""
    front: list[str] = []
    rest: list[str] = []
    position = 0
    while position < len(words):
        word = words[position]
        if word == "--":
            rest += words[position:]
            break
        name, equals, _ = word.partition("=")
        if name in _GLOBAL and (equals or not _GLOBAL[name]):
            front.append(word)
        elif word in _GLOBAL:
            front += words[position : position + 2]
            position += 1
        else:
            rest.append(word)
        position += 1
    return front + rest


def language_of(words: Sequence[str]) -> Lang | None:
    """The language requested on the command line; None if there is none."""
    for position, word in enumerate(words):
        asked = word.partition("=")[2] if word.startswith("--lang=") else ""
        if word == "--lang" and position + 1 < len(words):
            asked = words[position + 1]
        if asked in ("vi", "en"):
            return "en" if asked == "en" else "vi"
    return None


def _speak_utf8() -> None:
    """Write UTF-8 on every console, for Vietnamese: Windows consoles and pipes have their own code pages."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def console() -> None:
    """The program `evalxl`.

    A run over a year of thousands of people creates millions of values that live until they are counted. With garbage collection this rare, the run takes
    two thirds of the time; the uncollected garbage is a few megabytes.
    """
    gc.set_threshold(50_000)
    sys.exit(main())


if __name__ == "__main__":
    console()
