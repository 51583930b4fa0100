"""What is done to whole rows of draws, (lanes,), whatever they hold."""

from __future__ import annotations

from estimates.models.elementary import no_overlap, prefer_wide_registers
from estimates.models.formula import formula

# Rows are taken out before a loop over them, and their length is not known beforehand: so it runs in vector registers.


@formula
def clear_row(row):
    """Fill a row with zeros."""
    prefer_wide_registers()
    for i in range(len(row)):
        row[i] = 0.0


@formula
def copy_row(row, result):
    """Fill ``result`` with a row."""
    no_overlap()
    for i in range(len(row)):
        result[i] = row[i]


@formula
def multiply_row(row, factor):
    """Multiply a row by another one."""
    no_overlap()
    for i in range(len(row)):
        row[i] *= factor[i]
