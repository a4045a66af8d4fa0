"""The workbooks of managers and approvers go out anew, with everything that was typed in them."""
