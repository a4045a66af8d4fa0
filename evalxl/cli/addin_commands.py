"""The commands of the add-ins, and of the agent that works for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evalxl.cli.app import app, asked, clock, show

if TYPE_CHECKING:
    from evalxl.steps.admin.doctor import DoctorLine

addin = typer.Typer(
    help="The buttons in Excel and LibreOffice. · Thanh nút trong Excel và LibreOffice.", no_args_is_help=True
)
app.add_typer(addin, name="addin")


@addin.command("build")
def addin_build(
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="Where to, instead of where they are shipped.")
    ] = None,
) -> None:
    """Make evalxl.xlam and evalxl.oxt from their sources. · Tạo thanh nút."""
    from evalxl.addin.build import build as step

    show(step(to))


@addin.command("install")
def addin_install() -> None:
    """Put the buttons into this user's Excel and LibreOffice; --office chooses the office. · Cài thanh nút."""
    from evalxl.addin.install import install, run_quietly, shipped_addins
    from evalxl.addin.machine import this_machine
    from evalxl.addin.program import this_program
    from evalxl.steps.admin.doctor import Diagnosis

    machine = this_machine()
    program = this_program(machine.system)
    show(Diagnosis(tuple(install(machine, program, asked().named_office, shipped_addins(), run_quietly))))


@addin.command("uninstall")
def addin_uninstall() -> None:
    """Take the buttons away again, and the agent from the logon. · Gỡ thanh nút."""
    from evalxl.addin.install import run_quietly, shipped_addins, uninstall
    from evalxl.addin.logon import not_at_logon
    from evalxl.addin.machine import this_machine
    from evalxl.steps.admin.doctor import Diagnosis

    machine = this_machine()
    not_at_logon(machine)
    show(Diagnosis(tuple(uninstall(machine, shipped_addins(), run_quietly))))


@addin.command("status")
def addin_status() -> None:
    """How the buttons stand on this machine. · Tình trạng thanh nút."""
    from evalxl.steps.admin.doctor import Diagnosis

    show(Diagnosis(tuple(state_of_buttons())))


def state_of_buttons() -> list[DoctorLine]:
    """The state of this user's buttons and agent."""
    from evalxl.addin.agent import running_agent
    from evalxl.addin.install import look, run_quietly, shipped_addins
    from evalxl.addin.logon import logon_file
    from evalxl.addin.machine import this_machine
    from evalxl.steps.admin.doctor import DoctorLine

    machine = this_machine()
    lines = look(machine, shipped_addins(), run_quietly)
    beat = running_agent(machine.addin_home, clock().now)
    if beat is not None:
        lines.append(DoctorLine("install.agent_running", {"version": beat.version}))
    at_logon = logon_file(machine)
    if at_logon.is_file():
        lines.append(DoctorLine("install.at_logon", {"file": str(at_logon)}))
    return lines


agent = typer.Typer(
    help="Do the buttons' jobs without Excel starting a program. · Chạy nền thay cho thanh nút.",
    invoke_without_command=True,
)
app.add_typer(agent, name="agent")

Every = Annotated[
    int, typer.Option("--every", metavar="MINUTES", min=0, help="Consolidate by itself so often; 0 is never.")
]
From = Annotated[str, typer.Option("--from", metavar="HH:MM", help="From when on it does so.")]
To = Annotated[str, typer.Option("--to", metavar="HH:MM", help="Until when it does so.")]


@agent.callback(invoke_without_command=True)
def agent_run(context: typer.Context, every: Every = 0, first: From = "07:30", last: To = "18:00") -> None:
    """Do the buttons' jobs without Excel starting a program, until it is stopped. · Chạy nền thay cho thanh nút."""
    if context.invoked_subcommand is not None:
        return
    import signal
    import subprocess
    import threading

    from evalxl.addin.agent import Agent, Schedule, command_for
    from evalxl.addin.machine import this_machine
    from evalxl.addin.program import this_program
    from evalxl.cli.show import SaidOnce

    machine, named = this_machine(), asked().named_office
    program = [*this_program(machine.system), *(("--office", str(named.absolute())) if named else ())]
    ends = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ends.set())

    def start(folder: Path) -> subprocess.Popen[bytes]:
        nothing = subprocess.DEVNULL
        window = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        words = command_for(program, folder)
        return subprocess.Popen(words, stdin=nothing, stdout=nothing, stderr=nothing, creationflags=window)

    Agent(machine, lambda: clock().now, start, Schedule.parse(every, first, last), asked().says).run(ends.wait)
    show(SaidOnce("agent.ended", {}))


@agent.command("install")
def agent_install(every: Every = 0, first: From = "07:30", last: To = "18:00") -> None:
    """Have the agent started at logon. · Tự chạy nền khi đăng nhập."""
    from evalxl.addin.agent import Schedule
    from evalxl.addin.logon import start_at_logon
    from evalxl.addin.machine import this_machine
    from evalxl.addin.program import this_program
    from evalxl.cli.show import SaidOnce

    Schedule.parse(every, first, last)
    machine = this_machine()
    hours = ["--every", str(every), "--from", first, "--to", last] if every else []
    show(
        SaidOnce("agent.at_logon", {"file": start_at_logon(machine, [*this_program(machine.system), "agent", *hours])})
    )


@agent.command("uninstall")
def agent_uninstall() -> None:
    """Have the agent started at logon no more. · Thôi tự chạy nền khi đăng nhập."""
    from evalxl.addin.logon import not_at_logon
    from evalxl.addin.machine import this_machine
    from evalxl.cli.show import SaidOnce

    not_at_logon(this_machine())
    show(SaidOnce("agent.not_at_logon", {}))


@agent.command("stop")
def agent_stop() -> None:
    """End the agent that is running. · Dừng chạy nền."""
    from evalxl.addin.agent import STOP, running_agent
    from evalxl.addin.machine import this_machine
    from evalxl.cli.show import SaidOnce

    home = this_machine().addin_home
    if running_agent(home, clock().now) is None:
        show(SaidOnce("agent.none_running", {}))
        return
    (home / STOP).touch()
    show(SaidOnce("agent.asked_to_stop", {}))
