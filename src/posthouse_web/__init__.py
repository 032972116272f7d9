"""The console: people, time and permissions over the library."""
