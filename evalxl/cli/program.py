"""The complete program: each module of commands adds its commands to it."""

from evalxl.cli import addin_commands, commands, job_commands, period_commands
from evalxl.cli.app import app, run, spoken, told

__all__ = ["addin_commands", "app", "commands", "job_commands", "period_commands", "run", "spoken", "told"]
