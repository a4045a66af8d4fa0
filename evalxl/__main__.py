"""`python -m evalxl`, and the program of the one-folder build."""

import multiprocessing

from evalxl.cli.main import console

if __name__ == "__main__":
    # In a one-folder build the worker processes are this program again.
    multiprocessing.freeze_support()
    console()
