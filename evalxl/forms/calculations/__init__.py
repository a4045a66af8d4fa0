"""Formulas: when two are the same, and what a locked one comes to."""
