"""What is expected of the toll: laws of sizes, pushed down to the bin where reports end, and the adjoint; compiled.

The formulas are those of ``size`` and ``growth``. A name that begins with ``d_`` is the derivative of the log marginal
likelihood by what follows.
"""

from __future__ import annotations

from estimates.models.corpus.step_pass import carry, pass_down, pass_up, step_adjoint
from estimates.models.formula import formula
from estimates.models.size import survival, survival_slopes


@formula
def expected_masses(values, grids, laws, steps, masses, of_steps):
    """Fill the laws of the toll, ``masses`` (cells of all laws,); a law pushed down follows that it is made from."""
    for r in range(len(laws.grid)):
        here = masses[laws.offset[r] : laws.offset[r + 1]]
        if laws.chain_from[r] < 0:
            _lomax(values, grids, laws.grid[r], laws.size[r], here)
        else:
            source, shared = laws.offset[laws.chain_from[r]], laws.chain_shared[r]
            pass_down(laws.chain_offset[r], shared, steps, masses[source : source + len(here)], of_steps.carried, here)


@formula
def expected_gradient(values, grids, laws, steps, masses, d_masses, d_steps, d_values, passed, of_steps):
    """Add the adjoints of the laws to those of the steps and of the parameters of sizes, the last law first.

    ``passed`` (cells of the longest grid,) is working memory.
    """
    for r in range(len(laws.grid) - 1, -1, -1):
        d_here = d_masses[laws.offset[r] : laws.offset[r + 1]]
        if laws.chain_from[r] < 0:
            _lomax_gradient(values, grids, laws.grid[r], laws.size[r], d_here, d_values, passed)
            continue

        size, begin, shared = len(d_here), laws.chain_offset[r], laws.chain_shared[r]
        source, result = laws.offset[laws.chain_from[r]], passed[: len(d_here)]
        mass, d_source = masses[source : source + size], d_masses[source : source + size]
        pass_up(begin, shared, steps, d_here, of_steps.means, result)
        carry(begin, shared, steps, mass, of_steps.carried)
        step_adjoint(begin, shared, d_here, mass, of_steps.means, of_steps.carried, d_steps)
        for c in range(size):
            d_source[c] += result[c]


@formula
def _lomax(values, grids, g, k, mass):
    """Law ``k`` of sizes on the cells of grid ``g``: what the probability of more falls by over each cell."""
    positive, shape, scale = values.positive[k], values.shape[k], values.scale_of_size[k]
    last, size = grids.last[grids.offset[g] : grids.offset[g + 1]], len(mass)
    share = positive / (1.0 - survival(last[size - 1], shape, scale))

    # From the last cell on, so that each takes the place of what was written for it as the lower one's next.
    for c in range(size):
        mass[c] = survival(last[c], shape, scale)
    for c in range(size - 1, 0, -1):
        mass[c] = share * (mass[c - 1] - mass[c])
    mass[0] = 1.0 - positive


@formula
def _lomax_gradient(values, grids, g, k, d_mass, d_values, d_survival):
    """Adjoint of :func:`_lomax`: those of the three parameters of the law; ``d_survival`` is working memory."""
    positive, shape, scale = values.positive[k], values.shape[k], values.scale_of_size[k]
    last, size = grids.last[grids.offset[g] : grids.offset[g + 1]], len(d_mass)
    inside = 1.0 - survival(last[size - 1], shape, scale)
    at_end_by_shape, at_end_by_scale = survival_slopes(last[size - 1], shape, scale)

    # The survival beyond a cell adds to the next one what it takes from this one.
    by_cell = d_survival[:size]
    by_cell[0], by_cell[size - 1] = d_mass[1], -d_mass[size - 1]
    for c in range(1, size - 1):
        by_cell[c] = d_mass[c + 1] - d_mass[c]

    total, d_shape, d_scale = 0.0, 0.0, 0.0
    for c in range(size):
        by_shape, by_scale = survival_slopes(last[c], shape, scale)
        total += by_cell[c] * survival(last[c], shape, scale)
        d_shape += by_cell[c] * by_shape
        d_scale += by_cell[c] * by_scale

    d_end = total * positive / (inside * inside)
    d_values.positive[k] += total / inside - d_mass[0]
    d_values.shape[k] += d_shape * positive / inside + d_end * at_end_by_shape
    d_values.scale_of_size[k] += d_scale * positive / inside + d_end * at_end_by_scale
