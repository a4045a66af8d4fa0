"""Months, quarters and years are rolled up; what leaders enter for them goes out and comes back."""
