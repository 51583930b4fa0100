"""Measure: how far the fast fit lies from the sampler, parameter by parameter, in posterior standard deviations.

Both are fits of one table: the anchors that are shipped, or MAVERICK where its file is at hand (``--data``). For every
parameter and every trait of a source or type of event: the difference of the means over the sampler's standard deviation,
and the ratio of the standard deviations. Two sets of draws of one law differ as well: the sampler's standard error stands
beside.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from _data import find, parser
from _maverick import FILE, reduce

from estimates import read_reports
from estimates.fitting.anchors import shipped_anchors
from estimates.fitting.chains import Chain
from estimates.fitting.model import Hierarchy, build
from estimates.fitting.training import training_data
from estimates.fitting.variational import approximate
from estimates.models.types import Floats
from estimates.profile.blocks import generator
from estimates.table.reports import Reports

DRAWS, CHAINS, WARM_UP, KEPT = 1_000, 4, 400, 1_000


def named(hierarchy: Hierarchy, variables: dict[str, Floats]) -> dict[str, Floats]:
    """Draws of every variable of the model by the name of its parameter or trait."""
    names = {**hierarchy.families, "effects": tuple(f"{effect.what} of {effect.of}" for effect in hierarchy.effects)}
    return {
        name: variables[family][:, column] for family, members in names.items() for column, name in enumerate(members)
    }


def agreement(reports: Reports, *, chosen_for_size: bool, seed: int, cores: int) -> pd.DataFrame:
    """One line a parameter: difference of means and ratio of standard deviations, with the sampler's effective size."""
    import arviz

    from estimates.fitting.variational import start_of_chains

    hierarchy = build(training_data(reports, chosen_for_size=chosen_for_size))
    density = hierarchy.density()
    found = approximate(density, hierarchy.start(), generator(seed, "fast fit"), DRAWS)
    fast = named(hierarchy, hierarchy.variables(found.draws))
    start = start_of_chains(density, hierarchy.start(), generator(seed, "warm start"))
    seeds = [int(generator(seed, "chain", str(chain)).integers(2**31)) for chain in range(CHAINS)]
    chains = [Chain(number, own, start.draw(own)) for number, own in enumerate(seeds)]
    sampled_chains = dict(hierarchy.sample(chains, WARM_UP, KEPT, 0.8, cores, start))
    by_chain = [named(hierarchy, sampled_chains[number]) for number in sorted(sampled_chains)]
    sampled = {name: np.stack([chain[name] for chain in by_chain]) for name in by_chain[0]}
    # One array: names of sources may hold what names of variables may not.
    tree = arviz.from_dict({"posterior": {"value": np.stack(list(sampled.values()), axis=2)}})
    sizes, r_hats = (np.asarray(found_of["value"]) for found_of in (arviz.ess(tree, method="bulk"), arviz.rhat(tree)))
    rows = [
        {
            "parameter": name,
            "difference": (fast[name].mean() - draws.mean()) / draws.std(),
            "ratio": fast[name].std() / draws.std(),
            "size": float(size),
            "r_hat": float(r_hat),
        }
        for (name, draws), size, r_hat in zip(sampled.items(), sizes, r_hats, strict=True)
    ]
    return pd.DataFrame(rows)


def show(label: str, found: pd.DataFrame) -> None:
    """Print the distances, all together and the largest."""
    far = found["difference"].abs()
    print(
        f"{label}: {len(found)} parameters and traits; sampler: largest R-hat {found['r_hat'].max():.3f}, smallest "
        f"effective sample size {found['size'].min():.0f} (standard error {found['size'].min() ** -0.5:.2f} sd)"
    )
    print(
        f"  difference of means in sd: mean {far.mean():.3f}, 95% below {far.quantile(0.95):.3f}, largest {far.max():.3f}; "
        f"ratio of sd: middle {found['ratio'].median():.3f}, 95% between {found['ratio'].quantile(0.025):.2f} and "
        f"{found['ratio'].quantile(0.975):.2f}"
    )
    shared = found[~found["parameter"].str.contains(" of ")]
    print("  every shared parameter, farthest first (difference in sd, ratio of sd):")
    for line in shared.sort_values("difference", key=np.abs, ascending=False).itertuples():
        print(f"    {line.parameter:34s} {line.difference:6.2f} {line.ratio:6.2f}")


def main() -> None:
    """Print the measure."""
    arguments_of = parser(__doc__ or "")
    arguments_of.add_argument("--seed", type=int, default=0)
    arguments_of.add_argument("--cores", type=int, default=2)
    arguments_of.add_argument("--anchors", action="store_true", help="the anchors as well: ten minutes")
    arguments = arguments_of.parse_args()
    path = find(arguments.data, FILE)
    if path is not None:
        reports = read_reports(reduce(path).drop(columns="value"))
        show("MAVERICK", agreement(reports, chosen_for_size=False, seed=arguments.seed, cores=arguments.cores))
    if arguments.anchors:
        show("anchors", agreement(shipped_anchors(), chosen_for_size=True, seed=arguments.seed, cores=arguments.cores))


if __name__ == "__main__":
    main()
