"""What is true in the office, as values. No file, no clock, no cell."""
