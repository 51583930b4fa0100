"""What is known of the adjudicated toll of an anchor, as a factor on its count, and the adjoint; to be compiled.

The law is that of ``adjudicated``: the probability that the toll lies between the verified ends, at the middle of each
cell. A name that begins with ``d_`` is the derivative of the log marginal likelihood by what follows.
"""

from __future__ import annotations

from estimates.models.adjudicated import between, between_slope, cut, share_slope, with_errors
from estimates.models.elementary import log
from estimates.models.formula import formula


@formula
def fill_verified(low, high, floor, at_risk, wrong, scale, last, log_count, result):
    """Fill ``result`` (cells,) with the probability of a toll of ``low`` to ``high`` given the count of each cell.

    ``high`` is negative where there is no upper end, ``floor`` at least one, ``at_risk`` infinite where it is unknown.
    ``last`` and ``log_count`` (cells,) are those of the grid. Counts outside ``floor .. at_risk`` have none.
    """
    bottom, top, largest = verified_ends(low, high, floor, at_risk)
    log_bottom, log_top = log(bottom - 0.5), log(max(top, bottom) + 0.5)
    log_floor, log_largest, some = log(floor - 0.5), log(at_risk + 0.5), 1.0 if top >= bottom else 0.0
    log_least, log_most = log(floor), log(at_risk)
    result[0] = 1.0 if low <= 0 else 0.0

    for c in range(1, len(result)):
        log_n = min(max(log_count[c], log_least), log_most)
        right = share_inside(last[c - 1] + 1.0, last[c], low, largest)
        errors = some * between(cut(log_bottom - log_n), cut(log_top - log_n), scale)
        whole = between(cut(log_floor - log_n), cut(log_largest - log_n), scale)
        known = 1.0 if last[c] >= floor and last[c - 1] < at_risk else 0.0
        result[c] = known * with_errors(right, errors / whole, wrong)


@formula
def verified_gradient(low, high, floor, at_risk, wrong, scale, last, log_count, d_result):
    """Derivatives by ``wrong`` and by ``scale``, from those by what :func:`fill_verified` fills."""
    bottom, top, largest = verified_ends(low, high, floor, at_risk)
    log_bottom, log_top = log(bottom - 0.5), log(max(top, bottom) + 0.5)
    log_floor, log_largest, some = log(floor - 0.5), log(at_risk + 0.5), 1.0 if top >= bottom else 0.0
    log_least, log_most = log(floor), log(at_risk)
    d_wrong, d_scale = 0.0, 0.0

    for c in range(1, len(d_result)):
        log_n = min(max(log_count[c], log_least), log_most)
        from_, to = cut(log_bottom - log_n), cut(log_top - log_n)
        least, most = cut(log_floor - log_n), cut(log_largest - log_n)
        errors, d_errors = some * between(from_, to, scale), some * between_slope(from_, to, scale)
        whole, d_whole = between(least, most, scale), between_slope(least, most, scale)

        right = share_inside(last[c - 1] + 1.0, last[c], low, largest)
        known = d_result[c] if last[c] >= floor and last[c - 1] < at_risk else 0.0
        d_wrong += known * (errors / whole - right)
        d_scale += known * wrong * share_slope(errors, d_errors, whole, d_whole)
    return d_wrong, d_scale


@formula
def verified_ends(low, high, floor, at_risk):
    """The ends of the tolls that errors may lead to, and the largest toll verified."""
    largest = at_risk if high < 0 else high
    return max(low, floor), min(largest, at_risk), largest


@formula
def share_inside(first, last, low, high):
    """Share of the integers ``first .. last`` that lie in ``low .. high``."""
    return max(min(last, high) - max(first, low) + 1.0, 0.0) / (last - first + 1.0)
