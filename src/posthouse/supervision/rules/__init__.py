"""One rule, one file: what it looks for in the records. Legal basis and thresholds stand in rules.toml."""
