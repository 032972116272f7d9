"""Earliest arrival over weekly timetables of buses, ferries and trains.

Enter by `solve.py`; the model and its papers are in README.md.
"""
