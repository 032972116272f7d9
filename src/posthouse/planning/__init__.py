"""Gap to Plan: stations, day patterns, routes, costs and expected effect."""
