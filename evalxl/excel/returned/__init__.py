"""Workbooks that came back: what they must not be, what is in their cells, read twice."""
