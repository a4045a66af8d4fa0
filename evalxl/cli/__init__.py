"""The command line: one command per step, output, exit codes, the clock."""
