"""The whole program: each module of commands puts its own into it."""

from evalxl.cli import addin_commands, commands, job_commands, period_commands
from evalxl.cli.app import app, run, spoken

__all__ = ["addin_commands", "app", "commands", "job_commands", "period_commands", "run", "spoken"]
