"""One module per command of the office. Each gathers, decides, and records."""
