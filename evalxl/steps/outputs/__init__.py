"""The outputs of a week: masters, receipts, personal results, pages to sign."""
