"""Parcels on scheduled buses and ferries: what they can carry, on which days, at what cost, and what is left over.

Enter by `solve.py`; the model and its papers are in README.md.
"""
