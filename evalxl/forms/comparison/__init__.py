"""What differs between a workbook that was issued and the same one when it came back."""
