"""Facts: what a text claims about people harmed."""

EXTRACTOR = "rules-1"
"""Name and version of the code that reads facts; it stands here so that it can be told without importing that code."""
