"""Build the default source profile from the anchors alone: ``python data/anchors/build.py``.

It is learned from the anchors and from the counts of ordinary events, all of which ship. The same files, package and
seed give the same draws up to the arithmetic of the machine. Which events are learned from is decided in
``estimates.fitting.anchors``.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np

from estimates.fitting.anchors import TABLES, shipped_anchors, shipped_marks
from estimates.fitting.counts import shipped_counts
from estimates.fitting.fitting import Method, fit
from estimates.profile.profile import ALL_DRAWS, SourceProfile

FOLDER = Path(__file__).parent
TARGET = FOLDER.parent / "default_profile.npz"
#: The tables that the profile rests on.
INPUTS = (*TABLES, "tolls", "ordinary")
#: Sources heard in fewer events keep no traits of their own; they are drawn from their type like any other.
FEWEST_EVENTS = 3
SEED, CHAINS, WARM_UP, KEPT = 20_261_126, 4, 500, 4_000


#: The reports that the profile is learned from.
anchors = shipped_anchors


def build(method: Method = "nuts") -> SourceProfile:
    """Fit the profile and keep the traits of sources that were heard often enough."""
    fitted = fit(
        anchors(), seed=SEED, method=method, draws=ALL_DRAWS, chains=CHAINS, tune=WARM_UP, kept=KEPT,
        chosen_for_size=True, counts=[asdict(each) for each in shipped_counts()], name="anchors",
    )  # fmt: skip
    known = {name: learned for name, learned in fitted.sources.items() if learned.events >= FEWEST_EVENTS}
    effects = {
        effect: values for effect, values in fitted.effects.items() if effect.kind == "growth" or effect.of in known
    }
    facts = dict(fitted.facts) | {"input_hash": input_hash(), **file_hashes()}
    return SourceProfile(
        fitted.name, fitted.seed, fitted.parameters, effects, known,
        learned_from=frozenset().union(*shipped_marks().values()), facts=facts,
    )  # fmt: skip


def input_hash() -> str:
    """Hash of the files the profile is built from."""
    digest = hashlib.sha256()
    for name in INPUTS:
        digest.update((FOLDER / f"{name}.csv").read_bytes())
    return digest.hexdigest()[:16]


def file_hashes() -> dict[str, str]:
    """The hash of each of these files."""
    return {f"input_{name}": hashlib.sha256((FOLDER / f"{name}.csv").read_bytes()).hexdigest()[:16] for name in INPUTS}


def main() -> None:
    """Build, say how it went, and write the file."""
    profile = build("fast" if "fast" in sys.argv[1:] else "nuts")
    for name in ("method", "r_hat", "ess_bulk", "ess_tail", "divergences", "flags", "events", "seconds", "input_hash"):
        if name in profile.facts:
            print(f"{name}: {profile.facts[name]}")
    profile.save(TARGET)
    print(f"written to {TARGET.name}: {TARGET.stat().st_size / 1e6:.2f} MB, {profile.draws} draws")
    growth = {effect.of: values for effect, values in profile.effects.items() if effect.kind == "growth"}
    print("growth by type of event (standard scores):")
    for kind, values in sorted(growth.items()):
        print(
            f"  {kind:18s} {np.median(values):5.2f} ({np.quantile(values, 0.05):5.2f} to {np.quantile(values, 0.95):5.2f})"
        )


if __name__ == "__main__":
    main()
