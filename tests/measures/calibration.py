"""Measure: simulation-based calibration of a fit, by the ranks of what is simulated among the draws of its fit.

Parameters are drawn from the published priors, a table of reports is simulated with them by ``estimates.evaluation.simulation``,
which shares no code with the likelihood, and a profile is learned from the table. If the mechanism, the likelihood, its
gradient, the sampler and the estimates are right, every rank of every parameter, toll and total among its draws is as
likely as every other (Talts et al., arXiv 1804.06788). ``log evidence`` is the tables' own probability given the
parameters, which is moved by errors that leave each parameter's ranks uniform (Modrák et al., Bayesian Analysis 2023).

``--corpora N`` brings the tables of ``docs/calibration/ranks_METHOD.csv`` up to N, one row a table, and goes on where it
stopped; without it nothing is fitted. ``docs/calibration.md`` and its picture are written anew from all rows. Rows are
not told apart by version: delete the files when the model, the priors or the simulation change.
"""

from __future__ import annotations

import argparse
import csv
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from estimates import SourceProfile, simulate
from estimates.errors import EstimatesError
from estimates.evaluation.simulation import Simulation
from estimates.fitting.chains import Chain
from estimates.fitting.training import TrainingData, training_data
from estimates.inference.cases import gather
from estimates.inference.engine import Tolls, engine_of
from estimates.inference.undocumented import UndocumentedLayer
from estimates.models.corpus.likelihood import Corpus
from estimates.models.types import Floats, Integers
from estimates.profile.blocks import generator
from estimates.profile.effects import layout_of
from estimates.profile.priors import PRIORS
from estimates.profile.profile import published_profile

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from estimates.fitting.model import Hierarchy

#: Parameters on which no event of the first table depends, the model, and its compiled density.
type Model = tuple[frozenset[str], Hierarchy, Callable[[Floats], tuple[float, Floats]]]

DOCS = Path(__file__).resolve().parents[2] / "docs"
EVENTS, SOURCES = 30, 4
#: What is told of the events of a table, beside figures of everybody.
TOLD: Mapping[str, object] = {
    "event_type": ("airstrike", "flood"),
    "source_types": ("international_media", "government", "monitor", "local_media"),
    "reports_per_event": 2.4,
    "anchors": 0.25,
    "named_lists": 0.05,
    "at_risk": 0.05,
    "chosen": 0.5,
    "coded": 0.6,
    "parts": 0.08,
    "withdrawn": 0.08,
    "undated": 0.05,
    "falling": 0.07,
}
#: Draws among which the truth is ranked: of one walker each, or of chains thinned to nearly independent draws.
DRAWS = {"fast": 159, "nuts": 99}
CHAINS, WARM_UP, KEPT = 2, 300, 297
#: Events whose tolls are ranked one by one.
RANKED_EVENTS = 5
#: Simulated tables have the seeds from 1 on; those of their fits lie far from them, so that no draws are shared.
FIT_SEEDS = 1_000_000
#: Simulated sets of uniform ranks behind each envelope and p-value.
SIMULATED = 20_000
LEVEL = 0.95
METHODS = tuple(DRAWS)
#: What stands in a row beside ranks.
_NOTES = ("seed", "draws", "seconds", "note")


# Ranks ---------------------------------------------------------------------------------------------------------------


class Fitter:
    """Fits one simulated table after another; a model is compiled for the first of each layout, and for few besides.

    How far scores are centred is that of this first table: the posterior is the same, its draws are not.
    """

    def __init__(self, method: str) -> None:
        self._method = method
        self._compiled: dict[tuple[object, ...], list[Model]] = {}

    def __call__(self, simulation: Simulation, seed: int) -> tuple[SourceProfile, TrainingData]:
        """The profile learned from a table, and what it was learned from."""
        from estimates.fitting.variational import approximate, start_of_chains

        training = training_data(simulation.reports)
        hierarchy, density = self._model(training)
        count = DRAWS[self._method]
        if self._method == "fast":
            found = approximate(density, hierarchy.start(), generator(seed, "fast fit"), count)
            variables = hierarchy.variables(found.draws)
        else:
            from estimates.fitting.diagnostics import diagnose

            seeds = [int(generator(seed, "chain", str(chain)).integers(2**31)) for chain in range(CHAINS)]
            start = start_of_chains(density, hierarchy.start(), generator(seed, "warm start"))
            walks = [Chain(number, own, start.draw(own)) for number, own in enumerate(seeds)]
            chains = [variables for _, variables in hierarchy.sample(walks, WARM_UP, KEPT, 0.8, 1, start)]
            diagnose(chains)
            every = CHAINS * KEPT // count
            variables = {
                name: np.concatenate([chain[name] for chain in chains])[::every][:count]
                for name in chains[0]
                if not name.startswith("stat:")
            }
        learned = hierarchy.parameters(variables)
        profile = SourceProfile(
            f"table {simulation.seed}",
            seed,
            {name: learned[name] if name in learned else prior.sample(count, seed) for name, prior in PRIORS.items()},
            {effect: np.ascontiguousarray(variables["effects"][:, at]) for at, effect in enumerate(hierarchy.effects)},
            dict(training.learned),
            learned_from=frozenset(training.marks.values()),
        )
        return profile, training

    def _model(self, training: TrainingData) -> tuple[Hierarchy, Callable[[Floats], tuple[float, Floats]]]:
        """A model for a table: one that is compiled already serves if it has all the parameters that bear on it.

        What it has beside these follows its prior, as it should: compiling takes longer than fitting a table.
        """
        from estimates.fitting.model import build

        layout = layout_of(training.sources, training.size_laws, training.growth_laws)
        corpus = Corpus(training.events, layout)
        models = self._compiled.setdefault((training.sources, training.size_laws, training.growth_laws), [])
        for idle, hierarchy, density in models:
            if idle <= corpus.idle:
                hierarchy.corpus_op.corpus = corpus
                return hierarchy, density

        hierarchy = build(training)
        density = hierarchy.density()
        models.append((corpus.idle, hierarchy, density))
        return hierarchy, density


def simulated(seed: int, events: int = EVENTS, sources: int = SOURCES) -> Simulation:
    """A table from one draw of the published priors, drawn again as a whole until all of its events fit.

    It holds figures of two groups of growth, chosen or not, by parties and others, in words and as bare numbers, of
    everybody and of groups, and all else that bears on a parameter that is learned.
    """
    return simulate(events, sources, seed=seed, profile=published_profile(seed), again="table", **TOLD)  # type: ignore[arg-type]


def ranks(simulation: Simulation, profile: SourceProfile, training: TrainingData) -> dict[str, int]:
    """Rank, from 0 to the number of draws, of everything that was simulated among the profile's draws."""
    chosen = generator(simulation.seed, "ties")
    truth = simulation.known_profile()
    found: dict[str, int] = {}

    def rank(name: str, draws: Floats | Integers, value: float) -> None:
        below, equal = int(np.sum(draws < value)), int(np.sum(draws == value))
        found[name] = below + int(chosen.integers(equal + 1))

    for name, value in simulation.parameters.items():
        if np.ptp(profile.parameters[name]) and name != "kappa" and _learned(name, training):
            rank(name, profile.parameters[name], value)
    for effect, score in simulation.effects.items():
        rank(f"{effect.what} of {effect.of}", profile.effects[effect], score)
    heard = set(simulation.sources["source"])
    for key in (key for key in training.sources if key.source in heard):
        known, learned = truth.reporting(*key), profile.reporting(*key)
        for what in ("bias", "exactness", "scale", "copying"):
            rank(f"{key.source}: {what}", getattr(learned, what), float(getattr(known, what)[0]))
    _rank_tolls(simulation, profile, rank, found, chosen)
    return found


def _rank_tolls(
    simulation: Simulation,
    profile: SourceProfile,
    rank: Callable[[str, Floats | Integers, float], None],
    found: dict[str, int],
    chosen: np.random.Generator,
) -> None:
    """Ranks of the log evidence and of tolls, with one toll of each event under each draw of the profile."""
    cases = gather(simulation.reports.estimated_reports, profile.bin_shares, None).cases
    engine, layer = engine_of(profile), UndocumentedLayer.elicited()
    tables = list(engine.tables(cases, tolls=Tolls(1, profile.seed)))
    now = engine.tables(cases, by_now=True)
    true = engine_of(simulation.known_profile()).tables(cases)
    true_likelihood = sum(table.log_marginal_likelihood[0] for table in true)
    rank("log evidence", np.sum([table.log_marginal_likelihood for table in tables], axis=0), float(true_likelihood))

    tolls = simulation.truth.set_index("event")
    all_documented, all_total = np.zeros((2, profile.draws), dtype=np.int64)
    for case, table, then in zip(cases, tables, now, strict=True):
        event, grid, cells = case.event, case.grid, table.cells[0]
        documented = grid.start[cells] + (grid.width[cells] * chosen.random(profile.draws)).astype(np.int64)
        total = layer.quantile(chosen.random(profile.draws), documented, profile.kappa, profile.seed, case.at_risk)
        all_documented += documented
        all_total += total
        if int(event.split()[-1]) > RANKED_EVENTS:
            continue

        rank(f"{event}: documented", documented, int(tolls.loc[event, "documented"]))
        rank(f"{event}: full toll", total, int(tolls.loc[event, "total"]))
        # Exact probabilities below and at the truth instead of draws.
        toll, shares = int(tolls.loc[event, "by_now"]), then.mass.astype(float).mean(axis=1)
        below, through = (
            float(shares @ np.clip((count - grid.start) / grid.width, 0, 1)) / shares.sum()
            for count in (toll, toll + 1)
        )
        rank_share = below + chosen.random() * (through - below)
        found[f"{event}: by now"] = min(int(rank_share * (profile.draws + 1)), profile.draws)
    rank("all events: documented", all_documented, tolls["documented"].sum())
    rank("all events: full toll", all_total, tolls["total"].sum())


def _learned(name: str, training: TrainingData) -> bool:
    from estimates.fitting.model import used_parameters

    return name in used_parameters(training)


def row(fitter: Fitter, method: str, seed: int, events: int = EVENTS, sources: int = SOURCES) -> dict[str, Any]:
    """One row of the file of ranks; one without ranks where no table fitted or the fit was refused."""
    started = time.perf_counter()
    found: dict[str, int] = {}
    note = ""
    try:
        simulation = simulated(seed, events, sources)
        found = ranks(simulation, *fitter(simulation, FIT_SEEDS + seed))
    except EstimatesError as error:
        note = str(error)
    seconds = round(time.perf_counter() - started, 1)
    return {"seed": seed, "draws": DRAWS[method], "seconds": seconds, "note": note, **found}


# Tables, one after another -------------------------------------------------------------------------------------------


def extend(path: Path, method: str, corpora: int, jobs: int) -> None:
    """Fit the tables with seeds 1 to ``corpora`` that are not in the file, and append each as it comes."""
    done = set(read(path)["seed"]) if path.exists() else set()
    missing = [seed for seed in range(1, corpora + 1) if seed not in done]
    path.parent.mkdir(parents=True, exist_ok=True)
    for result in _results(method, missing, jobs):
        append(path, result)
        print(f"{method}: table {result['seed']} in {result['seconds']} s {result['note']}", flush=True)


def _results(method: str, seeds: Sequence[int], jobs: int) -> Iterator[dict[str, Any]]:
    if jobs == 1:
        fitter = Fitter(method)
        yield from (row(fitter, method, seed) for seed in seeds)
        return
    from multiprocessing import get_context

    with get_context("spawn").Pool(jobs, _begin, (method,)) as pool:
        yield from pool.imap_unordered(_in_pool, seeds)


_FITTERS: dict[str, Fitter] = {}


def _begin(method: str) -> None:
    _FITTERS[method] = Fitter(method)


def _in_pool(seed: int) -> dict[str, Any]:
    ((method, fitter),) = _FITTERS.items()
    return row(fitter, method, seed)


def append(path: Path, result: Mapping[str, Any]) -> None:
    """Add a row; the first one with ranks says what the columns are."""
    if path.exists():
        with path.open(newline="") as file:
            columns = next(csv.reader(file))
    else:
        if len(result) == len(_NOTES):
            return  # nothing is known of the columns yet: fitted again next time
        columns = list(result)
    unknown = set(result) - set(columns)
    if unknown:
        raise SystemExit(f"{path} has no column {sorted(unknown)[0]!r}: the model has changed; delete the file")
    with path.open("a", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if file.tell() == 0:
            writer.writerow(columns)
        writer.writerow([result.get(column, "") for column in columns])


def read(path: Path) -> pd.DataFrame:
    """The file of ranks, without a last row that was cut off."""
    lines = path.read_text().splitlines(keepends=True)
    whole = [line for line in lines if line.endswith("\n")]
    if len(whole) < len(lines):
        path.write_text("".join(whole))
    return pd.read_csv(path).drop_duplicates("seed")


# Uniformity ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Envelope:
    """Where the distribution of ``count`` uniform ranks stays with 95% probability, at all ranks at once.

    Attributes
    ----------
    count, draws : int
    low, high : arrays, shape (draws,)
        Of the share of ranks up to 0, 1, ..., draws - 1.
    statistics : array
        Sorted smallest pointwise probabilities of simulated sets of ranks.
    """

    count: int
    draws: int
    low: Floats
    high: Floats
    statistics: Floats

    def p_value(self, found: Integers) -> float:
        """Share of sets of uniform ranks that lie at least as far out as these."""
        counts = np.cumsum(np.bincount(found, minlength=self.draws + 1))[:-1]
        statistic = _smallest(counts[None, :], self.count, self.draws)[0]
        return float(np.searchsorted(self.statistics, statistic * (1 + 1e-9), side="right") / len(self.statistics))


def envelope(count: int, draws: int, rng: np.random.Generator, sets: int = SIMULATED) -> Envelope:
    """Simultaneous envelope of Säilynoja, Bürkner and Vehtari (Statistics and Computing 2022), by simulation.

    At every rank the central range of a binomial, of one pointwise level, chosen so that all ranks together hold 95% of
    simulated sets of uniform ranks.

    Parameters
    ----------
    count : int
        How many ranks.
    draws : int
        Ranks go from 0 to this.
    rng : Generator
    sets : int
        How many sets are simulated.
    """
    from scipy.stats import binom

    # In blocks: many sets of many ranks do not fit into memory.
    statistics = np.sort(
        np.concatenate(
            [
                _smallest(
                    np.cumsum(rng.multinomial(count, np.full(draws + 1, 1 / (draws + 1)), block), axis=1)[:, :-1],
                    count,
                    draws,
                )
                for block in np.diff([*range(0, sets, 1_000), sets])
            ]
        )
    )
    level = float(statistics[int((1 - LEVEL) * sets)])
    shares = np.arange(1, draws + 1) / (draws + 1)
    return Envelope(
        count,
        draws,
        binom.ppf(level / 2, count, shares) / count,
        binom.ppf(1 - level / 2, count, shares) / count,
        statistics,
    )


def _smallest(counts: Integers, count: int, draws: int) -> Floats:
    """Smallest two-sided pointwise probability over ranks, for each set of cumulated counts (sets, draws)."""
    from scipy.stats import binom

    shares = np.arange(1, draws + 1) / (draws + 1)
    possible = np.arange(count + 1)[:, None]
    lower = binom.cdf(possible, count, shares)
    both = np.minimum(1.0, 2.0 * np.minimum(lower, binom.sf(possible - 1, count, shares)))
    smallest: Floats = both[counts, np.arange(draws)].min(axis=1)
    return smallest


def uniformity(rows: pd.DataFrame) -> tuple[pd.DataFrame, Envelope]:
    """One line a quantity: how many ranks, their mean and spread beside those of uniform ones, and the p-value."""
    usable = rows[rows["note"].isna()]
    draws = int(usable["draws"].iloc[0])
    band = envelope(len(usable), draws, np.random.default_rng(1))
    lines = []
    for name in usable.columns.difference(_NOTES, sort=False):
        found = usable[name].to_numpy(dtype=np.int64)
        places = (found + 0.5) / (draws + 1)
        lines.append(
            {
                "quantity": name,
                "tables": len(found),
                "mean": places.mean(),
                "spread": places.std() * np.sqrt(12),
                "p": band.p_value(found),
            }
        )
    table = pd.DataFrame(lines)
    return table.assign(outside=table["p"] < 1 - LEVEL), band


# The page ------------------------------------------------------------------------------------------------------------


def page(found: Mapping[str, tuple[pd.DataFrame, pd.DataFrame, Envelope]]) -> str:
    """The page in Markdown, from the rows, the table and the envelope of each method."""
    lines = [
        "# Calibration of the fit",
        "",
        "Written by `make calibrate` (`tests/measures/calibration.py`); do not edit.",
        "",
        f"Each table has {EVENTS} events and {SOURCES} sources and is simulated with parameters drawn from the published",
        "priors; a profile is learned from it, and what was simulated is ranked among the draws. A table holds airstrikes",
        "and floods, chosen events and others, verified tolls, lists of names, people at risk, parts, zeros in columns of",
        "numbers, withdrawn, undated and falling figures, and all of its events must fit at once or it is drawn again: of",
        "tables of 40 events too many never did, so they are smaller than those of the model before. Uniform",
        "ranks have mean 0.5 and spread 1 (standard deviation times the square root of 12); a spread above 1 means ranges",
        "that are too narrow, below 1 too wide. *p* is that of the simultaneous 95% envelope of the distribution of ranks;",
        "about one quantity in twenty leaves it by chance.",
        "",
        "![Distribution of ranks, less what is expected](calibration.png)",
    ]
    for method, (rows, table, band) in found.items():
        outside = table[table["outside"]]
        refused = int(rows["note"].notna().sum())
        limit = (1 - LEVEL) / len(table)
        lines += [
            "",
            f"## {method}",
            "",
            f"{band.count} tables, {band.draws} draws each, {rows['seconds'].median():.0f} s a table; {refused} tables refused.",
            f"{len(outside)} of {len(table)} quantities leave the envelope, {0.05 * len(table):.0f} are expected to; the "
            f"smallest p is {table['p'].min():.4f} ({(table['p'] < limit).sum()} below {limit:.4f}, one in twenty by chance "
            "of all together).",
            "",
            "| quantity | tables | mean | spread | p | outside |",
            "|---|---|---|---|---|---|",
        ]
        lines += [
            f"| {line.quantity} | {line.tables} | {line.mean:.3f} | {line.spread:.3f} | {line.p:.3f} | "
            f"{'outside' if line.outside else ''} |"
            for line in table.itertuples()
        ]
    return "\n".join(lines) + "\n"


def keep(found: Mapping[str, tuple[pd.DataFrame, pd.DataFrame, Envelope]]) -> None:
    """Keep in data/measured.csv how many quantities of each method leave the envelope."""
    from _common import Figure as Measured
    from _common import record

    figures = []
    for method, (rows, table, band) in found.items():
        chance = 1 - LEVEL
        outside = f"{table['outside'].sum()} ({chance * len(table):.0f})"
        figures += [
            Measured(f"{method}: tables; those that were refused", f"{band.count}; {rows['note'].notna().sum()}"),
            Measured(
                f"{method}: quantities outside the simultaneous 95% envelope, of {len(table)} (expected)",
                outside,
                must="as expected by chance",
            ),
            Measured(
                f"{method}: smallest p (one in twenty of all together)",
                f"{table['p'].min():.4f} ({chance / len(table):.4f})",
            ),
        ]
    record("calibration", figures, __file__)


def picture(found: Mapping[str, tuple[pd.DataFrame, pd.DataFrame, Envelope]]) -> Figure:
    """Distribution of ranks less the uniform one for every quantity, with the envelope."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6 * len(found)), layout="constrained")
    axes = np.atleast_1d(figure.subplots(len(found), 1, squeeze=True))
    for axis, (method, (rows, table, band)) in zip(axes, found.items(), strict=True):
        usable = rows[rows["note"].isna()]
        shares = np.arange(1, band.draws + 1) / (band.draws + 1)
        axis.fill_between(shares, band.low - shares, band.high - shares, step="mid", color="0.88", label="95% envelope")
        farthest = set(table.sort_values("p").loc[table["outside"], "quantity"].head(8))
        for name in table["quantity"]:
            counts = np.cumsum(np.bincount(usable[name].to_numpy(dtype=np.int64), minlength=band.draws + 1))[:-1]
            shown = {"label": name, "linewidth": 1.3} if name in farthest else {"color": "0.45", "linewidth": 0.4}
            axis.plot(shares, counts / band.count - shares, **shown)
        axis.set(
            title=f"{method}: {band.count} tables", xlabel="rank", ylabel="share of ranks less uniform", xlim=(0, 1)
        )
        axis.legend(fontsize=7, loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    return figure


def main() -> None:
    """Fit further tables if asked to, and write the page from all there are."""
    arguments_of = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments_of.add_argument("--method", choices=METHODS, default="fast")
    arguments_of.add_argument("--corpora", type=int, default=0, metavar="N", help="fit tables until there are N")
    arguments_of.add_argument("--jobs", type=int, default=1, help="processes")
    arguments = arguments_of.parse_args()
    folder = DOCS / "calibration"
    if arguments.corpora:
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        extend(folder / f"ranks_{arguments.method}.csv", arguments.method, arguments.corpora, arguments.jobs)
    found = {}
    for method in METHODS:
        path = folder / f"ranks_{method}.csv"
        if path.exists():
            rows = read(path)
            table, band = uniformity(rows)
            found[method] = (rows, table, band)
            print(f"{method}: {band.count} tables; outside the 95% envelope ({0.05 * len(table):.0f} expected):")
            print(table[table["outside"]].round(3).to_string(index=False))
    if not found:
        print("no ranks yet; say how many tables to fit with --corpora")
        return
    DOCS.joinpath("calibration.md").write_text(page(found), encoding="utf-8")
    keep(found)
    picture(found).savefig(DOCS / "calibration.png", dpi=110)


if __name__ == "__main__":
    main()
