"""The entry: options that stand before or after the command, exit codes, and the log that nobody's screen sees.

0 is fine, 1 finished with findings, 2 the operator's slip (one sentence), 3 somebody else is at work. Nobody ever sees a traceback.
With `--json` the sentence of 2 and 3 stands as JSON on standard output.
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
    from evalxl.excel.workers import Examiner

_GLOBAL = {"--office": True, "--lang": True, "--json": False}


def main(
    arguments: Sequence[str] | None = None,
    now: Callable[[], datetime] = datetime.now,
    examiner: Examiner | None = None,
) -> int:
    """Run evalxl.

    Args:
        arguments: The words after the program's name; those of the command line where None.
        now: The clock.
        examiner: Who examines returned files, for whoever calls many times in a row; worker processes of the call where None.

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
    """Say why nothing came of a call: people read it on the error stream, programs as JSON on standard output."""
    message = on_one_line(sentence)
    if for_programs:
        error = {"kind": key.rpartition(".")[2], "message": message}
        print(json.dumps({"error": error}, ensure_ascii=False, indent=2))
    else:
        print(message, file=sys.stderr)


def _unforeseen(slip: Exception, lang: Lang) -> tuple[str, str]:
    """Which slip an unforeseen one is told as, and its sentence; the log has where it happened."""
    from evalxl.cli.log import write_log

    log = write_log(where_it_happened(slip))
    if isinstance(slip, OSError):  # a disk, a share or a right that failed in the middle
        reason = slip.strerror or type(slip).__name__
        path = slip.filename or say("slip.some_disk", lang)
        return "slip.disk_failed", say("slip.disk_failed", lang, path=path, reason=reason)
    return "slip.crashed", say("slip.crashed", lang, log=log)


def hoisted(words: list[str]) -> list[str]:
    """The same words with the three global options in front, wherever they stood."""
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
    """The language asked for on the command line; None where none is."""
    for position, word in enumerate(words):
        asked = word.partition("=")[2] if word.startswith("--lang=") else ""
        if word == "--lang" and position + 1 < len(words):
            asked = words[position + 1]
        if asked in ("vi", "en"):
            return "en" if asked == "en" else "vi"
    return None


def _speak_utf8() -> None:
    """Vietnamese on every console: Windows consoles and pipes have code pages of their own."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def console() -> None:
    """The program `evalxl`.

    A run over a year of thousands of people makes millions of values that stay until they are counted. Looked through as seldom as this, they take two
    thirds of the time; what is thrown away meanwhile is a few megabytes.
    """
    gc.set_threshold(50_000)
    sys.exit(main())


if __name__ == "__main__":
    console()
