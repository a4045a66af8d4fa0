"""Workbooks come back: each file gets one verdict, and the ledger learns of it."""
