"""The disk: settings, folders, ledger, archive, lock, publishing."""
