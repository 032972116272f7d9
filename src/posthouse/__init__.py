"""Posthouse: from the plan document of a city to the measured result."""

__version__ = "0.1.0"
