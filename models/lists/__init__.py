"""Overlapping lists of names of the dead: how many are on no list (multiple systems estimation)."""
