"""The values of one evaluation: scores and tasks, what a row requires, warnings, difficulties, reviews, talks, and what leaders enter."""
