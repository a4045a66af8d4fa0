"""Workbooks go out: forms are made, stamped and recorded; those of a lost ledger are adopted."""
