"""Log marginal likelihoods of fixed events, by both kinds of loops: a change that should change nothing keeps them.

``python tests/oracles/reference.py`` prints the table that is kept in ``tests/oracles/reference.csv``. Write it anew only
where the model itself has changed on purpose.
"""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from helpers.corpora import (
    GROWTH_LAWS,
    LAYOUT,
    SIZE_LAWS,
    SOURCES,
    TOLLS,
    mixed_corpus,
    random_event,
    random_observations,
)  # fmt: skip

from estimates import load_example
from estimates.fitting.training import TrainingData, training_data
from estimates.inference.cases import gather
from estimates.inference.engine import engine_of
from estimates.models.corpus.likelihood import Corpus
from estimates.profile.effects import layout_of
from estimates.profile.profile import SourceProfile, published_profile
from estimates.table.reports import Reports

ROOT = Path(__file__).resolve().parents[2]
DRAWS = (3, 7, 11)

type Row = tuple[str, str, int, float]  # what it is, the event, the draw of the profile, and the value


def profile() -> SourceProfile:
    return published_profile(0, draws=50)


def vector(chosen: SourceProfile, draw: int, sources: Any, size_laws: Any, growth_laws: Any) -> np.ndarray:
    """One draw of a profile as the loops over cells take it."""
    return chosen.vectors(sources, size_laws, growth_laws)[draw]


def anchors() -> Reports:
    spec = importlib.util.spec_from_file_location("build_of_anchors", ROOT / "data" / "anchors" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    reports: Reports = module.anchors()
    return reports


def made_up_rows() -> list[Row]:
    """Loops over cells on made-up events, one by one and together."""
    rows: list[Row] = []
    chosen = profile()
    rng = np.random.default_rng(1)
    for number in range(40):
        event = random_event(rng, random_observations(rng), number)
        event = replace(event, toll=TOLLS[rng.integers(len(TOLLS))])
        draw = int(rng.integers(50))
        at = vector(chosen, draw, SOURCES, SIZE_LAWS, GROWTH_LAWS)
        corpus = Corpus([event], LAYOUT, relative_width=0.04, largest_single=128)
        rows.append(("made up, compiled", str(number), draw, float(corpus.log_marginal_likelihood(at)[0])))

    mixed = mixed_corpus()
    for draw in DRAWS:
        at = vector(chosen, draw, SOURCES, SIZE_LAWS, GROWTH_LAWS)
        rows.append(("mixed corpus, compiled", "total", draw, mixed.total(at)))
    return rows


def anchor_rows() -> list[Row]:
    """Loops over cells on the anchors, together and one by one."""
    rows: list[Row] = []
    chosen = profile()
    learned: TrainingData = training_data(anchors(), chosen_for_size=True)
    layout = layout_of(learned.sources, learned.size_laws, learned.growth_laws)
    corpora = [("total", Corpus(learned.events, layout))]
    corpora += [(name, Corpus([event], layout)) for name, event in zip(learned.called, learned.events, strict=True)]

    for draw in DRAWS:
        at = vector(chosen, draw, learned.sources, learned.size_laws, learned.growth_laws)
        rows += [("anchors, compiled", name, draw, corpus.total(at)) for name, corpus in corpora]
    return rows


def estimate_rows() -> list[Row]:
    """Loops over draws: the anchors and Idlib under the published priors."""
    rows: list[Row] = []
    kept = [
        ("anchors, estimate", anchors(), profile()),
        ("Idlib, published priors", load_example(), profile()),
    ]
    for what, reports, chosen in kept:
        cases = gather(reports.estimated_reports, chosen.bin_shares, None).cases
        for case, found in zip(cases, engine_of(chosen).tables(cases), strict=True):
            logs = found.log_marginal_likelihood
            rows += [(what, f"{case.event}, {case.outcome}", draw, float(logs[draw])) for draw in DRAWS]
    return rows


def table() -> pd.DataFrame:
    """All of it."""
    return as_table([*made_up_rows(), *anchor_rows(), *estimate_rows()])


def as_table(rows: list[Row]) -> pd.DataFrame:
    """Rows with the names of the columns."""
    return pd.DataFrame(rows, columns=["what", "name", "draw", "log_evidence"])


if __name__ == "__main__":
    print(table().to_csv(index=False, float_format="%.12g", lineterminator="\n"), end="")
