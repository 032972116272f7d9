"""The only input and output of state: the workspace folder."""
