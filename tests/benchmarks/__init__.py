"""Benchmarks: figures printed side by side in one run, never asserted by the clock."""
