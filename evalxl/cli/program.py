"""The whole program: each module of commands puts its own into it."""

from evalxl.cli import commands, period_commands
from evalxl.cli.app import app, run, spoken

__all__ = ["app", "commands", "period_commands", "run", "spoken"]
