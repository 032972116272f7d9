"""Where to open facilities: p-median, covering, village stations and lockers, hubs of the 1+1+N kind.

Enter by `solve.py`; the models and their papers are in README.md.
"""
