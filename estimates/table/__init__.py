"""From cells to reports."""
