"""What a step gathers about the office before it decides."""
