"""Bulletin, task list (Word, Excel) and map of one month; every figure leads back to its run."""
