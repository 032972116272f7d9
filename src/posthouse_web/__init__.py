"""The console: people, time and permissions over the library. Django lives here and nowhere else."""
