"""What the ledger's events add up to: the history of each week, and what concerns several weeks."""
