"""The ledger read: a week as it stands, where a number came from, what evalxl would say of a file."""
