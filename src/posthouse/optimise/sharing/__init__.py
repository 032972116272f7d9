"""Who pays what of a pooled cost: Shapley value, nucleolus, Equal Profit Method, and a certificate of the core.

Enter by `solve.py`; the models and their papers are in README.md.
"""
