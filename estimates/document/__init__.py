"""The uncertainty report."""
