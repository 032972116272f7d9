"""Measurement against goal: status, gap, forecast to the deadline, breakdown, reported against observed."""
