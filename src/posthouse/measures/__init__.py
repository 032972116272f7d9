"""The measure catalogue and its expressions; the same on the embedded and the distributed engine."""
