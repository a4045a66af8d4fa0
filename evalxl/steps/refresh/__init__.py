"""Issuing the workbooks of managers and approvers again, with everything that was typed in them."""
