"""What is asked of the ledger and written elsewhere: status, audit, verification, exports."""
