"""`python -m evalxl`."""

from evalxl.cli.main import console

if __name__ == "__main__":
    console()
