"""Periodic routing of pooled vehicles: which days to visit whom, by which vehicle, in which order. See README.md."""
