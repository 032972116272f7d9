"""Words all rooms share: divisions, periods, units, provenance, findings, errors, the glossary."""
