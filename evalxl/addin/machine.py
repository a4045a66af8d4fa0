"""The machine of an add-in, and the paths of the add-in's files on it: per user, without administrator rights.

exe.txt       the command that starts the program
office.txt    the office folder that was chosen
version.txt   the version of the installed program
agent.txt     the heartbeat of `evalxl agent`
jobs/         a folder per job (see `protocol`)
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

System = Literal["windows", "mac", "linux"]

EXE, OFFICE, VERSION, AGENT, JOBS = "exe.txt", "office.txt", "version.txt", "agent.txt", "jobs"


@dataclass(frozen=True, slots=True)
class Machine:
    """The facts that paths depend on: the system, the user's home, and the environment.

    Attributes:
        is_root: Whether the user is the system's administrator, for whom LibreOffice does not install extensions.
    """

    system: System
    home: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    is_root: bool = False

    def folder(self, variable: str, *otherwise: str) -> Path:
        """The folder named by an environment variable, else one below the home."""
        named = self.environ.get(variable, "")
        return Path(named) if named else self.home.joinpath(*otherwise)

    @property
    def addin_home(self) -> Path:
        """The folder through which the add-ins, the program and the agent find each other."""
        if self.environ.get("EVALXL_HOME"):
            return Path(self.environ["EVALXL_HOME"])
        if self.system == "windows":
            return self.folder("APPDATA", "AppData", "Roaming") / "evalxl"
        if self.system == "mac":
            return self.home / "Library" / "Application Support" / "evalxl"
        return self.folder("XDG_CONFIG_HOME", ".config") / "evalxl"


def this_machine() -> Machine:
    """The machine on which the program runs."""
    system: System = "windows" if os.name == "nt" else "mac" if sys.platform == "darwin" else "linux"
    root = system != "windows" and os.geteuid() == 0
    return Machine(system, Path.home(), dict(os.environ), root)
