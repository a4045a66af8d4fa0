"""Figures over many weeks: task statistics, staffing, coefficients, signals of unlike scoring."""
