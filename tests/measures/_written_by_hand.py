"""The model of conflicting figures that a careful analyst would write in PyMC in an afternoon, and how it is sampled.

Every event has a log toll of its own, with a heavy-tailed prior (Student, four degrees of freedom, around two deaths);
the toll is taken for continuous. What a source holds is the toll with a log-normal error, whose scale all sources
share and the model learns. A figure says in which numbers that lies: "18" and "about 18" between 17.5 and 18.5, "18 to
20" up to 20.5, "at least 18" above 17.5, "dozens" between the numbers that the word usually means, "none" below one
half. There is no copying, no age of a figure, no habit of a source and nothing that is never documented.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from measures._common import Seconds, seconds

from estimates.models.types import Floats, Integers

#: Middle and scale of the prior of a log toll, its degrees of freedom, and the log-normal prior of the scale of errors.
MIDDLE, SCALE, FREEDOM, ERROR = np.log(2.0), 1.0, 4.0, (np.log(0.3), 0.5)
#: How it is sampled; nothing is left to the library's defaults.
CHAINS, DRAWS, WARM_UP, ACCEPTANCE, SEED = 4, 500, 1_000, 0.9, 0
#: Stands for the logarithm of a number without bounds.
FAR = 40.0


class Sampled(NamedTuple):
    """How the model sampled.

    Attributes
    ----------
    building : Seconds
        Writing the graph, and compiling its gradient.
    sampling : Seconds
        Warm-up and draws of all chains.
    effective : float
        The smallest effective sample size (bulk) over the log tolls and the scale of errors.
    largest_r_hat : float
        Over the same.
    divergences : int
    tolls : array, shape (draws of all chains, events)
    """

    building: Seconds
    sampling: Seconds
    effective: float
    largest_r_hat: float
    divergences: int
    tolls: Floats


def log_bounds(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Logarithms of the numbers between which a source's own lies, where it says ``low`` to ``high``: shape (reports,).

    ``high`` is infinite where nothing is said of it.
    """
    below, above = np.full(len(low), -FAR), np.full(len(high), FAR)
    np.log(low - 0.5, out=below, where=low > 0)
    np.log(high + 0.5, out=above, where=np.isfinite(high))
    return below, above


def log_probability(below: Any, above: Any, log_toll: Any, error: Any) -> Any:
    """Logarithm of the normal probability between two bounds, each taken from the nearer tail so as not to cancel."""
    import pymc as pm
    import pytensor.tensor as pt

    one, other = (below - log_toll) / error, (above - log_toll) / error
    is_above = one + other > 0.0
    normal = pm.Normal.dist(0.0, 1.0)
    nearer = pm.logcdf(normal, pt.switch(is_above, -one, other))
    farther = pm.logcdf(normal, pt.switch(is_above, -other, one))
    return pm.math.logdiffexp(nearer, farther)


def written(low: Floats, high: Floats, event: Integers) -> Any:
    """The model.

    Parameters
    ----------
    low, high : arrays, shape (reports,)
        What each report says; ``high`` is infinite where nothing is said of it.
    event : integer array, shape (reports,)
        The number of its event.
    """
    import pymc as pm

    below, above = log_bounds(low, high)
    with pm.Model() as model:
        log_toll = pm.StudentT("log_toll", nu=FREEDOM, mu=MIDDLE, sigma=SCALE, shape=int(event.max()) + 1)
        error = pm.LogNormal("error", *ERROR)
        pm.Potential("figures", log_probability(below, above, log_toll[event], error).sum())
    return model


def sampled(low: Floats, high: Floats, event: Integers) -> Sampled:
    """Sample the model by NUTS, one chain after another, and tell what that took; arguments as for :func:`written`."""
    import arviz as az
    import pymc as pm

    made: list[Any] = []

    def build() -> None:
        model = written(low, high, event)
        with model:
            points, step = pm.init_nuts(
                init="jitter+adapt_diag",
                chains=CHAINS,
                random_seed=SEED,
                tune=WARM_UP,
                target_accept=ACCEPTANCE,
                progressbar=False,
                quiet=True,
            )
        made.extend((model, points, step))

    def sample() -> None:
        model, points, step = made
        with model:
            trace = pm.sample(
                draws=DRAWS,
                tune=WARM_UP,
                chains=CHAINS,
                cores=1,
                step=step,
                initvals=points,
                random_seed=SEED,
                progressbar=False,
                quiet=True,
                compute_convergence_checks=False,
            )
        made.append(trace)

    building, sampling = seconds(build), seconds(sample)
    posterior, stats = made[-1]["posterior"].dataset, made[-1]["sample_stats"]
    tolls = posterior["log_toll"].to_numpy()
    return Sampled(
        building,
        sampling,
        effective=min(float(each.min()) for each in az.ess(made[-1], method="bulk").data_vars.values()),
        largest_r_hat=max(float(each.max()) for each in az.rhat(made[-1]).data_vars.values()),
        divergences=int(stats["diverging"].sum()),
        tolls=np.exp(tolls.reshape(-1, tolls.shape[-1])),
    )
