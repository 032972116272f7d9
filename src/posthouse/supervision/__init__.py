"""Safety, quality, green and credit: rules with their legal basis, findings and scores, the double-random draw."""
