"""Issuing workbooks: forms are made, stamped and recorded. Forms of a lost ledger are adopted."""
