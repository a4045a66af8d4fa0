"""The ledger and the office under faults: killed runs, failing disks, power cuts, two clerks at once, a ledger that somebody alters.

Each module is one kind of trouble and gives back a `Tally`; the tests here are a short run of each, `python -m tests.faults --long` is the long one.
"""
