"""evalxl as a button sees it: answers a job by a play that the test wrote, and notes what it was asked.

Runs alone, under any Python. The play is `play.json` in the folder EVALXL_HOME:
`steps` is a list of `[state, percent, message, seconds until the next]`, `result` the lines of result.txt;
a step whose state is `wait for cancel` lasts until the client asks to stop; the line `ask` is left out where the client says that somebody agreed.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path


def put(path: Path, text: str) -> None:
    beside = path.with_name(path.name + ".tmp")
    beside.write_bytes(text.encode("utf-16-le"))
    beside.replace(path)


def main() -> None:
    home = Path(os.environ["EVALXL_HOME"])
    job = Path(sys.argv[sys.argv.index("--job-dir") + 1])
    request = (job / "request.txt").read_bytes().decode("utf-16-le")
    asked = dict(line.split("=", 1) for line in request.splitlines())
    (home / "asked.json").write_text(json.dumps({"words": sys.argv[1:], "request": asked}), encoding="utf-8")
    play = json.loads((home / "play.json").read_text(encoding="utf-8"))
    for state, percent, message, seconds in play["steps"]:
        if state == "wait for cancel":
            until = time.monotonic() + 20
            while not (job / "cancel").exists() and time.monotonic() < until:
                time.sleep(0.05)
            continue
        if state in {"ok", "warn", "fail", "cancelled"}:
            said = {key: value for key, value in play["result"].items() if key != "ask" or "yes" not in asked}
            put(job / "result.txt", "".join(f"{key}={value}\n" for key, value in said.items()))
        put(job / "status.txt", f"{state}|{percent}|{message}")
        time.sleep(seconds)


if __name__ == "__main__":
    main()
