"""Conformance: journeys that cannot have happened as scanned, counted by kind, brand and outlet."""
