"""Views of the ledger: the state of a week, the origin of a number, and what evalxl would say about a file."""
