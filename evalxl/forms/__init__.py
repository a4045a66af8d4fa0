"""What each workbook says: its fields, their places, and what changed against what was issued. No file, no library."""
