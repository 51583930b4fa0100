"""Measure: effective draws a second over the sources' parameters, the package's fit against a model written by hand.

1,000 simulated events of at least one death, 3,000 reports by 5 sources with biases of their own, all of the final age,
made by the simulating twins of the package's laws. Both models are sampled in one run by the same sampler (PyMC's NUTS)
with the same numbers of chains, draws, warm-up and target acceptance, one chain after another. Seconds are processor
time of warm-up and draws; building and compiling the models is left out. The model by hand is the usual one: a latent log toll
for every event, not centred, and Student errors on the log of each figure with a bias and a spread for every source.
Its bias is that of all figures, exact ones included, and so smaller than that of the errors alone, by which the last
column measures both.
"""

from __future__ import annotations

import argparse
import logging
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from estimates import read_reports
from estimates.fitting.fitting import ACCEPTANCE, CHAINS, KEPT, WARM_UP
from estimates.fitting.model import Hierarchy, build
from estimates.fitting.training import training_data
from estimates.fitting.variational import start_of_chains
from estimates.models import reporting, size
from estimates.models.types import Floats, Integers
from estimates.profile.effects import Effect
from estimates.profile.priors import source_class

BIASES = (-0.4, -0.2, 0.0, 0.2, 0.4)
EVENTS, REPORTS_AN_EVENT = 1_000, 3
SOURCE_TYPE = "international_media"
#: Evaluations of the gradient that are timed.
CALLS = 100


@dataclass(frozen=True, eq=False)
class Corpus:
    """Simulated reports: for each its event, its source and the figure; shape (reports,)."""

    event: Integers
    source: Integers
    figure: Integers

    def table(self) -> pd.DataFrame:
        """The same as a table of reports."""
        return pd.DataFrame(
            {
                "event": [f"event {number:04d}" for number in self.event],
                "source": [f"source {number}" for number in self.source],
                "wording": "exactly",
                "low": self.figure,
                "high": self.figure,
                "source_type": SOURCE_TYPE,
                "event_type": "attack",
                "event_date": "2020-01-01",
                "reported_at": "2020-03-01",
            }
        )


def simulate(seed: int) -> Corpus:
    """Tolls, and the numbers that three of the five sources hold of each."""
    rng = np.random.default_rng(seed)
    tolls = size.simulate(rng, positive=1.0, shape=1.5, scale=2.5, cap=100_000, count=EVENTS)
    speaking = np.stack([rng.permutation(len(BIASES))[:REPORTS_AN_EVENT] for _ in range(EVENTS)])
    event, source = np.repeat(np.arange(EVENTS), REPORTS_AN_EVENT), speaking.ravel()
    figure = np.zeros(len(event), dtype=np.int64)
    for number, bias in enumerate(BIASES):
        own = source == number
        figure[own] = reporting.simulate(
            rng,
            tolls[event[own]],
            bias=bias,
            exactness=0.2,
            exactness_slope=0.35,
            scale=0.3,
            outlier=0.1,
            heaping=0.33,
        )
    return Corpus(event, source, figure)


def by_hand(corpus: Corpus) -> Any:
    """The model a user would write in PyMC."""
    import pymc as pm

    with pm.Model() as model:
        mean = pm.Normal("mean", 1.0, 1.0)
        spread = pm.HalfNormal("spread", 1.5)
        score = pm.Normal("score", 0.0, 1.0, shape=EVENTS)
        bias = pm.Normal("bias", 0.0, 0.3, shape=len(BIASES))
        error = pm.HalfNormal("error", 0.5, shape=len(BIASES))
        log_toll = mean + spread * score
        pm.StudentT(
            "figure",
            nu=4.0,
            mu=log_toll[corpus.event] + bias[corpus.source],
            sigma=error[corpus.source],
            observed=np.log(corpus.figure + 0.5),
        )
    return model


def by_hand_parameters(posterior: Any) -> dict[str, Any]:
    """Bias and spread of each source, each (chains, draws)."""
    return {
        f"{what} of source {number}": posterior[what].to_numpy()[:, :, number]
        for what in ("bias", "error")
        for number in range(len(BIASES))
    }


def package_parameters(hierarchy: Hierarchy, posterior: Any) -> dict[str, Any]:
    """Bias and log spread of each source by the package's formulas, each (chains, draws)."""
    shape = posterior["effects"].shape[:2]
    flat = {name: posterior[name].to_numpy().reshape(-1, posterior[name].shape[2]) for name in posterior.data_vars}
    values = hierarchy.parameters(flat)
    kind = source_class(SOURCE_TYPE)
    result = {}
    for number in range(len(BIASES)):
        name = f"source {number}"
        for what, effect in (("bias", "bias.neutral"), ("error", "error")):
            scores = flat["effects"][:, hierarchy.effects.index(Effect(name, effect))]
            result[f"{what} of {name}"] = (values[f"{what}.{kind}"] + values[f"{what}.spread"] * scores).reshape(shape)
    return result


@dataclass(frozen=True, eq=False)
class Run:
    """How one model sampled.

    Attributes
    ----------
    seconds : float
        Processor time of the warm-up and draws of all chains.
    effective : float
        The smallest effective sample size (bulk) over the biases and spreads of the sources.
    weakest : str
        The one that has it.
    largest_r_hat : float
        Over the same.
    divergences, gradients : int
        ``gradients`` counts those of warm-up and draws.
    gradient_seconds : float
        One evaluation of the log density and its gradient.
    contrasts : array, shape (sources,)
        Posterior mean of each source's bias less the mean over all sources.
    """

    seconds: float
    effective: float
    weakest: str
    largest_r_hat: float
    divergences: int
    gradients: int
    gradient_seconds: float
    contrasts: Floats


def default_step(model: Any, arguments: argparse.Namespace) -> tuple[Any, list[Any], float]:
    """PyMC's own step and where its chains begin: jitter, a diagonal mass matrix adapted in warm-up; no time spent."""
    import pymc as pm

    with model:
        points, step = pm.init_nuts(
            init="jitter+adapt_diag",
            chains=arguments.chains,
            random_seed=arguments.seed,
            progressbar=False,
            quiet=True,
            tune=arguments.tune,
            target_accept=arguments.target_accept,
        )
    return step, points, 0.0


def step_of_fit(hierarchy: Hierarchy, arguments: argparse.Namespace) -> tuple[Any, list[Any], float]:
    """The step of ``fit``, where its chains begin (at draws of a quick normal approximation) and what that took."""
    density = hierarchy.density()
    begun = time.process_time()
    start = start_of_chains(density, hierarchy.start(), np.random.default_rng(arguments.seed))
    seconds = time.process_time() - begun
    points = [hierarchy.point(start.draw(arguments.seed + chain)) for chain in range(arguments.chains)]
    return hierarchy.step(start, arguments.target_accept), points, seconds


def sampled(
    model: Any,
    begin: Callable[[], tuple[Any, list[Any], float]],
    parameters: Callable[[Any], dict[str, Any]],
    arguments: argparse.Namespace,
) -> Run:
    """Sample a model and time it, with what comes before; its compiled gradient is called before the clock starts."""
    import arviz as az
    import pymc as pm
    from pymc.blocking import DictToArrayBijection

    step, points, preparing = begin()
    with model:
        gradient, start = step._logp_dlogp_func, DictToArrayBijection.map(model.initial_point(0))
        gradient(start)
        begun = time.perf_counter()
        for _ in range(CALLS):
            gradient(start)
        gradient_seconds = (time.perf_counter() - begun) / CALLS
        trace = pm.sample(
            draws=arguments.draws,
            tune=arguments.tune,
            chains=arguments.chains,
            cores=1,
            step=step,
            initvals=points,
            random_seed=arguments.seed,
            progressbar=False,
            quiet=True,
            compute_convergence_checks=False,
            discard_tuned_samples=False,
        )
    found = parameters(trace["posterior"].dataset)
    tree = az.from_dict({"posterior": found})
    effective = {name: float(values) for name, values in az.ess(tree, method="bulk").data_vars.items()}
    weakest = min(effective, key=lambda name: effective[name])
    means = np.array([found[f"bias of source {number}"].mean() for number in range(len(BIASES))])
    stats, warm_up = trace["sample_stats"], trace["warmup_sample_stats"]
    return Run(
        seconds=preparing + float(stats["process_time_diff"].sum() + warm_up["process_time_diff"].sum()),
        effective=effective[weakest],
        weakest=weakest,
        largest_r_hat=max(float(values) for values in az.rhat(tree).data_vars.values()),
        divergences=int(stats["diverging"].sum()),
        gradients=int(stats["n_steps"].sum() + warm_up["n_steps"].sum()),
        gradient_seconds=gradient_seconds,
        contrasts=means - means.mean(),
    )


def show(name: str, run: Run) -> None:
    """One line of the table."""
    apart = np.abs(run.contrasts - (np.array(BIASES) - np.mean(BIASES))).max()
    print(
        f"{name:20s} {run.seconds:8.1f} {run.effective:8.0f} {run.effective / run.seconds:8.2f}   {run.weakest:18s}"
        f" {run.largest_r_hat:6.3f} {run.divergences:11d} {run.gradients:10,d} {1e3 * run.gradient_seconds:8.3f} {apart:9.3f}",
        flush=True,
    )


def main() -> None:
    """Print the measure."""
    arguments_of = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments_of.add_argument("--draws", type=int, default=KEPT)
    arguments_of.add_argument("--tune", type=int, default=WARM_UP)
    arguments_of.add_argument("--chains", type=int, default=CHAINS)
    arguments_of.add_argument("--target-accept", type=float, default=ACCEPTANCE)
    arguments_of.add_argument("--seed", type=int, default=0)
    arguments = arguments_of.parse_args()
    logging.getLogger("pymc").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", message="Numba will use object mode")
    corpus = simulate(arguments.seed)
    settings = f"{arguments.chains} chains of {arguments.draws} draws after {arguments.tune}, seed {arguments.seed}"
    print(f"{EVENTS} events, {len(corpus.figure)} reports, {len(BIASES)} sources; {settings}")
    print(
        "                              smallest     ESS   for                largest                            ms a   largest"
    )
    print(
        "model                 seconds      ESS  per second                    R-hat divergences  gradients gradient  error of"
    )
    print(f"{'a contrast of biases':>120s}")
    hand = by_hand(corpus)
    show("by hand", sampled(hand, partial(default_step, hand, arguments), by_hand_parameters, arguments))
    training = training_data(read_reports(corpus.table()))
    hierarchy = build(training)
    found = partial(package_parameters, hierarchy)
    for how, begin in (
        ("as fit", partial(step_of_fit, hierarchy, arguments)),
        ("diagonal", partial(default_step, hierarchy.model, arguments)),
    ):
        show(how, sampled(hierarchy.model, begin, found, arguments))


if __name__ == "__main__":
    main()
