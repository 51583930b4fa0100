"""Overlapping lists of names of the dead, and what they say of those on no list."""
