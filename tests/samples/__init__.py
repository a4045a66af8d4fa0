"""Real files with their expected reading beside them; `python -m tests.samples` makes again those that are made by us."""
