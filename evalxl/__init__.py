"""evalxl: the weekly evaluation of people's work in a public office, run on Excel."""

__version__ = "0.1.0"
