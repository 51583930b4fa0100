"""Whether chains have converged: what is flagged, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from estimates.errors import FitError
from estimates.models.types import Floats

#: Beyond the first of these a sampled fit is flagged, beyond the second refused.
FLAGGED_R_HAT, REFUSED_R_HAT = 1.01, 1.1
FLAGGED_SAMPLE_SIZE, REFUSED_SAMPLE_SIZE = 400.0, 40.0
REFUSED_DIVERGENT_SHARE = 0.1
#: Beginning of the names of what is kept of each draw beside the variables.
STATISTIC = "stat:"
_ADVICE = "fit again with a larger tune and kept, or look for events that are merged, split or of another outcome"


def diagnose(chains: Sequence[Mapping[str, Floats]]) -> dict[str, Any]:
    """Largest R-hat, smallest effective sample sizes and divergences; what is doubtful is flagged.

    Parameters
    ----------
    chains : sequence of mapping of str to array, shape (draws, length)
        Variables, and ``stat:diverging``, shape (draws,), whether each draw diverged.

    Raises
    ------
    FitError
        If draws are incomplete, or the chains have not converged.
    """
    variables = variables_of(chains)
    broken = sorted(name for name, values in variables.items() if not np.isfinite(values).all())
    if broken:
        raise FitError(f"the sampler left incomplete draws in {', '.join(broken)}; fit again with another seed")

    r_hat, bulk, tail = _convergence(variables)
    if r_hat > REFUSED_R_HAT or bulk < REFUSED_SAMPLE_SIZE:
        raise FitError(
            f"the chains did not converge (largest R-hat {r_hat:.3f}, smallest effective sample size {bulk:.0f}); "
            f"{_ADVICE}"
        )

    diverging = np.concatenate([chain[f"{STATISTIC}diverging"] for chain in chains])
    divergent, total = int(diverging.sum()), len(diverging)
    if divergent > REFUSED_DIVERGENT_SHARE * total:
        raise FitError(f"{divergent} of {total} draws diverged; {_ADVICE}")

    flags = []
    if not r_hat <= FLAGGED_R_HAT:
        flags.append(f"largest R-hat {r_hat:.3f}")
    if min(bulk, tail) < FLAGGED_SAMPLE_SIZE:
        flags.append(f"smallest effective sample size {min(bulk, tail):.0f}")
    if divergent:
        flags.append(f"{divergent} of {total} draws diverged")

    numbers = {"r_hat": round(r_hat, 4), "ess_bulk": round(bulk), "ess_tail": round(tail), "divergences": divergent}
    return {**numbers, "flags": "; ".join(flags)}


def variables_of(chains: Sequence[Mapping[str, Floats]]) -> dict[str, Floats]:
    """The variables of all chains, shape (chains, draws, length), without what is kept beside them."""
    names = [name for name in chains[0] if not name.startswith(STATISTIC)]
    return {name: np.stack([chain[name] for chain in chains]) for name in names}


def _convergence(variables: Mapping[str, Floats]) -> tuple[float, float, float]:
    """Largest R-hat (not a number for one chain), and smallest effective sample sizes in the bulk and in the tails."""
    import arviz

    tree = arviz.from_dict({"posterior": dict(variables)})
    r_hats, bulks, tails = arviz.rhat(tree), arviz.ess(tree, method="bulk"), arviz.ess(tree, method="tail")

    chains = len(next(iter(variables.values())))
    r_hat = max(float(r_hats[name].max()) for name in variables) if chains > 1 else float("nan")
    bulk = min(float(bulks[name].min()) for name in variables)
    tail = min(float(tails[name].min()) for name in variables)
    return r_hat, bulk, tail
