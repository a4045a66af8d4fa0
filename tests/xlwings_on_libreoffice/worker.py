"""The half of `tests.xlwings_on_libreoffice.desk` that runs under the system's Python: runs scripts on one LibreOffice, one after the other.

Reads pickled (name, source, values, keep_open) from standard input, answers with pickled (done, result). When standard input ends, LibreOffice ends.
"""

from __future__ import annotations

import os
import pickle
import sys
import traceback

import xlwings as xw

from tests import xlwings_on_libreoffice


def main() -> None:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed is no answer
    xlwings_on_libreoffice.register()
    app = xw.App(add_book=False)
    try:
        while True:
            try:
                name, source, values, keep_open = pickle.load(sys.stdin.buffer)
            except EOFError:
                break
            try:
                space = {"xw": xw}
                exec(compile("from __future__ import annotations\n" + source, name, "exec"), space)
                answer = pickle.dumps((True, space[name](xw, app, **values)))
            except Exception:
                answer = pickle.dumps((False, traceback.format_exc()))
            answers.write(answer)
            answers.flush()
            for book in [] if keep_open else list(app.books):
                book.close()
    finally:
        app.quit()


if __name__ == "__main__":
    main()
