"""What the steps do with each kind of workbook that goes out anew with every run: one module for each, found by listing this folder."""
