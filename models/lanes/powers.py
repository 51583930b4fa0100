"""Powers of the counts of a grid for one block of draws."""

from __future__ import annotations

from estimates.models.elementary import exp, prefer_wide_registers
from estimates.models.formula import formula

# Rows are taken out before a loop over them, and their length is not known beforehand: so it runs in vector registers.


@formula
def powers_of_counts(exponents, logs, log_reference, factors, of_reference, powers):
    """Fill ``powers`` (cells, lanes): counts, relative to a reference, to the power of each draw's exponent.

    ``logs`` (cells,) are the logarithms of the counts relative to the reference, ``log_reference`` that of itself.
    Where a count has a factor in ``factors`` (cells,), its power is the product of those of the factor and of the
    other one, in the cells of the same numbers: an exponential costs more. ``of_reference`` (lanes,) is working memory.
    """
    prefer_wide_registers()
    for i in range(len(exponents)):
        of_reference[i] = exp(exponents[i] * log_reference)

    for c in range(len(powers)):
        row, factor = powers[c], factors[c]
        if factor > 0:
            one, other = powers[factor], powers[c // factor]
            for i in range(len(exponents)):
                row[i] = one[i] * of_reference[i] * other[i]
        else:
            for i in range(len(exponents)):
                row[i] = exp(exponents[i] * logs[c])
