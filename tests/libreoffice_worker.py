"""The half of the LibreOffice client that runs under the system's Python, where `uno` lives.

Reads one JSON object a line from standard input (`{"do": "open", "path": …}`), answers with one line each
(`{"answer": …}` or `{"error": …}`). LibreOffice is a child in the same process group; when standard input ends,
whatever the reason, the whole group ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path

import uno  # makes com.sun.star importable
from com.sun.star.accessibility.AccessibleRole import MENU, MENU_ITEM, PUSH_BUTTON
from com.sun.star.accessibility.AccessibleStateType import SHOWING
from com.sun.star.awt import KeyEvent
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.sheet import FormulaResult
from com.sun.star.table import TableSortField
from com.sun.star.table.CellContentType import EMPTY, TEXT, VALUE

FILTERS = {
    "xlsx": "Calc MS Excel 2007 XML",
    "xlsm": "Calc MS Excel 2007 VBA XML",
    "ods": "calc8",
    "xls": "MS Excel 97",
    "pdf": "calc_pdf_Export",
}
KEYS = {"RETURN": 1280, "ESCAPE": 1281, "TAB": 1282, "BACKSPACE": 1283, "SPACE": 1284, "INSERT": 1285, "DELETE": 1286}
KEYS |= {"DOWN": 1024, "UP": 1025, "LEFT": 1026, "RIGHT": 1027, "HOME": 1028, "END": 1029, "F2": 769}
SHIFT, CTRL = 1, 2
ALWAYS_EXECUTE = 4
CONTROL = "a control of the ribbon"


def props(**values):
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


class Worker:
    def __init__(self, soffice, profile, screen):
        self.profile = Path(profile)
        self.documents = {}
        self.count = 0
        name = f"evalxl{os.getpid()}"
        self.process = subprocess.Popen(
            [
                soffice,
                *([] if screen else ["--headless"]),
                "--nologo",
                "--norestore",
                "--nodefault",
                "--nofirststartwizard",
                f"-env:UserInstallation={self.profile.as_uri()}",
                f"--accept=pipe,name={name};urp;",
            ],
            env=os.environ | ({"DISPLAY": screen, "SAL_USE_VCLPLUGIN": "gen"} if screen else {}),
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            stderr=sys.stderr,
        )
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        self.context = self.connect(resolver, f"uno:pipe,name={name};urp;StarOffice.ComponentContext")
        self.desktop = self.service("com.sun.star.frame.Desktop")
        self.dispatcher = self.service("com.sun.star.frame.DispatchHelper")
        self.toolkit = self.service("com.sun.star.awt.Toolkit")

    def connect(self, resolver, url):
        until = time.monotonic() + 50
        while True:
            try:
                return resolver.resolve(url)
            except NoConnectException:
                if self.process.poll() not in (None, 0) or time.monotonic() > until:
                    raise RuntimeError("LibreOffice did not start") from None
                time.sleep(0.05)

    def service(self, name):
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def dispatch(self, url):
        frames = self.desktop.Frames
        self.dispatcher.executeDispatch(frames.getByIndex(0), url, "_self", 0, ())

    def set_name(self, service, name):
        self.service(service).setName(name)

    def name_of(self, service):
        return self.service(service).getName()

    def place_of(self, words):
        """Menus, toolbars and boxes tell where they are by their accessibility."""
        tops = [self.toolkit.getTopWindow(index) for index in range(self.toolkit.TopWindowCount)]
        for top in reversed(tops):
            if top.isVisible() and (found := shown_at(top.AccessibleContext, words)):
                return found
        return None

    # The office

    def end(self):
        for document in self.documents.values():
            document.close(False)
        with contextlib.suppress(Exception):  # the bridge breaks while LibreOffice ends
            self.desktop.terminate()
        self.process.wait(8)

    def version(self):
        access = self.service("com.sun.star.configuration.ConfigurationProvider").createInstanceWithArguments(
            "com.sun.star.configuration.ConfigurationAccess", props(nodepath="/org.openoffice.Setup/Product")
        )
        return f"{access.ooName} {access.ooSetupVersionAboutBox or access.ooSetupVersion}"

    def set_locale(self, locale):
        access = self.service("com.sun.star.configuration.ConfigurationProvider").createInstanceWithArguments(
            "com.sun.star.configuration.ConfigurationUpdateAccess", props(nodepath="/org.openoffice.Setup/L10N")
        )
        access.ooSetupSystemLocale = locale
        access.commitChanges()
        self.toolkit.processEventsToIdle()

    def load(self, path, **options):
        document = self.desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, props(**options))
        if document is None:
            raise RuntimeError(f"LibreOffice could not load {path}: is it a workbook, and does nobody else hold it?")
        return document

    def open(self, path, read_only=False):
        # An add-in of Excel is no type of its own here.
        addin = {"FilterName": FILTERS["xlsm"]} if path.endswith(".xlam") else {}
        document = self.load(path, ReadOnly=read_only, MacroExecutionMode=ALWAYS_EXECUTE, **addin)
        self.count += 1
        self.documents[self.count] = document
        return self.count

    def convert(self, path, to, kind):
        document = self.load(path, Hidden=True, ReadOnly=True)
        try:
            document.storeToURL(Path(to).as_uri(), props(FilterName=FILTERS[kind], Overwrite=True))
        finally:
            document.close(False)

    def others(self):
        """The workbooks that are open here and that no test opened."""
        ours = {document.RuntimeUID for document in self.documents.values()}
        found, every = [], self.desktop.Components.createEnumeration()
        while every.hasMoreElements():
            document = every.nextElement()
            if document.supportsService("com.sun.star.sheet.SpreadsheetDocument") and document.RuntimeUID not in ours:
                found.append(document)
        return found

    def opened(self):
        found = []
        for document in self.others():
            cell = document.CurrentController.Selection.RangeAddress if document.CurrentController else None
            found.append(
                {
                    "path": uno.fileUrlToSystemPath(document.URL) if document.URL else "",
                    "sheet": document.CurrentController.ActiveSheet.Name if cell else "",
                    "row": cell.StartRow + 1 if cell else 0,
                    "read_only": document.isReadonly(),
                }
            )
        return found

    def close_opened(self):
        for document in self.others():
            document.close(False)

    def run(self, document, macro, values):
        provider = self.documents[document].getScriptProvider()
        script = provider.getScript(f"vnd.sun.star.script:VBAProject.{macro}?language=Basic&location=document")
        given = (
            self.documents[document] if value == CONTROL else value for value in values
        )  # any object serves as a control
        answer, _, filled = script.invoke(tuple(given), (), ())
        return {"answer": answer, "filled": filled[-1] if filled else None}

    # A document

    def save_as(self, document, path, kind):
        self.documents[document].storeToURL(Path(path).as_uri(), props(FilterName=FILTERS[kind], Overwrite=True))

    def save(self, document):
        self.documents[document].store()

    def close(self, document):
        self.documents.pop(document).close(False)

    def recalculate(self, document):
        self.documents[document].calculateAll()

    def sheets(self, document):
        return [[sheet.Name, sheet.IsVisible] for sheet in self.each_sheet(document)]

    def each_sheet(self, document):
        sheets = self.documents[document].Sheets
        return [sheets.getByIndex(n) for n in range(sheets.Count)]

    def names(self, document):
        return list(self.documents[document].NamedRanges.ElementNames)

    def properties(self, document):
        bag = self.documents[document].DocumentProperties.UserDefinedProperties
        return {each.Name: str(each.Value) for each in bag.PropertyValues}

    def size(self, document, name):
        where = self.range_of(document, name).RangeAddress
        return [where.EndRow - where.StartRow + 1, where.EndColumn - where.StartColumn + 1]

    def range_of(self, document, name):
        ranges = self.documents[document].NamedRanges
        found = ranges.getByName(name).ReferredCells if ranges.hasByName(name) else None
        if found is None:
            raise LookupError(f"the workbook has no cells named {name}")
        return found

    def cell(self, document, where):
        """A place is [name, row] or [sheet, address]."""
        first, second = where
        if isinstance(second, int):
            return self.range_of(document, first).getCellByPosition(0, second)
        return self.sheet(document, first).getCellRangeByName(second).getCellByPosition(0, 0)

    def sheet(self, document, name):
        sheets = self.documents[document].Sheets
        if not sheets.hasByName(name):
            raise LookupError(f"the workbook has no sheet {name}; it has {', '.join(sheets.ElementNames)}")
        return sheets.getByName(name)

    # Reading

    def read(self, document, places, what):
        return [getattr(self, "read_" + what)(self.cell(document, where)) for where in places]

    def read_value(self, cell):
        kind = cell.Type
        if kind == EMPTY:
            return None
        if kind == VALUE:
            return cell.Value
        if kind == TEXT or cell.getError() or cell.FormulaResultType2 == FormulaResult.STRING:
            return cell.String
        return cell.Value

    def read_text(self, cell):
        return cell.String

    def read_formula(self, cell):
        return cell.Formula

    def read_place(self, cell):
        where = cell.CellAddress
        return [cell.Spreadsheet.Name, column_letters(where.Column) + str(where.Row + 1)]

    def read_locked(self, cell):
        return bool(cell.CellProtection.IsLocked)

    def cursor(self, document):
        sheet, column, row = self.cursor_at(document)
        return self.read_place(self.documents[document].Sheets.getByIndex(sheet).getCellByPosition(column, row))

    def cursor_at(self, document):
        """Sheet, column and row of the cursor, also where it stands in a merged range."""
        # "zoom;active sheet;scroll bar;sheet 0;sheet 1;…", each sheet beginning with "column/row/".
        parts = self.documents[document].CurrentController.ViewData.split(";")
        active = int(parts[1])
        column, row = re.split(r"[/+]", parts[3 + active])[:2]
        return active, int(column), int(row)

    # Typing as a person

    def go_to(self, document, cell):
        frame = self.documents[document].CurrentController.Frame
        self.dispatcher.executeDispatch(frame, ".uno:GoToCell", "", 0, props(ToPoint=cell.AbsoluteName))

    def type(self, document, entries):
        """Types each text into its cell; answers for each whether the cell took it."""
        return [self.type_one(document, self.cell(document, where), text) for where, text in entries]

    def type_one(self, document, cell, text):
        self.go_to(document, cell)
        if not self.is_at(document, cell):
            return False
        before = cell.Formula
        frame = self.documents[document].CurrentController.Frame
        self.dispatcher.executeDispatch(frame, ".uno:EnterString", "", 0, props(StringName=text))
        return took(cell, before, text)

    def paste(self, document, columns):
        for name, values in columns.items():
            # A protected sheet takes it only where every cell is open.
            self.range_of(document, name).setDataArray(tuple(("" if each is None else each,) for each in values))

    def put_cursor(self, document, where):
        self.go_to(document, self.cell(document, where))

    def is_at(self, document, cell):
        """Whether the cursor is where a person wanted it: a sheet may keep it out of locked cells."""
        wanted = cell.CellAddress
        return self.cursor_at(document) == (wanted.Sheet, wanted.Column, wanted.Row)

    def press_into(self, document, where, text):
        cell = self.cell(document, where)
        self.go_to(document, cell)
        if not self.is_at(document, cell):
            return False
        before = cell.Formula
        self.press(document, [*text, "RETURN"])
        self.press(document, ["ESCAPE"])
        return took(cell, before, text)

    def press(self, document, keys):
        window = self.documents[document].CurrentController.Frame.ComponentWindow
        for key in keys:
            *modifiers, last = key.split("+") if len(key) > 1 else [key]
            event = KeyEvent()
            event.Source = window
            event.Modifiers = sum({"SHIFT": SHIFT, "CTRL": CTRL}[each] for each in modifiers)
            if last in KEYS:
                event.KeyCode = KEYS[last]
                event.KeyChar = uno.Char({"RETURN": "\r", "TAB": "\t"}.get(last, "\0"))
            else:
                event.KeyCode, event.KeyChar = 0, uno.Char(last)
            self.toolkit.keyPress(event)
            self.toolkit.keyRelease(event)
            self.toolkit.processEventsToIdle()

    def clear(self, document, places):
        """Presses Delete on each cell."""
        answers = []
        for where in places:
            cell = self.cell(document, where)
            self.go_to(document, cell)
            if self.is_at(document, cell):
                frame = self.documents[document].CurrentController.Frame
                self.dispatcher.executeDispatch(frame, ".uno:ClearContents", "", 0, ())
            answers.append(cell.Type == EMPTY)
        return answers

    # What protection forbids to a person, and what restyles a template

    def overwrite(self, document, entries):
        for where, value in entries:
            cell = self.cell(document, where)
            if isinstance(value, (int, float)):
                cell.Value = value
            elif value.startswith("="):
                cell.Formula = value
            else:
                cell.String = value

    def is_protected(self, document, sheet):
        return bool(self.sheet(document, sheet).isProtected())

    def protect(self, document, sheet, password):
        self.sheet(document, sheet).protect(password)

    def unprotect(self, document, sheet, password):
        page = self.sheet(document, sheet)
        page.unprotect(password)
        return not page.isProtected()

    def insert_rows(self, document, sheet, before, count):
        self.sheet(document, sheet).Rows.insertByIndex(before - 1, count)

    def insert_columns(self, document, sheet, before, count):
        column = self.sheet(document, sheet).getCellRangeByName(f"{before}1").RangeAddress.StartColumn
        self.sheet(document, sheet).Columns.insertByIndex(column, count)

    def delete_rows(self, document, sheet, first, count):
        self.sheet(document, sheet).Rows.removeByIndex(first - 1, count)

    def move_cells(self, document, sheet, source, target):
        page = self.sheet(document, sheet)
        page.moveRange(
            page.getCellRangeByName(target).getCellByPosition(0, 0).CellAddress,
            page.getCellRangeByName(source).RangeAddress,
        )

    def rename_sheet(self, document, sheet, name):
        self.sheet(document, sheet).Name = name

    def move_sheet(self, document, sheet, to):
        self.documents[document].Sheets.moveByName(sheet, to)

    def copy_sheet(self, document, sheet, name):
        sheets = self.documents[document].Sheets
        sheets.copyByName(sheet, name, sheets.Count)

    def delete_columns(self, document, sheet, first, count):
        column = self.sheet(document, sheet).getCellRangeByName(f"{first}1").RangeAddress.StartColumn
        self.sheet(document, sheet).Columns.removeByIndex(column, count)

    def sort(self, document, sheet, area, column, descending):
        by = TableSortField()
        by.Field, by.IsAscending = column, not descending
        fields = uno.Any("[]com.sun.star.table.TableSortField", (by,))
        self.sheet(document, sheet).getCellRangeByName(area).sort(props(SortFields=fields, ContainsHeader=False))

    def hide_rows(self, document, sheet, first, count):
        rows = self.sheet(document, sheet).Rows
        for row in range(first - 1, first - 1 + count):
            rows.getByIndex(row).IsVisible = False

    def merge(self, document, sheet, area):
        self.sheet(document, sheet).getCellRangeByName(area).merge(True)


def shown_at(context, words, depth=0):
    """The middle, on the screen, of the part of a window that shows these words."""
    if depth and words in context.getAccessibleName() and context.getAccessibleStateSet().contains(SHOWING):
        place, size = context.getLocationOnScreen(), context.getSize()
        if context.getAccessibleRole() in (MENU, MENU_ITEM, PUSH_BUTTON) and size.Width > 0:
            return place.X + size.Width // 2, place.Y + size.Height // 2
    for index in range(min(context.getAccessibleChildCount(), 200) if depth < 12 else 0):
        child = context.getAccessibleChild(index)
        if child is not None and (found := shown_at(child.getAccessibleContext(), words, depth + 1)):
            return found
    return None


def took(cell, before, text):
    """A cell took a text when it changed, or when it shows just that text."""
    return cell.Formula != before or text in (cell.Formula, cell.FormulaLocal, cell.String)


def column_letters(column):
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def end_all():
    """Ends this process and LibreOffice, its child; only where the group is ours alone."""
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


def main():
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever LibreOffice prints is no answer
    questions = queue.Queue()

    def listen():
        for line in sys.stdin.buffer:
            questions.put(json.loads(line))
        questions.put(None)
        time.sleep(10)  # a LibreOffice that hangs does not outlive its client for longer
        end_all()

    def say(**answer):
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    threading.Thread(target=listen, daemon=True).start()
    try:
        worker = Worker(*sys.argv[1:])
        say(answer=worker.version())
        while question := questions.get():
            try:
                say(answer=getattr(worker, question.pop("do"))(**question))
            except Exception as slip:
                traceback.print_exc()
                say(error=f"{type(slip).__name__}: {getattr(slip, 'Message', slip)}")
        worker.end()
    except Exception as slip:
        traceback.print_exc()
        say(error=str(slip))
    finally:
        end_all()


if __name__ == "__main__":
    main()
