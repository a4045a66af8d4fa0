"""Which of several saved workbooks counts, and which of several copies of a cell."""
