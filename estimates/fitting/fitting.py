"""Learning the sources: from a table of many events to a source profile.

A table of very many sources has stand-ins for the less heard ones of each type (see ``training``). These are learned
and then forgotten: a source that a profile does not name is drawn from its type.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimates.errors import FitError
from estimates.fitting.anchors import anchors_beside
from estimates.fitting.attention import with_attention
from estimates.fitting.caches import find_writable_folder
from estimates.fitting.chains import Block, Chain
from estimates.fitting.checkpoints import Checkpoint
from estimates.fitting.counts import OrdinaryCounts, counts_of, fingerprint
from estimates.fitting.diagnostics import diagnose, variables_of
from estimates.fitting.levels import pulled_levels
from estimates.fitting.missing import learned_of_missing
from estimates.fitting.traces import trace_of
from estimates.fitting.training import TrainingData, training_data
from estimates.models.types import Floats
from estimates.profile.blocks import BLOCK, generator
from estimates.profile.checks import FEWEST_DRAWS
from estimates.profile.priors import changed_priors
from estimates.profile.profile import SourceProfile, told_priors
from estimates.progress import Progress, steps
from estimates.reserving import reserved
from estimates.table.coverage import Coverage
from estimates.table.reports import Reports, read_reports
from estimates.table.source import Source
from estimates.version import __version__

if TYPE_CHECKING:
    from xarray import DataTree

    from estimates.fitting.model import Hierarchy
    from estimates.fitting.variational import Start

type Method = Literal["nuts", "fast"]

#: Draws of the sampler: chains, warm-up steps and kept draws of each, and the share of proposals to accept.
CHAINS, WARM_UP, KEPT, ACCEPTANCE = 4, 400, 1_000, 0.8
#: A fast fit that accepts fewer of its last moves is flagged.
FLAGGED_ACCEPTANCE = 0.4
#: One of very many events, where a move goes as far as several of these and is judged by the exact sums once.
FLAGGED_JUDGED_ACCEPTANCE = 0.1
#: And one whose draws begin at weights of less than so much of the exact sums.
FLAGGED_POWER = 0.5


@dataclass(frozen=True)
class Sampling:
    """How chains are run.

    Attributes
    ----------
    chains, tune, kept : int
        Chains, and warm-up steps and kept draws of each.
    cores : int
        Chains run at a time.
    progress : callable, optional
        Told how many draws are made and how many there are.
    """

    chains: int
    tune: int
    kept: int
    cores: int
    progress: Progress | None


@dataclass(frozen=True, eq=False)
class Sample:
    """Draws of the model's variables, shape (draws, length) each, how they came about, and the chains they are from."""

    variables: dict[str, Floats]
    facts: dict[str, Any]
    trace: DataTree | None = None

    def __len__(self) -> int:
        return len(self.variables["effects"])


def fit(
    reports: Reports | Source,
    *,
    seed: int = 0,
    method: Method = "nuts",
    draws: int = 1_000,
    chosen_for_size: bool = False,
    anchors: Source | Reports | None = None,
    counts: str | Path | pd.DataFrame | Sequence[Mapping[str, Any]] | None = None,
    priors: Mapping[str, Sequence[float]] | None = None,
    chains: int = CHAINS,
    tune: int = WARM_UP,
    kept: int = KEPT,
    cores: int = 2,
    checkpoint: str | Path | None = None,
    progress: Progress | None = None,
    name: str | None = None,
    coverage: Source | Coverage | None = None,
) -> SourceProfile:
    """Learn how each source and each type of source reports, from many events on which sources disagree.

    The true counts are summed out exactly; what is sampled are the parameters that events share. Events with a
    ``verified`` toll are anchors: they teach how sources err and how tolls grow, all others how sources differ.

    Parameters
    ----------
    reports : Reports, DataFrame, list of dicts or path
        Anything :func:`read_reports` accepts.
    seed : int
        The same seed, table and settings give the same profile on one machine.
    method : {"nuts", "fast"}
        "nuts" samples with PyMC's No-U-Turn sampler; "fast" moves the draws of a normal approximation a few times.
        From 10,000 events on a quadratic stands in it for the events whose sources are heard often, and the exact sums
        judge each move; ``facts`` says how well it stands for them, and flags where it does not.
    draws : int
        Draws the profile holds.
    chosen_for_size : bool
        Whether events with a verified toll are in the table because they are large: then their tolls teach how fast
        large ones grow rarer, and not how large events are.
    anchors : "default", or anything ``read_reports`` accepts, optional
        Events with verified tolls that are learned from together with the table: those that ship with the package, or
        a table of others. They are taken to be chosen for their size. An anchor that bears the name of an event of the
        table is left out, and the notes say so.
    counts : path, DataFrame or list of dicts, optional
        Early and later counts of ordinary events, which teach how often tolls rise: columns ``event_type``,
        ``age_bin``, ``early``, ``final``, and by choice ``events`` and ``zeros_counted`` (see
        ``estimates.fitting.counts``). Those that ship with the package are joined with its anchors.
    priors : mapping of str to two numbers, optional
        Priors that the analyst sets, by the names and with the two numbers of docs/decisions/priors.md:
        ``{"bias.own": (0, 1)}``. All others stay as published.
    chains, tune, kept, cores : int
        Of the sampler: chains, warm-up steps and draws kept of each, and chains run at a time. With two cores a fast
        fit of 2,000 events or more uses both.
    checkpoint : path, optional
        Folder in which the chains of "nuts" are kept as they grow, so that a fit that was interrupted or killed goes on
        from there: of each chain that was running about a hundredth is sampled again, half a second at least and a
        minute at most. On one machine the profile is that of an undisturbed fit to the last bit. One fit at a time may
        use a folder.
    progress : callable, optional
        Told from time to time how many parts of the work are done and how many there are.
    name : str, optional
        The profile's name; by default that of the table.
    coverage : path, DataFrame, list of dicts or Coverage, optional
        Which sources watched where and when. How readily a source reports is learned from 30 events or more that it
        watched and others reported; all else is learned as without it (see ``estimates.fitting.attention``).

    Returns
    -------
    SourceProfile
        ``facts`` says how it was learned, what was flagged and what these reports cannot teach. ``trace`` holds the
        chains of "nuts".

    Raises
    ------
    FitError
        If there is nothing to learn from, or the draws are incomplete or have not converged; if another fit is using
        the checkpoint.
    ReportsError
        If the table or that of the anchors has faults.
    ProfileError
        If a prior that is set does not exist, or cannot have these numbers.

    Examples
    --------
    >>> from estimates import fit, simulate
    >>> profile = fit(simulate(40).reports, method="fast")  # doctest: +SKIP
    """
    _check(seed, method, draws, chains=chains, tune=tune, kept=kept, cores=cores)
    laws = changed_priors(priors or {})
    with reserved(checkpoint if method == "nuts" else None, "fit", FitError):
        table = read_reports(reports, coverage=coverage)
        joined = None if anchors is None else anchors_beside(table, anchors)
        ordinary = counts_of(counts) if counts is not None else joined.counts if joined else ()
        training = training_data(
            table, chosen_for_size=chosen_for_size, anchors=joined.reports if joined else None, counts=ordinary
        )
        if training.names <= training.anchors:
            raise FitError(
                f"{table.name}: no event has a figure of an outcome that is estimated; there is nothing to learn"
            )

        find_writable_folder()
        from estimates.fitting.model import build

        started = time.perf_counter()
        hierarchy = build(training, laws, cores if method == "fast" else 0)
        if method == "fast":
            sample = _fast(hierarchy, seed, draws, progress)

        else:
            settings = {
                "data": table.data_hash, "seed": seed, "tune": tune, "kept": kept,
                "chosen_for_size": chosen_for_size, "version": __version__, "pymc": version("pymc"),
                "priors": {name: [law.first, law.second] for name, law in laws.items()},
                **(joined.facts if joined else {}), **_told_counts(ordinary),
            }  # fmt: skip
            how = Sampling(chains, tune, kept, cores, progress)
            sample = _nuts(hierarchy, seed, how, Checkpoint(checkpoint, settings))

        facts = (
            sample.facts
            | {
                "method": method,
                "table": table.name,
                "data_hash": table.data_hash,
                "events": len(training.names),
                "patterns": hierarchy.corpus_op.corpus.patterns,
                "seconds": round(time.perf_counter() - started, 1),
                "versions": _versions(),
            }
            | (joined.facts if joined else {})
            | _told_counts(ordinary)
            | told_priors(priors)
        )

        profile = _profile(name or f"fitted to {table.name}", seed, draws, training, hierarchy, sample, facts)
        beside = joined.notes if joined else ()
        notes = "\n".join([*beside, *training.notes, *pulled_levels(profile, training, laws)])
        known = profile.learned_from | (joined.marks if joined else frozenset())
        learned = replace(profile, learned_from=known, facts={**profile.facts, "notes": notes})
        return with_attention(learned, table)


def _told_counts(counts: Sequence[OrdinaryCounts]) -> dict[str, str | int]:
    """What the facts of a profile say of counts of ordinary events."""
    if not counts:
        return {}
    return {"ordinary_events": sum(each.events for each in counts), "counts_hash": fingerprint(counts)}


def _fast(hierarchy: Hierarchy, seed: int, draws: int, progress: Progress | None) -> Sample:
    """Draws of a normal approximation, moved towards the posterior."""
    from estimates.fitting.corpora import Parted
    from estimates.fitting.variational import approximate

    tell = progress or (lambda done, total: None)
    if isinstance(hierarchy.corpus_op.corpus, Parted):
        return _fast_of_many(hierarchy, seed, draws, tell)
    found = approximate(hierarchy.density(), hierarchy.start(), generator(seed, "fast fit"), draws, tell=tell)

    flags = ""
    if found.accepted < FLAGGED_ACCEPTANCE:
        flags = f"only {found.accepted:.0%} of the moves were accepted: compare with method='nuts'"
    facts = {"accepted": round(found.accepted, 3), "evaluations": found.evaluations, "flags": flags}
    return Sample(hierarchy.variables(found.draws), facts)


def _fast_of_many(hierarchy: Hierarchy, seed: int, draws: int, tell: Progress) -> Sample:
    """Draws of what stands for very many events, judged by the exact sums."""
    from estimates.fitting.many_events import approximate_many

    found = approximate_many(hierarchy, seed, draws, tell)
    flags = []
    if found.accepted < FLAGGED_JUDGED_ACCEPTANCE:
        flags.append(f"the exact sums accepted only {found.accepted:.0%} of the moves")
    if found.power < FLAGGED_POWER:
        flags.append(f"what stands for the common events bears the power {found.power:.2f} of the exact sums")
    if not found.settled:
        flags.append("what stands for the common events did not settle")

    facts = {
        "accepted": round(found.accepted, 3),
        "evaluations": found.sums,
        "effective_draws": round(found.effective_draws, 1),
        "power": round(found.power, 3),
        "rounds": found.rounds,
        "flags": "; ".join(flags) + (": compare with method='nuts' on a part of the events" if flags else ""),
    }
    return Sample(hierarchy.variables(found.draws), facts)


def _nuts(hierarchy: Hierarchy, seed: int, how: Sampling, store: Checkpoint) -> Sample:
    """Chains side by side, on as many cores as there may be; what is made of them is kept in the checkpoint."""
    kept = {number: store.load(number) for number in range(how.chains)}
    done = {number: variables for number, variables in kept.items() if variables is not None}
    waiting = [number for number in kept if number not in done]
    numbers: dict[str, Any] = {"chains": how.chains, "tune": how.tune, "kept": how.kept, "resumed_chains": len(done)}

    if waiting:
        from estimates.fitting.variational import start_of_chains

        start = start_of_chains(hierarchy.density(), hierarchy.start(), generator(seed, "warm start"))
        chains = [_chain(number, seed, start, store) for number in waiting]
        numbers["resumed_draws"] = sum(chain.made for chain in chains)
        step = steps(len(chains) * (how.tune + how.kept) - numbers["resumed_draws"], how.progress)

        def note(number: int, block: Block) -> None:
            store.save_block(number, block)
            step(block.end - block.first)

        finished = hierarchy.sample(chains, how.tune, how.kept, ACCEPTANCE, how.cores, start, note)
        with closing(finished):  # no process stays behind where a block or a chain cannot be kept
            for number, variables in finished:
                store.save(number, variables)
                done[number] = variables

    ordered = [done[number] for number in sorted(done)]
    facts = {**diagnose(ordered), **numbers}
    joined = {name: np.concatenate(list(values)) for name, values in variables_of(ordered).items()}
    return Sample(joined, facts, trace_of(hierarchy, ordered))


def _chain(number: int, seed: int, start: Start, store: Checkpoint) -> Chain:
    """A chain from its beginning, or with the blocks that were kept of it."""
    own = int(generator(seed, "chain", str(number)).integers(2**31))
    return Chain(number, own, start.draw(own), store.blocks(number))


def _profile(
    name: str,
    seed: int,
    draws: int,
    training: TrainingData,
    hierarchy: Hierarchy,
    sample: Sample,
    facts: dict[str, Any],
) -> SourceProfile:
    """Draws of the learned parameters next to prior draws of all others."""
    chosen = _chosen(len(sample), draws, seed)
    variables = {key: np.ascontiguousarray(values[chosen]) for key, values in sample.variables.items()}

    learned = hierarchy.parameters(variables) | learned_of_missing(training.events, hierarchy.priors, draws, seed)
    parameters = {
        parameter: np.ascontiguousarray(learned[parameter]) if parameter in learned else prior.sample(draws, seed)
        for parameter, prior in hierarchy.priors.items()
    }
    effects = {
        effect: np.ascontiguousarray(variables["effects"][:, column])
        for column, effect in enumerate(hierarchy.effects)
        if effect.of in training.learned or effect.kind == "growth"
    }

    facts = facts | {"learned_parameters": " ".join(sorted(learned))}
    sources, marks = dict(training.learned), frozenset(training.marks.values())
    about: dict[str, Any] = {"learned_from": marks, "facts": facts, "trace": sample.trace}
    return SourceProfile(name, seed, parameters, effects, sources, **about)


def _chosen(sampled: int, draws: int, seed: int) -> NDArray[np.intp]:
    """Which sampled draws a profile keeps, shape (draws,); some twice where there are too few.

    Each block of 1,000 is drawn from all chains and in increasing order, so that the first one is a profile by itself.
    """
    rng = generator(seed, "profile draws")
    chosen = rng.permutation(sampled)[:draws]
    if sampled < draws:
        chosen = np.concatenate([chosen, rng.integers(sampled, size=draws - sampled)])
    blocks = [np.sort(chosen[start : start + BLOCK]) for start in range(0, draws, BLOCK)]
    return np.asarray(np.concatenate(blocks), dtype=np.intp)


def _versions() -> str:
    packages = ("numpy", "scipy", "pandas", "pymc", "pytensor", "numba", "arviz")
    return " ".join([f"estimates {__version__}", *(f"{package} {version(package)}" for package in packages)])


def _check(seed: int, method: str, draws: int, **counts: int) -> None:
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise FitError(f"seed {seed!r}: write a whole number of zero or more")
    if method not in ("nuts", "fast"):
        raise FitError(f"method {method!r} is not known; it is 'nuts' or 'fast'")
    if isinstance(draws, bool) or not isinstance(draws, int) or draws < FEWEST_DRAWS:
        raise FitError(f"draws {draws!r}: write a whole number of {FEWEST_DRAWS} or more")
    for what, value in counts.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise FitError(f"{what} {value!r}: write a whole number of one or more")
