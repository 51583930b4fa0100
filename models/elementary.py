"""The exponential and the logarithm that the formulas use: from ``math`` here, written out in compiled code.

Compilers do not vectorise ``math.exp`` and ``math.log``. The two versions in ``compiled`` are polynomials that run in
vector registers; they agree with these to a few units in the last place.
"""

from __future__ import annotations

import math

from estimates.models.formula import formula

#: Exponents are cut here, so that powers stay finite.
LARGEST_LOG = 700.0


@formula
def exp(exponent: float) -> float:
    """Exponential, its argument cut at ``LARGEST_LOG`` on both sides."""
    return math.exp(min(max(exponent, -LARGEST_LOG), LARGEST_LOG))


@formula
def log(number: float) -> float:
    """Natural logarithm; minus infinity at zero."""
    return math.log(number) if number > 0.0 else -math.inf


@formula
def prefer_wide_registers() -> None:
    """Ask the compiler of the calling function for the widest vector registers there are; does nothing in Python.

    Compilers keep to half of them by default, which costs loops that compute more than they load half their speed.
    """


@formula
def no_overlap() -> None:
    """Promise that the arrays which the calling function is given lie apart in memory; does nothing in Python.

    Its loops run in the widest registers as well. Without the promise a loop over several rows begins with a comparison
    of each pair of them, and where there are many it does not run in vector registers. Only functions whose arguments
    are rows of their own may call it.
    """
