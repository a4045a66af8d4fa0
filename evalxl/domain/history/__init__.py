"""What the ledger's events add up to: the history of each week, and what goes over several weeks."""
