"""xlwings on LibreOffice: an engine for `xlwings` over its `base_classes`, so that one script runs on Excel and on LibreOffice Calc.

    import xlwings as xw
    from tests import xlwings_on_libreoffice

    xlwings_on_libreoffice.register()      # from here on xw.App(), xw.Book(path), xw.books are LibreOffice's
    with xw.App() as app:
        book = app.books.open("week.xlsx")

It knows nothing of evalxl and may be taken out of it. Python has to have `uno` (the distribution's python3-uno, or LibreOffice's own Python);
it is imported when LibreOffice is first spoken to, and never on Excel. What is covered and where Excel differs stands in README.md beside it.

One convention: rows and columns count from 1 here, as in xlwings; UNO's, which count from 0, never leave a method.
"""

from __future__ import annotations

import xlwings

from tests.xlwings_on_libreoffice.apps import Engine
from tests.xlwings_on_libreoffice.values import CellError

NAME = "libreoffice"

__all__ = ["NAME", "CellError", "Engine", "register"]


def register(connect: str = "", *, soffice: str = "", activate: bool = True) -> Engine:
    """Make LibreOffice known to xlwings as the engine `libreoffice`.

    Args:
        connect: How a running LibreOffice is reached (`pipe,name=evalxl` or `socket,host=localhost,port=2002`, as in its `--accept`);
            empty: `xw.App()` starts one of its own, with a profile of its own, without a window.
        soffice: The program; empty: the first `soffice` of the path.
        activate: Whether `xw.App`, `xw.Book`, `xw.apps` go to it from now on.
    """
    engine = Engine(connect=connect, soffice=soffice)
    registered = xlwings.Engine(impl=engine)
    xlwings.engines.add(registered)
    if activate:
        registered.activate()
    return engine
