"""What was typed becomes decisions of the ledger."""
