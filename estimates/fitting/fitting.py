"""Learning the sources: from a table of many events to a source profile.

Two sources that stand in for further ones of their type (see ``material``) are learned and then forgotten: a source
that a profile does not name is drawn from its type.
"""

from __future__ import annotations

import hashlib
import io
import json
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from estimates.errors import FitError
from estimates.files import write_whole
from estimates.models.types import Floats
from estimates.profile.priors import Prior, changed_priors, generator
from estimates.profile.profile import SourceProfile, told_priors
from estimates.table.reports import Reports, read_reports
from estimates.version import __version__

if TYPE_CHECKING:
    from estimates.fitting.model import Hierarchy
    from estimates.fitting.training import TrainingData
    from estimates.profile.effects import SourceKey

type Method = Literal["nuts", "fast"]

#: Draws of the sampler: chains, warm-up steps and kept draws of each, and the share of proposals to accept.
CHAINS, WARM_UP, KEPT, ACCEPTANCE = 4, 400, 1_000, 0.8
#: Beyond these a sampled fit is flagged, and beyond the second refused.
FLAGGED_R_HAT, REFUSED_R_HAT = 1.01, 1.1
FLAGGED_SAMPLE_SIZE, REFUSED_SAMPLE_SIZE = 400.0, 40.0
REFUSED_DIVERGENT_SHARE = 0.1
#: A level that moved by more prior standard deviations than this, without a verified toll, is told.
PULLED = 2.0
#: Draws of the priors that a level is compared with.
PRIOR_DRAWS = 1_000


def fit(
    reports: Reports | pd.DataFrame | Sequence[Mapping[str, Any]] | str | Path,
    *,
    seed: int = 0,
    method: Method = "nuts",
    draws: int = 1_000,
    chosen_for_size: bool = False,
    priors: Mapping[str, Sequence[float]] | None = None,
    chains: int = CHAINS,
    tune: int = WARM_UP,
    kept: int = KEPT,
    cores: int = 2,
    checkpoint: str | Path | None = None,
    progress: bool = True,
    name: str | None = None,
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
    draws : int
        Draws the profile holds.
    chosen_for_size : bool
        Whether events with a verified toll are in the table because they are large: then their tolls teach how fast
        large ones grow rarer, and not how large events are.
    priors : mapping of str to two numbers, optional
        Priors that the analyst sets, by the names and with the two numbers of docs/decisions/priors.md:
        ``{"bias.own": (0, 1)}``. All others stay as published.
    chains, tune, kept, cores : int
        Of the sampler: chains, warm-up steps and draws kept of each, and chains run at a time.
    checkpoint : path, optional
        Folder in which finished chains are kept; a fit that was interrupted goes on from there.
    progress : bool
        Whether to show how far it is.
    name : str, optional
        The profile's name; by default that of the table.

    Returns
    -------
    SourceProfile
        ``facts`` says how it was learned, what was flagged and what these reports cannot teach.

    Raises
    ------
    FitError
        If there is nothing to learn from, or the draws are incomplete or have not converged.
    ReportsError
        If the table has faults.
    ProfileError
        If a prior that is set does not exist, or cannot have these numbers.
    """
    _check(seed, method, draws, chains, tune, kept, cores)
    laws = changed_priors(priors or {})
    from estimates.fitting.caches import find_writable_folder
    from estimates.fitting.training import training_data

    table = reports if isinstance(reports, Reports) else read_reports(reports)
    training = training_data(table, chosen_for_size=chosen_for_size)
    if not training.events:
        raise FitError(
            f"{table.name}: no event has a figure of an outcome that is estimated; there is nothing to learn"
        )
    find_writable_folder()
    from estimates.fitting.model import build

    started = time.perf_counter()
    hierarchy = build(training, laws)
    if method == "fast":
        sample, facts = _fast(hierarchy, seed, draws, progress)
    else:
        settings = {
            "data": table.data_hash, "seed": seed, "tune": tune, "kept": kept,
            "chosen_for_size": chosen_for_size, "version": __version__,
            "priors": {name: [law.first, law.second] for name, law in laws.items()},
        }  # fmt: skip
        sample, facts = _nuts(hierarchy, seed, chains, tune, kept, cores, progress, checkpoint, settings)
    facts |= {
        "method": method,
        "table": table.name,
        "data_hash": table.data_hash,
        "events": len(training.names),
        "patterns": hierarchy.corpus_op.corpus.patterns,
        "seconds": round(time.perf_counter() - started, 1),
        "versions": _versions(),
    } | told_priors(priors)
    profile = _profile(name or f"fitted to {table.name}", seed, draws, training, hierarchy, sample, facts)
    notes = "\n".join([*training.notes, *_pulled_level(profile, training, laws)])
    return replace(profile, facts={**profile.facts, "notes": notes})


# Samplers ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Sample:
    """Draws of the model's variables, each (draws, length)."""

    variables: dict[str, Floats]

    def __len__(self) -> int:
        return len(self.variables["effects"])


def _fast(hierarchy: Hierarchy, seed: int, draws: int, progress: bool) -> tuple[Sample, dict[str, Any]]:
    from estimates.fitting.variational import approximate

    density = hierarchy.density()
    with _Progress("fast fit", shown=progress) as tell:
        found = approximate(density, hierarchy.start(), generator(seed, "fast fit"), draws, tell=tell)
    facts: dict[str, Any] = {"accepted": round(found.accepted, 3), "evaluations": found.evaluations, "flags": ""}
    if found.accepted < 0.4:
        facts["flags"] = f"only {found.accepted:.0%} of the moves were accepted: compare with method='nuts'"
    return Sample(hierarchy.variables(found.draws)), facts


def _nuts(
    hierarchy: Hierarchy,
    seed: int,
    chains: int,
    tune: int,
    kept: int,
    cores: int,
    progress: bool,
    checkpoint: str | Path | None,
    settings: dict[str, Any],
) -> tuple[Sample, dict[str, Any]]:
    """Chains in rounds of as many as there are cores; each finished round is kept in the checkpoint."""
    store = _Checkpoint(checkpoint, settings)
    done: dict[int, dict[str, Floats]] = {}
    for chain in range(chains):
        kept_chain = store.load(chain)
        if kept_chain is not None:
            done[chain] = kept_chain
    resumed = len(done)
    waiting = [chain for chain in range(chains) if chain not in done]
    if waiting:
        from estimates.fitting.variational import start_of_chains

        start = start_of_chains(hierarchy.density(), hierarchy.start(), generator(seed, "warm start"))
    for first in range(0, len(waiting), cores):
        some = waiting[first : first + cores]
        seeds = [int(generator(seed, "chain", str(chain)).integers(2**31)) for chain in some]
        sampled = hierarchy.sample(seeds, tune, kept, ACCEPTANCE, cores, progress, start)
        for chain, variables in zip(some, sampled, strict=True):
            store.save(chain, variables)
            done[chain] = variables
    ordered = [done[chain] for chain in sorted(done)]
    diagnostics = _diagnose(ordered)
    facts: dict[str, Any] = {**diagnostics, "chains": chains, "tune": tune, "kept": kept, "resumed_chains": resumed}
    names = [name for name in ordered[0] if not name.startswith("stat:")]
    return Sample({name: np.concatenate([chain[name] for chain in ordered]) for name in names}), facts


def _diagnose(chains: list[dict[str, Floats]]) -> dict[str, Any]:
    """Largest R-hat, smallest effective sample sizes and divergences; refuses what has not converged."""
    import arviz

    names = [name for name in chains[0] if not name.startswith("stat:")]
    stacked = {name: np.stack([chain[name] for chain in chains]) for name in names}
    broken = sorted(name for name, values in stacked.items() if not np.isfinite(values).all())
    if broken:
        raise FitError(f"the sampler left incomplete draws in {', '.join(broken)}; fit again with another seed")
    tree = arviz.from_dict({"posterior": stacked})
    r_hats, bulks, tails = arviz.rhat(tree), arviz.ess(tree, method="bulk"), arviz.ess(tree, method="tail")
    r_hat = max(float(r_hats[name].max()) for name in names) if len(chains) > 1 else float("nan")
    bulk = min(float(bulks[name].min()) for name in names)
    tail = min(float(tails[name].min()) for name in names)
    divergent = int(sum(chain["stat:diverging"].sum() for chain in chains))
    total = sum(len(chain["stat:diverging"]) for chain in chains)
    advice = "fit again with a larger tune and kept, or look for events that are merged, split or of another outcome"
    if r_hat > REFUSED_R_HAT or bulk < REFUSED_SAMPLE_SIZE:
        raise FitError(
            f"the chains did not converge (largest R-hat {r_hat:.3f}, smallest effective sample size {bulk:.0f}); "
            f"{advice}"
        )
    if divergent > REFUSED_DIVERGENT_SHARE * total:
        raise FitError(f"{divergent} of {total} draws diverged; {advice}")
    flags = []
    if not r_hat <= FLAGGED_R_HAT:
        flags.append(f"largest R-hat {r_hat:.3f}")
    if min(bulk, tail) < FLAGGED_SAMPLE_SIZE:
        flags.append(f"smallest effective sample size {min(bulk, tail):.0f}")
    if divergent:
        flags.append(f"{divergent} of {total} draws diverged")
    return {
        "r_hat": round(r_hat, 4),
        "ess_bulk": round(bulk),
        "ess_tail": round(tail),
        "divergences": divergent,
        "flags": "; ".join(flags),
    }


class _Checkpoint:
    """Finished chains in a folder, one NumPy file each, with the settings they were made with."""

    def __init__(self, folder: str | Path | None, settings: dict[str, Any]) -> None:
        self._folder = None if folder is None else Path(folder)
        self._mark = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()
        if self._folder is not None:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise FitError(f"checkpoint {self._folder}: {error.strerror or error}; name a folder") from None

    def _path(self, chain: int) -> Path | None:
        return None if self._folder is None else self._folder / f"chain_{chain}_{self._mark[:12]}.npz"

    def load(self, chain: int) -> dict[str, Floats] | None:
        path = self._path(chain)
        if path is None or not path.exists():
            return None
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as stored:
                return {name: stored[name] for name in stored.files}
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
            return None  # half written or damaged: the chain is sampled again

    def save(self, chain: int, variables: dict[str, Floats]) -> None:
        path = self._path(chain)
        if path is not None:
            buffer = io.BytesIO()
            np.savez_compressed(buffer, allow_pickle=False, **variables)
            write_whole(path, buffer.getvalue())


class _Progress:
    """A line on standard error that says how far a fit is."""

    def __init__(self, what: str, *, shown: bool) -> None:
        self._what, self._shown, self._last = what, shown, -1

    def __enter__(self) -> Callable[[float], None]:
        return self._tell

    def __exit__(self, *_: object) -> None:
        import sys

        if self._shown and self._last >= 0:
            print(file=sys.stderr)

    def _tell(self, share: float) -> None:
        import sys

        percent = int(100 * share)
        if self._shown and percent > self._last:
            self._last = percent
            print(f"\r{self._what}: {percent:3d}%", end="", file=sys.stderr, flush=True)


# Profile -------------------------------------------------------------------------------------------------------------


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
    rng = generator(seed, "profile draws")
    chosen = np.sort(rng.permutation(len(sample))[:draws])
    if len(sample) < draws:
        chosen = np.sort(np.concatenate([np.arange(len(sample)), rng.integers(len(sample), size=draws - len(sample))]))
    variables = {key: np.ascontiguousarray(values[chosen]) for key, values in sample.variables.items()}
    learned = hierarchy.parameters(variables)
    parameters = {
        parameter: np.ascontiguousarray(learned[parameter]) if parameter in learned else prior.sample(draws, seed)
        for parameter, prior in hierarchy.priors.items()
    }
    effects = {
        effect: np.ascontiguousarray(variables["effects"][:, column])
        for column, effect in enumerate(hierarchy.effects)
        if effect.of in training.learned or effect.what == "growth"
    }
    facts["learned_parameters"] = " ".join(sorted(learned))
    return SourceProfile(
        name,
        seed,
        parameters,
        effects,
        dict(training.learned),
        learned_from=training.names,
        facts=facts,
    )


def _pulled_level(profile: SourceProfile, training: TrainingData, priors: Mapping[str, Prior]) -> list[str]:
    """Laws of sizes under which the level of neutral sources moved, although no verified toll says where it lies.

    Tolls without an upper end do not say it; sources heard in events whose toll is known have a level of their own.
    """
    heard: dict[int, Counter[SourceKey]] = {}
    checked: set[str] = set()
    for event in training.events:
        keys = training.speakers(event)
        if event.toll is not None and event.toll[1] >= 0:
            checked |= {key.source for key in keys}
        heard.setdefault(event.size_law, Counter()).update(key for key in keys if key.affiliation == "neutral")
    parameters = {name: prior.sample(PRIOR_DRAWS, profile.seed) for name, prior in priors.items()}
    before = SourceProfile("priors", profile.seed, parameters)
    notes = []
    for law, reports in sorted(heard.items()):
        if not reports or any(key.source in checked for key in reports):
            continue
        prior, learned = (
            np.average([of.reporting(*key).bias for key in reports], axis=0, weights=[*reports.values()])
            for of in (before, profile)
        )
        if abs(learned.mean() - prior.mean()) > PULLED * prior.std():
            notes.append(
                f"under {training.size_laws[law]} no toll is verified, and yet its neutral sources are learned to hold "
                f"{np.exp(np.median(learned)):.2g} times the toll where they err; their priors say "
                f"{np.exp(np.median(prior)):.2g}. Where the sizes of a table do not fit the priors of their law, "
                "sources are taken to err instead. Do not use this level: add events with a verified toll, or set "
                "priors of that law that fit such events"
            )
    return notes


def _versions() -> str:
    from importlib.metadata import version

    packages = ("numpy", "scipy", "pandas", "pymc", "pytensor", "numba", "arviz")
    return " ".join([f"estimates {__version__}", *(f"{package} {version(package)}" for package in packages)])


def _check(seed: int, method: str, draws: int, chains: int, tune: int, kept: int, cores: int) -> None:
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise FitError(f"seed {seed!r}: write a whole number of zero or more")
    if method not in ("nuts", "fast"):
        raise FitError(f"method {method!r} is not known; it is 'nuts' or 'fast'")
    for what, value in (("draws", draws), ("chains", chains), ("tune", tune), ("kept", kept), ("cores", cores)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise FitError(f"{what} {value!r}: write a whole number of one or more")
