"""Proposed mends of a table, in columns beside the originals, for a person to accept."""
