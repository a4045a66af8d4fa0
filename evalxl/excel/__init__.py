"""The only importer of workbook libraries: guard, reading, stamping, templates, masters."""
