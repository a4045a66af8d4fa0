"""The office at work: what a step gathers before it decides."""
