"""Tables and their schemas, loaders, data rules, the fold of scans into journeys."""
