"""What is drawn of a week: masters, receipts, personal results, pages to sign."""
