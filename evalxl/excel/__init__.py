"""Reads, stamps and draws workbooks. Only this package imports workbook libraries."""
