"""What is expected of the toll: laws of sizes, pushed down to the bin where reports end, and the adjoint; compiled.

The formulas are those of ``size`` and ``growth``. A name that begins with ``d_`` is the derivative of the log marginal
likelihood by what follows.
"""

from __future__ import annotations

import math

from estimates.models.corpus.step_pass import pass_down, pass_up, step_adjoint
from estimates.models.formula import formula


@formula
def expected_masses(values, grids, laws, steps, masses):
    """Fill the laws of the toll, ``masses`` (cells of all laws,); a law pushed down follows that it is made from."""
    for r in range(len(laws.grid)):
        here = masses[laws.offset[r] : laws.offset[r + 1]]
        if laws.chain_from[r] < 0:
            _lomax(values, grids, laws.grid[r], laws.size[r], here)
        else:
            source = laws.offset[laws.chain_from[r]]
            pass_down(laws.chain_offset[r], steps, masses[source : source + len(here)], here)


@formula
def expected_gradient(values, grids, laws, steps, masses, d_masses, d_steps, d_values, passed):
    """Add the adjoints of the laws to those of the steps and of the parameters of sizes, the last law first."""
    for r in range(len(laws.grid) - 1, -1, -1):
        d_here = d_masses[laws.offset[r] : laws.offset[r + 1]]
        if laws.chain_from[r] < 0:
            _lomax_gradient(values, grids, laws.grid[r], laws.size[r], d_here, d_values)
            continue

        size, source = len(d_here), laws.offset[laws.chain_from[r]]
        step_adjoint(laws.chain_offset[r], steps, d_here, masses[source : source + size], d_steps)
        pass_up(laws.chain_offset[r], steps, d_here, passed)
        d_source = d_masses[source : source + size]
        for c in range(size):
            d_source[c] += passed[c]


@formula
def _lomax(values, grids, g, k, mass):
    """Law ``k`` of sizes on the cells of grid ``g``."""
    positive, shape, scale = values.positive[k], values.shape[k], values.scale_of_size[k]
    edges = grids.edges[grids.edge_offset[g] : grids.edge_offset[g + 1]]
    size = len(mass)
    end = math.exp(-shape * math.log1p((edges[size] - 1) / scale))

    mass[0] = 1.0 - positive
    previous = 1.0
    for c in range(1, size):
        following = math.exp(-shape * math.log1p((edges[c + 1] - 1) / scale))
        mass[c] = (previous - following) * positive / (1.0 - end)
        previous = following


@formula
def _lomax_gradient(values, grids, g, k, d_mass, d_values):
    """Adjoint of :func:`_lomax`: those of the three parameters of the law."""
    positive, shape, scale = values.positive[k], values.shape[k], values.scale_of_size[k]
    edges = grids.edges[grids.edge_offset[g] : grids.edge_offset[g + 1]]
    size = len(d_mass)
    stop = float(edges[size] - 1)
    log_end = math.log1p(stop / scale)
    end = math.exp(-shape * log_end)
    inside = 1.0 - end

    # The derivative of a survival probability by the scale is shape * survival * n / (scale * (scale + n)).
    by_positive, d_shape, d_scale = 0.0, 0.0, 0.0
    log_previous, previous, by_scale = 0.0, 1.0, 0.0
    for c in range(1, size):
        count = float(edges[c + 1] - 1)
        log_next = math.log1p(count / scale)
        following = math.exp(-shape * log_next)
        next_by_scale = following * count / (scale + count)

        by_positive += d_mass[c] * (previous - following)
        d_shape += d_mass[c] * (following * log_next - previous * log_previous)
        d_scale += d_mass[c] * (by_scale - next_by_scale)
        log_previous, previous, by_scale = log_next, following, next_by_scale

    ratio = positive / inside
    d_end = by_positive * ratio / inside
    d_values.positive[k] += by_positive / inside - d_mass[0]
    d_values.shape[k] += d_shape * ratio - d_end * end * log_end
    d_values.scale_of_size[k] += shape / scale * (d_scale * ratio + d_end * end * stop / (scale + stop))
