"""The content of workbooks: their fields, the places of these, and the changes since issue. No files, no workbook library."""
