"""The outcome of one week: results, warnings of the two-week rule, who is awaited, what was decided."""
