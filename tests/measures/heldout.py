"""Measure: predict the last report of each MAVERICK event from the earlier ones, with sources learned from other events.

The data are read from ``--data FOLDER`` or the environment variable ``ESTIMATES_DATA``; without them the script says so
and ends. Events are parted into folds; a profile is fitted on the events of the other folds, and the law of the last
report given the earlier ones is compared with what it said: log density of the value, and coverage by randomised PIT.
The law is that of a number given at all; what a copy of a range adds has no single number and is left out.

A second part fits all events and prints how well the sampler did and what one report and fifty teach of a source.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _baselines import BASELINES, Prediction, predict
from _data import find, parser
from _maverick import FILE, LastReport, cases, folds, reduce
from helpers.engine import figure_tables

from estimates import read_reports
from estimates.inference.cases import Case, gather
from estimates.inference.engine import engine_of
from estimates.models import importance
from estimates.models.copying import own_share
from estimates.models.event import Observations, Statement
from estimates.models.grid import Grid
from estimates.models.reporting import ReportingModel
from estimates.models.types import Floats
from estimates.models.wording import RANGE_END, Words
from estimates.profile.blocks import generator
from estimates.profile.profile import SourceProfile, published_profile
from estimates.table.report import Report

type Fit = Callable[[pd.DataFrame], SourceProfile]

SHOWN_FACTS = ("method", "patterns", "r_hat", "ess_bulk", "ess_tail", "divergences", "accepted", "evaluations", "flags")
#: Larger than any number said: P(K <= this) counts as one.
EVERYTHING = 10**9


def estimated(table: pd.DataFrame) -> tuple[Report, ...]:
    """The reduction as the package reads it."""
    return read_reports(table.drop(columns="value")).estimated_reports


def questions_of(tests: Sequence[LastReport], profile: SourceProfile) -> dict[str, Case]:
    """The question of each test, its last report included, by event."""
    reports = estimated(pd.concat([test.rows for test in tests], ignore_index=True))
    return {case.event: case for case in gather(reports, profile.bin_shares, None).cases}


def last_statement(observations: Observations, words: Words) -> Statement:
    """The statement to predict: the only one at the latest place."""
    target = max(observations.statements, key=lambda statement: statement.place)
    ties = [statement for statement in observations.statements if statement.place == target.place]
    assert len(ties) == 1, "the last report is not later than the others"
    assert target.words == words, "the last report is not as it was said"
    return target


def copied(earlier: Sequence[Statement], target: Statement, source: ReportingModel) -> tuple[Floats, dict[int, Floats]]:
    """Probability that the target is the source's own number, and that it repeats each number said before.

    By ``models/copying.py``: the first statement of a source copies one of ``n`` others with ``c n / (1 - c + c n)``; a
    source that has spoken before says its old number again with probability ``repeating``, else as if for the first
    time.
    """
    current = {statement.source: statement.words for statement in sorted(earlier, key=lambda s: s.place)}
    others = [words for speaker, words in current.items() if speaker != target.source]
    own = own_share(source.copying, len(others))
    atoms: dict[int, Floats] = {}

    def add(words: Words, share: Floats) -> None:
        if words.wording == "exactly":
            atoms[words.low] = atoms.get(words.low, 0.0) + share

    renewed = np.ones_like(own)
    if target.source in current:
        add(current[target.source], source.repeating)
        renewed = 1.0 - source.repeating
    for words in others:
        add(words, renewed * (1.0 - own) / len(others))
    return renewed * own, atoms


def without_target(case: Case, value: int) -> tuple[Case, Statement]:
    """The case as it stood before the report to predict, asked for the toll documentable then, and that report."""
    ((share, whole),) = case.alternatives
    target = last_statement(whole, Words("exactly", value, value))
    earlier = tuple(statement for statement in whole.statements if statement is not target)
    return replace(case, alternatives=((share, replace(whole, statements=earlier, by_now=target.bin)),)), target


def number_up_to(largest: int, source: ReportingModel, grid: Grid) -> Floats:
    """P(a number of 1 to ``largest`` is said | C), rounded as numbers are, shape (cells, draws).

    A range is said of any number inside and, in a tenth of cases, of one of its ends.
    """
    if largest < 1:
        return np.zeros((len(grid), len(source.bias)))
    ends = [Words("exactly", end, end) for end in (1, largest)]
    *at_ends, inside = figure_tables([*ends, Words("range", 1, largest)], source, grid)
    if largest == 1:
        return at_ends[0]
    return np.asarray((inside - RANGE_END / 2 * sum(at_ends)) / (1.0 - RANGE_END) * largest)


def predictive(test: LastReport, case: Case, profile: SourceProfile) -> tuple[float, float, float]:
    """Log P(value | earlier reports, a number), P(less), and log P(value) before dividing by P(a number).

    Averages over the profile's draws with the evidence of the earlier reports as weights.
    """
    y, grid = test.value, case.grid
    before, target = without_target(case, y)
    # On the grid of the whole case, where the figure to predict has a cell of its own.
    vars(before)["grid"] = grid
    (known,) = engine_of(profile).tables([before], by_now=True)
    weights = importance.powered(known.log_marginal_likelihood, 1.0)
    source = profile.reporting(*case.keys[target.source])
    earlier = before.alternatives[0][1].statements
    own, atoms = copied(earlier, target, source)

    def share(table: Floats, low: int, high: int) -> float:
        law = own * (known.mass * table).sum(axis=0)
        law = law + sum(atom for number, atom in atoms.items() if low <= number <= high)
        return float(weights @ law)

    (exactly,) = figure_tables([Words("exactly", y, y)], source, grid)
    value = share(exactly, y, y)
    number = share(number_up_to(EVERYTHING, source, grid), 1, EVERYTHING)
    below = share(number_up_to(y - 1, source, grid), 1, y - 1) / number if y > 1 else 0.0
    return float(np.log(value / number)), below, float(np.log(value))


def by_ratio(tests: Sequence[LastReport], cases: dict[str, Case], profile: SourceProfile) -> Floats:
    """Log mean evidence of all reports less that of the earlier ones, by event: another way to the same density."""
    logs = []
    for drop in (False, True):
        asked = []
        for test in tests:
            case = cases[test.event]
            asked.append(without_target(case, test.value)[0] if drop else case)
        found = np.stack([table.log_marginal_likelihood for table in engine_of(profile).tables(asked)])
        largest = found.max(axis=1)
        logs.append(largest + np.log(np.exp(found - largest[:, None]).mean(axis=1)))
    return np.asarray(logs[0] - logs[1])


def package(tests: Sequence[LastReport], profile: SourceProfile, *, check: int = 10) -> tuple[Prediction, float]:
    """The package's prediction of each test, and how far a few lie from the ratio of evidences."""
    cases = questions_of(tests, profile)
    rows = np.array([predictive(test, cases[test.event], profile) for test in tests])
    ratio = by_ratio(tests[:check], cases, profile)
    return Prediction(rows[:, 0], rows[:, 1]), float(np.abs(rows[:check, 2] - ratio).max())


def gathered(parts: Sequence[Prediction]) -> Prediction:
    """Predictions of several folds as one."""
    return Prediction(
        np.concatenate([part.log_density for part in parts]), np.concatenate([part.below for part in parts])
    )


def show(name: str, made: Prediction, best: Prediction, seed: int) -> None:
    """One line of the table."""
    uniforms = generator(seed, "pit").random(len(made.log_density))
    inside = np.abs(made.randomised(uniforms) - 0.5) <= 0.45
    gap = best.log_density - made.log_density
    error = gap.std(ddof=1) / np.sqrt(len(gap))
    gain = f"{gap.mean():6.3f} ± {error:.3f}" if made is not best else ""
    print(
        f"{name:42s} {made.log_density.mean():8.3f}   {100 * inside.mean():5.1f}    {100 * made.covered(0.9):5.1f}"
        f"   {100 * made.covered(0.5):5.1f}   {gain}"
    )


def held_out(table: pd.DataFrame, count: int, seed: int, fit: Fit, label: str) -> None:
    """Print the comparison on one split into folds."""
    ours: list[Prediction] = []
    baselines: dict[tuple[str, bool], list[Prediction]] = {
        (r.name, mixed): [] for r in BASELINES for mixed in (False, True)
    }
    for number, events in enumerate(folds(table, count, seed), start=1):
        inside = table["event"].isin(events)
        train, test = table[~inside], table[inside]
        tests, training = cases(test), cases(train, every=True)
        start = time.perf_counter()
        profile = fit(train)
        fitted = time.perf_counter()
        made, apart = package(tests, profile)
        ours.append(made)
        print(
            f"fold {number}: fit on {train['event'].nunique()} events ({len(train)} reports) {fitted - start:.1f} s, "
            f"{len(tests)} reports predicted in {time.perf_counter() - fitted:.1f} s, log density {made.log_density.mean():.3f}; "
            f"from the ratio of evidences at most {apart:.1e} apart"
        )
        for baseline in BASELINES:
            for mixed in (False, True):
                baselines[baseline.name, mixed].append(predict(baseline, training, tests, mixed=mixed))
    best = gathered(ours)
    error = best.log_density.std(ddof=1) / np.sqrt(len(best.log_density))
    repeats = np.mean([test.value in test.earlier for test in cases(table)])
    print(
        f"{len(best.log_density)} last reports, of which {100 * repeats:.0f}% say an earlier number of their event again; "
        f"standard error of the package's mean log density {error:.3f}, mostly what these reports happen to be"
    )
    print("                                                log     90% PIT coverage    50%    package better by")
    print("                                            density     one draw  expected          (± standard error)")
    show(label, best, best, seed)
    for baseline in BASELINES:
        for mixed in (False, True):
            name = f"{baseline.name}, ties and gross errors" if mixed else baseline.name
            show(name, gathered(baselines[baseline.name, mixed]), best, seed)


def told(profile: SourceProfile) -> str:
    """What a fit tells of itself."""
    return ", ".join(f"{name} {profile.facts[name]}" for name in SHOWN_FACTS if profile.facts.get(name, "") != "")


def learn_all(table: pd.DataFrame, fit: Fit) -> None:
    """Print what a fit of all events took and taught."""
    start = time.perf_counter()
    profile = fit(table)
    print(f"fit on all {table['event'].nunique()} events: {time.perf_counter() - start:.1f} s")
    print(f"  {told(profile)}")
    keys = {key for case in gather(estimated(table), profile.bin_shares, None).cases for key in case.keys}
    spreads = {key: float(profile.reporting(*key).bias.std()) for key in keys}
    counts = table["source"].value_counts()
    for low, high in ((1, 1), (2, 9), (10, 39), (40, 70)):
        found = [(key, spread) for key, spread in spreads.items() if low <= counts[key.source] <= high]
        if found:
            mean = np.mean([spread for _, spread in found])
            print(
                f"  sources with {low} to {high} reports: {len(found):3d}, posterior sd of the bias {mean:.3f} on average"
            )
    key = max(keys, key=lambda key: counts[key.source])
    print(f"  the most heard, {key.source} with {counts[key.source]} reports: {spreads[key]:.3f}")


def main() -> None:
    """Print the measure."""
    arguments_of = parser(__doc__ or "")
    arguments_of.add_argument(
        "--method", choices=("published", "fast", "nuts"), default="fast", help="published: no fit"
    )
    arguments_of.add_argument("--folds", type=int, default=2)
    arguments_of.add_argument("--seed", type=int, default=0, help="of the folds and the fits")
    arguments_of.add_argument("--all", choices=("none", "fast", "nuts"), default="none", help="fit all events as well")
    arguments = arguments_of.parse_args()
    path = find(arguments.data, FILE)
    if path is None:
        return
    table = reduce(path)
    print(f"{len(table)} reports of {table['event'].nunique()} events by {table['source'].nunique()} sources")

    def fitting(method: str) -> Fit:
        def run(reports: pd.DataFrame) -> SourceProfile:
            if method == "published":
                return published_profile(arguments.seed)
            from estimates.fitting.fitting import fit

            rows = read_reports(reports.drop(columns="value"))
            return fit(rows, seed=arguments.seed, method=method)

        return run

    held_out(
        table,
        arguments.folds,
        arguments.seed,
        fitting(arguments.method),
        f"package, {arguments.method}",
    )
    if arguments.all != "none":
        learn_all(table, fitting(arguments.all))


if __name__ == "__main__":
    main()
