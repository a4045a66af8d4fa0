"""The buttons in LibreOffice: start a job of evalxl in a process of its own, show how far it is, open what came of it.

Runs in LibreOffice's own Python, with nothing but its standard library and uno. The sentences come from evalxl's catalogue, in
`words.json` beside this file. A menu item calls `service:org.evalxl.Addin?JOB`; a macro of the office may name the week as well:
`service:org.evalxl.Addin?consolidate%202025-W23`, and is then asked nothing.
"""

from __future__ import annotations

import json
import os
import random
import shlex
import subprocess
import sys
import threading
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import uno
import unohelper
from com.sun.star.awt import XCallback
from com.sun.star.awt.MessageBoxButtons import BUTTONS_OK, BUTTONS_YES_NO
from com.sun.star.awt.MessageBoxType import ERRORBOX, INFOBOX, QUERYBOX
from com.sun.star.awt.PosSize import POS
from com.sun.star.beans import PropertyValue
from com.sun.star.container import XNamed
from com.sun.star.task import XJobExecutor

SERVICE = "org.evalxl.Addin"
OF_A_WEEK = ("consolidate", "issue", "who-is-missing", "close", "reopen")
ENDED = ("ok", "warn", "fail", "cancelled")
HEARTBEAT_SECONDS = 20
NO_ANSWER_SECONDS = float(os.environ.get("EVALXL_NO_ANSWER") or 60)
OK = 1
YES = 2


class Running:
    """The one job that runs, and what was said last; the same for every window of LibreOffice."""

    folder: Path | None = None
    said = ""


# Words, weeks, periods


def _words() -> dict:
    here = __file__ if not __file__.startswith("file:") else uno.fileUrlToSystemPath(__file__)
    return json.loads(Path(here).with_name("words.json").read_text(encoding="utf-8"))


WORDS = _words()
VERSION = WORDS["version"]


def iso_week(day: date) -> str:
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02d}"


def monday(week: str) -> date:
    return datetime.strptime(f"{week}-1", "%G-W%V-%u").date()


def shown_date(day: date) -> str:
    """As Vietnamese documents write a date: a zero before days below 10 and before months 1 and 2."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def weeks(today: date) -> list[str]:
    """The weeks that are offered, the next one first."""
    return [iso_week(today + timedelta(days=7 * ahead)) for ahead in range(1, -29, -1)]


def periods(today: date) -> list[str]:
    """The periods that are offered: months, quarters, half-years, nine months and years, each backwards from today."""
    month = today.year * 12 + today.month - 1
    months = [divmod(month - back, 12) for back in range(13)]
    quarters = [divmod(month // 3 - back, 4) for back in range(5)]
    halves = [divmod(month // 6 - back, 2) for back in range(3)]
    return [
        *(f"{year}-{number + 1:02d}" for year, number in months),
        *(f"{year}-Q{number + 1}" for year, number in quarters),
        *(f"{year}-H{number + 1}" for year, number in halves),
        f"{today.year}-9M",
        f"{today.year - 1}-9M",
        str(today.year),
        str(today.year - 1),
    ]


# The folder of this user, and its small texts in UTF-16LE


def home() -> Path:
    if os.environ.get("EVALXL_HOME"):
        return Path(os.environ["EVALXL_HOME"])
    if os.name == "nt":
        return Path(os.environ["APPDATA"]) / "evalxl"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "evalxl"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "evalxl"


def text_of(path: Path) -> str:
    """What a text says; empty where it is not there, or is just being replaced."""
    try:
        return path.read_bytes().decode("utf-16-le").lstrip("\ufeff")
    except (OSError, ValueError):
        return ""


def first_line(path: Path) -> str:
    return (text_of(path).splitlines() or [""])[0].strip()


def put(path: Path, text: str) -> None:
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(text.encode("utf-16-le"))
    beside.replace(path)


def values_of(text: str) -> dict:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def agent_is_running() -> bool:
    """Whether `evalxl agent` gave a sign of life just now."""
    parts = first_line(home() / "agent.txt").split("|")
    try:
        beat = datetime.strptime(parts[2][:19], "%Y-%m-%dT%H:%M:%S")
    except (IndexError, ValueError):
        return False
    return abs((datetime.now() - beat).total_seconds()) < HEARTBEAT_SECONDS


def start(command: str, words: list[str]) -> None:
    """Start the program without waiting for it, free of what belongs to LibreOffice's own Python."""
    ours = {"PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "UNO_PATH", "URE_BOOTSTRAP"}
    environment = {key: value for key, value in os.environ.items() if key not in ours}
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if os.name == "nt":
        call = f"{command} {subprocess.list2cmdline(words)}"
        subprocess.Popen(call, env=environment, creationflags=subprocess.CREATE_NO_WINDOW, **streams)
    else:
        subprocess.Popen([*shlex.split(command), *words], env=environment, start_new_session=True, **streams)


class Later(unohelper.Base, XCallback):
    """Something that LibreOffice does as soon as it has time: only its main thread may touch windows."""

    def __init__(self, act):
        self.act = act

    def notify(self, _):
        self.act()


class Addin(unohelper.Base, XJobExecutor, XNamed):
    """What the menu and the toolbar call. Its name is what was said last."""

    def __init__(self, context):
        self.context = context
        self.desktop = self.service("com.sun.star.frame.Desktop")
        self.lang = os.environ.get("EVALXL_LANG") or ("vi" if self.locale().startswith("vi") else "en")

    # What LibreOffice calls

    def trigger(self, call):
        words = unquote(call).split(maxsplit=2)
        job, given = words[0], words[1:]
        if job == "cancel":
            self.cancel()
        elif job == "choose":
            self.choose_office(" ".join(given))
        elif Running.folder is not None:
            self.tell("client.busy")
        else:
            self.run(job, given)

    def getName(self):
        return Running.said

    def setName(self, name):
        Running.said = name

    # One job

    def run(self, job, given, agreed=None):
        """Ask for a job; `agreed` is what was asked for before, where the person was asked and agreed."""
        command = os.environ.get("EVALXL_EXE") or first_line(home() / "exe.txt")
        agent = agent_is_running()
        if not command and not agent:
            return self.tell("client.not_installed", box=ERRORBOX)
        if not self.office():
            self.choose_office("")
            if not self.office():
                return None
        request = {**agreed, "yes": "1"} if agreed else self.request(job, given)
        if request is None:
            return None
        moment = datetime.now().strftime("%Y%m%d-%H%M%S")
        folder = home() / "jobs" / f"{moment}-{job}-{random.randrange(100000)}"
        try:
            folder.mkdir(parents=True)
            put(folder / "request.txt", "".join(f"{key}={value}\n" for key, value in request.items()))
        except OSError:
            return self.tell("client.cannot_write", box=ERRORBOX, folder=home())
        if not agent:
            try:
                start(command, ["addin-run", job, "--job-dir", str(folder)])
            except OSError:
                return self.tell("client.no_start", box=ERRORBOX)
        Running.folder = folder
        self.tell("client.starting")
        frame = self.desktop.getCurrentFrame()
        indicator = frame.createStatusIndicator() if frame is not None else None
        threading.Thread(target=self.watch, args=(folder, request, indicator), daemon=True).start()
        return None

    def request(self, job, given):
        """What is asked for; None where the person thought better of it."""
        week = period = reason = ""
        if job == "roll-up":
            period = (
                given[0] if given else self.picked("button.period.tip", periods(date.today()), self.period_shown, 0)
            )
            if not period:
                return self.tell("client.not_confirmed")
        elif job in OF_A_WEEK:
            week = given[0] if given else self.picked("button.week.tip", weeks(date.today()), self.week_shown, 1)
            if not week:
                return self.tell("client.not_confirmed")
        if job == "close" and not given:
            question = self.say("client.ask_close", week=self.week_shown(week))
            if self.box(question, QUERYBOX, BUTTONS_YES_NO) != YES:
                return self.tell("client.not_confirmed")
        if job == "reopen":
            question = self.say("client.ask_reason", week=self.week_shown(week))
            reason = " ".join((given[1] if len(given) > 1 else self.typed(question)).split())
            if not reason:
                return self.tell("client.reason_needed")
        request = {
            "job": job,
            "week": week,
            "period": period,
            "reason": reason,
            "office": self.office(),
            "client": "libreoffice",
            "version": VERSION,
            "lang": self.lang,
        }
        document = self.desktop.getCurrentComponent()
        url = getattr(document, "URL", "") if document is not None else ""
        if url.startswith("file:"):
            request["workbook"] = uno.fileUrlToSystemPath(url)
        return request

    def watch(self, folder, request, indicator):
        """Look how far the job is, away from the main thread, until it ended or does not answer."""
        since, cancelled, shown = time.monotonic(), None, ""
        self.later(lambda: indicator and indicator.start(self.say("client.starting"), 100))
        while True:
            parts = [*first_line(folder / "status.txt").split("|"), "", ""]
            state, percent, message = parts[0], parts[1], parts[2]
            if state in ENDED:
                break
            if (folder / "cancel").exists() and cancelled is None:
                cancelled = time.monotonic()
            waiting_since = cancelled if cancelled is not None else (None if state else since)
            if waiting_since is not None and time.monotonic() - waiting_since > NO_ANSWER_SECONDS:
                state = ""
                break
            if state and parts != shown and cancelled is None:
                shown = parts
                self.later(lambda m=message, p=percent: self.progress(indicator, m, p))
            time.sleep(0.2)
        self.later(lambda: self.finish(folder, request, state, message, indicator))

    def progress(self, indicator, message, percent):
        Running.said = self.say("client.running", message=message, percent=percent)
        if indicator is not None:
            indicator.setText(Running.said)
            indicator.setValue(int(percent) if percent.isdigit() else 0)

    def finish(self, folder, request, state, message, indicator):
        if indicator is not None:
            indicator.end()
        job, result = request["job"], values_of(text_of(folder / "result.txt"))
        if result.get("ask"):
            Running.folder = None
            if self.box(result["ask"], QUERYBOX, BUTTONS_YES_NO) == YES:
                self.run(job, [], agreed=request)
            else:
                self.tell("client.not_confirmed")
            return
        sentence = result.get("message") or message
        if not state:
            sentence = self.say("client.no_answer", seconds=round(NO_ANSWER_SECONDS), folder=folder)
        elif state == "cancelled" and not sentence:
            sentence = self.say("client.cancelled")
        elif state == "fail" and not sentence:
            sentence = self.say("client.failed", log=result.get("log", ""))
        opened = True
        if result.get("open"):
            opened = self.opened(result["open"], result.get("sheet", ""), result.get("row", ""), job != "check")
        if not opened:
            sentence = f"{sentence} {self.say('client.cannot_open', file=result['open'])}"
        program = result.get("version") or first_line(home() / "version.txt")
        if program and program != VERSION:
            sentence = f"{sentence} {self.say('client.old_addin', addin=VERSION, program=program)}"
        Running.folder = None
        Running.said = sentence.strip()
        failed = state in ("", "fail") or not opened
        self.box(Running.said, ERRORBOX if failed else INFOBOX, BUTTONS_OK)

    def cancel(self):
        if Running.folder is None:
            self.tell("client.idle")
            return
        try:
            (Running.folder / "cancel").write_bytes(b"cancel")
            self.tell("client.cancelling")
        except OSError:
            self.tell("client.cannot_write", box=ERRORBOX, folder=Running.folder)

    def opened(self, path, sheet, row, to_read):
        """Open a workbook at the sheet and row that need somebody. A master is opened to read, so that it can be written anew meanwhile."""
        try:
            url = uno.systemPathToFileUrl(path)
            flags = (PropertyValue("ReadOnly", 0, to_read, 0),)
            document = self.desktop.loadComponentFromURL(url, "_default", 0, flags)
            if document is None:
                return False
            if sheet and document.Sheets.hasByName(sheet):
                controller = document.CurrentController
                place = document.Sheets.getByName(sheet)
                controller.setActiveSheet(place)
                if row.isdigit() and int(row) > 0:
                    controller.select(place.getCellByPosition(0, int(row) - 1))
            return True
        except Exception:  # whatever LibreOffice has against the file
            return False

    # The office folder

    def office(self):
        return os.environ.get("EVALXL_OFFICE") or first_line(home() / "office.txt")

    def choose_office(self, picked):
        if not picked:
            picker = self.service("com.sun.star.ui.dialogs.FolderPicker")
            picker.setTitle(self.say("client.ask_folder"))
            picked = uno.fileUrlToSystemPath(picker.getDirectory()) if picker.execute() == OK else ""
        if not picked:
            self.tell("client.no_office", box=ERRORBOX)
        elif not (Path(picked) / "office.toml").is_file():
            self.tell("client.not_an_office", box=ERRORBOX, folder=picked)
        else:
            try:
                home().mkdir(parents=True, exist_ok=True)
                put(home() / "office.txt", picked)
                self.tell("client.office_chosen", box=INFOBOX, folder=picked)
            except OSError:
                self.tell("client.cannot_write", box=ERRORBOX, folder=home())

    # Windows of LibreOffice

    def service(self, name):
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def locale(self):
        provider = self.service("com.sun.star.configuration.ConfigurationProvider")
        where = (PropertyValue("nodepath", 0, "/org.openoffice.Setup/L10N", 0),)
        access = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", where)
        return str(access.getByName("ooLocale"))

    def later(self, act):
        self.service("com.sun.star.awt.AsyncCallback").addCallback(Later(act), None)

    def say(self, key, **values):
        return WORDS["said"][self.lang][key].format_map(values)

    def tell(self, key, box=None, **values):
        Running.said = self.say(key, **values)
        if box is not None:
            self.box(Running.said, box, BUTTONS_OK)
        elif (frame := self.desktop.getCurrentFrame()) is not None and key in ("client.busy", "client.cancelling"):
            frame.createStatusIndicator().start(Running.said, 0)

    def box(self, sentence, kind, buttons):
        frame = self.desktop.getCurrentFrame()
        window = frame.getContainerWindow() if frame is not None else None
        if window is None:
            return 0
        toolkit = self.service("com.sun.star.awt.Toolkit")
        return toolkit.createMessageBox(window, kind, buttons, self.say("button.tab.label"), sentence).execute()

    def week_shown(self, week):
        first = monday(week)
        last = first + timedelta(days=6)
        return self.say("term.week_shown", number=int(week[6:]), first=shown_date(first), last=shown_date(last))

    def period_shown(self, period):
        year, _, part = period.partition("-")
        if part.startswith("Q"):
            return self.say("period.quarter", number=("I", "II", "III", "IV")[int(part[1:]) - 1], year=year)
        if part.startswith("H"):
            return self.say(f"period.half{part[1:]}", year=year)
        if part == "9M":
            return self.say("period.nine_months", year=year)
        return self.say("period.month", number=int(part), year=year) if part else self.say("period.year", year=year)

    def picked(self, title, offered, shown, first):
        """What a person picks from a list; empty for Cancel."""
        lines = tuple(shown(one) for one in offered)
        extra = {"StringItemList": lines, "SelectedItems": (first,), "Dropdown": True, "LineCount": 12}
        dialog = self.dialog(self.say(title), "ListBox", extra)
        answered = dialog.execute() == OK
        position = dialog.getControl("entry").getSelectedItemPos()
        dialog.dispose()
        return offered[position] if answered and position >= 0 else ""

    def typed(self, question):
        """What a person types; empty for Cancel."""
        dialog = self.dialog(question, "Edit", {})
        answered = dialog.execute() == OK
        text = dialog.getControl("entry").getText()
        dialog.dispose()
        return text if answered else ""

    def dialog(self, question, kind, extra):
        """A question, one control named `entry`, OK and Cancel."""
        model = self.service("com.sun.star.awt.UnoControlDialogModel")
        model.Title, model.Width, model.Height = self.say("button.tab.label"), 220, 72
        label = {"Label": question, "MultiLine": True}
        ok = {"PushButtonType": 1, "DefaultButton": True}
        parts = (
            ("question", "FixedText", 8, 6, 204, 20, label),
            ("entry", kind, 8, 28, 204, 14, extra),
            ("ok", "Button", 112, 50, 48, 16, ok),
            ("cancel", "Button", 164, 50, 48, 16, {"PushButtonType": 2}),
        )
        for name, control, x, y, width, height, properties in parts:
            one = model.createInstance(f"com.sun.star.awt.UnoControl{control}Model")
            one.PositionX, one.PositionY, one.Width, one.Height = x, y, width, height
            for key, value in properties.items():
                setattr(one, key, value)
            model.insertByName(name, one)
        dialog = self.service("com.sun.star.awt.UnoControlDialog")
        dialog.setModel(model)
        frame = self.desktop.getCurrentFrame()
        window = frame.getContainerWindow() if frame is not None else None
        dialog.createPeer(self.service("com.sun.star.awt.Toolkit"), window)
        if window is not None:
            around, own = window.getPosSize(), dialog.getPosSize()
            dialog.setPosSize((around.Width - own.Width) // 2, (around.Height - own.Height) // 3, 0, 0, POS)
        return dialog


g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Addin, SERVICE, (SERVICE,))
