"""What one week comes to: results, warnings of two weeks, who is awaited, what was decided."""
