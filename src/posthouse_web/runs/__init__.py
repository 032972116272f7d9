"""运行: long work in the background — queued, with progress, stopped, resumed or repeated, and never silently lost."""
