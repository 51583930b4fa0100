"""The factor of sources that give a number instead of saying that nobody died, and its adjoint; to be compiled.

The formulas are those of ``reporting``. It bears on the toll of the end, wherever in time the numbers were given.
"""

from __future__ import annotations

from estimates.models.corpus.arrays import NONE_FALL, NONE_SHARES, PHANTOM
from estimates.models.elementary import exp, log
from estimates.models.formula import formula
from estimates.models.reporting import said_number
from estimates.models.wording import CODED, PARTY, STATED


@formula
def numbers_factor(given, shared, log_count, factor):
    """Fill the factor (cells,) of sources that give a number, ``given`` (kinds,) of them of each kind of "none"."""
    of_parties = given[PARTY] * log(1.0 - shared[NONE_SHARES + PARTY])
    stated, coded, fall = shared[NONE_SHARES + STATED], shared[NONE_SHARES + CODED], shared[NONE_FALL]
    for c in range(len(factor)):
        power = exp(fall * log_count[c])
        of_others = given[STATED] * log(said_number(stated, power)) + given[CODED] * log(said_number(coded, power))
        factor[c] = exp(of_parties + of_others)

    factor[0] = exp((given[PARTY] + given[STATED] + given[CODED]) * log(shared[PHANTOM]))


@formula
def numbers_adjoint(given, shared, log_count, mass, d_shared):
    """Add the adjoints of the parameters; ``mass`` (cells,) is that of the logarithm of the factor."""
    stated, coded, fall = shared[NONE_SHARES + STATED], shared[NONE_SHARES + CODED], shared[NONE_FALL]
    d_stated, d_coded, d_fall, some = 0.0, 0.0, 0.0, 0.0
    for c in range(1, len(mass)):
        power = exp(fall * log_count[c])
        by_stated = mass[c] * given[STATED] / (power * said_number(stated, power))
        by_coded = mass[c] * given[CODED] / (power * said_number(coded, power))
        d_stated -= by_stated
        d_coded -= by_coded
        d_fall += log_count[c] * (by_stated * stated + by_coded * coded)
        some += mass[c]

    d_shared[NONE_SHARES + STATED] += d_stated
    d_shared[NONE_SHARES + CODED] += d_coded
    d_shared[NONE_FALL] += d_fall
    d_shared[NONE_SHARES + PARTY] -= some * given[PARTY] / (1.0 - shared[NONE_SHARES + PARTY])
    d_shared[PHANTOM] += mass[0] * (given[PARTY] + given[STATED] + given[CODED]) / shared[PHANTOM]
