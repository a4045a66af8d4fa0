"""The organisation workbook: its sheets, its headings, and what is kept of it with a week."""
