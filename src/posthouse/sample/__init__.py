"""Sample cities with a known truth, for demonstration and tests.

A kind of city is data (`kinds/*.toml`); one generator makes its registers, its events of a month, its plan document
and `truth.json`: what a right answer to every measure is. Every city, brand, company and person here is invented.
"""
