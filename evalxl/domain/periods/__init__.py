"""Months, quarters, half-years and years: rows of many weeks, means, ratios and ratings."""
